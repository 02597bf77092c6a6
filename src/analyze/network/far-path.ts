/** Paths between an interface and addresses behind a VPN, Direct Connect, a transit gateway, or a network that the snapshot lacks. */
import { shortId } from '../../snapshot/index.ts'
import type { Resource } from '../../snapshot/model.ts'
import type { AddressSet, Family } from './address-set.ts'
import type { Side } from './crossing.ts'
import { enterGates, leaveGates } from './crossing.ts'
import type { Gate, Path } from './gate.ts'
import { closedGate, openGate, unknownGate } from './gate.ts'
import type { Host } from './host.ts'
import { arrival, departure, familyOfHost, replyArrival, replyDeparture } from './host.ts'
import { edgeGates } from './internet-gateway.ts'
import { items, text } from './json.ts'
import { nattedGates } from './nat-path.ts'
import type { Network } from './network.ts'
import { peeringGates, peerOf } from './private-path.ts'
import { notCollected, unseen } from './reasons.ts'
import { beyond, routeGate, routesTo } from './route.ts'
import type { Route } from './route-table.ts'
import { transitGate } from './transit-gateway.ts'
import type { Attachment } from './transit-route.ts'

/** Which end starts the flow. */
export type Start = 'far' | 'host'

interface Far {
  readonly network: Network
  readonly host: Host
  readonly domain: AddressSet
  readonly family: Family
  readonly start: Start
}

/** The gates of a VPN connection: up, or down for now. */
export function vpnGates(connection: Resource, family: Family): Gate[] {
  const id = shortId(connection.id)
  const tunnels = items(connection.config, 'VgwTelemetry')
  const state = text(connection.config, 'State') ?? 'available'
  const down = tunnels.length > 0 && tunnels.every((tunnel) => text(tunnel, 'Status') === 'DOWN')
  if (!down && state === 'available') {
    return [
      openGate(family, [{ resource: id, kind: 'vpn-connection', decision: 'forward', detail: 'tunnel up' }]),
    ]
  }
  return [
    closedGate(
      [{ resource: id, kind: 'vpn-connection', reason: 'VPN_DOWN', rule: down ? 'DOWN' : state }],
      true,
    ),
  ]
}

function connectionsOf(network: Network, gatewayId: string): Resource[] {
  return network.topology.index
    .ofType('AWS::EC2::VPNConnection')
    .filter((connection) => text(connection.config, 'VpnGatewayId') === gatewayId)
}

/** What stands behind a virtual private gateway: its VPN connections, or Direct Connect, which is not seen. */
function vpnGatewayGates(network: Network, gatewayId: string, vpcId: string, family: Family): Gate[] {
  const { topology } = network
  const gateway = topology.resource('AWS::EC2::VPNGateway', gatewayId)
  const at = { resource: gatewayId, kind: 'vpn-gateway' as const }
  if (!gateway) {
    const vpc = topology.vpcs.get(vpcId)
    const missing = vpc && topology.missing('AWS::EC2::VPNGateway', vpc)[0]
    return [
      missing
        ? unknownGate(family, [unseen(gatewayId, at.kind, missing)])
        : closedGate([{ ...at, reason: 'GATEWAY_NOT_ATTACHED' }]),
    ]
  }
  const attached = items(gateway.config, 'VpcAttachments').some(
    (attachment) => text(attachment, 'VpcId') === vpcId && text(attachment, 'State') === 'attached',
  )
  if (!attached) return [closedGate([{ ...at, reason: 'GATEWAY_NOT_ATTACHED' }])]
  const hop = openGate(family, [{ ...at, decision: 'forward', detail: vpcId }])
  const unlisted = topology.missing('AWS::EC2::VPNConnection', gateway)[0]
  const connections = connectionsOf(network, gatewayId)
  if (connections.length === 0) {
    const cause = unlisted
      ? unseen(gatewayId, at.kind, unlisted)
      : { ...at, reason: 'NOT_MODELLED' as const, rule: 'Direct Connect' }
    return [hop, unknownGate(family, [cause])]
  }
  const gates = connections.map((connection) => vpnGates(connection, family))
  const up = gates.find((list) => list.every((gate) => !gate.transient))
  return [hop, ...(up ?? gates.flat())]
}

