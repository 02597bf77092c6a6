/** What the two ends of a query name: the internet, addresses, or a resource with interfaces. */
import { shortId } from '../../snapshot/index.ts'
import type { Resource } from '../../snapshot/model.ts'
import type { AddressSet, Cidr, Family } from './address-set.ts'
import { PUBLIC, parseCidr } from './address-set.ts'
import { balancerInterfaces } from './balancer-path.ts'
import type { Balancer } from './balancer-topology.ts'
import { hostsOf } from './host.ts'
import type { NetworkInterface, Place } from './interface.ts'
import { covers, intersect, subtract } from './interval-set.ts'
import { field, flag, items, text, texts, word } from './json.ts'
import type { Network } from './network.ts'
import type { Domains, End } from './question.ts'
import { ReachQueryError } from './question.ts'
import type { Cause } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'

export interface Resolved {
  readonly label: string
  readonly ends: readonly End[]
  /** What kept the ends from being known. */
  readonly causes: readonly Cause[]
}

function domains(family: Family, set: AddressSet): Domains {
  return family === 4 ? { 4: set, 6: [] } : { 4: [], 6: set }
}

/**
 * The interfaces that have addresses of a CIDR, and the rest of it that lies elsewhere: what is public on the internet,
 * what is private behind a VPN, Direct Connect or a transit gateway.
 */
function addressesEnd(network: Network, written: string, { family, lo, hi }: Cidr): Resolved {
  const { topology } = network
  const asked: AddressSet = [[lo, hi]]
  const ends = topology
    .holders(lo, hi)
    .map(({ eni, held }): End => ({ kind: 'host', host: { eni, ...held } }))
  const internet = intersect(asked, PUBLIC[family])
  const far = subtract(subtract(asked, PUBLIC[family]), topology.own[family])
  const strangers = internet.some(([from, to]) => !covers(topology.own[family], from, to))
  if (strangers) ends.push({ kind: 'internet', domains: domains(family, internet) })
  if (far.length > 0) ends.push({ kind: 'far', domains: domains(family, far) })
  return { label: written, ends, causes: unseenInterfaces(network, asked, family) }
}

/** Addresses of a VPC whose interfaces were not listed may be anyone's. */
function unseenInterfaces(network: Network, asked: AddressSet, family: Family): Cause[] {
  const causes: Cause[] = []
  for (const vpc of network.topology.vpcs.values()) {
    const missing = network.topology.missing('AWS::EC2::NetworkInterface', vpc)[0]
    if (missing && intersect(asked, vpc.cidrs[family]).length > 0)
      causes.push(unseen(vpc.id, 'network-interface', missing))
  }
  return causes
}

function interfacesEnd(
  network: Network,
  label: string,
  place: Place,
  found: readonly NetworkInterface[],
): Resolved {
  const ends = found.flatMap((eni) => hostsOf(eni).map((host): End => ({ kind: 'host', host })))
  const missing = network.topology.missing('AWS::EC2::NetworkInterface', place)[0]
  return { label, ends, causes: missing ? [unseen(label, 'network-interface', missing)] : [] }
}

function balancerEnd(network: Network, balancer: Balancer): Resolved {
  const interfaces = balancerInterfaces(network, balancer)
  const standIn = interfaces.some((entry) => entry.standIn)
  const cause = unseen(balancer.arn, 'load-balancer', notCollected('ec2:DescribeNetworkInterfaces'))
  const known = interfacesEnd(
    network,
    balancer.arn,
    balancer,
    standIn ? [] : interfaces.map(({ eni }) => eni),
  )
  return standIn || interfaces.length === 0 ? { ...known, causes: [...known.causes, cause] } : known
}

const DATABASE = 'AWS::RDS::DBInstance'

/**
 * The interfaces that a database instance may have: RDS does not name them. They lie in its subnet group, have its
 * groups, its zones if it says them, and a public address exactly if it is publicly accessible.
 */
function databaseInterfaces(network: Network, database: Resource): NetworkInterface[] {
  const { config } = database
  const placed = field(config, 'DBSubnetGroup')
  const subnets = new Set(items(placed, 'Subnets').map((subnet) => word(subnet, 'SubnetIdentifier')))
  const groups = items(config, 'VpcSecurityGroups').map((group) => word(group, 'VpcSecurityGroupId'))
  const zones = [text(config, 'AvailabilityZone'), text(config, 'SecondaryAvailabilityZone')].filter(Boolean)
  const open = flag(config, 'PubliclyAccessible')
  return (network.topology.interfacesOfVpc.get(word(placed, 'VpcId')) ?? []).filter(
    (eni) =>
      eni.owner.kind === 'database' &&
      subnets.has(eni.subnetId) &&
      groups.every((id) => eni.groups?.includes(id)) &&
      (zones.length === 0 || zones.includes(eni.zone)) &&
      (open === undefined || open === eni.addresses.some(({ publicIp }) => publicIp !== undefined)),
  )
}

function clusterInterfaces(network: Network, cluster: Resource): NetworkInterface[] {
  const members = new Set(
    items(cluster.config, 'DBClusterMembers').map((member) => word(member, 'DBInstanceIdentifier')),
  )
  return network.topology.index
    .ofType(DATABASE)
    .filter(({ config }) => members.has(word(config, 'DBInstanceIdentifier')))
    .flatMap((database) => databaseInterfaces(network, database))
}

