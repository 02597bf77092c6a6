/** Paths between an interface and the internet: in and out by the internet gateway, out by NAT and egress-only gateways. */
import type { Address, AddressSet, Family } from './address-set.ts'
import { formatAddress } from './address-set.ts'
import type { Side } from './crossing.ts'
import { anyZone, crossTransitGateway, throughTransitGateway } from './crossing.ts'
import type { Gate, Path } from './gate.ts'
import { closedGate, openGate, translated, unknownGate } from './gate.ts'
import type { Host } from './host.ts'
import { arrival, departure, familyOfHost, replyArrival, replyDeparture } from './host.ts'
import {
  attachedGates,
  edgeGates,
  egressOnlyGates,
  gatewayHop,
  gatewayOf,
  publicAccessGates,
  publicAddressGates,
} from './internet-gateway.ts'
import { naclGate } from './nacl.ts'
import type { NatGateway } from './nat.ts'
import { natAddressGate, natGates, natGateway, natPublicAddress } from './nat.ts'
import { homeFromNat, natLeg } from './nat-leg.ts'
import type { Network } from './network.ts'
import { beyond, routeGate, routesTo } from './route.ts'
import type { Route } from './route-table.ts'

function internetHop(family: Family): Gate {
  const gate = openGate(family, [])
  return {
    ...gate,
    hops: (probe) => [
      { resource: 'internet', kind: 'internet', decision: 'forward', detail: formatAddress(probe.remote) },
    ],
  }
}

/** Addresses beyond the internet gateway, without those of the snapshot's own: see `Path`. */
export interface Beyond {
  readonly domain: AddressSet
  readonly except?: AddressSet
}

/** From addresses beyond the internet gateway to one address. */
export function internetIn(network: Network, target: Host, beyondIt: Beyond): Path {
  const family = familyOfHost(target)
  const { subnetId, vpcId } = target.eni
  const gateway = gatewayOf(network, vpcId) ?? vpcId
  const found = network.routes.ofSubnet(subnetId)
  const { topology } = network
  const gates = [
    internetHop(family),
    ...attachedGates(network, vpcId, family),
    ...publicAccessGates(network, subnetId, family, 'gateway'),
    ...publicAddressGates(network, target),
    gatewayHop(target, gateway, 'in'),
    ...edgeGates(network, gateway, vpcId, target.address, 'forward'),
    ...arrival(network, target, { peer: undefined, peerGroups: [], border: true }),
    replyDeparture(network, target, undefined),
    routeGate({ topology, found, subnetId, family, way: 'reply', to: undefined, target: gateway }),
  ]
  return { family, variable: 'source', ...beyondIt, gates, fixed: target.publicIp ?? target.address }
}

interface Leaving {
  readonly network: Network
  readonly source: Host
  readonly to: Beyond
  readonly family: Family
}

function leaving({ network, source }: Leaving): Gate[] {
  return departure(network, source, { peer: undefined, peerGroups: [], border: true })
}

function routeFrom({ network, family }: Leaving, subnetId: string, target: string): Gate {
  const { topology } = network
  const found = network.routes.ofSubnet(subnetId)
  return routeGate({ topology, found, subnetId, family, way: 'forward', to: undefined, target })
}

/** @param as the public address of the NAT gateway that it goes by */
function pathOut({ source, to, family }: Leaving, gates: readonly Gate[], as?: Address): Path {
  const seen = as ?? source.publicIp ?? source.address
  return { family, variable: 'destination', ...to, gates, fixed: source.address, seen }
}

function byGateway(leave: Leaving, target: string): Path {
  const { network, source, family } = leave
  const { subnetId, vpcId } = source.eni
  return pathOut(leave, [
    ...leaving(leave),
    routeFrom(leave, subnetId, target),
    ...attachedGates(network, vpcId, family),
    ...publicAccessGates(network, subnetId, family, 'gateway'),
    ...publicAddressGates(network, source),
    gatewayHop(source, target, 'out'),
    internetHop(family),
    ...edgeGates(network, target, vpcId, source.address, 'reply'),
    replyArrival(network, source, undefined),
  ])
}

