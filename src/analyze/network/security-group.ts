/**
 * Security groups: stateful unions of allow rules.
 * The rules of all groups of an interface are one union; a rule's peer is a CIDR, a prefix list or a group, and a group
 * matches the private addresses of its interfaces, so it is decided by who the peer is, not by an address.
 * @see VPC User Guide, "Control traffic to your AWS resources using security groups"
 */
import type { Address, Family } from './address-set.ts'
import { allAddresses } from './address-set.ts'
import type { Allowance, Gate, Probe } from './gate.ts'
import type { Direction, GroupRule } from './group-rule.ts'
import { rulesOf } from './group-rule.ts'
import type { NetworkInterface } from './interface.ts'
import type { Cause } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'
import type { Topology } from './topology.ts'
import type { Traffic } from './traffic.ts'
import { allTraffic, isNone, NO_TRAFFIC, permits, sameTraffic, uniteTraffic } from './traffic.ts'
import type { Spanned, TrafficMap } from './traffic-map.ts'
import { everywhere, sweep, uniteMaps, valueAt } from './traffic-map.ts'

/** One direction of one group, ready to be asked. */
export interface CompiledGroup {
  readonly rules: readonly GroupRule[]
  readonly known: Readonly<Record<Family, TrafficMap>>
  /** What may pass from addresses that nobody knows. */
  readonly unknown: Readonly<Record<Family, Traffic>>
  readonly byPeer: ReadonlyMap<string, readonly GroupRule[]>
  readonly causes: readonly Cause[]
}

function unitedTraffic(parts: readonly Traffic[]): Traffic | undefined {
  let all: Traffic = NO_TRAFFIC
  for (const part of parts) all = uniteTraffic(all, part)
  return isNone(all) ? undefined : all
}

function knownMap(rules: readonly GroupRule[], family: Family): TrafficMap {
  const spans: Spanned<Traffic>[] = []
  for (const rule of rules) {
    if (rule.cause) continue
    for (const cidr of rule.cidrs) {
      if (cidr.family === family) spans.push({ lo: cidr.lo, hi: cidr.hi, item: rule.traffic[family] })
    }
  }
  return sweep(spans, unitedTraffic, sameTraffic)
}

export function compileGroup(rules: readonly GroupRule[]): CompiledGroup {
  const byPeer = new Map<string, GroupRule[]>()
  const unknown = { 4: NO_TRAFFIC, 6: NO_TRAFFIC }
  const causes: Cause[] = []
  for (const rule of rules) {
    if (rule.cause) {
      causes.push(rule.cause)
      unknown[4] = uniteTraffic(unknown[4], rule.traffic[4])
      unknown[6] = uniteTraffic(unknown[6], rule.traffic[6])
    } else if (rule.peerGroup) {
      const list = byPeer.get(rule.peerGroup)
      if (list) list.push(rule)
      else byPeer.set(rule.peerGroup, [rule])
    }
  }
  return { rules, known: { 4: knownMap(rules, 4), 6: knownMap(rules, 6) }, unknown, byPeer, causes }
}

/** The groups of an interface as one filter. */
export interface GroupFilter {
  readonly groups: readonly CompiledGroup[]
  readonly must: TrafficMap
  readonly may: TrafficMap
  readonly causes: readonly Cause[]
  readonly family: Family
  readonly direction: Direction
}

export interface GroupFilters {
  filter(
    eni: Pick<NetworkInterface, 'groups' | 'account' | 'region' | 'id'>,
    direction: Direction,
    family: Family,
  ): GroupFilter
}

export function groupFilters(topology: Topology): GroupFilters {
  const compiled = new Map<string, CompiledGroup | undefined>()
  const filters = new Map<string, GroupFilter>()
  const compile = (group: string, direction: Direction): CompiledGroup | undefined => {
    const key = `${group}|${direction}`
    if (compiled.has(key)) return compiled.get(key)
    const resource = topology.resource('AWS::EC2::SecurityGroup', group)
    const made = resource && compileGroup(rulesOf(topology, resource, direction))
    compiled.set(key, made)
    return made
  }
  return {
    filter: (eni, direction, family) => {
      const ids = [...new Set(eni.groups ?? [])].sort()
      const key = `${eni.groups ? ids.join() : `?${eni.id}`}|${direction}|${family}`
      const known = filters.get(key)
      if (known) return known
      const made = buildFilter(topology, eni, ids, direction, family, compile)
      filters.set(key, made)
      return made
    },
  }
}

