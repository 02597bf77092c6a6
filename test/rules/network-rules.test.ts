/** What the rules say of networks that other tools misjudge: raw answers in, findings out. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { network } from '../../src/analyze/network/analysis.ts'
import { evaluate } from '../../src/rules/evaluate.ts'
import { loadRules } from '../../src/rules/load.ts'
import type { Verdict } from '../../src/rules/model.ts'
import type { Shapes } from '../../src/rules/shapes.ts'
import { indexSnapshot, shortId } from '../../src/snapshot/index.ts'
import type { Outcome } from '../../src/snapshot/model.ts'
import { ACCOUNT, createEstate, type Estate, forward, webEstate } from '../analyze/network/estate.ts'

const root = resolve(import.meta.dirname, '../..')
const shapes = JSON.parse(readFileSync(join(root, 'src/generated/shapes.json'), 'utf8')) as Shapes
const folder = 'rules/infrastructure'
const files = readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)
const texts = files.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
const { rules } = loadRules(texts, shapes, [network])

const ADMIN = 'ec2-instance-admin-port-exposed'
const DATABASE = 'ec2-instance-database-port-exposed'
const ALL_PORTS = 'ec2-instance-all-ports-exposed'
const UNAPPROVED = 'ec2-instance-unapproved-port-exposed'
const BALANCER = 'ec2-instance-exposed-through-load-balancer'
const LATENT = 'ec2-security-group-latent-open'
const EXPOSURE: readonly string[] = [ADMIN, DATABASE, ALL_PORTS, UNAPPROVED, BALANCER, LATENT]

function judge(estate: Estate, ids = EXPOSURE): readonly Verdict[] {
  const { manifest, resources } = estate.snapshot()
  const owned = resources.map((one) => ({ ...one, config: { OwnerId: ACCOUNT, ...one.config } }))
  const index = indexSnapshot({ manifest, resources: owned })
  const facts = {
    network: network.prepare(index, { now: '2026-11-01T00:00:00Z', trustedAccounts: [] }),
  }
  const wanted = rules.filter(({ about }) => ids.includes(about.id))
  return evaluate(wanted, index, { facts, keepPasses: true }).verdicts
}

const of = (verdicts: readonly Verdict[], kind: Verdict['kind']): string[] =>
  verdicts
    .filter((one) => one.kind === kind)
    .map(({ rule, resource, severity }) =>
      kind === 'fail'
        ? `${rule.id} ${shortId(resource.id)} ${severity}`
        : `${rule.id} ${shortId(resource.id)}`,
    )
    .sort()

/** The findings about exposure, and that nothing is left open. */
function findings(estate: Estate): string[] {
  const verdicts = judge(estate)
  expect(of(verdicts, 'unknown')).toEqual([])
  return of(verdicts, 'fail')
}

const OPEN_SSH = [`${ADMIN} i-web critical`]
const LATENT_WEB = [`${LATENT} sg-web low`]

/** What keeps a latent rule closed, in the finding's words. */
const closed = (estate: Estate): string[] =>
  judge(estate, [LATENT])
    .filter((one) => one.kind === 'fail')
    .map(({ message }) => message.replace(/^.*only because /, ''))

/** The web estate with the public subnet's routes replaced. */
function routed(routes: readonly string[], parts: Parameters<typeof webEstate>[0] = {}): Estate {
  const estate = webEstate(parts)
  const at = estate.resources.findIndex(({ id }) => id.endsWith('rtb-public'))
  estate.resources.splice(at, 1)
  estate.table('rtb-public', 'vpc-a', { subnets: ['subnet-public'] }, ['10.0.0.0/16 local', ...routes])
  return estate
}

