import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/rules/evaluate.ts'
import { loadRules } from '../../src/rules/load.ts'
import type { Verdict } from '../../src/rules/model.ts'
import type { Facts } from '../../src/rules/runtime.ts'
import { loadWaivers } from '../../src/rules/waiver-file.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import type { Resource } from '../../src/snapshot/model.ts'
import { analyses, bucket, denied, ruleText, shapes, snapshot } from './world.ts'

const NOW = '2026-11-24T12:00:00Z'
const FILE = 'aws-secaudit.waivers.yaml'
const { rules } = loadRules(
  [
    {
      file: 'rules/data/no-owner.yaml',
      text: ruleText('id: no-owner\naliases: [owner-missing]\npass: has(tags.Owner)'),
    },
    { file: 'rules/data/no-policy.yaml', text: ruleText('id: no-policy\npass: has(config.Policy)') },
  ],
  shapes,
  analyses,
)

const one = (lines: string): string =>
  `waivers:\n${lines
    .trim()
    .split('\n')
    .map((line, at) => `  ${at === 0 ? '- ' : '  '}${line.trim()}`)
    .join('\n')}\n`
const entry = (over: Readonly<Record<string, string>> = {}): string => {
  const base = {
    rule: 'no-owner',
    resource: 'arn:aws:s3:::files',
    reason: 'it is public by design',
    owner: 'data team',
    expires: '2026-12-31',
  }
  const merged: Record<string, string> = { ...base, ...over }
  return one(
    Object.entries(merged)
      .filter(([, value]) => value !== '')
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
      .join('\n'),
  )
}

