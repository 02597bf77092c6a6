/** The two ends of a path: an interface's address, its state, its groups and its subnet's ACL. */
import type { Address, Family } from './address-set.ts'
import { familyOf, formatAddress } from './address-set.ts'
import type { Gate, Probe } from './gate.ts'
import { closedGate, openGate, unknownGate } from './gate.ts'
import type { NetworkInterface } from './interface.ts'
import { field, text } from './json.ts'
import { naclGate } from './nacl.ts'
import type { Network } from './network.ts'
import type { HopKind } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'
import type { Peer } from './security-group.ts'
import { securityGroupGate } from './security-group.ts'
import type { Traffic } from './traffic.ts'
import { icmpProtocol, NO_TRAFFIC, uniteTraffic } from './traffic.ts'

/** One address of one interface. */
export interface Host {
  readonly eni: NetworkInterface
  readonly address: Address
  readonly publicIp?: Address
}

export function hostsOf(eni: NetworkInterface): Host[] {
  return eni.addresses.map((address) => ({ eni, ...address }))
}

export function familyOfHost(host: Host): Family {
  return familyOf(host.address)
}

const GROUPLESS: ReadonlySet<string> = new Set([
  'load-balancer',
  'nat-gateway',
  'transit-gateway',
  'endpoint',
])

/** Interfaces that AWS's services run without groups: nothing filters there. */
export function unfiltered(eni: NetworkInterface): boolean {
  if (eni.groups === undefined || eni.groups.length > 0) return false
  return eni.requesterManaged || GROUPLESS.has(eni.owner.kind)
}

function instanceGates(network: Network, eni: NetworkInterface, family: Family): Gate[] {
  const { topology } = network
  const instance = topology.resource('AWS::EC2::Instance', eni.owner.id)
  const id = eni.owner.id
  if (!instance) {
    const missing = topology.missing('AWS::EC2::Instance', eni)[0]
    return missing ? [unknownGate(family, [unseen(id, 'instance', missing)])] : []
  }
  const state = text(field(instance.config, 'State'), 'Name')
  if (state === 'running') return []
  if (state === undefined) {
    return [unknownGate(family, [unseen(id, 'instance', notCollected('ec2:DescribeInstances'))])]
  }
  return [closedGate([{ resource: id, kind: 'instance', reason: 'INSTANCE_NOT_RUNNING', rule: state }], true)]
}

/** Whether anything is there at all: attached, running. */
export function stateGates(network: Network, eni: NetworkInterface, family: Family): Gate[] {
  const gates: Gate[] = []
  if (!eni.attached) {
    gates.push(
      closedGate([{ resource: eni.id, kind: 'network-interface', reason: 'INTERFACE_NOT_ATTACHED' }]),
    )
  }
  if (eni.owner.kind === 'instance') gates.push(...instanceGates(network, eni, family))
  return gates
}

function listenerTraffic(network: Network, eni: NetworkInterface): Traffic | undefined {
  const balancer = network.balancers.byId(eni.owner.id)
  if (!balancer || balancer.type === 'gateway') return undefined
  let traffic: Traffic = NO_TRAFFIC
  for (const { port, protocols } of balancer.listeners) {
    for (const protocol of protocols)
      traffic = uniteTraffic(traffic, { ...NO_TRAFFIC, [protocol]: [[port, port]] })
  }
  return traffic
}

function balancerGates(network: Network, eni: NetworkInterface, family: Family): Gate[] {
  const balancer = network.balancers.byId(eni.owner.id)
  const traffic = listenerTraffic(network, eni)
  if (!balancer || !traffic) return []
  if (balancer.cause) return [unknownGate(family, [balancer.cause])]
  return [
    {
      way: 'forward',
      must: traffic,
      may: traffic,
      causes: [],
      hops: () => [],
      blockers: () => [{ resource: balancer.arn, kind: 'load-balancer', reason: 'NO_LISTENER' }],
    },
  ]
}

