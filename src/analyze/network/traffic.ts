/**
 * What one direction of a flow may carry, apart from addresses: TCP and UDP ports, ICMP messages, other protocols.
 * A filter of AWS looks at one port only (the packet's destination port), so for fixed addresses the flows that a set of
 * filters lets through and back are a product: destination ports on the way there, source ports on the way back.
 */
import type { Family } from './address-set.ts'
import { contains, EMPTY, equal, intersect, subtract, union } from './interval-set.ts'
import type { PortSet } from './port-set.ts'
import { ALL_ICMP, ALL_PORTS, icmpRange, portRange, SOURCE_PORTS } from './port-set.ts'

export interface Traffic {
  readonly tcp: PortSet
  readonly udp: PortSet
  /** Protocol 1 in IPv4 and 58 in IPv6: `type * 256 + code`. */
  readonly icmp: PortSet
  /** Numbers of the protocols that have no ports. */
  readonly other: PortSet
}

export const TCP = 6
export const UDP = 17

export const NO_TRAFFIC: Traffic = { tcp: EMPTY, udp: EMPTY, icmp: EMPTY, other: EMPTY }

export function icmpProtocol(family: Family): number {
  return family === 4 ? 1 : 58
}

const OTHER: Readonly<Record<Family, PortSet>> = {
  4: subtract<number>(
    [[0, 255]],
    [
      [1, 1],
      [TCP, TCP],
      [UDP, UDP],
    ],
  ),
  6: subtract<number>(
    [[0, 255]],
    [
      [TCP, TCP],
      [UDP, UDP],
      [58, 58],
    ],
  ),
}

const ALL: Readonly<Record<Family, Traffic>> = {
  4: { tcp: ALL_PORTS, udp: ALL_PORTS, icmp: ALL_ICMP, other: OTHER[4] },
  6: { tcp: ALL_PORTS, udp: ALL_PORTS, icmp: ALL_ICMP, other: OTHER[6] },
}
const REPLIES: Readonly<Record<Family, Traffic>> = {
  4: { ...ALL[4], tcp: SOURCE_PORTS, udp: SOURCE_PORTS },
  6: { ...ALL[6], tcp: SOURCE_PORTS, udp: SOURCE_PORTS },
}

export function allTraffic(family: Family): Traffic {
  return ALL[family]
}

/** Every reply that a client can ask for by its choice of source port. */
export function allReplies(family: Family): Traffic {
  return REPLIES[family]
}

function combine(a: Traffic, b: Traffic, op: (x: PortSet, y: PortSet) => PortSet): Traffic {
  return {
    tcp: op(a.tcp, b.tcp),
    udp: op(a.udp, b.udp),
    icmp: op(a.icmp, b.icmp),
    other: op(a.other, b.other),
  }
}

export function isNone(traffic: Traffic): boolean {
  return (
    traffic === NO_TRAFFIC ||
    (traffic.tcp.length === 0 &&
      traffic.udp.length === 0 &&
      traffic.icmp.length === 0 &&
      traffic.other.length === 0)
  )
}

export function isAll(traffic: Traffic): boolean {
  return traffic === ALL[4] || traffic === ALL[6]
}

export function sameTraffic(a: Traffic, b: Traffic): boolean {
  if (a === b) return true
  return equal(a.tcp, b.tcp) && equal(a.udp, b.udp) && equal(a.icmp, b.icmp) && equal(a.other, b.other)
}

export function intersectTraffic(a: Traffic, b: Traffic): Traffic {
  if (a === b || isAll(b)) return a
  if (isAll(a)) return b
  if (a === NO_TRAFFIC || b === NO_TRAFFIC) return NO_TRAFFIC
  return combine(a, b, intersect)
}

export function uniteTraffic(a: Traffic, b: Traffic): Traffic {
  if (a === b || b === NO_TRAFFIC || isAll(a)) return a
  if (a === NO_TRAFFIC || isAll(b)) return b
  return combine(a, b, union)
}

export function subtractTraffic(a: Traffic, b: Traffic): Traffic {
  if (a === b || isAll(b)) return NO_TRAFFIC
  if (b === NO_TRAFFIC) return a
  return combine(a, b, subtract)
}

/**
 * The traffic that a rule names. `protocol` is the number, -1 for all; `from` and `to` are ports, or ICMP type and code.
 * @returns undefined when the range is none: what it matches is not known
 */
export function trafficOf(family: Family, protocol: number, from?: number, to?: number): Traffic | undefined {
  if (protocol === -1) return ALL[family]
  if (!Number.isInteger(protocol) || protocol < 0 || protocol > 255) return undefined
  if (protocol === TCP || protocol === UDP) {
    const ports = portRange(from, to)
    return ports && { ...NO_TRAFFIC, ...(protocol === TCP ? { tcp: ports } : { udp: ports }) }
  }
  if (protocol === icmpProtocol(family)) {
    const icmp = icmpRange(from, to)
    return icmp && { ...NO_TRAFFIC, icmp }
  }
  return { ...NO_TRAFFIC, other: [[protocol, protocol]] }
}

/** Whether one packet is in it; `port` is its destination port, or its ICMP message. */
export function permits(traffic: Traffic, family: Family, protocol: number, port: number): boolean {
  if (protocol === TCP) return contains(traffic.tcp, port)
  if (protocol === UDP) return contains(traffic.udp, port)
  if (protocol === icmpProtocol(family)) return contains(traffic.icmp, port)
  return contains(traffic.other, protocol)
}

/** Request type to the type of its reply. A message that none answers is taken to be answered by its own kind (our choice). */
const ICMP_REPLY: Readonly<Record<Family, readonly (readonly [request: number, reply: number])[]>> = {
  4: [
    [8, 0],
    [10, 9],
    [13, 14],
    [15, 16],
    [17, 18],
  ],
  6: [
    [128, 129],
    [133, 134],
    [135, 136],
  ],
}

/** The message that answers one, `type * 256 + code`. */
export function icmpReply(family: Family, message: number): number {
  const pair = ICMP_REPLY[family].find(([request]) => request === message >> 8)
  return pair ? pair[1] * 256 + (message & 255) : message
}

/** The messages whose answers are in `replies`. */
function answered(family: Family, replies: PortSet): PortSet {
  let messages = replies
  for (const [request, reply] of ICMP_REPLY[family]) {
    const back = intersect(replies, [[reply * 256, reply * 256 + 255]])
    const shift = (request - reply) * 256
    messages = union(
      subtract(messages, [[request * 256, request * 256 + 255]]),
      back.map(([lo, hi]) => [lo + shift, hi + shift] as const),
    )
  }
  return messages
}

/** The part of `there` that some reply in `back` answers. */
export function roundTrip(family: Family, there: Traffic, back: Traffic): Traffic {
  return {
    tcp: back.tcp.length > 0 ? there.tcp : EMPTY,
    udp: back.udp.length > 0 ? there.udp : EMPTY,
    icmp: there.icmp.length === 0 ? EMPTY : intersect(there.icmp, answered(family, back.icmp)),
    other: intersect(there.other, back.other),
  }
}