function subnetRoute(far: Far, target: string, way: Gate['way']): Gate {
  const { network, host, family } = far
  const { subnetId } = host.eni
  const found = network.routes.ofSubnet(subnetId)
  return routeGate({ topology: network.topology, found, subnetId, family, way, to: undefined, target })
}

function pathOf(far: Far, gates: readonly Gate[]): Path {
  const { host, domain, family, start } = far
  return { family, variable: start === 'far' ? 'source' : 'destination', domain, gates, fixed: host.address }
}

/**
 * The host's end around what lies between: `outward` is the way from the host, `inward` the way to it.
 * @param border whether the list of the host's subnet is still to be tried on the way in
 */
function around(
  far: Far,
  target: string,
  between: Gate[],
  outward: (way: Gate['way']) => Gate[],
  inward: (way: Gate['way']) => Gate[],
  border = true,
): Path {
  const { network, host, start } = far
  const crossing = { peer: undefined, peerGroups: [] }
  if (start === 'far') {
    return pathOf(far, [
      ...between,
      ...inward('forward'),
      ...arrival(network, host, { ...crossing, border }),
      replyDeparture(network, host, undefined),
      subnetRoute(far, target, 'reply'),
      ...outward('reply'),
    ])
  }
  return pathOf(far, [
    ...departure(network, host, { ...crossing, border: true }),
    subnetRoute(far, target, 'forward'),
    ...outward('forward'),
    ...between,
    ...inward('reply'),
    ...(border ? [replyArrival(network, host, undefined)] : []),
  ])
}

const nothing = (): Gate[] => []

function behindTransit(far: Far, gatewayId: string): Path[] {
  const { network, host, family } = far
  const own = network.transit.ofVpc(gatewayId, host.eni.vpcId)
  const at = { resource: gatewayId, kind: 'transit-gateway' as const }
  if (!own) {
    const known = network.topology.resource('AWS::EC2::TransitGateway', gatewayId)
    const gate = known
      ? closedGate([{ ...at, reason: 'TGW_NO_ROUTE' }])
      : unknownGate(family, [{ ...at, reason: 'OTHER_ACCOUNT' }])
    return [around(far, gatewayId, [gate], nothing, nothing)]
  }
  const ends = network.transit
    .ofGateway(gatewayId)
    .filter((end) => end.id !== own.id && !(end.type === 'vpc' && network.topology.vpcs.has(end.resourceId)))
  if (ends.length === 0)
    return [around(far, gatewayId, [closedGate([{ ...at, reason: 'TGW_NO_ROUTE' }])], nothing, nothing)]
  return ends.map((end) => behindAttachment(far, own, end))
}

function attachmentGates(network: Network, end: Attachment, family: Family): Gate[] {
  const at = { resource: end.resourceId || end.id, kind: 'transit-gateway' as const }
  if (end.type !== 'vpn') {
    const reason = end.type === 'vpc' || end.type === 'peering' ? 'OTHER_ACCOUNT' : 'NOT_MODELLED'
    return [unknownGate(family, [{ ...at, reason, rule: end.type }])]
  }
  const connection = network.topology.resource('AWS::EC2::VPNConnection', end.resourceId)
  if (connection) return vpnGates(connection, family)
  const missing = network.topology.missing('AWS::EC2::VPNConnection', end)[0]
  const unlisted = missing ?? notCollected('ec2:DescribeVpnConnections')
  return [unknownGate(family, [unseen(at.resource, at.kind, unlisted)])]
}

