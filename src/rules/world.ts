/** The snapshot as rules see it: what could not be read throws when it is asked for, in whatever way it is asked. */
import { Optional } from '@marcbachmann/cel-js'
import type { SnapshotIndex } from '../snapshot/index.ts'
import { shortId } from '../snapshot/index.ts'
import type { Json, Missing, Resource } from '../snapshot/model.ts'
import type { Fill } from './absent.ts'
import { valuesAt } from './paths.ts'
import { listing, rootOf, type Shapes, TAG_FIELDS, typeShape } from './shapes.ts'

/** Something was asked for that could not be read. Not an error of CEL's: `.?` must not take it for absence. */
export class Unseen extends Error {
  readonly missing: readonly Missing[]
  constructor(missing: readonly Missing[]) {
    super(missing.map((one) => `${one.operation} ${one.outcome}`).join(', '))
    this.missing = missing
  }
}

const thrown = new WeakMap<Missing, Unseen>()

/** An error for each thing unseen, not for each time: taking the stack is what costs. */
function unseen(missing: readonly Missing[]): Unseen {
  const [only, ...more] = missing
  if (only === undefined || more.length > 0) return new Unseen(missing)
  const error = thrown.get(only) ?? new Unseen(missing)
  thrown.set(only, error)
  return error
}

/** A resource as an expression sees it. */
export interface View {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly account: string
  readonly region: string
  readonly tags: unknown
  readonly config: unknown
}

export interface World {
  view(resource: Resource): View
  /** A type's resources in the place of `from`: its account, and its region where both have one. */
  near(type: string, from: Resource): readonly View[]
  everywhere(type: string): readonly View[]
  /** Those of `near` that have `value` at the path. */
  where(type: string, path: string, value: unknown, from: Resource): readonly View[]
  find(type: string, id: string, from: Resource): Optional<View>
  /** What keeps the list of a type from being whole in one place, or in all of an account without a region. */
  incomplete(type: string, account: string, region?: string): readonly Missing[]
  /** Places of which some resources of a type may not have been seen. `*` is every region. */
  blind(
    type: string,
  ): readonly { readonly account: string; readonly region: string; readonly missing: readonly Missing[] }[]
}

/** Told of everything unseen that an evaluation runs into, absorbed or not. */
export type Notice = (missing: readonly Missing[]) => void

const GLOBAL = 'global'

/** Stands for an object of which some keys, or all, could not be read; listing its keys would tell too much. */
function veil(
  target: object,
  missing: Readonly<Record<string, Missing>>,
  refuse: (missing: readonly Missing[]) => never,
) {
  const ask = (key: string | symbol): void => {
    const one = typeof key === 'string' && Object.hasOwn(missing, key) ? missing[key] : undefined
    if (one) refuse([one])
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
    ownKeys: () => refuse(Object.values(missing)),
  })
}

function unseenTags(
  tags: object,
  missing: readonly Missing[],
  refuse: (missing: readonly Missing[]) => never,
) {
  const no = (): never => refuse(missing)
  return new Proxy(tags, {
    get: (of, key) => (key === 'constructor' ? Reflect.get(of, key) : no()),
    has: no,
    getOwnPropertyDescriptor: no,
    ownKeys: no,
  })
}

/** Keys are strangers': one called `constructor` would hide from CEL what the object is, so such tags become a Map. */
const tagMap = (tags: Resource['tags']): object =>
  Object.hasOwn(tags, 'constructor') ? new Map(Object.entries(tags)) : tags

