/**
 * The question `reach` answers: which packets get from one place to another and back, proved by one of them,
 * or what blocks them, or what the snapshot lacks to say.
 *
 * Complexity: with n the rules and routes on a path, one path costs O(n) after the tables, groups and ACLs on it were
 * compiled once in O(n log n); a question costs that for each pair of addresses that it joins.
 */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import { shortId } from '../../snapshot/index.ts'
import type { Missing } from '../../snapshot/model.ts'
import type { AddressSet, Family } from './address-set.ts'
import { formatAddress, toCidrs } from './address-set.ts'
import type { Resolved } from './ends.ts'
import { resolveEnd } from './ends.ts'
import type { Outcome } from './evaluate.ts'
import { probeOf } from './evaluate.ts'
import { hostsOf } from './host.ts'
import { union } from './interval-set.ts'
import type { Network } from './network.ts'
import { createNetwork } from './network.ts'
import type { End, Question } from './outcome.ts'
import { directOutcomes, outcomesFrom, outcomesTo } from './outcome.ts'
import { questionOf, ReachQueryError } from './question.ts'
import type { Blocker, Cause, Hop } from './reasons.ts'
import type { NetworkInterface } from './topology.ts'
import type { PortsOf } from './traffic-entries.ts'
import { trafficEntries } from './traffic-entries.ts'

export interface ReachQuery {
  readonly id?: string
  /** `internet`, a CIDR or address, an ARN, an AWS id, a load balancer's name. */
  readonly from: string
  readonly to?: string
  /** `tcp`, `udp`, `icmp`, `all` or a number; absent is any. */
  readonly protocol?: string | number
  /** `443` or `1000-2000`; absent is any. */
  readonly port?: number | string
  /** Do not count ways by load balancers. */
  readonly direct?: boolean
}

export interface Exposed {
  readonly sources: readonly string[]
  /** Present when the destination is a range: which of it is reached. */
  readonly destinations?: readonly string[]
  readonly protocol: string
  readonly ports: readonly (readonly [number, number])[]
  /** ICMP type and code, -1 any. */
  readonly icmp?: readonly (readonly [number, number])[]
  /** ARN of the load balancer between. */
  readonly via?: string
}

export interface WitnessPacket {
  readonly srcIp: string
  readonly srcPort?: number
  readonly dstIp: string
  readonly dstPort?: number
  readonly protocol: string
  readonly icmpType?: number
  readonly icmpCode?: number
}

export interface Witness {
  readonly packet: WitnessPacket
  readonly hops: readonly Hop[]
  /** What the answer passes on its way back. */
  readonly reply: readonly Hop[]
}

export interface ReachAnswer {
  readonly id?: string
  readonly from: string
  readonly to: string
  readonly verdict: 'reachable' | 'blocked' | 'unknown'
  readonly exposed: readonly Exposed[]
  readonly witness?: Witness
  readonly blockedBy: readonly Blocker[]
  readonly missing: readonly Missing[]
  /** What would be reached if a passing state changed. */
  readonly latent?: { readonly exposed: readonly Exposed[]; readonly closedBy: readonly Blocker[] }
}

function pairOutcomes(network: Network, from: End, to: End, question: Question, direct: boolean): Outcome[] {
  if (to.kind === 'host') {
    const find = direct ? directOutcomes : outcomesTo
    return find(network, from, to.host, question)
  }
  return from.kind === 'host' ? outcomesFrom(network, from.host, to, question) : []
}

interface Entry extends PortsOf {
  readonly via?: string
  readonly fixed?: string
  readonly sets: Record<Family, AddressSet>
}

/** Merges what the outcomes surely let pass into rows of equal protocol, ports and way. */
export function exposedBy(outcomes: readonly Outcome[]): Exposed[] {
  const entries = new Map<string, Entry>()
  for (const outcome of outcomes) {
    for (const { lo, hi, value } of outcome.must) {
      const probe = probeOf(outcome.family, outcome.must)
      const fixed =
        outcome.variable === 'destination' && probe ? formatAddress(outcome.packet(probe).srcIp) : undefined
      for (const ports of trafficEntries(outcome.family, value.there)) {
        const key = JSON.stringify([outcome.via, fixed, ports])
        const entry = entries.get(key) ?? {
          ...ports,
          ...(outcome.via === undefined ? {} : { via: outcome.via }),
          ...(fixed === undefined ? {} : { fixed }),
          sets: { 4: [], 6: [] },
        }
        entry.sets[outcome.family] = union(entry.sets[outcome.family], [[lo, hi]])
        entries.set(key, entry)
      }
    }
  }
  return [...entries.values()].map(({ sets, fixed, ...rest }) => {
    const cidrs = [...toCidrs(sets[4]), ...toCidrs(sets[6])]
    if (fixed === undefined) return { sources: cidrs, ...rest }
    return { sources: [`${fixed}/${fixed.includes(':') ? 128 : 32}`], destinations: cidrs, ...rest }
  })
}

const PROTOCOL_NAME: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' }

/** One packet of an outcome, and what every hop does with it. */
export function witnessOf(outcome: Outcome): Witness | undefined {
  const probe = probeOf(outcome.family, outcome.must)
  if (!probe) return undefined
  const packet = outcome.packet(probe)
  const { protocol, port, sourcePort } = packet.probe
  const ends = { srcIp: formatAddress(packet.srcIp), dstIp: formatAddress(packet.dstIp) }
  const name = PROTOCOL_NAME[protocol] ?? String(protocol)
  const hops = outcome.hops(probe, 'forward')
  const reply = outcome.hops(probe, 'reply')
  if (protocol === 6 || protocol === 17) {
    const { srcIp, dstIp } = ends
    return { packet: { srcIp, srcPort: sourcePort, dstIp, dstPort: port, protocol: name }, hops, reply }
  }
  if (name === 'icmp' || name === 'icmpv6') {
    return { packet: { ...ends, protocol: name, icmpType: port >> 8, icmpCode: port & 255 }, hops, reply }
  }
  return { packet: { ...ends, protocol: name }, hops, reply }
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}

