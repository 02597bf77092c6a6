import { describe, expect, it } from 'vitest'
import { createEstate, webEstate } from './estate.ts'

const SSH = { from: 'internet', to: 'i-web', protocol: 'tcp', port: 22 } as const

/** The web estate with other routes for the public subnet. */
function withRoutes(routes: readonly string[], parts?: { readonly main?: boolean }) {
  const estate = webEstate()
  const at = (name: string) => estate.resources.findIndex(({ id }) => id.endsWith(name))
  estate.resources.splice(at('rtb-public'), 1)
  if (parts?.main) estate.resources.splice(at('rtb-main'), 1)
  estate.table('rtb-public', 'vpc-a', parts ?? { subnets: ['subnet-public'] }, routes)
  return estate
}

describe('the route table of a subnet', () => {
  it('is the one explicitly associated with it, never the main one as well', () => {
    const estate = withRoutes(['10.0.0.0/16 local'])
    estate.resources.splice(
      estate.resources.findIndex(({ id }) => id.endsWith('rtb-main')),
      1,
    )
    estate.table('rtb-main', 'vpc-a', { main: true }, ['10.0.0.0/16 local', '0.0.0.0/0 igw-a'])
    expect(estate.ask(SSH)).toMatchObject({
      verdict: 'blocked',
      blockedBy: [{ resource: 'rtb-public', reason: 'NO_RETURN_ROUTE' }],
    })
  })

  it('is the main one where none is associated', () => {
    expect(withRoutes(['10.0.0.0/16 local', '0.0.0.0/0 igw-a'], { main: true }).ask(SSH).verdict).toBe(
      'reachable',
    )
  })

  it('decides the reply: a default route to a NAT gateway does not lead back to the internet gateway', () => {
    const estate = withRoutes(['10.0.0.0/16 local', '0.0.0.0/0 nat-a'])
    estate.nat('nat-a', 'subnet-private', '10.0.1.9', '52.0.0.99')
    expect(estate.ask(SSH)).toMatchObject({
      verdict: 'blocked',
      blockedBy: [{ reason: 'NO_RETURN_ROUTE' }, { resource: 'nat-a', reason: 'NAT_IS_OUTBOUND_ONLY' }],
    })
  })

  it('always has the local route, even where an answer leaves it out', () => {
    const estate = withRoutes([])
    expect(estate.ask({ from: 'i-app', to: 'i-web', port: 22 }).verdict).toBe('reachable')
  })
})

