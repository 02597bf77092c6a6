/**
 * Holds the engine against the walker: packets at every border of an estate's rules, each walked by the one and looked up
 * in the sets of the other. Only the engine's answers are read here, none of its sets are made here.
 */
import type { Address } from '../../../../src/analyze/network/address-set.ts'
import { parseAddress } from '../../../../src/analyze/network/address-set.ts'
import { resolveEnd } from '../../../../src/analyze/network/ends.ts'
import type { Outcome } from '../../../../src/analyze/network/evaluate.ts'
import type { Host } from '../../../../src/analyze/network/host.ts'
import { hostsOf } from '../../../../src/analyze/network/host.ts'
import { createNetwork, type Network } from '../../../../src/analyze/network/network.ts'
import { outcomesFrom, outcomesTo } from '../../../../src/analyze/network/outcome.ts'
import type { End } from '../../../../src/analyze/network/question.ts'
import { questionOf } from '../../../../src/analyze/network/question.ts'
import { reach } from '../../../../src/analyze/network/reach.ts'
import { icmpReply, permits } from '../../../../src/analyze/network/traffic.ts'
import { valueAt } from '../../../../src/analyze/network/traffic-map.ts'
import { indexSnapshot } from '../../../../src/snapshot/index.ts'
import type { Snapshot } from '../../../../src/snapshot/model.ts'
import { formatAddress, INTERNET_EDGES, isPublic, parseCidr, parseAddress as parseOwn } from './address.ts'
import type { Random } from './generate.ts'
import { ownPublic } from './travel.ts'
import { type Packet, type Start, walk } from './walker.ts'
import { number, text, worldOf } from './world.ts'

/** What the borders of the rules are: the values at which some rule changes its mind. */
export interface Borders {
  readonly addresses: readonly string[]
  readonly ports: readonly number[]
}

const MAX = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const

/** The ends of every CIDR that the estate names and the neighbours of those, and of every range of ports. */
export function bordersOf(snapshot: Snapshot): Borders {
  const addresses = new Set<string>(['203.0.113.7', '2001:db8::7', '8.8.8.8'])
  const cidrs = new Set<string>(INTERNET_EDGES)
  const ports = new Set([0, 1, 22, 53, 1023, 1024, 49_152, 65_535])
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && /^[\d.:a-f]+\/\d+$/.test(value)) cidrs.add(value)
    if (typeof value !== 'object' || value === null) return
    const { FromPort, ToPort, From, To, Port } = value as Record<string, unknown>
    for (const edge of [FromPort, ToPort, From, To, Port]) {
      if (typeof edge === 'number') for (const near of [edge - 1, edge, edge + 1]) ports.add(near)
    }
    for (const inner of Object.values(value)) visit(inner)
  }
  for (const { config } of snapshot.resources) visit(config)
  for (const written of cidrs) {
    const cidr = parseCidr(written)
    if (!cidr) continue
    for (const value of [cidr.first - 1n, cidr.first, cidr.last, cidr.last + 1n]) {
      if (value >= 0n && value <= MAX[cidr.family])
        addresses.add(formatAddress({ family: cidr.family, value }))
    }
  }
  return {
    addresses: [...addresses],
    ports: [...ports].filter((port) => port >= 0 && port <= 65_535).sort((a, b) => a - b),
  }
}

function shuffled<T>(values: readonly T[], dice: Random): T[] {
  const all = [...values]
  for (let i = all.length - 1; i > 0; i--) {
    const j = dice.int(i + 1)
    ;[all[i], all[j]] = [all[j] as T, all[i] as T]
  }
  return all
}

interface Header {
  readonly protocol: number
  readonly port: number
  readonly sourcePort: number
}

/** Headers that together have every border port as destination and as source. */
function headers(ports: readonly number[], six: boolean, dice: Random): Header[] {
  const sources = shuffled(ports, dice)
  return shuffled(ports, dice).map((port, at) => {
    const sourcePort = Math.max(1, sources[at] ?? 1)
    const draw = dice.int(10)
    if (draw < 6) return { protocol: 6, port, sourcePort }
    if (draw < 8) return { protocol: 17, port, sourcePort }
    if (draw < 9) {
      const type = dice.pick(six ? [128, 129, 1, 135] : [8, 0, 3, 13])
      const message = type * 256 + dice.pick([0, 4])
      return { protocol: six ? 58 : 1, port: message, sourcePort: icmpReply(six ? 6 : 4, message) }
    }
    return { protocol: dice.pick([47, 50, six ? 1 : 58]), port: 0, sourcePort: 0 }
  })
}

