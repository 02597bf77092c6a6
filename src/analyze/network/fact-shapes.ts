/** The facts about networks that rules can ask for: what docs/facts.md says of them, as shapes. */
import type { Shape } from '../../snapshot/shapes.ts'

type Members = Readonly<Record<string, Shape>>

const strings: Shape = ['list', 'string']
const list = (struct: string): Shape => ['list', ['struct', `network.${struct}`]]

/** Everything that has interfaces. */
const EXPOSED: Members = {
  exposures: list('Exposure'),
  byBalancer: list('Exposure'),
  possible: list('Exposure'),
  complete: 'bool',
  reached: 'bool',
  openPorts: 'int',
  possiblePorts: 'int',
  latent: list('Latent'),
}

export const SHAPES: Readonly<Record<string, Members>> = {
  'AWS::EC2::NetworkInterface': {
    ...EXPOSED,
    kind: 'string',
    owner: 'string',
    publicSubnet: 'bool',
    egress: list('Egress'),
    sendsToInternet: 'bool',
    reachedBy: list('Peer'),
    reachedByComplete: 'bool',
  },
  'AWS::EC2::Instance': {
    ...EXPOSED,
    running: 'bool',
    interfaces: list('Resident'),
    egress: list('Egress'),
    sendsToInternet: 'bool',
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { ...EXPOSED, internetFacing: 'bool', targets: strings },
  'AWS::RDS::DBInstance': { ...EXPOSED, interfaces: strings },
  'AWS::RDS::DBCluster': { ...EXPOSED, interfaces: strings },
  'AWS::EC2::SecurityGroup': {
    interfaces: strings,
    open: list('OpenRule'),
    complete: 'bool',
    covered: list('CoveredRule'),
  },
  'AWS::EC2::NetworkAcl': {
    subnets: strings,
    publicSubnets: strings,
    admits: list('Opening'),
    openBehind: list('Opening'),
    shadowed: list('ShadowedEntry'),
    unanswered: list('Opening'),
  },
  'AWS::EC2::Subnet': {
    public: 'bool',
    gateway: 'string',
    routeTable: 'string',
    waysOut: strings,
    interfaces: list('Resident'),
    kinds: strings,
    publicAddresses: 'int',
    reached: 'bool',
  },
  'AWS::EC2::VPC': {
    endpointServices: strings,
    natSubnets: strings,
    natSubnetsWithoutS3: strings,
    publicSubnets: strings,
    offlineInstances: strings,
  },
  'AWS::EC2::NatGateway': {
    zone: 'string',
    regional: 'bool',
    subnets: list('ServedSubnet'),
    foreignZones: strings,
  },
  'AWS::EC2::VPCEndpoint': {
    service: 'string',
    admits: list('Opening'),
    admitsForeign: list('Opening'),
    reached: 'bool',
  },
  'AWS::EC2::VPNConnection': {
    up: 'bool',
    networks: strings,
    reaches: list('Reached'),
    reachesComplete: 'bool',
  },
  'AWS::EC2::VPCPeeringConnection': { requesterReaches: list('Peer'), accepterReaches: list('Peer') },
}

const PORTS: Members = { protocol: 'string', from: 'int', to: 'int' }
const ADDRESS: Members = { interface: 'string', address: 'string', publicAddress: 'string' }
const PROOF: Members = { path: 'string', witness: ['struct', 'network.Witness'] }
const SIZE: Members = { addresses: 'double', width: 'string' }

export const STRUCTS: Readonly<Record<string, Members>> = {
  'network.Exposure': { ...ADDRESS, ...PORTS, sources: strings, ...SIZE, via: 'string', ...PROOF },
  'network.Egress': { ...ADDRESS, ...PORTS, destinations: strings, ...SIZE, via: 'string', ...PROOF },
  'network.Latent': { exposure: ['struct', 'network.Exposure'], closedBy: list('Closure') },
  'network.Closure': { resource: 'string', reason: 'string' },
  'network.Witness': { packet: ['struct', 'network.Packet'], hops: list('Hop') },
  'network.Packet': {
    srcIp: 'string',
    srcPort: 'int',
    dstIp: 'string',
    dstPort: 'int',
    protocol: 'string',
    icmpType: 'int',
    icmpCode: 'int',
  },
  'network.Hop': { resource: 'string', kind: 'string', decision: 'string', detail: 'string' },
  'network.Opening': { direction: 'string', ...PORTS, sources: strings, ...SIZE },
  'network.OpenRule': {
    rule: 'string',
    ...PORTS,
    sources: strings,
    ...SIZE,
    state: 'string',
    closedBy: list('Closure'),
  },
  'network.CoveredRule': { rule: 'string', direction: 'string', by: 'string' },
  'network.ShadowedEntry': {
    rule: 'string',
    number: 'int',
    direction: 'string',
    action: 'string',
    by: ['list', 'int'],
    contradicts: 'bool',
  },
  'network.Resident': {
    interface: 'string',
    kind: 'string',
    owner: 'string',
    subnet: 'string',
    publicSubnet: 'bool',
    publicAddresses: strings,
    reached: 'bool',
  },
  'network.ServedSubnet': { subnet: 'string', zone: 'string' },
  'network.Reached': { interface: 'string', owner: 'string', kind: 'string', address: 'string', ...PORTS },
  'network.Peer': {
    interface: 'string',
    owner: 'string',
    kind: 'string',
    tags: ['map', 'string'],
    groups: strings,
    subnet: 'string',
    vpc: 'string',
    account: 'string',
    target: 'string',
    ...PORTS,
  },
}
