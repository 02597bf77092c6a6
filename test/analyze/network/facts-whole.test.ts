/** Every member of a resource's facts, as rules read them. */
import { describe, expect, it } from 'vitest'
import type { Fact } from '../../../src/analyze/analysis.ts'
import { network } from '../../../src/analyze/network/analysis.ts'
import type { JsonObject } from '../../../src/snapshot/model.ts'
import { change, remove } from './edit.ts'
import type { Estate } from './estate.ts'
import { forward, webEstate } from './estate.ts'
import { balanced, sixEstate, twoVpcs } from './estates.ts'
import { factsOf, read } from './facts.ts'

/** A line for each member; a row of a list on a line of its own, without its witness, which stands in its path. */
function whole(fact: Fact, type: string, ...without: string[]): string[] {
  const names = Object.keys(network.shapes[type] ?? {}).filter((name) => !without.includes(name))
  return Object.entries(read(fact, ...names)).flatMap(([name, value]) => {
    if (!Array.isArray(value) || value.every((row) => typeof row !== 'object'))
      return [`${name}: ${JSON.stringify(value)}`]
    return value.map((row: JsonObject) => {
      const { witness: _, ...rest } = row
      return `${name}: ${Object.entries(rest)
        .map(([key, one]) => `${key} ${typeof one === 'string' ? one : JSON.stringify(one)}`)
        .join(', ')}`
    })
  })
}

const ENI = 'AWS::EC2::NetworkInterface'
const INSTANCE = 'AWS::EC2::Instance'
const GROUP = 'AWS::EC2::SecurityGroup'
const ACL = 'AWS::EC2::NetworkAcl'
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer'

describe('the facts of an interface', () => {
  it('that strangers reach', () => {
    const estate = webEstate({ web: ['tcp 22 203.0.113.0/24', 'icmp 8:-1 0.0.0.0/0', '47 10.0.1.0/24'] })
    expect(whole(factsOf(estate)('eni-web'), ENI, 'egress')).toMatchInlineSnapshot(`
      [
        "exposures: interface eni-web, address 10.0.0.5, publicAddress 52.0.0.5, protocol icmp, from 8, to -1, sources ["0.0.0.0/0"], addresses 3702259455, width internet, via , path 203.0.113.7 → igw-a → acl-public rule 100 → sg-web (icmp 8 0.0.0.0/0) → eni-web 10.0.0.5/icmp 8:0",
        "exposures: interface eni-web, address 10.0.0.5, publicAddress 52.0.0.5, protocol tcp, from 22, to 22, sources ["203.0.113.0/24"], addresses 256, width narrow, via , path 203.0.113.7:49152 → igw-a → acl-public rule 100 → sg-web (tcp 22 203.0.113.0/24) → eni-web 10.0.0.5:22/tcp",
        "byBalancer: []",
        "possible: []",
        "complete: true",
        "reached: true",
        "openPorts: 1",
        "possiblePorts: 1",
        "latent: []",
        "kind: "instance"",
        "owner: "i-web"",
        "publicSubnet: true",
        "sendsToInternet: true",
        "reachedBy: interface eni-app, owner i-app, kind instance, tags {}, groups ["sg-app"], subnet subnet-private, vpc vpc-a, account 123456789012, target eni-web, protocol icmp, from 8, to -1",
        "reachedBy: interface eni-app, owner i-app, kind instance, tags {}, groups ["sg-app"], subnet subnet-private, vpc vpc-a, account 123456789012, target eni-web, protocol 47, from -1, to -1",
        "reachedByComplete: true",
      ]
    `)
    expect(
      whole(factsOf(estate)('eni-web'), ENI)
        .filter((line) => line.startsWith('egress'))
        .slice(0, 4),
    ).toMatchInlineSnapshot(`
      [
        "egress: interface eni-web, address 10.0.0.5, publicAddress 52.0.0.5, protocol tcp, from 0, to 65535, destinations ["0.0.0.0/0"], addresses 3702259455, width internet, via , path 10.0.0.5:49152 → eni-web 10.0.0.5 → sg-web (all 0.0.0.0/0) → acl-public rule 100 → igw-a → 203.0.113.7:22/tcp",
        "egress: interface eni-web, address 10.0.0.5, publicAddress 52.0.0.5, protocol udp, from 0, to 65535, destinations ["0.0.0.0/0"], addresses 3702259455, width internet, via , path 10.0.0.5:49152 → eni-web 10.0.0.5 → sg-web (all 0.0.0.0/0) → acl-public rule 100 → igw-a → 203.0.113.7:22/udp",
        "egress: interface eni-web, address 10.0.0.5, publicAddress 52.0.0.5, protocol icmp, from -1, to -1, destinations ["0.0.0.0/0"], addresses 3702259455, width internet, via , path 10.0.0.5 → eni-web 10.0.0.5 → sg-web (all 0.0.0.0/0) → acl-public rule 100 → igw-a → 203.0.113.7/icmp",
        "egress: interface eni-web, address 10.0.0.5, publicAddress 52.0.0.5, protocol 0, from -1, to -1, destinations ["0.0.0.0/0"], addresses 3702259455, width internet, via , path 10.0.0.5 → eni-web 10.0.0.5 → sg-web (all 0.0.0.0/0) → acl-public rule 100 → igw-a → 203.0.113.7/0",
      ]
    `)
  })

  it('that nobody reaches', () => {
    expect(whole(factsOf(webEstate())('eni-app'), ENI)).toMatchInlineSnapshot(`
      [
        "exposures: []",
        "byBalancer: []",
        "possible: []",
        "complete: true",
        "reached: false",
        "openPorts: 0",
        "possiblePorts: 0",
        "latent: []",
        "kind: "instance"",
        "owner: "i-app"",
        "publicSubnet: false",
        "egress: []",
        "sendsToInternet: false",
        "reachedBy: []",
        "reachedByComplete: true",
      ]
    `)
  })

  it('of IPv6', () => {
    expect(whole(factsOf(sixEstate())('eni-six'), ENI, 'egress')).toMatchInlineSnapshot(`
      [
        "exposures: interface eni-six, address 2600:1f00:0:1000::5, publicAddress , protocol tcp, from 443, to 443, sources ["2000::/3"], addresses 4.2535295865117303e+37, width internet, via , path [2001:db8::7]:49152 → igw-a → acl-a rule 101 → sg-a (tcp 443 ::/0) → eni-six [2600:1f00:0:1000::5]:443/tcp",
        "byBalancer: []",
        "possible: []",
        "complete: true",
        "reached: true",
        "openPorts: 1",
        "possiblePorts: 1",
        "latent: []",
        "kind: "instance"",
        "owner: "i-six"",
        "publicSubnet: true",
        "sendsToInternet: true",
        "reachedBy: []",
        "reachedByComplete: true",
      ]
    `)
  })

  it('of which nobody can tell', () => {
    const estate = webEstate({ web: ['tcp 22 pl-x'] })
    estate.without('AWS::EC2::RouteTable')
    expect(whole(factsOf(estate)('eni-web'), ENI)).toMatchInlineSnapshot(`
      [
        "exposures: []",
        "byBalancer: []",
        "possible: interface eni-web, address 10.0.0.5, publicAddress 52.0.0.5, protocol tcp, from 22, to 22, sources ["0.0.0.0/0"], addresses 3702259455, width internet, via , path ",
        "complete: {"unseen":["ec2:GetManagedPrefixListEntries","ec2:DescribeRouteTables"]}",
        "reached: {"unseen":["ec2:GetManagedPrefixListEntries","ec2:DescribeRouteTables"]}",
        "openPorts: 0",
        "possiblePorts: 1",
        "latent: []",
        "kind: "instance"",
        "owner: "i-web"",
        "publicSubnet: {"unseen":["ec2:DescribeRouteTables"]}",
        "egress: []",
        "sendsToInternet: {"unseen":["ec2:DescribeRouteTables"]}",
        "reachedBy: []",
        "reachedByComplete: {"unseen":["ec2:GetManagedPrefixListEntries","ec2:DescribeRouteTables"]}",
      ]
    `)
  })
})

