/** One way through a transit gateway: route to it, the zone, the attachments' subnets, its tables. */
import type { Address, Family } from './address-set.ts'
import { allAddresses } from './address-set.ts'
import type { Allowance, Gate } from './gate.ts'
import { closedGate, isMap, openGate, unknownGate } from './gate.ts'
import { naclGate } from './nacl.ts'
import type { Network } from './network.ts'
import type { Cause } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'
import { routeGate } from './route.ts'
import type { TrafficMap } from './traffic-map.ts'
import { everywhere, intersectMaps, uniteMaps } from './traffic-map.ts'
import { transitGate } from './transit-gateway.ts'
import type { Attachment } from './transit-route.ts'

/** One side of a crossing. */
export interface Side {
  readonly attachment: Attachment
  readonly subnetId: string
  readonly zone: string
  /** As the packet's header has it; undefined when the path leaves it open. */
  readonly address: Address | undefined
}

function subnetZones(
  network: Network,
  attachment: Attachment,
): { subnetId: string; zone: string | undefined }[] {
  return attachment.subnets.map((subnetId) => ({
    subnetId,
    zone: network.topology.subnets.get(subnetId)?.zone,
  }))
}

function unseenAttachment(attachment: Attachment): Cause {
  const missing = notCollected('ec2:DescribeTransitGatewayVpcAttachments')
  return unseen(attachment.id, 'transit-gateway', missing)
}

/** Into the gateway: only from a zone where the attachment has a subnet. */
export function enterGates(network: Network, side: Side, family: Family, way: Gate['way']): Gate[] {
  const { attachment, zone, address } = side
  const subnets = subnetZones(network, attachment)
  if (subnets.length === 0) return [unknownGate(family, [unseenAttachment(attachment)])]
  const own = subnets.filter((subnet) => subnet.zone === zone)
  if (own.length === 0) {
    if (subnets.some((subnet) => subnet.zone === undefined)) {
      return [unknownGate(family, [unseenAttachment(attachment)])]
    }
    return [
      closedGate([
        { resource: attachment.id, kind: 'transit-gateway', reason: 'TGW_ZONE_NOT_ATTACHED', rule: zone },
      ]),
    ]
  }
  return own.map(({ subnetId }) => naclGate(network.acls, subnetId, 'ingress', way, family, address))
}

/**
 * Out of the gateway and into the receiver's subnet: by the attachment's subnet in the sender's zone, else by any of them.
 * That subnet's table must deliver locally; where it is the receiver's own, no list is tried.
 * @see Transit Gateways guide, "Network ACLs for transit gateways"
 */
export function leaveGates(network: Network, from: Side, to: Side, family: Family, way: Gate['way']): Gate[] {
  const subnets = subnetZones(network, to.attachment)
  if (subnets.length === 0) return [unknownGate(family, [unseenAttachment(to.attachment)])]
  const near = subnets.filter((subnet) => subnet.zone === from.zone)
  const exits = (near.length > 0 ? near : subnets).map(({ subnetId }) => subnetId)
  const far = exits.filter((subnetId) => subnetId !== to.subnetId)
  if (far.length === 0) return []
  const { topology, acls } = network
  const routes = far.map((subnetId) => {
    const found = network.routes.ofSubnet(subnetId)
    return routeGate({ topology, found, subnetId, family, way, to: to.address, target: 'local' })
  })
  const lists = far.map((subnetId) => naclGate(acls, subnetId, 'egress', way, family, to.address))
  const last = naclGate(acls, to.subnetId, 'ingress', way, family, from.address)
  const own = far.length < exits.length ? [openGate(family, [], way)] : []
  return [
    oneOf([...routes, ...own], family),
    oneOf([...lists, ...own], family),
    oneOf([last, ...own], family),
  ]
}

function mapOf(allowance: Allowance, family: Family): TrafficMap {
  return isMap(allowance) ? allowance : everywhere(allAddresses(family), allowance)
}

/** Where the far attachment has no subnet in the packet's zone, AWS does not say which other one it takes. */
export function anyZone(resource: string): Cause {
  return { resource, kind: 'transit-gateway', reason: 'NOT_MODELLED', rule: 'which zone it leaves by' }
}

/** A packet takes one of these, nobody can say which: surely passes what all let pass. */
export function oneOf(gates: readonly Gate[], family: Family): Gate {
  const [first] = gates
  if (!first || gates.length === 1) return first ?? unknownGate(family, [])
  return {
    ...first,
    must: gates.map((gate) => mapOf(gate.must, family)).reduce(intersectMaps),
    may: uniteMaps(gates.map((gate) => mapOf(gate.may, family))),
    causes: [...gates.flatMap((gate) => gate.causes), anyZone('transit gateway')],
    blockers: (probe) => gates.flatMap((gate) => gate.blockers(probe)),
  }
}

/** Into the gateway and by its tables to the other attachment, up to the subnet that it leaves by. */
export function throughTransitGateway(
  network: Network,
  from: Side,
  to: Pick<Side, 'attachment' | 'address'>,
  family: Family,
  way: Gate['way'],
): Gate[] {
  const gates: Gate[] = []
  for (const { attachment } of [from, to]) {
    const unfit = attachment.type === 'vpc' && family === 6 && !attachment.ipv6
    if (attachment.available && !unfit) continue
    gates.push(closedGate([{ resource: attachment.id, kind: 'transit-gateway', reason: 'TGW_NO_ROUTE' }]))
  }
  gates.push(...enterGates(network, from, family, way))
  gates.push(transitGate(network.transit, from.attachment, to.attachment, family, way, to.address))
  return gates
}

/** All of one way, from behind the border of the sender's subnet into the receiver's. */
export function crossTransitGateway(
  network: Network,
  from: Side,
  to: Side,
  family: Family,
  way: Gate['way'],
): Gate[] {
  const { topology } = network
  const { subnetId } = from
  const found = network.routes.ofSubnet(subnetId)
  const target = from.attachment.gatewayId
  return [
    routeGate({ topology, found, subnetId, family, way, to: to.address, target }),
    ...throughTransitGateway(network, from, to, family, way),
    ...leaveGates(network, from, to, family, way),
  ]
}
