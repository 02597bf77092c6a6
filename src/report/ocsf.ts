/** OCSF, the Open Cybersecurity Schema Framework: an event of class Compliance Finding (2003) a finding. */
import type { Severity, VerdictKind } from '../rules/model.ts'
import type { Audit, Finding } from '../score/audit.ts'
import { json } from './escape.ts'
import type { Report } from './model.ts'
import { missingText, partitionOf } from './outline.ts'

const VERSION = '1.5.0'
const CLASS = 2003
const ACTIVITY_CREATE = 1

const SEVERITY: Readonly<Record<Severity, readonly [number, string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
}

/** The finding's own state: `New`, `Suppressed`, `Resolved`. */
const STATUS: Readonly<Record<VerdictKind, readonly [number, string]>> = {
  fail: [1, 'New'],
  unknown: [1, 'New'],
  waived: [3, 'Suppressed'],
  pass: [4, 'Resolved'],
}

const COMPLIANCE: Readonly<Record<VerdictKind, readonly [number, string]>> = {
  pass: [1, 'Pass'],
  unknown: [2, 'Warning'],
  fail: [3, 'Fail'],
  waived: [3, 'Fail'],
}

function resourceOf(finding: Finding): unknown {
  const { resource } = finding
  return {
    uid: resource.id,
    type: resource.type,
    name: resource.name ?? resource.id,
    region: resource.region,
    labels: Object.entries(resource.tags).map(([key, value]) => `${key}:${value}`),
    cloud_partition: partitionOf(finding),
  }
}

function complianceOf(finding: Finding): unknown {
  const [statusId, status] = COMPLIANCE[finding.verdict]
  const controls = Object.entries(finding.compliance)
  return {
    status_id: statusId,
    status,
    ...(finding.verdict === 'unknown' ? { status_details: [missingText(finding) || finding.message] } : {}),
    standards: controls.map(([framework]) => framework),
    requirements: controls.flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`)),
    control: finding.ruleId,
  }
}

function eventOf(finding: Finding, audit: Audit, time: number): unknown {
  const [severityId, severity] = SEVERITY[finding.severity]
  const [statusId, status] = STATUS[finding.verdict]
  const { cli, text } = finding.remediation
  return {
    category_uid: 2,
    category_name: 'Findings',
    class_uid: CLASS,
    class_name: 'Compliance Finding',
    activity_id: ACTIVITY_CREATE,
    activity_name: 'Create',
    type_uid: CLASS * 100 + ACTIVITY_CREATE,
    type_name: 'Compliance Finding: Create',
    time,
    severity_id: severityId,
    severity,
    status_id: statusId,
    status,
    message: finding.message,
    metadata: {
      version: VERSION,
      profiles: ['cloud'],
      event_code: finding.ruleId,
      product: { name: audit.tool.name, vendor_name: audit.tool.name, version: audit.tool.version },
    },
    cloud: {
      provider: 'AWS',
      // Readers exist that ask for a name; the snapshot of another account may know none.
      account: {
        uid: finding.resource.account,
        name: finding.resource.account,
        type: 'AWS Account',
        type_id: 10,
      },
      region: finding.resource.region,
    },
    finding_info: {
      uid: finding.fingerprint,
      title: finding.title,
      desc: finding.message,
      created_time: time,
      types: [finding.pillar],
    },
    compliance: complianceOf(finding),
    resources: [resourceOf(finding)],
    remediation: { desc: cli === undefined ? text : `${text}\n${cli}`, references: finding.references },
    unmapped: {
      verdict: finding.verdict,
      pillar: finding.pillar,
      evidence: finding.evidence,
      ...(finding.subKey === undefined ? {} : { sub_key: finding.subKey }),
      ...(finding.missing === undefined ? {} : { missing: finding.missing }),
      ...(finding.waiver === undefined ? {} : { waiver: finding.waiver }),
      ...(finding.baseline === undefined ? {} : { baseline: finding.baseline }),
      audit_incomplete: audit.incomplete,
      snapshot_sha256: audit.snapshot.sha256,
    },
  }
}

function* events(audit: Audit): Iterable<string> {
  const parsed = Date.parse(audit.snapshot.time)
  const time = Number.isNaN(parsed) ? 0 : parsed
  for (const finding of audit.findings) yield json(eventOf(finding, audit, time))
}

function* renderArray(audit: Audit): Iterable<string> {
  let first = true
  for (const event of events(audit)) {
    yield `${first ? '[\n' : ',\n'}${event}`
    first = false
  }
  yield first ? '[]\n' : '\n]\n'
}

function* renderLines(audit: Audit): Iterable<string> {
  for (const event of events(audit)) yield `${event}\n`
}

export const ocsf: Report = {
  name: 'ocsf',
  extension: '.ocsf.json',
  description: 'OCSF Compliance Findings, one array',
  render: renderArray,
}

export const ocsfNdjson: Report = {
  name: 'ocsf-ndjson',
  extension: '.ocsf.ndjson',
  description: 'OCSF Compliance Findings, one a line',
  render: renderLines,
}
