/**
 * One HTML file that asks nobody for anything: score, gaps and findings, to filter, to read and to print.
 * Its program and style stand in browser/ and come in as text.
 */
import { createHash } from 'node:crypto'
import page from '../generated/html-report.json' with { type: 'json' }
import type { Audit } from '../score/audit.ts'
import { clip, html as text } from './escape.ts'
import { baselineSection } from './html-baseline.ts'
import { pageData } from './html-rows.ts'
import { scoreSection } from './html-score.ts'
import type { Report } from './model.ts'
import { adviceFor, type NotSeen, notSeen, PILLAR_NAMES, shownText } from './outline.ts'

const MAX_TEXT = 2_000
const MAX_PLACES = 6
/** Causes that are shown without unfolding. */
const MAX_CAUSES = 4

const SCRIPT_HASH = createHash('sha256').update(page.script).digest('base64')
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${SCRIPT_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`

const count = (value: number): string => value.toLocaleString('en-US')

function some(items: readonly string[], most = MAX_PLACES): string {
  const shown = items
    .slice(0, most)
    .map((item) => `<code>${text(clip(item, 200))}</code>`)
    .join(' ')
  return items.length > most ? `${shown} and ${count(items.length - most)} more` : shown
}

function causeItem(cause: NotSeen): string {
  const blinds =
    cause.rules.length === 0
      ? 'No verdict hangs on it.'
      : `${cause.resources === 0 ? 'Read by' : `Leaves ${count(cause.resources)} ${cause.resources === 1 ? 'verdict' : 'verdicts'} unknown:`} ${some(cause.rules)}`
  const detail = cause.detail === undefined ? '' : `<p class="soft">${text(clip(cause.detail, MAX_TEXT))}</p>`
  return (
    `<li><p><code class="operation">${text(cause.operation)}</code> <span class="mark unknown">${text(cause.outcome)}</span> <span class="soft">in ${some(cause.places)}</span></p>` +
    `<p>${blinds}</p>${detail}<p class="advice"><b>Next:</b> ${text(adviceFor(cause))}</p></li>\n`
  )
}

function gapsSection(audit: Audit): string {
  const causes = notSeen(audit)
  if (causes.length === 0) return ''
  const [shown, folded] = [causes.slice(0, MAX_CAUSES), causes.slice(MAX_CAUSES)]
  const rest =
    folded.length === 0
      ? ''
      : `<details><summary>${count(folded.length)} more</summary><ul class="gaps">${folded.map(causeItem).join('')}</ul></details>`
  return (
    '<section aria-labelledby="gaps"><h2 id="gaps">What could not be seen</h2><div class="card">' +
    `<ul class="gaps">${shown.map(causeItem).join('')}</ul>${rest}</div></section>\n`
  )
}

function problemsSection({ problems }: Audit): string {
  if (problems.length === 0) return ''
  const items = problems.map((problem) => {
    const at = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
    return `<li><code>${text(at)}</code> ${text(problem.level)}: ${text(clip(problem.message, MAX_TEXT))}</li>`
  })
  return `<section aria-labelledby="problems"><h2 id="problems">Rules with a problem</h2><ul class="card plain">${items.join('')}</ul></section>\n`
}

const FILTERS = [
  ['severity', 'Severity'],
  ['verdict', 'Verdict'],
  ['pillar', 'Pillar'],
  ['account', 'Account'],
  ['region', 'Region'],
  ['rule', 'Rule'],
  ['baseline', 'Since the baseline'],
] as const

function findingsSection(audit: Audit): string {
  const selects = FILTERS.map(
    ([name, label]) => `<label>${label}<select name="${name}"><option value="">All</option></select></label>`,
  )
  const nothing =
    audit.findings.length > 0
      ? ''
      : `<p class="card">${audit.summary.byVerdict.pass > 0 ? 'Nothing that was judged fails.' : 'Nothing was judged.'}</p>`
  const narrowed = audit.shown ? `<p class="warn">${text(shownText(audit))}</p>` : ''
  return (
    `<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings</h2>${nothing}${narrowed}` +
    '<noscript><p class="warn">The list of findings needs this page’s own script. The same findings are in the other formats.</p></noscript>' +
    '<div id="browse" hidden><form id="filters" class="card" role="search" aria-label="Filter findings">' +
    '<label>Search<input type="search" name="text" autocomplete="off" placeholder="Name, id, message, rule, fingerprint"></label>' +
    '<button type="reset">Clear</button><details id="choices" open><summary class="choice-title">Filters</summary><div class="choices">' +
    `${selects.join('')}<label>Tag<input name="tag" list="tags" autocomplete="off" placeholder="key=value"></label><datalist id="tags"></datalist>` +
    '</div></details></form><p id="status" role="status"></p><ul id="list"></ul></div></section>\n'
  )
}

function header({ snapshot, incomplete }: Audit): string {
  const accounts = snapshot.accounts.length === 1 ? 'Account' : `${snapshot.accounts.length} accounts`
  const regions = snapshot.regions.length === 1 ? 'Region' : `${snapshot.regions.length} Regions`
  const warning = incomplete
    ? '<p class="warn"><b>Incomplete.</b> Something could not be seen. What is unknown is not passed: <a href="#gaps">see what, and what to grant</a>.</p>'
    : ''
  return (
    `<a class="skip" href="#findings">Skip to the findings</a><header><h1>AWS security posture</h1>` +
    `<dl class="meta"><div class="part"><dt>${accounts}</dt><dd>${some(snapshot.accounts)}</dd></div><div class="part"><dt>${regions}</dt><dd>${some(snapshot.regions)}</dd></div>` +
    `<div class="part"><dt>Seen</dt><dd><time datetime="${text(snapshot.time)}">${text(snapshot.time.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'))}</time></dd></div>` +
    `</dl>${warning}</header>`
  )
}

function* render(audit: Audit): Iterable<string> {
  const { snapshot, tool } = audit
  yield `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">\n`
  yield '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">\n'
  yield `<title>AWS security posture, ${text(snapshot.time.slice(0, 10))}</title><link rel="icon" href="data:,"><style>${page.style}</style></head><body>\n`
  yield `${header(audit)}<main>\n`
  yield scoreSection(audit)
  yield gapsSection(audit)
  yield baselineSection(audit)
  yield problemsSection(audit)
  yield findingsSection(audit)
  yield `</main><footer>${text(tool.name)} ${text(tool.version)} · snapshot SHA-256 <code>${text(snapshot.sha256)}</code></footer>\n`
  yield '<script type="application/json" id="data">'
  yield* pageData(audit, PILLAR_NAMES)
  yield `</script>\n<script>${page.script}</script></body></html>\n`
}

export const html: Report = {
  name: 'html',
  extension: '.html',
  description: 'one page to browse, filter and print',
  render,
}
