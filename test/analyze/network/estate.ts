/**
 * Writes small estates in the words of the network: `estate.group('sg-web', 'vpc-a', { ingress: ['tcp 443 0.0.0.0/0'] })`.
 * What it makes are AWS's own answers, as a collector would have kept them.
 */
import { createNetwork } from '../../../src/analyze/network/network.ts'
import type { ReachAnswer, ReachQuery } from '../../../src/analyze/network/reach.ts'
import { reach } from '../../../src/analyze/network/reach.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { CallRecord, JsonObject, Outcome, Resource, Snapshot } from '../../../src/snapshot/model.ts'
import { snapshot } from '../../snapshot/build.ts'

export const ACCOUNT = '123456789012'
export const REGION = 'eu-west-1'
export const ZONE = 'eu-west-1a'

/** Everything that the analysis reads and its listing call. An estate answers all of it unless it is told otherwise. */
export const LISTINGS: Readonly<Record<string, string>> = {
  'AWS::EC2::VPC': 'DescribeVpcs',
  'AWS::EC2::Subnet': 'DescribeSubnets',
  'AWS::EC2::RouteTable': 'DescribeRouteTables',
  'AWS::EC2::NetworkAcl': 'DescribeNetworkAcls',
  'AWS::EC2::SecurityGroup': 'DescribeSecurityGroups',
  'AWS::EC2::NetworkInterface': 'DescribeNetworkInterfaces',
  'AWS::EC2::Instance': 'DescribeInstances',
  'AWS::EC2::InternetGateway': 'DescribeInternetGateways',
  'AWS::EC2::EgressOnlyInternetGateway': 'DescribeEgressOnlyInternetGateways',
  'AWS::EC2::NatGateway': 'DescribeNatGateways',
  'AWS::EC2::VPCPeeringConnection': 'DescribeVpcPeeringConnections',
  'AWS::EC2::VPCEndpoint': 'DescribeVpcEndpoints',
  'AWS::EC2::VPCEndpointService': 'DescribeVpcEndpointServiceConfigurations',
  'AWS::EC2::PrefixList': 'DescribeManagedPrefixLists',
  'AWS::EC2::VPNGateway': 'DescribeVpnGateways',
  'AWS::EC2::VPNConnection': 'DescribeVpnConnections',
  'AWS::EC2::TransitGateway': 'DescribeTransitGateways',
  'AWS::EC2::TransitGatewayAttachment': 'DescribeTransitGatewayAttachments',
  'AWS::EC2::TransitGatewayVpcAttachment': 'DescribeTransitGatewayVpcAttachments',
  'AWS::EC2::TransitGatewayRouteTable': 'DescribeTransitGatewayRouteTables',
  'AWS::EC2::VPCBlockPublicAccessOptions': 'DescribeVpcBlockPublicAccessOptions',
  'AWS::EC2::VPCBlockPublicAccessExclusion': 'DescribeVpcBlockPublicAccessExclusions',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'DescribeLoadBalancers',
  'AWS::ElasticLoadBalancingV2::Listener': 'DescribeListeners',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'DescribeTargetGroups',
}

type Config = { -readonly [K in keyof JsonObject]: JsonObject[K] }

export interface InterfaceParts {
  readonly ip?: string
  readonly public?: string
  readonly v6?: readonly string[]
  readonly groups?: readonly string[]
  readonly more?: JsonObject
}

export interface RouteParts {
  readonly main?: boolean
  readonly subnets?: readonly string[]
  readonly gateway?: string
}

const TARGETS: readonly (readonly [string, string])[] = [
  ['eigw-', 'EgressOnlyInternetGatewayId'],
  ['nat-', 'NatGatewayId'],
  ['tgw-', 'TransitGatewayId'],
  ['pcx-', 'VpcPeeringConnectionId'],
  ['eni-', 'NetworkInterfaceId'],
  ['cagw-', 'CarrierGatewayId'],
]

