import { describe, expect, it } from 'vitest'
import type { Json, Resource } from '../../src/snapshot/model.ts'
import {
  ACCOUNT,
  allCalls,
  audit,
  BUCKET,
  bucket,
  called,
  denied,
  GROUP,
  group,
  INTERFACE,
  load,
  networkInterface,
  verdict,
} from './world.ts'

const kind = (pass: string, config: { [key: string]: Json } = {}) => verdict(pass, bucket(config)).kind

describe('a verdict', () => {
  it('is not applicable where `when` is false, and counted', () => {
    const { verdicts, counts } = audit('when: config.Name == "other"\npass: "true"', [bucket({})])
    expect(verdicts).toEqual([])
    expect(counts).toEqual([
      { ruleId: 'test-rule', pass: 0, fail: 0, unknown: 0, waived: 0, notApplicable: 1 },
    ])
  })

  it('is counted, and kept only on request, when it is a pass', () => {
    const { verdicts, counts } = audit('pass: "true"', [bucket({})], { keepPasses: false })
    expect(verdicts).toEqual([])
    expect(counts[0]?.pass).toBe(1)
  })

  it('carries message, fix and the values that were read', () => {
    const lines = `
pass: config.Versioning.Enabled && config.Name != ""
message: "{name} in {region} keeps {config.Versioning.Days} days of {config.Name}"
fix:
  text: Turn it on.
  cli: aws s3api put --bucket {config.Name} --x '{"Status":"Enabled"}' --y \${HOME} {{name}
  terraform: |
    resource {
      bucket = "{config.Name}"
    }`
    const { verdicts } = audit(lines, [bucket({ Versioning: { Days: 3 } })])
    expect(verdicts[0]).toMatchObject({
      kind: 'fail',
      severity: 'medium',
      resource: { id: 'arn:aws:s3:::files', type: BUCKET, account: ACCOUNT, name: 'files' },
      message: 'files in eu-west-1 keeps 3 days of files',
      evidence: { 'Versioning.Enabled': false, Name: 'files' },
      missing: [],
    })
    expect(verdicts[0]?.remediation).toEqual({
      text: 'Turn it on.',
      cli: `aws s3api put --bucket files --x '{"Status":"Enabled"}' --y \${HOME} {name}`,
      terraform: 'resource {\n  bucket = "files"\n}',
    })
  })

  it('says so in its message where a field was not answered', () => {
    const { verdicts } = audit('pass: "false"\nmessage: "key {config.Encryption.KeyId}"', [bucket({})])
    expect(verdicts[0]?.message).toBe('key (not known)')
  })

  it('shows the evidence that the rule names', () => {
    const { verdicts } = audit('pass: "false"\nevidence: [Tags, config.Name]', [
      bucket({ Tags: [{ Key: 'a' }] }),
    ])
    expect(verdicts[0]?.evidence).toEqual({ Tags: [{ Key: 'a' }], Name: 'files' })
  })

  it('shows what a name stands for, where the evidence asks for the name', () => {
    const lines = 'let: { keys: "config.Tags.map(tag, tag.Key)" }\npass: keys.size() == 0\nevidence: [keys]'
    const tags = Array.from({ length: 21 }, (_, at) => ({ Key: `k${at}` }))
    const { verdicts } = audit(lines, [bucket({ Tags: [{ Key: 'a' }] }), bucket({ Tags: tags })])
    expect(verdicts[0]?.evidence).toEqual({ keys: ['a'] })
    expect(verdicts[1]?.evidence['keys']).toEqual([
      ...tags.slice(0, 20).map(({ Key }) => Key),
      '… (21 items)',
    ])
  })

  it('shows only the element of a rule with each, where its evidence says so', () => {
    const lines = 'each: config.Tags\nkey: item.Key\npass: config.Name == ""\nevidence: [item]'
    const { verdicts } = audit(lines, [bucket({ Tags: [{ Key: 'a', Value: 'b' }] })])
    expect(verdicts[0]?.evidence).toEqual({ item: { Key: 'a', Value: 'b' } })
    expect(load('pass: "true"\nevidence: [item]').problems[0]?.message).toBe('there is no item without each')
  })

  it('never repeats a credential that somebody wrote into a tag, a name or a field', () => {
    const key = 'AKIAIOSFODNN7EXAMPLE'
    const subject = bucket(
      { Policy: { Id: key }, Tags: [{ Key: 'password', Value: 'hunter2' }] },
      { name: key, tags: { build: key, password: 'hunter2' } },
    )
    const lines = `
each: '["one"]'
key: name
pass: config.Policy.Id == "" && config.Tags.size() == 0
message: "{name} {config.Policy.Id} {tags.build}"
fix: { text: "Remove {name}." }`
    const told = JSON.stringify(audit(lines, [subject]).verdicts.map(({ rule: _, ...rest }) => rest))
    expect(told).not.toMatch(/AKIA|hunter2/)
    expect(told).toContain('hidden')
  })

  it('cuts evidence to what a person reads', () => {
    const { verdicts } = audit('pass: config.Policy == 1', [bucket({ Policy: 'x'.repeat(10_000) })])
    expect(String(verdicts[0]?.evidence['Policy'])).toHaveLength(1000 + '… (10000 characters)'.length)
  })
})

