/**
 * Every condition operator. [IAM User Guide, "IAM JSON policy elements: Condition operators";
 * "Conditions with multiple context keys or values"; "Set operators for multivalued context keys"]
 */
import { covers, parseRange } from './address.ts'
import { matches, matchesArn, written } from './glob.ts'
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
  const operator = known && ({ ...known, set, ifExists: found?.[3] !== undefined } as Operator | undefined)
  if (read.size < 10_000) read.set(name, operator)
  return operator
}

/** Milliseconds since 1970 of an ISO 8601 time or an epoch in seconds. */
export function time(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return Number(text) * 1000
  const value = Date.parse(text)
  return Number.isNaN(value) ? undefined : value
}

function order(compare: Operator['compare'], a: number, b: number): Truth {
  switch (compare) {
    case '=':
      return a === b ? YES : NO
    case '<':
      return a < b ? YES : NO
    case '<=':
      return a <= b ? YES : NO
    case '>':
      return a > b ? YES : NO
    case '>=':
      return a >= b ? YES : NO
  }
}

function numeric(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

function ordering(
  op: Operator,
  actual: string,
  wanted: string,
  parse: (text: string) => number | undefined,
): Truth {
  const b = parse(wanted)
  if (b === undefined) return UNKNOWN
  const a = parse(actual)
  return a === undefined ? NO : order(op.compare, a, b)
}

/** One value of the request against one of the policy, as if the operator were not negated. */
function one(op: Operator, actual: string, wanted: string): Truth {
  switch (op.family) {
    case 'like':
      return matches(wanted, actual) ? YES : NO
    case 'arn':
      return matchesArn(wanted, actual) ? YES : NO
    case 'number':
      return ordering(op, actual, written(wanted), numeric)
    case 'date':
      return ordering(op, actual, written(wanted), time)
    case 'bool':
      return actual.toLowerCase() === wanted.toLowerCase() ? YES : NO
    case 'ip': {
      const block = parseRange(written(wanted))
      if (!block) return UNKNOWN
      const address = parseRange(actual)
      return address && covers(block, address) ? YES : NO
    }
    default: {
      const text = written(wanted)
      return (op.ignoreCase ? actual.toLowerCase() === text.toLowerCase() : actual === text) ? YES : NO
    }
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

function isNull(actual: readonly string[] | undefined, wanted: readonly string[]): Truth {
  const absent = actual === undefined || actual.length === 0
  let result: Truth = NO
  for (const text of wanted) {
    const lower = text.toLowerCase()
    if (lower !== 'true' && lower !== 'false') result = UNKNOWN
    else if ((lower === 'true') === absent) return YES
  }
  return result
}

/**
 * The operator on the request's values (undefined: the key is absent) and the policy's patterns.
 * Malformed numbers, dates and blocks of the policy are unknown: AWS refuses to store them.
 */
export function evaluate(
  op: Operator,
  actual: readonly string[] | undefined,
  wanted: readonly string[],
): Truth {
  if (op.family === 'null') return isNull(actual, wanted)
  if (actual === undefined || actual.length === 0) {
    if (op.ifExists || op.set === 'all') return YES
    return op.set === 'any' ? NO : op.negated ? YES : NO
  }
  const all = op.set === 'all'
  let result: Truth = all ? YES : NO
  for (const value of actual) {
    const found = anyWanted(op, value, wanted)
    const holds: Truth = found === UNKNOWN ? UNKNOWN : (found === YES) !== op.negated ? YES : NO
    if (holds === UNKNOWN) result = UNKNOWN
    else if (all && holds === NO) return NO
    else if (!all && holds === YES) return YES
  }
  return result
}
