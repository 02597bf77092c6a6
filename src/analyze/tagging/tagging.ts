/** Facts about an account's tags as a whole: which keys and values are in use, how they are spelled, what lacks them. */
import { concealed } from '../../snapshot/credentials.ts'
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { JsonObject, Missing, Resource } from '../../snapshot/model.ts'
import type { Analysis, Fact } from '../analysis.ts'
import { distinctMissing, readUnread, type Unread } from '../unread.ts'
import { isSystemKey, meaningOf } from './spelling.ts'
import { isUsersOwn, items, TAGGABLE, type Taggable } from './taggable.ts'

const ACCOUNT = 'AWS::Account'

/** A key whose values hardly repeat names things, as `Name` does: its values are no categories that could drift. */
const isNaming = (values: number, uses: number): boolean => values > 100 && values * 2 > uses

/** What an account's taggable resources have, as far as it was read. */
interface Tagged {
  readonly resources: readonly Resource[]
  readonly missing: readonly Missing[]
  /** The types of which a list or some tags were not read. */
  readonly partial: ReadonlySet<string>
}

function hiddenTags(resource: Resource, { tags, needs }: Taggable, unread: Unread): readonly Missing[] {
  const asked = needs === undefined ? undefined : unread.field(resource, needs.field, needs)
  if (asked) return [asked]
  const hidden = tags === undefined ? undefined : unread.field(resource, 'Tags', tags)
  const listed = resource.missing?.['Tags'] ?? resource.missing?.['TagSet']
  return hidden ? [hidden] : listed ? [listed] : []
}

const defaultVpcsOf = (index: SnapshotIndex): ReadonlySet<string> =>
  new Set(
    index
      .ofType('AWS::EC2::VPC')
      .filter(({ config }) => config['IsDefault'] === true)
      .map(({ config }) => String(config['VpcId'])),
  )

/** What kept the VPCs of an internet gateway from being seen: one of a default VPC comes with it. */
function hiddenVpcs(
  { type, config, account, region }: Resource,
  index: SnapshotIndex,
  unread: Unread,
): readonly Missing[] {
  if (type !== 'AWS::EC2::InternetGateway') return []
  const attached = items(config, 'Attachments').map((each) => String(each['VpcId']))
  const isSeen = attached.every((vpc) => index.byShortId(vpc) !== undefined)
  return isSeen ? [] : unread.list('AWS::EC2::VPC', account, region)
}

