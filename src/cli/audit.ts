import { basename, isAbsolute } from 'node:path'
import { type AuditFlags, checkAuditFlags, prepareJudging } from './shared/auditing.ts'
import { destinations, type RenderFlags } from './shared/rendering.ts'
import { judgeAndReport } from './shared/reporting.ts'
import { loadSnapshots } from './shared/snapshots.ts'

interface Flags extends AuditFlags, RenderFlags {
  readonly allowCut?: boolean
}

/** `audit`: judge saved snapshots; no AWS client is loaded. */
export async function run(files: string[], flags: Flags): Promise<number> {
  checkAuditFlags(flags)
  const to = destinations(flags)
  const [judging, snapshot] = await Promise.all([
    prepareJudging(flags),
    loadSnapshots(files, flags.allowCut ? { allowCut: true } : {}),
  ])
  const [file] = files
  const shown =
    file === undefined || file === '-' || files.length > 1
      ? undefined
      : isAbsolute(file)
        ? basename(file)
        : file
  const judged = {
    snapshot,
    sha256: snapshot.sha256,
    ...(shown === undefined ? {} : { file: shown }),
    ...(files.includes('-') ? {} : { named: files }),
  }
  return judgeAndReport(judged, judging, flags, to)
}
