/** From a snapshot to reports and the exit code, the same for scan and audit. */

import type { Audit } from '../../score/audit.ts'
import { compareAudits } from '../../score/compare.ts'
import { readAudit } from '../../score/read-audit.ts'
import type { Snapshot } from '../../snapshot/model.ts'
import { readSnapshot } from '../../snapshot/read.ts'
import { type AuditFlags, auditSnapshot, exitCode, type Judging, narrowed } from './auditing.ts'
import { readBytes } from './files.ts'
import { type Destination, type RenderFlags, renderAll } from './rendering.ts'
import { tellProblems } from './rule-files.ts'

export interface Judged {
  readonly snapshot: Snapshot
  readonly sha256: string
  /** Its relative name, for reports that point into it. */
  readonly file?: string
  /** The files as the user named them. */
  readonly named?: readonly string[]
}

export async function judgeAndReport(
  { snapshot, sha256, file, named }: Judged,
  judging: Judging,
  flags: AuditFlags & RenderFlags,
  to: readonly Destination[],
): Promise<number> {
  const { audit: own } = auditSnapshot(snapshot, sha256, judging, flags, file)
  const audit =
    flags.baseline === undefined ? own : compareAudits(await loadAudit(flags.baseline, judging, flags), own)
  tellProblems(audit.problems)
  const code = exitCode(audit, flags)
  await renderAll(narrowed(audit, flags), to, flags, { exitCode: code, ...(named ? { files: named } : {}) })
  return code
}

/** An audit that was written as JSON, or a snapshot that the same rules judge now, as of its own time. */
export async function loadAudit(file: string, judging: Judging, flags: AuditFlags): Promise<Audit> {
  const bytes = await readBytes(file, 'audit')
  const written = readAudit(bytes.toString('utf8'), file)
  if (written) return written
  const snapshot = readSnapshot(bytes, { file })
  const { now: _, showPassed: __, ...rest } = flags
  return auditSnapshot(snapshot, snapshot.sha256, judging, rest).audit
}
