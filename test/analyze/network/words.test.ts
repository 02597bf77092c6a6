/** Questions as people write them, and answers as they read them. */
import { describe, expect, it } from 'vitest'
import { widthOf } from '../../../src/analyze/network/fact-rows.ts'
import { socket } from '../../../src/analyze/network/host.ts'
import { questionOf } from '../../../src/analyze/network/question.ts'
import { allTraffic, NO_TRAFFIC } from '../../../src/analyze/network/traffic.ts'
import { witnessLine } from '../../../src/analyze/network/witness.ts'

describe('a question', () => {
  it('is the traffic that it names, in each family', () => {
    const only = (kind: string, set: unknown) => ({ ...NO_TRAFFIC, [kind]: set })
    const all = [[0, 65_535]]
    expect(questionOf({})).toEqual({ 4: allTraffic(4), 6: allTraffic(6) })
    expect(questionOf({ protocol: ' ALL ' })).toEqual({ 4: allTraffic(4), 6: allTraffic(6) })
    const both = { ...NO_TRAFFIC, tcp: [[443, 443]], udp: [[443, 443]] }
    expect(questionOf({ port: 443 })).toEqual({ 4: both, 6: both })
    expect(questionOf({ protocol: 'tcp', port: ' 20-22 ' })).toEqual({
      4: only('tcp', [[20, 22]]),
      6: only('tcp', [[20, 22]]),
    })
    expect(questionOf({ protocol: 'udp', port: '65535' })[4]).toEqual(only('udp', [[65_535, 65_535]]))
    expect(questionOf({ protocol: 6 })[4]).toEqual(only('tcp', all))
    expect(questionOf({ protocol: 17 })[4]).toEqual(only('udp', all))
    expect(questionOf({ protocol: 'icmp' })).toEqual({ 4: only('icmp', all), 6: only('icmp', all) })
    expect(questionOf({ protocol: 'icmpv6' })).toEqual({ 4: NO_TRAFFIC, 6: only('icmp', all) })
    expect(questionOf({ protocol: 1 })).toEqual({ 4: only('icmp', all), 6: only('other', [[1, 1]]) })
    expect(questionOf({ protocol: 58 })).toEqual({ 4: only('other', [[58, 58]]), 6: only('icmp', all) })
    expect(questionOf({ protocol: '47' })).toEqual({
      4: only('other', [[47, 47]]),
      6: only('other', [[47, 47]]),
    })
  })

  it.each(['65536', '22-', '-22', '22-21', '22x', 'x22', '100000', '1-100000', '', '1 2'])(
    'has no port %j',
    (port) => {
      expect(() => questionOf({ protocol: 'tcp', port })).toThrow(
        `"${port}" is no port or range of ports from 0 to 65535`,
      )
    },
  )

  it('has no protocol that is none, and no port of one that has none', () => {
    expect(() => questionOf({ protocol: 'tpc' })).toThrow(
      '"tpc" is no protocol: tcp, udp, icmp, all or a number',
    )
    expect(() => questionOf({ protocol: 'ICMP', port: 8 })).toThrow('protocol icmp has no ports')
    expect(() => questionOf({ protocol: 47, port: 8 })).toThrow('protocol 47 has no ports')
  })
})

describe('a socket', () => {
  it('is written with its port, its message, or its protocol', () => {
    expect(socket(0x0a000001, { protocol: 6, port: 22 })).toBe('10.0.0.1:22/tcp')
    expect(socket(0x0a000001, { protocol: 17, port: 53 })).toBe('10.0.0.1:53/udp')
    expect(socket(1n, { protocol: 6, port: 22 })).toBe('[::1]:22/tcp')
    expect(socket(0x0a000001, { protocol: 1, port: 3 * 256 + 4 })).toBe('10.0.0.1/icmp 3:4')
    expect(socket(1n, { protocol: 58, port: 128 * 256 })).toBe('::1/icmp 128:0')
    expect(socket(0x0a000001, { protocol: 58, port: 0 })).toBe('10.0.0.1/58')
    expect(socket(0x0a000001, { protocol: 47, port: 0 })).toBe('10.0.0.1/47')
  })
})

describe('a witness in one line', () => {
  const hop = (kind: string, name: string, detail: string) =>
    ({ resource: name, kind, decision: 'forward', detail }) as Parameters<
      typeof witnessLine
    >[0]['hops'][number]

  it('tells what decides, and leaves out what nobody asks about', () => {
    const packet = { srcIp: '203.0.113.7', srcPort: 49_152, dstIp: '52.0.0.5', dstPort: 443, protocol: 'tcp' }
    const hops = [
      hop('internet', 'internet', '203.0.113.7'),
      hop('internet-gateway', 'igw-1', 'a → b'),
      hop('route', 'rtb-1', 'x'),
      hop('instance', 'i-1', 'x'),
      hop('network-acl', 'acl-1', 'rule 100'),
      hop('security-group', 'sg-1', 'tcp 443 0.0.0.0/0'),
      hop(
        'load-balancer',
        'arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/a/1',
        'listener tcp 443',
      ),
      hop('target-group', 'arn', 'tg → 8080 (healthy)'),
      hop('network-interface', 'eni-0', ''),
      hop('network-interface', 'eni-1', '10.0.0.5:443/tcp'),
    ]
    expect(witnessLine({ packet, hops, reply: [] })).toBe(
      '203.0.113.7:49152 → igw-1 → acl-1 rule 100 → sg-1 (tcp 443 0.0.0.0/0) → app/a/1 listener tcp 443 → tg → 8080 (healthy) → eni-0 → eni-1 10.0.0.5:443/tcp',
    )
  })

  it('names where the packet goes if that is no interface', () => {
    const line = (packet: Parameters<typeof witnessLine>[0]['packet']) =>
      witnessLine({ packet, hops: [hop('internet-gateway', 'igw-1', '')], reply: [] })
    expect(
      line({ srcIp: '10.0.0.5', srcPort: 1024, dstIp: '198.51.100.9', dstPort: 443, protocol: 'tcp' }),
    ).toBe('10.0.0.5:1024 → igw-1 → 198.51.100.9:443/tcp')
    expect(line({ srcIp: '::5', srcPort: 1024, dstIp: '::9', dstPort: 443, protocol: 'tcp' })).toBe(
      '[::5]:1024 → igw-1 → [::9]:443/tcp',
    )
    expect(line({ srcIp: '::5', dstIp: '::9', protocol: 'icmpv6' })).toBe('::5 → igw-1 → ::9/icmpv6')
  })
})

describe('how wide a set of strangers is', () => {
  it.each([
    [4, 0, 'single'],
    [4, 1, 'single'],
    [4, 2, 'narrow'],
    [4, 2 ** 16 - 1, 'narrow'],
    [4, 2 ** 16, 'wide'],
    [4, 1_851_129_727, 'wide'],
    [4, 1_851_129_728, 'internet'],
    [6, 2 ** 64, 'single'],
    [6, 2 ** 65, 'narrow'],
    [6, 2 ** 96, 'wide'],
    [6, 2 ** 124, 'internet'],
  ] as const)('of IPv%i: %i addresses are %s', (family, addresses, width) => {
    expect(widthOf(family, addresses)).toBe(width)
  })
})
