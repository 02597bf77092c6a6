import { describe, expect, it } from 'vitest'
import { createEstate, forward, webEstate } from './estate.ts'
import type { BalancedParts as Parts } from './estates.ts'
import { balanced, consumerVpc } from './estates.ts'

const FLOW = { from: 'internet', to: 'i-app', protocol: 'tcp', port: 8080 } as const
const reasons = (answer: { readonly blockedBy: readonly { readonly reason: string }[] }) =>
  answer.blockedBy.map(({ reason }) => reason)

describe('a target behind a load balancer', () => {
  it('is reached on its own port without a public address, by way of the listener', () => {
    const { estate, arn } = balanced()
    const { verdict, exposed, witness } = estate.ask(FLOW)
    expect(verdict).toBe('reachable')
    expect(exposed).toEqual([{ sources: ['0.0.0.0/0'], protocol: 'tcp', ports: [[8080, 8080]], via: arn }])
    expect(witness?.packet).toMatchObject({ dstIp: '52.0.0.100', dstPort: 443 })
    expect(witness?.hops.map(({ detail }) => detail)).toEqual(
      expect.arrayContaining(['listener tcp 443', 'tg → 8080 (healthy)']),
    )
  })

  it('is not reached directly', () => {
    expect(balanced().estate.ask({ ...FLOW, direct: true }).verdict).toBe('blocked')
  })

  it('is reached on no port that no listener leads to', () => {
    expect(balanced().estate.ask({ ...FLOW, port: 443 }).verdict).toBe('blocked')
  })

  it('is closed if the balancer’s group does not allow the listener’s port', () => {
    const { estate } = balanced({ groups: ['sg-web'] })
    expect(reasons(estate.ask(FLOW))).toContain('SG_NO_INGRESS')
  })

  it('is closed if its own group does not know the balancer', () => {
    const { estate } = balanced({ app: ['tcp 8080 203.0.113.0/24'] })
    expect(estate.ask(FLOW).blockedBy).toContainEqual({
      resource: 'sg-app',
      kind: 'security-group',
      reason: 'SG_NO_INGRESS',
    })
  })

  it('is closed to the internet behind an internal balancer', () => {
    expect(balanced({ node: { ip: '10.0.0.100' } }).estate.ask(FLOW).verdict).toBe('blocked')
    expect(balanced({ node: { ip: '10.0.0.100' } }).estate.ask({ ...FLOW, from: 'i-web' }).verdict).toBe(
      'reachable',
    )
  })

  it('of weight 0, of a redirect or of a fixed response gets nothing', () => {
    const { estate, arn, group } = balanced({ actions: [{ Type: 'redirect' }] })
    const idle = { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: group, Weight: 0 }] } }
    estate.listener(arn, 8443, 'HTTPS', [idle])
    estate.listener(arn, 80, 'HTTP', [{ Type: 'fixed-response' }])
    expect(estate.ask(FLOW).verdict).toBe('blocked')
  })

  it('of any rule counts: a path or header narrows and does not close', () => {
    const { estate, arn, group } = balanced({ actions: [{ Type: 'fixed-response' }] })
    expect(estate.ask(FLOW).verdict).toBe('blocked')
    estate.listener(arn, 443, 'HTTP', [{ Type: 'fixed-response' }], [[forward(group)]])
    expect(estate.ask(FLOW).verdict).toBe('reachable')
  })

  it('gets nothing in a zone that the balancer does not have', () => {
    const { estate } = balanced({ targets: { ids: ['i-far'] } })
    estate.subnet('subnet-far', 'vpc-a', '10.0.7.0/24', { zone: 'eu-west-1c' })
    estate.acl('acl-far', 'vpc-a', ['subnet-far'])
    estate.instance('i-far', 'subnet-far', { ip: '10.0.7.5', groups: ['sg-app'] })
    expect(reasons(estate.ask({ ...FLOW, to: 'i-far' }))).toContain('ZONE_NOT_ENABLED')
  })

  it('that is unhealthy counts as reachable, and the witness says so', () => {
    const { estate, group } = balanced()
    const at = estate.resources.findIndex(({ id }) => id === group)
    const known = estate.resources[at]
    if (!known) throw new Error('no target group')
    const TargetHealthDescriptions = [
      { Target: { Id: 'i-app', Port: 8080 }, TargetHealth: { State: 'draining' } },
    ]
    estate.resources[at] = { ...known, config: { ...known.config, TargetHealthDescriptions } }
    expect(estate.ask(FLOW).witness?.hops.map(({ detail }) => detail)).toContain('tg → 8080 (draining)')
  })
})

