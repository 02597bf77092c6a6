/** Whether lists of resources are whole, and what kept them from it. */
import type { SnapshotIndex } from '../snapshot/index.ts'
import type { Missing } from '../snapshot/model.ts'
import { listing, rootOf, type Shapes, type TypeOperation, typeShape } from './shapes.ts'
import { distinct } from './unseen.ts'

/** The region of what an account has once. */
export const GLOBAL = 'global'

export interface Listings {
  /** Fields of a type that nobody asked for in an account: the scan was narrowed, or a file was left out. */
  unasked(type: string, account: string): Readonly<Record<string, Missing>>
  /** What keeps the list of a type from being whole in one place, or in all of an account without a region. */
  incomplete(type: string, account: string, region?: string): readonly Missing[]
  /** Places of which some resources of a type may not have been seen. `*` is every region. */
  blind(type: string): readonly Blind[]
}

export interface Blind {
  readonly account: string
  readonly region: string
  readonly missing: readonly Missing[]
}

/**
 * Whether the lists of resources are whole. A type that an account lists once (buckets, roles) is whole everywhere
 * when that one call was answered; a type that was never listed at all is not collected.
 */
export function createListings(index: SnapshotIndex, shapes: Shapes): Listings {
  const called = new Map<string, Set<string>>()
  for (const call of index.snapshot.manifest.calls) {
    for (const type of call.lists ?? []) {
      const key = `${type}|${call.account}`
      const regions = called.get(key)
      if (regions) regions.add(call.region)
      else called.set(key, new Set([call.region]))
    }
  }
  const unasked = unaskedFields(index, shapes)
  const regions = new Map<string, Set<string>>()
  for (const { id } of index.snapshot.manifest.accounts) regions.set(id, new Set())
  for (const { account, region } of index.scopes()) {
    const known = regions.get(account) ?? new Set()
    if (region !== GLOBAL) known.add(region)
    regions.set(account, known)
  }
  const never = (type: string, account: string, region: string): readonly Missing[] => {
    const named = index.list(type, account, region).missing
    if (named.length > 0) return named
    const shape = typeShape(shapes, type)
    return (shape ? listing(shape) : []).map(({ operation, permission }) => ({
      operation,
      permission,
      outcome: 'not-collected',
    }))
  }
  const places = (type: string, account: string): { region: string; missing: readonly Missing[] }[] => {
    const made = called.get(`${type}|${account}`)
    if (made === undefined) return [{ region: '*', missing: never(type, account, GLOBAL) }]
    const all = made.has(GLOBAL) ? made : new Set([...made, ...(regions.get(account) ?? [])])
    return [...all].map((region) => ({
      region,
      missing: made.has(region) ? index.list(type, account, region).missing : never(type, account, region),
    }))
  }
  const cache = new Map<string, readonly Missing[]>()
  const compute = (type: string, account: string, region: string | undefined): readonly Missing[] => {
    const all = places(type, account)
    const isWide = region === undefined || region === GLOBAL
    const relevant = isWide
      ? all
      : all.filter((one) => one.region === region || one.region === GLOBAL || one.region === '*')
    if (relevant.length === 0) return never(type, account, region ?? GLOBAL)
    return distinct(relevant.flatMap((one) => one.missing))
  }
  return {
    unasked,
    incomplete: (type, account, region) => {
      const key = `${type}|${account}|${region ?? ''}`
      const known = cache.get(key)
      if (known) return known
      const made = compute(type, account, region)
      cache.set(key, made)
      return made
    },
    blind: (type) =>
      [...regions.keys()].flatMap((account) =>
        places(type, account)
          .filter((place) => place.missing.length > 0)
          .map((place) => ({ account, region: place.region, missing: distinct(place.missing) })),
      ),
  }
}

/**
 * A field that a call of its own answers is absent from every resource when that call was never made: not an answer.
 * One resource for which the call was made shows that it was asked for in that account.
 */
function unaskedFields(index: SnapshotIndex, shapes: Shapes): Listings['unasked'] {
  const asked = new Set<string>()
  for (const { account, operation, permission } of index.snapshot.manifest.calls) {
    asked.add(`${account}|${operation}|${permission}`)
  }
  const known = new Map<string, Readonly<Record<string, Missing>>>()
  const find = (type: string, account: string): Readonly<Record<string, Missing>> => {
    const answers = (typeShape(shapes, type)?.operations ?? []).filter((one) => one.into !== undefined)
    const isAsked = ({ operation, permission }: TypeOperation): boolean =>
      asked.has(`${account}|${operation.split(':')[1]}|${permission}`)
    const fields = new Set(answers.filter((one) => isAsked(one)).map((one) => rootOf(one.into ?? '')))
    const never = answers.filter((one) => !fields.has(rootOf(one.into ?? '')))
    return Object.fromEntries(
      never.map(({ into = '', operation, permission }) => [
        rootOf(into),
        { operation, permission, outcome: 'not-collected' },
      ]),
    )
  }
  return (type, account) => {
    const key = `${type}|${account}`
    const found = known.get(key) ?? find(type, account)
    known.set(key, found)
    return found
  }
}
