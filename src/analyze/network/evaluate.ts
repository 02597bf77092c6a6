/**
 * What a path lets through: the meet of its gates over all header space.
 *
 * Complexity. A gate's map has at most 2k + 1 steps for k CIDRs in its rules, and a step's traffic at most p intervals
 * for p distinct ports. Meeting a gate is one merge, so a path of g gates with maps of n steps takes O(g · n · p): linear
 * in the rules on the path. Nothing multiplies: addresses, ports out and ports back are kept as a product for each step
 * (traffic.ts says why that loses nothing), so no set of header bits is ever enumerated or split against another.
 */
import type { Address, AddressSet, Family } from './address-set.ts'
import type { Gate, Path, Probe, Round, RoundMap } from './gate.ts'
import { isMap, meetAllowance } from './gate.ts'
import { contains, covers, firstOutside, intersect } from './interval-set.ts'
import { ALL_PORTS, NO_PORTS, preferredPort, preferredSourcePort, TRANSLATED_PORTS } from './port-set.ts'
import type { Blocker, Cause, Hop } from './reasons.ts'
import type { Traffic } from './traffic.ts'
import {
  allReplies,
  icmpProtocol,
  icmpReply,
  intersectTraffic,
  isAll,
  isNone,
  NO_TRAFFIC,
  roundTrip,
  sameTraffic,
} from './traffic.ts'
import type { TrafficMap } from './traffic-map.ts'
import { everywhere, intersectMaps, mapValues, meet, valueAt } from './traffic-map.ts'

export interface Packet {
  readonly srcIp: Address
  readonly dstIp: Address
  readonly probe: Probe
}

/** The answer of one path, or of a chain of them. */
export interface Outcome {
  readonly family: Family
  readonly variable: Path['variable']
  /** The addresses that were asked about, and which of them do not count: see `Path`. */
  readonly domain: AddressSet
  readonly except?: AddressSet
  /** What the destination takes the source for, where something between them translates. */
  readonly seen?: Address
  /** A NAT gateway took the flow on, from a port of its own. */
  readonly ported?: boolean
  readonly must: RoundMap
  readonly may: RoundMap
  /** The load balancer that the flow goes by. */
  readonly via?: string
  /** Why `must` and `may` differ; empty exactly when they are the same. */
  readonly causes: readonly Cause[]
  readonly blockers: () => readonly Blocker[]
  readonly hops: (probe: Probe, way: Gate['way']) => readonly Hop[]
  readonly packet: (probe: Probe) => Packet
  /** What would pass if only passing states changed: the instance ran, the tunnel were up. */
  readonly started?: () => Outcome
}

export function sameRound(a: Round, b: Round): boolean {
  if (a === b) return true
  const alike = a.chosen && b.chosen ? sameTraffic(a.chosen, b.chosen) : a.chosen === b.chosen
  return alike && sameTraffic(a.there, b.there) && sameTraffic(a.back, b.back)
}

/** The steps that hold an address which counts. */
export function counting<V>(
  map: readonly { lo: Address; hi: Address; value: V }[],
  except: AddressSet | undefined,
) {
  return except ? map.filter(({ lo, hi }) => !covers(except, lo, hi)) : map
}

function joined(path: Path, there: TrafficMap, back: TrafficMap): RoundMap {
  const rounds = meet(
    there,
    back,
    (forward, reply): Round | undefined => {
      const passes = roundTrip(path.family, forward, reply)
      return isNone(passes) ? undefined : { there: passes, back: reply }
    },
    sameRound,
  )
  return counting(rounds, path.except)
}

/** Every reply to a port that a NAT gateway or load balancer may choose. */
function chosenReplies(family: Family): Traffic {
  return { ...allReplies(family), tcp: TRANSLATED_PORTS, udp: TRANSLATED_PORTS }
}

/** One port that passes will do, and whoever chooses it finds it: then the client's own may be any. */
function anyPort(traffic: Traffic): Traffic {
  const some = (ports: Traffic['tcp']) => (ports.length > 0 ? ALL_PORTS : NO_PORTS)
  return { ...traffic, tcp: some(traffic.tcp), udp: some(traffic.udp) }
}

function fold(path: Path, gates: readonly Gate[], traffic: Traffic, bound: 'must' | 'may'): RoundMap {
  let there: TrafficMap = everywhere(path.domain, traffic)
  let back: TrafficMap = everywhere(path.domain, allReplies(path.family))
  let chosen: TrafficMap | undefined
  for (const gate of gates) {
    if (gate.way === 'forward') there = meetAllowance(there, gate[bound])
    else if (gate.translated) {
      chosen = meetAllowance(chosen ?? everywhere(path.domain, chosenReplies(path.family)), gate[bound])
    } else back = meetAllowance(back, gate[bound])
    if (there.length === 0 || back.length === 0 || chosen?.length === 0) return []
  }
  if (!chosen) return joined(path, there, back)
  const rounds = joined(path, there, intersectMaps(back, mapValues(chosen, anyPort)))
  return meet(rounds, chosen, (round, ports): Round => ({ ...round, chosen: ports }), sameRound)
}

function uncertain(gate: Gate): boolean {
  return gate.must !== gate.may && gate.causes.length > 0
}

/** The causes of the gates that alone would settle it, else of all that are open: where something passes anyway, all. */
function causesOf(path: Path, traffic: Traffic, passes: boolean): Cause[] {
  const open = path.gates.filter(uncertain)
  if (passes) return open.flatMap((gate) => gate.causes)
  const deciding = open.filter((gate) => {
    const settled = path.gates.map((other) => (other === gate ? { ...other, may: other.must } : other))
    return fold(path, settled, traffic, 'may').length === 0
  })
  return (deciding.length > 0 ? deciding : open).flatMap((gate) => gate.causes)
}

