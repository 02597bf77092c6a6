import { describe, expect, it } from 'vitest'
import { audit, bucket, GROUP, group, INTERFACE, load, networkInterface, verdict } from './world.ts'

function quickly<T>(run: () => T): T {
  const start = performance.now()
  const result = run()
  expect(performance.now() - start).toBeLessThan(5000)
  return result
}

describe('a hostile rule cannot hang the audit', () => {
  it('with a pattern that backtracks for ever elsewhere', () => {
    const name = `${'a'.repeat(10_000)}!`
    const subject = bucket({ Name: name })
    expect(quickly(() => verdict('config.Name.matches("^(a+)+$")', subject)).kind).toBe('fail')
    expect(quickly(() => verdict('matches(config.Name, "^(" + "a+" + ")+$")', subject)).kind).toBe('fail')
    expect(quickly(() => verdict('glob("*a*a*a*a*a*a*a*a*b", config.Name)', subject)).kind).toBe('fail')
  })

  it('with loops in loops in loops', () => {
    const tags = Array.from({ length: 300 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }))
    const deep =
      'config.Tags.all(a, config.Tags.all(b, config.Tags.all(c, config.Tags.all(d, a.Key != "x"))))'
    const { kind, because } = quickly(() => verdict(deep, bucket({ Tags: tags })))
    expect([kind, because]).toEqual(['unknown', ['the rule took more than 200000 steps on this resource']])
    const absorbed =
      'config.Tags.exists(a, config.Tags.exists(b, config.Tags.exists(c, config.Tags.all(d, c.Key == "x")))) || true'
    expect(quickly(() => verdict(absorbed, bucket({ Tags: tags }))).kind).toBe('unknown')
  })

  it('on many resources at once', () => {
    const groups = Array.from({ length: 3000 }, (_, i) => group(`sg-${i}`))
    const pass = `resources("${GROUP}").all(a, resources("${GROUP}").all(b, a.id != ""))`
    const lines = `resource: ${GROUP}\npass: '${pass}'`
    const budget = { perEvaluation: 200_000, perRule: 2_000_000 }
    const { counts } = quickly(() => audit(lines, groups, { budget, keepPasses: false }))
    expect(counts[0]).toMatchObject({ pass: 0, fail: 0, unknown: 3000 })
  })

  it('with values that double', () => {
    const levels = 'bcdefghijklmnopqrstuvwxyz'
    const nest = (of: string, start: string) =>
      [...levels].reduceRight((body, name, at) => {
        const before = at === 0 ? start : levels[at - 1]
        return `cel.bind(${name}, ${before} + ${before}, ${body})`
      }, of)
    expect(
      quickly(() => verdict(nest('z.size() > 0', 'config.Name'), bucket({ Name: 'x'.repeat(10_000) }))).kind,
    ).toBe('unknown')
    expect(quickly(() => verdict(nest('z.size() > 0', '[1, 2, 3]'), bucket({}))).kind).toBe('unknown')
    const joined =
      'config.Tags.map(a, config.Tags.map(b, config.Name).join(config.Name)).join(config.Name).size() > 0'
    const tags = Array.from({ length: 400 }, () => ({ Key: 'k' }))
    expect(quickly(() => verdict(joined, bucket({ Name: 'x'.repeat(10_000), Tags: tags }))).kind).toBe(
      'unknown',
    )
  })

  it('with searches in long lists', () => {
    const tags = Array.from({ length: 20_000 }, (_, i) => ({ Key: `k${i}` }))
    const pass = 'config.Tags.map(a, a.Key).all(k, !("none" in config.Tags.map(b, b.Key)))'
    expect(quickly(() => verdict(pass, bucket({ Tags: tags }))).kind).toBe('unknown')
  })

  it('with depth, size or length', () => {
    for (const pass of [
      `${'('.repeat(5000)}true${')'.repeat(5000)}`,
      `${'!'.repeat(4001)}true`,
      Array(3000).fill('true').join(' && '),
      `[${Array(2000).fill('1').join(', ')}].size() > 0`,
      `"${'x'.repeat(20_000)}" == ""`,
      `config${'.Replica'.repeat(2000)} == 1`,
    ]) {
      const { rules, problems } = quickly(() => load(`pass: '${pass}'`))
      expect(rules).toEqual([])
      expect(problems.length).toBeGreaterThan(0)
    }
  })

  it('with a long chain that the limits allow', () => {
    expect(
      quickly(() => verdict(Array(500).fill('config.Name == "files"').join(' && '), bucket({}))).kind,
    ).toBe('pass')
  })
})

