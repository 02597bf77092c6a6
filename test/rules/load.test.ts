import { describe, expect, it } from 'vitest'
import { loadRules } from '../../src/rules/load.ts'
import { BUCKET, GROUP, INTERFACE, load, ruleText, shapes } from './world.ts'

/** Problems as `line:column message`. */
const told = (lines: string): string[] =>
  load(lines).problems.map(({ line, column, message }) => `${line}:${column} ${message}`)

describe('a rule file', () => {
  it('loads', () => {
    const { rules, problems } = load('pass: config.Name == "files"')
    expect(problems).toEqual([])
    expect(rules[0]?.about).toMatchObject({
      id: 'test-rule',
      pillar: 'data',
      severity: 'medium',
      resource: BUCKET,
      pass: 'config.Name == "files"',
      operations: ['s3:ListBuckets'],
      file: 'rules/data/test-rule.yaml',
    })
  })

  it('is refused with the place of an unknown key, and the key that was meant', () => {
    expect(told('pass: "true"\nmesage: hello')).toContain('2:1 unknown key "mesage"; did you mean "message"?')
    expect(told('pass: "true"\nfix: { text: Do it, clo: aws }')).toContain(
      '2:21 unknown key "clo"; did you mean "cli"?',
    )
  })

  it('is refused with the place of a key that stands twice', () => {
    expect(told('pass: "true"\npass: "false"')[0]).toMatch(/^2:1 /)
  })

  it('is refused when it is no YAML, no map, or a tower of aliases', () => {
    expect(told('pass: [')[0]).toMatch(/^\d+:\d+ /)
    expect(loadRules([{ file: 'a.yaml', text: '- 1' }], shapes).rules).toEqual([])
    const tower = `a: &a [x, x]\n${[...'bcdefghijklmnop'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghijklmnop'[i]}`).join(', ')}]`).join('\n')}`
    expect(told(tower)[0]).toContain('alias')
  })

  it('is refused with a severity, pillar or resource that is none', () => {
    expect(told('pass: "true"\nseverity: hihg')[0]).toMatch(/^2:11 severity/)
    expect(told('pass: "true"\npillar: dat')[0]).toMatch(/^2:9 pillar/)
    expect(told('pass: "true"\nresource: AWS::S3::Buckt')).toEqual([
      `2:11 no resource type "AWS::S3::Buckt"; did you mean "${BUCKET}"?`,
    ])
  })

  it('is refused with a parameter whose default is of another type', () => {
    expect(told('pass: "true"\nparams: { days: { type: int, default: many, description: d } }')).toEqual([
      '2:39 the default of days is not a int',
    ])
  })

  it('does not keep the others from loading', () => {
    const good = { file: 'rules/data/good.yaml', text: ruleText('pass: "true"\nid: good') }
    const { rules, problems } = loadRules([{ file: 'bad.yaml', text: 'x: 1' }, good], shapes)
    expect(rules.map((rule) => rule.about.id)).toEqual(['good'])
    expect(problems.every((problem) => problem.file === 'bad.yaml')).toBe(true)
  })

  it('reads the lists that it looks into or only asks about', () => {
    const { rules, problems } = load(`pass: seen("${INTERFACE}")`)
    expect(problems).toEqual([])
    expect(rules[0]?.about.operations).toContain('ec2:DescribeNetworkInterfaces')
    expect(told('pass: seen("AWS::EC2::Bucket")')[0]).toContain('no resource type')
    expect(told(`pass: seen("${INTERFACE}") == 1`)[0]).toContain('no such overload')
  })

  it('may merge a part that stands in it already', () => {
    const lines = `pass: config.Name == "files"
tests:
  - pass: { config: &files { Name: files, CreationDate: '2025-01-01T00:00:00Z' } }
  - fail: { config: { <<: *files, Name: other } }`
    const { rules, problems } = load(lines)
    expect(problems).toEqual([])
    expect(rules[0]?.tests[1]?.fail).toMatchObject({
      config: { Name: 'other', CreationDate: '2025-01-01T00:00:00Z' },
    })
  })

  it('keeps its id to itself, aliases too', () => {
    const one = { file: 'one.yaml', text: ruleText('pass: "true"\nid: one\naliases: [uno]') }
    const two = { file: 'two.yaml', text: ruleText('pass: "true"\nid: two\naliases: [uno]') }
    const { rules, problems } = loadRules([one, two, { ...one, file: 'again.yaml' }], shapes)
    expect(rules.map((rule) => rule.about.file)).toEqual(['one.yaml'])
    expect(problems.map((problem) => `${problem.file}:${problem.line} ${problem.message}`)).toEqual([
      'two.yaml:3 the id "uno" is already that of one.yaml',
      'again.yaml:2 the id "one" is already that of one.yaml',
    ])
  })
})

