/** The answers of `reach` as one graph: what a packet passes, and what stops it. Ids are made here, never taken. */
import type { ReachAnswer } from '../analyze/network/reach.ts'
import { terminal } from './escape.ts'
import { packetText, reasonText, shortOf } from './path-words.ts'

export type Tone = 'end' | 'pass' | 'blocked' | 'unknown'

export interface PathNode {
  /** `n0`, `n1`: fit for every format. */
  readonly id: string
  readonly lines: readonly string[]
  readonly tone: Tone
}

export interface PathEdge {
  readonly from: string
  readonly to: string
  readonly label: string
  readonly tone: Tone
}

export interface PathGraph {
  readonly title: string
  readonly nodes: readonly PathNode[]
  readonly edges: readonly PathEdge[]
}

/** Longer labels help nobody; JSON has the whole. */
const LONGEST = 80

const label = (text: string): string => {
  const shown = terminal(text)
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown
}

class GraphBuilder {
  readonly nodes = new Map<string, PathNode>()
  readonly edges = new Map<string, PathEdge>()

  node(key: string, lines: readonly string[], tone: Tone): string {
    const known = this.nodes.get(key)
    if (known) return known.id
    const id = `n${this.nodes.size}`
    this.nodes.set(key, { id, lines: lines.filter((line) => line !== '').map(label), tone })
    return id
  }

  edge(from: string, to: string, text: string, tone: Tone): void {
    const key = `${from}>${to}`
    if (from !== to && !this.edges.has(key)) this.edges.set(key, { from, to, label: label(text), tone })
  }
}

/** @param alone a packet that passes a thing twice is drawn so; among many paths a thing is drawn once */
function addPath(graph: GraphBuilder, answer: ReachAnswer, alone: boolean): void {
  const { witness } = answer
  let before = graph.node(`end ${answer.from}`, [shortOf(answer.from), witness?.packet.srcIp ?? ''], 'end')
  const hops = (witness?.hops ?? []).filter(({ kind }) => kind !== 'internet')
  for (const [at, hop] of hops.entries()) {
    const last = at === hops.length - 1
    const lines = [shortOf(hop.resource), hop.kind.replaceAll('-', ' ')]
    const key = `${hop.kind} ${hop.resource}${alone ? ` ${at}` : ''}`
    const here = graph.node(key, last ? [...lines, hop.detail] : lines, last ? 'end' : 'pass')
    graph.edge(before, here, last ? '' : hop.detail, 'pass')
    before = here
  }
}

function addStop(graph: GraphBuilder, answer: ReachAnswer): void {
  const tone = answer.verdict === 'blocked' ? 'blocked' : 'unknown'
  const from = graph.node(`end ${answer.from}`, [shortOf(answer.from)], 'end')
  const to = graph.node(`end ${answer.to}`, [shortOf(answer.to)], 'end')
  for (const blocker of answer.blockedBy) {
    const lines = [shortOf(blocker.resource), reasonText(blocker, answer), blocker.rule ?? '']
    const stop = graph.node(`stop ${blocker.resource} ${blocker.reason}`, lines, tone)
    graph.edge(from, stop, '', tone)
    graph.edge(stop, to, '', tone)
  }
}

export function pathGraph(answers: readonly ReachAnswer[]): PathGraph {
  const graph = new GraphBuilder()
  for (const answer of answers) {
    if (answer.verdict === 'reachable') addPath(graph, answer, answers.length === 1)
    else addStop(graph, answer)
  }
  const [only, ...others] = answers
  const title =
    only && others.length === 0
      ? label(only.witness ? packetText(only.witness) : `${only.verdict}: ${only.from} → ${only.to}`)
      : `${answers.length} answers`
  return { title, nodes: [...graph.nodes.values()], edges: [...graph.edges.values()] }
}
