/**
 * Paths by a NAT gateway over private ground: it goes on by its own subnet's table, under its own private address.
 * @see VPC User Guide, "NAT gateways": to other VPCs and on-premises networks through a transit or virtual private gateway
 */
import type { Family } from './address-set.ts'
import type { Gate, Path } from './gate.ts'
import { translated, unknownGate } from './gate.ts'
import type { Host } from './host.ts'
import { familyOfHost } from './host.ts'
import type { NetworkInterface } from './interface.ts'
import type { NatGateway } from './nat.ts'
import { natAddressGate, natGates } from './nat.ts'
import { natLeg } from './nat-leg.ts'
import type { Network } from './network.ts'
import type { Origin } from './private-path.ts'
import { pathOf, privatePaths } from './private-path.ts'
import { valueAt } from './traffic-map.ts'

/** The NAT gateway as an end of paths of its own; undefined for a regional one, which is in no subnet. */
function natHost(network: Network, nat: NatGateway): Host | undefined {
  const { topology } = network
  const subnet = topology.subnets.get(nat.subnetId ?? '')
  if (!subnet || nat.privateIp === undefined) return undefined
  const known = topology.interfaces.get(nat.interfaceId ?? '')
  const eni: NetworkInterface = known ?? {
    id: nat.id,
    account: subnet.account,
    region: subnet.region,
    vpcId: nat.vpcId,
    subnetId: subnet.id,
    zone: subnet.zone,
    addresses: [{ address: nat.privateIp }],
    groups: [],
    attached: true,
    sourceDestCheck: false,
    deniesInternet: false,
    requesterManaged: true,
    interfaceType: 'nat_gateway',
    owner: { kind: 'nat-gateway', id: nat.id },
    resource: subnet.resource,
  }
  return { eni, address: nat.privateIp }
}

/** One way by a NAT gateway, under the address that it gives what it sends on. */
export interface Natted {
  readonly gates: readonly Gate[]
  readonly seen?: Host['address']
}

/** Both halves: to the NAT gateway, and from it by one of `onward`'s paths, whose answers come to a port that it chose. */
export function nattedGates(
  network: Network,
  source: Origin,
  id: string,
  to: Host['address'] | undefined,
  onward: (nat: Host) => readonly Path[],
): Natted[] {
  const family = familyOfHost(source.host)
  const { nat, forward, reply } = natLeg(network, source, id, to)
  if (!nat) return [{ gates: forward }]
  const host = natHost(network, nat)
  if (!host) return [{ gates: [...forward, ...natGates(nat, family), unknownGate(family, [regional(nat)])] }]
  const gates = [...forward, ...natGates(nat, family), natAddressGate(nat, host.address, family)]
  return onward(host).map((path) => ({
    gates: [...gates, ...path.gates.map(translated), ...reply],
    seen: host.address,
  }))
}

function regional(nat: NatGateway) {
  const rule = 'regional NAT gateway to private addresses'
  return { resource: nat.id, kind: 'nat-gateway', reason: 'NOT_MODELLED', rule } as const
}

/** The NAT gateways that a source's table may send an address to. */
function natsOnTheWay(network: Network, source: Origin, target: Host, family: Family): Set<string> {
  const found = network.routes.ofSubnet(source.host.eni.subnetId)
  if ('cause' in found) return new Set()
  const choice = valueAt(found.table.choices[family], target.address)
  const routes = [choice?.route, ...(choice?.others ?? [])]
  return new Set(routes.flatMap((route) => (route?.kind === 'nat' && !route.blackhole ? [route.target] : [])))
}

/** Every way by a NAT gateway, over private ground, from one interface's address to another's. */
export function nattedPaths(network: Network, source: Origin, target: Host): Path[] {
  const family = familyOfHost(source.host)
  if (family !== familyOfHost(target) || source.host.eni.subnetId === target.eni.subnetId) return []
  const onward = (host: Host): Path[] => privatePaths(network, { host }, target)
  return [...natsOnTheWay(network, source, target, family)].flatMap((id) =>
    nattedGates(network, source, id, target.address, onward).map(({ gates, ...seen }) => ({
      ...pathOf(source, target, gates),
      ...seen,
    })),
  )
}
