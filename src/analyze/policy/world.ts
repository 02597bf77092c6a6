/**
 * The rules of one resource as boxes over the parts of a request, and the search for a request inside an Allow and
 * outside every Deny.
 *
 * A statement is a product: each of its elements and conditions looks at one part only (caller, action, resource, one
 * condition key …). With the finite set of values per part that the rules can tell apart, a statement is a table a part.
 * Search: filter each part by the Allow, then for each Deny choose a part that escapes it. Exact; the cost is the
 * product over the Denies of their conditioned parts, a handful in practice, and bounded by `BUDGET`.
 */
import { type Action, actionsOf } from './action.ts'
import { type Candidate, callerKey } from './callers.ts'
import { type Atom, type Dimension, dimensionOf, partOf, resourceAtoms, type Sources } from './dimensions.ts'
import { matches } from './glob.ts'
import { keyFacts } from './keys.ts'
import { evaluate } from './operator.ts'
import { covers, spares } from './principal.ts'
import type { Bound, BoundCondition } from './rules.ts'
import { and, NO, not, type Truth, UNKNOWN, YES } from './truth.ts'

export interface ActionAtom {
  /** The first of the actions that the rules don't tell apart. */
  readonly action: Action
  readonly names: readonly string[]
}

type Table = Uint8Array

export interface Box {
  readonly bound: Bound
  readonly callers: Table
  readonly actions: Table
  /** Dimension and its table. */
  readonly parts: readonly { readonly dimension: number; readonly table: Table }[]
}

export type Path = 'internet' | 'endpoint' | 'service'

export interface World {
  readonly candidates: readonly Candidate[]
  readonly actions: readonly ActionAtom[]
  readonly dimensions: readonly Dimension[]
  /** By name. */
  readonly index: ReadonlyMap<string, number>
  readonly boxes: readonly Box[]
  readonly denies: readonly Box[]
  /** No table has an unknown in it. */
  readonly certain: boolean
  /** Of each resource dimension's atoms, what they are. */
  readonly on: ReadonlyMap<number, readonly ('bucket' | 'object' | undefined)[]>
}

export interface WorldOptions {
  readonly type: string
  readonly arn: string
  readonly sources: Sources
  /** Keys that every request to this resource carries alike. */
  readonly constant: (key: string) => readonly string[] | undefined | null
}

const matched = new Map<string, Map<string, Uint8Array>>()

function matchedActions(type: string, patterns: readonly string[], negated: boolean): Uint8Array {
  let byPattern = matched.get(type)
  if (!byPattern || byPattern.size > 20_000) {
    byPattern = new Map()
    matched.set(type, byPattern)
  }
  const key = `${negated ? '!' : ''}${patterns.join('\n')}`
  const cached = byPattern.get(key)
  if (cached) return cached
  const table = Uint8Array.from(actionsOf(type), ({ lower }) =>
    patterns.some((glob) => matches(glob, lower)) === negated ? NO : YES,
  )
  byPattern.set(key, table)
  return table
}

interface Partition {
  readonly atoms: readonly ActionAtom[]
  readonly first: readonly number[]
}

/** Actions that every rule treats alike, and that are of one class, are one. */
function partition(type: string, rules: readonly Bound[]): { partition: Partition; tables: Uint8Array[] } {
  const tables = rules.map(({ statement }) => matchedActions(type, statement.actions, statement.notAction))
  const groups = new Map<string, { action: Action; names: string[]; at: number }>()
  const actions = actionsOf(type)
  for (let i = 0; i < actions.length; i++) {
    const action = actions[i]
    if (!action) continue
    let key = ''
    let allowed = false
    for (let r = 0; r < tables.length; r++) {
      const bit = tables[r]?.[i] === 1
      key += bit ? '1' : '0'
      allowed ||= bit && rules[r]?.statement.effect === 'Allow'
    }
    if (!allowed) continue
    key += `${action.kind}${action.on ?? ''}${action.anonymous}`
    const group = groups.get(key)
    if (group) group.names.push(action.name)
    else groups.set(key, { action, names: [action.name], at: i })
  }
  const list = [...groups.values()]
  return { partition: { atoms: list, first: list.map((group) => group.at) }, tables }
}

