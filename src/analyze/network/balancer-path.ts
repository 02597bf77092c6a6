/**
 * Paths by load balancers: client to listener, then a second flow from the balancer's interface to the target.
 * Where the client's address is preserved, the target's groups and ACL see the client.
 * @see Elastic Load Balancing guides, "Target groups for your Network Load Balancers", "Cross-zone load balancing"
 */
import type { Address, Family } from './address-set.ts'
import { familyOf, parseAddress, parseCidr, single } from './address-set.ts'
import type { Balancer, Listener, TargetGroup, TransportName } from './balancer-topology.ts'
import { transports } from './balancer-topology.ts'
import type { Outcome } from './evaluate.ts'
import { evaluate } from './evaluate.ts'
import type { Gate, Path, Probe, Round, RoundMap } from './gate.ts'
import type { Host } from './host.ts'
import { arrival, departure, familyOfHost, hostsOf, replyArrival, replyDeparture } from './host.ts'
import { field, number, text } from './json.ts'
import { translated } from './nat.ts'
import type { Network } from './network.ts'
import type { Domains, End, Question } from './outcome.ts'
import { privatePaths } from './private-path.ts'
import type { Blocker, Cause, Hop } from './reasons.ts'
import { routeGate } from './route.ts'
import type { NetworkInterface } from './topology.ts'
import type { Traffic } from './traffic.ts'
import { intersectTraffic, isNone, NO_TRAFFIC } from './traffic.ts'
import { meet } from './traffic-map.ts'

export interface BalancerQuestion {
  readonly target: Host
  readonly question: Question
  /** The clients' addresses; undefined when the source is one interface. */
  readonly clients: Domains | undefined
  readonly source: End
  /** All ways from the source to the balancer's own address. */
  readonly legs: (entry: Host, question: Question) => Outcome[]
}

/** One way that a balancer may hand a flow to the target. */
interface Handover {
  readonly balancer: Balancer
  readonly listener: Listener
  readonly group: TargetGroup
  readonly protocol: TransportName
  /** Undefined where the targets are unseen: any port. */
  readonly port: number | undefined
  readonly health: string
  readonly cause?: Cause
}

const ANY_PORT: Traffic['tcp'] = [[0, 65_535]]

function portTraffic(protocol: TransportName, port: number | undefined): Traffic {
  return { ...NO_TRAFFIC, [protocol]: port === undefined ? ANY_PORT : [[port, port]] }
}

function primary(host: Host): boolean {
  const { config } = host.eni.resource
  const index = number(field(config, 'Attachment'), 'DeviceIndex') ?? 0
  if (index !== 0) return false
  if (typeof host.address === 'bigint') return true
  return (
    parseAddress(text(config, 'PrivateIpAddress') ?? '') === host.address ||
    host.eni.addresses[0]?.address === host.address
  )
}

function isTarget(network: Network, group: TargetGroup, id: string, host: Host): boolean {
  if (group.type === 'instance')
    return host.eni.owner.id === id && primary(host) && typeof host.address === 'number'
  if (group.type === 'ip') {
    return (
      parseAddress(id) === host.address &&
      (group.vpcId === host.eni.vpcId || !inVpc(network, group.vpcId, host.address))
    )
  }
  return group.type === 'alb' && network.balancers.byArn(id)?.id === host.eni.owner.id
}

function inVpc(network: Network, vpcId: string, address: Address): boolean {
  const cidrs = network.topology.vpcs.get(vpcId)?.cidrs[familyOf(address)] ?? []
  return cidrs.some(([lo, hi]) => lo <= address && address <= hi)
}

function handovers(network: Network, balancer: Balancer, host: Host): Handover[] {
  const found: Handover[] = []
  for (const listener of balancer.listeners) {
    for (const arn of listener.targetGroups) {
      const group = network.balancers.group(arn)
      if (!group) continue
      const shared = transports(group.protocol).filter((protocol) => listener.protocols.includes(protocol))
      for (const protocol of shared) {
        const at = { balancer, listener, group, protocol }
        for (const { id, port, health } of group.targets) {
          if (isTarget(network, group, id, host))
            found.push({ ...at, port: port ?? group.port ?? listener.port, health })
        }
        const eligible = group.type !== 'lambda' && group.vpcId === host.eni.vpcId
        if (group.cause && eligible)
          found.push({ ...at, port: undefined, health: 'unknown', cause: group.cause })
      }
    }
  }
  return found
}

function candidates(network: Network, host: Host): Balancer[] {
  const { balancers } = network
  const ids = [host.eni.owner.id, formatKey(host)]
  const own = balancers.byId(host.eni.owner.id)
  if (own) ids.push(own.arn)
  const found = new Set(ids.flatMap((id) => balancers.leadingTo(id)))
  for (const balancer of balancers.uncertainIn(host.eni.vpcId)) found.add(balancer)
  if (own) found.delete(own)
  return [...found].filter(({ type }) => type !== 'gateway')
}

