/** What is read of AWS's raw answers, and what stands for that which they leave out. */
import { describe, expect, it } from 'vitest'
import { formatAddress, toCidrs } from '../../../src/analyze/network/address-set.ts'
import { protocolNumber, rulesOf } from '../../../src/analyze/network/group-rule.ts'
import { interfaceOf } from '../../../src/analyze/network/interface.ts'
import { field, flag, items, listOf, number, text, texts, word } from '../../../src/analyze/network/json.ts'
import { entriesOf, ruleName } from '../../../src/analyze/network/nacl.ts'
import { createNetwork } from '../../../src/analyze/network/network.ts'
import { allTraffic, NO_TRAFFIC } from '../../../src/analyze/network/traffic.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { JsonObject, Resource } from '../../../src/snapshot/model.ts'
import { change } from './edit.ts'
import type { Estate } from './estate.ts'
import { createEstate, webEstate } from './estate.ts'

const resource = (config: JsonObject): Resource => ({
  id: 'arn:aws:ec2:eu-west-1:123456789012:network-interface/eni-1',
  type: 'AWS::EC2::NetworkInterface',
  account: '123456789012',
  region: 'eu-west-1',
  tags: {},
  config,
})

const networkOf = (estate: Estate) => createNetwork(indexSnapshot(estate.snapshot()))

describe('an answer', () => {
  const value = { text: 'a', none: '', number: 7, flag: false, list: ['a', 1, 'b'], object: { text: 'b' } }

  it('has a field as what it is, and as nothing else', () => {
    expect(field(value, 'object')).toEqual({ text: 'b' })
    expect([
      field(value, 'toString'),
      field(['a'], 'length'),
      field('a', 'length'),
      field(null, 'a'),
    ]).toEqual([undefined, undefined, undefined, undefined])
    expect([text(value, 'text'), text(value, 'none'), text(value, 'number'), text(undefined, 'a')]).toEqual([
      'a',
      undefined,
      undefined,
      undefined,
    ])
    expect([word(value, 'text'), word(value, 'absent')]).toEqual(['a', ''])
    expect([number(value, 'number'), number(value, 'text')]).toEqual([7, undefined])
    expect([flag(value, 'flag'), flag(value, 'number')]).toEqual([false, undefined])
    expect([listOf(value, 'list'), listOf(value, 'object')]).toEqual([['a', 1, 'b'], undefined])
    expect([items(value, 'list'), items(value, 'text')]).toEqual([['a', 1, 'b'], []])
    expect(texts(value, 'list')).toEqual(['a', 'b'])
  })
})

