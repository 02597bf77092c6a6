/** To which of its targets a load balancer hands a flow, and as whom. */
import { describe, expect, it } from 'vitest'
import { transports } from '../../../src/analyze/network/balancer-topology.ts'
import type { JsonObject } from '../../../src/snapshot/model.ts'
import { change, remove } from './edit.ts'
import type { Estate } from './estate.ts'
import { forward, webEstate } from './estate.ts'
import { balanced, consumerVpc, twoVpcs } from './estates.ts'
import { told } from './told.ts'

const FLOW = { from: 'internet', to: 'i-app', protocol: 'tcp', port: 8080 } as const
const ANY = { IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] }

describe('a protocol of a listener or a target group', () => {
  it.each([
    ['HTTP', ['tcp']],
    ['HTTPS', ['tcp']],
    ['TLS', ['tcp']],
    ['TCP', ['tcp']],
    ['UDP', ['udp']],
    ['QUIC', ['udp']],
    ['TCP_UDP', ['tcp', 'udp']],
    ['TCP_QUIC', ['tcp', 'udp']],
    ['GENEVE', []],
    ['toString', ['tcp']],
  ])('%s carries %j', (protocol, carried) => {
    expect(transports(protocol)).toEqual(carried)
  })
})

describe('a target', () => {
  const verdict = (edit: (parts: ReturnType<typeof balanced>) => unknown, to = 'i-app', port = 8080) => {
    const made = balanced()
    edit(made)
    return made.estate.ask({ ...FLOW, to, port }).verdict
  }
  const targets =
    (TargetHealthDescriptions: JsonObject[], more: Readonly<Record<string, unknown>> = {}) =>
    (made: ReturnType<typeof balanced>) =>
      change(made.estate, made.group, { TargetHealthDescriptions, ...more })

  it('that says no port has its group’s, and where that says none the listener’s', () => {
    const bare = [{ Target: { Id: 'i-app' } }]
    const wide = (made: ReturnType<typeof balanced>) => change(made.estate, 'sg-app', ANY)
    expect(verdict(targets(bare))).toBe('reachable')
    expect(
      verdict(
        (made) => {
          wide(made)
          targets(bare, { Port: undefined })(made)
        },
        'i-app',
        443,
      ),
    ).toBe('reachable')
    expect(
      verdict(
        (made) => {
          wide(made)
          targets([{ Target: { Id: 'i-app', Port: 9000 } }])(made)
        },
        'i-app',
        9000,
      ),
    ).toBe('reachable')
    expect(verdict(targets([{ Target: { Id: 'i-app', Port: 9000 } }]))).toBe('blocked')
  })

  it('that is an instance is its first interface’s primary address alone', () => {
    const second = (more: JsonObject, ip: string) => {
      const { estate } = balanced({ app: ['tcp 8080 sg-lb'] })
      const Attachment = { DeviceIndex: 1, InstanceId: 'i-app', Status: 'attached' }
      estate.eni('eni-second', 'subnet-private', { ip, groups: ['sg-app'], more: { Attachment, ...more } })
      return estate.ask({ ...FLOW, to: 'eni-second' }).verdict
    }
    expect(second({}, '10.0.1.50')).toBe('blocked')
    expect(second({ Attachment: { InstanceId: 'i-app' } }, '10.0.1.50')).toBe('reachable')
    const addresses = (PrivateIpAddress: string | undefined) => {
      const { estate } = balanced()
      change(estate, 'eni-app', {
        PrivateIpAddress,
        PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.5' }, { PrivateIpAddress: '10.0.1.6' }],
      })
      return ['10.0.1.5', '10.0.1.6'].map((to) => estate.ask({ ...FLOW, to }).verdict)
    }
    expect(addresses('10.0.1.5')).toEqual(['reachable', 'blocked'])
    expect(addresses('10.0.1.6')).toEqual(['blocked', 'reachable'])
    expect(addresses(undefined)).toEqual(['reachable', 'blocked'])
  })

  it('of an IPv6 group is the instance’s first IPv6 address, which an IPv4 listener does not lead to', () => {
    expect(verdict(targets([{ Target: { Id: 'i-app', Port: 8080 } }], { IpAddressType: 'ipv6' }))).toBe(
      'blocked',
    )
    expect(verdict(targets([{ Target: { Id: 'i-app', Port: 8080 } }], { IpAddressType: 'ipv4' }))).toBe(
      'reachable',
    )
  })

  it('that is an address is who has it in the group’s VPC', () => {
    const ip = (Id: string, VpcId = 'vpc-a') =>
      targets([{ Target: { Id, Port: 8080 } }], { TargetType: 'ip', VpcId })
    expect(verdict(ip('10.0.1.5'))).toBe('reachable')
    expect(verdict(ip('10.0.1.6'))).toBe('blocked')
    expect(verdict(ip('10.0.1.5', 'vpc-gone'))).toBe('reachable')
  })

  it('that is an address of another VPC is reached over the peering', () => {
    const estate = twoVpcs(['10.1.0.0/16 pcx-a', '0.0.0.0/0 igw-a'], ['10.0.0.0/16 pcx-a'])
    estate.internetGateway('igw-a', 'vpc-a')
    estate.peering('pcx-a', 'vpc-a', 'vpc-b')
    const node = { 'subnet-a': { ip: '10.0.0.100', public: '52.0.0.100' } }
    const arn = estate.balancer('net/front/1', 'network', 'vpc-a', [], node)
    estate.listener(arn, 80, 'TCP', [
      forward(estate.targets('tg', 'vpc-a', 'ip', 'TCP', 443, ['10.1.0.5:443'])),
    ])
    expect(told(estate.ask({ from: 'internet', to: 'i-b', protocol: 'tcp' })).slice(0, 3)).toEqual([
      'reachable',
      '0.0.0.0/0 tcp 443 by net/front/1',
      '203.0.113.7 49152 52.0.0.100 80 tcp',
    ])
  })

  it('of a function has no network', () => {
    expect(verdict(targets([{ Target: { Id: 'i-app' } }], { TargetType: 'lambda' }))).toBe('blocked')
    expect(
      verdict((made) =>
        change(made.estate, made.group, { TargetType: 'lambda', TargetHealthDescriptions: undefined }),
      ),
    ).toBe('blocked')
  })

  it('gets only what its listener carries', () => {
    expect(verdict((made) => change(made.estate, made.group, { Protocol: 'UDP' }))).toBe('blocked')
    expect(verdict((made) => change(made.estate, made.group, { Protocol: undefined }))).toBe('reachable')
    expect(verdict((made) => change(made.estate, '443HTTPS', { Protocol: 'UDP' }))).toBe('blocked')
  })
})

