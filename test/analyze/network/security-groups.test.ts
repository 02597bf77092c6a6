import { describe, expect, it } from 'vitest'
import { createEstate, webEstate } from './estate.ts'

const INTERNET = { from: 'internet', to: 'i-web' } as const

describe('a security group', () => {
  it('opens exactly what its rules say: port, protocol, address', () => {
    const estate = webEstate({ web: ['tcp 22 203.0.113.0/24'] })
    expect(estate.ask({ ...INTERNET, protocol: 'tcp', port: 22 })).toMatchObject({
      verdict: 'reachable',
      exposed: [{ sources: ['203.0.113.0/24'], protocol: 'tcp', ports: [[22, 22]] }],
      witness: {
        packet: { srcIp: '203.0.113.7', srcPort: 49_152, dstIp: '52.0.0.5', dstPort: 22, protocol: 'tcp' },
      },
    })
    for (const query of [
      { protocol: 'tcp', port: 23 },
      { protocol: 'udp', port: 22 },
      { from: '198.51.100.9', protocol: 'tcp', port: 22 },
    ]) {
      expect(estate.ask({ ...INTERNET, ...query })).toMatchObject({
        verdict: 'blocked',
        blockedBy: [{ resource: 'sg-web', kind: 'security-group', reason: 'SG_NO_INGRESS' }],
      })
    }
  })

  it('that opens both halves of the internet opens the internet', () => {
    const { exposed } = webEstate({ web: ['tcp 22 0.0.0.0/1', 'tcp 22 128.0.0.0/1'] }).ask(INTERNET)
    expect(exposed).toEqual([{ sources: ['0.0.0.0/0'], protocol: 'tcp', ports: [[22, 22]] }])
  })

  it('that opens private ranges alone is not open to the internet', () => {
    const estate = webEstate({ web: ['tcp 22 10.0.0.0/8', 'tcp 22 172.16.0.0/12', 'tcp 22 192.168.0.0/16'] })
    expect(estate.ask(INTERNET).verdict).toBe('blocked')
  })

  it('that opens 512 strangers is exposure to them, and says how many', () => {
    expect(webEstate({ web: ['tcp 22 198.51.100.0/23'] }).ask(INTERNET).exposed).toEqual([
      { sources: ['198.51.100.0/23'], protocol: 'tcp', ports: [[22, 22]] },
    ])
  })

  it('opens each entry of a prefix list, and no other address', () => {
    const estate = webEstate({ web: ['tcp 443 pl-offices'] })
    estate.prefixList('pl-offices', ['203.0.113.0/25', '10.0.0.0/8'])
    expect(estate.ask(INTERNET).exposed).toMatchObject([{ sources: ['203.0.113.0/25'] }])
    expect(estate.ask({ ...INTERNET, from: '203.0.113.200' }).verdict).toBe('blocked')
  })

  it('with a rule of protocol -1, which has no ports, opens all of them', () => {
    expect(webEstate({ web: ['all 0.0.0.0/0'] }).ask(INTERNET).exposed).toEqual([
      { sources: ['0.0.0.0/0'], protocol: 'all', ports: [[0, 65_535]] },
    ])
  })

  it('takes FromPort as the ICMP type and ToPort as the code, -1 as any', () => {
    const echo = webEstate({ web: ['icmp 8:-1 0.0.0.0/0'] })
    expect(echo.ask({ ...INTERNET, protocol: 'icmp' })).toMatchObject({
      verdict: 'reachable',
      exposed: [{ protocol: 'icmp', icmp: [[8, -1]] }],
      witness: { packet: { icmpType: 8, icmpCode: 0 } },
    })
    expect(echo.ask({ ...INTERNET, protocol: 'tcp' }).verdict).toBe('blocked')
  })

  it('may name a protocol by its number; it then has no ports', () => {
    expect(webEstate({ web: ['47 0.0.0.0/0'] }).ask(INTERNET).exposed).toEqual([
      { sources: ['0.0.0.0/0'], protocol: '47', ports: [] },
    ])
  })

  it('keeps IPv4 and IPv6 apart', () => {
    const estate = webEstate({ web: ['tcp 22 ::/0'] })
    expect(estate.ask(INTERNET).verdict).toBe('blocked')
  })

  it('is one union with the other groups of the interface', () => {
    const estate = webEstate({ web: ['tcp 22 203.0.113.0/24'] })
    estate.group('sg-more', 'vpc-a', { ingress: ['tcp 443 0.0.0.0/0'] })
    estate.instance('i-both', 'subnet-public', {
      ip: '10.0.0.6',
      public: '52.0.0.6',
      groups: ['sg-web', 'sg-more'],
    })
    expect(estate.ask({ from: 'internet', to: 'i-both' }).exposed.map(({ ports }) => ports)).toEqual([
      [[443, 443]],
      [
        [22, 22],
        [443, 443],
      ],
    ])
  })

  it('lets the reply of an allowed flow pass though it lets nothing start', () => {
    const estate = webEstate()
    estate.group('sg-mute', 'vpc-a', { ingress: ['tcp 22 0.0.0.0/0'], egress: [] })
    estate.instance('i-mute', 'subnet-public', { ip: '10.0.0.7', public: '52.0.0.7', groups: ['sg-mute'] })
    expect(estate.ask({ from: 'internet', to: 'i-mute', port: 22 }).verdict).toBe('reachable')
    expect(estate.ask({ from: 'i-mute', to: 'internet' })).toMatchObject({
      verdict: 'blocked',
      blockedBy: [{ reason: 'SG_NO_EGRESS' }],
    })
  })

  it('that no interface has exposes nothing', () => {
    const estate = webEstate({ web: [] })
    estate.group('sg-open', 'vpc-a', { ingress: ['all 0.0.0.0/0'] })
    expect(estate.ask(INTERNET).verdict).toBe('blocked')
    expect(estate.ask({ from: 'internet', to: 'sg-open' })).toMatchObject({
      verdict: 'blocked',
      blockedBy: [{ reason: 'ADDRESS_NOT_FOUND' }],
    })
  })
})

