/** The trend as one page with its picture: no script, no request. */
import { PILLARS, SEVERITIES } from '../rules/model.ts'
import { html } from './escape.ts'
import { PILLAR_NAMES, rangeText } from './outline.ts'
import type { TrendPoint } from './trend.ts'

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [720, 260, 36, 24]

const CSS = `:root{color-scheme:light dark;--text:#1b1f24;--soft:#57606a;--line:#d0d7de;--page:#fff;--score:#0b5cad;--range:#0b5cad33}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9198a1;--line:#3d444d;--page:#0d1117;--score:#58a6ff;--range:#58a6ff33}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--page);max-width:60rem;margin:2rem auto;padding:0 1rem}
svg{width:100%;height:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .6rem;text-align:right;border-bottom:1px solid var(--line)}th:first-child,td:first-child{text-align:left}
.wide{overflow-x:auto}.soft,svg text{color:var(--soft);fill:var(--soft);font-size:12px}
.axis{stroke:var(--line)}.low{fill:none;stroke:var(--score);stroke-width:2}.range{fill:var(--range)}.dot{fill:var(--score)}`

const y = (score: number): number => HEIGHT - BOTTOM - (score / 100) * (HEIGHT - BOTTOM - 10)

/** By time, so that a gap between audits is a gap in the picture. */
function xOf(points: readonly TrendPoint[]): (at: number) => number {
  const times = points.map((point) => Date.parse(point.time))
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const span = last - first
  const part = (at: number): number => (span > 0 ? ((times[at] ?? first) - first) / span : 0.5)
  return (at) => LEFT + part(at) * (WIDTH - LEFT - 16)
}

function picture(points: readonly TrendPoint[]): string {
  const x = xOf(points)
  const scored = points.flatMap(({ score, time }, at) =>
    score.low === null || score.high === null ? [] : [{ at, time, low: score.low, high: score.high }],
  )
  const grid = [0, 25, 50, 75, 100].map(
    (score) =>
      `<line class="axis" x1="${LEFT}" x2="${WIDTH}" y1="${y(score)}" y2="${y(score)}"/><text x="${LEFT - 6}" y="${y(score) + 4}" text-anchor="end">${score}</text>`,
  )
  const place = (at: number, score: number): string => `${x(at).toFixed(1)},${y(score).toFixed(1)}`
  const low = scored.map((point) => place(point.at, point.low))
  const high = scored.map((point) => place(point.at, point.high)).reverse()
  const dots = scored.map(
    (point) =>
      `<circle class="dot" cx="${x(point.at).toFixed(1)}" cy="${y(point.low).toFixed(1)}" r="3.5"><title>${html(`${point.time}: ${rangeText(point)}`)}</title></circle>`,
  )
  const ends = [points[0], points.at(-1)].map((point, at) =>
    point
      ? `<text x="${at === 0 ? LEFT : WIDTH}" y="${HEIGHT - 6}" text-anchor="${at === 0 ? 'start' : 'end'}">${html(point.time.slice(0, 10))}</text>`
      : '',
  )
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Overall score over time; the table below has the numbers">`,
    ...grid,
    `<polygon class="range" points="${[...low, ...high].join(' ')}"/>`,
    `<polyline class="low" points="${low.join(' ')}"/>`,
    ...dots,
    ...ends,
    '</svg>',
  ].join('')
}

function row(point: TrendPoint): string {
  const cells = [
    rangeText(point.score),
    ...PILLARS.map((pillar) => rangeText(point.pillars[pillar] ?? { low: null, high: null })),
    ...SEVERITIES.map((severity) => point.bySeverity[severity]),
    point.unknown,
    point.waived,
  ]
  const time = `${html(point.time)}${point.incomplete ? ' (incomplete)' : ''}`
  return `<tr><td>${time}</td>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
}

export function trendHtml(points: readonly TrendPoint[]): string {
  const heads = [
    'audit',
    'score',
    ...PILLARS.map((pillar) => PILLAR_NAMES[pillar]),
    ...SEVERITIES,
    'unknown',
    'waived',
  ]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Security posture over time</title><style>${CSS}</style></head>
<body><main><h1>Security posture over time</h1>
<p class="soft">The line is the low end of the score, which counts each unknown as failed; the band reaches to the high end.</p>
${picture(points)}
<div class="wide" tabindex="0" role="region" aria-label="Numbers"><table><thead><tr>${heads.map((head) => `<th scope="col">${html(head)}</th>`).join('')}</tr></thead>
<tbody>${points.map(row).join('\n')}</tbody></table></div>
</main></body></html>
`
}
