/** Values along a dotted path, `[]` for a list's items, in what AWS answered. */
import type { Json, JsonObject } from '../snapshot/model.ts'

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const own = (value: Json | undefined, key: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined

/** Every value that the path leads to; none where a part of it is absent. */
export function valuesAt(config: Json, path: string): Json[] {
  let found: Json[] = [config]
  for (const part of path.split('.')) {
    const lists = part.split('[]').length - 1
    const name = lists > 0 ? part.slice(0, part.indexOf('[]')) : part
    let next = found.map((value) => own(value, name)).filter((value) => value !== undefined)
    for (let i = 0; i < lists; i++)
      next = next.flatMap((value) => (Array.isArray(value) ? (value as Json[]) : []))
    found = next
  }
  return found
}