describe('a login that the internet reaches', () => {
  it('is one finding about the machine, with the packet that gets there', () => {
    const [finding] = judge(webEstate(), [ADMIN]).filter((one) => one.kind === 'fail')
    expect(finding?.message).toBe(
      'The whole internet can log in to i-web: port 22 is open. 203.0.113.7:49152 → igw-a → acl-public rule 100 → sg-web (tcp 22 0.0.0.0/0) → eni-web 10.0.0.5:22/tcp',
    )
    expect(finding?.evidence).toMatchObject({
      open: [
        { from: 22, to: 22, width: 'internet', witness: { packet: { dstIp: '52.0.0.5', dstPort: 22 } } },
      ],
    })
    expect(findings(webEstate())).toEqual(OPEN_SSH)
  })

  it('is one finding however many rules open it', () => {
    expect(findings(webEstate({ web: ['tcp 22 0.0.0.0/0', 'tcp 20-25 0.0.0.0/0', 'tcp 22 ::/0'] }))).toEqual([
      `${ADMIN} i-web critical`,
      `${UNAPPROVED} eni-web medium`,
    ])
  })

  it.each([
    ['two halves of the internet', ['tcp 22 0.0.0.0/1', 'tcp 22 128.0.0.0/1'], 'critical'],
    [
      'many blocks that are most of it together',
      ['tcp 22 0.0.0.0/2', 'tcp 22 64.0.0.0/2', 'tcp 22 128.0.0.0/2'],
      'critical',
    ],
    ['a /8', ['tcp 22 52.0.0.0/8'], 'critical'],
    ['a /23 of a partner', ['tcp 22 203.0.112.0/23'], 'high'],
    ['one address', ['tcp 22 203.0.113.7/32'], 'medium'],
    ['all protocols without ports', ['all 203.0.112.0/23'], 'high'],
  ])('is graded by who can try: %s', (_, web, severity) => {
    expect(findings(webEstate({ web })).filter((one) => one.startsWith(ADMIN))).toEqual([
      `${ADMIN} i-web ${severity}`,
    ])
  })

  it('is found behind a prefix list', () => {
    const estate = webEstate({ web: ['tcp 22 pl-halves'] })
    estate.prefixList('pl-halves', ['0.0.0.0/1', '128.0.0.0/1'])
    expect(findings(estate)).toEqual(OPEN_SSH)
  })

  it('is none where a prefix list holds private ranges only', () => {
    const estate = webEstate({ web: ['tcp 22 pl-inside'] })
    estate.prefixList('pl-inside', ['10.0.0.0/8', '192.168.0.0/16'])
    expect(findings(estate)).toEqual([])
  })

  const v6 = (ingress: readonly string[], target: string): Estate => {
    const estate = createEstate()
    estate.vpc('vpc-a', ['10.0.0.0/16', '2a05:d000:1::/56'])
    estate.internetGateway('igw-a', 'vpc-a')
    estate.egressOnly('eigw-a', 'vpc-a')
    estate.subnet('subnet-a', 'vpc-a', '10.0.0.0/24', { v6: '2a05:d000:1::/64' })
    estate.table('rtb-a', 'vpc-a', { main: true }, [
      '10.0.0.0/16 local',
      '2a05:d000:1::/56 local',
      `::/0 ${target}`,
    ])
    estate.acl('acl-a', 'vpc-a', ['subnet-a'])
    estate.group('sg-a', 'vpc-a', { ingress })
    estate.instance('i-a', 'subnet-a', { ip: '10.0.0.5', v6: ['2a05:d000:1::5'], groups: ['sg-a'] })
    return estate
  }

  it.each([['::/0'], ['2000::/3']])('is found where only IPv6 leads there: %s', (cidr) => {
    expect(findings(v6([`tcp 22 ${cidr}`], 'igw-a'))).toEqual([`${ADMIN} i-a critical`])
  })

  it('is none behind an egress-only gateway', () => {
    expect(findings(v6(['tcp 22 ::/0'], 'eigw-a'))).toEqual([`${LATENT} sg-a low`])
    expect(closed(v6(['tcp 22 ::/0'], 'eigw-a'))[0]).toContain('the gateway lets nothing in (eigw-a)')
  })
})

