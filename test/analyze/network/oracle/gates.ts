/** What lets one packet pass or drops it: a group's rules, an ACL's entries, a table's routes, Block Public Access. */
import { type Address, contains, inCidr, parseCidr } from './address.ts'
import { type Config, child, has, type Interface, items, number, strings, text, type World } from './world.ts'

/** A packet on the wire. Ports are 0 where the protocol has none; ICMP's type and code likewise. */
export interface Wire {
  readonly src: Address
  readonly dst: Address
  readonly protocol: number
  readonly srcPort: number
  readonly dstPort: number
  readonly icmpType: number
  readonly icmpCode: number
}

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 }

export function protocolNumber(name: string): number {
  return PROTOCOLS[name.toLowerCase()] ?? Number(name)
}

/** Each family has an ICMP of its own; the other's number is a protocol like any other there. */
function isIcmp(wire: Wire): boolean {
  return wire.protocol === (wire.src.family === 4 ? 1 : 58)
}

function icmpMatches(wire: Wire, type: number, code: number): boolean {
  return type === -1 || (type === wire.icmpType && (code === -1 || code === wire.icmpCode))
}

// --- security groups

function permits(rule: Config, wire: Wire): boolean {
  const protocol = text(rule, 'IpProtocol')
  if (protocol === '-1') return true
  if (protocolNumber(protocol) !== wire.protocol) return false
  const from = number(rule, 'FromPort') ?? -1
  const to = number(rule, 'ToPort') ?? -1
  if (isIcmp(wire)) return icmpMatches(wire, from, to)
  if (wire.protocol !== 6 && wire.protocol !== 17) return true
  return from === -1 || (from <= wire.dstPort && wire.dstPort <= to)
}

/** The connection of two VPCs, if it is up. */
export function activePeering(world: World, one: string, other: string): Config | undefined {
  return world
    .of('AWS::EC2::VPCPeeringConnection')
    .find(
      (pcx) =>
        text(child(pcx, 'Status'), 'Code') === 'active' &&
        [one, other].every((vpc) =>
          [child(pcx, 'RequesterVpcInfo'), child(pcx, 'AccepterVpcInfo')].some(
            (i) => text(i, 'VpcId') === vpc,
          ),
        ),
    )
}

function referencesAcrossGateway(world: World, one: string, other: string): boolean {
  const enabled = (config: Config) =>
    text(child(config, 'Options'), 'SecurityGroupReferencingSupport') === 'enable'
  return world
    .of('AWS::EC2::TransitGateway')
    .filter(enabled)
    .some((tgw) =>
      [one, other].every((vpc) =>
        world
          .of('AWS::EC2::TransitGatewayVpcAttachment')
          .some(
            (attachment) =>
              text(attachment, 'TransitGatewayId') === text(tgw, 'TransitGatewayId') &&
              text(attachment, 'VpcId') === vpc &&
              text(attachment, 'State') === 'available' &&
              enabled(attachment),
          ),
      ),
    )
}

/** By which connection a packet leaves or came: rules that name a group of another VPC hang on it. */
export type Arrival = 'local' | 'internet' | 'peering' | 'transit gateway' | 'vpn'

function groupMatches(
  world: World,
  pair: Config,
  eni: Interface,
  peer: Address,
  side: 'ingress' | 'egress',
  by: Arrival,
): boolean {
  const group = text(pair, 'GroupId')
  const vpc = text(world.one('AWS::EC2::SecurityGroup', 'GroupId', group), 'VpcId')
  if (vpc === '' || by === 'internet' || by === 'vpn') return false
  if (vpc !== eni.vpc) {
    const connection = text(pair, 'VpcPeeringConnectionId')
    const peering = activePeering(world, vpc, eni.vpc)
    const peered = peering && (connection === '' || connection === text(peering, 'VpcPeeringConnectionId'))
    // A reference that names a peering means its traffic, not what a transit gateway brings from the same VPC.
    const transit = connection === '' && side === 'ingress' && referencesAcrossGateway(world, vpc, eni.vpc)
    if (by === 'local' || (by === 'peering' ? !peered : !transit)) return false
  }
  return world.groupMembers(group).some((member) => has(member, peer))
}

/** By which connection an interface's own table sends a packet on. */
export function wayOut(world: World, eni: Interface, destination: Address): Arrival {
  if (world.inSubnet(eni.subnet, destination)) return 'local'
  const route = routeFor(world, eni.vpc, eni.subnet, destination)
  if (text(route, 'GatewayId') === 'local') return 'local'
  if (text(route, 'VpcPeeringConnectionId')) return 'peering'
  return text(route, 'TransitGatewayId') ? 'transit gateway' : 'internet'
}

