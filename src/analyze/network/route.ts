/** Route tables as gates on a path: whether a packet goes to the thing that the path needs. */
import type { Address, AddressSet, Family } from './address-set.ts'
import { allAddresses } from './address-set.ts'
import type { Allowance, Gate, Probe } from './gate.ts'
import { text } from './json.ts'
import type { Blocker, BlockReason, Cause, Hop } from './reasons.ts'
import type { Choice, Route, RouteTable, TableOf, TargetKind } from './route-table.ts'
import type { Topology } from './topology.ts'
import { allTraffic, NO_TRAFFIC } from './traffic.ts'
import type { TrafficMap } from './traffic-map.ts'
import { everywhere, restrict, valueAt } from './traffic-map.ts'

/** An appliance, or a gateway of a kind that is not modelled: what is beyond it nobody can say. */
export function beyond(topology: Topology, route: Route): Cause | undefined {
  const cause = (reason: 'APPLIANCE_ON_PATH' | 'NOT_MODELLED'): Cause => ({
    resource: route.target || route.destination,
    kind: route.kind === 'endpoint' ? 'endpoint' : 'route',
    reason,
    rule: route.destination,
  })
  if (route.blackhole) return undefined
  if (route.kind === 'not-modelled') {
    return route.target.startsWith('i-') ? cause('APPLIANCE_ON_PATH') : cause('NOT_MODELLED')
  }
  if (route.kind === 'interface') {
    const eni = topology.interfaces.get(route.target)
    return !eni?.sourceDestCheck ? cause('APPLIANCE_ON_PATH') : undefined
  }
  if (route.kind === 'endpoint') {
    const endpoint = topology.resource('AWS::EC2::VPCEndpoint', route.target)
    const type = text(endpoint?.config, 'VpcEndpointType')
    if (type === 'Gateway' || (type === undefined && route.fromPrefixList)) return undefined
    return cause('APPLIANCE_ON_PATH')
  }
  return undefined
}

type Fit = 'yes' | 'no' | 'unknown'

function fitOf(topology: Topology, choice: Choice | undefined, target: string): Fit {
  const one = (route: Route | undefined): Fit => {
    if (!route || route.blackhole) return 'no'
    if (route.target === target) return 'yes'
    return beyond(topology, route) ? 'unknown' : 'no'
  }
  const fits = [one(choice?.route), ...(choice?.others ?? []).map(one)]
  if (fits.every((fit) => fit === 'yes')) return 'yes'
  return fits.every((fit) => fit === 'no') ? 'no' : 'unknown'
}

const WRONG_WAY: Partial<Record<TargetKind, BlockReason>> = {
  nat: 'NAT_IS_OUTBOUND_ONLY',
  'egress-only': 'EGRESS_ONLY_GATEWAY',
}

function wrongRoute(
  subnet: string,
  table: RouteTable,
  route: Route | undefined,
  way: Gate['way'],
): Blocker[] {
  const rule = route ? { rule: `${route.destination} → ${route.target || 'nothing'}` } : {}
  const at: Blocker = {
    resource: table.id,
    kind: 'route',
    reason: way === 'reply' ? 'NO_RETURN_ROUTE' : 'NO_ROUTE',
    ...rule,
  }
  if (route?.blackhole) return [{ ...at, reason: 'ROUTE_BLACKHOLE' }, ...(way === 'reply' ? [at] : [])]
  const special = route && way === 'reply' ? WRONG_WAY[route.kind] : undefined
  if (!route || !special) return [at]
  const kind = route.kind === 'nat' ? 'nat-gateway' : 'egress-only-internet-gateway'
  return [at, { resource: route.target || subnet, kind, reason: special }]
}

interface RouteQuestion {
  readonly topology: Topology
  readonly found: TableOf
  readonly subnetId: string
  readonly family: Family
  readonly way: Gate['way']
  /** The address that is routed; undefined when the path leaves it open. */
  readonly to: Address | undefined
  readonly target: string
}

const allowanceCache = new WeakMap<
  RouteTable,
  Map<string, { must: TrafficMap; may: TrafficMap; causes: Cause[] }>
>()

function routedMaps(
  topology: Topology,
  table: RouteTable,
  family: Family,
  target: string,
): { must: TrafficMap; may: TrafficMap; causes: Cause[] } {
  const cached = allowanceCache.get(table) ?? new Map()
  allowanceCache.set(table, cached)
  const key = `${family}|${target}`
  const known = cached.get(key)
  if (known) return known
  const all = allTraffic(family)
  const steps = table.choices[family].map(({ lo, hi, value }) => ({
    lo,
    hi,
    fit: fitOf(topology, value, target),
    value,
  }))
  const must = steps.filter(({ fit }) => fit === 'yes').map(({ lo, hi }) => ({ lo, hi, value: all }))
  const may = steps.every(({ fit }) => fit !== 'unknown')
    ? must
    : steps.filter(({ fit }) => fit !== 'no').map(({ lo, hi }) => ({ lo, hi, value: all }))
  const made = { must, may, causes: [...table.causes] }
  for (const { value, fit } of steps) {
    if (fit !== 'unknown') continue
    for (const route of [value.route, ...value.others]) {
      const cause = route && beyond(topology, route)
      if (cause && !made.causes.some((other) => other.resource === cause.resource)) made.causes.push(cause)
    }
  }
  cached.set(key, made)
  return made
}

/** Lets pass what the table sends to `target`: on the way there by the destination, on the way back by the flow's source. */
export function routeGate(question: RouteQuestion): Gate {
  const { topology, found, subnetId, family, way, to, target } = question
  if ('cause' in found) {
    const may = everywhere(allAddresses(family), allTraffic(family))
    return {
      way,
      must: NO_TRAFFIC,
      may,
      causes: [found.cause],
      hops: () => [],
      blockers: () => [],
    }
  }
  const { table } = found
  const maps = routedMaps(topology, table, family, target)
  const at = (map: TrafficMap): Allowance => (to === undefined ? map : (valueAt(map, to) ?? NO_TRAFFIC))
  const routeAt = (probe: Probe): Route | undefined =>
    valueAt(table.choices[family], to ?? probe.remote)?.route
  const must = at(maps.must)
  return {
    way,
    must,
    may: maps.may === maps.must ? must : at(maps.may),
    causes: maps.causes,
    hops: (probe): Hop[] => {
      const route = routeAt(probe)
      if (!route) return []
      const detail = `${route.destination} → ${route.target}`
      return [{ resource: table.id, kind: 'route', decision: 'forward', detail }]
    },
    blockers: (probe) => wrongRoute(subnetId, table, routeAt(probe), way),
  }
}

/** The routes that packets to any of these addresses may take: one for each target, and one more if it is a blackhole. */
export function routesTo(table: RouteTable, family: Family, domain: AddressSet): Route[] {
  const targets = new Map<string, Route>()
  for (const { value } of restrict(table.choices[family], domain)) {
    for (const route of [value.route, ...value.others]) {
      if (!route) continue
      const key = `${route.target}|${route.blackhole}`
      if (!targets.has(key)) targets.set(key, route)
    }
  }
  return [...targets.values()]
}
