/** A YAML text whose every value knows its line and column. */
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, type Scalar } from 'yaml'

export interface Position {
  readonly line: number
  readonly column: number
}

export interface YamlProblem extends Position {
  readonly message: string
}

export type Path = readonly (string | number)[]

export interface YamlSource {
  /** The document as plain data; undefined when it could not be read. */
  readonly value: unknown
  readonly problems: readonly YamlProblem[]
  /** Where a value stands; the nearest parent that is there when it is not. */
  at(path: Path): Position
  /** Where a key stands. */
  atKey(path: Path, key: string): Position
  /** Where a character of a string value stands, whichever way YAML quoted, folded or indented it. */
  atOffset(path: Path, offset: number): Position
}

const LARGEST = 512 * 1024

/**
 * The place in the text of each visible character of a scalar.
 * YAML folds, indents and quotes white space only (and doubles quotes), so visible characters keep their order.
 */
function visible(text: string, node: Scalar): number[] {
  const [start, end] = node.range ?? [0, 0]
  const places: number[] = []
  const quote = node.type === 'QUOTE_SINGLE' ? "'" : node.type === 'QUOTE_DOUBLE' ? '"' : ''
  let from = quote ? start + 1 : start
  const to = quote ? end - 1 : end
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') from = text.indexOf('\n', start) + 1
  for (let i = from; i < to; i++) {
    const place = i
    if (quote === "'" && text[i] === "'") i++
    else if (quote === '"' && text[i] === '\\') {
      i++
      if (/[\sntrabfve0_NLP]/.test(text[i] ?? '')) continue
    }
    if (!/\s/.test(text[place] ?? '')) places.push(place)
  }
  return places
}

function offsetOf(text: string, node: Scalar, offset: number): number {
  const start = node.range?.[0] ?? 0
  if (typeof node.value !== 'string') return start
  const before = node.value.slice(0, offset).replace(/\s/g, '').length
  const places = visible(text, node)
  return places[before] ?? places.at(-1) ?? start
}

function nearestNode(document: Document, path: Path): Node | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (node !== null && typeof node === 'object' && 'range' in node) return node as Node
  }
  return undefined
}

function keyOffset(document: Document, path: Path, key: string): number | undefined {
  const map = path.length === 0 ? document.contents : document.getIn(path, true)
  if (!isMap(map)) return undefined
  for (const pair of map.items) {
    if (isScalar(pair.key) && String(pair.key.value) === key) return pair.key.range?.[0]
  }
  return undefined
}

export function readYaml(text: string): YamlSource {
  const lines = new LineCounter()
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.max(0, offset))
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const first = { line: 1, column: 1 }
  const refuse = (message: string): YamlSource => ({
    value: undefined,
    problems: [{ ...first, message }],
    at: () => first,
    atKey: () => first,
    atOffset: () => first,
  })
  if (text.length > LARGEST) return refuse(`the file is larger than ${LARGEST} bytes`)
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      uniqueKeys: true,
      merge: true, // the resources of a rule's tests differ in a field or two
      prettyErrors: false,
      stringKeys: true,
    })
    const problems = document.errors.map((error) => ({ ...place(error.pos[0]), message: error.message }))
    const at = (path: Path): Position => place(nearestNode(document, path)?.range?.[0] ?? 0)
    return {
      value: problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }),
      problems,
      at,
      atKey: (path, key) =>
        place(keyOffset(document, path, key) ?? nearestNode(document, path)?.range?.[0] ?? 0),
      atOffset: (path, offset) => {
        const node = document.getIn(path, true)
        return isScalar(node) ? place(offsetOf(text, node, offset)) : at(path)
      },
    }
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}
