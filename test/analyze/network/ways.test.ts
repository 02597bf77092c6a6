/** Each kind of way, whole: what of it is exposed, and what every hop does with a packet and with its answer. */
import { describe, expect, it } from 'vitest'
import type { ReachQuery } from '../../../src/analyze/network/reach.ts'
import type { Estate } from './estate.ts'
import { forward, webEstate } from './estate.ts'
import { balanced, sixEstate, twoVpcs } from './estates.ts'
import { told } from './told.ts'

const TLS = { protocol: 'tcp', port: 443 } as const

const ways = (estate: Estate, ...queries: ReachQuery[]): string[] =>
  queries.flatMap((query) => [`${query.from} → ${query.to}`, ...told(estate.ask(query))])

describe('a way through the internet gateway', () => {
  it('of IPv4 goes by the public address, in and out', () => {
    expect(
      ways(webEstate(), { from: 'internet', to: 'i-web' }, { from: 'i-web', to: 'internet', ...TLS }),
    ).toMatchInlineSnapshot(`
      [
        "internet → i-web",
        "reachable",
        "0.0.0.0/0 tcp 22",
        "203.0.113.7 49152 52.0.0.5 22 tcp",
        "> internet [internet] forward: 203.0.113.7",
        "> igw-a [internet-gateway] forward: 52.0.0.5 → 10.0.0.5",
        "> acl-public [network-acl] allow: rule 100",
        "> sg-web [security-group] allow: tcp 22 0.0.0.0/0",
        "> eni-web [network-interface] deliver: 10.0.0.5:22/tcp",
        "< acl-public [network-acl] allow: rule 100",
        "< rtb-public [route] forward: 0.0.0.0/0 → igw-a",
        "i-web → internet",
        "reachable",
        "10.0.0.5/32 → 0.0.0.0/0 tcp 443",
        "10.0.0.5 49152 203.0.113.7 443 tcp",
        "> eni-web [network-interface] forward: 10.0.0.5",
        "> sg-web [security-group] allow: all 0.0.0.0/0",
        "> acl-public [network-acl] allow: rule 100",
        "> rtb-public [route] forward: 0.0.0.0/0 → igw-a",
        "> igw-a [internet-gateway] forward: 10.0.0.5 → 52.0.0.5",
        "> internet [internet] forward: 203.0.113.7",
        "< acl-public [network-acl] allow: rule 100",
      ]
    `)
  })

  it('of IPv6 goes by the address itself, in and out', () => {
    expect(
      ways(sixEstate(), { from: 'internet', to: 'i-six' }, { from: 'i-six', to: 'internet', ...TLS }),
    ).toMatchInlineSnapshot(`
      [
        "internet → i-six",
        "reachable",
        "2000::/3 tcp 443",
        "2001:db8::7 49152 2600:1f00:0:1000::5 443 tcp",
        "> internet [internet] forward: 2001:db8::7",
        "> igw-a [internet-gateway] forward: 2600:1f00:0:1000::5 → 2600:1f00:0:1000::5",
        "> acl-a [network-acl] allow: rule 101",
        "> sg-a [security-group] allow: tcp 443 ::/0",
        "> eni-six [network-interface] deliver: [2600:1f00:0:1000::5]:443/tcp",
        "< acl-a [network-acl] allow: rule 101",
        "< rtb-a [route] forward: ::/0 → igw-a",
        "i-six → internet",
        "reachable",
        "2600:1f00:0:1000::5/128 → 2000::/3 tcp 443",
        "2600:1f00:0:1000::5 49152 2001:db8::7 443 tcp",
        "> eni-six [network-interface] forward: 2600:1f00:0:1000::5",
        "> sg-a [security-group] allow: all ::/0",
        "> acl-a [network-acl] allow: rule 101",
        "> rtb-a [route] forward: ::/0 → igw-a",
        "> igw-a [internet-gateway] forward: 2600:1f00:0:1000::5 → 2600:1f00:0:1000::5",
        "> internet [internet] forward: 2001:db8::7",
        "< acl-a [network-acl] allow: rule 101",
      ]
    `)
  })

  it('and back in by it joins two interfaces under their public addresses', () => {
    const estate = webEstate({ web: ['tcp 22 52.0.0.9/32'] })
    estate.instance('i-other', 'subnet-public', { ip: '10.0.0.9', public: '52.0.0.9', groups: ['sg-web'] })
    expect(ways(estate, { from: 'i-other', to: 'i-web', protocol: 'tcp' })).toMatchInlineSnapshot(`
      [
        "i-other → i-web",
        "reachable",
        "10.0.0.9/32 tcp 22",
        "10.0.0.9 49152 52.0.0.5 22 tcp",
        "> eni-other [network-interface] forward: 10.0.0.9",
        "> sg-web [security-group] allow: all 0.0.0.0/0",
        "> acl-public [network-acl] allow: rule 100",
        "> rtb-public [route] forward: 0.0.0.0/0 → igw-a",
        "> igw-a [internet-gateway] forward: 10.0.0.9 → 52.0.0.9",
        "> igw-a [internet-gateway] forward: 52.0.0.5 → 10.0.0.5",
        "> acl-public [network-acl] allow: rule 100",
        "> sg-web [security-group] allow: tcp 22 52.0.0.9/32",
        "> eni-web [network-interface] deliver: 10.0.0.5:22/tcp",
        "< acl-public [network-acl] allow: rule 100",
        "< rtb-public [route] forward: 0.0.0.0/0 → igw-a",
        "< acl-public [network-acl] allow: rule 100",
      ]
    `)
  })
})

