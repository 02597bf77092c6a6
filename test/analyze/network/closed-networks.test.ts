/** What closes the ways to other networks, and what of them nobody can tell: all that the answer says. */
import { describe, expect, it } from 'vitest'
import type { ReachQuery } from '../../../src/analyze/network/reach.ts'
import type { JsonObject } from '../../../src/snapshot/model.ts'
import { change, remove } from './edit.ts'
import type { Estate } from './estate.ts'
import { twoVpcs } from './estates.ts'
import { told } from './told.ts'

const ask = (estate: Estate, query: ReachQuery) => told(estate.ask(query))

describe('a peering', () => {
  const peered = (state: string | undefined, edit: (estate: Estate) => unknown = () => undefined) => {
    const estate = twoVpcs(['10.1.0.0/16 pcx-a'], ['10.0.0.0/16 pcx-a'])
    if (state !== undefined) estate.peering('pcx-a', 'vpc-a', 'vpc-b', state)
    edit(estate)
    return estate
  }
  const FLOW = { from: 'i-a', to: 'i-b', protocol: 'tcp', port: 443 } as const

  it('that is not active is named with its state, for the flow and for its answer', () => {
    expect(ask(peered('pending-acceptance'), FLOW)).toEqual([
      'blocked',
      'pcx-a [peering] PEERING_NOT_ACTIVE (pending-acceptance)',
    ])
    expect(
      ask(
        peered('active', (estate) => change(estate, 'pcx-a', { Status: undefined })),
        FLOW,
      ),
    ).toEqual(['blocked', 'pcx-a [peering] PEERING_NOT_ACTIVE ()'])
  })

  it('that is gone joins nothing, and that was not listed may', () => {
    expect(ask(peered(undefined), FLOW)).toEqual([
      'blocked',
      'rtb-a [route] PEERING_NOT_TRANSITIVE (10.1.0.0/16)',
    ])
    const unlisted = peered(undefined, (estate) => estate.without('AWS::EC2::VPCPeeringConnection'))
    expect(ask(unlisted, FLOW)).toEqual([
      'unknown',
      'pcx-a [network] DENIED',
      'ec2:DescribeVpcPeeringConnections denied',
    ])
  })

  it('to a network that the snapshot lacks may lead anywhere there, unless it is down or gone', () => {
    const far = (edit: (estate: Estate) => unknown) => {
      const estate = twoVpcs(['10.7.0.0/16 pcx-x'], [])
      edit(estate)
      return ask(estate, { from: '10.7.0.5', to: 'i-a', protocol: 'tcp', port: 443 })
    }
    expect(far((estate) => estate.peering('pcx-x', 'vpc-a', 'vpc-x'))).toEqual([
      'unknown',
      'vpc-x [peering] OTHER_ACCOUNT',
    ])
    expect(far((estate) => estate.peering('pcx-x', 'vpc-x', 'vpc-a', 'deleted'))).toEqual([
      'blocked',
      'pcx-x [peering] PEERING_NOT_ACTIVE (deleted)',
    ])
    expect(far((estate) => estate.peering('pcx-x', 'vpc-a', 'vpc-b'))).toEqual([
      'blocked',
      'pcx-x [peering] PEERING_NOT_TRANSITIVE',
    ])
    expect(far(() => undefined)).toEqual(['blocked', 'pcx-x [peering] PEERING_NOT_ACTIVE'])
    expect(far((estate) => estate.without('AWS::EC2::VPCPeeringConnection'))).toEqual([
      'unknown',
      'pcx-x [peering] DENIED',
      'ec2:DescribeVpcPeeringConnections denied',
    ])
  })
})

