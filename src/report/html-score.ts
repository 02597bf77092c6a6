/** The top of the HTML report: the score as a picture, findings by pillar and severity. Numbers are buttons that filter. */
import type { Pillar, Severity, VerdictKind } from '../rules/model.ts'
import { PILLARS, SEVERITIES } from '../rules/model.ts'
import type { Audit, ScoreRange } from '../score/audit.ts'
import { PILLAR_NAMES, rangeText } from './outline.ts'

const count = (value: number): string => value.toLocaleString('en-US')

/** Solid up to the low end, hatched up to the high end: what lies between depends on what could not be seen. */
function bar(range: ScoreRange, name: string): string {
  const label = `${name}: ${rangeText(range)}${range.low === null ? '' : ' of 100'}`
  const [low, high] = [range.low ?? 0, range.high ?? 0]
  const perhaps =
    high > low
      ? `<rect x="${low}%" width="${Math.round((high - low) * 10) / 10}%" height="100%" fill="url(#unsure)"/>`
      : ''
  return (
    `<svg class="bar" role="img" aria-label="${label}"><rect class="track" width="100%" height="100%"/>` +
    `${perhaps}<rect class="sure" width="${low}%" height="100%"/>` +
    '<line class="tick" x1="25%" x2="25%" y2="100%"/><line class="tick" x1="50%" x2="50%" y2="100%"/><line class="tick" x1="75%" x2="75%" y2="100%"/></svg>'
  )
}

/** Hatching for every bar: it says "perhaps" without a colour of its own. */
const PATTERN =
  '<svg class="defs" aria-hidden="true" width="0" height="0"><defs><pattern id="unsure" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><rect class="hatch" width="2.5" height="6"/></pattern></defs></svg>'

interface Filter {
  readonly severity?: Severity
  readonly pillar?: Pillar
  readonly verdict: VerdictKind
}

function cell(number: number, what: string, filter: Filter, className = ''): string {
  if (number === 0) return `<td class="none ${className}" data-label="${what}">0</td>`
  const { severity = '', pillar = '', verdict } = filter
  const where = pillar === '' ? '' : ` in ${PILLAR_NAMES[pillar as Pillar]}`
  return (
    `<td class="${className}" data-label="${what}"><button type="button" class="count ${severity || verdict}" aria-pressed="false" data-severity="${severity}" data-pillar="${pillar}" data-verdict="${verdict}" ` +
    `aria-label="${count(number)} ${what}${where}: show">${count(number)}</button></td>`
  )
}

/** Failed findings of the audit, by pillar and severity. */
function matrix({ findings }: Audit): (pillar: Pillar, severity: Severity) => number {
  const counts = new Map<string, number>()
  for (const { verdict, pillar, severity } of findings) {
    if (verdict !== 'fail') continue
    const key = `${pillar} ${severity}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return (pillar, severity) => counts.get(`${pillar} ${severity}`) ?? 0
}

function pillarRow(audit: Audit, pillar: Pillar, at: (pillar: Pillar, severity: Severity) => number): string {
  const one = audit.score.pillars[pillar]
  const name = PILLAR_NAMES[pillar]
  const severities = SEVERITIES.map((severity) =>
    cell(at(pillar, severity), severity, { severity, pillar, verdict: 'fail' }, 'severity'),
  )
  return (
    `<tr><th scope="row">${name}</th><td class="score">${bar(one, name)}<b class="range">${rangeText(one)}</b></td>${severities.join('')}` +
    `${cell(one.unknown, 'unknown', { pillar, verdict: 'unknown' }, 'rest')}${cell(one.waived, 'waived', { pillar, verdict: 'waived' })}` +
    `<td class="pass" data-label="passed">${count(one.pass)}</td></tr>\n`
  )
}

function totalRow({ score, summary }: Audit): string {
  const { unknown, waived, pass } = summary.byVerdict
  const severities = SEVERITIES.map((severity) =>
    cell(summary.bySeverity[severity], severity, { severity, verdict: 'fail' }, 'severity'),
  )
  return (
    `<tr class="total"><th scope="row">Overall</th><td class="score">${bar(score.overall, 'Overall')}<b class="range">${rangeText(score.overall)}</b></td>${severities.join('')}` +
    `${cell(unknown, 'unknown', { verdict: 'unknown' }, 'rest')}${cell(waived, 'waived', { verdict: 'waived' })}` +
    `<td class="pass" data-label="passed">${count(pass)}</td></tr>\n`
  )
}

function scoreText({ score, summary }: Audit): string {
  const { low, high } = score.overall
  if (low === null || high === null) return 'Nothing was judged that a score could be made of.'
  const { unknown } = summary.byVerdict
  if (low === high) return 'Weighted by severity; the worst open finding sets the most that can be reached.'
  return `${count(unknown)} ${unknown === 1 ? 'verdict is' : 'verdicts are'} unknown: the low end counts each as failed, the high end as passed.`
}

function sentence({ summary }: Audit): string {
  const open = SEVERITIES.filter((severity) => summary.bySeverity[severity] > 0).map(
    (severity) => `<b>${count(summary.bySeverity[severity])}</b> ${severity}`,
  )
  return open.length === 0 ? 'Nothing that was judged fails.' : `Open: ${open.join(', ')}.`
}

export function scoreSection(audit: Audit): string {
  const { score, summary } = audit
  const { overall } = score
  const waived =
    summary.byVerdict.waived === 0
      ? ''
      : `<p class="soft">As if nothing were waived: ${rangeText(score.ignoringWaivers.overall)}.</p>`
  const heads = SEVERITIES.map(
    (severity) => `<th scope="col" class="severity"><span class="badge ${severity}">${severity}</span></th>`,
  )
  const at = matrix(audit)
  return (
    `${PATTERN}<section aria-labelledby="score"><h2 id="score">Score</h2><div class="card hero">` +
    `<p class="big">${rangeText(overall)}${overall.low === null ? '' : '<small> of 100</small>'}</p>` +
    `<div>${bar(overall, 'Overall score')}<p class="scale" aria-hidden="true"><span>0</span><span>50</span><span>100</span></p></div>` +
    `<div class="words"><p>${sentence(audit)}</p><p class="soft">${scoreText(audit)}</p>${waived}</div></div>\n` +
    '<table class="card pillars"><caption class="hidden">Score and findings by pillar</caption><thead><tr><th scope="col">Pillar</th><th scope="col">Score</th>' +
    `${heads.join('')}<th scope="col" class="rest">Unknown</th><th scope="col">Waived</th><th scope="col">Passed</th></tr></thead><tbody>\n` +
    `${PILLARS.map((pillar) => pillarRow(audit, pillar, at)).join('')}</tbody><tfoot>${totalRow(audit)}</tfoot></table></section>\n`
  )
}
