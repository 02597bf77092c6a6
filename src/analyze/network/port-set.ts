/** Sets of ports, of ICMP type and code pairs, and of protocol numbers: whole numbers up to 65535. */
import type { IntervalSet } from './interval-set.ts'
import { contains, EMPTY } from './interval-set.ts'

export type PortSet = IntervalSet<number>

export const NO_PORTS: PortSet = EMPTY
export const ALL_PORTS: PortSet = [[0, 65_535]]
/** A client may take any source port but 0. */
export const SOURCE_PORTS: PortSet = [[1, 65_535]]
/** What NAT gateways and load balancers take for the flows that they start. */
export const TRANSLATED_PORTS: PortSet = [[1024, 65_535]]
export const ALL_ICMP: PortSet = [[0, 65_535]]

/** The ports of a range; -1 and absent mean all. Undefined when it is no range. */
export function portRange(from: number | undefined, to: number | undefined): PortSet | undefined {
  if (from === undefined || from === -1) return ALL_PORTS
  const end = to === undefined || to === -1 ? from : to
  if (!Number.isInteger(from) || !Number.isInteger(end) || from < 0 || end > 65_535 || end < from)
    return undefined
  return [[from, end]]
}

/** ICMP messages as one number, `type * 256 + code`; -1 and absent mean any. */
export function icmpRange(type: number | undefined, code: number | undefined): PortSet | undefined {
  if (type === undefined || type === -1) return ALL_ICMP
  if (!Number.isInteger(type) || type < 0 || type > 255) return undefined
  if (code === undefined || code === -1) return [[type * 256, type * 256 + 255]]
  if (!Number.isInteger(code) || code < 0 || code > 255) return undefined
  return [[type * 256 + code, type * 256 + code]]
}

const SOURCE_PREFERENCE = [
  [49_152, 65_535],
  [1024, 49_151],
  [1, 1023],
] as const

/** The source port that a witness takes: an ephemeral one if it can, so that an opening for odd ports only shows as such. */
export function preferredSourcePort(ports: PortSet): number {
  for (const [from, to] of SOURCE_PREFERENCE) {
    for (const [lo, hi] of ports) {
      const first = Math.max(lo, from)
      if (first <= Math.min(hi, to)) return first
    }
  }
  return ports[0]?.[0] ?? 0
}

const WELL_KNOWN = [22, 443, 80, 3389] as const

/** The destination port that a witness takes. */
export function preferredPort(ports: PortSet): number {
  if (ports.length === 1 && ports[0]?.[0] !== 0) return ports[0]?.[0] ?? 0
  return WELL_KNOWN.find((port) => contains(ports, port)) ?? ports.find(([, hi]) => hi > 0)?.[0] ?? 0
}
