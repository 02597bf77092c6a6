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
  if (nat.subnetId !== undefined && nat.subnetId !== subnetId)
    forward.push(naclGate(acls, nat.subnetId, 'ingress', 'forward', family, from))
  return { nat, forward, reply: homeFromNat(network, source, nat, to) }
}

/** What an answer passes from a NAT gateway of the host's own VPC back to it. */
export function homeFromNat(
  network: Network,
  source: Origin,
  { subnetId }: NatGateway,
  to: Address | undefined,
): readonly Gate[] {
  const { host } = source
  const { topology, acls, routes } = network
  const family = familyOfHost(host)
  const arrive = replyArrival(network, host, to)
  if (subnetId === undefined) return [arrive]
  if (subnetId === host.eni.subnetId) return []
  const from = addressOf(source)
  const found = routes.ofSubnet(subnetId)
  return [
    naclGate(acls, subnetId, 'egress', 'reply', family, from),
    routeGate({ topology, found, subnetId, family, to: from, target: 'local', way: 'reply' }),
    arrive,
  ]
}
