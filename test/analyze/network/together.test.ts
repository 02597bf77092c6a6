/** What several things decide together: zones that nobody can tell apart, gates that close only jointly, both families. */
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/snapshot/model.ts'
import { change, remove } from './edit.ts'
import type { Estate } from './estate.ts'
import { webEstate } from './estate.ts'
import { sixEstate, twoVpcs } from './estates.ts'
import { factsOf, read } from './facts.ts'
import { told } from './told.ts'

const FLOW = { from: 'i-a', to: 'i-b', protocol: 'tcp', port: 443 } as const
const verdict = (estate: Estate, from: string, to: string) =>
  told(estate.ask({ from, to, protocol: 'tcp', port: 443 }))

describe('a transit gateway that may leave by several subnets', () => {
  /** vpc-b is attached in i-a's zone and two others; the list of one of those is given. */
  const joined = (egress: readonly string[]) => {
    const estate = twoVpcs(['10.1.0.0/16 tgw-a'], ['10.0.0.0/16 tgw-a'])
    for (const [name, net, at] of [
      ['one', '10.1.20', 'eu-west-1b'],
      ['two', '10.1.21', 'eu-west-1c'],
    ] as const) {
      estate.subnet(`subnet-${name}`, 'vpc-b', `${net}.0/24`, { zone: at })
      estate.acl(`acl-${name}`, 'vpc-b', [`subnet-${name}`], name === 'two' ? { egress } : {})
    }
    estate.transitGateway('tgw-a')
    estate.attachment('tgw-attach-a', 'tgw-a', 'vpc-a', ['subnet-tgw-a'])
    estate.attachment('tgw-attach-b', 'tgw-a', 'vpc-b', ['subnet-one', 'subnet-two', 'subnet-b'])
    const table = ['10.0.0.0/16 tgw-attach-a', '10.1.0.0/16 tgw-attach-b']
    estate.transitTable('tgw-rtb', 'tgw-a', ['tgw-attach-a', 'tgw-attach-b'], table)
    return estate
  }
  it('leaves by the one in the sender’s zone, if there is one', () => {
    expect(told(joined(['100 allow all 0.0.0.0/0']).ask(FLOW)).slice(0, 2)).toEqual([
      'reachable',
      '10.0.0.5/32 tcp 443',
    ])
    expect(joined([]).ask(FLOW).verdict).toBe('reachable')
  })

  it('is entered again only in a zone that it has', () => {
    const SubnetIds = ['subnet-one', 'subnet-two']
    const away = change(joined([]), 'vpc-attachment/tgw-attach-b', { SubnetIds })
    expect(told(away.ask(FLOW))).toEqual([
      'blocked',
      'tgw-attach-b [transit-gateway] TGW_ZONE_NOT_ATTACHED (eu-west-1a)',
    ])
  })
})

describe('networks behind a VPN on a transit gateway', () => {
  const far = (egress: readonly string[]) => {
    const estate = twoVpcs(['192.168.0.0/16 tgw-a'], [])
    estate.subnet('subnet-two', 'vpc-a', '10.0.21.0/24', { zone: 'eu-west-1c' })
    estate.acl('acl-two', 'vpc-a', ['subnet-two'], { egress })
    estate.transitGateway('tgw-a')
    estate.attachment('tgw-attach-a', 'tgw-a', 'vpc-a', ['subnet-tgw-a', 'subnet-two'])
    estate.vpnAttachment('tgw-attach-v', 'tgw-a', 'vpn-v')
    estate.transitTable('tgw-rtb-a', 'tgw-a', ['tgw-attach-a'], ['192.168.0.0/16 tgw-attach-v:vpn-v'])
    estate.transitTable('tgw-rtb-v', 'tgw-a', ['tgw-attach-v'], ['10.0.0.0/16 tgw-attach-a'])
    estate.group('sg-home', 'vpc-a', { ingress: ['tcp 443 192.168.0.0/16'] })
    estate.instance('i-home', 'subnet-a', { ip: '10.0.0.8', groups: ['sg-home'] })
    return told(estate.ask({ from: '192.168.4.4', to: 'i-home', protocol: 'tcp', port: 443 }))
  }

  it('come in by any of the attachment’s subnets: what only some let pass is unknown', () => {
    expect(far(['100 allow all 0.0.0.0/0'])[0]).toBe('reachable')
    expect(far(['100 allow udp 53 0.0.0.0/0'])).toEqual([
      'unknown',
      'transit gateway [transit-gateway] NOT_MODELLED (which zone it leaves by)',
    ])
  })
})