function buildFilter(
  topology: Topology,
  eni: Pick<NetworkInterface, 'groups' | 'account' | 'region' | 'id'>,
  ids: readonly string[],
  direction: Direction,
  family: Family,
  compile: (group: string, direction: Direction) => CompiledGroup | undefined,
): GroupFilter {
  const groups: CompiledGroup[] = []
  const causes: Cause[] = []
  let unknown: Traffic = NO_TRAFFIC
  if (!eni.groups) {
    unknown = allTraffic(family)
    causes.push(unseen(eni.id, 'security-group', notCollected('ec2:DescribeNetworkInterfaces')))
  }
  for (const id of ids) {
    const group = compile(id, direction)
    if (group) {
      groups.push(group)
      unknown = uniteTraffic(unknown, group.unknown[family])
      causes.push(...group.causes)
    } else {
      unknown = allTraffic(family)
      const missing = topology.missing('AWS::EC2::SecurityGroup', eni)[0]
      causes.push(unseen(id, 'security-group', missing ?? notCollected('ec2:DescribeSecurityGroups')))
    }
  }
  const must = uniteMaps(groups.map((group) => group.known[family]))
  const may = isNone(unknown) ? must : uniteMaps([must, everywhere(allAddresses(family), unknown)])
  return { groups, must, may, causes, family, direction }
}

/** Who is at the other end of a flow, as far as rules that name groups go. */
export interface Peer {
  /** Its address; undefined when the path leaves it open. */
  readonly address?: Address
  /** The groups that a rule may know it by; none across an internet gateway. */
  readonly groups: readonly string[]
  /** The peering connection between; absent inside a VPC and across a transit gateway. */
  readonly peering?: string
}

/** Whether a rule that names a group means this peer. */
function names(rule: GroupRule, peer: Peer): boolean {
  if (rule.peerGroup === undefined || !peer.groups.includes(rule.peerGroup)) return false
  return rule.peering === undefined || rule.peering === peer.peering
}

function peerTraffic(filter: GroupFilter, peer: Peer): Traffic {
  let traffic: Traffic = NO_TRAFFIC
  for (const group of filter.groups) {
    for (const id of peer.groups) {
      for (const rule of group.byPeer.get(id) ?? [])
        if (names(rule, peer)) traffic = uniteTraffic(traffic, rule.traffic[filter.family])
    }
  }
  return traffic
}

function allowance(map: TrafficMap, filter: GroupFilter, peer: Peer): Allowance {
  const named = peer.groups.length > 0 ? peerTraffic(filter, peer) : NO_TRAFFIC
  if (peer.address !== undefined) return uniteTraffic(valueAt(map, peer.address) ?? NO_TRAFFIC, named)
  return isNone(named) ? map : uniteMaps([map, everywhere(allAddresses(filter.family), named)])
}

/** The first rule that surely lets a packet pass. */
function decidingRule({ groups, family }: GroupFilter, peer: Peer, probe: Probe): GroupRule | undefined {
  const address = peer.address ?? probe.remote
  return groups
    .flatMap(({ rules }) => rules)
    .find(
      (rule) =>
        !rule.cause &&
        permits(rule.traffic[family], family, probe.protocol, probe.port) &&
        (names(rule, peer) ||
          rule.cidrs.some((cidr) => cidr.family === family && cidr.lo <= address && address <= cidr.hi)),
    )
}

/** The groups of an interface as a gate on a path. */
export function securityGroupGate(
  filters: GroupFilters,
  eni: NetworkInterface,
  direction: Direction,
  family: Family,
  peer: Peer,
): Gate {
  const filter = filters.filter(eni, direction, family)
  const exact = filter.may === filter.must
  const must = allowance(filter.must, filter, peer)
  return {
    way: 'forward',
    must,
    may: exact ? must : allowance(filter.may, filter, peer),
    causes: filter.causes,
    hops: (probe) => {
      const rule = decidingRule(filter, peer, probe)
      if (!rule) return []
      return [{ resource: rule.group, kind: 'security-group', decision: 'allow', detail: rule.label }]
    },
    blockers: () => {
      const groups = eni.groups && eni.groups.length > 0 ? [...new Set(eni.groups)] : [eni.id]
      const reason = direction === 'ingress' ? 'SG_NO_INGRESS' : 'SG_NO_EGRESS'
      return groups.map((resource) => ({ resource, kind: 'security-group' as const, reason }))
    },
  }
}
