/**
 * Network interfaces: their addresses, their groups, and whose they are.
 * @see Amazon EC2 API Reference, "NetworkInterface"; VPC User Guide, "Requester-managed network interfaces"
 */
import { shortId } from '../../snapshot/index.ts'
import type { Json, Resource } from '../../snapshot/model.ts'
import type { Address } from './address-set.ts'
import { parseAddress, parseCidr } from './address-set.ts'
import { field, flag, items, listOf, text, word } from './json.ts'

export interface Place {
  readonly account: string
  readonly region: string
}

export type OwnerKind =
  | 'instance'
  | 'load-balancer'
  | 'nat-gateway'
  | 'endpoint'
  | 'transit-gateway'
  | 'database'
  | 'cache'
  | 'search'
  | 'warehouse'
  | 'file-system'
  | 'lambda'
  | 'other'

/** Whose an interface is: the service that made it, and the name it goes by there. */
export interface Owner {
  readonly kind: OwnerKind
  /** `i-…`, `app/web/50dc…`, `nat-…`, `vpce-…`, or what the description says. */
  readonly id: string
}

export interface InterfaceAddress {
  readonly address: Address
  /** The public IPv4 address that the internet gateway maps to it. */
  readonly publicIp?: Address
}

export interface NetworkInterface extends Place {
  readonly id: string
  readonly vpcId: string
  readonly subnetId: string
  readonly zone: string
  readonly addresses: readonly InterfaceAddress[]
  /** Undefined when the answer does not say. */
  readonly groups: readonly string[] | undefined
  readonly attached: boolean
  readonly sourceDestCheck: boolean
  /** An IPv6 address of it answers nobody on the internet, whatever the routes say. */
  readonly deniesInternet: boolean
  /** One of AWS's services made it. */
  readonly requesterManaged: boolean
  readonly interfaceType: string
  readonly owner: Owner
  readonly resource: Resource
}

const OWNED: readonly (readonly [RegExp, OwnerKind])[] = [
  [/^RDSNetworkInterface|^Neptune|^DocDB|^DMS|DAX /i, 'database'],
  [/^ElastiCache|^MemoryDB/i, 'cache'],
  [/^ES |^OpenSearch/i, 'search'],
  [/^RedshiftNetworkInterface|^Redshift/i, 'warehouse'],
  [/^EFS mount target|^Created by FSx|^FSx/i, 'file-system'],
  [/^AWS Lambda/i, 'lambda'],
]

const OWNED_TYPE: Readonly<Record<string, OwnerKind>> = {
  nat_gateway: 'nat-gateway',
  natGateway: 'nat-gateway',
  network_load_balancer: 'load-balancer',
  load_balancer: 'load-balancer',
  gateway_load_balancer: 'load-balancer',
  vpc_endpoint: 'endpoint',
  gateway_load_balancer_endpoint: 'endpoint',
  transit_gateway: 'transit-gateway',
  lambda: 'lambda',
  efs: 'file-system',
}

function ownerOf(config: Json): Owner {
  const instance = text(field(config, 'Attachment'), 'InstanceId')
  if (instance?.startsWith('i-')) return { kind: 'instance', id: instance }
  const description = word(config, 'Description')
  const managed = flag(config, 'RequesterManaged') === true
  const type = text(config, 'InterfaceType') ?? 'interface'
  if (description.startsWith('ELB ') && (managed || type !== 'interface')) {
    return { kind: 'load-balancer', id: description.slice(4) }
  }
  const kind = Object.hasOwn(OWNED_TYPE, type) ? OWNED_TYPE[type] : undefined
  const named = /\b(nat|vpce|tgw-attach|fs)-[0-9a-zA-Z]+/.exec(description.slice(0, 300))?.[0]
  if (kind) return { kind, id: named ?? description }
  if (!managed) return { kind: 'other', id: description }
  if (/^Interface for NAT Gateway/.test(description)) return { kind: 'nat-gateway', id: named ?? description }
  if (/^VPC Endpoint Interface/.test(description)) return { kind: 'endpoint', id: named ?? description }
  const known = OWNED.find(([pattern]) => pattern.test(description))
  return { kind: known?.[1] ?? 'other', id: named ?? description }
}

/** A delegated prefix that is too large to list stands by its first address: nothing inside it is treated differently. */
const LISTED_PREFIX = 28

function prefixAddresses(cidr: string | undefined): Address[] {
  const parsed = cidr === undefined ? undefined : parseCidr(cidr)
  if (!parsed) return []
  if (typeof parsed.lo !== 'number' || parsed.length < LISTED_PREFIX) return [parsed.lo]
  const first = parsed.lo
  return Array.from({ length: 2 ** (32 - parsed.length) }, (_, i) => first + i)
}

function addressesOf(config: Json): InterfaceAddress[] {
  const found = new Map<Address, InterfaceAddress>()
  const add = (address: Address | undefined, publicIp?: Address): void => {
    if (address === undefined || found.get(address)?.publicIp !== undefined) return
    found.set(address, publicIp === undefined ? { address } : { address, publicIp })
  }
  for (const item of items(config, 'PrivateIpAddresses')) {
    const publicText = text(field(item, 'Association'), 'PublicIp')
    add(parseAddress(word(item, 'PrivateIpAddress')), publicText ? parseAddress(publicText) : undefined)
  }
  if (found.size === 0) {
    const publicText = text(field(config, 'Association'), 'PublicIp')
    add(parseAddress(word(config, 'PrivateIpAddress')), publicText ? parseAddress(publicText) : undefined)
  }
  for (const item of items(config, 'Ipv4Prefixes')) {
    for (const address of prefixAddresses(text(item, 'Ipv4Prefix'))) add(address)
  }
  for (const item of items(config, 'Ipv6Addresses')) add(parseAddress(word(item, 'Ipv6Address')))
  for (const item of items(config, 'Ipv6Prefixes')) {
    for (const address of prefixAddresses(text(item, 'Ipv6Prefix'))) add(address)
  }
  return [...found.values()]
}

export function interfaceOf(
  resource: Resource,
  subnet: { readonly vpcId: string; readonly zone: string } | undefined,
): NetworkInterface {
  const config = resource.config
  const groups = listOf(config, 'Groups')
  return {
    id: shortId(resource.id),
    account: resource.account,
    region: resource.region,
    vpcId: text(config, 'VpcId') ?? subnet?.vpcId ?? '',
    subnetId: word(config, 'SubnetId'),
    zone: text(config, 'AvailabilityZone') ?? subnet?.zone ?? '',
    addresses: addressesOf(config),
    groups: groups?.map((group) => word(group, 'GroupId')),
    attached: text(config, 'Status') !== 'available',
    sourceDestCheck: flag(config, 'SourceDestCheck') !== false,
    deniesInternet: flag(config, 'DenyAllIgwTraffic') === true,
    requesterManaged: flag(config, 'RequesterManaged') === true,
    interfaceType: text(config, 'InterfaceType') ?? 'interface',
    owner: ownerOf(config),
    resource,
  }
}