const load = (text: string, now = NOW) => loadWaivers([{ file: FILE, text }], rules, now)
const told = (text: string): string[] =>
  load(text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`)

interface Setting {
  readonly now?: string
  readonly resources?: readonly Resource[]
  readonly facts?: Facts
}

function judge(text: string, { now = NOW, resources = [bucket({})], facts }: Setting = {}) {
  const { waivers, problems } = load(text, now)
  expect(problems.filter((problem) => problem.level === 'error')).toEqual([])
  const index = indexSnapshot(snapshot(resources))
  return evaluate(rules, index, { now, waivers, ...(facts ? { facts } : {}) })
}
const ofOwner = (of: { verdicts: readonly Verdict[] }): Verdict | undefined =>
  of.verdicts.find((verdict) => verdict.rule.id === 'no-owner')

describe('a waiver', () => {
  it('hides the finding that it names, and says who accepted it, why and until when', () => {
    const { verdicts, counts } = judge(entry({ ticket: 'SEC-12' }))
    expect(ofOwner({ verdicts })).toMatchObject({
      kind: 'waived',
      waiver: {
        state: 'active',
        reason: 'it is public by design',
        owner: 'data team',
        expires: '2026-12-31',
        ticket: 'SEC-12',
        file: FILE,
        line: 2,
      },
    })
    expect(counts.find((count) => count.ruleId === 'no-owner')).toMatchObject({ fail: 0, waived: 1 })
    expect(verdicts.find((verdict) => verdict.rule.id === 'no-policy')?.kind).toBe('fail')
  })

  it.each([
    ['the day before', '2026-11-23T23:59:59Z', 'waived'],
    ['the first second of its last day', '2026-11-24T00:00:00Z', 'waived'],
    ['the last second of its last day', '2026-11-24T23:59:59Z', 'waived'],
    ['the first second after it', '2026-11-25T00:00:00Z', 'fail'],
    ['its last day elsewhere, the next day in UTC', '2026-11-24T20:00:00-05:00', 'fail'],
    ['the next day elsewhere, its last day in UTC', '2026-11-25T08:00:00+09:00', 'waived'],
  ])('counts until the end of its last day in UTC: %s', (_name, now, kind) => {
    expect(ofOwner(judge(entry({ expires: '2026-11-24' }), { now }))?.kind).toBe(kind)
  })

  it('that ran out is said with the finding, and whose it was', () => {
    const verdict = ofOwner(judge(entry({ expires: '2026-11-01' })))
    expect(verdict).toMatchObject({ kind: 'fail', waiver: { state: 'expired', owner: 'data team' } })
    expect(verdict?.message).toMatch(/The waiver of data team ran out on 2026-11-01\.$/)
  })

  it('names rules by id, by an earlier id, or by a glob', () => {
    for (const rule of ['no-owner', 'owner-missing', 'no-*', '*'])
      expect(ofOwner(judge(entry({ rule })))?.kind, rule).toBe('waived')
    for (const rule of ['no-owne', 'No-Owner', 'no-policy'])
      expect(ofOwner(judge(entry({ rule })))?.kind, rule).toBe('fail')
  })

  it('names resources by a glob over ARNs', () => {
    for (const resource of ['arn:aws:s3:::files', 'arn:aws:s3:::*', 'arn:*:s3:::file?'])
      expect(ofOwner(judge(entry({ resource })))?.kind, resource).toBe('waived')
    for (const resource of ['arn:aws:s3:::file', 'files', 'arn:aws:s3:::FILES'])
      expect(ofOwner(judge(entry({ resource })))?.kind, resource).toBe('fail')
  })

  it('names resources by an expression over the resource, its tags and the finding', () => {
    const site = bucket({ Name: 'files' }, { tags: { Stack: 'site' } })
    const where = (text: string) =>
      ofOwner(judge(entry({ resource: '', where: text }), { resources: [site] }))?.kind
    expect(where('tags.Stack == "site"')).toBe('waived')
    expect(where('config.Name == "files" && finding.severity == "medium"')).toBe('waived')
    expect(where('finding.ruleId.startsWith("no-")')).toBe('waived')
    expect(where('tags.Stack == "shop"')).toBe('fail')
    // What can't be told does not hide anything.
    expect(where('tags.Nothing == "site"')).toBe('fail')
  })

  it('of both a resource and an expression needs both', () => {
    const site = [bucket({}, { tags: { Stack: 'site' } })]
    expect(ofOwner(judge(entry({ where: 'tags.Stack == "site"' }), { resources: site }))?.kind).toBe('waived')
    expect(ofOwner(judge(entry({ where: 'tags.Stack == "x"' }), { resources: site }))?.kind).toBe('fail')
    expect(
      ofOwner(judge(entry({ resource: 'arn:aws:s3:::x', where: 'true' }), { resources: site }))?.kind,
    ).toBe('fail')
  })

  it('lapses when what it was given for does not hold any more, or can’t be told', () => {
    const text = entry({ while: 'facts.network.n == 0' })
    const facts = (n: number) => ({ network: () => ({ known: { n } }) })
    expect(ofOwner(judge(text, { facts: facts(0) }))?.kind).toBe('waived')
    const lapsed = ofOwner(judge(text, { facts: facts(1) }))
    expect(lapsed).toMatchObject({ kind: 'fail', waiver: { state: 'lapsed' } })
    expect(lapsed?.message).toContain('does not hold any more')
    const blind = { network: () => ({ known: {}, unseen: { n: [denied('ec2:DescribeRouteTables')] } }) }
    expect(ofOwner(judge(text, { facts: blind }))).toMatchObject({
      kind: 'fail',
      waiver: { state: 'undecided' },
    })
  })

  it('hides no unknown: nobody accepted what nobody saw', () => {
    const unseen = bucket({}, { missing: { Tags: denied('s3:GetBucketTagging') } })
    expect(ofOwner(judge(entry(), { resources: [unseen] }))?.kind).toBe('unknown')
  })

  it('among several that fit, one that counts goes before one that does not, the longest before the rest', () => {
    const three = ['2026-11-01', '2026-12-01', '2027-01-01'].map((expires) =>
      entry({ expires }).replace('waivers:\n', ''),
    )
    expect(ofOwner(judge(`waivers:\n${three.join('')}`))?.waiver).toMatchObject({
      state: 'active',
      expires: '2027-01-01',
    })
  })

  it('is told how often it was of use', () => {
    const { waivers } = judge(
      `${entry()}${entry({ rule: 'no-policy', resource: 'arn:aws:s3:::other' }).replace('waivers:\n', '')}`,
    )
    expect(waivers.map(({ fits, waived, resources }) => ({ fits: fits.length, waived, resources }))).toEqual([
      { fits: 1, waived: 1, resources: ['arn:aws:s3:::files'] },
      { fits: 0, waived: 0, resources: [] },
    ])
  })

  it('never changes what is said of another resource', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(names, fc.nat(), fc.boolean(), (all, pick, aged) => {
        const name = all[pick % all.length] ?? ''
        const resources = all.map((each) =>
          bucket({ Name: each }, { id: `arn:aws:s3:::${each}`, name: each }),
        )
        const text = entry({
          rule: '*',
          resource: `arn:aws:s3:::${name}`,
          expires: aged ? '2026-01-01' : '2026-12-31',
        })
        const shown = (of: { verdicts: readonly Verdict[] }) =>
          of.verdicts.filter((verdict) => verdict.resource.name !== name)
        expect(shown(judge(text, { resources }))).toEqual(shown(judge('waivers: []\n', { resources })))
      }),
      { numRuns: 100 },
    )
  })
})

describe('a waiver file is refused whole, with line and column, for', () => {
  it.each([
    ['an unknown key', entry({ untill: 'x' }), /^7:5 unknown key "untill"/],
    ['a key that stands twice', `${entry()}    owner: x\n`, /^7:5 Map keys must be unique/],
    ['a date that is none', entry({ expires: '2026-02-30' }), /^6:14 .*not a date/],
    ['a date with a time', entry({ expires: '2026-02-28T00:00:00Z' }), /not a date/],
    ['no end', entry({ expires: '' }), /expires/],
    [
      'an end too far off',
      entry({ expires: '2027-11-25' }),
      /^6:14 expires 2027-11-25 is more than 365 days off/,
    ],
    ['no reason', entry({ reason: '' }), /reason/],
    ['no owner', entry({ owner: ' ' }), /owner/],
    ['nothing that it is about', entry({ resource: '' }), /say of what/],
    ['an expression that is none', entry({ where: 'tags.Stack ==' }), /^7:\d+ where: /],
    [
      'an expression over a field that AWS does not have',
      entry({ where: 'config.Nam == "x"' }),
      /^7:20 where: no field "Nam".*did you mean "Name"/,
    ],
    ['an expression over no such member of the finding', entry({ where: 'finding.sverity == "x"' }), /^7:/],
    ['an expression that is no condition', entry({ where: 'config.Name' }), /must be a bool/],
    [
      'facts of no analysis',
      entry({ while: 'facts.netwrk.n == 0' }),
      /no analysis "netwrk"; did you mean "network"/,
    ],
    ['a list that is none', 'waivers: nothing\n', /waivers/],
  ])('%s', (_name, text, message) => {
    const { waivers, problems } = load(text)
    expect(waivers).toEqual([])
    expect(told(text).join('\n')).toMatch(message)
    expect(problems.some((problem) => problem.level === 'error')).toBe(true)
  })

  it('may allow more or fewer days itself', () => {
    expect(told(`maxDays: 10\n${entry()}`).join()).toMatch(/more than 10 days off/)
    expect(told(`maxDays: 800\n${entry({ expires: '2028-11-25' })}`)).toEqual([])
  })

  it('warns of a rule that is not there, and waives the rest', () => {
    const text = `${entry({ rule: 'no-ownr' })}${entry().replace('waivers:\n', '')}`
    expect(told(text)).toEqual([
      '2:11 no rule is called no-ownr; did you mean "no-owner"?: it waives nothing',
    ])
    expect(load(text).waivers).toHaveLength(2)
  })
})