describe('a hostile rule cannot crash the audit', () => {
  it('with reckoning that has no answer', () => {
    for (const pass of [
      '1 / 0 == 1',
      '1 % 0 == 1',
      'config.Name.size() / 0 == 1',
      '9223372036854775807 + 1 == 0',
      '[1][5] == 1',
    ]) {
      const { kind, because } = verdict(pass, bucket({}))
      expect([pass, kind]).toEqual([pass, 'unknown'])
      expect(because).toHaveLength(1)
    }
    expect(verdict('config.Versioning.Days / 0 == 1', bucket({ Versioning: { Days: 1 } })).kind).toBe(
      'unknown',
    )
  })

  it('by reaching for what JavaScript keeps under an object', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
      for (const pass of [
        `dyn(config)["${name}"] == 1`,
        `config.Name["${name}"] == 1`,
        `tags["${name}"] == "x"`,
        `params["${name}"] == 1`,
      ]) {
        const { rules } = load(`pass: '${pass}'`)
        if (rules.length > 0) expect([pass, verdict(pass, bucket({})).kind]).toEqual([pass, 'unknown'])
      }
      expect(verdict(`"${name}" in tags`, bucket({})).kind).toBe('fail')
    }
  })

  it('nor keep the other rules from theirs', () => {
    const { rules } = load('pass: 1 / 0 == 1')
    expect(rules).toHaveLength(1)
  })
})

describe('a hostile account cannot', () => {
  const parse = (text: string) => JSON.parse(text) as Record<string, string>
  it('by the keys of its tags', () => {
    const tags = parse('{"__proto__": "x", "constructor": "y", "toString": "z", "Owner": "me"}')
    const subject = bucket({}, { tags })
    expect(
      verdict('tags["Owner"] == "me" && tags.constructor == "y" && "toString" in tags', subject).kind,
    ).toBe('pass')
    expect(
      verdict('tags.size() == 4 && has(tags.Owner) && tags.all(key, tags[key] != "")', subject).kind,
    ).toBe('pass')
  })

  it('by values of another kind than the API promises', () => {
    const odd = bucket({
      Name: 5,
      CreationDate: [],
      Tags: 'none',
      Policy: { constructor: 'x' },
      Versioning: [],
    })
    for (const pass of [
      'config.Name.startsWith("x")',
      'daysSince(config.CreationDate) > 1',
      'config.Tags.exists(tag, tag.Key == "x")',
      'config.Policy.Statement == 1',
      'config.Versioning.Enabled',
    ]) {
      expect([pass, verdict(pass, odd).kind]).toEqual([pass, 'unknown'])
    }
  })

  it('by long values in messages and evidence', () => {
    const subject = bucket({ Name: '\u001b[31m'.repeat(3000) })
    const { verdicts } = audit('pass: config.Name == ""\nmessage: "{config.Name} fails"', [subject])
    expect(verdicts[0]?.message.length).toBeLessThan(400)
    expect(String(verdicts[0]?.evidence['Name']).length).toBeLessThan(1100)
  })

  it('by a list whose elements are not what they should be', () => {
    const others = [networkInterface('eni-1', { Groups: [null, 1, 'x', { GroupId: 'sg-1' }] })]
    const pass = `resources("${INTERFACE}", "Groups[].GroupId", config.GroupId).size() == 1`
    expect(verdict(pass, group('sg-1'), { others }).kind).toBe('pass')
  })
})
