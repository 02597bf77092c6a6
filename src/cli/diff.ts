import { diffJson, diffTable, resourceDiffTable } from '../report/diff.ts'
import { compareAudits } from '../score/compare.ts'
import { diffResources } from '../snapshot/diff.ts'
import { UserError } from '../user-error.ts'
import { type AuditFlags, checkAuditFlags, exitCode, prepareJudging } from './shared/auditing.ts'
import { EXIT } from './shared/exit.ts'
import { colorLevel, terminalWidth } from './shared/rendering.ts'
import { loadAudit } from './shared/reporting.ts'
import { loadSnapshots } from './shared/snapshots.ts'
import { writeStdout } from './shared/streams.ts'

interface Flags extends Omit<AuditFlags, 'baseline'> {
  readonly format: 'table' | 'json'
  readonly resources?: boolean
  readonly color?: string
}

/** `diff OLD NEW`: findings that came, went and changed, or with --resources what is set otherwise. */
export async function run([old = '', later = '']: string[], flags: Flags): Promise<number> {
  const options = { width: terminalWidth(undefined), colorLevel: colorLevel(undefined, flags) }
  if (flags.resources) {
    const [before, after] = [await loadSnapshots([old]), await loadSnapshots([later])]
    const diff = diffResources(before, after)
    await writeStdout(
      flags.format === 'json' ? [`${JSON.stringify(diff, null, 2)}\n`] : resourceDiffTable(diff, options),
    )
    return EXIT.ok
  }
  if (old === '-' && later === '-') {
    throw new UserError('only one of the two can be standard input', { next: 'Give the other a file.' })
  }
  checkAuditFlags({ ...flags, baseline: old })
  const judging = await prepareJudging(flags)
  const before = await loadAudit(old, judging, flags)
  const audit = compareAudits(before, await loadAudit(later, judging, flags))
  await writeStdout(flags.format === 'json' ? [diffJson(audit)] : diffTable(audit, options))
  return exitCode(audit, flags)
}
