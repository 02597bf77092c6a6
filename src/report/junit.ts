/**
 * JUnit XML in the dialect that Jenkins and GitLab read: a suite a rule, a case a resource.
 * Unknown is an error, waived is skipped. Jenkins' xUnit plugin refuses what its schema (junit-10.xsd) does not know.
 */
import type { Audit, Finding } from '../score/audit.ts'
import { clip, xml } from './escape.ts'
import type { Report } from './model.ts'
import type { RuleGroup } from './outline.ts'
import {
  adviceFor,
  comparisonText,
  groupFindings,
  missingText,
  notSeen,
  rangeText,
  waiverText,
} from './outline.ts'

const MAX_TEXT = 10_000

const attribute = (name: string, value: string | number): string =>
  ` ${name}="${xml(clip(`${value}`, MAX_TEXT))}"`

/** What a person reads who opens the failed test. */
function bodyOf(finding: Finding): string {
  const { cli, text } = finding.remediation
  const evidence = Object.entries(finding.evidence).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  const parts = [
    finding.message,
    `${finding.severity} ${finding.verdict}: ${finding.resource.name ?? ''} ${finding.resource.id}`,
    ...evidence,
    `Fix: ${text}`,
    cli ?? '',
    finding.baseline === undefined ? '' : `Since the baseline: ${finding.baseline}`,
    `Fingerprint: ${finding.fingerprint}`,
  ]
  // Line ends of our own are kept as such; those inside values are written as references.
  return parts
    .filter((part) => part !== '')
    .map((part) => xml(clip(part, MAX_TEXT)))
    .join('\n')
}

function outcomeOf(finding: Finding): string {
  if (finding.verdict === 'pass') return ''
  const body = bodyOf(finding)
  if (finding.verdict === 'waived')
    return `<skipped${attribute('message', waiverText(finding))}>${body}</skipped>`
  if (finding.verdict === 'unknown') {
    const message = missingText(finding) || finding.message
    return `<error${attribute('type', 'unknown')}${attribute('message', message)}>${body}</error>`
  }
  return `<failure${attribute('type', finding.severity)}${attribute('message', finding.message)}>${body}</failure>`
}

function caseOf(finding: Finding): string {
  // Jenkins and GitLab know a test again by its name: nothing is in it that an edit of a tag would change.
  const name = [finding.resource.id, finding.subKey].filter((part) => part !== undefined).join(' ')
  const head = `    <testcase${attribute('classname', `${finding.pillar}.${finding.ruleId}`)}${attribute('name', name)}${attribute('time', '0')}`
  const outcome = outcomeOf(finding)
  return outcome === '' ? `${head}/>\n` : `${head}>${outcome}</testcase>\n`
}

const counted = (findings: readonly Finding[], verdict: Finding['verdict']): number =>
  findings.filter((finding) => finding.verdict === verdict).length

const countAttributes = (findings: readonly Finding[]): string =>
  attribute('tests', findings.length) +
  attribute('failures', counted(findings, 'fail')) +
  attribute('errors', counted(findings, 'unknown')) +
  attribute('time', '0')

function* suite(audit: Audit, group: RuleGroup): Iterable<string> {
  const { file, time } = audit.snapshot
  const about =
    attribute('skipped', counted(group.findings, 'waived')) +
    attribute('timestamp', time.replace(/(\.\d+)?Z$/, '')) +
    (file === undefined ? '' : attribute('file', file))
  yield `  <testsuite${attribute('name', `${group.ruleId}: ${group.title}`)}${countAttributes(group.findings)}${about}>\n`
  for (const finding of group.findings) yield caseOf(finding)
  yield '  </testsuite>\n'
}

/** A suite without cases: what is true of the whole audit. */
function* wholeAudit(audit: Audit): Iterable<string> {
  const { pass, fail, unknown, waived } = audit.summary.byVerdict
  const properties = {
    score: rangeText(audit.score.overall),
    incomplete: audit.incomplete,
    pass,
    fail,
    unknown,
    waived,
    snapshot: audit.snapshot.sha256,
    ...(audit.comparison ? { baseline: comparisonText(audit) } : {}),
    ...(audit.shown ? { listed: audit.shown.join(', ') } : {}),
  }
  yield `  <testsuite${attribute('name', audit.tool.name)}${countAttributes([])}>\n    <properties>\n`
  for (const [name, value] of Object.entries(properties)) {
    yield `      <property${attribute('name', name)}${attribute('value', String(value))}/>\n`
  }
  yield '    </properties>\n'
  const gaps = notSeen(audit).map(
    (cause) =>
      `Not seen: ${cause.operation} ${cause.outcome} in ${cause.places.join(', ')}; ${adviceFor(cause)}`,
  )
  if (gaps.length > 0) yield `    <system-err>${gaps.map(xml).join('\n')}</system-err>\n`
  yield '  </testsuite>\n'
}

function* render(audit: Audit): Iterable<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n'
  yield `<testsuites${attribute('name', audit.tool.name)}${countAttributes(audit.findings)}>\n`
  yield* wholeAudit(audit)
  for (const group of groupFindings(audit)) yield* suite(audit, group)
  yield '</testsuites>\n'
}

export const junit: Report = {
  name: 'junit',
  extension: '.xml',
  description: 'JUnit XML, for Jenkins and GitLab',
  render,
}
