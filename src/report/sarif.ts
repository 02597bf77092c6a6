/**
 * SARIF 2.1.0 (OASIS), within what GitHub's "SARIF support for code scanning" takes.
 * Unknown verdicts are results of kind `review`; waivers are suppressions.
 */
import type { RuleDescription, Severity } from '../rules/model.ts'
import type { Audit, Finding } from '../score/audit.ts'
import { clip, json, legible } from './escape.ts'
import type { Report, ReportOptions } from './model.ts'
import { adviceFor, missingText, type NotSeen, notSeen, waiverText } from './outline.ts'
import { hopsOf } from './proof.ts'
import { MAX_RESULTS, worstThatFit } from './sarif-limits.ts'

const MAX_RULES = 25_000
const MAX_LOCATIONS = 1_000
const MAX_TAGS = 20
/** Notifications have no limit of GitHub's: this one keeps a blind scan readable. */
const MAX_PLACES = 20
const MAX_TEXT = 1_000
/** The package URL: where it is kept is the reader's matter. */
const INFORMATION_URI = 'pkg:npm/aws-secaudit'

const LEVEL = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' } as const
/** GitHub: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low. */
const SECURITY_SEVERITY = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.5', info: '0.1' } as const
const RANK: Readonly<Record<Severity, number>> = { critical: 95, high: 80, medium: 55, low: 25, info: 1 }
const BASELINE = {
  new: 'new',
  unchanged: 'unchanged',
  changed: 'updated',
  'rule-changed': 'updated',
} as const
const KIND = { fail: 'fail', waived: 'fail', unknown: 'review', pass: 'pass' } as const

/** Message text: what the standard would take for a placeholder or a link is written so that it is text. */
function message(text: string): { text: string } {
  const plain = clip(legible(text), MAX_TEXT)
    .replace(/\{(\d+)\}/g, '{{$1}}')
    .replace(/\]\(/g, '\\](')
  return { text: plain === '' ? '(empty)' : plain }
}

/** A relative URI reference, whatever path the file was named by. */
export function artifactUri(file = 'snapshot.ndjson'): string {
  const parts = file.replaceAll('\\', '/').split('/')
  const absolute = file.startsWith('/') || /^[A-Za-z]:/.test(file)
  const kept = absolute ? parts.slice(-1) : parts.filter((part) => part !== '' && part !== '.')
  return kept.map((part) => encodeURIComponent(part.replace(/[\ud800-\udfff]/gu, '\ufffd'))).join('/')
}

