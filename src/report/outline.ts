/** What several reports say in the same words: findings by rule, the score in text, what was not seen. */
import type { RuleDescription } from '../rules/model.ts'
import type { Audit, Finding, ScoreRange, UnknownCause } from '../score/audit.ts'
import { isGap } from '../score/build-audit.ts'
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

/**
 * Everything that was asked and not seen, grouped by its cause: first what left verdicts unknown, then what no rule
 * reads yet.
 */
export function notSeen(audit: Audit): UnknownCause[] {
  const causes = audit.summary.unknownCauses
  const known = new Set(causes.map((cause) => `${cause.outcome}|${cause.permission}`))
  const rest = new Map<string, { cause: UnknownCause; places: Set<string>; rules: Set<string> }>()
  for (const line of audit.coverage) {
    const gap = isGap(line.outcome) || (line.outcome === 'not-collected' && line.affects.length > 0)
    if (!gap || known.has(`${line.outcome}|${line.permission}`)) continue
    const operation = `${line.permission.split(':')[0] ?? line.service}:${line.operation}`
    const { permission, outcome, detail } = line
    const key = JSON.stringify([operation, outcome, permission])
    const group = rest.get(key) ?? {
      cause: {
        operation,
        outcome,
        permission,
        places: [],
        rules: [],
        resources: 0,
        ...(detail === undefined ? {} : { detail }),
      },
      places: new Set(),
      rules: new Set(),
    }
    rest.set(key, group)
    group.places.add(`${line.account}/${line.region}`)
    for (const rule of line.affects) group.rules.add(rule)
  }
  const others = [...rest.values()].map(({ cause, places, rules }) => ({
    ...cause,
    places: [...places].sort(),
    rules: [...rules].sort(),
  }))
  return [...causes, ...others]
}

/** What to do so that it is seen next time. */
export function adviceFor(cause: Pick<UnknownCause, 'outcome' | 'permission'>): string {
  if (cause.outcome === 'denied') return `grant ${cause.permission}`
  if (cause.outcome === 'throttled') return 'scan again with a lower --concurrency'
  if (cause.outcome === 'not-collected') return 'collect it: the snapshot was made without this call'
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
