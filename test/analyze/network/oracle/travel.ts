/**
 * One packet's way, hop by hop, from where it is emitted to where it ends: an interface, the internet, a VPN's far side,
 * or the hop that drops it. Replies travel by the same hops; what differs is said by the trip.
 */
import { type Address, isPublic, same } from './address.ts'
import {
  type Arrival,
  aclAllows,
  aclOf,
  attachmentSubnets,
  ingressRoute,
  publicAccess,
  routeFor,
  transitRoute,
  tunnelUp,
  type Wire,
} from './gates.ts'
import { type Config, child, type Interface, items, text, type World } from './world.ts'

export type Stop =
  | { readonly kind: 'interface'; readonly eni: Interface; readonly wire: Wire; readonly by: Arrival }
  | { readonly kind: 'internet'; readonly wire: Wire }
  | { readonly kind: 'far'; readonly gateway: string; readonly wire: Wire }
  | { readonly kind: 'dropped'; readonly reason: string }

interface Translation {
  readonly nat: Config
  readonly inside: Address
  readonly insidePort: number
  readonly outside: Address
}

/** What one flow has left behind on its way, and what its reply needs of it. */
export interface Trip {
  readonly world: World
  readonly reply: boolean
  /** The port that a NAT gateway on the way picks. */
  readonly natPort: number
  readonly translations: Translation[]
  /** VPCs that the flow left by their egress-only gateway: their replies may come in. */
  readonly egressOnly: Set<string>
  /** The network ACLs that let the packet pass, by id. */
  readonly acls: string[]
  hops: number
}

type Sender = 'interface' | 'nat' | 'transit gateway'

interface Place {
  readonly vpc: string
  readonly subnet: string
  readonly sender: Sender
}

const drop = (reason: string): Stop => ({ kind: 'dropped', reason })

function aclReason(trip: Trip, egress: boolean): string {
  if (trip.reply) return 'NACL_RETURN_DENY'
  return egress ? 'NACL_EGRESS_DENY' : 'NACL_INGRESS_DENY'
}

/** The ACLs of a border; none between two addresses of one subnet. */
function border(trip: Trip, wire: Wire, from: string | undefined, to: string | undefined): Stop | undefined {
  if (from === to) return undefined
  for (const [subnet, egress] of [
    [from, true],
    [to, false],
  ] as const) {
    if (subnet === undefined) continue
    if (!aclAllows(trip.world, subnet, wire, egress)) return drop(aclReason(trip, egress))
    trip.acls.push(aclOf(trip.world, subnet))
  }
  return undefined
}

/** Sends a packet out of a subnet: to a neighbour, or by the subnet's winning route. */
export function emit(trip: Trip, wire: Wire, place: Place): Stop {
  const { world } = trip
  trip.hops += 1
  if (trip.hops > 12) return drop('NO_ROUTE')
  if (place.sender !== 'transit gateway' && world.inSubnet(place.subnet, wire.dst))
    return arrive(trip, wire, place.vpc, place.subnet, 'local')
  if (place.sender === 'transit gateway' && world.inSubnet(place.subnet, wire.dst))
    return arrive(trip, wire, place.vpc, place.subnet, 'transit gateway')
  const route = routeFor(world, place.vpc, place.subnet, wire.dst)
  if (!route) return drop(trip.reply ? 'NO_RETURN_ROUTE' : 'NO_ROUTE')
  if (text(route, 'State') === 'blackhole') return drop('ROUTE_BLACKHOLE')
  return follow(trip, wire, place, route)
}

function follow(trip: Trip, wire: Wire, place: Place, route: Config): Stop {
  const gateway = text(route, 'GatewayId')
  const by = place.sender === 'transit gateway' ? 'transit gateway' : 'local'
  if (gateway === 'local') return arrive(trip, wire, place.vpc, place.subnet, by)
  if (text(route, 'NatGatewayId')) return translate(trip, wire, place, text(route, 'NatGatewayId'))
  if (text(route, 'NetworkInterfaceId') || text(route, 'InstanceId')) return drop('APPLIANCE_ON_PATH')
  // What another VPC sent into this one by a transit gateway belongs to no interface here: only NAT takes it on.
  if (place.sender === 'transit gateway') return drop('NO_ROUTE')
  if (gateway.startsWith('igw-')) return leaveToInternet(trip, wire, place, gateway)
  if (gateway.startsWith('vgw-')) return leaveToVpn(trip, wire, place, gateway)
  if (gateway.startsWith('vpce-')) return drop(trip.reply ? 'NO_RETURN_ROUTE' : 'NO_ROUTE')
  if (text(route, 'EgressOnlyInternetGatewayId'))
    return leaveEgressOnly(trip, wire, place, text(route, 'EgressOnlyInternetGatewayId'))
  if (text(route, 'VpcPeeringConnectionId'))
    return peer(trip, wire, place, text(route, 'VpcPeeringConnectionId'))
  if (text(route, 'TransitGatewayId')) return transit(trip, wire, place, text(route, 'TransitGatewayId'))
  return drop('NOT_MODELLED')
}

