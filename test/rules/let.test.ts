import { describe, expect, it } from 'vitest'
import { ACCOUNT, audit, BUCKET, bucket, denied, GROUP, group, load } from './world.ts'

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

  it('may be of each element', () => {
    const each = `resource: ${GROUP}
each: config.IpPermissions
key: string(port)
let: { port: item.?FromPort.orValue(0) }
pass: port != 22
message: 'opens {port}'`
    const { verdicts } = audit(each, [group('sg-1', { IpPermissions: [{ FromPort: 22 }, { FromPort: 80 }] })])
    expect(verdicts.map((one) => [one.subKey, one.message])).toEqual([['22', 'opens 22']])
    expect(told(each.replace('each: config.IpPermissions', 'each: "[port]"'))[0]).toContain(
      'Unknown variable',
    )
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

  it('that grows without end', () => {
    const names = Array.from({ length: 30 }, (_, at) => `  n${at + 1}: n${at} + n${at}`).join('\n')
    const problems = told(`resource: ${BUCKET}\nlet:\n  n0: config.Name\n${names}\npass: n30 == ""`)
    expect(problems[0]).toContain('too large')
  })
})
