/**
 * The ways in which a load balancer may hand a flow to an address: listener, target group, registered target.
 * What of them was not seen stands as a way that nobody can rule out.
 */
import type { Address } from './address-set.ts'
import { familyOf, formatAddress, parseAddress } from './address-set.ts'
import type { Balancer, Listener, TargetGroup, TransportName } from './balancer-topology.ts'
import { transports } from './balancer-topology.ts'
import type { Host } from './host.ts'
import { field, number, word } from './json.ts'
import type { Network } from './network.ts'
import type { Cause } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'

/** One way that a balancer hands a flow to the target. */
export interface Handover {
  readonly balancer: Balancer
  /** Undefined where the target groups are unseen. */
  readonly group: TargetGroup | undefined
  readonly protocol: TransportName
  /** The listener's port; undefined, for each that there is, where the listeners are unseen. */
  readonly entry: number | undefined
  /** The target's port; undefined, for each that there is, where the targets are unseen. */
  readonly port: number | undefined
  readonly health: string
  /** Why it is not sure that the flow is handed over. */
  readonly cause?: Cause
}

function primary(host: Host): boolean {
  const { config } = host.eni.resource
  if ((number(field(config, 'Attachment'), 'DeviceIndex') ?? 0) !== 0) return false
  if (typeof host.address === 'bigint') return firstOf(host, 'bigint')
  const named = parseAddress(word(config, 'PrivateIpAddress'))
  return named === undefined ? firstOf(host, 'number') : named === host.address
}

function firstOf(host: Host, kind: 'number' | 'bigint'): boolean {
  return host.eni.addresses.find(({ address }) => typeof address === kind)?.address === host.address
}

function inVpc(network: Network, vpcId: string, address: Address): boolean {
  const cidrs = network.topology.vpcs.get(vpcId)?.cidrs[familyOf(address)] ?? []
  return cidrs.some(([lo, hi]) => lo <= address && address <= hi)
}

function isTarget(network: Network, group: TargetGroup, id: string, host: Host): boolean {
  const { eni, address } = host
  if (group.type === 'instance')
    return eni.owner.id === id && primary(host) && (typeof address === 'bigint') === group.ipv6
  if (group.type === 'ip') {
    const here = group.vpcId === eni.vpcId || !inVpc(network, group.vpcId, address)
    return here && parseAddress(id) === address
  }
  return group.type === 'alb' && network.balancers.byArn(id)?.id === eni.owner.id
}

const EITHER: readonly TransportName[] = ['tcp', 'udp']

function unseenGroup(balancer: Balancer, arn: string): Cause {
  return unseen(
    arn || balancer.arn,
    'target-group',
    notCollected('elasticloadbalancing:DescribeTargetGroups'),
  )
}

/** The groups that a listener may lead to, and why one of them is not sure. */
function groupsOf(network: Network, balancer: Balancer, listener: Listener): [string, Cause | undefined][] {
  const sure = listener.targetGroups.map((arn): [string, Cause | undefined] => [arn, undefined])
  const { cause } = listener
  if (!cause) return sure
  const others = network.balancers
    .groupsOf(balancer.arn)
    .filter(({ arn }) => !listener.targetGroups.includes(arn))
  const possible = others.map(({ arn }): [string, Cause | undefined] => [arn, cause])
  return possible.length > 0 ? [...sure, ...possible] : [...sure, ['', cause]]
}

function byGroup(
  network: Network,
  host: Host,
  at: Pick<Handover, 'balancer' | 'entry'>,
  protocols: readonly TransportName[],
  group: TargetGroup,
  doubt: Cause | undefined,
): Handover[] {
  const found: Handover[] = []
  const cause = doubt ? { cause: doubt } : {}
  for (const protocol of transports(group.protocol).filter((name) => protocols.includes(name))) {
    for (const { id, port, health } of group.targets) {
      if (isTarget(network, group, id, host))
        found.push({ ...at, group, protocol, port: port ?? group.port ?? at.entry, health, ...cause })
    }
    if (group.cause && group.type !== 'lambda' && group.vpcId === host.eni.vpcId)
      found.push({ ...at, group, protocol, port: undefined, health: 'unknown', cause: group.cause })
  }
  return found
}

/** Every way that a balancer may hand a flow to one address. */
export function handovers(network: Network, balancer: Balancer, host: Host): Handover[] {
  const near = balancer.vpcId === host.eni.vpcId
  const blind = (protocol: TransportName, entry: number | undefined, cause: Cause): Handover => ({
    balancer,
    group: undefined,
    protocol,
    entry,
    port: undefined,
    health: 'unknown',
    cause,
  })
  const { cause } = balancer
  if (cause) return near ? EITHER.map((protocol) => blind(protocol, undefined, cause)) : []
  return balancer.listeners.flatMap((listener) => {
    const { port: entry, protocols } = listener
    return groupsOf(network, balancer, listener).flatMap(([arn, doubt]) => {
      const group = network.balancers.group(arn)
      if (group) return byGroup(network, host, { balancer, entry }, protocols, group, doubt)
      const why = doubt ?? unseenGroup(balancer, arn)
      return near ? protocols.map((protocol) => blind(protocol, entry, why)) : []
    })
  })
}

/** The balancers that may lead to an address. */
export function balancersBefore(network: Network, host: Host): Balancer[] {
  const { balancers } = network
  const own = balancers.byId(host.eni.owner.id)
  const ids = [host.eni.owner.id, formatAddress(host.address), ...(own ? [own.arn] : [])]
  const found = new Set(ids.flatMap((id) => balancers.leadingTo(id)))
  for (const balancer of balancers.uncertainIn(host.eni.vpcId)) found.add(balancer)
  if (own) found.delete(own)
  return [...found].filter(({ type }) => type !== 'gateway')
}
