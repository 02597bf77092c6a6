/** What the tests know of the seeded estate: where it is, when it is, and what stands in for what the emulator lacks. */
import { fileURLToPath } from 'node:url'
import { services } from '../../src/collect/index.ts'
import type { Call } from './operation-of.ts'
import type { ProxyOptions, Recorded } from './proxy.ts'
import { type RecordingOptions, Recordings } from './recordings.ts'

export const ACCOUNT = '123456789012'
/** Another's account that the audits are told to trust. */
export const PARTNER = '111122223333'
/** The time of the estate, as estate/aws.py has it. */
export const NOW = '2026-11-01T06:00:00Z'
/** The emulator holds two of them; the third is all recorded. */
export const REGIONS: readonly string[] = ['eu-central-1', 'eu-west-1', 'us-east-1']
export const RECORDED = fileURLToPath(new URL('../../fixtures/recorded/', import.meta.url))

/** Answers in AWS's documented shapes for what the emulator does not answer. */
export async function estateRecordings(): Promise<(call: Call) => Recorded | undefined> {
  return answersIn(RECORDED)
}

/** A folder of raw answers as an AWS of its own. */
export async function answersIn(
  folder: string,
  options: RecordingOptions = {},
): Promise<(call: Call) => Recorded | undefined> {
  const recordings = await Recordings.open(folder, services, options)
  return (call) => recordings.answer(call)
}

/** The whole estate from the answers that were recorded of it, which is faster than the emulator. */
export async function replayed(answers: string, emulator: string): Promise<ProxyOptions> {
  const recorded = await answersIn(answers)
  // Who asks is in no recording.
  return { upstream: emulator, recorded: (call) => (call.service === 'sts' ? undefined : recorded(call)) }
}
