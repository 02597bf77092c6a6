/** For a person at a terminal: findings by rule, worst first, then what was not seen, the score and what to do next. */
import { Chalk } from 'chalk'
import type { Audit, Finding } from '../score/audit.ts'
import type { Json } from '../snapshot/model.ts'
import { columns, cutEnd, cutMiddle, terminal, wrap } from './escape.ts'
import type { Report, ReportOptions } from './model.ts'
import type { NotSeen, RuleGroup } from './outline.ts'
import { adviceFor, groupFindings, missingText, notSeen, PILLAR_NAMES, shortName } from './outline.ts'
import { hopsOf, readable, valuesOf } from './proof.ts'
import { commandLines } from './table-command.ts'
import type { Page } from './table-page.ts'
import { edges, heading, severityBadge } from './table-page.ts'
import { summaryLines } from './table-summary.ts'

/** Resources shown of a rule without `--all`. */
const FIRST = 3
/** What these weigh is not worth a screen: without `--all` they go without proof and commands. */
const BRIEF: ReadonlySet<Finding['severity']> = new Set(['low', 'info'])
/** Lines of a command without `--all`. */
const COMMAND_LINES = 6
/** Narrower than this nothing is legible; wider than this lines are hard to follow. */
const NARROWEST = 40
const WIDEST = 160

const many = (count: number): string => count.toLocaleString('en-US')

const nameOf = ({ resource }: Finding): string =>
  cutMiddle(terminal(resource.name || shortName(resource.id)), 40)

/** Where it is; the account only where there are several, and whether the baseline had it. */
function placeOf({ audit }: Page, { resource, baseline }: Finding): string {
  const account = audit.snapshot.accounts.length > 1 ? resource.account : ''
  const parts = [baseline === 'new' ? 'new' : '', account, resource.region]
  return parts
    .filter((part) => part !== '')
    .map(terminal)
    .join(' ')
}

function countText(group: RuleGroup, audit: Audit): string {
  const count = audit.summary.byRule.find((one) => one.ruleId === group.ruleId)
  const fail = group.findings.filter((finding) => finding.verdict === 'fail').length
  const waived = count?.waived ?? 0
  const judged = fail + (count?.pass ?? 0)
  return `${many(fail)} of ${many(judged)} fail${waived > 0 ? `, ${many(waived)} waived` : ''}`
}

const plain = (value: Json): string => terminal(readable(value, '; ').slice(0, 500))

