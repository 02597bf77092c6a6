/** A path as a picture: layers from top to bottom, each node below all that lead to it. */
import { columns, xml } from './escape.ts'
import type { PathEdge, PathGraph, PathNode, Tone } from './path-graph.ts'

const COLOUR: Readonly<Record<Tone, string>> = {
  end: '#1b1b1f',
  pass: '#3b5b8c',
  blocked: '#b3261e',
  unknown: '#8a5a00',
}

const LETTER = 7.2
const LINE = 16
const PAD = 10
const GAP = { x: 40, y: 34 }
const MARGIN = 24
const TITLE = 30

interface Box {
  readonly node: PathNode
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The layer of each node: one after the last that leads to it. Edges that lead back are not counted. */
function layers({ nodes, edges }: PathGraph): Map<string, number> {
  const layer = new Map(nodes.map(({ id }) => [id, 0]))
  for (let round = 0; round < nodes.length; round++) {
    let moved = false
    for (const { from, to } of edges) {
      const next = (layer.get(from) ?? 0) + 1
      if (next < nodes.length && next > (layer.get(to) ?? 0)) {
        layer.set(to, next)
        moved = true
      }
    }
    if (!moved) break
  }
  return layer
}

const widthOf = ({ lines }: PathNode): number =>
  Math.ceil(Math.max(60, ...lines.map((line) => columns(line) * LETTER))) + 2 * PAD
const heightOf = ({ lines }: PathNode): number => lines.length * LINE + 2 * PAD

function boxes(graph: PathGraph): Box[] {
  const layer = layers(graph)
  const byLayer = new Map<number, PathNode[]>()
  for (const node of graph.nodes) {
    const at = layer.get(node.id) ?? 0
    const known = byLayer.get(at)
    if (known) known.push(node)
    else byLayer.set(at, [node])
  }
  const placed: Box[] = []
  let y = MARGIN + TITLE
  for (const at of [...byLayer.keys()].sort((a, b) => a - b)) {
    const nodes = byLayer.get(at) ?? []
    let x = MARGIN
    for (const node of nodes) {
      placed.push({ node, x, y, width: widthOf(node), height: heightOf(node) })
      x += widthOf(node) + GAP.x
    }
    y += Math.max(...nodes.map(heightOf)) + GAP.y
  }
  return placed
}

function boxText({ node, x, y, width, height }: Box): string {
  const colour = COLOUR[node.tone]
  const dash = node.tone === 'unknown' ? ' stroke-dasharray="5 3"' : ''
  const rect = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#fff" stroke="${colour}" stroke-width="${node.tone === 'end' ? 2 : 1.2}"${dash}/>`
  const lines = node.lines.map((line, at) => {
    const weight = at === 0 ? ' font-weight="600"' : ''
    return `<text x="${x + PAD}" y="${y + PAD + LINE * at + 12}" fill="${colour}"${weight}>${xml(line)}</text>`
  })
  return `${rect}${lines.join('')}`
}

function edgeText({ label, tone }: PathEdge, from: Box, to: Box): string {
  const [x1, y1] = [from.x + 40, from.y + from.height]
  const [x2, y2] = [to.x + 40, to.y]
  const middle = (y1 + y2) / 2
  const dash = tone === 'pass' ? '' : ' stroke-dasharray="5 3"'
  const line = `<path d="M${x1} ${y1} C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}" fill="none" stroke="${COLOUR[tone]}"${dash} marker-end="url(#arrow)"/>`
  if (label === '') return line
  return `${line}<text x="${(x1 + x2) / 2 + 8}" y="${middle + 4}" font-size="10" fill="#55555c">${xml(label)}</text>`
}

export function* pathSvg(graph: PathGraph): Iterable<string> {
  const placed = boxes(graph)
  const byId = new Map(placed.map((box) => [box.node.id, box]))
  const width = Math.max(320, ...placed.map((box) => box.x + Math.max(box.width, 360))) + MARGIN
  const height = Math.max(120, ...placed.map((box) => box.y + box.height)) + MARGIN
  yield `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">\n`
  yield `<title>${xml(graph.title)}</title>\n`
  yield '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#3b5b8c"/></marker></defs>\n'
  yield `<rect width="${width}" height="${height}" fill="#fbfbfd"/>\n`
  yield `<text x="${MARGIN}" y="${MARGIN + 6}" font-size="14" font-weight="600" fill="#1b1b1f">${xml(graph.title)}</text>\n`
  for (const edge of graph.edges) {
    const [from, to] = [byId.get(edge.from), byId.get(edge.to)]
    if (from && to) yield `${edgeText(edge, from, to)}\n`
  }
  for (const box of placed) yield `${boxText(box)}\n`
  yield '</svg>\n'
}
