/**
 * What a path lets through: the meet of its gates over all header space.
 * Each gate is met once, so a path of g gates and maps of n steps takes O(g · n).
 */
import type { Address, Family } from './address-set.ts'
import type { Gate, Path, Probe, Round, RoundMap } from './gate.ts'
import { meetAllowance } from './gate.ts'
import { contains } from './interval-set.ts'
import { preferredPort, preferredSourcePort } from './port-set.ts'
import type { Blocker, Cause, Hop } from './reasons.ts'
import type { Traffic } from './traffic.ts'
import { allReplies, icmpProtocol, icmpReply, isNone, permits, roundTrip, sameTraffic } from './traffic.ts'
import type { TrafficMap } from './traffic-map.ts'
import { everywhere, meet } from './traffic-map.ts'

export interface Packet {
  readonly srcIp: Address
  readonly dstIp: Address
  readonly probe: Probe
}

/** The answer of one path, or of a chain of them. */
export interface Outcome {
  readonly family: Family
  readonly variable: Path['variable']
  readonly must: RoundMap
  readonly may: RoundMap
  /** The load balancer that the flow goes by. */
  readonly via?: string
  readonly causes: readonly Cause[]
  readonly blockers: () => readonly Blocker[]
  readonly hops: (probe: Probe, way: Gate['way']) => readonly Hop[]
  readonly packet: (probe: Probe) => Packet
  /** What would pass if only passing states changed: the instance ran, the tunnel were up. */
  readonly started?: () => Outcome
}

export function sameRound(a: Round, b: Round): boolean {
  return a === b || (sameTraffic(a.there, b.there) && sameTraffic(a.back, b.back))
}

function joined(family: Family, there: TrafficMap, back: TrafficMap): RoundMap {
  return meet(
    there,
    back,
    (forward, reply): Round | undefined => {
      const passes = roundTrip(family, forward, reply)
      return isNone(passes) ? undefined : { there: passes, back: reply }
    },
    sameRound,
  )
}

function fold(path: Path, gates: readonly Gate[], traffic: Traffic, bound: 'must' | 'may'): RoundMap {
  let there: TrafficMap = everywhere(path.domain, traffic)
  let back: TrafficMap = everywhere(path.domain, allReplies(path.family))
  for (const gate of gates) {
    if (gate.way === 'forward') there = meetAllowance(there, gate[bound])
    else back = meetAllowance(back, gate[bound])
    if (there.length === 0 || back.length === 0) return []
  }
  return joined(path.family, there, back)
}

function uncertain(gate: Gate): boolean {
  return gate.must !== gate.may && gate.causes.length > 0
}

function causesOf(path: Path, traffic: Traffic): Cause[] {
  const open = path.gates.filter(uncertain)
  const others = (gate: Gate): Gate[] => path.gates.filter((other) => other !== gate)
  const deciding = open.filter((gate) => {
    const sure: Gate = { ...gate, may: gate.must }
    return fold({ ...path, gates: others(gate) }, [...others(gate), sure], traffic, 'may').length === 0
  })
  return (deciding.length > 0 ? deciding : open).flatMap((gate) => gate.causes)
}

/** A packet of the set: ephemeral source port, well-known destination, a documentation address where one is in. */
export function probeOf(family: Family, map: RoundMap): Probe | undefined {
  const step = map.find(({ lo, hi }) => lo <= SAMPLE[family] && SAMPLE[family] <= hi) ?? largest(map)
  if (!step) return undefined
  const remote = step.lo <= SAMPLE[family] && SAMPLE[family] <= step.hi ? SAMPLE[family] : step.lo
  return { remote, ...portsOf(family, step.value) }
}

function largest(map: RoundMap): RoundMap[number] | undefined {
  let best = map[0]
  for (const step of map) {
    if (best && BigInt(step.hi) - BigInt(step.lo) > BigInt(best.hi) - BigInt(best.lo)) best = step
  }
  return best
}

/** 203.0.113.7 and 2001:db8::7, of the ranges kept for examples. */
const SAMPLE: Readonly<Record<Family, Address>> = { 4: 0xcb_00_71_07, 6: (0x2001_0db8n << 96n) | 7n }
const ECHO: Readonly<Record<Family, number>> = { 4: 8 * 256, 6: 128 * 256 }

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

/** Why nothing passes: every gate that alone stops all of it, else the gate where nothing is left. */
function blockersOf(path: Path, traffic: Traffic): Blocker[] {
  const probe = probeOf(
    path.family,
    joined(path.family, everywhere(path.domain, traffic), everywhere(path.domain, allReplies(path.family))),
  )
  if (!probe) return []
  const alone = path.gates.filter((gate) => fold(path, [gate], traffic, 'may').length === 0)
  const gates = alone.length > 0 ? alone : together(path, traffic)
  return gates.flatMap((gate) => gate.blockers(probe))
}

function together(path: Path, traffic: Traffic): Gate[] {
  for (let i = 1; i <= path.gates.length; i++) {
    if (fold(path, path.gates.slice(0, i), traffic, 'may').length === 0) return path.gates.slice(i - 1, i)
  }
  return []
}

export function evaluate(path: Path, traffic: Traffic): Outcome {
  const may = fold(path, path.gates, traffic, 'may')
  const exact = !path.gates.some(uncertain)
  const must = exact || may.length === 0 ? may : fold(path, path.gates, traffic, 'must')
  const transient = path.gates.some((gate) => gate.transient)
  return {
    family: path.family,
    variable: path.variable,
    must,
    may,
    causes: must.length === 0 && may.length > 0 ? causesOf(path, traffic) : [],
    blockers: () => blockersOf(path, traffic),
    hops: (probe, way) => path.gates.filter((gate) => gate.way === way).flatMap((gate) => gate.hops(probe)),
    packet: (probe) =>
      path.variable === 'source'
        ? { srcIp: probe.remote, dstIp: path.fixed, probe }
        : { srcIp: path.fixed, dstIp: probe.remote, probe },
    ...(transient
      ? { started: () => evaluate({ ...path, gates: path.gates.filter((gate) => !gate.transient) }, traffic) }
      : {}),
  }
}

/** Whether a filter lets one packet pass: for tests of single hops. */
export function passes(map: Traffic, family: Family, probe: Probe): boolean {
  return permits(map, family, probe.protocol, probe.port)
}
