/** What an analysis could not see: lists that are not whole, and fields that a call failed to answer or nobody asked for. */
import type { SnapshotIndex } from '../snapshot/index.ts'
import type { Missing, Resource } from '../snapshot/model.ts'

const GLOBAL = 'global'

/** An operation by its API's name, `s3:GetBucketEncryption`, and the permission that it needs. */
export interface Operation {
  readonly operation: string
  readonly permission: string
}

/** Each reason once, however often it was met. */
export function distinctMissing(missing: readonly Missing[]): readonly Missing[] {
  const seen = new Map<string, Missing>()
  for (const one of missing) {
    const key = `${one.operation}|${one.outcome}|${one.permission}|${one.detail ?? ''}`
    if (!seen.has(key)) seen.set(key, one)
  }
  return [...seen.values()]
}

export interface Unread {
  /** What keeps a type's list from being whole in one Region, or, where it is `global`, in every one of the account. */
  list(type: string, account: string, region: string): readonly Missing[]
  /** Why a field is not there: its call failed, or was never made in that account. Undefined: its absence is AWS's answer. */
  field(resource: Resource, field: string, by: Operation): Missing | undefined
}

export function readUnread(index: SnapshotIndex): Unread {
  const asked = new Set<string>()
  for (const call of index.snapshot.manifest.calls)
    asked.add(`${call.account}|${call.operation}|${call.permission}`)
  const regions = new Map<string, string[]>()
  for (const { account, region } of index.scopes()) {
    if (region === GLOBAL) continue
    const known = regions.get(account)
    if (known) known.push(region)
    else regions.set(account, [region])
  }
  return {
    list: (type, account, region) => {
      const places = region === GLOBAL ? (regions.get(account) ?? [GLOBAL]) : [region]
      return distinctMissing(places.flatMap((place) => index.list(type, account, place).missing))
    },
    field: (resource, field, { operation, permission }) => {
      const missing = resource.missing
      if (missing !== undefined && Object.hasOwn(missing, field)) return missing[field]
      if (Object.hasOwn(resource.config, field)) return undefined
      const api = operation.slice(operation.indexOf(':') + 1)
      if (asked.has(`${resource.account}|${api}|${permission}`)) return undefined
      return { operation, permission, outcome: 'not-collected' }
    },
  }
}