/**
 * Whether the union of an interface's groups lets a flow start or come in. An interface without any group (a NAT
 * gateway's, a Network Load Balancer's) has no filter.
 * @param by the connection that it leaves or came by; or the groups that rules know the sender by, where nothing else tells
 */
export function groupsAllow(
  world: World,
  eni: Interface,
  wire: Wire,
  side: 'ingress' | 'egress',
  by: Arrival | { readonly groups: readonly string[] },
): boolean {
  if (eni.groups.length === 0) return true
  const peer = side === 'ingress' ? wire.src : wire.dst
  for (const id of eni.groups) {
    const group = world.one('AWS::EC2::SecurityGroup', 'GroupId', id)
    for (const rule of items(group, side === 'ingress' ? 'IpPermissions' : 'IpPermissionsEgress')) {
      if (!permits(rule, wire)) continue
      if (items(rule, 'IpRanges').some((range) => inCidr(text(range, 'CidrIp'), peer))) return true
      if (items(rule, 'Ipv6Ranges').some((range) => inCidr(text(range, 'CidrIpv6'), peer))) return true
      const lists = items(rule, 'PrefixListIds').map((list) => text(list, 'PrefixListId'))
      if (lists.some((list) => world.prefixList(list).some((cidr) => inCidr(cidr, peer)))) return true
      const pairs = items(rule, 'UserIdGroupPairs')
      const matches = (pair: Config): boolean =>
        typeof by === 'string'
          ? groupMatches(world, pair, eni, peer, side, by)
          : by.groups.includes(text(pair, 'GroupId'))
      if (pairs.some(matches)) return true
    }
  }
  return false
}

// --- network ACLs

function entryMatches(entry: Config, wire: Wire, peer: Address): boolean {
  const cidr = text(entry, 'CidrBlock') || text(entry, 'Ipv6CidrBlock')
  if (!inCidr(cidr, peer)) return false
  const protocol = text(entry, 'Protocol')
  if (protocol === '-1') return true
  if (Number(protocol) !== wire.protocol) return false
  if (wire.protocol === 6 || wire.protocol === 17) {
    const from = number(child(entry, 'PortRange'), 'From') ?? 0
    const to = number(child(entry, 'PortRange'), 'To') ?? 65535
    return from <= wire.dstPort && wire.dstPort <= to
  }
  if (isIcmp(wire)) {
    const typeCode = child(entry, 'IcmpTypeCode')
    return icmpMatches(wire, number(typeCode, 'Type') ?? -1, number(typeCode, 'Code') ?? -1)
  }
  return true
}

function aclBefore(world: World, subnet: string): Config | undefined {
  return world
    .of('AWS::EC2::NetworkAcl')
    .find((candidate) => items(candidate, 'Associations').some((a) => text(a, 'SubnetId') === subnet))
}

export function aclOf(world: World, subnet: string): string {
  return text(aclBefore(world, subnet), 'NetworkAclId')
}

/** The first entry by rising number that matches decides; nothing that matches is a deny. */
export function aclAllows(world: World, subnet: string, wire: Wire, egress: boolean): boolean {
  const acl = aclBefore(world, subnet)
  let best: Config | undefined
  for (const entry of items(acl, 'Entries')) {
    if (entry['Egress'] !== egress || !entryMatches(entry, wire, egress ? wire.dst : wire.src)) continue
    if (!best || (number(entry, 'RuleNumber') ?? 0) < (number(best, 'RuleNumber') ?? 0)) best = entry
  }
  return text(best, 'RuleAction') === 'allow'
}

// --- routes

const RANK: Readonly<Record<string, number>> = { static: 0, list: 1, propagated: 2 }

function routeLengths(world: World, route: Config, address: Address): number[] {
  const list = text(route, 'DestinationPrefixListId')
  const cidrs = list
    ? world.prefixList(list)
    : [text(route, 'DestinationCidrBlock') || text(route, 'DestinationIpv6CidrBlock')]
  return cidrs
    .map(parseCidr)
    .filter((cidr) => cidr !== undefined)
    .filter((cidr) => contains(cidr, address))
    .map((cidr) => cidr.length)
}

