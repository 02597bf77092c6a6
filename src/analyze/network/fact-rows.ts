/** Rows of facts: what outcomes let pass, a row for each range of ports, as expressions can search them. */
import type { JsonObject } from '../../snapshot/model.ts'
import { lazy } from '../told.ts'
import type { AddressSet, Family } from './address-set.ts'
import { formatAddress, PUBLIC, toCidrs } from './address-set.ts'
import { countAddresses, coverCidrs } from './cover.ts'
import type { Outcome } from './evaluate.ts'
import type { RoundMap } from './gate.ts'
import type { Host } from './host.ts'
import { union } from './interval-set.ts'
import type { PortSet } from './port-set.ts'
import type { Traffic } from './traffic.ts'
import { NO_TRAFFIC } from './traffic.ts'
import { witnessLine, witnessOf } from './witness.ts'

export type Width = 'internet' | 'wide' | 'narrow' | 'single'

/** A /16 of IPv4, a /32 of IPv6: what a large organization has. */
const WIDE: Readonly<Record<Family, number>> = { 4: 2 ** 16, 6: 2 ** 96 }
/** One address of IPv4, one network of IPv6. */
const SINGLE: Readonly<Record<Family, number>> = { 4: 1, 6: 2 ** 64 }

/** How many strangers a set holds: at least half of the family's public space is the internet. */
export function widthOf(family: Family, addresses: number): Width {
  if (addresses * 2 >= countAddresses(PUBLIC[family])) return 'internet'
  if (addresses >= WIDE[family]) return 'wide'
  return addresses > SINGLE[family] ? 'narrow' : 'single'
}

/** One range of ports of one protocol; ICMP's type and code as a group's rule has them, -1 any. */
export interface Ports {
  readonly protocol: string
  readonly from: number
  readonly to: number
  readonly traffic: Traffic
}

function ranges(protocol: 'tcp' | 'udp', set: PortSet): Ports[] {
  return set.map(([from, to]) => ({
    protocol,
    from,
    to,
    traffic: { ...NO_TRAFFIC, [protocol]: [[from, to]] },
  }))
}

function messages(protocol: string, set: PortSet): Ports[] {
  if (set.length === 0) return []
  const traffic = { ...NO_TRAFFIC, icmp: set }
  const [first] = set
  const one = set.length === 1 && first && first[0] >> 8 === first[1] >> 8
  if (!one) return [{ protocol, from: -1, to: -1, traffic }]
  return [{ protocol, from: first[0] >> 8, to: first[0] === first[1] ? first[0] & 255 : -1, traffic }]
}

/** TCP and UDP always by name, so that a rule can ask for a port without knowing that a group said "all". */
export function portsOf(family: Family, { tcp, udp, icmp, other }: Traffic): Ports[] {
  return [
    ...ranges('tcp', tcp),
    ...ranges('udp', udp),
    ...messages(family === 4 ? 'icmp' : 'icmpv6', icmp),
    ...other.map(([lo, hi]) => ({
      protocol: lo === hi ? String(lo) : `${lo}-${hi}`,
      from: -1,
      to: -1,
      traffic: { ...NO_TRAFFIC, other: [[lo, hi]] as const },
    })),
  ]
}

interface Group {
  readonly ports: Ports
  readonly outcome: Outcome
  /** What of the outcome this row is about. */
  rounds: RoundMap
  set: AddressSet
}

function groupsOf(outcome: Outcome, bound: 'must' | 'may'): Group[] {
  const groups = new Map<string, Group>()
  for (const step of outcome[bound]) {
    for (const ports of portsOf(outcome.family, step.value.there)) {
      const key = `${ports.protocol} ${ports.from} ${ports.to}`
      const known = groups.get(key)
      const round = { ...step, value: { there: ports.traffic, back: step.value.back } }
      const here: AddressSet = [[step.lo, step.hi]]
      if (known) {
        known.rounds = [...known.rounds, round]
        known.set = union(known.set, here)
      } else groups.set(key, { ports, outcome, rounds: [round], set: here })
    }
  }
  return [...groups.values()]
}

const proofs = new WeakMap<Group, ReturnType<typeof witnessOf>>()

function proofOf(group: Group): ReturnType<typeof witnessOf> {
  if (!proofs.has(group)) proofs.set(group, witnessOf({ ...group.outcome, must: group.rounds }))
  return proofs.get(group)
}

function cidrsOf({ outcome, set }: Group): string[] {
  const { domain, except } = outcome
  return except ? coverCidrs(set, domain, except) : toCidrs(set)
}

/** A witness as facts carry it: the packet, and every hop's decision. */
function witnessJson(group: Group): JsonObject {
  const witness = proofOf(group)
  return { packet: { ...witness?.packet }, hops: (witness?.hops ?? []).map((hop) => ({ ...hop })) }
}

/** What is said of each range of ports, whichever way the flow goes. */
function rowsOf(
  host: Host,
  outcomes: readonly Outcome[],
  bound: 'must' | 'may',
  ends: 'sources' | 'destinations',
): JsonObject[] {
  return outcomes
    .flatMap((outcome) => groupsOf(outcome, bound))
    .map((group) => {
      const { ports, outcome, set } = group
      const addresses = countAddresses(set, outcome.except)
      return lazy<JsonObject>({
        interface: () => host.eni.id,
        address: () => formatAddress(host.address),
        publicAddress: () => (host.publicIp === undefined ? '' : formatAddress(host.publicIp)),
        protocol: () => ports.protocol,
        from: () => ports.from,
        to: () => ports.to,
        [ends]: () => cidrsOf(group),
        addresses: () => addresses,
        // As wide as it was written: that some of it is the snapshot's own makes a /16 no narrower.
        width: () => widthOf(outcome.family, countAddresses(set)),
        via: () => outcome.via ?? '',
        path: () => {
          const witness = bound === 'must' ? proofOf(group) : undefined
          return witness ? witnessLine(witness) : ''
        },
        witness: () => (bound === 'must' ? witnessJson(group) : { packet: {}, hops: [] }),
      })
    })
}

/**
 * What reaches one address.
 * @param bound `must` what surely does, `may` what nobody can rule out
 */
export function exposures(host: Host, outcomes: readonly Outcome[], bound: 'must' | 'may'): JsonObject[] {
  return rowsOf(host, outcomes, bound, 'sources')
}

/** What one address reaches. */
export function egresses(host: Host, outcomes: readonly Outcome[]): JsonObject[] {
  return rowsOf(host, outcomes, 'must', 'destinations')
}

/** What a map of traffic by address admits, a row for each range of ports. */
export function openings(
  family: Family,
  map: readonly {
    readonly lo: AddressSet[number][0]
    readonly hi: AddressSet[number][0]
    readonly value: Traffic
  }[],
  direction: 'ingress' | 'egress',
  domain: AddressSet,
): JsonObject[] {
  const rows = new Map<string, { ports: Ports; set: AddressSet }>()
  for (const { lo, hi, value } of map) {
    for (const ports of portsOf(family, value)) {
      const key = `${ports.protocol} ${ports.from} ${ports.to}`
      const known = rows.get(key)
      rows.set(key, { ports, set: union(known?.set ?? [], [[lo, hi]]) })
    }
  }
  return [...rows.values()].map(({ ports, set }) => {
    const addresses = countAddresses(set)
    return {
      direction,
      protocol: ports.protocol,
      from: ports.from,
      to: ports.to,
      sources: coverCidrs(set, domain),
      addresses,
      width: widthOf(family, addresses),
    }
  })
}
