/** Traffic as rows that a person and a program can read. */
import type { Family } from './address-set.ts'
import type { PortSet } from './port-set.ts'
import type { Traffic } from './traffic.ts'
import { allTraffic, icmpProtocol, sameTraffic } from './traffic.ts'

export interface PortsOf {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `all`, or numbers `47` and `50-51`. */
  readonly protocol: string
  readonly ports: readonly (readonly [number, number])[]
  readonly icmp?: readonly (readonly [number, number])[]
}

const WHOLE: PortsOf['ports'] = [[0, 65_535]]

function messages(set: PortSet): [number, number][] {
  const rows: [number, number][] = []
  for (const [lo, hi] of set) {
    if (lo === 0 && hi === 65_535) return [[-1, -1]]
    for (let at = lo; at <= hi; ) {
      if (at % 256 === 0 && at + 255 <= hi) {
        rows.push([at >> 8, -1])
        at += 256
      } else {
        rows.push([at >> 8, at & 255])
        at++
      }
    }
  }
  return rows
}

export function trafficEntries(family: Family, traffic: Traffic): PortsOf[] {
  if (sameTraffic(traffic, allTraffic(family))) return [{ protocol: 'all', ports: WHOLE }]
  const rows: PortsOf[] = []
  if (traffic.tcp.length > 0) rows.push({ protocol: 'tcp', ports: traffic.tcp })
  if (traffic.udp.length > 0) rows.push({ protocol: 'udp', ports: traffic.udp })
  if (traffic.icmp.length > 0) {
    const protocol = icmpProtocol(family) === 1 ? 'icmp' : 'icmpv6'
    rows.push({ protocol, ports: [], icmp: messages(traffic.icmp) })
  }
  for (const [lo, hi] of traffic.other)
    rows.push({ protocol: lo === hi ? String(lo) : `${lo}-${hi}`, ports: [] })
  return rows
}
