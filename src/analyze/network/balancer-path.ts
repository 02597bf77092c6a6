/**
 * Paths by load balancers: client to listener, then a second flow from the balancer's interface to the target.
 * Where the client's address is preserved, the target's groups and ACL see the client.
 * @see Elastic Load Balancing guides, "Target groups for your Network Load Balancers", "Cross-zone load balancing"
 */
import type { Family } from './address-set.ts'
import { parseCidr, single } from './address-set.ts'
import type { Handover } from './balancer-target.ts'
import { balancersBefore, handovers } from './balancer-target.ts'
import type { Balancer, TransportName } from './balancer-topology.ts'
import type { Outcome } from './evaluate.ts'
import { counting, evaluate, sameRound } from './evaluate.ts'
import type { Gate, Path, Probe, Round, RoundMap } from './gate.ts'
import { translated, unknownGate } from './gate.ts'
import type { Host } from './host.ts'
import { arrival, departure, familyOfHost, hostsOf, replyArrival, replyDeparture } from './host.ts'
import type { NetworkInterface } from './interface.ts'
import { text, word } from './json.ts'
import type { Network } from './network.ts'
import { privatePaths } from './private-path.ts'
import type { Question } from './question.ts'
import type { Blocker, Cause, Hop } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'
import { routeGate } from './route.ts'
import type { Traffic } from './traffic.ts'
import { intersectTraffic, isNone, NO_TRAFFIC } from './traffic.ts'
import { everywhere, meet, valueAt } from './traffic-map.ts'

export interface BalancerQuestion {
  readonly target: Host
  readonly question: Question
  /** All ways from the source to the balancer's own address. */
  readonly legs: (entry: Host, question: Question) => Outcome[]
}

const ANY_PORT: Traffic['tcp'] = [[0, 65_535]]

function portTraffic(protocol: TransportName, port: number | undefined): Traffic {
  return { ...NO_TRAFFIC, [protocol]: port === undefined ? ANY_PORT : [[port, port]] }
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
    const cidr = parseCidr(word(subnet?.resource.config, 'CidrBlock'))
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
      deniesInternet: false,
      requesterManaged: true,
      interfaceType: 'load_balancer',
      owner: { kind: 'load-balancer', id: balancer.id },
      resource: balancer.resource,
    }
    return [{ eni, standIn: true }]
  })
}

function crossesZones({ balancer, group }: Handover): boolean {
  const own = group?.attributes.get('load_balancing.cross_zone.enabled')
  const general = balancer.attributes.get('load_balancing.cross_zone.enabled')
  const setting = own === 'true' || own === 'false' ? own : general
  return setting === undefined ? balancer.type !== 'network' : setting === 'true'
}

/** Targets in a zone that the balancer does not have get nothing; without cross-zone only those of the node's own. */
function zoneServed(hand: Handover, node: NetworkInterface, host: Host): boolean {
  const { balancer } = hand
  if (host.eni.vpcId !== balancer.vpcId || hand.group === undefined) return true
  if (balancer.zones.length > 0 && !balancer.zones.includes(host.eni.zone)) return false
  return crossesZones(hand) || node.zone === host.eni.zone
}

/** The target sees the client's address, not the balancer's. */
function preserves({ balancer, group }: Handover): boolean {
  if (balancer.type !== 'network' || !group) return false
  if (/UDP|QUIC/.test(group.protocol)) return true
  const setting = group.attributes.get('preserve_client_ip.enabled')
  return setting === undefined ? group.type === 'instance' : setting === 'true'
}

/** From the balancer's subnet to the target's; how one in a peered VPC answers a stranger's address is not modelled. */
function preservedRoute(network: Network, { balancer }: Handover, node: Host, target: Host): Gate {
  const family = familyOfHost(target)
  const { subnetId, vpcId } = node.eni
  if (target.eni.vpcId !== vpcId) {
    const rule = 'client addresses preserved into a peered VPC'
    return unknownGate(family, [
      { resource: balancer.arn, kind: 'load-balancer', reason: 'NOT_MODELLED', rule },
    ])
  }
  return routeGate({
    topology: network.topology,
    found: network.routes.ofSubnet(subnetId),
    subnetId,
    family,
    way: 'forward',
    to: target.address,
    target: 'local',
  })
}

