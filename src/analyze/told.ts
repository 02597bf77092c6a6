/** Facts whose members are computed when a rule reads them: an estate has thousands of resources that no rule asks about. */
import type { Json, JsonObject, Missing } from '../snapshot/model.ts'
import type { Fact } from './analysis.ts'

/** A member of a fact: its value, or the calls that would tell it, never none. */
export type Told<T> = { readonly value: T } | { readonly missing: readonly Missing[] }

/** An object whose members are computed once, when they are read. */
export function lazy<T extends object>(members: { readonly [K in keyof T]: () => T[K] }): T {
  const made = {}
  for (const [name, compute] of Object.entries(members) as [string, () => unknown][]) {
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = compute()
        Object.defineProperty(made, name, { value, enumerable: true })
        return value
      },
    })
  }
  return made as T
}

export function toldFact(members: Readonly<Record<string, () => Told<Json>>>): Fact {
  const all = lazy<Record<string, Told<Json>>>(members)
  const known: Record<string, () => Json> = {}
  const unseen: Record<string, () => readonly Missing[] | undefined> = {}
  for (const name of Object.keys(members)) {
    const told = (): Told<Json> => all[name] ?? { value: null }
    known[name] = () => {
      const one = told()
      return 'value' in one ? one.value : null
    }
    unseen[name] = () => {
      const one = told()
      return 'missing' in one ? one.missing : undefined
    }
  }
  return { known: lazy<JsonObject>(known), unseen: lazy(unseen) }
}
