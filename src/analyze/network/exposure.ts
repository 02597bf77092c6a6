/** What outcomes surely let pass, as rows of sources, protocol and ports. */
import type { AddressSet, Family } from './address-set.ts'
import { formatAddress, toCidrs } from './address-set.ts'
import { coverCidrs } from './cover.ts'
import type { Outcome } from './evaluate.ts'
import { probeOf } from './evaluate.ts'
import { union } from './interval-set.ts'
import type { PortsOf } from './traffic-entries.ts'
import { trafficEntries } from './traffic-entries.ts'

export interface Exposed {
  /**
   * CIDRs that, of the addresses asked about, hold exactly those that get through: from the internet `0.0.0.0/0` is
   * every stranger, not the snapshot's own addresses.
   */
  readonly sources: readonly string[]
  /** Present when the destination is a range: which of it is reached. */
  readonly destinations?: readonly string[]
  readonly protocol: string
  readonly ports: readonly (readonly [number, number])[]
  /** ICMP type and code, -1 any. */
  readonly icmp?: readonly (readonly [number, number])[]
  /** ARN of the load balancer between. */
  readonly via?: string
}

interface Part {
  set: AddressSet
  domain: AddressSet
  except: AddressSet
}

interface Row {
  readonly ports: PortsOf
  readonly via: string | undefined
  /** The sender, where the destination is what varies. */
  readonly sender: string | undefined
  /** By family: addresses on the internet, and others, which are named one by one. */
  readonly open: Map<Family, Part>
  readonly exact: Map<Family, AddressSet>
}

function senderOf(outcome: Outcome): string | undefined {
  if (outcome.variable === 'source') return undefined
  const probe = probeOf(outcome)
  return probe && formatAddress(outcome.packet(probe).srcIp)
}

function add(row: Row, { family, domain, except }: Outcome, set: AddressSet): void {
  if (!except) {
    row.exact.set(family, union(row.exact.get(family) ?? [], set))
    return
  }
  const part = row.open.get(family)
  row.open.set(family, {
    set: union(part?.set ?? [], set),
    domain: union(part?.domain ?? [], domain),
    except,
  })
}

function cidrsOf(row: Row): string[] {
  const families: readonly Family[] = [4, 6]
  return families.flatMap((family) => {
    const open = row.open.get(family)
    return [
      ...(open ? coverCidrs(open.set, open.domain, open.except) : []),
      ...toCidrs(row.exact.get(family) ?? []),
    ]
  })
}

/** Rows of equal protocol, ports and way, in the order of the outcomes. */
export function exposedBy(outcomes: readonly Outcome[]): Exposed[] {
  const rows = new Map<string, Row>()
  for (const outcome of outcomes) {
    const sender = senderOf(outcome)
    for (const { lo, hi, value } of outcome.must) {
      for (const ports of trafficEntries(outcome.family, value.there)) {
        const key = JSON.stringify([outcome.via, sender, ports])
        const row = rows.get(key) ?? { ports, via: outcome.via, sender, open: new Map(), exact: new Map() }
        add(row, outcome, [[lo, hi]])
        rows.set(key, row)
      }
    }
  }
  return [...rows.values()].map((row) => {
    const { ports, via, sender } = row
    const cidrs = cidrsOf(row)
    const ends =
      sender === undefined
        ? { sources: cidrs }
        : { sources: [`${sender}/${sender.includes(':') ? 128 : 32}`], destinations: cidrs }
    return { ...ends, ...ports, ...(via === undefined ? {} : { via }) }
  })
}
