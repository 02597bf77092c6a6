/** How long exact reachability takes on a large estate, and how it grows: everything the internet reaches, and many questions. */
import { performance } from 'node:perf_hooks'
import { createNetwork } from '../../src/analyze/network/network.ts'
import { reach, reachEverything } from '../../src/analyze/network/reach.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import type { CallRecord, JsonObject, Resource, Snapshot } from '../../src/snapshot/model.ts'

const ACCOUNT = '123456789012'
const REGION = 'eu-west-1'
const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] as const

/** Of the whole estate: a VPC has ten subnets, 25 groups of ten rules and a hundred interfaces. */
const VPCS = 200
const SUBNETS = 10
const GROUPS = 25
const RULES = 10
const INTERFACES = 100
const PEERINGS = 500
const QUERIES = 10_000

export interface NetworkFigures {
  readonly scale: number
  readonly vpcs: number
  readonly interfaces: number
  readonly rules: number
  /** Seconds from the resources in memory to the parsed network. */
  readonly load: number
  /** Seconds for everything that the internet reaches, and how many instances and interfaces that is. */
  readonly everything: number
  readonly reached: number
  /** Seconds for the point queries. */
  readonly queries: number
  readonly asked: number
  /** Bytes: the most that the process had in memory so far. */
  readonly peakMemory: number
}

interface Draft {
  readonly resources: Resource[]
  readonly put: (type: string, path: string, config: JsonObject) => void
}

function draft(): Draft {
  const resources: Resource[] = []
  const put = (type: string, path: string, config: JsonObject): void => {
    const id = path.startsWith('arn:') ? path : `arn:aws:ec2:${REGION}:${ACCOUNT}:${path}`
    resources.push({ id, type, account: ACCOUNT, region: REGION, tags: {}, config })
  }
  return { resources, put }
}

const vpcId = (at: number): string => `vpc-${at}`
const net = (at: number): string => `10.${at >> 8 === 0 ? at : at & 255}`
const publicIp = (at: number, n: number): string =>
  `52.${(at >> 1) & 127}.${((at & 1) << 7) | (n >> 1)}.${(n & 1) + 10}`

function rule(at: number, group: number, n: number): JsonObject {
  const port = [22, 80, 443, 3306, 5432, 6379, 8080, 8443, 9000, 9200][n % 10] ?? 80
  const peer = (group * 7 + n * 3 + at) % 12
  const range =
    peer === 0
      ? '0.0.0.0/0'
      : peer < 5
        ? `${net((at + peer) % VPCS)}.${group % SUBNETS}.0/24`
        : `198.51.${peer}.0/24`
  return {
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    IpRanges: peer < 9 ? [{ CidrIp: range }] : [],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: peer < 9 ? [] : [{ GroupId: `sg-${at}-${(group + peer) % GROUPS}`, UserId: ACCOUNT }],
  }
}

function entry(
  RuleNumber: number,
  RuleAction: string,
  Egress: boolean,
  ports?: [number, number],
): JsonObject {
  const range = ports ? { PortRange: { From: ports[0], To: ports[1] } } : {}
  return { RuleNumber, RuleAction, Egress, Protocol: ports ? '6' : '-1', CidrBlock: '0.0.0.0/0', ...range }
}

