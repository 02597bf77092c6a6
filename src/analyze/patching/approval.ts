/** Whether a baseline approves security patches, and how long it waits. */
import type { JsonObject } from '../../snapshot/model.ts'
import { listAt, numberAt, objectAt, textAt, textsAt } from './read.ts'

/** What each operating system calls a security patch, and its gravest severities. */
interface Terms {
  /** Filter keys, each with the value that a security patch has; a key that a rule does not filter by takes all. */
  readonly security: Readonly<Record<string, string>>
  readonly severity: string
  readonly severities: readonly string[]
}

const LINUX: Terms = {
  security: { CLASSIFICATION: 'Security' },
  severity: 'SEVERITY',
  severities: ['Critical', 'Important'],
}
/** Packages have priorities, and are security updates by the repository that they come from. */
const DEBIAN: Terms = { security: {}, severity: 'PRIORITY', severities: ['Required', 'Important'] }
const TERMS: Readonly<Record<string, Terms>> = {
  WINDOWS: {
    security: { CLASSIFICATION: 'SecurityUpdates', PATCH_SET: 'OS' },
    severity: 'MSRC_SEVERITY',
    severities: ['Critical', 'Important'],
  },
  DEBIAN,
  RASPBIAN: DEBIAN,
  UBUNTU: DEBIAN,
  MACOS: { security: { CLASSIFICATION: 'Security' }, severity: 'CLASSIFICATION', severities: ['Security'] },
}

/** Filters that narrow a rule to single packages or advisories. */
const NARROW: ReadonlySet<string> = new Set([
  'ADVISORY_ID',
  'ARCH',
  'BUGZILLA_ID',
  'CVE_ID',
  'EPOCH',
  'NAME',
  'PATCH_ID',
  'RELEASE',
  'VERSION',
])

const takes = (values: readonly string[], value: string): boolean =>
  values.some((one) => one === '*' || one.toLowerCase() === value.toLowerCase())

/** Whether filters let a security patch of a severity through. Products are not compared with the machines'. */
function lets(filters: readonly JsonObject[], severity: string, terms: Terms): boolean {
  const wanted: Readonly<Record<string, string>> = { ...terms.security, [terms.severity]: severity }
  return filters.every((filter) => {
    const key = textAt(filter, 'Key')
    const values = textsAt(filter, 'Values')
    if (NARROW.has(key)) return values.includes('*')
    // A rule that filters by no patch set is for the operating system.
    return !Object.hasOwn(wanted, key) || takes(values, wanted[key] ?? '')
  })
}

export interface Approval {
  /** What keeps security patches from being approved; none where all are. */
  readonly gaps: readonly string[]
  /** Days from release to approval, of the severity that waits longest; undefined with any gap. */
  readonly delay?: number
}

/**
 * @param baseline what GetPatchBaseline answered
 * @param now ISO 8601: a rule whose `ApproveUntilDate` is past approves nothing new
 * @see Systems Manager API reference, "PatchRule", "PatchFilter"
 */
export function approvalOf(baseline: JsonObject, now: string): Approval {
  const terms = TERMS[textAt(baseline, 'OperatingSystem')] ?? LINUX
  const global = listAt(objectAt(baseline, 'GlobalFilters'), 'PatchFilters')
  const rules = listAt(objectAt(baseline, 'ApprovalRules'), 'PatchRules')
  const gaps: string[] = []
  const delays: number[] = []
  for (const severity of terms.severities) {
    const fitting = rules.filter((rule) => {
      const filters = listAt(objectAt(rule, 'PatchFilterGroup'), 'PatchFilters')
      return lets([...global, ...filters], severity, terms)
    })
    const live = fitting.filter((rule) => {
      const until = textAt(rule, 'ApproveUntilDate')
      return until === '' || until >= now.slice(0, 10)
    })
    if (live.length > 0) delays.push(Math.min(...live.map((rule) => numberAt(rule, 'ApproveAfterDays'))))
    else if (fitting.length === 0)
      gaps.push(`no rule approves security patches of ${terms.severity} ${severity}`)
    else {
      const until = fitting
        .map((rule) => textAt(rule, 'ApproveUntilDate'))
        .sort()
        .at(-1)
      gaps.push(`security patches of ${terms.severity} ${severity} are approved only until ${until}`)
    }
  }
  return gaps.length > 0 ? { gaps } : { gaps, delay: Math.max(0, ...delays) }
}
