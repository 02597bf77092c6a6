/**
 * Gates between a VPC and the internet: the gateway's attachment, the public address, Block Public Access, edge tables.
 * @see VPC User Guide, "Enable internet access for a VPC using an internet gateway" and "Block public access to VPCs and subnets"
 */
import { shortId } from '../../snapshot/index.ts'
import type { Missing } from '../../snapshot/model.ts'
import type { Address, Family } from './address-set.ts'
import { formatAddress } from './address-set.ts'
import type { Gate } from './gate.ts'
import { closedGate, openGate, unknownGate } from './gate.ts'
import type { Host } from './host.ts'
import { familyOfHost } from './host.ts'
import { items, text, word } from './json.ts'
import type { Network } from './network.ts'
import { notCollected, unseen } from './reasons.ts'
import { routeGate } from './route.ts'

/** How a flow meets the internet, for Block Public Access: by address and gateway, or by a gateway that only lets out. */
export type Exposure = 'gateway' | 'outbound-only'

const OPTIONS = 'AWS::EC2::VPCBlockPublicAccessOptions'
const EXCLUSION = 'AWS::EC2::VPCBlockPublicAccessExclusion'
const ACTIVE = new Set(['create-complete', 'update-complete'])
const CHANGING = new Set([
  'create-in-progress',
  'update-in-progress',
  'delete-in-progress',
  'disable-in-progress',
])

interface Exclusion {
  readonly mode: string
  readonly sure: boolean
}

function exclusions(network: Network, subnetId: string, vpcId: string): Exclusion[] {
  const found: Exclusion[] = []
  for (const resource of network.topology.index.ofType(EXCLUSION)) {
    const at = shortId(word(resource.config, 'ResourceArn'))
    if (at !== subnetId && at !== vpcId) continue
    const state = text(resource.config, 'State') ?? 'create-complete'
    const mode = word(resource.config, 'InternetGatewayExclusionMode')
    if (ACTIVE.has(state) || CHANGING.has(state)) found.push({ mode, sure: ACTIVE.has(state) })
  }
  return found
}

type Blocking = 'open' | 'closed' | { readonly missing: Missing }

function blocking(network: Network, subnetId: string, exposure: Exposure): Blocking {
  const { topology } = network
  const subnet = topology.subnets.get(subnetId)
  if (!subnet) return 'open'
  const listing = topology.index.list(OPTIONS, subnet.account, subnet.region)
  const missing = topology.missing(OPTIONS, subnet)[0]
  const options = listing.resources[0]
  if (!options) return missing ? { missing } : 'open'
  const mode = text(options.config, 'InternetGatewayBlockMode') ?? 'off'
  if (mode === 'off') return 'open'
  if (mode === 'block-ingress' && exposure === 'outbound-only') return 'open'
  const found = exclusions(network, subnetId, subnet.vpcId)
  const opens = found.filter(
    (exclusion) =>
      exclusion.mode === 'allow-bidirectional' ||
      (exclusion.mode === 'allow-egress' && exposure === 'outbound-only'),
  )
  if (opens.some(({ sure }) => sure)) return 'open'
  const unread = topology.missing(EXCLUSION, subnet)[0]
  if (unread) return { missing: unread }
  if (opens.length === 0) return 'closed'
  const changing = notCollected('ec2:DescribeVpcBlockPublicAccessExclusions')
  return { missing: { ...changing, detail: 'an exclusion is changing' } }
}

export function publicAccessGates(
  network: Network,
  subnetId: string,
  family: Family,
  exposure: Exposure,
): Gate[] {
  const state = blocking(network, subnetId, exposure)
  const at = { resource: subnetId, kind: 'block-public-access' as const }
  if (state === 'open') return []
  if (state === 'closed') return [closedGate([{ ...at, reason: 'BLOCK_PUBLIC_ACCESS' }])]
  return [unknownGate(family, [unseen(at.resource, at.kind, state.missing)])]
}