function packetOf(srcIp: string, dstIp: string, { protocol, port, sourcePort }: Header): Packet {
  const name = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' }[protocol] ?? String(protocol)
  const ported = protocol === 6 || protocol === 17
  const icmp = name.startsWith('icmp') && !ported ? { icmpType: port >> 8, icmpCode: port & 255 } : {}
  return {
    srcIp,
    dstIp,
    protocol: name,
    srcPort: ported ? sourcePort : 0,
    dstPort: ported ? port : 0,
    ...icmp,
  }
}

type Verdict = 'yes' | 'no' | 'unknown'

/** What the engine's sets say of one packet, `remote` being the end that they leave open. */
function lookUp(outcomes: readonly Outcome[], remote: Address, header: Header): Verdict {
  const holds = (outcome: Outcome, bound: 'must' | 'may'): boolean => {
    if (typeof remote !== (outcome.family === 4 ? 'number' : 'bigint')) return false
    const round = valueAt(outcome[bound], remote)
    return (
      round !== undefined &&
      permits(round.there, outcome.family, header.protocol, header.port) &&
      permits(round.back, outcome.family, header.protocol, header.sourcePort)
    )
  }
  if (outcomes.some((outcome) => holds(outcome, 'must'))) return 'yes'
  return outcomes.some((outcome) => holds(outcome, 'may')) ? 'unknown' : 'no'
}

export interface Difference {
  readonly packet: Packet
  readonly from: string
  readonly to: string
  readonly engine: string
  readonly walker: string
}

export interface Tally {
  packets: number
  delivered: number
  unknown: number
  witnesses: number
  readonly differences: Difference[]
}

interface Bench {
  readonly snapshot: Snapshot
  readonly network: Network
  readonly borders: Borders
  readonly dice: Random
  readonly tally: Tally
}

const EVERYTHING = questionOf({})

function compare(
  bench: Bench,
  found: { packet: Packet; from: string; to: string; engine: Verdict; walker: boolean; reason?: string },
): void {
  const { tally } = bench
  const { packet, from, to, engine, walker, reason } = found
  tally.packets++
  if (walker) tally.delivered++
  if (engine === 'unknown') {
    tally.unknown++
    return
  }
  if ((engine === 'yes') === walker) return
  tally.differences.push({ packet, from, to, engine, walker: walker ? 'delivered' : (reason ?? 'no reply') })
}

const isFamily = (address: string, host: Host): boolean =>
  address.includes(':') === (typeof host.address === 'bigint')

/** From strangers on the internet to one address. */
function fromInternet(bench: Bench, host: Host): void {
  const { snapshot, network, borders, dice } = bench
  const outer = typeof host.address === 'bigint' ? host.address : (host.publicIp ?? host.address)
  const dst = text6(outer)
  const end = resolveEnd(network, 'internet').ends[0] as End
  const outcomes = outcomesTo(network, end, host, EVERYTHING).filter(({ via }) => via === undefined)
  const world = worldOf(snapshot)
  const strangers = borders.addresses.filter((address) => {
    const parsed = parseOwn(address)
    return parsed && isFamily(address, host) && isPublic(parsed) && !ownPublic(world, parsed)
  })
  for (const [srcIp, header] of crossed(strangers, headers(borders.ports, dst.includes(':'), dice), dice)) {
    const packet = packetOf(srcIp, dst, header)
    const seen = walk(snapshot, packet, { kind: 'internet' }, { target: host.eni.id })
    const engine = lookUp(outcomes, parseAddress(srcIp) ?? 0, header)
    compare(bench, {
      packet,
      from: 'internet',
      to: host.eni.id,
      engine,
      walker: arrived(seen, host),
      ...why(seen),
    })
  }
}

function why(seen: ReturnType<typeof walk>): { reason?: string } {
  return seen.reason ? { reason: seen.reason } : {}
}

function arrived(seen: ReturnType<typeof walk>, host: Host): boolean {
  return seen.delivered && seen.replyDelivered && seen.to === host.eni.id
}

function text6(address: Address): string {
  return formatAddress({ family: typeof address === 'number' ? 4 : 6, value: BigInt(address) })
}

/** Each list through once at least, the shorter again. */
function crossed<A, B>(left: readonly A[], right: readonly B[], dice: Random): [A, B][] {
  if (left.length === 0 || right.length === 0) return []
  const [a, b] = [shuffled(left, dice), shuffled(right, dice)]
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [
    a[i % a.length] as A,
    b[i % b.length] as B,
  ])
}

