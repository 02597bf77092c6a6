/**
 * Route tables: where a packet goes that leaves a subnet or enters by a gateway.
 * The most specific route wins; equal prefixes: static, then prefix list, then propagated; a propagated route never beats
 * the local one. A prefix list whose entries are unseen leaves every address with more than one possible winner.
 * @see VPC User Guide, "How route priority works"
 */
import { shortId } from '../../snapshot/index.ts'
import type { Json, Resource } from '../../snapshot/model.ts'
import type { Address, AddressSet, Cidr, Family } from './address-set.ts'
import { allAddresses, parseCidr, toCidrs } from './address-set.ts'
import type { Allowance, Gate, Probe } from './gate.ts'
import { items, text } from './json.ts'
import { prefixList } from './prefix-list.ts'
import type { Blocker, BlockReason, Cause, Hop } from './reasons.ts'
import { unseen } from './reasons.ts'
import type { Topology, Vpc } from './topology.ts'
import { allTraffic, NO_TRAFFIC } from './traffic.ts'
import type { Spanned, StepMap, TrafficMap } from './traffic-map.ts'
import { everywhere, restrict, sweep, valueAt } from './traffic-map.ts'

export type TargetKind =
  | 'local'
  | 'internet-gateway'
  | 'egress-only'
  | 'nat'
  | 'vpn-gateway'
  | 'peering'
  | 'transit-gateway'
  | 'endpoint'
  | 'interface'
  | 'not-modelled'

export interface Route {
  /** As the table writes it: a CIDR or a prefix list. */
  readonly destination: string
  /** `local`, `igw-…`, `nat-…`: what the packet goes to. */
  readonly target: string
  readonly kind: TargetKind
  readonly blackhole: boolean
  readonly propagated: boolean
  readonly fromPrefixList: boolean
}

/** What one address's packets may take: the known winner, and routes of unseen prefix lists that might beat it. */
export interface Choice {
  readonly route: Route | undefined
  readonly others: readonly Route[]
}

export interface RouteTable {
  readonly id: string
  readonly choices: Readonly<Record<Family, StepMap<Choice>>>
  readonly causes: readonly Cause[]
  readonly routes: readonly Route[]
}

const PREFIXES: readonly (readonly [string, TargetKind])[] = [
  ['igw-', 'internet-gateway'],
  ['eigw-', 'egress-only'],
  ['nat-', 'nat'],
  ['vgw-', 'vpn-gateway'],
  ['pcx-', 'peering'],
  ['tgw-', 'transit-gateway'],
  ['vpce-', 'endpoint'],
  ['eni-', 'interface'],
]

const TARGET_FIELDS = [
  'EgressOnlyInternetGatewayId',
  'NatGatewayId',
  'TransitGatewayId',
  'VpcPeeringConnectionId',
  'NetworkInterfaceId',
  'InstanceId',
  'CarrierGatewayId',
  'LocalGatewayId',
  'CoreNetworkArn',
  'GatewayId',
] as const

function targetOf(route: Json): { target: string; kind: TargetKind } {
  const target = TARGET_FIELDS.map((name) => text(route, name)).find((value) => value !== undefined) ?? ''
  if (target === 'local') return { target, kind: 'local' }
  const known = PREFIXES.find(([prefix]) => target.startsWith(prefix))
  return { target, kind: known?.[1] ?? 'not-modelled' }
}

function routeOf(route: Json, destination: string): Route {
  return {
    destination,
    ...targetOf(route),
    blackhole: text(route, 'State') === 'blackhole',
    propagated: text(route, 'Origin') === 'EnableVgwRoutePropagation',
    fromPrefixList: text(route, 'DestinationPrefixListId') !== undefined,
  }
}

interface Candidate {
  readonly route: Route
  readonly cidr: Cidr
}

function priority({ route }: Candidate): number {
  if (route.propagated) return 2
  return route.fromPrefixList ? 1 : 0
}

function winner(over: readonly Candidate[]): Route | undefined {
  const local = over.some(({ route }) => route.kind === 'local')
  let best: Candidate | undefined
  for (const candidate of over) {
    if (local && candidate.route.propagated) continue
    if (
      !best ||
      candidate.cidr.length > best.cidr.length ||
      (candidate.cidr.length === best.cidr.length && priority(candidate) < priority(best))
    )
      best = candidate
  }
  return best?.route
}

/** A table always holds the local routes of its VPC, even where an answer leaves them out. */
function localCandidates(vpc: Vpc | undefined, written: readonly Candidate[]): Candidate[] {
  if (!vpc) return []
  const known = new Set(written.map(({ cidr }) => `${cidr.lo}/${cidr.length}`))
  const local: Candidate[] = []
  for (const family of [4, 6] as const) {
    for (const destination of toCidrs(vpc.cidrs[family])) {
      const cidr = parseCidr(destination)
      if (!cidr || known.has(`${cidr.lo}/${cidr.length}`)) continue
      const route: Route = {
        destination,
        target: 'local',
        kind: 'local',
        blackhole: false,
        propagated: false,
        fromPrefixList: false,
      }
      local.push({ route, cidr })
    }
  }
  return local
}

