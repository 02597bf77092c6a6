/** Everything that leads from one end to one address: directly, by the internet, by load balancers. */
import type { AddressSet, Family } from './address-set.ts'
import { familyOf, single } from './address-set.ts'
import { balancerOutcomes } from './balancer-path.ts'
import type { Outcome } from './evaluate.ts'
import { evaluate, sameRound } from './evaluate.ts'
import { farPaths } from './far-path.ts'
import type { Path, Probe, Round, RoundMap } from './gate.ts'
import type { Host } from './host.ts'
import { familyOfHost } from './host.ts'
import { internetIn, internetOut } from './internet-path.ts'
import { translated } from './nat.ts'
import type { Network } from './network.ts'
import { privatePaths } from './private-path.ts'
import type { Traffic } from './traffic.ts'
import { intersectTraffic, isNone } from './traffic.ts'
import { meet, valueAt } from './traffic-map.ts'

export type Domains = Readonly<Record<Family, AddressSet>>
/** Traffic of a question, in each family. */
export type Question = Readonly<Record<Family, Traffic>>

export type End =
  | { readonly kind: 'internet'; readonly domains: Domains }
  | { readonly kind: 'far'; readonly domains: Domains }
  | { readonly kind: 'host'; readonly host: Host }

function sameHost(a: Host, b: Host): boolean {
  return a.eni.id === b.eni.id && a.address === b.address
}

/** Out to the public address of another interface of the snapshot and in by its gateway. */
function publicOutcomes(network: Network, source: Host, target: Host, traffic: Traffic): Outcome[] {
  const family = familyOfHost(target)
  const address = family === 6 ? target.address : target.publicIp
  if (address === undefined || familyOfHost(source) !== family) return []
  return internetOut(network, source, single(address)).flatMap((out) => {
    const there = evaluate(out, traffic)
    if (there.may.length === 0) return []
    const entry = internetIn(network, target, single(out.fixed))
    const own = out.fixed === (source.publicIp ?? source.address)
    const path: Path = own
      ? entry
      : {
          ...entry,
          gates: entry.gates.map((gate) => (gate.way === 'reply' ? translated(gate, family) : gate)),
        }
    return [chained(source, there, evaluate(path, traffic), address, out.fixed)]
  })
}

function chained(
  source: Host,
  out: Outcome,
  entry: Outcome,
  address: Host['address'],
  seen: Host['address'],
): Outcome {
  const at = (bound: 'must' | 'may'): RoundMap => {
    const first = valueAt(out[bound], address)
    const second = valueAt(entry[bound], seen)
    if (!first || !second) return []
    const there = intersectTraffic(first.there, second.there)
    const back = intersectTraffic(first.back, second.back)
    if (isNone(there) || isNone(back)) return []
    return [{ lo: source.address, hi: source.address, value: { there, back } }]
  }
  const away = (probe: Probe): Probe => ({ ...probe, remote: address })
  const inside = (probe: Probe): Probe => ({ ...probe, remote: seen })
  return {
    family: out.family,
    variable: 'source',
    must: at('must'),
    may: at('may'),
    causes: [...out.causes, ...entry.causes],
    blockers: () => (entry.may.length === 0 ? entry.blockers() : out.blockers()),
    hops: (probe, way) => {
      const first = out.hops(away(probe), way).filter(({ kind }) => kind !== 'internet')
      const second = entry.hops(inside(probe), way).filter(({ kind }) => kind !== 'internet')
      return way === 'forward' ? [...first, ...second] : [...second, ...first]
    },
    packet: (probe) => ({ srcIp: source.address, dstIp: address, probe }),
  }
}

/** Straight to an address: no load balancer between. */
export function directOutcomes(network: Network, source: End, target: Host, question: Question): Outcome[] {
  const family = familyOf(target.address)
  const traffic = question[family]
  if (isNone(traffic)) return []
  if (source.kind === 'internet') {
    const domain = source.domains[family]
    return domain.length === 0 ? [] : [evaluate(internetIn(network, target, domain), traffic)]
  }
  if (source.kind === 'far') {
    const domain = source.domains[family]
    if (domain.length === 0) return []
    return farPaths(network, target, domain, 'far').map((path) => evaluate(path, traffic))
  }
  if (sameHost(source.host, target)) return []
  return [
    ...privatePaths(network, source.host, target).map((path) => evaluate(path, traffic)),
    ...publicOutcomes(network, source.host, target, traffic),
  ]
}

/** All ways to an address, those by load balancers included. */
export function outcomesTo(
  network: Network,
  source: End,
  target: Host,
  question: Question,
  depth = 0,
): Outcome[] {
  const direct = directOutcomes(network, source, target, question)
  if (depth > 1) return direct
  const legs = (entry: Host, asked: Question): Outcome[] =>
    outcomesTo(network, source, entry, asked, depth + 1)
  const clients = source.kind === 'host' ? undefined : source.domains
  return [...direct, ...balancerOutcomes(network, { target, question, clients, legs, source })]
}

/** From an address to the internet, or to what lies behind a VPN or transit gateway. */
export function outcomesFrom(network: Network, source: Host, target: End, question: Question): Outcome[] {
  const family = familyOf(source.address)
  const traffic = question[family]
  if (target.kind === 'host' || isNone(traffic) || target.domains[family].length === 0) return []
  const domain = target.domains[family]
  const paths =
    target.kind === 'internet'
      ? internetOut(network, source, domain)
      : farPaths(network, source, domain, 'host')
  return paths.map((path) => evaluate(path, traffic))
}

export function meetRounds(
  a: RoundMap,
  b: RoundMap,
  op: (x: Round, y: Round) => Round | undefined,
): RoundMap {
  return meet(a, b, op, sameRound)
}