describe('the facts of an instance', () => {
  it('that is reached', () => {
    expect(whole(factsOf(webEstate())('i-web'), INSTANCE, 'egress')).toMatchInlineSnapshot(`
      [
        "exposures: interface eni-web, address 10.0.0.5, publicAddress 52.0.0.5, protocol tcp, from 22, to 22, sources ["0.0.0.0/0"], addresses 3702259455, width internet, via , path 203.0.113.7:49152 → igw-a → acl-public rule 100 → sg-web (tcp 22 0.0.0.0/0) → eni-web 10.0.0.5:22/tcp",
        "byBalancer: []",
        "possible: []",
        "complete: true",
        "reached: true",
        "openPorts: 1",
        "possiblePorts: 1",
        "latent: []",
        "running: true",
        "interfaces: interface eni-web, kind instance, owner i-web, subnet subnet-public, publicSubnet true, publicAddresses ["52.0.0.5"], reached true",
        "sendsToInternet: true",
      ]
    `)
  })

  it('that is stopped, or whose state was not told', () => {
    const stopped = change(webEstate(), 'instance/i-web', { State: { Name: 'stopped' } })
    expect(whole(factsOf(stopped)('i-web'), INSTANCE)).toMatchInlineSnapshot(`
      [
        "exposures: []",
        "byBalancer: []",
        "possible: []",
        "complete: true",
        "reached: false",
        "openPorts: 0",
        "possiblePorts: 0",
        "latent: exposure {"interface":"eni-web","address":"10.0.0.5","publicAddress":"52.0.0.5","protocol":"tcp","from":22,"to":22,"sources":["0.0.0.0/0"],"addresses":3702259455,"width":"internet","via":"","path":"203.0.113.7:49152 → igw-a → acl-public rule 100 → sg-web (tcp 22 0.0.0.0/0) → eni-web 10.0.0.5:22/tcp","witness":{"packet":{"srcIp":"203.0.113.7","srcPort":49152,"dstIp":"52.0.0.5","dstPort":22,"protocol":"tcp"},"hops":[{"resource":"internet","kind":"internet","decision":"forward","detail":"203.0.113.7"},{"resource":"igw-a","kind":"internet-gateway","decision":"forward","detail":"52.0.0.5 → 10.0.0.5"},{"resource":"acl-public","kind":"network-acl","decision":"allow","detail":"rule 100"},{"resource":"sg-web","kind":"security-group","decision":"allow","detail":"tcp 22 0.0.0.0/0"},{"resource":"eni-web","kind":"network-interface","detail":"10.0.0.5:22/tcp","decision":"deliver"}]}}, closedBy [{"resource":"i-web","reason":"INSTANCE_NOT_RUNNING"}]",
        "running: false",
        "interfaces: interface eni-web, kind instance, owner i-web, subnet subnet-public, publicSubnet true, publicAddresses ["52.0.0.5"], reached false",
        "egress: []",
        "sendsToInternet: false",
      ]
    `)
    const untold = change(webEstate(), 'instance/i-web', { State: undefined })
    expect(read(factsOf(untold)('i-web'), 'running', 'reached', 'complete')).toEqual({
      running: { unseen: ['ec2:DescribeInstances'] },
      reached: { unseen: ['ec2:DescribeInstances'] },
      complete: { unseen: ['ec2:DescribeInstances'] },
    })
  })
})