/** From the balancer to the target with the client's address still on the packet. */
function preservedPath(network: Network, hand: Handover, node: Host, target: Host, client: Client): Path {
  const family = familyOfHost(target)
  const border = node.eni.subnetId !== target.eni.subnetId
  const peerGroups = node.eni.groups ?? []
  const gates = [
    ...departure(network, node, { peer: target.address, peerGroups: target.eni.groups ?? [], border }),
    ...(border ? [preservedRoute(network, hand, node, target)] : []),
    ...arrival(network, target, { peer: undefined, peerGroups, border }),
    ...(border
      ? [replyDeparture(network, target, undefined), replyArrival(network, node, target.address)]
      : []),
  ]
  return { family, variable: 'source', ...client, gates, fixed: target.address }
}

function secondLeg(network: Network, node: Host, target: Host, traffic: Traffic): Outcome[] {
  return privatePaths(network, { host: node }, target).map((path) =>
    evaluate({ ...path, gates: path.gates.map(translated) }, traffic),
  )
}

/** The addresses that a target with client addresses preserved may see. */
type Client = Pick<Path, 'domain' | 'except'>

interface Join {
  readonly hand: Handover
  readonly first: Outcome
  readonly second: Outcome
  readonly passing: Traffic
  /** The second leg is asked by the client's address. */
  readonly preserved: boolean
  readonly node: Host
  readonly causes: readonly Cause[]
}

/** What the target lets pass, by the address that the client has rather than the one that the target sees. */
function asClients(first: Outcome, rounds: RoundMap): RoundMap {
  const value = first.seen === undefined ? undefined : valueAt(rounds, first.seen)
  if (first.seen === undefined) return rounds
  return value ? everywhere(first.domain, value) : []
}

function joinRounds({ first, second, passing, preserved, hand }: Join, bound: 'must' | 'may'): RoundMap {
  const whole = second[bound][0]?.value
  const portsBack = (round: Round): Traffic => ({ ...NO_TRAFFIC, [hand.protocol]: round.back[hand.protocol] })
  if (!preserved) {
    const there = whole ? intersectTraffic(whole.there, passing) : NO_TRAFFIC
    if (isNone(there)) return []
    return first[bound].map(({ lo, hi, value }) => ({ lo, hi, value: { there, back: portsBack(value) } }))
  }
  const rounds = meet(
    first[bound],
    asClients(first, second[bound]),
    (client, target): Round | undefined => {
      const there = intersectTraffic(target.there, passing)
      const back = intersectTraffic(portsBack(client), target.back)
      // The port that a NAT gateway takes for the client is one and the same on both legs.
      const isClosed = client.chosen && target.chosen && noneOf(hand, client.chosen, target.chosen)
      return isClosed || isNone(there) || isNone(back) ? undefined : { there, back }
    },
    sameRound,
  )
  return counting(rounds, first.except)
}

const noneOf = ({ protocol }: Handover, a: Traffic, b: Traffic): boolean =>
  intersectTraffic(a, b)[protocol].length === 0

/** Told of what surely passes alone: then both ports were seen. */
function balancerHops({ hand }: Join): Hop[] {
  const { balancer, group, health } = hand
  const hop = (resource: string, kind: Hop['kind'], detail: string): Hop => ({
    resource,
    kind,
    decision: 'forward',
    detail,
  })
  return [
    hop(balancer.arn, 'load-balancer', `listener ${hand.protocol} ${hand.entry}`),
    ...(group ? [hop(group.arn, 'target-group', `${group.name} → ${hand.port} (${health})`)] : []),
  ]
}

