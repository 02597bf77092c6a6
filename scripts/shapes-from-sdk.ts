import { makesResources, type Operation, permissionOf, type Service, typeOf } from '../src/collect/dsl.ts'
import type { OperationShape, Shape, Shapes, TypeShape } from '../src/snapshot/shapes.ts'

/**
 * The SDK's runtime schemas as its clients ship them (Smithy's typed schema tuples):
 * [kind, namespace, name, traits, …]; kinds 1 list, 2 map, 3 structure, -3 error, 4 union, 9 operation; numbers are simple types.
 */
type Schema = unknown

/** Every SDK number that is not a whole number; its schemas do not tell. */
const DOUBLES = new Set(['inspectorScore', 'baseScore', 'score', 'SamplingRate', 'Percent'])

const SIMPLE: Readonly<Record<number, Shape>> = {
  0: 'string',
  1: 'int',
  2: 'bool',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
  15: 'any',
  17: 'int',
  19: 'double',
  21: 'bytes',
  42: 'bytes',
}

function unwrap(schema: Schema): Schema {
  let seen = schema
  while (typeof seen === 'function') seen = (seen as () => Schema)()
  // [schema, traits] and [0, namespace, name, traits, simple] both wrap another.
  if (Array.isArray(seen) && (typeof seen[0] === 'function' || Array.isArray(seen[0]))) return unwrap(seen[0])
  if (Array.isArray(seen) && seen.length <= 2 && typeof seen[0] === 'number') return seen[0]
  if (Array.isArray(seen) && seen[0] === 0) return unwrap(seen[4])
  return seen
}

class Walker {
  readonly structs: Record<string, Record<string, Shape>> = {}
  readonly prefix: string
  constructor(prefix: string) {
    this.prefix = prefix
  }

  shape(schema: Schema, member: string): Shape {
    const seen = unwrap(schema)
    if (typeof seen === 'number') {
      if (seen >= 128) return ['map', this.shape(seen - 128, member)]
      if (seen >= 64) return ['list', this.shape(seen - 64, member)]
      const simple = SIMPLE[seen] ?? 'any'
      return simple === 'int' && DOUBLES.has(member) ? 'double' : simple
    }
    if (!Array.isArray(seen)) return 'any'
    if (seen[0] === 1) return ['list', this.shape(seen[4], member)]
    if (seen[0] === 2) return ['map', this.shape(seen[5], member)]
    if (seen[0] === 3 || seen[0] === 4 || seen[0] === -3) return ['struct', this.struct(seen)]
    return 'any'
  }

  struct(schema: readonly unknown[]): string {
    const name = `${this.prefix}.${String(schema[2])}`
    if (name in this.structs) return name
    const members: Record<string, Shape> = {}
    this.structs[name] = members
    const names = schema[4] as readonly string[]
    const shapes = schema[5] as readonly Schema[]
    names.forEach((member, at) => {
      members[member] = this.shape(shapes[at], member)
    })
    return name
  }
}

export async function shapesOf(services: readonly Service[]): Promise<Shapes> {
  const structs: Record<string, Record<string, Shape>> = {}
  const operations: Record<string, OperationShape> = {}
  const types: Record<string, TypeShape> = {}
  const member = (shape: Shape, name: string): Shape =>
    Array.isArray(shape) && shape[0] === 'struct' ? (structs[shape[1]]?.[name] ?? 'any') : 'any'
  const memberAlong = (shape: Shape, path: string): Shape => path.split('.').reduce(member, shape)
  const typeShape = (type: string): TypeShape => {
    types[type] ??= { fields: {}, always: [], absent: {}, operations: [] }
    return types[type]
  }
  const outputs = new Map<string, Shape>()
  for (const service of services) {
    const sdk = (await service.load()) as Record<string, unknown>
    const walker = new Walker(service.sdk)
    for (const operation of service.operations) {
      const schema = sdk[`${operation.api}$`]
      if (!Array.isArray(schema)) throw new Error(`${service.sdk} ships no schema of ${operation.api}`)
      const output = walker.shape(schema[5], operation.api)
      outputs.set(`${service.name}:${operation.api}`, output)
      operations[`${service.name}:${operation.api}`] = { output }
    }
    Object.assign(structs, walker.structs)
  }
  for (const service of services) {
    for (const operation of service.operations) {
      const output = outputs.get(`${service.name}:${operation.api}`) ?? 'any'
      add(service, operation, output)
    }
  }
  return {
    types: sorted(types),
    structs: sorted(prune(structs, types, operations)),
    operations: sorted(operations),
  }

  function itemsOf(output: Shape, items: string): Shape {
    let shape = output
    for (const part of items.split('.')) {
      const next = member(shape, part)
      shape = Array.isArray(next) && next[0] === 'list' ? (next[1] as Shape) : next
    }
    return shape
  }

  function add(service: Service, operation: Operation, output: Shape): void {
    const type = typeShape(typeOf(operation))
    const own = {
      operation: `${service.prefix}:${operation.api}`,
      permission: permissionOf(service, operation),
    }
    if (makesResources(operation)) {
      const config =
        operation.kind === 'single'
          ? operation.take === undefined
            ? output
            : memberAlong(output, operation.take)
          : itemsOf(output, operation.items)
      if (Array.isArray(config) && config[0] === 'struct') {
        for (const [name, shape] of Object.entries(structs[config[1]] ?? {})) {
          type.fields[name] = operation.parse?.[name] ? 'any' : shape
        }
      }
      type.always.push(...(operation.fields?.always ?? []))
      Object.assign(type.absent, operation.fields?.absent)
      type.operations.push({ ...own, lists: true })
      return
    }
    type.operations.push({ ...own, into: operation.into })
    type.fields[operation.into] = fieldShape(operation, output)
  }

  function fieldShape(operation: Exclude<Operation, { resource: string }>, output: Shape): Shape {
    if (operation.kind === 'field') {
      if (operation.parse) return 'any'
      return operation.take === '*' ? output : memberAlong(output, operation.take ?? operation.into)
    }
    const item = itemsOf(output, operation.items)
    if (operation.as === 'flag') return 'bool'
    if (operation.as === 'list') return ['list', item]
    if (operation.as === 'first') return item
    return member(item, operation.as.member)
  }
}

function sorted<T>(of: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Only the structures that some type or answer reaches. */
function prune(
  structs: Record<string, Record<string, Shape>>,
  types: Record<string, TypeShape>,
  operations: Record<string, OperationShape>,
): Record<string, Record<string, Shape>> {
  const kept: Record<string, Record<string, Shape>> = {}
  const visit = (shape: Shape): void => {
    if (!Array.isArray(shape)) return
    if (shape[0] !== 'struct') {
      visit(shape[1] as Shape)
      return
    }
    const name = shape[1] as string
    const members = structs[name]
    if (kept[name] || !members) return
    kept[name] = members
    for (const next of Object.values(members)) visit(next)
  }
  for (const type of Object.values(types)) for (const shape of Object.values(type.fields)) visit(shape)
  for (const operation of Object.values(operations)) visit(operation.output)
  return kept
}
