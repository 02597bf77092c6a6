/** ASFF, the AWS Security Finding Format that Security Hub's BatchImportFindings takes. Nothing is sent. */
import type { Severity, VerdictKind } from '../rules/model.ts'
import type { Audit, Finding } from '../score/audit.ts'
import type { Json } from '../snapshot/model.ts'
import { asffType } from './asff-types.ts'
import { clip } from './escape.ts'
import type { Report } from './model.ts'
import { missingText } from './outline.ts'

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

function partitionOf({ resource }: Finding): string {
  const named = /^arn:(aws[a-z-]*):/.exec(resource.id)?.[1]
  if (named !== undefined) return named
  if (resource.region.startsWith('us-gov-')) return 'aws-us-gov'
  return resource.region.startsWith('cn-') ? 'aws-cn' : 'aws'
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Strings by strings, as many and as long as ASFF takes; AWS refuses empty ones. */
function entries(
  values: Readonly<Record<string, Json>>,
  maxKey: number,
  maxValue: number,
): Record<string, string> | undefined {
  const kept = Object.entries(values)
    .map(([key, value]) => [clip(key, maxKey), clip(textOf(value), maxValue)] as const)
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
            Description: clip(missingText(finding) || finding.message || 'unknown', 2048),
          },
        ]
      : []
  return {
    Status: STATUS[finding.verdict],
    ...(requirements.length === 0 ? {} : { RelatedRequirements: requirements.slice(0, 32) }),
    ...(reasons.length === 0 ? {} : { StatusReasons: reasons }),
  }
}

function noteOf(finding: Finding, audit: Audit): unknown {
  const { reason, owner } = finding.waiver ?? {}
  if (typeof reason !== 'string' || reason === '') return {}
  const by = typeof owner === 'string' && owner !== '' ? owner : audit.tool.name
  return { Note: { Text: clip(reason, 512), UpdatedBy: clip(by, 512), UpdatedAt: audit.snapshot.time } }
}

function findingOf(finding: Finding, audit: Audit): unknown {
  const { account, region } = finding.resource
  const partition = partitionOf(finding)
  const home = region === 'global' || region === '' ? (HOME.get(partition) ?? 'us-east-1') : region
  const url = finding.references[0]
  const severity = { Label: LABEL[finding.severity], Original: finding.severity }
  return {
    SchemaVersion: '2018-10-08',
    Id: `${audit.tool.name}/${clip(finding.ruleId, 256)}/${finding.fingerprint}`,
    ProductArn: `arn:${partition}:securityhub:${home}:${account}:product/${account}/default`,
    GeneratorId: `${audit.tool.name}/${clip(finding.ruleId, 256)}`,
    AwsAccountId: account,
    Types: TYPES,
    CreatedAt: audit.snapshot.time,
    UpdatedAt: audit.snapshot.time,
    Severity: severity,
    Title: clip(finding.title, 256),
    Description: clip(finding.message === '' ? finding.title : finding.message, 1024),
    Remediation: {
      Recommendation: {
        Text: clip(finding.remediation.text || 'See the reference.', 512),
        ...(url === undefined ? {} : { Url: url }),
      },
    },
    ProductFields: {
      [`${audit.tool.name}/pillar`]: finding.pillar,
      [`${audit.tool.name}/verdict`]: finding.verdict,
      [`${audit.tool.name}/fingerprint`]: finding.fingerprint,
      [`${audit.tool.name}/audit-incomplete`]: String(audit.incomplete),
    },
    Resources: [resourceOf(finding, partition, home)],
    Compliance: complianceOf(finding),
    Workflow: { Status: finding.verdict === 'waived' ? 'SUPPRESSED' : 'NEW' },
    RecordState: 'ACTIVE',
    ...(finding.verdict === 'waived' ? (noteOf(finding, audit) as object) : {}),
  }
}

function* render(audit: Audit): Iterable<string> {
  let first = true
  for (const finding of audit.findings) {
    yield `${first ? '[\n' : ',\n'}${JSON.stringify(findingOf(finding, audit))}`
    first = false
  }
  yield first ? '[]\n' : '\n]\n'
}

export const asff: Report = {
  name: 'asff',
  extension: '.asff.json',
  description: 'AWS Security Finding Format, for Security Hub',
  render,
}
