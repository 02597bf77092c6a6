import { describe, expect, it } from 'vitest'
import { webEstate } from './estate.ts'

const SSH = { from: 'internet', to: 'i-web', protocol: 'tcp', port: 22 } as const

describe('what the snapshot lacks', () => {
  it.each([
    ['AWS::EC2::RouteTable', 'ec2:DescribeRouteTables'],
    ['AWS::EC2::NetworkAcl', 'ec2:DescribeNetworkAcls'],
    ['AWS::EC2::SecurityGroup', 'ec2:DescribeSecurityGroups'],
    ['AWS::EC2::InternetGateway', 'ec2:DescribeInternetGateways'],
    ['AWS::EC2::Instance', 'ec2:DescribeInstances'],
  ])('%s leaves the verdict unknown and says what to grant', (type, operation) => {
    for (const outcome of ['denied', 'not-collected'] as const) {
      const estate = webEstate()
      estate.without(type, outcome)
      expect(estate.ask(SSH)).toMatchObject({
        verdict: 'unknown',
        missing: [{ operation, outcome, permission: operation }],
        blockedBy: [{ reason: outcome === 'denied' ? 'DENIED' : 'NOT_COLLECTED' }],
      })
    }
  })

  it('does not matter where something known blocks', () => {
    const estate = webEstate()
    for (const type of ['NetworkAcl', 'RouteTable', 'InternetGateway', 'Instance'])
      estate.without(`AWS::EC2::${type}`)
    expect(estate.ask({ ...SSH, port: 23 })).toMatchObject({
      verdict: 'blocked',
      blockedBy: [{ reason: 'SG_NO_INGRESS' }],
    })
  })

  it('names only what would decide: an unseen list that cannot change the answer is left out', () => {
    const estate = webEstate({ web: ['tcp 22 203.0.113.0/24', 'tcp 22 pl-unseen'] })
    estate.prefixList('pl-unseen', undefined)
    expect(estate.ask({ ...SSH, from: '203.0.113.5' }).verdict).toBe('reachable')
    expect(estate.ask({ ...SSH, from: '198.51.100.5' })).toMatchObject({
      verdict: 'unknown',
      blockedBy: [{ resource: 'pl-unseen', reason: 'PREFIX_LIST_UNSEEN' }],
    })
  })

  it('is hidden interfaces: nobody knows what has an address of the VPC', () => {
    const estate = webEstate()
    estate.without('AWS::EC2::NetworkInterface')
    expect(estate.ask({ ...SSH, to: 'i-web' })).toMatchObject({
      verdict: 'unknown',
      missing: [{ operation: 'ec2:DescribeNetworkInterfaces' }],
    })
  })

  it('is an entry or rule that cannot be read: between nothing and everything', () => {
    const estate = webEstate({ web: ['tcp 22 0.0.0.0/0'] })
    const at = estate.resources.findIndex(({ id }) => id.endsWith('acl-public'))
    const known = estate.resources[at]
    if (!known) throw new Error('no ACL')
    const odd = { RuleNumber: 50, RuleAction: 'deny', Egress: false, Protocol: '6', CidrBlock: 'nonsense' }
    estate.resources[at] = {
      ...known,
      config: { ...known.config, Entries: [odd, ...(known.config['Entries'] as [])] },
    }
    expect(estate.ask(SSH)).toMatchObject({
      verdict: 'unknown',
      blockedBy: [{ resource: 'acl-public', reason: 'NOT_MODELLED' }],
    })
  })
})