/** What of an interface answers: a load balancer its listeners, a NAT gateway nobody. */
function serviceGates(network: Network, eni: NetworkInterface, family: Family): Gate[] {
  const { kind, id } = eni.owner
  if (kind === 'nat-gateway') {
    return [closedGate([{ resource: id || eni.id, kind: 'nat-gateway', reason: 'NAT_IS_OUTBOUND_ONLY' }])]
  }
  const gatewayEndpoint = eni.interfaceType === 'gateway_load_balancer_endpoint'
  if (kind === 'transit-gateway' || gatewayEndpoint || eni.interfaceType === 'gateway_load_balancer') {
    return [closedGate([{ resource: eni.id, kind: 'network-interface', reason: 'NO_LISTENER' }])]
  }
  return kind === 'load-balancer' ? balancerGates(network, eni, family) : []
}

export interface Crossing {
  /** The far end's address as this subnet's ACL sees it; undefined when the path leaves it open. */
  readonly peer: Address | undefined
  /** The groups that a rule may know the far end by, and over which peering. */
  readonly peerGroups: readonly string[]
  readonly peering?: string
  /** Whether the subnet's border is crossed at all. */
  readonly border: boolean
}

function peerOf({ peer, peerGroups, peering }: Crossing): Peer {
  return {
    groups: peerGroups,
    ...(peer === undefined ? {} : { address: peer }),
    ...(peering === undefined ? {} : { peering }),
  }
}

/** Out of an interface and its subnet, on the way there. */
export function departure(network: Network, host: Host, crossing: Crossing): Gate[] {
  const { eni } = host
  const family = familyOfHost(host)
  const gates = stateGates(network, eni, family)
  gates.push(openGate(family, [{ ...endHop(host), decision: 'forward' }]))
  if (!unfiltered(eni)) {
    gates.push(securityGroupGate(network.groups, eni, 'egress', family, peerOf(crossing)))
  }
  if (crossing.border) {
    gates.push(naclGate(network.acls, eni.subnetId, 'egress', 'forward', family, crossing.peer))
  }
  return gates
}

/** Into a subnet and an interface, on the way there. */
export function arrival(network: Network, host: Host, crossing: Crossing): Gate[] {
  const { eni } = host
  const family = familyOfHost(host)
  const gates = stateGates(network, eni, family)
  if (crossing.border) {
    gates.push(naclGate(network.acls, eni.subnetId, 'ingress', 'forward', family, crossing.peer))
  }
  if (!unfiltered(eni)) {
    gates.push(securityGroupGate(network.groups, eni, 'ingress', family, peerOf(crossing)))
  }
  gates.push(...serviceGates(network, eni, family))
  gates.push(deliveryGate(host))
  return gates
}

function deliveryGate(host: Host): Gate {
  const family = familyOfHost(host)
  const gate = openGate(family, [])
  return {
    ...gate,
    hops: (probe) => [{ ...endHop(host), decision: 'deliver', detail: socket(host.address, probe) }],
  }
}

/** `10.0.1.5:22/tcp`, `[2001:db8::5]:443/tcp`, `10.0.1.5/icmp 8:0`. */
export function socket(address: Address, { protocol, port }: Pick<Probe, 'protocol' | 'port'>): string {
  const host = formatAddress(address)
  if (protocol === 6 || protocol === 17) {
    const name = protocol === 6 ? 'tcp' : 'udp'
    return `${typeof address === 'bigint' ? `[${host}]` : host}:${port}/${name}`
  }
  if (protocol === icmpProtocol(familyOf(address))) return `${host}/icmp ${port >> 8}:${port & 255}`
  return `${host}/${protocol}`
}

/** The reply out of the destination's subnet. */
export function replyDeparture(network: Network, host: Host, peer: Address | undefined): Gate {
  return naclGate(network.acls, host.eni.subnetId, 'egress', 'reply', familyOfHost(host), peer)
}

/** The reply into the source's subnet. */
export function replyArrival(network: Network, host: Host, peer: Address | undefined): Gate {
  return naclGate(network.acls, host.eni.subnetId, 'ingress', 'reply', familyOfHost(host), peer)
}

function endHop(host: Host): { resource: string; kind: HopKind; detail: string } {
  return { resource: host.eni.id, kind: 'network-interface', detail: formatAddress(host.address) }
}