function joined(join: Join): Outcome {
  const { first, second, hand, node, preserved, causes } = join
  const entry = (probe: Probe): Probe => ({ ...probe, port: hand.entry ?? probe.port })
  const inner = (probe: Probe): Probe =>
    preserved ? { ...probe, remote: first.seen ?? probe.remote } : { ...probe, remote: node.address }
  const may = joinRounds(join, 'may')
  return {
    family: first.family,
    variable: 'source',
    domain: first.domain,
    ...(first.except ? { except: first.except } : {}),
    must: causes.length > 0 ? [] : joinRounds(join, 'must'),
    may,
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

function notServed({ balancer }: Handover, target: Host): Outcome {
  const blocker: Blocker = {
    resource: balancer.arn,
    kind: 'load-balancer',
    reason: 'ZONE_NOT_ENABLED',
    rule: target.eni.zone,
  }
  return {
    family: familyOfHost(target),
    variable: 'source',
    domain: [],
    must: [],
    may: [],
    via: balancer.arn,
    causes: [],
    blockers: () => [blocker],
    hops: () => [],
    packet: (probe) => ({ srcIp: probe.remote, dstIp: probe.remote, probe }),
  }
}

function ofFamily(nodes: readonly Host[], family: Family): Host | undefined {
  return nodes.find((node) => familyOfHost(node) === family)
}

/** What is not known of the first half: the balancer's interface, or whether its groups filter what PrivateLink brings. */
function doubts(network: Network, hand: Handover, standIn: boolean, privateLink: boolean): Cause[] {
  const at = { resource: hand.balancer.arn, kind: 'load-balancer' as const }
  const causes = hand.cause ? [hand.cause] : []
  if (standIn) {
    const missing = network.topology.missing('AWS::EC2::NetworkInterface', hand.balancer)[0]
    const unlisted = missing ?? notCollected('ec2:DescribeNetworkInterfaces')
    causes.push(unseen(at.resource, at.kind, unlisted))
  }
  const setting = text(hand.balancer.resource.config, 'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic')
  if (privateLink && hand.balancer.groups.length > 0 && setting !== 'off') {
    causes.push({ ...at, reason: 'NOT_MODELLED', rule: 'security groups on PrivateLink traffic' })
  }
  return causes
}

function byHandover(network: Network, asked: BalancerQuestion, hand: Handover): Outcome[] {
  const { target, question } = asked
  const family = familyOfHost(target)
  const passing = intersectTraffic(question[family], portTraffic(hand.protocol, hand.port))
  if (isNone(passing)) return []
  const traffic = portTraffic(hand.protocol, hand.entry)
  const entry: Question = { 4: traffic, 6: traffic }
  return balancerInterfaces(network, hand.balancer).flatMap(({ eni, standIn }) => {
    if (!zoneServed(hand, eni, target)) return [notServed(hand, target)]
    const nodes = hostsOf(eni)
    const node = ofFamily(nodes, family)
    if (!node) return []
    const through =
      (privateLink: boolean) =>
      (first: Outcome): Outcome[] =>
        handedOver(network, asked, {
          hand,
          first,
          passing,
          node,
          preserved: preserves(hand) && first.family === family && !privateLink,
          causes: doubts(network, hand, standIn, privateLink),
        })
    const endpoints = hand.balancer.endpoints.flatMap(hostsOf)
    return [
      ...nodes.flatMap((outer) => asked.legs(outer, entry).flatMap(through(false))),
      ...endpoints.flatMap((outer) => asked.legs(outer, entry).flatMap(through(true))),
    ]
  })
}

function handedOver(network: Network, asked: BalancerQuestion, join: Omit<Join, 'second'>): Outcome[] {
  const { target } = asked
  const { node, first, passing } = join
  if (!join.preserved) {
    return secondLeg(network, node, target, passing).map((second) => joined({ ...join, second }))
  }
  const { seen, except } = first
  const client =
    seen === undefined ? { domain: first.domain, ...(except ? { except } : {}) } : { domain: single(seen) }
  const path = preservedPath(network, join.hand, node, target, client)
  const gates = first.ported ? path.gates.map(translated) : path.gates
  const second = evaluate({ ...path, gates }, passing)
  return [joined({ ...join, second })]
}

/** Every way to an address by a load balancer. */
export function balancerOutcomes(network: Network, asked: BalancerQuestion): Outcome[] {
  return balancersBefore(network, asked.target).flatMap((balancer) =>
    handovers(network, balancer, asked.target).flatMap((hand) => byHandover(network, asked, hand)),
  )
}
