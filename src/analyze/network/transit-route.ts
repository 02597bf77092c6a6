/**
 * Where the tables of transit gateways send a packet: from one attachment by its table, over peered gateways, to another.
 * What they send elsewhere first, to an appliance or a network that the snapshot lacks, may come back: nobody can tell.
 * @see Amazon VPC Transit Gateways guide, "How transit gateways work", "Appliance in a shared services VPC"
 */
import { shortId } from '../../snapshot/index.ts'
import type { Resource } from '../../snapshot/model.ts'
import type { Address, Cidr, Family } from './address-set.ts'
import { allAddresses, parseCidr } from './address-set.ts'
import type { Place } from './interface.ts'
import { items, text, word } from './json.ts'
import type { Cause } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'
import { beyond } from './route.ts'
import type { Routes } from './route-table.ts'
import type { Topology } from './topology.ts'
import { allTraffic } from './traffic.ts'
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

export interface GatewayRoute {
  readonly destination: string
  readonly blackhole: boolean
  readonly propagated: boolean
  readonly attachments: readonly string[]
}

export interface Routed {
  readonly must: TrafficMap
  readonly may: TrafficMap
  readonly causes: readonly Cause[]
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
    const destination = word(item, 'DestinationCidrBlock')
    const cidr = parseCidr(destination)
    if (cidr?.family !== family) continue
    const route: GatewayRoute = {
      destination,
      blackhole: text(item, 'State') === 'blackhole',
      propagated: text(item, 'Type') === 'propagated',
      attachments: items(item, 'TransitGatewayAttachments').map((attachment) =>
        word(attachment, 'TransitGatewayAttachmentId'),
      ),
    }
    spans.push({ lo: cidr.lo, hi: cidr.hi, item: { route, cidr } })
  }
  return sweep(spans, bestOf, (a, b) => a === b)
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

/** What the snapshot tells of the gateways that is needed to follow a packet. */
export interface Wiring {
  readonly topology: Topology
  readonly routes: Routes
  /** By gateway and attachment, `tgw-…|tgw-attach-…`. */
  readonly attachments: ReadonlyMap<string, Attachment>
  readonly tables: ReadonlyMap<string, Resource>
  readonly byGateway: ReadonlyMap<string, readonly Attachment[]>
}

export interface TransitRoutes {
  routed(from: Attachment, to: Attachment, family: Family): Routed
  routeAt(from: Attachment, address: Address): GatewayRoute | undefined
}

/** Parts of an answer that is being put together. */
interface Parts {
  readonly must: TrafficMap[]
  readonly may: TrafficMap[]
  readonly causes: Cause[]
}

const UNSEEN_KINDS: ReadonlySet<string> = new Set(['connect', 'network-function'])

export function transitRoutes(wiring: Wiring): TransitRoutes {
  const { topology, routes, attachments, tables, byGateway } = wiring
  const compiled = new Map<string, StepMap<GatewayRoute>>()
  const stepsOf = (table: Resource, family: Family): StepMap<GatewayRoute> => {
    const key = `${table.id}|${family}`
    const steps = compiled.get(key) ?? compile(table, family)
    compiled.set(key, steps)
    return steps
  }
  const farSide = (near: Attachment, seen: ReadonlySet<string>): Attachment | 'loop' | undefined => {
    if (seen.has(near.resourceId)) return 'loop'
    const candidates = byGateway.get(near.resourceId) ?? []
    return (
      candidates.find((other) => other.id === near.id) ??
      candidates.find((other) => other.type === 'peering' && other.resourceId === near.gatewayId)
    )
  }
  const overPeering = (
    parts: Parts,
    near: Attachment,
    to: Attachment,
    step: TrafficMap,
    family: Family,
    seen: ReadonlySet<string>,
  ): void => {
    const far = farSide(near, seen)
    if (far === 'loop') return
    if (!far) {
      parts.may.push(step)
      parts.causes.push(elsewhere(near, 'OTHER_ACCOUNT'))
      return
    }
    const onward = routed(far, to, family, new Set([...seen, far.gatewayId]))
    const here = step.map(({ lo, hi }) => [lo, hi] as const)
    parts.must.push(restrict(onward.must, here))
    parts.may.push(restrict(onward.may, here))
    parts.causes.push(...onward.causes)
  }
  const astray = (parts: Parts, next: Attachment, step: TrafficMap, family: Family): void => {
    if (next.type !== 'vpc') {
      if (!UNSEEN_KINDS.has(next.type)) return
      parts.may.push(step)
      parts.causes.push(elsewhere(next, 'NOT_MODELLED'))
    } else if (!topology.vpcs.has(next.resourceId)) {
      parts.may.push(step)
      parts.causes.push(elsewhere(next, 'OTHER_ACCOUNT'))
    } else for (const subnet of next.subnets) takenOn(parts, subnet, step, family)
  }
  /** What the table of an attachment's subnet hands to an appliance, which may send it back to the gateway. */
  const takenOn = (parts: Parts, subnet: string, step: TrafficMap, family: Family): void => {
    const found = routes.ofSubnet(subnet)
    if ('cause' in found) {
      parts.may.push(step)
      parts.causes.push(found.cause)
      return
    }
    const here = step.map(({ lo, hi }) => [lo, hi] as const)
    for (const { lo, hi, value } of restrict(found.table.choices[family], here)) {
      for (const route of [value.route, ...value.others]) {
        const cause = route && beyond(topology, route)
        if (!cause) continue
        parts.may.push(everywhere([[lo, hi]], allTraffic(family)))
        parts.causes.push(cause)
      }
    }
  }
  const follow = (
    steps: StepMap<GatewayRoute>,
    from: Attachment,
    to: Attachment,
    family: Family,
    seen: ReadonlySet<string>,
  ): Routed => {
    const parts: Parts = { must: [[]], may: [[]], causes: [] }
    for (const { lo, hi, value } of steps) {
      if (value.blackhole) continue
      const step = everywhere([[lo, hi]], allTraffic(family))
      if (from.gatewayId === to.gatewayId && value.attachments.includes(to.id)) {
        parts.must.push(step)
        parts.may.push(step)
        continue
      }
      for (const id of value.attachments) {
        const next = attachments.get(`${from.gatewayId}|${id}`)
        if (next?.type === 'peering') overPeering(parts, next, to, step, family, seen)
        else if (next) astray(parts, next, step, family)
      }
    }
    return { must: uniteMaps(parts.must), may: uniteMaps(parts.may), causes: parts.causes }
  }
  const routed = (from: Attachment, to: Attachment, family: Family, seen: ReadonlySet<string>): Routed => {
    const table = tables.get(`${from.gatewayId}|${from.id}`)
    const all = everywhere(allAddresses(family), allTraffic(family))
    if (!table) {
      const cause = noTable(topology, from)
      return { must: [], may: cause ? all : [], causes: cause ? [cause] : [] }
    }
    const unread = table.missing?.['Routes']
    if (unread || !Array.isArray(table.config['Routes'])) {
      const missing = unread ?? notCollected('ec2:SearchTransitGatewayRoutes')
      return { must: [], may: all, causes: [unseen(shortId(table.id), 'transit-gateway', missing)] }
    }
    return follow(stepsOf(table, family), from, to, family, seen)
  }
  const cache = new Map<string, Routed>()
  return {
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
  }
}

function elsewhere(attachment: Attachment, reason: 'OTHER_ACCOUNT' | 'NOT_MODELLED'): Cause {
  return { resource: attachment.resourceId || attachment.id, kind: 'transit-gateway', reason }
}
