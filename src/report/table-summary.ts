/** The last lines of the table: score by pillar, counts, what was not seen, where the rest is, what to run next. */
import Table from 'cli-table3'
import { PILLARS, SEVERITIES } from '../rules/model.ts'
import type { Audit, ScoreRange } from '../score/audit.ts'
import { terminal, wrap } from './escape.ts'
import type { ReportOptions } from './model.ts'
import { comparisonText, notSeen, operationsText, PILLAR_NAMES, rangeText, shownText } from './outline.ts'
import { commandLines } from './table-command.ts'
import type { Page } from './table-page.ts'

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

const grouped = (count: number): string => count.toLocaleString('en-US')

function colourOf(page: Page, { low }: ScoreRange): (text: string) => string {
  if (low === null) return page.chalk.dim
  return low >= 90 ? page.chalk.green : low >= 60 ? page.chalk.yellow : page.chalk.red
}

/** `████▒▒····`: sure, perhaps, lost. */
function bar(page: Page, range: ScoreRange, width: number): string {
  if (range.low === null || range.high === null) return page.chalk.dim('·'.repeat(width))
  const sure = Math.floor((range.low / 100) * width)
  const perhaps = Math.max(sure, Math.ceil((range.high / 100) * width - 1e-9))
  const cells = Math.min(width, range.high > range.low ? perhaps : sure)
  const colour = colourOf(page, range)
  return `${colour('█'.repeat(sure))}${colour('▒'.repeat(cells - sure))}${page.chalk.dim('·'.repeat(width - cells))}`
}

function scoreTable(page: Page): string[] {
  const { score } = page.audit
  const wide = page.width >= 66
  // A very narrow terminal gets what weighs most.
  const numbers = page.width >= 56 ? 4 : 2
  const barWidth = Math.min(30, Math.max(8, page.width - 62))
  const table = new Table({
    head: ['', 'score', ...(wide ? [''] : []), ...['fail', 'unknown', 'waived', 'pass'].slice(0, numbers)],
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: ['left', 'right', ...(wide ? (['left'] as const) : []), 'right', 'right', 'right', 'right'],
  })
  for (const pillar of PILLARS) {
    const one = score.pillars[pillar]
    table.push([
      wide ? PILLAR_NAMES[pillar] : pillar,
      colourOf(page, one)(rangeText(one)),
      ...(wide ? [bar(page, one, barWidth)] : []),
      ...[one.fail, one.unknown, one.waived, one.pass].slice(0, numbers).map(grouped),
    ])
  }
  const { fail, unknown, waived, pass } = page.audit.summary.byVerdict
  table.push([
    page.chalk.bold('Overall'),
    page.chalk.bold(colourOf(page, score.overall)(rangeText(score.overall))),
    ...(wide ? [bar(page, score.overall, barWidth)] : []),
    ...[fail, unknown, waived, pass].slice(0, numbers).map(grouped),
  ])
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
}

function notSeenText(audit: Audit): string {
  const causes = notSeen(audit)
  if (causes.length === 0) return 'nothing: every call was answered'
  const rules = new Set(causes.flatMap((cause) => cause.rules)).size
  const { unknown } = audit.summary.byVerdict
  const calls = operationsText(causes)
  if (unknown === 0) return `${calls}; no verdict hangs on it`
  return `${calls}; ${grouped(unknown)} ${unknown === 1 ? 'verdict' : 'verdicts'} of ${rules === 1 ? '1 rule' : `${rules} rules`} unknown`
}

function scoreText(audit: Audit): string {
  const { low, high } = audit.score.overall
  if (low === null || high === null) return 'no data: nothing was judged'
  return `${rangeText(audit.score.overall)} of 100${low < high ? '; the low end counts each unknown as failed' : ''}`
}

function findingsText(audit: Audit): string {
  const { unknown, waived, pass } = audit.summary.byVerdict
  const open = SEVERITIES.map((severity) => `${grouped(audit.summary.bySeverity[severity])} ${severity}`)
  return `${open.join(', ')}; ${grouped(unknown)} unknown, ${grouped(waived)} waived, ${grouped(pass)} passed`
}

/** Words that a shell takes as one. */
const quoted = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

function nextCommands(audit: Audit, options: ReportOptions): readonly string[] {
  if (options.next) return options.next
  const known = options.files ?? (audit.snapshot.file === undefined ? [] : [audit.snapshot.file])
  const files = known.map((file) => quoted(terminal(file))).join(' ')
  const again = files === '' ? 'aws-secaudit scan' : `aws-secaudit audit ${files}`
  const worst = SEVERITIES.find((severity) => audit.summary.bySeverity[severity] > 0)
  const first = audit.findings.find((finding) => finding.verdict === 'fail')
  const isOne = known.length === 1 && first !== undefined
  return [
    ...(isOne ? [`aws-secaudit explain ${first.fingerprint.slice(0, 12)} --snapshot ${files}`] : []),
    ...(worst === undefined || options.all ? [] : [`${again} --severity ${worst} --all`]),
    ...(notSeen(audit).some((cause) => cause.outcome === 'denied')
      ? ['aws-secaudit permissions > policy.json']
      : []),
    `${again} --format html --output report.html`,
  ]
}

function* labelled(page: Page, label: string, text: string): Iterable<string> {
  const indent = '  '.padEnd(12)
  for (const [at, line] of wrap(text, page.width - indent.length).entries()) {
    yield at === 0 ? `  ${page.chalk.bold(label.padEnd(10))}${line}` : `${indent}${line}`
  }
}

export function* summaryLines(page: Page, options: ReportOptions): Iterable<string> {
  const { audit } = page
  yield* scoreTable(page)
  yield ''
  yield* labelled(page, 'Score', scoreText(audit))
  yield* labelled(page, 'Findings', findingsText(audit))
  const since = audit.comparison?.baseline.time
  if (since !== undefined)
    yield* labelled(page, 'Baseline', terminal(`${comparisonText(audit)}; since ${since}`))
  yield* labelled(page, 'Not seen', notSeenText(audit))
  if (audit.shown) yield* labelled(page, 'Listed', shownText(audit))
  yield* labelled(page, 'Details', '--all lists every resource, --format json all evidence and full ids')
  for (const [at, command] of nextCommands(audit, options).entries()) {
    const label = at === 0 ? page.chalk.bold('Next'.padEnd(10)) : ' '.repeat(10)
    const [first = '', ...rest] = commandLines(command, 12, page.width)
    yield `  ${label}${page.chalk.green(first.trimStart())}`
    for (const line of rest) yield page.chalk.green(line)
  }
}
