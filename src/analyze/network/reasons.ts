/** Why a flow is blocked, or why nobody can say. */
import type { Missing } from '../../snapshot/model.ts'

export type BlockReason =
  | 'NO_PUBLIC_ADDRESS'
  | 'NO_ROUTE'
  | 'ROUTE_BLACKHOLE'
  | 'NO_RETURN_ROUTE'
  | 'NO_INTERNET_GATEWAY'
  | 'GATEWAY_NOT_ATTACHED'
  | 'NAT_IS_OUTBOUND_ONLY'
  | 'EGRESS_ONLY_GATEWAY'
  | 'BLOCK_PUBLIC_ACCESS'
  | 'SG_NO_INGRESS'
  | 'SG_NO_EGRESS'
  | 'NACL_INGRESS_DENY'
  | 'NACL_EGRESS_DENY'
  | 'NACL_RETURN_DENY'
  | 'PEERING_NOT_ACTIVE'
  | 'PEERING_NOT_TRANSITIVE'
  | 'TGW_NO_ROUTE'
  | 'TGW_BLACKHOLE'
  | 'TGW_ZONE_NOT_ATTACHED'
  | 'VPN_DOWN'
  | 'NO_LISTENER'
  | 'NO_TARGET'
  | 'ZONE_NOT_ENABLED'
  | 'INSTANCE_NOT_RUNNING'
  | 'INTERFACE_NOT_ATTACHED'
  | 'ADDRESS_NOT_FOUND'

export type UnknownReason =
  | 'DENIED'
  | 'NOT_COLLECTED'
  | 'OTHER_ACCOUNT'
  | 'APPLIANCE_ON_PATH'
  | 'PREFIX_LIST_UNSEEN'
  | 'NOT_MODELLED'

export type HopKind =
  | 'internet'
  | 'internet-gateway'
  | 'egress-only-internet-gateway'
  | 'block-public-access'
  | 'route'
  | 'network-acl'
  | 'security-group'
  | 'network-interface'
  | 'instance'
  | 'peering'
  | 'transit-gateway'
  | 'vpn-gateway'
  | 'vpn-connection'
  | 'nat-gateway'
  | 'load-balancer'
  | 'listener'
  | 'target-group'
  | 'endpoint'
  | 'prefix-list'
  | 'network'

/** What stops a flow. `resource` is AWS's short id, or an address where nothing has one. */
export interface Blocker {
  readonly resource: string
  readonly kind: HopKind
  readonly reason: BlockReason | UnknownReason
  /** `rule 90`, `tcp 22 0.0.0.0/0`, a route's destination: what decided. */
  readonly rule?: string
}

/** Something that the snapshot does not tell; `missing` names the call that would. */
export interface Cause extends Blocker {
  readonly reason: UnknownReason
  readonly missing?: Missing
}

/** What happens to a packet at one place. */
export interface Hop {
  readonly resource: string
  readonly kind: HopKind
  readonly decision: 'allow' | 'forward' | 'deliver'
  readonly detail: string
}

export function unseen(resource: string, kind: HopKind, missing: Missing): Cause {
  return { resource, kind, reason: missing.outcome === 'denied' ? 'DENIED' : 'NOT_COLLECTED', missing }
}

/** What to say of a call that was never made. */
export function notCollected(operation: string): Missing {
  return { operation, outcome: 'not-collected', permission: operation }
}
