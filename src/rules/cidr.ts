/** Address blocks as rules ask for them. A malformed one is an error, so the verdict is unknown. */
import ipaddr from 'ipaddr.js'
import { type AddressSet, addressSet, type Family, PUBLIC } from '../analyze/network/address-set.ts'
import { intersect } from '../analyze/network/interval-set.ts'

interface Block {
  readonly kind: 'ipv4' | 'ipv6'
  readonly first: bigint
  readonly last: bigint
}

const number = (bytes: readonly number[]): bigint =>
  bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)

const known = new Map<string, Block>()

/** @throws when the text is neither an address nor a block in CIDR notation */
export function block(text: string): Block {
  const found = known.get(text)
  if (found) return found
  const parsed = parseBlock(text)
  if (known.size >= 10_000) known.clear()
  known.set(text, parsed)
  return parsed
}

function parseBlock(text: string): Block {
  const [address = '', length, ...rest] = text.split('/')
  const strict = address.includes(':')
    ? ipaddr.IPv6.isValid(address)
    : ipaddr.IPv4.isValidFourPartDecimal(address)
  if (!strict || rest.length > 0 || address.includes('%'))
    throw new Error(`not an address or a CIDR block: ${text.slice(0, 60)}`)
  const parsed = ipaddr.parse(address)
  const bytes = parsed.toByteArray()
  const bits = bytes.length * 8
  const prefix = length === undefined ? bits : Number(length)
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || prefix > bits)) {
    throw new Error(`not a CIDR block: ${text.slice(0, 60)}`)
  }
  const host = BigInt(bits - prefix)
  const first = (number(bytes) >> host) << host
  return { kind: parsed.kind(), first, last: first + (1n << host) - 1n }
}

/** Whether every address of `inner` lies in `outer`. */
export function cidrContains(outer: string, inner: string): boolean {
  const [a, b] = [block(outer), block(inner)]
  return a.kind === b.kind && a.first <= b.first && b.last <= a.last
}

export function cidrOverlaps(one: string, other: string): boolean {
  const [a, b] = [block(one), block(other)]
  return a.kind === b.kind && a.first <= b.last && b.first <= a.last
}

// RFC 1918, RFC 6598, RFC 3927, RFC 1122, RFC 4193, RFC 4291
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
]

/** Whether no address of the block is routed on the internet. */
export const isPrivate = (cidr: string): boolean => PRIVATE.some((range) => cidrContains(range, cidr))

const LARGEST_INT = 9223372036854775807n

/** How many addresses it holds; at most CEL's largest int. */
export function addressCount(cidr: string): bigint {
  const { first, last } = block(cidr)
  const count = last - first + 1n
  return count > LARGEST_INT ? LARGEST_INT : count
}

const sizeOf = (set: AddressSet): number =>
  set.reduce((sum, [lo, hi]) => sum + Number(BigInt(hi) - BigInt(lo)) + 1, 0)

/**
 * How much of the internet the blocks hold together, each address counted once: of IPv4 or of IPv6, whichever is more.
 * @returns 0 (only private addresses, or none) to 1 (all of it)
 * @throws when one is no CIDR block
 */
export function publicShare(cidrs: readonly string[]): number {
  for (const cidr of cidrs) block(cidr)
  const share = (family: Family): number =>
    sizeOf(intersect(addressSet(family, cidrs), PUBLIC[family])) / sizeOf(PUBLIC[family])
  return Math.max(share(4), share(6))
}