/** From one address of an interface to another's: over private ground, or by the other's public address. */
function between(bench: Bench, source: Host, target: Host): void {
  const { snapshot, network, borders, dice } = bench
  const end: End = { kind: 'host', host: source }
  const outcomes = outcomesTo(network, end, target, EVERYTHING).filter(({ via }) => via === undefined)
  const src = text6(source.address)
  const inner = text6(target.address)
  const outer = target.publicIp === undefined ? undefined : text6(target.publicIp)
  if (!isFamily(src, target)) return
  for (const header of headers(borders.ports, src.includes(':'), dice)) {
    const walks = [inner, ...(outer ? [outer] : [])].map((dst) =>
      walk(
        snapshot,
        packetOf(src, dst, header),
        { kind: 'interface', id: source.eni.id },
        { target: target.eni.id },
      ),
    )
    const engine = lookUp(outcomes, source.address, header)
    const walker = walks.some((seen) => arrived(seen, target))
    const packet = packetOf(src, inner, header)
    compare(bench, {
      packet,
      from: source.eni.id,
      to: target.eni.id,
      engine,
      walker,
      ...why(walks[0] as (typeof walks)[0]),
    })
  }
}

/** From one address of an interface out to strangers. */
function toInternet(bench: Bench, source: Host): void {
  const { snapshot, network, borders, dice } = bench
  const end = resolveEnd(network, 'internet').ends[0] as End
  const outcomes = outcomesFrom(network, source, end, EVERYTHING)
  const world = worldOf(snapshot)
  const src = text6(source.address)
  const strangers = borders.addresses.filter((address) => {
    const parsed = parseOwn(address)
    return parsed && isFamily(address, source) && isPublic(parsed) && !ownPublic(world, parsed)
  })
  for (const [dstIp, header] of crossed(strangers, headers(borders.ports, src.includes(':'), dice), dice)) {
    const packet = packetOf(src, dstIp, header)
    const seen = walk(snapshot, packet, { kind: 'interface', id: source.eni.id })
    const engine = lookUp(outcomes, parseAddress(dstIp) ?? 0, header)
    const walker = seen.delivered && seen.replyDelivered && seen.to === 'internet'
    compare(bench, { packet, from: source.eni.id, to: 'internet', engine, walker, ...why(seen) })
  }
}

function gatewaysOf(snapshot: Snapshot): string[] {
  const world = worldOf(snapshot)
  return [
    ...world.of('AWS::EC2::VPNGateway').map((gateway) => text(gateway, 'VpnGatewayId')),
    ...world
      .of('AWS::EC2::TransitGatewayAttachment')
      .filter((attachment) => text(attachment, 'ResourceType') === 'vpn')
      .map((attachment) => text(attachment, 'TransitGatewayAttachmentId')),
  ]
}

/** Between the far side of a VPN and one address, both ways. */
function far(bench: Bench, host: Host): void {
  const { snapshot, network, borders, dice } = bench
  if (typeof host.address === 'bigint') return
  const gateways = gatewaysOf(snapshot)
  if (gateways.length === 0) return
  const asked = resolveEnd(network, '192.168.0.0/16').ends.find(({ kind }) => kind === 'far')
  if (!asked) return
  const inward = outcomesTo(network, asked, host, EVERYTHING).filter(({ via }) => via === undefined)
  const outward = outcomesFrom(network, host, asked, EVERYTHING)
  const addresses = borders.addresses.filter((address) => address.startsWith('192.168.'))
  const own = text6(host.address)
  for (const [address, header] of crossed(addresses, headers(borders.ports, false, dice), dice)) {
    const remote = parseAddress(address) ?? 0
    const into = packetOf(address, own, header)
    const walks = gateways.map((id) => walk(snapshot, into, { kind: 'gateway', id }, { target: host.eni.id }))
    const came = walks.some((seen) => arrived(seen, host))
    compare(bench, {
      packet: into,
      from: 'far',
      to: host.eni.id,
      engine: lookUp(inward, remote, header),
      walker: came,
      ...why(walks[0] as (typeof walks)[0]),
    })
    const out = packetOf(own, address, header)
    const seen = walk(snapshot, out, { kind: 'interface', id: host.eni.id })
    const went = seen.delivered && seen.replyDelivered && gateways.includes(seen.to ?? '')
    compare(bench, {
      packet: out,
      from: host.eni.id,
      to: 'far',
      engine: lookUp(outward, remote, header),
      walker: went,
      ...why(seen),
    })
  }
}

