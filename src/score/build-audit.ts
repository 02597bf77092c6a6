/** Verdicts and ledger to the finished audit: ordered, fingerprinted, scored, with what could not be seen. */
import { createHash } from 'node:crypto'
import type {
  Pillar,
  RuleCount,
  RuleDescription,
  RuleProblem,
  Severity,
  Verdict,
  VerdictKind,
} from '../rules/model.ts'
import { PILLARS, SEVERITIES } from '../rules/model.ts'
import type { CallRecord, Manifest, Missing, Outcome } from '../snapshot/model.ts'
import type { Audit, CoverageLine, Finding, UnknownCause } from './audit.ts'
import type { BySeverity, RuleTally } from './score.ts'
import { scoreAll, total } from './score.ts'

/** Of the audit's JSON. */
export const AUDIT_SCHEMA_VERSION = 1

export interface AuditInput {
  readonly tool: { readonly name: string; readonly version: string }
  /** `file`: its relative name, for reports that point into it. */
  readonly snapshot: { readonly manifest: Manifest; readonly sha256: string; readonly file?: string }
  /** 1-based line of a resource in the snapshot file. */
  readonly lines: (id: string) => number | undefined
  readonly verdicts: Iterable<Verdict>
  /** What each rule said in all: passes need no verdict to be counted. */
  readonly counts: readonly RuleCount[]
  readonly problems: readonly RuleProblem[]
  readonly rules: readonly RuleDescription[]
  /** Lists what passed, too. */
  readonly showPassed: boolean
}

const GAPS: ReadonlySet<Outcome> = new Set(['denied', 'throttled', 'error', 'interrupted'])

/** Something was asked and not seen: not simply off, empty or without such a thing. */
export const isGap = (outcome: Outcome): boolean => GAPS.has(outcome)

const VERDICT_ORDER: readonly VerdictKind[] = ['fail', 'unknown', 'waived', 'pass']

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Worst first, and the same for the same verdicts in any order. */
/** Worst first; of the same severity, what takes several rules together before what each of them says. */
const comparing =
  (whole: ReadonlySet<string>) =>
  (a: Finding, b: Finding): number => {
    return (
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict) ||
      Number(whole.has(b.ruleId)) - Number(whole.has(a.ruleId)) ||
      compare(a.ruleId, b.ruleId) ||
      compare(a.resource.account, b.resource.account) ||
      compare(a.resource.region, b.resource.region) ||
      compare(a.resource.id, b.resource.id) ||
      compare(a.subKey ?? '', b.subKey ?? '')
    )
  }

/**
 * The same under another order, paging and tag edits, and after a renaming: a rule is known by its first id,
 * the first of its aliases. SHA-256, hex.
 */
export function fingerprintOf(
  rule: Pick<RuleDescription, 'id' | 'aliases'>,
  resourceId: string,
  subKey = '',
): string {
  const key = JSON.stringify([rule.aliases[0] ?? rule.id, resourceId, subKey])
  return createHash('sha256').update(key).digest('hex')
}

function findingOf(verdict: Verdict, lines: AuditInput['lines']): Finding {
  const { rule, resource, subKey, missing } = verdict
  return {
    ruleId: rule.id,
    title: rule.title,
    severity: verdict.severity,
    pillar: rule.pillar,
    verdict: verdict.kind,
    resource: {
      id: resource.id,
      type: resource.type,
      account: resource.account,
      region: resource.region,
      ...(resource.name === undefined ? {} : { name: resource.name }),
      tags: resource.tags,
    },
    ...(subKey === undefined ? {} : { subKey }),
    message: verdict.message,
    evidence: verdict.evidence,
    ...(missing.length === 0 ? {} : { missing }),
    ...(verdict.waiver === undefined ? {} : { waiver: verdict.waiver }),
    fingerprint: fingerprintOf(rule, resource.id, subKey),
    remediation: verdict.remediation,
    references: rule.references,
    compliance: rule.maps,
    line: Math.max(1, lines(resource.id) ?? 1),
  }
}

/** The names by which a rule may mean this call: `s3:ListBuckets`, or its permission `s3:ListAllMyBuckets`. */
function namesOf(call: CallRecord): string[] {
  const prefix = call.permission.split(':')[0] ?? call.service
  return [`${prefix}:${call.operation}`, `${call.service}:${call.operation}`, call.permission]
}

function coverageOf(calls: readonly CallRecord[], rules: readonly RuleDescription[]): CoverageLine[] {
  const readers = new Map<string, string[]>()
  for (const rule of rules) {
    for (const operation of rule.operations)
      readers.set(operation, [...(readers.get(operation) ?? []), rule.id])
  }
  return calls.map((call) => ({
    account: call.account,
    region: call.region,
    service: call.service,
    operation: call.operation,
    outcome: call.outcome,
    calls: call.calls,
    permission: call.permission,
    ...(call.reserved ? { reserved: true } : {}),
    affects: [...new Set(namesOf(call).flatMap((name) => readers.get(name) ?? []))].sort(compare),
    ...(call.detail === undefined ? {} : { detail: call.detail }),
  }))
}

interface Cause {
  readonly missing: Missing
  readonly places: Set<string>
  readonly rules: Set<string>
  readonly resources: Set<string>
}

