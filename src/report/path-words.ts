/** What the answers of `reach` say, in words: reasons as sentences, ports and ways as people write them. */
import type { Exposed } from '../analyze/network/exposure.ts'
import type { ReachAnswer } from '../analyze/network/reach.ts'
import type { Blocker } from '../analyze/network/reasons.ts'

const REASONS: Readonly<Record<Blocker['reason'], string>> = {
  NO_PUBLIC_ADDRESS: 'has no address that the internet knows',
  NO_ROUTE: 'has no route to there',
  ROUTE_BLACKHOLE: 'drops it: its route is a blackhole',
  NO_RETURN_ROUTE: 'has no route for the answer',
  NO_INTERNET_GATEWAY: 'has no internet gateway',
  GATEWAY_NOT_ATTACHED: 'is not attached to the VPC',
  NAT_IS_OUTBOUND_ONLY: 'lets flows out only',
  EGRESS_ONLY_GATEWAY: 'lets flows out only',
  BLOCK_PUBLIC_ACCESS: 'is closed by VPC Block Public Access',
  SG_NO_INGRESS: 'has no rule that lets it in',
  SG_NO_EGRESS: 'has no rule that lets it out',
  NACL_INGRESS_DENY: 'denies it on its way in',
  NACL_EGRESS_DENY: 'denies it on its way out',
  NACL_RETURN_DENY: 'denies the answer',
  PEERING_NOT_ACTIVE: 'is not active',
  PEERING_NOT_TRANSITIVE: 'leads into its own two VPCs only',
  TGW_NO_ROUTE: 'has no route to there',
  TGW_BLACKHOLE: 'drops it: its route is a blackhole',
  TGW_ZONE_NOT_ATTACHED: 'has no subnet in the sender’s zone',
  VPN_DOWN: 'is down',
  NO_LISTENER: 'does not listen for it',
  NO_TARGET: 'has no such target',
  ZONE_NOT_ENABLED: 'does not serve the target’s zone',
  INSTANCE_NOT_RUNNING: 'is not running',
  INTERFACE_NOT_ATTACHED: 'is attached to nothing',
  ADDRESS_NOT_FOUND: 'has no interface that could answer',
  DENIED: 'was not seen: the call was denied',
  NOT_COLLECTED: 'was not seen: nobody asked for it',
  OTHER_ACCOUNT: 'belongs to an account that is not in the snapshot',
  APPLIANCE_ON_PATH: 'is an appliance: what it lets on nobody can tell',
  PREFIX_LIST_UNSEEN: 'is a prefix list whose entries were not read',
  NOT_MODELLED: 'is of a kind that is not modelled',
}

export function reasonText({ reason }: Blocker, { from, to }: Pick<ReachAnswer, 'from' | 'to'>): string {
  if (reason === 'ADDRESS_NOT_FOUND' && from === to)
    return 'is both ends: what it sends itself enters no network'
  return REASONS[reason]
}

/** `22`, `1000-2000`, `all`; `8:0` for ICMP. */
export function portsText({ ports, icmp }: Pick<Exposed, 'ports' | 'icmp'>): string {
  if (icmp) {
    const text = (code: number): string => (code === -1 ? 'any' : String(code))
    return icmp.map(([type, code]) => (type === -1 ? 'any' : `${type}:${text(code)}`)).join(', ')
  }
  if (ports.length === 1 && ports[0]?.[0] === 0 && ports[0][1] === 65_535) return 'all'
  return ports.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(', ')
}

/** `app/web/50dc…` of a load balancer's ARN, `web/6d0e…` of a target group's, the short id of others. */
export function shortOf(resource: string): string {
  if (!resource.startsWith('arn:')) return resource
  const named = /:(?:loadbalancer|targetgroup)\/(.+)$/.exec(resource)?.[1]
  if (named) return named
  return resource.slice(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1)
}

/** `203.0.113.7:49152 → 52.0.0.5:22 tcp`. */
export function packetText({ packet }: NonNullable<ReachAnswer['witness']>): string {
  const end = (address: string, port: number | undefined): string => {
    if (port === undefined) return address
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  }
  const icmp = packet.icmpType === undefined ? '' : ` ${packet.icmpType}:${packet.icmpCode ?? 0}`
  return `${end(packet.srcIp, packet.srcPort)} → ${end(packet.dstIp, packet.dstPort)} ${packet.protocol}${icmp}`
}
