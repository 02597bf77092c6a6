import { createNetwork, type Network } from '../analyze/network/network.ts'
import { ReachQueryError } from '../analyze/network/question.ts'
import { type ReachAnswer, type ReachQuery, reach, reachEverything } from '../analyze/network/reach.ts'
import { pathDot } from '../report/path-dot.ts'
import { pathGraph } from '../report/path-graph.ts'
import { pathMermaid } from '../report/path-mermaid.ts'
import { pathSvg } from '../report/path-svg.ts'
import { pathsTable, pathTable } from '../report/path-table.ts'
import type { SnapshotIndex } from '../snapshot/index.ts'
import type { JsonObject } from '../snapshot/model.ts'
import { UserError } from '../user-error.ts'
import { EXIT } from './shared/exit.ts'
import { type Bad, type LineKind, readLines } from './shared/lines.ts'
import { colorLevel, terminalWidth } from './shared/rendering.ts'
import { indexOf, loadSnapshots } from './shared/snapshots.ts'
import { writeStdout } from './shared/streams.ts'

interface Flags {
  readonly from?: string
  readonly to?: string
  readonly protocol?: string
  readonly port?: string
  readonly direct?: boolean
  readonly queries?: string
  readonly format: 'table' | 'json' | 'dot' | 'mermaid' | 'svg'
  readonly allowIncomplete?: boolean
  readonly color?: string
}

/** A query and where it stands, for errors. */
interface Asked {
  readonly query: Partial<ReachQuery> & { readonly from: string }
  readonly line?: number
}

/** `reach FILE…`: which packets get from one place to another, and what stops them. */
export async function run(files: string[], flags: Flags): Promise<number> {
  const asked: Asked[] =
    flags.queries === undefined
      ? [{ query: queryOf(flags) }]
      : await readLines(flags.queries, QUERY, readQuery)
  const index = indexOf(await loadSnapshots(files))
  const network = createNetwork(index)
  const answers = asked.map((one) => ({ ...one, answers: answer(network, one, flags.queries) }))
  await writeStdout(render(answers, index, flags))
  const unseen = answers.some((one) =>
    one.answers.some(({ verdict, missing }) => verdict === 'unknown' && missing.length > 0),
  )
  return unseen && !flags.allowIncomplete ? EXIT.incomplete : EXIT.ok
}

function queryOf(flags: Flags): Asked['query'] {
  const { from, to, protocol, port, direct } = flags
  if (from === undefined) {
    throw new UserError('reach needs a source', {
      next: 'Give --from internet, a CIDR or a resource; or --queries FILE.',
    })
  }
  return {
    from,
    ...(to === undefined ? {} : { to }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(port === undefined ? {} : { port }),
    ...(direct ? { direct } : {}),
  }
}

const KINDS: Readonly<Record<string, readonly string[]>> = {
  id: ['string', 'number'],
  from: ['string'],
  to: ['string'],
  protocol: ['string', 'number'],
  port: ['string', 'number'],
  direct: ['boolean'],
}

const QUERY: LineKind = {
  one: 'query',
  many: 'queries',
  keys: new Set(Object.keys(KINDS)),
  example: '{"id": "q1", "from": "internet", "to": "i-…", "protocol": "tcp", "port": 443}',
}

function readQuery(said: JsonObject, line: number, bad: Bad): Asked {
  for (const [key, member] of Object.entries(said)) {
    const kinds = KINDS[key] ?? []
    if (!kinds.includes(typeof member)) throw bad(`has a "${key}" that is no ${kinds.join(' or ')}`)
  }
  if (said['from'] === undefined) throw bad('has no "from"')
  return { query: said as unknown as Asked['query'], line }
}

function answer(network: Network, { query, line }: Asked, file: string | undefined): ReachAnswer[] {
  try {
    if (query.to !== undefined) return [reach(network, query)]
    const id = query.id === undefined ? {} : { id: query.id }
    const { from, ...options } = query
    return reachEverything(network, from, { ...options, unknown: true }).map((one) => ({ ...id, ...one }))
  } catch (error) {
    if (!(error instanceof ReachQueryError)) throw error
    const where = file !== undefined && line !== undefined ? { file, line } : {}
    throw new UserError(file === undefined ? error.message : `query ${file}:${line ?? 0}: ${error.message}`, {
      ...where,
      next: 'A resource is an ARN, an id (i-…, eni-…, subnet-…, db-…), or the name of an instance or a load balancer.',
    })
  }
}

interface Answered extends Asked {
  readonly answers: readonly ReachAnswer[]
}

function render(asked: readonly Answered[], index: SnapshotIndex, flags: Flags): Iterable<string> {
  const all = asked.flatMap(({ answers }) => answers)
  const [only] = asked
  const single = flags.queries === undefined && only?.query.to !== undefined
  switch (flags.format) {
    case 'json':
      return single ? [`${JSON.stringify(all[0], null, 2)}\n`] : all.map((one) => `${JSON.stringify(one)}\n`)
    case 'dot':
      return pathDot(pathGraph(all))
    case 'mermaid':
      return pathMermaid(pathGraph(all))
    case 'svg':
      return pathSvg(pathGraph(all))
    default:
      return table(asked, index, flags)
  }
}

function* table(asked: readonly Answered[], index: SnapshotIndex, flags: Flags): Iterable<string> {
  const nameOf = (id: string): string | undefined => {
    const found = index.byId(id) ?? index.byShortId(id)
    return found?.name ?? found?.tags['Name']
  }
  const options = { width: terminalWidth(undefined), colorLevel: colorLevel(undefined, flags), nameOf }
  for (const [at, { query, answers }] of asked.entries()) {
    if (at > 0) yield '\n'
    const traffic = [query.protocol, query.port].filter((part) => part !== undefined).join(' ')
    if (query.to === undefined) yield* pathsTable(query.from, answers, options)
    for (const one of query.to === undefined ? [] : answers)
      yield* pathTable(one, { ...options, ...(traffic === '' ? {} : { asked: traffic }) })
  }
}
