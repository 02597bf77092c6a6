import { describe, expect, it } from 'vitest'
import { createNetwork } from '../../../src/analyze/network/network.ts'
import { reachEverything } from '../../../src/analyze/network/reach.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { JsonObject } from '../../../src/snapshot/model.ts'
import type { Estate } from './estate.ts'
import { webEstate } from './estate.ts'

function rename({ resources }: ReturnType<typeof webEstate>, id: string, name: string): void {
  const at = resources.findIndex((resource) => resource.id.endsWith(`/${id}`))
  const resource = resources[at]
  if (resource) resources[at] = { ...resource, name }
}

describe('a network interface', () => {
  it('is a place to reach by each of its addresses: secondary ones with a public address of their own', () => {
    const estate = webEstate()
    estate.eni('eni-two', 'subnet-public', {
      groups: ['sg-web'],
      more: {
        PrivateIpAddress: '10.0.0.20',
        PrivateIpAddresses: [
          { PrivateIpAddress: '10.0.0.20', Primary: true },
          { PrivateIpAddress: '10.0.0.21', Primary: false, Association: { PublicIp: '52.0.0.21' } },
        ],
      },
    })
    expect(estate.ask({ from: 'internet', to: 'eni-two' })).toMatchObject({
      verdict: 'reachable',
      witness: { packet: { dstIp: '52.0.0.21' } },
    })
  })

  it('answers for every address of a delegated prefix', () => {
    const estate = webEstate({ web: ['tcp 80 10.0.0.0/16'] })
    estate.eni('eni-pods', 'subnet-public', {
      ip: '10.0.0.30',
      groups: ['sg-web'],
      more: { Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.64/28' }] },
    })
    expect(estate.ask({ from: 'i-app', to: '10.0.0.70', port: 80 }).verdict).toBe('reachable')
    expect(estate.ask({ from: 'i-app', to: '10.0.0.80', port: 80 })).toMatchObject({
      verdict: 'blocked',
      blockedBy: [{ reason: 'ADDRESS_NOT_FOUND' }],
    })
  })

  it('is found by the name of its instance, as long as only one is called so', () => {
    const estate = webEstate()
    rename(estate, 'i-app', 'shop-app')
    expect(estate.ask({ from: 'i-web', to: 'shop-app', port: 80 })).toEqual({
      ...estate.ask({ from: 'i-web', to: 'i-app', port: 80 }),
      to: 'shop-app',
    })
  })

  it('that is attached to nothing receives nothing', () => {
    const estate = webEstate()
    estate.eni('eni-free', 'subnet-public', {
      ip: '10.0.0.40',
      public: '52.0.0.40',
      groups: ['sg-web'],
      more: { Status: 'available' },
    })
    expect(estate.ask({ from: 'internet', to: 'eni-free', port: 22 })).toMatchObject({
      verdict: 'blocked',
      blockedBy: [{ reason: 'INTERFACE_NOT_ATTACHED' }],
    })
  })
})

describe('an instance', () => {
  it('is reached if any of its interfaces is', () => {
    const estate = webEstate()
    estate.instance('i-dual', 'subnet-private', { ip: '10.0.1.50', groups: ['sg-app'] })
    const Attachment = { DeviceIndex: 1, InstanceId: 'i-dual', Status: 'attached' }
    estate.eni('eni-front', 'subnet-public', {
      ip: '10.0.0.50',
      public: '52.0.0.50',
      groups: ['sg-web'],
      more: { Attachment },
    })
    expect(estate.ask({ from: 'internet', to: 'i-dual' })).toMatchObject({
      verdict: 'reachable',
      witness: { packet: { dstIp: '52.0.0.50' } },
    })
  })

  it.each(['pending', 'stopping', 'stopped', 'shutting-down', 'terminated'])(
    'that is %s is not reached; what it would be is latent',
    (state) => {
      const estate = webEstate()
      estate.instance('i-down', 'subnet-public', {
        ip: '10.0.0.60',
        public: '52.0.0.60',
        groups: ['sg-web'],
        state,
      })
      expect(estate.ask({ from: 'internet', to: 'i-down' })).toMatchObject({
        verdict: 'blocked',
        blockedBy: [{ resource: 'i-down', reason: 'INSTANCE_NOT_RUNNING', rule: state }],
        latent: { exposed: [{ sources: ['0.0.0.0/0'], protocol: 'tcp', ports: [[22, 22]] }] },
      })
    },
  )

  it('that is stopped and closed besides has nothing latent', () => {
    const estate = webEstate()
    estate.instance('i-down', 'subnet-private', { ip: '10.0.1.60', groups: ['sg-app'], state: 'stopped' })
    expect(estate.ask({ from: 'internet', to: 'i-down' })).not.toHaveProperty('latent')
  })
})

describe('a database', () => {
  const database = (name: string, config: JsonObject = {}) => ({
    DBInstanceIdentifier: name,
    DBSubnetGroup: { VpcId: 'vpc-a', Subnets: [{ SubnetIdentifier: 'subnet-private' }] },
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-app' }],
    PubliclyAccessible: false,
    ...config,
  })
  const arn = (rest: string) => `arn:aws:rds:eu-west-1:123456789012:${rest}`
  const withInterface = (groups: readonly string[] | undefined = ['sg-app']) => {
    const estate = webEstate({ app: ['tcp 5432 10.0.0.0/16'] })
    estate.eni('eni-rds', 'subnet-private', {
      ip: '10.0.1.30',
      groups,
      more: { RequesterManaged: true, Description: 'RDSNetworkInterface' },
    })
    return estate
  }
  const ask = (estate: Estate, to: string) => estate.ask({ from: 'i-web', to, protocol: 'tcp', port: 5432 })

  it('is reached where its interface is, by its name or that of its cluster', () => {
    const estate = withInterface()
    estate.put('AWS::RDS::DBInstance', arn('db:orders'), database('orders'))
    estate.put('AWS::RDS::DBCluster', arn('cluster:shop'), {
      DBClusterMembers: [{ DBInstanceIdentifier: 'orders' }],
    })
    estate.put('AWS::RDS::DBCluster', arn('cluster:other'), {
      DBClusterMembers: [{ DBInstanceIdentifier: 'elsewhere' }],
    })
    expect([ask(estate, arn('db:orders')).verdict, ask(estate, arn('cluster:shop')).verdict]).toEqual([
      'reachable',
      'reachable',
    ])
    expect(ask(estate, arn('cluster:other')).verdict).toBe('unknown')
  })

  it('has no interface of other groups, zones or subnets, or with a public address that it has not', () => {
    for (const config of [
      { VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-web' }] },
      { AvailabilityZone: 'eu-west-1c' },
      { DBSubnetGroup: { VpcId: 'vpc-a', Subnets: [{ SubnetIdentifier: 'subnet-public' }] } },
      { PubliclyAccessible: true },
    ]) {
      const estate = withInterface()
      estate.put('AWS::RDS::DBInstance', arn('db:orders'), database('orders', config))
      expect(ask(estate, arn('db:orders'))).toMatchObject({
        verdict: 'unknown',
        blockedBy: [{ resource: arn('db:orders'), kind: 'network-interface', reason: 'NOT_MODELLED' }],
      })
    }
  })

  it('may have any interface whose groups were not told', () => {
    const estate = webEstate()
    estate.eni('eni-rds', 'subnet-private', {
      ip: '10.0.1.30',
      more: { RequesterManaged: true, Description: 'RDSNetworkInterface', Groups: null },
    })
    estate.put('AWS::RDS::DBInstance', arn('db:orders'), database('orders'))
    expect(ask(estate, arn('db:orders')).verdict).toBe('unknown')
  })
})

describe('an interface whose groups were not told', () => {
  it('may admit anything', () => {
    const estate = webEstate()
    estate.eni('eni-odd', 'subnet-private', { ip: '10.0.1.40', more: { Groups: null } })
    expect(estate.ask({ from: 'i-web', to: 'eni-odd' })).toMatchObject({
      verdict: 'unknown',
      blockedBy: [{ resource: 'eni-odd', kind: 'security-group' }],
      missing: [{ operation: 'ec2:DescribeNetworkInterfaces' }],
    })
  })
})

describe('a name that no list holds', () => {
  it('may be of what was not listed', () => {
    const estate = webEstate()
    estate.without('AWS::EC2::Instance')
    expect(estate.ask({ from: 'internet', to: 'i-elsewhere' })).toMatchObject({
      verdict: 'unknown',
      missing: [{ operation: 'ec2:DescribeInstances' }],
      blockedBy: [{ resource: 'i-elsewhere', kind: 'network-interface', reason: 'DENIED' }],
    })
  })
})

describe('everything that a source reaches', () => {
  it('is one answer for each instance and each other interface', () => {
    const estate = webEstate()
    estate.eni('eni-rds', 'subnet-public', {
      ip: '10.0.0.70',
      public: '52.0.0.70',
      groups: ['sg-web'],
      more: { RequesterManaged: true, Description: 'RDSNetworkInterface' },
    })
    const network = createNetwork(indexSnapshot(estate.snapshot()))
    expect(reachEverything(network, 'internet').map(({ to }) => to)).toEqual(['i-web', 'eni-rds'])
    expect(reachEverything(network, 'internet', { protocol: 'tcp', port: 443 })).toEqual([])
    expect(network.topology.interfaces.get('eni-rds')?.owner.kind).toBe('database')
  })

  it('leaves out what is blocked, and names what nobody can tell when asked to', () => {
    const estate = webEstate()
    estate.without('AWS::EC2::NetworkAcl')
    const network = createNetwork(indexSnapshot(estate.snapshot()))
    expect(reachEverything(network, 'internet')).toEqual([])
    expect(reachEverything(network, 'internet', { unknown: true })).toMatchObject([
      { to: 'i-web', verdict: 'unknown' },
    ])
  })
})

describe('a question', () => {
  it('comes back with its id, if it has one', () => {
    expect(webEstate().ask({ id: 'q1', from: 'internet', to: 'i-web' }).id).toBe('q1')
    expect(webEstate().ask({ from: 'internet', to: 'i-web' })).not.toHaveProperty('id')
  })
  it.each([
    ['from', { from: 'i-nowhere', to: 'i-web' }, '"i-nowhere" is no resource'],
    ['CIDR', { from: '10.0.0.0/33', to: 'i-web' }, '"10.0.0.0/33" is no CIDR'],
    ['port', { from: 'internet', to: 'i-web', port: '70000' }, '"70000" is no port'],
    ['range', { from: 'internet', to: 'i-web', port: '22-20' }, '"22-20" is no port'],
    ['protocol', { from: 'internet', to: 'i-web', protocol: 'tpc' }, '"tpc" is no protocol'],
    [
      'port without a port',
      { from: 'internet', to: 'i-web', protocol: 'icmp', port: 8 },
      'protocol icmp has no ports',
    ],
    ['target', { from: 'internet', to: 'rtb-public' }, 'has no network interface'],
  ])('with a wrong %s is refused in words', (_, query, message) => {
    expect(() => webEstate().ask(query)).toThrow(message)
  })
})