function formatKey(host: Host): string {
  const { address } = host
  if (typeof address === 'bigint') return String(address)
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

/** The interfaces of a balancer; where none is seen, one that stands for it in each of its subnets. */
export function balancerInterfaces(
  network: Network,
  balancer: Balancer,
): { eni: NetworkInterface; standIn: boolean }[] {
  const seen = network.topology.interfacesOfBalancer.get(balancer.id) ?? []
  if (seen.length > 0) return seen.map((eni) => ({ eni, standIn: false }))
  return balancer.subnets.flatMap((subnetId) => {
    const subnet = network.topology.subnets.get(subnetId)
    const cidr = parseCidr(text(subnet?.resource.config, 'CidrBlock') ?? '')
    if (!subnet || typeof cidr?.lo !== 'number') return []
    const eni: NetworkInterface = {
      id: balancer.id,
      account: balancer.account,
      region: balancer.region,
      vpcId: subnet.vpcId,
      subnetId,
      zone: subnet.zone,
      addresses: [{ address: cidr.lo + 4 }],
      groups: balancer.groups,
      attached: true,
      sourceDestCheck: true,
      interfaceType: 'load_balancer',
      owner: { kind: 'load-balancer', id: balancer.id },
      resource: balancer.resource,
    }
    return [{ eni, standIn: true }]
  })
}

type ZoneState = 'open' | 'closed'

function zoneOf(balancer: Balancer, group: TargetGroup, node: NetworkInterface, host: Host): ZoneState {
  const local = host.eni.vpcId === balancer.vpcId
  if (local && balancer.zones.length > 0 && !balancer.zones.includes(host.eni.zone)) return 'closed'
  const own = group.attributes.get('load_balancing.cross_zone.enabled')
  const general = balancer.attributes.get('load_balancing.cross_zone.enabled')
  const setting = own === 'true' || own === 'false' ? own : general
  const crosses = setting === undefined ? balancer.type !== 'network' : setting === 'true'
  return crosses || !local || node.zone === host.eni.zone ? 'open' : 'closed'
}

function preserves(balancer: Balancer, group: TargetGroup, protocol: TransportName): boolean {
  if (balancer.type !== 'network') return false
  const setting = group.attributes.get('preserve_client_ip.enabled')
  if (setting !== undefined) return setting === 'true'
  return group.type === 'instance' || protocol === 'udp'
}

/** From the balancer to the target with the client's address still on the packet. */
function preservedPath(network: Network, node: Host, target: Host, domain: Path['domain']): Path {
  const family = familyOfHost(target)
  const border = node.eni.subnetId !== target.eni.subnetId
  const { topology } = network
  const route = (from: Host, to: Address, way: Gate['way']): Gate =>
    routeGate({
      topology,
      found: network.routes.ofSubnet(from.eni.subnetId),
      subnetId: from.eni.subnetId,
      family,
      way,
      to,
      target: 'local',
    })
  const peerGroups = node.eni.groups ?? []
  const gates = [
    ...departure(network, node, { peer: target.address, peerGroups: target.eni.groups ?? [], border }),
    ...(border ? [route(node, target.address, 'forward')] : []),
    ...arrival(network, target, { peer: undefined, peerGroups, border }),
    ...(border
      ? [replyDeparture(network, target, undefined), replyArrival(network, node, target.address)]
      : []),
  ]
  return { family, variable: 'source', domain, gates, fixed: target.address }
}

function secondLeg(network: Network, node: Host, target: Host, traffic: Traffic): Outcome[] {
  const family = familyOfHost(target)
  return privatePaths(network, node, target).map((path) => {
    const gates = path.gates.map((gate) => (gate.way === 'reply' ? translated(gate, family) : gate))
    return evaluate({ ...path, gates }, traffic)
  })
}

interface Join {
  readonly hand: Handover
  readonly first: Outcome
  readonly second: Outcome
  readonly passing: Traffic
  /** The second leg is asked by the client's address. */
  readonly preserved: boolean
  readonly node: Host
  readonly cause?: Cause
}

function joinRounds({ first, second, passing, preserved, hand }: Join, bound: 'must' | 'may'): RoundMap {
  const whole = second[bound][0]?.value
  const portsBack = (round: Round): Traffic => ({ ...NO_TRAFFIC, [hand.protocol]: round.back[hand.protocol] })
  if (!preserved) {
    if (!whole) return []
    const there = intersectTraffic(whole.there, passing)
    if (isNone(there)) return []
    return first[bound].map(({ lo, hi, value }) => ({ lo, hi, value: { there, back: portsBack(value) } }))
  }
  return meet(
    first[bound],
    second[bound],
    (client, target): Round | undefined => {
      const there = intersectTraffic(target.there, passing)
      const back = intersectTraffic(portsBack(client), target.back)
      return isNone(there) || isNone(back) ? undefined : { there, back }
    },
    (a, b) => a === b,
  )
}

function balancerHops({ hand }: Join): Hop[] {
  const { balancer, listener, group, health } = hand
  const port = hand.port === undefined ? 'a port not seen' : String(hand.port)
  return [
    {
      resource: balancer.arn,
      kind: 'load-balancer',
      decision: 'forward',
      detail: `listener ${hand.protocol} ${listener.port}`,
    },
    {
      resource: group.arn,
      kind: 'target-group',
      decision: 'forward',
      detail: `${group.name} → ${port} (${health})`,
    },
  ]
}

function joined(join: Join): Outcome {
  const { first, second, hand, node, preserved } = join
  const causes = [...(join.cause ? [join.cause] : []), ...(hand.cause ? [hand.cause] : [])]
  const doubtful = causes.length > 0
  const entry = (probe: Probe): Probe => ({ ...probe, port: hand.listener.port })
  const inner = (probe: Probe): Probe => (preserved ? probe : { ...probe, remote: node.address })
  return {
    family: first.family,
    variable: 'source',
    must: doubtful ? [] : joinRounds(join, 'must'),
    may: joinRounds(join, 'may'),
    via: hand.balancer.arn,
    causes: [...causes, ...first.causes, ...second.causes],
    blockers: () => (first.may.length === 0 ? first.blockers() : second.blockers()),
    hops: (probe, way) =>
      way === 'forward'
        ? [...first.hops(entry(probe), way), ...balancerHops(join), ...second.hops(inner(probe), way)]
        : [...second.hops(inner(probe), way), ...first.hops(entry(probe), way)],
    packet: (probe) => first.packet(entry(probe)),
  }
}

function blocked(family: Family, via: string, blockers: readonly Blocker[]): Outcome {
  return {
    family,
    variable: 'source',
    must: [],
    may: [],
    via,
    causes: [],
    blockers: () => blockers,
    hops: () => [],
    packet: (probe) => ({ srcIp: probe.remote, dstIp: probe.remote, probe }),
  }
}

function byHandover(network: Network, asked: BalancerQuestion, hand: Handover): Outcome[] {
  const { target, question } = asked
  const family = familyOfHost(target)
  const passing = intersectTraffic(question[family], portTraffic(hand.protocol, hand.port))
  if (isNone(passing)) return []
  const entryTraffic = portTraffic(hand.protocol, hand.listener.port)
  const outcomes: Outcome[] = []
  for (const { eni, standIn } of balancerInterfaces(network, hand.balancer)) {
    if (zoneOf(hand.balancer, hand.group, eni, target) === 'closed') {
      const at = { resource: hand.balancer.arn, kind: 'load-balancer' as const }
      outcomes.push(
        blocked(family, hand.balancer.arn, [{ ...at, reason: 'ZONE_NOT_ENABLED', rule: target.eni.zone }]),
      )
      continue
    }
    const nodes = hostsOf(eni)
    const inner = nodes.find((node) => familyOfHost(node) === family)
    if (!inner) continue
    for (const outer of nodes) {
      for (const first of asked.legs(outer, { 4: entryTraffic, 6: entryTraffic })) {
        outcomes.push(...second(network, asked, hand, inner, first, passing, standIn))
      }
    }
  }
  return outcomes
}

function second(
  network: Network,
  asked: BalancerQuestion,
  hand: Handover,
  inner: Host,
  first: Outcome,
  passing: Traffic,
  standIn: boolean,
): Outcome[] {
  const { target, clients, source } = asked
  const family = familyOfHost(target)
  const preserved =
    preserves(hand.balancer, hand.group, hand.protocol) &&
    first.family === family &&
    target.eni.vpcId === inner.eni.vpcId
  const operation = 'ec2:DescribeNetworkInterfaces'
  const cause: Cause | undefined = standIn
    ? {
        resource: hand.balancer.arn,
        kind: 'load-balancer',
        reason: 'NOT_COLLECTED',
        missing: { operation, outcome: 'not-collected', permission: operation },
      }
    : undefined
  const join = { hand, first, passing, node: inner, preserved, ...(cause ? { cause } : {}) }
  if (!preserved) {
    return secondLeg(network, inner, target, passing).map((leg) => joined({ ...join, second: leg }))
  }
  const domain = clients ? clients[family] : source.kind === 'host' ? single(source.host.address) : []
  const leg = evaluate(preservedPath(network, inner, target, domain), passing)
  return [joined({ ...join, second: leg })]
}

export function balancerOutcomes(network: Network, asked: BalancerQuestion): Outcome[] {
  return candidates(network, asked.target).flatMap((balancer) =>
    handovers(network, balancer, asked.target).flatMap((hand) => byHandover(network, asked, hand)),
  )
}
