import { describe, expect, it } from 'vitest'
import { type Explanation, explain } from '../../src/rules/explain.ts'
import { loadRules, type Rule } from '../../src/rules/load.ts'
import { testRules } from '../../src/rules/test-rules.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import type { Resource } from '../../src/snapshot/model.ts'
import {
  analyses,
  bucket,
  denied,
  group,
  networkInterface,
  ruleText,
  type Setting,
  shapes,
  snapshot,
} from './world.ts'

function explained(
  lines: string,
  resource: Resource,
  { others = [], subKey, ...options }: Setting & { others?: readonly Resource[]; subKey?: string } = {},
): Explanation & { rule: Rule } {
  const { rules, problems } = loadRules(
    [{ file: 'rules/data/test-rule.yaml', text: ruleText(lines) }],
    shapes,
    analyses,
  )
  const [rule] = rules
  if (!rule) throw new Error(problems.map((problem) => problem.message).join())
  const index = indexSnapshot(snapshot([resource, ...others], options.calls))
  return { ...explain({ rule, resource, ...(subKey === undefined ? {} : { subKey }) }, index, options), rule }
}

const text = (part: Explanation['pass']): unknown =>
  part && [part.text, part.value ?? '?', ...(part.parts ?? []).map(text)]

describe('an explanation', () => {
  it('has the value of every part of the expression', () => {
    const { pass, verdict } = explained(
      'pass: (config.Name == "x" || has(tags.Owner)) && !config.Versioning.Enabled',
      bucket({ Name: 'files', Versioning: {} }),
    )
    expect(verdict).toBe('fail')
    expect(text(pass)).toEqual([
      '(config.Name == "x" || has(tags.Owner)) && !config.Versioning.Enabled',
      false,
      [
        'config.Name == "x" || has(tags.Owner)',
        false,
        ['config.Name == "x"', false, ['config.Name', 'files']],
        ['has(tags.Owner)', false],
      ],
      ['!config.Versioning.Enabled', true, ['config.Versioning.Enabled', false]],
    ])
  })

  it('says which elements of a list decide it', () => {
    const open = { FromPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }], IpProtocol: 'tcp' }
    const closed = { FromPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/8' }], IpProtocol: 'tcp' }
    const sg = group('sg-1', { IpPermissions: [open, closed] })
    const all = explained(
      'resource: AWS::EC2::SecurityGroup\npass: config.IpPermissions.all(p, p.IpRanges.all(r, isPrivate(r.CidrIp)))',
      sg,
    )
    expect(all.pass?.elements).toEqual({ text: 'elements that break it', values: [open] })
    const some = explained(
      'resource: AWS::EC2::SecurityGroup\npass: "!config.IpPermissions.exists(p, p.FromPort == 22)"',
      sg,
    )
    expect(some.pass?.parts?.[0]?.elements).toEqual({ text: 'elements that meet it', values: [open] })
  })

  it('names the call that answered each field, and those of other resources', () => {
    const { fields } = explained(
      'resource: AWS::EC2::SecurityGroup\npass: resources("AWS::EC2::NetworkInterface").exists(eni, eni.config.Groups.exists(g, g.GroupId == config.GroupId))',
      group('sg-1', {}),
    )
    expect(fields).toEqual([
      {
        type: 'AWS::EC2::NetworkInterface',
        path: 'config.Groups[].GroupId',
        operation: 'ec2:DescribeNetworkInterfaces',
      },
      { path: 'config.GroupId', value: 'sg-1', operation: 'ec2:DescribeSecurityGroups' },
    ])
    const own = explained('pass: config.Versioning.Enabled', bucket({ Versioning: { Enabled: true } })).fields
    expect(own).toEqual([
      { path: 'config.Versioning.Enabled', value: true, operation: 's3:GetBucketVersioning' },
    ])
  })

  it('of what can’t be told has the reasons, and the rest', () => {
    const { verdict, pass, fields } = explained(
      'pass: config.Name == "files" && has(config.Policy)',
      bucket({ Name: 'files' }, { missing: { Policy: denied('s3:GetBucketPolicy') } }),
    )
    expect(verdict).toBe('unknown')
    expect(pass?.missing).toMatchObject([{ operation: 's3:GetBucketPolicy' }])
    expect(pass?.parts?.map((part) => part.value)).toEqual([true, undefined])
    expect(fields[1]).toMatchObject({ path: 'config.Policy', missing: { outcome: 'denied' } })
  })

  it('says what would have to be otherwise, each way by itself', () => {
    const ways = (lines: string) =>
      explained(lines, bucket({ Name: 'files' })).changes.map((way) =>
        way.map(({ text: of, becomes }) => `${of} ${becomes}`),
      )
    expect(ways('pass: config.Name == "x" || has(tags.Owner)')).toEqual([
      ['config.Name == "x" true'],
      ['has(tags.Owner) true'],
    ])
    expect(ways('pass: config.Name == "x" && has(tags.Owner)')).toEqual([
      ['config.Name == "x" true', 'has(tags.Owner) true'],
    ])
    expect(ways('pass: "!(config.Name == \'files\' && !has(tags.Owner))"')).toEqual([
      ["config.Name == 'files' false"],
      ['has(tags.Owner) true'],
    ])
    expect(ways('pass: has(tags.A) && (has(tags.B) || config.Name == "files")')).toEqual([
      ['has(tags.A) true'],
    ])
  })

  it('opens what the rule gave a name', () => {
    const { pass, changes } = explained('let: { owned: has(tags.Owner) }\npass: owned', bucket({}))
    expect(text(pass)).toEqual(['owned', false, ['has(tags.Owner)', false]])
    expect(changes).toEqual([[{ text: 'has(tags.Owner)', now: false, becomes: true }]])
  })

  it('of a rule that does not apply says why', () => {
    const { verdict, when, pass } = explained(
      'when: config.Name == "x"\npass: has(tags.Owner)',
      bucket({ Name: 'files' }),
    )
    expect([verdict, text(when), pass]).toEqual([
      'notApplicable',
      ['config.Name == "x"', false, ['config.Name', 'files']],
      undefined,
    ])
  })

  it('of a rule that judges elements is about the first bad one, or the one asked for', () => {
    const rules =
      'resource: AWS::EC2::SecurityGroup\neach: config.IpPermissions\nkey: string(item.FromPort)\npass: item.FromPort > 100'
    const sg = group('sg-1', { IpPermissions: [443, 22, 23].map((FromPort) => ({ FromPort })) })
    expect(explained(rules, sg)).toMatchObject({
      verdict: 'fail',
      element: { subKey: '22', value: { FromPort: 22 } },
    })
    expect(explained(rules, sg, { subKey: '23' }).element?.subKey).toBe('23')
    const good = group('sg-1', { IpPermissions: [{ FromPort: 443 }] })
    expect(explained(rules, good).verdict).toBe('pass')
  })

  it('shows the facts that were read', () => {
    const facts = { network: () => ({ known: { n: 1, reachable: ['0.0.0.0/0'] } }) }
    expect(explained('pass: facts.network.n == 0', bucket({}), { facts })).toMatchObject({
      verdict: 'fail',
      facts: { 'network.n': 1 },
      changes: [[{ text: 'facts.network.n == 0', becomes: true }]],
    })
  })

  it('never shows a credential', () => {
    const key = 'AKIAIOSFODNN7EXAMPLE'
    const told = JSON.stringify({
      ...explained('pass: tags.Key == "x"', bucket({}, { tags: { Key: key } })),
      rule: undefined,
    })
    expect(told).not.toContain(key)
  })
})