/** 203.0.113.7 and 2001:db8::7, of the ranges kept for examples. */
const SAMPLE: Readonly<Record<Family, Address>> = { 4: 0xcb_00_71_07, 6: (0x2001_0db8n << 96n) | 7n }
const ECHO: Readonly<Record<Family, number>> = { 4: 8 * 256, 6: 128 * 256 }

/** A packet of the set: ephemeral source port, well-known destination, a documentation address where one is in. */
export function probeOf({
  family,
  must,
  except = [],
}: Pick<Outcome, 'family' | 'must' | 'except'>): Probe | undefined {
  const sample = SAMPLE[family]
  const known = must.find(({ lo, hi }) => lo <= sample && sample <= hi)
  if (known && !contains(except, sample)) return { remote: sample, ...portsOf(family, known.value) }
  const step = largest(must)
  const remote = step && firstOutside(except, step.lo, step.hi)
  return step && remote !== undefined ? { remote, ...portsOf(family, step.value) } : undefined
}

function largest(map: RoundMap): RoundMap[number] | undefined {
  let best = map[0]
  for (const step of map) {
    if (best && BigInt(step.hi) - BigInt(step.lo) > BigInt(best.hi) - BigInt(best.lo)) best = step
  }
  return best
}

function portsOf(family: Family, { there, back }: Round): Omit<Probe, 'remote'> {
  if (there.tcp.length > 0) {
    return { protocol: 6, port: preferredPort(there.tcp), sourcePort: preferredSourcePort(back.tcp) }
  }
  if (there.udp.length > 0) {
    return { protocol: 17, port: preferredPort(there.udp), sourcePort: preferredSourcePort(back.udp) }
  }
  if (there.icmp.length > 0) {
    const message = contains(there.icmp, ECHO[family]) ? ECHO[family] : (there.icmp[0]?.[0] ?? 0)
    return { protocol: icmpProtocol(family), port: message, sourcePort: icmpReply(family, message) }
  }
  return { protocol: there.other[0]?.[0] ?? 255, port: 0, sourcePort: 0 }
}

/**
 * The gates that stop everything: each that does so alone, else a set of them none of which is superfluous.
 * Taking them out one by one costs a fold each, paid only where a person asks why.
 */
function stopping(path: Path, traffic: Traffic): readonly Gate[] {
  const stops = (gates: readonly Gate[]): boolean => fold(path, gates, traffic, 'may').length === 0
  const narrow = path.gates.filter(({ may }) => isMap(may) || !isAll(may))
  const alone = narrow.filter((gate) => stops([gate]))
  if (alone.length > 0) return alone
  let kept: readonly Gate[] = narrow
  for (const gate of narrow) {
    const rest = kept.filter((other) => other !== gate)
    if (stops(rest)) kept = rest
  }
  return kept
}

function blockersOf(path: Path, traffic: Traffic): Blocker[] {
  const probe = probeOf({ ...path, must: fold(path, [], traffic, 'may') })
  return probe ? stopping(path, traffic).flatMap((gate) => gate.blockers(probe)) : []
}

/** The port that a NAT gateway or load balancer takes so that the answer comes back. */
function chosenPort(gates: readonly Gate[], family: Family, probe: Probe): number {
  let open = chosenReplies(family)
  for (const { may } of gates) {
    open = intersectTraffic(open, isMap(may) ? (valueAt(may, probe.remote) ?? NO_TRAFFIC) : may)
  }
  return preferredSourcePort(probe.protocol === 6 ? open.tcp : intersect(open.udp, TRANSLATED_PORTS))
}

function hopsOf(path: Path, probe: Probe, way: Gate['way']): Hop[] {
  const chosen = path.gates.filter((gate) => gate.translated)
  const ported = probe.protocol === 6 || probe.protocol === 17
  const beyond =
    chosen.length > 0 && ported ? { ...probe, sourcePort: chosenPort(chosen, path.family, probe) } : probe
  return path.gates
    .filter((gate) => gate.way === way)
    .flatMap((gate) => gate.hops(gate.translated ? beyond : probe))
}

/** What of `traffic` a path lets through and back. */
export function evaluate(path: Path, traffic: Traffic): Outcome {
  const may = fold(path, path.gates, traffic, 'may')
  const exact = !path.gates.some(uncertain)
  const must = exact || may.length === 0 ? may : fold(path, path.gates, traffic, 'must')
  const transient = path.gates.some((gate) => gate.transient)
  return {
    family: path.family,
    variable: path.variable,
    domain: path.domain,
    ...(path.except ? { except: path.except } : {}),
    ...(path.seen === undefined ? {} : { seen: path.seen }),
    ...(path.gates.some((gate) => gate.translated) ? { ported: true } : {}),
    must,
    may,
    causes: exact || may.length === 0 ? [] : causesOf(path, traffic, must.length > 0),
    blockers: () => blockersOf(path, traffic),
    hops: (probe, way) => hopsOf(path, probe, way),
    packet: (probe) =>
      path.variable === 'source'
        ? { srcIp: probe.remote, dstIp: path.fixed, probe }
        : { srcIp: path.fixed, dstIp: probe.remote, probe },
    ...(transient
      ? { started: () => evaluate({ ...path, gates: path.gates.filter((gate) => !gate.transient) }, traffic) }
      : {}),
  }
}
