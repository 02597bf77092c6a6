/** What closes the two ends of a way, and what of them nobody can tell: all that the answer says. */
import { describe, expect, it } from 'vitest'
import type { ReachQuery } from '../../../src/analyze/network/reach.ts'
import type { JsonObject } from '../../../src/snapshot/model.ts'
import { change, remove } from './edit.ts'
import type { Estate } from './estate.ts'
import { webEstate } from './estate.ts'
import { told } from './told.ts'

const SSH = { from: 'internet', to: 'i-web', protocol: 'tcp', port: 22 } as const

const ask = (estate: Estate, query: ReachQuery) => told(estate.ask(query))

describe('an interface that services run', () => {
  const service = (more: JsonObject) => {
    const estate = webEstate({ web: ['all 0.0.0.0/0'] })
    estate.eni('eni-s', 'subnet-public', { ip: '10.0.0.50', public: '52.0.0.50', groups: ['sg-web'], more })
    return ask(estate, { ...SSH, to: 'eni-s' })
  }

  it('of a transit gateway, or of a Gateway Load Balancer or its endpoint, answers nobody', () => {
    const silent = ['blocked', 'eni-s [network-interface] NO_LISTENER']
    expect(service({ InterfaceType: 'transit_gateway' })).toEqual(silent)
    expect(service({ InterfaceType: 'gateway_load_balancer_endpoint' })).toEqual(silent)
    expect(service({ InterfaceType: 'gateway_load_balancer' })).toEqual(silent)
    expect(service({ InterfaceType: 'efs' })[0]).toBe('reachable')
  })

  it('of a NAT gateway lets out only, and is called by its description’s name, else by its own', () => {
    const described = { InterfaceType: 'nat_gateway', Description: 'Interface for NAT Gateway nat-0a1' }
    expect(service(described)).toEqual(['blocked', 'nat-0a1 [nat-gateway] NAT_IS_OUTBOUND_ONLY'])
    expect(service({ InterfaceType: 'nat_gateway' })).toEqual([
      'blocked',
      'eni-s [nat-gateway] NAT_IS_OUTBOUND_ONLY',
    ])
  })

  it('without groups is filtered only where somebody of one’s own made it', () => {
    expect(service({ Groups: [], RequesterManaged: true })[0]).toBe('reachable')
    expect(service({ Groups: [], InterfaceType: 'vpc_endpoint' })[0]).toBe('reachable')
    expect(service({ Groups: [] })).toEqual(['blocked', 'eni-s [security-group] SG_NO_INGRESS'])
  })

  it('with several groups that admit nothing is closed by each of them', () => {
    const estate = webEstate({ web: [] })
    estate.instance('i-two', 'subnet-public', {
      ip: '10.0.0.51',
      public: '52.0.0.51',
      groups: ['sg-web', 'sg-app', 'sg-web'],
    })
    expect(ask(estate, { ...SSH, to: 'i-two' })).toEqual([
      'blocked',
      'sg-web [security-group] SG_NO_INGRESS',
      'sg-app [security-group] SG_NO_INGRESS',
    ])
  })
})

describe('an instance', () => {
  it('whose state was not told may run', () => {
    expect(ask(change(webEstate(), 'instance/i-web', { State: undefined }), SSH)).toEqual([
      'unknown',
      'i-web [instance] NOT_COLLECTED',
      'ec2:DescribeInstances not-collected',
    ])
  })

  it('that the list lacks, though it was read, is taken to run: the interface says that it is attached', () => {
    expect(ask(remove(webEstate(), 'instance/i-web'), SSH)[0]).toBe('reachable')
  })

  it('that is stopped would be reached if it ran', () => {
    expect(ask(change(webEstate(), 'instance/i-web', { State: { Name: 'stopped' } }), SSH)).toEqual([
      'blocked',
      'i-web [instance] INSTANCE_NOT_RUNNING (stopped)',
      'latent 0.0.0.0/0 tcp 22',
      'latent i-web [instance] INSTANCE_NOT_RUNNING (stopped)',
    ])
  })
})

