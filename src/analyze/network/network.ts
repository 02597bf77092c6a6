/** The parsed network of a snapshot: built once, asked many times. Look-ups are cached by what decides them. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Balancers } from './balancer-topology.ts'
import { readBalancers } from './balancer-topology.ts'
import type { AclFilters } from './nacl.ts'
import { aclFilters } from './nacl.ts'
import type { Routes } from './route-table.ts'
import { readRoutes } from './route-table.ts'
import type { GroupFilters } from './security-group.ts'
import { groupFilters } from './security-group.ts'
import type { Topology } from './topology.ts'
import { readTopology } from './topology.ts'
import type { TransitGateways } from './transit-gateway.ts'
import { readTransitGateways } from './transit-gateway.ts'

export interface Network {
  readonly topology: Topology
  readonly groups: GroupFilters
  readonly acls: AclFilters
  readonly routes: Routes
  readonly transit: TransitGateways
  readonly balancers: Balancers
}

export function createNetwork(index: SnapshotIndex): Network {
  const topology = readTopology(index)
  const routes = readRoutes(topology)
  return {
    topology,
    groups: groupFilters(topology),
    acls: aclFilters(topology),
    routes,
    transit: readTransitGateways(topology, routes),
    balancers: readBalancers(topology),
  }
}
