/**
 * The brute-force packet walker: one concrete packet and its reply through a snapshot, no sets anywhere.
 * Written apart from the engine, from AWS's guides alone; its verdict is what the engine's algebra is held to.
 */
import type { Snapshot } from '../../../../src/snapshot/model.ts'
import { type Address, isPublic, parseAddress, same } from './address.ts'
import { aclAllows, groupsAllow, protocolNumber, type Wire, wayOut } from './gates.ts'
import { emit, enterFromInternet, enterFromTransitVpn, enterFromVpn, type Stop, type Trip } from './travel.ts'
import { child, has, type Interface, items, number, text, type World, worldOf } from './world.ts'

export interface Packet {
  readonly srcIp: string
  readonly srcPort: number
  readonly dstIp: string
  readonly dstPort: number
  /** `tcp`, `udp`, `icmp`, `icmpv6` or a number. */
  readonly protocol: string
  readonly icmpType?: number
  readonly icmpCode?: number
}

export type Start =
  | { readonly kind: 'internet' }
  | { readonly kind: 'interface'; readonly id: string }
  /** The far side of a VPN: its virtual private gateway, or its transit gateway attachment. */
  | { readonly kind: 'gateway'; readonly id: string }

export interface WalkOptions {
  /** An interface behind a balancer: delivery at the balancer is followed to this target, else it ends there. */
  readonly target?: string
}

export interface Walk {
  readonly delivered: boolean
  /** The interface where it ended, `internet` or the gateway to a far network. */
  readonly to?: string
  /** The balancer that it came by. */
  readonly via?: string
  /** The target's own port, where it came by a balancer. */
  readonly port?: number
  readonly reason?: string
  readonly replyDelivered: boolean
  /** The network ACLs that it passed on its way there, where it came by no balancer. */
  readonly acls?: readonly string[]
}

/** Whether a flow of one packet each way works, and what stopped it. */
interface Flow {
  readonly stop: Stop
  readonly replied: boolean
  /** The network ACLs that let the packet pass on its way there, in their order. */
  readonly acls: readonly string[]
  readonly replyReason?: string
}

/**
 * ICMP requests and the type that answers them (RFC 792, 950, 1256; RFC 4443, 4861). A reachable flow is one whose answer
 * comes back, so a message that none answers is taken to be answered in kind.
 */
const ANSWERS: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  1: { 8: 0, 10: 9, 13: 14, 15: 16, 17: 18 },
  58: { 128: 129, 133: 134, 135: 136 },
}

function answerTo(wire: Wire): Wire {
  const back = { ...wire, src: wire.dst, dst: wire.src, srcPort: wire.dstPort, dstPort: wire.srcPort }
  return { ...back, icmpType: ANSWERS[wire.protocol]?.[wire.icmpType] ?? wire.icmpType }
}

function trip(world: World, natPort: number, forward?: Trip): Trip {
  return {
    world,
    reply: forward !== undefined,
    natPort,
    translations: forward ? [...forward.translations] : [],
    egressOnly: forward ? forward.egressOnly : new Set(),
    acls: [],
    hops: 0,
  }
}

/** The flow's end at an interface: attached, running, let in by its groups. */
function accepted(world: World, stop: Stop): Stop {
  if (stop.kind !== 'interface') return stop
  if (!stop.eni.attached) return { kind: 'dropped', reason: 'INTERFACE_NOT_ATTACHED' }
  if (!stop.eni.running) return { kind: 'dropped', reason: 'INSTANCE_NOT_RUNNING' }
  if (!groupsAllow(world, stop.eni, stop.wire, 'ingress', stop.by))
    return { kind: 'dropped', reason: 'SG_NO_INGRESS' }
  return stop
}

