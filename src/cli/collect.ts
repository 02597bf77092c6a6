import { plan } from '../collect/plan.ts'
import { UserError } from '../user-error.ts'
import { type CollectFlags, chosenServices, collectLive, split } from './shared/collecting.ts'
import { EXIT } from './shared/exit.ts'
import { checkWritable } from './shared/files.ts'
import { onInterrupt } from './shared/interrupt.ts'
import { gaps, saveSnapshot } from './shared/snapshots.ts'
import { warn, writeStdout } from './shared/streams.ts'

interface Flags extends CollectFlags {
  readonly output?: string
  readonly plan?: boolean
  readonly format?: string
  readonly allowIncomplete?: boolean
}

/** `collect`: what AWS answers now, into a file. */
export async function run(_args: string[], flags: Flags): Promise<number> {
  if (flags.plan) return printPlan(flags)
  const { output } = flags
  if (output === undefined) {
    throw new UserError('collect needs a file to write', {
      next: 'Add -o prod.ndjson, or use --plan to see the calls first.',
    })
  }
  if (output !== '-') await checkWritable(output)
  const interrupt = onInterrupt()
  try {
    const collected = await collectLive(flags, undefined, interrupt.signal)
    await saveSnapshot(output, collected.snapshot)
    const { resources, manifest } = collected.snapshot
    if (collected.interrupted || collected.expired) {
      const journal = `${output === '-' ? 'aws-secaudit' : output}.resume`
      await collected.journal.save(journal)
      warn(
        `${collected.interrupted ? 'interrupted' : 'incomplete'}: ${resources.length} resources are in ${output}; go on with --resume ${journal}`,
      )
      return collected.interrupted ? EXIT.interrupted : incomplete(flags)
    }
    const missed = gaps(collected.snapshot)
    if (!flags.quiet) {
      const regions = manifest.regions.length === 1 ? '1 Region' : `${manifest.regions.length} Regions`
      const calls = manifest.calls.reduce((sum, call) => sum + call.calls, 0)
      warn(`${resources.length} resources of ${regions} by ${calls} calls`)
      for (const line of missed.lines) warn(`not seen: ${line}`)
      if (output !== '-') warn(`next: aws-secaudit audit ${output}`)
    }
    return missed.incomplete ? incomplete(flags) : EXIT.ok
  } finally {
    interrupt.release()
  }
}

const incomplete = (flags: Flags): number => (flags.allowIncomplete ? EXIT.ok : EXIT.incomplete)

async function printPlan(flags: Flags): Promise<number> {
  const regions = split(flags.region).length
  const calls = plan(chosenServices(flags.service), Math.max(regions, 1))
  if (flags.format === 'json') {
    await writeStdout([`${JSON.stringify({ regions: regions || 'every enabled Region', calls }, null, 2)}\n`])
    return EXIT.ok
  }
  const names = calls.map(({ service, operation, variant }) =>
    variant === undefined ? `${service} ${operation}` : `${service} ${operation} (${variant})`,
  )
  const width = Math.max(...names.map((name) => name.length))
  const lines = calls.map((call, at) => `${names[at]?.padEnd(width)}  per ${call.per}`)
  await writeStdout([`${lines.join('\n')}\n\n${calls.length} operations, all of them read only.\n`])
  return EXIT.ok
}
