/**
 * Network ACLs: stateless ordered lists. Entries are tried by rising number, per address family; the first match decides,
 * and what none matches is denied.
 * @see VPC User Guide, "Control subnet traffic with network access control lists"
 */
import { shortId } from '../../snapshot/index.ts'
import type { Json, Resource } from '../../snapshot/model.ts'
import type { Address, Family } from './address-set.ts'
import { allAddresses, parseCidr } from './address-set.ts'
import type { Allowance, Gate, Probe } from './gate.ts'
import { field, flag, items, listOf, number, text, word } from './json.ts'
import type { BlockReason, Cause } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'
import type { Topology } from './topology.ts'
import type { Traffic } from './traffic.ts'
import {
  allTraffic,
  isNone,
  NO_TRAFFIC,
  permits,
  sameTraffic,
  subtractTraffic,
  trafficOf,
  uniteTraffic,
} from './traffic.ts'
import type { Spanned, TrafficMap } from './traffic-map.ts'
import { everywhere, sweep, valueAt } from './traffic-map.ts'

export interface AclEntry {
  readonly ruleNumber: number
  readonly egress: boolean
  readonly allow: boolean
  readonly family: Family
  readonly lo: Address
  readonly hi: Address
  readonly traffic: Traffic
  /** Its CIDR, protocol or ports cannot be read: what it matches is not known. */
  readonly malformed: boolean
}

export const DEFAULT_RULE = 32_767

function entryTraffic(entry: Json, family: Family): Traffic | undefined {
  const protocol = word(entry, 'Protocol')
  const value = /^(-1|\d{1,3})$/.test(protocol) ? Number(protocol) : undefined
  if (value === undefined) return undefined
  if (value === 6 || value === 17) {
    const range = field(entry, 'PortRange')
    return trafficOf(family, value, number(range, 'From'), number(range, 'To'))
  }
  const icmp = field(entry, 'IcmpTypeCode')
  return trafficOf(family, value, number(icmp, 'Type'), number(icmp, 'Code'))
}

function entryOf(entry: Json): AclEntry[] {
  const egress = flag(entry, 'Egress') === true
  const allow = text(entry, 'RuleAction')?.toLowerCase() === 'allow'
  const ruleNumber = number(entry, 'RuleNumber') ?? Number.MAX_SAFE_INTEGER
  const written = [text(entry, 'CidrBlock'), text(entry, 'Ipv6CidrBlock')].filter(
    (cidr) => cidr !== undefined,
  )
  const parsed = written.map(parseCidr)
  const families: readonly Family[] = parsed.some((cidr) => !cidr) || parsed.length === 0 ? [4, 6] : []
  const unreadable = families.map((family) => {
    const [[lo, hi] = [0, 0]] = allAddresses(family)
    const traffic = entryTraffic(entry, family) ?? allTraffic(family)
    return { ruleNumber, egress, allow, family, lo, hi, traffic, malformed: true }
  })
  const readable = parsed.flatMap((cidr) => {
    if (!cidr) return []
    const traffic = entryTraffic(entry, cidr.family)
    const { family, lo, hi } = cidr
    const malformed = traffic === undefined
    return [{ ruleNumber, egress, allow, family, lo, hi, traffic: traffic ?? allTraffic(family), malformed }]
  })
  return [...readable, ...unreadable]
}

/** All entries by rising number; the stable order of the answer where numbers are equal. */
export function entriesOf(acl: Resource): AclEntry[] {
  return items(acl.config, 'Entries')
    .flatMap(entryOf)
    .sort((a, b) => a.ruleNumber - b.ruleNumber)
}

/** What a list of entries, in their order, lets through: each entry takes what no earlier one took. */
export function permitted(entries: readonly AclEntry[]): TrafficMap {
  const spans: Spanned<number>[] = entries.map((entry, item) => ({ lo: entry.lo, hi: entry.hi, item }))
  return sweep(
    spans,
    (over) => {
      let allowed: Traffic = NO_TRAFFIC
      let taken: Traffic = NO_TRAFFIC
      for (const index of [...over].sort((a, b) => a - b)) {
        const entry = entries[index] as AclEntry
        if (entry.allow) allowed = uniteTraffic(allowed, subtractTraffic(entry.traffic, taken))
        taken = uniteTraffic(taken, entry.traffic)
      }
      return isNone(allowed) ? undefined : allowed
    },
    sameTraffic,
  )
}

interface CompiledAcl {
  readonly entries: readonly AclEntry[]
  readonly must: TrafficMap
  readonly may: TrafficMap
}

export interface AclFilter {
  /** `acl-…`, or the subnet whose list was not seen. */
  readonly id: string
  readonly entries: readonly AclEntry[]
  readonly must: TrafficMap
  readonly may: TrafficMap
  readonly causes: readonly Cause[]
}

export interface AclFilters {
  filter(subnetId: string, direction: 'ingress' | 'egress', family: Family): AclFilter
  /** The list of a subnet; undefined when it was not seen. */
  aclOf(subnetId: string): Resource | undefined
}

