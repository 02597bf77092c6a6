/** CSV after RFC 4180, a finding a row. Cells that a spreadsheet would compute start with an apostrophe. */
import type { Audit, Finding } from '../score/audit.ts'
import { csv as cell, clip } from './escape.ts'
import type { Report, ReportOptions } from './model.ts'
import { missingText, waiverText } from './outline.ts'

/** The most that Excel keeps in a cell is 32,767; quotes and the apostrophe take some. */
const MAX_CELL = 32_000

const COLUMNS: readonly (readonly [string, (finding: Finding, audit: Audit) => string])[] = [
  ['severity', (finding) => finding.severity],
  ['verdict', (finding) => finding.verdict],
  ['baseline', (finding) => finding.baseline ?? ''],
  ['pillar', (finding) => finding.pillar],
  ['rule_id', (finding) => finding.ruleId],
  ['title', (finding) => finding.title],
  ['account', (finding) => finding.resource.account],
  ['region', (finding) => finding.resource.region],
  ['resource_type', (finding) => finding.resource.type],
  ['resource_id', (finding) => finding.resource.id],
  ['resource_name', (finding) => finding.resource.name ?? ''],
  ['sub_key', (finding) => finding.subKey ?? ''],
  ['tags', (finding) => jsonCell(finding.resource.tags)],
  ['message', (finding) => finding.message],
  ['evidence', (finding) => jsonCell(finding.evidence)],
  ['not_known', missingText],
  ['waiver', (finding) => (finding.waiver === undefined ? '' : waiverText(finding))],
  ['fix', (finding) => finding.remediation.text],
  ['fix_cli', (finding) => finding.remediation.cli ?? ''],
  ['fix_terraform', (finding) => finding.remediation.terraform ?? ''],
  ['references', (finding) => finding.references.join(' ')],
  ['compliance', complianceText],
  ['fingerprint', (finding) => finding.fingerprint],
  ['snapshot_time', (_, audit) => audit.snapshot.time],
  ['audit_incomplete', (_, audit) => String(audit.incomplete)],
]

const jsonCell = (value: object): string => (Object.keys(value).length === 0 ? '' : JSON.stringify(value))

function complianceText(finding: Finding): string {
  return Object.entries(finding.compliance)
    .flatMap(([framework, controls]) => controls.map((control) => `${framework}/${control}`))
    .join(' ')
}

const row = (cells: readonly string[]): string =>
  `${cells.map((text) => cell(clip(text, MAX_CELL))).join(',')}\r\n`

function* render(audit: Audit, options: ReportOptions): Iterable<string> {
  yield `${options.bom ? '\ufeff' : ''}${row(COLUMNS.map(([name]) => name))}`
  for (const finding of audit.findings) yield row(COLUMNS.map(([, value]) => value(finding, audit)))
}

export const csv: Report = {
  name: 'csv',
  extension: '.csv',
  description: 'a finding a row, for spreadsheets',
  render,
}
