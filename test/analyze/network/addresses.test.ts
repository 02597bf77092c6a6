/** Addresses and sets of them, one by one: the laws that all of them keep stand in algebra.test.ts. */
import { describe, expect, it } from 'vitest'
import {
  addressSet,
  allAddresses,
  familyOf,
  formatAddress,
  PUBLIC,
  parseAddress,
  parseCidr,
  single,
  toCidrs,
} from '../../../src/analyze/network/address-set.ts'
import { countAddresses, coverCidrs } from '../../../src/analyze/network/cover.ts'
import {
  contains,
  covers,
  equal,
  firstOutside,
  intervalAt,
  isSubset,
  next,
  previous,
  setOf,
  subtract,
  union,
} from '../../../src/analyze/network/interval-set.ts'
import { NO_TRAFFIC } from '../../../src/analyze/network/traffic.ts'
import {
  domainOf,
  everywhere,
  intersectMaps,
  mapValues,
  meet,
  restrict,
  sameMap,
  uniteMaps,
  valueAt,
} from '../../../src/analyze/network/traffic-map.ts'

describe('an address', () => {
  it.each([
    ['0.0.0.0', 0],
    ['10.1.2.3', 0x0a010203],
    ['255.255.255.255', 0xffffffff],
    ['::', 0n],
    ['::1', 1n],
    ['1::', 1n << 112n],
    ['2001:db8::7', (0x2001_0db8n << 96n) | 7n],
    ['2001:DB8:0:0:0:0:0:7', (0x2001_0db8n << 96n) | 7n],
    ['1:2:3:4:5:6:7:8', 0x0001_0002_0003_0004_0005_0006_0007_0008n],
    ['1:2:3:4:5:6:7::', 0x0001_0002_0003_0004_0005_0006_0007_0000n],
    ['::ffff:10.1.2.3', 0xffff_0a01_0203n],
  ])('is read: %s', (text, address) => {
    expect(parseAddress(text)).toBe(address)
  })

  it.each([
    '',
    '10',
    '10.1.2',
    '10.1.2.3.4',
    '10.1.2.256',
    '10.1.2.1000',
    '10.1.2.03',
    '10.1.2.',
    '10.1.2.x3',
    '10.1.2.3x',
    ' 10.1.2.3',
    ':',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4::5:6:7:8',
    '12345::',
    '::12345',
    'g::',
    '::xg',
    '::1x',
    '::10.1.2',
    '10.1.2.3::',
    '::10.1.2.3x',
    '0000:0000:0000:0000:0000:0000:0000:0000:000000',
    `${'0'.repeat(46)}::1`,
  ])('is not %j', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  it('is written as RFC 5952 has it: the longest run of zeros short, the first of two that are as long', () => {
    const written = (text: string) => formatAddress(parseAddress(text) ?? 0)
    expect(written('2001:0db8:0000:0000:0000:0000:0000:0007')).toBe('2001:db8::7')
    expect(written('1:0:0:2:0:0:0:3')).toBe('1:0:0:2::3')
    expect(written('1:0:0:2:0:0:3:4')).toBe('1::2:0:0:3:4')
    expect(written('1:0:2:3:4:5:6:7')).toBe('1:0:2:3:4:5:6:7')
    expect(written('::')).toBe('::')
    expect(written('1::')).toBe('1::')
    expect(written('0:0:1:1:1:1:1:1')).toBe('::1:1:1:1:1:1')
    expect(written('1:1:1:1:1:1:0:0')).toBe('1:1:1:1:1:1::')
    expect(written('abcd::10.1.2.3')).toBe('abcd::a01:203')
    expect(formatAddress(0xc0a80001)).toBe('192.168.0.1')
    expect(formatAddress(0xffffffff)).toBe('255.255.255.255')
  })

  it('is of a family by how it is kept', () => {
    expect([familyOf(7), familyOf(7n)]).toEqual([4, 6])
    expect(single(7)).toEqual([[7, 7]])
    expect(allAddresses(4)).toEqual([[0, 2 ** 32 - 1]])
    expect(allAddresses(6)).toEqual([[0n, 2n ** 128n - 1n]])
  })
})

describe('a CIDR', () => {
  it.each([
    ['10.1.2.3', { family: 4, lo: 0x0a010203, hi: 0x0a010203, length: 32 }],
    ['10.1.2.3/32', { family: 4, lo: 0x0a010203, hi: 0x0a010203, length: 32 }],
    ['10.1.2.3/8', { family: 4, lo: 0x0a000000, hi: 0x0affffff, length: 8 }],
    ['0.0.0.0/0', { family: 4, lo: 0, hi: 0xffffffff, length: 0 }],
    ['::1', { family: 6, lo: 1n, hi: 1n, length: 128 }],
    ['2001:db8::7/32', { family: 6, lo: 0x2001_0db8n << 96n, hi: (0x2001_0db9n << 96n) - 1n, length: 32 }],
    ['::/0', { family: 6, lo: 0n, hi: 2n ** 128n - 1n, length: 0 }],
  ])('is read: %s', (text, cidr) => {
    expect(parseCidr(text)).toEqual(cidr)
  })

  it.each([
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/0008',
    '10.0.0.0/8x',
    '10.0.0.0/x8',
    '10.0.0.0/8/',
    '/8',
    '::/129',
    '::/1000',
    `10.0.0.0/${'0'.repeat(60)}`,
  ])('is not %j', (text) => {
    expect(parseCidr(text)).toBeUndefined()
  })

  it('stands for a set with others of its family, and what is none is left out', () => {
    expect(addressSet(4, ['10.0.0.0/8', '11.0.0.0/8', '::/0', 'nonsense'])).toEqual([
      [0x0a000000, 0x0bffffff],
    ])
    expect(addressSet(6, ['10.0.0.0/8', '::1'])).toEqual([[1n, 1n]])
  })

  it('is one of the fewest that hold a set', () => {
    expect(toCidrs([[0x0a000001, 0x0a000006]])).toEqual([
      '10.0.0.1/32',
      '10.0.0.2/31',
      '10.0.0.4/31',
      '10.0.0.6/32',
    ])
    expect(toCidrs([[0, 0xffffffff]])).toEqual(['0.0.0.0/0'])
    expect(toCidrs([[0n, 2n ** 128n - 1n]])).toEqual(['::/0'])
    expect(toCidrs([[0n, 2n]])).toEqual(['::/127', '::2/128'])
    expect(toCidrs([])).toEqual([])
  })
})

describe('the public addresses', () => {
  it('of IPv4 are all but what IANA keeps for other things, to the address', () => {
    const borders: [string, string][] = [
      ['0.255.255.255', '1.0.0.0'],
      ['10.0.0.0', '9.255.255.255'],
      ['10.255.255.255', '11.0.0.0'],
      ['100.64.0.0', '100.63.255.255'],
      ['100.127.255.255', '100.128.0.0'],
      ['127.0.0.0', '126.255.255.255'],
      ['127.255.255.255', '128.0.0.0'],
      ['169.254.0.0', '169.253.255.255'],
      ['169.254.255.255', '169.255.0.0'],
      ['172.16.0.0', '172.15.255.255'],
      ['172.31.255.255', '172.32.0.0'],
      ['192.0.0.0', '191.255.255.255'],
      ['192.0.0.255', '192.0.1.0'],
      ['192.168.0.0', '192.167.255.255'],
      ['192.168.255.255', '192.169.0.0'],
      ['198.18.0.0', '198.17.255.255'],
      ['198.19.255.255', '198.20.0.0'],
      ['224.0.0.0', '223.255.255.255'],
    ]
    for (const [kept, open] of borders) {
      expect([kept, contains(PUBLIC[4], parseAddress(kept) ?? 0)]).toEqual([kept, false])
      expect([open, contains(PUBLIC[4], parseAddress(open) ?? 0)]).toEqual([open, true])
    }
    expect(contains(PUBLIC[4], 0xffffffff)).toBe(false)
  })

  it('of IPv6 are 2000::/3', () => {
    expect(toCidrs(PUBLIC[6])).toEqual(['2000::/3'])
  })
})

describe('a set of intervals', () => {
  it('is made of any, which are sorted, joined where they touch, and left out where they are none', () => {
    expect(
      setOf([
        [5, 6],
        [1, 2],
        [3, 3],
        [9, 8],
      ]),
    ).toEqual([
      [1, 3],
      [5, 6],
    ])
    expect(
      setOf([
        [1, 9],
        [2, 3],
      ]),
    ).toEqual([[1, 9]])
    expect(
      setOf([
        [1, 3],
        [1, 5],
      ]),
    ).toEqual([[1, 5]])
    expect(
      setOf([
        [1n, 2n],
        [3n, 4n],
      ]),
    ).toEqual([[1n, 4n]])
  })

  it('unites with one that begins where it does, that touches it, or that lies in it', () => {
    expect(union([[1, 3]], [[1, 5]])).toEqual([[1, 5]])
    expect(union([[1, 5]], [[1, 3]])).toEqual([[1, 5]])
    expect(union([[1, 3]], [[4, 5]])).toEqual([[1, 5]])
    expect(union([[1, 3]], [[5, 6]])).toEqual([
      [1, 3],
      [5, 6],
    ])
    expect(
      union(
        [[1, 9]],
        [
          [2, 3],
          [11, 12],
        ],
      ),
    ).toEqual([
      [1, 9],
      [11, 12],
    ])
    expect(union<number>([], [[1, 2]])).toEqual([[1, 2]])
    expect(union<number>([[1, 2]], [])).toEqual([[1, 2]])
  })

  it('loses what another has, at its ends and in its midst', () => {
    expect(
      subtract(
        [[1, 9]],
        [
          [1, 1],
          [4, 5],
          [9, 9],
        ],
      ),
    ).toEqual([
      [2, 3],
      [6, 8],
    ])
    expect(subtract([[1, 9]], [[0, 10]])).toEqual([])
    expect(
      subtract(
        [
          [1, 3],
          [5, 7],
        ],
        [[2, 6]],
      ),
    ).toEqual([
      [1, 1],
      [7, 7],
    ])
    expect(
      subtract(
        [[5, 7]],
        [
          [1, 2],
          [8, 9],
        ],
      ),
    ).toEqual([[5, 7]])
  })

  it('knows which of its intervals holds a value, and whether it holds a range', () => {
    const set = [
      [1, 3],
      [5, 7],
      [9, 9],
    ] as const
    expect([0, 1, 3, 4, 5, 7, 8, 9, 10].map((value) => intervalAt<number>(set, value)?.[0])).toEqual([
      undefined,
      1,
      1,
      undefined,
      5,
      5,
      undefined,
      9,
      undefined,
    ])
    expect([covers<number>(set, 5, 7), covers<number>(set, 6, 8), covers<number>(set, 4, 5)]).toEqual([
      true,
      false,
      false,
    ])
    expect([
      firstOutside<number>(set, 4, 9),
      firstOutside<number>(set, 5, 9),
      firstOutside<number>(set, 5, 7),
    ]).toEqual([4, 8, undefined])
    expect([isSubset<number>([[2, 3]], set), isSubset<number>([[3, 4]], set)]).toEqual([true, false])
    expect([next(1), previous(1), next(1n), previous(1n)]).toEqual([2, 0, 2n, 0n])
  })

  it('is equal to one of the same intervals', () => {
    expect(equal([[1, 2]], [[1, 2]])).toBe(true)
    expect(equal([[1, 2]], [[1, 3]])).toBe(false)
    expect(equal([[0, 2]], [[1, 2]])).toBe(false)
    expect(
      equal(
        [[1, 2]],
        [
          [1, 2],
          [4, 5],
        ],
      ),
    ).toBe(false)
    expect(equal<number>([], [[1, 2]])).toBe(false)
  })
})

describe('a map of traffic', () => {
  const ssh = { ...NO_TRAFFIC, tcp: [[22, 22]] as const }
  const web = { ...NO_TRAFFIC, tcp: [[80, 80]] as const }
  const both = {
    ...NO_TRAFFIC,
    tcp: [
      [22, 22],
      [80, 80],
    ] as const,
  }

  it('has at each address what was put there', () => {
    const map = [
      { lo: 2, hi: 4, value: 'a' },
      { lo: 6, hi: 6, value: 'b' },
    ]
    expect([1, 2, 4, 5, 6, 7].map((at) => valueAt(map, at))).toEqual([
      undefined,
      'a',
      'a',
      undefined,
      'b',
      undefined,
    ])
    expect(
      everywhere(
        [
          [1, 2],
          [4, 5],
        ],
        'a',
      ),
    ).toEqual([
      { lo: 1, hi: 2, value: 'a' },
      { lo: 4, hi: 5, value: 'a' },
    ])
    expect(domainOf(map)).toEqual([
      [2, 4],
      [6, 6],
    ])
    expect(
      restrict(map, [
        [3, 6],
        [8, 9],
      ]),
    ).toEqual([
      { lo: 3, hi: 4, value: 'a' },
      { lo: 6, hi: 6, value: 'b' },
    ])
    expect(restrict(map, [[0, 2]])).toEqual([{ lo: 2, hi: 2, value: 'a' }])
  })

  it('meets another where both have something, and joins what is the same side by side', () => {
    const a = [{ lo: 1, hi: 5, value: both }]
    const b = [
      { lo: 0, hi: 2, value: ssh },
      { lo: 3, hi: 3, value: { ...ssh } },
      { lo: 5, hi: 9, value: web },
    ]
    expect(intersectMaps(a, b)).toEqual([
      { lo: 1, hi: 3, value: ssh },
      { lo: 5, hi: 5, value: web },
    ])
    expect(intersectMaps(a, [{ lo: 2, hi: 2, value: { ...NO_TRAFFIC, udp: [[1, 1]] } }])).toEqual([])
    expect(
      meet([{ lo: 1, hi: 1, value: 1 }], [{ lo: 1, hi: 1, value: 2 }], (x, y) => x + y, Object.is),
    ).toEqual([{ lo: 1, hi: 1, value: 3 }])
  })

  it('unites with others, and passes nothing where none of them passes anything', () => {
    const united = uniteMaps([
      [{ lo: 1, hi: 4, value: ssh }],
      [{ lo: 3, hi: 6, value: web }],
      [{ lo: 9, hi: 9, value: NO_TRAFFIC }],
    ])
    expect(united).toEqual([
      { lo: 1, hi: 2, value: ssh },
      { lo: 3, hi: 4, value: both },
      { lo: 5, hi: 6, value: web },
    ])
    expect(uniteMaps([])).toEqual([])
  })

  it('changes what it has step by step, and leaves out what nothing is left of', () => {
    const map = [
      { lo: 1, hi: 2, value: ssh },
      { lo: 3, hi: 4, value: both },
      { lo: 6, hi: 6, value: web },
    ]
    expect(mapValues(map, ({ tcp }) => ({ ...NO_TRAFFIC, tcp: tcp.filter(([lo]) => lo === 22) }))).toEqual([
      { lo: 1, hi: 4, value: ssh },
    ])
  })

  it('is the same as one with the same steps', () => {
    const map = [{ lo: 1, hi: 2, value: ssh }]
    expect(sameMap(map, [{ lo: 1, hi: 2, value: { ...ssh } }])).toBe(true)
    for (const other of [
      [],
      [{ lo: 0, hi: 2, value: ssh }],
      [{ lo: 1, hi: 3, value: ssh }],
      [{ lo: 1, hi: 2, value: web }],
      [...map, { lo: 4, hi: 4, value: ssh }],
    ])
      expect(sameMap(map, other)).toBe(false)
  })
})

describe('CIDRs that name a set among what was asked about', () => {
  it('are as small as they can be, and leave the rest out', () => {
    const domain = addressSet(4, ['10.0.0.0/24'])
    expect(coverCidrs(addressSet(4, ['10.0.0.0/25']), domain)).toEqual(['10.0.0.0/25'])
    expect(coverCidrs(domain, domain)).toEqual(['10.0.0.0/24'])
    expect(coverCidrs(addressSet(4, ['10.0.0.3/32', '10.0.0.200/32']), domain)).toEqual([
      '10.0.0.3/32',
      '10.0.0.200/32',
    ])
    expect(coverCidrs([], domain)).toEqual([])
  })

  it('run over addresses that do not count, and do not begin or end with them', () => {
    const domain = addressSet(4, ['10.0.0.0/24'])
    const except = addressSet(4, ['10.0.0.0/26', '10.0.0.100/32'])
    expect(coverCidrs(addressSet(4, ['10.0.0.0/25']), domain, except)).toEqual(['10.0.0.64/26'])
    expect(coverCidrs(addressSet(4, ['10.0.0.0/26']), domain, except)).toEqual([])
    expect(coverCidrs(addressSet(4, ['10.0.0.96/29']), domain, addressSet(4, ['10.0.0.100/30']))).toEqual([
      '10.0.0.96/30',
    ])
  })

  it('are of IPv6 as well', () => {
    const domain = addressSet(6, ['2001:db8::/32'])
    expect(coverCidrs(addressSet(6, ['2001:db8::/33', '2001:db8:8000::1']), domain)).toEqual([
      '2001:db8::/33',
      '2001:db8:8000::1/128',
    ])
  })

  it('are counted without what does not count', () => {
    expect(countAddresses(addressSet(4, ['10.0.0.0/24']))).toBe(256)
    expect(
      countAddresses(addressSet(4, ['10.0.0.0/24']), addressSet(4, ['10.0.0.128/25', '11.0.0.0/8'])),
    ).toBe(128)
    expect(countAddresses(addressSet(6, ['::/64']))).toBe(2 ** 64)
    expect(countAddresses([])).toBe(0)
  })
})
