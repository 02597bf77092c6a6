/** The functions that rules have beyond CEL's own. One table, so that what is checked is what runs. */
import { Optional } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { holdsCredential, isPassword } from '../snapshot/credentials.ts'
import type { Json } from '../snapshot/model.ts'
import { addressCount, cidrContains, cidrOverlaps, isPrivate, publicShare } from './cidr.ts'

/** What the functions ask of the evaluation that is under way. */
export interface Host {
  now(): Date
  /** Takes from the budget of steps. @throws when nothing is left */
  spend(steps: number): void
}

export type Signature = readonly [signature: string, handler: (...values: never[]) => unknown]

const LONGEST_PATTERN = 1000
const DAY = 86_400_000

/** @throws with what is wrong: RE2 has no look-around and no back-references, and so never runs longer than linear */
export function compilePattern(pattern: string): RE2JS {
  if (pattern.length > LONGEST_PATTERN) throw new Error(`a pattern has at most ${LONGEST_PATTERN} characters`)
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    throw new Error(`not a pattern of RE2: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function patterns(): (pattern: string) => RE2JS {
  const known = new Map<string, RE2JS>()
  return (pattern) => {
    const found = known.get(pattern)
    if (found) return found
    const compiled = compilePattern(pattern)
    if (known.size > 500) known.clear()
    known.set(pattern, compiled)
    return compiled
  }
}

/** What the pattern's first group matched first; none where the pattern, or the group, matches nothing. */
function captured(pattern: RE2JS, text: string): Optional<string> {
  const matcher = pattern.matcher(text)
  if (matcher.groupCount() < 1) throw new Error('capture() needs a pattern with a group')
  const found = matcher.find() ? matcher.group(1) : null
  return found === null ? Optional.none() : Optional.of(found)
}

/** `*` any characters, `?` one character; case counts. Two pointers: no backtracking beyond the last `*`. */
export function glob(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let mark = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++
      mark = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++mark
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

function time(value: string | Date): number {
  const at =
    value instanceof Date ? value.getTime() : /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at)) throw new Error(`not an ISO 8601 time: ${String(value).slice(0, 60)}`)
  return at
}

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The statements of a parsed policy document, one or many. */
function policyStatements(document: unknown): readonly Json[] {
  if (!isObject(document)) throw new Error('not a policy document')
  const statement = Object.hasOwn(document, 'Statement') ? document['Statement'] : undefined
  if (Array.isArray(statement)) return statement
  if (isObject(statement)) return [statement]
  throw new Error('a policy document without statements')
}

/** The value of a key in a list of `{Key, Value}`, as tags and attributes come. */
function attribute(list: unknown, key: string): Optional<string> {
  if (!Array.isArray(list)) throw new Error('attribute() needs a list of keys and values')
  for (const each of list) {
    if (!isObject(each)) continue
    const name = each['Key'] ?? each['key'] ?? each['TagKey'] ?? each['Name']
    const value = each['Value'] ?? each['value'] ?? each['TagValue']
    if (name === key && typeof value === 'string') return Optional.of(value)
  }
  return Optional.none()
}

/** What of a list is told apart: numbers of JSON and of CEL are the same number. */
const identity = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)) ??
  String(value)

/** Each value once, in the order in which they come. */
function distinct(list: readonly unknown[]): unknown[] {
  const seen = new Map<string, unknown>()
  for (const value of list) {
    const key = identity(value)
    if (!seen.has(key)) seen.set(key, value)
  }
  return [...seen.values()]
}

/** @throws always: the rule itself says that this can't be told, and why */
function cannotTell(why: string): never {
  throw new Error(why)
}

/** How much of the budget a value takes when it is copied or searched. */
function size(value: unknown): number {
  if (Array.isArray(value)) return value.length >> 3
  return typeof value === 'string' ? value.length >> 4 : 0
}

const TIME = 'google.protobuf.Timestamp'

/** Functions that exist in the checked and in the evaluated language alike. */
export function functions(host: Host): readonly Signature[] {
  const pattern = patterns()
  const searching = (text: string, expression: string): RE2JS => {
    const compiled = pattern(expression)
    host.spend(1 + Math.floor((text.length * expression.length) / 10_000))
    return compiled
  }
  const since = (value: string | Date): bigint =>
    BigInt(Math.floor((host.now().getTime() - time(value)) / DAY))
  const until = (value: string | Date): bigint =>
    BigInt(Math.floor((time(value) - host.now().getTime()) / DAY))
  return [
    [
      'matches(string, string): bool',
      (text: string, expression: string) => searching(text, expression).test(text),
    ],
    [
      'capture(string, string): optional<string>',
      (text: string, expression: string) => captured(searching(text, expression), text),
    ],
    [
      'glob(string, string): bool',
      (expression: string, text: string) => {
        host.spend(1 + Math.floor((text.length * expression.length) / 10_000))
        return glob(expression, text)
      },
    ],
    ['cidrContains(string, string): bool', cidrContains],
    ['cidrOverlaps(string, string): bool', cidrOverlaps],
    ['isPrivate(string): bool', isPrivate],
    ['addressCount(string): int', addressCount],
    [
      'publicShare(list<string>): double',
      (cidrs: readonly string[]) => {
        host.spend(cidrs.length)
        return publicShare(cidrs)
      },
    ],
    ['daysSince(string): int', since],
    [`daysSince(${TIME}): int`, since],
    ['daysUntil(string): int', until],
    [`daysUntil(${TIME}): int`, until],
    ['lower(string): string', (text: string) => text.toLowerCase()],
    ['split(string, string): list<string>', (text: string, separator: string) => text.split(separator)],
    [
      'distinct(list<dyn>): list<dyn>',
      (list: readonly unknown[]) => {
        host.spend(list.length)
        return distinct(list)
      },
    ],
    [
      'flatten(list<dyn>): list<dyn>',
      (lists: readonly unknown[]) => {
        const flat = lists.flat()
        host.spend(flat.length >> 3)
        return flat
      },
    ],
    ['unknown(string): bool', cannotTell],
    [
      'holdsCredential(string): bool',
      (text: string) => {
        host.spend(1 + (text.length >> 6))
        return holdsCredential(text)
      },
    ],
    ['isPassword(string, string): bool', isPassword],
    ['attribute(dyn, string): optional<string>', attribute],
    ['policyStatements(dyn): list<dyn>', policyStatements],
  ]
}

/** Functions that only the rewritten expression calls: see `rewrite.ts`. */
export function counting(host: Host): readonly Signature[] {
  return [
    [
      'tick(): bool',
      () => {
        host.spend(1)
        return true
      },
    ],
    [
      'charge(dyn): dyn',
      (value: unknown) => {
        host.spend(size(value))
        return value
      },
    ],
    ['joined(dyn): string', (list: unknown) => join(host, list, '')],
    ['joined(dyn, string): string', (list: unknown, separator: string) => join(host, list, separator)],
  ]
}

function join(host: Host, list: unknown, separator: string): string {
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string'))
    throw new Error('join() needs a list of strings')
  host.spend(
    (list.reduce((sum: number, item: string) => sum + item.length, 0) + separator.length * list.length) >> 4,
  )
  return list.join(separator)
}
