/** One packet that gets there, and what every hop does with it and with its answer. */
import { formatAddress } from './address-set.ts'
import type { Outcome } from './evaluate.ts'
import { probeOf } from './evaluate.ts'
import type { Hop } from './reasons.ts'
import { icmpProtocol } from './traffic.ts'

export interface WitnessPacket {
  readonly srcIp: string
  readonly srcPort?: number
  readonly dstIp: string
  readonly dstPort?: number
  readonly protocol: string
  readonly icmpType?: number
  readonly icmpCode?: number
}

export interface Witness {
  readonly packet: WitnessPacket
  readonly hops: readonly Hop[]
  /** What the answer passes on its way back. */
  readonly reply: readonly Hop[]
}

const PROTOCOL_NAME: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' }

function packetOf(outcome: Outcome, probe: NonNullable<ReturnType<typeof probeOf>>): WitnessPacket {
  const packet = outcome.packet(probe)
  const { protocol, port, sourcePort } = packet.probe
  const [srcIp, dstIp] = [formatAddress(packet.srcIp), formatAddress(packet.dstIp)]
  // Each family has an ICMP of its own; the other's number is a protocol like any other there.
  const foreign = protocol === icmpProtocol(outcome.family === 4 ? 6 : 4)
  const name = (foreign ? undefined : PROTOCOL_NAME[protocol]) ?? String(protocol)
  if (protocol === 6 || protocol === 17) {
    return { srcIp, srcPort: sourcePort, dstIp, dstPort: port, protocol: name }
  }
  const ends = { srcIp, dstIp, protocol: name }
  if (name !== 'icmp' && name !== 'icmpv6') return ends
  return { ...ends, icmpType: port >> 8, icmpCode: port & 255 }
}

/** Undefined when nothing surely gets through. */
export function witnessOf(outcome: Outcome): Witness | undefined {
  const probe = probeOf(outcome)
  if (!probe) return undefined
  return {
    packet: packetOf(outcome, probe),
    hops: outcome.hops(probe, 'forward'),
    reply: outcome.hops(probe, 'reply'),
  }
}

/** Hops that decide nothing that a reader asks about in one line. */
const SILENT: ReadonlySet<Hop['kind']> = new Set(['internet', 'route', 'instance'])

function lineHop({ resource, kind, detail }: Hop): string {
  if (kind === 'network-acl') return `${resource} ${detail}`
  if (kind === 'security-group') return `${resource} (${detail})`
  if (kind === 'network-interface' && detail !== '') return `${resource} ${detail}`
  if (kind === 'load-balancer') return `${resource.slice(resource.indexOf('loadbalancer/') + 13)} ${detail}`
  if (kind === 'target-group') return detail
  return resource
}

/** Where a packet goes that ends at no interface: `198.51.100.9:443/tcp`. */
function destination({ dstIp, dstPort, protocol }: WitnessPacket): string {
  const host = dstPort !== undefined && dstIp.includes(':') ? `[${dstIp}]` : dstIp
  return `${dstPort === undefined ? host : `${host}:${dstPort}`}/${protocol}`
}

/** `203.0.113.7:49152 → igw-… → acl-… rule 100 → sg-… (tcp 22 0.0.0.0/0) → eni-… 10.0.1.5:22/tcp` */
export function witnessLine({ packet, hops }: Witness): string {
  const { srcIp, srcPort } = packet
  const host = srcPort !== undefined && srcIp.includes(':') ? `[${srcIp}]` : srcIp
  const start = srcPort === undefined ? host : `${host}:${srcPort}`
  const told = hops.filter(({ kind }) => !SILENT.has(kind))
  const outside = told.at(-1)?.kind === 'network-interface' ? [] : [destination(packet)]
  return [start, ...told.map(lineHop), ...outside].join(' → ')
}
