/** The answers of `access` for a person at a terminal: worst first, with the statement, a request that proves it, and what closes the rest. */
import { Chalk, type ChalkInstance } from 'chalk'
import type { AccessAnswer, ClassAnswer } from '../analyze/policy/answer.ts'
import { EXPOSURES, type Exposure } from '../analyze/policy/exposure.ts'
import type { RequestAnswer } from '../analyze/policy/requests.ts'
import type { Missing } from '../snapshot/model.ts'
import {
  accountsText,
  EXPOSURE_TEXT,
  grantText,
  keyTexts,
  listText,
  networkText,
  requestText,
  servicesText,
  typeText,
} from './access-words.ts'
import { columns, cutMiddle, terminal, wrap } from './escape.ts'
import type { ReportOptions } from './model.ts'
import { adviceFor, shortName } from './outline.ts'

interface Page {
  readonly chalk: ChalkInstance
  readonly width: number
}

const NARROWEST = 40
const WIDEST = 160
/** Statements shown of one resource; JSON has them all. */
const GRANTS = 3
/** Lines that one of its facts may take. */
const LINES = 4
/** A name that is cut shorter says nothing. */
const LEAST_NAME = 12
/** The column where a fact's text starts. */
const INDENT = 14

/** Shown one by one in a list of everything; what is narrower is counted. */
const WIDE: ReadonlySet<Exposure> = new Set(EXPOSURES.slice(0, EXPOSURES.indexOf('organization')))

function pageOf({ colorLevel, width }: ReportOptions): Page {
  return {
    chalk: new Chalk({ level: colorLevel ?? 0 }),
    width: Math.min(WIDEST, Math.max(NARROWEST, width ?? 80)),
  }
}

/** A question mark where some part was not read: it may be wider. */
const exposureText = ({ exposure, missing }: AccessAnswer): string =>
  missing.length > 0 ? `${exposure}?` : exposure

function badge({ chalk }: Page, answer: AccessAnswer): string {
  const { exposure, missing } = answer
  const text = exposureText(answer)
  if (exposure === 'public' || exposure === 'external-unknown') return chalk.red.bold(text)
  const closed = exposure === 'same-account' || exposure === 'none'
  return closed && missing.length === 0 ? chalk.green.bold(text) : chalk.yellow.bold(text)
}

function* row({ chalk, width }: Page, name: string, text: string, most = LINES): Iterable<string> {
  if (text === '') return
  const [first = '', ...rest] = wrap(text, width - INDENT, most)
  yield `  ${chalk.dim(name.padEnd(INDENT - 2))}${first}`
  for (const line of rest) yield `${' '.repeat(INDENT)}${line}`
}

/** Exposure, name and type, and where it lies at the right edge; on a line of its own where there is no room. */
function* headLines(page: Page, answer: AccessAnswer): Iterable<string> {
  const { resource, type, account, region } = answer
  const { length } = exposureText(answer)
  const place = terminal(`${account} ${region}`)
  const kind = typeText(type)
  const name = terminal(shortName(resource))
  const room = page.width - length - kind.length - place.length - 6
  const start = (width: number): string =>
    `${badge(page, answer)}  ${page.chalk.bold(cutMiddle(name, width))}`
  if (room < LEAST_NAME) {
    yield start(page.width - length - 2)
    yield* row(page, 'is', `${kind} ${place}`)
    return
  }
  const gap = ' '.repeat(room - Math.min(columns(name), room) + 2)
  yield `${start(room)}  ${kind}${page.chalk.dim(`${gap}${place}`)}`
}

function missingText(missing: Missing): string {
  return terminal(`${missing.operation} ${missing.outcome}: ${adviceFor(missing)}`)
}

function* missingLines(page: Page, missing: readonly Missing[]): Iterable<string> {
  const texts = [...new Set(missing.map(missingText))]
  for (const text of texts) yield* row(page, 'not known', text)
}

function* audienceLines(page: Page, answer: AccessAnswer): Iterable<string> {
  yield* row(page, 'accounts', accountsText(answer))
  yield* row(page, 'organizations', listText(answer.orgs))
  yield* row(page, 'networks', networkText(answer.network))
  yield* row(page, 'services', servicesText(answer))
  yield* row(page, 'identities', listText([...answer.federated, ...answer.canonicalUsers]))
  yield* row(page, 'gone or by id', listText(answer.unknownPrincipalIds))
  for (const [name, text] of keyTexts(answer)) yield* row(page, name, text)
}

/** An endpoint grants nothing: what it leaves unbounded is its exposure. */
function* endpointLines(page: Page, answer: AccessAnswer): Iterable<string> {
  const { unrestrictedPrincipals, unrestrictedResources } = answer
  const said = (value: boolean | null): string =>
    value === null ? 'not known' : value ? 'not bounded' : 'bounded'
  if (unrestrictedPrincipals !== undefined) yield* row(page, 'principals', said(unrestrictedPrincipals))
  if (unrestrictedResources !== undefined) yield* row(page, 'resources', said(unrestrictedResources))
}

