/** An explanation for a person: the rule's expression as a tree of values, what was read, and what would change it. */
import { Chalk, type ChalkInstance } from 'chalk'
import type { Explanation, Part } from '../rules/explain.ts'
import type { FieldRead } from '../rules/explain-inputs.ts'
import type { Json } from '../snapshot/model.ts'
import { cutEnd, cutMiddle, terminal, wrap } from './escape.ts'
import type { ReportOptions } from './model.ts'
import { adviceFor } from './outline.ts'

interface Page {
  readonly width: number
  readonly chalk: ChalkInstance
}

const value = (of: Json | undefined): string => (of === undefined ? 'nothing' : JSON.stringify(of))

/** `✓`, `✗` and `?` for what is true, false and not known; a value for the rest. */
function mark(page: Page, part: Part): string {
  if (part.missing) return page.chalk.yellow('?')
  if (part.value === true) return page.chalk.green('✓')
  return part.value === false ? page.chalk.red('✗') : page.chalk.cyan('=')
}

function* partLines(page: Page, part: Part, depth: number): Iterable<string> {
  const indent = '  '.repeat(depth + 1)
  const room = Math.max(16, page.width - indent.length - 2)
  const isTruth = typeof part.value === 'boolean' || part.missing !== undefined
  const text = terminal(part.text)
  const shown = isTruth ? text : `${text} ${page.chalk.dim('is')} ${terminal(value(part.value))}`
  yield `${indent}${mark(page, part)} ${cutEnd(shown, room)}`
  for (const missing of part.parts ? [] : (part.missing ?? [])) {
    const why =
      missing.operation === 'rule'
        ? (missing.detail ?? 'the rule could not tell')
        : `${missing.operation} ${missing.outcome}: ${adviceFor(missing)}`
    yield `${indent}    ${page.chalk.yellow(cutEnd(terminal(why), room - 4))}`
  }
  if (part.elements && part.elements.values.length > 0) {
    yield `${indent}    ${page.chalk.dim(part.elements.text)}`
    for (const element of part.elements.values)
      yield `${indent}    ${cutEnd(terminal(value(element)), room - 4)}`
  }
  for (const inner of part.parts ?? []) yield* partLines(page, inner, depth + 1)
}

function* fieldLines(page: Page, fields: readonly FieldRead[]): Iterable<string> {
  for (const field of fields) {
    const name = `${field.type === undefined ? '' : `${field.type} `}${field.path}`
    const by = field.operation === undefined ? '' : page.chalk.dim(`  ${field.operation}`)
    yield `  ${terminal(name)}${by}`
    if (field.missing)
      yield `    ${page.chalk.yellow(`${field.missing.outcome}: ${terminal(adviceFor(field.missing))}`)}`
    else if (field.type === undefined) yield `    ${cutEnd(terminal(value(field.value)), page.width - 4)}`
  }
}

function* changeLines(page: Page, { changes }: Explanation): Iterable<string> {
  for (const [at, way] of changes.entries()) {
    const label = changes.length > 1 ? `  ${at === 0 ? 'either' : 'or'}` : '  '
    if (label.trim() !== '') yield page.chalk.dim(label)
    for (const { text, now, becomes } of way) {
      const was = typeof now === 'boolean' || now === 'unknown' ? String(now) : value(now)
      const lines = wrap(terminal(`${text}`), page.width - 6)
      for (const [line, part] of lines.entries()) yield `${line === 0 ? '    ' : '      '}${part}`
      yield `      ${page.chalk.dim(`is ${cutEnd(terminal(was), 40)}, has to be ${becomes}`)}`
    }
  }
}

const VERDICT: Readonly<Record<Explanation['verdict'], (chalk: ChalkInstance) => string>> = {
  pass: (chalk) => chalk.green('passes'),
  fail: (chalk) => chalk.red('fails'),
  unknown: (chalk) => chalk.yellow('is unknown'),
  notApplicable: (chalk) => chalk.dim('does not apply'),
}

export function* explanationTable(explanation: Explanation, options: ReportOptions): Iterable<string> {
  const page: Page = {
    width: Math.min(160, Math.max(40, options.width ?? 80)),
    chalk: new Chalk({ level: options.colorLevel ?? 0 }),
  }
  const heading = (text: string): string => `\n${page.chalk.bold(text)}\n`
  const { resource, when, pass, element, params, facts, fields, changes } = explanation
  yield `${page.chalk.bold(terminal(explanation.ruleId))} ${VERDICT[explanation.verdict](page.chalk)}\n`
  yield `${cutMiddle(terminal(resource.id), page.width)}\n`
  const blocks: [string, Iterable<string>][] = [
    ['Applies when', when ? partLines(page, when, 0) : []],
    [
      'Of the element',
      element
        ? [`  ${terminal(element.subKey)}`, `  ${cutEnd(terminal(value(element.value)), page.width - 2)}`]
        : [],
    ],
    ['Passes when', pass ? partLines(page, pass, 0) : []],
    ['What was read', fieldLines(page, fields)],
    [
      'What analyses say',
      Object.entries(facts).map(
        ([name, of]) => `  facts.${name}: ${cutEnd(terminal(value(of)), page.width - name.length - 10)}`,
      ),
    ],
    [
      'Parameters',
      Object.entries(params).map(
        ([name, of]) => `  ${name}: ${cutEnd(terminal(value(of)), page.width - name.length - 4)}`,
      ),
    ],
    ['To pass', changes.length > 0 ? changeLines(page, explanation) : []],
  ]
  for (const [title, lines] of blocks) {
    const all = [...lines]
    if (all.length === 0) continue
    yield heading(title)
    for (const line of all) yield `${line}\n`
  }
}
