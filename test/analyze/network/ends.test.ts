/** What the ends of a question may name, and who is meant. */
import { describe, expect, it } from 'vitest'
import { createNetwork } from '../../../src/analyze/network/network.ts'
import { reach, reachEverything } from '../../../src/analyze/network/reach.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { JsonObject } from '../../../src/snapshot/model.ts'
import { change } from './edit.ts'
import type { Estate } from './estate.ts'
import { webEstate } from './estate.ts'
import { balanced, twoVpcs } from './estates.ts'
import { told } from './told.ts'

const RDS = 'arn:aws:rds:eu-west-1:123456789012:db:orders'
const TO = { from: 'internet', protocol: 'tcp', port: 22 } as const
const ask = (estate: Estate, to: string) => told(estate.ask({ ...TO, to }))

function named({ resources }: Estate, id: string, name: string): void {
  const at = resources.findIndex((resource) => resource.id.endsWith(`/${id}`))
  const resource = resources[at]
  if (resource) resources[at] = { ...resource, name }
}

describe('an end', () => {
  const WEB = ['reachable', '0.0.0.0/0 tcp 22']

  it.each([
    'i-web',
    'eni-web',
    'subnet-public',
    'vpc-a',
    'sg-web',
    '52.0.0.5',
    '10.0.0.5',
    '10.0.0.0/24',
    ' i-web ',
  ])('may be %j: any of the interfaces that it holds', (to) => {
    expect(ask(webEstate(), to).slice(0, 2)).toEqual(WEB)
  })

  it('may be an ARN', () => {
    expect(ask(webEstate(), 'arn:aws:ec2:eu-west-1:123456789012:instance/i-web').slice(0, 2)).toEqual(WEB)
  })

  it('may be a NAT gateway or an endpoint', () => {
    const estate = webEstate()
    estate.nat('nat-a', 'subnet-public', '10.0.0.9', '52.0.0.99')
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-a', {
      NetworkInterfaceIds: ['eni-web', 'eni-gone'],
    })
    expect(ask(estate, 'nat-a')).toEqual(['blocked', 'nat-a [nat-gateway] NAT_IS_OUTBOUND_ONLY'])
    expect(ask(estate, 'vpce-a').slice(0, 2)).toEqual(WEB)
  })

  it('may be a load balancer by its ARN, its name, or what its interfaces call it', () => {
    const { estate, arn } = balanced()
    for (const to of [arn, 'front', 'app/front/1'])
      expect(told(estate.ask({ ...TO, port: 443, to }))[1]).toBe('0.0.0.0/0 tcp 443')
  })

  it('may be a database by its name, its ARN or its resource id', () => {
    const estate = webEstate()
    estate.eni('eni-rds', 'subnet-public', {
      ip: '10.0.0.30',
      public: '52.0.0.30',
      groups: ['sg-web'],
      more: { RequesterManaged: true, Description: 'RDSNetworkInterface' },
    })
    estate.put('AWS::RDS::DBInstance', RDS, {
      DBInstanceIdentifier: 'orders',
      DbiResourceId: 'db-ABC',
      DBSubnetGroup: { VpcId: 'vpc-a', Subnets: [{ SubnetIdentifier: 'subnet-public' }, {}] },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-web' }],
    })
    for (const to of [RDS, 'orders', 'db-ABC']) expect(ask(estate, to).slice(0, 2)).toEqual(WEB)
    const other = (config: JsonObject) => ask(change(estate, RDS, config), 'orders')[0]
    expect(other({ SecondaryAvailabilityZone: 'eu-west-1c', AvailabilityZone: 'eu-west-1a' })).toBe(
      'reachable',
    )
    expect(other({ AvailabilityZone: 'eu-west-1c' })).toBe('unknown')
    expect(other({ AvailabilityZone: 'eu-west-1b', SecondaryAvailabilityZone: 'eu-west-1a' })).toBe(
      'reachable',
    )
    expect(other({ PubliclyAccessible: true })).toBe('reachable')
    expect(other({ PubliclyAccessible: false })).toBe('unknown')
    expect(other({ PubliclyAccessible: true, DBSubnetGroup: { VpcId: 'vpc-x' } })).toBe('unknown')
  })

  it('may be an instance by its name, if only one has it', () => {
    const estate = webEstate()
    named(estate, 'i-web', 'shop')
    expect(ask(estate, 'shop').slice(0, 2)).toEqual(WEB)
    named(estate, 'i-app', 'shop')
    expect(() => ask(estate, 'shop')).toThrow('2 instances are called shop: i-web, i-app')
  })

  it('may be an instance that the list lacks, by what its interface says', () => {
    const estate = webEstate()
    estate.resources.splice(
      estate.resources.findIndex(({ id }) => id.endsWith('instance/i-web')),
      1,
    )
    expect(ask(estate, 'i-web').slice(0, 2)).toEqual(WEB)
  })

  it('of a kind that has no interface is refused', () => {
    expect(() => ask(webEstate(), 'rtb-public')).toThrow(
      'rtb-public is of type AWS::EC2::RouteTable, which has no network interface to ask about',
    )
  })

  it.each(['i-gone', 'shop', 'arn:aws:ec2:eu-west-1:123456789012:instance/i-gone', 'internet2'])(
    'that is nothing of the snapshot, %s, is refused',
    (to) => {
      expect(() => ask(webEstate(), to)).toThrow(
        `"${to}" is no resource of this snapshot, no CIDR and not "internet"`,
      )
    },
  )

  it.each(['10.0.0.0/33', '10.0.0', '10.0.0.0/', '256.0.0.1', '1:2', '::/129', ':::', '1.2.3.4/24/1'])(
    'that looks like an address and is none, %s, is refused',
    (to) => {
      expect(() => ask(webEstate(), to)).toThrow(`"${to}" is no CIDR`)
    },
  )

  it.each([
    ['i-gone', 'AWS::EC2::Instance', 'ec2:DescribeInstances'],
    ['eni-gone', 'AWS::EC2::NetworkInterface', 'ec2:DescribeNetworkInterfaces'],
    ['subnet-gone', 'AWS::EC2::Subnet', 'ec2:DescribeSubnets'],
    ['vpc-gone', 'AWS::EC2::VPC', 'ec2:DescribeVpcs'],
    ['sg-gone', 'AWS::EC2::SecurityGroup', 'ec2:DescribeSecurityGroups'],
    ['nat-gone', 'AWS::EC2::NatGateway', 'ec2:DescribeNatGateways'],
    ['vpce-gone', 'AWS::EC2::VPCEndpoint', 'ec2:DescribeVpcEndpoints'],
    [
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/gone/1',
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      'elasticloadbalancing:DescribeLoadBalancers',
    ],
    ['arn:aws:ec2:eu-west-1:123456789012:instance/i-gone', 'AWS::EC2::Instance', 'ec2:DescribeInstances'],
  ])('that was not listed, %s, may be anyone', (to, type, operation) => {
    const estate = webEstate()
    estate.without(type)
    expect(ask(estate, to)).toEqual(['unknown', `${to} [network-interface] DENIED`, `${operation} denied`])
  })
})

