/** What the two ends of a query name: the internet, addresses, or a resource with interfaces. */
import { shortId } from '../../snapshot/index.ts'
import type { Resource } from '../../snapshot/model.ts'
import type { AddressSet, Cidr, Family } from './address-set.ts'
import { PUBLIC, parseCidr } from './address-set.ts'
import { balancerInterfaces } from './balancer-path.ts'
import type { Balancer } from './balancer-topology.ts'
import { hostsOf } from './host.ts'
import { intersect, subtract } from './interval-set.ts'
import { field, items, text } from './json.ts'
import type { Network } from './network.ts'
import type { Domains, End } from './outcome.ts'
import { ReachQueryError } from './question.ts'
import type { Cause } from './reasons.ts'
import { unseen } from './reasons.ts'
import type { NetworkInterface, Place } from './topology.ts'

export interface Resolved {
  readonly label: string
  readonly ends: readonly End[]
  /** What kept the ends from being known. */
  readonly causes: readonly Cause[]
}

function domains(family: Family, set: AddressSet): Domains {
  return family === 4 ? { 4: set, 6: [] } : { 4: [], 6: set }
}

function inCidr(network: Network, { lo, hi }: Cidr, side: 'from' | 'to'): End[] {
  const ends: End[] = []
  for (const eni of network.topology.interfaces.values()) {
    for (const host of hostsOf(eni)) {
      const inside = lo <= host.address && host.address <= hi
      const known = host.publicIp !== undefined && lo <= host.publicIp && host.publicIp <= hi
      if (typeof host.address === typeof lo && (inside || known)) ends.push({ kind: 'host', host })
    }
  }
  return side === 'from' ? ends : ends
}

function addressesEnd(network: Network, written: string, cidr: Cidr, side: 'from' | 'to'): Resolved {
  const { family } = cidr
  const asked: AddressSet = [[cidr.lo, cidr.hi]]
  const ends = inCidr(network, cidr, side)
  const internet = intersect(asked, network.topology.internet[family])
  const far = subtract(subtract(asked, PUBLIC[family]), network.topology.own[family])
  if (internet.length > 0) ends.push({ kind: 'internet', domains: domains(family, internet) })
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
  const operation = 'ec2:DescribeNetworkInterfaces'
  const cause = unseen(balancer.arn, 'load-balancer', {
    operation,
    outcome: 'not-collected',
    permission: operation,
  })
  const known = interfacesEnd(
    network,
    balancer.arn,
    balancer,
    standIn ? [] : interfaces.map(({ eni }) => eni),
  )
  return standIn || interfaces.length === 0 ? { ...known, causes: [...known.causes, cause] } : known
}

function databaseInterfaces(network: Network, database: Resource): NetworkInterface[] {
  const vpc = text(field(database.config, 'DBSubnetGroup'), 'VpcId')
  const subnets = new Set(
    items(field(database.config, 'DBSubnetGroup'), 'Subnets').map(
      (subnet) => text(subnet, 'SubnetIdentifier') ?? '',
    ),
  )
  const groups = items(database.config, 'VpcSecurityGroups').map(
    (group) => text(group, 'VpcSecurityGroupId') ?? '',
  )
  return (network.topology.interfacesOfVpc.get(vpc ?? '') ?? []).filter(
    (eni) =>
      eni.owner.kind === 'database' &&
      subnets.has(eni.subnetId) &&
      groups.every((id) => eni.groups?.includes(id)),
  )
}

function resourceInterfaces(network: Network, resource: Resource): NetworkInterface[] | undefined {
  const { topology } = network
  const id = shortId(resource.id)
  const eni = topology.interfaces.get(id)
  switch (resource.type) {
    case 'AWS::EC2::NetworkInterface':
      return eni ? [eni] : []
    case 'AWS::EC2::Instance':
      return [...(topology.interfacesOfInstance.get(id) ?? [])]
    case 'AWS::EC2::Subnet':
      return [...(topology.interfacesOfSubnet.get(id) ?? [])]
    case 'AWS::EC2::VPC':
      return [...(topology.interfacesOfVpc.get(id) ?? [])]
    case 'AWS::EC2::SecurityGroup':
      return [...(topology.interfacesOfGroup.get(id) ?? [])]
    case 'AWS::EC2::NatGateway':
      return [...topology.interfaces.values()].filter(
        ({ owner }) => owner.kind === 'nat-gateway' && owner.id === id,
      )
    case 'AWS::EC2::VPCEndpoint':
      return items(resource.config, 'NetworkInterfaceIds')
        .map((item) => topology.interfaces.get(String(item)))
        .filter((found) => found !== undefined)
    case 'AWS::RDS::DBInstance':
    case 'AWS::RDS::DBCluster':
      return databaseInterfaces(network, resource)
    default:
      return undefined
  }
}

function resourceEnd(network: Network, name: string): Resolved {
  const { index } = network.topology
  const balancer =
    network.balancers.byArn(name) ?? network.balancers.byName(name) ?? network.balancers.byId(name)
  if (balancer) return balancerEnd(network, balancer)
  const resource =
    index.byId(name) ??
    index.byShortId(name) ??
    index.snapshot.resources.find(({ config }) => text(config, 'DbiResourceId') === name)
  if (!resource)
    throw new ReachQueryError(
      `"${name.slice(0, 200)}" is no resource of this snapshot, no CIDR and not "internet"`,
    )
  const interfaces = resourceInterfaces(network, resource)
  if (!interfaces) {
    throw new ReachQueryError(
      `${name.slice(0, 200)} is of type ${resource.type}, which has no network interface to ask about`,
    )
  }
  return interfacesEnd(network, name, resource, interfaces)
}

/** @throws ReachQueryError when nothing of that name is there, or a CIDR is malformed */
export function resolveEnd(network: Network, written: string, side: 'from' | 'to'): Resolved {
  const name = written.trim()
  if (name === 'internet') {
    return { label: name, ends: [{ kind: 'internet', domains: network.topology.internet }], causes: [] }
  }
  const cidr = parseCidr(name)
  if (cidr) return addressesEnd(network, name, cidr, side)
  if (/^[\d.]+(\/|$)/.test(name) || /^[\da-fA-F:]*:[\da-fA-F:.]*(\/\d*)?$/.test(name)) {
    throw new ReachQueryError(`"${name.slice(0, 60)}" is no CIDR`)
  }
  return resourceEnd(network, name)
}