describe('the facts of a load balancer', () => {
  it('and of its target', () => {
    const { estate, arn } = balanced()
    const facts = factsOf(change(estate, arn, { Scheme: 'internet-facing' }))
    expect(whole(facts('1'), BALANCER)).toMatchInlineSnapshot(`
      [
        "exposures: interface eni-front-subnet-public, address 10.0.0.100, publicAddress 52.0.0.100, protocol tcp, from 443, to 443, sources ["0.0.0.0/0"], addresses 3702259454, width internet, via , path 203.0.113.7:49152 → igw-a → acl-public rule 100 → sg-lb (tcp 443 0.0.0.0/0) → eni-front-subnet-public 10.0.0.100:443/tcp",
        "byBalancer: []",
        "possible: []",
        "complete: true",
        "reached: true",
        "openPorts: 1",
        "possiblePorts: 1",
        "latent: []",
        "internetFacing: true",
        "targets: ["i-app"]",
      ]
    `)
    expect(whole(facts('i-app'), INSTANCE)).toMatchInlineSnapshot(`
      [
        "exposures: []",
        "byBalancer: interface eni-app, address 10.0.1.5, publicAddress , protocol tcp, from 8080, to 8080, sources ["0.0.0.0/0"], addresses 3702259454, width internet, via arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/1, path 203.0.113.7:49152 → igw-a → acl-public rule 100 → sg-lb (tcp 443 0.0.0.0/0) → eni-front-subnet-public 10.0.0.100:443/tcp → app/front/1 listener tcp 443 → tg → 8080 (healthy) → eni-front-subnet-public 10.0.0.100 → sg-lb (all 0.0.0.0/0) → acl-public rule 100 → acl-private rule 100 → sg-app (tcp 8080 sg-lb) → eni-app 10.0.1.5:8080/tcp",
        "possible: []",
        "complete: true",
        "reached: true",
        "openPorts: 0",
        "possiblePorts: 0",
        "latent: []",
        "running: true",
        "interfaces: interface eni-app, kind instance, owner i-app, subnet subnet-private, publicSubnet false, publicAddresses [], reached true",
        "egress: []",
        "sendsToInternet: false",
      ]
    `)
  })

  it('that is internal', () => {
    const { estate, arn } = balanced({ node: { ip: '10.0.0.100' } })
    expect(whole(factsOf(change(estate, arn, { Scheme: 'internal' }))('1'), BALANCER)).toMatchInlineSnapshot(`
      [
        "exposures: []",
        "byBalancer: []",
        "possible: []",
        "complete: true",
        "reached: false",
        "openPorts: 0",
        "possiblePorts: 0",
        "latent: []",
        "internetFacing: false",
        "targets: ["i-app"]",
      ]
    `)
  })

  it('of which something was not read', () => {
    const blind = (edit: (parts: ReturnType<typeof balanced>) => unknown, ...members: string[]) => {
      const made = balanced()
      edit(made)
      return read(factsOf(made.estate)('1'), ...members)
    }
    const unseen = (operation: string) => ({ unseen: [operation] })
    expect(
      blind(
        ({ estate }) => remove(estate, 'eni-front-subnet-public'),
        'exposures',
        'possible',
        'complete',
        'reached',
      ),
    ).toEqual({
      exposures: [],
      possible: unseen('ec2:DescribeNetworkInterfaces'),
      complete: unseen('ec2:DescribeNetworkInterfaces'),
      reached: unseen('ec2:DescribeNetworkInterfaces'),
    })
    expect(
      blind(({ estate, group }) => change(estate, group, { TargetHealthDescriptions: undefined }), 'targets'),
    ).toEqual({ targets: unseen('elasticloadbalancing:DescribeTargetHealth') })
    expect(blind(({ estate }) => change(estate, '443HTTPS', { Rules: undefined }), 'targets')).toEqual({
      targets: unseen('elasticloadbalancing:DescribeRules'),
    })
    expect(blind(({ estate }) => estate.without('AWS::ElasticLoadBalancingV2::Listener'), 'targets')).toEqual(
      { targets: unseen('elasticloadbalancing:DescribeListeners') },
    )
  })
})