describe('addresses', () => {
  it('are their holders, and the rest of them who is on the internet or behind a VPN', () => {
    const estate = webEstate({ app: ['tcp 22 52.0.0.0/8', 'tcp 22 192.168.0.0/16'] })
    estate.vpn('vgw-a', 'vpc-a', 'vpn-a')
    estate.table('rtb-app', 'vpc-a', { subnets: ['subnet-private'] }, [
      '10.0.0.0/16 local',
      '192.168.0.0/16 vgw-a',
    ])
    const from = (source: string) =>
      told(estate.ask({ from: source, to: 'i-app', protocol: 'tcp', port: 22 }))
    expect(from('192.168.7.0/24').slice(0, 2)).toEqual(['reachable', '192.168.7.0/24 tcp 22'])
    expect(from('52.0.0.0/24')[0]).toBe('blocked')
    const out = (to: string) => told(estate.ask({ from: 'i-web', to, protocol: 'tcp', port: 22 }))
    expect(out('52.0.0.0/24').slice(0, 2)).toEqual(['reachable', '10.0.0.5/32 → 52.0.0.0/24 tcp 22'])
    expect(out('52.0.0.5/32')).toEqual(['blocked', '52.0.0.5/32 [network-interface] ADDRESS_NOT_FOUND'])
  })

  it('of a VPC that nobody has are not found', () => {
    expect(told(webEstate().ask({ from: 'i-web', to: '10.0.0.77' }))).toEqual([
      'blocked',
      '10.0.0.77 [network-interface] ADDRESS_NOT_FOUND',
    ])
    expect(told(webEstate().ask({ from: '10.0.0.77', to: '10.0.0.78' }))).toEqual([
      'blocked',
      '10.0.0.77 [network-interface] ADDRESS_NOT_FOUND',
      '10.0.0.78 [network-interface] ADDRESS_NOT_FOUND',
    ])
  })

  it('of a VPC whose interfaces were not listed may be anyone’s', () => {
    const estate = webEstate()
    estate.without('AWS::EC2::NetworkInterface')
    expect(told(estate.ask({ from: '203.0.113.9', to: '10.0.0.5' }))).toEqual([
      'unknown',
      'vpc-a [network-interface] DENIED',
      'ec2:DescribeNetworkInterfaces denied',
    ])
    expect(told(estate.ask({ from: '203.0.113.9', to: '10.9.0.5' }))[0]).toBe('blocked')
  })
})

