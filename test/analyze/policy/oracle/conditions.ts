/**
 * Condition blocks against one request's context, operator by operator.
 * @see IAM User Guide, "Condition operators", "Conditions with multiple context keys or values"
 */
import type { Token, Values } from './match.ts'
import { arnMatches, glob, literal, tokens } from './match.ts'
import type { ConditionBlock, PolicyDocument } from './model.ts'
import { many } from './model.ts'

interface Operator {
  readonly set: 'all' | 'any' | undefined
  readonly base: string
  readonly negated: boolean
  readonly ifExists: boolean
}

type Test = (policy: readonly Token[], value: string) => boolean

function instant(text: string): number {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}

function ordered(parse: (text: string) => number, holds: (value: number, policy: number) => boolean): Test {
  return (policy, value) => {
    const [left, right] = [parse(value), parse(literal(policy))]
    return !Number.isNaN(left) && !Number.isNaN(right) && holds(left, right)
  }
}

const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))

const TESTS: Readonly<Record<string, Test>> = {
  stringequals: (policy, value) => literal(policy) === value,
  stringequalsignorecase: (policy, value) => literal(policy).toLowerCase() === value.toLowerCase(),
  stringlike: glob,
  arnequals: arnMatches,
  arnlike: arnMatches,
  numericequals: ordered(number, (a, b) => a === b),
  numericlessthan: ordered(number, (a, b) => a < b),
  numericlessthanequals: ordered(number, (a, b) => a <= b),
  numericgreaterthan: ordered(number, (a, b) => a > b),
  numericgreaterthanequals: ordered(number, (a, b) => a >= b),
  dateequals: ordered(instant, (a, b) => a === b),
  datelessthan: ordered(instant, (a, b) => a < b),
  datelessthanequals: ordered(instant, (a, b) => a <= b),
  dategreaterthan: ordered(instant, (a, b) => a > b),
  dategreaterthanequals: ordered(instant, (a, b) => a >= b),
  bool: (policy, value) => literal(policy).toLowerCase() === value.toLowerCase(),
  binaryequals: (policy, value) => literal(policy) === value,
  ipaddress: (policy, value) => inCidr(value, literal(policy)),
}

const NEGATIONS: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
  numericnotequals: 'numericequals',
  datenotequals: 'dateequals',
  notipaddress: 'ipaddress',
}

const VARIABLES_IN = /^(string|arn)/

export function parseOperator(text: string): Operator {
  let name = text.toLowerCase()
  const set = name.startsWith('forallvalues:') ? 'all' : name.startsWith('foranyvalue:') ? 'any' : undefined
  if (set) name = name.slice(name.indexOf(':') + 1)
  const ifExists = name.endsWith('ifexists')
  if (ifExists) name = name.slice(0, -'ifexists'.length)
  const positive = NEGATIONS[name]
  return { set, base: positive ?? name, negated: positive !== undefined, ifExists }
}

function missing(operator: Operator): boolean {
  if (operator.ifExists || operator.set === 'all') return true
  if (operator.set === 'any') return false
  return operator.negated
}

function holds(
  operator: Operator,
  policyValues: readonly string[],
  carried: readonly string[] | undefined,
  values: Values,
  version: PolicyDocument['Version'],
): boolean {
  const present = carried !== undefined && carried.length > 0
  if (operator.base === 'null')
    return policyValues.some((value) => (value.toLowerCase() === 'true') === !present)
  if (!present) return missing(operator)
  const test = TESTS[operator.base]
  if (!test) return false
  const language = VARIABLES_IN.test(operator.base) ? version : undefined
  const matches = (value: string): boolean =>
    policyValues.some((text) => {
      const pattern = tokens(text, values, language)
      return pattern !== undefined && test(pattern, value)
    })
  const satisfied = (value: string): boolean => matches(value) !== operator.negated
  return operator.set === 'all' ? carried.every(satisfied) : carried.some(satisfied)
}

/** Operators and keys all have to hold; of one key's values one has to, or none for a negated operator. */
export function conditionsHold(
  block: ConditionBlock | undefined,
  values: Values,
  version: PolicyDocument['Version'],
): boolean {
  return Object.entries(block ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, value]) =>
      holds(parseOperator(operator), many(value).map(String), values.get(key.toLowerCase()), values, version),
    ),
  )
}

export interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

export function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const bytes = text.split('.')
    if (bytes.length !== 4 || !bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) < 256))
      return undefined
    return { bits: 32, value: bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) }
  }
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const left = head ?? []
  const right = tail ?? []
  const gap = 8 - left.length - right.length
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined
  const groups = [...left, ...new Array<string>(tail === undefined ? 0 : gap).fill('0'), ...right]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return { bits: 128, value: groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n) }
}

export interface Cidr {
  readonly bits: 32 | 128
  readonly first: bigint
  readonly last: bigint
  readonly prefix: number
}

export function parseCidr(text: string): Cidr | undefined {
  const [base, length] = text.split('/')
  const address = parseAddress(base ?? '')
  if (!address) return undefined
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined
  const prefix = length === undefined ? address.bits : Number(length)
  if (prefix > address.bits) return undefined
  const size = 1n << BigInt(address.bits - prefix)
  const first = address.value - (address.value % size)
  return { bits: address.bits, first, last: first + size - 1n, prefix }
}

export function inCidr(address: string, cidr: string): boolean {
  const at = parseAddress(address)
  const range = parseCidr(cidr)
  return !!at && !!range && at.bits === range.bits && at.value >= range.first && at.value <= range.last
}

export function formatAddress(bits: 32 | 128, value: bigint): string {
  const [count, width] = bits === 32 ? [4, 8n] : [8, 16n]
  const parts = Array.from(
    { length: count },
    (_, at) => (value >> (width * BigInt(count - 1 - at))) & ((1n << width) - 1n),
  )
  return bits === 32 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':')
}
