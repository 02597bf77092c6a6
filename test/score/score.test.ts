import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PILLARS, SEVERITIES } from '../../src/rules/model.ts'
import type { RuleTally } from '../../src/score/score.ts'
import { CEILING, scoreAll, WEIGHT } from '../../src/score/score.ts'

const tally = (over: Partial<RuleTally> = {}): RuleTally => ({
  pillar: 'data',
  severity: 'high',
  pass: 0,
  fail: {},
  unknown: {},
  waived: {},
  ...over,
})

const overall = (tallies: readonly RuleTally[]) => scoreAll(tallies).overall
/** `no data` compares as nothing: properties look at numbers only. */
const low = (tallies: readonly RuleTally[]): number | null => overall(tallies).low

/** Severities that a rule may grade a finding to: its own or milder. */
const graded = (severity: RuleTally['severity']) => SEVERITIES.slice(SEVERITIES.indexOf(severity))
const small = fc.integer({ min: 0, max: 4 })
const counts = (severity: RuleTally['severity']) =>
  fc
    .tuple(...graded(severity).map(() => small))
    .map((list) => Object.fromEntries(graded(severity).map((name, at) => [name, list[at] ?? 0])))
const tallies = fc.array(
  fc.constantFrom(...SEVERITIES).chain((severity) =>
    fc.record<RuleTally>({
      pillar: fc.constantFrom(...PILLARS),
      severity: fc.constant(severity),
      pass: fc.oneof(small, fc.integer({ min: 0, max: 1000 })),
      fail: counts(severity),
      unknown: counts(severity),
      waived: counts(severity),
    }),
  ),
  { minLength: 1, maxLength: 6 },
)

/** Each way to change one rule's counts by one: `from` loses one, `to` gains one. */
const changed = (all: readonly RuleTally[], at: number, change: (rule: RuleTally) => RuleTally) =>
  all.map((rule, index) => (index === at ? change(rule) : rule))

