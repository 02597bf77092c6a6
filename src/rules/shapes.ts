/** Questions about the shapes of AWS's answers: which field a path leads to, which operation answers it. */
import type { Analysis } from '../analyze/analysis.ts'
import type { Shape, Shapes, TypeOperation, TypeShape } from '../snapshot/shapes.ts'

export type { Shape, Shapes, TypeOperation, TypeShape } from '../snapshot/shapes.ts'

/** The shape's name of what an analysis says of a type's resources: `facts.network:AWS::EC2::Instance`. */
export const factType = (analysis: string, type: string): string => `facts.${analysis}:${type}`

export const isFactType = (type: string): boolean => type.startsWith('facts.')

/** The shapes of AWS's answers and of what analyses say, in one table. */
export function withFacts(shapes: Shapes, analyses: readonly Analysis[]): Shapes {
  if (analyses.length === 0) return shapes
  const types: Record<string, TypeShape> = { ...shapes.types }
  for (const { name, shapes: of } of analyses) {
    for (const [type, fields] of Object.entries(of))
      types[factType(name, type)] = { fields: { ...fields }, always: [], absent: {}, operations: [] }
  }
  const structs = Object.assign(
    {},
    shapes.structs,
    ...analyses.map((analysis) => analysis.structs),
  ) as Shapes['structs']
  return { ...shapes, types, structs }
}

/** Members of `config` that hold a resource's tags, in whichever API's spelling. */
export const TAG_FIELDS: readonly string[] = ['Tags', 'TagSet', 'tags', 'TagList']

export function typeShape(shapes: Shapes, type: string): TypeShape | undefined {
  return Object.hasOwn(shapes.types, type) ? shapes.types[type] : undefined
}

export const isList = (shape: Shape): shape is readonly ['list', Shape] =>
  shape[0] === 'list' && Array.isArray(shape)
export const isMap = (shape: Shape): shape is readonly ['map', Shape] =>
  shape[0] === 'map' && Array.isArray(shape)
export const isStruct = (shape: Shape): shape is readonly ['struct', string] =>
  shape[0] === 'struct' && Array.isArray(shape)

export function structFields(shapes: Shapes, shape: Shape): Readonly<Record<string, Shape>> | undefined {
  if (!isStruct(shape)) return undefined
  return Object.hasOwn(shapes.structs, shape[1]) ? shapes.structs[shape[1]] : undefined
}

/** The first field of a dotted path: `KeyMetadata` of `KeyMetadata.KeyId`. */
export const rootOf = (path: string): string => path.split(/[.[{]/, 1)[0] ?? path

/** The operations that find a type's resources. */
export const listing = (shape: TypeShape): readonly TypeOperation[] =>
  shape.operations.filter((operation) => operation.lists === true)

/** The operations whose answer becomes this field of `config`. */
export const answering = (shape: TypeShape, field: string): readonly TypeOperation[] =>
  shape.operations.filter((operation) => operation.into !== undefined && rootOf(operation.into) === field)