describe('a virtual private gateway', () => {
  const behind = (edit: (estate: Estate) => unknown) => {
    const estate = twoVpcs(['192.168.0.0/16 vgw-a'], [])
    change(estate, 'security-group/sg-a', {
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    })
    estate.vpn('vgw-a', 'vpc-a', 'vpn-a')
    edit(estate)
    return ask(estate, { from: '192.168.1.9', to: 'i-a', protocol: 'tcp', port: 22 })
  }

  it('that is attached to another VPC, or not now, leads nowhere', () => {
    const closed = ['blocked', 'vgw-a [vpn-gateway] GATEWAY_NOT_ATTACHED']
    for (const VpcAttachments of [
      [],
      [{ VpcId: 'vpc-b', State: 'attached' }],
      [{ VpcId: 'vpc-a', State: 'detached' }],
      [{ VpcId: 'vpc-a' }],
    ])
      expect(behind((estate) => change(estate, 'vgw-a', { VpcAttachments }))).toEqual(closed)
    expect(behind((estate) => remove(estate, 'vpn-gateway/vgw-a'))).toEqual(closed)
  })

  it('that was not listed may be attached', () => {
    expect(behind((estate) => estate.without('AWS::EC2::VPNGateway'))).toEqual([
      'unknown',
      'vgw-a [vpn-gateway] DENIED',
      'ec2:DescribeVpnGateways denied',
    ])
  })

  it('without a VPN may have Direct Connect, which is not modelled, or a VPN that was not listed', () => {
    expect(behind((estate) => remove(estate, 'vpn-connection/vpn-a'))).toEqual([
      'unknown',
      'vgw-a [vpn-gateway] NOT_MODELLED (Direct Connect)',
    ])
    expect(behind((estate) => estate.without('AWS::EC2::VPNConnection'))).toEqual([
      'unknown',
      'vgw-a [vpn-gateway] DENIED',
      'ec2:DescribeVpnConnections denied',
    ])
  })

  it('whose VPN is down or being made is closed for now', () => {
    const latent = (rule: string) => [
      'blocked',
      `vpn-a [vpn-connection] VPN_DOWN (${rule})`,
      'latent 192.168.1.9/32 tcp 22',
      `latent vpn-a [vpn-connection] VPN_DOWN (${rule})`,
    ]
    const vpn = (fields: JsonObject) => behind((estate) => change(estate, 'vpn-a', fields))
    expect(vpn({ VgwTelemetry: [{ Status: 'DOWN' }, { Status: 'DOWN' }] })).toEqual(latent('DOWN'))
    expect(vpn({ State: 'pending' })).toEqual(latent('pending'))
    expect(vpn({ VgwTelemetry: [{ Status: 'DOWN' }, { Status: 'UP' }] })[0]).toBe('reachable')
    expect(
      behind((estate) => change(estate, 'vpn-a', { VgwTelemetry: undefined, State: undefined }))[0],
    ).toBe('reachable')
  })

  it('with two VPNs is open by the one that is up', () => {
    expect(
      behind((estate) =>
        estate.put('AWS::EC2::VPNConnection', 'vpn-connection/vpn-0', {
          VpnConnectionId: 'vpn-0',
          VpnGatewayId: 'vgw-a',
          State: 'available',
          VgwTelemetry: [{ Status: 'DOWN' }],
        }),
      )[0],
    ).toBe('reachable')
  })

  it('whose table steers what comes in to an appliance leads where nobody can tell', () => {
    expect(
      behind((estate) =>
        estate.table('rtb-edge', 'vpc-a', { gateway: 'vgw-a' }, ['10.0.0.0/16 local', '10.0.0.0/24 eni-fw']),
      ),
    ).toEqual(['unknown', 'eni-fw [route] APPLIANCE_ON_PATH (10.0.0.0/24)'])
  })
})