/** By every balancer to its targets, from strangers and from one interface. */
function behindBalancers(bench: Bench, source: Host | undefined, target: Host): void {
  const { snapshot, network, borders, dice } = bench
  const end: End = source ? { kind: 'host', host: source } : (resolveEnd(network, 'internet').ends[0] as End)
  const outcomes = outcomesTo(network, end, target, EVERYTHING).filter(({ via }) => via !== undefined)
  const world = worldOf(snapshot)
  const nodes = world.interfaces.filter(({ balancer }) => balancer !== undefined)
  if (nodes.length === 0 || typeof source?.address === 'bigint' || typeof target.address === 'bigint') return
  const listeners = world
    .of('AWS::ElasticLoadBalancingV2::Listener')
    .map((listener) => number(listener, 'Port') ?? 0)
  const start: Start = source ? { kind: 'interface', id: source.eni.id } : { kind: 'internet' }
  const sources = source
    ? [text6(source.address)]
    : borders.addresses.filter((address) => {
        const parsed = parseOwn(address)
        return parsed?.family === 4 && isPublic(parsed) && !ownPublic(world, parsed)
      })
  const tried = headers(borders.ports, false, dice).filter(
    ({ protocol }) => protocol === 6 || protocol === 17,
  )
  const ports = [...new Set([80, 8080, ...listeners])]
  for (const [srcIp, drawn] of crossed(sources, tried, dice)) {
    const header = { ...drawn, port: dice.pick(ports) }
    const walker = nodes.some((node) =>
      node.addresses
        .flatMap((entry) => [entry.own, ...(entry.public ? [entry.public] : [])])
        .some((address) =>
          listeners.some((port) => {
            const packet = packetOf(srcIp, formatAddress(address), { ...header, port })
            const seen = walk(snapshot, packet, start, { target: target.eni.id })
            return arrived(seen, target) && seen.port === header.port && seen.via !== undefined
          }),
        ),
    )
    const engine = lookUp(outcomes, parseAddress(srcIp) ?? 0, header)
    const packet = packetOf(srcIp, text6(target.address), header)
    compare(bench, {
      packet,
      from: source?.eni.id ?? 'internet',
      to: `${target.eni.id} by balancer`,
      engine,
      walker,
    })
  }
}

/** The engine's own proof: walked there and back, past the very lists that it names. */
function witnesses(bench: Bench, from: string, start: Start, host: Host): void {
  const { snapshot, network, tally } = bench
  for (const direct of [true, false]) {
    const { verdict, witness } = reach(network, { from, to: host.eni.id, direct })
    if (verdict !== 'reachable') continue
    tally.witnesses++
    const packet = { srcPort: 0, dstPort: 0, ...witness?.packet } as Packet
    const seen = walk(snapshot, packet, start, { target: host.eni.id })
    const lists = witness?.hops.filter(({ kind }) => kind === 'network-acl').map(({ resource }) => resource)
    const same = seen.acls === undefined || JSON.stringify(seen.acls) === JSON.stringify(lists)
    if (arrived(seen, host) && same) continue
    const walker = same ? (seen.reason ?? 'not delivered') : `by ${seen.acls?.join()} not ${lists?.join()}`
    tally.differences.push({ packet, from, to: host.eni.id, engine: 'witness', walker })
  }
}

/** Everything that is compared in one estate. */
export function differences(snapshot: Snapshot, dice: Random): Tally {
  const network = createNetwork(indexSnapshot(snapshot))
  const tally: Tally = { packets: 0, delivered: 0, unknown: 0, witnesses: 0, differences: [] }
  const bench: Bench = { snapshot, network, borders: bordersOf(snapshot), dice, tally }
  const hosts = [...network.topology.interfaces.values()].flatMap(hostsOf)
  for (const host of hosts) {
    if (host.eni.owner.kind === 'load-balancer') continue
    fromInternet(bench, host)
    witnesses(bench, 'internet', { kind: 'internet' }, host)
    if (host.eni.owner.kind === 'nat-gateway') continue
    toInternet(bench, host)
    far(bench, host)
    const sources = shuffled(hosts, dice).filter(
      ({ eni }) => eni !== host.eni && eni.owner.kind === 'instance',
    )
    for (const source of sources.slice(0, 2)) {
      between(bench, source, host)
      witnesses(bench, text6(source.address), { kind: 'interface', id: source.eni.id }, host)
    }
    behindBalancers(bench, undefined, host)
    const [one] = sources
    if (one) behindBalancers(bench, one, host)
  }
  return tally
}
