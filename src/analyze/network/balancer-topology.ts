/**
 * Load balancers as the network sees them: which ports they listen on, and to which targets each port may lead.
 * @see Elastic Load Balancing guides, "Listeners", "Target groups"
 */
import { shortId } from '../../snapshot/index.ts'
import type { Json, Missing, Resource } from '../../snapshot/model.ts'
import type { NetworkInterface, Place } from './interface.ts'
import { field, items, listOf, number, text, texts, word } from './json.ts'
import type { Cause } from './reasons.ts'
import { notCollected, unseen } from './reasons.ts'
import type { Topology } from './topology.ts'

export type TransportName = 'tcp' | 'udp'

export interface Listener {
  readonly port: number
  readonly protocols: readonly TransportName[]
  readonly targetGroups: readonly string[]
  /** Rules that were not seen: it may lead to any group that the balancer has. */
  readonly cause?: Cause
}

export interface Target {
  /** `i-…`, an address, a function's or a load balancer's ARN. */
  readonly id: string
  readonly port: number | undefined
  /** `healthy`, `unhealthy`, `draining` …: said, never a reason to be closed. */
  readonly health: string
}

export interface TargetGroup {
  readonly arn: string
  readonly name: string
  readonly type: 'instance' | 'ip' | 'lambda' | 'alb'
  readonly protocol: string
  readonly port: number | undefined
  readonly vpcId: string
  readonly ipv6: boolean
  /** ARNs of the balancers that have it. */
  readonly balancers: readonly string[]
  readonly targets: readonly Target[]
  readonly attributes: ReadonlyMap<string, string>
  readonly cause?: Cause
}

export interface Balancer extends Place {
  readonly arn: string
  /** `app/web/50dc…`: how its interfaces name it. */
  readonly id: string
  readonly name: string
  readonly type: string
  readonly zones: readonly string[]
  readonly subnets: readonly string[]
  readonly groups: readonly string[]
  readonly vpcId: string
  readonly listeners: readonly Listener[]
  readonly attributes: ReadonlyMap<string, string>
  /** Its listeners could not be listed: it may lead anywhere. */
  readonly cause?: Cause
  readonly resource: Resource
  /** Interfaces of endpoints in other VPCs that lead to it by an endpoint service of the snapshot. */
  readonly endpoints: readonly NetworkInterface[]
}

export interface Balancers {
  byArn(arn: string): Balancer | undefined
  /** By `app/web/50dc…`. */
  byId(id: string): Balancer | undefined
  byName(name: string): Balancer | undefined
  group(arn: string): TargetGroup | undefined
  /** Those that say themselves that a balancer has them. */
  groupsOf(arn: string): readonly TargetGroup[]
  /** The balancers that may lead to a target, by instance, address or balancer ARN. */
  leadingTo(target: string): readonly Balancer[]
  /** Balancers of a VPC whose targets are partly unseen. */
  uncertainIn(vpcId: string): readonly Balancer[]
}

function attributesOf(config: Json): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const item of items(config, 'Attributes')) {
    attributes.set(word(item, 'Key'), word(item, 'Value'))
  }
  return attributes
}

const TRANSPORT: Readonly<Record<string, readonly TransportName[]>> = {
  UDP: ['udp'],
  QUIC: ['udp'],
  TCP_UDP: ['tcp', 'udp'],
  TCP_QUIC: ['tcp', 'udp'],
  GENEVE: [],
}

export function transports(protocol: string): readonly TransportName[] {
  return (Object.hasOwn(TRANSPORT, protocol) ? TRANSPORT[protocol] : undefined) ?? ['tcp']
}

/** The target groups that actions forward to with a weight above 0. */
function forwarded(actions: readonly Json[]): string[] {
  return actions.flatMap((action) => {
    if (text(action, 'Type') !== 'forward') return []
    const weighted = listOf(field(action, 'ForwardConfig'), 'TargetGroups')
    if (weighted && weighted.length > 0) {
      return weighted
        .filter((group) => (number(group, 'Weight') ?? 1) > 0)
        .map((group) => word(group, 'TargetGroupArn'))
    }
    return [word(action, 'TargetGroupArn')]
  })
}

