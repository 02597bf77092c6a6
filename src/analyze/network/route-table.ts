/**
 * Route tables: where a packet goes that leaves a subnet or enters by a gateway.
 * The most specific route wins; equal prefixes: static, then prefix list, then propagated; a propagated route never beats
 * the local one. A prefix list whose entries are unseen leaves every address with more than one possible winner.
 * @see VPC User Guide, "How route priority works"
 */
import { shortId } from '../../snapshot/index.ts'
import type { Json, Resource } from '../../snapshot/model.ts'
import type { Cidr, Family } from './address-set.ts'
import { allAddresses, parseCidr, toCidrs } from './address-set.ts'
import { items, text, word } from './json.ts'
import { prefixList } from './prefix-list.ts'
import type { Cause } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'
import type { Topology, Vpc } from './topology.ts'
import type { Spanned, StepMap } from './traffic-map.ts'
import { sweep } from './traffic-map.ts'

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

/** What a route more specific than the local one may name. */
const BEFORE_LOCAL: ReadonlySet<TargetKind> = new Set(['nat', 'endpoint', 'interface', 'not-modelled'])

function choices(family: Family, candidates: readonly Candidate[], open: readonly Route[]): StepMap<Choice> {
  const [[lo, hi] = [0, 0]] = allAddresses(family)
  const spans: Spanned<Candidate | undefined>[] = [{ lo, hi, item: undefined }]
  for (const candidate of candidates) {
    if (candidate.cidr.family === family)
      spans.push({ lo: candidate.cidr.lo, hi: candidate.cidr.hi, item: candidate })
  }
  const inside = open.filter(({ kind }) => BEFORE_LOCAL.has(kind))
  return sweep(
    spans,
    (over): Choice => {
      const route = winner(over.filter((candidate) => candidate !== undefined))
      return { route, others: route?.kind === 'local' ? inside : open }
    },
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
  const all = [...candidates, ...localCandidates(topology.vpcs.get(word(table.config, 'VpcId')), candidates)]
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
}

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
      cause: unseen(resource, 'route', missing ?? notCollected('ec2:DescribeRouteTables')),
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
    const vpc = word(table.config, 'VpcId')
    const known = byVpc.get(vpc)
    if (known) known.push(table)
    else byVpc.set(vpc, [table])
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
  }
}
