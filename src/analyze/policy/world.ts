/**
 * The rules of one resource as boxes over the parts of a request.
 *
 * A statement is a product: each of its elements and conditions looks at one part only (caller, action, resource, source,
 * one condition key …). Over the finite set of values of each part that the rules can tell apart, it is a table a part.
 */
import { type ActionClass, actionClasses, classesOf } from './action-classes.ts'
import type { Action } from './actions.ts'
import type { Binding } from './bindings.ts'
import { callerKey } from './caller-keys.ts'
import type { Candidate } from './callers.ts'
import { keyFacts } from './condition-key.ts'
import { type DimensionOptions, dimensionName, dimensionOf } from './dimension.ts'
import { type Lookup, variableKeys } from './document.ts'
import { matches } from './glob.ts'
import { concerns, holds } from './match.ts'
import { ENDPOINT_KEYS } from './network-values.ts'
import { parseOperator } from './operator.ts'
import { type ResourceAtom, resourceAtoms } from './resource-values.ts'
import type { Bound, BoundCondition } from './rule.ts'
import type { Cut } from './samples.ts'
import { and, NO, type Truth, truth, UNKNOWN, YES } from './truth.ts'
import { type Atom, atom, type Dimension, dimension } from './values.ts'

/** A truth for each value of a part. */
export type Table = readonly Truth[]

export interface Box {
  readonly bound: Bound
  readonly callers: Table
  readonly actions: Table
  /** The parts that it asks about: of the others every value will do. */
  readonly parts: readonly { readonly dimension: number; readonly table: Table }[]
}

/** How a request comes; the keys of one are absent in the other. AWS's services come by neither. */
export type Path = 'internet' | 'endpoint'

export interface World {
  /** The resource's own. */
  readonly account: string
  readonly candidates: readonly Candidate[]
  readonly actions: readonly ActionClass[]
  readonly dimensions: readonly Dimension[]
  /** By name. */
  readonly index: ReadonlyMap<string, number>
  /** One for each rule, in their order. */
  readonly boxes: readonly Box[]
  readonly denies: readonly Box[]
  /** The paths that the rules can tell apart. */
  readonly paths: readonly Path[]
  /** No table has an unknown in it. */
  readonly certain: boolean
  /** The values of some part are not all: a "no" is not certain. */
  readonly cut: boolean
  /** Every key that some rule asks for, in a condition or by a variable, and how one that has a condition on it writes it. */
  readonly asked: ReadonlyMap<string, string>
}

export interface WorldOptions extends DimensionOptions {
  readonly type: string
  readonly arn: string
  /** Keys that every request to this resource carries alike. */
  readonly constant: Lookup
  /** Keys that vary elsewhere, and that this resource settles. */
  readonly fixed: ReadonlySet<string>
  /** Instead of what the type's policies speak of. */
  readonly instead?: { readonly actions: readonly Action[]; readonly resources: readonly string[] }
  /** The values that policy variables have here. */
  readonly pins?: Binding
}

const isOfCaller = ({ key }: BoundCondition): boolean => keyFacts(key)?.part === 'caller'

/** @param conditions the rule's own on the caller's keys */
function callerTruth(bound: Bound, conditions: readonly BoundCondition[], { caller }: Candidate): Truth {
  let result = concerns(bound, caller)
  for (const condition of conditions) {
    if (result === NO) return NO
    result = and(result, holds(condition, callerKey(caller, condition.key)))
  }
  return result
}

/** What the rule amounts to whatever the request: whether it is in effect, and its conditions on what never varies. */
function constantTruth(bound: Bound, { constant, fixed }: WorldOptions): Truth {
  let result: Truth = bound.rule.certain ? YES : UNKNOWN
  for (const condition of bound.conditions) {
    const part = keyFacts(condition.key)?.part
    if (part === undefined) result = and(result, UNKNOWN)
    else if (part === 'resource' || part === 'time' || fixed.has(condition.key))
      result = and(result, holds(condition, constant(condition.key)))
  }
  return result
}

function resourceTable(bound: Bound, atoms: readonly Atom[]): Table | undefined {
  const { resources, statement, resourceUnknown } = bound
  if (!resources) return undefined
  const isHit = (label: string): boolean => {
    for (const glob of resources) if (matches(glob, label)) return true
    return false
  }
  return atoms.map(({ label }) => {
    const hit = isHit(label)
    if (!hit && resourceUnknown) return UNKNOWN
    return truth(hit !== statement.notResource)
  })
}

function equals(key: string, value: string): BoundCondition {
  return { operator: parseOperator('StringEquals'), key, values: [value], unknown: false }
}

/** The values of a part that agree with what variables stand for. */
function only(of: Dimension, pins: Binding): Dimension {
  const atoms = of.atoms.filter((atom) =>
    [...pins].every(([key, value]) => {
      const found = atom.values.get(key)
      return value === undefined ? found === undefined : found?.length === 1 && found[0] === value
    }),
  )
  return dimension(
    of.name,
    atoms,
    atoms.findIndex((atom) => atom.values.size === 0),
  )
}

const NO_KEYS: Atom['values'] = new Map()
const EITHER: readonly Action['on'][] = [undefined]
const KINDS: readonly Action['on'][] = [undefined, 'bucket', 'object']

class Builder {
  readonly dimensions: Dimension[] = []
  readonly index = new Map<string, number>()
  readonly cut: Cut = { happened: false }
  certain = true

  add(made: Dimension): void {
    this.index.set(made.name, this.dimensions.push(made) - 1)
  }

