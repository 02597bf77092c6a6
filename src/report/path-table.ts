/** The answers of `reach` for a person at a terminal: what is open, a packet that proves it, or what keeps it closed. */
import { Chalk, type ChalkInstance } from 'chalk'
import type { Exposed } from '../analyze/network/exposure.ts'
import type { ReachAnswer } from '../analyze/network/reach.ts'
import type { Hop } from '../analyze/network/reasons.ts'
import { columns, cutEnd, cutMiddle, terminal } from './escape.ts'
import type { ReportOptions } from './model.ts'
import { adviceFor } from './outline.ts'
import { packetText, portsText, reasonText, shortOf } from './path-words.ts'

export interface PathTableOptions extends ReportOptions {
  /** What a resource is called, where it has a name. */
  readonly nameOf?: (id: string) => string | undefined
  /** As the query names the traffic: `tcp 22`. */
  readonly asked?: string
}

interface Page {
  readonly chalk: ChalkInstance
  readonly width: number
  readonly nameOf: (id: string) => string | undefined
}

/** Sources shown of one row; JSON has them all. */
const FIRST = 4
const WIDEST = 160

function pageOf(options: PathTableOptions): Page {
  return {
    chalk: new Chalk({ level: options.colorLevel ?? 0 }),
    width: Math.min(WIDEST, Math.max(40, options.width ?? 80)),
    nameOf: options.nameOf ?? (() => undefined),
  }
}

function named(page: Page, id: string): string {
  const short = terminal(shortOf(id))
  const name = page.nameOf(id)
  return name === undefined || name === '' || terminal(name) === short
    ? short
    : `${terminal(name)} (${short})`
}

function list(values: readonly string[]): string {
  const shown = values.slice(0, FIRST).join(', ')
  return values.length > FIRST ? `${shown} and ${values.length - FIRST} more` : shown
}

function badge({ chalk }: Page, verdict: ReachAnswer['verdict']): string {
  if (verdict === 'reachable') return chalk.red.bold('reachable')
  return verdict === 'blocked' ? chalk.green.bold('blocked') : chalk.yellow.bold('unknown')
}

function exposureLine(page: Page, row: Exposed): string {
  const way = row.via === undefined ? '' : `  by ${named(page, row.via)}`
  const ends = list(row.destinations ?? row.sources)
  const what = `${row.protocol} ${portsText(row)}`.trim()
  return `  ${what.padEnd(16)}  ${row.destinations ? 'to' : 'from'} ${ends}${page.chalk.dim(way)}`
}

function* hopLines(page: Page, hops: readonly Hop[]): Iterable<string> {
  const names = hops.map(({ resource }) => terminal(shortOf(resource)))
  const wide = Math.min(Math.floor(page.width / 2), Math.max(0, ...names.map(columns)))
  for (const [at, hop] of hops.entries()) {
    const name = cutMiddle(names[at] ?? '', wide)
    const padded = name + ' '.repeat(Math.max(0, wide - columns(name)))
    const detail = page.chalk.dim(cutEnd(terminal(hop.detail), Math.max(8, page.width - wide - 9)))
    yield `    ${at === 0 ? '● ' : '└▸'} ${padded}  ${detail}`.trimEnd()
  }
}

function* reachableLines(page: Page, answer: ReachAnswer): Iterable<string> {
  for (const row of answer.exposed) yield cutEnd(exposureLine(page, row), page.width + 40)
  const { witness } = answer
  if (!witness) return
  yield ''
  yield `  ${page.chalk.bold('a packet that gets there')}  ${terminal(packetText(witness))}`
  yield* hopLines(page, witness.hops)
  if (witness.reply.length === 0) return
  yield `  ${page.chalk.bold('and its answer')}`
  yield* hopLines(page, witness.reply)
}

function* causeLines(page: Page, answer: ReachAnswer): Iterable<string> {
  const mark = answer.verdict === 'blocked' ? page.chalk.green('✗') : page.chalk.yellow('?')
  for (const blocker of answer.blockedBy) {
    const rule = blocker.rule === undefined ? '' : `  ${page.chalk.dim(terminal(blocker.rule))}`
    yield `  ${mark} ${named(page, blocker.resource)} ${reasonText(blocker, answer)}${rule}  ${page.chalk.dim(blocker.reason)}`
  }
  for (const missing of answer.missing) {
    yield `    ${page.chalk.green('→')} ${cutMiddle(terminal(`${missing.operation} ${missing.outcome}: ${adviceFor(missing)}`), page.width - 6)}`
  }
  const { latent } = answer
  if (!latent) return
  yield `  ${page.chalk.yellow('!')} open as soon as that changes:`
  for (const row of latent.exposed) yield `  ${exposureLine(page, row)}`
}

/** One answer, whole. */
export function* pathTable(answer: ReachAnswer, options: PathTableOptions): Iterable<string> {
  const page = pageOf(options)
  const asked = options.asked ? `  ${page.chalk.dim(options.asked)}` : ''
  const id = answer.id === undefined ? '' : `${page.chalk.dim(terminal(String(answer.id)))}  `
  yield `${id}${badge(page, answer.verdict)}  ${named(page, answer.from)} → ${named(page, answer.to)}${asked}\n`
  for (const line of answer.verdict === 'reachable'
    ? reachableLines(page, answer)
    : causeLines(page, answer)) {
    yield `${line}\n`
  }
}

/** Everything that a source reaches: a target and its rows, then what nobody can tell. */
export function* pathsTable(
  from: string,
  answers: readonly ReachAnswer[],
  options: PathTableOptions,
): Iterable<string> {
  const page = pageOf(options)
  const reached = answers.filter(({ verdict }) => verdict === 'reachable')
  const unknown = answers.filter(({ verdict }) => verdict === 'unknown')
  for (const answer of reached) {
    yield `${page.chalk.bold(named(page, answer.to))}\n`
    for (const row of answer.exposed) yield `${cutEnd(exposureLine(page, row), page.width + 40)}\n`
  }
  for (const answer of unknown) {
    yield `${page.chalk.yellow('?')} ${named(page, answer.to)}\n`
    for (const line of causeLines(page, answer)) yield `${line}\n`
  }
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
  const rest = unknown.length > 0 ? `; ${unknown.length} more unknown` : ''
  yield `${reached.length + unknown.length > 0 ? '\n' : ''}${terminal(from)} reaches ${count(reached.length, 'target')}${rest}\n`
}