/** Delivery inside a VPC, from the subnet that the packet leaves (none when it comes from outside). */
function arrive(trip: Trip, wire: Wire, vpc: string, from: string | undefined, by: Arrival): Stop {
  const eni = trip.world.at(vpc, wire.dst)
  if (!eni) return drop('ADDRESS_NOT_FOUND')
  const stopped = border(trip, wire, from, eni.subnet)
  if (stopped) return stopped
  if (!eni.nat) return { kind: 'interface', eni, wire, by }
  const last = trip.reply ? trip.translations.at(-1) : undefined
  const mine = last && text(last.nat, 'NatGatewayId') === eni.nat && same(last.outside, wire.dst)
  if (!last || !mine || (usesPorts(wire) && wire.dstPort !== trip.natPort))
    return drop('NAT_IS_OUTBOUND_ONLY')
  trip.translations.pop()
  const back = { ...wire, dst: last.inside, dstPort: last.insidePort }
  return emit(trip, back, { vpc, subnet: eni.subnet, sender: 'nat' })
}

function usesPorts(wire: Wire): boolean {
  return wire.protocol === 6 || wire.protocol === 17
}

/** A NAT gateway takes what starts inside, under its own private address; the internet gateway gives it the public one. */
function translate(trip: Trip, wire: Wire, place: Place, id: string): Stop {
  const nat = trip.world.one('AWS::EC2::NatGateway', 'NatGatewayId', id)
  if (!nat || text(nat, 'State') !== 'available' || text(nat, 'VpcId') !== place.vpc)
    return drop('ROUTE_BLACKHOLE')
  if (wire.src.family === 6 || ![1, 6, 17].includes(wire.protocol)) return drop('NOT_MODELLED')
  if (trip.reply) return drop('NO_RETURN_ROUTE')
  const subnet = text(nat, 'SubnetId')
  const stopped = border(trip, wire, place.subnet, subnet)
  if (stopped) return stopped
  const eni = trip.world.interfaces.find((candidate) => candidate.nat === id)
  const outside = eni?.addresses[0]?.own
  if (!outside) return drop('ROUTE_BLACKHOLE')
  trip.translations.push({ nat, inside: wire.src, insidePort: wire.srcPort, outside })
  const out = { ...wire, src: outside, srcPort: usesPorts(wire) ? trip.natPort : 0 }
  return emit(trip, out, { vpc: place.vpc, subnet, sender: 'nat' })
}

// --- the internet

function attachedTo(gateway: Config | undefined, vpc: string): boolean {
  return items(gateway, 'Attachments').some(
    (a) => text(a, 'VpcId') === vpc && ['available', 'attached'].includes(text(a, 'State')),
  )
}

function leaveToInternet(trip: Trip, wire: Wire, place: Place, id: string): Stop {
  const { world } = trip
  const gateway = world.one('AWS::EC2::InternetGateway', 'InternetGatewayId', id)
  if (!attachedTo(gateway, place.vpc)) return drop('GATEWAY_NOT_ATTACHED')
  const denied = border(trip, wire, place.subnet, undefined)
  if (denied) return denied
  const owner = world.at(place.vpc, wire.src)
  const outside = owner?.addresses.find((entry) => same(entry.own, wire.src))?.public
  if (!owner || !outside) return drop('NO_PUBLIC_ADDRESS')
  if (!isPublic(wire.dst)) return drop('ADDRESS_NOT_FOUND')
  const kind = owner.nat ? 'outbound by NAT or egress-only' : 'outbound'
  if (!trip.reply && !publicAccess(world, place.vpc, place.subnet, kind)) return drop('BLOCK_PUBLIC_ACCESS')
  return overInternet(trip, { ...wire, src: outside })
}

