/**
 * NAT gateways: out only, with one of their own addresses and a source port of their own choice.
 * @see VPC User Guide, "NAT gateways"
 */
import type { Address, Family } from './address-set.ts'
import { formatAddress, parseAddress } from './address-set.ts'
import type { Allowance, Gate } from './gate.ts'
import { closedGate, isMap, openGate } from './gate.ts'
import { intersect } from './interval-set.ts'
import { items, text } from './json.ts'
import type { Network } from './network.ts'
import { ALL_PORTS, NO_PORTS, preferredSourcePort, TRANSLATED_PORTS } from './port-set.ts'
import type { Cause } from './reasons.ts'
import { unseen } from './reasons.ts'
import type { Place } from './topology.ts'
import type { Traffic } from './traffic.ts'
import { NO_TRAFFIC } from './traffic.ts'
import { mapValues, valueAt } from './traffic-map.ts'

export interface NatGateway {
  readonly id: string
  readonly vpcId: string
  /** Undefined for a regional gateway, which is in no subnet. */
  readonly subnetId: string | undefined
  readonly state: string
  readonly connectivity: string
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
      privateIp: undefined,
      publicIp: undefined,
    }
  }
  const { config } = resource
  const addresses = items(config, 'NatGatewayAddresses')
  const publicIp = addresses
    .map((item) => parseAddress(text(item, 'PublicIp') ?? ''))
    .find((ip) => ip !== undefined)
  const subnetId = text(config, 'SubnetId')
  if (subnetId === undefined && text(config, 'AvailabilityMode') !== 'regional') {
    return { cause: unseen(id, 'nat-gateway', { operation, outcome: 'error', permission: operation }) }
  }
  return {
    id,
    vpcId: text(config, 'VpcId') ?? '',
    subnetId,
    state: text(config, 'State') ?? 'available',
    connectivity: text(config, 'ConnectivityType') ?? 'public',
    privateIp: addresses
      .map((item) => parseAddress(text(item, 'PrivateIp') ?? ''))
      .find((ip) => ip !== undefined),
    publicIp,
  }
}

/** It runs, and it has a public address to go out with. */
export function natGates(nat: NatGateway, family: Family): Gate[] {
  const at = { resource: nat.id, kind: 'nat-gateway' as const }
  if (nat.state !== 'available') return [closedGate([{ ...at, reason: 'NO_ROUTE', rule: nat.state }])]
  if (nat.connectivity === 'private' || nat.publicIp === undefined) {
    return [closedGate([{ ...at, reason: 'NO_PUBLIC_ADDRESS', rule: nat.connectivity }])]
  }
  return [openGate(family, [{ ...at, decision: 'forward', detail: `as ${formatAddress(nat.publicIp)}` }])]
}

function anyPort(traffic: Traffic): Traffic {
  const some = (ports: Traffic['tcp']) =>
    intersect(ports, TRANSLATED_PORTS).length > 0 ? ALL_PORTS : NO_PORTS
  return { ...traffic, tcp: some(traffic.tcp), udp: some(traffic.udp) }
}

/** A reply gate beyond something that starts flows from a port of its own choice: any one that passes will do. */
export function translated(gate: Gate, family: Family): Gate {
  const turn = (allowance: Allowance): Allowance =>
    isMap(allowance) ? mapValues(allowance, anyPort) : anyPort(allowance)
  const must = turn(gate.must)
  return {
    ...gate,
    must,
    may: gate.may === gate.must ? must : turn(gate.may),
    hops: (probe) => {
      const open = isMap(gate.may) ? (valueAt(gate.may, probe.remote) ?? NO_TRAFFIC) : gate.may
      if (probe.protocol !== 6 && probe.protocol !== 17) return gate.hops(probe)
      const ports = intersect(probe.protocol === 6 ? open.tcp : open.udp, TRANSLATED_PORTS)
      return family ? gate.hops({ ...probe, sourcePort: preferredSourcePort(ports) }) : []
    },
  }
}
