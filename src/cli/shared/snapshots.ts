/** Snapshot files in and out. */
import { indexSnapshot, type SnapshotIndex } from '../../snapshot/index.ts'
import { mergeSnapshots } from '../../snapshot/merge.ts'
import type { CallRecord, Snapshot } from '../../snapshot/model.ts'
import { type ReadSnapshot, readSnapshot } from '../../snapshot/read.ts'
import { digest, serialize } from '../../snapshot/write.ts'
import { readBytes, writeWhole } from './files.ts'
import { shapes } from './shapes.ts'
import { writeStdout } from './streams.ts'

/** One or several files as one snapshot. */
export async function loadSnapshots(
  files: readonly string[],
  options: { allowCut?: boolean } = {},
): Promise<ReadSnapshot> {
  const read: ReadSnapshot[] = []
  for (const file of files) {
    const bytes = await readBytes(file, 'snapshot')
    read.push(readSnapshot(bytes, { file, ...(options.allowCut ? { allowCut: true } : {}) }))
  }
  const [first] = read
  if (first && read.length === 1) return first
  const merged = mergeSnapshots(read)
  return { ...merged, sha256: digest(merged) }
}

/** Look-ups over a snapshot; the types that nobody listed are known by the collectors' declarations. */
export const indexOf = (snapshot: Snapshot): SnapshotIndex =>
  indexSnapshot(snapshot, (type) =>
    (shapes.types[type]?.operations ?? []).flatMap((op) =>
      op.lists ? [{ operation: op.operation, permission: op.permission }] : [],
    ),
  )

export async function saveSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  if (file === '-') await writeStdout(serialize(snapshot))
  else await writeWhole(file, serialize(snapshot))
}

export interface Gaps {
  /** `denied: kms:ListKeys (eu-west-1, us-east-1)`, a line for each permission. */
  readonly lines: readonly string[]
  /** False where all that is lacking is what AWS answers only to an organization's management account. */
  readonly incomplete: boolean
}

/** What was asked and could not be seen, in the ledger's words. */
export function gaps(snapshot: Snapshot): Gaps {
  const { calls, regions } = snapshot.manifest
  const bad = new Set(['denied', 'throttled', 'error', 'interrupted'])
  const seen = calls.filter((call) => bad.has(call.outcome) && !call.because)
  const isElsewhere = (call: CallRecord): boolean => call.reserved === true && call.outcome === 'denied'
  const places = new Map<string, Set<string>>()
  for (const call of seen) {
    const note = isElsewhere(call) ? "; AWS answers it only to an organization's management account" : ''
    const key = `${call.outcome}: ${call.permission}${note}`
    places.set(key, (places.get(key) ?? new Set()).add(call.region))
  }
  const where = (of: ReadonlySet<string>): string =>
    of.size > 3 && of.size === regions.length ? `every one of ${of.size} Regions` : [...of].join(', ')
  return {
    lines: [...places].map(([key, of]) => `${key} (${where(of)})`).sort(),
    incomplete: !seen.every(isElsewhere),
  }
}
