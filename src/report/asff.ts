/** ASFF, the AWS Security Finding Format that Security Hub's BatchImportFindings takes. Nothing is sent. */
import type { Severity, VerdictKind } from '../rules/model.ts'
import type { Audit, Finding } from '../score/audit.ts'
import type { Json } from '../snapshot/model.ts'
import { asffType } from './asff-types.ts'
import { clip, json, legible } from './escape.ts'
import type { Report, ReportPart } from './model.ts'
import { groupBy, missingText, partitionOf, waiverText } from './outline.ts'

const LABEL: Readonly<Record<Severity, string>> = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
  info: 'INFORMATIONAL',
}

const STATUS: Readonly<Record<VerdictKind, string>> = {
  pass: 'PASSED',
  fail: 'FAILED',
  waived: 'FAILED',
  unknown: 'NOT_AVAILABLE',
}

/** Where findings of global resources are imported to, by partition. */
const HOME = new Map([
  ['aws', 'us-east-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-cn', 'cn-north-1'],
])

const TYPES = ['Software and Configuration Checks/AWS Security Best Practices']
/** Of tags and of `Details.Other`. */
const MAX_ENTRIES = 50

/** A finding that is larger is refused; so are more of them than this in one call, or a larger call. */
const MAX_FINDING = 240_000
const MAX_BATCH = 100
const MAX_BATCH_BYTES = 6_000_000

const textOf = (value: Json): string => (typeof value === 'string' ? value : json(value))

/** At most `most` characters that are all seen; AWS refuses a text without any (pattern `.*\S.*`). */
function textFor(text: string, most: number, otherwise: string): string {
  const shown = clip(legible(text), most)
  return shown.trim() === '' ? otherwise : shown
}

/** Strings by strings, as many and as long as ASFF takes; AWS refuses empty ones. */
function entries(
  values: Readonly<Record<string, Json>>,
  maxKey: number,
  maxValue: number,
): Record<string, string> | undefined {
  const kept = Object.entries(values)
    .map(([key, value]) => [textFor(key, maxKey, ''), textFor(textOf(value), maxValue, '')] as const)
    .filter(([key, value]) => key !== '' && value !== '')
    .slice(0, MAX_ENTRIES)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

function resourceOf(finding: Finding, partition: string, region: string): unknown {
  const { resource } = finding
  const tags = entries(resource.tags, 128, 256)
  const details = entries(finding.evidence, 128, 1024)
  return {
    Type: asffType(resource.type),
    Id: clip(resource.id, 512),
    Partition: partition,
    Region: region,
    ...(tags ? { Tags: tags } : {}),
    ...(details ? { Details: { Other: details } } : {}),
  }
}

function complianceOf(finding: Finding): unknown {
  const controls = Object.entries(finding.compliance)
  const requirements = controls.flatMap(([framework, ids]) => ids.map((id) => clip(`${framework}/${id}`, 64)))
  const reasons =
    finding.verdict === 'unknown'
      ? [
          {
            ReasonCode: 'NOT_SEEN',
            Description: textFor(missingText(finding) || finding.message, 2048, 'unknown'),
          },
        ]
      : []
  return {
    Status: STATUS[finding.verdict],
    ...(requirements.length === 0 ? {} : { RelatedRequirements: requirements.slice(0, 32) }),
    ...(reasons.length === 0 ? {} : { StatusReasons: reasons }),
  }
}

function noteOf(finding: Finding, audit: Audit): Record<string, unknown> {
  if (finding.verdict !== 'waived') return {}
  const { owner } = finding.waiver ?? {}
  const by = textFor(typeof owner === 'string' ? owner : '', 512, audit.tool.name)
  const text = textFor(waiverText(finding), 512, 'waived')
  return { Note: { Text: text, UpdatedBy: by, UpdatedAt: audit.snapshot.time } }
}

/** The Region that a finding is imported to. */
function homeOf(finding: Finding, partition: string): string {
  const { region } = finding.resource
  return region === 'global' || region === '' ? (HOME.get(partition) ?? 'us-east-1') : region
}

/** Since BatchImportFindings leaves Severity and Types of a known finding alone, providers give their own here. */
function gradeOf(finding: Finding): Record<string, unknown> {
  const grade = {
    Severity: { Label: LABEL[finding.severity], Original: finding.severity },
    Types: TYPES,
  }
  return { ...grade, FindingProviderFields: grade }
}

function productFields(finding: Finding, audit: Audit): Record<string, string> {
  const fields = {
    pillar: finding.pillar,
    verdict: finding.verdict,
    fingerprint: finding.fingerprint,
    'audit-incomplete': String(audit.incomplete),
    ...(finding.baseline === undefined ? {} : { baseline: finding.baseline }),
  }
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [`${audit.tool.name}/${name}`, value]),
  )
}