/** The gateway that a VPC's public packets take: the attached one, else the one that its routes name. */
export function gatewayOf(network: Network, vpcId: string): string | undefined {
  const attached = network.topology.gatewayOfVpc.get(vpcId)
  if (attached) return shortId(attached.id)
  for (const table of network.routes.ofVpc(vpcId)) {
    const route = table.routes.find(({ kind }) => kind === 'internet-gateway')
    if (route) return route.target
  }
  return undefined
}

/** Attached to the VPC, or why not. */
export function attachedGates(network: Network, vpcId: string, family: Family): Gate[] {
  const { topology } = network
  if (topology.gatewayOfVpc.has(vpcId)) return []
  const vpc = topology.vpcs.get(vpcId)
  const named = gatewayOf(network, vpcId)
  const missing = vpc
    ? topology.missing('AWS::EC2::InternetGateway', vpc)[0]
    : notCollected('ec2:DescribeInternetGateways')
  if (missing) return [unknownGate(family, [unseen(named ?? vpcId, 'internet-gateway', missing)])]
  const reason = named ? 'GATEWAY_NOT_ATTACHED' : 'NO_INTERNET_GATEWAY'
  return [closedGate([{ resource: named ?? vpcId, kind: 'internet-gateway', reason }])]
}

/** IPv4 needs a public address that the gateway maps to the private one; IPv6 needs only the address. */
export function publicAddressGates(network: Network, host: Host): Gate[] {
  const at = { resource: host.eni.id, kind: 'network-interface' as const }
  if (familyOfHost(host) === 6) {
    // "denyAllIgwTraffic": internal dual-stack load balancers have IPv6 addresses that the internet gateway does not serve.
    const rule = 'DenyAllIgwTraffic'
    return host.eni.deniesInternet ? [closedGate([{ ...at, reason: 'NO_PUBLIC_ADDRESS', rule }])] : []
  }
  if (host.publicIp !== undefined) return []
  return network.topology.interfaces.has(host.eni.id)
    ? [closedGate([{ ...at, reason: 'NO_PUBLIC_ADDRESS' }])]
    : []
}

/** The edge table of the gateway, for what comes in to `address`. */
export function edgeGates(
  network: Network,
  gateway: string,
  vpcId: string,
  address: Address,
  way: Gate['way'],
): Gate[] {
  const found = network.routes.ofGateway(gateway, vpcId)
  if (!found) return []
  if ('cause' in found && network.topology.gatewayOfVpc.has(vpcId)) return []
  const family = typeof address === 'number' ? 4 : 6
  return [
    routeGate({
      topology: network.topology,
      found,
      subnetId: gateway,
      family,
      way,
      to: address,
      target: 'local',
    }),
  ]
}

export function gatewayHop(host: Host, gateway: string, decision: 'in' | 'out'): Gate {
  const family = familyOfHost(host)
  const inner = formatAddress(host.address)
  const outer = host.publicIp === undefined ? inner : formatAddress(host.publicIp)
  const detail = decision === 'in' ? `${outer} → ${inner}` : `${inner} → ${outer}`
  return openGate(family, [{ resource: gateway, kind: 'internet-gateway', decision: 'forward', detail }])
}

/** The egress-only gateway is there and attached to the VPC. */
export function egressOnlyGates(network: Network, gatewayId: string, vpcId: string): Gate[] {
  const { topology } = network
  const resource = topology.resource('AWS::EC2::EgressOnlyInternetGateway', gatewayId)
  const attached = items(resource?.config, 'Attachments').some(
    (attachment) => text(attachment, 'VpcId') === vpcId && text(attachment, 'State') !== 'detached',
  )
  const kind = 'egress-only-internet-gateway'
  if (attached) {
    return [openGate(6, [{ resource: gatewayId, kind, decision: 'forward', detail: 'outbound only' }])]
  }
  const vpc = topology.vpcs.get(vpcId)
  const missing = vpc && topology.missing('AWS::EC2::EgressOnlyInternetGateway', vpc)[0]
  if (!resource && missing) return [unknownGate(6, [unseen(gatewayId, kind, missing)])]
  return [closedGate([{ resource: gatewayId, kind, reason: 'GATEWAY_NOT_ATTACHED' }])]
}
