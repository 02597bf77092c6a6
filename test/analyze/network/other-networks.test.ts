import { describe, expect, it } from 'vitest'
import { twoVpcs } from './estates.ts'

const reasons = (answer: { readonly blockedBy: readonly { readonly reason: string }[] }) =>
  answer.blockedBy.map(({ reason }) => reason)

const FLOW = { from: 'i-a', to: 'i-b', protocol: 'tcp', port: 443 } as const

describe('a peering', () => {
  it('joins two VPCs when each side routes to the other', () => {
    const estate = twoVpcs(['10.1.0.0/16 pcx-a'], ['10.0.0.0/16 pcx-a'])
    estate.peering('pcx-a', 'vpc-a', 'vpc-b')
    expect(estate.ask(FLOW).verdict).toBe('reachable')
  })

  it('that only one side routes to carries no flow', () => {
    const estate = twoVpcs(['10.1.0.0/16 pcx-a'], [])
    estate.peering('pcx-a', 'vpc-a', 'vpc-b')
    expect(reasons(estate.ask(FLOW))).toEqual(['NO_RETURN_ROUTE'])
    expect(reasons(estate.ask({ ...FLOW, from: 'i-b', to: 'i-a' }))).toEqual(['NO_ROUTE'])
  })

  it('has to be active', () => {
    const estate = twoVpcs(['10.1.0.0/16 pcx-a'], ['10.0.0.0/16 pcx-a'])
    estate.peering('pcx-a', 'vpc-a', 'vpc-b', 'pending-acceptance')
    expect(estate.ask(FLOW).blockedBy).toMatchObject([{ resource: 'pcx-a', reason: 'PEERING_NOT_ACTIVE' }])
  })

  it('is not transitive: to a third VPC, or to the internet', () => {
    const estate = twoVpcs(
      ['10.2.0.0/16 pcx-a', '0.0.0.0/0 pcx-a'],
      ['10.0.0.0/16 pcx-a', '10.2.0.0/16 pcx-b'],
    )
    estate.vpc('vpc-c', '10.2.0.0/16')
    estate.subnet('subnet-c', 'vpc-c', '10.2.0.0/24')
    estate.acl('acl-c', 'vpc-c', ['subnet-c'])
    estate.table('rtb-c', 'vpc-c', { main: true }, ['10.0.0.0/8 pcx-b'])
    estate.group('sg-c', 'vpc-c', { ingress: ['all 0.0.0.0/0'] })
    estate.instance('i-c', 'subnet-c', { ip: '10.2.0.5', groups: ['sg-c'] })
    estate.peering('pcx-a', 'vpc-a', 'vpc-b')
    estate.peering('pcx-b', 'vpc-b', 'vpc-c')
    expect(reasons(estate.ask({ ...FLOW, to: 'i-c' }))).toEqual(['PEERING_NOT_TRANSITIVE'])
    expect(reasons(estate.ask({ ...FLOW, to: 'internet' }))).toEqual(['PEERING_NOT_TRANSITIVE'])
  })

  it('with a VPC that the snapshot lacks leaves what comes from there unknown', () => {
    const estate = twoVpcs(['10.7.0.0/16 pcx-x'], [])
    estate.peering('pcx-x', 'vpc-a', 'vpc-elsewhere')
    expect(estate.ask({ from: '10.7.0.5', to: 'i-a', protocol: 'tcp', port: 443 })).toMatchObject({
      verdict: 'unknown',
      blockedBy: [{ resource: 'vpc-elsewhere', reason: 'OTHER_ACCOUNT' }],
    })
    expect(estate.ask({ from: '10.7.0.5', to: 'i-a', protocol: 'tcp', port: 22 }).verdict).toBe('blocked')
  })
})

