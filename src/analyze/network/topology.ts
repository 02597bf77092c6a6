/**
 * The parts of a network as the analysis needs them, read once from the snapshot and keyed by AWS's short ids.
 * Whatever is absent or malformed in an answer is left undefined here, and what depends on it becomes unknown.
 */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import { shortId } from '../../snapshot/index.ts'
import type { Missing, Resource } from '../../snapshot/model.ts'
import type { Address, AddressSet, Family } from './address-set.ts'
import { addressSet, parseAddress } from './address-set.ts'
import type { InterfaceAddress, NetworkInterface, Place } from './interface.ts'
import { interfaceOf } from './interface.ts'
import { setOf } from './interval-set.ts'
import { field, flag, items, text, word } from './json.ts'
import { notCollected } from './reasons.ts'

export interface Vpc extends Place {
  readonly id: string
  readonly cidrs: Readonly<Record<Family, AddressSet>>
}

export interface Subnet extends Place {
  readonly id: string
  readonly vpcId: string
  readonly zone: string
  readonly resource: Resource
}

/** An interface and one of its addresses. */
export interface Holder {
  readonly eni: NetworkInterface
  readonly held: InterfaceAddress
}

export interface Topology {
  readonly index: SnapshotIndex
  readonly vpcs: ReadonlyMap<string, Vpc>
  readonly subnets: ReadonlyMap<string, Subnet>
  readonly interfaces: ReadonlyMap<string, NetworkInterface>
  readonly interfacesOfInstance: ReadonlyMap<string, readonly NetworkInterface[]>
  readonly interfacesOfSubnet: ReadonlyMap<string, readonly NetworkInterface[]>
  readonly interfacesOfVpc: ReadonlyMap<string, readonly NetworkInterface[]>
  readonly interfacesOfGroup: ReadonlyMap<string, readonly NetworkInterface[]>
  /** By the name in the description: `app/web/50dc…`. */
  readonly interfacesOfBalancer: ReadonlyMap<string, readonly NetworkInterface[]>
  /** Subnet to its explicitly associated table, VPC to its main table, gateway to its edge table. */
  readonly tableOf: ReadonlyMap<string, Resource>
  readonly aclOfSubnet: ReadonlyMap<string, Resource>
  readonly defaultAclOfVpc: ReadonlyMap<string, Resource>
  readonly gatewayOfVpc: ReadonlyMap<string, Resource>
  /** All addresses that are the snapshot's own: VPC ranges and public addresses. */
  readonly own: Readonly<Record<Family, AddressSet>>
  /** The holders of addresses in a range, by their private address or the public one that is mapped to it. */
  holders(lo: Address, hi: Address): readonly Holder[]
  /** What kept a type's list in a place from being whole. */
  missing(type: string, place: Place): readonly Missing[]
  resource(type: string, id: string): Resource | undefined
}

