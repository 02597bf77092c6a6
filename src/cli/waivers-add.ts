import { withWaiver } from '../rules/waiver-edit.ts'
import { loadWaivers } from '../rules/waiver-file.ts'
import type { Finding } from '../score/audit.ts'
import { UserError } from '../user-error.ts'
import { type AuditFlags, auditSnapshot, prepareJudging } from './shared/auditing.ts'
import { EXIT } from './shared/exit.ts'
import { readText, writeWhole } from './shared/files.ts'
import { findUpwards } from './shared/settings-file.ts'
import { loadSnapshots } from './shared/snapshots.ts'
import { warn } from './shared/streams.ts'
import { WAIVER_FILE } from './shared/waiver-files.ts'

interface Flags extends AuditFlags {
  readonly snapshot: string
  readonly reason: string
  readonly owner: string
  readonly expires: string
  readonly ticket?: string
}

/** `waivers add FINGERPRINT`: accepts one finding of a snapshot, in the file that reviewers read. */
export async function run([fingerprint = '']: string[], flags: Flags): Promise<number> {
  const [file = findUpwards(WAIVER_FILE, process.cwd()) ?? WAIVER_FILE] = flags.waivers ?? []
  const before = await readText(file, 'waivers').catch(() => '')
  const judging = await prepareJudging(flags)
  const snapshot = await loadSnapshots([flags.snapshot])
  const { audit } = auditSnapshot(snapshot, snapshot.sha256, judging, flags)
  const { ruleId, resource } = findingOf(audit.findings, fingerprint, flags.snapshot)
  const { reason, owner, expires, ticket } = flags
  const text = edited(file, before, {
    rule: ruleId,
    resource: resource.id,
    reason,
    owner,
    expires,
    ...(ticket === undefined ? {} : { ticket }),
  })
  // The file is checked as later commands will check it: a date that is none, or too far off, is refused before it is written.
  const { problems } = loadWaivers([{ file, text }], judging.all, flags.now ?? new Date().toISOString())
  const wrong = problems.find((problem) => problem.level === 'error')
  if (wrong) throw new UserError(`not added: ${wrong.message}`, { next: 'Correct the flag that it names.' })
  await writeWhole(file, [text], 0o644)
  warn(`${ruleId} on ${resource.id} is waived until ${expires} in ${file}; have it reviewed`)
  return EXIT.ok
}

const LEAST = 8

function findingOf(findings: readonly Finding[], fingerprint: string, file: string): Finding {
  const fitting = findings.filter((finding) => finding.fingerprint.startsWith(fingerprint.toLowerCase()))
  const [found, ...others] = fitting
  if (fingerprint.length < LEAST || others.length > 0 || !found) {
    const why = found ? 'fits several findings' : `is of no finding in ${file}`
    const what = fingerprint.length < LEAST ? `is shorter than ${LEAST} characters` : why
    throw new UserError(`the fingerprint ${fingerprint} ${what}`, {
      next: 'aws-secaudit audit FILE --format json has them all.',
    })
  }
  if (found.verdict === 'fail') return found
  throw new UserError(`the finding is ${found.verdict}: only a failed one can be waived`, {
    next: found.verdict === 'unknown' ? 'Grant what it names, and look again.' : 'There is nothing to do.',
  })
}

function edited(file: string, before: string, waiver: Parameters<typeof withWaiver>[1]): string {
  try {
    return withWaiver(before, waiver)
  } catch (error) {
    throw new UserError(
      `${file} can't be added to: ${error instanceof Error ? error.message : String(error)}`,
      {
        file,
        next: 'aws-secaudit waivers check says what is wrong with it.',
      },
    )
  }
}
