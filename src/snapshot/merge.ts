/** Several snapshots as one: of other accounts, other regions, or the same place at another time (the newest wins). */
import { inOrder } from './assemble.ts'
import type { CallRecord, Manifest, Resource, Snapshot } from './model.ts'
import { SCHEMA_VERSION } from './write.ts'

const place = (of: { account: string; region: string }): string => `${of.account}|${of.region}`

/** @param snapshots at least one; its first names the tool and the partition */
export function mergeSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  const newestFirst = [...snapshots].sort((a, b) => (a.manifest.time < b.manifest.time ? 1 : -1))
  const [newest] = newestFirst
  if (!newest) throw new RangeError('mergeSnapshots needs at least one snapshot')
  if (snapshots.length === 1) return newest
  const resources: Resource[] = []
  const calls: CallRecord[] = []
  const accounts = new Map<string, Manifest['accounts'][number]>()
  const called = new Set<string>()
  const listed = new Set<string>()
  for (const { manifest, resources: own } of newestFirst) {
    // What a newer snapshot listed is taken from that one whole: an older file must not bring the deleted back.
    const isListed = (of: Resource): boolean =>
      listed.has(`${place(of)}|${of.type}`) || listed.has(`${of.account}|global|${of.type}`)
    resources.push(...own.filter((resource) => !isListed(resource)))
    const older = manifest.calls.filter((call) => !called.has(callKey(call)))
    calls.push(...older)
    for (const call of older) {
      called.add(callKey(call))
      for (const type of call.lists ?? []) listed.add(`${place(call)}|${type}`)
    }
    for (const account of manifest.accounts) if (!accounts.has(account.id)) accounts.set(account.id, account)
  }
  const manifest: Manifest = {
    schemaVersion: SCHEMA_VERSION,
    tool: newest.manifest.tool,
    time: newest.manifest.time,
    partition: newest.manifest.partition,
    accounts: [...accounts.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    regions: [...new Set(snapshots.flatMap((each) => each.manifest.regions))].sort(),
    calls: calls.sort((a, b) => (callKey(a) < callKey(b) ? -1 : 1)),
  }
  return { manifest, resources: resources.sort(inOrder) }
}

const callKey = (call: CallRecord): string => `${place(call)}|${call.service}|${call.operation}`