function behindAttachment(far: Far, own: Attachment, end: Attachment): Path {
  const { network, host, family } = far
  const { subnetId, zone } = host.eni
  const near: Side = { attachment: own, subnetId, zone, address: host.address }
  // What comes from a VPN or the like comes from no zone: the gateway may leave by any of the attachment's subnets.
  const beyondEnd: Side = { attachment: end, subnetId: '', zone: '', address: undefined }
  return around(
    far,
    own.gatewayId,
    attachmentGates(network, end, family),
    (way) => [
      ...enterGates(network, near, family, way),
      transitGate(network.transit, own, end, family, way, undefined),
    ],
    (way) => [
      transitGate(network.transit, end, own, family, way, host.address),
      ...leaveGates(network, beyondEnd, near, family, way),
    ],
    false,
  )
}

function behindPeering(far: Far, id: string): Path {
  const { network, host, family } = far
  const { topology } = network
  const peering = topology.resource('AWS::EC2::VPCPeeringConnection', id)
  const at = { resource: id, kind: 'peering' as const }
  if (!peering) {
    const missing = topology.missing('AWS::EC2::VPCPeeringConnection', host.eni)[0]
    const gate = missing
      ? unknownGate(family, [unseen(id, 'peering', missing)])
      : closedGate([{ ...at, reason: 'PEERING_NOT_ACTIVE' }])
    return around(far, id, [gate], nothing, nothing)
  }
  const peer = peerOf(peering, host.eni.vpcId)
  const end = topology.vpcs.has(peer)
    ? closedGate([{ ...at, reason: 'PEERING_NOT_TRANSITIVE' }])
    : unknownGate(family, [{ resource: peer, kind: 'peering', reason: 'OTHER_ACCOUNT' }])
  return around(far, id, [...peeringGates(peering, family), end], nothing, nothing)
}

function behindNat(far: Far, id: string): Path[] {
  const { network, host, domain } = far
  const onward = (nat: Host): Path[] => farPaths(network, nat, domain, 'host', false)
  return nattedGates(network, { host }, id, undefined, onward).map(({ gates }) => pathOf(far, gates))
}

function behind(far: Far, route: Route): Path[] {
  const { network, host, family } = far
  const cause = beyond(network.topology, route)
  const at = { resource: route.target || route.destination, kind: 'route' as const, rule: route.destination }
  if (cause) return [around(far, route.target, [unknownGate(family, [cause])], nothing, nothing)]
  if (route.blackhole) return [around(far, route.target, [], nothing, nothing)]
  if (route.kind === 'vpn-gateway') {
    const gates = vpnGatewayGates(network, route.target, host.eni.vpcId, family)
    const way = far.start === 'far' ? 'forward' : 'reply'
    const edge = edgeGates(network, route.target, host.eni.vpcId, host.address, way)
    return [around(far, route.target, gates, nothing, () => edge)]
  }
  if (route.kind === 'transit-gateway') return behindTransit(far, route.target)
  if (route.kind === 'peering') return [behindPeering(far, route.target)]
  if (route.kind === 'nat' && far.start === 'host') return behindNat(far, route.target)
  return [around(far, route.target, [closedGate([{ ...at, reason: 'NO_ROUTE' }])], nothing, nothing)]
}

/**
 * Every way between one address and `domain`, addresses that lie in no VPC of the snapshot.
 * @param byNat whether a NAT gateway may be on the way: behind one there is no second
 */
export function farPaths(
  network: Network,
  host: Host,
  domain: AddressSet,
  start: Start,
  byNat = true,
): Path[] {
  const family = familyOfHost(host)
  const far: Far = { network, host, domain, family, start }
  const found = network.routes.ofSubnet(host.eni.subnetId)
  if ('cause' in found) return [around(far, '', [unknownGate(family, [found.cause])], nothing, nothing)]
  const routes = routesTo(found.table, family, domain).filter(({ kind }) => byNat || kind !== 'nat')
  const paths = routes.flatMap((route) => behind(far, route))
  if (paths.length > 0) return paths
  const way = start === 'far' ? 'NO_RETURN_ROUTE' : 'NO_ROUTE'
  return [
    around(
      far,
      '',
      [closedGate([{ resource: found.table.id, kind: 'route', reason: way }])],
      nothing,
      nothing,
    ),
  ]
}
