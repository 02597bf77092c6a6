import { describe, expect, it } from 'vitest'
import type { Audit } from '../../src/score/audit.ts'
import { readBy, render } from './reading.ts'
import { auditOf, rule, sampleAudit, verdict } from './sample.ts'

interface Case {
  readonly name: string
  readonly classname: string
  readonly outcome: string
  readonly type: string | null
  readonly message: string | null
  readonly body: string | null
}
interface Suite {
  readonly name: string
  readonly tests: string
  readonly failures: string
  readonly errors: string
  readonly skipped?: string
  readonly timestamp?: string
  readonly cases: readonly Case[]
  readonly properties: Readonly<Record<string, string>>
  readonly notices: string | null
}
interface Read {
  readonly errors: readonly string[] | string
  readonly tests: string
  readonly suites: readonly Suite[]
}

const read = (audit: Audit): Read => readBy('junit', render('junit', audit)) as Read

describe('the JUnit report', () => {
  const audit = sampleAudit({ showPassed: true })
  const text = render('junit', audit)
  const { suites, tests } = read(audit)
  const cases = suites.flatMap((suite) => suite.cases)

  it.each([
    ['with every verdict and severity', sampleAudit({ showPassed: true })],
    ['without findings', auditOf([rule('open')], [])],
  ])("is valid by the schema of Jenkins' xUnit plugin: an audit %s", (_, one) => {
    const answer = readBy(
      'junit',
      render('junit', one).replace(/^<testsuites[^>]*>/m, '<testsuites>'),
    ) as Read
    expect(answer.errors).toEqual([])
  })

  it('is refused by that schema where it is wrong: the check can fail', () => {
    const wrong = text.replace(/^<testsuites[^>]*>/m, '<testsuites>').replace('<failure', '<failed/><failure')
    expect((readBy('junit', wrong) as Read).errors).not.toEqual([])
  })

  it('has a suite a rule, a case a resource, each under a name of its own', () => {
    expect(suites.slice(1).map((suite) => suite.name.split(':')[0])).toEqual([
      ...new Set(audit.findings.map((finding) => finding.ruleId)),
    ])
    expect(cases).toHaveLength(audit.findings.length)
    expect(new Set(cases.map((one) => `${one.classname} ${one.name}`)).size).toBe(cases.length)
  })

  it('tells two findings of one rule on one resource apart', () => {
    const both = ['tcp/22', 'tcp/3389'].map((subKey) => verdict(rule('open'), 'fail', 'sg-1', { subKey }))
    const names = read(auditOf([rule('open')], both)).suites.flatMap((suite) =>
      suite.cases.map((one) => one.name),
    )
    expect(names.map((name) => name.split(' ')[1])).toEqual(['tcp/22', 'tcp/3389'])
  })

  it('fails what fails, errs what is unknown, skips what is waived, passes the rest', () => {
    const outcomes = { failure: 'fail', error: 'unknown', skipped: 'waived', passed: 'pass' } as Record<
      string,
      string
    >
    const verdicts = new Map(audit.findings.map((one) => [`${one.ruleId} ${one.resource.id}`, one]))
    for (const one of cases) {
      const finding = verdicts.get(`${one.classname.split('.')[1]} ${one.name}`)
      expect(outcomes[one.outcome]).toBe(finding?.verdict)
      if (one.outcome === 'failure') expect(one.type).toBe(finding?.severity)
      if (one.outcome === 'error') expect(one.message).toContain('kms:GetKeyPolicy denied')
      if (one.outcome === 'skipped') expect(one.message).toContain('owner: network team')
      if (one.outcome !== 'passed') expect(one.body).toContain(`Fingerprint: ${finding?.fingerprint}`)
    }
  })

  it('counts what it holds', () => {
    const count = (list: readonly Case[], outcome: string): string =>
      `${list.filter((one) => one.outcome === outcome).length}`
    for (const suite of suites) {
      expect(suite.tests).toBe(`${suite.cases.length}`)
      expect(suite.failures).toBe(count(suite.cases, 'failure'))
      expect(suite.errors).toBe(count(suite.cases, 'error'))
      if (suite.cases.length > 0) expect(suite.skipped).toBe(count(suite.cases, 'skipped'))
    }
    expect(tests).toBe(`${cases.length}`)
  })

  it('says first what is true of the whole audit: score, incompleteness, what was not seen', () => {
    const [whole] = suites
    expect(whole?.cases).toEqual([])
    expect(whole?.properties).toMatchObject({ incomplete: 'true', fail: '50', unknown: '50', waived: '50' })
    expect(whole?.notices).toContain('Not seen: kms:GetKeyPolicy denied')
  })

  it('keeps the name of a case when a tag is edited: a name tells Jenkins and GitLab what is new', () => {
    const named = (name: string) => auditOf([rule('open')], [verdict(rule('open'), 'fail', 'sg-1', { name })])
    const names = ['before', 'after'].map((name) => read(named(name)).suites[1]?.cases[0]?.name)
    expect(names[0]).toBe(names[1])
  })

  it('leaves out what XML cannot hold, and writes the rest so that it is read back', () => {
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|&#(0|1|8|27);/)
    const messages = cases.map((one) => one.message)
    expect(messages).toContain('Group two\nlines\r\nand\ta tab is open')
    expect(messages).toContain('Group <script>alert(1)</script><img src=x onerror=alert(1)> is open')
  })
})
