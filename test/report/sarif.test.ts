import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { Audit } from '../../src/score/audit.ts'
import { render } from './reading.ts'
import { auditOf, call, largeAudit, rule, sampleAudit, verdict } from './sample.ts'

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string }
    readonly region: { readonly startLine: number }
  }
  readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[]
  readonly message?: { readonly text: string }
}
interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly kind: string
  readonly level: string
  readonly baselineState?: string
  readonly message: { readonly text: string }
  readonly locations: readonly Location[]
  readonly codeFlows?: readonly {
    readonly threadFlows: readonly { readonly locations: readonly { readonly location: Location }[] }[]
  }[]
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[]
  readonly properties: { readonly verdict: string; readonly severity: string }
}
interface Descriptor {
  readonly id: string
  readonly deprecatedIds?: readonly string[]
  readonly shortDescription: { readonly text: string }
  readonly fullDescription: { readonly text: string }
  readonly help: { readonly text: string; readonly markdown: string }
  readonly defaultConfiguration: { readonly level: string }
  readonly properties: { readonly tags: readonly string[]; readonly 'security-severity': string }
}
interface Notification {
  readonly descriptor: { readonly id: string }
  readonly message: { readonly text: string }
}
interface Run {
  readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Descriptor[] } }
  readonly invocations: readonly [
    {
      readonly executionSuccessful: boolean
      readonly exitCode: number
      readonly toolExecutionNotifications: readonly Notification[]
      readonly toolConfigurationNotifications: readonly Notification[]
    },
  ]
  readonly results: readonly Result[]
}

function runOf(text: string): Run {
  const { version, runs } = JSON.parse(text) as { version: string; runs: [Run] }
  expect(version).toBe('2.1.0')
  expect(runs).toHaveLength(1)
  return runs[0]
}

const run = (audit: Audit): Run => runOf(render('sarif', audit))

// Of draft 4 it uses nothing that later drafts read otherwise, but for the name of its own id.
const {
  $schema: _,
  id: $id,
  ...schema
} = JSON.parse(readFileSync(new URL('../schemas/sarif-2.1.0.json', import.meta.url), 'utf8'))
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats.default(ajv)
const validate = ajv.compile({ $id, ...schema })

describe('the SARIF schema of OASIS', () => {
  it.each([
    ['an audit with every verdict and severity', sampleAudit()],
    ['an audit without findings', auditOf([rule('open')], [])],
    ['an audit without rules', auditOf([], [])],
    [
      'one with passes listed',
      auditOf([rule('open')], [verdict(rule('open'), 'pass', 'sg-1')], { showPassed: true }),
    ],
  ])('accepts %s', (_, audit) => {
    validate(JSON.parse(render('sarif', audit)))
    expect(validate.errors ?? []).toEqual([])
  })

  it('refuses a file that is wrong: the check can fail', () => {
    const wrong = JSON.parse(render('sarif', sampleAudit()).replace('"kind":"fail"', '"kind":"failed"'))
    expect(validate(wrong)).toBe(false)
  })
})