describe('an open rule that opens nothing is latent, and says why', () => {
  it('on nothing: a note, and no exposure', () => {
    const estate = webEstate({ web: [] })
    estate.group('sg-idle', 'vpc-a', { ingress: ['tcp 22 0.0.0.0/0'] })
    expect(findings(estate)).toEqual([`${LATENT} sg-idle info`])
    expect(closed(estate)).toEqual(['nothing has the group.'])
  })

  it('in a private subnet, without a public address', () => {
    const estate = webEstate({ web: [], app: ['tcp 22 0.0.0.0/0'] })
    expect(findings(estate)).toEqual([`${LATENT} sg-app low`])
    expect(closed(estate)).toEqual([
      'what has it has no public address (eni-app); its subnet has no route back to the internet (rtb-main).',
    ])
  })

  it('by IPv6, where nothing has such an address', () => {
    const estate = webEstate({ web: ['tcp 443 0.0.0.0/0', 'tcp 22 ::/0'] })
    expect(findings(estate)).toEqual(LATENT_WEB)
    expect(closed(estate)).toEqual(['what has it has no public address (eni-web).'])
  })

  it('in a VPC without an internet gateway', () => {
    const estate = routed([])
    estate.resources.splice(
      estate.resources.findIndex(({ type }) => type === 'AWS::EC2::InternetGateway'),
      1,
    )
    expect(findings(estate)).toEqual(LATENT_WEB)
    expect(closed(estate)[0]).toContain('its VPC has no internet gateway')
  })

  it('in a public subnet, without a public address', () => {
    const estate = webEstate({ web: [] })
    estate.group('sg-open', 'vpc-a', { ingress: ['tcp 3389 0.0.0.0/0'] })
    estate.instance('i-inside', 'subnet-public', { ip: '10.0.0.6', groups: ['sg-open'] })
    expect(findings(estate)).toEqual([`${LATENT} sg-open low`])
  })

  it.each([
    [
      'a deny before the allow',
      { ingress: ['90 deny tcp 22 0.0.0.0/0', '100 allow all 0.0.0.0/0'] },
      'the network ACL denies it',
    ],
    ['no answer let out', { egress: ['100 allow all 10.0.0.0/8'] }, 'the network ACL denies the answer'],
  ])('behind a network ACL: %s', (_, parts, reason) => {
    expect(findings(webEstate(parts))).toEqual(LATENT_WEB)
    expect(closed(webEstate(parts))[0]).toContain(reason)
  })

  it('not behind a network ACL whose deny comes after the allow, or leaves the port out', () => {
    expect(
      findings(webEstate({ ingress: ['100 allow all 0.0.0.0/0', '110 deny tcp 22 0.0.0.0/0'] })),
    ).toEqual(OPEN_SSH)
    expect(
      findings(webEstate({ ingress: ['90 deny tcp 23-80 0.0.0.0/0', '100 allow all 0.0.0.0/0'] })),
    ).toEqual(OPEN_SSH)
  })

  it.each([
    ['a blackhole', ['0.0.0.0/0 igw-a blackhole'], 'the route back leads nowhere'],
    ['a NAT gateway as the way out', ['0.0.0.0/0 nat-a'], 'no route back to the internet'],
  ])('where the route back is %s', (_, routes, reason) => {
    const estate = routed(routes)
    estate.nat('nat-a', 'subnet-private', '10.0.1.9', '52.0.0.99')
    expect(findings(estate)).toEqual(LATENT_WEB)
    expect(closed(estate)[0]).toContain(reason)
  })

  it('for those to whom a more specific route leads elsewhere: the others still get in', () => {
    const estate = routed(['0.0.0.0/0 igw-a', '203.0.113.0/24 nat-a'])
    estate.nat('nat-a', 'subnet-private', '10.0.1.9', '52.0.0.99')
    expect(findings(estate)).toEqual(OPEN_SSH)
    const partner = routed(['0.0.0.0/0 igw-a', '203.0.113.0/24 nat-a'], { web: ['tcp 22 203.0.113.0/25'] })
    partner.nat('nat-a', 'subnet-private', '10.0.1.9', '52.0.0.99')
    expect(findings(partner)).toEqual([])
  })

  it('by the table that the subnet names, whatever the main one says', () => {
    const estate = webEstate({ web: [] })
    estate.table('rtb-own', 'vpc-a', { subnets: ['subnet-own'] }, ['10.0.0.0/16 local'])
    estate.subnet('subnet-own', 'vpc-a', '10.0.2.0/24')
    estate.acl('acl-own', 'vpc-a', ['subnet-own'])
    estate.group('sg-own', 'vpc-a', { ingress: ['tcp 22 0.0.0.0/0'] })
    estate.instance('i-own', 'subnet-own', { ip: '10.0.2.5', public: '52.0.0.7', groups: ['sg-own'] })
    const main = estate.resources.find(({ id }) => id.endsWith('rtb-main'))
    estate.resources.splice(estate.resources.indexOf(main as NonNullable<typeof main>), 1)
    estate.table('rtb-main', 'vpc-a', { main: true }, ['10.0.0.0/16 local', '0.0.0.0/0 igw-a'])
    expect(findings(estate)).toEqual([`${LATENT} sg-own low`])
  })

  it('of a stopped machine', () => {
    const estate = webEstate({ web: [] })
    estate.group('sg-off', 'vpc-a', { ingress: ['tcp 22 0.0.0.0/0'] })
    const how = { ip: '10.0.0.9', public: '52.0.0.9', groups: ['sg-off'], state: 'stopped' }
    estate.instance('i-off', 'subnet-public', how)
    expect(findings(estate)).toEqual([`${LATENT} sg-off low`])
    expect(closed(estate)).toEqual(['the machine is not running (i-off).'])
  })

  it('under VPC Block Public Access', () => {
    const estate = webEstate()
    estate.blockPublicAccess('block-bidirectional')
    expect(findings(estate)).toEqual(LATENT_WEB)
  })
})

