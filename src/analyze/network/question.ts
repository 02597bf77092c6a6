/** What a query asks for: its two ends, and the traffic of it, read and checked. */
import type { AddressSet, Family } from './address-set.ts'
import { protocolNumber } from './group-rule.ts'
import type { Host } from './host.ts'
import type { PortSet } from './port-set.ts'
import type { Traffic } from './traffic.ts'
import { allTraffic, icmpProtocol, NO_TRAFFIC } from './traffic.ts'

export type Domains = Readonly<Record<Family, AddressSet>>
/** Traffic of a question, in each family. */
export type Question = Readonly<Record<Family, Traffic>>

/** One end of a question: the internet, what lies behind a VPN or the like, or one address of an interface. */
export type End =
  | { readonly kind: 'internet'; readonly domains: Domains }
  | { readonly kind: 'far'; readonly domains: Domains }
  | { readonly kind: 'host'; readonly host: Host }

/** A query that cannot be asked: an unknown name, a malformed CIDR, protocol or port. */
export class ReachQueryError extends Error {
  override readonly name = 'ReachQueryError'
}

function portsOf(port: number | string): PortSet {
  const written = String(port).trim()
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(written)
  const lo = Number(match?.[1])
  const hi = Number(match?.[2] ?? match?.[1])
  if (!match || lo > hi || hi > 65_535) {
    throw new ReachQueryError(`"${written.slice(0, 40)}" is no port or range of ports from 0 to 65535`)
  }
  return [[lo, hi]]
}

function protocolOf(protocol: string | number): number {
  const value = protocolNumber(String(protocol).trim())
  if (value === undefined) {
    throw new ReachQueryError(
      `"${String(protocol).slice(0, 40)}" is no protocol: tcp, udp, icmp, all or a number`,
    )
  }
  return value
}

function trafficFor(family: Family, protocol: number, named: string, ports: PortSet | undefined): Traffic {
  if (protocol === -1) return ports ? { ...NO_TRAFFIC, tcp: ports, udp: ports } : allTraffic(family)
  if (protocol === 6) return { ...NO_TRAFFIC, tcp: ports ?? allTraffic(family).tcp }
  if (protocol === 17) return { ...NO_TRAFFIC, udp: ports ?? allTraffic(family).udp }
  if (protocol === icmpProtocol(family) || named === 'icmp')
    return { ...NO_TRAFFIC, icmp: allTraffic(family).icmp }
  return named === 'icmpv6' ? NO_TRAFFIC : { ...NO_TRAFFIC, other: [[protocol, protocol]] }
}

/** @throws ReachQueryError */
export function questionOf(query: {
  readonly protocol?: string | number
  readonly port?: string | number
}): Question {
  const named = String(query.protocol ?? 'all')
    .trim()
    .toLowerCase()
  const protocol = protocolOf(query.protocol ?? 'all')
  const ports = query.port === undefined ? undefined : portsOf(query.port)
  if (ports && protocol !== -1 && protocol !== 6 && protocol !== 17) {
    throw new ReachQueryError(`protocol ${named} has no ports`)
  }
  return { 4: trafficFor(4, protocol, named, ports), 6: trafficFor(6, protocol, named, ports) }
}
