/** Adds to a waiver file as its author would: comments, order and spacing of the rest stay as they are. */
import { isMap, isSeq, parseDocument, YAMLSeq } from 'yaml'

export interface NewWaiver {
  readonly rule: string
  readonly resource: string
  readonly reason: string
  readonly owner: string
  readonly expires: string
  readonly ticket?: string
}

const START = `# Accepted findings. Each says of what, why, who answers for it, and until when (the last day that counts, UTC).
waivers:
`

/**
 * @param text the file as it is; empty for one that is yet to be
 * @returns the file with the waiver at its end
 * @throws when the text is no waiver file
 */
export function withWaiver(text: string, waiver: NewWaiver): string {
  const before = text.trim() === '' ? START : text
  const document = parseDocument(before)
  if (document.errors.length > 0 || !isMap(document.contents)) throw new Error('it is no file of waivers')
  const list = document.get('waivers', true)
  const own = item(waiver)
  if (isSeq(list) && list.items.length > 0 && !list.flow)
    return insert(before, list.range?.[1] ?? before.length, own)
  const all = new YAMLSeq()
  all.items = [...(isSeq(list) ? list.items : []), document.createNode({ ...waiver })]
  document.set('waivers', all)
  return document.toString({ lineWidth: 0 })
}

/** One entry, quoted wherever YAML could take it for something else. */
function item(waiver: NewWaiver): string {
  const lines = Object.entries(waiver).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  return lines.map((line, at) => `  ${at === 0 ? '- ' : '  '}${line}\n`).join('')
}

/** After the last line of the list; what follows it stays behind it. */
function insert(text: string, end: number, own: string): string {
  const head = text.slice(0, end).trimEnd()
  const indent = /\n( *)- [^\n]*$/.exec(`\n${firstItem(head)}`)?.[1] ?? '  '
  const shifted = own.replace(/^ {2}/gm, indent)
  const rest = text.slice(head.length).replace(/^[^\n]*\n?/, '')
  const comment = /^[^\n]*/.exec(text.slice(head.length))?.[0] ?? ''
  return `${head}${comment}\n${shifted}${rest}`
}

/** The line on which the first entry begins, which tells how the list is indented. */
function firstItem(text: string): string {
  const after = text.slice(text.indexOf('waivers:'))
  return after.split('\n').find((line) => /^ *- /.test(line)) ?? ''
}