describe('what GitHub asks of SARIF', () => {
  const { results, tool } = run(sampleAudit())

  it('places each result in a file by a relative URI and a line from 1', () => {
    for (const { locations } of results) {
      const { artifactLocation, region } = locations[0]?.physicalLocation ?? expect.fail('no location')
      expect(artifactLocation.uri).toBe('snapshots/prod%201.ndjson')
      expect(region.startLine).toBeGreaterThanOrEqual(1)
    }
  })

  it.each([
    ['/home/me/prod.ndjson', 'prod.ndjson'],
    ['C:\\snapshots\\prod.ndjson', 'prod.ndjson'],
    ['./a b/ü.ndjson', 'a%20b/%C3%BC.ndjson'],
  ])('writes the file %s as %s', (file, uri) => {
    const audit = auditOf([rule('open')], [verdict(rule('open'), 'fail', 'sg-1')], { file })
    expect(run(audit).results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri)
  })

  it('gives each result a fingerprint of its own', () => {
    const prints = results.map((result) => result.partialFingerprints['primaryLocationLineHash'])
    expect(new Set(prints).size).toBe(results.length)
    expect(prints.every((print) => /^[0-9a-f]{64}:1$/.test(print ?? ''))).toBe(true)
  })

  it('gives each rule a security-severity within the bounds of its severity', () => {
    const bounds = {
      critical: [9.01, 10],
      high: [7, 8.9],
      medium: [4, 6.9],
      low: [0.1, 3.9],
      info: [0.1, 3.9],
    }
    for (const { id, properties, defaultConfiguration } of tool.driver.rules) {
      const severity = id.split('-')[1] as keyof typeof bounds
      const score = Number(properties['security-severity'])
      expect(score).toBeGreaterThanOrEqual(bounds[severity][0] ?? 0)
      expect(score).toBeLessThanOrEqual(bounds[severity][1] ?? 0)
      const level = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' }[
        severity
      ]
      expect(defaultConfiguration.level).toBe(level)
    }
  })

  it('gives a rule at most 20 tags, security among them', () => {
    const maps = { Long: Array.from({ length: 40 }, (_, at) => `${at}`) }
    const [one] = run(auditOf([rule('open', { maps })], [])).tool.driver.rules
    expect(one?.properties.tags).toHaveLength(20)
    expect(one?.properties.tags).toContain('security')
  })

  it('describes each rule in plain text and Markdown, with its former ids', () => {
    const [one] = run(auditOf([rule('open', { aliases: ['old'] })], [])).tool.driver.rules
    expect(one).toMatchObject({ id: 'open', deprecatedIds: ['old'] })
    expect(one?.help.text).toContain('aws ec2 close')
    expect(one?.help.markdown).toContain('```sh\naws ec2 close\n```')
  })

  it('points at the rule of each result', () => {
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
  })
})

describe('a result', () => {
  const { results } = run(sampleAudit({ showPassed: true }))

  it('is a failure, a review where the verdict is unknown, or a pass', () => {
    const kinds = { fail: 'fail', waived: 'fail', unknown: 'review', pass: 'pass' } as Record<string, string>
    for (const { kind, level, properties } of results) {
      expect(kind).toBe(kinds[properties.verdict])
      expect(level === 'none').toBe(kind !== 'fail')
    }
  })

  it('is suppressed by whoever waived it, and says why; the others say that they are not', () => {
    for (const { properties, suppressions } of results) {
      if (properties.verdict !== 'waived') expect(suppressions).toEqual([])
      else {
        expect(suppressions).toMatchObject([{ kind: 'external' }])
        expect(suppressions?.[0]?.justification).toMatch(
          /^Accepted: .*; owner: network team; expires: 2027/su,
        )
      }
    }
  })

  it('has no suppressions where nothing is waived', () => {
    const [result] = run(auditOf([rule('open')], [verdict(rule('open'), 'fail', 'sg-1')])).results
    expect(result).not.toHaveProperty('suppressions')
    expect(result).not.toHaveProperty('baselineState')
  })

  it('says how it stands against the baseline', () => {
    expect(new Set(results.map((result) => result.baselineState))).toEqual(
      new Set(['new', 'unchanged', 'updated']),
    )
  })

  it('tells the path of a witness hop by hop', () => {
    const withPath = results.filter((result) => result.codeFlows !== undefined)
    expect(withPath.length).toBeGreaterThan(0)
    for (const { codeFlows } of withPath) {
      const hops = codeFlows?.[0]?.threadFlows[0]?.locations.map(({ location }) => location)
      expect(hops?.map((hop) => hop.logicalLocations[0]?.fullyQualifiedName)).toEqual([
        'internet',
        'igw-0a1b',
        'eni-0c2d',
      ])
      expect(hops?.[2]?.message?.text).toContain('sg-0e3f allows tcp/22 from 0.0.0.0/0')
    }
  })

  it('has a message in which nothing is a placeholder, a link or invisible', () => {
    for (const { message } of results) {
      expect(message.text).not.toMatch(/(?<!\{)\{\d+\}(?!\})|[^\\]\]\(|[\u001b\u202e\u0000]/u)
      expect(message.text).not.toBe('')
    }
  })
})

