/** What must not change an answer, and in which direction what does change it may. */
import { describe, expect, it } from 'vitest'
import { createNetwork } from '../../../src/analyze/network/network.ts'
import type { ReachAnswer } from '../../../src/analyze/network/reach.ts'
import { reach } from '../../../src/analyze/network/reach.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { Json, JsonObject, Resource, Snapshot } from '../../../src/snapshot/model.ts'
import { createEstate, entry, permission } from './estate.ts'
import { generate, random } from './oracle/generate.ts'

const SEEDS = Array.from({ length: 40 }, (_, seed) => 7_000 + seed)

type Change = (resource: Resource) => JsonObject

const changed = (snapshot: Snapshot, type: string, change: Change): Snapshot => ({
  ...snapshot,
  resources: snapshot.resources.map((resource) =>
    resource.type === type ? { ...resource, config: { ...resource.config, ...change(resource) } } : resource,
  ),
})

const listOf = (resource: Resource, name: string): readonly JsonObject[] =>
  (resource.config[name] ?? []) as unknown as readonly JsonObject[]

/** Who reaches whom: from the internet to each interface, between some, and out. */
function answers(snapshot: Snapshot): Map<string, ReachAnswer> {
  const network = createNetwork(indexSnapshot(snapshot))
  const ids = [...network.topology.interfaces.keys()].filter((id) => !id.startsWith('eni-unrelated')).sort()
  const found = new Map<string, ReachAnswer>()
  const ask = (from: string, to: string): void => {
    found.set(`${from} → ${to}`, reach(network, { from, to }))
  }
  ids.forEach((id, at) => {
    ask('internet', id)
    ask(id, 'internet')
    ask(id, ids[(at + 1) % ids.length] ?? id)
    ask('192.168.0.0/16', id)
  })
  return found
}

/** The answers as sets: rows in no order. */
function sets(snapshot: Snapshot): Record<string, unknown> {
  return Object.fromEntries(
    [...answers(snapshot)].map(([key, { verdict, exposed }]) => [
      key,
      [verdict, exposed.map((row) => JSON.stringify(row)).sort()],
    ]),
  )
}

const GROUP = 'AWS::EC2::SecurityGroup'
const ACL = 'AWS::EC2::NetworkAcl'

function halves(cidr: string): string[] {
  const [base = '', bits = '32'] = cidr.split('/')
  const length = Number(bits)
  if (length > 24 || !base.includes('.')) return [cidr]
  const value = base.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0) + 2 ** (31 - length)
  const upper = [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
  return [`${base}/${length + 1}`, `${upper}/${length + 1}`]
}

function split(rule: JsonObject): JsonObject {
  const ranges = (rule['IpRanges'] ?? []) as unknown as readonly { CidrIp: string }[]
  return { ...rule, IpRanges: ranges.flatMap(({ CidrIp }) => halves(CidrIp)).map((CidrIp) => ({ CidrIp })) }
}

function renumbered(entries: readonly JsonObject[]): Json {
  const order = [...entries].sort((a, b) => Number(a['RuleNumber']) - Number(b['RuleNumber']))
  return order.map((one, at) => ({ ...one, RuleNumber: 3 + at * 7 })).reverse()
}

function withUnrelated(snapshot: Snapshot): Snapshot {
  const other = createEstate()
  other.vpc('vpc-unrelated', '10.200.0.0/16')
  other.internetGateway('igw-unrelated', 'vpc-unrelated')
  other.subnet('subnet-unrelated', 'vpc-unrelated', '10.200.0.0/24')
  other.table('rtb-unrelated', 'vpc-unrelated', { main: true }, [
    '10.200.0.0/16 local',
    '0.0.0.0/0 igw-unrelated',
  ])
  other.acl('acl-unrelated', 'vpc-unrelated', ['subnet-unrelated'])
  other.group('sg-unrelated', 'vpc-unrelated', { ingress: ['all 0.0.0.0/0'] })
  other.instance('i-unrelated', 'subnet-unrelated', { ip: '10.200.0.5', groups: ['sg-unrelated'] })
  return { ...snapshot, resources: [...snapshot.resources, ...other.resources] }
}

describe.each(SEEDS)('estate %i answers the same when', (seed) => {
  const snapshot = generate(seed).snapshot()
  const before = sets(snapshot)

  it('each CIDR of a group is split in two', () => {
    const rules = (resource: Resource, name: string) => listOf(resource, name).map(split)
    const after = changed(snapshot, GROUP, (resource) => ({
      IpPermissions: rules(resource, 'IpPermissions'),
      IpPermissionsEgress: rules(resource, 'IpPermissionsEgress'),
    }))
    expect(sets(after)).toEqual(before)
  })

  it('the rules of groups are in another order', () => {
    const after = changed(snapshot, GROUP, (resource) => ({
      IpPermissions: [...listOf(resource, 'IpPermissions')].reverse(),
      IpPermissionsEgress: [...listOf(resource, 'IpPermissionsEgress')].reverse(),
    }))
    expect(sets(after)).toEqual(before)
  })

  it('the rules of network ACLs are renumbered in their order', () => {
    expect(
      sets(changed(snapshot, ACL, (resource) => ({ Entries: renumbered(listOf(resource, 'Entries')) }))),
    ).toEqual(before)
  })

  it('the resources stand in another order', () => {
    expect(sets({ ...snapshot, resources: [...snapshot.resources].reverse() })).toEqual(before)
  })

  it('a VPC that nothing leads to is added', () => {
    expect(sets(withUnrelated(snapshot))).toEqual(before)
  })
})

describe.each(SEEDS)('in estate %i', (seed) => {
  const snapshot = generate(seed).snapshot()
  const before = answers(snapshot)
  const dice = random(seed)

  it('an allow that is added to a group or an ACL blocks nothing', () => {
    const rule = dice.pick(['tcp 22 0.0.0.0/0', 'all 10.0.0.0/8', 'udp 53 203.0.113.0/24'])
    const allowed = changed(snapshot, GROUP, (resource) => ({
      IpPermissions: [...listOf(resource, 'IpPermissions'), permission(rule)],
    }))
    const opened = changed(allowed, ACL, (resource) => ({
      Entries: [...listOf(resource, 'Entries'), entry('1 allow all 0.0.0.0/0', dice.chance(0.5))],
    }))
    const after = answers(opened)
    for (const [key, { verdict }] of before) {
      if (verdict === 'reachable') expect(after.get(key)?.verdict, key).toBe('reachable')
      if (verdict === 'unknown') expect(after.get(key)?.verdict, key).not.toBe('blocked')
    }
  })

  it('a deny that is added to an ACL opens nothing', () => {
    const rule = dice.pick([
      '1 deny tcp 0-1023 0.0.0.0/0',
      '1 deny all 203.0.113.0/24',
      '2 deny udp 0-65535 0.0.0.0/0',
    ])
    const after = answers(
      changed(snapshot, ACL, (resource) => ({
        Entries: [...listOf(resource, 'Entries'), entry(rule, dice.chance(0.5))],
      })),
    )
    for (const [key, { verdict }] of before) {
      if (verdict === 'blocked') expect(after.get(key)?.verdict, key).toBe('blocked')
      if (verdict === 'unknown') expect(after.get(key)?.verdict, key).not.toBe('reachable')
    }
  })
})
