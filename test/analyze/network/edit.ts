/** Small changes to an estate that is there. */
import type { JsonObject, Resource } from '../../../src/snapshot/model.ts'
import type { Estate } from './estate.ts'

/** One resource with other fields; a field that is undefined is left out. */
export function change(
  estate: Estate,
  name: string,
  config: Readonly<Record<string, unknown>>,
  rest: Partial<Resource> = {},
) {
  const at = estate.resources.findIndex(({ id }) => id.endsWith(name))
  const known = estate.resources[at]
  if (!known) throw new Error(`no ${name}`)
  const made = Object.entries({ ...known.config, ...config }).filter(([, value]) => value !== undefined)
  estate.resources[at] = { ...known, config: Object.fromEntries(made) as JsonObject, ...rest }
  return estate
}

export function remove(estate: Estate, ...names: string[]): Estate {
  for (const name of names) {
    const at = estate.resources.findIndex(({ id }) => id.endsWith(name))
    if (at < 0) throw new Error(`no ${name}`)
    estate.resources.splice(at, 1)
  }
  return estate
}
