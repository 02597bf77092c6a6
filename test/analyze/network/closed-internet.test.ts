/** What closes the ways to and from the internet, and what of them nobody can tell: all that the answer says. */
import { describe, expect, it } from 'vitest'
import type { ReachQuery } from '../../../src/analyze/network/reach.ts'
import type { JsonObject } from '../../../src/snapshot/model.ts'
import { change, remove } from './edit.ts'
import type { Estate } from './estate.ts'
import { webEstate } from './estate.ts'
import { sixEstate, twoVpcs } from './estates.ts'
import { told } from './told.ts'

const SSH = { from: 'internet', to: 'i-web', protocol: 'tcp', port: 22 } as const
const OUT = { from: 'i-app', to: 'internet', protocol: 'tcp', port: 443 } as const

const ask = (estate: Estate, query: ReachQuery) => told(estate.ask(query))

describe('an internet gateway', () => {
  it('of which no list was read may be there', () => {
    const estate = webEstate()
    estate.without('AWS::EC2::InternetGateway')
    expect(ask(estate, SSH)).toEqual([
      'unknown',
      'igw-a [internet-gateway] DENIED',
      'ec2:DescribeInternetGateways denied',
    ])
  })

  it('of a VPC that the snapshot lacks may be there', () => {
    expect(ask(remove(webEstate(), 'vpc/vpc-a', 'internet-gateway/igw-a'), SSH)).toEqual([
      'unknown',
      'igw-a [internet-gateway] NOT_COLLECTED',
      'ec2:DescribeInternetGateways not-collected',
    ])
  })

  it('that a route names and no VPC has attached leads nowhere, in or out', () => {
    const bare = () => change(webEstate(), 'internet-gateway/igw-a', { Attachments: [] })
    const closed = ['blocked', 'igw-a [internet-gateway] GATEWAY_NOT_ATTACHED']
    expect(ask(bare(), SSH)).toEqual(closed)
    expect(ask(bare(), { ...OUT, from: 'i-web' })).toEqual(closed)
    const state = (State: string) =>
      ask(change(webEstate(), 'igw-a', { Attachments: [{ VpcId: 'vpc-a', State }] }), SSH)
    expect(state('detaching')).toEqual(closed)
    expect([state('attached')[0], state('available')[0]]).toEqual(['reachable', 'reachable'])
  })

  it('that is not there at all leaves a VPC with no way in', () => {
    const bare = remove(webEstate(), 'internet-gateway/igw-a', 'route-table/rtb-public')
    expect(ask(bare, SSH)).toEqual([
      'blocked',
      'vpc-a [internet-gateway] NO_INTERNET_GATEWAY',
      'rtb-main [route] NO_RETURN_ROUTE',
    ])
  })

  it('serves no IPv6 address that denies it', () => {
    expect(
      ask(sixEstate({ deny: true }), { from: 'internet', to: 'i-six', protocol: 'tcp', port: 443 }),
    ).toEqual([
      'blocked',
      'eni-six [network-interface] NO_PUBLIC_ADDRESS',
      'sg-a [security-group] SG_NO_INGRESS',
      'rtb-a [route] NO_RETURN_ROUTE',
      'eni-six [network-interface] NO_PUBLIC_ADDRESS (DenyAllIgwTraffic)',
    ])
  })
})

describe('an egress-only gateway', () => {
  const way = (edit: (estate: Estate) => unknown) => {
    const estate = sixEstate({ way: 'eigw-a' })
    edit(estate)
    return ask(estate, { from: 'i-six', to: '2001:db8::1' })
  }

  it('that is gone, or attached elsewhere, leads nowhere', () => {
    const closed = ['blocked', 'eigw-a [egress-only-internet-gateway] GATEWAY_NOT_ATTACHED']
    expect(way((estate) => remove(estate, 'eigw-a'))).toEqual(closed)
    for (const Attachments of [
      [],
      [{ VpcId: 'vpc-b', State: 'attached' }],
      [{ VpcId: 'vpc-a', State: 'detached' }],
    ])
      expect(way((estate) => change(estate, 'eigw-a', { Attachments }))).toEqual(closed)
    expect(way((estate) => change(estate, 'eigw-a', { Attachments: [{ VpcId: 'vpc-a' }] }))[0]).toBe(
      'reachable',
    )
  })

  it('that was not listed may be attached', () => {
    expect(way((estate) => estate.without('AWS::EC2::EgressOnlyInternetGateway'))).toEqual([
      'unknown',
      'eigw-a [egress-only-internet-gateway] DENIED',
      'ec2:DescribeEgressOnlyInternetGateways denied',
    ])
  })
})

