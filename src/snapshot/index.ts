/** Look-ups over a snapshot, built once, each O(1). */
import type { CallRecord, Listing, Missing, Resource, Snapshot } from './model.ts'

/** Which operation lists a resource type, so that one that was never called can be named. */
export type ListedBy = (type: string) => { readonly operation: string; readonly permission: string }[]

export interface SnapshotIndex {
  readonly snapshot: Snapshot
  /** By ARN. */
  byId(id: string): Resource | undefined
  /** By AWS's own short id, `vpc-…`, `i-…`: the last part of the ARN. The first in the file's order where several share it. */
  byShortId(shortId: string): Resource | undefined
  /** Every resource of a type, in the snapshot's order, from all accounts and regions. */
  ofType(type: string): readonly Resource[]
  /** A type's resources in one account and region, and what kept the list from being whole. */
  list(type: string, account: string, region: string): Listing
  /** Every (account, region) that some call was made in or some resource lies in; `global` included. */
  scopes(): readonly { readonly account: string; readonly region: string }[]
}

const ANSWERS: ReadonlySet<string> = new Set(['ok', 'not-enabled', 'region-disabled', 'unsupported'])

/** The part of an ARN after its last `/` or `:`. */
export function shortId(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1)
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function missingOf(call: CallRecord): Missing {
  const name = call.permission.split(':')[0] ?? call.service
  return {
    operation: call.because?.operation ?? `${name}:${call.operation}`,
    outcome: call.outcome,
    permission: call.because?.permission ?? call.permission,
    ...(call.detail === undefined ? {} : { detail: call.detail }),
  }
}

export function indexSnapshot(snapshot: Snapshot, listedBy: ListedBy = () => []): SnapshotIndex {
  const byId = new Map<string, Resource>()
  const byShort = new Map<string, Resource>()
  const byType = new Map<string, Resource[]>()
  const byPlace = new Map<string, Resource[]>()
  const calls = new Map<string, CallRecord[]>()
  const scopes = new Map<string, { account: string; region: string }>()
  for (const resource of snapshot.resources) {
    byId.set(resource.id, resource)
    const short = shortId(resource.id)
    if (!byShort.has(short)) byShort.set(short, resource)
    push(byType, resource.type, resource)
    push(byPlace, `${resource.type}|${resource.account}|${resource.region}`, resource)
    scopes.set(`${resource.account}|${resource.region}`, {
      account: resource.account,
      region: resource.region,
    })
  }
  for (const call of snapshot.manifest.calls) {
    for (const type of call.lists ?? []) push(calls, `${type}|${call.account}|${call.region}`, call)
    scopes.set(`${call.account}|${call.region}`, { account: call.account, region: call.region })
  }
  const listings = new Map<string, Listing>()
  const list = (type: string, account: string, region: string): Listing => {
    const key = `${type}|${account}|${region}`
    const known = listings.get(key)
    if (known) return known
    // Buckets are listed once an account and lie in their regions.
    const made = calls.get(key) ?? calls.get(`${type}|${account}|global`)
    const missing: Missing[] = made
      ? made.filter((call) => !ANSWERS.has(call.outcome)).map(missingOf)
      : listedBy(type).map((op) => ({ ...op, outcome: 'not-collected' as const }))
    const listing: Listing = { resources: byPlace.get(key) ?? [], missing }
    listings.set(key, listing)
    return listing
  }
  return {
    snapshot,
    byId: (id) => byId.get(id),
    byShortId: (id) => byShort.get(id),
    ofType: (type) => byType.get(type) ?? [],
    list,
    scopes: () => [...scopes.values()],
  }
}
