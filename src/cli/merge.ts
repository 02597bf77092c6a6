import { EXIT } from './shared/exit.ts'
import { loadSnapshots, saveSnapshot } from './shared/snapshots.ts'
import { warn } from './shared/streams.ts'

/** `merge`: several snapshots into one. */
export async function run(files: string[], flags: { readonly output: string }): Promise<number> {
  const { manifest, resources } = await loadSnapshots(files)
  await saveSnapshot(flags.output, { manifest, resources })
  warn(`${resources.length} resources of ${manifest.accounts.length} accounts`)
  return EXIT.ok
}