describe('an action of a listener', () => {
  const verdict = (actions: (group: string) => JsonObject[]) => {
    const { estate, group } = balanced()
    change(estate, '443HTTPS', { DefaultActions: actions(group) })
    return estate.ask(FLOW).verdict
  }
  const weighted = (TargetGroupArn: string, more: JsonObject = {}) => ({
    Type: 'forward',
    ForwardConfig: { TargetGroups: [{ TargetGroupArn, ...more }] },
  })

  it('forwards to its group, or to those of its list whose weight is not 0', () => {
    expect(verdict((group) => [{ Type: 'forward', TargetGroupArn: group }])).toBe('reachable')
    expect(verdict((group) => [weighted(group)])).toBe('reachable')
    expect(verdict((group) => [weighted(group, { Weight: 1 })])).toBe('reachable')
    expect(verdict((group) => [weighted(group, { Weight: 0 })])).toBe('blocked')
    expect(verdict((group) => [{ ...weighted(group, { Weight: 0 }), TargetGroupArn: group }])).toBe('blocked')
    expect(
      verdict((group) => [{ Type: 'forward', TargetGroupArn: group, ForwardConfig: { TargetGroups: [] } }]),
    ).toBe('reachable')
  })

  it('of another kind forwards nothing', () => {
    expect(verdict((group) => [{ Type: 'authenticate-oidc', TargetGroupArn: group }])).toBe('blocked')
    expect(verdict(() => [{ Type: 'forward' }])).toBe('blocked')
    expect(verdict(() => [])).toBe('blocked')
  })
})