describe('severity', () => {
  const cases = [
    'pass: "false"',
    'severity:',
    '  default: low',
    '  cases:',
    '    - { when: config.Name == "public", severity: critical }',
    '    - { when: has(config.Policy), severity: high }',
  ].join('\n')
  const grade = (subject: ReturnType<typeof bucket>) => audit(cases, [subject]).verdicts[0]?.severity
  it('is that of the first case that holds, or the default', () => {
    expect(grade(bucket({}))).toBe('low')
    expect(grade(bucket({ Name: 'public', Policy: {} }))).toBe('critical')
    expect(grade(bucket({ Policy: {} }))).toBe('high')
  })
  it('is never understated when a case cannot be told', () => {
    expect(grade(bucket({}, { missing: { Policy: denied('s3:GetBucketPolicy') } }))).toBe('high')
  })
})

describe('each', () => {
  const lines = `resource: ${GROUP}
each: config.IpPermissions
key: item.?IpProtocol.orValue("all") + ":" + string(item.?FromPort.orValue(0))
pass: '!item.IpRanges.exists(range, range.CidrIp == "0.0.0.0/0")'
message: '{name} opens {item.FromPort} to {item.IpRanges.map(range, range.CidrIp)}'`
  const open = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] })
  it('gives a finding for each element that fails, told apart by its key', () => {
    const subject = group('sg-1', {
      IpPermissions: [open(22), { ...open(80), IpRanges: [] }, open(3389), open(22)],
    })
    const { verdicts, counts } = audit(lines, [subject])
    const findings = verdicts.filter((one) => one.kind === 'fail')
    expect(findings.map((one) => [one.kind, one.subKey, one.message])).toEqual([
      ['fail', 'tcp:22', 'sg-1 opens 22 to 0.0.0.0/0'],
      ['fail', 'tcp:3389', 'sg-1 opens 3389 to 0.0.0.0/0'],
      ['fail', 'tcp:22#2', 'sg-1 opens 22 to 0.0.0.0/0'],
    ])
    expect(verdicts[0]?.evidence['item']).toEqual(open(22))
    expect(counts[0]).toMatchObject({ pass: 1, fail: 3 })
  })
  it('passes for each element that is in order, and once where there is none', () => {
    expect(
      audit(lines, [group('sg-1'), group('sg-2', { IpPermissions: [{ IpRanges: [] }, { IpRanges: [] }] })])
        .counts[0],
    ).toMatchObject({
      pass: 3,
      fail: 0,
    })
  })
  it('is unknown where the list could not be read, or an element cannot be told', () => {
    const subject = group('sg-1', {}, { missing: { IpPermissions: denied('ec2:DescribeSecurityGroups') } })
    expect(audit(lines, [subject]).verdicts.map((one) => one.kind)).toEqual(['unknown'])
    const odd = group('sg-2', { IpPermissions: [open(22), { IpRanges: [{}] }] })
    expect(audit(lines, [odd]).verdicts.map((one) => one.kind)).toEqual(['fail', 'unknown'])
  })
})