describe('what admits no stranger', () => {
  it.each([
    ['a group', ['tcp 22 sg-app']],
    ['private ranges', ['all 10.0.0.0/8', 'tcp 22 192.168.0.0/16']],
    ['ICMP', ['icmp 8:-1 0.0.0.0/0']],
    ['the web', ['tcp 443 0.0.0.0/0', 'tcp 80 0.0.0.0/0', 'udp 443 0.0.0.0/0']],
  ])('is no finding: %s', (_, web) => {
    expect(findings(webEstate({ web }))).toEqual([])
  })

  it('is a rule for its own NAT gateway', () => {
    const estate = webEstate({ web: ['tcp 22 52.0.0.99/32'] })
    estate.nat('nat-a', 'subnet-public', '10.0.0.9', '52.0.0.99')
    expect(findings(estate)).toEqual([])
  })

  it('is a peering with a route on one side only', () => {
    const estate = webEstate({ web: [], app: ['tcp 5432 10.1.0.0/16'] })
    estate.vpc('vpc-b', '10.1.0.0/16')
    estate.subnet('subnet-b', 'vpc-b', '10.1.0.0/24')
    estate.acl('acl-b', 'vpc-b', ['subnet-b'])
    estate.table('rtb-b', 'vpc-b', { main: true }, ['10.1.0.0/16 local', '10.0.0.0/16 pcx-a'])
    estate.group('sg-b', 'vpc-b')
    estate.instance('i-b', 'subnet-b', { ip: '10.1.0.5', groups: ['sg-b'], tags: { Tier: 'office' } })
    estate.peering('pcx-a', 'vpc-a', 'vpc-b')
    const app = estate.resources.find(({ id }) => id.endsWith('eni-app'))
    Object.assign(app?.tags ?? {}, { Tier: 'database' })
    const tiers = 'ec2-security-group-tier-database-from-app'
    expect(of(judge(estate, [tiers]), 'fail')).toEqual([])
    const main = estate.resources.findIndex(({ id }) => id.endsWith('rtb-main'))
    estate.resources.splice(main, 1)
    estate.table('rtb-main', 'vpc-a', { main: true }, ['10.0.0.0/16 local', '10.1.0.0/16 pcx-a'])
    expect(of(judge(estate, [tiers]), 'fail')).toEqual([`${tiers} eni-app high`])
  })
})