export function createWorld(
  index: SnapshotIndex,
  shapes: Shapes,
  fillFor: (type: string) => Fill,
  notice: Notice,
): World {
  const refuse = (missing: readonly Missing[]): never => {
    notice(missing)
    throw unseen(missing)
  }
  const fills = new Map<string, Fill>()
  const views = new WeakMap<Resource, View>()
  const listings = createListings(index, shapes)
  const lists = new Map<string, readonly View[]>()
  const paths = new Map<string, PathIndex>()
  const ids = new Map<string, Map<string, Resource[]>>()

  const make = (resource: Resource): View => {
    const { id, type, account, region, missing } = resource
    let fill = fills.get(type)
    if (fill === undefined) {
      fill = fillFor(type)
      fills.set(type, fill)
    }
    const config = fill(resource.config, missing)
    const tags = tagMap(resource.tags)
    const name = resource.name ?? shortId(id)
    if (missing === undefined) return { id, name, type, account, region, tags, config }
    const untagged = TAG_FIELDS.flatMap((field) => (Object.hasOwn(missing, field) ? [missing[field]] : []))
    return {
      id,
      name,
      type,
      account,
      region,
      tags:
        untagged.length > 0
          ? unseenTags(
              tags,
              untagged.filter((one) => one !== undefined),
              refuse,
            )
          : tags,
      config: veil(config, missing, refuse),
    }
  }
  const view = (resource: Resource): View => {
    const known = views.get(resource)
    if (known) return known
    const made = make(resource)
    views.set(resource, made)
    return made
  }
  const requireWhole = (missing: readonly Missing[]): void => {
    if (missing.length > 0) refuse(missing)
  }
  const isNear = (one: Resource, from: Resource): boolean =>
    one.account === from.account &&
    (one.region === from.region || one.region === GLOBAL || from.region === GLOBAL)
  const list = (key: string, of: () => readonly Resource[]): readonly View[] => {
    const known = lists.get(key)
    if (known) return known
    const made = of().map(view)
    lists.set(key, made)
    return made
  }
  const idsOf = (type: string): Map<string, Resource[]> => {
    const known = ids.get(type)
    if (known) return known
    const made = new Map<string, Resource[]>()
    for (const resource of index.ofType(type)) {
      for (const key of new Set([resource.id, shortId(resource.id)])) {
        const same = made.get(key)
        if (same) same.push(resource)
        else made.set(key, [resource])
      }
    }
    ids.set(type, made)
    return made
  }
  return {
    view,
    incomplete: listings.incomplete,
    blind: listings.blind,
    near: (type, from) => {
      requireWhole(listings.incomplete(type, from.account, from.region))
      return list(`${type}|${from.account}|${from.region}`, () =>
        index.ofType(type).filter((one) => isNear(one, from)),
      )
    },
    everywhere: (type) => {
      requireWhole(listings.blind(type).flatMap((place) => place.missing))
      return list(type, () => index.ofType(type))
    },
    where: (type, path, value, from) => {
      requireWhole(listings.incomplete(type, from.account, from.region))
      const key = `${type}|${path}`
      let known = paths.get(key)
      if (known === undefined) {
        known = indexPath(index.ofType(type), path, (resource) => view(resource).config as Json)
        paths.set(key, known)
      }
      const unread = known.unread.filter(({ resource }) => isNear(resource, from)).map((one) => one.missing)
      requireWhole(unread)
      return (known.byValue.get(typeof value === 'bigint' ? Number(value) : (value as Json)) ?? [])
        .filter((one) => isNear(one, from))
        .map(view)
    },
    find: (type, id, from) => {
      const own = (idsOf(type).get(id) ?? []).filter((one) => one.account === from.account)
      const found = own.find((one) => one.region === from.region) ?? own[0]
      if (found) return Optional.of(view(found))
      const region = id.startsWith('arn:') ? id.split(':')[3] || undefined : undefined
      requireWhole(listings.incomplete(type, from.account, region))
      return Optional.none()
    },
  }
}

interface PathIndex {
  readonly byValue: ReadonlyMap<Json, Resource[]>
  readonly unread: readonly { readonly resource: Resource; readonly missing: Missing }[]
}

function indexPath(
  resources: readonly Resource[],
  path: string,
  configOf: (resource: Resource) => Json,
): PathIndex {
  const byValue = new Map<Json, Resource[]>()
  const unread: { resource: Resource; missing: Missing }[] = []
  const root = rootOf(path)
  for (const resource of resources) {
    const missing =
      resource.missing && Object.hasOwn(resource.missing, root) ? resource.missing[root] : undefined
    if (missing) {
      unread.push({ resource, missing })
      continue
    }
    for (const value of new Set(valuesAt(configOf(resource), path))) {
      const same = byValue.get(value)
      if (same) same.push(resource)
      else byValue.set(value, [resource])
    }
  }
  return { byValue, unread }
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

/**
 * Whether the lists of resources are whole. A type that an account lists once (buckets, roles) is whole everywhere
 * when that one call was answered; a type that was never listed at all is not collected.
 */
function createListings(index: SnapshotIndex, shapes: Shapes): Pick<World, 'incomplete' | 'blind'> {
  const called = new Map<string, Set<string>>()
  for (const call of index.snapshot.manifest.calls) {
    for (const type of call.lists ?? []) {
      const key = `${type}|${call.account}`
      const regions = called.get(key)
      if (regions) regions.add(call.region)
      else called.set(key, new Set([call.region]))
    }
  }
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