describe('a network ACL', () => {
  it('of which no list was read may let pass anything', () => {
    const estate = webEstate()
    estate.without('AWS::EC2::NetworkAcl')
    expect(ask(estate, SSH)).toEqual([
      'unknown',
      'subnet-public [network-acl] DENIED',
      'ec2:DescribeNetworkAcls denied',
    ])
  })

  it('without entries was not read whole', () => {
    expect(ask(change(webEstate(), 'acl-public', { Entries: undefined }), SSH)).toEqual([
      'unknown',
      'subnet-public [network-acl] NOT_COLLECTED',
      'ec2:DescribeNetworkAcls not-collected',
    ])
  })

  it.each([
    ['CIDR', { CidrBlock: 'nonsense', Protocol: '6' }],
    ['address at all', { Protocol: '6' }],
    ['protocol', { CidrBlock: '0.0.0.0/0', Protocol: 'tcp' }],
    ['range of ports', { CidrBlock: '0.0.0.0/0', Protocol: '6', PortRange: { From: 30, To: 20 } }],
    ['number of a protocol', { CidrBlock: '0.0.0.0/0', Protocol: '300' }],
  ])('with an entry that has no %s may deny, and may allow', (_, fields) => {
    const entry = (action: string) => ({ RuleNumber: 50, RuleAction: action, Egress: false, ...fields })
    const open = { RuleNumber: 100, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' }
    const back = { ...open, Egress: true }
    const unread = [
      'unknown',
      'acl-public [network-acl] NOT_MODELLED',
      'ec2:DescribeNetworkAcls error: an entry cannot be read',
    ]
    const by = (...Entries: JsonObject[]) => ask(change(webEstate(), 'acl-public', { Entries }), SSH)
    expect(by(entry('deny'), { ...open, Egress: false }, back)).toEqual(unread)
    expect(by(entry('allow'), back)).toEqual(unread)
    expect(by({ ...open, RuleNumber: 40, Egress: false }, entry('deny'), back)[0]).toBe('reachable')
  })
})

describe('a security group', () => {
  it('that cannot be read may admit anything, and says which rule it is', () => {
    const rule = (permission: JsonObject) =>
      ask(change(webEstate(), 'security-group/sg-web', { IpPermissions: [permission] }), SSH)
    const range = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
    expect(rule({ ...range, IpProtocol: 'sctp' })).toEqual([
      'unknown',
      'sg-web [security-group] NOT_MODELLED (sctp)',
      'ec2:DescribeSecurityGroups error: the rule sctp cannot be read',
    ])
    expect(rule({ ...range, IpProtocol: 'tcp', FromPort: 30, ToPort: 20 })).toEqual([
      'unknown',
      'sg-web [security-group] NOT_MODELLED (tcp 30-20)',
      'ec2:DescribeSecurityGroups error: the rule tcp 30-20 cannot be read',
    ])
    expect(rule({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: 'all' }] })).toEqual([
      'unknown',
      'sg-web [security-group] NOT_MODELLED (tcp 22 all)',
      'ec2:DescribeSecurityGroups error: the rule tcp 22 all cannot be read',
    ])
    expect(rule({ IpProtocol: 'tcp', FromPort: 23, ToPort: 23, IpRanges: [{ CidrIp: 'all' }] })).toEqual([
      'blocked',
      'sg-web [security-group] SG_NO_INGRESS',
    ])
  })

  it('whose prefix list was not read may admit anyone', () => {
    const estate = webEstate({ web: ['tcp 22 pl-x'] })
    expect(ask(estate, SSH)).toEqual([
      'unknown',
      'pl-x [prefix-list] PREFIX_LIST_UNSEEN',
      'ec2:GetManagedPrefixListEntries not-collected',
    ])
    estate.without('AWS::EC2::PrefixList')
    expect(ask(estate, SSH)).toEqual([
      'unknown',
      'pl-x [prefix-list] PREFIX_LIST_UNSEEN',
      'ec2:DescribeManagedPrefixLists denied',
    ])
  })

  it('whose reference to a group is stale admits nobody by it', () => {
    const pair = (PeeringStatus?: string) => {
      const estate = webEstate()
      change(estate, 'security-group/sg-app', {
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 80,
            ToPort: 80,
            UserIdGroupPairs: [{}, { GroupId: 'sg-web', ...(PeeringStatus ? { PeeringStatus } : {}) }],
          },
        ],
      })
      return ask(estate, { from: 'i-web', to: 'i-app', protocol: 'tcp', port: 80 })[0]
    }
    expect([pair(), pair('active')]).toEqual(['reachable', 'reachable'])
    for (const state of ['deleted', 'rejected', 'expired', 'failed']) expect(pair(state)).toBe('blocked')
  })

  it('that lets nothing out closes the start of every flow', () => {
    const estate = webEstate({ app: ['tcp 80 10.0.0.0/16'] })
    change(estate, 'security-group/sg-web', { IpPermissionsEgress: [] })
    expect(ask(estate, { from: 'i-web', to: 'i-app', protocol: 'tcp', port: 80 })).toEqual([
      'blocked',
      'sg-web [security-group] SG_NO_EGRESS',
    ])
  })
})