describe('how to mend it', () => {
  const lines = "pass: has(config.Policy)\nfix: { text: 'Write a policy for {config.Name}.' }"
  const texts = (resource: Resource) => audit(lines, [resource]).verdicts.map((one) => one.remediation.text)
  it('is the rule’s own where it fails, and nothing where it passes', () => {
    expect(texts(bucket({ Name: 'files' }))).toEqual(['Write a policy for files.'])
    expect(texts(bucket({ Policy: {} }))).toEqual(['Nothing to do.'])
  })
  it('is to see it first, where nobody could', () => {
    const unseen = bucket({}, { missing: { Policy: denied('s3:GetBucketPolicy') } })
    expect(texts(unseen)).toEqual(['Grant s3:GetBucketPolicy, and collect again.'])
    const calls = [called('s3:ListBuckets', BUCKET, { region: 'global', outcome: 'denied' })]
    expect(audit(lines, [], { calls }).verdicts.map((one) => one.remediation.text)).toEqual([
      'Grant s3:ListBuckets, and collect again.',
    ])
  })
})

describe('what AWS left out', () => {
  it('is what the collector declares it to mean', () => {
    expect(kind('config.Versioning.Enabled', { Versioning: {} })).toBe('fail')
    expect(kind('config.Versioning.Enabled', { Versioning: { Enabled: true } })).toBe('pass')
  })

  it('is an empty list or map for a list or map', () => {
    expect(kind('config.Tags.size() == 0')).toBe('pass')
    expect(kind('config.Versioning.Labels.size() == 0', { Versioning: {} })).toBe('pass')
    const subject = group('sg-1', { IpPermissions: [{ FromPort: 22 }] })
    expect(verdict('config.IpPermissions.all(each, each.IpRanges.size() == 0)', subject).kind).toBe('pass')
  })

  it('holds whichever way the value came', () => {
    for (const [pass, Replica] of [
      ['(config.Name == "x" ? config.Replica : config.Replica.Of).Others.size() == 0', { Of: {} }],
      ['([config.Replica] + [config.Replica.Of]).all(one, one.Others.size() == 0)', { Of: {} }],
      ['[config.Replica, config.Replica.Of].all(one, one.Others.size() == 0)', { Of: {} }],
      ['config.Replica.?Of.or(config.?Replica).value().Others.size() == 0', {}],
      ['distinct([config.Replica]).all(one, one.Others.size() == 0)', {}],
      ['flatten([[config.Replica]]).all(one, one.Others.size() == 0)', {}],
    ] as const)
      expect([pass, kind(pass, { Replica })]).toEqual([pass, 'pass'])
  })

  it('holds for other resources too', () => {
    const pass = `resources("${INTERFACE}").all(each, each.config.Groups.size() == 0 && each.config.SourceDestCheck)`
    expect(verdict(pass, group('sg-1'), { others: [networkInterface('eni-1', {})] }).kind).toBe('pass')
    const along = `resources("${INTERFACE}", "SourceDestCheck", true).size() == 1`
    expect(verdict(along, group('sg-1'), { others: [networkInterface('eni-1', {})] }).kind).toBe('pass')
  })

  it('is otherwise unknown, and named', () => {
    expect(verdict('config.Encryption.Algorithm == "x"', bucket({}))).toEqual({
      kind: 'unknown',
      because: ['AWS did not answer config.Encryption'],
    })
    expect(verdict('config.Encryption.Algorithm == "x"', bucket({ Encryption: {} }))).toEqual({
      kind: 'unknown',
      because: ['AWS did not answer config.Encryption.Algorithm'],
    })
    expect(kind('config.Versioning.Enabled')).toBe('unknown')
  })

  it('is an answer where it is asked for', () => {
    expect(kind('has(config.Encryption)')).toBe('fail')
    expect(kind('config.?Encryption.KeyId.hasValue()')).toBe('fail')
    expect(kind('config.?Encryption.Algorithm.orValue("none") == "none"')).toBe('pass')
  })

  it('may be null, which is no value', () => {
    expect(kind('config.Policy != "x"', { Policy: null })).toBe('unknown')
    expect(kind('has(config.Encryption)', { Encryption: null })).toBe('fail')
    expect(kind('config.Tags.size() == 0', { Tags: null })).toBe('pass')
  })

  it('is filled in on a copy', () => {
    const subject = bucket({ Versioning: {} })
    const before = JSON.stringify(subject)
    audit('pass: config.Versioning.Enabled && config.Tags.size() == 0', [subject])
    expect(JSON.stringify(subject)).toBe(before)
  })
})