describe('a NAT gateway', () => {
  const natted = (edit: (estate: Estate) => unknown = () => undefined) => {
    const estate = webEstate()
    const routes = ['10.0.0.0/16 local', '0.0.0.0/0 nat-a']
    estate.table('rtb-app', 'vpc-a', { subnets: ['subnet-private'] }, routes)
    estate.nat('nat-a', 'subnet-public', '10.0.0.9', '52.0.0.99')
    edit(estate)
    return estate
  }

  it('that is gone leads nowhere', () => {
    expect(
      ask(
        natted((estate) => remove(estate, 'natgateway/nat-a')),
        OUT,
      ),
    ).toEqual([
      'blocked',
      'nat-a [nat-gateway] NO_ROUTE (deleted)',
      'nat-a [nat-gateway] NO_PUBLIC_ADDRESS (public)',
    ])
  })

  it('that does not run leads nowhere for now', () => {
    expect(
      ask(
        natted((estate) => change(estate, 'natgateway/nat-a', { State: 'pending' })),
        OUT,
      ),
    ).toEqual(['blocked', 'nat-a [nat-gateway] NO_ROUTE (pending)'])
  })

  it('that was not listed may be any', () => {
    expect(
      ask(
        natted((estate) => estate.without('AWS::EC2::NatGateway')),
        OUT,
      ),
    ).toEqual(['unknown', 'nat-a [nat-gateway] DENIED', 'ec2:DescribeNatGateways denied'])
  })

  it('without a subnet that is no regional one was not read', () => {
    expect(
      ask(
        natted((estate) => change(estate, 'natgateway/nat-a', { SubnetId: undefined })),
        OUT,
      ),
    ).toEqual(['unknown', 'nat-a [nat-gateway] NOT_COLLECTED', 'ec2:DescribeNatGateways error'])
  })

  it('that is private has no address on the internet', () => {
    expect(
      ask(
        natted((estate) => change(estate, 'natgateway/nat-a', { ConnectivityType: 'private' })),
        OUT,
      ),
    ).toEqual(['blocked', 'nat-a [nat-gateway] NO_PUBLIC_ADDRESS (private)'])
  })

  it('translates no protocol without ports, and no IPv6', () => {
    expect(ask(natted(), { from: 'i-app', to: 'internet', protocol: 47 })).toEqual([
      'blocked',
      'nat-a [nat-gateway] NO_ROUTE (protocol)',
    ])
    const six = sixEstate({ way: 'nat-six' })
    six.nat('nat-six', 'subnet-a', '10.0.0.9', '52.0.0.99')
    expect(ask(six, { from: 'i-six', to: '2001:db8::1' })).toContain(
      'nat-six [nat-gateway] NO_ROUTE (protocol)',
    )
  })

  it('of a Region leads over private ground nobody can tell how', () => {
    const estate = twoVpcs(['192.168.0.0/16 nat-r'], [])
    estate.put('AWS::EC2::NatGateway', 'natgateway/nat-r', {
      NatGatewayId: 'nat-r',
      VpcId: 'vpc-a',
      AvailabilityMode: 'regional',
      NatGatewayAddresses: [{ PublicIp: '52.0.0.98' }],
    })
    expect(ask(estate, { from: 'i-a', to: '192.168.0.9' })).toEqual([
      'unknown',
      'nat-r [nat-gateway] NOT_MODELLED (regional NAT gateway to private addresses)',
    ])
  })

  it('is named with its subnet’s list where that stops the flow or its answer', () => {
    const by = (parts: Parameters<typeof webEstate>[0]) => {
      const estate = webEstate(parts)
      const routes = ['10.0.0.0/16 local', '0.0.0.0/0 nat-a']
      estate.table('rtb-app', 'vpc-a', { subnets: ['subnet-private'] }, routes)
      estate.nat('nat-a', 'subnet-public', '10.0.0.9', '52.0.0.99')
      return ask(estate, OUT)
    }
    expect(by({ ingress: ['90 deny tcp 443 10.0.1.0/24', '100 allow all 0.0.0.0/0'] })).toEqual([
      'blocked',
      'acl-public [network-acl] NACL_INGRESS_DENY (rule 90)',
    ])
    expect(by({ egress: ['100 allow tcp 1024-65535 10.0.0.0/16'] })).toEqual([
      'blocked',
      'acl-public [network-acl] NACL_EGRESS_DENY (rule *)',
    ])
    expect(by({ egress: ['90 deny all 10.0.1.0/24', '100 allow all 0.0.0.0/0'] })).toEqual([
      'blocked',
      'acl-public [network-acl] NACL_RETURN_DENY (rule 90)',
    ])
  })
})