function ruleName(id: string): string {
  return id.replace(/(?:^|[-_.])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function tagsOf(rule: RuleDescription): string[] {
  const controls = Object.entries(rule.maps).flatMap(([framework, ids]) =>
    ids.map((id) => `${framework}/${id}`),
  )
  return [...new Set(['security', rule.pillar, rule.resource, ...controls])].slice(0, MAX_TAGS)
}

function helpOf(rule: RuleDescription): { text: string; markdown: string } {
  const { text, cli, terraform } = rule.fix
  const fenced = (language: string, code: string | undefined): string =>
    code === undefined ? '' : `\n\n\`\`\`${language}\n${code.trimEnd()}\n\`\`\``
  const links = rule.references.map((url) => `\n- <${url}>`).join('')
  return {
    text: [rule.risk, text, cli, terraform].filter((part) => part !== undefined && part !== '').join('\n\n'),
    markdown: `${rule.risk}\n\n**Fix**: ${text}${fenced('sh', cli)}${fenced('terraform', terraform)}${links === '' ? '' : `\n${links}`}`,
  }
}

function ruleDescriptor(rule: RuleDescription): unknown {
  const helpUri = rule.references[0]
  return {
    id: rule.id,
    name: ruleName(rule.id),
    ...(rule.aliases.length === 0 ? {} : { deprecatedIds: rule.aliases }),
    shortDescription: { text: clip(rule.title, MAX_TEXT) },
    fullDescription: { text: clip(rule.risk === '' ? rule.title : rule.risk, MAX_TEXT) },
    help: helpOf(rule),
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: {
      tags: tagsOf(rule),
      precision: 'very-high',
      'security-severity': SECURITY_SEVERITY[rule.severity],
    },
  }
}

const physicalLocation = (uri: string, line: number): unknown => ({
  artifactLocation: { uri },
  region: { startLine: Math.max(1, line) },
})

/** The witness's hops, a location each. The finding's own line stands for all: a hop has none of its own here. */
function pathOf(finding: Finding, uri: string): Record<string, unknown> {
  const hops = hopsOf(finding.evidence).slice(0, MAX_LOCATIONS)
  if (hops.length === 0) return {}
  const locations = hops.map((hop, index) => ({
    id: index + 1,
    physicalLocation: physicalLocation(uri, finding.line),
    logicalLocations: [{ fullyQualifiedName: clip(hop.resource, MAX_TEXT), kind: 'resource' }],
    message: message([hop.kind, hop.resource, hop.decision, hop.detail].filter(Boolean).join(': ')),
  }))
  return {
    codeFlows: [{ threadFlows: [{ locations: locations.map(({ id: _, ...location }) => ({ location })) }] }],
    relatedLocations: locations,
  }
}

function suppressionsOf(finding: Finding): unknown[] {
  if (finding.verdict !== 'waived') return []
  const justification = clip(legible(waiverText(finding)), MAX_TEXT)
  return [{ kind: 'external', status: 'accepted', justification }]
}

function resultOf(finding: Finding, ruleIndex: number, uri: string, suppressions: boolean): unknown {
  const { resource, verdict } = finding
  const reason = verdict === 'unknown' ? missingText(finding) : ''
  return {
    ruleId: finding.ruleId,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    kind: KIND[verdict],
    // By the standard only the kind `fail` has a level.
    level: KIND[verdict] === 'fail' ? LEVEL[finding.severity] : 'none',
    message: message(
      reason === '' ? finding.message : `${clip(finding.message, MAX_TEXT / 2)} Not known: ${reason}`,
    ),
    locations: [
      {
        physicalLocation: physicalLocation(uri, finding.line),
        logicalLocations: [
          {
            name: clip(resource.name ?? resource.id, MAX_TEXT),
            fullyQualifiedName: clip(resource.id, MAX_TEXT),
            kind: 'resource',
          },
        ],
      },
    ],
    ...pathOf(finding, uri),
    partialFingerprints: { primaryLocationLineHash: `${finding.fingerprint}:1` },
    fingerprints: { 'awsSecaudit/v1': finding.fingerprint },
    ...(suppressions ? { suppressions: suppressionsOf(finding) } : {}),
    ...(finding.baseline === undefined ? {} : { baselineState: BASELINE[finding.baseline] }),
    rank: RANK[finding.severity],
    properties: {
      verdict,
      severity: finding.severity,
      pillar: finding.pillar,
      account: resource.account,
      region: resource.region,
      resourceType: resource.type,
    },
  }
}

function placesText(places: readonly string[]): string {
  const shown = places.slice(0, MAX_PLACES).join(', ')
  return places.length > MAX_PLACES ? `${shown} and ${places.length - MAX_PLACES} more` : shown
}

function notSeenNotification(cause: NotSeen): unknown {
  const blinds = cause.rules.length === 0 ? 'no verdict hangs on it' : `blinds ${placesText(cause.rules)}`
  return {
    descriptor: { id: 'not-seen' },
    level: 'warning',
    message: message(
      `${cause.operation} was ${cause.outcome} in ${placesText(cause.places)}: ${blinds}; ${adviceFor(cause)}.`,
    ),
    properties: { operation: cause.operation, outcome: cause.outcome, permission: cause.permission },
  }
}

const NOTIFICATIONS = [
  { id: 'not-seen', shortDescription: { text: 'A call that the audit needed was not answered.' } },
  { id: 'left-out', shortDescription: { text: 'There were more results than the receiving side takes.' } },
  { id: 'rule-problem', shortDescription: { text: 'A rule could not be loaded or run.' } },
]

function invocationOf(audit: Audit, options: ReportOptions, leftOut: number): unknown {
  const left = {
    descriptor: { id: 'left-out' },
    level: 'warning',
    message: message(
      `${leftOut} of ${audit.findings.length} findings are left out: code scanning takes ${MAX_RESULTS}, and 10 MB gzipped. The worst are here; --format json has all.`,
    ),
  }
  return {
    executionSuccessful: true,
    exitCode: options.exitCode ?? (audit.incomplete ? 4 : 0),
    endTimeUtc: audit.snapshot.time,
    toolExecutionNotifications: [...(leftOut > 0 ? [left] : []), ...notSeen(audit).map(notSeenNotification)],
    toolConfigurationNotifications: audit.problems.map((problem) => ({
      descriptor: { id: 'rule-problem' },
      level: problem.level,
      message: message(`${problem.file}: ${problem.message}`),
    })),
  }
}

function* render(audit: Audit, options: ReportOptions): Iterable<string> {
  const rules = audit.rules.slice(0, MAX_RULES)
  const index = new Map(rules.map((rule, at) => [rule.id, at]))
  const uri = artifactUri(audit.snapshot.file)
  const suppressions = audit.findings.some((finding) => finding.verdict === 'waived')
  const descriptors = rules.map((rule) => json(ruleDescriptor(rule))).join(',\n')
  const result = (finding: Finding): string =>
    json(resultOf(finding, index.get(finding.ruleId) ?? -1, uri, suppressions))
  const keep = worstThatFit(audit.findings, descriptors, result)
  const leftOut = keep ? audit.findings.length - keep.size : 0
  const driver = {
    name: audit.tool.name,
    semanticVersion: audit.tool.version,
    informationUri: INFORMATION_URI,
    notifications: NOTIFICATIONS,
  }
  yield '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{\n'
  yield `"tool":{"driver":${json(driver).slice(0, -1)},"rules":[\n${descriptors}\n]}},\n`
  yield `"invocations":[${json(invocationOf(audit, options, leftOut))}],\n`
  yield `"properties":${json({ incomplete: audit.incomplete, score: audit.score.overall })},\n`
  yield '"columnKind":"utf16CodeUnits",\n"results":['
  let first = true
  for (const finding of audit.findings) {
    if (keep && !keep.has(finding)) continue
    yield `${first ? '' : ','}\n${result(finding)}`
    first = false
  }
  yield '\n]}]}\n'
}

export const sarif: Report = {
  name: 'sarif',
  extension: '.sarif',
  description: 'SARIF 2.1.0, for code scanning',
  render,
}