function findingOf(finding: Finding, audit: Audit): Record<string, unknown> {
  const { account } = finding.resource
  const partition = partitionOf(finding)
  const home = homeOf(finding, partition)
  const generator = `${audit.tool.name}/${textFor(finding.ruleId, 256, 'rule')}`
  const url = finding.references[0]
  return {
    SchemaVersion: '2018-10-08',
    Id: `${generator}/${finding.fingerprint}`,
    ProductArn: `arn:${partition}:securityhub:${home}:${account}:product/${account}/default`,
    GeneratorId: generator,
    AwsAccountId: account,
    CreatedAt: audit.snapshot.time,
    UpdatedAt: audit.snapshot.time,
    ...gradeOf(finding),
    Title: textFor(finding.title, 256, finding.ruleId),
    Description: textFor(finding.message, 1024, finding.title),
    Remediation: {
      Recommendation: {
        Text: textFor(finding.remediation.text, 512, 'See the reference.'),
        ...(url === undefined ? {} : { Url: url }),
      },
    },
    ProductFields: productFields(finding, audit),
    Resources: [resourceOf(finding, partition, home)],
    Compliance: complianceOf(finding),
    Workflow: { Status: finding.verdict === 'waived' ? 'SUPPRESSED' : 'NEW' },
    RecordState: 'ACTIVE',
    ...noteOf(finding, audit),
  }
}

/** One finding as JSON. What makes it too large is evidence, then tags; both are whole in `--format json`. */
function findingJson(finding: Finding, audit: Audit): string {
  const whole = json(findingOf(finding, audit))
  if (Buffer.byteLength(whole) <= MAX_FINDING) return whole
  const withoutEvidence = { ...finding, evidence: {} }
  const smaller = json(findingOf(withoutEvidence, audit))
  if (Buffer.byteLength(smaller) <= MAX_FINDING) return smaller
  return json(findingOf({ ...withoutEvidence, resource: { ...finding.resource, tags: {} } }, audit))
}

const arrayOf = (findings: readonly string[]): string =>
  findings.length === 0 ? '[]\n' : `[\n${findings.join(',\n')}\n]\n`

function* render(audit: Audit): Iterable<string> {
  let first = true
  for (const finding of audit.findings) {
    yield `${first ? '[\n' : ',\n'}${findingJson(finding, audit)}`
    first = false
  }
  yield first ? '[]\n' : '\n]\n'
}

/** Findings as JSON in batches of at most 100 and 6 MB. */
function* batchesOf(findings: readonly string[]): Iterable<string[]> {
  let batch: string[] = []
  let bytes = 0
  for (const finding of findings) {
    const size = Buffer.byteLength(finding) + 2
    if (batch.length === MAX_BATCH || bytes + size > MAX_BATCH_BYTES) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(finding)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

/**
 * What one BatchImportFindings call takes each: at most 100 findings and 6 MB, of one account and Region, since the
 * default product's ARN is that of the calling account and its Region. Named `111122223333.eu-west-1.001`.
 * @see Security Hub Partner Integration Guide, "Guidelines for using the BatchImportFindings API"
 */
function* parts(audit: Audit): Iterable<ReportPart> {
  const places = groupBy(
    audit.findings,
    (finding) => `${finding.resource.account}.${homeOf(finding, partitionOf(finding))}`,
  )
  for (const [place, findings] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
    let number = 0
    for (const batch of batchesOf(findings.map((finding) => findingJson(finding, audit)))) {
      number += 1
      const name = `${place.replace(/[^\w.-]/g, '_')}.${String(number).padStart(3, '0')}`
      yield { name, text: arrayOf(batch) }
    }
  }
}

export const asff: Report = {
  name: 'asff',
  extension: '.asff.json',
  description: 'AWS Security Finding Format, for Security Hub',
  render,
  parts,
}