describe('VPC Block Public Access', () => {
  const blocked = (options: JsonObject, exclusion?: JsonObject) => {
    const estate = webEstate()
    estate.put('AWS::EC2::VPCBlockPublicAccessOptions', 'vpc-block-public-access-options', options)
    if (exclusion)
      estate.put(
        'AWS::EC2::VPCBlockPublicAccessExclusion',
        'vpc-block-public-access-exclusion/vpcbpa-1',
        exclusion,
      )
    return ask(estate, SSH)
  }
  const on = { InternetGatewayBlockMode: 'block-bidirectional' }
  const closed = ['blocked', 'subnet-public [block-public-access] BLOCK_PUBLIC_ACCESS']
  const freed = {
    ResourceArn: 'arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-public',
    InternetGatewayExclusionMode: 'allow-bidirectional',
  }

  it('that says no mode is off', () => {
    expect(blocked({})[0]).toBe('reachable')
    expect(blocked(on)).toEqual(closed)
    expect(blocked({ InternetGatewayBlockMode: 'block-ingress' })).toEqual(closed)
  })

  it('spares what an exclusion names that is in force, or says nothing of its state', () => {
    expect(blocked(on, freed)[0]).toBe('reachable')
    for (const State of ['create-complete', 'update-complete'])
      expect(blocked(on, { ...freed, State })[0]).toBe('reachable')
    for (const State of ['create-failed', 'update-failed', 'delete-complete', 'disable-complete'])
      expect(blocked(on, { ...freed, State })).toEqual(closed)
    expect(blocked(on, { ...freed, InternetGatewayExclusionMode: 'allow-egress' })).toEqual(closed)
    expect(
      blocked(on, { ...freed, ResourceArn: 'arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-private' }),
    ).toEqual(closed)
  })

  it('may spare what an exclusion names that is changing', () => {
    for (const State of [
      'create-in-progress',
      'update-in-progress',
      'delete-in-progress',
      'disable-in-progress',
    ])
      expect(blocked(on, { ...freed, State })).toEqual([
        'unknown',
        'subnet-public [block-public-access] NOT_COLLECTED',
        'ec2:DescribeVpcBlockPublicAccessExclusions not-collected: an exclusion is changing',
      ])
  })

  it('may spare it where the exclusions were not read', () => {
    const estate = webEstate()
    estate.blockPublicAccess('block-bidirectional')
    estate.without('AWS::EC2::VPCBlockPublicAccessExclusion')
    expect(ask(estate, SSH)).toEqual([
      'unknown',
      'subnet-public [block-public-access] DENIED',
      'ec2:DescribeVpcBlockPublicAccessExclusions denied',
    ])
  })
})

