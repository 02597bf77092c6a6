/** What several reports say in the same words: findings by rule, the score in text, what was not seen. */
import type { RuleDescription } from '../rules/model.ts'
import type { Audit, CoverageLine, Finding, ScoreRange, UnknownCause } from '../score/audit.ts'
import { isGap, isMissed } from '../score/build-audit.ts'
import { clip } from './escape.ts'

export interface RuleGroup {
  readonly ruleId: string
  readonly title: string
  readonly rule?: RuleDescription
  /** In the audit's order: the first is the worst. */
  readonly findings: readonly Finding[]
}

/** Items by key, keys and items in the order in which they come. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}

/** Findings by rule; rules stand where their worst finding stands. */
export function groupFindings(audit: Audit): RuleGroup[] {
  const rules = new Map(audit.rules.map((rule) => [rule.id, rule]))
  const groups = groupBy(audit.findings, (finding) => finding.ruleId)
  return [...groups.entries()].map(([ruleId, findings]) => {
    const rule = rules.get(ruleId)
    return { ruleId, title: findings[0]?.title ?? ruleId, ...(rule ? { rule } : {}), findings }
  })
}

/** What was asked and not seen. */
export interface NotSeen extends UnknownCause {
  /** AWS keeps it to an organization's management account and delegated administrators. */
  readonly reserved?: true
  /** How many operations it stands for, if not one. */
  readonly operations?: number
}

/** Operations that were never made are told one by one up to so many. */
const FEW = 3

/** `1 operation`, `21 operations`. */
export function operationsText(causes: readonly NotSeen[]): string {
  const all = causes.reduce((sum, { operations = 1 }) => sum + operations, 0)
  return all === 1 ? '1 operation' : `${all} operations`
}

const nameOf = (line: CoverageLine): string =>
  `${line.permission.split(':')[0] ?? line.service}:${line.operation}`

const sorted = (of: readonly string[]): string[] => [...new Set(of)].sort()

/** Lines of the ledger as one cause; of several operations, their permissions are all there. */
function causeOf(lines: readonly CoverageLine[], rules: readonly string[]): NotSeen[] {
  const [first] = lines
  if (!first) return []
  const operations = sorted(lines.map(nameOf))
  const { outcome, detail, reserved } = first
  const [only = ''] = operations
  return [
    {
      operation: operations.length === 1 ? only : `${operations.length} operations`,
      outcome,
      permission: sorted(lines.map((line) => line.permission)).join(', '),
      places: sorted(lines.map((line) => `${line.account}/${line.region}`)),
      rules,
      resources: 0,
      ...(reserved ? { reserved } : {}),
      ...(operations.length === 1 ? {} : { operations: operations.length }),
      ...(detail === undefined ? {} : { detail }),
    },
  ]
}

/**
 * Everything that was asked and not seen, grouped by its cause: first what left verdicts unknown, then what else rules
 * read; what no verdict hangs on is one entry an outcome, however much of it there is.
 */
export function notSeen(audit: Audit): NotSeen[] {
  const causes = audit.summary.unknownCauses
  const reserved = new Set(audit.coverage.flatMap((line) => (line.reserved ? [line.permission] : [])))
  const known = new Set(causes.map((cause) => `${cause.outcome}|${cause.permission}`))
  const others = audit.coverage.filter((line) => !known.has(`${line.outcome}|${line.permission}`))
  const missed = groupBy(
    others.filter(isMissed),
    (line) => `${nameOf(line)}|${line.outcome}|${line.permission}`,
  )
  const idle = groupBy(
    others.filter((line) => isGap(line.outcome) && !isMissed(line)),
    (line) => `${line.outcome}|${line.reserved}`,
  )
  const all: NotSeen[] = [
    ...causes.map((cause) =>
      reserved.has(cause.permission) ? { ...cause, reserved: true as const } : cause,
    ),
    ...[...missed.values()].flatMap((lines) => causeOf(lines, sorted(lines.flatMap((line) => line.affects)))),
    ...[...idle.values()].flatMap((lines) => causeOf(lines, [])),
  ]
  const never = all.filter((cause) => cause.outcome === 'not-collected')
  if (never.length <= FEW) return all
  return [...all.filter((cause) => cause.outcome !== 'not-collected'), neverCollected(audit, never)]
}