function depart(world: World, forward: Trip, wire: Wire, start: Start): Stop {
  if (start.kind === 'gateway') {
    const enter = start.id.startsWith('vgw-') ? enterFromVpn : enterFromTransitVpn
    return enter(forward, wire, start.id)
  }
  if (start.kind === 'internet') {
    if (!isPublic(wire.src)) return { kind: 'dropped', reason: 'ADDRESS_NOT_FOUND' }
    return enterFromInternet(forward, wire)
  }
  const eni = world.byInterface.get(start.id)
  if (!eni || !has(eni, wire.src)) return { kind: 'dropped', reason: 'ADDRESS_NOT_FOUND' }
  if (!eni.attached) return { kind: 'dropped', reason: 'INTERFACE_NOT_ATTACHED' }
  if (!eni.running) return { kind: 'dropped', reason: 'INSTANCE_NOT_RUNNING' }
  if (!groupsAllow(world, eni, wire, 'egress', wayOut(world, eni, wire.dst)))
    return { kind: 'dropped', reason: 'SG_NO_EGRESS' }
  return emit(forward, wire, { vpc: eni.vpc, subnet: eni.subnet, sender: 'interface' })
}

/** Sends the answer from where the flow ended and says where it got. */
function answer(world: World, forward: Trip, stop: Stop, natPort: number): Stop {
  if (stop.kind === 'dropped') return stop
  const wire = answerTo(stop.wire)
  const back = trip(world, natPort, forward)
  if (stop.kind === 'internet') return enterFromInternet(back, wire)
  if (stop.kind === 'far')
    return stop.gateway.startsWith('vgw-')
      ? enterFromVpn(back, wire, stop.gateway)
      : enterFromTransitVpn(back, wire, stop.gateway)
  return emit(back, wire, { vpc: stop.eni.vpc, subnet: stop.eni.subnet, sender: 'interface' })
}

function isHome(back: Stop, sent: Wire, start: Start, stop: Stop, translated: boolean): boolean {
  if (back.kind === 'dropped') return false
  // What went over the internet has to come back over it: the winning route to the other end is its gateway's.
  const over = (end: Stop): boolean => end.kind === 'interface' && end.by === 'internet'
  if (!translated && stop.kind === 'interface' && back.kind === 'interface' && over(stop) !== over(back))
    return false
  const matches =
    same(back.wire.src, sent.dst) && same(back.wire.dst, sent.src) && back.wire.dstPort === sent.srcPort
  if (start.kind === 'internet') return matches && back.kind === 'internet'
  if (start.kind === 'gateway') return matches && back.kind === 'far' && back.gateway === start.id
  return matches && back.kind === 'interface' && back.eni.id === start.id
}

function flow(world: World, wire: Wire, start: Start): Flow {
  let result: Flow | undefined
  for (const natPort of world.replyPorts.filter((port) => port >= 1024)) {
    const forward = trip(world, natPort)
    const stop = accepted(world, depart(world, forward, wire, start))
    if (stop.kind === 'dropped') return { stop, replied: false, acls: [] }
    const back = answer(world, forward, stop, natPort)
    if (isHome(back, wire, start, stop, forward.translations.length > 0))
      return { stop, replied: true, acls: forward.acls }
    const replyReason = back.kind === 'dropped' ? back.reason : 'NO_RETURN_ROUTE'
    result ??= { stop, replied: false, replyReason, acls: [] }
    if (forward.translations.length === 0) break
  }
  return result ?? { stop: { kind: 'dropped', reason: 'NOT_MODELLED' }, replied: false, acls: [] }
}

// --- load balancers

interface Forwarding {
  readonly target: Interface
  readonly address: Address
  readonly port: number
  readonly preserve: boolean
}

function attribute(config: Parameters<typeof items>[0], key: string): string {
  const found = items(config, 'Attributes').find((entry) => text(entry, 'Key') === key)
  return text(found, 'Value')
}

function listenerProtocols(protocol: string): number[] {
  if (protocol === 'TCP_UDP') return [6, 17]
  return protocol === 'UDP' ? [17] : [6]
}

function listenersFor(world: World, balancer: string, wire: Wire) {
  return world
    .of('AWS::ElasticLoadBalancingV2::Listener')
    .filter((l) => text(l, 'LoadBalancerArn') === balancer && number(l, 'Port') === wire.dstPort)
    .filter((l) => listenerProtocols(text(l, 'Protocol')).includes(wire.protocol))
}