describe('a range of targets', () => {
  it('is told by sender: one row for each, with what of the range it reaches', () => {
    const estate = webEstate()
    estate.instance('i-next', 'subnet-public', { ip: '10.0.0.6', public: '52.0.0.6', groups: ['sg-web'] })
    expect(
      told(estate.ask({ from: 'sg-web', to: '198.51.100.0/24', protocol: 'udp', port: 53 })).slice(0, 4),
    ).toEqual([
      'reachable',
      '10.0.0.5/32 → 198.51.100.0/24 udp 53',
      '10.0.0.6/32 → 198.51.100.0/24 udp 53',
      '10.0.0.5 49152 198.51.100.0 53 udp',
    ])
  })
})

describe('everything that a source reaches', () => {
  const all = (estate: Estate, from: string, options = {}) =>
    reachEverything(createNetwork(indexSnapshot(estate.snapshot())), from, options).map(
      ({ to, verdict, exposed }) => `${to} ${verdict} ${exposed.map(({ ports }) => ports.join('-')).join()}`,
    )

  it('has an instance once, whichever of its interfaces is reached', () => {
    const estate = webEstate()
    const Attachment = { DeviceIndex: 1, InstanceId: 'i-app' }
    estate.eni('eni-second', 'subnet-public', {
      ip: '10.0.0.77',
      public: '52.0.0.77',
      groups: ['sg-web'],
      more: { Attachment },
    })
    expect(all(estate, 'internet')).toEqual(['i-web reachable 22,22', 'i-app reachable 22,22'])
  })

  it('may leave out the ways by load balancers', () => {
    const { estate } = balanced()
    expect(all(estate, 'internet')).toEqual([
      'i-web reachable 22,22',
      'i-app reachable 8080,8080',
      'eni-front-subnet-public reachable 443,443',
    ])
    expect(all(estate, 'internet', { direct: true })).toEqual([
      'i-web reachable 22,22',
      'eni-front-subnet-public reachable 443,443',
    ])
    expect(all(estate, 'internet', { port: 8080 })).toEqual(['i-app reachable 8080,8080'])
  })

  it('is asked without a target, which one question needs', () => {
    const network = createNetwork(indexSnapshot(webEstate().snapshot()))
    expect(() => reach(network, { from: 'internet' })).toThrow(
      'a query needs "to"; reachEverything answers one without',
    )
  })

  it('is nothing of itself', () => {
    expect(told(webEstate().ask({ from: 'i-web', to: 'i-web' }))).toEqual([
      'blocked',
      'i-web [network-interface] ADDRESS_NOT_FOUND',
    ])
    expect(twoVpcs([], []).ask({ from: 'vpc-a', to: 'vpc-a' }).verdict).toBe('blocked')
  })
})