function taggedOf(account: string, index: SnapshotIndex, unread: Unread): Tagged {
  const defaultVpcs = defaultVpcsOf(index)
  const resources: Resource[] = []
  const missing: Missing[] = []
  const partial = new Set<string>()
  for (const [type, taggable] of Object.entries(TAGGABLE)) {
    const hides = (one: Missing): boolean => taggable.optional !== true || one.outcome !== 'not-collected'
    const before = missing.length
    missing.push(...unread.list(type, account, 'global').filter(hides))
    for (const resource of index.ofType(type)) {
      if (resource.account !== account) continue
      const hidden = [...hiddenTags(resource, taggable, unread), ...hiddenVpcs(resource, index, unread)]
      if (hidden.length > 0) missing.push(...hidden.filter(hides))
      else if (isUsersOwn(resource, defaultVpcs)) resources.push(resource)
    }
    if (missing.length > before) partial.add(type)
  }
  return { resources, missing: distinctMissing(missing), partial }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function put<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

const sorted = <V>(map: ReadonlyMap<string, V>): [string, V][] => [...map].sort(([a], [b]) => byText(a, b))

const ownKeys = (resource: Resource): string[] =>
  Object.keys(resource.tags)
    .filter((key) => !isSystemKey(key))
    .sort(byText)

/** By type, the resources that carry the same keys: a handful of sets, however many resources. */
function typesOf({ resources, partial }: Tagged): JsonObject[] {
  const types = new Map<string, Map<string, string[]>>()
  for (const resource of resources) {
    const sets = types.get(resource.type) ?? new Map<string, string[]>()
    types.set(resource.type, sets)
    put(sets, JSON.stringify(ownKeys(resource)), resource.id)
  }
  return sorted(types).map(([type, sets]) => ({
    type,
    whole: !partial.has(type),
    count: [...sets.values()].reduce((sum, ids) => sum + ids.length, 0),
    sets: sorted(sets).map(([keys, ids]) => ({ keys: JSON.parse(keys) as string[], resources: ids })),
  }))
}

function keysOf(resources: readonly Resource[]): JsonObject[] {
  const keys = new Map<string, string[]>()
  for (const resource of resources) for (const key of ownKeys(resource)) put(keys, key, resource.id)
  return sorted(keys).map(([key, ids]) => ({
    key,
    meaning: meaningOf(key),
    count: ids.length,
    resources: ids,
  }))
}

function valuesOf(resources: readonly Resource[]): JsonObject[] {
  const keys = new Map<string, Map<string, string[]>>()
  for (const resource of resources) {
    for (const key of ownKeys(resource)) {
      const values = keys.get(key) ?? new Map<string, string[]>()
      keys.set(key, values)
      put(values, resource.tags[key] ?? '', resource.id)
    }
  }
  return sorted(keys).flatMap(([key, values]) => {
    const uses = [...values.values()].reduce((sum, ids) => sum + ids.length, 0)
    if (isNaming(values.size, uses)) return []
    return sorted(values).map(([value, ids]) => {
      const shown = (concealed({ [key]: value }) as Record<string, string>)[key] ?? ''
      return { key, value: shown, meaning: meaningOf(shown), count: ids.length, resources: ids }
    })
  })
}

function factOf(account: string, index: SnapshotIndex, unread: Unread): Fact {
  const tagged = taggedOf(account, index, unread)
  const { resources, missing } = tagged
  const known = { types: typesOf(tagged), keys: keysOf(resources), values: valuesOf(resources) }
  if (missing.length === 0) return { known: { ...known, complete: true } }
  return { known, unseen: { complete: missing } }
}

/**
 * How an account tags: of its own taggable resources (not AWS's, not those that come with a VPC), all Regions together.
 *
 * `types`: by type, which sets of keys its resources carry, and whether all of them were read. `keys` and `values`: each spelling in use, what it means when
 * case, separators and number are left aside, and where it is. `complete`: true when every list and every tag was read;
 * what was read stands in the others either way. Keys that AWS writes (`aws:`) and values that look like credentials
 * are left out.
 * @see Tagging AWS Resources User Guide, "Best practices and strategies"
 */
export const tagging: Analysis = {
  name: 'tagging',
  shapes: {
    [ACCOUNT]: {
      types: ['list', ['struct', 'tagging.Type']],
      keys: ['list', ['struct', 'tagging.Key']],
      values: ['list', ['struct', 'tagging.Value']],
      complete: 'bool',
    },
  },
  structs: {
    'tagging.Type': {
      type: 'string',
      whole: 'bool',
      count: 'int',
      sets: ['list', ['struct', 'tagging.Set']],
    },
    'tagging.Set': { keys: ['list', 'string'], resources: ['list', 'string'] },
    'tagging.Key': { key: 'string', meaning: 'string', count: 'int', resources: ['list', 'string'] },
    'tagging.Value': {
      key: 'string',
      value: 'string',
      meaning: 'string',
      count: 'int',
      resources: ['list', 'string'],
    },
  },
  operations: [
    ...new Set(
      Object.values(TAGGABLE).flatMap(({ lists, tags, needs }) => [
        ...lists,
        ...(tags ? [tags.operation] : []),
        ...(needs ? [needs.operation] : []),
      ]),
    ),
  ],
  prepare: (index) => {
    const unread = readUnread(index)
    return (resource) => factOf(resource.account, index, unread)
  },
}