describe('the facts of a database', () => {
  const database = (groups: readonly string[]) => {
    const estate = webEstate({ app: ['tcp 5432 0.0.0.0/0'] })
    estate.eni('eni-rds', 'subnet-public', {
      ip: '10.0.0.30',
      public: '52.0.0.30',
      groups: ['sg-app'],
      more: { RequesterManaged: true, Description: 'RDSNetworkInterface' },
    })
    estate.put('AWS::RDS::DBInstance', 'arn:aws:rds:eu-west-1:123456789012:db:orders', {
      DBInstanceIdentifier: 'orders',
      DBSubnetGroup: { VpcId: 'vpc-a', Subnets: [{ SubnetIdentifier: 'subnet-public' }] },
      VpcSecurityGroups: groups.map((VpcSecurityGroupId) => ({ VpcSecurityGroupId })),
    })
    return whole(factsOf(estate)('orders'), 'AWS::RDS::DBInstance')
  }

  it('are those of its interfaces', () => {
    expect(database(['sg-app'])).toMatchInlineSnapshot(`
      [
        "exposures: interface eni-rds, address 10.0.0.30, publicAddress 52.0.0.30, protocol tcp, from 5432, to 5432, sources ["0.0.0.0/0"], addresses 3702259454, width internet, via , path 203.0.113.7:49152 → igw-a → acl-public rule 100 → sg-app (tcp 5432 0.0.0.0/0) → eni-rds 10.0.0.30:5432/tcp",
        "byBalancer: []",
        "possible: []",
        "complete: true",
        "reached: true",
        "openPorts: 1",
        "possiblePorts: 1",
        "latent: []",
        "interfaces: ["eni-rds"]",
      ]
    `)
  })

  it('whose interface nobody can tell are open', () => {
    expect(database(['sg-web'])).toMatchInlineSnapshot(`
      [
        "exposures: []",
        "byBalancer: []",
        "possible: {"unseen":["network:NOT_MODELLED"]}",
        "complete: {"unseen":["network:NOT_MODELLED"]}",
        "reached: {"unseen":["network:NOT_MODELLED"]}",
        "openPorts: 0",
        "possiblePorts: {"unseen":["network:NOT_MODELLED"]}",
        "latent: {"unseen":["network:NOT_MODELLED"]}",
        "interfaces: {"unseen":["network:NOT_MODELLED"]}",
      ]
    `)
  })
})

