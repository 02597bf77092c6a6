import { describe, expect, it } from 'vitest'
import { ACCOUNT, audit, bucket, denied, GROUP, group, load } from './world.ts'

const told = (lines: string): string[] =>
  load(lines).problems.map(({ line, column, message }) => `${line}:${column} ${message}`)

describe('a name given by let', () => {
  const lines = `let:
  versioned: config.Versioning.Enabled
  words: '[name, versioned ? "on" : "off"]'
pass: versioned
message: "{words.join(\\" is \\")} in {account}"
fix: { text: x, cli: 'aws s3api x {words}' }`

  it('says one thing in the verdict, the message and the commands, and may use those before it', () => {
    const { verdicts } = audit(lines, [bucket({ Versioning: {} })])
    expect(verdicts[0]?.kind).toBe('fail')
    expect(verdicts[0]?.message).toBe(`files is off in ${ACCOUNT}`)
    expect(verdicts[0]?.remediation.cli).toBe('aws s3api x files off')
    expect(audit(lines, [bucket({ Versioning: { Enabled: true } })]).verdicts[0]?.kind).toBe('pass')
  })

  it('is looked at only where it is asked for', () => {
    const lazy = 'let: { open: config.Policy == "x" }\npass: config.Name == "files" || open'
    const hidden = bucket({}, { missing: { Policy: denied('s3:GetBucketPolicy') } })
    expect(audit(lazy, [hidden]).verdicts[0]?.kind).toBe('pass')
    expect(audit(lazy.replace('"files"', '"other"'), [hidden]).verdicts[0]?.missing).toEqual([
      denied('s3:GetBucketPolicy'),
    ])
  })

  it('shows what it read as evidence, and counts among what the rule reads', () => {
    const one = 'let: { open: config.?Policy.orValue("") == "x" }\npass: open'
    expect(load(one).rules[0]?.about.operations).toContain('s3:GetBucketPolicy')
    expect(audit(one, [bucket({ Policy: 'y' })]).verdicts[0]?.evidence).toEqual({ Policy: 'y' })
  })

  it('for all fields reads those that are asked of it', () => {
    const operations = (pass: string) =>
      load(`let: { all: config }\npass: '${pass}'`).rules[0]?.about.operations
    expect(operations('all.Versioning.Enabled')).toEqual(['s3:GetBucketVersioning', 's3:ListBuckets'])
    expect(operations('[all].size() > 0')).toContain('s3:GetBucketPolicy')
  })

  it('may be of each element', () => {
    const each = `resource: ${GROUP}
each: config.IpPermissions
key: string(port)
let: { port: item.?FromPort.orValue(0) }
pass: port != 22
message: 'opens {port}'`
    const { verdicts } = audit(each, [group('sg-1', { IpPermissions: [{ FromPort: 22 }, { FromPort: 80 }] })])
    const findings = verdicts.filter((one) => one.kind === 'fail')
    expect(findings.map((one) => [one.subKey, one.message])).toEqual([['22', 'opens 22']])
    expect(told(each.replace('each: config.IpPermissions', 'each: "[port]"'))[0]).toContain(
      'Unknown variable',
    )
  })

  it('is computed once for all who ask', () => {
    const loop = 'let: { big: "config.Policy.map(one, one)" }\npass: config.Policy.all(one, one in big)'
    const policy = Array.from({ length: 700 }, (_, at) => at)
    // 700 steps, and not 700 for each of 700.
    const budget = { perEvaluation: 100_000, perRule: 1_000_000 }
    expect(audit(loop, [bucket({ Policy: policy })], { budget }).verdicts[0]?.kind).toBe('pass')
  })

  it('can neither hang nor grow without end', () => {
    const names = Array.from({ length: 40 }, (_, at) => `  n${at + 1}: n${at} + n${at}`).join('\n')
    const { verdicts } = audit(`let:\n  n0: config.Name\n${names}\npass: n40 == ""`, [bucket({})])
    expect(verdicts[0]?.missing[0]?.detail).toContain('steps')
  })

  it('names all that could have changed it, and only that', () => {
    const lines = 'let: { both: config.Policy == "x" && has(config.Encryption) }\npass: both'
    const hidden = (fields: readonly string[]) =>
      bucket({}, { missing: Object.fromEntries(fields.map((field) => [field, denied(`s3:${field}`)])) })
    const because = (fields: readonly string[]) =>
      audit(lines, [hidden(fields)]).verdicts[0]?.missing.map((one) => one.operation)
    expect(because(['Policy', 'Encryption'])).toEqual(['s3:Policy', 's3:Encryption'])
    expect(audit(lines, [hidden(['Policy'])]).verdicts[0]?.kind).toBe('fail')
  })

  it('may end with a comment', () => {
    expect(told('let: { open: |\n  true // for now\n  }\npass: open')).not.toEqual([])
    const commented = 'let:\n  open: |-\n    config.Name == "files" // for now\npass: open && true'
    expect(audit(commented, [bucket({})]).verdicts[0]?.kind).toBe('pass')
  })
})

describe('the loader tells of a name given by let', () => {
  it('where its expression is wrong', () => {
    expect(told('let: { open: config.Polcy == "x" }\npass: open')[0]).toMatch(/^1:21 no field "Polcy"/)
    expect(told('let: { open: config.Name = 1 }\npass: "true"')[0]).toMatch(/^1:26 /)
  })

  it('where it is used as what it is not', () => {
    expect(told('let: { size: config.Tags.size() }\npass: size == "x"')[0]).toMatch(/^2:7 no such overload/)
    expect(told('let: { tags1: config.Tags }\npass: tags1.all(one, one.Kay == "x")')[0]).toContain(
      'did you mean "Key"?',
    )
  })

  it('that nobody gave, or that is taken', () => {
    expect(told('let: { a: b, b: "true" }\npass: a')[0]).toContain('Unknown variable: b')
    for (const name of ['config', 'int', 'cel'])
      expect(told(`let: { ${name}: "true" }\npass: "true"`)[0]).toContain(
        `"${name}" stands for something already`,
      )
    expect(told('let: { one: config.Tags }\npass: one.all(one, true)')[0]).toContain(
      '"one" is already given by let',
    )
  })
})
