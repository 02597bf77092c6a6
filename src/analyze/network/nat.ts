/**
 * NAT gateways: out only, with one of their own addresses and a source port of their own choice.
 * @see VPC User Guide, "NAT gateways"
 */
import type { Address, Family } from './address-set.ts'
import { formatAddress, parseAddress } from './address-set.ts'
import type { Gate } from './gate.ts'
import { closedGate, openGate } from './gate.ts'
import type { Place } from './interface.ts'
import { items, text, word } from './json.ts'
import type { Network } from './network.ts'
import type { Blocker, Cause } from './reasons.ts'
import { unseen } from './reasons.ts'

import { allTraffic, NO_TRAFFIC } from './traffic.ts'

export interface NatGateway {
  readonly id: string
  readonly vpcId: string
  /** Undefined for a regional gateway, which is in no subnet. */
  readonly subnetId: string | undefined
  readonly state: string
  readonly connectivity: string
  readonly interfaceId: string | undefined
  readonly privateIp: Address | undefined
  readonly publicIp: Address | undefined
}

export function natGateway(
  network: Network,
  id: string,
  place: Place,
): NatGateway | { readonly cause: Cause } {
  const { topology } = network
  const resource = topology.resource('AWS::EC2::NatGateway', id)
  const operation = 'ec2:DescribeNatGateways'
  if (!resource) {
    const missing = topology.missing('AWS::EC2::NatGateway', place)[0]
    if (missing) return { cause: unseen(id, 'nat-gateway', missing) }
    return {
      id,
      vpcId: '',
      subnetId: undefined,
      state: 'deleted',
      connectivity: 'public',
      interfaceId: undefined,
      privateIp: undefined,
      publicIp: undefined,
    }
  }
  const { config } = resource
  const addresses = items(config, 'NatGatewayAddresses')
  const publicIp = addresses
    .map((item) => parseAddress(word(item, 'PublicIp')))
    .find((ip) => ip !== undefined)
  const subnetId = text(config, 'SubnetId')
  if (subnetId === undefined && text(config, 'AvailabilityMode') !== 'regional') {
    return { cause: unseen(id, 'nat-gateway', { operation, outcome: 'error', permission: operation }) }
  }
  return {
    id,
    vpcId: word(config, 'VpcId'),
    subnetId,
    state: text(config, 'State') ?? 'available',
    connectivity: text(config, 'ConnectivityType') ?? 'public',
    interfaceId: addresses
      .map((item) => text(item, 'NetworkInterfaceId'))
      .find((found) => found !== undefined),
    privateIp: addresses.map((item) => parseAddress(word(item, 'PrivateIp'))).find((ip) => ip !== undefined),
    publicIp,
  }
}

/** What a NAT gateway translates: TCP, UDP and ICMP over IPv4; to others it is no way. */
function supported(at: Pick<Blocker, 'resource' | 'kind'>, family: Family): Gate {
  const all = allTraffic(family)
  const traffic = family === 6 ? NO_TRAFFIC : { ...all, other: NO_TRAFFIC.other }
  return {
    ...openGate(family, []),
    must: traffic,
    may: traffic,
    blockers: () => [{ ...at, reason: 'NO_ROUTE', rule: 'protocol' }],
  }
}

/** It runs, and it translates the protocol. */
export function natGates(nat: NatGateway, family: Family): Gate[] {
  const at = { resource: nat.id, kind: 'nat-gateway' as const }
  if (nat.state !== 'available') return [closedGate([{ ...at, reason: 'NO_ROUTE', rule: nat.state }])]
  return [supported(at, family)]
}

/** Under which address it goes on; closed where it has none of the kind that is needed. */
export function natAddressGate(nat: NatGateway, address: Address | undefined, family: Family): Gate {
  const at = { resource: nat.id, kind: 'nat-gateway' as const }
  if (address === undefined)
    return closedGate([{ ...at, reason: 'NO_PUBLIC_ADDRESS', rule: nat.connectivity }])
  return openGate(family, [{ ...at, decision: 'forward', detail: `as ${formatAddress(address)}` }])
}

/** The address that it has on the internet. */
export function natPublicAddress(nat: NatGateway): Address | undefined {
  return nat.connectivity === 'private' ? undefined : nat.publicIp
}