describe('a rule that names a group', () => {
  it('admits the private addresses of the interfaces that have it', () => {
    const estate = webEstate({ app: ['tcp 8080 sg-web'] })
    expect(estate.ask({ from: 'i-web', to: 'i-app', port: 8080 })).toMatchObject({
      verdict: 'reachable',
      exposed: [{ sources: ['10.0.0.5/32'], protocol: 'tcp', ports: [[8080, 8080]] }],
    })
    expect(estate.ask({ from: 'i-app', to: 'i-web', port: 8080 }).verdict).toBe('blocked')
  })

  it('never means a public address: what comes in by an internet gateway does not match it', () => {
    const estate = webEstate({ web: ['tcp 22 sg-web'] })
    estate.instance('i-other', 'subnet-public', { ip: '10.0.0.9', public: '52.0.0.9', groups: ['sg-web'] })
    expect(estate.ask({ from: '52.0.0.9', to: '52.0.0.5', port: 22 }).exposed).toEqual([
      { sources: ['10.0.0.9/32'], protocol: 'tcp', ports: [[22, 22]] },
    ])
    expect(estate.ask(INTERNET).verdict).toBe('blocked')
  })

  const peered = (rule: string, more: { readonly state?: string; readonly region?: string } = {}) => {
    const estate = webEstate({ app: [rule] })
    estate.vpc('vpc-b', '10.1.0.0/16')
    estate.subnet('subnet-b', 'vpc-b', '10.1.0.0/24')
    estate.acl('acl-b', 'vpc-b', ['subnet-b'])
    estate.group('sg-b', 'vpc-b')
    estate.instance('i-b', 'subnet-b', { ip: '10.1.0.5', groups: ['sg-b'] })
    estate.peering('pcx-a', 'vpc-a', 'vpc-b', more.state, more.region)
    estate.table('rtb-b', 'vpc-b', { main: true }, ['10.1.0.0/16 local', '10.0.0.0/16 pcx-a'])
    estate.resources.splice(
      estate.resources.findIndex(({ id }) => id.endsWith('rtb-main')),
      1,
    )
    estate.table('rtb-main', 'vpc-a', { main: true }, ['10.0.0.0/16 local', '10.1.0.0/16 pcx-a'])
    return estate.ask({ from: 'i-b', to: 'i-app', port: 5432, protocol: 'tcp' })
  }

  it('works across an active peering of the Region', () => {
    expect(peered('tcp 5432 sg-b').verdict).toBe('reachable')
    expect(peered('tcp 5432 sg-b@pcx-a').verdict).toBe('reachable')
  })

  it('matches nothing where it is stale, over another peering, or in another Region', () => {
    expect(peered('tcp 5432 sg-b@pcx-gone').verdict).toBe('blocked')
    expect(peered('tcp 5432 sg-b', { region: 'us-east-1' }).verdict).toBe('blocked')
    expect(peered('tcp 5432 sg-b', { state: 'deleted' }).verdict).toBe('blocked')
  })
})

describe('groups of another account', () => {
  it('whose rules nobody saw leave the verdict unknown', () => {
    const estate = createEstate()
    estate.vpc('vpc-a', '10.0.0.0/16')
    estate.internetGateway('igw-a', 'vpc-a')
    estate.subnet('subnet-a', 'vpc-a', '10.0.0.0/24')
    estate.table('rtb-a', 'vpc-a', { main: true }, ['10.0.0.0/16 local', '0.0.0.0/0 igw-a'])
    estate.acl('acl-a', 'vpc-a', ['subnet-a'])
    estate.instance('i-a', 'subnet-a', { ip: '10.0.0.5', public: '52.0.0.5', groups: ['sg-shared'] })
    expect(estate.ask({ from: 'internet', to: 'i-a' })).toMatchObject({
      verdict: 'unknown',
      missing: [{ operation: 'ec2:DescribeSecurityGroups' }],
    })
  })
})
