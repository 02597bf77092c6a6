/** A path for Graphviz. */
import type { PathGraph, Tone } from './path-graph.ts'

const STYLE: Readonly<Record<Tone, string>> = {
  end: 'shape=box, style="rounded,bold"',
  pass: 'shape=box, style=rounded',
  blocked: 'shape=octagon, color="#b3261e", fontcolor="#b3261e"',
  unknown: 'shape=diamond, color="#8a5a00", fontcolor="#8a5a00"',
}

/** A quoted string of DOT: a backslash would start an escape of Graphviz's own. */
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** @see graphviz.org, "The DOT Language" */
export function* pathDot(graph: PathGraph): Iterable<string> {
  yield 'digraph reach {\n'
  yield `  graph [rankdir=TB, label=${quoted(graph.title)}, labelloc=t, fontname="sans-serif"];\n`
  yield '  node [fontname="sans-serif", fontsize=11];\n  edge [fontname="sans-serif", fontsize=9];\n'
  for (const { id, lines, tone } of graph.nodes) {
    // The lines are joined by Graphviz's own escape, after what is in them was made harmless.
    const text = lines.map((line) => quoted(line).slice(1, -1)).join('\\n')
    yield `  ${id} [label="${text}", ${STYLE[tone]}];\n`
  }
  for (const { from, to, label, tone } of graph.edges) {
    const style = tone === 'pass' ? '' : ', style=dashed'
    yield `  ${from} -> ${to} [label=${quoted(label)}${style}];\n`
  }
  yield '}\n'
}