/** The interfaces of a resource; undefined for a type that has none. */
export function interfacesOf(network: Network, resource: Resource): readonly NetworkInterface[] | undefined {
  const { topology } = network
  const id = shortId(resource.id)
  const named = (ids: readonly (string | undefined)[]): NetworkInterface[] =>
    ids.map((one) => topology.interfaces.get(one ?? '')).filter((found) => found !== undefined)
  switch (resource.type) {
    case 'AWS::EC2::NetworkInterface':
      return named([id])
    case 'AWS::EC2::Instance':
      return topology.interfacesOfInstance.get(id) ?? []
    case 'AWS::EC2::Subnet':
      return topology.interfacesOfSubnet.get(id) ?? []
    case 'AWS::EC2::VPC':
      return topology.interfacesOfVpc.get(id) ?? []
    case 'AWS::EC2::SecurityGroup':
      return topology.interfacesOfGroup.get(id) ?? []
    case 'AWS::EC2::NatGateway':
      return named(
        items(resource.config, 'NatGatewayAddresses').map((item) => text(item, 'NetworkInterfaceId')),
      )
    case 'AWS::EC2::VPCEndpoint':
      return named(texts(resource.config, 'NetworkInterfaceIds'))
    case DATABASE:
      return databaseInterfaces(network, resource)
    case 'AWS::RDS::DBCluster':
      return clusterInterfaces(network, resource)
    default:
      return undefined
  }
}

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^i-/, 'AWS::EC2::Instance'],
  [/^eni-/, 'AWS::EC2::NetworkInterface'],
  [/^subnet-/, 'AWS::EC2::Subnet'],
  [/^vpc-/, 'AWS::EC2::VPC'],
  [/^sg-/, 'AWS::EC2::SecurityGroup'],
  [/^nat-/, 'AWS::EC2::NatGateway'],
  [/^vpce-/, 'AWS::EC2::VPCEndpoint'],
  [/^db-/, DATABASE],
  [/:loadbalancer\//, 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
]

/** A name that no list holds: nobody's, or of a resource whose list was not read. */
function unlistedEnd(network: Network, name: string): Resolved {
  const { topology } = network
  const short = shortId(name)
  const interfaces = topology.interfacesOfInstance.get(short)
  const [first] = interfaces ?? []
  if (interfaces && first) return interfacesEnd(network, name, first, interfaces)
  const type = TYPES.find(
    ([pattern]) => pattern.test(short) || (name.startsWith('arn:') && pattern.test(name)),
  )?.[1]
  const places = topology.index.scopes().filter(({ region }) => region !== 'global')
  const missing = type ? places.flatMap((place) => topology.missing(type, place)) : []
  if (missing.length === 0) {
    throw new ReachQueryError(
      `"${name.slice(0, 200)}" is no resource of this snapshot, no CIDR and not "internet"`,
    )
  }
  return { label: name, ends: [], causes: missing.map((one) => unseen(name, 'network-interface', one)) }
}

/** People know machines by their Name tag; nothing keeps two from having the same. */
function instanceNamed(network: Network, name: string): Resource | undefined {
  const found = network.topology.index
    .ofType('AWS::EC2::Instance')
    .filter((instance) => instance.name === name)
  if (found.length <= 1) return found[0]
  const ids = found.map(({ id }) => shortId(id)).join(', ')
  throw new ReachQueryError(
    `${found.length} instances are called ${name.slice(0, 200)}: ${ids.slice(0, 400)}`,
  )
}

function resourceEnd(network: Network, name: string): Resolved {
  const { index } = network.topology
  const balancer =
    network.balancers.byArn(name) ?? network.balancers.byName(name) ?? network.balancers.byId(name)
  if (balancer) return balancerEnd(network, balancer)
  const resource =
    index.byId(name) ??
    index.byShortId(name) ??
    index.ofType(DATABASE).find(({ config }) => text(config, 'DbiResourceId') === name)
  const known = resource && interfacesOf(network, resource)
  const instance = known ? undefined : instanceNamed(network, name)
  if (instance) return interfacesEnd(network, name, instance, interfacesOf(network, instance) ?? [])
  if (!resource) return unlistedEnd(network, name)
  if (!known) {
    throw new ReachQueryError(
      `${name.slice(0, 200)} is of type ${resource.type}, which has no network interface to ask about`,
    )
  }
  const end = interfacesEnd(network, name, resource, known)
  if (known.length > 0 || !resource.type.startsWith('AWS::RDS::')) return end
  const at = { resource: name, kind: 'network-interface' as const }
  const cause: Cause = { ...at, reason: 'NOT_MODELLED', rule: 'which interface RDS gave it' }
  return { ...end, causes: [...end.causes, cause] }
}

/** @throws ReachQueryError when nothing of that name is there, or a CIDR is malformed */
export function resolveEnd(network: Network, written: string): Resolved {
  const name = written.trim()
  if (name === 'internet') {
    return { label: name, ends: [{ kind: 'internet', domains: PUBLIC }], causes: [] }
  }
  const cidr = parseCidr(name)
  if (cidr) return addressesEnd(network, name, cidr)
  if (/^[\d.]+(\/|$)/.test(name) || /^[\da-fA-F:]*:[\da-fA-F:.]*(\/\d*)?$/.test(name)) {
    throw new ReachQueryError(`"${name.slice(0, 60)}" is no CIDR`)
  }
  return resourceEnd(network, name)
}
