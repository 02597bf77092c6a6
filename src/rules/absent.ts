/**
 * What the absence of a field stands for, filled in before a rule reads it: what the collector declares,
 * an empty list for a list, an empty map for a map. A field without such a meaning stays absent, and so does
 * one that AWS answered with null.
 */
import type { Json, JsonObject } from '../snapshot/model.ts'
import type { Read, Reads } from './known.ts'
import { isObject } from './paths.ts'
import {
  answering,
  isFactType,
  isList,
  isMap,
  isStruct,
  rootOf,
  type Shape,
  type Shapes,
  typeShape,
} from './shapes.ts'

interface Plan {
  readonly fields: Map<string, Plan>
  /** For a list: what to fill in its items. */
  items?: Plan
  absent?: Json
}

export type Fill = (config: JsonObject, missing: Readonly<Record<string, unknown>> | undefined) => JsonObject

const empty = (): Plan => ({ fields: new Map() })

function step(plan: Plan, part: string): Plan {
  const name = part.replace(/(\[\])+$/, '')
  let next = plan.fields.get(name)
  if (next === undefined) {
    next = empty()
    plan.fields.set(name, next)
  }
  for (let lists = (part.length - name.length) / 2; lists > 0; lists--) {
    next.items ??= empty()
    next = next.items
  }
  return next
}

function meaning(shape: Shape, declared: Json | undefined): Json | undefined {
  if (declared !== undefined && declared !== null) return declared
  if (isList(shape)) return []
  return isMap(shape) ? {} : undefined
}

/** @returns the value itself when nothing is to be filled in: copies are made only of what changes */
function fill(value: Json, plan: Plan): Json {
  if (Array.isArray(value)) {
    const { items } = plan
    if (items === undefined) return value
    let copy: Json[] | undefined
    value.forEach((item: Json, at: number) => {
      const filled = fill(item, items)
      if (filled === item) return
      copy ??= [...value]
      copy[at] = filled
    })
    return copy ?? value
  }
  return isObject(value) ? fillObject(value, plan, undefined) : value
}

function fillObject(
  value: JsonObject,
  plan: Plan,
  skip: Readonly<Record<string, unknown>> | undefined,
): JsonObject {
  let copy: Record<string, Json> | undefined
  for (const [name, inner] of plan.fields) {
    if (skip !== undefined && Object.hasOwn(skip, name)) continue
    const held = Object.hasOwn(value, name) ? value[name] : undefined
    if (held === undefined || held === null) {
      if (inner.absent === undefined && held === undefined) continue
      copy ??= { ...value }
      if (inner.absent === undefined) delete copy[name]
      else copy[name] = inner.absent
      continue
    }
    const filled = inner.fields.size > 0 || inner.items ? fill(held, inner) : held
    if (filled === held) continue
    copy ??= { ...value }
    copy[name] = filled
  }
  return copy ?? value
}

/** What to fill in for a type, given all that is read of it. */
export function fillOf(type: string, reads: readonly Reads[], shapes: Shapes): Fill {
  const plan = empty()
  const declared = typeShape(shapes, type)?.absent ?? {}
  for (const { fields } of reads) {
    for (const read of fields) {
      if (read.type !== type || read.path === '') continue
      let at = plan
      for (const part of read.path.split('.')) at = step(at, part)
      const value = meaning(read.shape, Object.hasOwn(declared, read.path) ? declared[read.path] : undefined)
      if (value !== undefined) at.absent = value
    }
  }
  if (plan.fields.size === 0) return (config) => config
  return (config, missing) => fillObject(config, plan, missing)
}

/**
 * The fields that AWS may leave out and that an expression reads as if they were always there: its verdict is unknown
 * where they are absent. Asked with `has()` or `.?` in one expression of a rule, a field counts as asked in all.
 * @returns for each expression its own, each field of a rule once
 */
export function unguarded(reads: readonly Reads[], shapes: Shapes): readonly (readonly Read[])[] {
  const keyOf = (read: Read): string => `${read.type} ${read.path}`
  const settled = new Set(reads.flatMap((one) => one.fields.filter((read) => read.guarded).map(keyOf)))
  return reads.map(({ fields }) =>
    fields.filter((read) => {
      const key = keyOf(read)
      if (read.guarded || settled.has(key) || !mayBeAbsent(read, shapes)) return false
      settled.add(key)
      return true
    }),
  )
}

function mayBeAbsent(read: Read, shapes: Shapes): boolean {
  const shape = typeShape(shapes, read.type)
  // An analysis answers every member, or says which it can't; an item of its lists is its own too.
  if (read.owner === 'fact' || isFactType(read.type)) return false
  if (shape === undefined || isList(read.shape) || isMap(read.shape)) return false
  if (shape.always.includes(read.path)) return false
  if (Object.hasOwn(shape.absent, read.path)) return shape.absent[read.path] === null
  // What is always there stands in something that is always there.
  if (shape.always.some((path) => path.startsWith(`${read.path}.`))) return false
  const root = rootOf(read.path)
  // Inside a parsed document nobody promises anything: has() belongs there, and a warning at each word helps nobody.
  if (read.path !== root) return shape.fields[root] !== 'any'
  return !(isStruct(read.shape) && answering(shape, root).length > 0)
}
