/** Prefix lists: what a rule or a route that names one stands for. */
import type { Place } from './interface.ts'
import { items, word } from './json.ts'
import type { Cause } from './reasons.ts'
import { notCollected } from './reasons.ts'
import type { Topology } from './topology.ts'

export interface PrefixList {
  readonly cidrs: readonly string[]
  /** Set when the entries were not seen: the list then stands for an unknown set. */
  readonly cause?: Cause
}

/** The entries of a list, or why they are unknown: between no address and every address. */
export function prefixList(topology: Topology, id: string, place: Place): PrefixList {
  const resource = topology.resource('AWS::EC2::PrefixList', id)
  const missing = resource?.missing?.['Entries'] ?? topology.missing('AWS::EC2::PrefixList', place)[0]
  if (resource && Array.isArray(resource.config['Entries'])) {
    return { cidrs: items(resource.config, 'Entries').map((entry) => word(entry, 'Cidr')) }
  }
  const cause: Cause = {
    resource: id,
    kind: 'prefix-list',
    reason: 'PREFIX_LIST_UNSEEN',
    missing: missing ?? notCollected('ec2:GetManagedPrefixListEntries'),
  }
  return { cidrs: [], cause }
}