function callerTruth(bound: Bound, candidate: Candidate): Truth {
  const { statement, rule } = bound
  const { caller } = candidate
  let truth: Truth = YES
  if (rule.appliesTo) truth = rule.appliesTo(caller)
  // Only SCPs and RCPs go without a principal, or with everyone.
  if (!statement.principals && rule.place !== 'boundary') return NO
  if (truth !== NO && statement.principals) {
    const named = statement.notPrincipal
      ? not(
          statement.effect === 'Deny'
            ? spares(statement.principals, caller)
            : covers(statement.principals, caller),
        )
      : covers(statement.principals, caller)
    truth = and(truth, named)
  }
  for (const condition of bound.conditions) {
    if (truth === NO) return NO
    if (keyFacts(condition.key)?.part !== 'caller') continue
    truth = and(truth, test(condition, callerKey(caller, condition.key)))
  }
  return truth
}

function test(condition: BoundCondition, actual: readonly string[] | undefined | null): Truth {
  if (!condition.operator || actual === null) return UNKNOWN
  const truth = evaluate(condition.operator, actual, condition.values)
  return condition.unknown && truth === NO ? UNKNOWN : truth
}

function isConstant(key: string): boolean {
  const part = keyFacts(key)?.part
  return part === undefined || part === 'resource' || part === 'time'
}

function fullTable(length: number): Uint8Array {
  return new Uint8Array(length).fill(YES)
}

function narrow(table: Uint8Array, at: number, truth: Truth): void {
  table[at] = and((table[at] ?? YES) as Truth, truth)
}

/** What the whole rule amounts to whatever the request: its certainty and the conditions on constant or unknown keys. */
function constantTruth(bound: Bound, options: WorldOptions): Truth {
  let truth: Truth = bound.rule.certain ? YES : UNKNOWN
  for (const condition of bound.conditions) {
    if (!isConstant(condition.key)) continue
    const known = keyFacts(condition.key) !== undefined
    truth = and(truth, known ? test(condition, options.constant(condition.key)) : UNKNOWN)
  }
  return truth
}

function resourceTable(bound: Bound, texts: readonly string[]): Uint8Array | undefined {
  const { resources, statement, resourceUnknown } = bound
  if (!resources) return undefined
  return Uint8Array.from(texts, (text) => {
    const hit = resources.some((glob) => matches(glob, text))
    if (!hit && resourceUnknown) return UNKNOWN
    return hit === statement.notResource ? NO : YES
  })
}

class Builder {
  readonly dimensions: Dimension[] = []
  readonly index = new Map<string, number>()
  readonly on = new Map<number, ('bucket' | 'object' | undefined)[]>()
  certain = true

  add(dimension: Dimension): number {
    const at = this.dimensions.push(dimension) - 1
    this.index.set(dimension.name, at)
    return at
  }

  addResources(name: string, type: string, arn: string, rules: readonly Bound[]): void {
    const list = resourceAtoms(type, arn, rules)
    const atoms = list.map(({ text }): Atom => ({ values: new Map(), open: true, label: text }))
    this.on.set(
      this.add({ name, atoms, absent: -1 }),
      list.map((item) => item.on),
    )
  }
}

function addParts(builder: Builder, rules: readonly Bound[], sources: Sources): void {
  const parts = new Map<string, BoundCondition[]>()
  for (const { conditions } of rules) {
    for (const condition of conditions) {
      const name = partOf(condition.key)
      if (name === undefined) continue
      const list = parts.get(name)
      if (list) list.push(condition)
      else parts.set(name, [condition])
    }
  }
  for (const [name, conditions] of parts) builder.add(dimensionOf({ name, conditions }, sources))
}

