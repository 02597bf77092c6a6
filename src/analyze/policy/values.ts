/**
 * The parts of a request besides its caller and action, each with the finite set of values that the rules can tell
 * apart: within one part every value is like one of these.
 */

import type { Action } from './actions.ts'
import { cells, format, parseRange, type Range } from './address.ts'
import { type KeyFacts, keyFacts } from './condition-key.ts'
import { isWild } from './glob.ts'
import { patternsOf } from './named.ts'
import { numeric, satisfies, time } from './operator.ts'
import type { BoundCondition } from './rule.ts'
import { type Cut, samples } from './samples.ts'
import { YES } from './truth.ts'

/** One value of a part. */
export interface Atom {
  /** Every key of the part; those that are not here are absent. */
  readonly values: ReadonlyMap<string, readonly string[]>
  /** Anyone can come with it. */
  readonly open: boolean
  readonly label: string
  /** Of `aws:SourceIp`: all the addresses that are like this one. */
  readonly range: Range | undefined
  /** Whose it is: an account or an organization; of an access point that is there, `accessPoint:` and its index. */
  readonly owner: string | undefined
  /** A bucket's ARN, which names no account. */
  readonly nameOnly: boolean
}

export interface Dimension {
  readonly name: string
  readonly atoms: readonly Atom[]
  /** The index of the atom without any of the keys, or -1. */
  readonly absent: number
  /** Some value is not anyone's. */
  readonly limited: boolean
  /** The indexes of all atoms, of those that have some of the keys, of the one that has none. */
  readonly all: readonly number[]
  readonly present: readonly number[]
  readonly none: readonly number[]
  /** Of a dimension that is one key. */
  readonly facts: KeyFacts | undefined
  /** Of a resource: the indexes that an action on buckets, on objects or on either can have. */
  readonly on: ReadonlyMap<Action['on'], readonly number[]> | undefined
}

/** Every atom with all the fields, so that they are of one shape: a table is made by reading them all. */
export function atom(values: Atom['values'], label: string, rest: Partial<Atom> = {}): Atom {
  const { open = true, range, owner, nameOnly = false } = rest
  return { values, open, label, range, owner, nameOnly }
}

export const ABSENT: Atom = atom(new Map(), '')

export function keyed(key: string, values: readonly string[], rest: Partial<Atom> = {}): Atom {
  const { label = values.length === 1 ? (values[0] ?? '') : values.join(', ') } = rest
  return atom(new Map([[key, values]]), label, rest)
}

export function dimension(
  name: string,
  atoms: readonly Atom[],
  absent: number,
  on?: Dimension['on'],
): Dimension {
  const all: number[] = []
  const present: number[] = []
  let limited = false
  for (let at = 0; at < atoms.length; at++) {
    all.push(at)
    if (at !== absent) present.push(at)
    limited ||= atoms[at]?.open === false
  }
  return { name, atoms, absent, limited, all, present, none: [absent], facts: keyFacts(name), on }
}

/** Every pattern that the conditions compare with as text. */
export function patternSet(conditions: readonly BoundCondition[]): Set<string> {
  return new Set(conditions.flatMap(patternsOf))
}

export const literalsOf = (patterns: ReadonlySet<string>): Set<string> =>
  new Set([...patterns].filter((pattern) => !isWild(pattern)))

/** Each border, a value between each two, one below and one above them all. */
function around(borders: readonly number[]): number[] {
  const sorted = [...new Set(borders)].sort((a, b) => a - b)
  const [first] = sorted
  const last = sorted[sorted.length - 1]
  if (first === undefined || last === undefined) return []
  const between = sorted.slice(1).map((border, at) => (border + (sorted[at] ?? border)) / 2)
  return [last + 1, ...sorted, ...between, first - 1]
}

function bordersOf(
  conditions: readonly BoundCondition[],
  family: string,
  parse: (text: string) => number | undefined,
) {
  const own = conditions.filter((condition) => condition.operator?.family === family)
  return own.flatMap(({ values }) => values.flatMap((value) => parse(value) ?? []))
}

function dates(conditions: readonly BoundCondition[]): string[] {
  const borders = bordersOf(conditions, 'date', time).filter((at) => Math.abs(at) < 8e15)
  return around(borders.map((at) => at / 1000)).map((second) => new Date(second * 1000).toISOString())
}

function addresses(conditions: readonly BoundCondition[]): string[] {
  const blocks = conditions
    .filter((condition) => condition.operator?.family === 'ip')
    .flatMap(({ values }) => values.flatMap((value) => parseRange(value) ?? []))
  return blocks.length === 0 ? [] : cells(blocks, []).map((range) => format(range.version, range.low))
}

function textsOf(key: string, conditions: readonly BoundCondition[], cut: Cut): string[] {
  const families = new Set(conditions.map((condition) => condition.operator?.family))
  if (keyFacts(key)?.bool || families.has('bool')) return ['true', 'false']
  const special = [
    ...around(bordersOf(conditions, 'number', numeric)).map(String),
    ...dates(conditions),
    ...addresses(conditions),
  ]
  const patterns = patternSet(conditions)
  return patterns.size > 0 || special.length === 0 ? [...samples(patterns, cut), ...special] : special
}

const BOUNDS = 8

/**
 * Lists of values of a multivalued key. A condition asks of a list that it lies within some set or that it meets one,
 * so that of all lists within the same sets the longest decides: intersections of those sets are enough.
 */
function lists(texts: readonly string[], conditions: readonly BoundCondition[], cut: Cut): string[][] {
  const bounds = new Map<string, string[]>()
  const add = (list: string[]): void => {
    if (list.length > 0 && list.length < texts.length) bounds.set(list.join('\n'), list)
  }
  for (const { operator, values } of conditions) {
    if (!operator || operator.family === 'null') continue
    add(texts.filter((text) => satisfies(operator, text, values) === YES))
    add(texts.filter((text) => satisfies(operator, text, values) !== YES))
  }
  const sets = [...bounds.values()]
  if (sets.length > BOUNDS) cut.happened = true
  const found = new Map<string, string[]>([[texts.join('\n'), [...texts]]])
  for (const bound of sets.slice(0, BOUNDS)) {
    for (const list of [...found.values()]) {
      const both = list.filter((text) => bound.includes(text))
      if (both.length > 0) found.set(both.join('\n'), both)
    }
  }
  for (const text of texts) found.set(text, [text])
  return [...found.values()].sort((a, b) => a.length - b.length)
}

/** Values of a key that the caller may set at will. */
export function requestAtoms(key: string, conditions: readonly BoundCondition[], cut: Cut): Atom[] {
  const texts = textsOf(key, conditions, cut)
  const values = keyFacts(key)?.multi ? lists(texts, conditions, cut) : texts.map((text) => [text])
  return values.map((value) => keyed(key, value))
}
