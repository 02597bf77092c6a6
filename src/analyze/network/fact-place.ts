/** Facts of places and ways: subnets, VPCs, NAT gateways, endpoints, VPN and peering connections. */
import { shortId } from '../../snapshot/index.ts'
import type { JsonObject, Resource } from '../../snapshot/model.ts'
import { lazy } from '../told.ts'
import type { Family } from './address-set.ts'
import { allAddresses, formatAddress, parseCidr, toCidrs } from './address-set.ts'
import { interfacesOf } from './ends.ts'
import { evaluate } from './evaluate.ts'
import { sure, Untold, unlistedHere, unlistedNamed } from './fact.ts'
import type { Reached } from './fact-exposure.ts'
import { isReached, openCauses } from './fact-exposure.ts'
import { openings, portsOf } from './fact-rows.ts'
import { farPaths } from './far-path.ts'
import { familyOfHost, hostsOf } from './host.ts'
import type { NetworkInterface } from './interface.ts'
import { setOf, subtract, union } from './interval-set.ts'
import { field, items, text, texts, word } from './json.ts'
import type { Network } from './network.ts'
import type { Cause } from './reasons.ts'
import type { Route } from './route-table.ts'
import { publicSubnet } from './subnet-role.ts'
import type { Tiers } from './tiers.ts'
import { peerRows } from './tiers.ts'
import { allTraffic } from './traffic.ts'
import { restrict, uniteMaps } from './traffic-map.ts'

type ReachOf = (eni: NetworkInterface) => readonly Reached[]
const FAMILIES: readonly Family[] = [4, 6]

/** An interface as those name it who ask what lives in a place. */
export function resident(network: Network, eni: NetworkInterface, reachOf: ReachOf): JsonObject {
  const publicIps = eni.addresses.flatMap(({ publicIp }) =>
    publicIp === undefined ? [] : [formatAddress(publicIp)],
  )
  return lazy<JsonObject>({
    interface: () => eni.id,
    kind: () => eni.owner.kind,
    owner: () => eni.owner.id,
    subnet: () => eni.subnetId,
    publicSubnet: () => publicSubnet(network, eni.subnetId).gateway !== undefined,
    publicAddresses: () => publicIps,
    reached: () => isReached(reachOf(eni)),
  })
}

export function subnetMembers(network: Network, subnet: Resource, reachOf: ReachOf) {
  const id = shortId(subnet.id)
  const role = publicSubnet(network, id)
  const interfaces = network.topology.interfacesOfSubnet.get(id) ?? []
  const hidden = unlistedHere(network, subnet, 'NetworkInterface')
  const found = network.routes.ofSubnet(id)
  return {
    public: () => sure(role.causes, () => role.gateway !== undefined),
    gateway: () => sure(role.causes, () => role.gateway ?? ''),
    routeTable: () => ('cause' in found ? new Untold([found.cause]) : found.table.id),
    waysOut: () => sure(role.causes, () => [...new Set(role.ways.map(({ kind }) => kind))]),
    interfaces: () =>
      sure([...hidden, ...role.causes], () => interfaces.map((eni) => resident(network, eni, reachOf))),
    kinds: () => sure(hidden, () => [...new Set(interfaces.map(({ owner }) => owner.kind))].sort()),
    publicAddresses: () =>
      sure(
        hidden,
        () => interfaces.filter((eni) => eni.addresses.some(({ publicIp }) => publicIp !== undefined)).length,
      ),
    reached: () => {
      if (interfaces.some((eni) => isReached(reachOf(eni)))) return true
      return sure([...hidden, ...interfaces.flatMap((eni) => openCauses(reachOf(eni)))], () => false)
    },
  }
}

/** `s3` of `com.amazonaws.eu-west-1.s3` and `cn.com.amazonaws.cn-north-1.s3`; another account's service by its whole name. */
function serviceName(name: string): string {
  return /^(?:(?:cn\.)?com|eu)\.amazonaws\.[a-z-]+-\d+\.(.+)$/.exec(name)?.[1] ?? name
}

const RUNS: ReadonlySet<string> = new Set(['available', 'Available'])

function endpointsOf(network: Network, vpcId: string): Resource[] {
  return network.topology.index
    .ofType('AWS::EC2::VPCEndpoint')
    .filter(({ config }) => text(config, 'VpcId') === vpcId && RUNS.has(text(config, 'State') ?? 'available'))
}

/** A gateway endpoint takes public addresses too, those of its own service; the internet is not behind it. */
function leadsOut({ topology }: Network, { kind, target }: Route): boolean {
  if (kind !== 'endpoint') return true
  return text(topology.resource('AWS::EC2::VPCEndpoint', target)?.config, 'VpcEndpointType') !== 'Gateway'
}

