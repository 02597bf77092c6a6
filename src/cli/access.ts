import { ACCESS_TYPES, type Accesses, readAccesses } from '../analyze/policy/accesses.ts'
import type { AccessAnswer } from '../analyze/policy/answer.ts'
import { accessDetail, accessTable, type Decided, requestsTable } from '../report/access-table.ts'
import { json } from '../report/escape.ts'
import type { ReportOptions } from '../report/model.ts'
import type { SnapshotIndex } from '../snapshot/index.ts'
import { shortId } from '../snapshot/index.ts'
import type { Resource } from '../snapshot/model.ts'
import { UserError } from '../user-error.ts'
import { type Asked, readRequests } from './shared/access-requests.ts'
import { split } from './shared/collecting.ts'
import { EXIT } from './shared/exit.ts'
import { colorLevel, terminalWidth } from './shared/rendering.ts'
import { indexOf, loadSnapshots } from './shared/snapshots.ts'
import { warn, writeStdout } from './shared/streams.ts'

interface Flags {
  readonly resource?: readonly string[]
  readonly trustedAccount?: readonly string[]
  readonly requests?: string
  readonly format: 'table' | 'json'
  readonly now?: string
  readonly allowIncomplete?: boolean
  readonly color?: string
}

/** `access FILE…`: who can really get at what has a policy of its own, and why. */
export async function run(files: string[], flags: Flags): Promise<number> {
  const trustedAccounts = accountsIn(flags.trustedAccount)
  if (flags.requests !== undefined && flags.resource !== undefined) {
    throw new UserError('--requests and --resource do not go together', {
      next: 'Each request names its resource.',
    })
  }
  const asked = flags.requests === undefined ? undefined : await readRequests(flags.requests)
  const index = indexOf(await loadSnapshots(files))
  const now = flags.now ?? index.snapshot.manifest.time
  const accesses = readAccesses(index, { trustedAccounts, now })
  const incomplete = asked
    ? await answerRequests(accesses, asked, flags)
    : await answerResources(accesses, index, flags)
  return incomplete && !flags.allowIncomplete ? EXIT.incomplete : EXIT.ok
}

function accountsIn(given: readonly string[] | undefined): string[] {
  const accounts = split(given)
  const wrong = accounts.find((id) => !/^\d{12}$/.test(id))
  if (wrong === undefined) return accounts
  throw new UserError(`"${wrong.slice(0, 40)}" is no account`, { next: 'An account is twelve digits.' })
}

const optionsFor = (flags: Flags): ReportOptions => ({
  width: terminalWidth(undefined),
  colorLevel: colorLevel(undefined, flags),
})

/** @returns whether some decision hangs on what was not read */
async function answerRequests(accesses: Accesses, asked: readonly Asked[], flags: Flags): Promise<boolean> {
  const decided = asked.map(({ id, request, file, line }): Decided => {
    const answer = accesses.decide(request)
    if (answer) return { id, request, answer }
    throw new UserError(
      `request ${file}:${line}: "${request.resource}" is no resource of this snapshot that has a policy`,
      {
        file,
        line,
        next: 'A resource is the ARN of one, or of what lies in it: arn:aws:s3:::bucket/key.',
      },
    )
  })
  await writeStdout(
    flags.format === 'json'
      ? decided.map(
          ({ id, answer: { decision, statements, missing } }) =>
            `${json({ id, decision, statements, missing })}\n`,
        )
      : requestsTable(decided, optionsFor(flags)),
  )
  return decided.some(({ answer }) => answer.decision === 'unknown' && answer.missing.length > 0)
}

/** @returns whether some answer hangs on what was not read */
async function answerResources(accesses: Accesses, index: SnapshotIndex, flags: Flags): Promise<boolean> {
  const chosen = flags.resource?.map((name) => resourceNamed(index, name))
  const types = new Set(ACCESS_TYPES)
  const resources = chosen ?? index.snapshot.resources.filter((one) => types.has(one.type))
  const unlisted = chosen ? [] : listingsMissed(index)
  const answers = resources.flatMap((one) => accesses.answer(one) ?? [])
  await writeStdout(render(answers, chosen !== undefined, flags))
  for (const line of unlisted) warn(`not listed: ${line}`)
  return unlisted.length > 0 || answers.some((answer) => answer.missing.length > 0)
}

function* render(answers: readonly AccessAnswer[], whole: boolean, flags: Flags): Iterable<string> {
  if (flags.format === 'json') for (const answer of answers) yield `${json(answer)}\n`
  else if (!whole) yield* accessTable(answers, optionsFor(flags))
  else
    for (const [at, answer] of answers.entries()) {
      if (at > 0) yield '\n'
      yield* accessDetail(answer, optionsFor(flags))
    }
}

/** A resource by its ARN, or by its name or id where only one has it. */
function resourceNamed(index: SnapshotIndex, name: string): Resource {
  const next = 'Give the ARN of a bucket, key, role, queue or whatever else has a policy of its own.'
  const exact = index.byId(name)
  if (exact && !ACCESS_TYPES.includes(exact.type))
    throw new UserError(`${name} is an ${exact.type}, which has no policy of its own`, { next })
  if (exact) return exact
  const found = ACCESS_TYPES.flatMap((type) => index.ofType(type)).filter(
    (one) => shortId(one.id) === name || one.name === name,
  )
  const [only, other] = found
  if (only === undefined)
    throw new UserError(`"${name}" is no resource of this snapshot that has a policy`, { next })
  if (other === undefined) return only
  throw new UserError(`"${name}" is the name of ${found.length} resources`, {
    next: `Say which: ${found
      .slice(0, 5)
      .map((one) => one.id)
      .join(', ')}.`,
  })
}

/** Calls that would have listed more resources, and failed: `denied: sqs:ListQueues (eu-west-1)`. */
function listingsMissed(index: SnapshotIndex): string[] {
  const places = new Map<string, Set<string>>()
  const regions = index.scopes()
  for (const type of ACCESS_TYPES) {
    for (const { account, region } of regions) {
      for (const { outcome, operation, permission } of index.list(type, account, region).missing) {
        if (outcome === 'not-collected') continue
        const key = `${operation} ${outcome}: grant ${permission}`
        places.set(key, (places.get(key) ?? new Set()).add(region))
      }
    }
  }
  return [...places].map(([key, of]) => `${key} (${[...of].sort().join(', ')})`).sort()
}
