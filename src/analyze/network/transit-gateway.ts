/**
 * Transit gateways: attachments, their route tables, and the two subnets that a packet crosses on the way.
 * @see Amazon VPC Transit Gateways guide, "How transit gateways work" and "Network ACLs for transit gateways"
 */
import { shortId } from '../../snapshot/index.ts'
import type { Json, Resource } from '../../snapshot/model.ts'
import type { Address, Family } from './address-set.ts'
import type { Gate, Probe } from './gate.ts'
import { field, items, text, texts, word } from './json.ts'
import type { Blocker } from './reasons.ts'
import type { Routes } from './route-table.ts'
import type { Topology } from './topology.ts'
import { NO_TRAFFIC } from './traffic.ts'
import type { TrafficMap } from './traffic-map.ts'
import { valueAt } from './traffic-map.ts'
import type { Attachment, GatewayRoute, Routed } from './transit-route.ts'
import { transitRoutes } from './transit-route.ts'

export interface TransitGateways {
  /** The attachment of a VPC to a gateway; undefined when there is none. */
  ofVpc(gatewayId: string, vpcId: string): Attachment | undefined
  ofGateway(gatewayId: string): readonly Attachment[]
  /** The gateways that both VPCs may meet through, peered ones included. */
  between(vpcA: string, vpcB: string): readonly string[]
  gatewaysOf(vpcId: string): readonly string[]
  /** What the tables send from one attachment to another. */
  routed(from: Attachment, to: Attachment, family: Family): Routed
  routeAt(from: Attachment, address: Address): GatewayRoute | undefined
  tableOf(attachment: Attachment): string | undefined
  references(a: Attachment, b: Attachment): boolean
}

function attachmentsOf(topology: Topology): Map<string, Attachment> {
  const found = new Map<string, Attachment>()
  const add = (resource: Resource, type: string, resourceId: string, config: Json): void => {
    const gatewayId = word(config, 'TransitGatewayId')
    const id = shortId(resource.id)
    const options = field(config, 'Options')
    const previous = found.get(`${gatewayId}|${id}`)
    found.set(`${gatewayId}|${id}`, {
      id,
      gatewayId,
      type,
      resourceId,
      account: resource.account,
      region: resource.region,
      available: text(config, 'State') === undefined || text(config, 'State') === 'available',
      subnets: [...(previous?.subnets ?? []), ...texts(config, 'SubnetIds')],
      ipv6: text(options, 'Ipv6Support') === 'enable',
      groupReferences: text(options, 'SecurityGroupReferencingSupport') === 'enable',
    })
  }
  for (const resource of topology.index.ofType('AWS::EC2::TransitGatewayAttachment')) {
    const { config } = resource
    add(resource, word(config, 'ResourceType'), word(config, 'ResourceId'), config)
  }
  for (const resource of topology.index.ofType('AWS::EC2::TransitGatewayVpcAttachment')) {
    add(resource, 'vpc', word(resource.config, 'VpcId'), resource.config)
  }
  return found
}

function tablesByAttachment(topology: Topology): Map<string, Resource> {
  const tables = new Map<string, Resource>()
  for (const table of topology.index.ofType('AWS::EC2::TransitGatewayRouteTable')) {
    const gateway = word(table.config, 'TransitGatewayId')
    for (const association of items(table.config, 'Associations')) {
      const state = text(association, 'State') ?? 'associated'
      if (state === 'associated') {
        tables.set(`${gateway}|${word(association, 'TransitGatewayAttachmentId')}`, table)
      }
    }
  }
  for (const attachment of topology.index.ofType('AWS::EC2::TransitGatewayAttachment')) {
    const key = `${word(attachment.config, 'TransitGatewayId')}|${shortId(attachment.id)}`
    const id = text(field(attachment.config, 'Association'), 'TransitGatewayRouteTableId')
    const table = id ? topology.resource('AWS::EC2::TransitGatewayRouteTable', id) : undefined
    if (table && !tables.has(key)) tables.set(key, table)
  }
  return tables
}

export function readTransitGateways(topology: Topology, routes: Routes): TransitGateways {
  const attachments = attachmentsOf(topology)
  const tables = tablesByAttachment(topology)
  const byVpc = new Map<string, Attachment>()
  const byGateway = new Map<string, Attachment[]>()
  const gatewaysByVpc = new Map<string, string[]>()
  for (const attachment of attachments.values()) {
    byGateway.set(attachment.gatewayId, [...(byGateway.get(attachment.gatewayId) ?? []), attachment])
    if (attachment.type !== 'vpc') continue
    byVpc.set(`${attachment.gatewayId}|${attachment.resourceId}`, attachment)
    const known = gatewaysByVpc.get(attachment.resourceId) ?? []
    gatewaysByVpc.set(attachment.resourceId, [...known, attachment.gatewayId])
  }
  const { routed, routeAt } = transitRoutes({ topology, routes, attachments, tables, byGateway })
  const connected = (a: string, b: string): boolean =>
    a === b || (byGateway.get(a) ?? []).some((attachment) => attachment.type === 'peering')
  return {
    ofVpc: (gatewayId, vpcId) => byVpc.get(`${gatewayId}|${vpcId}`),
    ofGateway: (gatewayId) => byGateway.get(gatewayId) ?? [],
    gatewaysOf: (vpcId) => gatewaysByVpc.get(vpcId) ?? [],
    between: (vpcA, vpcB) =>
      (gatewaysByVpc.get(vpcA) ?? []).filter((a) =>
        (gatewaysByVpc.get(vpcB) ?? []).some((b) => connected(a, b)),
      ),
    routed,
    routeAt,
    tableOf: (attachment) => {
      const table = tables.get(`${attachment.gatewayId}|${attachment.id}`)
      return table && shortId(table.id)
    },
    references: (a, b) => {
      const options = topology.resource('AWS::EC2::TransitGateway', a.gatewayId)?.config['Options']
      const gateway = text(options, 'SecurityGroupReferencingSupport') === 'enable'
      return gateway && a.gatewayId === b.gatewayId && a.groupReferences && b.groupReferences
    },
  }
}

/** The tables of a transit gateway as a gate: from one attachment to another, by the destination of that way. */
export function transitGate(
  gateways: TransitGateways,
  from: Attachment,
  to: Attachment,
  family: Family,
  way: Gate['way'],
  destination: Address | undefined,
): Gate {
  const routed = gateways.routed(from, to, family)
  const at = (map: TrafficMap) =>
    destination === undefined ? map : (valueAt(map, destination) ?? NO_TRAFFIC)
  const blocker = (probe: Probe): Blocker[] => {
    const route = gateways.routeAt(from, destination ?? probe.remote)
    const reason = route?.blackhole ? 'TGW_BLACKHOLE' : 'TGW_NO_ROUTE'
    const rule = route ? { rule: route.destination } : {}
    return [{ resource: gateways.tableOf(from) ?? from.gatewayId, kind: 'transit-gateway', reason, ...rule }]
  }
  return {
    way,
    must: at(routed.must),
    may: at(routed.may),
    causes: routed.causes,
    hops: (probe) => {
      const route = gateways.routeAt(from, destination ?? probe.remote)
      if (!route) return []
      const detail = `${gateways.tableOf(from)} ${route.destination} → ${to.id}`
      return [{ resource: from.gatewayId, kind: 'transit-gateway', decision: 'forward', detail }]
    },
    blockers: blocker,
  }
}