  addResources(name: string, list: readonly ResourceAtom[]): void {
    const atoms = list.map(({ text }) => atom(NO_KEYS, text))
    const forAction = (on: Action['on']): readonly number[] =>
      list.flatMap((item, index) => (item.on === undefined || item.on === on ? [index] : []))
    const kinds = list.some((item) => item.on !== undefined) ? KINDS : EITHER
    this.add(dimension(name, atoms, -1, new Map(kinds.map((on) => [on, forAction(on)]))))
  }

  addKeys(rules: readonly Bound[], options: WorldOptions): void {
    const parts = new Map<string, BoundCondition[]>()
    for (const { conditions } of rules) {
      for (const condition of conditions) {
        const name = dimensionName(condition.key)
        if (name === undefined || options.fixed.has(condition.key)) continue
        const list = parts.get(name)
        if (list) list.push(condition)
        else parts.set(name, [condition])
      }
    }
    for (const [name, conditions] of parts) {
      const pinned = [...(options.pins ?? [])].filter(([key]) => dimensionName(key) === name)
      if (pinned.length === 0) {
        this.add(dimensionOf(name, conditions, options, this.cut))
        continue
      }
      const asked = pinned.flatMap(([key, value]) => (value === undefined ? [] : equals(key, value)))
      const made = dimensionOf(name, [...conditions, ...asked], options, this.cut)
      this.add(only(made, new Map(pinned)))
    }
  }

  boxOf(bound: Bound, candidates: readonly Candidate[], actions: Table, options: WorldOptions): Box {
    const whole = constantTruth(bound, options)
    const own = bound.conditions.filter(isOfCaller)
    const callers = candidates.map((candidate) =>
      whole === NO ? NO : and(whole, callerTruth(bound, own, candidate)),
    )
    const tables = new Map<number, Table>()
    const point = bound.rule.accessPoint
    const resource = this.index.get(point === undefined ? 'resource' : `point:${point}`)
    const table =
      resource === undefined ? undefined : resourceTable(bound, this.dimensions[resource]?.atoms ?? [])
    if (resource !== undefined && table) tables.set(resource, table)
    for (const condition of bound.conditions) {
      if (!options.fixed.has(condition.key)) this.narrow(tables, condition)
    }
    const parts = [...tables].map(([at, made]) => ({ dimension: at, table: made }))
    if (callers.includes(UNKNOWN) || parts.some((part) => part.table.includes(UNKNOWN))) this.certain = false
    return { bound, callers, actions, parts }
  }

  private narrow(tables: Map<number, Table>, condition: BoundCondition): void {
    const name = dimensionName(condition.key)
    const at = name === undefined ? undefined : this.index.get(name)
    if (at === undefined) return
    const before = tables.get(at)
    const table = (this.dimensions[at]?.atoms ?? []).map((atom, i) =>
      and(before?.[i] ?? YES, holds(condition, atom.values.get(condition.key))),
    )
    tables.set(at, table)
  }
}

/** Keys of the world that only some actions carry. */
function carriersOf(names: Iterable<string>): Map<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>()
  for (const name of names) {
    const actions = keyFacts(name)?.actions
    if (actions) found.set(name, actions)
  }
  return found
}

function pathsOf(names: Iterable<string>): Path[] {
  for (const name of names)
    if (name === 'aws:sourceip' || ENDPOINT_KEYS.has(name)) return ['internet', 'endpoint']
  return ['internet']
}

function askedIn(rules: readonly Bound[]): Map<string, string> {
  const keys = new Set<string>()
  const spelt = new Map<string, string>()
  for (const { statement } of rules) {
    for (const { key, written } of statement.conditions) {
      keys.add(key)
      if (!spelt.has(key)) spelt.set(key, written.key)
    }
    for (const key of variableKeys(statement)) keys.add(key)
  }
  const asked = new Map<string, string>()
  for (const key of keys) asked.set(key, spelt.get(key) ?? key)
  return asked
}

/** The boxes of rules by their indexes. */
export function boxesOf({ boxes }: World, rules: readonly number[]): Box[] {
  const found: Box[] = []
  for (const rule of rules) {
    const box = boxes[rule]
    if (box) found.push(box)
  }
  return found
}

export function worldOf(
  rules: readonly Bound[],
  candidates: readonly Candidate[],
  options: WorldOptions,
  cut: boolean,
): World {
  const builder = new Builder()
  const behind = options.type === 'AWS::S3::AccessPoint' ? 'AWS::S3::Bucket' : options.type
  const own = rules.filter((bound) => bound.rule.accessPoint === undefined)
  const resources = options.instead?.resources.map((text) => ({ text }))
  builder.addResources('resource', resources ?? resourceAtoms(behind, options.arn, own, builder.cut))
  for (const [at, point] of options.accessPoints.entries()) {
    const its = rules.filter((bound) => bound.rule.accessPoint === at)
    builder.addResources(`point:${at}`, resourceAtoms('AWS::S3::AccessPoint', point.arn, its, builder.cut))
  }
  builder.addKeys(rules, options)
  const names = [...builder.index.keys()]
  const carriers = carriersOf(names)
  const { classes, tables } = options.instead
    ? classesOf(options.instead.actions, rules, carriers)
    : actionClasses(options.type, rules, carriers)
  const boxes = rules.map((bound, r) => builder.boxOf(bound, candidates, tables[r] ?? [], options))
  return {
    account: options.account,
    candidates,
    actions: classes,
    dimensions: builder.dimensions,
    index: builder.index,
    boxes,
    denies: boxes.filter((box) => box.bound.statement.effect === 'Deny'),
    paths: pathsOf(names),
    certain: builder.certain,
    cut: cut || builder.cut.happened,
    asked: askedIn(rules),
  }
}
