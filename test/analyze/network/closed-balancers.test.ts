/** What closes the ways by load balancers, and what of them nobody can tell: all that the answer says. */
import { describe, expect, it } from 'vitest'
import type { ReachQuery } from '../../../src/analyze/network/reach.ts'
import { change, remove } from './edit.ts'
import type { Estate } from './estate.ts'
import { forward } from './estate.ts'
import { balanced, twoVpcs } from './estates.ts'
import { told } from './told.ts'

const ask = (estate: Estate, query: ReachQuery) => told(estate.ask(query))

describe('a load balancer', () => {
  const FLOW = { from: 'internet', to: 'i-app', protocol: 'tcp', port: 8080 } as const

  it('says what stops the flow before it, and what behind it', () => {
    const { estate } = balanced({ groups: ['sg-web'] })
    expect(ask(estate, FLOW)).toMatchInlineSnapshot(`
      [
        "blocked",
        "eni-app [network-interface] NO_PUBLIC_ADDRESS",
        "sg-app [security-group] SG_NO_INGRESS",
        "rtb-main [route] NO_RETURN_ROUTE",
        "sg-web [security-group] SG_NO_INGRESS",
      ]
    `)
    expect(ask(balanced({ app: [] }).estate, FLOW)).toMatchInlineSnapshot(`
      [
        "blocked",
        "eni-app [network-interface] NO_PUBLIC_ADDRESS",
        "sg-app [security-group] SG_NO_INGRESS",
        "rtb-main [route] NO_RETURN_ROUTE",
      ]
    `)
  })

  it('itself is reached on the ports that it listens on', () => {
    expect(ask(balanced().estate, { from: 'internet', to: 'front', protocol: 'tcp' })).toMatchInlineSnapshot(`
      [
        "reachable",
        "0.0.0.0/0 tcp 443",
        "203.0.113.7 49152 52.0.0.100 443 tcp",
        "> internet [internet] forward: 203.0.113.7",
        "> igw-a [internet-gateway] forward: 52.0.0.100 → 10.0.0.100",
        "> acl-public [network-acl] allow: rule 100",
        "> sg-lb [security-group] allow: tcp 443 0.0.0.0/0",
        "> eni-front-subnet-public [network-interface] deliver: 10.0.0.100:443/tcp",
        "< acl-public [network-acl] allow: rule 100",
        "< rtb-public [route] forward: 0.0.0.0/0 → igw-a",
      ]
    `)
    expect(ask(balanced().estate, { from: 'internet', to: 'front', protocol: 'udp' })).toMatchInlineSnapshot(`
      [
        "blocked",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/1 [load-balancer] NO_LISTENER",
      ]
    `)
  })

  it('whose interfaces nobody saw may be anywhere in its subnets', () => {
    const { estate, arn } = balanced()
    remove(estate, 'eni-front-subnet-public')
    expect(ask(estate, FLOW)).toMatchInlineSnapshot(`
      [
        "unknown",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/1 [load-balancer] NOT_COLLECTED",
        "ec2:DescribeNetworkInterfaces not-collected",
      ]
    `)
    expect(ask(estate, { ...FLOW, to: arn, port: 443 })).toMatchInlineSnapshot(`
      [
        "unknown",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/1 [load-balancer] NOT_COLLECTED",
        "ec2:DescribeNetworkInterfaces not-collected",
      ]
    `)
  })

  it('leads to no zone that it does not have', () => {
    const { estate } = balanced({ targets: { ids: ['i-far'] } })
    estate.subnet('subnet-far', 'vpc-a', '10.0.7.0/24', { zone: 'eu-west-1c' })
    estate.acl('acl-far', 'vpc-a', ['subnet-far'])
    estate.instance('i-far', 'subnet-far', { ip: '10.0.7.5', groups: ['sg-app'] })
    expect(ask(estate, { ...FLOW, to: 'i-far' })).toMatchInlineSnapshot(`
      [
        "blocked",
        "eni-far [network-interface] NO_PUBLIC_ADDRESS",
        "sg-app [security-group] SG_NO_INGRESS",
        "rtb-main [route] NO_RETURN_ROUTE",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/1 [load-balancer] ZONE_NOT_ENABLED (eu-west-1c)",
      ]
    `)
  })

  it('of which something was not read may lead anywhere in its VPC', () => {
    const blind = (edit: (parts: ReturnType<typeof balanced>) => unknown) => {
      const made = balanced()
      edit(made)
      return ask(made.estate, FLOW)
    }
    expect(blind(({ estate }) => remove(estate, 'targetgroup/tg/1'))).toMatchInlineSnapshot(`
      [
        "unknown",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/tg/1 [target-group] NOT_COLLECTED",
        "elasticloadbalancing:DescribeTargetGroups not-collected",
      ]
    `)
    expect(
      blind(({ estate, group }) => change(estate, group, { TargetHealthDescriptions: undefined })),
    ).toMatchInlineSnapshot(`
      [
        "unknown",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/tg/1 [target-group] NOT_COLLECTED",
        "elasticloadbalancing:DescribeTargetHealth not-collected",
      ]
    `)
    expect(
      blind(({ estate }) => change(estate, '443HTTPS', { Rules: undefined, DefaultActions: [] })),
    ).toMatchInlineSnapshot(`
      [
        "unknown",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/front/1/443HTTPS [listener] NOT_COLLECTED",
        "elasticloadbalancing:DescribeRules not-collected",
      ]
    `)
    expect(
      blind(({ estate }) => estate.without('AWS::ElasticLoadBalancingV2::Listener')),
    ).toMatchInlineSnapshot(`
      [
        "unknown",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/front/1 [load-balancer] DENIED",
        "elasticloadbalancing:DescribeListeners denied",
      ]
    `)
    expect(
      blind(({ estate }) => estate.without('AWS::ElasticLoadBalancingV2::LoadBalancer')),
    ).toMatchInlineSnapshot(`
      [
        "unknown",
        "app/front/1 [load-balancer] DENIED",
        "elasticloadbalancing:DescribeLoadBalancers denied",
      ]
    `)
  })

  it('that keeps client addresses into a peered VPC is not modelled', () => {
    const estate = twoVpcs(['10.1.0.0/16 pcx-a', '0.0.0.0/0 igw-a'], ['10.0.0.0/16 pcx-a'])
    estate.internetGateway('igw-a', 'vpc-a')
    estate.peering('pcx-a', 'vpc-a', 'vpc-b')
    const arn = estate.balancer('net/front/1', 'network', 'vpc-a', [], {
      'subnet-a': { ip: '10.0.0.100', public: '52.0.0.100' },
    })
    const group = estate.targets('tg', 'vpc-a', 'ip', 'UDP', 443, ['10.1.0.5:443'])
    estate.listener(arn, 443, 'UDP', [forward(group)])
    change(estate, 'security-group/sg-b', {
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    })
    expect(ask(estate, { from: 'internet', to: 'i-b', protocol: 'udp', port: 443 })).toEqual([
      'unknown',
      `${arn} [load-balancer] NOT_MODELLED (client addresses preserved into a peered VPC)`,
    ])
  })
})
