/** The network's facts for rules: who reaches what, by which path, and what keeps the rest closed. */
import { shortId } from '../../snapshot/index.ts'
import type { JsonObject, Resource } from '../../snapshot/model.ts'
import type { Analysis } from '../analysis.ts'
import { balancerInterfaces } from './balancer-path.ts'
import { interfacesOf } from './ends.ts'
import { lazyFact, sure, Untold, unlistedNamed } from './fact.ts'
import { aclMembers } from './fact-acl.ts'
import type { Reached } from './fact-exposure.ts'
import { egressMembers, exposureMembers, internetReach } from './fact-exposure.ts'
import { groupMembers } from './fact-group.ts'
import {
  endpointMembers,
  natMembers,
  peeringMembers,
  resident,
  subnetMembers,
  vpcMembers,
  vpnMembers,
} from './fact-place.ts'
import { SHAPES, STRUCTS } from './fact-shapes.ts'
import { hostsOf } from './host.ts'
import type { NetworkInterface } from './interface.ts'
import { field, items, text, word } from './json.ts'
import type { Network } from './network.ts'
import { createNetwork } from './network.ts'
import type { Cause } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'
import { publicSubnet } from './subnet-role.ts'
import { peerRows, readTiers, type Tiers } from './tiers.ts'
import { LISTED_BY } from './topology.ts'

interface Knowledge {
  readonly network: Network
  readonly tiers: Tiers
  readonly reachOf: (eni: NetworkInterface) => readonly Reached[]
}

type Members = Readonly<Record<string, () => JsonObject[string] | Untold>>

function unlistedInterfaces(network: Network, resource: Resource): Cause[] {
  const missing = network.topology.missing('AWS::EC2::NetworkInterface', resource)[0]
  return missing ? [unseen(shortId(resource.id), 'network-interface', missing)] : []
}

function named(instance: Resource): string[] {
  return items(instance.config, 'NetworkInterfaces').map((one) => word(one, 'NetworkInterfaceId'))
}

function interfaceMembers({ network, tiers, reachOf }: Knowledge, eni: NetworkInterface): Members {
  const role = publicSubnet(network, eni.subnetId)
  return {
    ...exposureMembers(
      () => reachOf(eni),
      () => [],
    ),
    ...egressMembers(network, () => hostsOf(eni)),
    kind: () => eni.owner.kind,
    owner: () => eni.owner.id,
    publicSubnet: () => (role.causes.length > 0 ? new Untold(role.causes) : role.gateway !== undefined),
    reachedBy: () => tiers.peersOf(eni).flatMap((peer) => peerRows(network, peer)),
    reachedByComplete: () => {
      const causes = tiers.causesOf(eni)
      return causes.length > 0 ? new Untold(causes) : true
    },
  }
}

function instanceMembers({ network, reachOf }: Knowledge, instance: Resource): Members {
  const interfaces = interfacesOf(network, instance) ?? []
  const hidden = [...unlistedInterfaces(network, instance), ...unlistedNamed(network, named(instance))]
  const state = text(field(instance.config, 'State'), 'Name')
  return {
    ...exposureMembers(
      () => interfaces.flatMap(reachOf),
      () => hidden,
    ),
    ...egressMembers(network, () => interfaces.flatMap(hostsOf)),
    running: () =>
      state === undefined
        ? new Untold([unseen(shortId(instance.id), 'instance', notCollected('ec2:DescribeInstances'))])
        : state === 'running',
    interfaces: () =>
      sure([...hidden, ...interfaces.flatMap((eni) => publicSubnet(network, eni.subnetId).causes)], () =>
        interfaces.map((eni) => resident(network, eni, reachOf)),
      ),
  }
}

