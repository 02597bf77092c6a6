/**
 * Transit gateways: attachments, their route tables, and the two subnets that a packet crosses on the way.
 * @see Amazon VPC Transit Gateways guide, "How transit gateways work" and "Network ACLs for transit gateways"
 */
import { shortId } from '../../snapshot/index.ts'
import type { Json, Resource } from '../../snapshot/model.ts'
import type { Address, Cidr, Family } from './address-set.ts'
import { allAddresses, parseCidr } from './address-set.ts'
import type { Gate, Probe } from './gate.ts'
import type { Place } from './interface.ts'
import { field, items, text, texts } from './json.ts'
import type { Blocker, Cause } from './reasons.ts'
import { unseen } from './reasons.ts'
import type { Topology } from './topology.ts'
import { allTraffic, NO_TRAFFIC } from './traffic.ts'
import type { Spanned, StepMap, TrafficMap } from './traffic-map.ts'
import { everywhere, restrict, sweep, uniteMaps, valueAt } from './traffic-map.ts'

export interface Attachment extends Place {
  readonly id: string
  readonly gatewayId: string
  /** `vpc`, `vpn`, `direct-connect-gateway`, `peering`, `connect` … */
  readonly type: string
  readonly resourceId: string
  readonly available: boolean
  /** Of a VPC attachment: one a zone. */
  readonly subnets: readonly string[]
  readonly ipv6: boolean
  readonly groupReferences: boolean
}

interface GatewayRoute {
  readonly destination: string
  readonly blackhole: boolean
  readonly propagated: boolean
  readonly attachments: readonly string[]
}