function blockerOf({ resource, kind, reason, rule }: Cause): Blocker {
  return { resource, kind, reason, ...(rule === undefined ? {} : { rule }) }
}

function latentOf(outcomes: readonly Outcome[]): Pick<ReachAnswer, 'latent'> {
  const waiting = outcomes.filter((outcome) => outcome.started)
  const exposed = exposedBy(waiting.flatMap((outcome) => outcome.started?.() ?? []))
  if (exposed.length === 0) return {}
  return { latent: { exposed, closedBy: distinct(waiting.flatMap((outcome) => outcome.blockers())) } }
}

type Verdict = Omit<ReachAnswer, 'id' | 'from' | 'to'>

/** What the outcomes say together. `causes` stand for what may be there and was not seen at all. */
export function verdictOf(
  outcomes: readonly Outcome[],
  causes: readonly Cause[],
  nothing: readonly Blocker[],
): Verdict {
  const sure = outcomes.filter((outcome) => outcome.must.length > 0)
  const proof = sure.find((outcome) => outcome.via === undefined) ?? sure[0]
  if (proof) {
    const witness = witnessOf(proof)
    return {
      verdict: 'reachable',
      exposed: exposedBy(sure),
      ...(witness ? { witness } : {}),
      blockedBy: [],
      missing: [],
    }
  }
  const open = [
    ...causes,
    ...outcomes.filter((outcome) => outcome.may.length > 0).flatMap((outcome) => outcome.causes),
  ]
  if (open.length > 0) {
    const missing = distinct(open.flatMap((cause) => cause.missing ?? []))
    return { verdict: 'unknown', exposed: [], blockedBy: distinct(open.map(blockerOf)), missing }
  }
  const blockedBy = distinct(outcomes.flatMap((outcome) => outcome.blockers()))
  return {
    verdict: 'blocked',
    exposed: [],
    blockedBy: blockedBy.length > 0 ? blockedBy : nothing,
    missing: [],
    ...latentOf(outcomes),
  }
}

function answer(
  network: Network,
  from: Resolved,
  to: Resolved,
  question: Question,
  direct: boolean,
): Verdict {
  const outcomes = from.ends.flatMap((source) =>
    to.ends.flatMap((target) => pairOutcomes(network, source, target, question, direct)),
  )
  const unseenEnds = [...(from.ends.length === 0 ? from.causes : []), ...to.causes, ...from.causes]
  const nobody = [from, to]
    .filter(({ ends }) => ends.length === 0)
    .map(
      ({ label }): Blocker => ({ resource: label, kind: 'network-interface', reason: 'ADDRESS_NOT_FOUND' }),
    )
  const nothing =
    nobody.length > 0
      ? nobody
      : [{ resource: to.label, kind: 'network' as const, reason: 'ADDRESS_NOT_FOUND' as const }]
  return verdictOf(outcomes, distinct(unseenEnds), nothing)
}

/**
 * Whether some packet of the query gets from `from` to `to` and its answer back.
 * @throws ReachQueryError when a name is in no snapshot, or a CIDR, protocol or port is none
 */
export function reach(network: Network, query: ReachQuery): ReachAnswer {
  if (query.to === undefined)
    throw new ReachQueryError('a query needs "to"; reachEverything answers one without')
  const question = questionOf(query)
  const from = resolveEnd(network, query.from, 'from')
  const to = resolveEnd(network, query.to, 'to')
  const verdict = answer(network, from, to, question, query.direct === true)
  return { ...(query.id === undefined ? {} : { id: query.id }), from: query.from, to: query.to, ...verdict }
}

export interface EverythingOptions extends Pick<ReachQuery, 'protocol' | 'port' | 'direct'> {
  /** Answer unknown targets too; reached ones alone otherwise. */
  readonly unknown?: boolean
}

function ownerOf(eni: NetworkInterface): string {
  if (eni.owner.kind === 'instance') return eni.owner.id
  return eni.id
}

/** One answer for each instance and each other interface that the source reaches, in the snapshot's order. */
export function reachEverything(
  network: Network,
  from: string,
  options: EverythingOptions = {},
): ReachAnswer[] {
  const question = questionOf(options)
  const source = resolveEnd(network, from, 'from')
  const targets = new Map<string, NetworkInterface[]>()
  for (const eni of network.topology.interfaces.values()) {
    const id = ownerOf(eni)
    targets.set(id, [...(targets.get(id) ?? []), eni])
  }
  const answers: ReachAnswer[] = []
  for (const [to, interfaces] of targets) {
    const ends = interfaces.flatMap((eni) => hostsOf(eni).map((host): End => ({ kind: 'host', host })))
    const verdict = answer(
      network,
      source,
      { label: to, ends, causes: [] },
      question,
      options.direct === true,
    )
    if (verdict.verdict === 'reachable' || (options.unknown && verdict.verdict === 'unknown')) {
      answers.push({ from, to, ...verdict })
    }
  }
  return answers
}

export type { Network, SnapshotIndex }
export { createNetwork, ReachQueryError, shortId }
