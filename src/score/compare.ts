/**
 * Two audits of the same accounts: what is new, what is mended, and what only was not looked at again.
 * "Fixed" is said only where the later audit could have seen the finding and did not.
 */
import { createHash } from 'node:crypto'
import type { RuleDescription } from '../rules/model.ts'
import { shortId } from '../snapshot/index.ts'
import type { Json } from '../snapshot/model.ts'
import type { Audit, BaselineState, Comparison, Finding, NotRescanned } from './audit.ts'

/** Known to be bad, accepted or not. */
const isOpen = ({ verdict }: Finding): boolean => verdict === 'fail' || verdict === 'waived'

/** What decides a rule's verdicts; its words may change without that. */
function definition(rule: RuleDescription): string {
  const { resource, when, each, pass, severity, cases, params } = rule
  const defaults = params.map(({ name, default: value }) => [name, value])
  return createHash('sha256')
    .update(stable([resource, when, each, pass, severity, cases, defaults]))
    .digest('hex')
}

/** JSON with its keys in one order: evidence is the same whatever order AWS answered in. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, of]) => `${JSON.stringify(key)}:${stable(of)}`).join(',')}}`
}

/** Lists that AWS answers in any order are the same in any order. */
function unordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(unordered).sort((a, b) => (stable(a) < stable(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, unordered(of as Json)]))
}

const sameEvidence = (a: Finding, b: Finding): boolean =>
  stable(unordered(a.evidence)) === stable(unordered(b.evidence))

interface Rules {
  /** By any name that it ever had. */
  find(id: string): RuleDescription | undefined
}

function rulesOf(audit: Audit): Rules {
  const byName = new Map<string, RuleDescription>()
  for (const rule of audit.rules) for (const name of [...rule.aliases, rule.id]) byName.set(name, rule)
  return { find: (id) => byName.get(id) }
}

/** The later audit's rule for an earlier finding: by its id or any alias of either. */
function laterRule(finding: Finding, before: Rules, after: Rules): RuleDescription | undefined {
  const known = before.find(finding.ruleId)
  const names = [finding.ruleId, ...(known?.aliases ?? [])]
  return names.map((name) => after.find(name)).find((rule) => rule !== undefined)
}

/** Holds an audit against an earlier one. @returns the later audit, its findings marked, with what is not among them */
export function compareAudits(before: Audit, after: Audit): Audit & { readonly comparison: Comparison } {
  const earlier = new Map(before.findings.filter(isOpen).map((finding) => [finding.fingerprint, finding]))
  const [rulesBefore, rulesAfter] = [rulesOf(before), rulesOf(after)]
  const hidden = before.shown ? (finding: Finding) => !before.shown?.includes(finding.severity) : () => false
  const states = new Map<string, BaselineState>()
  for (const finding of after.findings.filter(isOpen)) {
    const was = earlier.get(finding.fingerprint)
    if (was === undefined && hidden(finding)) continue
    const rule = rulesAfter.find(finding.ruleId)
    const old = was && laterRule(was, rulesAfter, rulesBefore)
    states.set(finding.fingerprint, stateOf(was, finding, old, rule))
  }
  const sight = sightOf(before, after)
  const fixed: Finding[] = []
  const notRescanned: NotRescanned[] = []
  const ruleChanged: Finding[] = []
  for (const finding of earlier.values()) {
    if (states.has(finding.fingerprint)) continue
    const rule = laterRule(finding, rulesBefore, rulesAfter)
    const reason = sight.blindTo(finding, rule)
    const old = rulesBefore.find(finding.ruleId)
    if (reason !== undefined) notRescanned.push({ finding, reason })
    else if (rule && old && definition(rule) !== definition(old)) ruleChanged.push(finding)
    else fixed.push(finding)
  }
  const { time, sha256 } = before.snapshot
  return {
    ...after,
    findings: after.findings.map((finding) => {
      const baseline = states.get(finding.fingerprint)
      return baseline === undefined || !isOpen(finding) ? finding : { ...finding, baseline }
    }),
    comparison: { baseline: { time, sha256 }, fixed, notRescanned, ruleChanged },
  }
}

function stateOf(
  was: Finding | undefined,
  is: Finding,
  old: RuleDescription | undefined,
  rule: RuleDescription | undefined,
): BaselineState {
  if (was === undefined) return 'new'
  if (old && rule && definition(old) !== definition(rule)) return 'rule-changed'
  return was.severity === is.severity && sameEvidence(was, is) ? 'unchanged' : 'changed'
}

/** Whether its evidence names a resource of another Region. */
const restsOn = ({ evidence }: Finding, region: string): boolean =>
  JSON.stringify(evidence).includes(`:${region}:`)

/** What the later audit could see of the earlier one's findings. */
function sightOf(
  before: Audit,
  after: Audit,
): {
  blindTo(finding: Finding, rule: RuleDescription | undefined): string | undefined
} {
  const accounts = new Set(after.snapshot.accounts)
  const regions = new Set([...after.snapshot.regions, 'global'])
  // What is said of a whole account is said of all its Regions together.
  const [lost] = before.snapshot.regions.filter((region) => !regions.has(region))
  const unknown = new Map<string, Finding[]>()
  for (const finding of after.findings) {
    if (finding.verdict !== 'unknown') continue
    const list = unknown.get(finding.ruleId)
    if (list) list.push(finding)
    else unknown.set(finding.ruleId, [finding])
  }
  const untold = (finding: Finding, rule: RuleDescription): Finding | undefined =>
    unknown.get(rule.id)?.find(({ resource }) => {
      const { id, account, region } = finding.resource
      const isPlace = shortId(resource.id) === '*' && resource.account === account
      return resource.id === id || (isPlace && [region, '*', 'global'].includes(resource.region))
    })
  return {
    blindTo: (finding, rule) => {
      const { account, region } = finding.resource
      if (rule === undefined) return 'its rule was not asked'
      if (!accounts.has(account)) return `the account ${account} was not scanned`
      if (!regions.has(region)) return `the Region ${region} was not scanned`
      if (lost !== undefined && (region === 'global' || restsOn(finding, lost)))
        return `the Region ${lost} was not scanned`
      const [missing] = untold(finding, rule)?.missing ?? []
      if (missing) return `${missing.operation} ${missing.outcome}`
      return untold(finding, rule) ? 'its rule could not tell' : undefined
    },
  }
}
