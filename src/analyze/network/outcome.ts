/** Everything that leads from one end to one address: directly, by the internet, by load balancers. */
import { familyOf } from './address-set.ts'
import { balancerOutcomes } from './balancer-path.ts'
import type { Outcome } from './evaluate.ts'
import { evaluate } from './evaluate.ts'
import { farPaths } from './far-path.ts'
import type { Host } from './host.ts'
import { internetIn, internetOut } from './internet-path.ts'
import { nattedPaths } from './nat-path.ts'
import type { Network } from './network.ts'
import { privatePaths } from './private-path.ts'
import { publicPaths } from './public-path.ts'
import type { End, Question } from './question.ts'
import { isNone } from './traffic.ts'

function sameHost(a: Host, b: Host): boolean {
  return a.eni.id === b.eni.id && a.address === b.address
}

/** Straight to an address: no load balancer between. */
export function directOutcomes(network: Network, source: End, target: Host, question: Question): Outcome[] {
  const family = familyOf(target.address)
  const traffic = question[family]
  if (isNone(traffic)) return []
  if (source.kind === 'internet') {
    const domain = source.domains[family]
    const except = network.topology.own[family]
    return domain.length === 0 ? [] : [evaluate(internetIn(network, target, { domain, except }), traffic)]
  }
  if (source.kind === 'far') {
    const domain = source.domains[family]
    if (domain.length === 0) return []
    return farPaths(network, target, domain, 'far').map((path) => evaluate(path, traffic))
  }
  if (sameHost(source.host, target)) return []
  return [
    ...privatePaths(network, source, target),
    ...nattedPaths(network, source, target),
    ...publicPaths(network, source.host, target),
  ].map((path) => evaluate(path, traffic))
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
  return [...direct, ...balancerOutcomes(network, { target, question, legs })]
}

/** From an address to the internet, or to what lies behind a VPN or transit gateway. */
export function outcomesFrom(network: Network, source: Host, target: End, question: Question): Outcome[] {
  const family = familyOf(source.address)
  const traffic = question[family]
  if (target.kind === 'host' || isNone(traffic) || target.domains[family].length === 0) return []
  const domain = target.domains[family]
  const paths =
    target.kind === 'internet'
      ? internetOut(network, source, { domain, except: network.topology.own[family] })
      : farPaths(network, source, domain, 'host')
  return paths.map((path) => evaluate(path, traffic))
}
