/**
 * JUnit XML in the dialect that Jenkins and GitLab read: a suite a rule, a case a resource.
 * Unknown is an error, waived is skipped.
 */
import type { Audit, Finding } from '../score/audit.ts'
import { clip, xml } from './escape.ts'
import type { Report } from './model.ts'
import type { RuleGroup } from './outline.ts'
import { adviceFor, groupFindings, missingText, notSeen, rangeText } from './outline.ts'

const MAX_TEXT = 10_000

const attribute = (name: string, value: string | number): string =>
  ` ${name}="${xml(clip(`${value}`, MAX_TEXT))}"`

/** What a person reads who opens the failed test. */
function bodyOf(finding: Finding): string {
  const { cli, text } = finding.remediation
  const evidence = Object.entries(finding.evidence).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  const parts = [
    finding.message,
    finding.resource.id,
    ...evidence,
    `Fix: ${text}`,
    cli ?? '',
    `Fingerprint: ${finding.fingerprint}`,
  ]
  // Line ends of our own are kept as such; those inside values are written as references.
  return parts
    .filter((part) => part !== '')
    .map((part) => xml(clip(part, MAX_TEXT)))
    .join('\n')
}

function waiverText(finding: Finding): string {
  const waiver = Object.entries(finding.waiver ?? {}).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return waiver.length === 0 ? 'waived' : waiver.join(', ')
}

function outcomeOf(finding: Finding): string {
  if (finding.verdict === 'pass') return ''
  if (finding.verdict === 'waived') return `<skipped${attribute('message', waiverText(finding))}/>`
  if (finding.verdict === 'unknown') {
    const message = missingText(finding) || finding.message
    return `<error${attribute('type', 'unknown')}${attribute('message', message)}>${bodyOf(finding)}</error>`
  }
  return `<failure${attribute('type', finding.severity)}${attribute('message', finding.message)}>${bodyOf(finding)}</failure>`
}

function caseOf(finding: Finding, file: string | undefined): string {
  const { resource } = finding
  const name = `${resource.id}${finding.subKey === undefined ? '' : ` ${finding.subKey}`}${resource.name === undefined ? '' : ` (${resource.name})`}`
  const where = file === undefined ? '' : attribute('file', file)
  const head = `    <testcase${attribute('classname', `${finding.pillar}.${finding.ruleId}`)}${attribute('name', name)}${where}${attribute('time', '0')}`
  const outcome = outcomeOf(finding)
  return outcome === '' ? `${head}/>\n` : `${head}>${outcome}</testcase>\n`
}

function countAttributes(findings: readonly Finding[]): string {
  const of = (verdict: Finding['verdict']): number =>
    findings.filter((finding) => finding.verdict === verdict).length
  return (
    attribute('tests', findings.length) +
    attribute('failures', of('fail')) +
    attribute('errors', of('unknown')) +
    attribute('skipped', of('waived')) +
    attribute('time', '0')
  )
}

function* suite(audit: Audit, group: RuleGroup): Iterable<string> {
  const timestamp = attribute('timestamp', audit.snapshot.time.replace(/(\.\d+)?Z$/, ''))
  yield `  <testsuite${attribute('name', `${group.ruleId}: ${group.title}`)}${countAttributes(group.findings)}${timestamp}>\n`
  for (const finding of group.findings) yield caseOf(finding, audit.snapshot.file)
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
