/** The HTML report's own program: it shows, filters and finds what stands in the page as JSON. No request, no storage. */
import type { PageData } from '../html-types.ts'
import { byId, count, el, openNow } from './dom.ts'
import {
  type Choice,
  chooser,
  fillSelects,
  fillTags,
  readAddress,
  readForm,
  writeAddress,
  writeForm,
} from './filters.ts'
import { groupCard, groupsOf } from './list.ts'

/** A printed page shows each finding by a line, up to so many. */
const MOST_PRINTED = 2_000

const data = JSON.parse(byId('data', HTMLScriptElement).textContent ?? '') as PageData
const form = byId('filters', HTMLFormElement)
const list = byId('list', HTMLUListElement)
const status = byId('status', HTMLParagraphElement)
const matches = chooser(data)

function draw(choice: Choice): void {
  const rows = data.findings.filter(matches(choice))
  const groups = groupsOf(rows, data)
  list.replaceChildren(...groups.map((group) => groupCard(group, data)))
  const [only] = list.querySelectorAll<HTMLDetailsElement>('details.group')
  if (groups.length === 1 && only) openNow(only)
  const finding = list.querySelector<HTMLDetailsElement>('details.finding')
  if (choice.finding !== undefined && finding) openNow(finding)
  const all = data.findings.length
  const shown =
    rows.length === all ? count(all, 'finding') : `${count(rows.length)} of ${count(all, 'finding')}`
  status.textContent = `${shown} of ${count(groups.length, 'rule')}`
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-severity]')) {
    const { severity = '', pillar = '', verdict = '' } = button.dataset
    const on =
      (choice.severity ?? '') === severity && (choice.pillar ?? '') === pillar && choice.verdict === verdict
    button.setAttribute('aria-pressed', String(on))
  }
}

function apply(): void {
  const choice = readForm(form)
  writeAddress(choice)
  draw(choice)
}

let waiting = 0
/** Typing does not wait for the list of ten thousand. */
function applySoon(): void {
  clearTimeout(waiting)
  waiting = setTimeout(apply, 120)
}

form.addEventListener('input', (event) => (event.target instanceof HTMLInputElement ? applySoon() : apply()))
form.addEventListener('submit', (event) => event.preventDefault())
form.addEventListener('reset', () => setTimeout(apply))

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-severity]')) {
  button.addEventListener('click', () => {
    const pressed = button.getAttribute('aria-pressed') === 'true'
    const { severity = '', pillar = '', verdict = '' } = button.dataset
    writeForm(form, pressed ? {} : { severity, pillar, verdict })
    apply()
    byId('findings', HTMLHeadingElement).scrollIntoView()
  })
}

addEventListener('beforeprint', () => {
  if (data.findings.length > MOST_PRINTED) return
  for (const group of list.querySelectorAll<HTMLDetailsElement>('details.group')) openNow(group)
  for (const all of list.querySelectorAll('ul.findings')) all.dispatchEvent(new Event('show-all'))
})
addEventListener('hashchange', () => {
  // A link to a heading of the page is no choice.
  if (location.hash.includes('=')) start()
})

function start(): void {
  const choice = readAddress()
  writeForm(form, choice)
  draw(choice)
}

byId('choices', HTMLDetailsElement).open = matchMedia('(min-width: 761px)').matches
fillSelects(form, data)
fillTags(byId('tags', HTMLDataListElement), form.elements.namedItem('tag') as HTMLInputElement, data.findings)
byId('browse', HTMLDivElement).hidden = false
if (data.findings.length === 0) list.append(el('li', 'soft', 'No finding.'))
start()