function boxOf(
  bound: Bound,
  builder: Builder,
  candidates: readonly Candidate[],
  actions: Uint8Array,
  options: WorldOptions,
): Box {
  const whole = constantTruth(bound, options)
  const callers = Uint8Array.from(candidates, (candidate) =>
    whole === NO ? NO : and(whole, callerTruth(bound, candidate)),
  )
  const tables = new Map<number, Uint8Array>()
  const point = bound.rule.accessPoint
  const resource = builder.index.get(point === undefined ? 'resource' : `point:${point}`)
  if (resource !== undefined) {
    const texts = builder.dimensions[resource]?.atoms.map((atom) => atom.label) ?? []
    const table = resourceTable(bound, texts)
    if (table) tables.set(resource, table)
  }
  for (const condition of bound.conditions) {
    const name = partOf(condition.key)
    const dimension = name === undefined ? undefined : builder.index.get(name)
    if (dimension === undefined) continue
    const atoms = builder.dimensions[dimension]?.atoms ?? []
    const table = tables.get(dimension) ?? fullTable(atoms.length)
    for (const [i, atom] of atoms.entries()) narrow(table, i, test(condition, atom.values.get(condition.key)))
    tables.set(dimension, table)
  }
  const parts = [...tables].map(([dimension, table]) => ({ dimension, table }))
  if (callers.includes(UNKNOWN) || parts.some(({ table }) => table.includes(UNKNOWN))) builder.certain = false
  return { bound, callers, actions, parts }
}

export function worldOf(
  rules: readonly Bound[],
  candidates: readonly Candidate[],
  options: WorldOptions,
): World {
  const builder = new Builder()
  builder.addResources(
    'resource',
    options.type === 'AWS::S3::AccessPoint' ? 'AWS::S3::Bucket' : options.type,
    options.arn,
    rules.filter((bound) => bound.rule.accessPoint === undefined),
  )
  for (const [at, point] of options.sources.accessPoints.entries()) {
    builder.addResources(
      `point:${at}`,
      'AWS::S3::AccessPoint',
      point.arn,
      rules.filter((bound) => bound.rule.accessPoint === at),
    )
  }
  addParts(builder, rules, options.sources)
  const { partition: actions, tables } = partition(options.type, rules)
  const boxes = rules.map((bound, r) =>
    boxOf(
      bound,
      builder,
      candidates,
      Uint8Array.from(actions.first, (at) => tables[r]?.[at] ?? NO),
      options,
    ),
  )
  return {
    candidates,
    actions: actions.atoms,
    dimensions: builder.dimensions,
    index: builder.index,
    boxes,
    denies: boxes.filter((box) => box.bound.statement.effect === 'Deny'),
    certain: builder.certain,
    on: builder.on,
  }
}

/** What a search holds fixed. */
export interface Query {
  readonly allows: readonly Box[]
  readonly denies: readonly Box[]
  readonly candidate: number
  readonly action: number
  readonly path: Path
  /** The access point that the request goes through. */
  readonly point?: number
  /** Dimension to the atoms that it may take. */
  readonly fixed?: ReadonlyMap<number, readonly number[]>
}

/** An atom's index a dimension. */
export type Assignment = readonly number[]

const NETWORK: ReadonlySet<string> = new Set([
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
])
const CLAIMS_ALWAYS = /:(?:sub|aud)$/

/** The host of an OIDC provider, or the name of SAML's keys. */
export function tokenPrefix(provider: string): string {
  if (provider.includes(':saml-provider/')) return 'saml'
  const at = provider.indexOf('oidc-provider/')
  return (at < 0 ? provider : provider.slice(at + 'oidc-provider/'.length)).toLowerCase()
}

function present(dimension: Dimension, candidate: Candidate, path: Path): 'no' | 'yes' | 'maybe' {
  const { name } = dimension
  const { kind } = candidate.caller
  if (name === 'source') return kind === 'service' ? 'yes' : 'no'
  if (name === 'aws:sourceip') return path === 'internet' ? 'yes' : 'no'
  if (NETWORK.has(name)) return path === 'endpoint' ? 'yes' : 'no'
  const facts = keyFacts(name)
  if (facts?.part === 'token') {
    const provider = candidate.caller.provider
    if (provider === undefined) return 'no'
    const prefix = tokenPrefix(provider)
    if (!name.startsWith(`${prefix}:`)) return 'no'
    return CLAIMS_ALWAYS.test(name) ? 'yes' : 'maybe'
  }
  if (facts?.signed && (kind === 'anonymous' || kind === 'service')) return 'no'
  return 'maybe'
}