/** Which call lists a type: names what to run where it was never run. */
export const LISTED_BY: Readonly<Record<string, string>> = {
  'AWS::EC2::VPC': 'ec2:DescribeVpcs',
  'AWS::EC2::Subnet': 'ec2:DescribeSubnets',
  'AWS::EC2::RouteTable': 'ec2:DescribeRouteTables',
  'AWS::EC2::NetworkAcl': 'ec2:DescribeNetworkAcls',
  'AWS::EC2::SecurityGroup': 'ec2:DescribeSecurityGroups',
  'AWS::EC2::NetworkInterface': 'ec2:DescribeNetworkInterfaces',
  'AWS::EC2::Instance': 'ec2:DescribeInstances',
  'AWS::EC2::InternetGateway': 'ec2:DescribeInternetGateways',
  'AWS::EC2::EgressOnlyInternetGateway': 'ec2:DescribeEgressOnlyInternetGateways',
  'AWS::EC2::NatGateway': 'ec2:DescribeNatGateways',
  'AWS::EC2::VPCPeeringConnection': 'ec2:DescribeVpcPeeringConnections',
  'AWS::EC2::VPCEndpoint': 'ec2:DescribeVpcEndpoints',
  'AWS::EC2::PrefixList': 'ec2:DescribeManagedPrefixLists',
  'AWS::EC2::VPNGateway': 'ec2:DescribeVpnGateways',
  'AWS::EC2::VPNConnection': 'ec2:DescribeVpnConnections',
  'AWS::EC2::TransitGateway': 'ec2:DescribeTransitGateways',
  'AWS::EC2::TransitGatewayAttachment': 'ec2:DescribeTransitGatewayAttachments',
  'AWS::EC2::TransitGatewayVpcAttachment': 'ec2:DescribeTransitGatewayVpcAttachments',
  'AWS::EC2::TransitGatewayRouteTable': 'ec2:DescribeTransitGatewayRouteTables',
  'AWS::EC2::VPCBlockPublicAccessOptions': 'ec2:DescribeVpcBlockPublicAccessOptions',
  'AWS::EC2::VPCBlockPublicAccessExclusion': 'ec2:DescribeVpcBlockPublicAccessExclusions',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'elasticloadbalancing:DescribeLoadBalancers',
  'AWS::ElasticLoadBalancingV2::Listener': 'elasticloadbalancing:DescribeListeners',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'elasticloadbalancing:DescribeTargetGroups',
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function vpcOf(resource: Resource): Vpc {
  const config = resource.config
  const v4 = items(config, 'CidrBlockAssociationSet')
    .filter((item) => (text(field(item, 'CidrBlockState'), 'State') ?? 'associated') === 'associated')
    .map((item) => word(item, 'CidrBlock'))
  const v6 = items(config, 'Ipv6CidrBlockAssociationSet')
    .filter((item) => (text(field(item, 'Ipv6CidrBlockState'), 'State') ?? 'associated') === 'associated')
    .map((item) => word(item, 'Ipv6CidrBlock'))
  return {
    id: shortId(resource.id),
    account: resource.account,
    region: resource.region,
    cidrs: { 4: addressSet(4, [word(config, 'CidrBlock'), ...v4]), 6: addressSet(6, v6) },
  }
}

function subnetOf(resource: Resource): Subnet {
  return {
    id: shortId(resource.id),
    account: resource.account,
    region: resource.region,
    vpcId: word(resource.config, 'VpcId'),
    zone: word(resource.config, 'AvailabilityZone'),
    resource,
  }
}

function routeTables(index: SnapshotIndex): Map<string, Resource> {
  const tables = new Map<string, Resource>()
  for (const table of index.ofType('AWS::EC2::RouteTable')) {
    for (const association of items(table.config, 'Associations')) {
      const state = text(field(association, 'AssociationState'), 'State') ?? 'associated'
      if (state !== 'associated' && state !== 'associating') continue
      const key =
        flag(association, 'Main') === true
          ? text(table.config, 'VpcId')
          : (text(association, 'SubnetId') ?? text(association, 'GatewayId'))
      if (key && !tables.has(key)) tables.set(key, table)
    }
  }
  return tables
}

function acls(index: SnapshotIndex): { bySubnet: Map<string, Resource>; byVpc: Map<string, Resource> } {
  const bySubnet = new Map<string, Resource>()
  const byVpc = new Map<string, Resource>()
  for (const acl of index.ofType('AWS::EC2::NetworkAcl')) {
    for (const association of items(acl.config, 'Associations')) {
      const subnet = text(association, 'SubnetId')
      if (subnet && !bySubnet.has(subnet)) bySubnet.set(subnet, acl)
    }
    const vpc = text(acl.config, 'VpcId')
    if (vpc && flag(acl.config, 'IsDefault') === true) byVpc.set(vpc, acl)
  }
  return { bySubnet, byVpc }
}

function gatewaysByVpc(index: SnapshotIndex): Map<string, Resource> {
  const gateways = new Map<string, Resource>()
  for (const gateway of index.ofType('AWS::EC2::InternetGateway')) {
    for (const attachment of items(gateway.config, 'Attachments')) {
      const state = text(attachment, 'State')
      const vpc = text(attachment, 'VpcId')
      if (vpc && (state === 'available' || state === 'attached')) gateways.set(vpc, gateway)
    }
  }
  return gateways
}

function publicAddresses(index: SnapshotIndex): Address[] {
  const found: (Address | undefined)[] = []
  for (const address of index.ofType('AWS::EC2::EIP')) {
    found.push(parseAddress(word(address.config, 'PublicIp')))
  }
  for (const gateway of index.ofType('AWS::EC2::NatGateway')) {
    for (const item of items(gateway.config, 'NatGatewayAddresses')) {
      found.push(parseAddress(word(item, 'PublicIp')))
    }
  }
  return found.filter((address) => address !== undefined)
}

function ownAddresses(
  index: SnapshotIndex,
  vpcs: Iterable<Vpc>,
  interfaces: Iterable<NetworkInterface>,
): Record<Family, AddressSet> {
  const v4: [Address, Address][] = []
  const v6: [Address, Address][] = []
  const add = (address: Address): void => {
    ;(typeof address === 'number' ? v4 : v6).push([address, address])
  }
  for (const vpc of vpcs) {
    for (const [lo, hi] of vpc.cidrs[4]) v4.push([lo, hi])
    for (const [lo, hi] of vpc.cidrs[6]) v6.push([lo, hi])
  }
  for (const eni of interfaces) {
    for (const { address, publicIp } of eni.addresses) {
      add(address)
      if (publicIp !== undefined) add(publicIp)
    }
  }
  for (const address of publicAddresses(index)) add(address)
  return { 4: setOf(v4), 6: setOf(v6) }
}

function missingLists(index: SnapshotIndex): Topology['missing'] {
  const listed = new Set<string>()
  for (const call of index.snapshot.manifest.calls) {
    for (const type of call.lists ?? []) listed.add(`${type}|${call.account}|${call.region}`)
  }
  return (type, { account, region }) => {
    const listing = index.list(type, account, region)
    if (listing.missing.length > 0 || listing.resources.length > 0) return listing.missing
    const operation = Object.hasOwn(LISTED_BY, type) ? LISTED_BY[type] : undefined
    if (operation === undefined || listed.has(`${type}|${account}|${region}`)) return []
    return [notCollected(operation)]
  }
}

function groupInterfaces(interfaces: Iterable<NetworkInterface>): {
  byInstance: Map<string, NetworkInterface[]>
  bySubnet: Map<string, NetworkInterface[]>
  byVpc: Map<string, NetworkInterface[]>
  byGroup: Map<string, NetworkInterface[]>
  byBalancer: Map<string, NetworkInterface[]>
} {
  const byInstance = new Map<string, NetworkInterface[]>()
  const bySubnet = new Map<string, NetworkInterface[]>()
  const byVpc = new Map<string, NetworkInterface[]>()
  const byGroup = new Map<string, NetworkInterface[]>()
  const byBalancer = new Map<string, NetworkInterface[]>()
  for (const eni of interfaces) {
    push(bySubnet, eni.subnetId, eni)
    push(byVpc, eni.vpcId, eni)
    for (const group of new Set(eni.groups)) push(byGroup, group, eni)
    if (eni.owner.kind === 'instance') push(byInstance, eni.owner.id, eni)
    if (eni.owner.kind === 'load-balancer') push(byBalancer, eni.owner.id, eni)
  }
  return { byInstance, bySubnet, byVpc, byGroup, byBalancer }
}

/** The least index whose address is at or after `address`. */
function firstAt(list: readonly (readonly [Address, Holder])[], address: Address): number {
  let lo = 0
  let hi = list.length
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    if ((list[mid]?.[0] ?? 0) < address) lo = mid + 1
    else hi = mid
  }
  return lo
}