function leaveEgressOnly(trip: Trip, wire: Wire, place: Place, id: string): Stop {
  const { world } = trip
  const gateway = world.one('AWS::EC2::EgressOnlyInternetGateway', 'EgressOnlyInternetGatewayId', id)
  if (!attachedTo(gateway, place.vpc)) return drop('GATEWAY_NOT_ATTACHED')
  if (trip.reply) return drop('NO_RETURN_ROUTE')
  const denied = border(trip, wire, place.subnet, undefined)
  if (denied) return denied
  if (wire.src.family !== 6 || !world.at(place.vpc, wire.src)) return drop('NO_PUBLIC_ADDRESS')
  if (!isPublic(wire.dst)) return drop('ADDRESS_NOT_FOUND')
  if (!publicAccess(world, place.vpc, place.subnet, 'outbound by NAT or egress-only'))
    return drop('BLOCK_PUBLIC_ACCESS')
  trip.egressOnly.add(place.vpc)
  return overInternet(trip, wire)
}

/** Whether an address of the public space is the estate's own: then no stranger has it. */
export function ownPublic(world: World, address: Address): boolean {
  if (address.family === 6)
    return world.of('AWS::EC2::VPC').some((vpc) => world.inVpc(text(vpc, 'VpcId'), address))
  return world.interfaces.some((eni) => eni.addresses.some((a) => a.public && same(a.public, address)))
}

function overInternet(trip: Trip, wire: Wire): Stop {
  if (!ownPublic(trip.world, wire.dst)) return { kind: 'internet', wire }
  return enterFromInternet(trip, wire)
}

/** A packet on the internet for a public address of the estate. */
export function enterFromInternet(trip: Trip, wire: Wire): Stop {
  const { world } = trip
  const owner = world.interfaces.find((eni) =>
    eni.addresses.some((a) => a.public && same(a.public, wire.dst)),
  )
  const inside = owner?.addresses.find((a) => a.public && same(a.public, wire.dst))?.own
  if (!owner || !inside) return drop('ADDRESS_NOT_FOUND')
  const packet = { ...wire, dst: inside }
  if (trip.reply && trip.egressOnly.has(owner.vpc) && inside.family === 6)
    return arrive(trip, packet, owner.vpc, undefined, 'internet')
  const gateway = world.of('AWS::EC2::InternetGateway').find((igw) => attachedTo(igw, owner.vpc))
  if (!gateway) return drop('NO_INTERNET_GATEWAY')
  if (!trip.reply && !publicAccess(world, owner.vpc, owner.subnet, 'inbound'))
    return drop('BLOCK_PUBLIC_ACCESS')
  const steered = steer(trip, text(gateway, 'InternetGatewayId'), inside)
  return steered ?? arrive(trip, packet, owner.vpc, undefined, 'internet')
}

/** A gateway's own route table, if it has one, must say `local`. */
function steer(trip: Trip, gateway: string, destination: Address): Stop | undefined {
  const route = ingressRoute(trip.world, gateway, destination)
  if (route === 'no table') return undefined
  if (!route) return drop('NO_ROUTE')
  return text(route, 'GatewayId') === 'local' ? undefined : drop('APPLIANCE_ON_PATH')
}

// --- other networks

function leaveToVpn(trip: Trip, wire: Wire, place: Place, id: string): Stop {
  const { world } = trip
  const gateway = world.one('AWS::EC2::VPNGateway', 'VpnGatewayId', id)
  const attached = items(gateway, 'VpcAttachments').some(
    (a) => text(a, 'VpcId') === place.vpc && text(a, 'State') === 'attached',
  )
  if (!attached) return drop('GATEWAY_NOT_ATTACHED')
  const denied = border(trip, wire, place.subnet, undefined)
  if (denied) return denied
  if (!world.at(place.vpc, wire.src)) return drop('NO_ROUTE')
  return tunnelUp(world, 'VpnGatewayId', id) ? { kind: 'far', gateway: id, wire } : drop('VPN_DOWN')
}

/** A packet from a VPN's far side for an address of the VPC that its gateway is attached to. */
export function enterFromVpn(trip: Trip, wire: Wire, id: string): Stop {
  const gateway = trip.world.one('AWS::EC2::VPNGateway', 'VpnGatewayId', id)
  const [attachment] = items(gateway, 'VpcAttachments').filter((a) => text(a, 'State') === 'attached')
  if (!attachment) return drop('GATEWAY_NOT_ATTACHED')
  if (!tunnelUp(trip.world, 'VpnGatewayId', id)) return drop('VPN_DOWN')
  return steer(trip, id, wire.dst) ?? arrive(trip, wire, text(attachment, 'VpcId'), undefined, 'vpn')
}