function addNetwork({ put }: Draft, at: number, peers: readonly (readonly [string, number])[]): void {
  put('AWS::EC2::VPC', `vpc/${vpcId(at)}`, { VpcId: vpcId(at), CidrBlock: `${net(at)}.0.0/16` })
  put('AWS::EC2::InternetGateway', `internet-gateway/igw-${at}`, {
    InternetGatewayId: `igw-${at}`,
    Attachments: [{ VpcId: vpcId(at), State: 'available' }],
  })
  const subnets = Array.from({ length: SUBNETS }, (_, n) => `subnet-${at}-${n}`)
  for (const [n, SubnetId] of subnets.entries()) {
    const CidrBlock = `${net(at)}.${n}.0/24`
    put('AWS::EC2::Subnet', `subnet/${SubnetId}`, {
      SubnetId,
      VpcId: vpcId(at),
      CidrBlock,
      AvailabilityZone: ZONES[n % 3] ?? '',
    })
  }
  const ways = [
    {
      DestinationCidrBlock: `${net(at)}.0.0/16`,
      GatewayId: 'local',
      State: 'active',
      Origin: 'CreateRouteTable',
    },
    ...peers.map(([pcx, other]) => ({
      DestinationCidrBlock: `${net(other)}.0.0/16`,
      VpcPeeringConnectionId: pcx,
      State: 'active',
      Origin: 'CreateRoute',
    })),
    { DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId: 'tgw-0', State: 'active', Origin: 'CreateRoute' },
  ]
  const out = {
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: `igw-${at}`,
    State: 'active',
    Origin: 'CreateRoute',
  }
  const associated = (from: number, to: number) =>
    subnets
      .slice(from, to)
      .map((SubnetId) => ({ SubnetId, Main: false, AssociationState: { State: 'associated' } }))
  put('AWS::EC2::RouteTable', `route-table/rtb-${at}-public`, {
    VpcId: vpcId(at),
    Routes: [...ways, out],
    Associations: associated(0, 4),
  })
  put('AWS::EC2::RouteTable', `route-table/rtb-${at}-private`, {
    VpcId: vpcId(at),
    Routes: ways,
    Associations: associated(4, SUBNETS),
  })
  const entries = [
    entry(90, 'deny', false, [3389, 3389]),
    entry(100, 'allow', false),
    entry(90, 'deny', true, [25, 25]),
    entry(100, 'allow', true),
  ]
  put('AWS::EC2::NetworkAcl', `network-acl/acl-${at}`, {
    VpcId: vpcId(at),
    IsDefault: true,
    Entries: entries,
    Associations: subnets.map((SubnetId) => ({ SubnetId })),
  })
  put('AWS::EC2::TransitGatewayVpcAttachment', `transit-gateway-vpc-attachment/tgw-attach-${at}`, {
    TransitGatewayId: 'tgw-0',
    VpcId: vpcId(at),
    State: 'available',
    SubnetIds: subnets.slice(4, 7),
    Options: {},
  })
}

function addGroups({ put }: Draft, at: number): void {
  const all = {
    IpProtocol: '-1',
    IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  }
  for (let group = 0; group < GROUPS; group++) {
    put('AWS::EC2::SecurityGroup', `security-group/sg-${at}-${group}`, {
      GroupId: `sg-${at}-${group}`,
      VpcId: vpcId(at),
      IpPermissions: Array.from({ length: RULES - 1 }, (_, n) => rule(at, group, n)),
      IpPermissionsEgress: [all],
    })
  }
}

function addInterfaces({ put }: Draft, at: number): void {
  for (let n = 0; n < INTERFACES; n++) {
    const [subnet, host] = [n % SUBNETS, 10 + Math.floor(n / SUBNETS)]
    const InstanceId = `i-${at}-${n}`
    put('AWS::EC2::Instance', `instance/${InstanceId}`, {
      InstanceId,
      State: { Name: n % 11 === 0 ? 'stopped' : 'running' },
    })
    const association = subnet < 3 ? { Association: { PublicIp: publicIp(at, n) } } : {}
    const PrivateIpAddress = `${net(at)}.${subnet}.${host}`
    put('AWS::EC2::NetworkInterface', `network-interface/eni-${at}-${n}`, {
      NetworkInterfaceId: `eni-${at}-${n}`,
      VpcId: vpcId(at),
      SubnetId: `subnet-${at}-${subnet}`,
      AvailabilityZone: ZONES[subnet % 3] ?? '',
      Status: 'in-use',
      InterfaceType: 'interface',
      SourceDestCheck: true,
      Attachment: { InstanceId, DeviceIndex: 0 },
      Groups: [{ GroupId: `sg-${at}-${n % GROUPS}` }, { GroupId: `sg-${at}-${(n * 3 + 1) % GROUPS}` }],
      PrivateIpAddress,
      PrivateIpAddresses: [{ PrivateIpAddress, Primary: true, ...association }],
    })
  }
}

const LISTED = [
  'VPC',
  'Subnet',
  'RouteTable',
  'NetworkAcl',
  'SecurityGroup',
  'NetworkInterface',
  'Instance',
  'InternetGateway',
  'NatGateway',
  'EgressOnlyInternetGateway',
  'VPCPeeringConnection',
  'VPCEndpoint',
  'PrefixList',
  'VPNGateway',
  'VPNConnection',
  'TransitGateway',
  'TransitGatewayAttachment',
  'TransitGatewayVpcAttachment',
  'TransitGatewayRouteTable',
  'VPCBlockPublicAccessOptions',
  'VPCBlockPublicAccessExclusion',
]