describe('a Network Load Balancer', () => {
  const seen = (app: string, parts: Parts = {}) =>
    balanced({ type: 'network', groups: [], app: [app], ...parts }).estate.ask({
      ...FLOW,
      from: '203.0.113.9',
    }).verdict

  it('without groups filters nothing itself', () => {
    expect(
      balanced({ type: 'network', groups: [], app: ['tcp 8080 0.0.0.0/0'] }).estate.ask(FLOW).verdict,
    ).toBe('reachable')
  })

  it('keeps the client’s address for instance targets: their groups see the client', () => {
    expect([seen('tcp 8080 203.0.113.0/24'), seen('tcp 8080 10.0.0.100/32')]).toEqual([
      'reachable',
      'blocked',
    ])
  })

  it('does not for ip targets of TCP, or where it is turned off: they see the balancer', () => {
    const ip: Parts = { targets: { type: 'ip', ids: ['10.0.1.5:8080'] } }
    expect([seen('tcp 8080 203.0.113.0/24', ip), seen('tcp 8080 10.0.0.100/32', ip)]).toEqual([
      'blocked',
      'reachable',
    ])
    const off: Parts = { attributes: { 'preserve_client_ip.enabled': 'false' } }
    expect([seen('tcp 8080 203.0.113.0/24', off), seen('tcp 8080 10.0.0.100/32', off)]).toEqual([
      'blocked',
      'reachable',
    ])
  })

  it('always does for UDP, and for TCP in a target group of both', () => {
    const both: Parts = {
      targets: { type: 'ip', protocol: 'TCP_UDP', ids: ['10.0.1.5:8080'] },
      protocol: 'TCP_UDP',
    }
    expect([seen('tcp 8080 203.0.113.0/24', both), seen('tcp 8080 10.0.0.100/32', both)]).toEqual([
      'reachable',
      'blocked',
    ])
  })

  it('without cross-zone leads only to targets of the node’s zone', () => {
    const zones = (cross: string) => {
      const estate = webEstate({ app: ['tcp 8080 0.0.0.0/0'] })
      estate.subnet('subnet-c', 'vpc-a', '10.0.7.0/24', { zone: 'eu-west-1c' })
      estate.acl('acl-c', 'vpc-a', ['subnet-c'])
      estate.instance('i-c', 'subnet-c', { ip: '10.0.7.5', groups: ['sg-app'] })
      const nodes = {
        'subnet-public': { ip: '10.0.0.100', public: '52.0.0.100' },
        'subnet-c': { ip: '10.0.7.100' },
      }
      const arn = estate.balancer('net/front/1', 'network', 'vpc-a', [], nodes, {
        'load_balancing.cross_zone.enabled': cross,
      })
      estate.listener(arn, 443, 'TCP', [
        forward(estate.targets('tg', 'vpc-a', 'instance', 'TCP', 8080, ['i-c'])),
      ])
      return estate.ask({ ...FLOW, to: 'i-c' }).verdict
    }
    expect([zones('true'), zones('false')]).toEqual(['reachable', 'blocked'])
  })

  describe('that keeps client addresses, for a client behind a NAT gateway,', () => {
    /** i-in sits in vpc-a behind the gateway; the balancer and its target, i-out, in vpc-b. */
    const behindNat = (by: 'igw' | 'pcx-ab', target: { ingress: string; replies: string }) => {
      const estate = createEstate()
      const away = by === 'igw' ? '0.0.0.0/0' : '10.1.0.0/16'
      const home = by === 'igw' ? '0.0.0.0/0' : '10.0.0.0/16'
      for (const [name, net] of [
        ['a', '10.0'],
        ['b', '10.1'],
      ] as const) {
        estate.vpc(`vpc-${name}`, `${net}.0.0/16`)
        for (const [at, place] of ['in', 'edge'].entries()) {
          estate.subnet(`subnet-${name}-${place}`, `vpc-${name}`, `${net}.${at}.0/24`)
        }
        if (by === 'igw') estate.internetGateway(`igw-${name}`, `vpc-${name}`)
      }
      if (by === 'pcx-ab') estate.peering('pcx-ab', 'vpc-a', 'vpc-b')
      const edge = (name: string): string => (by === 'igw' ? `igw-${name}` : by)
      estate.table('rtb-in', 'vpc-a', { subnets: ['subnet-a-in'] }, ['10.0.0.0/16 local', `${away} nat-a`])
      estate.table('rtb-a', 'vpc-a', { main: true }, ['10.0.0.0/16 local', `${away} ${edge('a')}`])
      estate.table('rtb-b', 'vpc-b', { main: true }, ['10.1.0.0/16 local', `${home} ${edge('b')}`])
      estate.acl('acl-a', 'vpc-a', ['subnet-a-in', 'subnet-a-edge'])
      estate.acl('acl-edge', 'vpc-b', ['subnet-b-edge'])
      estate.acl('acl-in', 'vpc-b', ['subnet-b-in'], {
        egress: [`100 allow udp ${target.replies} 0.0.0.0/0`],
      })
      estate.nat('nat-a', 'subnet-a-edge', '10.0.1.9', by === 'igw' ? '52.0.0.99' : undefined)
      estate.group('sg-in', 'vpc-a', {})
      estate.instance('i-in', 'subnet-a-in', { ip: '10.0.0.5', groups: ['sg-in'] })
      estate.group('sg-out', 'vpc-b', { ingress: [`udp 8080 ${target.ingress}`] })
      estate.instance('i-out', 'subnet-b-in', { ip: '10.1.0.5', groups: ['sg-out'] })
      const node = by === 'igw' ? { ip: '10.1.1.100', public: '52.0.1.1' } : { ip: '10.1.1.100' }
      const front = estate.balancer('net/front/1', 'network', 'vpc-b', [], { 'subnet-b-edge': node })
      const group = estate.targets('tg', 'vpc-b', 'instance', 'UDP', 8080, ['i-out'])
      estate.listener(front, 80, 'UDP', [forward(group)])
      return estate.ask({ from: 'i-in', to: 'i-out', protocol: 'udp', port: 8080 }).verdict
    }

    it('answers to the port that the gateway chose, which is 1024 or higher', () => {
      const ingress = '52.0.0.99/32'
      expect(behindNat('igw', { ingress, replies: '1024-65535' })).toBe('reachable')
      expect(behindNat('igw', { ingress, replies: '1-1023' })).toBe('blocked')
    })

    it('sees the private address of a private one', () => {
      const replies = '1024-65535'
      expect(behindNat('pcx-ab', { ingress: '10.0.1.9/32', replies })).toBe('reachable')
      expect(behindNat('pcx-ab', { ingress: '10.0.0.5/32', replies })).toBe('blocked')
    })
  })

  it('may lead to an Application Load Balancer, and that to the target', () => {
    const { estate, arn } = balanced({ node: { ip: '10.0.0.100' } })
    const front = estate.balancer('net/outer/2', 'network', 'vpc-a', [], {
      'subnet-public': { ip: '10.0.0.200', public: '52.0.0.200' },
    })
    estate.listener(front, 443, 'TCP', [forward(estate.targets('tg-alb', 'vpc-a', 'alb', 'TCP', 443, [arn]))])
    expect(estate.ask(FLOW)).toMatchObject({
      verdict: 'reachable',
      witness: { packet: { dstIp: '52.0.0.200', dstPort: 443 } },
    })
  })

  it('leads to no target of another Application Load Balancer than its own', () => {
    const { estate } = balanced({ node: { ip: '10.0.0.100' } })
    const inner = estate.balancer('app/inner/3', 'application', 'vpc-a', ['sg-lb'], {
      'subnet-public': { ip: '10.0.0.150' },
    })
    const front = estate.balancer('net/outer/2', 'network', 'vpc-a', [], {
      'subnet-public': { ip: '10.0.0.200', public: '52.0.0.200' },
    })
    const group = estate.targets('tg-alb', 'vpc-a', 'alb', 'TCP', 443, [inner])
    estate.listener(front, 443, 'TCP', [forward(group)])
    expect(estate.ask(FLOW).verdict).toBe('blocked')
  })

  it('is reached by PrivateLink from the VPC of a consumer, and leads nowhere back', () => {
    const { estate, arn } = balanced({
      type: 'network',
      groups: [],
      app: ['tcp 8080 10.0.0.100/32'],
      node: { ip: '10.0.0.100' },
    })
    consumerVpc(estate)
    estate.eni('eni-endpoint', 'subnet-c', {
      ip: '10.8.0.9',
      groups: ['sg-c'],
      more: { InterfaceType: 'vpc_endpoint', RequesterManaged: true },
    })
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-c', {
      VpcEndpointId: 'vpce-c',
      State: 'available',
      ServiceName: 'com.amazonaws.vpce.svc',
      VpcId: 'vpc-c',
      NetworkInterfaceIds: ['eni-endpoint'],
    })
    estate.put('AWS::EC2::VPCEndpointService', 'vpc-endpoint-service/vpce-svc', {
      ServiceId: 'vpce-svc',
      ServiceName: 'com.amazonaws.vpce.svc',
      NetworkLoadBalancerArns: [arn],
    })
    expect(estate.ask({ ...FLOW, from: 'i-c' })).toMatchObject({
      verdict: 'reachable',
      exposed: [{ sources: ['10.8.0.5/32'], via: arn }],
    })
    expect(estate.ask({ from: 'i-app', to: 'i-c' }).verdict).toBe('blocked')
  })
})