function causesOf(unknown: readonly Finding[]): UnknownCause[] {
  const causes = new Map<string, Cause>()
  for (const { ruleId, resource, missing = [] } of unknown) {
    for (const one of missing) {
      const key = JSON.stringify([one.operation, one.outcome, one.permission])
      const cause = causes.get(key) ?? {
        missing: one,
        places: new Set(),
        rules: new Set(),
        resources: new Set(),
      }
      causes.set(key, cause)
      cause.places.add(`${resource.account}/${resource.region}`)
      cause.rules.add(ruleId)
      cause.resources.add(resource.id)
    }
  }
  return [...causes.entries()]
    .sort(
      ([keyA, a], [keyB, b]) =>
        b.rules.size - a.rules.size || b.resources.size - a.resources.size || compare(keyA, keyB),
    )
    .map(([, { missing, places, rules, resources }]) => ({
      operation: missing.operation,
      outcome: missing.outcome,
      permission: missing.permission,
      places: [...places].sort(compare),
      rules: [...rules].sort(compare),
      resources: resources.size,
      ...(missing.detail === undefined ? {} : { detail: missing.detail }),
    }))
}

function countBySeverity(findings: readonly Finding[], verdict: VerdictKind): BySeverity {
  const counts: Partial<Record<Severity, number>> = {}
  for (const finding of findings) {
    if (finding.verdict === verdict) counts[finding.severity] = (counts[finding.severity] ?? 0) + 1
  }
  return counts
}

/** Counts that have no verdict in the list are of the rule's own severity. */
function withRest(listed: BySeverity, severity: Severity, all: number): BySeverity {
  const rest = Math.max(0, all - total(listed))
  return { ...listed, [severity]: (listed[severity] ?? 0) + rest }
}

function tallyOf(rule: RuleDescription, count: RuleCount, findings: readonly Finding[]): RuleTally {
  const of = (kind: 'fail' | 'unknown' | 'waived') =>
    withRest(countBySeverity(findings, kind), rule.severity, count[kind])
  return {
    pillar: rule.pillar,
    severity: rule.severity,
    pass: Math.max(count.pass, total(countBySeverity(findings, 'pass'))),
    fail: of('fail'),
    unknown: of('unknown'),
    waived: of('waived'),
  }
}

function summaryOf(
  tallies: readonly RuleTally[],
): Pick<Audit['summary'], 'byVerdict' | 'bySeverity' | 'byPillar'> {
  const sum = (count: (tally: RuleTally) => number): number =>
    tallies.reduce((all, tally) => all + count(tally), 0)
  return {
    byVerdict: {
      pass: sum((tally) => tally.pass),
      fail: sum((tally) => total(tally.fail)),
      unknown: sum((tally) => total(tally.unknown)),
      waived: sum((tally) => total(tally.waived)),
    },
    bySeverity: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, sum((tally) => tally.fail[severity] ?? 0)]),
    ) as Record<Severity, number>,
    byPillar: Object.fromEntries(
      PILLARS.map((pillar) => [pillar, sum((tally) => (tally.pillar === pillar ? total(tally.fail) : 0))]),
    ) as Record<Pillar, number>,
  }
}

const isNeeded = (outcome: Outcome): boolean => isGap(outcome) || outcome === 'not-collected'

/** A rule reads its answer, and there was none. What AWS keeps to other accounts counts only where a verdict hangs on it. */
export const isMissed = (line: CoverageLine): boolean =>
  line.affects.length > 0 && isNeeded(line.outcome) && !(line.reserved && line.outcome === 'denied')

const isIncomplete = (coverage: readonly CoverageLine[], causes: readonly UnknownCause[]): boolean =>
  coverage.some(isMissed) || causes.some((cause) => isNeeded(cause.outcome))

const ZERO: Omit<RuleCount, 'ruleId'> = { pass: 0, fail: 0, unknown: 0, waived: 0, notApplicable: 0 }

/** Every rule has a line, and every count a rule that it is of. */
function countsOf(rules: readonly RuleDescription[], counts: readonly RuleCount[]): RuleCount[] {
  const given = new Map(counts.map((count) => [count.ruleId, count]))
  return rules
    .map((rule) => ({ ruleId: rule.id, ...ZERO, ...given.get(rule.id) }))
    .sort((a, b) => compare(a.ruleId, b.ruleId))
}

function groupByRule(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const group = groups.get(finding.ruleId)
    if (group) group.push(finding)
    else groups.set(finding.ruleId, [finding])
  }
  return groups
}

/** Puts together what every report renders. Pure: the same input gives the same audit. */
export function buildAudit(input: AuditInput): Audit {
  const { manifest, sha256, file } = input.snapshot
  const whole = new Set(input.rules.filter((rule) => rule.combines).map((rule) => rule.id))
  const all = [...input.verdicts].map((verdict) => findingOf(verdict, input.lines)).sort(comparing(whole))
  const groups = groupByRule(all)
  const byRule = countsOf(input.rules, input.counts)
  const countOf = new Map(byRule.map((count) => [count.ruleId, count]))
  const tallies = input.rules.map((rule) =>
    tallyOf(rule, countOf.get(rule.id) ?? { ruleId: rule.id, ...ZERO }, groups.get(rule.id) ?? []),
  )
  const coverage = coverageOf(manifest.calls, input.rules)
  const unknownCauses = causesOf(all.filter((finding) => finding.verdict === 'unknown'))
  return {
    schemaVersion: AUDIT_SCHEMA_VERSION,
    tool: input.tool,
    snapshot: {
      time: manifest.time,
      accounts: manifest.accounts.map((account) => account.id),
      regions: manifest.regions,
      sha256,
      ...(file === undefined ? {} : { file }),
    },
    score: scoreAll(tallies),
    coverage,
    incomplete: isIncomplete(coverage, unknownCauses),
    findings: input.showPassed ? all : all.filter((finding) => finding.verdict !== 'pass'),
    summary: { ...summaryOf(tallies), byRule, unknownCauses },
    rules: input.rules,
    problems: input.problems,
  }
}