describe('the score', () => {
  it('is no data, never 100, where nothing was judged', () => {
    expect(overall([])).toEqual({ low: null, high: null })
    expect(overall([tally()])).toEqual({ low: null, high: null })
    expect(overall([tally({ unknown: { high: 5 } })])).toEqual({ low: null, high: null })
    expect(overall([tally({ waived: { high: 5 } })])).toEqual({ low: null, high: null })
    expect(overall([tally({ severity: 'info', pass: 7 })])).toEqual({ low: null, high: null })
    expect(scoreAll([tally({ pass: 1 })]).pillars.iam).toMatchObject({ low: null, high: null, pass: 0 })
  })

  it('is 100 where everything passes', () => {
    expect(overall([tally({ pass: 3 })])).toEqual({ low: 100, high: 100 })
  })

  it('shows one open critical among a thousand passes: half at most', () => {
    const passes = PILLARS.map((pillar) => tally({ pillar, pass: 1000 }))
    const scores = scoreAll([...passes, tally({ severity: 'critical', pass: 1000, fail: { critical: 1 } })])
    expect(scores.overall).toEqual({ low: 49.9, high: 49.9 })
    expect(scores.pillars.data.high).toBe(49.9)
    expect(scores.pillars.iam.high).toBe(100)
  })

  it('moves with every finding that is mended, under the ceiling too', () => {
    const open = (fails: number) =>
      low([tally({ severity: 'critical', pass: 10 - fails, fail: { critical: fails } })])
    expect([10, 5, 2, 1, 0].map(open)).toEqual([0, 25, 40, 45, 100])
  })

  it('is a range while something is unknown: low as if it failed, high as if it passed', () => {
    expect(overall([tally({ pass: 1, unknown: { high: 1 } })])).toEqual({ low: 37.5, high: 100 })
  })

  it('leaves informing findings out', () => {
    expect(overall([tally({ pass: 1 }), tally({ severity: 'info', fail: { info: 9 } })])).toEqual({
      low: 100,
      high: 100,
    })
  })

  it('counts waived findings apart, and says what the score were without waivers', () => {
    const scores = scoreAll([tally({ pass: 1, waived: { high: 1 } })])
    expect(scores.overall).toEqual({ low: 100, high: 100 })
    expect(scores.pillars.data).toMatchObject({ pass: 1, fail: 0, waived: 1 })
    expect(scores.ignoringWaivers.overall).toEqual({ low: 37.5, high: 37.5 })
    expect(scores.ignoringWaivers.pillars.data).toEqual({ low: 37.5, high: 37.5 })
  })

  it('lets a finding that its rule graded down lose only what its own severity weighs', () => {
    const critical = tally({ severity: 'critical', pass: 1, fail: { low: 1 } })
    expect(low([critical])).toBe(CEILING.low * (1 - (WEIGHT.low * 0.5) / WEIGHT.critical))
  })

  it('is low <= high, both within 0 and 100, and null together', () => {
    fc.assert(
      fc.property(tallies, (all) => {
        for (const range of [overall(all), ...Object.values(scoreAll(all).pillars)]) {
          if (range.low === null || range.high === null) {
            expect([range.low, range.high]).toEqual([null, null])
            continue
          }
          expect(range.low).toBeGreaterThanOrEqual(0)
          expect(range.high).toBeLessThanOrEqual(100)
          expect(range.low).toBeLessThanOrEqual(range.high)
        }
      }),
    )
  })

  it('is never raised by a new fail, nor lowered by mending or removing one, at either end', () => {
    fc.assert(
      fc.property(tallies, fc.nat(), fc.nat(), (all, ruleAt, severityAt) => {
        const at = ruleAt % all.length
        const rule = all[at] ?? tally()
        const severities = graded(rule.severity)
        const severity = severities[severityAt % severities.length] ?? rule.severity
        const worse = changed(all, at, (one) => ({
          ...one,
          fail: { ...one.fail, [severity]: (one.fail[severity] ?? 0) + 1 },
        }))
        const mended = changed(all, at, (one) => ({ ...one, pass: one.pass + 1 }))
        const [before, after, better] = [overall(all), overall(worse), overall(mended)]
        if (before.low !== null && after.low !== null) expect(after.low).toBeLessThanOrEqual(before.low)
        if (before.high !== null && after.high !== null) expect(after.high).toBeLessThanOrEqual(before.high)
        if (better.low !== null && after.low !== null) expect(after.low).toBeLessThanOrEqual(better.low)
        if (better.high !== null && after.high !== null) expect(after.high).toBeLessThanOrEqual(better.high)
      }),
      { numRuns: 2_000 },
    )
  })

  it('holds, once unknowns are known, a number within the range that was said before', () => {
    fc.assert(
      fc.property(tallies, fc.func(fc.boolean()), (all, fails) => {
        const before = overall(all)
        const after = overall(
          all.map((rule, at) => {
            const worse = fails(at)
            const unknown = Object.values(rule.unknown).reduce((sum, count) => sum + (count ?? 0), 0)
            const both = (name: (typeof SEVERITIES)[number]) =>
              (rule.fail[name] ?? 0) + (rule.unknown[name] ?? 0)
            return {
              ...rule,
              unknown: {},
              pass: worse ? rule.pass : rule.pass + unknown,
              fail: worse ? Object.fromEntries(SEVERITIES.map((name) => [name, both(name)])) : rule.fail,
            }
          }),
        )
        if (before.low === null || before.high === null || after.low === null) return
        expect(after.low).toBeGreaterThanOrEqual(before.low)
        expect(after.low).toBeLessThanOrEqual(before.high)
      }),
      { numRuns: 1_000 },
    )
  })

  it('says 100 only where nothing that weighs fails', () => {
    fc.assert(
      fc.property(tallies, (all) => {
        if (overall(all).high !== 100) return
        expect(
          all.every((rule) => SEVERITIES.slice(0, 4).every((name) => (rule.fail[name] ?? 0) === 0)),
        ).toBe(true)
      }),
    )
  })
})