function compileAcl(all: readonly AclEntry[], egress: boolean, family: Family): CompiledAcl {
  const entries = all.filter((entry) => entry.egress === egress && entry.family === family)
  if (!entries.some((entry) => entry.malformed)) {
    const map = permitted(entries)
    return { entries, must: map, may: map }
  }
  return {
    entries,
    must: permitted(entries.filter((entry) => !(entry.malformed && entry.allow))),
    may: permitted(entries.filter((entry) => !entry.malformed || entry.allow)),
  }
}

function unreadable(id: string): Cause {
  const operation = 'ec2:DescribeNetworkAcls'
  return {
    resource: id,
    kind: 'network-acl',
    reason: 'NOT_MODELLED',
    missing: { operation, outcome: 'error', permission: operation, detail: 'an entry cannot be read' },
  }
}

export function aclFilters(topology: Topology): AclFilters {
  const filters = new Map<string, AclFilter>()
  const aclOf = (subnetId: string): Resource | undefined => {
    const subnet = topology.subnets.get(subnetId)
    const explicit = topology.aclOfSubnet.get(subnetId)
    if (explicit || !subnet) return explicit
    const whole = topology.missing('AWS::EC2::NetworkAcl', subnet).length === 0
    return whole ? topology.defaultAclOfVpc.get(subnet.vpcId) : undefined
  }
  const unknown = (subnetId: string, family: Family): AclFilter => {
    const subnet = topology.subnets.get(subnetId)
    const missing =
      (subnet && topology.missing('AWS::EC2::NetworkAcl', subnet)[0]) ??
      notCollected('ec2:DescribeNetworkAcls')
    const may = everywhere(allAddresses(family), allTraffic(family))
    return { id: subnetId, entries: [], must: [], may, causes: [unseen(subnetId, 'network-acl', missing)] }
  }
  const build = (subnetId: string, direction: 'ingress' | 'egress', family: Family): AclFilter => {
    const acl = aclOf(subnetId)
    if (!acl || !listOf(acl.config, 'Entries')) return unknown(subnetId, family)
    const id = shortId(acl.id)
    const key = `${id}|${direction}|${family}`
    const known = filters.get(key)
    if (known) return known
    const compiled = compileAcl(entriesOf(acl), direction === 'egress', family)
    const filter = { id, ...compiled, causes: compiled.must === compiled.may ? [] : [unreadable(id)] }
    filters.set(key, filter)
    return filter
  }
  const bySubnet = new Map<string, AclFilter>()
  return {
    aclOf,
    filter: (subnetId, direction, family) => {
      const key = `${subnetId}|${direction}|${family}`
      const known = bySubnet.get(key)
      if (known) return known
      const made = build(subnetId, direction, family)
      bySubnet.set(key, made)
      return made
    },
  }
}

function matches(entry: AclEntry, address: Address, protocol: number, port: number): boolean {
  return entry.lo <= address && address <= entry.hi && permits(entry.traffic, entry.family, protocol, port)
}

export function ruleName(entry: AclEntry | undefined): string {
  return entry && entry.ruleNumber < DEFAULT_RULE ? `rule ${entry.ruleNumber}` : 'rule *'
}

/**
 * A subnet's list as a gate, for the way there or for the reply.
 * @param peer the address that its CIDRs are held against: the packet's source on ingress, its destination on egress;
 *   undefined when the path leaves it open
 */
export function naclGate(
  filters: AclFilters,
  subnetId: string,
  direction: 'ingress' | 'egress',
  way: Gate['way'],
  family: Family,
  peer: Address | undefined,
): Gate {
  const filter = filters.filter(subnetId, direction, family)
  const at = (map: TrafficMap): Allowance => (peer === undefined ? map : (valueAt(map, peer) ?? NO_TRAFFIC))
  const deciding = (probe: Probe): AclEntry | undefined => {
    const port = way === 'forward' ? probe.port : probe.sourcePort
    return filter.entries.find((entry) => matches(entry, peer ?? probe.remote, probe.protocol, port))
  }
  const reason: BlockReason =
    way === 'reply' ? 'NACL_RETURN_DENY' : direction === 'ingress' ? 'NACL_INGRESS_DENY' : 'NACL_EGRESS_DENY'
  const must = at(filter.must)
  return {
    way,
    must,
    may: filter.may === filter.must ? must : at(filter.may),
    causes: filter.causes,
    hops: (probe) => [
      {
        resource: filter.id,
        kind: 'network-acl',
        decision: 'allow',
        detail: ruleName(deciding(probe)),
      },
    ],
    blockers: (probe) => {
      const entry = deciding(probe)
      // Of gates that close only together one may let the probe pass that stands for all: no entry of it denies that.
      const rule = entry?.allow ? {} : { rule: ruleName(entry) }
      return [{ resource: filter.id, kind: 'network-acl', reason, ...rule }]
    },
  }
}