function peer(trip: Trip, wire: Wire, place: Place, id: string): Stop {
  const { world } = trip
  const connection = world.one('AWS::EC2::VPCPeeringConnection', 'VpcPeeringConnectionId', id)
  if (text(child(connection, 'Status'), 'Code') !== 'active') return drop('PEERING_NOT_ACTIVE')
  const ends = ['RequesterVpcInfo', 'AccepterVpcInfo'].map((end) => text(child(connection, end), 'VpcId'))
  const far = ends.find((vpc) => vpc !== place.vpc)
  if (!ends.includes(place.vpc) || !far) return drop('NO_ROUTE')
  const denied = border(trip, wire, place.subnet, undefined)
  if (denied) return denied
  if (!world.inVpc(place.vpc, wire.src) || !world.inVpc(far, wire.dst)) return drop('PEERING_NOT_TRANSITIVE')
  return arrive(trip, wire, far, undefined, 'peering')
}

function vpcAttachments(world: World): readonly Config[] {
  return world
    .of('AWS::EC2::TransitGatewayVpcAttachment')
    .filter((attachment) => text(attachment, 'State') === 'available')
}

function transit(trip: Trip, wire: Wire, place: Place, id: string): Stop {
  const { world } = trip
  const attachment = vpcAttachments(world).find(
    (a) => text(a, 'TransitGatewayId') === id && text(a, 'VpcId') === place.vpc,
  )
  if (!attachment) return drop('TGW_NO_ROUTE')
  const zone = text(world.one('AWS::EC2::Subnet', 'SubnetId', place.subnet), 'AvailabilityZone')
  const near = attachmentSubnets(world, attachment).find((subnet) => subnet.zone === zone)
  if (!near) return drop('TGW_ZONE_NOT_ATTACHED')
  // Both ACLs count even where the interface shares the attachment's subnet (TGW Guide, "Network ACLs").
  const denied = border(trip, wire, place.subnet, undefined) ?? border(trip, wire, undefined, near.subnet)
  if (denied) return denied
  return acrossTransitGateway(trip, wire, text(attachment, 'TransitGatewayAttachmentId'), zone)
}

function acrossTransitGateway(trip: Trip, wire: Wire, attachment: string, zone: string): Stop {
  const { world } = trip
  const table = world
    .of('AWS::EC2::TransitGatewayRouteTable')
    .find((t) => items(t, 'Associations').some((a) => text(a, 'TransitGatewayAttachmentId') === attachment))
  const route = transitRoute(world, table, wire.dst)
  if (!route) return drop(trip.reply ? 'NO_RETURN_ROUTE' : 'TGW_NO_ROUTE')
  if (text(route, 'State') === 'blackhole') return drop('TGW_BLACKHOLE')
  const [hop] = items(route, 'TransitGatewayAttachments')
  const next = text(hop, 'TransitGatewayAttachmentId')
  if (text(hop, 'ResourceType') === 'vpn')
    return tunnelUp(world, 'VpnConnectionId', text(hop, 'ResourceId'))
      ? { kind: 'far', gateway: next, wire }
      : drop('VPN_DOWN')
  const far = vpcAttachments(world).find((a) => text(a, 'TransitGatewayAttachmentId') === next)
  if (!far) return drop('NOT_MODELLED')
  const subnets = attachmentSubnets(world, far)
  const sameZone = subnets.filter((subnet) => subnet.zone === zone)
  let stop: Stop = drop('TGW_ZONE_NOT_ATTACHED')
  // The gateway stays in the packet's zone where it can, and may pick any of the attachment's otherwise.
  for (const { subnet } of sameZone.length > 0 ? sameZone : subnets) {
    stop = emit(trip, wire, { vpc: text(far, 'VpcId'), subnet, sender: 'transit gateway' })
    if (stop.kind !== 'dropped') return stop
  }
  return stop
}

/** A packet from the far side of a VPN that ends at a transit gateway. */
export function enterFromTransitVpn(trip: Trip, wire: Wire, attachment: string): Stop {
  const vpn = trip.world.one('AWS::EC2::TransitGatewayAttachment', 'TransitGatewayAttachmentId', attachment)
  if (!tunnelUp(trip.world, 'VpnConnectionId', text(vpn, 'ResourceId'))) return drop('VPN_DOWN')
  return acrossTransitGateway(trip, wire, attachment, '')
}
