import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Severity } from '../../src/rules/model.ts'
import { SEVERITIES } from '../../src/rules/model.ts'
import type { RuleTally } from '../../src/score/score.ts'
import { CEILING, scoreAll, WEIGHT } from '../../src/score/score.ts'

const text = readFileSync(new URL('../../docs/scoring.md', import.meta.url), 'utf8')

const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
const rows = text
  .split('\n')
  .filter((line) => line.trim().startsWith('|'))
  .map((line) => cells(line.trim()))

/** The example's rules, as the page's table has them. */
const example: RuleTally[] = rows
  .filter((row) => row.length === 7 && /^\d+$/.test(row[2] ?? ''))
  .map(([, severity = '', pass, fail, unknown]) => ({
    pillar: 'data',
    severity: severity as Severity,
    pass: Number(pass),
    fail: { [severity]: Number(fail) },
    unknown: { [severity]: Number(unknown) },
    waived: {},
  }))

const whole = ({ low, high }: { low: number | null; high: number | null }): string =>
  `${Math.floor(low ?? -1)}–${Math.floor(high ?? -1)}`

describe('docs/scoring.md', () => {
  it('names the weights and ceilings that the code uses', () => {
    const stated = rows.filter((row) => row.length === 3 && SEVERITIES.includes(row[0] as Severity))
    expect(stated).toEqual(SEVERITIES.map((name) => [name, `${WEIGHT[name]}`, `${CEILING[name]}`]))
  })

  it('works its example out as the code does', () => {
    expect(example).toHaveLength(3)
    const { data } = scoreAll(example).pillars
    expect(text).toContain(`High end: 50 × (1 − 1.75 ÷ 17) = ${data.high}`)
    expect(text).toContain(`Low end: 50 × (1 − 2.25 ÷ 17) = ${data.low}`)
    expect(text).toContain(`shows **${whole(data)}**`)
    const mended = example.map((rule, at) => (at === 0 ? { ...rule, pass: 20, fail: {} } : rule))
    expect(text).toContain(`it shows **${whole(scoreAll(mended).pillars.data)}**`)
  })
})