function holdersOf(interfaces: ReadonlyMap<string, NetworkInterface>): Topology['holders'] {
  let sorted: Record<Family, (readonly [Address, Holder])[]> | undefined
  const sort = (): NonNullable<typeof sorted> => {
    const made: NonNullable<typeof sorted> = { 4: [], 6: [] }
    for (const eni of interfaces.values()) {
      for (const held of eni.addresses) {
        const holder = { eni, held }
        made[typeof held.address === 'number' ? 4 : 6].push([held.address, holder])
        if (held.publicIp !== undefined) made[4].push([held.publicIp, holder])
      }
    }
    for (const list of [made[4], made[6]]) list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return made
  }
  return (lo, hi) => {
    sorted ??= sort()
    const list = sorted[typeof lo === 'number' ? 4 : 6]
    const found = new Set<Holder>()
    for (let i = firstAt(list, lo); i < list.length; i++) {
      const [address, holder] = list[i] as (typeof list)[number]
      if (address > hi) break
      found.add(holder)
    }
    return [...found]
  }
}

function byShortId<V>(resources: readonly Resource[], parse: (resource: Resource) => V): Map<string, V> {
  const map = new Map<string, V>()
  for (const resource of resources) {
    const id = shortId(resource.id)
    if (!map.has(id)) map.set(id, parse(resource))
  }
  return map
}

export function readTopology(index: SnapshotIndex): Topology {
  const vpcs = byShortId(index.ofType('AWS::EC2::VPC'), vpcOf)
  const subnets = byShortId(index.ofType('AWS::EC2::Subnet'), subnetOf)
  const interfaces = byShortId(index.ofType('AWS::EC2::NetworkInterface'), (resource) =>
    interfaceOf(resource, subnets.get(word(resource.config, 'SubnetId'))),
  )
  const grouped = groupInterfaces(interfaces.values())
  const acl = acls(index)
  const own = ownAddresses(index, vpcs.values(), interfaces.values())
  const byType = new Map<string, Map<string, Resource>>()
  return {
    index,
    vpcs,
    subnets,
    interfaces,
    interfacesOfInstance: grouped.byInstance,
    interfacesOfSubnet: grouped.bySubnet,
    interfacesOfVpc: grouped.byVpc,
    interfacesOfGroup: grouped.byGroup,
    interfacesOfBalancer: grouped.byBalancer,
    tableOf: routeTables(index),
    aclOfSubnet: acl.bySubnet,
    defaultAclOfVpc: acl.byVpc,
    gatewayOfVpc: gatewaysByVpc(index),
    own,
    holders: holdersOf(interfaces),
    missing: missingLists(index),
    resource: (type, id) => {
      let known = byType.get(type)
      if (!known) {
        known = byShortId(index.ofType(type), (resource) => resource)
        byType.set(type, known)
      }
      return known.get(id)
    },
  }
}