/** The values that the rule read, on one line. */
function evidenceText(finding: Finding): string {
  return valuesOf(finding.evidence)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${terminal(key.slice(0, 100))} = ${plain(value)}`)
    .join(' · ')
}

/** What each hop does, under its id: AWS's ids say what they are of. */
function pathLines(page: Page, finding: Finding): string[] {
  const hops = hopsOf(finding.evidence).map((hop) => ({
    name: terminal(shortName(hop.resource)),
    detail: terminal(hop.detail === '' ? hop.decision : hop.detail),
  }))
  const wide = Math.min(Math.floor(page.width / 3), Math.max(0, ...hops.map(({ name }) => columns(name))))
  return hops.map(({ name, detail }, at) => {
    const id = cutMiddle(name, wide)
    const text = `${id}${' '.repeat(wide - columns(id))}  ${detail}`
    return `      ${page.chalk.dim(`${at === 0 ? '●' : '↓'} ${cutEnd(text, page.width - 8)}`)}`
  })
}

/** Name and short id, then where it is; the account only where there are several. The proof of the first is enough. */
function* resourceLines(page: Page, finding: Finding, first: boolean): Iterable<string> {
  const { resource } = finding
  const place = placeOf(page, finding)
  const name = terminal(resource.name ?? '')
  // An account's ARN ends in `root`.
  const short = resource.type === 'AWS::Account' && name !== '' ? name : terminal(shortName(resource.id))
  const room = Math.max(12, page.width - 4 - columns(place) - 2)
  const shown = name === '' || name === short ? cutMiddle(short, room) : named(name, short, room)
  yield `  ${page.chalk.red('✗')} ${edges(page, shown, place, (text) => text, 4)}`
  const isBrief = BRIEF.has(finding.severity)
  const most = page.all ? 8 : isBrief ? 2 : 3
  for (const line of wrap(terminal(finding.message.slice(0, 2_000)), page.width - 4, most))
    yield `    ${line}`
  if (!page.all && (!first || isBrief)) return
  const evidence = evidenceText(finding)
  if (evidence !== '') yield `    ${page.chalk.dim(cutEnd(evidence, page.width - 4))}`
  yield* pathLines(page, finding)
}

function named(name: string, short: string, room: number): string {
  const idRoom = Math.min(columns(short), Math.max(8, Math.floor(room / 2)))
  return `${cutMiddle(name, Math.max(6, room - idRoom - 2))}  ${cutMiddle(short, idRoom)}`
}

function* fixLines(page: Page, finding: Finding): Iterable<string> {
  const { text, cli } = finding.remediation
  const isBrief = BRIEF.has(finding.severity) && !page.all
  const [first = '', ...rest] = wrap(terminal(text), page.width - 7, isBrief ? 2 : 4)
  yield `  ${page.chalk.bold('Fix')}  ${first}`
  for (const line of rest) yield `       ${line}`
  if (cli === undefined || isBrief) return
  const commands = cli.trim().split('\n').slice(0, 40)
  const shown = commands.flatMap((command) => [...commandLines(command, 7, page.width)])
  const kept = page.all || shown.length <= COMMAND_LINES ? shown : shown.slice(0, COMMAND_LINES - 1)
  for (const line of kept) yield page.chalk.green(line)
  if (kept.length < shown.length)
    yield page.chalk.dim(`       … ${shown.length - kept.length} more lines (--all)`)
}

function* groupLines(page: Page, group: RuleGroup): Iterable<string> {
  const fails = group.findings.filter((finding) => finding.verdict === 'fail')
  const worst = fails[0]
  if (!worst) return
  const badge = severityBadge(page, worst.severity)
  yield ''
  yield `${badge} ${edges(page, terminal(group.title), countText(group, page.audit), (text) => page.chalk.bold(text), 11)}`
  const pillar = PILLAR_NAMES[worst.pillar]
  yield `  ${page.chalk.dim(cutMiddle(`${terminal(group.ruleId)} · ${pillar}`, page.width - 2))}`
  const shown = page.all ? fails : fails.slice(0, FIRST)
  for (const finding of shown) yield* resourceLines(page, finding, finding === worst)
  if (shown.length < fails.length) {
    yield page.chalk.dim(`  … and ${many(fails.length - shown.length)} more (--all)`)
  }
  yield* fixLines(page, worst)
}

function* causeLines(page: Page, cause: NotSeen): Iterable<string> {
  const { places, rules, resources, detail } = cause
  const listed = (items: readonly string[], most: number): string => {
    const kept = page.all ? items : items.slice(0, most)
    const more = items.length - kept.length
    return `${kept.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  }
  const [place = ''] = places
  const where = places.length === 1 ? place : `${places.length} places`
  const head = `${terminal(cause.operation)} ${cause.outcome}`
  yield `  ${page.chalk.yellow('?')} ${edges(page, head, terminal(where), (text) => page.chalk.bold(text), 4)}`
  const blinds =
    rules.length === 0
      ? 'no verdict hangs on it'
      : `blinds ${listed(rules, 3)}${resources > 0 ? ` (${many(resources)} unknown)` : ''}`
  const lines = places.length === 1 ? [blinds] : [blinds, `in ${listed(places, 4)}`]
  for (const text of lines) for (const line of wrap(terminal(text), page.width - 4)) yield `    ${line}`
  if (detail !== undefined && page.all)
    yield `    ${page.chalk.dim(cutEnd(terminal(detail), page.width - 4))}`
  for (const [at, line] of wrap(terminal(adviceFor(cause)), page.width - 6, page.all ? 20 : 3).entries())
    yield `    ${at === 0 ? page.chalk.green('→') : ' '} ${line}`
}

/** With `--all` also what is unknown, a resource a line. */
function* unknownLines(page: Page): Iterable<string> {
  const unknown = page.audit.findings.filter((finding) => finding.verdict === 'unknown')
  if (unknown.length === 0 || !page.all) return
  yield ''
  yield heading(page, `Unknown (${many(unknown.length)})`)
  for (const finding of unknown) {
    yield `  ${page.chalk.yellow('?')} ${edges(page, `${finding.severity} ${terminal(finding.ruleId)}  ${nameOf(finding)}`, placeOf(page, finding), (text) => text, 4)}`
  }
}