describe('a virtual private gateway', () => {
  const vpn = (up = true, routes = ['192.168.0.0/16 vgw-a propagated']) => {
    const estate = twoVpcs(routes, [])
    estate.vpn('vgw-a', 'vpc-a', 'vpn-a', up)
    estate.group('sg-home', 'vpc-a', { ingress: ['tcp 22 192.168.1.0/24'] })
    estate.instance('i-home', 'subnet-a', { ip: '10.0.0.8', groups: ['sg-home'] })
    return estate
  }

  it('leads to the CIDRs that are routed to it, and from them', () => {
    expect(vpn().ask({ from: '192.168.0.0/16', to: 'i-home' })).toMatchObject({
      verdict: 'reachable',
      exposed: [{ sources: ['192.168.1.0/24'], protocol: 'tcp', ports: [[22, 22]] }],
    })
    expect(vpn().ask({ from: 'i-home', to: '192.168.9.0/24' }).verdict).toBe('reachable')
    expect(reasons(vpn().ask({ from: '172.16.0.0/24', to: 'i-home' }))).toContain('NO_RETURN_ROUTE')
  })

  it('whose tunnels are all down blocks for now', () => {
    expect(vpn(false).ask({ from: '192.168.1.9', to: 'i-home' })).toMatchObject({
      verdict: 'blocked',
      blockedBy: [{ resource: 'vpn-a', reason: 'VPN_DOWN' }],
      latent: { exposed: [{ ports: [[22, 22]] }] },
    })
  })
})

