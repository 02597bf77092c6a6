/** GitHub Markdown for a job summary: the score, what was not seen, the worst findings folded, within 1 MiB. */
import type { Severity } from '../rules/model.ts'
import { PILLARS, SEVERITIES } from '../rules/model.ts'
import type { Audit, Finding } from '../score/audit.ts'
import { clip, markdownCode, markdown as text } from './escape.ts'
import type { Report } from './model.ts'
import type { RuleGroup } from './outline.ts'
import {
  adviceFor,
  comparisonText,
  groupFindings,
  missingText,
  notSeen,
  operationsText,
  PILLAR_NAMES,
  rangeText,
  shortName,
  shownText,
  waiverText,
} from './outline.ts'

/** GitHub drops a job summary over 1 MiB; what remains is for the closing line. */
const MAX_BYTES = 1_000_000
/** Long values are for the JSON. */
const MAX_VALUE = 300
const MAX_LISTED = 50
/** Places or rules in one cell. */
const MAX_NAMED = 10

const MARK: Readonly<Record<Severity, string>> = {
  critical: '🟥',
  high: '🟧',
  medium: '🟨',
  low: '🟦',
  info: '⬜',
}

const VERDICT = { fail: 'fails', unknown: 'unknown', waived: 'waived', pass: 'passes' } as const

const CLOSE = '\n</details>\n\n'

const listed = (items: readonly string[]): string =>
  `${items
    .slice(0, MAX_NAMED)
    .map((item) => markdownCode(clip(item, MAX_VALUE)))
    .join(', ')}${items.length > MAX_NAMED ? ` and ${items.length - MAX_NAMED} more` : ''}`

function* head(audit: Audit): Iterable<string> {
  const { score, summary, snapshot } = audit
  yield `## Security posture: ${rangeText(score.overall)}${score.overall.low === null ? '' : ' of 100'}\n\n`
  const accounts = snapshot.accounts.length === 1 ? 'account' : 'accounts'
  yield `${text(audit.tool.name)} ${text(audit.tool.version)}, ${accounts} ${listed(snapshot.accounts)}, ${text(snapshot.time)}\n\n`
  if (audit.incomplete) {
    yield '> **Incomplete**: not everything could be seen. Unknown is not passed; the low end of a score counts it as failed.\n\n'
  }
  yield `${SEVERITIES.map((severity) => `${MARK[severity]} ${summary.bySeverity[severity]} ${severity}`).join(' · ')}\n\n`
  const since = audit.comparison?.baseline.time
  if (since !== undefined) yield `Since ${text(since)}: ${comparisonText(audit)}.\n\n`
  if (audit.shown) yield `${text(shownText(audit))}\n\n`
  yield '| Pillar | Score | Fail | Unknown | Waived | Pass |\n| --- | ---: | ---: | ---: | ---: | ---: |\n'
  for (const pillar of PILLARS) {
    const one = score.pillars[pillar]
    yield `| ${PILLAR_NAMES[pillar]} | ${rangeText(one)} | ${one.fail} | ${one.unknown} | ${one.waived} | ${one.pass} |\n`
  }
  const { fail, unknown, waived, pass } = summary.byVerdict
  yield `| **Overall** | **${rangeText(score.overall)}** | ${fail} | ${unknown} | ${waived} | ${pass} |\n\n`
}

function* gaps(audit: Audit): Iterable<string> {
  const causes = notSeen(audit)
  if (causes.length > 0) {
    yield `<details><summary><b>Not seen</b>: ${operationsText(causes)}</summary>\n\n`
    yield '| Operation | Outcome | Where | Blinds | Do |\n| --- | --- | --- | --- | --- |\n'
    for (const cause of causes.slice(0, MAX_LISTED)) {
      yield `| ${markdownCode(cause.operation)} | ${cause.outcome} | ${listed(cause.places)} | ${listed(cause.rules)} | ${text(adviceFor(cause))} |\n`
    }
    if (causes.length > MAX_LISTED) yield `\n${causes.length - MAX_LISTED} more operations.\n`
    yield CLOSE
  }
  for (const problem of audit.problems.slice(0, MAX_LISTED)) {
    yield `- ${problem.level}: ${markdownCode(problem.file)} ${text(clip(problem.message, MAX_VALUE))}\n`
  }
  const more = audit.problems.length - MAX_LISTED
  if (more > 0) yield `- and ${more} more problems with rules\n`
  if (audit.problems.length > 0) yield '\n'
}

/** Beside the message: what is not known, or who accepted it. */
function whyOf(finding: Finding): string {
  if (finding.verdict === 'unknown') return missingText(finding)
  return finding.verdict === 'waived' ? `Waived: ${waiverText(finding)}` : ''
}

function rowOf(finding: Finding): string {
  const { resource } = finding
  const name =
    resource.name === undefined || resource.name === '' ? '' : ` ${text(clip(resource.name, MAX_VALUE))}`
  const why = [finding.message, whyOf(finding)].map((part) => text(clip(part, MAX_VALUE))).join(' ')
  const baseline = finding.baseline === undefined ? '' : ` (${finding.baseline})`
  return `| ${VERDICT[finding.verdict]}${baseline} | ${markdownCode(clip(shortName(resource.id), MAX_VALUE))}${name} | ${text(resource.account)} ${text(resource.region)} | ${why.trim()} |\n`
}

function summaryOf(group: RuleGroup, severity: Severity): string {
  const counts = (['fail', 'unknown', 'waived', 'pass'] as const)
    .map(
      (verdict) => [verdict, group.findings.filter((finding) => finding.verdict === verdict).length] as const,
    )
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`)
  return `${MARK[severity]} ${severity} · <b>${text(group.title)}</b> · ${counts.join(', ')}`
}

/** Findings as long as they fit; the caller says how many did not. */
function* groups(audit: Audit, room: number): Generator<string, number> {
  let left = room
  let written = 0
  const bytes = (piece: string): number => Buffer.byteLength(piece)
  for (const group of groupFindings(audit)) {
    const [worst] = group.findings
    if (!worst) continue
    const open = `<details><summary>${summaryOf(group, worst.severity)}</summary>\n\n${markdownCode(group.ruleId)} ${text(clip(worst.remediation.text, 1_000))}\n\n| Verdict | Resource | Where | Why |\n| --- | --- | --- | --- |\n`
    left -= bytes(open) + bytes(CLOSE)
    if (left < 0) return written
    yield open
    for (const finding of group.findings) {
      const row = rowOf(finding)
      left -= bytes(row)
      if (left < 0) break
      yield row
      written += 1
    }
    yield CLOSE
    if (left < 0) return written
  }
  return written
}

function* render(audit: Audit): Iterable<string> {
  let used = 0
  for (const piece of [...head(audit), ...gaps(audit)]) {
    used += Buffer.byteLength(piece)
    yield piece
  }
  const written = yield* groups(audit, MAX_BYTES - used)
  if (audit.findings.length === 0)
    yield audit.summary.byVerdict.pass > 0 ? 'Nothing that was judged fails.\n' : 'Nothing was judged.\n'
  if (written < audit.findings.length) {
    yield `**${audit.findings.length - written} more findings** did not fit here; \`--format json\` has all.\n`
  }
}

export const markdown: Report = {
  name: 'markdown',
  extension: '.md',
  description: 'GitHub Markdown, for a job summary',
  render,
}
