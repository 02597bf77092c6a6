/** From a snapshot and flags to the finished audit, the same for scan and audit. */

import { analyses } from '../../analyze/index.ts'
import { evaluate } from '../../rules/evaluate.ts'
import type { Rule, RuleText } from '../../rules/load.ts'
import { PILLARS, type Pillar, SEVERITIES, type Severity } from '../../rules/model.ts'
import type { WaiverUse } from '../../rules/waive.ts'
import type { Audit, Finding } from '../../score/audit.ts'
import { buildAudit } from '../../score/build-audit.ts'
import type { Snapshot } from '../../snapshot/model.ts'
import { UserError } from '../../user-error.ts'
import { serviceNames, split } from './collecting.ts'
import { EXIT } from './exit.ts'
import { factsOf } from './facts.ts'
import {
  chooseRules,
  type LoadedRules,
  loadAllRules,
  operationsOf,
  type Params,
  readParams,
} from './rule-files.ts'
import type { SettingsFile } from './settings-file.ts'
import { shapes } from './shapes.ts'
import { indexOf } from './snapshots.ts'
import { TOOL } from './version.ts'
import { readWaiverFiles, waiversFor } from './waiver-files.ts'

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
  readonly waivers?: readonly string[]
  readonly settings?: SettingsFile
  /** An earlier audit or snapshot. */
  readonly baseline?: string
}

/** Checks every flag before a file is read or a call is made. */
export function checkAuditFlags(flags: AuditFlags): void {
  severitiesShown(flags)
  pillars(flags)
  if (flags.failOn !== undefined && gate(flags.failOn).onlyNew && flags.baseline === undefined) {
    throw new UserError(`--fail-on ${flags.failOn} needs an earlier audit to compare with`, {
      next: 'Add --baseline FILE: a snapshot, or an audit that --format json wrote.',
    })
  }
}

/** All that judges, ready before a snapshot is read or a call is made. */
export interface Judging {
  readonly chosen: LoadedRules
  /** Every rule there is: waivers and parameters may be of rules that are not chosen this time. */
  readonly all: readonly Rule[]
  readonly params: Params
  readonly waiverFiles: readonly RuleText[]
}

/** @throws UserError for a flag, a parameter, a rule's name or a waiver file that can't be taken */
export async function prepareJudging(flags: AuditFlags): Promise<Judging> {
  const [loaded, waiverFiles] = await Promise.all([
    loadAllRules(flags.rules ?? [], shapes),
    readWaiverFiles(flags.waivers),
  ])
  const chosen = chooseRules(loaded, {
    rules: split(flags.rule),
    pillars: pillars(flags),
    frameworks: split(flags.framework),
    services: serviceNames(flags.service),
  })
  const params = readParams(loaded.rules, flags.param ?? [], split(flags.trustedAccount), flags.settings)
  // What is wrong with a waiver is said before anything is collected, by the clock if need be.
  waiversFor(waiverFiles, loaded.rules, flags.now ?? new Date().toISOString())
  return { chosen, all: loaded.rules, params, waiverFiles }
}

/** The operations that judging needs: those of the chosen rules, and of what waivers hang on. */
export function operationsNeeded(judging: Judging, flags: AuditFlags): ReadonlySet<string> {
  const now = flags.now ?? new Date().toISOString()
  const facts = new Set(waiversFor(judging.waiverFiles, judging.all, now).flatMap((waiver) => waiver.facts))
  const ofFacts = analyses.flatMap((analysis) => (facts.has(analysis.name) ? analysis.operations : []))
  return new Set([...operationsOf(judging.chosen, serviceNames(flags.service)), ...ofFacts])
}

export interface Judged {
  readonly audit: Audit
  readonly waivers: readonly WaiverUse[]
}

/** @param sha256 the snapshot's digest */
export function auditSnapshot(
  snapshot: Snapshot,
  sha256: string,
  judging: Judging,
  flags: AuditFlags,
  file?: string,
): Judged {
  const loaded = judging.chosen
  const index = indexOf(snapshot)
  const now = flags.now ?? snapshot.manifest.time
  const waivers = waiversFor(judging.waiverFiles, judging.all, now)
  const judged = evaluate(loaded.rules, index, {
    facts: factsOf(index, { trustedAccounts: split(flags.trustedAccount), now }),
    params: judging.params,
    waivers,
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
  return { audit, waivers: judged.waivers }
}

/** Only the findings that were asked for; scores and counts are of all. */
export function narrowed(audit: Audit, flags: AuditFlags): Audit {
  const shown = severitiesShown(flags)
  if (shown.size === SEVERITIES.length) return audit
  const findings = audit.findings.filter((finding) => shown.has(finding.severity))
  return { ...audit, findings, shown: SEVERITIES.filter((each) => shown.has(each)) }
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
    const { worst, onlyNew } = gate(failOn)
    const open = (finding: Finding): boolean =>
      finding.verdict === 'fail' &&
      SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(worst) &&
      (!onlyNew || finding.baseline === 'new')
    if (audit.findings.some(open)) return EXIT.findings
  }
  return audit.incomplete && !flags.allowIncomplete ? EXIT.incomplete : EXIT.ok
}

/** `high`, or `new:high` for what the baseline does not have. */
function gate(failOn: string): { worst: Severity; onlyNew: boolean } {
  const onlyNew = failOn.startsWith('new:')
  return { worst: severity(onlyNew ? failOn.slice(4) : failOn, '--fail-on'), onlyNew }
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
