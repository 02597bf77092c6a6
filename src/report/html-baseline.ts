/** What the HTML report says of an earlier audit: what is mended, and what nobody looked at again. */
import type { Audit, Finding } from '../score/audit.ts'
import { clip, html as text } from './escape.ts'
import { comparisonText, shortName } from './outline.ts'

/** Of each list; the JSON has all. */
const MOST = 200

const count = (value: number): string => value.toLocaleString('en-US')

function item(finding: Finding, reason = ''): string {
  const { resource, severity, title } = finding
  const name = clip(resource.name ?? shortName(resource.id), 200)
  const why = reason === '' ? '' : `<span class="why">${text(clip(reason, 500))}</span>`
  return `<li><span class="badge ${severity}">${severity}</span> ${text(clip(title, 300))}: <b>${text(name)}</b> <span class="soft">${text(`${resource.account} ${resource.region}`)}</span>${why}</li>`
}

function folded(title: string, items: readonly string[]): string {
  if (items.length === 0) return ''
  const more = items.length > MOST ? `<li class="soft">and ${count(items.length - MOST)} more</li>` : ''
  return `<details class="earlier"><summary>${title} (${count(items.length)})</summary><ul class="plain">${items.slice(0, MOST).join('')}${more}</ul></details>`
}

/** New and changed findings stand in the list; here is what is not in it any more. */
export function baselineSection(audit: Audit): string {
  const { comparison } = audit
  if (!comparison) return ''
  const { baseline, fixed, notRescanned, ruleChanged } = comparison
  return (
    `<section aria-labelledby="baseline"><h2 id="baseline">Since ${text(baseline.time.slice(0, 10))}</h2><div class="card">` +
    `<p>${text(comparisonText(audit))}</p>` +
    folded(
      'Fixed',
      fixed.map((finding) => item(finding)),
    ) +
    folded(
      'Not looked at again: nobody knows',
      notRescanned.map(({ finding, reason }) => item(finding, reason)),
    ) +
    folded(
      'Judged otherwise by a changed rule',
      ruleChanged.map((finding) => item(finding)),
    ) +
    '</div></section>\n'
  )
}
