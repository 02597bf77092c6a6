import { describe, expect, it } from 'vitest'
import { webEstate } from './estate.ts'
import { sixEstate } from './estates.ts'

const SSH = { from: 'internet', to: 'i-web', protocol: 'tcp', port: 22 } as const
const reasons = (answer: { readonly blockedBy: readonly { readonly reason: string }[] }) =>
  answer.blockedBy.map(({ reason }) => reason)

/** The web estate without what the name of a resource ends in. */
function without(name: string) {
  const estate = webEstate()
  estate.resources.splice(
    estate.resources.findIndex(({ id }) => id.endsWith(name)),
    1,
  )
  return estate
}

describe('from the internet', () => {
  it('IPv4 needs a public address on the private one', () => {
    expect(reasons(webEstate({ app: ['all 0.0.0.0/0'] }).ask({ from: 'internet', to: 'i-app' }))).toEqual([
      'NO_PUBLIC_ADDRESS',
      'NO_RETURN_ROUTE',
    ])
  })

  it('IPv4 needs an internet gateway, and that it is attached', () => {
    expect(without('igw-a').ask(SSH).blockedBy).toMatchObject([
      { resource: 'igw-a', reason: 'GATEWAY_NOT_ATTACHED' },
    ])
    const bare = without('igw-a')
    bare.resources.splice(
      bare.resources.findIndex(({ id }) => id.endsWith('rtb-public')),
      1,
    )
    expect(reasons(bare.ask(SSH))).toEqual(['NO_INTERNET_GATEWAY', 'NO_RETURN_ROUTE'])
  })

  it('the groups and ACLs see the private address, the packet carries the public one', () => {
    const { witness } = webEstate().ask(SSH)
    expect(witness?.packet.dstIp).toBe('52.0.0.5')
    expect(witness?.hops.map(({ resource, detail }) => `${resource} ${detail}`)).toEqual([
      'internet 203.0.113.7',
      'igw-a 52.0.0.5 → 10.0.0.5',
      'acl-public rule 100',
      'sg-web tcp 22 0.0.0.0/0',
      'eni-web 10.0.0.5:22/tcp',
    ])
    expect(witness?.reply.map(({ resource, detail }) => `${resource} ${detail}`)).toEqual([
      'acl-public rule 100',
      'rtb-public 0.0.0.0/0 → igw-a',
    ])
  })

  it('no stranger has a reserved address, or one of the estate', () => {
    expect(webEstate({ web: ['tcp 22 100.64.0.0/10', 'tcp 22 198.18.0.0/15'] }).ask(SSH).verdict).toBe(
      'blocked',
    )
    expect(webEstate({ web: ['tcp 22 52.0.0.5/32'] }).ask(SSH).verdict).toBe('blocked')
    expect(webEstate({ web: ['tcp 22 52.0.0.4/31'] }).ask(SSH).exposed[0]?.sources).toEqual(['52.0.0.4/32'])
  })

  it('IPv6 needs the address alone: 2000::/3 is the internet', () => {
    const answer = sixEstate({ rules: ['tcp 443 2000::/3'] }).ask({ from: 'internet', to: 'i-six' })
    expect(answer).toMatchObject({
      verdict: 'reachable',
      exposed: [{ protocol: 'tcp', ports: [[443, 443]] }],
      witness: { packet: { srcIp: '2001:db8::7', dstIp: '2600:1f00:0:1000::5' } },
    })
    expect(sixEstate().ask({ from: 'internet', to: 'i-six' }).exposed[0]?.sources).toEqual(['2000::/3'])
  })

  it('an IPv6 address that denies the internet gateway answers nobody', () => {
    expect(
      reasons(sixEstate({ deny: true }).ask({ from: 'internet', to: 'i-six', protocol: 'tcp' })),
    ).toContain('NO_PUBLIC_ADDRESS')
  })

  it('nothing starts through an egress-only gateway', () => {
    const estate = sixEstate({ way: 'eigw-a' })
    expect(reasons(estate.ask({ from: 'internet', to: '2600:1f00:0:1000::5' }))).toEqual([
      'NO_RETURN_ROUTE',
      'EGRESS_ONLY_GATEWAY',
    ])
    expect(estate.ask({ from: 'i-six', to: '2001:db8::1' }).verdict).toBe('reachable')
  })

  it('nothing reaches a NAT gateway, or what is behind it', () => {
    const estate = webEstate({ app: ['all 0.0.0.0/0'] })
    estate.nat('nat-a', 'subnet-public', '10.0.0.9', '52.0.0.99')
    expect(estate.ask({ from: 'internet', to: 'nat-a' })).toMatchObject({
      verdict: 'blocked',
      blockedBy: [{ resource: 'nat-a', reason: 'NAT_IS_OUTBOUND_ONLY' }],
    })
    expect(estate.ask({ from: 'internet', to: 'i-app' }).verdict).toBe('blocked')
  })
})

