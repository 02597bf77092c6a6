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
import type { Box, Path, Table, World } from './world.ts'

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

/** By a truth, whether it will do. */
type Test = readonly [no: boolean, yes: boolean, unknown: boolean]

interface Tests {
  readonly holds: Test
  /** Out of a Deny. */
  readonly escapes: Test
}

/** Only what is certain counts: a Deny is escaped only where it is certainly false. */
const SURE: Tests = { holds: [false, true, false], escapes: [true, false, false] }
/** All that may be: a Deny is escaped wherever it is not certainly true. */
const PERHAPS: Tests = { holds: [false, true, true], escapes: [true, false, true] }

interface Search {
  readonly world: World
  readonly query: Query
  readonly domains: (readonly number[] | undefined)[]
  readonly tests: Tests
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
  let found = possible(dimension, candidate, world.actions[query.action]?.action, query.path)
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

/** The values of which the table says what will do; the same list where that is all of them. */
function passing(values: readonly number[], table: Table, test: Test): readonly number[] {
  let at = 0
  while (at < values.length && test[table[values[at] ?? -1] ?? NO]) at++
  if (at === values.length) return values
  const left = values.slice(0, at)
  for (at++; at < values.length; at++) {
    const value = values[at] ?? -1
    if (test[table[value] ?? NO]) left.push(value)
  }
  return left
}

interface Escape {
  readonly dimension: number
  readonly left: readonly number[]
}

const ALL: readonly Escape[] = []

/** `ALL`: no request left is denied; otherwise the parts by which some are not, if any. */
function escapesFrom(search: Search, box: Box): readonly Escape[] {
  const { query, tests } = search
  const { escapes } = tests
  if (escapes[box.callers[query.candidate] ?? NO] || escapes[box.actions[query.action] ?? NO]) return ALL
  const found: Escape[] = []
  for (const { dimension, table } of box.parts) {
    const current = domainOf(search, dimension)
    const left = passing(current, table, escapes)
    if (left.length === 0) continue
    if (left === current) return ALL
    found.push({ dimension, left })
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
    if (ways === ALL) continue
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
  const { query, tests, world, domains } = search
  for (const box of query.allows) {
    for (const { dimension, table } of box.parts) {
      const left = passing(domainOf(search, dimension), table, tests.holds)
      if (left.length === 0) return false
      domains[dimension] = left
    }
  }
  for (let at = 0; at < world.dimensions.length; at++) if (domainOf(search, at).length === 0) return false
  return true
}

interface Outcome {
  readonly found: Assignment | undefined
  /** The search ended before it had tried everything. */
  readonly ended: boolean
}

const REFUSED: Outcome = { found: undefined, ended: false }

function run(world: World, query: Query, tests: Tests): Outcome {
  const { holds } = tests
  for (const { callers, actions } of query.allows) {
    if (!holds[callers[query.candidate] ?? NO] || !holds[actions[query.action] ?? NO]) return REFUSED
  }
  const domains = new Array<readonly number[] | undefined>(world.dimensions.length)
  const search: Search = { world, query, domains, tests, left: BUDGET }
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
  const sure = run(world, query, SURE)
  if (sure.found) return { truth: YES, at: sure.found }
  if (!world.certain) {
    const perhaps = run(world, query, PERHAPS)
    if (perhaps.found) return { truth: UNKNOWN, at: perhaps.found }
    return perhaps.ended || world.cut ? UNDECIDED : NOTHING
  }
  return sure.ended || world.cut ? UNDECIDED : NOTHING
}
