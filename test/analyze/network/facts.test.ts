import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { network } from '../../../src/analyze/network/analysis.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { Json, JsonObject, Outcome, Snapshot } from '../../../src/snapshot/model.ts'
import type { Shape } from '../../../src/snapshot/shapes.ts'
import type { Estate } from './estate.ts'
import { createEstate, forward, webEstate } from './estate.ts'
import { factsOf, OPTIONS, read } from './facts.ts'
import { generate } from './oracle/generate.ts'

const ports = (rows: unknown) =>
  (rows as { protocol: string; from: number; to: number }[]).map(
    ({ protocol, from, to }) => `${protocol} ${from}-${to}`,
  )

function problems(value: Json | undefined, shape: Shape, path: string): string[] {
  if (shape === 'any') return []
  if (typeof shape === 'string') {
    const kind = { string: 'string', int: 'number', double: 'number', bool: 'boolean' }[shape as string]
    const whole = shape !== 'int' || Number.isInteger(value)
    return typeof value === kind && whole ? [] : [`${path} is ${JSON.stringify(value)}, no ${String(shape)}`]
  }
  const [kind, inner] = shape
  if (kind === 'list') {
    if (!Array.isArray(value)) return [`${path} is no list`]
    return value.flatMap((one: Json, at) => problems(one, inner, `${path}[${at}]`))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no object`]
  const object = value as JsonObject
  if (kind === 'map')
    return Object.entries(object).flatMap(([key, one]) => problems(one, inner, `${path}.${key}`))
  const struct = network.structs[inner]
  if (!struct) return [`${path} is of no known struct ${inner}`]
  const optional = inner === 'network.Packet'
  const missing = Object.keys(struct).filter((name) => !optional && !Object.hasOwn(object, name))
  const extra = Object.keys(object).filter((name) => !Object.hasOwn(struct, name))
  return [
    ...missing.map((name) => `${path} lacks ${name}`),
    ...extra.map((name) => `${path} has ${name} besides`),
    ...Object.entries(object).flatMap(([name, one]) =>
      problems(one, struct[name] ?? 'any', `${path}.${name}`),
    ),
  ]
}

/** Every member of every resource: there, of its shape, or unseen with at least one reason. */
function misshapen(snapshot: Snapshot): string[] {
  const of = network.prepare(indexSnapshot(snapshot), OPTIONS)
  return snapshot.resources.flatMap((resource) => {
    const shape = network.shapes[resource.type]
    if (!shape) return []
    const fact = of(resource)
    const missing = Object.keys(shape).filter((name) => !Object.hasOwn(fact.known, name))
    const besides = Object.keys(fact.known).filter((name) => !Object.hasOwn(shape, name))
    return [
      ...missing.map((name) => `${resource.id} lacks ${name}`),
      ...besides.map((name) => `${resource.id} has ${name} besides`),
      ...Object.entries(shape).flatMap(([name, of]) => {
        const hidden = fact.unseen?.[name]
        if (hidden) return hidden.length > 0 ? [] : [`${resource.id} ${name} is unseen for no reason`]
        return problems(fact.known[name], of, `${resource.id} ${name}`)
      }),
    ]
  })
}

describe('the facts of the network', () => {
  it('have each declared member, of its shape, for every resource', () => {
    for (let seed = 1; seed <= 12; seed++) expect(misshapen(generate(seed).snapshot())).toEqual([])
  })

  it('have it where answers are missing too: known, or unseen with a reason', () => {
    const types = [
      'NetworkInterface',
      'RouteTable',
      'NetworkAcl',
      'SecurityGroup',
      'Instance',
      'VPCEndpoint',
      'InternetGateway',
    ]
    for (const type of types) {
      for (const outcome of ['denied', 'not-collected'] satisfies Outcome[]) {
        const estate = generate(11)
        estate.without(`AWS::EC2::${type}`, outcome)
        expect(misshapen(estate.snapshot())).toEqual([])
      }
    }
  })
})

describe('what the internet reaches', () => {
  it('of an interface: a row for each range of ports, with its sources, how wide they are, and a witness in one line', () => {
    const fact = factsOf(webEstate({ web: ['tcp 22 203.0.113.0/24', 'tcp 443-444 0.0.0.0/0'] }))('eni-web')
    const { exposures, reached, complete, openPorts, publicSubnet } = read(
      fact,
      'exposures',
      'reached',
      'complete',
      'openPorts',
      'publicSubnet',
    )
    expect({ reached, complete, openPorts, publicSubnet }).toEqual({
      reached: true,
      complete: true,
      openPorts: 3,
      publicSubnet: true,
    })
    expect(exposures).toMatchObject([
      { protocol: 'tcp', from: 443, to: 444, sources: ['0.0.0.0/0'], width: 'internet', via: '' },
      {
        protocol: 'tcp',
        from: 22,
        to: 22,
        sources: ['203.0.113.0/24'],
        addresses: 256,
        width: 'narrow',
        address: '10.0.0.5',
        publicAddress: '52.0.0.5',
        path: '203.0.113.7:49152 → igw-a → acl-public rule 100 → sg-web (tcp 22 203.0.113.0/24) → eni-web 10.0.0.5:22/tcp',
        witness: {
          packet: { dstPort: 22 },
          hops: [{ resource: 'internet' }, { resource: 'igw-a' }, {}, {}, {}],
        },
      },
    ])
  })

  it.each([
    ['203.0.113.7/32', 'single'],
    ['203.0.113.0/31', 'narrow'],
    ['52.0.0.0/16', 'wide'],
    ['0.0.0.0/1', 'internet'],
  ])('from %s is %s', (cidr, width) => {
    expect(
      read(factsOf(webEstate({ web: [`tcp 22 ${cidr}`] }))('i-web'), 'exposures')['exposures'],
    ).toMatchObject([{ width }])
  })

  it('counts each open port once, whoever reaches it', () => {
    const web = ['tcp 1-600 0.0.0.0/0', 'tcp 500-1000 52.0.0.0/16', 'udp 53 0.0.0.0/0', 'tcp 2000 ::/0']
    expect(read(factsOf(webEstate({ web }))('i-web'), 'openPorts')).toEqual({ openPorts: 1001 })
  })

  it('names TCP and UDP where a rule says all, so that a port can be asked for', () => {
    const { exposures } = read(factsOf(webEstate({ web: ['all 0.0.0.0/0'] }))('i-web'), 'exposures')
    expect(ports(exposures)).toEqual(expect.arrayContaining(['tcp 0-65535', 'udp 0-65535', 'icmp -1--1']))
  })

  it('of a target behind a load balancer stands apart from what it reaches directly', () => {
    const estate = webEstate({ app: ['tcp 8080 sg-web'], web: ['tcp 443 0.0.0.0/0'] })
    const arn = estate.balancer('app/front/1', 'application', 'vpc-a', ['sg-web'], {
      'subnet-public': { ip: '10.0.0.100', public: '52.0.0.100' },
    })
    estate.listener(arn, 443, 'HTTPS', [
      forward(estate.targets('tg', 'vpc-a', 'instance', 'HTTP', 8080, ['i-app'])),
    ])
    const facts = factsOf(estate)
    expect(read(facts('i-app'), 'exposures', 'byBalancer', 'reached')).toMatchObject({
      exposures: [],
      byBalancer: [{ protocol: 'tcp', from: 8080, via: arn }],
      reached: true,
    })
    expect(read(factsOf(estate)('1'), 'targets', 'exposures')).toMatchObject({
      targets: ['i-app'],
      exposures: [{ from: 443 }],
    })
  })

  it('is known where it is sure, though more may be: `possible` says what, `complete` is unseen', () => {
    const estate = webEstate({ web: ['tcp 22 0.0.0.0/0', 'tcp 80 pl-unseen'] })
    estate.prefixList('pl-unseen', undefined)
    const { exposures, possible, complete } = read(
      factsOf(estate)('i-web'),
      'exposures',
      'possible',
      'complete',
    )
    expect(ports(exposures)).toEqual(['tcp 22-22'])
    expect(ports(possible)).toEqual(['tcp 22-22', 'tcp 80-80'])
    expect(complete).toEqual({ unseen: ['ec2:GetManagedPrefixListEntries'] })
  })

  it('names what is not modelled where no call would tell', () => {
    const estate = webEstate()
    estate.table('rtb-edge', 'vpc-a', { gateway: 'igw-a' }, ['10.0.0.0/16 local', '10.0.0.0/24 eni-firewall'])
    estate.eni('eni-firewall', 'subnet-private', { ip: '10.0.1.7', more: { SourceDestCheck: false } })
    expect(read(factsOf(estate)('i-web'), 'complete')).toEqual({
      complete: { unseen: ['network:APPLIANCE_ON_PATH'] },
    })
  })

  it('of a stopped instance is latent, with what closes it', () => {
    const estate = webEstate()
    estate.instance('i-down', 'subnet-public', {
      ip: '10.0.0.9',
      public: '52.0.0.9',
      groups: ['sg-web'],
      state: 'stopped',
    })
    expect(read(factsOf(estate)('i-down'), 'exposures', 'latent', 'running')).toMatchObject({
      exposures: [],
      running: false,
      latent: [
        { exposure: { from: 22 }, closedBy: [{ resource: 'i-down', reason: 'INSTANCE_NOT_RUNNING' }] },
      ],
    })
  })

  it('is what an instance may send to, too', () => {
    const facts = factsOf(webEstate())
    const web = read(facts('i-web'), 'sendsToInternet', 'egress')
    expect(web).toMatchObject({ sendsToInternet: true })
    const tcp = (web['egress'] as { protocol: string; path: string }[]).find((row) => row.protocol === 'tcp')
    expect(tcp?.path).toMatch(/^10\.0\.0\.5:49152 → .* → igw-a → 203\.0\.113\.7:\d+\/tcp$/)
    expect(read(facts('i-app'), 'sendsToInternet', 'egress')).toEqual({ sendsToInternet: false, egress: [] })
  })

  it('of a database: the interfaces in its subnets with its groups', () => {
    const estate = webEstate({ app: ['tcp 5432 10.0.0.0/16'] })
    estate.eni('eni-rds', 'subnet-private', {
      ip: '10.0.1.30',
      groups: ['sg-app'],
      more: { RequesterManaged: true, Description: 'RDSNetworkInterface' },
    })
    estate.put('AWS::RDS::DBInstance', 'arn:aws:rds:eu-west-1:123456789012:db:orders', {
      DBInstanceIdentifier: 'orders',
      DBSubnetGroup: { VpcId: 'vpc-a', Subnets: [{ SubnetIdentifier: 'subnet-private' }] },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-app' }],
      PubliclyAccessible: false,
    })
    expect(read(factsOf(estate)('orders'), 'interfaces', 'reached')).toEqual({
      interfaces: ['eni-rds'],
      reached: false,
    })
  })
})

describe('what nobody saw', () => {
  const without = (type: string, parts: Parameters<typeof webEstate>[0] = {}) => {
    const estate = webEstate(parts)
    estate.without(`AWS::EC2::${type}`, 'denied')
    return factsOf(estate)
  }
  const hidden = (type: string) => ({ unseen: [`ec2:Describe${type}`] })

  it('leaves nothing that may be to list: interfaces', () => {
    const facts = without('NetworkInterface')
    expect(read(facts('i-web'), 'exposures', 'possible', 'complete')).toEqual({
      exposures: [],
      possible: hidden('NetworkInterfaces'),
      complete: hidden('NetworkInterfaces'),
    })
    expect(read(facts('sg-web'), 'open')['open']).toMatchObject([{ state: 'unknown', closedBy: [] }])
    expect(read(facts('acl-public'), 'openBehind')).toEqual({ openBehind: hidden('NetworkInterfaces') })
  })

  it('is an interface that an instance names and the list lacks', () => {
    const estate = webEstate()
    estate.put('AWS::EC2::Instance', 'instance/i-new', {
      InstanceId: 'i-new',
      State: { Name: 'running' },
      NetworkInterfaces: [{ NetworkInterfaceId: 'eni-new' }],
    })
    expect(read(factsOf(estate)('i-new'), 'possible', 'reached')).toEqual({
      possible: hidden('NetworkInterfaces'),
      reached: hidden('NetworkInterfaces'),
    })
  })

  it('may be in a subnet that was not listed', () => {
    const facts = without('Subnet')
    expect(read(facts('acl-public'), 'subnets', 'publicSubnets')).toEqual({
      subnets: hidden('Subnets'),
      publicSubnets: hidden('Subnets'),
    })
    expect(read(facts('vpc-a'), 'natSubnets')).toEqual({ natSubnets: hidden('Subnets') })
  })

  it('leaves who else may reach an interface open, and those who surely do told', () => {
    for (const type of ['VPC', 'VPCPeeringConnection', 'TransitGatewayAttachment']) {
      const facts = without(type, { app: ['tcp 5432 sg-web'] })
      const { reachedBy, reachedByComplete } = read(facts('eni-app'), 'reachedBy', 'reachedByComplete')
      expect(reachedBy).toMatchObject([{ interface: 'eni-web', from: 5432 }])
      expect(reachedByComplete).toHaveProperty('unseen')
    }
  })

  it('leaves what a VPN reaches open', () => {
    const estate = webEstate({ app: ['tcp 22 192.168.0.0/16'] })
    estate.vpn('vgw-a', 'vpc-a', 'vpn-a')
    const routes = ['10.0.0.0/16 local', '192.168.0.0/16 vgw-a propagated']
    estate.table('rtb-vpn', 'vpc-a', { subnets: ['subnet-private'] }, routes)
    expect(read(factsOf(estate)('vpn-a'), 'reachesComplete')).toEqual({ reachesComplete: true })
    for (const type of ['RouteTable', 'NetworkAcl', 'SecurityGroup', 'NetworkInterface']) {
      estate.without(`AWS::EC2::${type}`)
      expect(read(factsOf(estate)('vpn-a'), 'reachesComplete')['reachesComplete']).toHaveProperty('unseen')
    }
  })

  it('of a rule that names an unread prefix list is as wide as it may be', () => {
    const estate = webEstate({ web: ['tcp 3389 pl-unseen'] })
    estate.prefixList('pl-unseen', undefined)
    expect(read(factsOf(estate)('sg-web'), 'open')['open']).toMatchObject([
      { rule: 'tcp 3389 pl-unseen', from: 3389, to: 3389, width: 'internet', state: 'unknown' },
    ])
  })
})

describe('who inside reaches an interface', () => {
  it('is told with the tags of what it belongs to, so that a rule can know its tier', () => {
    const estate = webEstate({ app: ['tcp 5432 sg-web', 'tcp 5432 10.0.1.0/24'] })
    estate.instance('i-worker', 'subnet-private', {
      ip: '10.0.1.9',
      groups: ['sg-app'],
      tags: { tier: 'app' },
    })
    const { reachedBy, reachedByComplete } = read(
      factsOf(estate)('eni-app'),
      'reachedBy',
      'reachedByComplete',
    )
    expect(reachedBy).toMatchObject([
      { interface: 'eni-web', kind: 'instance', owner: 'i-web', protocol: 'tcp', from: 5432, to: 5432 },
      { interface: 'eni-worker', tags: { tier: 'app' } },
    ])
    expect(reachedByComplete).toBe(true)
  })

  it('leaves out what is stopped, and what a rule does not name', () => {
    const estate = webEstate({ app: ['tcp 5432 sg-web'] })
    estate.instance('i-off', 'subnet-public', { ip: '10.0.0.8', groups: ['sg-web'], state: 'stopped' })
    estate.instance('i-other', 'subnet-public', { ip: '10.0.0.9', groups: ['sg-app'] })
    const { reachedBy } = read(factsOf(estate)('eni-app'), 'reachedBy')
    expect((reachedBy as { interface: string }[]).map((peer) => peer.interface)).toEqual(['eni-web'])
  })

  it('agrees with the question asked for each pair', () => {
    for (let seed = 300; seed < 312; seed++) {
      const estate = generate(seed)
      const facts = factsOf(estate)
      const interfaces = estate.resources
        .filter(({ type }) => type.endsWith('NetworkInterface'))
        .map(({ id }) => id.slice(id.lastIndexOf('/') + 1))
      for (const to of interfaces.slice(0, 6)) {
        const rows = read(facts(to), 'reachedBy')['reachedBy'] as { interface: string }[]
        const found = new Set(rows.map((row) => row.interface))
        for (const from of interfaces) {
          if (from === to || from.startsWith('eni-lb') || from.startsWith('eni-nat')) continue
          const { exposed } = estate.ask({ from, to, direct: true })
          const inside = exposed.some(({ sources }) => sources.length > 0)
          if (!found.has(from) && !inside) continue
          const overInternet = !found.has(from)
          // What goes out to the internet and in again is no way inside.
          if (overInternet)
            expect(
              estate
                .ask({ from, to, direct: true })
                .witness?.hops.some(({ kind }) => kind.includes('internet-gateway')),
            ).toBe(true)
          else expect(inside, `${from} → ${to}`).toBe(true)
        }
      }
    }
  })
})

describe('a security group', () => {
  const state = (estate: Estate, group: string) =>
    (read(factsOf(estate)(group), 'open')['open'] as { state: string; closedBy: { reason: string }[] }[]).map(
      (row) => [row.state, ...row.closedBy.map(({ reason }) => reason)],
    )

  it('has each rule that strangers could use, and whether it exposes', () => {
    expect(state(webEstate(), 'sg-web')).toEqual([['exposes']])
    expect(state(webEstate({ web: ['tcp 22 10.0.0.0/8'] }), 'sg-web')).toEqual([])
  })

  it('says what keeps a rule closed: unused, no address, a list, a stopped instance', () => {
    const estate = webEstate({ app: ['tcp 22 0.0.0.0/0'], ingress: [] })
    estate.group('sg-unused', 'vpc-a', { ingress: ['tcp 22 0.0.0.0/0'] })
    expect(state(estate, 'sg-unused')).toEqual([['latent', 'UNUSED']])
    expect(state(estate, 'sg-app')).toEqual([['latent', 'NO_PUBLIC_ADDRESS', 'NO_RETURN_ROUTE']])
    expect(state(estate, 'sg-web')).toEqual([['latent', 'NACL_INGRESS_DENY']])
  })

  it('names rules that another covers', () => {
    const estate = webEstate({
      web: [
        'tcp 22 10.0.0.0/8',
        'tcp 20-30 0.0.0.0/0',
        'tcp 22 10.1.0.0/16',
        'udp 22 10.1.0.0/16',
        'tcp 22 sg-app',
        'all sg-app',
      ],
    })
    expect(read(factsOf(estate)('sg-web'), 'covered')['covered']).toEqual([
      { rule: 'tcp 22 10.0.0.0/8', direction: 'ingress', by: 'tcp 20-30 0.0.0.0/0' },
      { rule: 'tcp 22 10.1.0.0/16', direction: 'ingress', by: 'tcp 22 10.0.0.0/8' },
      { rule: 'tcp 22 sg-app', direction: 'ingress', by: 'all sg-app' },
    ])
  })
})

describe('a network ACL', () => {
  const acl = (parts: Parameters<typeof webEstate>[0], ...members: string[]) =>
    read(factsOf(webEstate(parts))('acl-public'), ...members)

  it('has what its entries admit together from the internet, and what an open group stands behind', () => {
    const { admits, openBehind, publicSubnets } = acl(
      { ingress: ['90 deny tcp 23 0.0.0.0/0', '100 allow tcp 22-24 0.0.0.0/0'], web: ['tcp 24 0.0.0.0/0'] },
      'admits',
      'openBehind',
      'publicSubnets',
    )
    expect(publicSubnets).toEqual(['subnet-public'])
    expect(ports(admits)).toEqual(['tcp 22-22', 'tcp 24-24'])
    expect(ports(openBehind)).toEqual(['tcp 24-24'])
  })

  it('names entries that earlier ones leave nothing of', () => {
    const { shadowed } = acl(
      {
        ingress: [
          '90 allow tcp 0-1023 0.0.0.0/0',
          '100 deny tcp 22 10.0.0.0/8',
          '110 deny tcp 22-2000 0.0.0.0/0',
        ],
      },
      'shadowed',
    )
    expect(shadowed).toEqual([
      { rule: 'rule 100', number: 100, direction: 'ingress', action: 'deny', by: [90], contradicts: true },
    ])
  })

  it('names what it admits and lets no answer to', () => {
    expect(acl({}, 'unanswered')).toEqual({ unanswered: [] })
    const { unanswered } = acl(
      { ingress: ['100 allow tcp 22 0.0.0.0/0'], egress: ['100 allow tcp 443 0.0.0.0/0'] },
      'unanswered',
    )
    expect((unanswered as { direction: string }[]).map(({ direction }) => direction)).toEqual([
      'ingress',
      'egress',
    ])
    expect(
      acl(
        {
          egress: ['100 allow tcp 32768-60999 0.0.0.0/0'],
          ingress: ['100 allow tcp 22 0.0.0.0/0', '110 allow tcp 32768-60999 0.0.0.0/0'],
        },
        'unanswered',
      ),
    ).toEqual({ unanswered: [] })
  })
})

describe('places and ways', () => {
  it('a subnet is public when its route for strangers leads to an internet gateway', () => {
    const facts = factsOf(webEstate())
    expect(
      read(
        facts('subnet-public'),
        'public',
        'gateway',
        'routeTable',
        'waysOut',
        'kinds',
        'publicAddresses',
        'reached',
      ),
    ).toEqual({
      public: true,
      gateway: 'igw-a',
      routeTable: 'rtb-public',
      waysOut: ['internet-gateway'],
      kinds: ['instance'],
      publicAddresses: 1,
      reached: true,
    })
    expect(read(facts('subnet-private'), 'public', 'waysOut', 'reached')).toEqual({
      public: false,
      waysOut: [],
      reached: false,
    })
  })

  it('an instance lists its interfaces with the subnets that they lie in', () => {
    const estate = webEstate()
    estate.eni('eni-second', 'subnet-private', {
      ip: '10.0.1.77',
      groups: ['sg-app'],
      more: { Attachment: { DeviceIndex: 1, InstanceId: 'i-web' } },
    })
    expect(read(factsOf(estate)('i-web'), 'interfaces')['interfaces']).toMatchObject([
      { interface: 'eni-web', publicSubnet: true, reached: true },
      { interface: 'eni-second', subnet: 'subnet-private', publicSubnet: false, reached: false },
    ])
  })

  const natted = () => {
    const estate = webEstate()
    estate.nat('nat-a', 'subnet-public', '10.0.0.9', '52.0.0.99')
    estate.table('rtb-nat', 'vpc-a', { subnets: ['subnet-private', 'subnet-c'] }, [
      '10.0.0.0/16 local',
      '0.0.0.0/0 nat-a',
    ])
    estate.subnet('subnet-c', 'vpc-a', '10.0.7.0/24', { zone: 'eu-west-1c' })
    estate.acl('acl-c', 'vpc-a', ['subnet-c'])
    estate.instance('i-c', 'subnet-c', { ip: '10.0.7.5', groups: ['sg-app'] })
    return estate
  }

  it('a NAT gateway says whose zones lean on it', () => {
    expect(read(factsOf(natted())('nat-a'), 'zone', 'regional', 'foreignZones', 'subnets')).toEqual({
      zone: 'eu-west-1a',
      regional: false,
      foreignZones: ['eu-west-1c'],
      subnets: [
        { subnet: 'subnet-private', zone: 'eu-west-1a' },
        { subnet: 'subnet-c', zone: 'eu-west-1c' },
      ],
    })
  })

  it('a VPC says which subnets reach S3 by NAT alone, which endpoints it has, and what is offline', () => {
    const estate = natted()
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-ssm', {
      VpcEndpointId: 'vpce-ssm',
      VpcId: 'vpc-a',
      State: 'available',
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.eu-west-1.ssm',
    })
    expect(
      read(
        factsOf(estate)('vpc-a'),
        'natSubnets',
        'natSubnetsWithoutS3',
        'endpointServices',
        'offlineInstances',
      ),
    ).toEqual({
      natSubnets: ['subnet-private', 'subnet-c'],
      natSubnetsWithoutS3: ['subnet-private', 'subnet-c'],
      endpointServices: ['ssm'],
      offlineInstances: [],
    })
    expect(read(factsOf(webEstate())('vpc-a'), 'offlineInstances')).toEqual({ offlineInstances: ['i-app'] })
  })

  it('a subnet reaches S3 by a route whose prefix list was not read, too', () => {
    const estate = natted()
    estate.prefixList('pl-s3', undefined)
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-s3', {
      VpcEndpointId: 'vpce-s3',
      VpcId: 'vpc-a',
      State: 'available',
      VpcEndpointType: 'Gateway',
      ServiceName: 'com.amazonaws.eu-west-1.s3',
    })
    estate.table('rtb-nat', 'vpc-a', { subnets: ['subnet-private', 'subnet-c'] }, [
      '10.0.0.0/16 local',
      '0.0.0.0/0 nat-a',
      'pl-s3 vpce-s3',
    ])
    const earlier = estate.resources.findIndex(({ id }) => id.endsWith('rtb-nat'))
    estate.resources.splice(earlier, 1)
    expect(read(factsOf(estate)('vpc-a'), 'natSubnetsWithoutS3')).toEqual({ natSubnetsWithoutS3: [] })
  })

  it('a gateway endpoint is no way to the internet', () => {
    const estate = webEstate()
    estate.prefixList('pl-s3', ['52.218.0.0/17'])
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-s3', {
      VpcEndpointId: 'vpce-s3',
      VpcId: 'vpc-a',
      State: 'available',
      VpcEndpointType: 'Gateway',
      ServiceName: 'com.amazonaws.eu-west-1.s3',
    })
    const routes = ['10.0.0.0/16 local', 'pl-s3 vpce-s3']
    estate.table('rtb-s3', 'vpc-a', { subnets: ['subnet-private'] }, routes)
    expect(read(factsOf(estate)('vpc-a'), 'offlineInstances')).toEqual({ offlineInstances: ['i-app'] })
  })

  it('an interface endpoint says what its groups admit from elsewhere', () => {
    const estate = webEstate({ app: ['tcp 443 10.0.0.0/16', 'tcp 443 192.168.0.0/16'] })
    estate.eni('eni-vpce', 'subnet-private', {
      ip: '10.0.1.66',
      groups: ['sg-app'],
      more: { InterfaceType: 'vpc_endpoint', RequesterManaged: true },
    })
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-kms', {
      VpcEndpointId: 'vpce-kms',
      VpcId: 'vpc-a',
      State: 'available',
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.eu-west-1.kms',
      NetworkInterfaceIds: ['eni-vpce'],
    })
    expect(read(factsOf(estate)('vpce-kms'), 'service', 'admitsForeign')).toMatchObject({
      service: 'kms',
      admitsForeign: [{ protocol: 'tcp', from: 443, sources: ['192.168.0.0/16'] }],
    })
  })

  it('a VPN connection says what its far side reaches', () => {
    const estate = webEstate({ app: ['tcp 22 192.168.0.0/16'] })
    estate.vpn('vgw-a', 'vpc-a', 'vpn-a')
    estate.table('rtb-vpn', 'vpc-a', { subnets: ['subnet-private'] }, [
      '10.0.0.0/16 local',
      '192.168.0.0/16 vgw-a propagated',
    ])
    expect(read(factsOf(estate)('vpn-a'), 'up', 'networks', 'reaches')).toEqual({
      up: true,
      networks: ['192.168.0.0/16'],
      reaches: [
        {
          interface: 'eni-app',
          owner: 'i-app',
          kind: 'instance',
          address: '10.0.1.5',
          protocol: 'tcp',
          from: 22,
          to: 22,
        },
      ],
    })
  })

  it('a peering says what each side reaches of the other, unknown where a side is not in the snapshot', () => {
    const estate = createEstate()
    for (const [name, net, other] of [
      ['a', '10.0', '10.1'],
      ['b', '10.1', '10.0'],
    ] as const) {
      estate.vpc(`vpc-${name}`, `${net}.0.0/16`)
      estate.subnet(`subnet-${name}`, `vpc-${name}`, `${net}.0.0/24`)
      estate.acl(`acl-${name}`, `vpc-${name}`, [`subnet-${name}`])
      estate.table(`rtb-${name}`, `vpc-${name}`, { main: true }, [
        `${net}.0.0/16 local`,
        `${other}.0.0/16 pcx-a`,
      ])
      estate.group(`sg-${name}`, `vpc-${name}`, { ingress: name === 'b' ? ['tcp 443 10.0.0.0/16'] : [] })
      estate.instance(`i-${name}`, `subnet-${name}`, { ip: `${net}.0.5`, groups: [`sg-${name}`] })
    }
    estate.peering('pcx-a', 'vpc-a', 'vpc-b')
    estate.peering('pcx-x', 'vpc-a', 'vpc-x')
    expect(read(factsOf(estate)('pcx-a'), 'requesterReaches', 'accepterReaches')).toMatchObject({
      requesterReaches: [{ interface: 'eni-a', target: 'eni-b', from: 443 }],
      accepterReaches: [],
    })
    expect(read(factsOf(estate)('pcx-x'), 'requesterReaches')).toEqual({
      requesterReaches: { unseen: ['network:OTHER_ACCOUNT'] },
    })
  })
})

describe('docs/facts.md', () => {
  const page = readFileSync(new URL('../../../docs/facts.md', import.meta.url), 'utf8')

  it('names every member of every type, and of every row', () => {
    const members = [...Object.values(network.shapes), ...Object.values(network.structs)].flatMap((of) =>
      Object.keys(of),
    )
    expect([...new Set(members)].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
    expect(Object.keys(network.shapes).filter((type) => !page.includes(type))).toEqual([])
    expect(
      Object.keys(network.structs).filter((row) => !page.includes(`| ${row.slice('network.'.length)} |`)),
    ).toEqual([])
  })
})