describe('what an explanation prints, evaluated again, gives the same verdict', () => {
  const facts = { network: () => ({ known: { n: 1, reachable: [], by: null } }) }
  const sg = (id: string) => group(id, { GroupId: id, IpPermissions: [{ FromPort: 22 }] })
  it.each<[string, string, Resource, Parameters<typeof explained>[2]]>([
    ['a pass', 'pass: config.Name == "files"', bucket({ Name: 'files' }), {}],
    ['a fail', 'pass: has(tags.Owner)', bucket({}), {}],
    [
      'an unknown',
      'pass: has(config.Policy)',
      bucket({}, { missing: { Policy: denied('s3:GetBucketPolicy') } }),
      {},
    ],
    ['one that does not apply', 'when: config.Name == "x"\npass: "true"', bucket({ Name: 'files' }), {}],
    [
      'one that looks others up',
      'resource: AWS::EC2::SecurityGroup\npass: resources("AWS::EC2::NetworkInterface", "Groups[].GroupId", config.GroupId).size() == 1',
      sg('sg-1'),
      {
        others: [
          networkInterface('eni-1', { Groups: [{ GroupId: 'sg-1' }] }),
          networkInterface('eni-2', { Groups: [] }),
        ],
      },
    ],
    [
      'one of an element',
      'resource: AWS::EC2::SecurityGroup\neach: config.IpPermissions\nkey: string(item.FromPort)\npass: item.FromPort > 100',
      sg('sg-1'),
      {},
    ],
    ['one that hangs on facts', 'pass: facts.network.n == 0', bucket({}), { facts }],
    [
      'one that hangs on time',
      'pass: daysSince(config.CreationDate) < 3',
      bucket({ CreationDate: '2026-05-01T00:00:00Z' }),
      { now: '2026-05-02T00:00:00Z' },
    ],
    [
      'one with parameters',
      'pass: config.Name == params.name\nparams: { name: { type: string, default: x, description: d } }',
      bucket({ Name: 'files' }),
      { params: { 'test-rule': { name: 'files' } } },
    ],
  ])('%s', (_name, lines, resource, setting) => {
    const { rule, test, verdict } = explained(lines, resource, setting)
    expect(Object.keys(test)).toEqual([verdict])
    const printed = JSON.parse(JSON.stringify(test)) as typeof test
    expect(testRules([{ ...rule, tests: [printed] }]).map((result) => result.message)).toEqual([''])
  })
})