describe('a transit gateway', () => {
  const joined = (routes: readonly string[], edit: (estate: Estate) => unknown = () => undefined) => {
    const estate = twoVpcs(
      ['10.1.0.0/16 tgw-a', '192.168.0.0/16 tgw-a', '0.0.0.0/0 tgw-a'],
      ['10.0.0.0/16 tgw-a'],
    )
    estate.transitGateway('tgw-a')
    estate.attachment('tgw-attach-a', 'tgw-a', 'vpc-a', ['subnet-tgw-a'])
    estate.attachment('tgw-attach-b', 'tgw-a', 'vpc-b', ['subnet-tgw-b'])
    estate.transitTable(
      'tgw-rtb',
      'tgw-a',
      ['tgw-attach-a', 'tgw-attach-b', 'tgw-attach-v'],
      ['10.0.0.0/16 tgw-attach-a', ...routes],
    )
    edit(estate)
    return estate
  }
  const attached = (id: string, ResourceType: string, ResourceId: string) => (estate: Estate) =>
    estate.put('AWS::EC2::TransitGatewayAttachment', `transit-gateway-attachment/${id}`, {
      TransitGatewayAttachmentId: id,
      TransitGatewayId: 'tgw-a',
      State: 'available',
      ResourceType,
      ResourceId,
    })
  const FLOW = { from: 'i-a', to: 'i-b', protocol: 'tcp', port: 443 } as const
  const TO_B = '10.1.0.0/16 tgw-attach-b'

  it('names the table and the route that stop it', () => {
    expect(ask(joined([]), FLOW)).toEqual(['blocked', 'tgw-rtb [transit-gateway] TGW_NO_ROUTE'])
    expect(ask(joined(['10.1.0.0/16 blackhole']), FLOW)).toEqual([
      'blocked',
      'tgw-rtb [transit-gateway] TGW_BLACKHOLE (10.1.0.0/16)',
    ])
    const loose = joined([TO_B], (estate) => change(estate, 'tgw-rtb', { Associations: [] }))
    expect(ask(loose, FLOW)).toEqual(['blocked', 'tgw-a [transit-gateway] TGW_NO_ROUTE'])
  })

  it('takes only associations that hold, and those that an attachment itself names', () => {
    const state = (State?: string) =>
      ask(
        joined([TO_B], (estate) =>
          change(estate, 'tgw-rtb', {
            Associations: ['tgw-attach-a', 'tgw-attach-b'].map((TransitGatewayAttachmentId) => ({
              TransitGatewayAttachmentId,
              ...(State ? { State } : {}),
            })),
          }),
        ),
        FLOW,
      )[0]
    expect([state(), state('associated'), state('disassociating')]).toEqual([
      'reachable',
      'reachable',
      'blocked',
    ])
    const named = joined([TO_B], (estate) => {
      change(estate, 'tgw-rtb', { Associations: [] })
      for (const name of ['a', 'b'])
        change(estate, `transit-gateway-attachment/tgw-attach-${name}`, {
          Association: { TransitGatewayRouteTableId: 'tgw-rtb' },
        })
    })
    expect(ask(named, FLOW)[0]).toBe('reachable')
  })

  it('whose attachment is not available is closed', () => {
    const state = (State: string | undefined) =>
      joined([TO_B], (estate) => change(estate, 'transit-gateway-vpc-attachment/tgw-attach-b', { State }))
    expect(ask(state('modifying'), FLOW)).toContain('tgw-attach-b [transit-gateway] TGW_NO_ROUTE')
    expect(ask(state(undefined), FLOW)[0]).toBe('reachable')
  })

  it('whose routes were not read, or whose tables, may lead anywhere', () => {
    const unread = joined([TO_B], (estate) => change(estate, 'tgw-rtb', { Routes: undefined }))
    expect(ask(unread, FLOW)).toEqual([
      'unknown',
      'tgw-rtb [transit-gateway] NOT_COLLECTED',
      'ec2:SearchTransitGatewayRoutes not-collected',
    ])
    const refused = joined([TO_B], (estate) =>
      change(
        estate,
        'tgw-rtb',
        {},
        {
          missing: {
            Routes: {
              operation: 'ec2:SearchTransitGatewayRoutes',
              outcome: 'denied',
              permission: 'ec2:SearchTransitGatewayRoutes',
            },
          },
        },
      ),
    )
    expect(ask(refused, FLOW)).toEqual([
      'unknown',
      'tgw-rtb [transit-gateway] DENIED',
      'ec2:SearchTransitGatewayRoutes denied',
    ])
    const tables = joined([TO_B], (estate) => estate.without('AWS::EC2::TransitGatewayRouteTable'))
    expect(ask(tables, FLOW)).toEqual([
      'unknown',
      'tgw-a [transit-gateway] DENIED',
      'ec2:DescribeTransitGatewayRouteTables denied',
    ])
  })

  it('of another account decides by tables that nobody here can read', () => {
    const theirs = joined([TO_B], (estate) => {
      change(estate, 'transit-gateway/tgw-a', { OwnerId: '999999999999' })
      remove(estate, 'tgw-rtb')
    })
    expect(ask(theirs, FLOW)).toEqual(['unknown', 'tgw-a [transit-gateway] OTHER_ACCOUNT'])
    const unseen = joined([TO_B], (estate) => remove(estate, 'tgw-rtb', 'transit-gateway/tgw-a'))
    expect(ask(unseen, FLOW)).toEqual(['unknown', 'tgw-a [transit-gateway] OTHER_ACCOUNT'])
  })

  it('with an attachment whose subnets nobody saw may be entered and left anywhere', () => {
    const blind = (name: string) =>
      joined([TO_B], (estate) =>
        change(estate, `transit-gateway-vpc-attachment/tgw-attach-${name}`, { SubnetIds: [] }),
      )
    for (const name of ['a', 'b'])
      expect(ask(blind(name), FLOW)).toEqual([
        'unknown',
        `tgw-attach-${name} [transit-gateway] NOT_COLLECTED`,
        'ec2:DescribeTransitGatewayVpcAttachments not-collected',
      ])
    const elsewhere = joined([TO_B], (estate) =>
      change(estate, 'transit-gateway-vpc-attachment/tgw-attach-a', { SubnetIds: ['subnet-unseen'] }),
    )
    expect(ask(elsewhere, FLOW)[0]).toBe('unknown')
  })

  it('is entered only in a zone that the attachment has', () => {
    const estate = joined([TO_B])
    estate.subnet('subnet-far', 'vpc-a', '10.0.5.0/24', { zone: 'eu-west-1c' })
    estate.acl('acl-far', 'vpc-a', ['subnet-far'])
    estate.instance('i-far', 'subnet-far', { ip: '10.0.5.5', groups: ['sg-a'] })
    expect(ask(estate, { ...FLOW, from: 'i-far' })).toEqual([
      'blocked',
      'tgw-attach-a [transit-gateway] TGW_ZONE_NOT_ATTACHED (eu-west-1c)',
    ])
  })

  it('sends on to what the snapshot lacks, or what is not modelled', () => {
    const to = (type: string, id: string) =>
      ask(joined(['10.1.0.0/16 tgw-attach-x'], attached('tgw-attach-x', type, id)), FLOW)
    expect(to('vpc', 'vpc-x')).toEqual(['unknown', 'vpc-x [transit-gateway] OTHER_ACCOUNT'])
    expect(to('peering', 'tgw-x')).toEqual(['unknown', 'tgw-x [transit-gateway] OTHER_ACCOUNT'])
    expect(to('connect', 'tgw-attach-c')).toEqual(['unknown', 'tgw-attach-c [transit-gateway] NOT_MODELLED'])
    expect(to('network-function', '')).toEqual(['unknown', 'tgw-attach-x [transit-gateway] NOT_MODELLED'])
    expect(to('vpn', 'vpn-x')).toEqual(['blocked', 'tgw-rtb [transit-gateway] TGW_NO_ROUTE (10.1.0.0/16)'])
  })

  it('leads to the networks behind its other attachments, as far as they are known', () => {
    const far = (edit: (estate: Estate) => unknown) =>
      ask(joined(['192.168.0.0/16 tgw-attach-v'], edit), {
        from: 'i-a',
        to: '192.168.4.4',
        protocol: 'tcp',
        port: 443,
      })
    expect(far((estate) => estate.vpnAttachment('tgw-attach-v', 'tgw-a', 'vpn-v', false))).toEqual([
      'blocked',
      'vpn-v [vpn-connection] VPN_DOWN (DOWN)',
      'latent 10.0.0.5/32 → 192.168.4.4/32 tcp 443',
      'latent vpn-v [vpn-connection] VPN_DOWN (DOWN)',
    ])
    expect(far(attached('tgw-attach-v', 'vpn', 'vpn-x'))).toEqual([
      'unknown',
      'vpn-x [transit-gateway] NOT_COLLECTED',
      'ec2:DescribeVpnConnections not-collected',
    ])
    expect(far(attached('tgw-attach-v', 'direct-connect-gateway', 'dxgw-1'))).toEqual([
      'unknown',
      'dxgw-1 [transit-gateway] NOT_MODELLED (direct-connect-gateway)',
    ])
    expect(far(attached('tgw-attach-v', 'peering', 'tgw-x'))).toEqual([
      'unknown',
      'tgw-x [transit-gateway] OTHER_ACCOUNT (peering)',
    ])
    expect(far(attached('tgw-attach-v', 'vpc', 'vpc-x'))[0]).toBe('unknown')
    expect(far(() => undefined)).toEqual(['blocked', 'tgw-a [transit-gateway] TGW_NO_ROUTE'])
  })

  it('that the VPC is not attached to leads to no network', () => {
    const far = (edit: (estate: Estate) => unknown) => {
      const estate = twoVpcs(['192.168.0.0/16 tgw-x'], [])
      edit(estate)
      return ask(estate, { from: 'i-a', to: '192.168.4.4', protocol: 'tcp', port: 443 })
    }
    expect(far((estate) => estate.transitGateway('tgw-x'))).toEqual([
      'blocked',
      'tgw-x [transit-gateway] TGW_NO_ROUTE',
    ])
    expect(far(() => undefined)).toEqual(['unknown', 'tgw-x [transit-gateway] OTHER_ACCOUNT'])
  })

  it('leads out to the internet only by a NAT gateway of the VPC that it sends to', () => {
    const hub = (route: string | undefined, edit: (estate: Estate) => unknown = () => undefined) => {
      const estate = joined(['0.0.0.0/0 tgw-attach-b'])
      const routes = ['10.1.0.0/16 local', '10.0.0.0/16 tgw-a', ...(route ? [route] : [])]
      estate.table('rtb-exit', 'vpc-b', { subnets: ['subnet-tgw-b'] }, routes)
      edit(estate)
      return ask(estate, { from: 'i-a', to: 'internet', protocol: 'tcp', port: 443 })
    }
    expect(hub('0.0.0.0/0 igw-b')).toContain('subnet-tgw-b [route] NO_PUBLIC_ADDRESS (0.0.0.0/0)')
    expect(hub('0.0.0.0/0 pcx-b')).toContain('subnet-tgw-b [route] NO_ROUTE (0.0.0.0/0)')
    expect(hub('0.0.0.0/0 vpce-fw')).toEqual(['unknown', 'vpce-fw [endpoint] APPLIANCE_ON_PATH (0.0.0.0/0)'])
    expect(hub('0.0.0.0/0 nat-b')[0]).toBe('blocked')
    expect(hub('0.0.0.0/0 nat-b', (estate) => estate.without('AWS::EC2::NatGateway'))).toEqual([
      'unknown',
      'nat-b [nat-gateway] DENIED',
      'ec2:DescribeNatGateways denied',
    ])
  })

  it('leads out to the internet by what the snapshot lacks nobody can tell how', () => {
    const by = (type: string, id: string) =>
      ask(joined(['0.0.0.0/0 tgw-attach-x'], attached('tgw-attach-x', type, id)), {
        from: 'i-a',
        to: 'internet',
        protocol: 'tcp',
        port: 443,
      })
    expect(by('vpc', 'vpc-x')).toEqual(['unknown', 'vpc-x [transit-gateway] OTHER_ACCOUNT'])
    expect(by('peering', 'tgw-x')).toEqual(['unknown', 'tgw-x [transit-gateway] OTHER_ACCOUNT'])
    expect(by('direct-connect-gateway', 'dxgw-1')).toEqual([
      'unknown',
      'dxgw-1 [transit-gateway] NOT_MODELLED',
    ])
  })
})
