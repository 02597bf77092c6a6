/**
 * Who inside reaches an interface. Sources that nothing on the way tells apart (one subnet, the same groups) are asked as
 * one set of addresses, so that a target costs a path for each such class and not for each interface.
 */
import type { JsonObject, Resource } from '../../snapshot/model.ts'
import type { Address, AddressSet, Family } from './address-set.ts'
import { familyOf } from './address-set.ts'
import type { Outcome } from './evaluate.ts'
import { evaluate } from './evaluate.ts'
import { portsOf } from './fact-rows.ts'
import type { Host } from './host.ts'
import { hostsOf, stateGates } from './host.ts'
import type { NetworkInterface } from './interface.ts'
import { setOf } from './interval-set.ts'
import { nattedPaths } from './nat-path.ts'
import type { Network } from './network.ts'
import type { Origin } from './private-path.ts'
import { peeringsOf, peerOf, privatePaths } from './private-path.ts'
import type { Cause } from './reasons.ts'
import { unseen } from './reasons.ts'
import { allTraffic } from './traffic.ts'

/** Addresses of one family that every path treats alike, and whose they are. */
interface SourceClass {
  readonly origin: Origin
  readonly family: Family
  readonly members: readonly { readonly eni: NetworkInterface; readonly address: Address }[]
}

function classKey({ eni, address }: Host): string {
  const groups = eni.groups ? [...eni.groups].sort().join() : `?${eni.id}`
  return `${eni.subnetId}|${eni.zone}|${groups}|${familyOf(address)}|${eni.owner.kind === 'nat-gateway'}`
}

/** A stopped instance, or an interface that is attached to nothing, starts no flow. */
function starts(network: Network, host: Host): boolean {
  // A gate whose state is known and closed has nothing unseen about it; one that nobody can tell stays in.
  return stateGates(network, host.eni, familyOf(host.address)).every(({ causes }) => causes.length > 0)
}

export interface Tiers {
  /** Each interface that reaches the target, with what it reaches; its own interface is left out. */
  peersOf(target: NetworkInterface, from?: string): readonly Peer[]
  causesOf(target: NetworkInterface): readonly Cause[]
}

export interface Peer {
  readonly eni: NetworkInterface
  readonly address: Address
  readonly host: Host
  readonly outcome: Outcome
}

/** Lists without which nobody knows who else there is. */
const NEIGHBOURS = [
  'AWS::EC2::NetworkInterface',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCPeeringConnection',
  'AWS::EC2::TransitGatewayAttachment',
]

export function readTiers(network: Network): Tiers {
  const classes = new Map<string, readonly SourceClass[]>()
  const classesOf = (vpcId: string): readonly SourceClass[] => {
    const known = classes.get(vpcId)
    if (known) return known
    const made = makeClasses(network, vpcId)
    classes.set(vpcId, made)
    return made
  }
  const reached = new Map<
    string,
    readonly { source: SourceClass; host: Host; outcomes: readonly Outcome[] }[]
  >()
  const outcomesAt = (target: NetworkInterface) => {
    const known = reached.get(target.id)
    if (known) return known
    const sources = neighbours(network, target.vpcId).flatMap(classesOf)
    const made = hostsOf(target).flatMap((host) =>
      sources
        .filter(({ family }) => family === familyOf(host.address))
        .map((source) => ({ source, host, outcomes: waysTo(network, source, host) })),
    )
    reached.set(target.id, made)
    return made
  }
  return {
    peersOf: (target, from) =>
      outcomesAt(target).flatMap(({ source, host, outcomes }) =>
        source.members
          .filter(({ eni }) => eni.id !== target.id && (from === undefined || eni.vpcId === from))
          .flatMap(({ eni, address }) =>
            outcomes
              .filter(({ must }) => must.some(({ lo, hi }) => lo <= address && address <= hi))
              .map((outcome) => ({ eni, address, host, outcome })),
          ),
      ),
    causesOf: (target) => [
      ...NEIGHBOURS.flatMap((type) =>
        network.topology.missing(type, target).map((one) => unseen(target.id, 'network-interface', one)),
      ),
      ...outcomesAt(target).flatMap(({ outcomes }) =>
        outcomes.filter(({ may }) => may.length > 0).flatMap(({ causes }) => causes),
      ),
    ],
  }
}

function makeClasses(network: Network, vpcId: string): SourceClass[] {
  const found = new Map<string, Host[]>()
  for (const eni of network.topology.interfacesOfVpc.get(vpcId) ?? []) {
    if (eni.owner.kind === 'transit-gateway') continue
    for (const host of hostsOf(eni)) {
      if (!starts(network, host)) continue
      const known = found.get(classKey(host))
      if (known) known.push(host)
      else found.set(classKey(host), [host])
    }
  }
  return [...found.values()].flatMap((hosts) => {
    const [host] = hosts
    if (!host) return []
    const addresses: AddressSet = setOf(hosts.map(({ address }) => [address, address] as const))
    const origin: Origin = hosts.length > 1 ? { host, addresses } : { host }
    const members = hosts.map(({ eni, address }) => ({ eni, address }))
    return [{ origin, family: familyOf(host.address), members }]
  })
}

/** The VPC itself, those peered with it, and those at the same transit gateways. */
function neighbours(network: Network, vpcId: string): string[] {
  const found = new Set([vpcId])
  for (const peering of peeringsOf(network, vpcId)) found.add(peerOf(peering, vpcId))
  for (const gateway of network.transit.gatewaysOf(vpcId)) {
    for (const { type, resourceId } of network.transit.ofGateway(gateway))
      if (type === 'vpc') found.add(resourceId)
  }
  return [...found].filter((id) => id === vpcId || network.topology.vpcs.has(id))
}

function waysTo(network: Network, { origin, family }: SourceClass, host: Host): Outcome[] {
  const paths = [...privatePaths(network, origin, host), ...nattedPaths(network, origin, host)]
  return paths.map((path) => evaluate(path, allTraffic(family)))
}

/** A tag named `constructor` would hide from an expression what the object is. */
function tagsOf({ tags }: Resource): JsonObject {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== 'constructor'))
}

/** An interface that reaches another, with the tags of what it belongs to: a row for each range of ports. */
export function peerRows(network: Network, { eni, address, host, outcome }: Peer): JsonObject[] {
  const step = outcome.must.find(({ lo, hi }) => lo <= address && address <= hi)
  if (!step) return []
  const instance = network.topology.resource('AWS::EC2::Instance', eni.owner.id)
  const owner = eni.owner.kind === 'instance' && instance ? instance : eni.resource
  return portsOf(outcome.family, step.value.there).map(({ protocol, from, to }) => ({
    interface: eni.id,
    owner: eni.owner.id,
    kind: eni.owner.kind,
    tags: { ...tagsOf(eni.resource), ...tagsOf(owner) },
    groups: [...(eni.groups ?? [])],
    subnet: eni.subnetId,
    vpc: eni.vpcId,
    account: eni.account,
    target: host.eni.id,
    protocol,
    from,
    to,
  }))
}
