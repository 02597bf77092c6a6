/** Paths between two interfaces over private ground: one subnet, one VPC, a peering, a transit gateway. */
import { shortId } from '../../snapshot/index.ts'
import type { Resource } from '../../snapshot/model.ts'
import type { Address, AddressSet } from './address-set.ts'
import { single } from './address-set.ts'
import type { Side } from './crossing.ts'
import { crossTransitGateway } from './crossing.ts'
import type { Gate, Path } from './gate.ts'
import { closedGate, isMap, openGate, unknownGate } from './gate.ts'
import type { Host } from './host.ts'
import { arrival, departure, familyOfHost, replyArrival, replyDeparture } from './host.ts'
import { field, text, word } from './json.ts'
import type { Network } from './network.ts'
import { unseen } from './reasons.ts'
import { beyond, routeGate } from './route.ts'
import { isNone } from './traffic.ts'
import { valueAt } from './traffic-map.ts'

/** Where a flow starts: an address of an interface, or the addresses of several that nothing on the way tells apart. */
export interface Origin {
  readonly host: Host
  /** More than the host's own address; the path then leaves it open which of them. */
  readonly addresses?: AddressSet
}

/** Its address as the path knows it. */
export function addressOf({ host, addresses }: Origin): Address | undefined {
  return addresses ? undefined : host.address
}

export function pathOf({ host, addresses }: Origin, target: Host, gates: readonly Gate[]): Path {
  return {
    family: familyOfHost(host),
    variable: 'source',
    domain: addresses ?? single(host.address),
    gates,
    fixed: target.address,
  }
}

function groupsOf(host: Host): readonly string[] {
  return host.eni.groups ?? []
}

function sameSubnet(network: Network, source: Origin, target: Host): Path {
  const border = false
  return pathOf(source, target, [
    ...departure(network, source.host, { peer: target.address, peerGroups: groupsOf(target), border }),
    ...arrival(network, target, { peer: addressOf(source), peerGroups: groupsOf(source.host), border }),
  ])
}

/** One connection between two subnets: what a flow passes on it, and what an answer passes that comes back by it. */
interface Way {
  readonly forward: readonly Gate[]
  readonly reply: readonly Gate[]
}

interface Link {
  /** What both subnets' tables must name. */
  readonly target: string
  readonly gates: readonly Gate[]
  readonly references: boolean
  readonly peering?: string
}

/** Two subnets whose tables send the other's address to the same thing. */
function linked(network: Network, source: Origin, target: Host, link: Link): Way {
  const { host } = source
  const family = familyOfHost(host)
  const address = addressOf(source)
  const { topology, routes } = network
  const route = (subnetId: string, to: Address | undefined, way: Gate['way']): Gate =>
    routeGate({ topology, found: routes.ofSubnet(subnetId), subnetId, family, way, to, target: link.target })
  const named = (of: Host): readonly string[] => (link.references ? groupsOf(of) : [])
  const over = link.peering === undefined ? {} : { peering: link.peering }
  return {
    forward: [
      ...departure(network, host, { peer: target.address, peerGroups: named(target), ...over, border: true }),
      route(host.eni.subnetId, target.address, 'forward'),
      ...link.gates,
      ...arrival(network, target, { peer: address, peerGroups: named(host), ...over, border: true }),
    ],
    reply: [
      replyDeparture(network, target, address),
      route(target.eni.subnetId, address, 'reply'),
      ...link.gates.map((gate): Gate => ({ ...gate, way: 'reply' })),
      replyArrival(network, host, target.address),
    ],
  }
}

interface PeeringSides {
  readonly requester: string
  readonly accepter: string
  readonly sameRegion: boolean
}

function sidesOf(peering: Resource): PeeringSides {
  const requester = field(peering.config, 'RequesterVpcInfo')
  const accepter = field(peering.config, 'AccepterVpcInfo')
  return {
    requester: word(requester, 'VpcId'),
    accepter: word(accepter, 'VpcId'),
    sameRegion:
      (text(requester, 'Region') ?? peering.region) === (text(accepter, 'Region') ?? peering.region),
  }
}

const peeringsByVpc = new WeakMap<Network, Map<string, Resource[]>>()

/** The connections that a VPC is an end of. */
export function peeringsOf(network: Network, vpcId: string): readonly Resource[] {
  let known = peeringsByVpc.get(network)
  if (!known) {
    known = new Map()
    const seen = new Set<string>()
    for (const peering of network.topology.index.ofType('AWS::EC2::VPCPeeringConnection')) {
      const id = shortId(peering.id)
      if (seen.has(id)) continue
      seen.add(id)
      const { requester, accepter } = sidesOf(peering)
      for (const vpc of new Set([requester, accepter])) known.set(vpc, [...(known.get(vpc) ?? []), peering])
    }
    peeringsByVpc.set(network, known)
  }
  return known.get(vpcId) ?? []
}

/** The VPC at the other end. */
export function peerOf(peering: Resource, vpcId: string): string {
  const { requester, accepter } = sidesOf(peering)
  return requester === vpcId ? accepter : requester
}

export function peeringGates(peering: Resource, family: 4 | 6): Gate[] {
  const id = shortId(peering.id)
  const state = word(field(peering.config, 'Status'), 'Code')
  if (state === 'active')
    return [openGate(family, [{ resource: id, kind: 'peering', decision: 'forward', detail: 'active' }])]
  return [closedGate([{ resource: id, kind: 'peering', reason: 'PEERING_NOT_ACTIVE', rule: state }])]
}