describe('a transit gateway', () => {
  const joined = (
    parts: {
      readonly table?: readonly string[]
      readonly a?: readonly string[]
      readonly b?: readonly string[]
      readonly zone?: string
    } = {},
  ) => {
    const estate = twoVpcs(parts.a ?? ['10.1.0.0/16 tgw-a'], parts.b ?? ['10.0.0.0/16 tgw-a'])
    estate.transitGateway('tgw-a')
    estate.attachment('tgw-attach-a', 'tgw-a', 'vpc-a', ['subnet-tgw-a'])
    estate.attachment('tgw-attach-b', 'tgw-a', 'vpc-b', ['subnet-tgw-b'])
    estate.transitTable(
      'tgw-rtb-a',
      'tgw-a',
      ['tgw-attach-a', 'tgw-attach-b'],
      parts.table ?? ['10.0.0.0/16 tgw-attach-a', '10.1.0.0/16 tgw-attach-b'],
    )
    if (parts.zone) {
      estate.subnet('subnet-far', 'vpc-a', '10.0.5.0/24', { zone: parts.zone })
      estate.acl('acl-far', 'vpc-a', ['subnet-far'])
      estate.instance('i-far', 'subnet-far', { ip: '10.0.5.5', groups: ['sg-a'] })
    }
    return estate
  }

  it('takes a flow from one attachment to another by its table, and the reply back', () => {
    const { verdict, witness } = joined().ask(FLOW)
    expect(verdict).toBe('reachable')
    expect(witness?.hops.map(({ resource }) => resource)).toEqual([
      'eni-a',
      'sg-a',
      'acl-a',
      'rtb-a',
      'acl-tgw-a',
      'tgw-a',
      'rtb-b',
      'acl-tgw-b',
      'acl-b',
      'sg-b',
      'eni-b',
    ])
  })

  it('drops what its table has no route for, there or back, and what a blackhole matches', () => {
    expect(reasons(joined({ table: ['10.0.0.0/16 tgw-attach-a'] }).ask(FLOW))).toEqual(['TGW_NO_ROUTE'])
    expect(reasons(joined({ table: ['10.1.0.0/16 tgw-attach-b'] }).ask(FLOW))).toEqual(['TGW_NO_ROUTE'])
    const cut = ['10.0.0.0/16 tgw-attach-a', '10.1.0.0/16 tgw-attach-b', '10.1.0.0/24 blackhole']
    expect(reasons(joined({ table: cut }).ask(FLOW))).toEqual(['TGW_BLACKHOLE'])
  })

  it('prefers the static of two equal routes', () => {
    const table = [
      '10.0.0.0/16 tgw-attach-a',
      '10.1.0.0/16 tgw-attach-a propagated',
      '10.1.0.0/16 tgw-attach-b',
    ]
    expect(joined({ table }).ask(FLOW).verdict).toBe('reachable')
  })

  it('is entered only from a zone where the attachment has a subnet', () => {
    expect(joined({ zone: 'eu-west-1c' }).ask({ ...FLOW, from: 'i-far' }).blockedBy).toMatchObject([
      { resource: 'tgw-attach-a', reason: 'TGW_ZONE_NOT_ATTACHED' },
    ])
  })

  it('is crossed by way of the attachments’ subnets, whose ACLs count', () => {
    const estate = joined()
    const at = estate.resources.findIndex(({ id }) => id.endsWith('acl-tgw-b'))
    estate.resources.splice(at, 1)
    estate.acl('acl-tgw-b', 'vpc-b', ['subnet-tgw-b'], { egress: ['100 allow udp 53 0.0.0.0/0'] })
    expect(estate.ask(FLOW).blockedBy).toMatchObject([{ resource: 'acl-tgw-b', reason: 'NACL_EGRESS_DENY' }])
  })

  it('lets rules name a group of the other VPC only where referencing is enabled everywhere', () => {
    const named = (support: string, peer = 'sg-a') => {
      const estate = twoVpcs(['10.1.0.0/16 tgw-a'], ['10.0.0.0/16 tgw-a'])
      const options = { SecurityGroupReferencingSupport: 'enable' }
      estate.transitGateway('tgw-a', { SecurityGroupReferencingSupport: support })
      estate.attachment('tgw-attach-a', 'tgw-a', 'vpc-a', ['subnet-tgw-a'], options)
      estate.attachment('tgw-attach-b', 'tgw-a', 'vpc-b', ['subnet-tgw-b'], options)
      estate.transitTable(
        'tgw-rtb-a',
        'tgw-a',
        ['tgw-attach-a', 'tgw-attach-b'],
        ['10.0.0.0/16 tgw-attach-a', '10.1.0.0/16 tgw-attach-b'],
      )
      estate.group('sg-named', 'vpc-b', { ingress: [`tcp 443 ${peer}`] })
      estate.instance('i-named', 'subnet-b', { ip: '10.1.0.9', groups: ['sg-named'] })
      return estate.ask({ ...FLOW, to: 'i-named' }).verdict
    }
    expect([named('enable'), named('disable')]).toEqual(['reachable', 'blocked'])
    // Named by a peering, it means what comes by the peering.
    expect(named('enable', 'sg-a@pcx-ab')).toBe('blocked')
  })

  it('of another account that the snapshot lacks leaves the verdict unknown, unless a group blocks', () => {
    const estate = twoVpcs(['172.16.0.0/12 tgw-theirs'], [])
    estate.attachment('tgw-attach-a', 'tgw-theirs', 'vpc-a', ['subnet-tgw-a'])
    const ask = (port: number) => estate.ask({ from: 'i-a', to: '172.16.0.9', protocol: 'tcp', port })
    expect(ask(443).verdict).not.toBe('reachable')
    expect(estate.ask({ from: '172.16.0.9', to: 'i-a', protocol: 'tcp', port: 22 }).verdict).toBe('blocked')
  })

  it('brings a VPN’s far side in', () => {
    const estate = joined({
      a: ['10.1.0.0/16 tgw-a', '192.168.0.0/16 tgw-a'],
      table: ['10.0.0.0/16 tgw-attach-a', '192.168.0.0/16 tgw-attach-v:vpn-v propagated'],
    })
    estate.vpnAttachment('tgw-attach-v', 'tgw-a', 'vpn-v')
    estate.transitTable('tgw-rtb-v', 'tgw-a', ['tgw-attach-v'], ['10.0.0.0/16 tgw-attach-a'])
    estate.group('sg-home', 'vpc-a', { ingress: ['tcp 22 192.168.0.0/16'] })
    estate.instance('i-home', 'subnet-a', { ip: '10.0.0.8', groups: ['sg-home'] })
    expect(estate.ask({ from: '192.168.4.4', to: 'i-home' }).verdict).toBe('reachable')
  })

  it('can lead many VPCs out by one NAT gateway', () => {
    const estate = joined({
      a: ['0.0.0.0/0 tgw-a'],
      b: ['10.0.0.0/16 tgw-a', '0.0.0.0/0 nat-b'],
      table: ['10.0.0.0/16 tgw-attach-a', '0.0.0.0/0 tgw-attach-b'],
    })
    estate.internetGateway('igw-b', 'vpc-b')
    estate.subnet('subnet-nat', 'vpc-b', '10.1.3.0/24')
    estate.acl('acl-nat', 'vpc-b', ['subnet-nat'])
    estate.table('rtb-nat', 'vpc-b', { subnets: ['subnet-nat'] }, [
      '10.1.0.0/16 local',
      '10.0.0.0/16 tgw-a',
      '0.0.0.0/0 igw-b',
    ])
    estate.nat('nat-b', 'subnet-nat', '10.1.3.9', '52.0.0.99')
    expect(estate.ask({ from: 'i-a', to: 'internet', protocol: 'tcp', port: 443 })).toMatchObject({
      verdict: 'reachable',
      exposed: [{ sources: ['10.0.0.5/32'], destinations: ['0.0.0.0/0'] }],
    })
  })

  it('can hand a packet back to the VPC that it came from, and so to its own NAT gateway', () => {
    const home = (table: string) => {
      const estate = joined({ a: ['0.0.0.0/0 tgw-a'], table: ['10.0.0.0/16 tgw-attach-a', table] })
      estate.table('rtb-exit', 'vpc-a', { subnets: ['subnet-tgw-a'] }, [
        '10.0.0.0/16 local',
        '0.0.0.0/0 nat-a',
      ])
      estate.internetGateway('igw-a', 'vpc-a')
      estate.subnet('subnet-nat', 'vpc-a', '10.0.3.0/24')
      estate.acl('acl-nat', 'vpc-a', ['subnet-nat'])
      estate.table('rtb-nat', 'vpc-a', { subnets: ['subnet-nat'] }, ['10.0.0.0/16 local', '0.0.0.0/0 igw-a'])
      estate.nat('nat-a', 'subnet-nat', '10.0.3.9', '52.0.0.99')
      return estate.ask({ from: 'i-a', to: 'internet', protocol: 'tcp', port: 443 })
    }
    const { verdict, witness } = home('0.0.0.0/0 tgw-attach-a')
    expect(verdict).toBe('reachable')
    expect(witness?.hops.map(({ resource }) => resource)).toEqual(
      expect.arrayContaining(['tgw-a', 'nat-a', 'igw-a']),
    )
    expect(home('0.0.0.0/0 blackhole').verdict).toBe('blocked')
  })
})