function origin(route: Config): 'static' | 'list' | 'propagated' {
  if (text(route, 'Origin') === 'EnableVgwRoutePropagation') return 'propagated'
  return text(route, 'DestinationPrefixListId') ? 'list' : 'static'
}

function bestRoute(world: World, routes: readonly Config[], address: Address): Config | undefined {
  const isLocal = (route: Config) => text(route, 'GatewayId') === 'local'
  const local = routes.some((route) => isLocal(route) && routeLengths(world, route, address).length > 0)
  let best: { route: Config; length: number; rank: number } | undefined
  for (const route of routes) {
    const from = origin(route)
    if (from === 'propagated' && local) continue
    for (const length of routeLengths(world, route, address)) {
      const rank = RANK[from] ?? 0
      if (!best || length > best.length || (length === best.length && rank < best.rank))
        best = { route, length, rank }
    }
  }
  return best?.route
}

/** The winning route of a subnet's own table, else of its VPC's main one. */
export function routeFor(world: World, vpc: string, subnet: string, address: Address): Config | undefined {
  const tables = world.of('AWS::EC2::RouteTable').filter((table) => text(table, 'VpcId') === vpc)
  const own = tables.find((table) => items(table, 'Associations').some((a) => text(a, 'SubnetId') === subnet))
  const main = tables.find((table) => items(table, 'Associations').some((a) => a['Main'] === true))
  return bestRoute(world, items(own ?? main, 'Routes'), address)
}

/** The route that a table associated with a gateway gives to what comes in by it, if it has such a table. */
export function ingressRoute(
  world: World,
  gateway: string,
  address: Address,
): Config | 'no table' | undefined {
  const table = world
    .of('AWS::EC2::RouteTable')
    .find((candidate) => items(candidate, 'Associations').some((a) => text(a, 'GatewayId') === gateway))
  return table ? bestRoute(world, items(table, 'Routes'), address) : 'no table'
}

/** The most specific route of a transit gateway's table, static before propagated. */
export function transitRoute(_world: World, table: Config | undefined, address: Address): Config | undefined {
  let best: { route: Config; length: number; rank: number } | undefined
  for (const route of items(table, 'Routes')) {
    const cidr = parseCidr(text(route, 'DestinationCidrBlock'))
    if (!cidr || !contains(cidr, address)) continue
    const rank = text(route, 'Type') === 'static' ? 0 : 1
    if (!best || cidr.length > best.length || (cidr.length === best.length && rank < best.rank))
      best = { route, length: cidr.length, rank }
  }
  return best?.route
}

// --- Block Public Access

/** Whether the account's settings let a flow of the kind cross an internet or egress-only gateway beside a subnet. */
export function publicAccess(
  world: World,
  vpc: string,
  subnet: string,
  kind: 'inbound' | 'outbound' | 'outbound by NAT or egress-only',
): boolean {
  const [options] = world.of('AWS::EC2::VPCBlockPublicAccessOptions')
  const mode = text(options, 'InternetGatewayBlockMode')
  if (mode !== 'block-bidirectional' && mode !== 'block-ingress') return true
  const exclusions = world
    .of('AWS::EC2::VPCBlockPublicAccessExclusion')
    .filter((e) => ['create-complete', 'update-complete'].includes(text(e, 'State')))
    .filter((e) => [vpc, subnet].includes(text(e, 'ResourceArn').split('/').at(-1) ?? ''))
    .map((e) => text(e, 'InternetGatewayExclusionMode'))
  if (exclusions.includes('allow-bidirectional')) return true
  if (kind !== 'outbound by NAT or egress-only') return false
  return mode === 'block-ingress' || exclusions.includes('allow-egress')
}

/** Whether a virtual private gateway has a connection with a tunnel that is up. */
export function tunnelUp(world: World, field: 'VpnGatewayId' | 'VpnConnectionId', id: string): boolean {
  return world
    .of('AWS::EC2::VPNConnection')
    .filter((vpn) => text(vpn, field) === id && text(vpn, 'State') === 'available')
    .some((vpn) => items(vpn, 'VgwTelemetry').some((tunnel) => text(tunnel, 'Status') === 'UP'))
}

/** A transit gateway's attachment of a VPC and the subnet that it has in a zone. */
export function attachmentSubnets(world: World, attachment: Config): { subnet: string; zone: string }[] {
  return strings(attachment, 'SubnetIds').map((subnet) => ({
    subnet,
    zone: text(world.one('AWS::EC2::Subnet', 'SubnetId', subnet), 'AvailabilityZone'),
  }))
}
