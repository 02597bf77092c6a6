import { services } from '../collect/index.ts'
import { assemble } from '../snapshot/assemble.ts'
import { openRawFolder } from '../snapshot/import.ts'
import type { Snapshot } from '../snapshot/model.ts'
import { SCHEMA_VERSION } from '../snapshot/write.ts'
import { EXIT } from './shared/exit.ts'
import { openFolder } from './shared/files.ts'
import { shapes } from './shared/shapes.ts'
import { saveSnapshot } from './shared/snapshots.ts'
import { warn } from './shared/streams.ts'
import { TOOL } from './shared/version.ts'

interface Flags {
  readonly output: string
  readonly skipBad?: boolean
  readonly now?: string
  readonly quiet?: boolean
}

/** `import`: a folder of raw answers into a snapshot. */
export async function run([dir = '.']: string[], flags: Flags): Promise<number> {
  const skipped: string[] = []
  const source = await openRawFolder(await openFolder(dir), services, {
    ...(flags.skipBad ? { skipBad: true } : {}),
    onSkip: (path, why) => skipped.push(`left out ${path}: ${why}`),
  })
  const { resources, calls } = await assemble({
    services,
    places: source.places,
    answers: source.answers,
    shapes,
  })
  const time = flags.now ?? source.time ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const regions = [...new Set(source.places.map((place) => place.region))].filter(
    (region) => region !== 'global',
  )
  const snapshot: Snapshot = {
    manifest: {
      schemaVersion: SCHEMA_VERSION,
      tool: TOOL,
      time,
      partition: source.places.find((place) => place.partition !== 'aws')?.partition ?? 'aws',
      accounts: [...new Set(source.places.map((place) => place.account))].sort().map((id) => ({ id })),
      regions: regions.sort(),
      calls,
    },
    resources,
  }
  await saveSnapshot(flags.output, snapshot)
  if (!flags.quiet) {
    for (const line of skipped) warn(line)
    for (const path of source.unread.slice(0, 10))
      warn(`not read: ${path} (no collector reads this operation)`)
    if (source.unread.length > 10) warn(`not read: ${source.unread.length - 10} more`)
    warn(
      `${resources.length} resources${flags.output === '-' ? '' : `; next: aws-secaudit audit ${flags.output}`}`,
    )
  }
  return EXIT.ok
}