describe('the facts of a security group', () => {
  it('have each rule that strangers could use, with what it does', () => {
    const estate = webEstate({
      web: [
        'tcp 22-23 0.0.0.0/0',
        'all 203.0.113.0/28',
        'icmp 3:4 ::/0',
        'tcp 80 10.0.0.0/8',
        'udp 53 52.0.0.5/32',
      ],
    })
    expect(whole(factsOf(estate)('sg-web'), GROUP)).toMatchInlineSnapshot(`
      [
        "interfaces: ["eni-web"]",
        "open: rule tcp 22-23 0.0.0.0/0, protocol tcp, from 22, to 23, sources ["0.0.0.0/0"], addresses 3702259456, width internet, state exposes, closedBy []",
        "open: rule all 203.0.113.0/28, protocol tcp, from 0, to 65535, sources ["203.0.113.0/28"], addresses 16, width narrow, state exposes, closedBy []",
        "open: rule all 203.0.113.0/28, protocol udp, from 0, to 65535, sources ["203.0.113.0/28"], addresses 16, width narrow, state exposes, closedBy []",
        "open: rule all 203.0.113.0/28, protocol icmp, from -1, to -1, sources ["203.0.113.0/28"], addresses 16, width narrow, state exposes, closedBy []",
        "open: rule all 203.0.113.0/28, protocol 0, from -1, to -1, sources ["203.0.113.0/28"], addresses 16, width narrow, state exposes, closedBy []",
        "open: rule all 203.0.113.0/28, protocol 2-5, from -1, to -1, sources ["203.0.113.0/28"], addresses 16, width narrow, state exposes, closedBy []",
        "open: rule all 203.0.113.0/28, protocol 7-16, from -1, to -1, sources ["203.0.113.0/28"], addresses 16, width narrow, state exposes, closedBy []",
        "open: rule all 203.0.113.0/28, protocol 18-255, from -1, to -1, sources ["203.0.113.0/28"], addresses 16, width narrow, state exposes, closedBy []",
        "open: rule icmp 3:4 ::/0, protocol 1, from -1, to -1, sources ["2000::/3"], addresses 4.253529586511731e+37, width internet, state latent, closedBy [{"resource":"eni-web","reason":"NO_PUBLIC_ADDRESS"}]",
        "complete: true",
        "covered: []",
      ]
    `)
  })

  it('that nothing uses, or that is closed elsewhere', () => {
    const estate = webEstate({ app: ['tcp 22 0.0.0.0/0', 'tcp 22 ::/0'] })
    estate.group('sg-unused', 'vpc-a', {
      ingress: ['tcp 22 0.0.0.0/0'],
      egress: ['tcp 443 0.0.0.0/0', 'all 0.0.0.0/0'],
    })
    expect(whole(factsOf(estate)('sg-unused'), GROUP)).toMatchInlineSnapshot(`
      [
        "interfaces: []",
        "open: rule tcp 22 0.0.0.0/0, protocol tcp, from 22, to 22, sources ["0.0.0.0/0"], addresses 3702259456, width internet, state latent, closedBy [{"resource":"","reason":"UNUSED"}]",
        "complete: true",
        "covered: rule tcp 443 0.0.0.0/0, direction egress, by all 0.0.0.0/0",
      ]
    `)
    expect(whole(factsOf(estate)('sg-app'), GROUP)).toMatchInlineSnapshot(`
      [
        "interfaces: ["eni-app"]",
        "open: rule tcp 22 0.0.0.0/0, protocol tcp, from 22, to 22, sources ["0.0.0.0/0"], addresses 3702259456, width internet, state latent, closedBy [{"resource":"eni-app","reason":"NO_PUBLIC_ADDRESS"},{"resource":"rtb-main","reason":"NO_RETURN_ROUTE"}]",
        "open: rule tcp 22 ::/0, protocol tcp, from 22, to 22, sources ["2000::/3"], addresses 4.253529586511731e+37, width internet, state latent, closedBy [{"resource":"eni-app","reason":"NO_PUBLIC_ADDRESS"}]",
        "complete: true",
        "covered: []",
      ]
    `)
  })

  it('of which something was not read', () => {
    const estate = webEstate({ web: ['tcp 22 pl-x', 'tcp 22-23 pl-y'] })
    expect(whole(factsOf(estate)('sg-web'), GROUP)).toMatchInlineSnapshot(`
      [
        "interfaces: ["eni-web"]",
        "open: rule tcp 22 pl-x, protocol tcp, from 22, to 22, sources [], addresses 0, width internet, state unknown, closedBy []",
        "open: rule tcp 22-23 pl-y, protocol tcp, from 22, to 23, sources [], addresses 0, width internet, state unknown, closedBy []",
        "complete: {"unseen":["ec2:GetManagedPrefixListEntries"]}",
        "covered: {"unseen":["ec2:GetManagedPrefixListEntries"]}",
      ]
    `)
    estate.without(ENI)
    expect(whole(factsOf(estate)('sg-web'), GROUP)).toMatchInlineSnapshot(`
      [
        "interfaces: {"unseen":["ec2:DescribeNetworkInterfaces","ec2:GetManagedPrefixListEntries"]}",
        "open: rule tcp 22 pl-x, protocol tcp, from 22, to 22, sources [], addresses 0, width internet, state unknown, closedBy []",
        "open: rule tcp 22-23 pl-y, protocol tcp, from 22, to 23, sources [], addresses 0, width internet, state unknown, closedBy []",
        "complete: {"unseen":["ec2:DescribeNetworkInterfaces","ec2:GetManagedPrefixListEntries"]}",
        "covered: {"unseen":["ec2:GetManagedPrefixListEntries"]}",
      ]
    `)
  })
})

