/** What changed between two audits, and between two snapshots, for a person and for programs. */
import { Chalk, type ChalkInstance } from 'chalk'
import type { Severity } from '../rules/model.ts'
import type { Audit, Comparison, Finding } from '../score/audit.ts'
import type { ResourceDiff } from '../snapshot/diff.ts'
import type { Json } from '../snapshot/model.ts'
import { columns, cutEnd, cutMiddle, terminal } from './escape.ts'
import type { ReportOptions } from './model.ts'
import { comparisonText, rangeText } from './outline.ts'

export type Compared = Audit & { readonly comparison: Comparison }

/** What scripts rely on: each finding by its fingerprint, in the order of the audits. */
export function diffJson(audit: Compared): string {
  const { baseline, fixed, notRescanned, ruleChanged } = audit.comparison
  const marked = (state: Finding['baseline']) =>
    audit.findings.filter((finding) => finding.baseline === state).map(brief)
  const told = {
    old: baseline,
    new: marked('new'),
    fixed: fixed.map(brief),
    changed: marked('changed'),
    notRescanned: notRescanned.map(({ finding, reason }) => ({ ...brief(finding), reason })),
    ruleChanged: [...ruleChanged.map(brief), ...marked('rule-changed')],
    unchanged: marked('unchanged').length,
  }
  return `${JSON.stringify(told, null, 2)}\n`
}

const brief = ({ fingerprint, ruleId, severity, pillar, verdict, resource, subKey, message }: Finding) => ({
  fingerprint,
  ruleId,
  severity,
  pillar,
  verdict,
  resource,
  ...(subKey === undefined ? {} : { subKey }),
  message,
})

interface Page {
  readonly width: number
  readonly chalk: ChalkInstance
}

const pageOf = (options: ReportOptions): Page => ({
  width: Math.min(160, Math.max(40, options.width ?? 80)),
  chalk: new Chalk({ level: options.colorLevel ?? 0 }),
})

const STYLE: Readonly<Record<Severity, (chalk: ChalkInstance) => (text: string) => string>> = {
  critical: (chalk) => chalk.bold.red,
  high: (chalk) => chalk.red,
  medium: (chalk) => chalk.yellow,
  low: (chalk) => chalk.cyan,
  info: (chalk) => chalk.dim,
}

/** `+ high      s3-bucket-public-read  my-bucket`, and what it says below. */
function* findingLines(page: Page, sign: string, finding: Finding, more?: string): Iterable<string> {
  const severity = STYLE[finding.severity](page.chalk)(finding.severity.padEnd(8))
  const rule = terminal(finding.subKey === undefined ? finding.ruleId : `${finding.ruleId} ${finding.subKey}`)
  const name = terminal(finding.resource.name ?? finding.resource.id.split(/[:/]/).pop() ?? '')
  const room = page.width - 13
  const left = cutEnd(rule, Math.max(20, Math.floor(room * 0.6)))
  yield `${sign} ${severity}  ${left}  ${cutMiddle(name, Math.max(8, room - columns(left) - 2))}`
  yield `  ${page.chalk.dim(cutEnd(terminal(more ?? finding.message), page.width - 2))}`
}

function* section(
  page: Page,
  title: string,
  findings: readonly (Finding | { readonly finding: Finding; readonly reason: string })[],
  sign: string,
): Iterable<string> {
  if (findings.length === 0) return
  yield ''
  yield page.chalk.bold(`${title} (${findings.length})`)
  for (const each of findings) {
    if ('finding' in each) yield* findingLines(page, sign, each.finding, each.reason)
    else yield* findingLines(page, sign, each)
  }
}

export function* diffTable(audit: Compared, options: ReportOptions): Iterable<string> {
  const page = pageOf(options)
  const { baseline, fixed, notRescanned, ruleChanged } = audit.comparison
  const marked = (state: Finding['baseline']) =>
    audit.findings.filter((finding) => finding.baseline === state)
  const lines = [
    `${page.chalk.bold('From')} ${terminal(baseline.time)} ${page.chalk.bold('to')} ${terminal(audit.snapshot.time)}`,
    ...section(page, 'New', marked('new'), page.chalk.red('+')),
    ...section(page, 'Changed', marked('changed'), page.chalk.yellow('~')),
    ...section(page, 'Fixed', fixed, page.chalk.green('-')),
    ...section(
      page,
      'Rule changed: judged otherwise now',
      [...ruleChanged, ...marked('rule-changed')],
      page.chalk.cyan('*'),
    ),
    ...section(page, 'Not rescanned: nobody knows', notRescanned, page.chalk.yellow('?')),
    '',
    `${comparisonText(audit)}; score ${rangeText(audit.score.overall)}`,
  ]
  for (const line of lines) yield `${line}\n`
}

const shown = (value: Json | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value))

/** `diff --resources`: by resource and field. */
export function* resourceDiffTable(diff: ResourceDiff, options: ReportOptions): Iterable<string> {
  const page = pageOf(options)
  const line = (sign: string, of: { type: string; id: string }, rest = ''): string =>
    `${sign} ${cutEnd(terminal(of.type), 44)} ${cutMiddle(terminal(of.id), Math.max(20, page.width - columns(of.type) - 3))}${rest}\n`
  for (const one of diff.added) yield line(page.chalk.green('+'), one)
  for (const one of diff.removed) yield line(page.chalk.red('-'), one)
  for (const one of diff.changed) {
    yield line(page.chalk.yellow('~'), one)
    for (const { path, before, after } of one.changes) {
      const room = Math.max(20, Math.floor((page.width - 8) / 2))
      yield `    ${terminal(path)}\n`
      yield `      ${page.chalk.red(cutEnd(terminal(shown(before)), room))} ${page.chalk.dim('→')} ${page.chalk.green(cutEnd(terminal(shown(after)), room))}\n`
    }
  }
  for (const one of diff.notRescanned)
    yield line(page.chalk.yellow('?'), one, `\n    ${terminal(one.reason)}`)
  yield `${diff.added.length} added, ${diff.removed.length} removed, ${diff.changed.length} changed, ${diff.notRescanned.length} not rescanned\n`
}
