/** One HTML file that asks nobody for anything: score, gaps and findings, to filter, to read and to print. */
import { createHash } from 'node:crypto'
import { PILLARS, SEVERITIES } from '../rules/model.ts'
import type { Audit, Finding, ScoreRange } from '../score/audit.ts'
import type { Json } from '../snapshot/model.ts'
import { clip, scriptJson, html as text } from './escape.ts'
import { SCRIPT } from './html-script.ts'
import { STYLE } from './html-style.ts'
import type { Report } from './model.ts'
import { adviceFor, hopsOf, missingText, notSeen, PILLAR_NAMES, rangeText } from './outline.ts'

/** The page stays small enough to open at once; the JSON has everything whole. */
const MAX_TEXT = 2_000
const MAX_VALUE = 1_000
const MAX_PLACES = 20

const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'`

function mood({ low }: ScoreRange): string {
  if (low === null) return 'none'
  return low >= 90 ? 'good' : low >= 60 ? 'fair' : 'bad'
}

/** Sure up to the low end, perhaps up to the high end. */
function bar(range: ScoreRange, name: string): string {
  const label = `${name}: ${rangeText(range)}${range.low === null ? '' : ' of 100'}`
  const [low, high] = [range.low ?? 0, range.high ?? 0]
  return (
    `<svg class="bar ${mood(range)}" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label="${text(label)}">` +
    '<rect class="track" width="100" height="12" rx="1.5"/>' +
    `<rect class="perhaps" width="${high}" height="12" rx="1.5"/><rect class="sure" width="${low}" height="12" rx="1.5"/></svg>`
  )
}

const count = (value: number): string => value.toLocaleString('en-US')

function scoreSection({ score, summary }: Audit): string {
  const { overall } = score
  const { fail, unknown, waived, pass } = summary.byVerdict
  const pillars = PILLARS.map((pillar) => {
    const one = score.pillars[pillar]
    const counts = `${count(one.fail)} fail · ${count(one.unknown)} unknown · ${count(one.waived)} waived · ${count(one.pass)} pass`
    return `<li><b>${PILLAR_NAMES[pillar]}</b>${bar(one, PILLAR_NAMES[pillar])}<span class="range">${rangeText(one)}</span><span class="counts">${counts}</span></li>`
  })
  const chips = SEVERITIES.map(
    (severity) =>
      `<li><button type="button" class="${severity}" value="${severity}" aria-pressed="false"><b>${count(summary.bySeverity[severity])}</b> ${severity}</button></li>`,
  )
  const without =
    waived > 0 ? `<p class="soft">Without waivers ${rangeText(score.ignoringWaivers.overall)}</p>` : ''
  return (
    '<h2>Score</h2><div class="score">' +
    `<div class="card"><p class="big ${mood(overall)}">${rangeText(overall)}<small>${overall.low === null ? '' : ' of 100'}</small></p>${bar(overall, 'Overall')}` +
    `<p>${count(fail)} fail · ${count(unknown)} unknown · ${count(waived)} waived · ${count(pass)} pass</p>${without}` +
    `<p class="soft">${overall.low === overall.high ? 'Weighted by severity.' : 'Weighted by severity; the low end counts each unknown as failed, the high end as passed.'}</p></div>` +
    `<ul class="card pillars">${pillars.join('')}</ul></div>` +
    `<ul class="chips" aria-label="Open findings by severity">${chips.join('')}</ul>\n`
  )
}

function some(items: readonly string[]): string {
  const shown = items
    .slice(0, MAX_PLACES)
    .map((item) => `<code>${text(clip(item, MAX_VALUE))}</code>`)
    .join(', ')
  return items.length > MAX_PLACES ? `${shown} and ${count(items.length - MAX_PLACES)} more` : shown
}

function* gapsSection(audit: Audit): Iterable<string> {
  const causes = notSeen(audit)
  if (causes.length > 0) {
    yield '<h2>Not seen</h2><div class="card"><table class="gaps"><thead><tr><th scope="col">Operation</th><th scope="col">Outcome</th><th scope="col">Where</th><th scope="col">Blinds</th><th scope="col">What to do</th></tr></thead><tbody>\n'
    for (const cause of causes) {
      const blinds =
        cause.rules.length === 0 ? 'no rule yet' : `${some(cause.rules)} (${count(cause.resources)} unknown)`
      yield `<tr><td><code>${text(cause.operation)}</code></td><td>${text(cause.outcome)}</td><td>${some(cause.places)}</td><td>${blinds}</td><td>${text(adviceFor(cause))}</td></tr>\n`
    }
    yield '</tbody></table></div>\n'
  }
  if (audit.problems.length === 0) return
  yield '<h2>Rules with a problem</h2><ul class="card">\n'
  for (const problem of audit.problems) {
    const at = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
    yield `<li><code>${text(at)}</code> ${text(problem.level)}: ${text(clip(problem.message, MAX_TEXT))}</li>\n`
  }
  yield '</ul>\n'
}

const FILTERS = [
  ['verdict', 'Verdict'],
  ['severity', 'Severity'],
  ['pillar', 'Pillar'],
  ['account', 'Account'],
  ['region', 'Region'],
  ['rule', 'Rule'],
] as const

