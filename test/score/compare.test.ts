import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/rules/evaluate.ts'
import { loadRules } from '../../src/rules/load.ts'
import type { Audit, Finding } from '../../src/score/audit.ts'
import { buildAudit, fingerprintOf } from '../../src/score/build-audit.ts'
import { compareAudits } from '../../src/score/compare.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import type { CallRecord, Json, Resource } from '../../src/snapshot/model.ts'
import {
  ACCOUNT,
  analyses,
  BUCKET,
  bucket,
  called,
  denied,
  GROUP,
  group,
  REGION,
  ruleText,
  shapes,
} from '../rules/world.ts'

const OWNER = ruleText('id: no-owner\npass: has(tags.Owner)')
const OPEN = ruleText(
  `id: group-open\nseverity: high\nresource: ${GROUP}\neach: config.IpPermissions\nkey: string(item.FromPort)\npass: item.IpRanges.all(range, range.CidrIp != "0.0.0.0/0")`,
)
const open = (port: number): Json => ({
  FromPort: port,
  IpRanges: [{ CidrIp: '0.0.0.0/0' }],
  IpProtocol: 'tcp',
})

interface Setting {
  readonly rules?: readonly string[]
  readonly resources?: readonly Resource[]
  readonly calls?: readonly CallRecord[]
  readonly regions?: readonly string[]
  readonly accounts?: readonly string[]
}

const CALLS = [
  called('s3:ListBuckets', BUCKET, { region: 'global' }),
  called('s3:GetBucketTagging', BUCKET, { region: 'global' }),
  called('ec2:DescribeSecurityGroups', GROUP),
]
const RESOURCES = [bucket({}), group('sg-1', { IpPermissions: [open(22), open(3389)] })]

function audit({
  rules = [OWNER, OPEN],
  resources = RESOURCES,
  calls = CALLS,
  ...rest
}: Setting = {}): Audit {
  const loaded = loadRules(
    rules.map((text, at) => ({ file: `rules/data/${at}.yaml`, text })),
    shapes,
    analyses,
  )
  expect(loaded.problems.filter((problem) => problem.level === 'error')).toEqual([])
  const manifest = {
    schemaVersion: 1,
    tool: { name: 'aws-secaudit', version: '0' },
    time: '2026-11-24T00:00:00Z',
    partition: 'aws',
    accounts: (rest.accounts ?? [ACCOUNT]).map((id) => ({ id })),
    regions: rest.regions ?? [REGION],
    calls,
  }
  const judged = evaluate(loaded.rules, indexSnapshot({ manifest, resources }))
  return buildAudit({
    tool: manifest.tool,
    snapshot: { manifest, sha256: '0'.repeat(64) },
    lines: () => 2,
    ...judged,
    rules: loaded.rules.map((rule) => rule.about),
    showPassed: false,
  })
}

function compared(before: Audit, after: Audit) {
  const { findings, comparison } = compareAudits(before, after)
  const name = (of: { ruleId: string; subKey?: string }) =>
    of.subKey ? `${of.ruleId} ${of.subKey}` : of.ruleId
  return {
    states: Object.fromEntries(
      findings.filter((one) => one.baseline).map((one) => [name(one), one.baseline]),
    ),
    fixed: comparison.fixed.map(name),
    notRescanned: comparison.notRescanned.map(({ finding, reason }) => `${name(finding)}: ${reason}`),
    ruleChanged: comparison.ruleChanged.map(name),
  }
}

const ALL = { 'group-open 22': 'unchanged', 'group-open 3389': 'unchanged', 'no-owner': 'unchanged' }
const NOTHING = { fixed: [], notRescanned: [], ruleChanged: [] }