/** Only listeners of Application Load Balancers have rules beyond their default action. */
function unreadRules(resource: Resource): Missing | undefined {
  const { config } = resource
  const protocol = text(config, 'Protocol')
  if (listOf(config, 'Rules') || (protocol !== 'HTTP' && protocol !== 'HTTPS')) return undefined
  return resource.missing?.['Rules'] ?? notCollected('elasticloadbalancing:DescribeRules')
}

function listenerOf(resource: Resource): Listener {
  const { config } = resource
  const rules = items(config, 'Rules').flatMap((rule) => items(rule, 'Actions'))
  const missing = unreadRules(resource)
  return {
    port: number(config, 'Port') ?? 0,
    protocols: transports(word(config, 'Protocol')),
    targetGroups: [...new Set(forwarded([...items(config, 'DefaultActions'), ...rules]))].filter(Boolean),
    ...(missing ? { cause: unseen(resource.id, 'listener', missing) } : {}),
  }
}

function targetTypeOf(config: Json): TargetGroup['type'] {
  const type = text(config, 'TargetType')
  return type === 'ip' || type === 'lambda' || type === 'alb' ? type : 'instance'
}

function targetGroupOf(resource: Resource): TargetGroup {
  const { config } = resource
  const absent = listOf(config, 'TargetHealthDescriptions')
    ? undefined
    : notCollected('elasticloadbalancing:DescribeTargetHealth')
  const missing = resource.missing?.['TargetHealthDescriptions'] ?? absent
  return {
    arn: resource.id,
    name: text(config, 'TargetGroupName') ?? shortId(resource.id),
    type: targetTypeOf(config),
    protocol: text(config, 'Protocol') ?? 'TCP',
    port: number(config, 'Port'),
    vpcId: word(config, 'VpcId'),
    ipv6: text(config, 'IpAddressType') === 'ipv6',
    balancers: texts(config, 'LoadBalancerArns'),
    targets: items(config, 'TargetHealthDescriptions').map((item) => ({
      id: word(field(item, 'Target'), 'Id'),
      port: number(field(item, 'Target'), 'Port'),
      health: text(field(item, 'TargetHealth'), 'State') ?? 'unknown',
    })),
    attributes: attributesOf(config),
    ...(missing ? { cause: unseen(resource.id, 'target-group', missing) } : {}),
  }
}

function balancerId(arn: string): string {
  const at = arn.indexOf(':loadbalancer/')
  return at < 0 ? shortId(arn) : arn.slice(at + ':loadbalancer/'.length)
}

/** Interfaces that lead to a balancer by PrivateLink: those of the endpoints whose service it stands behind. */
function endpointInterfaces(topology: Topology): Map<string, NetworkInterface[]> {
  const found = new Map<string, NetworkInterface[]>()
  const byService = new Map<string, NetworkInterface[]>()
  for (const { config } of topology.index.ofType('AWS::EC2::VPCEndpoint')) {
    if (text(config, 'State')?.toLowerCase() !== 'available') continue
    for (const id of texts(config, 'NetworkInterfaceIds')) {
      const eni = topology.interfaces.get(id)
      if (eni) push(byService, word(config, 'ServiceName'), eni)
    }
  }
  for (const { config } of topology.index.ofType('AWS::EC2::VPCEndpointService')) {
    for (const arn of texts(config, 'NetworkLoadBalancerArns')) {
      for (const eni of byService.get(word(config, 'ServiceName')) ?? []) push(found, arn, eni)
    }
  }
  return found
}

