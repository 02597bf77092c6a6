/** From what a resource calls a key to the key itself. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Missing, Resource } from '../../snapshot/model.ts'
import type { Unread } from '../unread.ts'
import { textsAlong } from './mentions.ts'

const KEY = 'AWS::KMS::Key'
const ALIASES = { operation: 'kms:ListAliases', permission: 'kms:ListAliases' }

/** What a name leads to. */
export type Named =
  | { readonly kind: 'key'; readonly key: Resource }
  /** A key that AWS makes when the service first needs it; nobody can disable or delete it. */
  | { readonly kind: 'aws' }
  | { readonly kind: 'none'; readonly account: string; readonly region: string }
  | { readonly kind: 'unseen'; readonly missing: readonly Missing[] }

interface Place {
  readonly account: string
  readonly region: string
  /** `key/…` or `alias/…`. */
  readonly rest: string
}

/** `arn:aws:kms:eu-west-1:123456789012:key/…`, or an id or alias in the place of the resource that names it. */
function placeOf(name: string, from: Resource): Place {
  const [scheme, , , region, account, ...named] = name.split(':')
  if (scheme === 'arn' && region !== undefined && account !== undefined)
    return { account, region, rest: named.join(':') }
  const rest = name.startsWith('alias/') || name.startsWith('key/') ? name : `key/${name}`
  return { account: from.account, region: from.region, rest }
}

export type KeyNames = (name: string, from: Resource) => Named

export function readKeyNames(index: SnapshotIndex, unread: Unread): KeyNames {
  const known = new Map<string, Resource>()
  const unnamed = new Map<string, Missing>()
  for (const key of index.ofType(KEY)) {
    const place = `${key.account}|${key.region}`
    known.set(`${place}|key/${key.id.slice(key.id.lastIndexOf('/') + 1)}`, key)
    for (const alias of textsAlong(key.config, 'Aliases.AliasName')) known.set(`${place}|${alias}`, key)
    const missing = unread.field(key, 'Aliases', ALIASES)
    if (missing) unnamed.set(place, missing)
  }
  const accounts = new Set(index.snapshot.manifest.accounts.map((account) => account.id))
  return (name, from) => {
    const { account, region, rest } = placeOf(name, from)
    const key = known.get(`${account}|${region}|${rest}`)
    if (key) return { kind: 'key', key }
    if (rest.startsWith('alias/aws/')) return { kind: 'aws' }
    if (!accounts.has(account)) {
      const detail = `the key is of account ${account || 'unknown'}, which the snapshot does not hold`
      const operation = 'kms:DescribeKey'
      return {
        kind: 'unseen',
        missing: [{ operation, permission: operation, outcome: 'not-collected', detail }],
      }
    }
    const missing = [...unread.list(KEY, account, region)]
    const alias = unnamed.get(`${account}|${region}`)
    if (alias && rest.startsWith('alias/')) missing.push(alias)
    return missing.length > 0 ? { kind: 'unseen', missing } : { kind: 'none', account, region }
  }
}