describe('a way out by an egress-only gateway', () => {
  it('has no public address and no way in', () => {
    expect(
      ways(sixEstate({ way: 'eigw-a' }), { from: 'i-six', to: 'internet', ...TLS }),
    ).toMatchInlineSnapshot(`
      [
        "i-six → internet",
        "reachable",
        "2600:1f00:0:1000::5/128 → 2000::/3 tcp 443",
        "2600:1f00:0:1000::5 49152 2001:db8::7 443 tcp",
        "> eni-six [network-interface] forward: 2600:1f00:0:1000::5",
        "> sg-a [security-group] allow: all ::/0",
        "> acl-a [network-acl] allow: rule 101",
        "> rtb-a [route] forward: ::/0 → eigw-a",
        "> eigw-a [egress-only-internet-gateway] forward: outbound only",
        "> internet [internet] forward: 2001:db8::7",
        "< acl-a [network-acl] allow: rule 101",
      ]
    `)
  })
})

/** The web estate whose private subnet goes out by nat-a, which lies in the public subnet. */
function natted(web: readonly string[] = []) {
  const estate = webEstate({ web })
  const routes = ['10.0.0.0/16 local', '0.0.0.0/0 nat-a']
  estate.table('rtb-app', 'vpc-a', { subnets: ['subnet-private'] }, routes)
  estate.nat('nat-a', 'subnet-public', '10.0.0.9', '52.0.0.99')
  return estate
}

describe('a way out by a NAT gateway', () => {
  it('passes the lists of both subnets there and back, under the address of the gateway', () => {
    expect(ways(natted(), { from: 'i-app', to: 'internet', ...TLS })).toMatchInlineSnapshot(`
      [
        "i-app → internet",
        "reachable",
        "10.0.1.5/32 → 0.0.0.0/0 tcp 443",
        "10.0.1.5 49152 203.0.113.7 443 tcp",
        "> eni-app [network-interface] forward: 10.0.1.5",
        "> sg-app [security-group] allow: all 0.0.0.0/0",
        "> acl-private [network-acl] allow: rule 100",
        "> rtb-app [route] forward: 0.0.0.0/0 → nat-a",
        "> acl-public [network-acl] allow: rule 100",
        "> nat-a [nat-gateway] forward: as 52.0.0.99",
        "> acl-public [network-acl] allow: rule 100",
        "> rtb-public [route] forward: 0.0.0.0/0 → igw-a",
        "> igw-a [internet-gateway] forward: 10.0.0.9 → 52.0.0.99",
        "> internet [internet] forward: 203.0.113.7",
        "< acl-public [network-acl] allow: rule 100",
        "< acl-public [network-acl] allow: rule 100",
        "< rtb-public [route] forward: 10.0.0.0/16 → local",
        "< acl-private [network-acl] allow: rule 100",
      ]
    `)
  })

  it('to an interface of the estate is seen there as the NAT gateway', () => {
    expect(
      ways(natted(['tcp 22 52.0.0.99/32']), { from: 'i-app', to: '52.0.0.5', protocol: 'tcp' }),
    ).toMatchInlineSnapshot(`
      [
        "i-app → 52.0.0.5",
        "reachable",
        "10.0.1.5/32 tcp 22",
        "10.0.1.5 49152 52.0.0.5 22 tcp",
        "> eni-app [network-interface] forward: 10.0.1.5",
        "> sg-app [security-group] allow: all 0.0.0.0/0",
        "> acl-private [network-acl] allow: rule 100",
        "> rtb-app [route] forward: 0.0.0.0/0 → nat-a",
        "> acl-public [network-acl] allow: rule 100",
        "> nat-a [nat-gateway] forward: as 52.0.0.99",
        "> acl-public [network-acl] allow: rule 100",
        "> rtb-public [route] forward: 0.0.0.0/0 → igw-a",
        "> igw-a [internet-gateway] forward: 10.0.0.9 → 52.0.0.99",
        "> igw-a [internet-gateway] forward: 52.0.0.5 → 10.0.0.5",
        "> acl-public [network-acl] allow: rule 100",
        "> sg-web [security-group] allow: tcp 22 52.0.0.99/32",
        "> eni-web [network-interface] deliver: 10.0.0.5:22/tcp",
        "< acl-public [network-acl] allow: rule 100",
        "< rtb-public [route] forward: 0.0.0.0/0 → igw-a",
        "< acl-public [network-acl] allow: rule 100",
        "< acl-public [network-acl] allow: rule 100",
        "< rtb-public [route] forward: 10.0.0.0/16 → local",
        "< acl-private [network-acl] allow: rule 100",
      ]
    `)
  })

  it('whose own subnet leads to itself goes nowhere', () => {
    const estate = webEstate()
    estate.subnet('subnet-one', 'vpc-a', '10.0.2.0/24')
    estate.acl('acl-one', 'vpc-a', ['subnet-one'])
    estate.table('rtb-one', 'vpc-a', { subnets: ['subnet-one'] }, ['10.0.0.0/16 local', '0.0.0.0/0 nat-one'])
    estate.instance('i-one', 'subnet-one', { ip: '10.0.2.5', groups: ['sg-app'] })
    estate.nat('nat-one', 'subnet-one', '10.0.2.9', '52.0.0.98')
    expect(ways(estate, { from: 'i-one', to: 'internet', ...TLS })).toMatchInlineSnapshot(`
      [
        "i-one → internet",
        "blocked",
        "rtb-one [route] NO_ROUTE (0.0.0.0/0 → nat-one)",
      ]
    `)
  })

  it('of a Region, which is in no subnet, meets no list of its own', () => {
    const estate = webEstate()
    const routes = ['10.0.0.0/16 local', '0.0.0.0/0 nat-r']
    estate.table('rtb-app', 'vpc-a', { subnets: ['subnet-private'] }, routes)
    estate.put('AWS::EC2::NatGateway', 'natgateway/nat-r', {
      NatGatewayId: 'nat-r',
      VpcId: 'vpc-a',
      AvailabilityMode: 'regional',
      NatGatewayAddresses: [{ AllocationId: 'eipalloc-1' }, { PublicIp: '52.0.0.98' }],
    })
    expect(ways(estate, { from: 'i-app', to: 'internet', ...TLS })).toMatchInlineSnapshot(`
      [
        "i-app → internet",
        "reachable",
        "10.0.1.5/32 → 0.0.0.0/0 tcp 443",
        "10.0.1.5 49152 203.0.113.7 443 tcp",
        "> eni-app [network-interface] forward: 10.0.1.5",
        "> sg-app [security-group] allow: all 0.0.0.0/0",
        "> acl-private [network-acl] allow: rule 100",
        "> rtb-app [route] forward: 0.0.0.0/0 → nat-r",
        "> nat-r [nat-gateway] forward: as 52.0.0.98",
        "> igw-a [internet-gateway] forward: 52.0.0.98 → 52.0.0.98",
        "> internet [internet] forward: 203.0.113.7",
        "< acl-private [network-acl] allow: rule 100",
      ]
    `)
  })
})

