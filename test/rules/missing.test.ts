import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ACCOUNT,
  allCalls,
  audit,
  bucket,
  called,
  denied,
  GROUP,
  group,
  INTERFACE,
  networkInterface,
  REGION,
  verdict,
} from './world.ts'

const noPolicy = bucket({}, { missing: { Policy: denied('s3:GetBucketPolicy') } })

describe('a field that could not be read', () => {
  const reads = [
    'config.Policy == "x"',
    'has(config.Policy)',
    '!has(config.Policy)',
    'config.?Policy.hasValue()',
    'config.?Policy.orValue("x") == "x"',
    'config["Policy"] == "x"',
    'config[?"Policy"].hasValue()',
    'has(config.Policy.Statement)',
    'config.Policy.Statement.size() == 0',
    'config.?Policy.Statement.hasValue()',
    '!("Policy" in dyn(config))',
    'dyn(config).exists(key, key == "Nothing")',
    'dyn(config).size() == 2',
    'dyn(config)["Pol" + "icy"] == "x"',
    '[config].exists(each, each.?Policy.hasValue())',
    'cel.bind(all, config, has(all.Policy))',
    '[1, 2].all(n, has(config.Policy))',
    'true ? has(config.Policy) : true',
    'config.Policy == config.Policy',
  ]
  for (const read of reads) {
    it(`is unknown, never absent: ${read}`, () => {
      expect(verdict(read, noPolicy)).toEqual({ kind: 'unknown', because: ['s3:GetBucketPolicy'] })
    })
  }

  it('does not matter where something else decides', () => {
    expect(verdict('false && has(config.Policy)', noPolicy).kind).toBe('fail')
    expect(verdict('has(config.Policy) && false', noPolicy).kind).toBe('fail')
    expect(verdict('true || has(config.Policy)', noPolicy).kind).toBe('pass')
    expect(verdict('has(config.Policy) || true', noPolicy).kind).toBe('pass')
    expect(verdict('[1, 2].exists(n, n == 2 || has(config.Policy))', noPolicy).kind).toBe('pass')
    expect(verdict('[2, 1].exists(n, n == 1 ? true : has(config.Policy))', noPolicy).kind).toBe('pass')
    expect(verdict('[2, 1].all(n, n == 1 ? false : has(config.Policy))', noPolicy).kind).toBe('fail')
  })

  it('wins over what a part of the answer already told', () => {
    const half = bucket({ Policy: { Statement: [] } }, { missing: { Policy: denied('s3:GetBucketPolicy') } })
    expect(verdict('has(config.Policy)', half).kind).toBe('unknown')
  })

  it('leaves the other fields as they are', () => {
    expect(verdict('config.Name == "files"', noPolicy).kind).toBe('pass')
    expect(verdict('has(config.Encryption)', noPolicy).kind).toBe('fail')
  })

  it('is not filled with an empty list or a declared absence', () => {
    const untold = bucket({}, { missing: { Tags: denied('s3:GetBucketTagging') } })
    expect(verdict('config.Tags.size() == 0', untold)).toEqual({
      kind: 'unknown',
      because: ['s3:GetBucketTagging'],
    })
  })

  it('takes the tags with it when it held them', () => {
    const untold = bucket({}, { missing: { Tags: denied('s3:GetBucketTagging') } })
    for (const read of [
      'has(tags.Owner)',
      '"Owner" in tags',
      'tags["Owner"] == "x"',
      'tags.size() == 0',
      'tags.all(key, true)',
    ]) {
      expect(verdict(read, untold)).toEqual({ kind: 'unknown', because: ['s3:GetBucketTagging'] })
    }
  })

  it('makes `when` unknown too', () => {
    const { verdicts } = audit('when: has(config.Policy)\npass: "true"', [noPolicy])
    expect(verdicts.map((one) => one.kind)).toEqual(['unknown'])
  })
})

describe('a field that nobody asked for', () => {
  const calls = allCalls.filter(
    (call) => call.operation !== 'GetBucketPolicy' && call.operation !== 'GetBucketTagging',
  )
  it('is not collected, never absent', () => {
    expect(verdict('!has(config.Policy)', bucket({}), { calls })).toEqual({
      kind: 'unknown',
      because: ['s3:GetBucketPolicy'],
    })
    expect(verdict('config.Tags.size() == 0 || has(tags.Owner)', bucket({}), { calls }).kind).toBe('unknown')
    expect(verdict('!has(config.Encryption)', bucket({}), { calls }).kind).toBe('pass')
  })

  it('is there all the same where the snapshot has it', () => {
    expect(verdict('has(config.Policy)', bucket({ Policy: {} }), { calls }).kind).toBe('pass')
  })
})

