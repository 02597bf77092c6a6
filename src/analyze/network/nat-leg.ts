/** The first half of every path by a NAT gateway: from a host to it, and its answers back. */
import type { Address } from './address-set.ts'
import type { Gate } from './gate.ts'
import { unknownGate } from './gate.ts'
import { departure, familyOfHost, replyArrival } from './host.ts'
import { naclGate } from './nacl.ts'
import type { NatGateway } from './nat.ts'
import { natGateway } from './nat.ts'
import type { Network } from './network.ts'
import type { Origin } from './private-path.ts'
import { addressOf } from './private-path.ts'
import { routeGate } from './route.ts'

/** From a host to a NAT gateway, and what its answers pass from there back to the host. */
export interface NatLeg {
  /** Undefined when the snapshot does not tell of it. */
  readonly nat: NatGateway | undefined
  readonly forward: readonly Gate[]
  readonly reply: readonly Gate[]
}

/**
 * @param to where the packet goes, as the source's table sees it; undefined when the path leaves it open
 */
export function natLeg(network: Network, source: Origin, id: string, to: Address | undefined): NatLeg {
  const { host } = source
  const { topology, acls, routes } = network
  const { subnetId } = host.eni
  const family = familyOfHost(host)
  const from = addressOf(source)
  const found = routes.ofSubnet(subnetId)
  const forward = [
    ...departure(network, host, { peer: to, peerGroups: [], border: true }),
    routeGate({ topology, found, subnetId, family, way: 'forward', to, target: id }),
  ]
  const nat = natGateway(network, id, host.eni)
  if ('cause' in nat)
    return { nat: undefined, forward: [...forward, unknownGate(family, [nat.cause])], reply: [] }
  const arrive = replyArrival(network, host, to)
  if (nat.subnetId === undefined) return { nat, forward, reply: [arrive] }
  if (nat.subnetId === subnetId) return { nat, forward, reply: [] }
  forward.push(naclGate(acls, nat.subnetId, 'ingress', 'forward', family, from))
  const back = routes.ofSubnet(nat.subnetId)
  const home = { topology, found: back, subnetId: nat.subnetId, family, to: from, target: 'local' }
  return {
    nat,
    forward,
    reply: [
      naclGate(acls, nat.subnetId, 'egress', 'reply', family, from),
      routeGate({ ...home, way: 'reply' }),
      arrive,
    ],
  }
}