describe('an audit held against an earlier one', () => {
  it('of the same state changes nothing', () => {
    expect(compared(audit(), audit())).toEqual({ states: ALL, ...NOTHING })
  })

  it('calls new what was not there, and fixed what is not any more', () => {
    const before = audit({ resources: [bucket({}), group('sg-1', { IpPermissions: [open(22)] })] })
    const after = audit({
      resources: [
        bucket({}, { tags: { Owner: 'me' } }),
        group('sg-1', { IpPermissions: [open(22), open(23)] }),
      ],
    })
    expect(compared(before, after)).toEqual({
      states: { 'group-open 22': 'unchanged', 'group-open 23': 'new' },
      ...NOTHING,
      fixed: ['no-owner'],
    })
  })

  it('calls fixed what was deleted, where its list was read again', () => {
    expect(compared(audit(), audit({ resources: [] })).fixed.sort()).toEqual(Object.keys(ALL))
  })

  it('calls changed what has other evidence or another severity', () => {
    const wider = {
      FromPort: 22,
      IpRanges: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '10.0.0.0/8' }],
      IpProtocol: 'tcp',
    }
    const after = audit({ resources: [bucket({}), group('sg-1', { IpPermissions: [wider, open(3389)] })] })
    expect(compared(audit(), after).states).toMatchObject({
      'group-open 22': 'changed',
      'no-owner': 'unchanged',
    })
    const graver = OPEN.replace(
      'severity: high',
      'severity: { default: critical, cases: [{ when: "false", severity: low }] }',
    )
    expect(compared(audit(), audit({ rules: [OWNER, graver] })).states).toMatchObject({
      'group-open 22': 'rule-changed',
    })
  })

  it('does not mind order, paging and tags', () => {
    const turned = group(
      'sg-1',
      { IpPermissions: [open(3389), open(22)], Tags: [{ Key: 'a', Value: 'b' }] },
      { tags: { a: 'b' } },
    )
    expect(compared(audit(), audit({ resources: [turned, bucket({})], rules: [OPEN, OWNER] }))).toEqual({
      states: ALL,
      ...NOTHING,
    })
  })

  it('knows a rule that was renamed by its alias', () => {
    const renamed = OWNER.replace('id: no-owner', 'id: has-owner\naliases: [no-owner]')
    expect(compared(audit(), audit({ rules: [renamed, OPEN] }))).toEqual({
      states: { 'group-open 22': 'unchanged', 'group-open 3389': 'unchanged', 'has-owner': 'unchanged' },
      ...NOTHING,
    })
  })

  it('says of a rule that judges otherwise that it does', () => {
    const other = OWNER.replace('has(tags.Owner)', 'has(tags.Owner) || true')
    expect(compared(audit(), audit({ rules: [other, OPEN] }))).toMatchObject({
      fixed: [],
      ruleChanged: ['no-owner'],
    })
  })
})