/** `0.0.0.0/0 igw-a`, `pl-list nat-a`, `10.0.0.0/8 vgw-a propagated`, `0.0.0.0/0 igw-a blackhole`. */
export function route(written: string): JsonObject {
  const [destination = '', target = '', ...flags] = written.split(' ')
  const field = destination.startsWith('pl-')
    ? 'DestinationPrefixListId'
    : destination.includes(':')
      ? 'DestinationIpv6CidrBlock'
      : 'DestinationCidrBlock'
  const to = TARGETS.find(([prefix]) => target.startsWith(prefix))?.[1] ?? 'GatewayId'
  return {
    [field]: destination,
    [to]: target,
    State: flags.includes('blackhole') ? 'blackhole' : 'active',
    Origin: flags.includes('propagated')
      ? 'EnableVgwRoutePropagation'
      : target === 'local'
        ? 'CreateRouteTable'
        : 'CreateRoute',
  }
}

function range(ports: string): [number, number] {
  const [from = '', to = from] = ports.split('-')
  return [Number(from), Number(to)]
}

const NUMBERS: Readonly<Record<string, string>> = { all: '-1', tcp: '6', udp: '17', icmp: '1', icmpv6: '58' }

/** `100 allow tcp 22 0.0.0.0/0`, `90 deny all 0.0.0.0/0`, `90 allow icmp 8:-1 0.0.0.0/0`. */
export function entry(written: string, egress: boolean): JsonObject {
  const [rule = '', action = '', protocol = '', ...rest] = written.split(' ')
  const cidr = rest.at(-1) ?? ''
  const ports = rest.length > 1 ? (rest[0] ?? '') : undefined
  const number = NUMBERS[protocol] ?? protocol
  const made: Config = {
    RuleNumber: Number(rule),
    RuleAction: action,
    Egress: egress,
    Protocol: number,
    [cidr.includes(':') ? 'Ipv6CidrBlock' : 'CidrBlock']: cidr,
  }
  if (ports === undefined) return made
  if (protocol === 'icmp' || protocol === 'icmpv6') {
    const [type, code] = ports.split(':').map(Number)
    return { ...made, IcmpTypeCode: { Type: type ?? -1, Code: code ?? -1 } }
  }
  const [From, To] = range(ports)
  return { ...made, PortRange: { From, To } }
}

/** `tcp 22 0.0.0.0/0`, `tcp 22 sg-web`, `tcp 443 pl-list`, `all ::/0`, `icmp 8:-1 0.0.0.0/0`, `tcp 22 sg-far@pcx-a`. */
export function permission(written: string): JsonObject {
  const [protocol = '', ...rest] = written.split(' ')
  const peer = rest.at(-1) ?? ''
  const ports = rest.length > 1 ? rest[0] : undefined
  const [from, to] =
    ports === undefined ? [] : ports.includes(':') ? ports.split(':').map(Number) : range(ports)
  const [group = '', over] = peer.split('@')
  return {
    IpProtocol: protocol === 'all' ? '-1' : protocol,
    ...(from === undefined ? {} : { FromPort: from, ToPort: to ?? -1 }),
    IpRanges: /^[\d.]+\//.test(peer) ? [{ CidrIp: peer }] : [],
    Ipv6Ranges: peer.includes(':') && !peer.startsWith('sg-') ? [{ CidrIpv6: peer }] : [],
    PrefixListIds: peer.startsWith('pl-') ? [{ PrefixListId: peer }] : [],
    UserIdGroupPairs: group.startsWith('sg-')
      ? [{ GroupId: group, UserId: ACCOUNT, ...(over ? { VpcPeeringConnectionId: over } : {}) }]
      : [],
  }
}

const OPEN = ['100 allow all 0.0.0.0/0', '101 allow all ::/0']
export const ANYWHERE = ['all 0.0.0.0/0', 'all ::/0']

export type Estate = ReturnType<typeof createEstate>