describe('to the internet', () => {
  const hidden = (parts: Parameters<typeof webEstate>[0] = {}, routes = ['0.0.0.0/0 nat-a']) => {
    const estate = webEstate(parts)
    estate.resources.splice(
      estate.resources.findIndex(({ id }) => id.endsWith('rtb-main')),
      1,
    )
    estate.table('rtb-main', 'vpc-a', { main: true }, ['10.0.0.0/16 local', ...routes])
    estate.nat('nat-a', 'subnet-public', '10.0.0.9', '52.0.0.99')
    return estate
  }

  it('a public NAT gateway takes flows of a private subnet', () => {
    expect(hidden().ask({ from: 'i-app', to: 'internet', protocol: 'tcp', port: 443 })).toMatchObject({
      verdict: 'reachable',
      exposed: [{ sources: ['10.0.1.5/32'], destinations: ['0.0.0.0/0'] }],
    })
  })

  it('the ACLs of the NAT gateway count on both legs, there and back', () => {
    const ask = (parts: Parameters<typeof webEstate>[0]) =>
      reasons(hidden(parts).ask({ from: 'i-app', to: 'internet', protocol: 'tcp', port: 443 }))
    expect(ask({ ingress: ['100 allow tcp 1024-65535 0.0.0.0/0'] })).toEqual(['NACL_INGRESS_DENY'])
    expect(ask({ egress: ['100 allow tcp 1024-65535 10.0.0.0/16'] })).toEqual(['NACL_EGRESS_DENY'])
    expect(ask({ ingress: ['100 allow tcp 443 10.0.0.0/16'] })).toEqual(['NACL_RETURN_DENY'])
  })

  it('a NAT gateway translates TCP, UDP and ICMP, nothing else', () => {
    const estate = hidden()
    expect(estate.ask({ from: 'i-app', to: 'internet', protocol: 'udp' }).verdict).toBe('reachable')
    expect(estate.ask({ from: 'i-app', to: 'internet', protocol: 'icmp' }).verdict).toBe('reachable')
    expect(estate.ask({ from: 'i-app', to: 'internet', protocol: 47 }).verdict).toBe('blocked')
  })

  it('a private NAT gateway leads nowhere', () => {
    const estate = hidden({}, ['0.0.0.0/0 nat-b'])
    estate.nat('nat-b', 'subnet-public', '10.0.0.10')
    expect(reasons(estate.ask({ from: 'i-app', to: 'internet' }))).toContain('NO_PUBLIC_ADDRESS')
  })

  it('a regional NAT gateway has no subnet of its own', () => {
    const estate = hidden({}, ['0.0.0.0/0 nat-r'])
    estate.put('AWS::EC2::NatGateway', 'natgateway/nat-r', {
      NatGatewayId: 'nat-r',
      VpcId: 'vpc-a',
      State: 'available',
      ConnectivityType: 'public',
      AvailabilityMode: 'regional',
      NatGatewayAddresses: [{ PublicIp: '52.0.0.98' }],
    })
    expect(estate.ask({ from: 'i-app', to: 'internet', protocol: 'tcp' }).verdict).toBe('reachable')
  })

  it('and back in by the gateway: a host behind NAT is seen as the NAT gateway', () => {
    const estate = hidden({ web: ['tcp 22 52.0.0.99/32'] })
    expect(estate.ask({ from: 'i-app', to: '52.0.0.5', protocol: 'tcp', port: 22 }).verdict).toBe('reachable')
    expect(
      hidden({ web: ['tcp 22 10.0.1.0/25', 'tcp 22 52.0.0.5/32'] }).ask({
        from: 'i-app',
        to: '52.0.0.5',
        port: 23,
      }).verdict,
    ).toBe('blocked')
  })
})

describe('VPC Block Public Access', () => {
  const behind = (mode: string, exclusions: Readonly<Record<string, string>> = {}) => {
    const estate = webEstate()
    estate.subnet('subnet-nat', 'vpc-a', '10.0.3.0/24')
    estate.acl('acl-nat', 'vpc-a', ['subnet-nat'])
    estate.table('rtb-nat', 'vpc-a', { subnets: ['subnet-nat'] }, ['10.0.0.0/16 local', '0.0.0.0/0 igw-a'])
    estate.nat('nat-a', 'subnet-nat', '10.0.3.9', '52.0.0.99')
    estate.table('rtb-app', 'vpc-a', { subnets: ['subnet-private'] }, [
      '10.0.0.0/16 local',
      '0.0.0.0/0 nat-a',
    ])
    estate.blockPublicAccess(mode, exclusions)
    const ask = (from: string, to: string) => estate.ask({ from, to, protocol: 'tcp', port: 22 }).verdict
    return { in: ask('internet', 'i-web'), out: ask('i-web', 'internet'), nat: ask('i-app', 'internet') }
  }

  it('off changes nothing', () => {
    expect(behind('off')).toEqual({ in: 'reachable', out: 'reachable', nat: 'reachable' })
  })

  it('block-bidirectional closes internet gateways and NAT gateways alike', () => {
    expect(behind('block-bidirectional')).toEqual({ in: 'blocked', out: 'blocked', nat: 'blocked' })
  })

  it('block-ingress leaves only what NAT and egress-only gateways start', () => {
    expect(behind('block-ingress')).toEqual({ in: 'blocked', out: 'blocked', nat: 'reachable' })
  })

  it('spares what a bidirectional exclusion names, subnet or VPC', () => {
    const free = { in: 'reachable', out: 'reachable' }
    expect(behind('block-bidirectional', { 'subnet-public': 'allow-bidirectional' })).toEqual({
      ...free,
      nat: 'blocked',
    })
    expect(behind('block-bidirectional', { 'vpc-a': 'allow-bidirectional' })).toEqual({
      ...free,
      nat: 'reachable',
    })
  })

  it('spares outbound-only gateways where an exclusion allows egress', () => {
    expect(behind('block-bidirectional', { 'vpc-a': 'allow-egress' })).toEqual({
      in: 'blocked',
      out: 'blocked',
      nat: 'reachable',
    })
  })

  it('that nobody read leaves the verdict unknown', () => {
    const estate = webEstate()
    estate.without('AWS::EC2::VPCBlockPublicAccessOptions')
    expect(estate.ask(SSH)).toMatchObject({
      verdict: 'unknown',
      missing: [{ operation: 'ec2:DescribeVpcBlockPublicAccessOptions', outcome: 'denied' }],
    })
  })
})