describe('what was not seen of a load balancer', () => {
  it('its own interfaces: who reaches it, and its targets, nobody can tell', () => {
    const { estate, arn } = balanced()
    const shown = estate.resources.filter(({ config }) => !String(config['Description']).startsWith('ELB '))
    estate.resources.splice(0, estate.resources.length, ...shown)
    expect(estate.ask({ from: 'internet', to: 'front' })).toMatchObject({
      verdict: 'unknown',
      missing: [{ operation: 'ec2:DescribeNetworkInterfaces' }],
      blockedBy: [{ resource: arn, reason: 'NOT_COLLECTED' }],
    })
    expect(estate.ask({ from: '10.0.0.9', to: 'i-app', protocol: 'tcp', port: 8080 }).verdict).not.toBe(
      'reachable',
    )
  })

  it('a target group that a listener leads to', () => {
    const { estate } = balanced({ actions: [forward('arn:aws:elasticloadbalancing:::targetgroup/gone/1')] })
    expect(estate.ask(FLOW)).toMatchObject({
      verdict: 'unknown',
      missing: [{ operation: 'elasticloadbalancing:DescribeTargetGroups' }],
    })
  })

  it('its targets: any of its VPC may be one, unless a group blocks', () => {
    const { estate, group } = balanced()
    const at = estate.resources.findIndex(({ id }) => id === group)
    const known = estate.resources[at]
    if (!known) throw new Error('no target group')
    const { TargetHealthDescriptions: _, ...config } = known.config
    estate.resources[at] = { ...known, config }
    expect(estate.ask(FLOW)).toMatchObject({
      verdict: 'unknown',
      missing: [{ operation: 'elasticloadbalancing:DescribeTargetHealth' }],
    })
    expect(estate.ask({ ...FLOW, port: 22 }).verdict).toBe('blocked')
  })

  it('its rules: it may lead to any of its target groups', () => {
    const { estate, arn, group } = balanced({ actions: [{ Type: 'fixed-response' }] })
    const at = estate.resources.findIndex(({ type }) => type.endsWith('Listener'))
    const known = estate.resources[at]
    const tg = estate.resources.findIndex(({ id }) => id === group)
    const targets = estate.resources[tg]
    if (!known || !targets) throw new Error('no listener')
    const { Rules: _, ...config } = known.config
    estate.resources[at] = { ...known, config }
    estate.resources[tg] = { ...targets, config: { ...targets.config, LoadBalancerArns: [arn] } }
    expect(estate.ask(FLOW)).toMatchObject({
      verdict: 'unknown',
      missing: [{ operation: 'elasticloadbalancing:DescribeRules' }],
    })
  })

  it('its listeners, or the balancer itself: what its interface may lead to is unknown', () => {
    for (const type of ['Listener', 'LoadBalancer']) {
      const { estate } = balanced()
      estate.without(`AWS::ElasticLoadBalancingV2::${type}`)
      expect(estate.ask(FLOW).verdict).toBe('unknown')
      expect(estate.ask({ ...FLOW, to: 'i-app', port: 22 }).verdict).toBe('blocked')
    }
  })

  it('a Classic one: where its interface leads is not modelled', () => {
    const estate = webEstate({ app: ['tcp 80 sg-lb'] })
    estate.group('sg-lb', 'vpc-a', { ingress: ['tcp 80 0.0.0.0/0'] })
    estate.eni('eni-elb', 'subnet-public', {
      ip: '10.0.0.100',
      public: '52.0.0.100',
      groups: ['sg-lb'],
      more: { RequesterManaged: true, Description: 'ELB classic' },
    })
    expect(estate.ask({ from: 'internet', to: 'i-app' })).toMatchObject({
      verdict: 'unknown',
      blockedBy: [{ resource: 'classic', reason: 'NOT_MODELLED', rule: 'Classic Load Balancer' }],
    })
  })
})
