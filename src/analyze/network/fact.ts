/** Members of the network's facts, and what stands for one that can't be told. */
import { shortId } from '../../snapshot/index.ts'
import type { Json, JsonObject, Missing, Resource } from '../../snapshot/model.ts'
import type { Fact } from '../analysis.ts'
import { type Told, toldFactOf } from '../told.ts'
import { distinctMissing } from '../unread.ts'
import type { Network } from './network.ts'
import type { Cause } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'

/** Stands for a member that cannot be told. */
export class Untold {
  readonly missing: readonly Missing[]
  constructor(causes: readonly Cause[]) {
    this.missing = distinctMissing(causes.map(missingOf))
  }
}

/** What a cause lacks; where no call would tell, what is not modelled. */
function missingOf({ missing, reason, resource, rule }: Cause): Missing {
  if (missing) return missing
  const detail = `${resource}${rule === undefined ? '' : ` (${rule})`}: ${reason}`
  return { operation: `network:${reason}`, outcome: 'unsupported', permission: '', detail }
}

export function sure<T extends JsonObject[string]>(causes: readonly Cause[], value: () => T): T | Untold {
  return causes.length > 0 ? new Untold(causes) : value()
}

const KINDS = {
  NetworkInterface: 'network-interface',
  Subnet: 'network',
  VPNGateway: 'vpn-gateway',
  VPCEndpoint: 'endpoint',
  RouteTable: 'route',
} as const

/** What kept a type's list from being whole where a resource lies. */
export function unlistedHere(network: Network, place: Resource, type: keyof typeof KINDS): Cause[] {
  return network.topology
    .missing(`AWS::EC2::${type}`, place)
    .map((missing) => unseen(shortId(place.id), KINDS[type], missing))
}

/** Interfaces that a resource names and the list lacks: of another account, or made since. */
export function unlistedNamed(network: Network, ids: readonly string[]): Cause[] {
  return ids
    .filter((id) => !network.topology.interfaces.has(id))
    .map((id) => unseen(id, 'network-interface', notCollected('ec2:DescribeNetworkInterfaces')))
}

type Members = Readonly<Record<string, () => JsonObject[string] | Untold>>

const toTold = (value: JsonObject[string] | Untold): Told<Json> =>
  value instanceof Untold ? { missing: value.missing } : { value: value ?? null }

export const lazyFact = (members: Members): Fact => toldFactOf(members, toTold)