function targetGroupsOf(world: World, listener: Parameters<typeof items>[0]) {
  const actions = [
    ...items(listener, 'DefaultActions'),
    ...items(listener, 'Rules').flatMap((rule) => items(rule, 'Actions')),
  ].filter((action) => text(action, 'Type') === 'forward')
  const groups = actions.flatMap((action) => {
    const weighted = items(child(action, 'ForwardConfig'), 'TargetGroups')
    if (weighted.length === 0) return [text(action, 'TargetGroupArn')]
    return weighted.filter((g) => (number(g, 'Weight') ?? 1) > 0).map((g) => text(g, 'TargetGroupArn'))
  })
  return [...new Set(groups)].flatMap(
    (arn) => world.one('AWS::ElasticLoadBalancingV2::TargetGroup', 'TargetGroupArn', arn) ?? [],
  )
}

function preserves(group: Parameters<typeof items>[0], networkBalancer: boolean): boolean {
  if (!networkBalancer) return false
  const said = attribute(group, 'preserve_client_ip.enabled')
  if (said) return said === 'true'
  return text(group, 'TargetType') === 'instance' || /UDP/.test(text(group, 'Protocol'))
}

/** The interface that a registered target means: an instance's primary one, or the holder of an address. */
function targetInterface(world: World, group: Parameters<typeof items>[0], id: string, node: Interface) {
  if (text(group, 'TargetType') === 'instance') {
    const eni = world.interfaces.find((candidate) => candidate.instance === id && candidate.primary)
    const address = eni?.addresses[0]?.own
    return eni && address ? { target: eni, address } : undefined
  }
  const address = text(group, 'TargetType') === 'ip' ? parseAddress(id) : undefined
  if (!address) return undefined
  const eni = world.at(node.vpc, address) ?? world.interfaces.find((candidate) => has(candidate, address))
  return eni ? { target: eni, address } : undefined
}

function crossZone(group: Parameters<typeof items>[0], balancer: Parameters<typeof items>[0]): boolean {
  const own = attribute(group, 'load_balancing.cross_zone.enabled')
  if (own === 'true' || own === 'false') return own === 'true'
  const whole = attribute(balancer, 'load_balancing.cross_zone.enabled')
  return whole ? whole === 'true' : text(balancer, 'Type') === 'application'
}

/** Targets in a zone that is not enabled for the balancer get no traffic (ELB guide, "How Elastic Load Balancing works"). */
function served(balancer: Parameters<typeof items>[0], target: Interface): boolean {
  const zones = items(balancer, 'AvailabilityZones').map((zone) => text(zone, 'ZoneName'))
  return text(balancer, 'VpcId') !== target.vpc || zones.includes(target.zone)
}

function forwardings(world: World, node: Interface, wire: Wire): Forwarding[] {
  const arn = node.balancer ?? ''
  const balancer = world.one('AWS::ElasticLoadBalancingV2::LoadBalancer', 'LoadBalancerArn', arn)
  const network = text(balancer, 'Type') === 'network'
  return listenersFor(world, arn, wire)
    .flatMap((listener) => targetGroupsOf(world, listener))
    .flatMap((group) =>
      items(group, 'TargetHealthDescriptions').flatMap((description) => {
        const registered = child(description, 'Target')
        const found = targetInterface(world, group, text(registered, 'Id'), node)
        if (!found || !served(balancer, found.target)) return []
        if (!crossZone(group, balancer) && found.target.zone !== node.zone) return []
        const port = number(registered, 'Port') ?? number(group, 'Port') ?? 0
        return [{ ...found, port, preserve: preserves(group, network) }]
      }),
    )
}

