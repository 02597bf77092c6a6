/** Ports, ICMP messages and protocols: what a rule's numbers mean, and how a set of them is told. */
import { describe, expect, it } from 'vitest'
import {
  icmpRange,
  portRange,
  preferredPort,
  preferredSourcePort,
} from '../../../src/analyze/network/port-set.ts'
import type { Traffic } from '../../../src/analyze/network/traffic.ts'
import {
  allReplies,
  allTraffic,
  icmpReply,
  intersectTraffic,
  isAll,
  isNone,
  NO_TRAFFIC,
  permits,
  roundTrip,
  sameTraffic,
  subtractTraffic,
  trafficOf,
  uniteTraffic,
} from '../../../src/analyze/network/traffic.ts'
import { trafficEntries } from '../../../src/analyze/network/traffic-entries.ts'

const WHOLE = [[0, 65_535]]

describe('a range of ports', () => {
  it.each([
    ['absent, is every port', undefined, undefined, WHOLE],
    ['from -1, is every port', -1, -1, WHOLE],
    ['from 0, is what it says', 0, 0, [[0, 0]]],
    ['without an end, is one port', 22, undefined, [[22, 22]]],
    ['with -1 for its end, is one port', 22, -1, [[22, 22]]],
    ['up to the last port, is one', 1024, 65_535, [[1024, 65_535]]],
    ['past the last port, is none', 1024, 65_536, undefined],
    ['that ends before it begins, is none', 23, 22, undefined],
    ['from below 0, is none', -2, 22, undefined],
    ['of half a port, is none', 22.5, 23, undefined],
    ['up to half a port, is none', 22, 23.5, undefined],
  ])('%s', (_, from, to, ports) => {
    expect(portRange(from, to)).toEqual(ports)
  })
})

describe('a type and code of ICMP', () => {
  it.each([
    ['absent, are any message', undefined, undefined, WHOLE],
    ['of type -1, are any message', -1, 3, WHOLE],
    ['without a code, are each of the type', 3, undefined, [[768, 1023]]],
    ['of code -1, are each of the type', 3, -1, [[768, 1023]]],
    ['both given, are one message', 3, 4, [[772, 772]]],
    ['0 and 0, are the echo reply', 0, 0, [[0, 0]]],
    ['255 and 255, are the last message', 255, 255, [[65_535, 65_535]]],
    ['past type 255, are none', 256, 0, undefined],
    ['of a type below -1, are none', -2, 0, undefined],
    ['past code 255, are none', 3, 256, undefined],
    ['of a code below -1, are none', 3, -2, undefined],
    ['of half a type, are none', 3.5, 0, undefined],
    ['of half a code, are none', 3, 0.5, undefined],
  ])('%s', (_, type, code, messages) => {
    expect(icmpRange(type, code)).toEqual(messages)
  })
})

describe('the source port that a witness takes', () => {
  it.each([
    [[[1, 65_535]], 49_152],
    [[[1, 60_000]], 49_152],
    [[[50_000, 50_001]], 50_000],
    [[[65_535, 65_535]], 65_535],
    [[[1, 49_151]], 1024],
    [[[49_151, 49_151]], 49_151],
    [
      [
        [80, 80],
        [2000, 2001],
      ],
      2000,
    ],
    [[[1, 1023]], 1],
    [[[443, 500]], 443],
    [[[0, 0]], 0],
    [[], 0],
  ] as [[number, number][], number][])('of %j is %i', (ports, port) => {
    expect(preferredSourcePort(ports)).toBe(port)
  })
})

