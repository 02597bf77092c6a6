/** Snapshot files in and out. */
import { mergeSnapshots } from '../../snapshot/merge.ts'
import type { Snapshot } from '../../snapshot/model.ts'
import { type ReadSnapshot, readSnapshot } from '../../snapshot/read.ts'
import { digest, serialize } from '../../snapshot/write.ts'
import { readBytes, writeWhole } from './files.ts'
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

export async function saveSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  if (file === '-') await writeStdout(serialize(snapshot))
  else await writeWhole(file, serialize(snapshot))
}

/** `3 of 1,204 calls could not be answered` in the ledger's words, or nothing. */
export function gaps(snapshot: Snapshot): string[] {
  const bad = new Set(['denied', 'throttled', 'error', 'interrupted'])
  const lines = new Map<string, Set<string>>()
  for (const call of snapshot.manifest.calls) {
    if (!bad.has(call.outcome) || call.because) continue
    const key = `${call.outcome}: ${call.permission}`
    const places = lines.get(key) ?? new Set()
    places.add(call.region)
    lines.set(key, places)
  }
  return [...lines].map(([key, places]) => `${key} (${[...places].join(', ')})`).sort()
}