describe('what is not modelled', () => {
  it('is unknown, with what it is: a carrier gateway', () => {
    const estate = twoVpcs(['0.0.0.0/0 cagw-a'], [])
    expect(estate.ask({ from: 'i-a', to: 'internet' })).toMatchObject({
      verdict: 'unknown',
      blockedBy: [{ resource: 'cagw-a', reason: 'NOT_MODELLED' }],
    })
  })
})

describe('an inspection VPC', () => {
  it('to which the transit gateway sends everything first: what its firewall lets on nobody can tell', () => {
    const estate = twoVpcs(['10.1.0.0/16 tgw-a'], ['10.0.0.0/16 tgw-a'])
    estate.vpc('vpc-i', '10.9.0.0/16')
    estate.subnet('subnet-i', 'vpc-i', '10.9.0.0/24')
    estate.table('rtb-i', 'vpc-i', { main: true }, ['10.9.0.0/16 local', '0.0.0.0/0 vpce-firewall'])
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-firewall', {
      VpcEndpointId: 'vpce-firewall',
      VpcEndpointType: 'GatewayLoadBalancer',
    })
    estate.transitGateway('tgw-a')
    estate.attachment('tgw-attach-a', 'tgw-a', 'vpc-a', ['subnet-tgw-a'])
    estate.attachment('tgw-attach-b', 'tgw-a', 'vpc-b', ['subnet-tgw-b'])
    estate.attachment('tgw-attach-i', 'tgw-a', 'vpc-i', ['subnet-i'])
    estate.transitTable(
      'tgw-rtb-spokes',
      'tgw-a',
      ['tgw-attach-a', 'tgw-attach-b'],
      ['0.0.0.0/0 tgw-attach-i'],
    )
    expect(estate.ask(FLOW)).toMatchObject({
      verdict: 'unknown',
      blockedBy: [{ resource: 'vpce-firewall', reason: 'APPLIANCE_ON_PATH' }],
    })
    expect(estate.ask({ ...FLOW, port: 22 }).verdict).toBe('blocked')
  })
})