export interface TransitGateways {
  /** The attachment of a VPC to a gateway; undefined when there is none. */
  ofVpc(gatewayId: string, vpcId: string): Attachment | undefined
  byId(gatewayId: string, attachmentId: string): Attachment | undefined
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

export interface Routed {
  readonly must: TrafficMap
  readonly may: TrafficMap
  readonly causes: readonly Cause[]
}

function attachmentsOf(topology: Topology): Map<string, Attachment> {
  const found = new Map<string, Attachment>()
  const add = (resource: Resource, type: string, resourceId: string, config: Json): void => {
    const gatewayId = text(config, 'TransitGatewayId') ?? ''
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
    add(resource, text(config, 'ResourceType') ?? '', text(config, 'ResourceId') ?? '', config)
  }
  for (const resource of topology.index.ofType('AWS::EC2::TransitGatewayVpcAttachment')) {
    add(resource, 'vpc', text(resource.config, 'VpcId') ?? '', resource.config)
  }
  return found
}

interface Candidate {
  readonly route: GatewayRoute
  readonly cidr: Cidr
}

function bestOf(over: readonly Candidate[]): GatewayRoute | undefined {
  let best: Candidate | undefined
  for (const candidate of over) {
    const longer = best === undefined || candidate.cidr.length > best.cidr.length
    const firmer =
      candidate.cidr.length === best?.cidr.length && best.route.propagated && !candidate.route.propagated
    if (longer || firmer) best = candidate
  }
  return best?.route
}

function compile(table: Resource, family: Family): StepMap<GatewayRoute> {
  const spans: Spanned<Candidate>[] = []
  for (const item of items(table.config, 'Routes')) {
    const destination = text(item, 'DestinationCidrBlock') ?? ''
    const cidr = parseCidr(destination)
    if (cidr?.family !== family) continue
    const route: GatewayRoute = {
      destination,
      blackhole: text(item, 'State') === 'blackhole',
      propagated: text(item, 'Type') === 'propagated',
      attachments: items(item, 'TransitGatewayAttachments').map(
        (attachment) => text(attachment, 'TransitGatewayAttachmentId') ?? '',
      ),
    }
    spans.push({ lo: cidr.lo, hi: cidr.hi, item: { route, cidr } })
  }
  return sweep(spans, bestOf, (a, b) => a === b)
}

function tablesByAttachment(topology: Topology): Map<string, Resource> {
  const tables = new Map<string, Resource>()
  for (const table of topology.index.ofType('AWS::EC2::TransitGatewayRouteTable')) {
    const gateway = text(table.config, 'TransitGatewayId') ?? ''
    for (const association of items(table.config, 'Associations')) {
      const state = text(association, 'State') ?? 'associated'
      if (state === 'associated') {
        tables.set(`${gateway}|${text(association, 'TransitGatewayAttachmentId') ?? ''}`, table)
      }
    }
  }
  for (const attachment of topology.index.ofType('AWS::EC2::TransitGatewayAttachment')) {
    const key = `${text(attachment.config, 'TransitGatewayId') ?? ''}|${shortId(attachment.id)}`
    const id = text(field(attachment.config, 'Association'), 'TransitGatewayRouteTableId')
    const table = id ? topology.resource('AWS::EC2::TransitGatewayRouteTable', id) : undefined
    if (table && !tables.has(key)) tables.set(key, table)
  }
  return tables
}

function noTable(topology: Topology, attachment: Attachment): Cause | undefined {
  const gateway = topology.resource('AWS::EC2::TransitGateway', attachment.gatewayId)
  const at = { resource: attachment.gatewayId, kind: 'transit-gateway' as const }
  const owner = text(gateway?.config, 'OwnerId')
  const accounts = topology.index.snapshot.manifest.accounts
  if (
    !gateway ||
    (owner !== undefined && owner !== attachment.account && !accounts.some(({ id }) => id === owner))
  ) {
    return { ...at, reason: 'OTHER_ACCOUNT' }
  }
  const missing =
    topology.missing('AWS::EC2::TransitGatewayRouteTable', gateway)[0] ??
    topology.index
      .ofType('AWS::EC2::TransitGatewayRouteTable')
      .find((table) => table.missing?.['Associations'])?.missing?.['Associations']
  return missing && unseen(at.resource, at.kind, missing)
}

export function readTransitGateways(topology: Topology): TransitGateways {
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
  const compiled = new Map<string, StepMap<GatewayRoute>>()
  const stepsOf = (table: Resource, family: Family): StepMap<GatewayRoute> => {
    const key = `${table.id}|${family}`
    const steps = compiled.get(key) ?? compile(table, family)
    compiled.set(key, steps)
    return steps
  }
  const cache = new Map<string, Routed>()
  const routed = (from: Attachment, to: Attachment, family: Family, seen: ReadonlySet<string>): Routed => {
    const table = tables.get(`${from.gatewayId}|${from.id}`)
    const all = everywhere(allAddresses(family), allTraffic(family))
    if (!table) {
      const cause = noTable(topology, from)
      return { must: [], may: cause ? all : [], causes: cause ? [cause] : [] }
    }
    const unread = table.missing?.['Routes']
    if (unread || !Array.isArray(table.config['Routes'])) {
      const operation = 'ec2:SearchTransitGatewayRoutes'
      const missing = unread ?? { operation, outcome: 'not-collected' as const, permission: operation }
      return { must: [], may: all, causes: [unseen(shortId(table.id), 'transit-gateway', missing)] }
    }
    return follow(stepsOf(table, family), from, to, family, seen)
  }
  const follow = (
    steps: StepMap<GatewayRoute>,
    from: Attachment,
    to: Attachment,
    family: Family,
    seen: ReadonlySet<string>,
  ): Routed => {
    const must: TrafficMap[] = [[]]
    const may: TrafficMap[] = [[]]
    const causes: Cause[] = []
    for (const { lo, hi, value } of steps) {
      if (value.blackhole) continue
      const here = everywhere([[lo, hi]], allTraffic(family))
      if (from.gatewayId === to.gatewayId && value.attachments.includes(to.id)) {
        must.push(here)
        may.push(here)
        continue
      }
      for (const id of value.attachments) {
        const next = attachments.get(`${from.gatewayId}|${id}`)
        if (next?.type !== 'peering') continue
        const far = farSide(next, seen)
        if (far === 'loop') continue
        if (!far) {
          may.push(here)
          causes.push({
            resource: next.resourceId || next.id,
            kind: 'transit-gateway',
            reason: 'OTHER_ACCOUNT',
          })
          continue
        }
        const beyond = routed(far, to, family, new Set([...seen, far.gatewayId]))
        must.push(restrict(beyond.must, [[lo, hi]]))
        may.push(restrict(beyond.may, [[lo, hi]]))
        causes.push(...beyond.causes)
      }
    }
    return { must: uniteMaps(must), may: uniteMaps(may), causes }
  }
  const farSide = (near: Attachment, seen: ReadonlySet<string>): Attachment | 'loop' | undefined => {
    if (seen.has(near.resourceId)) return 'loop'
    const candidates = byGateway.get(near.resourceId) ?? []
    return (
      candidates.find((other) => other.id === near.id) ??
      candidates.find((other) => other.type === 'peering' && other.resourceId === near.gatewayId)
    )
  }
  const connected = (a: string, b: string): boolean =>
    a === b || (byGateway.get(a) ?? []).some((attachment) => attachment.type === 'peering')
  return {
    ofVpc: (gatewayId, vpcId) => byVpc.get(`${gatewayId}|${vpcId}`),
    byId: (gatewayId, id) => attachments.get(`${gatewayId}|${id}`),
    ofGateway: (gatewayId) => byGateway.get(gatewayId) ?? [],
    gatewaysOf: (vpcId) => gatewaysByVpc.get(vpcId) ?? [],
    between: (vpcA, vpcB) =>
      (gatewaysByVpc.get(vpcA) ?? []).filter((a) =>
        (gatewaysByVpc.get(vpcB) ?? []).some((b) => connected(a, b)),
      ),
    routed: (from, to, family) => {
      const key = `${from.gatewayId}|${from.id}|${to.gatewayId}|${to.id}|${family}`
      const known = cache.get(key) ?? routed(from, to, family, new Set([from.gatewayId]))
      cache.set(key, known)
      return known
    },
    routeAt: (from, address) => {
      const table = tables.get(`${from.gatewayId}|${from.id}`)
      return table && valueAt(stepsOf(table, typeof address === 'number' ? 4 : 6), address)
    },
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
      const table = gateways.tableOf(from) ?? 'table not seen'
      return [
        {
          resource: from.gatewayId,
          kind: 'transit-gateway',
          decision: 'forward',
          detail: `${table} ${route?.destination ?? ''} → ${to.id}`,
        },
      ]
    },
    blockers: blocker,
  }
}