describe('an unknown verdict', () => {
  const blind = bucket(
    {},
    {
      missing: { Policy: denied('s3:GetBucketPolicy'), Encryption: denied('s3:GetEncryptionConfiguration') },
    },
  )
  it('names everything that could have changed it', () => {
    const both = ['s3:GetBucketPolicy', 's3:GetEncryptionConfiguration']
    expect(verdict('has(config.Policy) && has(config.Encryption)', blind).because).toEqual(both)
    expect(verdict('!has(config.Policy) || has(config.Encryption)', blind).because).toEqual(both)
  })

  it('does not name what could not', () => {
    const pass = '(has(config.Policy) && false) || has(config.Encryption)'
    expect(verdict(pass, blind).because).toEqual(['s3:GetEncryptionConfiguration'])
    expect(
      verdict('config.Name == "x" ? has(config.Policy) : has(config.Encryption)', blind).because,
    ).toEqual(['s3:GetEncryptionConfiguration'])
  })

  it('names each once, with the permission to grant', () => {
    const { verdicts } = audit('pass: has(config.Policy) && config.?Policy.hasValue()', [noPolicy])
    expect(verdicts[0]?.missing).toEqual([denied('s3:GetBucketPolicy')])
    expect(verdicts[0]?.message).toBe('Not known: s3:GetBucketPolicy was denied; grant s3:GetBucketPolicy.')
  })
})

describe('another resource with a part that could not be read', () => {
  const untold = { missing: { Groups: denied('ec2:DescribeNetworkInterfaces') } }
  it('makes unknown what asks for that part', () => {
    const others = [networkInterface('eni-1', {}, untold)]
    const pass = `resources("${INTERFACE}").exists(each, each.config.Groups.exists(of, of.GroupId == config.GroupId))`
    expect(verdict(pass, group('sg-1'), { others }).kind).toBe('unknown')
    const path = `resources("${INTERFACE}", "Groups[].GroupId", config.GroupId).size() > 0`
    expect(verdict(path, group('sg-1'), { others }).kind).toBe('unknown')
    const has = `resources("${INTERFACE}").exists(each, has(each.config.Groups))`
    expect(verdict(has, group('sg-1'), { others }).kind).toBe('unknown')
    const found = `lookup("${INTERFACE}", "eni-1").value().config.?Groups.hasValue()`
    expect(verdict(found, group('sg-1'), { others }).kind).toBe('unknown')
    const optional = `lookup("${INTERFACE}", "eni-1").config.Groups.orValue([]).size() == 0`
    expect(verdict(optional, group('sg-1'), { others }).kind).toBe('unknown')
  })

  it('does not matter where one that was read decides', () => {
    const others = [
      networkInterface('eni-1', {}, untold),
      networkInterface('eni-2', { Groups: [{ GroupId: 'sg-1' }] }),
    ]
    const pass = `resources("${INTERFACE}").exists(each, each.config.Groups.exists(of, of.GroupId == config.GroupId))`
    expect(verdict(pass, group('sg-1'), { others }).kind).toBe('pass')
  })
})