function findingsSection(audit: Audit): string {
  const selects = FILTERS.map(
    ([name, label]) => `<label>${label}<select name="${name}"><option value="">all</option></select></label>`,
  )
  const nothing =
    audit.findings.length > 0
      ? ''
      : `<p class="card">${audit.summary.byVerdict.pass > 0 ? 'Nothing that was judged fails.' : 'Nothing was judged.'}</p>`
  return (
    `<h2 id="findings">Findings</h2>${nothing}<noscript><p class="warn">The list of findings needs this page's own script. The same findings are in the other formats.</p></noscript>` +
    '<div id="browse" hidden><form id="filters" class="card" role="search" aria-label="Filter findings">' +
    '<label class="wide">Search<input type="search" name="text" autocomplete="off" placeholder="name, id, message, tag=value"></label>' +
    `${selects.join('')}<button type="reset">Clear</button></form>` +
    '<div class="bar-line"><p id="status" role="status"></p><div class="pages"><button type="button" id="back">Previous</button><span id="page"></span><button type="button" id="forth">Next</button></div></div>' +
    '<ul id="list"></ul></div>\n'
  )
}

function clipped(values: Readonly<Record<string, Json>>): Record<string, Json> | undefined {
  const kept = Object.entries(values).filter(([, value]) => hopsOf({ value }).length === 0)
  if (kept.length === 0) return undefined
  return Object.fromEntries(
    kept.map(([key, value]) => {
      const long = JSON.stringify(value)
      return [
        clip(key, MAX_VALUE),
        long.length > MAX_VALUE ? clip(typeof value === 'string' ? value : long, MAX_VALUE) : value,
      ]
    }),
  )
}

/** One finding for the script, under short names since there may be ten thousand. */
function row(
  finding: Finding,
  rule: number,
  shared: { fix: string; terraform: string | undefined },
): unknown {
  const { resource, remediation } = finding
  const hops = hopsOf(finding.evidence)
  return {
    r: rule,
    v: finding.verdict,
    s: finding.severity,
    a: resource.account,
    g: resource.region,
    y: resource.type,
    i: clip(resource.id, MAX_TEXT),
    n: resource.name === undefined ? undefined : clip(resource.name, MAX_VALUE),
    k: clipped(resource.tags),
    m: clip(finding.message, MAX_TEXT),
    x: finding.verdict === 'unknown' ? clip(missingText(finding), MAX_TEXT) : undefined,
    w: finding.waiver === undefined ? undefined : clipped({ ...finding.waiver }),
    h: hops.length === 0 ? undefined : hops,
    e: clipped(finding.evidence),
    d: remediation.text === shared.fix ? undefined : clip(remediation.text, MAX_TEXT),
    c: remediation.cli === undefined ? undefined : clip(remediation.cli, MAX_TEXT),
    t:
      remediation.terraform === shared.terraform
        ? undefined
        : clip(remediation.terraform ?? '', MAX_TEXT * 2),
    f: finding.fingerprint,
  }
}

/** Of the rules only those with findings. What a rule's first finding says of its mending is said once. */
function* embedded(audit: Audit): Iterable<string> {
  const firsts = new Map<string, Finding>()
  for (const finding of audit.findings) if (!firsts.has(finding.ruleId)) firsts.set(finding.ruleId, finding)
  const risks = new Map(audit.rules.map((rule) => [rule.id, rule.risk]))
  const index = new Map([...firsts.keys()].map((id, at) => [id, at]))
  const rules = [...firsts.values()].map((first) => ({
    id: first.ruleId,
    title: first.title,
    pillar: first.pillar,
    risk: risks.get(first.ruleId) ?? '',
    fix: first.remediation.text,
    terraform: first.remediation.terraform,
    references: first.references,
    compliance: Object.entries(first.compliance)
      .map(([framework, ids]) => `${framework} ${ids.join(', ')}`)
      .join('; '),
  }))
  yield `<script type="application/json" id="data">{"names":${scriptJson(PILLAR_NAMES)},"rules":${scriptJson(rules)},"findings":[`
  for (const [at, finding] of audit.findings.entries()) {
    const rule = index.get(finding.ruleId) ?? 0
    const first = rules[rule]
    yield `${at === 0 ? '' : ','}\n${scriptJson(row(finding, rule, { fix: first?.fix ?? '', terraform: first?.terraform }))}`
  }
  yield ']}</script>\n'
}

function* render(audit: Audit): Iterable<string> {
  const { snapshot, tool } = audit
  yield `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">\n`
  yield '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">\n'
  yield `<title>AWS security posture, ${text(snapshot.time.slice(0, 10))}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head><body>\n`
  yield `<header><h1>AWS security posture</h1><p class="soft">${snapshot.accounts.length === 1 ? 'Account' : 'Accounts'} ${some(snapshot.accounts)} · ${snapshot.regions.length} ${snapshot.regions.length === 1 ? 'Region' : 'Regions'} · ${text(snapshot.time)}</p>\n`
  if (audit.incomplete) {
    yield '<p class="warn"><b>Incomplete.</b> Not everything could be seen. What is unknown is not passed: see “Not seen”.</p>\n'
  }
  yield '</header><main>\n'
  yield scoreSection(audit)
  yield* gapsSection(audit)
  yield findingsSection(audit)
  yield `</main><footer>${text(tool.name)} ${text(tool.version)} · snapshot SHA-256 ${text(snapshot.sha256)}</footer>\n`
  yield* embedded(audit)
  yield `<script>${SCRIPT}</script></body></html>\n`
}

export const html: Report = {
  name: 'html',
  extension: '.html',
  description: 'one page to browse, filter and print',
  render,
}