describe('IPv6', () => {
  const six = (options: JsonObject = {}) => {
    const estate = twoVpcs(['2600:1f00:0:2000::/56 tgw-a'], ['2600:1f00:0:1000::/56 tgw-a'])
    for (const [name, net] of [
      ['a', '2600:1f00:0:1000::'],
      ['b', '2600:1f00:0:2000::'],
    ] as const) {
      change(estate, `vpc/vpc-${name}`, { Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: `${net}/56` }] })
      change(estate, `security-group/sg-${name}`, {
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
        ],
      })
      estate.instance(`i-six-${name}`, `subnet-${name}`, { v6: [`${net}5`], groups: [`sg-${name}`] })
    }
    estate.transitGateway('tgw-a')
    estate.attachment('tgw-attach-a', 'tgw-a', 'vpc-a', ['subnet-tgw-a'])
    estate.attachment('tgw-attach-b', 'tgw-a', 'vpc-b', ['subnet-tgw-b'], options)
    const table = [
      '2600:1f00:0:1000::/56 tgw-attach-a',
      '2600:1f00:0:2000::/56 tgw-attach-b',
      '10.0.0.0/8 blackhole',
    ]
    estate.transitTable('tgw-rtb', 'tgw-a', ['tgw-attach-a', 'tgw-attach-b'], table)
    return estate
  }

  it('crosses a transit gateway where both attachments take it', () => {
    expect(verdict(six(), 'i-six-a', 'i-six-b').slice(0, 3)).toEqual([
      'reachable',
      '2600:1f00:0:1000::5/128 tcp 443',
      '2600:1f00:0:1000::5 49152 2600:1f00:0:2000::5 443 tcp',
    ])
    expect(verdict(six({ Ipv6Support: 'disable' }), 'i-six-a', 'i-six-b').slice(0, 2)).toEqual([
      'blocked',
      'tgw-attach-b [transit-gateway] TGW_NO_ROUTE',
    ])
  })

  it('and IPv4 never meet', () => {
    expect(verdict(six(), 'i-six-a', 'i-b')).toEqual(['blocked', 'i-b [network-interface] ADDRESS_NOT_FOUND'])
  })

  it('goes out and in again by an internet gateway under its own address', () => {
    const estate = sixEstate()
    estate.vpc('vpc-b', ['10.1.0.0/16', '2600:1f00:0:2000::/56'])
    estate.internetGateway('igw-b', 'vpc-b')
    estate.subnet('subnet-b', 'vpc-b', '10.1.0.0/24', { v6: '2600:1f00:0:2000::/64' })
    estate.table('rtb-b', 'vpc-b', { main: true }, ['10.1.0.0/16 local', '::/0 igw-b'])
    estate.acl('acl-b', 'vpc-b', ['subnet-b'])
    estate.group('sg-b', 'vpc-b', { ingress: [] })
    estate.instance('i-b', 'subnet-b', { v6: ['2600:1f00:0:2000::5'], groups: ['sg-b'] })
    expect(verdict(estate, 'i-b', 'i-six').slice(0, 3)).toEqual([
      'reachable',
      '2600:1f00:0:2000::5/128 tcp 443',
      '2600:1f00:0:2000::5 49152 2600:1f00:0:1000::5 443 tcp',
    ])
  })

  it('meets edge tables of its own', () => {
    const estate = sixEstate()
    estate.table('rtb-edge', 'vpc-a', { gateway: 'igw-a' }, ['2600:1f00:0:1000::/64 eni-fw'])
    expect(told(estate.ask({ from: 'internet', to: 'i-six', protocol: 'tcp', port: 443 }))).toContain(
      'eni-fw [route] APPLIANCE_ON_PATH (2600:1f00:0:1000::/64)',
    )
  })
})

describe('what closes only together', () => {
  it('is named together: a group for the one half of the strangers, a list for the other', () => {
    const estate = webEstate({ web: ['tcp 443 0.0.0.0/1'], ingress: ['100 allow all 128.0.0.0/1'] })
    expect(verdict(estate, 'internet', 'i-web')).toEqual([
      'blocked',
      'acl-public [network-acl] NACL_INGRESS_DENY',
      'sg-web [security-group] SG_NO_INGRESS',
    ])
  })

  it('and is unknown together, too', () => {
    const estate = webEstate({ web: ['tcp 443 pl-x'] })
    estate.without('AWS::EC2::NetworkAcl')
    expect(verdict(estate, 'internet', 'i-web')).toEqual([
      'unknown',
      'subnet-public [network-acl] DENIED',
      'pl-x [prefix-list] PREFIX_LIST_UNSEEN',
      'ec2:DescribeNetworkAcls denied',
      'ec2:GetManagedPrefixListEntries not-collected',
    ])
  })
})