describe('a zone', () => {
  const zones = (type: 'application' | 'network', own?: string, general?: string) => {
    const estate = webEstate({ app: ['tcp 8080 0.0.0.0/0'] })
    estate.subnet('subnet-c', 'vpc-a', '10.0.7.0/24', { zone: 'eu-west-1c' })
    estate.acl('acl-c', 'vpc-a', ['subnet-c'])
    estate.instance('i-c', 'subnet-c', { ip: '10.0.7.5', groups: ['sg-app'] })
    estate.group('sg-lb', 'vpc-a', { ingress: ['tcp 443 0.0.0.0/0'] })
    const nodes = {
      'subnet-public': { ip: '10.0.0.100', public: '52.0.0.100' },
      'subnet-c': { ip: '10.0.7.100' },
    }
    const attribute = 'load_balancing.cross_zone.enabled'
    const id = type === 'network' ? 'net/front/1' : 'app/front/1'
    const arn = estate.balancer(id, type, 'vpc-a', ['sg-lb'], nodes, general ? { [attribute]: general } : {})
    const [protocol, from] = type === 'network' ? ['TCP', 'TCP'] : ['HTTP', 'HTTPS']
    const group = estate.targets(
      'tg',
      'vpc-a',
      'instance',
      protocol,
      8080,
      ['i-c'],
      own ? { [attribute]: own } : {},
    )
    estate.listener(arn, 443, from, [forward(group)])
    return estate.ask({ ...FLOW, to: 'i-c' }).verdict
  }

  it('is crossed by an application balancer unless it is told not to, by a network one only if it is told to', () => {
    expect([zones('application'), zones('network')]).toEqual(['reachable', 'blocked'])
    expect([zones('network', undefined, 'true'), zones('network', undefined, 'false')]).toEqual([
      'reachable',
      'blocked',
    ])
  })

  it('is crossed as the target group says, if it does, and else as the balancer does', () => {
    expect([zones('network', 'true'), zones('network', 'true', 'false')]).toEqual(['reachable', 'reachable'])
    expect([zones('application', 'false'), zones('network', 'false', 'true')]).toEqual(['blocked', 'blocked'])
    expect(zones('network', 'use_load_balancer_configuration', 'true')).toBe('reachable')
    expect(zones('application', 'use_load_balancer_configuration')).toBe('reachable')
  })
})

describe('a client’s address', () => {
  const seen = (
    group: Readonly<Record<string, unknown>>,
    attributes: Readonly<Record<string, string>> = {},
  ) => {
    const client = balanced({ type: 'network', groups: [], app: ['tcp 8080 203.0.113.0/24'], attributes })
    change(client.estate, client.group, group)
    const node = balanced({ type: 'network', groups: [], app: ['tcp 8080 10.0.0.100/32'], attributes })
    change(node.estate, node.group, group)
    const verdicts = [client, node].map(({ estate }) => estate.ask({ ...FLOW, from: '203.0.113.9' }).verdict)
    return verdicts.map((verdict) => verdict === 'reachable')
  }
  const address = { TargetType: 'ip', TargetHealthDescriptions: [{ Target: { Id: '10.0.1.5', Port: 8080 } }] }

  it('is kept for instances, and for addresses only if that is turned on', () => {
    expect(seen({})).toEqual([true, false])
    expect(seen({}, { 'preserve_client_ip.enabled': 'false' })).toEqual([false, true])
    expect(seen(address)).toEqual([false, true])
    expect(seen(address, { 'preserve_client_ip.enabled': 'true' })).toEqual([true, false])
  })
})