/** @param scale of the whole estate: 1, or a part of it */
export function networkEstate(scale: number): Snapshot {
  const made = draft()
  const vpcs = Math.max(2, Math.round(VPCS * scale))
  const peers = new Map<number, [string, number][]>(Array.from({ length: vpcs }, (_, at) => [at, []]))
  for (let n = 0; n < PEERINGS * scale; n++) {
    const [one, other] = [n % vpcs, (n + 1 + Math.floor(n / vpcs)) % vpcs]
    if (one === other) continue
    made.put('AWS::EC2::VPCPeeringConnection', `vpc-peering-connection/pcx-${n}`, {
      Status: { Code: 'active' },
      RequesterVpcInfo: { VpcId: vpcId(one), Region: REGION },
      AccepterVpcInfo: { VpcId: vpcId(other), Region: REGION },
    })
    peers.get(one)?.push([`pcx-${n}`, other])
    peers.get(other)?.push([`pcx-${n}`, one])
  }
  made.put('AWS::EC2::TransitGateway', 'transit-gateway/tgw-0', {
    TransitGatewayId: 'tgw-0',
    OwnerId: ACCOUNT,
    Options: {},
  })
  made.put('AWS::EC2::TransitGatewayRouteTable', 'transit-gateway-route-table/tgw-rtb-0', {
    TransitGatewayId: 'tgw-0',
    Associations: Array.from({ length: vpcs }, (_, at) => ({
      TransitGatewayAttachmentId: `tgw-attach-${at}`,
      State: 'associated',
    })),
    Routes: Array.from({ length: vpcs }, (_, at) => ({
      DestinationCidrBlock: `${net(at)}.0.0/16`,
      Type: 'propagated',
      State: 'active',
      TransitGatewayAttachments: [{ TransitGatewayAttachmentId: `tgw-attach-${at}`, ResourceType: 'vpc' }],
    })),
  })
  for (let at = 0; at < vpcs; at++) {
    addNetwork(made, at, peers.get(at) ?? [])
    addGroups(made, at)
    addInterfaces(made, at)
  }
  const calls = LISTED.map((name): CallRecord => {
    const operation = `List${name}`
    return {
      account: ACCOUNT,
      region: REGION,
      service: 'ec2',
      operation,
      outcome: 'ok',
      calls: 1,
      permission: `ec2:${operation}`,
      lists: [`AWS::EC2::${name}`],
    }
  })
  return {
    manifest: {
      schemaVersion: 1,
      tool: { name: 'bench', version: '0' },
      time: '2026-11-01T00:00:00Z',
      partition: 'aws',
      accounts: [{ id: ACCOUNT }],
      regions: [REGION],
      calls,
    },
    resources: made.resources,
  }
}

const seconds = (from: number): number => Math.round(performance.now() - from) / 1000

/** Questions of every kind: from the internet, inside a VPC, over peerings and the transit gateway, by address and by id. */
function* questions(vpcs: number): Iterable<{ from: string; to: string; port: number }> {
  const ports = [22, 443, 5432, 8080]
  for (let n = 0; n < QUERIES; n++) {
    const at = (n * 31) % vpcs
    const to = `i-${at}-${(n * 17) % INTERFACES}`
    const port = ports[n % 4] ?? 22
    if (n % 4 === 0) yield { from: 'internet', to, port }
    else if (n % 4 === 1) yield { from: `i-${at}-${(n * 7) % INTERFACES}`, to, port }
    else if (n % 4 === 2) yield { from: `i-${(at + 1 + (n % 5)) % vpcs}-${n % INTERFACES}`, to, port }
    else yield { from: '198.51.5.9', to, port }
  }
}

function measure(scale: number): NetworkFigures {
  const snapshot = networkEstate(scale)
  const vpcs = snapshot.resources.filter(({ type }) => type === 'AWS::EC2::VPC').length
  let start = performance.now()
  const network = createNetwork(indexSnapshot(snapshot))
  const load = seconds(start)
  start = performance.now()
  const reached = reachEverything(network, 'internet').length
  const everything = seconds(start)
  start = performance.now()
  let asked = 0
  for (const query of questions(vpcs)) {
    reach(network, query)
    asked++
  }
  return {
    scale,
    vpcs,
    interfaces: network.topology.interfaces.size,
    rules: vpcs * GROUPS * RULES,
    load,
    everything,
    reached,
    queries: seconds(start),
    asked,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  }
}

/** Growth first, the whole estate last, since memory is counted from the start of the process. */
export async function benchNetwork(scales: readonly number[] = [1 / 4, 1 / 2, 1]): Promise<NetworkFigures[]> {
  return scales.map(measure)
}