describe('an interface', () => {
  it('is read whole', () => {
    const config: JsonObject = {
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      AvailabilityZone: 'eu-west-1a',
      Status: 'in-use',
      SourceDestCheck: false,
      DenyAllIgwTraffic: true,
      RequesterManaged: true,
      InterfaceType: 'lambda',
      Groups: [{ GroupId: 'sg-1' }],
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.1' }],
    }
    const made = resource(config)
    expect(interfaceOf(made, { vpcId: 'vpc-2', zone: 'eu-west-1b' })).toEqual({
      id: 'eni-1',
      account: '123456789012',
      region: 'eu-west-1',
      vpcId: 'vpc-1',
      subnetId: 'subnet-1',
      zone: 'eu-west-1a',
      addresses: [{ address: 0x0a000001 }],
      groups: ['sg-1'],
      attached: true,
      sourceDestCheck: false,
      deniesInternet: true,
      requesterManaged: true,
      interfaceType: 'lambda',
      owner: { kind: 'lambda', id: '' },
      resource: made,
    })
  })

  it('of which little is told lies where its subnet does, and is taken to be an ordinary one', () => {
    const made = resource({})
    const known = {
      id: 'eni-1',
      account: '123456789012',
      region: 'eu-west-1',
      subnetId: '',
      addresses: [],
      groups: undefined,
      attached: true,
      sourceDestCheck: true,
      deniesInternet: false,
      requesterManaged: false,
      interfaceType: 'interface',
      owner: { kind: 'other', id: '' },
      resource: made,
    }
    expect(interfaceOf(made, { vpcId: 'vpc-2', zone: 'eu-west-1b' })).toEqual({
      ...known,
      vpcId: 'vpc-2',
      zone: 'eu-west-1b',
    })
    expect(interfaceOf(made, undefined)).toEqual({ ...known, vpcId: '', zone: '' })
    expect(interfaceOf(resource({ Status: 'available' }), undefined).attached).toBe(false)
  })

  it('has each of its addresses once, with the public one that is mapped to it', () => {
    const addresses = (config: JsonObject) =>
      interfaceOf(resource(config), undefined).addresses.map(({ address, publicIp }) =>
        publicIp === undefined
          ? formatAddress(address)
          : `${formatAddress(address)}=${formatAddress(publicIp)}`,
      )
    expect(
      addresses({
        PrivateIpAddress: '10.0.0.9',
        PrivateIpAddresses: [
          { PrivateIpAddress: '10.0.0.1', Association: { PublicIp: '52.0.0.1' } },
          { PrivateIpAddress: '10.0.0.1' },
          { PrivateIpAddress: '10.0.0.2' },
          { PrivateIpAddress: '10.0.0.2', Association: { PublicIp: '52.0.0.2' } },
          { PrivateIpAddress: 'nonsense' },
          {},
        ],
        Ipv4Prefixes: [
          { Ipv4Prefix: '10.0.0.16/30' },
          { Ipv4Prefix: '10.1.0.0/24' },
          {},
          { Ipv4Prefix: 'x' },
        ],
        Ipv6Addresses: [{ Ipv6Address: '2001:db8::5' }, {}],
        Ipv6Prefixes: [{ Ipv6Prefix: '2001:db8:1::/80' }],
      }),
    ).toEqual([
      '10.0.0.1=52.0.0.1',
      '10.0.0.2=52.0.0.2',
      '10.0.0.16',
      '10.0.0.17',
      '10.0.0.18',
      '10.0.0.19',
      '10.1.0.0',
      '2001:db8::5',
      '2001:db8:1::',
    ])
    expect(addresses({ PrivateIpAddress: '10.0.0.9', Association: { PublicIp: '52.0.0.9' } })).toEqual([
      '10.0.0.9=52.0.0.9',
    ])
    expect(addresses({ PrivateIpAddress: '10.0.0.9' })).toEqual(['10.0.0.9'])
    expect(addresses({ Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.16/28' }] })).toHaveLength(16)
    expect(addresses({ Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.32/27' }] })).toEqual(['10.0.0.32'])
  })

  it.each([
    ['an instance', { Attachment: { InstanceId: 'i-1' }, Description: 'ELB app/a/1' }, 'instance i-1'],
    ['no instance of AWS’s own', { Attachment: { InstanceId: 'amazon-elb' } }, 'other '],
    [
      'a balancer, by its description',
      { Description: 'ELB app/a/1', RequesterManaged: true },
      'load-balancer app/a/1',
    ],
    [
      'a balancer, by its type',
      { Description: 'ELB net/a/1', InterfaceType: 'network_load_balancer' },
      'load-balancer net/a/1',
    ],
    ['no balancer, if a person wrote so', { Description: 'ELB app/a/1' }, 'other ELB app/a/1'],
    ['no balancer, if it only begins so', { Description: 'ELBOW', RequesterManaged: true }, 'other ELBOW'],
    ['a balancer that is not named', { InterfaceType: 'load_balancer' }, 'load-balancer '],
    ['a Gateway Load Balancer', { InterfaceType: 'gateway_load_balancer' }, 'load-balancer '],
    [
      'a NAT gateway, by its type',
      { InterfaceType: 'nat_gateway', Description: 'Interface for NAT Gateway nat-0a' },
      'nat-gateway nat-0a',
    ],
    ['a NAT gateway, by its other type', { InterfaceType: 'natGateway' }, 'nat-gateway '],
    [
      'a NAT gateway, by its description',
      { RequesterManaged: true, Description: 'Interface for NAT Gateway nat-0a' },
      'nat-gateway nat-0a',
    ],
    [
      'a NAT gateway that is not named',
      { RequesterManaged: true, Description: 'Interface for NAT Gateway' },
      'nat-gateway Interface for NAT Gateway',
    ],
    [
      'an endpoint, by its type',
      { InterfaceType: 'vpc_endpoint', Description: 'VPC Endpoint Interface vpce-0a' },
      'endpoint vpce-0a',
    ],
    [
      'an endpoint, by its description',
      { RequesterManaged: true, Description: 'VPC Endpoint Interface vpce-0a' },
      'endpoint vpce-0a',
    ],
    [
      'an endpoint that is not named',
      { RequesterManaged: true, Description: 'VPC Endpoint Interface' },
      'endpoint VPC Endpoint Interface',
    ],
    ['a firewall’s endpoint', { InterfaceType: 'gateway_load_balancer_endpoint' }, 'endpoint '],
    [
      'a transit gateway',
      {
        InterfaceType: 'transit_gateway',
        Description: 'Network Interface for Transit Gateway Attachment tgw-attach-0a',
      },
      'transit-gateway tgw-attach-0a',
    ],
    [
      'a function',
      { InterfaceType: 'lambda', Description: 'AWS Lambda VPC ENI-f' },
      'lambda AWS Lambda VPC ENI-f',
    ],
    [
      'a function, by its description',
      { RequesterManaged: true, Description: 'AWS Lambda VPC ENI-f' },
      'lambda AWS Lambda VPC ENI-f',
    ],
    [
      'a file system',
      { RequesterManaged: true, Description: 'EFS mount target for fs-0a' },
      'file-system fs-0a',
    ],
    [
      'a file system, by its type',
      { InterfaceType: 'efs', Description: 'EFS mount target for fs-0a' },
      'file-system fs-0a',
    ],
    ['FSx', { RequesterManaged: true, Description: 'Created by FSx' }, 'file-system Created by FSx'],
    [
      'a database',
      { RequesterManaged: true, Description: 'RDSNetworkInterface' },
      'database RDSNetworkInterface',
    ],
    ['Neptune', { RequesterManaged: true, Description: 'Neptune' }, 'database Neptune'],
    ['DAX', { RequesterManaged: true, Description: 'My DAX cluster' }, 'database My DAX cluster'],
    [
      'a cache',
      { RequesterManaged: true, Description: 'ElastiCache shop-001' },
      'cache ElastiCache shop-001',
    ],
    ['MemoryDB', { RequesterManaged: true, Description: 'MemoryDB shop' }, 'cache MemoryDB shop'],
    ['a search domain', { RequesterManaged: true, Description: 'ES shop' }, 'search ES shop'],
    ['OpenSearch', { RequesterManaged: true, Description: 'OpenSearch shop' }, 'search OpenSearch shop'],
    [
      'a warehouse',
      { RequesterManaged: true, Description: 'RedshiftNetworkInterface' },
      'warehouse RedshiftNetworkInterface',
    ],
    ['somebody’s else', { RequesterManaged: true, Description: 'WorkSpaces' }, 'other WorkSpaces'],
    [
      'nobody’s, whatever a person wrote',
      { Description: 'RDSNetworkInterface' },
      'other RDSNetworkInterface',
    ],
  ] as [string, JsonObject, string][])('belongs to %s', (_, config, owner) => {
    const { kind, id } = interfaceOf(resource(config), undefined).owner
    expect(`${kind} ${id}`).toBe(owner)
  })
})

describe('a rule of a security group', () => {
  const labels = (permission: JsonObject) => {
    const estate = change(webEstate(), 'security-group/sg-web', { IpPermissions: [permission] })
    estate.prefixList('pl-1', ['10.0.0.0/8', 'nonsense'])
    const { topology } = networkOf(estate)
    const group = topology.resource('AWS::EC2::SecurityGroup', 'sg-web')
    return group ? rulesOf(topology, group, 'ingress') : []
  }
  const label = (IpProtocol: string, FromPort?: number, ToPort?: number) =>
    labels({
      IpProtocol,
      ...(FromPort === undefined ? {} : { FromPort }),
      ...(ToPort === undefined ? {} : { ToPort }),
      IpRanges: [{ CidrIp: '10.0.0.0/8' }],
    })[0]?.label

  it('is called by what it says', () => {
    expect([label('-1'), label('-1', 0, 65_535), label('tcp'), label('tcp', -1, -1)]).toEqual([
      'all 10.0.0.0/8',
      'all 10.0.0.0/8',
      'tcp 10.0.0.0/8',
      'tcp 10.0.0.0/8',
    ])
    expect([label('tcp', 22, 22), label('tcp', 22), label('udp', 0, 65_535)]).toEqual([
      'tcp 22 10.0.0.0/8',
      'tcp 22 10.0.0.0/8',
      'udp 0-65535 10.0.0.0/8',
    ])
    expect([label('icmp', 8, -1), label('icmp', 3, 4), label('1', 3, 3), label('58', 128, 0)]).toEqual([
      'icmp 8 10.0.0.0/8',
      'icmp 3:4 10.0.0.0/8',
      '1 3:3 10.0.0.0/8',
      '58 128:0 10.0.0.0/8',
    ])
  })

  it('is one for each of its peers', () => {
    const made = labels({
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      IpRanges: [{ CidrIp: '10.0.0.0/8' }, {}],
      Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }, {}],
      PrefixListIds: [{ PrefixListId: 'pl-1' }],
      UserIdGroupPairs: [{ GroupId: 'sg-1' }, { GroupId: 'sg-2', VpcPeeringConnectionId: 'pcx-1' }, {}],
    })
    expect(
      made.map(({ label: name, cidrs, peerGroup, peering, cause }) => [
        name,
        cidrs.map(({ family, length }) => `${family}/${length}`).join(),
        peerGroup,
        peering,
        cause?.rule,
      ]),
    ).toEqual([
      ['tcp 22 10.0.0.0/8', '4/8', undefined, undefined, undefined],
      ['tcp 22 ', '', undefined, undefined, 'tcp 22 '],
      ['tcp 22 2001:db8::/32', '6/32', undefined, undefined, undefined],
      ['tcp 22 ', '', undefined, undefined, 'tcp 22 '],
      ['tcp 22 pl-1', '4/8', undefined, undefined, undefined],
      ['tcp 22 sg-1', '', 'sg-1', undefined, undefined],
      ['tcp 22 sg-2', '', 'sg-2', 'pcx-1', undefined],
    ])
    expect(made.every(({ group, direction }) => group === 'sg-web' && direction === 'ingress')).toBe(true)
  })

  it('names its protocol as AWS does, in any case, or by its number', () => {
    expect(['tcp', 'UDP', 'icmp', 'ICMPv6', 'all', '-1', '0', '47', '255'].map(protocolNumber)).toEqual([
      6, 17, 1, 58, -1, -1, 0, 47, 255,
    ])
    expect(['', 'tpc', '256', '1000', '-2', '4x', 'x4', 'toString'].map(protocolNumber)).toEqual(
      Array(8).fill(undefined),
    )
  })
})

describe('an entry of a network ACL', () => {
  const entries = (...Entries: JsonObject[]) => entriesOf(resource({ Entries }))

  it('is read for each address family that it names, in the order of the numbers', () => {
    expect(
      entries(
        { RuleNumber: 200, RuleAction: 'deny', Egress: true, Protocol: '-1', Ipv6CidrBlock: '::/0' },
        {
          RuleNumber: 100,
          RuleAction: 'ALLOW',
          Egress: false,
          Protocol: '6',
          CidrBlock: '10.0.0.0/8',
          PortRange: { From: 22, To: 23 },
        },
        {
          RuleNumber: 150,
          RuleAction: 'allow',
          Protocol: '1',
          CidrBlock: '0.0.0.0/0',
          IcmpTypeCode: { Type: 3, Code: 4 },
        },
        { RuleNumber: 160, RuleAction: 'allow', Protocol: '17', CidrBlock: '0.0.0.0/0' },
      ),
    ).toEqual([
      {
        ruleNumber: 100,
        egress: false,
        allow: true,
        family: 4,
        lo: 0x0a000000,
        hi: 0x0affffff,
        traffic: { ...NO_TRAFFIC, tcp: [[22, 23]] },
        malformed: false,
      },
      {
        ruleNumber: 150,
        egress: false,
        allow: true,
        family: 4,
        lo: 0,
        hi: 0xffffffff,
        traffic: { ...NO_TRAFFIC, icmp: [[772, 772]] },
        malformed: false,
      },
      {
        ruleNumber: 160,
        egress: false,
        allow: true,
        family: 4,
        lo: 0,
        hi: 0xffffffff,
        traffic: { ...NO_TRAFFIC, udp: [[0, 65_535]] },
        malformed: false,
      },
      {
        ruleNumber: 200,
        egress: true,
        allow: false,
        family: 6,
        lo: 0n,
        hi: 2n ** 128n - 1n,
        traffic: allTraffic(6),
        malformed: false,
      },
    ])
  })

  it('that cannot be read may mean any address, or any traffic, and stands last without a number', () => {
    const [four, six] = entries({ Protocol: '6', CidrBlock: 'x', PortRange: { From: 22, To: 22 } })
    const ssh = { ...NO_TRAFFIC, tcp: [[22, 22]] }
    const rest = { ruleNumber: Number.MAX_SAFE_INTEGER, egress: false, allow: false, malformed: true }
    expect(four).toEqual({ ...rest, family: 4, lo: 0, hi: 0xffffffff, traffic: ssh })
    expect(six).toEqual({ ...rest, family: 6, lo: 0n, hi: 2n ** 128n - 1n, traffic: ssh })
    expect(entries({}).map(({ family, traffic }) => [family, traffic])).toEqual([
      [4, allTraffic(4)],
      [6, allTraffic(6)],
    ])
    for (const Protocol of ['tcp', '6x', 'x6', '1000', '-2'])
      expect(entries({ RuleNumber: 1, Protocol, CidrBlock: '10.0.0.0/8' })).toMatchObject([
        { malformed: true, traffic: allTraffic(4), lo: 0x0a000000, hi: 0x0affffff },
      ])
  })

  it('is called by its number, the last one by its star', () => {
    const [first, last] = entries(
      { RuleNumber: 32_766, CidrBlock: '0.0.0.0/0', Protocol: '-1' },
      { RuleNumber: 32_767, CidrBlock: '0.0.0.0/0', Protocol: '-1' },
    )
    expect([ruleName(first), ruleName(last), ruleName(undefined)]).toEqual(['rule 32766', 'rule *', 'rule *'])
  })
})

describe('the parts of a network', () => {
  it('of a VPC are the CIDRs that are associated with it', () => {
    const estate = createEstate()
    estate.put('AWS::EC2::VPC', 'vpc/vpc-a', {
      VpcId: 'vpc-a',
      CidrBlock: '10.0.0.0/16',
      CidrBlockAssociationSet: [
        { CidrBlock: '10.1.0.0/16' },
        { CidrBlock: '10.2.0.0/16', CidrBlockState: { State: 'associated' } },
        { CidrBlock: '10.3.0.0/16', CidrBlockState: { State: 'disassociated' } },
        {},
      ],
      Ipv6CidrBlockAssociationSet: [
        { Ipv6CidrBlock: '2001:db8::/56' },
        { Ipv6CidrBlock: '2001:db8:1::/56', Ipv6CidrBlockState: { State: 'associated' } },
        { Ipv6CidrBlock: '2001:db8:2::/56', Ipv6CidrBlockState: { State: 'failed' } },
        {},
      ],
    })
    const { topology } = networkOf(estate)
    const vpc = topology.vpcs.get('vpc-a')
    expect([vpc?.account, vpc?.region]).toEqual(['123456789012', 'eu-west-1'])
    expect(toCidrs(vpc?.cidrs[4] ?? [])).toEqual(['10.0.0.0/15', '10.2.0.0/16'])
    expect(toCidrs(vpc?.cidrs[6] ?? [])).toEqual(['2001:db8::/56', '2001:db8:1::/56'])
    expect(toCidrs(topology.own[4])).toEqual(['10.0.0.0/15', '10.2.0.0/16'])
    expect(toCidrs(topology.own[6])).toEqual(['2001:db8::/56', '2001:db8:1::/56'])
  })

  it('of an estate are its own addresses: of VPCs, interfaces, NAT gateways, and Elastic IPs that nothing has', () => {
    const estate = webEstate()
    estate.put('AWS::EC2::EIP', 'elastic-ip/eipalloc-1', { PublicIp: '52.0.1.1' })
    estate.put('AWS::EC2::EIP', 'elastic-ip/eipalloc-2', {})
    estate.put('AWS::EC2::NatGateway', 'natgateway/nat-r', {
      NatGatewayAddresses: [{ PublicIp: '52.0.1.3' }, {}],
    })
    expect(toCidrs(networkOf(estate).topology.own[4])).toEqual([
      '10.0.0.0/16',
      '52.0.0.5/32',
      '52.0.1.1/32',
      '52.0.1.3/32',
    ])
  })

  it('of a subnet is the table whose association holds', () => {
    const table = (AssociationState: JsonObject | undefined) => {
      const Associations = [{ SubnetId: 'subnet-public', ...(AssociationState ? { AssociationState } : {}) }]
      const found = networkOf(change(webEstate(), 'rtb-public', { Associations })).routes.ofSubnet(
        'subnet-public',
      )
      return 'table' in found ? found.table.id : found.cause.reason
    }
    expect([table(undefined), table({ State: 'associated' }), table({ State: 'associating' })]).toEqual([
      'rtb-public',
      'rtb-public',
      'rtb-public',
    ])
    expect([table({ State: 'disassociating' }), table({ State: 'disassociated' })]).toEqual([
      'rtb-main',
      'rtb-main',
    ])
  })

  it('of a route is what it names, whatever the field', () => {
    const route = (fields: JsonObject) => {
      const Routes = [{ DestinationCidrBlock: '0.0.0.0/0', ...fields }]
      const found = networkOf(change(webEstate(), 'rtb-public', { Routes })).routes.ofSubnet('subnet-public')
      const routes = 'table' in found ? found.table.routes : []
      const made = routes.find(({ kind }) => kind !== 'local') ?? routes[0]
      return (
        made && [
          made.kind,
          made.target,
          made.blackhole,
          made.propagated,
          made.fromPrefixList,
          made.destination,
        ]
      )
    }
    const plain = [false, false, false, '0.0.0.0/0']
    expect(route({ GatewayId: 'local' })).toEqual(['local', 'local', ...plain])
    for (const [name, id, kind] of [
      ['GatewayId', 'igw-1', 'internet-gateway'],
      ['GatewayId', 'vgw-1', 'vpn-gateway'],
      ['GatewayId', 'vpce-1', 'endpoint'],
      ['EgressOnlyInternetGatewayId', 'eigw-1', 'egress-only'],
      ['NatGatewayId', 'nat-1', 'nat'],
      ['TransitGatewayId', 'tgw-1', 'transit-gateway'],
      ['VpcPeeringConnectionId', 'pcx-1', 'peering'],
      ['NetworkInterfaceId', 'eni-1', 'interface'],
      ['InstanceId', 'i-1', 'not-modelled'],
      ['CarrierGatewayId', 'cagw-1', 'not-modelled'],
      ['LocalGatewayId', 'lgw-1', 'not-modelled'],
      ['CoreNetworkArn', 'arn:aws:networkmanager::123456789012:core-network/core-1', 'not-modelled'],
    ] as const)
      expect(route({ [name]: id })).toEqual([kind, id, ...plain])
    expect(route({})).toEqual(['not-modelled', '', ...plain])
    expect(route({ InstanceId: 'i-1', NetworkInterfaceId: 'eni-1' })?.slice(0, 2)).toEqual([
      'interface',
      'eni-1',
    ])
    expect(route({ GatewayId: 'igw-1', State: 'blackhole', Origin: 'EnableVgwRoutePropagation' })).toEqual([
      'internet-gateway',
      'igw-1',
      true,
      true,
      false,
      '0.0.0.0/0',
    ])
    expect(route({ GatewayId: 'igw-1', DestinationPrefixListId: 'pl-1' })?.slice(4)).toEqual([true, 'pl-1'])
  })
})