describe('the invocation', () => {
  const [{ exitCode, executionSuccessful, ...notices }] = run(sampleAudit()).invocations

  it('ends with 4 where the audit is incomplete, or as the command will', () => {
    expect([exitCode, executionSuccessful]).toEqual([4, true])
    expect(runOf(render('sarif', sampleAudit(), { exitCode: 1 })).invocations[0].exitCode).toBe(1)
  })

  it('names each operation that was not answered, the rules that it blinds and what to do', () => {
    const texts = notices.toolExecutionNotifications.map(({ message }) => message.text)
    expect(texts).toHaveLength(2)
    expect(texts[0]).toMatch(
      /^kms:GetKeyPolicy was denied in 111122223333\/eu-west-1.*grant kms:GetKeyPolicy/s,
    )
    expect(texts[1]).toMatch(/^macie2:GetMacieSession was throttled/)
  })

  it('names rules that could not be loaded', () => {
    expect(notices.toolConfigurationNotifications[0]?.message.text).toContain('no such key: IpPermisions')
  })

  it('has nothing to notify where all was seen', () => {
    const audit = auditOf([rule('open')], [verdict(rule('open'), 'fail', 'sg-1')], { calls: [call()] })
    const [invocation] = run(audit).invocations
    expect(invocation).toMatchObject({ exitCode: 0, toolExecutionNotifications: [] })
  })
})

describe('more than GitHub takes', () => {
  const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info']

  function tally(results: readonly Result[]): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { properties } of results) {
      const key = `${properties.verdict} ${properties.severity}`
      counts[key] = (counts[key] ?? 0) + 1
    }
    return counts
  }

  it('of 30,000 findings sends the worst 25,000, in order, and counts the rest', () => {
    const audit = largeAudit(30_000)
    const { results, invocations } = run(audit)
    expect(results).toHaveLength(25_000)
    expect(invocations[0].toolExecutionNotifications[0]).toMatchObject({
      descriptor: { id: 'left-out' },
      message: { text: expect.stringContaining('5000 of 30000 findings are left out') },
    })
    const counts = tally(results)
    const failed = audit.findings.filter((finding) => finding.verdict === 'fail').length
    for (const severity of SEVERITIES) {
      expect(counts[`fail ${severity}`]).toBe(
        audit.findings.filter((one) => one.verdict === 'fail' && one.severity === severity).length,
      )
    }
    expect(results.filter((result) => result.properties.verdict === 'unknown')).toHaveLength(25_000 - failed)
    const order = new Map(audit.findings.map((finding, at) => [`${finding.fingerprint}:1`, at]))
    const places = results.map(
      (result) => order.get(result.partialFingerprints['primaryLocationLineHash'] ?? '') ?? -1,
    )
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  it('stays under 10 MB gzipped, however little the findings have in common', () => {
    // Names that no compression makes small: a digest after another.
    let state = 1
    const noise = (): string => {
      let text = ''
      while (text.length < 900) {
        state = (state * 48_271) % 2_147_483_647
        text += state.toString(36)
      }
      return text
    }
    const audit = largeAudit(20_000, () => ({ message: noise() }))
    const text = render('sarif', audit)
    expect(gzipSync(text).length).toBeLessThan(10_000_000)
    const { results, invocations } = runOf(text)
    expect(results.length).toBeGreaterThan(10_000)
    expect(results.length).toBeLessThan(20_000)
    expect(invocations[0].toolExecutionNotifications[0]?.descriptor.id).toBe('left-out')
    const unknown = results.filter((result) => result.properties.verdict === 'unknown')
    expect(unknown.some((result) => result.properties.severity === 'critical')).toBe(true)
    expect(unknown.some((result) => result.properties.severity === 'info')).toBe(false)
  })

  it('keeps 1,000 hops of a longer path', () => {
    const hops = Array.from({ length: 1_200 }, (_, at) => ({
      resource: `r-${at}`,
      kind: 'hop',
      decision: 'ok',
    }))
    const finding = verdict(rule('open'), 'fail', 'sg-1', { evidence: { witness: { hops } } })
    const [result] = run(auditOf([rule('open')], [finding])).results
    expect(result?.codeFlows?.[0]?.threadFlows[0]?.locations).toHaveLength(1_000)
  })
})
