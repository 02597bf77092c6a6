import { basename, isAbsolute } from 'node:path'
import {
  type AuditFlags,
  auditSnapshot,
  checkAuditFlags,
  exitCode,
  prepareJudging,
} from './shared/auditing.ts'
import { destinations, type RenderFlags, renderAll } from './shared/rendering.ts'
import { tellProblems } from './shared/rule-files.ts'
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
  const { audit } = auditSnapshot(snapshot, snapshot.sha256, judging, flags, shown)
  tellProblems(audit.problems)
  const code = exitCode(audit, flags)
  await renderAll(audit, to, flags, code)
  return code
}