function byEgressOnly(leave: Leaving, target: string): Path {
  const { network, source, family } = leave
  const { subnetId, vpcId } = source.eni
  return pathOut(leave, [
    ...leaving(leave),
    routeFrom(leave, subnetId, target),
    ...egressOnlyGates(network, target, vpcId),
    ...publicAccessGates(network, subnetId, family, 'outbound-only'),
    internetHop(family),
    replyArrival(network, source, undefined),
  ])
}

/** From the NAT gateway to the internet, and the answer back to it. */
function beyondNat(leave: Leaving, nat: NatGateway): Gate[] {
  const { network, family } = leave
  const host: Host = {
    eni: leave.source.eni,
    address: nat.privateIp ?? nat.publicIp ?? 0,
    ...(nat.publicIp === undefined ? {} : { publicIp: nat.publicIp }),
  }
  const gateway = gatewayOf(network, nat.vpcId) ?? nat.vpcId
  const as = natAddressGate(nat, natPublicAddress(nat), family)
  const attached = attachedGates(network, nat.vpcId, family)
  if (!nat.subnetId) return [as, ...attached, gatewayHop(host, gateway, 'out'), internetHop(family)]
  return [
    as,
    naclGate(network.acls, nat.subnetId, 'egress', 'forward', family, undefined),
    routeFrom(leave, nat.subnetId, gateway),
    ...attached,
    ...publicAccessGates(network, nat.subnetId, family, 'outbound-only'),
    gatewayHop(host, gateway, 'out'),
    internetHop(family),
    translated(naclGate(network.acls, nat.subnetId, 'ingress', 'reply', family, undefined)),
  ]
}

function byNat(leave: Leaving, target: string): Path {
  const { network, source, family } = leave
  const { nat, forward, reply } = natLeg(network, { host: source }, target, undefined)
  if (!nat) return pathOut(leave, forward)
  const gates = [...forward, ...natGates(nat, family), ...beyondNat(leave, nat), ...reply]
  return pathOut(leave, gates, nat.publicIp)
}

/** Through a transit gateway to a NAT gateway of another VPC, the hub that many share, or back to one of the own. */
function byHub(leave: Leaving, gatewayId: string): Path[] {
  const { network, source, family } = leave
  const from = network.transit.ofVpc(gatewayId, source.eni.vpcId)
  const opening = [...leaving(leave), routeFrom(leave, source.eni.subnetId, gatewayId)]
  if (!from) {
    const missing = { resource: gatewayId, kind: 'transit-gateway' as const }
    const known = network.topology.resource('AWS::EC2::TransitGateway', gatewayId)
    const end = known
      ? closedGate([{ ...missing, reason: 'TGW_NO_ROUTE' }])
      : unknownGate(family, [{ ...missing, reason: 'OTHER_ACCOUNT' }])
    return [pathOut(leave, [...opening, end])]
  }
  return network.transit
    .ofGateway(gatewayId)
    .flatMap((attachment) => hubPaths(leave, opening, from, attachment))
}

type Attached = NonNullable<ReturnType<Network['transit']['ofVpc']>>

/** By the attachment's subnet in the sender's zone, else by any of them. */
function hubPaths(leave: Leaving, opening: readonly Gate[], from: Attached, to: Attached): Path[] {
  const { network, source, family } = leave
  const { subnetId, zone } = source.eni
  const near: Side = { attachment: from, subnetId, zone, address: source.address }
  const far: Side = { attachment: to, subnetId: '', zone, address: undefined }
  const into = [...opening, ...throughTransitGateway(network, near, far, family, 'forward')]
  if (to.type !== 'vpc' || !network.topology.vpcs.has(to.resourceId)) {
    const reason = to.type === 'vpc' || to.type === 'peering' ? 'OTHER_ACCOUNT' : 'NOT_MODELLED'
    const cause = { resource: to.resourceId || to.id, kind: 'transit-gateway' as const, reason } as const
    return [pathOut(leave, [...into, unknownGate(family, [cause])])]
  }
  const same = to.subnets.filter((id) => network.topology.subnets.get(id)?.zone === zone)
  const exits = same.length > 0 ? same : to.subnets
  if (exits.length > 1) into.push(unknownGate(family, [anyZone(to.id)]))
  return exits.flatMap((exit) => {
    const found = network.routes.ofSubnet(exit)
    if ('cause' in found) return [pathOut(leave, [...into, unknownGate(family, [found.cause])])]
    return routesTo(found.table, family, leave.to.domain).map((route) => {
      const { gates, as } = exitGates(leave, near, far, exit, route)
      return pathOut(leave, [...into, ...gates], as)
    })
  })
}

