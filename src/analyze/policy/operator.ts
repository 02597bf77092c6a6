/**
 * Every condition operator. [IAM User Guide, "IAM JSON policy elements: Condition operators";
 * "Conditions with multiple context keys or values"; "Set operators for multivalued context keys"]
 */
import { contains, parseRange } from './address.ts'
import { matches } from './glob.ts'
import { NO, type Truth, UNKNOWN, YES } from './truth.ts'

export type Family = 'string' | 'like' | 'arn' | 'number' | 'date' | 'bool' | 'binary' | 'ip' | 'null'

export interface Operator {
  readonly family: Family
  readonly negated: boolean
  readonly ignoreCase: boolean
  readonly ifExists: boolean
  readonly set: 'all' | 'any' | undefined
  readonly compare: '=' | '<' | '<=' | '>' | '>='
}

type Base = Pick<Operator, 'family' | 'negated' | 'ignoreCase' | 'compare'>

function base(family: Family, compare: Operator['compare'] = '=', negated = false, ignoreCase = false): Base {
  return { family, negated, ignoreCase, compare }
}

function ordered(name: string, family: Family): [string, Base][] {
  return [
    [`${name}equals`, base(family)],
    [`${name}notequals`, base(family, '=', true)],
    [`${name}lessthan`, base(family, '<')],
    [`${name}lessthanequals`, base(family, '<=')],
    [`${name}greaterthan`, base(family, '>')],
    [`${name}greaterthanequals`, base(family, '>=')],
  ]
}

const BASES: ReadonlyMap<string, Base> = new Map<string, Base>([
  ['stringequals', base('string')],
  ['stringnotequals', base('string', '=', true)],
  ['stringequalsignorecase', base('string', '=', false, true)],
  ['stringnotequalsignorecase', base('string', '=', true, true)],
  ['stringlike', base('like')],
  ['stringnotlike', base('like', '=', true)],
  ['arnequals', base('arn')],
  ['arnlike', base('arn')],
  ['arnnotequals', base('arn', '=', true)],
  ['arnnotlike', base('arn', '=', true)],
  ...ordered('numeric', 'number'),
  ...ordered('date', 'date'),
  ['bool', base('bool')],
  ['binaryequals', base('binary')],
  ['ipaddress', base('ip')],
  ['notipaddress', base('ip', '=', true)],
  ['null', base('null')],
])

const read = new Map<string, Operator | undefined>()

/** An operator's name in any case, with its set prefix and `IfExists`; undefined where AWS has none of that name. */
export function parseOperator(name: string): Operator | undefined {
  if (read.has(name)) return read.get(name)
  const found = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/.exec(name.toLowerCase())
  const known = BASES.get(found?.[2] ?? '')
  const set = found?.[1] === 'forallvalues' ? 'all' : found?.[1] === 'foranyvalue' ? 'any' : undefined
  const operator: Operator | undefined = known && {
    family: known.family,
    negated: known.negated,
    ignoreCase: known.ignoreCase,
    ifExists: found?.[3] !== undefined,
    set,
    compare: known.compare,
  }
  if (read.size < 10_000) read.set(name, operator)
  return operator
}

/** Milliseconds since 1970 of an ISO 8601 time or an epoch in seconds. */
export function time(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return Number(text) * 1000
  const value = Date.parse(text)
  return Number.isNaN(value) ? undefined : value
}

export function numeric(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

function inOrder(compare: Operator['compare'], a: number, b: number): boolean {
  switch (compare) {
    case '=':
      return a === b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

/** AWS refuses to store a malformed number, date or block: what it would do with one is not known. */
function ordering(
  op: Operator,
  actual: string,
  wanted: string,
  parse: (text: string) => number | undefined,
): Truth {
  const b = parse(wanted)
  if (b === undefined) return UNKNOWN
  const a = parse(actual)
  return a !== undefined && inOrder(op.compare, a, b) ? YES : NO
}

function within(actual: string, wanted: string): Truth {
  const block = parseRange(wanted)
  if (!block) return UNKNOWN
  const address = parseRange(actual)
  return address && contains(block, address) ? YES : NO
}

/** One value of the request against one of the policy, as if the operator were not negated. */
function one(op: Operator, actual: string, wanted: string): Truth {
  switch (op.family) {
    case 'like':
    case 'arn':
      return matches(wanted, actual) ? YES : NO
    case 'number':
      return ordering(op, actual, wanted, numeric)
    case 'date':
      return ordering(op, actual, wanted, time)
    case 'bool':
      return actual.toLowerCase() === wanted.toLowerCase() ? YES : NO
    case 'ip':
      return within(actual, wanted)
    default:
      if (op.ignoreCase) return actual.toLowerCase() === wanted.toLowerCase() ? YES : NO
      return actual === wanted ? YES : NO
  }
}

function anyWanted(op: Operator, actual: string, wanted: readonly string[]): Truth {
  let result: Truth = NO
  for (const text of wanted) {
    const found = one(op, actual, text)
    if (found === YES) return YES
    if (found === UNKNOWN) result = UNKNOWN
  }
  return result
}

/** Whether one value of the request satisfies the operator: it matches, or for a negated operator does not. */
export function satisfies(op: Operator, actual: string, wanted: readonly string[]): Truth {
  const found = anyWanted(op, actual, wanted)
  return found === UNKNOWN ? UNKNOWN : (found === YES) !== op.negated ? YES : NO
}

function isNull(absent: boolean, wanted: readonly string[]): Truth {
  let result: Truth = NO
  for (const text of wanted) {
    const lower = text.toLowerCase()
    if (lower !== 'true' && lower !== 'false') result = UNKNOWN
    else if ((lower === 'true') === absent) return YES
  }
  return result
}

/**
 * The operator on the request's values (undefined: the key is absent) and the policy's, which are patterns for `…Like`
 * and `Arn…` and plain texts for the rest.
 */
export function evaluate(
  op: Operator,
  actual: readonly string[] | undefined,
  wanted: readonly string[],
): Truth {
  const absent = actual === undefined || actual.length === 0
  if (op.family === 'null') return isNull(absent, wanted)
  if (absent) {
    if (op.ifExists || op.set === 'all') return YES
    return op.set !== 'any' && op.negated ? YES : NO
  }
  const all = op.set === 'all'
  let result: Truth = all ? YES : NO
  for (const value of actual) {
    const holds = satisfies(op, value, wanted)
    if (holds === UNKNOWN) result = UNKNOWN
    else if ((holds === YES) !== all) return holds
  }
  return result
}