describe('each open port is told once', () => {
  it.each([
    ['a data store', ['tcp 5432 0.0.0.0/0'], [`${DATABASE} eni-web critical`]],
    ['memcached by UDP', ['udp 11211 0.0.0.0/0'], [`${DATABASE} eni-web critical`]],
    ['a console', ['tcp 8443 0.0.0.0/0'], [`${UNAPPROVED} eni-web medium`]],
    ['a console for a partner', ['tcp 8443 203.0.113.0/24'], [`${UNAPPROVED} eni-web low`]],
    [
      'everything',
      ['all 0.0.0.0/0'],
      [`${ADMIN} i-web critical`, `${ALL_PORTS} eni-web critical`, `${DATABASE} eni-web critical`],
    ],
  ])('%s', (_, web, expected) => {
    expect(findings(webEstate({ web }))).toEqual(expected)
  })
})

describe('a machine behind a load balancer', () => {
  const behind = (port: number, ingress: readonly string[]): Estate => {
    const estate = webEstate({ web: [], app: [`tcp ${port} sg-lb`] })
    estate.group('sg-lb', 'vpc-a', { ingress })
    const arn = estate.balancer('app/front/1', 'application', 'vpc-a', ['sg-lb'], {
      'subnet-public': { ip: '10.0.0.100', public: '52.0.0.100' },
    })
    const targets = estate.targets('tg', 'vpc-a', 'instance', 'HTTP', port, ['i-app'])
    estate.listener(arn, 443, 'HTTPS', [forward(targets)])
    return estate
  }

  it('is exposed without an address of its own: a fact for the web, a fault for a search engine', () => {
    expect(findings(behind(8080, ['tcp 443 0.0.0.0/0']))).toEqual([`${BALANCER} i-app info`])
    expect(findings(behind(9200, ['tcp 443 0.0.0.0/0']))).toEqual([`${BALANCER} i-app high`])
  })

  it('answers no login by an Application Load Balancer, which speaks HTTP alone', () => {
    expect(findings(behind(22, ['tcp 443 0.0.0.0/0']))).toEqual([`${BALANCER} i-app info`])
  })

  it('is not where the balancer’s groups do not let its listener be reached', () => {
    expect(findings(behind(8080, ['tcp 80 0.0.0.0/0']))).toEqual([])
  })
})

describe('what was not seen', () => {
  const unseen = (type: string, outcome: Outcome): string[] => {
    const estate = webEstate()
    estate.without(`AWS::EC2::${type}`, outcome)
    const verdicts = judge(estate, [ADMIN])
    expect(of(verdicts, 'fail')).toEqual([])
    return verdicts
      .filter((one) => one.kind === 'unknown')
      .flatMap(({ missing }) => missing.map((one) => `${one.operation} ${one.outcome}`))
  }

  it.each([
    ['NetworkInterface', 'ec2:DescribeNetworkInterfaces'],
    ['SecurityGroup', 'ec2:DescribeSecurityGroups'],
    ['NetworkAcl', 'ec2:DescribeNetworkAcls'],
    ['RouteTable', 'ec2:DescribeRouteTables'],
  ])('leaves it unknown, and names the call: %s', (type, operation) => {
    expect(new Set(unseen(type, 'denied'))).toEqual(new Set([`${operation} denied`]))
    expect(new Set(unseen(type, 'not-collected'))).toEqual(new Set([`${operation} not-collected`]))
  })

  it('does not matter where a known part blocks', () => {
    const estate = webEstate({ web: ['tcp 443 0.0.0.0/0'] })
    estate.without('AWS::EC2::NetworkAcl')
    expect(of(judge(estate, [ADMIN]), 'pass')).toEqual([`${ADMIN} i-app`, `${ADMIN} i-web`])
  })

  it('of a list that a rule names does not hide what another rule opens', () => {
    const estate = webEstate({ web: ['tcp 22 0.0.0.0/0', 'tcp 5432 pl-unseen'] })
    estate.prefixList('pl-unseen', undefined)
    const verdicts = judge(estate)
    expect(of(verdicts, 'fail')).toEqual(OPEN_SSH)
    expect(of(verdicts, 'unknown')).toEqual([`${DATABASE} eni-web`, `${LATENT} sg-web`])
  })
})
