/** The laws of the sets that the analysis counts with. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AddressSet } from '../../../src/analyze/network/address-set.ts'
import {
  addressSet,
  formatAddress,
  PUBLIC,
  parseAddress,
  parseCidr,
  toCidrs,
} from '../../../src/analyze/network/address-set.ts'
import { coverCidrs } from '../../../src/analyze/network/cover.ts'
import { contains, intersect, setOf, subtract, union } from '../../../src/analyze/network/interval-set.ts'
import { allTraffic, NO_TRAFFIC, roundTrip } from '../../../src/analyze/network/traffic.ts'
import { sweep, valueAt } from '../../../src/analyze/network/traffic-map.ts'

const small = fc.integer({ min: 0, max: 40 })
const interval = fc.tuple(small, small).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)])
const set = fc.array(interval, { maxLength: 6 }).map((intervals) => setOf(intervals))
const everyNumber = Array.from({ length: 42 }, (_, i) => i)

describe('sets of intervals', () => {
  it('are sorted, disjoint and never adjacent', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        for (const made of [a, union(a, b), intersect(a, b), subtract(a, b)]) {
          made.forEach(([lo, hi], i) => {
            expect(lo).toBeLessThanOrEqual(hi)
            const before = made[i - 1]
            if (before) expect(lo).toBeGreaterThan(before[1] + 1)
          })
        }
      }),
    )
  })

  it('union has what either has, intersection what both have, difference what only the first has', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        for (const x of everyNumber) {
          const [inA, inB] = [contains(a, x), contains(b, x)]
          expect(contains(union(a, b), x)).toBe(inA || inB)
          expect(contains(intersect(a, b), x)).toBe(inA && inB)
          expect(contains(subtract(a, b), x)).toBe(inA && !inB)
        }
      }),
    )
  })

  it('a sweep gives each number what lies over it', () => {
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 8 }), (intervals) => {
        const spans = intervals.map(([lo, hi], item) => ({ lo, hi, item }))
        const map = sweep(
          spans,
          (over) => [...over].sort().join(),
          (x, y) => x === y,
        )
        for (const x of everyNumber) {
          const over = spans.filter(({ lo, hi }) => lo <= x && x <= hi).map(({ item }) => item)
          expect(valueAt(map, x)).toBe(over.length > 0 ? over.sort().join() : undefined)
        }
      }),
    )
  })
})

const v4 = fc.nat({ max: 0xffff_ffff })
const v6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n })
const cidr4 = fc
  .tuple(v4, fc.integer({ min: 0, max: 32 }))
  .map(([address, length]) => `${formatAddress(address)}/${length}`)

describe('addresses', () => {
  it('are read back as they are written', () => {
    fc.assert(fc.property(fc.oneof(v4, v6), (address) => parseAddress(formatAddress(address)) === address))
  })

  it('are CIDRs again, exactly, and as few as can be', () => {
    fc.assert(
      fc.property(fc.array(cidr4, { maxLength: 5 }), (cidrs) => {
        const made = addressSet(4, cidrs)
        const again = toCidrs(made)
        expect(addressSet(4, again)).toEqual(made)
        expect(again.length).toBeLessThanOrEqual(new Set(cidrs).size)
      }),
    )
  })

  it.each([
    '',
    '1.2.3',
    '1.2.3.4/33',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    'fe80::%eth0',
    '::1::',
    '1:2:3',
    '1.2.3.4/a',
    '10.0.0.0/8/8',
  ])('are not %j', (text) => {
    expect(parseCidr(text)).toBeUndefined()
  })

  it('of IPv6 may end as IPv4 is written', () => {
    expect(parseAddress('::ffff:10.1.2.3')).toBe(parseAddress('::ffff:a01:203'))
    expect(parseAddress('64:ff9b::192.0.2.33')).toBe(parseAddress('64:ff9b::c000:221'))
    expect(parseAddress('::ffff:10.1.2.256')).toBeUndefined()
  })

  it('lose their host bits in a CIDR, as AWS clears them', () => {
    expect(parseCidr('10.1.2.3/8')).toEqual(parseCidr('10.0.0.0/8'))
  })
})

describe('CIDRs that cover a set among others', () => {
  const domain = PUBLIC[4]
  const cover = (set: AddressSet, except: AddressSet = []) =>
    coverCidrs(intersect(set, domain), domain, except)

  it('are the ones that a person would write', () => {
    expect(cover(addressSet(4, ['0.0.0.0/0']))).toEqual(['0.0.0.0/0'])
    expect(cover(addressSet(4, ['0.0.0.0/1']))).toEqual(['0.0.0.0/1'])
    expect(cover(addressSet(4, ['10.0.0.0/8', '11.0.0.0/8']))).toEqual(['11.0.0.0/8'])
    expect(cover(addressSet(4, ['198.51.100.0/24']), addressSet(4, ['198.51.100.7/32']))).toEqual([
      '198.51.100.0/24',
    ])
    expect(coverCidrs(PUBLIC[6], PUBLIC[6])).toEqual(['2000::/3'])
  })

  it('hold exactly the set, among the addresses that were asked about', () => {
    fc.assert(
      fc.property(fc.array(cidr4, { maxLength: 4 }), fc.array(cidr4, { maxLength: 3 }), (cidrs, own) => {
        const except = addressSet(4, own)
        const asked = addressSet(4, cidrs)
        const among = subtract(domain, except)
        const covered = addressSet(4, cover(asked, except))
        expect(intersect(covered, among)).toEqual(intersect(asked, among))
      }),
    )
  })
})

describe('a round trip', () => {
  it('needs a reply of the same protocol, and of ICMP the message that answers', () => {
    const there = { ...NO_TRAFFIC, tcp: [[22, 22]] as const, icmp: [[8 * 256, 8 * 256]] as const }
    expect(roundTrip(4, there, { ...NO_TRAFFIC, tcp: [[1, 1]] })).toEqual({ ...NO_TRAFFIC, tcp: [[22, 22]] })
    expect(roundTrip(4, there, { ...NO_TRAFFIC, icmp: [[0, 0]] })).toEqual({
      ...NO_TRAFFIC,
      icmp: [[2048, 2048]],
    })
    expect(roundTrip(4, allTraffic(4), NO_TRAFFIC)).toEqual(NO_TRAFFIC)
  })
})