describe('the facts of a network ACL', () => {
  it('have what it admits, hides and leaves unanswered', () => {
    const estate = webEstate({
      ingress: [
        '90 deny tcp 23 0.0.0.0/0',
        '100 allow tcp 22-24 0.0.0.0/0',
        '110 allow tcp 23 203.0.113.0/24',
        '120 allow udp 53 ::/0',
      ],
      egress: ['100 allow tcp 32768-61000 0.0.0.0/0', '110 deny tcp 40000 10.0.0.0/8'],
      web: ['tcp 24 0.0.0.0/0'],
    })
    expect(whole(factsOf(estate)('acl-public'), ACL)).toMatchInlineSnapshot(`
      [
        "subnets: ["subnet-public"]",
        "publicSubnets: ["subnet-public"]",
        "admits: direction ingress, protocol tcp, from 22, to 22, sources ["0.0.0.0/0"], addresses 3702259456, width internet",
        "admits: direction ingress, protocol tcp, from 24, to 24, sources ["0.0.0.0/0"], addresses 3702259456, width internet",
        "admits: direction ingress, protocol udp, from 53, to 53, sources ["2000::/3"], addresses 4.253529586511731e+37, width internet",
        "openBehind: direction ingress, protocol tcp, from 24, to 24, sources ["0.0.0.0/0"], addresses 3702259456, width internet",
        "shadowed: rule rule 110, number 110, direction ingress, action allow, by [90,100], contradicts true",
        "shadowed: rule rule 110, number 110, direction egress, action deny, by [100], contradicts true",
        "unanswered: direction egress, protocol tcp, from 32768, to 61000, sources ["0.0.0.0/0"], addresses 4294967296, width internet",
        "unanswered: direction ingress, protocol udp, from 53, to 53, sources ["::/0"], addresses 3.402823669209385e+38, width internet",
      ]
    `)
    expect(whole(factsOf(estate)('acl-private'), ACL, 'admits')).toMatchInlineSnapshot(`
      [
        "subnets: ["subnet-private"]",
        "publicSubnets: []",
        "openBehind: []",
        "shadowed: []",
        "unanswered: []",
      ]
    `)
  })

  it('with an entry that cannot be read', () => {
    const Entries = [{ RuleNumber: 100, RuleAction: 'allow', Egress: false, Protocol: '6', CidrBlock: 'x' }]
    expect(
      whole(factsOf(change(webEstate(), 'acl-public', { Entries }))('acl-public'), ACL),
    ).toMatchInlineSnapshot(`
      [
        "subnets: ["subnet-public"]",
        "publicSubnets: ["subnet-public"]",
        "admits: {"unseen":["network:NOT_MODELLED"]}",
        "openBehind: {"unseen":["network:NOT_MODELLED"]}",
        "shadowed: {"unseen":["network:NOT_MODELLED"]}",
        "unanswered: {"unseen":["network:NOT_MODELLED"]}",
      ]
    `)
  })
})

