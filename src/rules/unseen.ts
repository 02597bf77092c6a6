/** What could not be read: it throws when it is asked for, in whatever way it is asked. */
import type { Missing } from '../snapshot/model.ts'

/** Something was asked for that could not be read. Not an error of CEL's: `.?` must not take it for absence. */
export class Unseen extends Error {
  readonly missing: readonly Missing[]
  constructor(missing: readonly Missing[]) {
    super(missing.map((one) => `${one.operation} ${one.outcome}`).join(', '))
    this.missing = missing
  }
}

/** Throws for what is unseen, after it was noted. */
export type Refuse = (missing: readonly Missing[]) => never

const thrown = new WeakMap<Missing, Unseen>()

/** An error for each thing unseen, not for each time: taking the stack is what costs. */
export function unseen(missing: readonly Missing[]): Unseen {
  const [only, ...more] = missing
  if (only === undefined || more.length > 0) return new Unseen(missing)
  const error = thrown.get(only) ?? new Unseen(missing)
  thrown.set(only, error)
  return error
}

/** Stands for an object of which some keys, or all, could not be read; listing its keys would tell too much. */
export function veil(
  target: object,
  unseen: Readonly<Record<string, Missing | readonly Missing[] | undefined>>,
  refuse: Refuse,
) {
  const ask = (key: string | symbol): void => {
    const some = typeof key === 'string' && Object.hasOwn(unseen, key) ? unseen[key] : undefined
    if (some) refuse([some].flat())
  }
  return new Proxy(target, {
    get: (of, key) => {
      ask(key)
      return Reflect.get(of, key)
    },
    has: (of, key) => {
      ask(key)
      return Reflect.has(of, key)
    },
    getOwnPropertyDescriptor: (of, key) => {
      ask(key)
      return Reflect.getOwnPropertyDescriptor(of, key)
    },
    ownKeys: (of) => {
      const hidden = Object.values(unseen)
        .flat()
        .filter((one) => one !== undefined)
      return hidden.length > 0 ? refuse(hidden) : Reflect.ownKeys(of)
    },
  })
}

export function veilWhole(tags: object, missing: readonly Missing[], refuse: Refuse) {
  const no = (): never => refuse(missing)
  return new Proxy(tags, {
    get: (of, key) => (key === 'constructor' ? Reflect.get(of, key) : no()),
    has: no,
    getOwnPropertyDescriptor: no,
    ownKeys: no,
  })
}

export function distinct(missing: readonly Missing[]): readonly Missing[] {
  if (missing.length < 2) return missing
  const seen = new Map<string, Missing>()
  for (const one of missing) {
    const key = JSON.stringify([one.operation, one.outcome, one.permission])
    if (!seen.has(key)) seen.set(key, one)
  }
  return [...seen.values()]
}