describe('numbers', () => {
  const days = (pass: string) => kind(pass, { Versioning: { Days: 30 } })
  it('of JSON compare and reckon with those of CEL', () => {
    for (const pass of [
      'config.Versioning.Days == 30',
      'config.Versioning.Days in [1, 30]',
      'config.Versioning.Days + 1 > 30',
      'config.Versioning.Days * 2 == 60',
      'config.Versioning.Days - 1 == 29',
      'config.Versioning.Days / 3 == 10',
      'config.Versioning.Days % 7 == 2',
      'config.Versioning.Days % config.Versioning.Days == 0',
      'config.Versioning.Days >= 30 && 31 > config.Versioning.Days',
      '-config.Versioning.Days == -30',
      'string(config.Versioning.Days) == "30"',
      '[1, 2, 3][config.Versioning.Days - 29] == 2',
    ]) {
      expect([pass, days(pass)]).toEqual([pass, 'pass'])
    }
  })
})

describe('the functions', () => {
  const holds = (pass: string) => expect([pass, kind(pass)]).toEqual([pass, 'pass'])
  it('know address blocks', () => {
    holds('cidrContains("10.0.0.0/8", "10.1.2.0/24") && !cidrContains("10.1.2.0/24", "10.0.0.0/8")')
    holds('cidrContains("0.0.0.0/0", "8.8.8.8") && !cidrContains("0.0.0.0/0", "::1")')
    holds('cidrOverlaps("10.0.0.0/8", "10.255.0.0/16") && !cidrOverlaps("10.0.0.0/8", "11.0.0.0/8")')
    holds(
      'isPrivate("10.1.0.0/16") && isPrivate("fd00::/8") && !isPrivate("0.0.0.0/0") && !isPrivate("172.0.0.0/8")',
    )
    holds(
      'addressCount("10.0.0.0/24") == 256 && addressCount("::/0") > 1000000 && addressCount("1.2.3.4") == 1',
    )
  })
  it('know how much of the internet some blocks hold together, whichever way it is written', () => {
    holds('publicShare(["0.0.0.0/0"]) == 1.0 && publicShare(["::/0"]) == 1.0')
    holds('publicShare(["0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/1"]) == 1.0')
    holds('publicShare(["128.0.0.0/1"]) < 0.5 && publicShare(["0.0.0.0/1"]) > 0.5')
    holds('publicShare(["10.0.0.0/8", "192.168.0.0/16", "fd00::/8"]) == 0.0 && publicShare([]) == 0.0')
    expect(kind('publicShare(["0.0.0.0/0", "all"]) > 0.0')).toBe('unknown')
  })
  it('do not guess at malformed ones', () => {
    for (const odd of [
      '10.0.0/8',
      '10.0.0.0/33',
      '0x0a.0.0.0/8',
      '10.0.0.0/',
      'sg-1',
      '',
      '1.2.3.4/8/8',
      'fe80::1%eth0',
    ]) {
      expect([odd, kind(`isPrivate("${odd}")`)]).toEqual([odd, 'unknown'])
    }
  })
  it('know time, from the snapshot or as told', () => {
    holds('daysSince(config.CreationDate) == 365 && daysSince(timestamp(config.CreationDate)) == 365')
    holds('daysUntil("2026-01-31T00:00:00Z") == 30 && daysUntil(now) == 0')
    expect(
      verdict('daysSince(config.CreationDate) == 0', bucket({}), { now: '2025-01-01T12:00:00Z' }).kind,
    ).toBe('pass')
    expect(kind('daysSince("yesterday") > 1')).toBe('unknown')
  })
  it('know text', () => {
    holds('lower("ABC") == "abc" && split("a,b", ",") == ["a", "b"] && ["a", "b"].join("-") == "a-b"')
    holds(
      'glob("arn:aws:s3:::*", "arn:aws:s3:::x") && glob("a?c*", "abc") && !glob("a", "ab") && glob("*b*", "abc")',
    )
    holds('config.Name.matches("^f.*s$") && matches("abc", "b") && !"abc".matches("^b")')
    holds(
      'capture("User initiated (2026-01-02 03:04:05 GMT)", "\\\\((\\\\d{4}-\\\\d\\\\d-\\\\d\\\\d) ").value() == "2026-01-02"',
    )
    holds('!capture("abc", "(d)").hasValue() && capture("abc", "(d)?").orValue("none") == "none"')
    expect(kind('capture("abc", "b").hasValue()')).toBe('unknown')
  })
  it('know lists in lists, and each value of a list once', () => {
    holds(
      'flatten([["a"], [], ["b", "c"]]) == ["a", "b", "c"] && flatten([[1, 2].map(n, [n])]) == [[1], [2]]',
    )
    holds('distinct(["b", "a", "b"]) == ["b", "a"] && distinct([{"n": 1}, {"n": 1}]).size() == 1')
    const config = { Versioning: { Days: 30 } }
    expect(kind('distinct([config.Versioning.Days, 30]).size() == 1', config)).toBe('pass')
  })
  it('let a rule say itself what can’t be told', () => {
    expect(verdict('unknown("the key is another account’s")', bucket({}))).toEqual({
      kind: 'unknown',
      because: ['the key is another account’s'],
    })
    expect(kind('unknown("why") || config.Name == "files"')).toBe('pass')
  })
  it('know credentials by their format, and passwords by their name', () => {
    holds('holdsCredential("AKIAIOSFODNN7EXAMPLE") && !holdsCredential("prod")')
    holds('isPassword("db_password", "hunter2") && !isPassword("db_password", "/db/password")')
  })
  it('know lists of keys and values, and statements', () => {
    const config = { Tags: [{ Key: 'Owner', Value: 'me' }], Policy: { Statement: { Effect: 'Allow' } } }
    expect(kind('attribute(config.Tags, "Owner").orValue("") == "me"', config)).toBe('pass')
    expect(kind('attribute(config.Tags, "Other").hasValue()', config)).toBe('fail')
    expect(kind('policyStatements(config.Policy).all(one, one.Effect == "Allow")', config)).toBe('pass')
    expect(kind('policyStatements(config.Policy).size() == 0', { Policy: 'not JSON' })).toBe('unknown')
  })
})

