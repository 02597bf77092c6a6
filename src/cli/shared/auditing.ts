/** From a snapshot and flags to the finished audit, the same for scan and audit. */

import { evaluate } from '../../rules/evaluate.ts'
import { PILLARS, type Pillar, SEVERITIES, type Severity } from '../../rules/model.ts'
import type { Audit, Finding } from '../../score/audit.ts'
import { buildAudit } from '../../score/build-audit.ts'
import { indexSnapshot } from '../../snapshot/index.ts'
import type { Snapshot } from '../../snapshot/model.ts'
import { UserError } from '../../user-error.ts'
import { serviceNames, shapes, split } from './collecting.ts'
import { EXIT } from './exit.ts'
import { factsOf } from './facts.ts'
import { chooseRules, type LoadedRules, loadAllRules, readParams } from './rule-files.ts'
import { TOOL } from './version.ts'

export interface AuditFlags {
  readonly rule?: readonly string[]
  readonly pillar?: readonly string[]
  readonly severity?: readonly string[]
  readonly framework?: readonly string[]
  readonly rules?: readonly string[]
  readonly param?: readonly string[]
  readonly trustedAccount?: readonly string[]
  readonly service?: readonly string[]
  readonly failOn?: string
  readonly allowIncomplete?: boolean
  readonly showPassed?: boolean
  readonly now?: string
}

/** Checks every flag before a file is read or a call is made. */
export function checkAuditFlags(flags: AuditFlags): void {
  severitiesShown(flags)
  pillars(flags)
  if (flags.failOn !== undefined) severity(flags.failOn, '--fail-on')
}

export async function selectRules(flags: AuditFlags): Promise<LoadedRules> {
  const all = await loadAllRules(flags.rules ?? [], shapes)
  return chooseRules(all, {
    rules: split(flags.rule),
    pillars: pillars(flags),
    frameworks: split(flags.framework),
    services: serviceNames(flags.service),
  })
}

/** @param sha256 the snapshot's digest */
export function auditSnapshot(
  snapshot: Snapshot,
  sha256: string,
  loaded: LoadedRules,
  flags: AuditFlags,
  file?: string,
): Audit {
  const index = indexSnapshot(snapshot, (type) =>
    (shapes.types[type]?.operations ?? []).flatMap((op) =>
      op.lists ? [{ operation: op.operation, permission: op.permission }] : [],
    ),
  )
  const now = flags.now ?? snapshot.manifest.time
  const params = readParams(loaded, flags.param ?? [], split(flags.trustedAccount))
  const judged = evaluate(loaded.rules, index, {
    facts: factsOf(index, { trustedAccounts: split(flags.trustedAccount), now }),
    params,
    now,
    keepPasses: flags.showPassed === true,
  })
  const audit = buildAudit({
    tool: TOOL,
    snapshot: { manifest: snapshot.manifest, sha256, ...(file === undefined ? {} : { file }) },
    lines: lineNumbers(snapshot),
    verdicts: judged.verdicts,
    counts: judged.counts,
    problems: [...loaded.problems, ...judged.problems],
    rules: loaded.rules.map((rule) => rule.about),
    showPassed: flags.showPassed === true,
  })
  const shown = severitiesShown(flags)
  return shown.size === SEVERITIES.length
    ? audit
    : { ...audit, findings: audit.findings.filter((finding) => shown.has(finding.severity)) }
}

function lineNumbers(snapshot: Snapshot): (id: string) => number | undefined {
  let lines: Map<string, number> | undefined
  return (id) => {
    lines ??= new Map(snapshot.resources.map((resource, at) => [resource.id, at + 2]))
    return lines.get(id)
  }
}

/** Findings win over gaps; both win over nothing. */
export function exitCode(audit: Audit, flags: AuditFlags): number {
  const { failOn } = flags
  if (failOn !== undefined) {
    const worst = SEVERITIES.indexOf(severity(failOn, '--fail-on'))
    const open = (finding: Finding): boolean =>
      finding.verdict === 'fail' && SEVERITIES.indexOf(finding.severity) <= worst
    if (audit.findings.some(open)) return EXIT.findings
  }
  return audit.incomplete && !flags.allowIncomplete ? EXIT.incomplete : EXIT.ok
}

function severity(text: string, flag: string): Severity {
  const found = SEVERITIES.find((each) => each === text)
  if (found) return found
  throw new UserError(`${flag} ${text} is no severity`, { next: `Choose from ${SEVERITIES.join(', ')}.` })
}

function severitiesShown(flags: AuditFlags): ReadonlySet<Severity> {
  const given = split(flags.severity)
  if (given.length === 0) return new Set(SEVERITIES)
  return new Set(
    given.flatMap((text) => {
      const least = text.endsWith('+')
      const named = severity(least ? text.slice(0, -1) : text, '--severity')
      return least ? SEVERITIES.slice(0, SEVERITIES.indexOf(named) + 1) : [named]
    }),
  )
}

function pillars(flags: AuditFlags): readonly Pillar[] {
  return split(flags.pillar).map((text) => {
    const found = PILLARS.find((pillar) => pillar === text)
    if (found) return found
    throw new UserError(`--pillar ${text} is no pillar`, { next: `Choose from ${PILLARS.join(', ')}.` })
  })
}