interface Exit {
  readonly gates: readonly Gate[]
  /** The public address of the NAT gateway. */
  readonly as?: Address
}

function exitGates(leave: Leaving, near: Side, far: Side, exit: string, route: Route): Exit {
  const { network, family, source } = leave
  const { topology } = network
  const step = routeFrom(leave, exit, route.target)
  const cause = beyond(topology, route)
  if (cause) return { gates: [unknownGate(family, [cause])] }
  if (route.kind !== 'nat') {
    const reason = route.kind === 'internet-gateway' ? 'NO_PUBLIC_ADDRESS' : 'NO_ROUTE'
    return { gates: [closedGate([{ resource: exit, kind: 'route', reason, rule: route.destination }])] }
  }
  const place = topology.subnets.get(exit) ?? source.eni
  const nat = natGateway(network, route.target, place)
  if ('cause' in nat) return { gates: [step, unknownGate(family, [nat.cause])] }
  const as = nat.publicIp === undefined ? {} : { as: nat.publicIp }
  const { subnetId } = nat
  if (subnetId === undefined)
    return { gates: [step, ...natGates(nat, family), ...beyondNat(leave, nat)], ...as }
  const border = subnetId !== exit
  const back: Side = { ...far, subnetId, zone: topology.subnets.get(subnetId)?.zone ?? '' }
  const gates = [step]
  if (border) {
    gates.push(naclGate(network.acls, exit, 'egress', 'forward', family, undefined))
    gates.push(naclGate(network.acls, subnetId, 'ingress', 'forward', family, source.address))
  }
  gates.push(...natGates(nat, family), ...beyondNat(leave, nat))
  if (far.attachment.id === near.attachment.id) {
    gates.push(...homeFromNat(network, { host: source }, nat, undefined))
    return { gates, ...as }
  }
  gates.push(naclGate(network.acls, subnetId, 'egress', 'reply', family, source.address))
  gates.push(...crossTransitGateway(network, back, near, family, 'reply'))
  return { gates, ...as }
}

function wayOut(leave: Leaving, route: Route): Path[] {
  const { network, family } = leave
  const cause = beyond(network.topology, route)
  const at = { resource: route.target || route.destination, rule: route.destination }
  const end = (gate: Gate): Path[] => [
    pathOut(leave, [...leaving(leave), routeFrom(leave, leave.source.eni.subnetId, route.target), gate]),
  ]
  if (cause) return [pathOut(leave, [...leaving(leave), unknownGate(family, [cause])])]
  if (route.blackhole) return end(closedGate([{ ...at, kind: 'route', reason: 'ROUTE_BLACKHOLE' }]))
  if (route.kind === 'internet-gateway') return [byGateway(leave, route.target)]
  if (route.kind === 'egress-only') return [byEgressOnly(leave, route.target)]
  if (route.kind === 'nat') return [byNat(leave, route.target)]
  if (route.kind === 'transit-gateway') return byHub(leave, route.target)
  if (route.kind === 'peering')
    return end(closedGate([{ ...at, kind: 'peering', reason: 'PEERING_NOT_TRANSITIVE' }]))
  if (route.kind === 'vpn-gateway') {
    return end(unknownGate(family, [{ ...at, kind: 'vpn-gateway', reason: 'NOT_MODELLED' }]))
  }
  return end(closedGate([{ ...at, kind: 'route', reason: 'NO_ROUTE' }]))
}

/** From one address to addresses on the internet: one path for each way that the table offers. */
export function internetOut(network: Network, source: Host, to: Beyond): Path[] {
  const family = familyOfHost(source)
  const leave: Leaving = { network, source, to, family }
  const found = network.routes.ofSubnet(source.eni.subnetId)
  if ('cause' in found) {
    return [
      pathOut(leave, [
        ...leaving(leave),
        unknownGate(family, [found.cause]),
        replyArrival(network, source, undefined),
      ]),
    ]
  }
  const paths = routesTo(found.table, family, to.domain).flatMap((route) => wayOut(leave, route))
  if (paths.length > 0) return paths
  const none = closedGate([{ resource: found.table.id, kind: 'route', reason: 'NO_ROUTE' }])
  return [pathOut(leave, [...leaving(leave), none])]
}