describe('the facts of places', () => {
  const natted = () => {
    const estate = webEstate()
    estate.nat('nat-a', 'subnet-public', '10.0.0.9', '52.0.0.99')
    estate.subnet('subnet-c', 'vpc-a', '10.0.7.0/24', { zone: 'eu-west-1c' })
    estate.acl('acl-c', 'vpc-a', ['subnet-c'])
    estate.instance('i-c', 'subnet-c', { ip: '10.0.7.5', groups: ['sg-app'] })
    const routes = ['10.0.0.0/16 local', '0.0.0.0/0 nat-a']
    estate.table('rtb-nat', 'vpc-a', { subnets: ['subnet-private', 'subnet-c'] }, routes)
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-s3', {
      VpcEndpointId: 'vpce-s3',
      VpcId: 'vpc-a',
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.eu-west-1.s3',
    })
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-off', {
      VpcEndpointId: 'vpce-off',
      VpcId: 'vpc-a',
      State: 'deleted',
      ServiceName: 'com.amazonaws.eu-west-1.ssm',
    })
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-theirs', {
      VpcEndpointId: 'vpce-theirs',
      VpcId: 'vpc-a',
      State: 'Available',
      ServiceName: 'com.amazonaws.vpce.eu-west-1.vpce-svc-1',
    })
    return estate
  }

  it('of subnets', () => {
    const facts = factsOf(natted())
    expect(whole(facts('subnet-public'), 'AWS::EC2::Subnet')).toMatchInlineSnapshot(`
      [
        "public: true",
        "gateway: "igw-a"",
        "routeTable: "rtb-public"",
        "waysOut: ["internet-gateway"]",
        "interfaces: interface eni-web, kind instance, owner i-web, subnet subnet-public, publicSubnet true, publicAddresses ["52.0.0.5"], reached true",
        "interfaces: interface eni-nata, kind nat-gateway, owner nat-a, subnet subnet-public, publicSubnet true, publicAddresses ["52.0.0.99"], reached false",
        "kinds: ["instance","nat-gateway"]",
        "publicAddresses: 2",
        "reached: true",
      ]
    `)
    expect(whole(facts('subnet-private'), 'AWS::EC2::Subnet')).toMatchInlineSnapshot(`
      [
        "public: false",
        "gateway: """,
        "routeTable: "rtb-nat"",
        "waysOut: ["nat"]",
        "interfaces: interface eni-app, kind instance, owner i-app, subnet subnet-private, publicSubnet false, publicAddresses [], reached false",
        "kinds: ["instance"]",
        "publicAddresses: 0",
        "reached: false",
      ]
    `)
    expect(whole(facts('subnet-c'), 'AWS::EC2::Subnet')).toMatchInlineSnapshot(`
      [
        "public: false",
        "gateway: """,
        "routeTable: "rtb-nat"",
        "waysOut: ["nat"]",
        "interfaces: interface eni-c, kind instance, owner i-c, subnet subnet-c, publicSubnet false, publicAddresses [], reached false",
        "kinds: ["instance"]",
        "publicAddresses: 0",
        "reached: false",
      ]
    `)
  })

  it('of a subnet whose tables were not read', () => {
    const estate = natted()
    estate.without('AWS::EC2::RouteTable')
    expect(whole(factsOf(estate)('subnet-public'), 'AWS::EC2::Subnet')).toMatchInlineSnapshot(`
      [
        "public: {"unseen":["ec2:DescribeRouteTables"]}",
        "gateway: {"unseen":["ec2:DescribeRouteTables"]}",
        "routeTable: {"unseen":["ec2:DescribeRouteTables"]}",
        "waysOut: {"unseen":["ec2:DescribeRouteTables"]}",
        "interfaces: {"unseen":["ec2:DescribeRouteTables"]}",
        "kinds: ["instance","nat-gateway"]",
        "publicAddresses: 2",
        "reached: {"unseen":["ec2:DescribeRouteTables"]}",
      ]
    `)
    expect(whole(factsOf(estate)('vpc-a'), 'AWS::EC2::VPC')).toMatchInlineSnapshot(`
      [
        "endpointServices: ["com.amazonaws.vpce.eu-west-1.vpce-svc-1","s3"]",
        "natSubnets: {"unseen":["ec2:DescribeRouteTables"]}",
        "natSubnetsWithoutS3: {"unseen":["ec2:DescribeRouteTables"]}",
        "publicSubnets: {"unseen":["ec2:DescribeRouteTables"]}",
        "offlineInstances: {"unseen":["ec2:DescribeRouteTables"]}",
      ]
    `)
    expect(whole(factsOf(estate)('nat-a'), 'AWS::EC2::NatGateway')).toMatchInlineSnapshot(`
      [
        "zone: "eu-west-1a"",
        "regional: false",
        "subnets: {"unseen":["ec2:DescribeRouteTables"]}",
        "foreignZones: {"unseen":["ec2:DescribeRouteTables"]}",
      ]
    `)
  })

  it('of a VPC and its NAT gateways', () => {
    expect(whole(factsOf(natted())('vpc-a'), 'AWS::EC2::VPC')).toMatchInlineSnapshot(`
      [
        "endpointServices: ["com.amazonaws.vpce.eu-west-1.vpce-svc-1","s3"]",
        "natSubnets: ["subnet-private","subnet-c"]",
        "natSubnetsWithoutS3: []",
        "publicSubnets: ["subnet-public"]",
        "offlineInstances: []",
      ]
    `)
    expect(whole(factsOf(natted())('nat-a'), 'AWS::EC2::NatGateway')).toMatchInlineSnapshot(`
      [
        "zone: "eu-west-1a"",
        "regional: false",
        "subnets: subnet subnet-private, zone eu-west-1a",
        "subnets: subnet subnet-c, zone eu-west-1c",
        "foreignZones: ["eu-west-1c"]",
      ]
    `)
    const regional = change(natted(), 'natgateway/nat-a', {
      AvailabilityMode: 'regional',
      SubnetId: undefined,
    })
    expect(whole(factsOf(regional)('nat-a'), 'AWS::EC2::NatGateway')).toMatchInlineSnapshot(`
      [
        "zone: """,
        "regional: true",
        "subnets: subnet subnet-private, zone eu-west-1a",
        "subnets: subnet subnet-c, zone eu-west-1c",
        "foreignZones: []",
      ]
    `)
  })

  it('of an endpoint', () => {
    const endpoint = (edit: (estate: Estate) => unknown = () => undefined) => {
      const estate = webEstate({ web: ['tcp 443 10.0.0.0/16', 'tcp 443 192.168.0.0/16'] })
      estate.eni('eni-vpce', 'subnet-public', {
        ip: '10.0.0.66',
        groups: ['sg-web'],
        more: { InterfaceType: 'vpc_endpoint', RequesterManaged: true },
      })
      estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-kms', {
        VpcEndpointId: 'vpce-kms',
        VpcId: 'vpc-a',
        State: 'available',
        ServiceName: 'cn.com.amazonaws.cn-north-1.kms',
        NetworkInterfaceIds: ['eni-vpce'],
      })
      edit(estate)
      return whole(factsOf(estate)('vpce-kms'), 'AWS::EC2::VPCEndpoint')
    }
    expect(endpoint()).toMatchInlineSnapshot(`
      [
        "service: "kms"",
        "admits: direction ingress, protocol tcp, from 443, to 443, sources ["10.0.0.0/16","192.168.0.0/16"], addresses 131072, width wide",
        "admitsForeign: direction ingress, protocol tcp, from 443, to 443, sources ["192.168.0.0/16"], addresses 65536, width wide",
        "reached: false",
      ]
    `)
    expect(endpoint((estate) => remove(estate, 'eni-vpce'))).toMatchInlineSnapshot(`
      [
        "service: "kms"",
        "admits: {"unseen":["ec2:DescribeNetworkInterfaces"]}",
        "admitsForeign: {"unseen":["ec2:DescribeNetworkInterfaces"]}",
        "reached: {"unseen":["ec2:DescribeNetworkInterfaces"]}",
      ]
    `)
    expect(
      endpoint((estate) =>
        change(estate, 'eni-vpce', {
          PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.66', Association: { PublicIp: '52.0.0.66' } }],
          Groups: [],
        }),
      ).at(-1),
    ).toBe('reached: true')
  })
})