/** Unknown verdicts that name no call: the rule itself could not tell. */
function* undecidedLines(page: Page): Iterable<string> {
  const undecided = page.audit.findings.filter((one) => one.verdict === 'unknown' && missingText(one) === '')
  if (undecided.length === 0) return
  const rules = [...new Set(undecided.map((one) => one.ruleId))].join(', ')
  for (const line of wrap(
    terminal(`${undecided.length} more that a rule could not decide: ${rules}`),
    page.width - 4,
  )) {
    yield `    ${line}`
  }
}

function* waivedLines(page: Page): Iterable<string> {
  const waived = page.audit.findings.filter((finding) => finding.verdict === 'waived')
  if (waived.length === 0) return
  yield ''
  yield heading(page, `Waived (${many(waived.length)})`)
  const shown = page.all ? waived : waived.slice(0, FIRST)
  for (const finding of shown) {
    const line = `${finding.severity} ${terminal(finding.ruleId)}  ${nameOf(finding)}`
    yield `  ${edges(page, line, placeOf(page, finding), (text) => text, 2)}`
    if (finding.waiver === undefined) continue
    const { expires, owner, reason } = finding.waiver
    const why = terminal(`until ${expires}, ${owner}: ${reason}`.slice(0, 2_000))
    for (const text of wrap(why, page.width - 4, page.all ? 8 : 2)) yield `    ${page.chalk.dim(text)}`
  }
  if (shown.length < waived.length)
    yield page.chalk.dim(`  … and ${many(waived.length - shown.length)} more (--all)`)
}

function* passedLines(page: Page): Iterable<string> {
  const passed = page.audit.findings.filter((finding) => finding.verdict === 'pass')
  if (passed.length === 0) return
  yield ''
  yield heading(page, `Passed (${many(passed.length)})`)
  for (const finding of passed) {
    const id = cutMiddle(terminal(shortName(finding.resource.id)), Math.floor(page.width / 2))
    yield `  ${page.chalk.green('✓')} ${edges(page, terminal(finding.ruleId), id, (text) => text, 4)}`
  }
}

function* problemLines(page: Page): Iterable<string> {
  const { problems } = page.audit
  if (problems.length === 0) return
  yield ''
  yield heading(page, 'Rules with a problem')
  for (const problem of problems) {
    const at = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
    const text = terminal(`${at}: ${problem.level}: ${problem.message}`)
    for (const [index, line] of wrap(text, page.width - 4, 4).entries())
      yield `${index === 0 ? '  ' : '    '}${line}`
  }
}

function* notSeenLines(page: Page): Iterable<string> {
  const causes = notSeen(page.audit)
  if (causes.length === 0) return
  yield ''
  yield heading(page, 'Not seen: unknown is not passed')
  for (const cause of causes) yield* causeLines(page, cause)
  yield* undecidedLines(page)
}

function* lines(page: Page, options: ReportOptions): Iterable<string> {
  const { snapshot, tool } = page.audit
  const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
  const [account] = snapshot.accounts
  const accounts =
    snapshot.accounts.length === 1 ? `account ${account}` : plural(snapshot.accounts.length, 'account')
  const what = terminal(`${accounts}, ${plural(snapshot.regions.length, 'Region')}`)
  yield edges(page, `${tool.name} ${tool.version}  ${what}`, terminal(snapshot.time), (text) =>
    page.chalk.bold(text),
  )
  const groups = groupFindings(page.audit)
  for (const group of groups) yield* groupLines(page, group)
  if (page.audit.summary.byVerdict.fail === 0) {
    yield ''
    yield page.audit.summary.byVerdict.pass > 0
      ? page.chalk.green('Nothing that was judged fails.')
      : 'Nothing was judged.'
  }
  yield* waivedLines(page)
  yield* passedLines(page)
  yield* problemLines(page)
  yield* unknownLines(page)
  yield* notSeenLines(page)
  yield ''
  yield heading(page, 'Score')
  yield* summaryLines(page, options)
}

function* render(audit: Audit, options: ReportOptions): Iterable<string> {
  const page: Page = {
    audit,
    width: Math.min(WIDEST, Math.max(NARROWEST, options.width ?? 80)),
    all: options.all ?? false,
    chalk: new Chalk({ level: options.colorLevel ?? 0 }),
  }
  for (const line of lines(page, options)) yield `${line}\n`
}

export const table: Report = {
  name: 'table',
  extension: '.txt',
  description: 'for a person at a terminal',
  render,
}
