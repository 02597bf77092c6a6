/** Address sets as CIDRs that a person wrote or would write. */
import type { Address, AddressSet, Family } from './address-set.ts'
import { allAddresses, familyOf, formatAddress } from './address-set.ts'
import type { Interval } from './interval-set.ts'
import { covers, firstOutside, intersect, intervalAt, previous, subtract } from './interval-set.ts'

interface Block {
  readonly lo: Address
  readonly length: number
}

function lastOf({ lo, length }: Block): Address {
  if (typeof lo === 'number') return lo + 2 ** (32 - length) - 1
  return lo | ((1n << BigInt(128 - length)) - 1n)
}

function halves({ lo, length }: Block): Block[] {
  const middle = typeof lo === 'number' ? lo + 2 ** (31 - length) : lo + (1n << BigInt(127 - length))
  return [
    { lo, length: length + 1 },
    { lo: middle, length: length + 1 },
  ]
}

/** The smallest CIDR that holds both addresses. */
function common(from: Address, to: Address): Block {
  const width = typeof from === 'number' ? 32 : 128
  let length = width
  let a = BigInt(from)
  for (let b = BigInt(to); a !== b; length--) {
    a >>= 1n
    b >>= 1n
  }
  const lo = a << BigInt(width - length)
  return { lo: typeof from === 'number' ? Number(lo) : lo, length }
}

function lastOutside(except: AddressSet, lo: Address, hi: Address): Address {
  const hit = intervalAt(except, hi)
  return hit && hit[0] > lo ? previous(hit[0]) : hi
}

/** The ends of what counts in a set that is not empty. */
function ends(set: AddressSet, except: AddressSet): [Address, Address] | undefined {
  const counting = set.filter(([lo, hi]) => !covers(except, lo, hi))
  const first = counting[0]
  const last = counting.at(-1)
  if (!first || !last) return undefined
  return [firstOutside(except, first[0], first[1]) ?? first[0], lastOutside(except, last[0], last[1])]
}

function split(block: Block, set: AddressSet, rest: AddressSet, except: AddressSet, out: string[]): void {
  const range: Interval<Address>[] = [[block.lo, lastOf(block)]]
  const inside = intersect(set, range)
  const bounds = ends(inside, except)
  if (!bounds) return
  const others = intersect(rest, range)
  if (others.some(([lo, hi]) => !covers(except, lo, hi))) {
    for (const half of halves(block)) split(half, inside, others, except, out)
    return
  }
  const { lo, length } = common(...bounds)
  out.push(`${formatAddress(lo)}/${length}`)
}

/**
 * The fewest CIDRs that name a part of what was asked about, each as small as it can be: among the addresses of `domain`
 * without `except`, exactly those of `set` lie in them. So all of the internet is `0.0.0.0/0`, and what a rule opens to
 * `198.51.100.0/24` is called that, though the snapshot's own addresses are no part of the internet.
 */
export function coverCidrs(set: AddressSet, domain: AddressSet, except: AddressSet = []): string[] {
  const [first] = set
  if (!first) return []
  const family: Family = familyOf(first[0])
  const [whole] = allAddresses(family)
  const out: string[] = []
  if (whole) split({ lo: whole[0], length: 0 }, set, subtract(domain, set), except, out)
  return out
}

/** How many addresses of a set count. */
export function countAddresses(set: AddressSet, except: AddressSet = []): number {
  let total = 0
  for (const [lo, hi] of subtract(set, intersect(except, set))) total += Number(BigInt(hi) - BigInt(lo)) + 1
  return total
}
