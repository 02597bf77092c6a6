/**
 * The question `reach` answers: which packets get from one place to another and back, proved by one of them,
 * or what blocks them, or what the snapshot lacks to say.
 *
 * Complexity: the tables, groups and ACLs are compiled once, O(n log n) for n entries (traffic-map.ts). A path then costs
 * its gates' maps once (evaluate.ts), and a question that for each pair of addresses which it joins, times the balancers
 * before the target. "Everything that the internet reaches" is one set-valued source: linear in the interfaces.
 */
import type { Missing } from '../../snapshot/model.ts'
import type { Resolved } from './ends.ts'
import { resolveEnd } from './ends.ts'
import type { Outcome } from './evaluate.ts'
import type { Exposed } from './exposure.ts'
import { exposedBy } from './exposure.ts'
import { hostsOf } from './host.ts'
import type { NetworkInterface } from './interface.ts'
import type { Network } from './network.ts'
import { directOutcomes, outcomesFrom, outcomesTo } from './outcome.ts'
import type { End, Question } from './question.ts'
import { questionOf, ReachQueryError } from './question.ts'
import type { Blocker, Cause } from './reasons.ts'
import type { Witness } from './witness.ts'
import { witnessOf } from './witness.ts'

export interface ReachQuery {
  /** Given back with the answer. */
  readonly id?: string | number
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

export interface ReachAnswer {
  readonly id?: string | number
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

/** The outcome that proves it, a direct way before one by a load balancer. */
function proofOf(outcomes: readonly Outcome[]): Outcome | undefined {
  const sure = outcomes.filter((outcome) => outcome.must.length > 0)
  return sure.find((outcome) => outcome.via === undefined) ?? sure[0]
}

function reachable(outcomes: readonly Outcome[], proof: Outcome): Verdict {
  const witness = witnessOf(proof)
  return {
    verdict: 'reachable',
    exposed: exposedBy(outcomes),
    ...(witness ? { witness } : {}),
    blockedBy: [],
    missing: [],
  }
}

/** What nobody can tell, and would decide. */
function openCauses(outcomes: readonly Outcome[], causes: readonly Cause[]): Cause[] {
  const possible = outcomes.filter((outcome) => outcome.may.length > 0)
  return [...causes, ...possible.flatMap((outcome) => outcome.causes)]
}

/** What the outcomes say together. `causes` stand for what may be there and was not seen at all. */
function verdictOf(
  outcomes: readonly Outcome[],
  causes: readonly Cause[],
  nothing: readonly Blocker[],
): Verdict {
  const proof = proofOf(outcomes)
  if (proof) return reachable(outcomes, proof)
  const open = openCauses(outcomes, causes)
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

interface Between {
  readonly from: Resolved
  readonly to: Resolved
  readonly question: Question
  readonly direct: boolean
}

function outcomesOf(network: Network, { from, to, question, direct }: Between): Outcome[] {
  return from.ends.flatMap((source) =>
    to.ends.flatMap((target) => pairOutcomes(network, source, target, question, direct)),
  )
}

function answer(network: Network, between: Between): Verdict {
  const { from, to } = between
  const nobody = [from, to].filter(({ ends }) => ends.length === 0)
  const nothing = (nobody.length > 0 ? nobody : [to]).map(
    ({ label }): Blocker => ({ resource: label, kind: 'network-interface', reason: 'ADDRESS_NOT_FOUND' }),
  )
  return verdictOf(outcomesOf(network, between), distinct([...to.causes, ...from.causes]), nothing)
}

/**
 * Whether some packet of the query gets from `from` to `to` and its answer back.
 * @throws ReachQueryError when a name is in no snapshot, or a CIDR, protocol or port is none
 */
export function reach(network: Network, query: ReachQuery): ReachAnswer {
  if (query.to === undefined)
    throw new ReachQueryError('a query needs "to"; reachEverything answers one without')
  const question = questionOf(query)
  const from = resolveEnd(network, query.from)
  const to = resolveEnd(network, query.to)
  const verdict = answer(network, { from, to, question, direct: query.direct === true })
  return { ...(query.id === undefined ? {} : { id: query.id }), from: query.from, to: query.to, ...verdict }
}

export interface EverythingOptions extends Pick<ReachQuery, 'protocol' | 'port' | 'direct'> {
  /** Answer unknown targets too; reached ones alone otherwise. */
  readonly unknown?: boolean
}

/** The instance, or the interface where it belongs to none. */
function placeOf(eni: NetworkInterface): string {
  return eni.owner.kind === 'instance' ? eni.owner.id : eni.id
}

function targetsOf(network: Network): Map<string, NetworkInterface[]> {
  const targets = new Map<string, NetworkInterface[]>()
  for (const eni of network.topology.interfaces.values()) {
    const known = targets.get(placeOf(eni))
    if (known) known.push(eni)
    else targets.set(placeOf(eni), [eni])
  }
  return targets
}

/** One answer for each instance and each other interface that the source reaches, in the snapshot's order. */
export function reachEverything(
  network: Network,
  from: string,
  options: EverythingOptions = {},
): ReachAnswer[] {
  const question = questionOf(options)
  const source = resolveEnd(network, from)
  const direct = options.direct === true
  const answers: ReachAnswer[] = []
  for (const [to, interfaces] of targetsOf(network)) {
    const ends = interfaces.flatMap((eni) => hostsOf(eni).map((host): End => ({ kind: 'host', host })))
    const between = { from: source, to: { label: to, ends, causes: [] }, question, direct }
    const outcomes = outcomesOf(network, between)
    const proof = proofOf(outcomes)
    if (proof) answers.push({ from, to, ...reachable(outcomes, proof) })
    else if (options.unknown && openCauses(outcomes, source.causes).length > 0)
      answers.push({ from, to, ...answer(network, between) })
  }
  return answers
}
