import { describe, expect, it } from 'vitest'
import { webEstate } from './estate.ts'

const SSH = { from: 'internet', to: 'i-web', protocol: 'tcp', port: 22 } as const
const ANY = '100 allow all 0.0.0.0/0'

describe('network ACL entries', () => {
  it('are tried by rising number: a deny at 90 beats an allow at 100', () => {
    expect(webEstate({ ingress: [ANY, '90 deny tcp 22 0.0.0.0/0'] }).ask(SSH)).toMatchObject({
      verdict: 'blocked',
      blockedBy: [
        { resource: 'acl-public', kind: 'network-acl', reason: 'NACL_INGRESS_DENY', rule: 'rule 90' },
      ],
    })
  })

  it('after the one that matches do not count: a deny at 110 loses to an allow at 100', () => {
    expect(webEstate({ ingress: [ANY, '110 deny tcp 22 0.0.0.0/0'] }).ask(SSH).verdict).toBe('reachable')
  })

  it('leave the rest of a range open that an earlier deny cut', () => {
    const estate = webEstate({ web: ['tcp 20-30 0.0.0.0/0'], ingress: ['90 deny tcp 22-24 0.0.0.0/1', ANY] })
    expect(estate.ask({ from: 'internet', to: 'i-web' }).exposed).toEqual([
      {
        sources: ['0.0.0.0/1'],
        protocol: 'tcp',
        ports: [
          [20, 21],
          [25, 30],
        ],
      },
      { sources: ['128.0.0.0/1'], protocol: 'tcp', ports: [[20, 30]] },
    ])
  })

  it('of which none matches deny: rule *', () => {
    expect(webEstate({ ingress: [] }).ask(SSH)).toMatchObject({
      blockedBy: [{ reason: 'NACL_INGRESS_DENY', rule: 'rule *' }],
    })
  })

  it('of one family say nothing about the other', () => {
    expect(webEstate({ ingress: ['100 allow all ::/0'] }).ask(SSH).verdict).toBe('blocked')
  })

  it('may name ICMP by type and code', () => {
    const estate = webEstate({ web: ['all 0.0.0.0/0'], ingress: ['100 allow icmp 8:-1 0.0.0.0/0'] })
    expect(estate.ask({ from: 'internet', to: 'i-web' }).exposed).toMatchObject([
      { protocol: 'icmp', icmp: [[8, -1]] },
    ])
  })
})

describe('the reply', () => {
  it('is tried too, on its way out: a list that lets no port back blocks the flow', () => {
    expect(webEstate({ egress: ['100 allow tcp 0 0.0.0.0/0'] }).ask(SSH)).toMatchObject({
      verdict: 'blocked',
      blockedBy: [{ resource: 'acl-public', reason: 'NACL_RETURN_DENY' }],
    })
  })

  it('goes to the port that the client chose: one open port is enough, and the witness takes it', () => {
    expect(webEstate({ egress: ['100 allow tcp 2000-2001 0.0.0.0/0'] }).ask(SSH)).toMatchObject({
      verdict: 'reachable',
      witness: { packet: { srcPort: 2000 } },
    })
  })

  it('takes an ephemeral port where it can, so that an opening for odd ports alone shows as such', () => {
    expect(webEstate({ egress: ['100 allow tcp 80-50000 0.0.0.0/0'] }).ask(SSH).witness?.packet.srcPort).toBe(
      49_152,
    )
    expect(webEstate({ egress: ['100 allow tcp 80-90 0.0.0.0/0'] }).ask(SSH).witness?.packet.srcPort).toBe(80)
  })

  it('of an echo is an echo reply', () => {
    const parts = { web: ['icmp 8:-1 0.0.0.0/0'] }
    const ping = { from: 'internet', to: 'i-web', protocol: 'icmp' } as const
    expect(webEstate({ ...parts, egress: ['100 allow icmp 0:-1 0.0.0.0/0'] }).ask(ping).verdict).toBe(
      'reachable',
    )
    expect(webEstate({ ...parts, egress: ['100 allow icmp 8:-1 0.0.0.0/0'] }).ask(ping).verdict).toBe(
      'blocked',
    )
  })
})

describe('a network ACL', () => {
  it('stands at every subnet border: out of the one, into the other, and back', () => {
    const flow = { from: 'i-web', to: 'i-app', protocol: 'tcp', port: 80 } as const
    const app = ['tcp 80 10.0.0.0/16']
    const verdict = (parts: Parameters<typeof webEstate>[0]) => webEstate({ app, ...parts }).ask(flow)
    expect(verdict({}).verdict).toBe('reachable')
    expect(verdict({ egress: ['100 allow tcp 443 0.0.0.0/0'] })).toMatchObject({
      blockedBy: [{ reason: 'NACL_EGRESS_DENY' }],
    })
    expect(verdict({ ingress: ['100 allow udp 53 0.0.0.0/0'] })).toMatchObject({
      blockedBy: [{ reason: 'NACL_RETURN_DENY' }],
    })
  })

  it('does not apply between two addresses of one subnet', () => {
    const estate = webEstate({ web: ['tcp 22 10.0.0.0/24'], ingress: [], egress: [] })
    estate.instance('i-next', 'subnet-public', { ip: '10.0.0.6', groups: ['sg-web'] })
    expect(estate.ask({ from: 'i-next', to: 'i-web', port: 22 }).verdict).toBe('reachable')
  })

  it('that no subnet is associated with explicitly is the default one of the VPC', () => {
    const estate = webEstate()
    estate.subnet('subnet-new', 'vpc-a', '10.0.2.0/24')
    estate.instance('i-new', 'subnet-new', { ip: '10.0.2.5', groups: ['sg-web'] })
    estate.put('AWS::EC2::NetworkAcl', 'network-acl/acl-default', {
      NetworkAclId: 'acl-default',
      VpcId: 'vpc-a',
      IsDefault: true,
      Associations: [],
      Entries: [],
    })
    expect(estate.ask({ from: 'i-web', to: 'i-new', port: 22 })).toMatchObject({
      blockedBy: [{ resource: 'acl-default', reason: 'NACL_INGRESS_DENY' }, { resource: 'acl-default' }],
    })
  })
})
