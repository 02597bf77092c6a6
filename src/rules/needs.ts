/** The operations whose answers a rule reads: what narrows a scan to them. */
import type { Analysis } from '../analyze/analysis.ts'
import type { Reads } from './known.ts'
import { rootsRead } from './reads.ts'
import {
  answering,
  factType,
  isFactType,
  listing,
  rootOf,
  type Shapes,
  TAG_FIELDS,
  type TypeOperation,
  typeShape,
} from './shapes.ts'

function ofType(type: string, reads: readonly Reads[], shapes: Shapes): readonly TypeOperation[] {
  const shape = typeShape(shapes, type)
  if (shape === undefined) return []
  const roots = rootsRead(reads, type)
  if (roots === undefined) return shape.operations
  const tags = reads.some((one) => one.tags.has(type)) ? TAG_FIELDS : []
  return [...listing(shape), ...[...roots, ...tags].flatMap((root) => answering(shape, root))]
}

/** A rule for any type reads each type's list, and its tags where it asks for tags. */
function ofAny(reads: readonly Reads[], shapes: Shapes): readonly TypeOperation[] {
  const all = Object.entries(shapes.types).flatMap(([type, shape]) => (isFactType(type) ? [] : [shape]))
  if (rootsRead(reads, '*') === undefined) return all.flatMap((shape) => shape.operations)
  const roots = new Set([
    ...(rootsRead(reads, '*') ?? []),
    ...(reads.some((one) => one.tags.has('*')) ? TAG_FIELDS : []),
  ])
  return all.flatMap((shape) =>
    shape.operations.filter(
      (one) => one.lists === true || (one.into !== undefined && roots.has(rootOf(one.into))),
    ),
  )
}

/** @returns operations, `kms:GetKeyPolicy` style, sorted; more than strictly needed rather than fewer */
export function operationsRead(
  type: string,
  reads: readonly Reads[],
  shapes: Shapes,
  analyses: readonly Analysis[],
): readonly string[] {
  const others = new Set(reads.flatMap((one) => [...one.types]))
  const own = type === '*' ? ofAny(reads, shapes) : ofType(type, reads, shapes)
  const asked = new Set(reads.flatMap((one) => [...one.facts]))
  const facts = analyses.flatMap(({ name, operations, operationsFor }) => {
    if (!asked.has(name)) return []
    return operationsFor ? operationsFor(type, rootsRead(reads, factType(name, type))) : operations
  })
  const all = [...own, ...[...others].flatMap((other) => ofType(other, reads, shapes))]
  return [...new Set([...all.map((one) => one.operation), ...facts])].sort()
}
