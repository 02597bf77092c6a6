/** Findings by rule, worst first: a rule a card, its resources inside. */
import type { PageData, Row, RuleData } from '../html-types.ts'
import { code, detail, section } from './detail.ts'
import { count, el, lazily } from './dom.ts'
import { BASELINES, VERDICTS } from './filters.ts'

/** Resources that a rule shows at once. */
const STEP = 50

export interface Group {
  readonly rule: RuleData
  readonly rows: readonly Row[]
}

/** Rules stand where their first finding stands. */
export function groupsOf(rows: readonly Row[], { rules }: PageData): Group[] {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.rule)
    if (group) group.push(row)
    else groups.set(row.rule, [row])
  }
  return [...groups].flatMap(([at, of]) => {
    const rule = rules[at]
    return rule ? [{ rule, rows: of }] : []
  })
}

const shortId = (id: string): string => id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1)

function badges(row: Row): HTMLElement[] {
  const marks: HTMLElement[] = []
  if (row.baseline !== undefined && row.baseline !== 'unchanged')
    marks.push(el('span', `mark ${row.baseline}`, BASELINES[row.baseline]))
  if (row.verdict !== 'fail') marks.push(el('span', `mark ${row.verdict}`, VERDICTS[row.verdict]))
  return marks
}

function findingItem(row: Row, rule: RuleData): HTMLLIElement {
  const id = shortId(row.id)
  // A stand-in for all that could not be listed there.
  const short = id === '*' ? `Every ${row.type}` : id
  const name = row.name ?? ''
  const title = el('span', 'name', el('b', 'title', name === '' ? short : name))
  if (name !== '' && name !== short) title.append(' ', el('code', 'soft', short))
  title.append(...badges(row))
  const summary = el(
    'summary',
    '',
    title,
    el('span', 'place', `${row.account} ${row.region}`),
    el('span', 'why', row.message),
  )
  return el(
    'li',
    '',
    lazily(el('details', `finding ${row.verdict}`, summary), () => detail(row, rule)),
  )
}

function findingList({ rule, rows }: Group): HTMLElement {
  const list = el('ul', 'findings')
  const more = el('button', 'more')
  more.type = 'button'
  const show = (until: number): void => {
    const from = list.childElementCount
    list.append(...rows.slice(from, until).map((row) => findingItem(row, rule)))
    const left = rows.length - list.childElementCount
    more.hidden = left === 0
    more.textContent = `Show ${count(Math.min(STEP, left))} more of ${count(left)}`
  }
  more.addEventListener('click', () => {
    const from = list.childElementCount
    show(from + STEP)
    list.children[from]?.querySelector('summary')?.focus()
  })
  list.addEventListener('show-all', () => show(rows.length))
  show(STEP)
  return el('div', '', list, more)
}

function link(url: string): HTMLElement {
  if (!url.startsWith('https://')) return el('span', '', url)
  const anchor = el('a', '', url)
  anchor.href = url
  anchor.rel = 'noopener noreferrer'
  return anchor
}

function about(rule: RuleData): HTMLElement {
  const facts = el(
    'p',
    'soft facts',
    el('code', '', rule.id),
    ...rule.compliance.map((one) => el('span', '', one)),
  )
  const fix = [
    ...(rule.fix ? [el('p', '', rule.fix)] : []),
    ...(rule.terraform ? [code(rule.terraform, 'Terraform')] : []),
  ]
  const references = el('ul', 'links', ...rule.references.map((url) => el('li', '', link(url))))
  return el(
    'div',
    'about',
    ...(rule.risk === '' ? [] : [section('Why it matters', el('p', '', rule.risk))]),
    ...(fix.length === 0 ? [] : [section('How to mend it', ...fix)]),
    section('Rule', facts, ...(rule.references.length === 0 ? [] : [references])),
  )
}

function countsText(rows: readonly Row[]): string {
  const of = (verdict: Row['verdict']): number => rows.filter((row) => row.verdict === verdict).length
  const parts = [
    [of('fail'), 'open'],
    [of('unknown'), 'unknown'],
    [of('waived'), 'waived'],
    [of('pass'), 'passed'],
  ] as const
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${count(number)} ${word}`)
    .join(' · ')
}

export function groupCard(group: Group, data: PageData): HTMLLIElement {
  const { rule, rows } = group
  const severity = rows[0]?.severity ?? 'info'
  // What nobody knows, or somebody accepted, is not shown as what is open.
  const isOpen = rows.some((row) => row.verdict === 'fail')
  const grade = isOpen ? severity : `${severity} hollow`
  const summary = el(
    'summary',
    '',
    el('span', `badge ${grade}`, severity),
    el('h3', '', rule.title),
    el('span', 'counts', countsText(rows)),
    el('span', 'soft pillar', data.pillars[rule.pillar]),
  )
  const details = lazily(el('details', `group ${grade}`, summary), () => [about(rule), findingList(group)])
  return el('li', '', details)
}