describe('the destination port that a witness takes', () => {
  it.each([
    ['the first of one range', [[8000, 9000]], 8000],
    ['the first of one range, though a known one lies in it', [[20, 30]], 20],
    ['SSH of all', [[0, 65_535]], 22],
    [
      'HTTPS before HTTP',
      [
        [0, 21],
        [80, 443],
      ],
      443,
    ],
    [
      'HTTP before RDP',
      [
        [0, 0],
        [80, 80],
        [3389, 3389],
      ],
      80,
    ],
    [
      'RDP before others',
      [
        [0, 0],
        [25, 25],
        [3389, 3389],
      ],
      3389,
    ],
    [
      'the first of several that nobody knows',
      [
        [25, 26],
        [110, 110],
      ],
      25,
    ],
    [
      'no port 0 where there is another',
      [
        [0, 0],
        [25, 25],
      ],
      25,
    ],
    ['0 where there is nothing else', [[0, 0]], 0],
    ['0 of none', [], 0],
  ] as [string, [number, number][], number][])('is %s', (_, ports, port) => {
    expect(preferredPort(ports)).toBe(port)
  })
})

describe('the traffic of a rule', () => {
  it.each([
    ['-1: all there is', 4, -1, 22, 22, allTraffic(4)],
    ['-1 of IPv6: all there is in it', 6, -1, undefined, undefined, allTraffic(6)],
    ['6: TCP and its ports', 4, 6, 22, 23, { ...NO_TRAFFIC, tcp: [[22, 23]] }],
    ['17: UDP and its ports', 4, 17, 53, 53, { ...NO_TRAFFIC, udp: [[53, 53]] }],
    ['1 in IPv4: ICMP and its messages', 4, 1, 8, 0, { ...NO_TRAFFIC, icmp: [[2048, 2048]] }],
    ['58 in IPv6: ICMPv6 and its messages', 6, 58, 128, -1, { ...NO_TRAFFIC, icmp: [[32_768, 33_023]] }],
    ['58 in IPv4: a protocol like any other', 4, 58, 128, -1, { ...NO_TRAFFIC, other: [[58, 58]] }],
    ['1 in IPv6: a protocol like any other', 6, 1, 8, -1, { ...NO_TRAFFIC, other: [[1, 1]] }],
    ['0: the number, no ports', 4, 0, 22, 22, { ...NO_TRAFFIC, other: [[0, 0]] }],
    ['255: the number, no ports', 4, 255, 22, 22, { ...NO_TRAFFIC, other: [[255, 255]] }],
    ['256 is none', 4, 256, undefined, undefined, undefined],
    ['-2 is none', 4, -2, undefined, undefined, undefined],
    ['half a protocol is none', 4, 6.5, undefined, undefined, undefined],
    ['6 with no range of ports is none', 4, 6, 23, 22, undefined],
    ['17 with no range of ports is none', 4, 17, 23, 22, undefined],
    ['1 with no message is none', 4, 1, 300, 0, undefined],
  ] as [string, 4 | 6, number, number | undefined, number | undefined, Traffic | undefined][])(
    'of protocol %s',
    (_, family, protocol, from, to, traffic) => {
      expect(trafficOf(family, protocol, from, to)).toEqual(traffic)
    },
  )

  it('of all protocols has each number once: ports, messages, and the rest by number', () => {
    expect(allTraffic(4).other).toEqual([
      [0, 0],
      [2, 5],
      [7, 16],
      [18, 255],
    ])
    expect(allTraffic(6).other).toEqual([
      [0, 5],
      [7, 16],
      [18, 57],
      [59, 255],
    ])
    expect(allReplies(4)).toEqual({ ...allTraffic(4), tcp: [[1, 65_535]], udp: [[1, 65_535]] })
    expect(allReplies(6)).toEqual({ ...allTraffic(6), tcp: [[1, 65_535]], udp: [[1, 65_535]] })
  })
})

describe('a packet', () => {
  const every = { tcp: [[22, 22]], udp: [[53, 53]], icmp: [[2048, 2048]], other: [[47, 47]] } as const

  it('is in the traffic of its own protocol and port', () => {
    expect([permits(every, 4, 6, 22), permits(every, 4, 17, 53)]).toEqual([true, true])
    expect([permits(every, 4, 6, 53), permits(every, 4, 17, 22)]).toEqual([false, false])
    expect([permits(every, 4, 1, 2048), permits(every, 6, 58, 2048)]).toEqual([true, true])
    expect([permits(every, 4, 58, 2048), permits(every, 6, 1, 2048)]).toEqual([false, false])
    expect([permits(every, 4, 47, 22), permits(every, 4, 50, 47)]).toEqual([true, false])
  })
})

