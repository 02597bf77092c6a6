/** One finding opened: what is wrong, what proves it, how to mend it, what it is about. */
import type { Row, RuleData } from '../html-types.ts'
import type { Grant } from '../proof.ts'
import { el } from './dom.ts'
import { pathPicture } from './path.ts'

export function section(title: string, ...nodes: readonly (Node | string)[]): HTMLElement {
  return el('section', '', el('h4', '', title), ...nodes)
}

/** Code with a button that copies it; where the browser lets no page copy, it is selected. */
export function code(text: string, label: string): HTMLElement {
  const pre = el('pre', '', el('code', '', text))
  pre.tabIndex = 0
  pre.setAttribute('role', 'group')
  pre.setAttribute('aria-label', label)
  const button = el('button', 'copy', 'Copy')
  button.type = 'button'
  button.setAttribute('aria-label', `Copy: ${label}`)
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = 'Copied'
    } catch {
      getSelection()?.selectAllChildren(pre)
      button.textContent = 'Selected'
    }
    setTimeout(() => {
      button.textContent = 'Copy'
    }, 2_000)
  })
  const lines = text.trimEnd().includes('\n') ? 'code' : 'code line'
  return el('div', lines, el('p', 'code-title', label, button), pre)
}

function definitions(pairs: readonly (readonly [string, Node | string])[]): HTMLElement {
  const list = el('dl', 'pairs')
  for (const [key, value] of pairs) list.append(el('div', '', el('dt', '', key), el('dd', '', value)))
  return list
}

const asCode = (pairs: readonly (readonly [string, string])[]): readonly (readonly [string, Node])[] =>
  pairs.map(([key, value]) => [key, el('code', '', value)] as const)

const codes = (values: readonly string[]): HTMLElement =>
  el('span', 'codes', ...values.map((value) => el('code', '', value)))

function grantTable(grants: readonly Grant[]): HTMLElement {
  const head = ['Statement', 'Who', 'May', 'On', 'If'].map((title) => {
    const cell = el('th', '', title)
    cell.scope = 'col'
    return cell
  })
  const rows = grants.map((grant) =>
    el(
      'tr',
      '',
      el('td', '', `${grant.effect} `, el('code', '', grant.statement)),
      el('td', '', codes(grant.principals)),
      el('td', '', codes(grant.actions)),
      el('td', '', codes(grant.resources)),
      el(
        'td',
        '',
        grant.conditions === '' || grant.conditions === '{}' ? 'always' : el('code', '', grant.conditions),
      ),
    ),
  )
  const table = el('table', 'grants', el('thead', '', el('tr', '', ...head)), el('tbody', '', ...rows))
  const scroll = el('div', 'scroll', table)
  scroll.tabIndex = 0
  scroll.setAttribute('role', 'group')
  scroll.setAttribute('aria-label', 'Grants')
  return scroll
}

function proof(row: Row): HTMLElement[] {
  const parts: HTMLElement[] = []
  if (row.path) parts.push(section('The way in', ...pathPicture(row.path)))
  if (row.grants) parts.push(section('Who is let in', grantTable(row.grants)))
  if (row.values) parts.push(section('Evidence', definitions(asCode(row.values))))
  if (row.noProof)
    parts.push(
      section('Evidence', el('p', 'soft', 'Left out to keep this page small; --format json has it.')),
    )
  return parts
}

function mending(row: Row): HTMLElement[] {
  const nodes = [
    ...(row.fix === undefined ? [] : [el('p', '', row.fix)]),
    ...(row.cli === undefined ? [] : [code(row.cli, 'AWS CLI')]),
    ...(row.terraform === undefined ? [] : [code(row.terraform, 'Terraform')]),
  ]
  return nodes.length === 0 ? [] : [section('Mend this one', ...nodes)]
}

function about(row: Row, rule: RuleData): HTMLElement {
  const pairs: [string, string][] = [
    ['ARN', row.id],
    ['Type', row.type],
    ['Account', row.account],
    ['Region', row.region],
    ...(row.subKey === undefined ? [] : [['Part', row.subKey] satisfies [string, string]]),
    ['Rule', rule.id],
    ['Fingerprint', row.fingerprint],
  ]
  const tags = row.tags ?? []
  const link = el('a', '', 'Link to this finding')
  link.href = `#finding=${row.fingerprint}`
  return el(
    'aside',
    '',
    section('Resource', definitions(asCode(pairs)), el('p', '', link)),
    ...(tags.length === 0 ? [] : [section('Tags', definitions(asCode(tags)))]),
  )
}

export function detail(row: Row, rule: RuleData): Node[] {
  const told = [
    el('p', 'message', row.message),
    ...(row.missing === undefined ? [] : [section('Why it is not known', el('p', '', row.missing))]),
    ...(row.waiver === undefined ? [] : [section('Waiver', el('p', '', row.waiver))]),
  ]
  return [el('div', 'told', ...told, ...proof(row), ...mending(row)), about(row, rule)]
}
