/**
 * The search for a request inside an Allow and outside every Deny.
 *
 * Each part's values are cut down to those that the Allow takes; then for each Deny that still applies one of its parts
 * is chosen to escape it, and cut down further. The parts are independent, so this is exact. It costs the product, over
 * the Denies that apply, of the parts by which each can be escaped: a handful in what people write, and bounded by
 * `BUDGET`, past which the answer is unknown.
 */
import { accessPointOwner } from './access-point-values.ts'
import { canAsk, possible } from './carried.ts'
import { NO, type Truth, UNKNOWN, YES } from './truth.ts'
import type { Box, Path, World } from './world.ts'

/** What a search holds fixed. */
export interface Query {
  /** All of them have to allow: an access point's policy and its bucket's. */
  readonly allows: readonly Box[]
  readonly denies: readonly Box[]
  /** Their indexes. */
  readonly candidate: number
  readonly action: number
  readonly path: Path
  /** The access point that the request goes through. */
  readonly point?: number | undefined
  /** By a dimension's index a test of its values' indexes; undefined where the part may take any. */
  readonly limit?: ((dimension: number) => ((atom: number) => boolean) | undefined) | undefined
}

/** For each part the index of its value. */
export type Assignment = readonly number[]

const BUDGET = 20_000

interface Search {
  readonly world: World
  readonly query: Query
  readonly domains: (readonly number[] | undefined)[]
  /** Only what is certain counts; otherwise all that may be. */
  readonly must: boolean
  left: number
}

function domainOf(search: Search, at: number): readonly number[] {
  const known = search.domains[at]
  if (known) return known
  const made = domain(search.world, search.query, at)
  search.domains[at] = made
  return made
}

function domain(world: World, query: Query, at: number): readonly number[] {
  const dimension = world.dimensions[at]
  const candidate = world.candidates[query.candidate]
  if (!dimension || !candidate) return []
  const action = world.actions[query.action]?.action
  const on = world.on.get(at)
  let found = on ? (on.get(action?.on) ?? dimension.all) : possible(dimension, candidate, action, query.path)
  const limit = query.limit?.(at)
  if (dimension.name === 'accessPoint')
    found = found.filter((atom) => isOpenTo(world, query, dimension.atoms[atom]?.owner))
  if (limit) found = found.filter(limit)
  return found
}

/**
 * An access point that is there is judged with its own policy, so its requests are a query of their own. One that could
 * be made in the own account has no policy, and is the own account's only.
 */
function isOpenTo(world: World, { candidate, point }: Query, owner: string | undefined): boolean {
  if (point !== undefined) return owner === accessPointOwner(point)
  if (owner === world.account) return world.candidates[candidate]?.audience === 'own'
  return owner === undefined || !owner.startsWith(accessPointOwner(''))
}

const holds = (value: number | undefined, must: boolean): boolean =>
  must ? value === YES : value !== NO && value !== undefined

/** A Deny is escaped for certain only where it is certainly false, and perhaps wherever it is not certainly true. */
const escapes = (value: number | undefined, must: boolean): boolean => (must ? value === NO : value !== YES)

interface Escape {
  readonly dimension: number
  readonly left: readonly number[]
}

/** `all`: no request left is denied; otherwise the parts by which some are not. */
function escapesFrom(search: Search, box: Box): 'all' | Escape[] {
  const { query, must } = search
  if (escapes(box.callers[query.candidate], must) || escapes(box.actions[query.action], must)) return 'all'
  const found: Escape[] = []
  for (const { dimension, table } of box.parts) {
    const current = domainOf(search, dimension)
    const test = (atom: number): boolean => escapes(table[atom], must)
    if (current.length > 0 && current.every(test)) return 'all'
    if (current.some(test)) found.push({ dimension, left: current.filter(test) })
  }
  return found
}

const concerns = (box: Box, query: Query): boolean =>
  box.bound.rule.accessPoint === undefined || box.bound.rule.accessPoint === query.point

function escapeAll(search: Search, denies: readonly Box[], from: number): boolean {
  if (search.left-- <= 0) return false
  for (let at = from; at < denies.length; at++) {
    const box = denies[at]
    if (!box || !concerns(box, search.query)) continue
    const ways = escapesFrom(search, box)
    if (ways === 'all') continue
    for (const { dimension, left } of ways) {
      const saved = search.domains[dimension]
      search.domains[dimension] = left
      if (escapeAll(search, denies, at + 1)) return true
      search.domains[dimension] = saved
    }
    return false
  }
  return true
}

function narrowed(search: Search): boolean {
  const { query, must } = search
  for (const box of query.allows) {
    for (const { dimension, table } of box.parts) {
      const current = domainOf(search, dimension)
      const test = (atom: number): boolean => holds(table[atom], must)
      if (current.length > 0 && current.every(test)) continue
      const left = current.filter(test)
      if (left.length === 0) return false
      search.domains[dimension] = left
    }
  }
  return search.world.dimensions.every((_, at) => domainOf(search, at).length > 0)
}

interface Outcome {
  readonly found: Assignment | undefined
  /** The search ended before it had tried everything. */
  readonly ended: boolean
}

const REFUSED: Outcome = { found: undefined, ended: false }

function run(world: World, query: Query, must: boolean): Outcome {
  for (const { callers, actions } of query.allows) {
    if (!holds(callers[query.candidate], must) || !holds(actions[query.action], must)) return REFUSED
  }
  const domains = new Array<readonly number[] | undefined>(world.dimensions.length)
  const search: Search = { world, query, domains, must, left: BUDGET }
  const found =
    narrowed(search) && escapeAll(search, query.denies, 0)
      ? world.dimensions.map((_, at) => domainOf(search, at)[0] ?? -1)
      : undefined
  return { found, ended: search.left <= 0 }
}

export interface Found {
  readonly truth: Truth
  /** A request that is allowed, or where that is unknown may be. */
  readonly at?: Assignment
}

const NOTHING: Found = { truth: NO }
const UNDECIDED: Found = { truth: UNKNOWN }

/** Whether some request of the query is allowed. */
export function find(world: World, query: Query): Found {
  const candidate = world.candidates[query.candidate]
  const action = world.actions[query.action]?.action
  if (!candidate || !action || !canAsk(candidate, action)) return NOTHING
  const sure = run(world, query, true)
  if (sure.found) return { truth: YES, at: sure.found }
  if (!world.certain) {
    const perhaps = run(world, query, false)
    if (perhaps.found) return { truth: UNKNOWN, at: perhaps.found }
    return perhaps.ended || world.cut ? UNDECIDED : NOTHING
  }
  return sure.ended || world.cut ? UNDECIDED : NOTHING
}