describe('a misspelt field', () => {
  const meant = `no field "Polcy" in ${BUCKET}; did you mean "Policy"?`
  it('is an error at its line and column, however YAML writes the expression', () => {
    expect(told('pass: config.Polcy == "x"')).toEqual([`1:14 ${meant}`])
    expect(told("pass: 'config.Polcy == \"it''s\"'")).toEqual([`1:15 ${meant}`])
    expect(told('pass: "1 == 1 && config.Name == \\"x\\" && config.Polcy == 1"')).toEqual([`1:49 ${meant}`])
    expect(told('pass: >-\n  config.Name == "x"\n  && config.Polcy == 1')).toEqual([`3:13 ${meant}`])
    expect(told('pass: |\n  config.Name == "x"\n\n    && has(config.Polcy)\n')).toEqual([`4:19 ${meant}`])
    expect(told('pass: config.Name == "x"\n  && config.Polcy == 1')).toEqual([`2:13 ${meant}`])
  })

  it('is an error in every form of asking', () => {
    for (const form of [
      'has(config.Polcy)',
      'config.?Polcy.hasValue()',
      'config["Polcy"] == 1',
      'config[?"Polcy"].hasValue()',
    ]) {
      expect(load(`pass: '${form}'`).problems.map((problem) => problem.message)).toEqual([meant])
    }
  })

  it('is an error inside lists, structures and other resources', () => {
    const inRange = `no field "CidrIP" in ${GROUP} IpPermissions[].IpRanges[]; did you mean "CidrIp"?`
    const pass = 'config.IpPermissions.all(each, each.IpRanges.all(range, range.CidrIP != "0.0.0.0/0"))'
    expect(load(`resource: ${GROUP}\npass: '${pass}'`).problems.map((problem) => problem.message)).toEqual([
      inRange,
    ])
    const other = `resources("${INTERFACE}").exists(each, each.config.Groups.exists(of, of.GroupID == "x"))`
    expect(load(`pass: '${other}'`).problems[0]?.message).toContain('did you mean "GroupId"?')
    const found = `lookup("${INTERFACE}", "eni-1").config.Statis.orValue("") == ""`
    expect(load(`pass: '${found}'`).problems[0]?.message).toContain('did you mean "Status"?')
    const path = `resources("${INTERFACE}", "Groups[].GroupID", "x").size() == 0`
    expect(load(`pass: '${path}'`).problems[0]?.message).toContain('did you mean "GroupId"?')
    expect(load('pass: \'resources("AWS::S3::Bucket").all(b, b.nam == "")\'').problems[0]?.message).toContain(
      'did you mean "name"?',
    )
  })

  it('is an error in messages, fixes, severities and the resources of tests', () => {
    const lines = [
      "message: 'The policy is {config.Polcy}'",
      'fix: { text: x, cli: "aws s3api x --bucket {config.Nam}" }',
      'severity: { default: high, cases: [{ when: has(config.Polcy), severity: low }] }',
      'tests: [{ pass: { config: { Nam: x } } }, { fail: { config: {}, missing: { Polcy: { operation: a } } } }]',
    ]
    const places = told(`pass: "true"\n${lines.join('\n')}`).map((problem) => problem.split(' ')[0])
    expect(places.sort()).toEqual(['2:33', '3:52', '4:55', '5:29', '5:76'])
  })
})

describe('the type check', () => {
  it('knows the types of fields', () => {
    expect(
      told(`resource: ${GROUP}\npass: config.IpPermissions.all(each, each.FromPort == "22")`)[0],
    ).toContain('no such overload')
    expect(told('pass: config.Name')[0]).toContain('pass must be a bool')
    expect(told('pass: config.Name.size() > 1 && config.CreationDate > now')[0]).toContain('no such overload')
    expect(told('pass: timestamp(config.CreationDate) < now - duration("24h")')).toEqual([])
  })

  it('knows variables, functions and parameters', () => {
    expect(told('pass: confg.Name == "x"')).toEqual(['1:7 Unknown variable: confg'])
    expect(told('pass: isPublic(config.Name)')[0]).toContain(
      "found no matching overload for 'isPublic(string)'",
    )
    const params = 'params: { days: { type: int, default: 90, description: d } }'
    expect(told(`pass: daysSince(config.CreationDate) < params.days\n${params}`)).toEqual([])
    expect(told(`pass: daysSince(config.CreationDate) < params.dayz\n${params}`)[0]).toContain(
      'No such key: dayz',
    )
    expect(told(`pass: 'params.days == "x"'\n${params}`)[0]).toContain('no such overload')
  })

  it('lets a resource be asked for its own type', () => {
    expect(told('pass: type == "AWS::S3::Bucket" && [id].all(type, type != "")')).toEqual([])
  })

  it('wants a literal and known type in look-ups', () => {
    expect(told('pass: resources(config.Name).size() == 0')[0]).toContain('needs a literal resource type')
    expect(told('pass: lookup("AWS::EC2::NetworkInterfac", "x").hasValue()')[0]).toContain(
      `did you mean "${INTERFACE}"?`,
    )
  })

  it('refuses a pattern that is none, or that no linear engine runs, at its place', () => {
    expect(told(`pass: config.Name.matches("a(b")`)[0]).toMatch(/^1:27 not a pattern of RE2/)
    expect(told(`pass: config.Name.matches("(a)\\\\1")`)[0]).toMatch(/not a pattern of RE2/)
    expect(told(`pass: matches(config.Name, "^(?=x)")`)[0]).toMatch(/not a pattern of RE2/)
  })

  it('ends on structures that contain themselves', () => {
    expect(told('pass: config.?Replica.Of.Of.Of.Name.orValue("") == ""')).toEqual([])
    expect(
      told('pass: config.?Replica.Of.Others.orValue([]).all(each, each.Of.Name == "")').filter(
        (t) => !t.includes('leave out'),
      ),
    ).toEqual([])
  })

  it('gives the elements of each a type', () => {
    const each = `resource: ${GROUP}\neach: config.IpPermissions\nkey: string(item.FromPort)`
    expect(told(`${each}\npass: item.FromPort == 22`).filter((t) => !t.includes('leave out'))).toEqual([])
    expect(told(`${each}\npass: item.FromPrt == 22`)[0]).toContain('did you mean "FromPort"?')
    expect(told(`${each}\npass: item.FromPort == "x"`)[0]).toContain('no such overload')
    expect(told('pass: item == 1')[0]).toContain('Unknown variable: item')
  })
})

