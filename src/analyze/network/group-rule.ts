/**
 * The rules of security groups, read from the answer: one rule for each peer of each permission.
 * @see Amazon EC2 API Reference, "IpPermission", "UserIdGroupPair"
 */
import { shortId } from '../../snapshot/index.ts'
import type { Json, Resource } from '../../snapshot/model.ts'
import type { Cidr, Family } from './address-set.ts'
import { parseCidr } from './address-set.ts'
import type { Place } from './interface.ts'
import { items, number, text, word } from './json.ts'
import { prefixList } from './prefix-list.ts'
import type { Cause } from './reasons.ts'
import type { Topology } from './topology.ts'
import type { Traffic } from './traffic.ts'
import { allTraffic, trafficOf } from './traffic.ts'

export type Direction = 'ingress' | 'egress'

/** One rule: one peer of one permission. */
export interface GroupRule {
  readonly group: string
  readonly direction: Direction
  /** `tcp 22 0.0.0.0/0`, or the rule's own id where the answer has one. */
  readonly label: string
  readonly traffic: Readonly<Record<Family, Traffic>>
  readonly cidrs: readonly Cidr[]
  readonly peerGroup?: string
  /** The peering that it knows the group by; absent inside a VPC and across a transit gateway. */
  readonly peering?: string
  /** Set when what it matches is not known. */
  readonly cause?: Cause
}

const PROTOCOLS: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  icmp: 1,
  icmpv6: 58,
  all: -1,
  '-1': -1,
}

/** AWS's name or number of a protocol as a number; -1 is all. */
export function protocolNumber(name: string): number | undefined {
  const lower = name.toLowerCase()
  if (Object.hasOwn(PROTOCOLS, lower)) return PROTOCOLS[lower]
  return /^\d{1,3}$/.test(lower) && Number(lower) <= 255 ? Number(lower) : undefined
}

/** `tcp 22`, `udp 1000-2000`, `icmp 8` and `icmp 3:4`, `all`. */
function portsLabel(protocol: string, from: number | undefined, to: number | undefined): string {
  if (protocol === '-1') return 'all'
  if (from === undefined || from === -1) return protocol
  if (to === undefined || to === -1) return `${protocol} ${from}`
  if (/^(icmp|icmpv6|1|58)$/i.test(protocol)) return `${protocol} ${from}:${to}`
  return `${protocol} ${to === from ? from : `${from}-${to}`}`
}

interface Permission {
  readonly group: string
  readonly direction: Direction
  readonly label: string
  readonly traffic: Record<Family, Traffic>
  readonly cause?: Cause
}

function permissionOf(group: string, direction: Direction, permission: Json): Permission {
  const protocol = word(permission, 'IpProtocol')
  const from = number(permission, 'FromPort')
  const to = number(permission, 'ToPort')
  const value = protocolNumber(protocol)
  const v4 = value === undefined ? undefined : trafficOf(4, value, from, to)
  const v6 = value === undefined ? undefined : trafficOf(6, value, from, to)
  const label = portsLabel(protocol.slice(0, 20), from, to)
  if (v4 && v6) return { group, direction, label, traffic: { 4: v4, 6: v6 } }
  return {
    group,
    direction,
    label,
    traffic: { 4: allTraffic(4), 6: allTraffic(6) },
    cause: malformed(group, label),
  }
}

function malformed(group: string, rule: string): Cause {
  return {
    resource: group,
    kind: 'security-group',
    reason: 'NOT_MODELLED',
    rule,
    missing: {
      operation: 'ec2:DescribeSecurityGroups',
      outcome: 'error',
      permission: 'ec2:DescribeSecurityGroups',
      detail: `the rule ${rule} cannot be read`,
    },
  }
}

function cidrRule(base: Permission, written: string): GroupRule {
  const cidr = parseCidr(written)
  const label = `${base.label} ${written.slice(0, 50)}`
  const cause = base.cause ?? (cidr ? undefined : malformed(base.group, label))
  return { ...base, label, cidrs: cidr ? [cidr] : [], ...(cause ? { cause } : {}) }
}

const STALE: ReadonlySet<string> = new Set(['deleted', 'rejected', 'expired', 'failed'])

function rulesOfPermission(
  topology: Topology,
  base: Permission,
  permission: Json,
  place: Place,
): GroupRule[] {
  const rules: GroupRule[] = []
  for (const range of items(permission, 'IpRanges')) rules.push(cidrRule(base, word(range, 'CidrIp')))
  for (const range of items(permission, 'Ipv6Ranges')) rules.push(cidrRule(base, word(range, 'CidrIpv6')))
  for (const item of items(permission, 'PrefixListIds')) {
    const id = word(item, 'PrefixListId')
    const list = prefixList(topology, id, place)
    const cidrs = list.cidrs.map(parseCidr).filter((cidr) => cidr !== undefined)
    const cause = base.cause ?? list.cause
    rules.push({ ...base, label: `${base.label} ${id}`, cidrs, ...(cause ? { cause } : {}) })
  }
  for (const pair of items(permission, 'UserIdGroupPairs')) {
    const peerGroup = text(pair, 'GroupId')
    const peering = text(pair, 'VpcPeeringConnectionId')
    // A reference over a peering that is gone is stale: it matches nothing until it is removed.
    if (!peerGroup || STALE.has(word(pair, 'PeeringStatus'))) continue
    const named = { ...base, label: `${base.label} ${peerGroup}`, cidrs: [], peerGroup }
    rules.push(peering ? { ...named, peering } : named)
  }
  return rules
}

/** The rules of a group in the order of the answer. */
export function rulesOf(topology: Topology, group: Resource, direction: Direction): GroupRule[] {
  const id = shortId(group.id)
  const name = direction === 'ingress' ? 'IpPermissions' : 'IpPermissionsEgress'
  return items(group.config, name).flatMap((permission) =>
    rulesOfPermission(topology, permissionOf(id, direction, permission), permission, group),
  )
}
