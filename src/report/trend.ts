/** Audits over time: the score, each pillar's, and what was open, one line an audit. */
import { Chalk } from 'chalk'
import Table from 'cli-table3'
import { PILLARS, SEVERITIES } from '../rules/model.ts'
import type { Audit, ScoreRange } from '../score/audit.ts'
import { terminal } from './escape.ts'
import type { ReportOptions } from './model.ts'
import { PILLAR_NAMES, rangeText } from './outline.ts'

export interface TrendPoint {
  readonly time: string
  readonly accounts: readonly string[]
  readonly incomplete: boolean
  readonly score: ScoreRange
  readonly pillars: Readonly<Record<string, ScoreRange>>
  readonly bySeverity: Audit['summary']['bySeverity']
  readonly unknown: number
  readonly waived: number
}

/** @returns a point for each audit, oldest first */
export function trendOf(audits: readonly Audit[]): TrendPoint[] {
  const points = audits.map(
    ({ snapshot, score, summary, incomplete }): TrendPoint => ({
      time: snapshot.time,
      accounts: snapshot.accounts,
      incomplete,
      score: score.overall,
      pillars: Object.fromEntries(
        PILLARS.map((pillar) => [
          pillar,
          { low: score.pillars[pillar].low, high: score.pillars[pillar].high },
        ]),
      ),
      bySeverity: summary.bySeverity,
      unknown: summary.byVerdict.unknown,
      waived: summary.byVerdict.waived,
    }),
  )
  return points.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
}

export const trendJson = (points: readonly TrendPoint[]): string => `${JSON.stringify({ points }, null, 2)}\n`

const SPARKS = '▁▂▃▄▅▆▇█'

/** One character an audit, the low end of its score. */
export function sparkline(scores: readonly ScoreRange[]): string {
  return scores
    .map(({ low }) => (low === null ? ' ' : (SPARKS[Math.min(7, Math.floor(low / 12.5))] ?? ' ')))
    .join('')
}

const PLAIN = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((name) => [name, '']),
)

export function trendTable(points: readonly TrendPoint[], options: ReportOptions): string {
  const chalk = new Chalk({ level: options.colorLevel ?? 0 })
  const table = new Table({
    head: ['', 'score', ...SEVERITIES, 'unknown', 'waived'],
    chars: { ...PLAIN, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: ['left', ...Array.from({ length: SEVERITIES.length + 3 }, () => 'right' as const)],
  })
  for (const point of points) {
    table.push([
      `${terminal(point.time)}${point.incomplete ? ' *' : ''}`,
      rangeText(point.score),
      ...SEVERITIES.map((severity) => String(point.bySeverity[severity])),
      String(point.unknown),
      String(point.waived),
    ])
  }
  const width = Math.max(...PILLARS.map((pillar) => PILLAR_NAMES[pillar].length))
  const [first, last] = [points[0], points.at(-1)]
  const pillars = PILLARS.map((pillar) => {
    const ranges = points.map((point) => point.pillars[pillar] ?? { low: null, high: null })
    const [from, to] = [first?.pillars[pillar], last?.pillars[pillar]].map((range) =>
      range ? rangeText(range) : '',
    )
    return `${PILLAR_NAMES[pillar].padEnd(width)}  ${chalk.cyan(sparkline(ranges))}  ${from} → ${to}`
  })
  const note = points.some((point) => point.incomplete)
    ? ['', '* incomplete: something could not be seen']
    : []
  return `${[table.toString(), '', ...pillars, ...note].map((line) => line.replace(/[ \t]+$/gm, '')).join('\n')}\n`
}
