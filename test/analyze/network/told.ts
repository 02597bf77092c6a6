/** All that an answer says, a line for each thing, so that a case can hold the whole of it. */
import type { Exposed } from '../../../src/analyze/network/exposure.ts'
import type { ReachAnswer } from '../../../src/analyze/network/reach.ts'
import type { Blocker, Hop } from '../../../src/analyze/network/reasons.ts'
import type { Missing } from '../../../src/snapshot/model.ts'

const exposedLine = ({ sources, destinations, protocol, ports, icmp, via }: Exposed): string =>
  [
    sources.join(' '),
    ...(destinations ? ['→', destinations.join(' ')] : []),
    protocol,
    ports.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(','),
    ...(icmp ? [icmp.map((pair) => pair.join(':')).join(',')] : []),
    ...(via === undefined ? [] : [`by ${via.slice(via.indexOf('loadbalancer/') + 'loadbalancer/'.length)}`]),
  ]
    .filter((part) => part !== '')
    .join(' ')

const hopLine = ({ resource, kind, decision, detail }: Hop): string =>
  `${resource.startsWith('arn:') ? resource.slice(resource.lastIndexOf(':') + 1) : resource} [${kind}] ${decision}: ${detail}`

const blockerLine = ({ resource, kind, reason, rule }: Blocker): string =>
  `${resource} [${kind}] ${reason}${rule === undefined ? '' : ` (${rule})`}`

const missingLine = ({ operation, outcome, permission, detail }: Missing): string =>
  `${operation} ${outcome}${permission === operation ? '' : `, needs ${permission}`}${detail === undefined ? '' : `: ${detail}`}`

/** `reachable`, then what is exposed, the witness's packet, its hops there and back; or what blocks, and what is missing. */
export function told(answer: ReachAnswer): string[] {
  const { verdict, exposed, witness, blockedBy, missing, latent } = answer
  return [
    verdict,
    ...exposed.map(exposedLine),
    ...(witness ? [Object.values(witness.packet).join(' ')] : []),
    ...(witness?.hops ?? []).map((hop) => `> ${hopLine(hop)}`),
    ...(witness?.reply ?? []).map((hop) => `< ${hopLine(hop)}`),
    ...blockedBy.map(blockerLine),
    ...missing.map(missingLine),
    ...(latent?.exposed ?? []).map((row) => `latent ${exposedLine(row)}`),
    ...(latent?.closedBy ?? []).map((blocker) => `latent ${blockerLine(blocker)}`),
  ]
}
