/** What the reader chose to see. It stands in the address, so that a view can be sent to somebody. */
import type { PageData, Row } from '../html-types.ts'
import { el } from './dom.ts'

export type Field = 'severity' | 'verdict' | 'pillar' | 'account' | 'region' | 'rule' | 'baseline'

export type Choice = Readonly<Partial<Record<Field | 'text' | 'tag' | 'finding', string>>>

const ORDER = [
  'critical',
  'high',
  'medium',
  'low',
  'info',
  'fail',
  'unknown',
  'waived',
  'pass',
  'new',
  'changed',
]

export const VERDICTS = { fail: 'Fails', unknown: 'Unknown', waived: 'Waived', pass: 'Passes' } as const
export const BASELINES = {
  new: 'New',
  changed: 'Changed',
  'rule-changed': 'Rule changed',
  unchanged: 'Unchanged',
} as const

const LABELS: Readonly<Record<string, string>> = { ...VERDICTS, ...BASELINES }

export function fieldsOf({ rules }: PageData): Readonly<Record<Field, (row: Row) => string>> {
  return {
    severity: (row) => row.severity,
    verdict: (row) => row.verdict,
    pillar: (row) => rules[row.rule]?.pillar ?? '',
    account: (row) => row.account,
    region: (row) => row.region,
    rule: (row) => rules[row.rule]?.id ?? '',
    baseline: (row) => row.baseline ?? '',
  }
}

/** Each value of each field with the number of its findings. A field with one value has nothing to choose. */
export function fillSelects(form: HTMLFormElement, data: PageData): void {
  for (const [name, of] of Object.entries(fieldsOf(data))) {
    const select = form.elements.namedItem(name)
    if (!(select instanceof HTMLSelectElement)) continue
    const counts = new Map<string, number>()
    for (const row of data.findings) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1)
    counts.delete('')
    const sorted = [...counts].sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b) || (a < b ? -1 : 1))
    for (const [value, number] of sorted) {
      const label =
        (name === 'pillar' ? data.pillars[value as keyof PageData['pillars']] : LABELS[value]) ?? value
      const option = el('option', '', `${label} (${number.toLocaleString('en-US')})`)
      option.value = value
      select.append(option)
    }
    const label = select.closest('label')
    if (label && counts.size < 2) label.hidden = true
  }
}

const MAX_PROPOSED = 300

/** The commonest tags, to choose from while typing. */
export function fillTags(list: HTMLElement, input: HTMLInputElement, findings: readonly Row[]): void {
  const counts = new Map<string, number>()
  for (const { tags = [] } of findings) {
    for (const [key, value] of tags) counts.set(`${key}=${value}`, (counts.get(`${key}=${value}`) ?? 0) + 1)
  }
  const commonest = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MAX_PROPOSED)
  for (const [tag] of commonest) {
    const option = el('option')
    option.value = tag
    list.append(option)
  }
  const label = input.closest('label')
  if (label && counts.size === 0) label.hidden = true
}

/** @returns whether a row is chosen */
export function chooser(data: PageData): (choice: Choice) => (row: Row) => boolean {
  const fields = Object.entries(fieldsOf(data)) as [Field, (row: Row) => string][]
  const texts = new Map<Row, string>()
  const textOf = (row: Row): string => {
    const known = texts.get(row)
    if (known !== undefined) return known
    const rule = data.rules[row.rule]
    const tags = (row.tags ?? []).map(([key, value]) => `${key}=${value}`)
    const parts = [row.id, row.name, row.subKey, row.message, row.fingerprint, rule?.id, rule?.title, ...tags]
    const text = parts.join('\n').toLowerCase()
    texts.set(row, text)
    return text
  }
  return (choice) => {
    const wanted = fields.filter(([name]) => choice[name])
    const words = (choice.text ?? '').toLowerCase().split(/\s+/).filter(Boolean)
    const tag = (choice.tag ?? '').toLowerCase()
    const { finding = '' } = choice
    return (row) =>
      row.fingerprint.startsWith(finding) &&
      wanted.every(([name, of]) => of(row) === choice[name]) &&
      (tag === '' ||
        (row.tags ?? []).some(([key, value]) => `${key}=${value}`.toLowerCase().includes(tag))) &&
      words.every((word) => textOf(row).includes(word))
  }
}

const NAMES = [
  'text',
  'severity',
  'verdict',
  'pillar',
  'account',
  'region',
  'rule',
  'tag',
  'baseline',
] as const

export function readForm(form: HTMLFormElement): Choice {
  const values = new FormData(form)
  return Object.fromEntries(
    NAMES.map((name) => [name, String(values.get(name) ?? '').trim()]).filter(([, value]) => value !== ''),
  )
}

export function writeForm(form: HTMLFormElement, choice: Choice): void {
  for (const name of NAMES) {
    const control = form.elements.namedItem(name)
    if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement)
      control.value = choice[name] ?? ''
  }
}

export const readAddress = (): Choice => Object.fromEntries(new URLSearchParams(location.hash.slice(1)))

export function writeAddress(choice: Choice): void {
  const hash = new URLSearchParams(choice as Record<string, string>).toString()
  history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`)
}
