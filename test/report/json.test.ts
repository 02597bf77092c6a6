import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { Audit, Finding } from '../../src/score/audit.ts'
import { render } from './reading.ts'
import { auditOf, call, rule, sampleAudit, verdict } from './sample.ts'

const published: unknown = JSON.parse(
  readFileSync(new URL('../../docs/schemas/audit.schema.json', import.meta.url), 'utf8'),
)

/** The schema as it is for what is printed today: no key that it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return 'properties' in inner ? { ...inner, additionalProperties: false } : inner
}

function errorsOf(schema: unknown, value: unknown): unknown {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false })
  addFormats.default(ajv)
  const validate = ajv.compile(schema as object)
  validate(value)
  return validate.errors ?? []
}

const parsed = (audit: Audit): Record<string, unknown> => JSON.parse(render('json', audit))

describe('the published schema of the audit', () => {
  it.each([
    ['with every verdict and severity', sampleAudit({ showPassed: true })],
    ['without findings', auditOf([rule('open')], [])],
    ['without rules', auditOf([], [])],
  ])('accepts what is printed of an audit %s, and names every key of it', (_, audit) => {
    expect(errorsOf(closed(published), parsed(audit))).toEqual([])
  })

  it.each([
    ['a severity that is none', '"severity": "critical"', '"severity": "urgent"'],
    ['a finding without its fingerprint', '"fingerprint"', '"print"'],
    ['a score over 100', '"low": null', '"low": 101'],
  ])('refuses %s: the check can fail', (_, right, wrong) => {
    const text = render('json', sampleAudit())
    expect(text).toContain(right)
    expect(errorsOf(published, JSON.parse(text.replace(right, wrong)))).not.toEqual([])
  })

  it('lets a later version say more', () => {
    expect(errorsOf(published, { ...parsed(sampleAudit()), later: true })).toEqual([])
  })
})

describe('the JSON report', () => {
  const audit = sampleAudit()

  it('says everything of each finding, values of the account unchanged', () => {
    const findings = parsed(audit)['findings'] as Finding[]
    // Half of a surrogate pair has no form in UTF-8; all else is as AWS answered it.
    const expected = JSON.parse(JSON.stringify(audit.findings).replaceAll('\\ud800', '\\ufffd'))
    expect(findings).toEqual(expected)
  })

  it('keeps a key that is named like a prototype as a key', () => {
    const text = render('json', audit)
    expect(text).toContain('"__proto__"')
    JSON.parse(text)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('is the same text for findings whose keys stand in another order', () => {
    const turned = audit.findings.map(
      (one) => Object.fromEntries(Object.entries(one).reverse()) as unknown as Finding,
    )
    expect(render('json', { ...audit, findings: turned })).toBe(render('json', audit))
  })

  it('does not name the file: a scan and an audit of what it saved are the same bytes', () => {
    const one = [verdict(rule('open'), 'fail', 'sg-1')]
    const inFile = (file: string) => render('json', auditOf([rule('open')], one, { file, calls: [call()] }))
    expect(inFile('a.ndjson')).toBe(inFile('b.ndjson'))
  })

  it('is UTF-8 that any reader takes', () => {
    // Written again, only halves of surrogate pairs are escaped.
    expect(JSON.stringify(parsed(audit))).not.toMatch(/\\ud[89a-f]/)
  })
})