describe('traffic', () => {
  const ssh: Traffic = { ...NO_TRAFFIC, tcp: [[22, 22]] }
  const dns: Traffic = { ...NO_TRAFFIC, udp: [[53, 53]] }
  const ping: Traffic = { ...NO_TRAFFIC, icmp: [[2048, 2048]] }
  const gre: Traffic = { ...NO_TRAFFIC, other: [[47, 47]] }

  it('is none only where none of its four kinds is any', () => {
    expect([NO_TRAFFIC, { ...NO_TRAFFIC }, ssh, dns, ping, gre].map(isNone)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })

  it('is all of a family only as that family has it', () => {
    expect([allTraffic(4), allTraffic(6), ssh].map(isAll)).toEqual([true, true, false])
  })

  it('is the same where each of its four kinds is', () => {
    expect(sameTraffic(ssh, { ...ssh })).toBe(true)
    for (const [kind, other] of [
      ['tcp', ssh],
      ['udp', dns],
      ['icmp', ping],
      ['other', gre],
    ] as const) {
      expect(sameTraffic({ ...NO_TRAFFIC }, other), kind).toBe(false)
    }
  })

  it('meets, unites and is taken away kind by kind', () => {
    const both = { ...ssh, udp: dns.udp }
    expect(intersectTraffic(both, dns)).toEqual(dns)
    expect(intersectTraffic(ssh, dns)).toEqual(NO_TRAFFIC)
    expect(intersectTraffic(ssh, NO_TRAFFIC)).toEqual(NO_TRAFFIC)
    expect(intersectTraffic(ssh, allTraffic(4))).toEqual(ssh)
    expect(intersectTraffic(allTraffic(4), ssh)).toEqual(ssh)
    expect(uniteTraffic(ssh, dns)).toEqual(both)
    expect(uniteTraffic(ssh, NO_TRAFFIC)).toEqual(ssh)
    expect(uniteTraffic(NO_TRAFFIC, ssh)).toEqual(ssh)
    expect(uniteTraffic(ssh, allTraffic(4))).toEqual(allTraffic(4))
    expect(uniteTraffic(allTraffic(4), ssh)).toEqual(allTraffic(4))
    expect(subtractTraffic(both, dns)).toEqual(ssh)
    expect(subtractTraffic(ssh, NO_TRAFFIC)).toEqual(ssh)
    expect(subtractTraffic(ssh, allTraffic(4))).toEqual(NO_TRAFFIC)
    expect(subtractTraffic(ssh, ssh)).toEqual(NO_TRAFFIC)
  })
})

describe('the message that answers', () => {
  it.each([
    ['an echo is an echo reply', 4, 8 * 256, 0],
    ['an echo of an odd code keeps the code', 4, 8 * 256 + 7, 7],
    ['a router solicitation is a router advertisement', 4, 10 * 256, 9 * 256],
    ['a timestamp is a timestamp reply', 4, 13 * 256, 14 * 256],
    ['an information request is its reply', 4, 15 * 256, 16 * 256],
    ['an address mask request is its reply', 4, 17 * 256, 18 * 256],
    ['an ICMPv6 echo is its reply', 6, 128 * 256, 129 * 256],
    ['an ICMPv6 router solicitation is an advertisement', 6, 133 * 256, 134 * 256],
    ['a neighbour solicitation is an advertisement', 6, 135 * 256, 136 * 256],
    ['one that none answers is of its own kind', 4, 3 * 256 + 1, 3 * 256 + 1],
    ['type 8 is no echo in ICMPv6', 6, 8 * 256, 8 * 256],
  ] as [string, 4 | 6, number, number][])('%s', (_, family, message, reply) => {
    expect(icmpReply(family, message)).toBe(reply)
  })

  it('has to come back: the round trip of all messages has each whose answer does, code by code', () => {
    const all = { ...NO_TRAFFIC, icmp: [[0, 65_535]] as const }
    const back = (...icmp: [number, number][]) => roundTrip(4, all, { ...NO_TRAFFIC, icmp }).icmp
    expect(back([3, 4])).toEqual([
      [3, 4],
      [2051, 2052],
    ])
    expect(back([2048, 2050])).toEqual([])
    expect(back([14 * 256, 14 * 256 + 255])).toEqual([[13 * 256, 14 * 256 + 255]])
    expect(roundTrip(6, all, { ...NO_TRAFFIC, icmp: [[129 * 256, 129 * 256]] }).icmp).toEqual([
      [128 * 256, 128 * 256],
      [129 * 256, 129 * 256],
    ])
  })

  it('is needed of each protocol by itself', () => {
    const there: Traffic = {
      tcp: [[22, 22]],
      udp: [[53, 53]],
      icmp: [[768, 768]],
      other: [
        [47, 47],
        [50, 50],
      ],
    }
    expect(roundTrip(4, there, { ...NO_TRAFFIC, udp: [[9, 9]] })).toEqual({ ...NO_TRAFFIC, udp: [[53, 53]] })
    expect(roundTrip(4, there, { ...NO_TRAFFIC, other: [[50, 51]] })).toEqual({
      ...NO_TRAFFIC,
      other: [[50, 50]],
    })
    expect(roundTrip(4, there, { ...NO_TRAFFIC, icmp: [[768, 768]] })).toEqual({
      ...NO_TRAFFIC,
      icmp: [[768, 768]],
    })
  })
})

describe('traffic as rows', () => {
  it('is one row where it is everything', () => {
    expect(trafficEntries(4, allTraffic(4))).toEqual([{ protocol: 'all', ports: WHOLE }])
    expect(trafficEntries(6, { ...allTraffic(6) })).toEqual([{ protocol: 'all', ports: WHOLE }])
  })

  it('is a row for each protocol that has any of it', () => {
    const traffic: Traffic = {
      tcp: [
        [22, 22],
        [80, 90],
      ],
      udp: [[53, 53]],
      icmp: [[2048, 2303]],
      other: [
        [47, 47],
        [50, 51],
      ],
    }
    const rows = (icmp: string) => [
      {
        protocol: 'tcp',
        ports: [
          [22, 22],
          [80, 90],
        ],
      },
      { protocol: 'udp', ports: [[53, 53]] },
      { protocol: icmp, ports: [], icmp: [[8, -1]] },
      { protocol: '47', ports: [] },
      { protocol: '50-51', ports: [] },
    ]
    expect(trafficEntries(4, traffic)).toEqual(rows('icmp'))
    expect(trafficEntries(6, traffic)).toEqual(rows('icmpv6'))
    expect(trafficEntries(4, NO_TRAFFIC)).toEqual([])
  })

  it('has ICMP by type and code, -1 for any', () => {
    const messages = (...icmp: [number, number][]) => trafficEntries(4, { ...NO_TRAFFIC, icmp })[0]?.icmp
    expect(messages([0, 65_535])).toEqual([[-1, -1]])
    expect(messages([0, 65_534])?.slice(-2)).toEqual([
      [255, 253],
      [255, 254],
    ])
    expect(messages([1, 65_535])?.slice(254, 257)).toEqual([
      [0, 255],
      [1, -1],
      [2, -1],
    ])
    expect(messages([2047, 2305])).toEqual([
      [7, 255],
      [8, -1],
      [9, 0],
      [9, 1],
    ])
    expect(messages([0, 254])?.at(0)).toEqual([0, 0])
    expect(messages([768, 768], [772, 773])).toEqual([
      [3, 0],
      [3, 4],
      [3, 5],
    ])
  })
})