function* evidenceLines(page: Page, answer: AccessAnswer): Iterable<string> {
  const { grants, witness, blockedBy, notes, missing } = answer
  for (const grant of grants.slice(0, GRANTS)) yield* row(page, 'by', grantText(grant))
  if (grants.length > GRANTS)
    yield* row(page, '', `and ${grants.length - GRANTS} more statements (--format json)`)
  if (witness) yield* row(page, 'allowed', requestText(witness))
  yield* audienceLines(page, answer)
  yield* endpointLines(page, answer)
  yield* row(page, 'closed by', listText(blockedBy))
  for (const note of notes) yield* row(page, 'note', terminal(note))
  yield* missingLines(page, missing)
}

const CLASS_TEXT: Readonly<Record<ClassAnswer['class'], string>> = {
  anonymous: 'anonymous',
  'any-principal': 'any AWS account',
  organization: 'own organization',
  'trusted-account': 'trusted account',
  account: 'account',
  federated: 'identities of',
  service: 'service',
  'own-account': 'own account',
}

function reasonText({ answer, statements, blockedBy, missing }: ClassAnswer): string {
  if (answer === 'yes') return listText(statements)
  if (answer === 'no') return blockedBy.length > 0 ? `closed by ${listText(blockedBy)}` : ''
  return listText([...new Set(missing.map((one) => `${one.operation} ${one.outcome}`))])
}

/** A class of callers, and by what they get in, or why not. */
function* classLines(page: Page, one: ClassAnswer): Iterable<string> {
  const { chalk, width } = page
  const mark = { yes: chalk.red('yes'), no: chalk.green('no '), unknown: chalk.yellow('?  ') }[one.answer]
  const who = one.who === undefined ? '' : ` ${terminal(one.who)}`
  const named = cutMiddle(`${CLASS_TEXT[one.class]}${who}`, width - 8)
  const used = 8 + columns(named) + 2
  const why = reasonText(one)
  if (why === '' || used + columns(why) <= width) {
    yield `    ${mark} ${named}  ${chalk.dim(why)}`
    return
  }
  yield `    ${mark} ${named}`
  for (const line of wrap(why, width - 10, LINES)) yield `          ${chalk.dim(line)}`
}

/** One resource, whole: the answer for every class of callers, too. */
export function* accessDetail(answer: AccessAnswer, options: ReportOptions): Iterable<string> {
  const page = pageOf(options)
  yield* lines(headLines(page, answer))
  yield* lines(row(page, 'resource', terminal(answer.resource)))
  yield* lines(row(page, 'means', EXPOSURE_TEXT[answer.exposure]))
  yield* lines(evidenceLines(page, answer))
  if (answer.classes.length === 0) return
  yield `  ${page.chalk.dim('who can get in')}\n`
  for (const one of answer.classes) yield* lines(classLines(page, one))
}

function* lines(of: Iterable<string>): Iterable<string> {
  for (const line of of) yield `${line.trimEnd()}\n`
}

const rank = (answer: AccessAnswer): number => EXPOSURES.indexOf(answer.exposure)
const isWorthABlock = (answer: AccessAnswer): boolean =>
  WIDE.has(answer.exposure) ||
  answer.confusedDeputy ||
  answer.missing.length > 0 ||
  answer.unrestrictedPrincipals === true

/** Every resource: those that others get at one by one, the rest counted. */
export function* accessTable(answers: readonly AccessAnswer[], options: ReportOptions): Iterable<string> {
  const page = pageOf(options)
  const shown = answers.filter(isWorthABlock).sort((a, b) => rank(a) - rank(b))
  for (const answer of shown) {
    yield* lines(headLines(page, answer))
    yield* lines(evidenceLines(page, answer))
    yield '\n'
  }
  const counts = EXPOSURES.flatMap((exposure) => {
    const count = answers.filter((answer) => answer.exposure === exposure).length
    return count === 0 ? [] : [`${count.toLocaleString('en-US')} ${exposure}`]
  })
  const all = answers.length.toLocaleString('en-US')
  const what = answers.length === 1 ? 'resource' : 'resources'
  const sum = `${all} ${what}${counts.length > 0 ? `: ${counts.join(', ')}` : ' with a policy of their own'}`
  yield* lines(wrap(sum, page.width))
}

/** A concrete request and its answer. */
export interface Decided {
  readonly id: string | number
  readonly request: Parameters<typeof requestText>[0]
  readonly answer: RequestAnswer
}

/** Requests in their order: what was decided, and by what. */
export function* requestsTable(decided: readonly Decided[], options: ReportOptions): Iterable<string> {
  const page = pageOf(options)
  const { chalk, width } = page
  const paint = {
    allowed: chalk.red,
    'explicit-deny': chalk.green,
    'implicit-deny': chalk.green,
    unknown: chalk.yellow,
  }
  for (const { id, request, answer } of decided) {
    const { decision, statements, missing } = answer
    const name = cutMiddle(terminal(String(id)), Math.max(8, width - decision.length - 2))
    yield `${paint[decision].bold(decision)}  ${name}\n`
    yield* lines(row(page, 'request', requestText(request)))
    yield* lines(row(page, 'by', listText(statements)))
    yield* lines(missingLines(page, missing))
  }
}
