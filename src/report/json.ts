/** The audit as JSON: the shape that other programs rely on. */
import type { Audit, Comparison, Finding } from '../score/audit.ts'
import { json as jsonText } from './escape.ts'
import type { Report } from './model.ts'

const indented = (value: unknown, by: string): string => jsonText(value, 2).replaceAll('\n', `\n${by}`)

function* list(key: string, items: Iterable<unknown>): Iterable<string> {
  yield `  ${jsonText(key)}: [`
  let first = true
  for (const item of items) {
    yield `${first ? '' : ','}\n    ${indented(item, '    ')}`
    first = false
  }
  yield first ? '],\n' : '\n  ],\n'
}

/** Keys in one order, whatever made the finding. */
const findingJson = (finding: Finding): unknown => ({
  ruleId: finding.ruleId,
  title: finding.title,
  severity: finding.severity,
  pillar: finding.pillar,
  verdict: finding.verdict,
  resource: {
    id: finding.resource.id,
    type: finding.resource.type,
    account: finding.resource.account,
    region: finding.resource.region,
    name: finding.resource.name,
    tags: finding.resource.tags,
  },
  subKey: finding.subKey,
  message: finding.message,
  evidence: finding.evidence,
  missing: finding.missing,
  waiver: finding.waiver,
  baseline: finding.baseline,
  fingerprint: finding.fingerprint,
  remediation: finding.remediation,
  references: finding.references,
  compliance: finding.compliance,
  line: finding.line,
})

const comparisonJson = ({ baseline, fixed, notRescanned, ruleChanged }: Comparison): unknown => ({
  baseline,
  fixed: fixed.map(findingJson),
  notRescanned: notRescanned.map(({ finding, reason }) => ({ finding: findingJson(finding), reason })),
  ruleChanged: ruleChanged.map(findingJson),
})

function* mapped<A, B>(items: Iterable<A>, change: (item: A) => B): Iterable<B> {
  for (const item of items) yield change(item)
}

function* render(audit: Audit): Iterable<string> {
  const { time, accounts, regions, sha256 } = audit.snapshot
  yield '{\n'
  yield `  "schemaVersion": ${audit.schemaVersion},\n`
  yield `  "tool": ${indented(audit.tool, '  ')},\n`
  // Not the file's name: a scan and an audit of what it saved are the same bytes.
  yield `  "snapshot": ${indented({ time, accounts, regions, sha256 }, '  ')},\n`
  yield `  "score": ${indented(audit.score, '  ')},\n`
  yield `  "incomplete": ${audit.incomplete},\n`
  yield* list('coverage', audit.coverage)
  yield* list('findings', mapped(audit.findings, findingJson))
  yield `  "summary": ${indented(audit.summary, '  ')},\n`
  yield* list('rules', audit.rules)
  if (audit.shown) yield `  "shown": ${JSON.stringify(audit.shown)},\n`
  if (audit.comparison) yield `  "comparison": ${indented(comparisonJson(audit.comparison), '  ')},\n`
  yield `  "problems": ${indented(audit.problems, '  ')}\n}\n`
}

export const json: Report = {
  name: 'json',
  extension: '.json',
  description: 'everything, for programs',
  render,
}