function peeringWays(network: Network, source: Origin, target: Host): Way[] {
  const { vpcId } = source.host.eni
  return peeringsOf(network, vpcId)
    .filter((peering) => peerOf(peering, vpcId) === target.eni.vpcId)
    .map((peering) =>
      linked(network, source, target, {
        target: shortId(peering.id),
        gates: peeringGates(peering, familyOfHost(source.host)),
        references: sidesOf(peering).sameRegion,
        peering: shortId(peering.id),
      }),
    )
}

function transitWay(network: Network, gatewayId: string, source: Origin, target: Host): Way | undefined {
  const { host } = source
  const address = addressOf(source)
  const from = network.transit.ofVpc(gatewayId, host.eni.vpcId)
  const there = network.transit
    .gatewaysOf(target.eni.vpcId)
    .map((id) => network.transit.ofVpc(id, target.eni.vpcId))
    .filter((attachment) => attachment !== undefined)
  const to = there.find((attachment) => attachment.gatewayId === gatewayId) ?? there[0]
  if (!from || !to) return undefined
  const family = familyOfHost(host)
  const sideOf = ({ eni }: Host, attachment: typeof from, at: Address | undefined): Side => ({
    attachment,
    subnetId: eni.subnetId,
    zone: eni.zone,
    address: at,
  })
  const near = sideOf(host, from, address)
  const far = sideOf(target, to, target.address)
  // Over a transit gateway only inbound rules may name a group (TGW guide, "Security group referencing").
  const peerGroups = network.transit.references(from, to) ? groupsOf(host) : []
  return {
    forward: [
      ...departure(network, host, { peer: target.address, peerGroups: [], border: true }),
      ...crossTransitGateway(network, near, far, family, 'forward'),
      ...arrival(network, target, { peer: address, peerGroups, border: false }),
    ],
    reply: [
      replyDeparture(network, target, address),
      ...crossTransitGateway(network, far, near, family, 'reply'),
    ],
  }
}

/** No connection of the snapshot joins the two VPCs: blocked, unless the route leads somewhere that nobody can see into. */
function unconnected(network: Network, source: Origin, target: Host): Path {
  const family = familyOfHost(source.host)
  const { topology } = network
  const found = network.routes.ofSubnet(source.host.eni.subnetId)
  const host = departure(network, source.host, { peer: target.address, peerGroups: [], border: true })
  const end = arrival(network, target, { peer: addressOf(source), peerGroups: [], border: true })
  if ('cause' in found) return pathOf(source, target, [...host, unknownGate(family, [found.cause]), ...end])
  const route = valueAt(found.table.choices[family], target.address)?.route
  const cause = route && beyond(topology, route)
  const at = {
    resource: found.table.id,
    kind: 'route' as const,
    ...(route ? { rule: route.destination } : {}),
  }
  if (cause) return pathOf(source, target, [...host, unknownGate(family, [cause]), ...end])
  const missing = route && unlisted(network, source.host, route.kind)
  if (route && missing) {
    return pathOf(source, target, [
      ...host,
      unknownGate(family, [unseen(route.target, 'network', missing)]),
      ...end,
    ])
  }
  const reason =
    route?.kind === 'peering' ? 'PEERING_NOT_TRANSITIVE' : route?.blackhole ? 'ROUTE_BLACKHOLE' : 'NO_ROUTE'
  return pathOf(source, target, [...host, closedGate([{ ...at, reason }])])
}

const CONNECTIONS: Readonly<Record<string, readonly string[]>> = {
  peering: ['AWS::EC2::VPCPeeringConnection'],
  'transit-gateway': ['AWS::EC2::TransitGatewayVpcAttachment', 'AWS::EC2::TransitGatewayAttachment'],
}

function unlisted(network: Network, source: Host, kind: string) {
  const types = Object.hasOwn(CONNECTIONS, kind) ? (CONNECTIONS[kind] ?? []) : []
  return types
    .map((type) => network.topology.missing(type, source.eni)[0])
    .find((missing) => missing !== undefined)
}

function waysBetween(network: Network, source: Origin, target: Host): Way[] {
  const ways = peeringWays(network, source, target)
  for (const gateway of network.transit.between(source.host.eni.vpcId, target.eni.vpcId)) {
    const way = transitWay(network, gateway, source, target)
    if (way) ways.push(way)
  }
  return ways
}

/**
 * Every way over private ground from one interface's address, or several's, to another's, of one family. Each table
 * decides for itself: where two connections join the VPCs, the answer may come back by the other one.
 */
export function privatePaths(network: Network, source: Origin, target: Host): Path[] {
  const { eni } = source.host
  if (familyOfHost(source.host) !== familyOfHost(target)) return []
  if (eni.subnetId === target.eni.subnetId) return [sameSubnet(network, source, target)]
  const local: Link = { target: 'local', gates: [], references: true }
  const ways =
    eni.vpcId === target.eni.vpcId
      ? [linked(network, source, target, local)]
      : waysBetween(network, source, target)
  if (ways.length === 0) return [unconnected(network, source, target)]
  const there = ways.filter(({ forward }) => !isShut(forward))
  const back = ways.filter(({ reply }) => !isShut(reply))
  if (there.length === 0 || back.length === 0) {
    return ways.map(({ forward, reply }) => pathOf(source, target, [...forward, ...reply]))
  }
  return there.flatMap(({ forward }) =>
    back.map(({ reply }) => pathOf(source, target, [...forward, ...reply])),
  )
}

/** Some gate lets nothing pass, whatever the rest is: no need to pair it with other ways. */
function isShut(gates: readonly Gate[]): boolean {
  return gates.some(({ may }) => (isMap(may) ? may.length === 0 : isNone(may)))
}
