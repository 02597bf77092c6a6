/** What a subnet's routes make of it: where the internet's addresses go from it, and what of that nobody can tell. */
import type { Family } from './address-set.ts'
import { PUBLIC } from './address-set.ts'
import type { Network } from './network.ts'
import type { Cause } from './reasons.ts'
import { routesTo } from './route.ts'
import type { Route } from './route-table.ts'

export interface SubnetRole {
  /** The internet gateway that it leads to, of either family; undefined when to none. */
  readonly gateway: string | undefined
  /** Everything that packets to the internet may go to. */
  readonly ways: readonly Route[]
  readonly causes: readonly Cause[]
}

const FAMILIES: readonly Family[] = [4, 6]

const known = new WeakMap<Network, Map<string, SubnetRole>>()

/** A subnet is public when its winning route for internet addresses leads to an internet gateway. */
export function publicSubnet(network: Network, subnetId: string): SubnetRole {
  const cache = known.get(network) ?? new Map<string, SubnetRole>()
  known.set(network, cache)
  const found = cache.get(subnetId) ?? roleOf(network, subnetId)
  cache.set(subnetId, found)
  return found
}

function roleOf(network: Network, subnetId: string): SubnetRole {
  const found = network.routes.ofSubnet(subnetId)
  if ('cause' in found) return { gateway: undefined, ways: [], causes: [found.cause] }
  const ways = FAMILIES.flatMap((family) => routesTo(found.table, family, PUBLIC[family])).filter(
    ({ blackhole }) => !blackhole,
  )
  const gateway = ways.find(({ kind }) => kind === 'internet-gateway')?.target
  const unsure = gateway === undefined && found.table.causes.length > 0
  return { gateway, ways, causes: unsure ? found.table.causes : [] }
}