describe('the facts of ways', () => {
  it('of a VPN', () => {
    const vpn = (edit: (estate: Estate) => unknown = () => undefined) => {
      const estate = webEstate({ app: ['tcp 22 192.168.0.0/16', 'tcp 80 172.31.0.0/16'] })
      estate.vpn('vgw-a', 'vpc-a', 'vpn-a')
      estate.table('rtb-vpn', 'vpc-a', { subnets: ['subnet-private'] }, [
        '10.0.0.0/16 local',
        '192.168.0.0/16 vgw-a propagated',
        '172.31.0.0/16 vgw-a',
      ])
      change(estate, 'vpn-a', { Routes: [{ DestinationCidrBlock: '192.168.0.0/17' }, {}] })
      edit(estate)
      return whole(factsOf(estate)('vpn-a'), 'AWS::EC2::VPNConnection')
    }
    expect(vpn()).toMatchInlineSnapshot(`
      [
        "up: true",
        "networks: ["172.31.0.0/16","192.168.0.0/16"]",
        "reaches: interface eni-app, owner i-app, kind instance, address 10.0.1.5, protocol tcp, from 80, to 80",
        "reaches: interface eni-app, owner i-app, kind instance, address 10.0.1.5, protocol tcp, from 22, to 22",
        "reachesComplete: true",
      ]
    `)
    expect(
      vpn((estate) => change(estate, 'vgw-a', { VpcAttachments: [{ VpcId: 'vpc-a', State: 'detached' }] })),
    ).toMatchInlineSnapshot(`
      [
        "up: true",
        "networks: []",
        "reaches: []",
        "reachesComplete: true",
      ]
    `)
    expect(
      vpn((estate) =>
        change(estate, 'vpn-a', { TransitGatewayId: 'tgw-a', VpnGatewayId: undefined, VgwTelemetry: [] }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "up: false",
        "networks: {"unseen":["network:NOT_MODELLED"]}",
        "reaches: {"unseen":["network:NOT_MODELLED"]}",
        "reachesComplete: {"unseen":["network:NOT_MODELLED"]}",
      ]
    `)
  })

  it('of a peering', () => {
    const estate = twoVpcs(['10.1.0.0/16 pcx-a'], ['10.0.0.0/16 pcx-a'])
    estate.peering('pcx-a', 'vpc-a', 'vpc-b')
    estate.peering('pcx-x', 'vpc-x', 'vpc-b')
    const facts = factsOf(change(estate, 'instance/i-a', {}, { tags: { tier: 'web', constructor: 'x' } }))
    expect(whole(facts('pcx-a'), 'AWS::EC2::VPCPeeringConnection')).toMatchInlineSnapshot(`
      [
        "requesterReaches: interface eni-a, owner i-a, kind instance, tags {"tier":"web"}, groups ["sg-a"], subnet subnet-a, vpc vpc-a, account 123456789012, target eni-b, protocol tcp, from 443, to 443",
        "accepterReaches: interface eni-b, owner i-b, kind instance, tags {}, groups ["sg-b"], subnet subnet-b, vpc vpc-b, account 123456789012, target eni-a, protocol tcp, from 443, to 443",
      ]
    `)
    expect(whole(facts('pcx-x'), 'AWS::EC2::VPCPeeringConnection')).toMatchInlineSnapshot(`
      [
        "requesterReaches: {"unseen":["network:OTHER_ACCOUNT"]}",
        "accepterReaches: {"unseen":["network:OTHER_ACCOUNT"]}",
      ]
    `)
  })

  it('of who reaches an interface inside, one by one', () => {
    const estate = webEstate({ app: ['tcp 5432 sg-web', 'udp 53 10.0.0.0/16'] })
    estate.instance('i-next', 'subnet-public', { ip: '10.0.0.6', groups: ['sg-web'] })
    const { reachedBy } = read(factsOf(estate)('eni-app'), 'reachedBy')
    expect(
      (reachedBy as JsonObject[]).map((row) =>
        [row['interface'], row['protocol'], row['from'], row['target']].join(' '),
      ),
    ).toMatchInlineSnapshot(`
      [
        "eni-web tcp 5432 eni-app",
        "eni-web udp 53 eni-app",
        "eni-next tcp 5432 eni-app",
        "eni-next udp 53 eni-app",
      ]
    `)
  })

  it('of a balancer name each target once', () => {
    const { estate, group } = balanced({ targets: { ids: ['i-web', 'i-app', 'i-web'] } })
    estate.listener(
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/1',
      80,
      'HTTP',
      [forward(group)],
    )
    expect(read(factsOf(estate)('1'), 'targets')).toEqual({ targets: ['i-app', 'i-web'] })
  })
})
