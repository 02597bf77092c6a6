/**
 * A path is a list of gates. Each lets some traffic of some remote addresses pass, on the way there or on the way back,
 * as a lower and an upper bound: `must` surely passes, `may` passes unless something unseen says otherwise.
 */
import type { Address, AddressSet, Family } from './address-set.ts'
import type { Blocker, Cause, Hop } from './reasons.ts'
import type { Traffic } from './traffic.ts'
import { allTraffic, intersectTraffic, isAll, NO_TRAFFIC } from './traffic.ts'
import type { StepMap, TrafficMap } from './traffic-map.ts'
import { intersectMaps, mapValues, valueAt } from './traffic-map.ts'

/** The same traffic for every remote address, or a map by address. */
export type Allowance = Traffic | TrafficMap

/** One packet as a gate sees it. `remote` is the address that the path leaves open. */
export interface Probe {
  readonly remote: Address
  readonly protocol: number
  /** Destination port, or ICMP message. */
  readonly port: number
  /** Source port of the client, or the ICMP message of the answer. */
  readonly sourcePort: number
}

export interface Gate {
  readonly way: 'forward' | 'reply'
  readonly must: Allowance
  readonly may: Allowance
  /** Why `must` and `may` differ. */
  readonly causes: readonly Cause[]
  /** What it does to a packet that surely passes; nothing when there is nothing to tell. */
  hops(probe: Probe): readonly Hop[]
  /** Why it stops a packet. */
  blockers(probe: Probe): readonly Blocker[]
  /** Closed only by a state that passes: a stopped instance, a tunnel that is down. */
  readonly transient?: true
  /** A reply gate that sees a port which a NAT gateway or load balancer chose, not the client's own. */
  readonly translated?: true
}

export interface Path {
  readonly family: Family
  /** Which end the gates leave open. */
  readonly variable: 'source' | 'destination'
  readonly domain: AddressSet
  /**
   * Addresses of the domain that do not count: on the internet the snapshot's own. Taken out of the answer and not of the
   * domain, since an estate has thousands of them, each of which would cut every step of every map.
   */
  readonly except?: AddressSet
  readonly gates: readonly Gate[]
  /** The fixed end, as the other end names it: the public address across an internet gateway. */
  readonly fixed: Address
  /** What the destination takes the source for, where it is not the address that the source sends from. */
  readonly seen?: Address
}

/** What passes for one remote address: there, and back. */
export interface Round {
  readonly there: Traffic
  readonly back: Traffic
  /** The ports, of those that something on the way chooses in the client's stead, to which answers come through. */
  readonly chosen?: Traffic
}
export type RoundMap = StepMap<Round>

export function isMap(allowance: Allowance): allowance is TrafficMap {
  return Array.isArray(allowance)
}

export function meetAllowance(map: TrafficMap, allowance: Allowance): TrafficMap {
  if (isMap(allowance)) return intersectMaps(map, allowance)
  if (isAll(allowance)) return map
  return mapValues(map, (traffic) => intersectTraffic(traffic, allowance))
}

interface GateParts {
  readonly way?: Gate['way']
  readonly hops?: readonly Hop[]
  readonly transient?: boolean
}

function constant(
  traffic: { must: Traffic; may: Traffic },
  parts: GateParts,
  blockers: readonly Blocker[],
  causes: readonly Cause[],
): Gate {
  return {
    way: parts.way ?? 'forward',
    ...traffic,
    causes,
    hops: () => parts.hops ?? [],
    blockers: () => blockers,
    ...(parts.transient ? { transient: true as const } : {}),
  }
}

/** Lets everything pass and says what happens there. */
export function openGate(family: Family, hops: readonly Hop[], way: Gate['way'] = 'forward'): Gate {
  const all = allTraffic(family)
  return constant({ must: all, may: all }, { way, hops }, [], [])
}

/** The same gate for one remote address: where two ways meet, each has the other's end fixed. */
export function pinned(gate: Gate, remote: Address): Gate {
  const at = (allowance: Allowance): Traffic =>
    isMap(allowance) ? (valueAt(allowance, remote) ?? NO_TRAFFIC) : allowance
  const must = at(gate.must)
  return {
    ...gate,
    must,
    may: gate.may === gate.must ? must : at(gate.may),
    hops: (probe) => gate.hops({ ...probe, remote }),
    blockers: (probe) => gate.blockers({ ...probe, remote }),
  }
}

/** A reply gate behind something that starts flows from a port of its own choice. */
export function translated(gate: Gate): Gate {
  return gate.way === 'reply' ? { ...gate, translated: true } : gate
}

/** Lets nothing pass. */
export function closedGate(blockers: readonly Blocker[], transient = false): Gate {
  return constant({ must: NO_TRAFFIC, may: NO_TRAFFIC }, { transient }, blockers, [])
}

/** Nobody can say what passes. */
export function unknownGate(family: Family, causes: readonly Cause[], hops: readonly Hop[] = []): Gate {
  return constant({ must: NO_TRAFFIC, may: allTraffic(family) }, { hops }, [], causes)
}
