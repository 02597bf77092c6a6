/** Facts whose members are computed when a rule reads them: an estate has thousands of resources that no rule asks about. */
import type { JsonObject, Missing } from '../../snapshot/model.ts'
import type { Fact } from '../analysis.ts'
import { distinctMissing } from '../unread.ts'
import type { Cause } from './reasons.ts'

/** Stands for a member that cannot be told. */
export class Untold {
  readonly missing: readonly Missing[]
  constructor(causes: readonly Cause[]) {
    this.missing = distinctMissing(causes.map(missingOf))
  }
}

/** What a cause lacks; where no call would tell, what is not modelled. */
function missingOf({ missing, reason, resource, rule }: Cause): Missing {
  if (missing) return missing
  const detail = `${resource}${rule === undefined ? '' : ` (${rule})`}: ${reason}`
  return { operation: `network:${reason}`, outcome: 'unsupported', permission: '', detail }
}

type Members = Readonly<Record<string, () => JsonObject[string] | Untold>>

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

export function lazyFact(members: Members): Fact {
  const all = lazy<Record<string, JsonObject[string] | Untold>>(members)
  const known: Record<string, () => JsonObject[string]> = {}
  const unseen: Record<string, () => readonly Missing[] | undefined> = {}
  for (const name of Object.keys(members)) {
    known[name] = () => {
      const value = all[name]
      return value === undefined || value instanceof Untold ? null : value
    }
    unseen[name] = () => {
      const value = all[name]
      return value instanceof Untold ? value.missing : undefined
    }
  }
  return { known: lazy<JsonObject>(known), unseen: lazy(unseen) }
}
