/**
 * Sets of IP addresses. An IPv4 address is a number, an IPv6 address a bigint, so that the two worlds never mix:
 * a set is of one family, and an empty set belongs to either.
 */
import type { Interval, IntervalSet } from './interval-set.ts'
import { setOf, subtract } from './interval-set.ts'

export type Address = number | bigint
export type AddressSet = IntervalSet<Address>
export type Family = 4 | 6

export interface Cidr {
  readonly family: Family
  readonly lo: Address
  readonly hi: Address
  /** The prefix's length. */
  readonly length: number
}

const V6_MAX = (1n << 128n) - 1n
const ALL: Readonly<Record<Family, AddressSet>> = { 4: [[0, 0xffff_ffff]], 6: [[0n, V6_MAX]] }

export function familyOf(address: Address): Family {
  return typeof address === 'number' ? 4 : 6
}

export function allAddresses(family: Family): AddressSet {
  return ALL[family]
}

function parseV4(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part)) return undefined
    const byte = Number(part)
    if (byte > 255) return undefined
    value = value * 256 + byte
  }
  return value
}

function groupsOf(text: string): string[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = halves[0] ? halves[0].split(':') : []
  if (halves.length === 1) return head.length === 8 ? head : undefined
  const tail = halves[1] ? halves[1].split(':') : []
  const gap = 8 - head.length - tail.length
  return gap < 1 ? undefined : [...head, ...Array<string>(gap).fill('0'), ...tail]
}

function parseV6(text: string): bigint | undefined {
  let hex = text
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (embedded) {
    const v4 = parseV4(embedded[2] ?? '')
    if (v4 === undefined) return undefined
    hex = `${embedded[1]}${Math.floor(v4 / 65_536).toString(16)}:${(v4 % 65_536).toString(16)}`
  }
  const groups = groupsOf(hex)
  if (!groups) return undefined
  let value = 0n
  for (const group of groups) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined
    value = (value << 16n) | BigInt(Number.parseInt(group, 16))
  }
  return value
}

/** An address in AWS's text form; undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined
  return text.includes(':') ? parseV6(text) : parseV4(text)
}

/** A CIDR, or a single address as its /32 or /128; host bits are cleared as AWS does. Undefined when it is none. */
export function parseCidr(text: string): Cidr | undefined {
  if (text.length > 50) return undefined
  const [host = '', bits, more] = text.split('/')
  if (more !== undefined) return undefined
  const address = parseAddress(host)
  if (address === undefined) return undefined
  const family = familyOf(address)
  const width = family === 4 ? 32 : 128
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return undefined
  const length = bits === undefined ? width : Number(bits)
  if (length > width) return undefined
  if (typeof address === 'number') {
    const span = 2 ** (32 - length)
    const lo = Math.floor(address / span) * span
    return { family, lo, hi: lo + span - 1, length }
  }
  const host6 = BigInt(128 - length)
  const lo = (address >> host6) << host6
  return { family, lo, hi: lo | ((1n << host6) - 1n), length }
}

function formatV6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn))
  let best = { at: -1, length: 1 }
  for (let i = 0; i < 8; i++) {
    let length = 0
    while (i + length < 8 && groups[i + length] === 0) length++
    if (length > best.length) best = { at: i, length }
  }
  const hex = groups.map((group) => group.toString(16))
  if (best.at < 0) return hex.join(':')
  return `${hex.slice(0, best.at).join(':')}::${hex.slice(best.at + best.length).join(':')}`
}

/** RFC 5952 for IPv6, dotted for IPv4. */
export function formatAddress(address: Address): string {
  if (typeof address === 'bigint') return formatV6(address)
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

function cidrsOfInterval([from, to]: Interval<Address>, width: number, out: string[]): void {
  let lo = BigInt(from)
  const end = BigInt(to)
  while (lo <= end) {
    let host = 0
    while (
      host < width &&
      (lo & ((1n << BigInt(host + 1)) - 1n)) === 0n &&
      lo + (1n << BigInt(host + 1)) - 1n <= end
    )
      host++
    const address = width === 32 ? Number(lo) : lo
    out.push(`${formatAddress(address)}/${width - host}`)
    lo += 1n << BigInt(host)
  }
}

/** The fewest CIDRs that hold exactly the set, ascending. */
export function toCidrs(set: AddressSet): string[] {
  const out: string[] = []
  for (const interval of set) cidrsOfInterval(interval, typeof interval[0] === 'number' ? 32 : 128, out)
  return out
}

/** The set that these CIDRs make in one family; what is malformed or of the other family is left out. */
export function addressSet(family: Family, cidrs: Iterable<string>): AddressSet {
  const intervals: Interval<Address>[] = []
  for (const text of cidrs) {
    const cidr = parseCidr(text)
    if (cidr?.family === family) intervals.push([cidr.lo, cidr.hi])
  }
  return setOf(intervals)
}

export function single(address: Address): AddressSet {
  return [[address, address]]
}

/** What no stranger on the internet can have as an address (IANA special-purpose registries; documentation ranges stay in). */
const RESERVED_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/** Every public address: IPv4 without the reserved ranges, and 2000::/3. */
export const PUBLIC: Readonly<Record<Family, AddressSet>> = {
  4: subtract(ALL[4], addressSet(4, RESERVED_V4)),
  6: addressSet(6, ['2000::/3']),
}
