/** The snapshot's answers under names that the walker can say aloud. One reading of each, no sets. */
import type { Json, JsonObject, Resource, Snapshot } from '../../../../src/snapshot/model.ts'
import { type Address, contains, inCidr, parseAddress, parseCidr, same } from './address.ts'

export type Config = JsonObject

export function text(config: Json | undefined, key: string): string {
  const value = isObject(config) ? config[key] : undefined
  return typeof value === 'string' ? value : ''
}

export function number(config: Json | undefined, key: string): number | undefined {
  const value = isObject(config) ? config[key] : undefined
  return typeof value === 'number' ? value : undefined
}

export function items(config: Json | undefined, key: string): Config[] {
  const value = isObject(config) ? config[key] : undefined
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function strings(config: Json | undefined, key: string): string[] {
  const value = isObject(config) ? config[key] : undefined
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

export function child(config: Json | undefined, key: string): Config {
  const value = isObject(config) ? config[key] : undefined
  return isObject(value) ? value : {}
}

function isObject(value: Json | undefined): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export interface Interface {
  readonly id: string
  readonly vpc: string
  readonly subnet: string
  readonly zone: string
  readonly groups: readonly string[]
  readonly addresses: readonly { readonly own: Address; readonly public?: Address }[]
  readonly prefixes: readonly string[]
  readonly attached: boolean
  readonly instance?: string
  readonly running: boolean
  readonly primary: boolean
  /** The balancer's ARN, where the interface is one of its nodes. */
  readonly balancer?: string
  readonly nat?: string
}

export interface World {
  readonly snapshot: Snapshot
  readonly interfaces: readonly Interface[]
  readonly byInterface: ReadonlyMap<string, Interface>
  readonly of: (type: string) => readonly Config[]
  readonly one: (type: string, idField: string, id: string) => Config | undefined
  /** The interface that has an address inside a VPC. */
  readonly at: (vpc: string, address: Address) => Interface | undefined
  readonly inVpc: (vpc: string, address: Address) => boolean
  readonly inSubnet: (subnet: string, address: Address) => boolean
  readonly prefixList: (id: string) => readonly string[]
  readonly groupMembers: (group: string) => readonly Interface[]
  /** Ports between which some network ACL changes its mind: what a NAT gateway's or balancer's own port may hang on. */
  readonly replyPorts: readonly number[]
}

function balancerOf(eni: Config, balancers: readonly Config[]): string | undefined {
  const [, name] = /^ELB (.+)$/.exec(text(eni, 'Description')) ?? []
  if (!name) return undefined
  const found = balancers.find((lb) => text(lb, 'LoadBalancerArn').endsWith(`:loadbalancer/${name}`))
  return found && text(found, 'LoadBalancerArn')
}

function readAddresses(eni: Config): Interface['addresses'] {
  const four = items(eni, 'PrivateIpAddresses').flatMap((entry) => {
    const own = parseAddress(text(entry, 'PrivateIpAddress'))
    const outside = parseAddress(text(child(entry, 'Association'), 'PublicIp'))
    return own ? [{ own, ...(outside ? { public: outside } : {}) }] : []
  })
  const six = items(eni, 'Ipv6Addresses').flatMap((entry) => {
    const own = parseAddress(text(entry, 'Ipv6Address'))
    return own ? [{ own, public: own }] : []
  })
  return [...four, ...six]
}

function readInterface(eni: Config, of: World['of']): Interface {
  const id = text(eni, 'NetworkInterfaceId')
  const instance = text(child(eni, 'Attachment'), 'InstanceId')
  const state = of('AWS::EC2::Instance').find((i) => text(i, 'InstanceId') === instance && instance !== '')
  const balancer = balancerOf(eni, of('AWS::ElasticLoadBalancingV2::LoadBalancer'))
  const nat = of('AWS::EC2::NatGateway').find((gateway) =>
    items(gateway, 'NatGatewayAddresses').some((a) => text(a, 'NetworkInterfaceId') === id),
  )
  return {
    id,
    vpc: text(eni, 'VpcId'),
    subnet: text(eni, 'SubnetId'),
    zone: text(eni, 'AvailabilityZone'),
    groups: items(eni, 'Groups').map((group) => text(group, 'GroupId')),
    addresses: readAddresses(eni),
    prefixes: [
      ...items(eni, 'Ipv4Prefixes').map((p) => text(p, 'Ipv4Prefix')),
      ...items(eni, 'Ipv6Prefixes').map((p) => text(p, 'Ipv6Prefix')),
    ],
    attached: text(eni, 'Status') !== 'available',
    running: !state || text(child(state, 'State'), 'Name') === 'running',
    primary: number(child(eni, 'Attachment'), 'DeviceIndex') === 0,
    ...(instance ? { instance } : {}),
    ...(balancer ? { balancer } : {}),
    ...(nat ? { nat: text(nat, 'NatGatewayId') } : {}),
  }
}

function cidrsOf(config: Config | undefined, four: string, six: string): string[] {
  const stated = (sets: Config[], field: string, state: string) =>
    sets
      .filter((set) => ['associated', ''].includes(text(child(set, state), 'State')))
      .map((set) => text(set, field))
  return [
    ...(text(config, 'CidrBlock') ? [text(config, 'CidrBlock')] : []),
    ...stated(items(config, four), 'CidrBlock', 'CidrBlockState'),
    ...stated(items(config, six), 'Ipv6CidrBlock', 'Ipv6CidrBlockState'),
  ]
}

function replyPorts(acls: readonly Config[]): number[] {
  const ports = new Set([65535, 49152, 1024, 1023, 1])
  for (const entry of acls.flatMap((acl) => items(acl, 'Entries'))) {
    const range = child(entry, 'PortRange')
    const [from, to] = [number(range, 'From'), number(range, 'To')]
    if (from !== undefined && to !== undefined) for (const p of [from - 1, from, to, to + 1]) ports.add(p)
  }
  return [...ports].filter((port) => port >= 1 && port <= 65535)
}

function build(snapshot: Snapshot): World {
  const byType = new Map<string, Config[]>()
  for (const resource of snapshot.resources as readonly Resource[]) {
    const known = byType.get(resource.type)
    if (known) known.push(resource.config)
    else byType.set(resource.type, [resource.config])
  }
  const of = (type: string): readonly Config[] => byType.get(type) ?? []
  const interfaces = of('AWS::EC2::NetworkInterface').map((eni) => readInterface(eni, of))
  const ranges = new Map<string, string[]>()
  for (const vpc of of('AWS::EC2::VPC')) {
    ranges.set(text(vpc, 'VpcId'), cidrsOf(vpc, 'CidrBlockAssociationSet', 'Ipv6CidrBlockAssociationSet'))
  }
  for (const subnet of of('AWS::EC2::Subnet')) {
    ranges.set(text(subnet, 'SubnetId'), cidrsOf(subnet, 'none', 'Ipv6CidrBlockAssociationSet'))
  }
  const covers = (id: string, address: Address) =>
    (ranges.get(id) ?? []).some((cidr) => contains(parseCidr(cidr), address))
  const one: World['one'] = (type, field, id) => of(type).find((config) => text(config, field) === id)
  return {
    snapshot,
    interfaces,
    byInterface: new Map(interfaces.map((eni) => [eni.id, eni])),
    of,
    one,
    at: (vpc, address) => interfaces.find((eni) => eni.vpc === vpc && has(eni, address)),
    inVpc: covers,
    inSubnet: covers,
    prefixList: (id) =>
      items(one('AWS::EC2::PrefixList', 'PrefixListId', id), 'Entries').map((entry) => text(entry, 'Cidr')),
    groupMembers: (group) => interfaces.filter((eni) => eni.groups.includes(group)),
    replyPorts: replyPorts(of('AWS::EC2::NetworkAcl')),
  }
}

/** Whether an address is one of an interface's own, a delegated prefix's included. */
export function has(eni: Interface, address: Address): boolean {
  return (
    eni.addresses.some((entry) => same(entry.own, address)) ||
    eni.prefixes.some((prefix) => inCidr(prefix, address))
  )
}

const worlds = new WeakMap<Snapshot, World>()

export function worldOf(snapshot: Snapshot): World {
  const known = worlds.get(snapshot)
  if (known) return known
  const world = build(snapshot)
  worlds.set(snapshot, world)
  return world
}
