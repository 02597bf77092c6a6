/** Facts about KMS keys: which resource is encrypted with which key, and which keys nothing names. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { JsonObject, Missing, Resource } from '../../snapshot/model.ts'
import type { Analysis, Fact } from '../analysis.ts'
import { distinctMissing, readUnread, type Unread } from '../unread.ts'
import { type KeyNames, readKeyNames } from './key-names.ts'
import { answeredOf, MENTIONERS, type Mention, type Mentioner, snapshotsOf } from './mentions.ts'

const KEY = 'AWS::KMS::Key'
const IMAGE = 'AWS::EC2::Image'
const DESCRIBE = { operation: 'kms:DescribeKey', permission: 'kms:DescribeKey' }

/** An image names keys of its own and those of its snapshots. */
function mentionsOf(resource: Resource, index: SnapshotIndex): readonly Mention[] {
  const own = MENTIONERS[resource.type]?.mentions(resource.config) ?? []
  if (resource.type !== IMAGE) return own
  const snapshots = snapshotsOf(resource).flatMap((id) => {
    const snapshot = index.byShortId(id)
    const key = snapshot?.config['KmsKeyId']
    return snapshot?.type === 'AWS::EC2::Snapshot' && typeof key === 'string'
      ? [{ field: 'BlockDeviceMappings', value: key }]
      : []
  })
  return [...own, ...snapshots]
}

/** By the key's ARN, the ids of what names it. */
function usersOf(index: SnapshotIndex, names: KeyNames): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>()
  for (const type of Object.keys(MENTIONERS)) {
    for (const resource of index.ofType(type)) {
      for (const { value } of mentionsOf(resource, index)) {
        const named = names(value, resource)
        if (named.kind !== 'key') continue
        const known = users.get(named.key.id)
        if (known) known.add(resource.id)
        else users.set(named.key.id, new Set([resource.id]))
      }
    }
  }
  return users
}

/** Whether something unread may hide a user: not what a snapshot left out that may do without. */
const hides =
  (mentioner: Mentioner | undefined) =>
  ({ outcome }: Missing): boolean =>
    mentioner?.optional !== true || outcome !== 'not-collected'

/** What of an account and Region could hold a user of a key there and was not read; replicas name keys of other Regions. */
function blindSpots(index: SnapshotIndex, unread: Unread): (key: Resource) => readonly Missing[] {
  const known = new Map<string, readonly Missing[]>()
  const withFields = Object.entries(MENTIONERS).flatMap(([type, { fields }]) =>
    fields.length > 0 ? index.ofType(type) : [],
  )
  const find = ({ account, region }: Resource): readonly Missing[] =>
    distinctMissing([
      ...Object.entries(MENTIONERS).flatMap(([type, mentioner]) =>
        unread.list(type, account, region).filter(hides(mentioner)),
      ),
      ...withFields
        .filter((one) => one.account === account)
        .flatMap((one) =>
          answeredOf(one)
            .filter(({ field }) => one.region === region || field === 'Replication')
            .flatMap((by) => unread.field(one, by.field, by) ?? [])
            .filter(hides(MENTIONERS[one.type])),
        ),
    ])
  return (key) => {
    const place = `${key.account}|${key.region}`
    const made = known.get(place) ?? find(key)
    known.set(place, made)
    return made
  }
}

interface Reference extends JsonObject {
  readonly field: string
  readonly value: string
  readonly key: string
  readonly state: string
  readonly manager: string
  readonly region: string
}

/** The state of a named key: KMS's own, `NotFound`, or `Enabled` for a key that AWS has yet to make. */
function referenceTo(
  { field, value }: Mention,
  from: Resource,
  names: KeyNames,
  unread: Unread,
): Reference | readonly Missing[] {
  const named = names(value, from)
  const empty = { field, value, key: '', state: 'NotFound', manager: '', region: from.region }
  if (named.kind === 'unseen') return named.missing
  if (named.kind === 'none') return { ...empty, region: named.region }
  if (named.kind === 'aws') return { ...empty, state: 'Enabled', manager: 'AWS' }
  const missing = unread.field(named.key, 'KeyMetadata', DESCRIBE)
  if (missing) return [missing]
  const metadata = (named.key.config['KeyMetadata'] ?? {}) as JsonObject
  const text = (name: string): string => (typeof metadata[name] === 'string' ? metadata[name] : '')
  return {
    field,
    value,
    key: named.key.id,
    state: text('KeyState'),
    manager: text('KeyManager'),
    region: named.key.region,
  }
}

function factOfUser(resource: Resource, index: SnapshotIndex, names: KeyNames, unread: Unread): Fact {
  const hidden: Missing[] = answeredOf(resource).flatMap((by) => unread.field(resource, by.field, by) ?? [])
  const references: Reference[] = []
  for (const mention of mentionsOf(resource, index)) {
    const found = referenceTo(mention, resource, names, unread)
    if ('state' in found) references.push(found)
    else hidden.push(...found)
  }
  if (hidden.length === 0) return { known: { references, complete: true } }
  return { known: { references }, unseen: { complete: distinctMissing(hidden) } }
}

const REFERENCES = {
  references: ['list', ['struct', 'keys.Reference']],
  complete: 'bool',
} as const

/**
 * Which resource is encrypted with which key.
 *
 * Of a key: `usedBy`, the ids of what names it, sorted, and `complete`, true when everything that may name it was read.
 * Of a resource that may name keys: `references`, the keys that it names as far as they could be followed, and
 * `complete`. Ids, ARNs, aliases and aliases' ARNs are followed; an image is encrypted with its snapshots' keys.
 * @see KMS Developer Guide, "Key identifiers (KeyId)" and "Key states of AWS KMS keys"
 */
export const keys: Analysis = {
  name: 'keys',
  shapes: {
    [KEY]: { usedBy: ['list', 'string'], complete: 'bool' },
    ...Object.fromEntries(Object.keys(MENTIONERS).map((type) => [type, REFERENCES])),
  },
  structs: {
    'keys.Reference': {
      field: 'string',
      value: 'string',
      key: 'string',
      state: 'string',
      manager: 'string',
      region: 'string',
    },
  },
  operations: [
    'kms:ListKeys',
    'kms:DescribeKey',
    'kms:ListAliases',
    ...Object.values(MENTIONERS).flatMap(({ lists, fields }) => [
      ...lists,
      ...fields.map(({ operation }) => operation),
    ]),
  ],
  prepare: (index) => {
    const unread = readUnread(index)
    const names = readKeyNames(index, unread)
    const blind = blindSpots(index, unread)
    let users: ReturnType<typeof usersOf> | undefined
    return (resource) => {
      if (resource.type !== KEY) return factOfUser(resource, index, names, unread)
      users ??= usersOf(index, names)
      const usedBy = [...(users.get(resource.id) ?? [])].sort()
      const missing = blind(resource)
      if (missing.length === 0) return { known: { usedBy, complete: true } }
      return { known: { usedBy }, unseen: { complete: missing } }
    }
  },
}
