/** Estates that several tests ask about. */
import type { JsonObject } from '../../../src/snapshot/model.ts'
import type { Estate, InterfaceParts } from './estate.ts'
import { ANYWHERE, createEstate, forward, webEstate } from './estate.ts'

/** A VPC of both families: i-six has an IPv6 address, and `way` is where ::/0 goes. */
export function sixEstate(
  more: { readonly way?: string; readonly rules?: readonly string[]; readonly deny?: boolean } = {},
) {
  const estate = createEstate()
  estate.vpc('vpc-a', ['10.0.0.0/16', '2600:1f00:0:1000::/56'])
  estate.internetGateway('igw-a', 'vpc-a')
  estate.egressOnly('eigw-a', 'vpc-a')
  estate.subnet('subnet-a', 'vpc-a', '10.0.0.0/24', { v6: '2600:1f00:0:1000::/64' })
  estate.table('rtb-a', 'vpc-a', { main: true }, [
    '10.0.0.0/16 local',
    '2600:1f00:0:1000::/56 local',
    `::/0 ${more.way ?? 'igw-a'}`,
  ])
  estate.acl('acl-a', 'vpc-a', ['subnet-a'])
  estate.group('sg-a', 'vpc-a', { ingress: more.rules ?? ['tcp 443 ::/0'], egress: ANYWHERE })
  estate.instance('i-six', 'subnet-a', {
    ip: '10.0.0.5',
    v6: ['2600:1f00:0:1000::5'],
    groups: ['sg-a'],
    ...(more.deny ? { more: { DenyAllIgwTraffic: true } } : {}),
  })
  return estate
}

/** Two VPCs with an instance each, 10.0.0.5 and 10.1.0.5; their main tables have what is given beside local. */
export function twoVpcs(a: readonly string[], b: readonly string[]): Estate {
  const estate = createEstate()
  for (const [name, net, routes] of [
    ['a', '10.0', a],
    ['b', '10.1', b],
  ] as const) {
    estate.vpc(`vpc-${name}`, `${net}.0.0/16`)
    estate.subnet(`subnet-${name}`, `vpc-${name}`, `${net}.0.0/24`)
    estate.subnet(`subnet-tgw-${name}`, `vpc-${name}`, `${net}.9.0/24`)
    estate.acl(`acl-${name}`, `vpc-${name}`, [`subnet-${name}`])
    estate.acl(`acl-tgw-${name}`, `vpc-${name}`, [`subnet-tgw-${name}`])
    estate.table(`rtb-${name}`, `vpc-${name}`, { main: true }, [`${net}.0.0/16 local`, ...routes])
    estate.group(`sg-${name}`, `vpc-${name}`, { ingress: ['tcp 443 10.0.0.0/8'] })
    estate.instance(`i-${name}`, `subnet-${name}`, { ip: `${net}.0.5`, groups: [`sg-${name}`] })
  }
  return estate
}

export interface BalancedParts {
  readonly type?: 'application' | 'network'
  readonly groups?: readonly string[]
  readonly node?: InterfaceParts
  readonly protocol?: string
  readonly targets?: {
    readonly type?: 'instance' | 'ip'
    readonly protocol?: string
    readonly ids?: readonly string[]
  }
  readonly attributes?: Readonly<Record<string, string>>
  readonly app?: readonly string[]
  readonly actions?: readonly JsonObject[]
  readonly rules?: readonly (readonly JsonObject[])[]
}

/** An internet-facing balancer in the public subnet that listens on 443 and leads to i-app, which has no public address, on 8080. */
export function balanced(parts: BalancedParts = {}) {
  const type = parts.type ?? 'application'
  const estate = webEstate({ app: parts.app ?? ['tcp 8080 sg-lb'] })
  estate.group('sg-lb', 'vpc-a', { ingress: ['tcp 443 0.0.0.0/0', 'udp 443 0.0.0.0/0'] })
  const node = parts.node ?? { ip: '10.0.0.100', public: '52.0.0.100' }
  const id = `${type === 'network' ? 'net' : 'app'}/front/1`
  const arn = estate.balancer(id, type, 'vpc-a', parts.groups ?? ['sg-lb'], { 'subnet-public': node })
  const own = parts.targets ?? {}
  const http = type === 'application' ? 'HTTP' : 'TCP'
  const group = estate.targets(
    'tg',
    'vpc-a',
    own.type ?? 'instance',
    own.protocol ?? http,
    8080,
    own.ids ?? ['i-app'],
    parts.attributes,
  )
  estate.listener(
    arn,
    443,
    parts.protocol ?? (type === 'application' ? 'HTTPS' : 'TCP'),
    parts.actions ?? [forward(group)],
    parts.rules,
  )
  return { estate, arn, group }
}

/** Another VPC, vpc-c, whose instance i-c asks for port 443 of what its own VPC holds. */
export function consumerVpc(estate: Estate): void {
  estate.vpc('vpc-c', '10.8.0.0/16')
  estate.subnet('subnet-c', 'vpc-c', '10.8.0.0/24')
  estate.acl('acl-c', 'vpc-c', ['subnet-c'])
  estate.table('rtb-c', 'vpc-c', { main: true }, ['10.8.0.0/16 local'])
  estate.group('sg-c', 'vpc-c', { ingress: ['tcp 443 10.8.0.0/16'] })
  estate.instance('i-c', 'subnet-c', { ip: '10.8.0.5', groups: ['sg-c'] })
}