describe('a way inside a VPC', () => {
  it('goes by the local routes of both subnets', () => {
    expect(
      ways(webEstate({ app: ['tcp 8080 sg-web'] }), { from: 'i-web', to: 'i-app' }),
    ).toMatchInlineSnapshot(`
      [
        "i-web → i-app",
        "reachable",
        "10.0.0.5/32 tcp 8080",
        "10.0.0.5 49152 10.0.1.5 8080 tcp",
        "> eni-web [network-interface] forward: 10.0.0.5",
        "> sg-web [security-group] allow: all 0.0.0.0/0",
        "> acl-public [network-acl] allow: rule 100",
        "> rtb-public [route] forward: 10.0.0.0/16 → local",
        "> acl-private [network-acl] allow: rule 100",
        "> sg-app [security-group] allow: tcp 8080 sg-web",
        "> eni-app [network-interface] deliver: 10.0.1.5:8080/tcp",
        "< acl-private [network-acl] allow: rule 100",
        "< rtb-main [route] forward: 10.0.0.0/16 → local",
        "< acl-public [network-acl] allow: rule 100",
      ]
    `)
  })

  it('inside one subnet meets groups alone', () => {
    const estate = webEstate({ web: ['icmp 8:-1 10.0.0.0/24'] })
    estate.instance('i-next', 'subnet-public', { ip: '10.0.0.6', groups: ['sg-web'] })
    expect(ways(estate, { from: 'i-next', to: 'i-web' })).toMatchInlineSnapshot(`
      [
        "i-next → i-web",
        "reachable",
        "10.0.0.6/32 icmp 8:-1",
        "10.0.0.6 10.0.0.5 icmp 8 0",
        "> eni-next [network-interface] forward: 10.0.0.6",
        "> sg-web [security-group] allow: all 0.0.0.0/0",
        "> sg-web [security-group] allow: icmp 8 10.0.0.0/24",
        "> eni-web [network-interface] deliver: 10.0.0.5/icmp 8:0",
      ]
    `)
  })
})

describe('a way over a peering', () => {
  it('is one hop between the lists of the two subnets, and back', () => {
    const estate = twoVpcs(['10.1.0.0/16 pcx-a'], ['10.0.0.0/16 pcx-a'])
    estate.peering('pcx-a', 'vpc-a', 'vpc-b')
    expect(
      ways(estate, { from: 'i-a', to: 'i-b' }, { from: 'i-b', to: 'i-a', ...TLS }),
    ).toMatchInlineSnapshot(`
      [
        "i-a → i-b",
        "reachable",
        "10.0.0.5/32 tcp 443",
        "10.0.0.5 49152 10.1.0.5 443 tcp",
        "> eni-a [network-interface] forward: 10.0.0.5",
        "> sg-a [security-group] allow: all 0.0.0.0/0",
        "> acl-a [network-acl] allow: rule 100",
        "> rtb-a [route] forward: 10.1.0.0/16 → pcx-a",
        "> pcx-a [peering] forward: active",
        "> acl-b [network-acl] allow: rule 100",
        "> sg-b [security-group] allow: tcp 443 10.0.0.0/8",
        "> eni-b [network-interface] deliver: 10.1.0.5:443/tcp",
        "< acl-b [network-acl] allow: rule 100",
        "< rtb-b [route] forward: 10.0.0.0/16 → pcx-a",
        "< pcx-a [peering] forward: active",
        "< acl-a [network-acl] allow: rule 100",
        "i-b → i-a",
        "reachable",
        "10.1.0.5/32 tcp 443",
        "10.1.0.5 49152 10.0.0.5 443 tcp",
        "> eni-b [network-interface] forward: 10.1.0.5",
        "> sg-b [security-group] allow: all 0.0.0.0/0",
        "> acl-b [network-acl] allow: rule 100",
        "> rtb-b [route] forward: 10.0.0.0/16 → pcx-a",
        "> pcx-a [peering] forward: active",
        "> acl-a [network-acl] allow: rule 100",
        "> sg-a [security-group] allow: tcp 443 10.0.0.0/8",
        "> eni-a [network-interface] deliver: 10.0.0.5:443/tcp",
        "< acl-a [network-acl] allow: rule 100",
        "< rtb-a [route] forward: 10.1.0.0/16 → pcx-a",
        "< pcx-a [peering] forward: active",
        "< acl-b [network-acl] allow: rule 100",
      ]
    `)
  })
})