describe('the route that wins', () => {
  const pair = (...routes: string[]) => {
    const estate = withRoutes(['10.0.0.0/16 local', ...routes])
    estate.nat('nat-a', 'subnet-private', '10.0.1.9', '52.0.0.99')
    estate.vpn('vgw-a', 'vpc-a', 'vpn-a')
    return estate
  }

  it('is the most specific: a longer prefix to NAT takes its addresses from the internet gateway', () => {
    const estate = pair('0.0.0.0/0 igw-a', '203.0.113.0/24 nat-a')
    expect(estate.ask({ ...SSH, from: '203.0.113.9' }).verdict).toBe('blocked')
    expect(estate.ask({ ...SSH, from: '198.51.100.9' }).verdict).toBe('reachable')
    expect(estate.ask(SSH).exposed[0]?.sources).not.toContain('0.0.0.0/0')
  })

  it('is the static one of two that are equally long, then the prefix list, then the propagated', () => {
    const list = (...routes: string[]) => {
      const estate = pair('0.0.0.0/0 igw-a', ...routes)
      estate.prefixList('pl-far', ['203.0.113.0/24'])
      return estate.ask({ ...SSH, from: '203.0.113.9' }).verdict
    }
    expect(list('203.0.113.0/24 vgw-a propagated', '203.0.113.0/24 igw-a')).toBe('reachable')
    expect(list('203.0.113.0/24 vgw-a propagated', 'pl-far igw-a')).toBe('reachable')
    expect(list('pl-far vgw-a', '203.0.113.0/24 igw-a')).toBe('reachable')
    expect(list('203.0.113.0/24 vgw-a propagated')).toBe('blocked')
  })

  it('is never a propagated one inside the VPC, however specific', () => {
    expect(pair('10.0.1.0/24 vgw-a propagated').ask({ from: 'i-app', to: 'i-web', port: 22 }).verdict).toBe(
      'reachable',
    )
  })

  it('may be more specific than local: what it sends to an appliance nobody can tell', () => {
    const estate = pair('10.0.1.0/24 eni-firewall')
    estate.eni('eni-firewall', 'subnet-private', { ip: '10.0.1.7', more: { SourceDestCheck: false } })
    expect(estate.ask({ from: 'i-app', to: 'i-web', port: 22 })).toMatchObject({
      verdict: 'unknown',
      blockedBy: [{ resource: 'eni-firewall', reason: 'APPLIANCE_ON_PATH' }],
    })
  })

  it('drops what it matches when it is a blackhole, though a shorter one would lead on', () => {
    const estate = pair('0.0.0.0/0 igw-a', '203.0.113.0/24 eni-gone blackhole')
    expect(estate.ask({ ...SSH, from: '203.0.113.9' })).toMatchObject({
      verdict: 'blocked',
      blockedBy: [
        { reason: 'ROUTE_BLACKHOLE', rule: '203.0.113.0/24 → eni-gone' },
        { reason: 'NO_RETURN_ROUTE' },
      ],
    })
  })

  it('may come from a prefix list: the longest of its matching entries competes', () => {
    const estate = pair('0.0.0.0/0 igw-a', 'pl-far nat-a', '203.0.113.0/25 igw-a')
    estate.prefixList('pl-far', ['203.0.112.0/20', '203.0.113.0/26'])
    const verdict = (from: string) => estate.ask({ ...SSH, from }).verdict
    expect([verdict('203.0.113.9'), verdict('203.0.113.100'), verdict('203.0.113.200')]).toEqual([
      'blocked',
      'reachable',
      'blocked',
    ])
  })

  it('is unknown where a prefix list was not read, unless something known blocks', () => {
    const estate = pair('0.0.0.0/0 igw-a', 'pl-far nat-a')
    estate.prefixList('pl-far', undefined)
    expect(estate.ask(SSH)).toMatchObject({
      verdict: 'unknown',
      missing: [{ operation: 'ec2:GetManagedPrefixListEntries' }],
    })
    expect(estate.ask({ ...SSH, port: 23 }).verdict).toBe('blocked')
  })
})

describe('a route table of an internet gateway', () => {
  const edge = (...routes: string[]) => {
    const estate = webEstate()
    estate.table('rtb-edge', 'vpc-a', { gateway: 'igw-a' }, routes)
    estate.eni('eni-firewall', 'subnet-private', { ip: '10.0.1.7', more: { SourceDestCheck: false } })
    return estate.ask(SSH)
  }

  it('delivers what it sends to local', () => {
    expect(edge('10.0.0.0/16 local').verdict).toBe('reachable')
  })

  it('leads what it sends to an appliance where nobody can see', () => {
    expect(edge('10.0.0.0/16 local', '10.0.0.0/24 eni-firewall')).toMatchObject({
      verdict: 'unknown',
      blockedBy: [{ reason: 'APPLIANCE_ON_PATH', resource: 'eni-firewall' }],
    })
  })
})

describe('a secondary CIDR of the VPC', () => {
  it('is local too', () => {
    const estate = createEstate()
    estate.vpc('vpc-a', ['10.0.0.0/16', '100.64.0.0/16'])
    estate.subnet('subnet-a', 'vpc-a', '10.0.0.0/24')
    estate.subnet('subnet-b', 'vpc-a', '100.64.0.0/24')
    estate.acl('acl-a', 'vpc-a', ['subnet-a', 'subnet-b'])
    estate.table('rtb-a', 'vpc-a', { main: true }, ['10.0.0.0/16 local'])
    estate.group('sg-a', 'vpc-a', { ingress: ['all 0.0.0.0/0'] })
    estate.instance('i-a', 'subnet-a', { ip: '10.0.0.5', groups: ['sg-a'] })
    estate.instance('i-b', 'subnet-b', { ip: '100.64.0.5', groups: ['sg-a'] })
    expect(estate.ask({ from: 'i-a', to: 'i-b' }).verdict).toBe('reachable')
  })
})

describe('two routes to one gateway', () => {
  it('of which one is a blackhole leave the other open', () => {
    const estate = withRoutes(['10.0.0.0/16 local', '0.0.0.0/0 igw-a blackhole', '203.0.113.0/24 igw-a'])
    expect(estate.ask({ from: 'i-web', to: 'internet', protocol: 'tcp', port: 443 })).toMatchObject({
      verdict: 'reachable',
      exposed: [{ destinations: ['203.0.113.0/24'] }],
    })
  })
})