export function createEstate(account = ACCOUNT) {
  const resources: Resource[] = []
  const outcomes = new Map<string, Outcome>()
  const subnets = new Map<string, { vpc: string; zone: string }>()
  const put = (type: string, path: string, config: JsonObject, rest: Partial<Resource> = {}): string => {
    const id = path.startsWith('arn:') ? path : `arn:aws:ec2:${REGION}:${account}:${path}`
    resources.push({ id, type, account, region: REGION, tags: {}, config, ...rest })
    return id
  }
  const eni = (id: string, subnet: string, parts: InterfaceParts = {}): void => {
    const at = subnets.get(subnet)
    const association = parts.public === undefined ? {} : { Association: { PublicIp: parts.public } }
    put('AWS::EC2::NetworkInterface', `network-interface/${id}`, {
      NetworkInterfaceId: id,
      SubnetId: subnet,
      VpcId: at?.vpc ?? '',
      AvailabilityZone: at?.zone ?? '',
      Status: 'in-use',
      SourceDestCheck: true,
      InterfaceType: 'interface',
      RequesterManaged: false,
      Description: '',
      Groups: (parts.groups ?? []).map((GroupId) => ({ GroupId })),
      ...(parts.ip ? { PrivateIpAddress: parts.ip } : {}),
      PrivateIpAddresses: parts.ip ? [{ PrivateIpAddress: parts.ip, Primary: true, ...association }] : [],
      Ipv6Addresses: (parts.v6 ?? []).map((Ipv6Address) => ({ Ipv6Address })),
      ...parts.more,
    })
  }
  return {
    resources,
    put,
    eni,
    vpc(id: string, cidrs: string | readonly string[]): void {
      const all = typeof cidrs === 'string' ? [cidrs] : cidrs
      const v4 = all.filter((cidr) => !cidr.includes(':'))
      put('AWS::EC2::VPC', `vpc/${id}`, {
        VpcId: id,
        CidrBlock: v4[0] ?? '',
        CidrBlockAssociationSet: v4.map((CidrBlock) => ({
          CidrBlock,
          CidrBlockState: { State: 'associated' },
        })),
        Ipv6CidrBlockAssociationSet: all
          .filter((cidr) => cidr.includes(':'))
          .map((Ipv6CidrBlock) => ({ Ipv6CidrBlock, Ipv6CidrBlockState: { State: 'associated' } })),
      })
    },
    subnet(
      id: string,
      vpc: string,
      cidr: string,
      more: { zone?: string; v6?: string; tags?: Record<string, string> } = {},
    ): void {
      const zone = more.zone ?? ZONE
      subnets.set(id, { vpc, zone })
      put(
        'AWS::EC2::Subnet',
        `subnet/${id}`,
        {
          SubnetId: id,
          VpcId: vpc,
          CidrBlock: cidr,
          AvailabilityZone: zone,
          Ipv6CidrBlockAssociationSet: more.v6
            ? [{ Ipv6CidrBlock: more.v6, Ipv6CidrBlockState: { State: 'associated' } }]
            : [],
        },
        more.tags ? { tags: more.tags } : {},
      )
    },
    table(id: string, vpc: string, parts: RouteParts, routes: readonly string[]): void {
      const state = { AssociationState: { State: 'associated' } }
      put('AWS::EC2::RouteTable', `route-table/${id}`, {
        RouteTableId: id,
        VpcId: vpc,
        Routes: routes.map(route),
        Associations: [
          ...(parts.main ? [{ Main: true, ...state }] : []),
          ...(parts.subnets ?? []).map((SubnetId) => ({ Main: false, SubnetId, ...state })),
          ...(parts.gateway ? [{ Main: false, GatewayId: parts.gateway, ...state }] : []),
        ],
      })
    },
    acl(
      id: string,
      vpc: string,
      of: readonly string[],
      rules: { ingress?: readonly string[]; egress?: readonly string[] } = {},
    ): void {
      put('AWS::EC2::NetworkAcl', `network-acl/${id}`, {
        NetworkAclId: id,
        VpcId: vpc,
        IsDefault: false,
        Associations: of.map((SubnetId) => ({ SubnetId })),
        Entries: [
          ...(rules.ingress ?? OPEN).map((written) => entry(written, false)),
          ...(rules.egress ?? OPEN).map((written) => entry(written, true)),
        ],
      })
    },
    group(
      id: string,
      vpc: string,
      rules: { ingress?: readonly string[]; egress?: readonly string[] } = {},
    ): void {
      put('AWS::EC2::SecurityGroup', `security-group/${id}`, {
        GroupId: id,
        GroupName: id,
        VpcId: vpc,
        IpPermissions: (rules.ingress ?? []).map(permission),
        IpPermissionsEgress: (rules.egress ?? ANYWHERE).map(permission),
      })
    },
    instance(
      id: string,
      subnet: string,
      parts: InterfaceParts & { state?: string; tags?: Record<string, string> } = {},
    ): void {
      put(
        'AWS::EC2::Instance',
        `instance/${id}`,
        { InstanceId: id, State: { Name: parts.state ?? 'running' } },
        parts.tags ? { tags: parts.tags } : {},
      )
      const Attachment = { DeviceIndex: 0, InstanceId: id, Status: 'attached' }
      eni(id.replace(/^i-/, 'eni-'), subnet, { ...parts, more: { Attachment, ...parts.more } })
    },
    internetGateway(id: string, vpc: string, state = 'available'): void {
      const Attachments = vpc === '' ? [] : [{ VpcId: vpc, State: state }]
      put('AWS::EC2::InternetGateway', `internet-gateway/${id}`, { InternetGatewayId: id, Attachments })
    },
    egressOnly(id: string, vpc: string): void {
      put('AWS::EC2::EgressOnlyInternetGateway', `egress-only-internet-gateway/${id}`, {
        EgressOnlyInternetGatewayId: id,
        Attachments: [{ VpcId: vpc, State: 'attached' }],
      })
    },
    nat(id: string, subnet: string, ip: string, publicIp?: string): void {
      const held = id.replace('nat-', 'eni-nat')
      put('AWS::EC2::NatGateway', `natgateway/${id}`, {
        NatGatewayId: id,
        VpcId: subnets.get(subnet)?.vpc ?? '',
        SubnetId: subnet,
        State: 'available',
        ConnectivityType: publicIp ? 'public' : 'private',
        NatGatewayAddresses: [
          { NetworkInterfaceId: held, PrivateIp: ip, ...(publicIp ? { PublicIp: publicIp } : {}) },
        ],
      })
      eni(held, subnet, {
        ip,
        ...(publicIp ? { public: publicIp } : {}),
        more: {
          InterfaceType: 'nat_gateway',
          RequesterManaged: true,
          SourceDestCheck: false,
          Description: `Interface for NAT Gateway ${id}`,
        },
      })
    },
    peering(id: string, requester: string, accepter: string, state = 'active', region = REGION): void {
      put('AWS::EC2::VPCPeeringConnection', `vpc-peering-connection/${id}`, {
        VpcPeeringConnectionId: id,
        Status: { Code: state },
        RequesterVpcInfo: { VpcId: requester, Region: REGION, OwnerId: account },
        AccepterVpcInfo: { VpcId: accepter, Region: region, OwnerId: account },
      })
    },
    prefixList(id: string, cidrs: readonly string[] | undefined): void {
      const Entries = cidrs ? { Entries: cidrs.map((Cidr) => ({ Cidr })) } : {}
      put('AWS::EC2::PrefixList', `prefix-list/${id}`, { PrefixListId: id, ...Entries })
    },
    vpn(gateway: string, vpc: string, connection: string, up = true): void {
      put('AWS::EC2::VPNGateway', `vpn-gateway/${gateway}`, {
        VpnGatewayId: gateway,
        State: 'available',
        VpcAttachments: [{ VpcId: vpc, State: 'attached' }],
      })
      put('AWS::EC2::VPNConnection', `vpn-connection/${connection}`, {
        VpnConnectionId: connection,
        VpnGatewayId: gateway,
        State: 'available',
        VgwTelemetry: [{ Status: up ? 'UP' : 'DOWN' }, { Status: 'DOWN' }],
      })
    },
    transitGateway(id: string, options: JsonObject = {}): void {
      put('AWS::EC2::TransitGateway', `transit-gateway/${id}`, {
        TransitGatewayId: id,
        OwnerId: account,
        State: 'available',
        Options: options,
      })
    },
    attachment(
      id: string,
      gateway: string,
      vpc: string,
      of: readonly string[],
      options: JsonObject = {},
    ): void {
      const config = { TransitGatewayAttachmentId: id, TransitGatewayId: gateway, State: 'available' }
      put('AWS::EC2::TransitGatewayAttachment', `transit-gateway-attachment/${id}`, {
        ...config,
        ResourceType: 'vpc',
        ResourceId: vpc,
      })
      put('AWS::EC2::TransitGatewayVpcAttachment', `transit-gateway-vpc-attachment/${id}`, {
        ...config,
        VpcId: vpc,
        SubnetIds: [...of],
        Options: { Ipv6Support: 'enable', ...options },
      })
    },
    vpnAttachment(id: string, gateway: string, connection: string, up = true): void {
      put('AWS::EC2::TransitGatewayAttachment', `transit-gateway-attachment/${id}`, {
        TransitGatewayAttachmentId: id,
        TransitGatewayId: gateway,
        State: 'available',
        ResourceType: 'vpn',
        ResourceId: connection,
      })
      put('AWS::EC2::VPNConnection', `vpn-connection/${connection}`, {
        VpnConnectionId: connection,
        TransitGatewayId: gateway,
        State: 'available',
        VgwTelemetry: [{ Status: up ? 'UP' : 'DOWN' }],
      })
    },
    /** Routes: `10.1.0.0/16 tgw-attach-b`, `10.9.0.0/16 blackhole`, `10.1.0.0/16 tgw-attach-v:vpn-a propagated`. */
    transitTable(id: string, gateway: string, of: readonly string[], routes: readonly string[]): void {
      put('AWS::EC2::TransitGatewayRouteTable', `transit-gateway-route-table/${id}`, {
        TransitGatewayRouteTableId: id,
        TransitGatewayId: gateway,
        State: 'available',
        Associations: of.map((attached) => ({ TransitGatewayAttachmentId: attached, State: 'associated' })),
        Routes: routes.map((written) => {
          const [DestinationCidrBlock = '', to = '', flag] = written.split(' ')
          const [attached = '', vpn] = to.split(':')
          const base = { DestinationCidrBlock, Type: flag === 'propagated' ? 'propagated' : 'static' }
          if (to === 'blackhole') return { ...base, State: 'blackhole' }
          const hop = {
            TransitGatewayAttachmentId: attached,
            ResourceType: vpn ? 'vpn' : 'vpc',
            ResourceId: vpn ?? '',
          }
          return { ...base, State: 'active', TransitGatewayAttachments: [hop] }
        }),
      })
    },
    /** A balancer with one node in each subnet: `{ 'subnet-a': { ip, public } }`. */
    balancer(
      id: string,
      type: 'application' | 'network',
      vpc: string,
      groups: readonly string[],
      nodes: Readonly<Record<string, InterfaceParts>>,
      attributes: Readonly<Record<string, string>> = {},
    ): string {
      const arn = `arn:aws:elasticloadbalancing:${REGION}:${account}:loadbalancer/${id}`
      const zones = Object.keys(nodes).map((SubnetId) => ({
        SubnetId,
        ZoneName: subnets.get(SubnetId)?.zone ?? '',
      }))
      put('AWS::ElasticLoadBalancingV2::LoadBalancer', arn, {
        LoadBalancerArn: arn,
        LoadBalancerName: id.split('/')[1] ?? id,
        Type: type,
        VpcId: vpc,
        SecurityGroups: [...groups],
        AvailabilityZones: zones,
        Attributes: Object.entries(attributes).map(([Key, Value]) => ({ Key, Value })),
      })
      for (const [subnet, parts] of Object.entries(nodes)) {
        eni(`eni-${id.split('/')[1]}-${subnet}`, subnet, {
          groups,
          ...parts,
          more: {
            RequesterManaged: true,
            InterfaceType: type === 'network' ? 'network_load_balancer' : 'interface',
            Description: `ELB ${id}`,
          },
        })
      }
      return arn
    },
    listener(
      balancer: string,
      port: number,
      protocol: string,
      actions: readonly JsonObject[],
      rules: readonly (readonly JsonObject[])[] = [],
    ): string {
      const arn = `${balancer.replace(':loadbalancer/', ':listener/')}/${port}${protocol}`
      put('AWS::ElasticLoadBalancingV2::Listener', arn, {
        ListenerArn: arn,
        LoadBalancerArn: balancer,
        Port: port,
        Protocol: protocol,
        DefaultActions: [...actions],
        Rules: rules.map((of) => ({ Actions: [...of] })),
      })
      return arn
    },
    /** Targets: `i-web`, `i-web:8080`, `10.0.0.5:8080`. */
    targets(
      name: string,
      vpc: string,
      type: 'instance' | 'ip' | 'alb',
      protocol: string,
      port: number,
      targets: readonly string[],
      attributes: Readonly<Record<string, string>> = {},
    ): string {
      const arn = `arn:aws:elasticloadbalancing:${REGION}:${account}:targetgroup/${name}/1`
      put('AWS::ElasticLoadBalancingV2::TargetGroup', arn, {
        TargetGroupArn: arn,
        TargetGroupName: name,
        TargetType: type,
        Protocol: protocol,
        Port: port,
        VpcId: vpc,
        TargetHealthDescriptions: targets.map((written) => {
          const own = type === 'alb' ? undefined : /^(.*):(\d+)$/.exec(written)
          const Target = own ? { Id: own[1] ?? '', Port: Number(own[2]) } : { Id: written }
          return { Target, TargetHealth: { State: 'healthy' } }
        }),
        Attributes: Object.entries(attributes).map(([Key, Value]) => ({ Key, Value })),
      })
      return arn
    },
    blockPublicAccess(mode: string, exclusions: Readonly<Record<string, string>> = {}): void {
      put('AWS::EC2::VPCBlockPublicAccessOptions', 'vpc-block-public-access-options', {
        InternetGatewayBlockMode: mode,
        State: 'update-complete',
      })
      for (const [of, allowed] of Object.entries(exclusions)) {
        put('AWS::EC2::VPCBlockPublicAccessExclusion', `vpc-block-public-access-exclusion/vpcbpa-${of}`, {
          ExclusionId: `vpcbpa-${of}`,
          ResourceArn: `arn:aws:ec2:${REGION}:${account}:${of.startsWith('vpc-') ? 'vpc' : 'subnet'}/${of}`,
          InternetGatewayExclusionMode: allowed,
          State: 'create-complete',
        })
      }
    },
    /** The list call of a type ended so, and nothing of it was seen. */
    without(type: string, outcome: Outcome = 'denied'): void {
      outcomes.set(type, outcome)
    },
    snapshot(): Snapshot {
      const calls = Object.entries(LISTINGS).flatMap(([type, operation]): CallRecord[] => {
        const outcome = outcomes.get(type) ?? 'ok'
        if (outcome === 'not-collected') return []
        const service = type.startsWith('AWS::EC2') ? 'ec2' : 'elasticloadbalancing'
        const permission = `${service}:${operation}`
        return [{ account, region: REGION, service, operation, outcome, calls: 1, permission, lists: [type] }]
      })
      return snapshot(
        resources.filter(({ type }) => !outcomes.has(type)),
        calls,
      )
    },
    ask(query: ReachQuery): ReachAnswer {
      return reach(createNetwork(indexSnapshot(this.snapshot())), query)
    },
  }
}

