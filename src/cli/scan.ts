import { digest } from '../snapshot/write.ts'
import { type AuditFlags, checkAuditFlags, operationsNeeded, prepareJudging } from './shared/auditing.ts'
import { type CollectFlags, collectLive } from './shared/collecting.ts'
import { EXIT } from './shared/exit.ts'
import { checkWritable } from './shared/files.ts'
import { onInterrupt } from './shared/interrupt.ts'
import { destinations, type RenderFlags } from './shared/rendering.ts'
import { judgeAndReport } from './shared/reporting.ts'
import { saveSnapshot } from './shared/snapshots.ts'
import { warn } from './shared/streams.ts'

type Flags = CollectFlags & AuditFlags & RenderFlags & { readonly save?: string }

const INTERRUPTED = 'aws-secaudit-interrupted.ndjson'

/** `scan`: collect what the chosen rules read, judge it, report it. */
export async function run(_args: string[], flags: Flags): Promise<number> {
  checkAuditFlags(flags)
  const to = destinations(flags)
  const judging = await prepareJudging(flags)
  for (const file of [flags.save, ...to.map((each) => each.file)]) {
    if (file !== undefined && file !== '-') await checkWritable(file)
  }
  const interrupt = onInterrupt()
  try {
    const { snapshot, interrupted, expired, journal } = await collectLive(
      flags,
      operationsNeeded(judging, flags),
      interrupt.signal,
    )
    const save = flags.save ?? (interrupted || expired ? INTERRUPTED : undefined)
    if (save !== undefined) await saveSnapshot(save, snapshot)
    if (interrupted || expired) {
      await journal.save(`${save}.resume`)
      warn(`what was collected is in ${save}; go on with --resume ${save}.resume`)
      if (interrupted) return EXIT.interrupted
    }
    const judged = { snapshot, sha256: digest(snapshot), ...(save === undefined ? {} : { file: save }) }
    return await judgeAndReport(judged, judging, flags, to)
  } finally {
    interrupt.release()
  }
}