/** The balancer's own flow to a target; its node picks the source port from 1024 up. */
function startsAnew(world: World, node: Interface, wire: Wire, to: Forwarding): boolean {
  const own = node.addresses.find((entry) => entry.own.family === to.address.family)?.own
  if (!own) return false
  return world.replyPorts
    .filter((port) => port >= 1024)
    .some((srcPort) => {
      const leg = { ...wire, src: own, dst: to.address, srcPort, dstPort: to.port }
      const { stop, replied } = flow(world, leg, { kind: 'interface', id: node.id })
      return stop.kind === 'interface' && stop.eni.id === to.target.id && replied
    })
}

/**
 * A Network Load Balancer that keeps the client's address: the same flow goes on, and its reply comes back by the node.
 * Rules of the target that name a group mean the balancer's, not the client's (NLB guide, "Target security groups").
 */
function keepsClient(world: World, node: Interface, wire: Wire, to: Forwarding): boolean {
  const leg = { ...wire, dst: to.address, dstPort: to.port }
  const back = answerTo(leg)
  if (to.target.vpc !== node.vpc || leg.src.family !== to.address.family) return false
  if (!to.target.attached || !to.target.running) return false
  if (!groupsAllow(world, node, leg, 'egress', 'local')) return false
  if (!groupsAllow(world, to.target, leg, 'ingress', { groups: node.groups })) return false
  if (node.subnet === to.target.subnet) return true
  return (
    aclAllows(world, node.subnet, leg, true) &&
    aclAllows(world, to.target.subnet, leg, false) &&
    aclAllows(world, to.target.subnet, back, true) &&
    aclAllows(world, node.subnet, back, false)
  )
}

function atBalancer(world: World, first: Flow, options: WalkOptions): Walk {
  const { stop } = first
  if (stop.kind !== 'interface' || !stop.eni.balancer) return { delivered: false, replyDelivered: false }
  const node = stop.eni
  if (listenersFor(world, stop.eni.balancer, stop.wire).length === 0)
    return { delivered: false, reason: 'NO_LISTENER', replyDelivered: false }
  if (options.target === undefined || options.target === node.id)
    return { delivered: true, to: node.id, replyDelivered: first.replied }
  const chosen = forwardings(world, node, stop.wire).filter((to) => to.target.id === options.target)
  const reached = chosen.find((to) =>
    to.preserve ? keepsClient(world, node, stop.wire, to) : startsAnew(world, node, stop.wire, to),
  )
  if (!reached)
    return { delivered: false, reason: chosen.length ? 'SG_NO_INGRESS' : 'NO_TARGET', replyDelivered: false }
  return {
    delivered: true,
    to: reached.target.id,
    via: stop.eni.balancer,
    port: reached.port,
    replyDelivered: first.replied,
  }
}

// --- the walk

function read(packet: Packet): Wire | undefined {
  const src = parseAddress(packet.srcIp)
  const dst = parseAddress(packet.dstIp)
  if (!src || !dst || src.family !== dst.family) return undefined
  return {
    src,
    dst,
    protocol: protocolNumber(packet.protocol),
    srcPort: packet.srcPort,
    dstPort: packet.dstPort,
    icmpType: packet.icmpType ?? 0,
    icmpCode: packet.icmpCode ?? 0,
  }
}

/** Walks one packet from its start to wherever it ends, then its reply from there back. */
export function walk(snapshot: Snapshot, packet: Packet, start: Start, options: WalkOptions = {}): Walk {
  const world = worldOf(snapshot)
  const wire = read(packet)
  if (!wire) return { delivered: false, reason: 'ADDRESS_NOT_FOUND', replyDelivered: false }
  const result = flow(world, wire, start)
  const { stop } = result
  if (stop.kind === 'dropped') return { delivered: false, reason: stop.reason, replyDelivered: false }
  if (stop.kind === 'interface' && stop.eni.balancer) return atBalancer(world, result, options)
  const to = { internet: 'internet', far: '', interface: '' }[stop.kind]
  return {
    delivered: true,
    to: stop.kind === 'interface' ? stop.eni.id : stop.kind === 'far' ? stop.gateway : to,
    ...(result.replied ? {} : { reason: result.replyReason ?? 'NO_RETURN_ROUTE' }),
    replyDelivered: result.replied,
    acls: result.acls,
  }
}
