import { describe, expect, it } from 'vitest'
import { testRules } from '../../src/rules/test-rules.ts'
import { GROUP, INTERFACE, load } from './world.ts'

/** What the tests inside a rule say: nothing where they hold. */
function outcome(rule: string, tests: string): string[] {
  const { rules, problems } = load(`${rule}\ntests:\n${tests}`)
  const errors = problems.filter((problem) => problem.level === 'error')
  return [...errors, ...testRules(rules)].map((result) => result.message)
}

const named = "pass: config.Name == 'a'\nmessage: 'it is called {config.Name}'"

describe('a test inside a rule', () => {
  it('holds where the rule says what it expects', () => {
    const tests = `
  - pass: { config: { Name: a } }
  - fail: { config: { Name: b } }
  - unknown: { missing: { Name: { operation: s3:ListBuckets } } }`
    expect(outcome(named, tests)).toEqual(['', '', ''])
    expect(
      outcome(`${named}\nwhen: config.Name != "c"`, '  - notApplicable: { config: { Name: c } }'),
    ).toEqual([''])
  })

  it('says what came instead', () => {
    expect(outcome(named, '  - pass: { config: { Name: b } }')).toEqual([
      'expected pass, got fail: it is called b',
    ])
    expect(outcome(named, '  - fail: { missing: { Name: { operation: s3:ListBuckets } } }')).toEqual([
      'expected fail, got unknown: s3:ListBuckets',
    ])
    expect(outcome(`${named}\nwhen: "false"`, '  - pass: { config: { Name: a } }')).toEqual([
      'expected pass, got notApplicable',
    ])
  })

  it('can name the severity and a part of the message', () => {
    const graded = `${named}\nseverity: { default: high, cases: [{ when: config.Name == "c", severity: low }] }`
    const tests = `
  - { severity: low, says: called c, fail: { config: { Name: c } } }
  - { severity: low, fail: { config: { Name: b } } }
  - { says: called c, fail: { config: { Name: b } } }`
    expect(outcome(graded, tests)).toEqual([
      '',
      'expected severity low, got high',
      'no message says "called c": it is called b',
    ])
  })

  it('can name the findings of a rule with each', () => {
    const each = `resource: ${GROUP}
each: config.IpPermissions
key: string(item.?FromPort.orValue(0))
pass: item.?FromPort.orValue(0) == 443`
    const of = (keys: string) =>
      outcome(
        each,
        `  - { keys: ${keys}, fail: { config: { IpPermissions: [{ FromPort: 22 }, { FromPort: 443 }, { FromPort: 80 }] } } }`,
      )
    expect(of("['22', '80']")).toEqual([''])
    expect(of("['22']")).toEqual(['expected findings of 22, got 22, 80'])
  })

  it('fails where the message of a finding has a hole', () => {
    const hole = 'pass: "false"\nmessage: "by {config.Encryption.KeyId}"'
    expect(outcome(hole, '  - fail: { config: { Name: b } }')).toEqual([
      'the message has a hole: by (not known)',
    ])
  })

  it('sees other resources, listings that were denied, parameters, the time', () => {
    const used = `resource: ${GROUP}
params: { most: { type: int, default: 1, description: how many } }
pass: resources("${INTERFACE}").size() <= params.most && now > timestamp("2020-01-01T00:00:00Z")`
    const interfaces = `others: [{ type: '${INTERFACE}', config: {} }, { type: '${INTERFACE}', config: {} }]`
    const tests = `
  - fail: { resource: {}, ${interfaces} }
  - pass: { resource: {}, ${interfaces}, params: { most: 2 } }
  - fail: { resource: {}, now: '2019-01-01T00:00:00Z' }
  - unknown: { resource: {}, unlisted: ['${INTERFACE}'] }`
    expect(outcome(used, tests)).toEqual(['', '', '', ''])
  })

  it('has the fields of AWS, and expects one thing', () => {
    expect(outcome(named, '  - pass: { config: { Nmae: a } }')[0]).toContain('did you mean "Name"?')
    expect(outcome(named, '  - { pass: { config: {} }, fail: { config: {} } }')[0]).toContain(
      'exactly one of',
    )
    expect(outcome(named, '  - { kyes: [a], fail: { config: {} } }')[0]).toContain('did you mean "keys"?')
  })
})