describe('other resources', () => {
  const others = [
    networkInterface('eni-1', { Groups: [{ GroupId: 'sg-1' }] }),
    networkInterface('eni-2', { Groups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-2' }] }),
    networkInterface(
      'eni-3',
      {},
      { region: 'us-east-1', id: `arn:aws:ec2:us-east-1:${ACCOUNT}:network-interface/eni-3` },
    ),
    networkInterface(
      'eni-4',
      {},
      { account: '999999999999', id: 'arn:aws:ec2:eu-west-1:999999999999:network-interface/eni-4' },
    ),
  ]
  const calls = [
    ...allCalls,
    ...allCalls.map((call) => ({ ...call, region: 'us-east-1' })),
    ...allCalls.map((call) => ({ ...call, account: '999999999999' })),
    ...allCalls.map((call) => ({ ...call, account: '999999999999', region: 'us-east-1' })),
  ]
  const holds = (pass: string) =>
    expect(verdict(pass, group('sg-1'), { others, calls })).toEqual({ kind: 'pass', because: [] })
  it('are those of the same account and Region', () => {
    holds(`resources("${INTERFACE}").map(one, one.config.NetworkInterfaceId) == ["eni-1", "eni-2"]`)
    holds(`resourcesEverywhere("${INTERFACE}").size() == 4`)
  })
  it('are found by the value of a field', () => {
    holds(`resources("${INTERFACE}", "Groups[].GroupId", config.GroupId).size() == 2`)
    holds(`resources("${INTERFACE}", "Groups[].GroupId", "sg-2").size() == 1`)
    holds(`resources("${INTERFACE}", "Groups[].GroupId", "sg-3").size() == 0`)
  })
  it('are found by id, short or whole, in the same account', () => {
    holds(`lookup("${INTERFACE}", "eni-1").value().name == "eni-1"`)
    holds(`lookup("${INTERFACE}", "${others[0]?.id}").hasValue()`)
    holds(`lookup("${INTERFACE}", "eni-3").value().region == "us-east-1"`)
    holds(`!lookup("${INTERFACE}", "eni-4").hasValue() && !lookup("${INTERFACE}", "sg-1").hasValue()`)
    holds(`lookup("${INTERFACE}", "eni-1").config.Groups.orValue([]).size() == 1`)
  })
})

describe('a rule for any resource', () => {
  it('judges each', () => {
    const lines = 'resource: "*"\npass: has(tags.Owner)\nmessage: "{type} {name}"'
    const { verdicts } = audit(lines, [bucket({}), group('sg-1', {}, { tags: { Owner: 'me' } })])
    expect(verdicts.map((one) => [one.kind, one.resource.type])).toEqual([
      ['fail', BUCKET],
      ['pass', GROUP],
    ])
    expect(verdicts[0]?.message).toBe('AWS::S3::Bucket files')
  })
})

describe('facts', () => {
  const facts = {
    network: () => ({ known: { reachable: ['0.0.0.0/0'], n: 1 } }),
    policy: () => ({ known: { kind: 'bucket' }, unseen: { public: [denied('s3:GetBucketPolicy')] } }),
  }
  it('are asked of their analysis, once a resource', () => {
    let asked = 0
    const given = { facts: { network: () => ({ known: { n: ++asked } }) } }
    expect(verdict('facts.network.n == 1 && facts.network.n == 1', bucket({}), given).kind).toBe('pass')
    expect(verdict('facts.network.reachable.size() == 1', bucket({}), { facts }).kind).toBe('pass')
  })
  it('that cannot be told are unknown, by their own reasons; the others hold', () => {
    for (const pass of [
      'facts.policy.public',
      'has(facts.policy.public)',
      'facts.policy.?public.hasValue()',
    ]) {
      expect(verdict(pass, bucket({}), { facts })).toEqual({
        kind: 'unknown',
        because: ['s3:GetBucketPolicy'],
      })
    }
    expect(verdict('false && facts.policy.public', bucket({}), { facts }).kind).toBe('fail')
    expect(verdict('facts.policy.kind == "bucket"', bucket({}), { facts }).kind).toBe('pass')
  })
  it('of an analysis that did not run are unknown', () => {
    expect(verdict('facts.network.n == 1', bucket({}), { facts: {} }).kind).toBe('unknown')
  })
  it('may be lists whose elements have members of their own', () => {
    const { problems } = load('each: facts.network.paths\nkey: item.name\npass: item.hops.size() > 0')
    expect(problems).toEqual([])
  })
  it('are shown with the verdict', () => {
    const { verdicts } = audit('pass: facts.network.n == 2', [bucket({})], { facts })
    expect(verdicts[0]?.evidence).toEqual({ 'facts.network.n': 1 })
  })
})

describe('parameters', () => {
  const lines =
    'pass: daysSince(config.CreationDate) <= params.days\nparams: { days: { type: int, default: 30, description: d } }'
  it('have defaults, and values for one audit', () => {
    expect(audit(lines, [bucket({})]).verdicts[0]?.kind).toBe('fail')
    expect(audit(lines, [bucket({})], { params: { 'test-rule': { days: 400 } } }).verdicts[0]?.kind).toBe(
      'pass',
    )
  })
  it('of a wrong type or name are told of, and the default holds', () => {
    const { problems, verdicts } = audit(lines, [bucket({})], {
      params: { 'test-rule': { days: 'x', dayz: 1 } },
    })
    expect(problems.map((problem) => problem.message)).toEqual([
      'the parameter days must be a int',
      'there is no parameter "dayz"',
    ])
    expect(verdicts[0]?.kind).toBe('fail')
  })
})