describe('a route', () => {
  const routed = (route: string, edit: (estate: Estate) => unknown = () => undefined) => {
    const estate = webEstate()
    estate.table('rtb-app', 'vpc-a', { subnets: ['subnet-private'] }, ['10.0.0.0/16 local', route])
    edit(estate)
    return ask(estate, OUT)
  }

  it.each([
    ['to a peering', '0.0.0.0/0 pcx-a', 'pcx-a [peering] PEERING_NOT_TRANSITIVE (0.0.0.0/0)'],
    [
      'to an egress-only gateway',
      '0.0.0.0/0 eigw-a',
      'eigw-a [egress-only-internet-gateway] GATEWAY_NOT_ATTACHED',
    ],
    ['to an internet gateway', '0.0.0.0/0 igw-a', 'eni-app [network-interface] NO_PUBLIC_ADDRESS'],
  ])('%s leads to no stranger', (_, route, blocker) => {
    expect(routed(route)).toEqual(['blocked', blocker])
  })

  it('that is a blackhole leads to no stranger, and says which table has it', () => {
    expect(routed('0.0.0.0/0 igw-a blackhole')).toEqual([
      'blocked',
      'rtb-app [route] ROUTE_BLACKHOLE (0.0.0.0/0 → igw-a)',
      'igw-a [route] ROUTE_BLACKHOLE (0.0.0.0/0)',
    ])
  })

  it('to an interface leads nowhere beyond it, unless that forwards', () => {
    const eni = (more: JsonObject) => (estate: Estate) =>
      estate.eni('eni-x', 'subnet-public', { ip: '10.0.0.70', more })
    expect(routed('0.0.0.0/0 eni-x', eni({ SourceDestCheck: true }))).toEqual([
      'blocked',
      'eni-x [route] NO_ROUTE (0.0.0.0/0)',
    ])
    const beyond = ['unknown', 'eni-x [route] APPLIANCE_ON_PATH (0.0.0.0/0)']
    expect(routed('0.0.0.0/0 eni-x', eni({ SourceDestCheck: false }))).toEqual(beyond)
    expect(routed('0.0.0.0/0 eni-x')).toEqual(beyond)
  })

  it.each([
    ['a virtual private gateway', '0.0.0.0/0 vgw-a', 'vgw-a [vpn-gateway] NOT_MODELLED (0.0.0.0/0)'],
    ['a carrier gateway', '0.0.0.0/0 cagw-a', 'cagw-a [route] NOT_MODELLED (0.0.0.0/0)'],
    ['a firewall’s endpoint', '0.0.0.0/0 vpce-a', 'vpce-a [endpoint] APPLIANCE_ON_PATH (0.0.0.0/0)'],
    ['an instance', '0.0.0.0/0 i-fw', 'i-fw [route] APPLIANCE_ON_PATH (0.0.0.0/0)'],
    ['another account’s transit gateway', '0.0.0.0/0 tgw-x', 'tgw-x [transit-gateway] OTHER_ACCOUNT'],
  ])('to %s leads where nobody can tell', (_, route, blocker) => {
    expect(routed(route)).toEqual(['unknown', blocker])
  })

  it('to a transit gateway that the VPC is not attached to leads nowhere', () => {
    expect(routed('0.0.0.0/0 tgw-x', (estate) => estate.transitGateway('tgw-x'))).toEqual([
      'blocked',
      'tgw-x [transit-gateway] TGW_NO_ROUTE',
    ])
  })

  it('is none where the table has none', () => {
    expect(ask(webEstate(), OUT)).toEqual(['blocked', 'rtb-main [route] NO_ROUTE'])
  })

  it('may be any where no table was read', () => {
    const estate = webEstate()
    estate.without('AWS::EC2::RouteTable')
    expect(ask(estate, OUT)).toEqual([
      'unknown',
      'subnet-private [route] DENIED',
      'ec2:DescribeRouteTables denied',
    ])
    expect(ask(remove(webEstate(), 'route-table/rtb-main'), OUT)).toEqual([
      'unknown',
      'subnet-private [route] NOT_COLLECTED',
      'ec2:DescribeRouteTables not-collected',
    ])
  })

  it('back that does not lead to the gateway is named with what it names instead', () => {
    const back = (...routes: string[]) => {
      const estate = remove(webEstate(), 'route-table/rtb-public')
      estate.table('rtb-public', 'vpc-a', { subnets: ['subnet-public'] }, ['10.0.0.0/16 local', ...routes])
      return ask(estate, SSH)
    }
    expect(back()).toEqual(['blocked', 'rtb-public [route] NO_RETURN_ROUTE'])
    expect(back('0.0.0.0/0 nat-a')).toEqual([
      'blocked',
      'rtb-public [route] NO_RETURN_ROUTE (0.0.0.0/0 → nat-a)',
      'nat-a [nat-gateway] NAT_IS_OUTBOUND_ONLY',
    ])
    expect(back('0.0.0.0/0 vgw-a')).toEqual([
      'blocked',
      'rtb-public [route] NO_RETURN_ROUTE (0.0.0.0/0 → vgw-a)',
    ])
    expect(back('0.0.0.0/0 igw-a blackhole')).toEqual([
      'blocked',
      'rtb-public [route] ROUTE_BLACKHOLE (0.0.0.0/0 → igw-a)',
      'rtb-public [route] NO_RETURN_ROUTE (0.0.0.0/0 → igw-a)',
    ])
  })

  it('inside the VPC may go by an appliance, and then nobody can tell', () => {
    const estate = webEstate({ app: ['tcp 80 10.0.0.0/16'] })
    estate.table('rtb-app', 'vpc-a', { subnets: ['subnet-private'] }, [
      '10.0.0.0/16 local',
      '10.0.0.0/24 vpce-fw',
    ])
    expect(ask(estate, { from: 'i-web', to: 'i-app', protocol: 'tcp', port: 80 })).toEqual([
      'unknown',
      'vpce-fw [endpoint] APPLIANCE_ON_PATH (10.0.0.0/24)',
    ])
  })
})
