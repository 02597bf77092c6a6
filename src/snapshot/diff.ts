/** What changed between two snapshots: resources that came, went or are set otherwise, field by field. */
import type { CallRecord, Json, JsonObject, Resource, Snapshot } from './model.ts'

export interface FieldChange {
  /** `config.IpPermissions[2].FromPort`, `tags.Owner`. */
  readonly path: string
  /** Absent where the field came. */
  readonly before?: Json
  /** Absent where the field went. */
  readonly after?: Json
}

type Subject = Pick<Resource, 'id' | 'type' | 'account' | 'region' | 'name'>

export interface ResourceDiff {
  readonly added: readonly Subject[]
  readonly removed: readonly Subject[]
  readonly changed: readonly (Subject & { readonly changes: readonly FieldChange[] })[]
  /** Resources, or fields of one, that the later snapshot does not tell of: nobody knows whether they changed. */
  readonly notRescanned: readonly (Subject & { readonly reason: string })[]
}

const ANSWERS: ReadonlySet<string> = new Set(['ok', 'not-enabled', 'region-disabled', 'unsupported'])
const keyOf = ({ account, type, id }: Resource): string => `${account}|${type}|${id}`

const subject = ({ id, type, account, region, name }: Resource): Subject => ({
  id,
  type,
  account,
  region,
  ...(name === undefined ? {} : { name }),
})

export function diffResources(before: Snapshot, after: Snapshot): ResourceDiff {
  const old = new Map(before.resources.map((resource) => [keyOf(resource), resource]))
  const now = new Map(after.resources.map((resource) => [keyOf(resource), resource]))
  const unseen = unseenIn(after.manifest.calls)
  const added = after.resources.filter((resource) => !old.has(keyOf(resource)))
  const removed: Subject[] = []
  const notRescanned: (Subject & { reason: string })[] = []
  const changed: (Subject & { changes: readonly FieldChange[] })[] = []
  for (const resource of before.resources) {
    const later = now.get(keyOf(resource))
    if (later === undefined) {
      const reason = unseen(resource)
      if (reason === undefined) removed.push(subject(resource))
      else notRescanned.push({ ...subject(resource), reason })
      continue
    }
    const blind = Object.entries(later.missing ?? {}).filter(([field]) =>
      Object.hasOwn(resource.config, field),
    )
    for (const [field, missing] of blind)
      notRescanned.push({ ...subject(later), reason: `${field}: ${missing.operation} ${missing.outcome}` })
    const changes = changesOf(resource, later)
    if (changes.length > 0) changed.push({ ...subject(later), changes })
  }
  return { added: added.map(subject), removed, changed, notRescanned }
}

/** Why a resource may be missing from the later snapshot without having been deleted. */
function unseenIn(calls: readonly CallRecord[]): (resource: Resource) => string | undefined {
  const listed = new Map<string, CallRecord[]>()
  for (const call of calls) {
    for (const type of call.lists ?? []) {
      const key = `${type}|${call.account}|${call.region}`
      listed.set(key, [...(listed.get(key) ?? []), call])
    }
  }
  return ({ type, account, region }) => {
    const made = listed.get(`${type}|${account}|${region}`) ?? listed.get(`${type}|${account}|global`)
    if (made === undefined) return 'its list was not read'
    const failed = made.find((call) => !ANSWERS.has(call.outcome))
    return failed && `${failed.permission} ${failed.outcome}`
  }
}

function changesOf(before: Resource, after: Resource): FieldChange[] {
  const hidden = (of: Resource, field: string): boolean =>
    of.missing !== undefined && Object.hasOwn(of.missing, field)
  const known = (of: Resource): JsonObject =>
    Object.fromEntries(
      Object.entries(of.config).filter(([field]) => !hidden(before, field) && !hidden(after, field)),
    )
  // Tags stand in `config` too, under each API's own spelling: they are told once.
  const without = ({ Tags: _a, TagSet: _b, tags: _c, TagList: _d, ...rest }: JsonObject): JsonObject => rest
  return [
    ...compare('tags', { ...before.tags }, { ...after.tags }),
    ...compare('config', without(known(before)), without(known(after))),
  ]
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Lists by their place: where one element went, those behind it would all differ, so equal ends are left out first. */
function compare(path: string, before: Json | undefined, after: Json | undefined): FieldChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    return keys.flatMap((key) => compare(`${path}.${key}`, own(before, key), own(after, key)))
  }
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(path, before, after)
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }]
}

const own = (of: JsonObject, key: string): Json | undefined => (Object.hasOwn(of, key) ? of[key] : undefined)

function compareLists(path: string, before: readonly Json[], after: readonly Json[]): FieldChange[] {
  const went = without(before, after)
  const came = without(after, before)
  if (went.length === 1 && came.length === 1) return compare(`${path}[]`, went[0], came[0])
  return [
    ...went.map((value) => ({ path: `${path}[]`, before: value })),
    ...came.map((value) => ({ path: `${path}[]`, after: value })),
  ]
}

/** The elements of one list that the other does not have, each as often as it lacks them. */
function without(list: readonly Json[], other: readonly Json[]): Json[] {
  const left = new Map<string, number>()
  for (const value of other) left.set(JSON.stringify(value), (left.get(JSON.stringify(value)) ?? 0) + 1)
  return list.filter((value) => {
    const key = JSON.stringify(value)
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count <= 0
  })
}
