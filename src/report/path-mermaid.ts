/** A path for Mermaid, as GitHub and many wikis draw it. */
import type { PathGraph, Tone } from './path-graph.ts'

const CLASSES: Readonly<Record<Tone, string>> = {
  end: 'stroke-width:3px',
  pass: 'stroke-width:1px',
  blocked: 'stroke:#b3261e,color:#b3261e',
  unknown: 'stroke:#8a5a00,color:#8a5a00,stroke-dasharray:4',
}

/** Every character that could end a label or begin markup, as an entity of Mermaid's: `#34;`. */
const escaped = (text: string): string =>
  text.replace(/[^\p{L}\p{N} .,:/()→…-]/gu, (char) => `#${char.codePointAt(0)};`)

/** @see mermaid.js.org, "Flowcharts", "Entity codes to escape characters" */
export function* pathMermaid(graph: PathGraph): Iterable<string> {
  yield 'flowchart TB\n'
  for (const { id, lines, tone } of graph.nodes) {
    yield `  ${id}["${lines.map(escaped).join('<br>')}"]:::${tone}\n`
  }
  for (const { from, to, label, tone } of graph.edges) {
    const arrow = tone === 'pass' ? '-->' : '-.->'
    yield `  ${from} ${arrow}${label === '' ? '' : `|"${escaped(label)}"|`} ${to}\n`
  }
  for (const [name, style] of Object.entries(CLASSES)) yield `  classDef ${name} ${style}\n`
}