/** Balancers that have interfaces and no description: Classic ones, or ones whose list was not read. */
function undescribed(topology: Topology, known: ReadonlySet<string>): Balancer[] {
  const found: Balancer[] = []
  for (const [id, [eni]] of topology.interfacesOfBalancer) {
    if (!eni || known.has(id)) continue
    const missing = topology.missing('AWS::ElasticLoadBalancingV2::LoadBalancer', eni)[0]
    const at = { resource: id, kind: 'load-balancer' as const }
    found.push({
      arn: id,
      id,
      name: id,
      account: eni.account,
      region: eni.region,
      type: 'undescribed',
      zones: [],
      subnets: [],
      groups: [],
      vpcId: eni.vpcId,
      listeners: [],
      attributes: new Map(),
      cause: missing
        ? unseen(id, at.kind, missing)
        : { ...at, reason: 'NOT_MODELLED', rule: 'Classic Load Balancer' },
      resource: eni.resource,
      endpoints: [],
    })
  }
  return found
}

function balancerOf(
  topology: Topology,
  resource: Resource,
  listeners: readonly Listener[],
  endpoints: readonly NetworkInterface[],
): Balancer {
  const { config } = resource
  const zones = items(config, 'AvailabilityZones')
  const missing = topology.missing('AWS::ElasticLoadBalancingV2::Listener', resource)[0]
  return {
    arn: resource.id,
    id: balancerId(resource.id),
    name: word(config, 'LoadBalancerName'),
    account: resource.account,
    region: resource.region,
    type: text(config, 'Type') ?? 'application',
    zones: zones.map((zone) => word(zone, 'ZoneName')),
    subnets: zones.map((zone) => word(zone, 'SubnetId')),
    groups: texts(config, 'SecurityGroups'),
    vpcId: word(config, 'VpcId'),
    listeners,
    attributes: attributesOf(config),
    ...(missing ? { cause: unseen(resource.id, 'load-balancer', missing) } : {}),
    resource,
    endpoints,
  }
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (!list) map.set(key, [value])
  else if (!list.includes(value)) list.push(value)
}

export function readBalancers(topology: Topology): Balancers {
  const { index } = topology
  const listeners = new Map<string, Listener[]>()
  for (const resource of index.ofType('AWS::ElasticLoadBalancingV2::Listener')) {
    push(listeners, word(resource.config, 'LoadBalancerArn'), listenerOf(resource))
  }
  const groups = new Map(
    index
      .ofType('AWS::ElasticLoadBalancingV2::TargetGroup')
      .map((resource) => [resource.id, targetGroupOf(resource)]),
  )
  const endpoints = endpointInterfaces(topology)
  const described = index
    .ofType('AWS::ElasticLoadBalancingV2::LoadBalancer')
    .map((resource) =>
      balancerOf(topology, resource, listeners.get(resource.id) ?? [], endpoints.get(resource.id) ?? []),
    )
  const all = [...described, ...undescribed(topology, new Set(described.map(({ id }) => id)))]
  const groupsOf = new Map<string, TargetGroup[]>()
  for (const group of groups.values()) for (const arn of group.balancers) push(groupsOf, arn, group)
  const leading = new Map<string, Balancer[]>()
  const uncertain = new Map<string, Balancer[]>()
  for (const balancer of all) {
    if (balancer.cause || balancer.listeners.some(({ cause }) => cause))
      push(uncertain, balancer.vpcId, balancer)
    for (const arn of new Set(balancer.listeners.flatMap(({ targetGroups }) => targetGroups))) {
      const group = groups.get(arn)
      if (!group || group.cause) push(uncertain, group?.vpcId ?? balancer.vpcId, balancer)
      for (const { id } of group?.targets ?? []) push(leading, id, balancer)
    }
  }
  const byArn = new Map(all.map((balancer) => [balancer.arn, balancer]))
  const byId = new Map(all.map((balancer) => [balancer.id, balancer]))
  const byName = new Map(all.map((balancer) => [balancer.name, balancer]))
  return {
    byArn: (arn) => byArn.get(arn),
    byId: (id) => byId.get(id),
    byName: (name) => byName.get(name),
    group: (arn) => groups.get(arn),
    groupsOf: (arn) => groupsOf.get(arn) ?? [],
    leadingTo: (target) => leading.get(target) ?? [],
    uncertainIn: (vpcId) => uncertain.get(vpcId) ?? [],
  }
}