describe('what was not looked at again is never fixed:', () => {
  const blind = (after: Audit) => compared(audit(), after)

  it('a denied listing', () => {
    const calls = CALLS.map((call) =>
      call.operation === 'DescribeSecurityGroups' ? { ...call, outcome: 'denied' as const, failed: 1 } : call,
    )
    expect(blind(audit({ calls, resources: [bucket({})] }))).toMatchObject({
      fixed: [],
      notRescanned: [
        'group-open 22: ec2:DescribeSecurityGroups denied',
        'group-open 3389: ec2:DescribeSecurityGroups denied',
      ],
    })
  })

  it('a denied answer about the resource', () => {
    const unseen = bucket({}, { missing: { Tags: denied('s3:GetBucketTagging') } })
    expect(blind(audit({ resources: [unseen, RESOURCES[1] as Resource] }))).toMatchObject({
      fixed: [],
      notRescanned: ['no-owner: s3:GetBucketTagging denied'],
    })
  })

  it('a Region that was left out', () => {
    const calls = CALLS.filter((call) => call.operation !== 'DescribeSecurityGroups')
    const elsewhere = called('ec2:DescribeSecurityGroups', GROUP, { region: 'us-east-1' })
    const after = audit({ calls: [...calls, elsewhere], resources: [bucket({})], regions: ['us-east-1'] })
    expect(blind(after)).toMatchObject({ fixed: [] })
    expect(
      blind(after).notRescanned.every((text) => text.endsWith('the Region eu-west-1 was not scanned')),
    ).toBe(true)
  })

  it('a Region that was left out, of what is said of the account or rests on what lies there', () => {
    const whole = 'arn:aws:iam::123456789012:root'
    const before = audit({ calls: CALLS, resources: [bucket({})] })
    const [finding] = before.findings
    if (!finding) throw new Error('no finding')
    const of = (resource: object, evidence = {}): Finding => ({
      ...finding,
      verdict: 'fail',
      resource: { ...finding.resource, ...resource },
      evidence,
      fingerprint: JSON.stringify([resource, evidence]),
    })
    const earlier = {
      ...before,
      snapshot: { ...before.snapshot, regions: ['eu-west-1', 'us-east-1'] },
      findings: [
        of({ id: whole, region: 'global' }),
        of({ region: 'eu-west-1' }, { replicas: ['arn:aws:kms:us-east-1:123456789012:key/1'] }),
        of({ region: 'eu-west-1' }, { replicas: ['arn:aws:kms:eu-west-1:123456789012:key/1'] }),
      ],
    }
    const after = { ...before, findings: [] }
    const { fixed, notRescanned } = compareAudits(earlier, after).comparison
    expect(notRescanned.map(({ reason }) => reason)).toEqual(
      Array(2).fill('the Region us-east-1 was not scanned'),
    )
    expect(fixed).toEqual([earlier.findings[2]])
  })

  it('an account that was left out', () => {
    const calls = CALLS.map((call) => ({ ...call, account: '210987654321' }))
    const after = audit({ calls, resources: [], accounts: ['210987654321'] })
    expect(blind(after)).toMatchObject({ fixed: [], states: {} })
  })

  it('a rule that was not asked', () => {
    expect(blind(audit({ rules: [OWNER] }))).toMatchObject({
      fixed: [],
      notRescanned: ['group-open 22: its rule was not asked', 'group-open 3389: its rule was not asked'],
    })
  })

  it('a list that was narrowed to some severities: what it hid is not called new', () => {
    const before = audit()
    const narrowed: Audit = {
      ...before,
      shown: ['high'],
      findings: before.findings.filter((one) => one.severity === 'high'),
    }
    expect(compared(narrowed, audit()).states).toEqual({
      'group-open 22': 'unchanged',
      'group-open 3389': 'unchanged',
    })
  })

  it('whatever was denied: each earlier finding is there, or fixed by nothing that was unseen', () => {
    const operations = ['s3:ListBuckets', 's3:GetBucketTagging', 'ec2:DescribeSecurityGroups']
    fc.assert(
      fc.property(fc.subarray(operations), (off) => {
        const isOff = (operation: string): boolean => off.includes(operation)
        const calls = CALLS.map((call) =>
          isOff(call.permission) ? { ...call, outcome: 'denied' as const, failed: 1 } : call,
        )
        const resources = [
          ...(isOff('s3:ListBuckets')
            ? []
            : [
                isOff('s3:GetBucketTagging')
                  ? bucket({}, { missing: { Tags: denied('s3:GetBucketTagging') } })
                  : bucket({}),
              ]),
          ...(isOff('ec2:DescribeSecurityGroups') ? [] : RESOURCES.slice(1)),
        ]
        expect(blind(audit({ calls, resources })).fixed).toEqual([])
      }),
    )
  })
})

describe('fingerprints', () => {
  it('do not collide over a hundred thousand resources', () => {
    const rule = { id: 'a-rule', aliases: [] }
    const seen = new Set<string>()
    for (let at = 0; at < 100_000; at++)
      seen.add(fingerprintOf(rule, `arn:aws:ec2:eu-west-1:123456789012:volume/vol-${at}`, at % 2 ? 'a' : ''))
    expect(seen.size).toBe(100_000)
  })

  it('tell rule, resource and sub-key apart wherever one ends', () => {
    const prints = [
      fingerprintOf({ id: 'a', aliases: [] }, 'b', 'c'),
      fingerprintOf({ id: 'a', aliases: [] }, 'bc', ''),
      fingerprintOf({ id: 'ab', aliases: [] }, 'c', ''),
      fingerprintOf({ id: 'a', aliases: [] }, 'b","c', ''),
    ]
    expect(new Set(prints).size).toBe(4)
  })
})