function choices(family: Family, candidates: readonly Candidate[], open: readonly Route[]): StepMap<Choice> {
  const [[lo, hi] = [0, 0]] = allAddresses(family)
  const spans: Spanned<Candidate | undefined>[] = [{ lo, hi, item: undefined }]
  for (const candidate of candidates) {
    if (candidate.cidr.family === family)
      spans.push({ lo: candidate.cidr.lo, hi: candidate.cidr.hi, item: candidate })
  }
  return sweep(
    spans,
    (over): Choice => ({
      route: winner(over.filter((candidate) => candidate !== undefined)),
      others: open,
    }),
    (a, b) => a.route === b.route,
  )
}

/** A gateway endpoint's list holds the service's own ranges: unseen, it still takes no other address. */
function takesOwnRangesOnly(route: Route): boolean {
  return route.kind === 'endpoint'
}

export function compileRouteTable(topology: Topology, table: Resource): RouteTable {
  const candidates: Candidate[] = []
  const open: Route[] = []
  const causes: Cause[] = []
  for (const item of items(table.config, 'Routes')) {
    const list = text(item, 'DestinationPrefixListId')
    const written = list ?? text(item, 'DestinationCidrBlock') ?? text(item, 'DestinationIpv6CidrBlock')
    if (written === undefined) continue
    const route = routeOf(item, written)
    const found = list ? prefixList(topology, list, table) : { cidrs: [written] }
    const parsed = found.cidrs.map(parseCidr)
    for (const cidr of parsed) if (cidr) candidates.push({ route, cidr })
    if ('cause' in found && found.cause && !takesOwnRangesOnly(route)) {
      open.push(route)
      causes.push(found.cause)
    }
  }
  const all = [
    ...candidates,
    ...localCandidates(topology.vpcs.get(text(table.config, 'VpcId') ?? ''), candidates),
  ]
  return {
    id: shortId(table.id),
    choices: { 4: choices(4, all, open), 6: choices(6, all, open) },
    causes,
    routes: [...new Set([...all.map(({ route }) => route), ...open])],
  }
}

/** A table, or why it is not known. */
export type TableOf = { readonly table: RouteTable } | { readonly cause: Cause }

export interface Routes {
  ofSubnet(subnetId: string): TableOf
  /** The edge table of an internet or virtual private gateway; undefined when it has none. */
  ofGateway(gatewayId: string, vpcId: string): TableOf | undefined
  ofVpc(vpcId: string): readonly RouteTable[]
  byId(id: string): RouteTable | undefined
}

const OPERATION = 'ec2:DescribeRouteTables'

export function readRoutes(topology: Topology): Routes {
  const compiled = new Map<Resource, RouteTable>()
  const compile = (resource: Resource): RouteTable => {
    const known = compiled.get(resource)
    if (known) return known
    const made = compileRouteTable(topology, resource)
    compiled.set(resource, made)
    return made
  }
  const unknown = (resource: string): TableOf => {
    const place = topology.subnets.get(resource) ?? topology.vpcs.get(resource)
    const missing = place && topology.missing('AWS::EC2::RouteTable', place)[0]
    return {
      cause: unseen(
        resource,
        'route',
        missing ?? { operation: OPERATION, outcome: 'not-collected', permission: OPERATION },
      ),
    }
  }
  const bySubnet = new Map<string, TableOf>()
  const find = (subnetId: string): TableOf => {
    const explicit = topology.tableOf.get(subnetId)
    if (explicit) return { table: compile(explicit) }
    const subnet = topology.subnets.get(subnetId)
    if (!subnet || topology.missing('AWS::EC2::RouteTable', subnet).length > 0) return unknown(subnetId)
    const main = topology.tableOf.get(subnet.vpcId)
    return main ? { table: compile(main) } : unknown(subnetId)
  }
  const byVpc = new Map<string, Resource[]>()
  for (const table of topology.index.ofType('AWS::EC2::RouteTable')) {
    const vpc = text(table.config, 'VpcId') ?? ''
    byVpc.set(vpc, [...(byVpc.get(vpc) ?? []), table])
  }
  return {
    ofSubnet: (subnetId) => {
      const known = bySubnet.get(subnetId) ?? find(subnetId)
      bySubnet.set(subnetId, known)
      return known
    },
    ofGateway: (gatewayId, vpcId) => {
      const edge = topology.tableOf.get(gatewayId)
      if (edge) return { table: compile(edge) }
      const vpc = topology.vpcs.get(vpcId)
      return vpc && topology.missing('AWS::EC2::RouteTable', vpc).length > 0 ? unknown(vpcId) : undefined
    },
    ofVpc: (vpcId) => (byVpc.get(vpcId) ?? []).map(compile),
    byId: (id) => {
      const resource = topology.resource('AWS::EC2::RouteTable', id)
      return resource && compile(resource)
    },
  }
}

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
      return [
        {
          resource: table.id,
          kind: 'route',
          decision: 'forward',
          detail: `${route?.destination ?? 'unseen'} → ${route?.target ?? target}`,
        },
      ]
    },
    blockers: (probe) => wrongRoute(subnetId, table, routeAt(probe), way),
  }
}

/** The routes that packets to any of these addresses may take, one for each target. */
export function routesTo(table: RouteTable, family: Family, domain: AddressSet): Route[] {
  const targets = new Map<string, Route>()
  for (const { value } of restrict(table.choices[family], domain)) {
    for (const route of [value.route, ...value.others]) {
      if (route && !targets.has(route.target)) targets.set(route.target, route)
    }
  }
  return [...targets.values()]
}