export const forward = (...groups: readonly string[]): JsonObject =>
  groups.length === 1
    ? { Type: 'forward', TargetGroupArn: groups[0] ?? '' }
    : {
        Type: 'forward',
        ForwardConfig: { TargetGroups: groups.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 1 })) },
      }

/**
 * One VPC with an internet gateway, a public subnet with one instance, i-web at 10.0.0.5 and 52.0.0.5, and a private
 * subnet with another, i-app at 10.0.1.5. The groups admit what is given; the ACLs everything.
 */
export function webEstate(
  parts: {
    web?: readonly string[]
    app?: readonly string[]
    ingress?: readonly string[]
    egress?: readonly string[]
  } = {},
): Estate {
  const estate = createEstate()
  estate.vpc('vpc-a', '10.0.0.0/16')
  estate.internetGateway('igw-a', 'vpc-a')
  estate.subnet('subnet-public', 'vpc-a', '10.0.0.0/24')
  estate.subnet('subnet-private', 'vpc-a', '10.0.1.0/24')
  estate.table('rtb-public', 'vpc-a', { subnets: ['subnet-public'] }, [
    '10.0.0.0/16 local',
    '0.0.0.0/0 igw-a',
  ])
  estate.table('rtb-main', 'vpc-a', { main: true }, ['10.0.0.0/16 local'])
  const { ingress, egress } = parts
  estate.acl('acl-public', 'vpc-a', ['subnet-public'], {
    ...(ingress ? { ingress } : {}),
    ...(egress ? { egress } : {}),
  })
  estate.acl('acl-private', 'vpc-a', ['subnet-private'])
  estate.group('sg-web', 'vpc-a', { ingress: parts.web ?? ['tcp 22 0.0.0.0/0'] })
  estate.group('sg-app', 'vpc-a', { ingress: parts.app ?? [] })
  estate.instance('i-web', 'subnet-public', { ip: '10.0.0.5', public: '52.0.0.5', groups: ['sg-web'] })
  estate.instance('i-app', 'subnet-private', { ip: '10.0.1.5', groups: ['sg-app'] })
  return estate
}