/** Of a snapshot that was made for less than it is judged by, one entry says it. */
function neverCollected(audit: Audit, causes: readonly NotSeen[]): NotSeen {
  const isNever = ({ outcome }: { readonly outcome: string }): boolean => outcome === 'not-collected'
  const blind = audit.findings.filter((one) => one.verdict === 'unknown' && one.missing?.some(isNever))
  const operations = sorted(causes.map((cause) => cause.operation))
  return {
    operation: `${operations.length} operations`,
    outcome: 'not-collected',
    permission: sorted(causes.map((cause) => cause.permission)).join(', '),
    places: sorted(causes.flatMap((cause) => cause.places)),
    rules: sorted(causes.flatMap((cause) => cause.rules)),
    resources: blind.length,
    operations: operations.length,
    detail: operations.join(', '),
  }
}

/** What to do so that it is seen next time. */
export function adviceFor(cause: Pick<NotSeen, 'outcome' | 'permission' | 'reserved'>): string {
  if (cause.outcome === 'denied' && cause.reserved)
    return `scan the organization's management account, too: AWS answers ${cause.permission} there only`
  if (cause.outcome === 'denied') return `grant ${cause.permission}`
  if (cause.outcome === 'throttled') return 'scan again with a lower --concurrency'
  if (cause.outcome === 'not-collected') return 'collect again: the snapshot was made without it'
  if (cause.outcome === 'interrupted') return 'collect again with --resume'
  if (cause.outcome === 'error') return 'scan again; --debug shows what AWS answered'
  return 'not offered there: nothing to grant'
}

/** `41–58`, `74`, `no data`: whole numbers, rounded down. */
export function rangeText({ low, high }: ScoreRange): string {
  if (low === null || high === null) return 'no data'
  const [from, to] = [Math.floor(low), Math.floor(high)]
  return from === to ? `${from}` : `${from}–${to}`
}

/** `5 new, 3 fixed, 0 changed, 40 unchanged, 2 not rescanned, 0 by a changed rule`; nothing without a baseline. */
export function comparisonText({ comparison, findings }: Audit): string {
  if (!comparison) return ''
  const count = (state: Finding['baseline']): number =>
    findings.filter((finding) => finding.baseline === state).length
  const { fixed, notRescanned, ruleChanged } = comparison
  return [
    `${count('new')} new`,
    `${fixed.length} fixed`,
    `${count('changed')} changed`,
    `${count('unchanged')} unchanged`,
    `${notRescanned.length} not rescanned`,
    `${ruleChanged.length + count('rule-changed')} by a changed rule`,
  ].join(', ')
}

/** What stands in the list when it was narrowed: the counts are of all. */
export const shownText = ({ shown }: Audit): string =>
  shown === undefined
    ? ''
    : `Only findings of severity ${shown.join(', ')} are listed; the counts are of all.`

/** `Infrastructure`; of words that AWS and people write otherwise, those. */
export const PILLAR_NAMES = {
  iam: 'Identity and access',
  detective: 'Detection',
  infrastructure: 'Infrastructure',
  data: 'Data protection',
  response: 'Incident response',
} as const

/** The part of an ARN after its last `/` or `:`, which is how people call it. */
export function shortName(id: string): string {
  return id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1)
}

/** Of a reason: what follows it has to be seen, too. */
const MAX_WAIVER = 500

/** A waiver in one line: `Until the VPN moves; owner: network team; expires: 2027-03-01`. */
export function waiverText({ waiver }: Finding): string {
  if (waiver === undefined) return 'waived'
  const { reason, owner, expires, ticket } = waiver
  const parts = { owner, expires, ...(ticket === undefined ? {} : { ticket }) }
  const told = Object.entries(parts).map(([key, value]) => `${key}: ${clip(value, MAX_WAIVER)}`)
  return [clip(reason, MAX_WAIVER), ...told].join('; ')
}

/** `aws`, `aws-us-gov`, `aws-cn`: of its ARN, or where it has none of its Region. */
export function partitionOf({ resource }: Finding): string {
  const named = /^arn:(aws[a-z-]*):/.exec(resource.id)?.[1]
  if (named !== undefined) return named
  if (resource.region.startsWith('us-gov-')) return 'aws-us-gov'
  return resource.region.startsWith('cn-') ? 'aws-cn' : 'aws'
}

/** Why it is unknown, in one line: `kms:GetKeyPolicy denied`. */
export const missingText = (finding: Finding): string =>
  (finding.missing ?? []).map((one) => `${one.operation} ${one.outcome} (${adviceFor(one)})`).join('; ')