describe('a route to networks elsewhere', () => {
  const far = (routes: readonly string[], edit: (estate: Estate) => unknown = () => undefined) => {
    const estate = twoVpcs(routes, [])
    edit(estate)
    return verdict(estate, 'i-a', '192.168.4.4')
  }

  it('that is a blackhole, or that is none, leads nowhere', () => {
    expect(far(['192.168.0.0/16 vgw-a blackhole'])).toEqual([
      'blocked',
      'rtb-a [route] ROUTE_BLACKHOLE (192.168.0.0/16 → vgw-a)',
    ])
    expect(far([])).toEqual(['blocked', 'rtb-a [route] NO_ROUTE'])
    expect(far(['192.168.0.0/16 igw-a'])).toEqual(['blocked', 'igw-a [route] NO_ROUTE (192.168.0.0/16)'])
    expect(verdict(twoVpcs([], []), '192.168.4.4', 'i-a')).toEqual([
      'blocked',
      'rtb-a [route] NO_RETURN_ROUTE',
      'sg-a [security-group] SG_NO_INGRESS',
    ])
  })

  it('by an appliance leads where nobody can tell', () => {
    expect(far(['192.168.0.0/16 vpce-fw'])).toEqual([
      'unknown',
      'vpce-fw [endpoint] APPLIANCE_ON_PATH (192.168.0.0/16)',
    ])
  })

  it('may be any where no table was read', () => {
    expect(far([], (estate) => estate.without('AWS::EC2::RouteTable'))).toEqual([
      'unknown',
      'subnet-a [route] DENIED',
      'ec2:DescribeRouteTables denied',
    ])
  })

  it('by a NAT gateway that was not listed leads where nobody can tell', () => {
    expect(far(['192.168.0.0/16 nat-a'], (estate) => estate.without('AWS::EC2::NatGateway'))).toEqual([
      'unknown',
      'nat-a [nat-gateway] DENIED',
      'ec2:DescribeNatGateways denied',
    ])
  })
})

describe('a route between VPCs that nothing joins', () => {
  const between = (routes: readonly string[], edit: (estate: Estate) => unknown = () => undefined) => {
    const estate = twoVpcs(routes, [])
    edit(estate)
    return verdict(estate, 'i-a', 'i-b')
  }

  it.each([
    [[], 'rtb-a [route] NO_ROUTE'],
    [['10.1.0.0/16 pcx-a'], 'rtb-a [route] PEERING_NOT_TRANSITIVE (10.1.0.0/16)'],
    [['10.1.0.0/16 tgw-a blackhole'], 'rtb-a [route] ROUTE_BLACKHOLE (10.1.0.0/16)'],
    [['10.1.0.0/16 tgw-a'], 'rtb-a [route] NO_ROUTE (10.1.0.0/16)'],
  ])('%j: %s', (routes, blocker) => {
    expect(between(routes)).toEqual(['blocked', blocker])
  })

  it('may lead there by an appliance, by a table that was not read, or by a gateway that was not listed', () => {
    expect(between(['10.1.0.0/16 eni-fw'])).toEqual([
      'unknown',
      'eni-fw [route] APPLIANCE_ON_PATH (10.1.0.0/16)',
    ])
    expect(between([], (estate) => remove(estate, 'route-table/rtb-a'))).toEqual([
      'unknown',
      'subnet-a [route] NOT_COLLECTED',
      'ec2:DescribeRouteTables not-collected',
    ])
    expect(
      between(['10.1.0.0/16 tgw-a'], (estate) => estate.without('AWS::EC2::TransitGatewayVpcAttachment')),
    ).toEqual(['unknown', 'tgw-a [network] DENIED', 'ec2:DescribeTransitGatewayVpcAttachments denied'])
    expect(
      between(['10.1.0.0/16 tgw-a'], (estate) => estate.without('AWS::EC2::TransitGatewayAttachment')),
    ).toEqual(['unknown', 'tgw-a [network] DENIED', 'ec2:DescribeTransitGatewayAttachments denied'])
  })
})

describe('an offline VPC', () => {
  it('has the instances that no way leads out from, a gateway endpoint or not', () => {
    const estate = webEstate()
    estate.prefixList('pl-s3', ['52.218.0.0/17'])
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-s3', {
      VpcEndpointId: 'vpce-s3',
      VpcId: 'vpc-a',
      VpcEndpointType: 'Gateway',
      ServiceName: 'com.amazonaws.eu-west-1.s3',
    })
    estate.table('rtb-app', 'vpc-a', { subnets: ['subnet-private'] }, ['10.0.0.0/16 local', 'pl-s3 vpce-s3'])
    estate.eni('eni-free', 'subnet-private', { ip: '10.0.1.77' })
    estate.subnet('subnet-void', 'vpc-a', '10.0.9.0/24')
    const { offlineInstances } = read(factsOf(estate)('vpc-a'), 'offlineInstances')
    expect(offlineInstances).toEqual(['i-app'])
    const other = change(estate, 'vpce-s3', { VpcEndpointType: 'GatewayLoadBalancer' })
    expect(read(factsOf(other)('vpc-a'), 'offlineInstances')).toEqual({ offlineInstances: [] })
  })
})