describe('resources that could not be listed', () => {
  const calls = [
    called('ec2:DescribeSecurityGroups', GROUP),
    called('ec2:DescribeNetworkInterfaces', INTERFACE, { outcome: 'denied' }),
  ]
  it('make unknown what lists them', () => {
    for (const pass of [
      `resources("${INTERFACE}").size() == 0`,
      `resourcesEverywhere("${INTERFACE}").size() == 0`,
      `resources("${INTERFACE}", "Groups[].GroupId", config.GroupId).size() == 0`,
      `!lookup("${INTERFACE}", "eni-1").hasValue()`,
    ]) {
      expect(verdict(pass, group('sg-1'), { calls })).toEqual({
        kind: 'unknown',
        because: ['ec2:DescribeNetworkInterfaces'],
      })
    }
  })

  it('are told apart from those that were, by a rule that only looks where it can', () => {
    expect(verdict(`seen("${INTERFACE}")`, group('sg-1'), { calls }).kind).toBe('fail')
    expect(verdict(`seen("${INTERFACE}")`, group('sg-1')).kind).toBe('pass')
    const pass = `!seen("${INTERFACE}") || lookup("${INTERFACE}", "eni-1").hasValue()`
    expect(verdict(pass, group('sg-1'), { calls }).kind).toBe('pass')
    expect(verdict(pass, group('sg-1')).kind).toBe('fail')
  })

  it('do not hide one that was found nevertheless', () => {
    const others = [networkInterface('eni-1', {})]
    expect(verdict(`lookup("${INTERFACE}", "eni-1").hasValue()`, group('sg-1'), { calls, others }).kind).toBe(
      'pass',
    )
  })

  it('are not collected when nobody asked', () => {
    const { verdicts } = audit(
      `pass: resources("${INTERFACE}").size() == 0\nresource: ${GROUP}`,
      [group('sg-1')],
      {
        calls: [called('ec2:DescribeSecurityGroups', GROUP)],
      },
    )
    expect(verdicts[0]?.missing[0]).toMatchObject({
      operation: 'ec2:DescribeNetworkInterfaces',
      outcome: 'not-collected',
    })
  })

  it('give one unknown verdict that stands for them all', () => {
    const refused = [called('ec2:DescribeSecurityGroups', GROUP, { outcome: 'throttled' })]
    const { verdicts, counts } = audit(`pass: "true"\nresource: ${GROUP}`, [], { calls: refused })
    expect(verdicts.map(({ kind, resource }) => [kind, resource.id])).toEqual([
      ['unknown', `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/*`],
    ])
    expect(counts[0]).toMatchObject({ pass: 0, fail: 0, unknown: 1 })
  })

  it('give one for an account in which they were never asked for', () => {
    const { verdicts } = audit(`pass: "true"\nresource: ${GROUP}`, [], {
      calls: [called('s3:ListBuckets', 'AWS::S3::Bucket')],
    })
    expect(verdicts.map((one) => [one.resource.region, one.missing[0]?.outcome])).toEqual([
      ['*', 'not-collected'],
    ])
  })

  it('give none where the service or the Region is off', () => {
    for (const outcome of ['ok', 'region-disabled', 'unsupported', 'not-enabled'] as const) {
      const off = [called('ec2:DescribeSecurityGroups', GROUP, { outcome })]
      expect(audit(`pass: "true"\nresource: ${GROUP}`, [], { calls: off }).verdicts).toEqual([])
    }
  })

  it('that an account lists once are whole in every Region', () => {
    const pass = 'resources("AWS::S3::Bucket").size() == 0'
    expect(verdict(pass, group('sg-1')).kind).toBe('pass')
  })
})

describe('for any set of parts that could not be read', () => {
  const FIELDS = ['Policy', 'Encryption', 'Versioning', 'Tags'] as const
  const leaf = fc.constantFrom(
    'has(config.Policy)',
    'config.Versioning.Enabled',
    'config.?Encryption.Algorithm.orValue("") == "aws:kms"',
    'config.Tags.exists(tag, tag.Key == "Owner")',
    'tags.size() > 0',
    'config.Name == "files"',
  )
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc
        .tuple(tie('expression'), fc.constantFrom('&&', '||'), tie('expression'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('expression').map((a) => `!(${a})`),
      fc
        .tuple(tie('expression'), tie('expression'), tie('expression'))
        .map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      tie('expression').map((a) => `[1, 2].exists(n, n == 2 && ${a})`),
      tie('expression').map((a) => `[1, 2].all(n, n == 2 || ${a})`),
    ),
  }))
  it('a verdict is the full one or unknown, and unknown has a reason', () => {
    const config = {
      Policy: { Statement: [] },
      Encryption: { Algorithm: 'aws:kms' },
      Versioning: {},
      Tags: [{ Key: 'Owner', Value: 'me' }],
    }
    fc.assert(
      fc.property(expression, fc.subarray([...FIELDS]), fc.subarray([...FIELDS]), (pass, held, unread) => {
        const kept = Object.fromEntries(held.map((field) => [field, config[field]]))
        const tags: Record<string, string> = held.includes('Tags') ? { Owner: 'me' } : {}
        const full = verdict(pass, bucket(kept, { tags }))
        const missing = Object.fromEntries(unread.map((field) => [field, denied(`s3:Get${field}`)]))
        const seen = Object.fromEntries(
          Object.entries(kept).filter(([field]) => !Object.hasOwn(missing, field)),
        )
        const blind = verdict(pass, bucket(seen, { tags: unread.includes('Tags') ? {} : tags, missing }))
        if (blind.kind === 'unknown') expect(blind.because.length).toBeGreaterThan(0)
        else expect(blind.kind).toBe(full.kind)
      }),
      { numRuns: 300 },
    )
  })
})