function balancerMembers({ network, reachOf }: Knowledge, resource: Resource): Members {
  const balancer = network.balancers.byArn(resource.id)
  const interfaces = balancer ? balancerInterfaces(network, balancer) : []
  const seen = interfaces.filter(({ standIn }) => !standIn).map(({ eni }) => eni)
  const causes = (): Cause[] => [
    ...unlistedInterfaces(network, resource),
    ...(seen.length === 0
      ? [unseen(resource.id, 'load-balancer', notCollected('ec2:DescribeNetworkInterfaces'))]
      : []),
  ]
  const groups = [...new Set((balancer?.listeners ?? []).flatMap(({ targetGroups }) => targetGroups))]
  const doubts = [
    ...(balancer?.cause ? [balancer.cause] : []),
    ...(balancer?.listeners ?? []).flatMap(({ cause }) => cause ?? []),
    ...groups.flatMap((arn) => network.balancers.group(arn)?.cause ?? []),
  ]
  const targets = groups.flatMap((arn) => network.balancers.group(arn)?.targets.map(({ id }) => id) ?? [])
  return {
    ...exposureMembers(() => seen.flatMap(reachOf), causes),
    internetFacing: () => text(resource.config, 'Scheme') === 'internet-facing',
    targets: () => (doubts.length > 0 ? new Untold(doubts) : [...new Set(targets)].sort()),
  }
}

function databaseMembers({ network, reachOf }: Knowledge, database: Resource): Members {
  const interfaces = interfacesOf(network, database) ?? []
  const at = { resource: shortId(database.id), kind: 'network-interface' } as const
  const causes: Cause[] = [
    ...unlistedInterfaces(network, database),
    ...(interfaces.length === 0
      ? [{ ...at, reason: 'NOT_MODELLED', rule: 'which interface RDS gave it' } as const]
      : []),
  ]
  return {
    ...exposureMembers(
      () => interfaces.flatMap(reachOf),
      () => causes,
    ),
    interfaces: () => (causes.length > 0 ? new Untold(causes) : interfaces.map(({ id }) => id)),
  }
}

function membersOf(knowledge: Knowledge, resource: Resource): Members {
  const { network, tiers, reachOf } = knowledge
  switch (resource.type) {
    case 'AWS::EC2::NetworkInterface': {
      const eni = network.topology.interfaces.get(shortId(resource.id))
      return eni ? interfaceMembers(knowledge, eni) : {}
    }
    case 'AWS::EC2::Instance':
      return instanceMembers(knowledge, resource)
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return balancerMembers(knowledge, resource)
    case 'AWS::RDS::DBInstance':
    case 'AWS::RDS::DBCluster':
      return databaseMembers(knowledge, resource)
    case 'AWS::EC2::SecurityGroup':
      return groupMembers(network, resource)
    case 'AWS::EC2::NetworkAcl':
      return aclMembers(network, resource)
    case 'AWS::EC2::Subnet':
      return subnetMembers(network, resource, reachOf)
    case 'AWS::EC2::VPC':
      return vpcMembers(network, resource)
    case 'AWS::EC2::NatGateway':
      return natMembers(network, resource)
    case 'AWS::EC2::VPCEndpoint':
      return endpointMembers(network, resource, reachOf)
    case 'AWS::EC2::VPNConnection':
      return vpnMembers(network, resource)
    case 'AWS::EC2::VPCPeeringConnection':
      return peeringMembers(network, resource, tiers)
    default:
      return {}
  }
}

/** What the calls besides the listings answer. */
const FURTHER = [
  'ec2:GetManagedPrefixListEntries',
  'ec2:GetTransitGatewayRouteTableAssociations',
  'ec2:SearchTransitGatewayRoutes',
  'ec2:DescribeVpcEndpointServiceConfigurations',
  'ec2:DescribeAddresses',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetHealth',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeLoadBalancerAttributes',
]

/**
 * Exact reachability as facts: docs/facts.md lists every member. What the snapshot does not tell is unseen, with the call
 * that would; what surely holds is known all the same, in lists beside a `complete` that says whether there may be more.
 */
export const network: Analysis = {
  name: 'network',
  shapes: SHAPES,
  structs: STRUCTS,
  operations: [...Object.values(LISTED_BY), ...FURTHER],
  prepare: (index) => {
    const made = createNetwork(index)
    const knowledge: Knowledge = { network: made, tiers: readTiers(made), reachOf: internetReach(made) }
    return (resource) => lazyFact(membersOf(knowledge, resource))
  },
}