describe('a way over a transit gateway', () => {
  const joined = (extra: readonly string[] = []) => {
    const estate = twoVpcs(['10.1.0.0/16 tgw-a', ...extra], ['10.0.0.0/16 tgw-a'])
    estate.transitGateway('tgw-a')
    estate.attachment('tgw-attach-a', 'tgw-a', 'vpc-a', ['subnet-tgw-a'])
    estate.attachment('tgw-attach-b', 'tgw-a', 'vpc-b', ['subnet-tgw-b'])
    return estate
  }

  it('goes by the table of each attachment, and by the lists of the attachments’ subnets', () => {
    const estate = joined()
    estate.transitTable('tgw-rtb-a', 'tgw-a', ['tgw-attach-a'], ['10.1.0.0/16 tgw-attach-b'])
    estate.transitTable('tgw-rtb-b', 'tgw-a', ['tgw-attach-b'], ['10.0.0.0/16 tgw-attach-a'])
    expect(ways(estate, { from: 'i-a', to: 'i-b' })).toMatchInlineSnapshot(`
      [
        "i-a → i-b",
        "reachable",
        "10.0.0.5/32 tcp 443",
        "10.0.0.5 49152 10.1.0.5 443 tcp",
        "> eni-a [network-interface] forward: 10.0.0.5",
        "> sg-a [security-group] allow: all 0.0.0.0/0",
        "> acl-a [network-acl] allow: rule 100",
        "> rtb-a [route] forward: 10.1.0.0/16 → tgw-a",
        "> acl-tgw-a [network-acl] allow: rule 100",
        "> tgw-a [transit-gateway] forward: tgw-rtb-a 10.1.0.0/16 → tgw-attach-b",
        "> rtb-b [route] forward: 10.1.0.0/16 → local",
        "> acl-tgw-b [network-acl] allow: rule 100",
        "> acl-b [network-acl] allow: rule 100",
        "> sg-b [security-group] allow: tcp 443 10.0.0.0/8",
        "> eni-b [network-interface] deliver: 10.1.0.5:443/tcp",
        "< acl-b [network-acl] allow: rule 100",
        "< rtb-b [route] forward: 10.0.0.0/16 → tgw-a",
        "< acl-tgw-b [network-acl] allow: rule 100",
        "< tgw-a [transit-gateway] forward: tgw-rtb-b 10.0.0.0/16 → tgw-attach-a",
        "< rtb-a [route] forward: 10.0.0.0/16 → local",
        "< acl-tgw-a [network-acl] allow: rule 100",
        "< acl-a [network-acl] allow: rule 100",
      ]
    `)
  })

  it('from behind a VPN, and to it, goes by the VPN’s attachment', () => {
    const estate = joined(['192.168.0.0/16 tgw-a'])
    estate.transitTable('tgw-rtb-a', 'tgw-a', ['tgw-attach-a'], ['192.168.0.0/16 tgw-attach-v:vpn-v'])
    estate.transitTable('tgw-rtb-v', 'tgw-a', ['tgw-attach-v'], ['10.0.0.0/16 tgw-attach-a'])
    estate.vpnAttachment('tgw-attach-v', 'tgw-a', 'vpn-v')
    estate.group('sg-home', 'vpc-a', { ingress: ['tcp 22 192.168.0.0/16'] })
    estate.instance('i-home', 'subnet-a', { ip: '10.0.0.8', groups: ['sg-home'] })
    expect(
      ways(estate, { from: '192.168.4.0/24', to: 'i-home' }, { from: 'i-home', to: '192.168.4.4', ...TLS }),
    ).toMatchInlineSnapshot(`
      [
        "192.168.4.0/24 → i-home",
        "reachable",
        "192.168.4.0/24 tcp 22",
        "192.168.4.0 49152 10.0.0.8 22 tcp",
        "> vpn-v [vpn-connection] forward: tunnel up",
        "> tgw-a [transit-gateway] forward: tgw-rtb-v 10.0.0.0/16 → tgw-attach-a",
        "> rtb-a [route] forward: 10.0.0.0/16 → local",
        "> acl-tgw-a [network-acl] allow: rule 100",
        "> acl-a [network-acl] allow: rule 100",
        "> sg-home [security-group] allow: tcp 22 192.168.0.0/16",
        "> eni-home [network-interface] deliver: 10.0.0.8:22/tcp",
        "< acl-a [network-acl] allow: rule 100",
        "< rtb-a [route] forward: 192.168.0.0/16 → tgw-a",
        "< acl-tgw-a [network-acl] allow: rule 100",
        "< tgw-a [transit-gateway] forward: tgw-rtb-a 192.168.0.0/16 → tgw-attach-v",
        "i-home → 192.168.4.4",
        "reachable",
        "10.0.0.8/32 → 192.168.4.4/32 tcp 443",
        "10.0.0.8 49152 192.168.4.4 443 tcp",
        "> eni-home [network-interface] forward: 10.0.0.8",
        "> sg-home [security-group] allow: all 0.0.0.0/0",
        "> acl-a [network-acl] allow: rule 100",
        "> rtb-a [route] forward: 192.168.0.0/16 → tgw-a",
        "> acl-tgw-a [network-acl] allow: rule 100",
        "> tgw-a [transit-gateway] forward: tgw-rtb-a 192.168.0.0/16 → tgw-attach-v",
        "> vpn-v [vpn-connection] forward: tunnel up",
        "< tgw-a [transit-gateway] forward: tgw-rtb-v 10.0.0.0/16 → tgw-attach-a",
        "< rtb-a [route] forward: 10.0.0.0/16 → local",
        "< acl-tgw-a [network-acl] allow: rule 100",
        "< acl-a [network-acl] allow: rule 100",
      ]
    `)
  })

  it('and a peered one goes by the tables of both', () => {
    const estate = twoVpcs(['10.1.0.0/16 tgw-a'], ['10.0.0.0/16 tgw-b'])
    for (const [own, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      estate.transitGateway(`tgw-${own}`)
      estate.attachment(`tgw-attach-${own}`, `tgw-${own}`, `vpc-${own}`, [`subnet-tgw-${own}`])
      estate.put('AWS::EC2::TransitGatewayAttachment', `transit-gateway-attachment/tgw-attach-p-${own}`, {
        TransitGatewayAttachmentId: `tgw-attach-p-${own}`,
        TransitGatewayId: `tgw-${own}`,
        State: 'available',
        ResourceType: 'peering',
        ResourceId: `tgw-${other}`,
      })
      estate.transitTable(
        `tgw-rtb-${own}`,
        `tgw-${own}`,
        [`tgw-attach-${own}`, `tgw-attach-p-${own}`],
        own === 'a'
          ? ['10.0.0.0/16 tgw-attach-a', '10.1.0.0/16 tgw-attach-p-a']
          : ['10.1.0.0/16 tgw-attach-b', '10.0.0.0/16 tgw-attach-p-b'],
      )
    }
    expect(ways(estate, { from: 'i-a', to: 'i-b' })).toMatchInlineSnapshot(`
      [
        "i-a → i-b",
        "reachable",
        "10.0.0.5/32 tcp 443",
        "10.0.0.5 49152 10.1.0.5 443 tcp",
        "> eni-a [network-interface] forward: 10.0.0.5",
        "> sg-a [security-group] allow: all 0.0.0.0/0",
        "> acl-a [network-acl] allow: rule 100",
        "> rtb-a [route] forward: 10.1.0.0/16 → tgw-a",
        "> acl-tgw-a [network-acl] allow: rule 100",
        "> tgw-a [transit-gateway] forward: tgw-rtb-a 10.1.0.0/16 → tgw-attach-b",
        "> rtb-b [route] forward: 10.1.0.0/16 → local",
        "> acl-tgw-b [network-acl] allow: rule 100",
        "> acl-b [network-acl] allow: rule 100",
        "> sg-b [security-group] allow: tcp 443 10.0.0.0/8",
        "> eni-b [network-interface] deliver: 10.1.0.5:443/tcp",
        "< acl-b [network-acl] allow: rule 100",
        "< rtb-b [route] forward: 10.0.0.0/16 → tgw-b",
        "< acl-tgw-b [network-acl] allow: rule 100",
        "< tgw-b [transit-gateway] forward: tgw-rtb-b 10.0.0.0/16 → tgw-attach-a",
        "< rtb-a [route] forward: 10.0.0.0/16 → local",
        "< acl-tgw-a [network-acl] allow: rule 100",
        "< acl-a [network-acl] allow: rule 100",
      ]
    `)
  })

  it('to the NAT gateway of another VPC, the hub, comes home by the gateway', () => {
    const estate = twoVpcs(['0.0.0.0/0 tgw-a'], ['10.0.0.0/16 tgw-a', '0.0.0.0/0 nat-b'])
    estate.transitGateway('tgw-a')
    estate.attachment('tgw-attach-a', 'tgw-a', 'vpc-a', ['subnet-tgw-a'])
    estate.attachment('tgw-attach-b', 'tgw-a', 'vpc-b', ['subnet-tgw-b'])
    const routes = ['10.0.0.0/16 tgw-attach-a', '0.0.0.0/0 tgw-attach-b']
    estate.transitTable('tgw-rtb', 'tgw-a', ['tgw-attach-a', 'tgw-attach-b'], routes)
    estate.internetGateway('igw-b', 'vpc-b')
    estate.subnet('subnet-nat', 'vpc-b', '10.1.3.0/24')
    estate.acl('acl-nat', 'vpc-b', ['subnet-nat'])
    const out = ['10.1.0.0/16 local', '10.0.0.0/16 tgw-a', '0.0.0.0/0 igw-b']
    estate.table('rtb-nat', 'vpc-b', { subnets: ['subnet-nat'] }, out)
    estate.nat('nat-b', 'subnet-nat', '10.1.3.9', '52.0.0.99')
    expect(ways(estate, { from: 'i-a', to: 'internet', ...TLS })).toMatchInlineSnapshot(`
      [
        "i-a → internet",
        "reachable",
        "10.0.0.5/32 → 0.0.0.0/0 tcp 443",
        "10.0.0.5 49152 203.0.113.7 443 tcp",
        "> eni-a [network-interface] forward: 10.0.0.5",
        "> sg-a [security-group] allow: all 0.0.0.0/0",
        "> acl-a [network-acl] allow: rule 100",
        "> rtb-a [route] forward: 0.0.0.0/0 → tgw-a",
        "> acl-tgw-a [network-acl] allow: rule 100",
        "> tgw-a [transit-gateway] forward: tgw-rtb 0.0.0.0/0 → tgw-attach-b",
        "> rtb-b [route] forward: 0.0.0.0/0 → nat-b",
        "> acl-tgw-b [network-acl] allow: rule 100",
        "> acl-nat [network-acl] allow: rule 100",
        "> nat-b [nat-gateway] forward: as 52.0.0.99",
        "> acl-nat [network-acl] allow: rule 100",
        "> rtb-nat [route] forward: 0.0.0.0/0 → igw-b",
        "> igw-b [internet-gateway] forward: 10.1.3.9 → 52.0.0.99",
        "> internet [internet] forward: 203.0.113.7",
        "< acl-nat [network-acl] allow: rule 100",
        "< acl-nat [network-acl] allow: rule 100",
        "< rtb-nat [route] forward: 10.0.0.0/16 → tgw-a",
        "< acl-tgw-b [network-acl] allow: rule 100",
        "< tgw-a [transit-gateway] forward: tgw-rtb 10.0.0.0/16 → tgw-attach-a",
        "< rtb-a [route] forward: 10.0.0.0/16 → local",
        "< acl-tgw-a [network-acl] allow: rule 100",
        "< acl-a [network-acl] allow: rule 100",
      ]
    `)
  })
})

describe('a way to what lies behind a virtual private gateway', () => {
  const home = () => {
    const estate = twoVpcs(['192.168.0.0/16 vgw-a propagated'], [])
    estate.vpn('vgw-a', 'vpc-a', 'vpn-a')
    estate.group('sg-home', 'vpc-a', { ingress: ['tcp 22 192.168.1.0/24'] })
    estate.instance('i-home', 'subnet-a', { ip: '10.0.0.8', groups: ['sg-home'] })
    return estate
  }

  it('goes by the tunnel, in and out', () => {
    expect(
      ways(
        home(),
        { from: '192.168.0.0/16', to: 'i-home' },
        { from: 'i-home', to: '192.168.9.0/24', ...TLS },
      ),
    ).toMatchInlineSnapshot(`
      [
        "192.168.0.0/16 → i-home",
        "reachable",
        "192.168.1.0/24 tcp 22",
        "192.168.1.0 49152 10.0.0.8 22 tcp",
        "> vgw-a [vpn-gateway] forward: vpc-a",
        "> vpn-a [vpn-connection] forward: tunnel up",
        "> acl-a [network-acl] allow: rule 100",
        "> sg-home [security-group] allow: tcp 22 192.168.1.0/24",
        "> eni-home [network-interface] deliver: 10.0.0.8:22/tcp",
        "< acl-a [network-acl] allow: rule 100",
        "< rtb-a [route] forward: 192.168.0.0/16 → vgw-a",
        "i-home → 192.168.9.0/24",
        "reachable",
        "10.0.0.8/32 → 192.168.9.0/24 tcp 443",
        "10.0.0.8 49152 192.168.9.0 443 tcp",
        "> eni-home [network-interface] forward: 10.0.0.8",
        "> sg-home [security-group] allow: all 0.0.0.0/0",
        "> acl-a [network-acl] allow: rule 100",
        "> rtb-a [route] forward: 192.168.0.0/16 → vgw-a",
        "> vgw-a [vpn-gateway] forward: vpc-a",
        "> vpn-a [vpn-connection] forward: tunnel up",
        "< acl-a [network-acl] allow: rule 100",
      ]
    `)
  })

  it('by a private NAT gateway goes under the gateway’s address', () => {
    const estate = home()
    estate.subnet('subnet-in', 'vpc-a', '10.0.4.0/24')
    estate.acl('acl-in', 'vpc-a', ['subnet-in'])
    estate.table('rtb-in', 'vpc-a', { subnets: ['subnet-in'] }, ['10.0.0.0/16 local', '192.168.0.0/16 nat-p'])
    estate.instance('i-in', 'subnet-in', { ip: '10.0.4.5', groups: ['sg-home'] })
    estate.nat('nat-p', 'subnet-a', '10.0.0.99')
    expect(ways(estate, { from: 'i-in', to: '192.168.9.0/24', ...TLS })).toMatchInlineSnapshot(`
      [
        "i-in → 192.168.9.0/24",
        "reachable",
        "10.0.4.5/32 → 192.168.9.0/24 tcp 443",
        "10.0.4.5 49152 192.168.9.0 443 tcp",
        "> eni-in [network-interface] forward: 10.0.4.5",
        "> sg-home [security-group] allow: all 0.0.0.0/0",
        "> acl-in [network-acl] allow: rule 100",
        "> rtb-in [route] forward: 192.168.0.0/16 → nat-p",
        "> acl-a [network-acl] allow: rule 100",
        "> nat-p [nat-gateway] forward: as 10.0.0.99",
        "> eni-natp [network-interface] forward: 10.0.0.99",
        "> acl-a [network-acl] allow: rule 100",
        "> rtb-a [route] forward: 192.168.0.0/16 → vgw-a",
        "> vgw-a [vpn-gateway] forward: vpc-a",
        "> vpn-a [vpn-connection] forward: tunnel up",
        "< acl-a [network-acl] allow: rule 100",
        "< acl-a [network-acl] allow: rule 100",
        "< rtb-a [route] forward: 10.0.0.0/16 → local",
        "< acl-in [network-acl] allow: rule 100",
      ]
    `)
  })
})

describe('a way by a private NAT gateway', () => {
  it('goes on by the gateway’s own table, under its own address', () => {
    const estate = twoVpcs(['10.1.0.0/16 pcx-a'], ['10.0.0.0/16 pcx-a'])
    estate.peering('pcx-a', 'vpc-a', 'vpc-b')
    estate.subnet('subnet-in', 'vpc-a', '10.0.4.0/24')
    estate.acl('acl-in', 'vpc-a', ['subnet-in'])
    estate.table('rtb-in', 'vpc-a', { subnets: ['subnet-in'] }, ['10.0.0.0/16 local', '10.1.0.0/16 nat-p'])
    estate.instance('i-in', 'subnet-in', { ip: '10.0.4.5', groups: ['sg-a'] })
    estate.nat('nat-p', 'subnet-a', '10.0.0.99')
    expect(ways(estate, { from: 'i-in', to: 'i-b', ...TLS })).toMatchInlineSnapshot(`
      [
        "i-in → i-b",
        "reachable",
        "10.0.4.5/32 tcp 443",
        "10.0.4.5 49152 10.1.0.5 443 tcp",
        "> eni-in [network-interface] forward: 10.0.4.5",
        "> sg-a [security-group] allow: all 0.0.0.0/0",
        "> acl-in [network-acl] allow: rule 100",
        "> rtb-in [route] forward: 10.1.0.0/16 → nat-p",
        "> acl-a [network-acl] allow: rule 100",
        "> nat-p [nat-gateway] forward: as 10.0.0.99",
        "> eni-natp [network-interface] forward: 10.0.0.99",
        "> acl-a [network-acl] allow: rule 100",
        "> rtb-a [route] forward: 10.1.0.0/16 → pcx-a",
        "> pcx-a [peering] forward: active",
        "> acl-b [network-acl] allow: rule 100",
        "> sg-b [security-group] allow: tcp 443 10.0.0.0/8",
        "> eni-b [network-interface] deliver: 10.1.0.5:443/tcp",
        "< acl-b [network-acl] allow: rule 100",
        "< rtb-b [route] forward: 10.0.0.0/16 → pcx-a",
        "< pcx-a [peering] forward: active",
        "< acl-a [network-acl] allow: rule 100",
        "< acl-a [network-acl] allow: rule 100",
        "< rtb-a [route] forward: 10.0.0.0/16 → local",
        "< acl-in [network-acl] allow: rule 100",
      ]
    `)
  })
})

describe('a way by a load balancer', () => {
  const FLOW = { from: 'internet', to: 'i-app', protocol: 'tcp', port: 8080 } as const

  it('that ends the flow is a second flow from its own address', () => {
    expect(ways(balanced().estate, FLOW)).toMatchInlineSnapshot(`
      [
        "internet → i-app",
        "reachable",
        "0.0.0.0/0 tcp 8080 by app/front/1",
        "203.0.113.7 49152 52.0.0.100 443 tcp",
        "> internet [internet] forward: 203.0.113.7",
        "> igw-a [internet-gateway] forward: 52.0.0.100 → 10.0.0.100",
        "> acl-public [network-acl] allow: rule 100",
        "> sg-lb [security-group] allow: tcp 443 0.0.0.0/0",
        "> eni-front-subnet-public [network-interface] deliver: 10.0.0.100:443/tcp",
        "> loadbalancer/app/front/1 [load-balancer] forward: listener tcp 443",
        "> targetgroup/tg/1 [target-group] forward: tg → 8080 (healthy)",
        "> eni-front-subnet-public [network-interface] forward: 10.0.0.100",
        "> sg-lb [security-group] allow: all 0.0.0.0/0",
        "> acl-public [network-acl] allow: rule 100",
        "> rtb-public [route] forward: 10.0.0.0/16 → local",
        "> acl-private [network-acl] allow: rule 100",
        "> sg-app [security-group] allow: tcp 8080 sg-lb",
        "> eni-app [network-interface] deliver: 10.0.1.5:8080/tcp",
        "< acl-private [network-acl] allow: rule 100",
        "< rtb-main [route] forward: 10.0.0.0/16 → local",
        "< acl-public [network-acl] allow: rule 100",
        "< acl-public [network-acl] allow: rule 100",
        "< rtb-public [route] forward: 0.0.0.0/0 → igw-a",
      ]
    `)
  })

  it('that keeps the client’s address meets the target’s group with it', () => {
    const { estate } = balanced({ type: 'network', groups: [], app: ['tcp 8080 203.0.113.0/24'] })
    expect(ways(estate, FLOW)).toMatchInlineSnapshot(`
      [
        "internet → i-app",
        "reachable",
        "203.0.113.0/24 tcp 8080 by net/front/1",
        "203.0.113.7 49152 52.0.0.100 443 tcp",
        "> internet [internet] forward: 203.0.113.7",
        "> igw-a [internet-gateway] forward: 52.0.0.100 → 10.0.0.100",
        "> acl-public [network-acl] allow: rule 100",
        "> eni-front-subnet-public [network-interface] deliver: 10.0.0.100:443/tcp",
        "> loadbalancer/net/front/1 [load-balancer] forward: listener tcp 443",
        "> targetgroup/tg/1 [target-group] forward: tg → 8080 (healthy)",
        "> eni-front-subnet-public [network-interface] forward: 10.0.0.100",
        "> acl-public [network-acl] allow: rule 100",
        "> rtb-public [route] forward: 10.0.0.0/16 → local",
        "> acl-private [network-acl] allow: rule 100",
        "> sg-app [security-group] allow: tcp 8080 203.0.113.0/24",
        "> eni-app [network-interface] deliver: 10.0.1.5:8080/tcp",
        "< acl-private [network-acl] allow: rule 100",
        "< acl-public [network-acl] allow: rule 100",
        "< acl-public [network-acl] allow: rule 100",
        "< rtb-public [route] forward: 0.0.0.0/0 → igw-a",
      ]
    `)
  })

  it('from inside is a way beside the direct one', () => {
    const { estate } = balanced({ app: ['tcp 8080 sg-lb', 'tcp 8080 sg-web'] })
    expect(ways(estate, { ...FLOW, from: 'i-web' })).toMatchInlineSnapshot(`
      [
        "i-web → i-app",
        "reachable",
        "10.0.0.5/32 tcp 8080",
        "10.0.0.5/32 tcp 8080 by app/front/1",
        "10.0.0.5 49152 10.0.1.5 8080 tcp",
        "> eni-web [network-interface] forward: 10.0.0.5",
        "> sg-web [security-group] allow: all 0.0.0.0/0",
        "> acl-public [network-acl] allow: rule 100",
        "> rtb-public [route] forward: 10.0.0.0/16 → local",
        "> acl-private [network-acl] allow: rule 100",
        "> sg-app [security-group] allow: tcp 8080 sg-web",
        "> eni-app [network-interface] deliver: 10.0.1.5:8080/tcp",
        "< acl-private [network-acl] allow: rule 100",
        "< rtb-main [route] forward: 10.0.0.0/16 → local",
        "< acl-public [network-acl] allow: rule 100",
      ]
    `)
  })

  it('may lead by a second one', () => {
    const { estate, arn } = balanced({ node: { ip: '10.0.0.100' } })
    const front = estate.balancer('net/outer/2', 'network', 'vpc-a', [], {
      'subnet-public': { ip: '10.0.0.200', public: '52.0.0.200' },
    })
    estate.listener(front, 443, 'TCP', [forward(estate.targets('tg-alb', 'vpc-a', 'alb', 'TCP', 443, [arn]))])
    expect(ways(estate, FLOW)).toMatchInlineSnapshot(`
      [
        "internet → i-app",
        "reachable",
        "0.0.0.0/0 tcp 8080 by app/front/1",
        "203.0.113.7 49152 52.0.0.200 443 tcp",
        "> internet [internet] forward: 203.0.113.7",
        "> igw-a [internet-gateway] forward: 52.0.0.200 → 10.0.0.200",
        "> acl-public [network-acl] allow: rule 100",
        "> eni-outer-subnet-public [network-interface] deliver: 10.0.0.200:443/tcp",
        "> loadbalancer/net/outer/2 [load-balancer] forward: listener tcp 443",
        "> targetgroup/tg-alb/1 [target-group] forward: tg-alb → 443 (healthy)",
        "> eni-outer-subnet-public [network-interface] forward: 10.0.0.200",
        "> sg-lb [security-group] allow: tcp 443 0.0.0.0/0",
        "> eni-front-subnet-public [network-interface] deliver: 10.0.0.100:443/tcp",
        "> loadbalancer/app/front/1 [load-balancer] forward: listener tcp 443",
        "> targetgroup/tg/1 [target-group] forward: tg → 8080 (healthy)",
        "> eni-front-subnet-public [network-interface] forward: 10.0.0.100",
        "> sg-lb [security-group] allow: all 0.0.0.0/0",
        "> acl-public [network-acl] allow: rule 100",
        "> rtb-public [route] forward: 10.0.0.0/16 → local",
        "> acl-private [network-acl] allow: rule 100",
        "> sg-app [security-group] allow: tcp 8080 sg-lb",
        "> eni-app [network-interface] deliver: 10.0.1.5:8080/tcp",
        "< acl-private [network-acl] allow: rule 100",
        "< rtb-main [route] forward: 10.0.0.0/16 → local",
        "< acl-public [network-acl] allow: rule 100",
        "< acl-public [network-acl] allow: rule 100",
        "< rtb-public [route] forward: 0.0.0.0/0 → igw-a",
      ]
    `)
  })
})