export function vpcMembers(network: Network, vpc: Resource) {
  const { topology } = network
  const id = shortId(vpc.id)
  const subnets = [...topology.subnets.values()].filter(({ vpcId }) => vpcId === id)
  const roles = subnets.map((subnet) => ({ subnet, role: publicSubnet(network, subnet.id) }))
  const causes = [...unlistedHere(network, vpc, 'Subnet'), ...roles.flatMap(({ role }) => role.causes)]
  const noList = unlistedHere(network, vpc, 'VPCEndpoint')
  const endpoints = endpointsOf(network, id)
  const services = endpoints.map(({ config }) => serviceName(word(config, 'ServiceName')))
  const nat = roles
    .filter(({ role }) => role.ways.some(({ kind }) => kind === 'nat'))
    .map(({ subnet }) => subnet.id)
  // As the table writes it: the route is there whether or not the entries of its prefix list were read.
  const routesTo = (table: string, endpoint: string): boolean =>
    items(topology.resource('AWS::EC2::RouteTable', table)?.config, 'Routes').some(
      (route) => text(route, 'GatewayId') === endpoint,
    )
  const toS3 = (subnetId: string): boolean => {
    const found = network.routes.ofSubnet(subnetId)
    if ('cause' in found) return false
    const gateways = endpoints.filter(({ config }) => serviceName(word(config, 'ServiceName')) === 's3')
    return gateways.some((endpoint) =>
      text(endpoint.config, 'VpcEndpointType') === 'Interface'
        ? true
        : routesTo(found.table.id, shortId(endpoint.id)),
    )
  }
  return {
    endpointServices: () => sure(noList, () => [...new Set(services)].sort()),
    natSubnets: () => sure(causes, () => nat),
    natSubnetsWithoutS3: () => sure([...causes, ...noList], () => nat.filter((subnet) => !toS3(subnet))),
    publicSubnets: () =>
      sure(causes, () =>
        roles.filter(({ role }) => role.gateway !== undefined).map(({ subnet }) => subnet.id),
      ),
    offlineInstances: () =>
      sure([...causes, ...unlistedHere(network, vpc, 'NetworkInterface'), ...noList], () => {
        const offline = roles
          .filter(({ role }) => !role.ways.some((way) => leadsOut(network, way)))
          .map(({ subnet }) => subnet.id)
        const found = offline.flatMap((subnet) => topology.interfacesOfSubnet.get(subnet) ?? [])
        return [...new Set(found.flatMap(({ owner }) => (owner.kind === 'instance' ? [owner.id] : [])))]
      }),
  }
}

export function natMembers(network: Network, nat: Resource) {
  const { topology } = network
  const id = shortId(nat.id)
  const vpcId = word(nat.config, 'VpcId')
  const own = topology.subnets.get(word(nat.config, 'SubnetId'))
  const subnets = [...topology.subnets.values()].filter((subnet) => subnet.vpcId === vpcId)
  const roles = subnets.map((subnet) => ({ subnet, role: publicSubnet(network, subnet.id) }))
  const causes = [
    ...unlistedHere(network, nat, 'Subnet'),
    ...roles.flatMap(({ role }) => role.causes),
    ...unlistedHere(network, nat, 'NetworkInterface'),
  ]
  const inUse = (subnetId: string): boolean =>
    (topology.interfacesOfSubnet.get(subnetId) ?? []).some(
      ({ owner, attached }) => attached && owner.kind !== 'nat-gateway',
    )
  const served = roles.filter(
    ({ subnet, role }) => inUse(subnet.id) && role.ways.some(({ target }) => target === id),
  )
  const regional = text(nat.config, 'AvailabilityMode') === 'regional'
  return {
    zone: () => own?.zone ?? '',
    regional: () => regional,
    subnets: () => sure(causes, () => served.map(({ subnet }) => ({ subnet: subnet.id, zone: subnet.zone }))),
    foreignZones: () =>
      sure(causes, () => {
        const zones = served
          .map(({ subnet }) => subnet.zone)
          .filter((zone) => !regional && zone !== own?.zone)
        return [...new Set(zones)].sort()
      }),
  }
}

/** What the groups of an endpoint's interfaces admit, and what of it from outside the networks of the snapshot. */
export function endpointMembers(network: Network, endpoint: Resource, reachOf: ReachOf) {
  const interfaces = interfacesOf(network, endpoint) ?? []
  const filters = (family: Family) => [
    ...new Set(interfaces.map((eni) => network.groups.filter(eni, 'ingress', family))),
  ]
  const unseenInterfaces = (): Cause[] => [
    ...unlistedHere(network, endpoint, 'NetworkInterface'),
    ...unlistedNamed(network, texts(endpoint.config, 'NetworkInterfaceIds')),
  ]
  const causes = (): Cause[] => [
    ...unseenInterfaces(),
    ...FAMILIES.flatMap((family) => filters(family).flatMap((filter) => filter.causes)),
  ]
  const admitted = (family: Family) => uniteMaps([[], ...filters(family).map(({ must }) => must)])
  return {
    service: () => serviceName(word(endpoint.config, 'ServiceName')),
    admits: () =>
      sure(causes(), () =>
        FAMILIES.flatMap((family) => openings(family, admitted(family), 'ingress', allAddresses(family))),
      ),
    admitsForeign: () =>
      sure(causes(), () =>
        FAMILIES.flatMap((family) => {
          const foreign = subtract(allAddresses(family), network.topology.own[family])
          return openings(family, restrict(admitted(family), foreign), 'ingress', foreign)
        }),
      ),
    reached: () => {
      if (interfaces.some((eni) => isReached(reachOf(eni)))) return true
      return sure(
        [...unseenInterfaces(), ...interfaces.flatMap((eni) => openCauses(reachOf(eni)))],
        () => false,
      )
    },
  }
}

