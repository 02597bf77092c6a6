/** The snapshot as rules see it: their resource, others near it, and what could not be listed. */
import { Optional } from '@marcbachmann/cel-js'
import type { SnapshotIndex } from '../snapshot/index.ts'
import { shortId } from '../snapshot/index.ts'
import type { Json, Missing, Resource } from '../snapshot/model.ts'
import type { Fill } from './absent.ts'
import { createListings, GLOBAL, type Listings } from './listings.ts'
import { valuesAt } from './paths.ts'
import type { Shapes } from './shapes.ts'
import { distinct, Unseen, unseen } from './unseen.ts'
import { createViews, type View } from './views.ts'

export interface World extends Listings {
  view(resource: Resource): View
  /** A type's resources in the place of `from`: its account, and its region where both have one. */
  near(type: string, from: Resource): readonly View[]
  everywhere(type: string): readonly View[]
  /** Those of `near` that have `value` at the path. */
  where(type: string, path: string, value: unknown, from: Resource): readonly View[]
  /** By ARN or short id, in the account of `from`; its own region first. */
  find(type: string, id: string, from: Resource): Optional<View>
}

/** Told of everything unseen that an evaluation runs into, absorbed or not. */
export type Notice = (missing: readonly Missing[]) => void

const isNear = (one: Resource, from: Pick<Resource, 'account' | 'region'>): boolean =>
  one.account === from.account &&
  (one.region === from.region || one.region === GLOBAL || from.region === GLOBAL)

/** A function that remembers what it made for each key. */
function remembered<T>(make: (key: string, ...rest: never[]) => T): typeof make {
  const known = new Map<string, T>()
  return (key, ...rest) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key, ...rest)
    known.set(key, made)
    return made
  }
}

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
  const requireWhole = (missing: readonly Missing[]): void => {
    if (missing.length > 0) refuse(missing)
  }
  const listings = createListings(index, shapes)
  const view = createViews(fillFor, listings.unasked, refuse)
  const idsOf = remembered((type) => indexIds(index.ofType(type)))
  const pathsOf = new Map<string, PathIndex>()
  const lists = new Map<string, readonly View[]>()
  const list = (key: string, of: () => readonly Resource[]): readonly View[] => {
    const made = lists.get(key) ?? of().map(view)
    lists.set(key, made)
    return made
  }
  const along = (type: string, path: string): PathIndex => {
    const key = `${type}|${path}`
    const made = pathsOf.get(key) ?? indexPath(index.ofType(type), path, (one) => view(one).config as Json)
    pathsOf.set(key, made)
    return made
  }
  return {
    ...listings,
    view,
    near: (type, from) => {
      requireWhole(listings.incomplete(type, from.account, from.region))
      const key = `${type}|${from.account}|${from.region}`
      return list(key, () => index.ofType(type).filter((one) => isNear(one, from)))
    },
    everywhere: (type) => {
      requireWhole(listings.blind(type).flatMap((place) => place.missing))
      return list(type, () => index.ofType(type))
    },
    where: (type, path, value, from) => {
      requireWhole(listings.incomplete(type, from.account, from.region))
      const paths = along(type, path)
      requireWhole(paths.unread(from))
      const found = paths.byValue.get(typeof value === 'bigint' ? Number(value) : (value as Json)) ?? []
      return found.filter((one) => isNear(one, from)).map(view)
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

function add<K>(map: Map<K, Resource[]>, key: K, resource: Resource): void {
  const same = map.get(key)
  if (same) same.push(resource)
  else map.set(key, [resource])
}

function indexIds(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const ids = new Map<string, Resource[]>()
  for (const resource of resources) {
    for (const key of new Set([resource.id, shortId(resource.id)])) add(ids, key, resource)
  }
  return ids
}

interface PathIndex {
  readonly byValue: ReadonlyMap<Json, readonly Resource[]>
  /** What hides the value of some resource near here. */
  unread(from: Resource): readonly Missing[]
}

function indexPath(
  resources: readonly Resource[],
  path: string,
  configOf: (resource: Resource) => Json,
): PathIndex {
  const byValue = new Map<Json, Resource[]>()
  const hidden: { resource: Resource; missing: readonly Missing[] }[] = []
  for (const resource of resources) {
    try {
      for (const value of new Set(valuesAt(configOf(resource), path))) add(byValue, value, resource)
    } catch (error) {
      if (!(error instanceof Unseen)) throw error
      hidden.push({ resource, missing: error.missing })
    }
  }
  const unread = remembered((place) => {
    const [account = '', region = ''] = place.split('|')
    return distinct(
      hidden.filter((one) => isNear(one.resource, { account, region })).flatMap((one) => one.missing),
    )
  })
  return { byValue, unread: (from) => unread(`${from.account}|${from.region}`) }
}