function domain(world: World, query: Query, d: number): readonly number[] {
  const fixed = query.fixed?.get(d)
  const dimension = world.dimensions[d]
  const candidate = world.candidates[query.candidate]
  if (!dimension || !candidate) return []
  const on = world.on.get(d)
  const action = world.actions[query.action]?.action
  const result: number[] = []
  const carried = on ? 'maybe' : present(dimension, candidate, query.path)
  const all = fixed ?? dimension.atoms.keys()
  for (const i of all) {
    if (on) {
      if (action?.on !== undefined && on[i] !== undefined && on[i] !== action.on) continue
    } else if (dimension.absent === i ? carried === 'yes' : carried === 'no' && dimension.absent >= 0)
      continue
    if (dimension.name === 'via' && i > 0 && candidate.caller.kind !== 'principal') continue
    result.push(i)
  }
  return result
}

const BUDGET = 20_000

interface Search {
  readonly world: World
  readonly query: Query
  readonly domains: (readonly number[] | undefined)[]
  readonly must: boolean
  left: number
  cut: boolean
}

function domainOf(search: Search, d: number): readonly number[] {
  const known = search.domains[d]
  if (known) return known
  const made = domain(search.world, search.query, d)
  search.domains[d] = made
  return made
}

function holds(value: number | undefined, must: boolean): boolean {
  return must ? value === YES : value !== NO && value !== undefined
}

/** A Deny is escaped for certain only where it is certainly false, and perhaps wherever it is not certainly true. */
function escapes(value: number | undefined, must: boolean): boolean {
  return must ? value === NO : value !== YES
}

function escapeAll(search: Search, denies: readonly Box[], from: number): boolean {
  if (search.left-- <= 0) {
    search.cut = true
    return !search.must
  }
  const { query, must } = search
  for (let i = from; i < denies.length; i++) {
    const box = denies[i]
    if (!box) continue
    if (escapes(box.callers[query.candidate], must) || escapes(box.actions[query.action], must)) continue
    const rest: { dimension: number; left: number[] }[] = []
    let free = false
    for (const { dimension, table } of box.parts) {
      const current = domainOf(search, dimension)
      const left = current.filter((atom) => escapes(table[atom], must))
      if (left.length === current.length && current.length > 0) {
        free = true
        break
      }
      if (left.length > 0) rest.push({ dimension, left })
    }
    if (free) continue
    for (const { dimension, left } of rest) {
      const saved = search.domains[dimension]
      search.domains[dimension] = left
      if (escapeAll(search, denies, i + 1)) return true
      search.domains[dimension] = saved
    }
    return false
  }
  return true
}

function relevant(box: Box, query: Query): boolean {
  const point = box.bound.rule.accessPoint
  return point === undefined || point === query.point
}

function search(world: World, query: Query, must: boolean): { found: Assignment | undefined; cut: boolean } {
  const state: Search = {
    world,
    query,
    domains: new Array(world.dimensions.length),
    must,
    left: BUDGET,
    cut: false,
  }
  return { found: run(state), cut: state.cut }
}

function run(state: Search): Assignment | undefined {
  const { world, query, must } = state
  for (const box of query.allows) {
    if (!holds(box.callers[query.candidate], must) || !holds(box.actions[query.action], must))
      return undefined
    for (const { dimension, table } of box.parts) {
      const left = domainOf(state, dimension).filter((atom) => holds(table[atom], must))
      if (left.length === 0) return undefined
      state.domains[dimension] = left
    }
  }
  const point = query.point === undefined ? undefined : world.index.get(`point:${query.point}`)
  for (const d of [world.index.get('resource'), point, ...(query.fixed?.keys() ?? [])]) {
    if (d !== undefined && domainOf(state, d).length === 0) return undefined
  }
  const denies = query.denies.filter((box) => relevant(box, query))
  if (!escapeAll(state, denies, 0)) return undefined
  return world.dimensions.map((_, d) => domainOf(state, d)[0] ?? -1)
}

/** A request of the query that is allowed: for certain (`must`), or as far as is known. */
export function find(world: World, query: Query, must: boolean): Assignment | undefined {
  return search(world, query, must).found
}

/** Whether some request of the query is allowed; unknown too where the search was cut at its budget. */
export function can(world: World, query: Query): Truth {
  if (world.certain) {
    const { found, cut } = search(world, query, true)
    return found ? YES : cut ? UNKNOWN : NO
  }
  if (!find(world, query, false)) return NO
  return find(world, query, true) ? YES : UNKNOWN
}