describe('the loader warns', () => {
  const warned = (lines: string): string[] =>
    load(lines)
      .problems.filter((problem) => problem.level === 'warning')
      .map((problem) => problem.message)
  it('of a field that AWS may leave out', () => {
    expect(warned('pass: config.Policy == "x"')).toEqual([
      `AWS may leave out ${BUCKET} Policy: ask with has() or .?, or the verdict is unknown`,
    ])
    expect(load('pass: config.Policy == "x"').rules).toHaveLength(1)
  })

  it('not of one that is asked for', () => {
    expect(warned('pass: has(config.Policy) && config.Policy == "x"')).toEqual([])
    expect(warned('when: has(config.Policy)\npass: config.Policy == "x"')).toEqual([])
    expect(warned('pass: config.?Encryption.KeyId.hasValue()')).toEqual([])
  })

  it('not of one that is always there, has a declared absence, or is a list', () => {
    expect(warned('pass: config.Name == "x"')).toEqual([])
    expect(warned('pass: config.Versioning.Enabled')).toEqual([])
    expect(warned('pass: config.Tags.size() > 0')).toEqual([])
  })

  it('not of a structure in which something is always there', () => {
    expect(warned(`resource: ${INTERFACE}\npass: config.Attachment.DeleteOnTermination`)).toEqual([])
    expect(warned(`resource: ${INTERFACE}\npass: config.Attachment.InstanceId == ""`)).toHaveLength(1)
  })

  it('of a case that is worse than the default severity, which is what the rule weighs', () => {
    const graded = (severity: string) =>
      warned(`pass: "true"\nseverity: { default: medium, cases: [{ when: "true", severity: ${severity} }] }`)
    expect(graded('high')).toEqual(['high is worse than the default medium: make the worst the default'])
    expect(graded('low')).toEqual([])
  })

  it('of a field of a structure whose parent was asked for', () => {
    expect(warned('pass: has(config.Encryption) && config.Encryption.KeyId == "x"')).toHaveLength(1)
  })
})

describe('the operations that a rule reads', () => {
  const operations = (lines: string) => load(lines).rules[0]?.about.operations
  it('are the listing, and those of the fields in any of its expressions', () => {
    expect(operations('pass: has(config.Policy)')).toEqual(['s3:GetBucketPolicy', 's3:ListBuckets'])
    expect(operations('when: has(config.Policy)\npass: config.Versioning.Enabled')).toEqual([
      's3:GetBucketPolicy',
      's3:GetBucketVersioning',
      's3:ListBuckets',
    ])
    expect(operations('pass: "true"\nmessage: "{config.?Encryption.KeyId}"')).toContain(
      's3:GetEncryptionConfiguration',
    )
    expect(operations('pass: config.?Policy.Statement.hasValue()')).toContain('s3:GetBucketPolicy')
    expect(operations('pass: \'config[?"Policy"].hasValue()\'')).toContain('s3:GetBucketPolicy')
  })

  it('are those of the types that it looks up, and of tags', () => {
    expect(operations(`pass: 'resources("${INTERFACE}").size() == 0 && has(tags.Owner)'`)).toEqual([
      'ec2:DescribeNetworkInterfaces',
      's3:GetBucketTagging',
      's3:ListBuckets',
    ])
    expect(
      operations(`resource: ${GROUP}\npass: 'resources("${BUCKET}").all(b, has(b.config.Policy))'`),
    ).toContain('s3:GetBucketPolicy')
  })

  it('are all when the configuration is read as a whole', () => {
    expect(operations('pass: dyn(config).size() > 1')).toHaveLength(5)
    expect(operations('pass: cel.bind(all, [config], all.all(each, each.Name == "x"))')).toEqual([
      's3:ListBuckets',
    ])
  })
})