describe('PrivateLink', () => {
  const linked = (
    edit: (estate: Estate, arn: string) => unknown = () => undefined,
    groups: readonly string[] = [],
  ) => {
    const { estate, arn } = balanced({
      type: 'network',
      groups,
      app: ['tcp 8080 0.0.0.0/0'],
      node: { ip: '10.0.0.100' },
    })
    consumerVpc(estate)
    const more = { InterfaceType: 'vpc_endpoint', RequesterManaged: true }
    estate.eni('eni-endpoint', 'subnet-c', { ip: '10.8.0.9', groups: ['sg-c'], more })
    estate.put('AWS::EC2::VPCEndpoint', 'vpc-endpoint/vpce-c', {
      VpcEndpointId: 'vpce-c',
      State: 'Available',
      ServiceName: 'com.amazonaws.vpce.svc',
      VpcId: 'vpc-c',
      NetworkInterfaceIds: ['eni-endpoint', 'eni-gone'],
    })
    estate.put('AWS::EC2::VPCEndpointService', 'vpc-endpoint-service/vpce-svc', {
      ServiceName: 'com.amazonaws.vpce.svc',
      NetworkLoadBalancerArns: [arn],
    })
    edit(estate, arn)
    return told(estate.ask({ ...FLOW, from: 'i-c' }))
  }

  it('is a flow to the endpoint, then one from the balancer’s own address', () => {
    expect(linked()).toMatchInlineSnapshot(`
      [
        "reachable",
        "10.8.0.5/32 tcp 8080 by net/front/1",
        "10.8.0.5 49152 10.8.0.9 443 tcp",
        "> eni-c [network-interface] forward: 10.8.0.5",
        "> sg-c [security-group] allow: all 0.0.0.0/0",
        "> sg-c [security-group] allow: tcp 443 10.8.0.0/16",
        "> eni-endpoint [network-interface] deliver: 10.8.0.9:443/tcp",
        "> loadbalancer/net/front/1 [load-balancer] forward: listener tcp 443",
        "> targetgroup/tg/1 [target-group] forward: tg → 8080 (healthy)",
        "> eni-front-subnet-public [network-interface] forward: 10.0.0.100",
        "> acl-public [network-acl] allow: rule 100",
        "> rtb-public [route] forward: 10.0.0.0/16 → local",
        "> acl-private [network-acl] allow: rule 100",
        "> sg-app [security-group] allow: tcp 8080 0.0.0.0/0",
        "> eni-app [network-interface] deliver: 10.0.1.5:8080/tcp",
        "< acl-private [network-acl] allow: rule 100",
        "< rtb-main [route] forward: 10.0.0.0/16 → local",
        "< acl-public [network-acl] allow: rule 100",
      ]
    `)
  })

  it('leads only from an endpoint that runs to the balancer of its service', () => {
    const shut = (edit: (estate: Estate) => unknown) => linked(edit)[0]
    expect(shut((estate) => change(estate, 'vpce-c', { State: 'pending' }))).toBe('blocked')
    expect(shut((estate) => change(estate, 'vpce-c', { State: undefined }))).toBe('blocked')
    expect(shut((estate) => change(estate, 'vpce-c', { ServiceName: 'com.amazonaws.vpce.other' }))).toBe(
      'blocked',
    )
    expect(shut((estate) => change(estate, 'vpce-svc', { NetworkLoadBalancerArns: ['arn:x'] }))).toBe(
      'blocked',
    )
    expect(shut((estate) => remove(estate, 'vpce-svc'))).toBe('blocked')
    expect(shut((estate) => change(estate, 'sg-c', { IpPermissions: [] }))).toBe('blocked')
  })

  it('may be held against the balancer’s groups, unless that is turned off', () => {
    const setting = (value: string | undefined) =>
      linked(
        (estate, arn) => change(estate, arn, { EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: value }),
        ['sg-lb'],
      )
    expect(setting(undefined)).toEqual([
      'unknown',
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/front/1 [load-balancer] NOT_MODELLED (security groups on PrivateLink traffic)',
    ])
    expect(setting('on')[0]).toBe('unknown')
    expect(setting('off')[0]).toBe('reachable')
  })
})