/** The networks behind a VPN: its static routes, and what the tables of its VPC send to its gateway. */
function farNetworks(network: Network, connection: Resource, vpcId: string) {
  const gateway = word(connection.config, 'VpnGatewayId')
  const written = items(connection.config, 'Routes').map((route) => word(route, 'DestinationCidrBlock'))
  const sent = network.routes
    .ofVpc(vpcId)
    .flatMap(({ routes }) =>
      routes.filter(({ target }) => target === gateway).map(({ destination }) => destination),
    )
  const cidrs = [...written, ...sent].map(parseCidr).filter((cidr) => cidr !== undefined)
  const of = (family: Family) =>
    setOf(cidrs.filter((one) => one.family === family).map(({ lo, hi }) => [lo, hi] as const))
  return { 4: of(4), 6: of(6) }
}

function vpcsBehind(network: Network, connection: Resource): string[] {
  const gateway = network.topology.resource('AWS::EC2::VPNGateway', word(connection.config, 'VpnGatewayId'))
  return items(gateway?.config, 'VpcAttachments')
    .filter((attachment) => text(attachment, 'State') === 'attached')
    .map((attachment) => word(attachment, 'VpcId'))
}

export function vpnMembers(network: Network, connection: Resource) {
  const vpcs = vpcsBehind(network, connection)
  const tunnels = items(connection.config, 'VgwTelemetry')
  const transit = text(connection.config, 'TransitGatewayId')
  const at = { resource: shortId(connection.id), kind: 'vpn-connection' } as const
  const causes: Cause[] = [
    ...unlistedHere(network, connection, 'NetworkInterface'),
    ...unlistedHere(network, connection, 'VPNGateway'),
    ...(transit
      ? [{ ...at, reason: 'NOT_MODELLED', rule: 'everything behind a transit gateway' } as const]
      : []),
  ]
  const networks = vpcs.map((vpc) => farNetworks(network, connection, vpc))
  const ways = () =>
    vpcs.flatMap((vpcId, index) =>
      (network.topology.interfacesOfVpc.get(vpcId) ?? []).flatMap(hostsOf).flatMap((host) => {
        const family = familyOfHost(host)
        const domain = networks[index]?.[family] ?? []
        if (domain.length === 0) return []
        const paths = farPaths(network, host, domain, 'far')
        return paths.map((path) => ({ host, outcome: evaluate(path, allTraffic(family)) }))
      }),
    )
  const reaches = (): JsonObject[] =>
    ways().flatMap(({ host, outcome }) =>
      outcome.must
        .flatMap(({ value }) => portsOf(outcome.family, value.there))
        .map(({ protocol, from, to }) => ({
          interface: host.eni.id,
          owner: host.eni.owner.id,
          kind: host.eni.owner.kind,
          address: formatAddress(host.address),
          protocol,
          from,
          to,
        })),
    )
  const open = (): Cause[] => [
    ...causes,
    ...unlistedHere(network, connection, 'RouteTable'),
    ...ways().flatMap(({ outcome }) => (outcome.may.length > 0 ? outcome.causes : [])),
  ]
  return {
    up: () => tunnels.some((tunnel) => text(tunnel, 'Status') === 'UP'),
    networks: () =>
      sure(transit ? causes : [], () =>
        FAMILIES.flatMap((family) => toCidrs(networks.map((of) => of[family]).reduce(union, []))),
      ),
    reaches: () => sure(causes, reaches),
    reachesComplete: () => sure(open(), () => true),
  }
}

/** What the interfaces of each side of a peering reach of the other. */
export function peeringMembers(network: Network, peering: Resource, tiers: Tiers) {
  const ends = ['RequesterVpcInfo', 'AccepterVpcInfo'].map((end) => word(field(peering.config, end), 'VpcId'))
  const [requester = '', accepter = ''] = ends
  const absent = ends.filter((vpc) => !network.topology.vpcs.has(vpc))
  const causes: Cause[] = absent.map((resource) => ({ resource, kind: 'peering', reason: 'OTHER_ACCOUNT' }))
  const reached = (target: string, from: string): JsonObject[] =>
    (network.topology.interfacesOfVpc.get(target) ?? []).flatMap((eni) =>
      tiers.peersOf(eni, from).flatMap((peer) => peerRows(network, peer)),
    )
  return {
    requesterReaches: () => sure(causes, () => reached(accepter, requester)),
    accepterReaches: () => sure(causes, () => reached(requester, accepter)),
  }
}
