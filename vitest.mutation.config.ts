import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const analysis = process.env['MUTATED_ANALYSIS'] ?? '*'

/** Tests that ask an analysis beside its own: a command that shows it, or another analysis that is built on it. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  network: ['test/cli/reach.test.ts', 'test/rules/network-rules.test.ts'],
  policy: ['test/cli/access.test.ts', 'test/analyze/paths/**/*.test.ts'],
}

/** Random tests, and those that run everything for each case, take seconds: the others are asked before them. */
const SLOW = [/differential|second-opinion|hidden/, /\/cli\/|\/rules\/|\/paths\/|whole-answers|\bfacts\.test/]

/** How late a file is run, 0 to 2: one failure kills a mutant, so the small cases, which take no time, are asked first. */
function latenessOf({ moduleId }: TestSpecification): number {
  const [slowest, slow] = SLOW
  if (slowest?.test(moduleId)) return 2
  return slow?.test(moduleId) ? 1 : 0
}

class SlowLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => latenessOf(one) - latenessOf(other))
  }
}

/**
 * The tests that mutants of an analysis are held against: `npm run mutate:code`. The random ones make up fewer policies
 * and estates, so that a mutant takes seconds. Those that compare an engine with itself are left out: they take long, or
 * compute one side while they are loaded, before a mutant is put in.
 */
export default defineConfig({
  test: {
    include: [`test/analyze/${analysis}/**/*.test.ts`, ...(MORE[analysis] ?? [])],
    exclude: [...configDefaults.exclude, '**/metamorphic.test.ts'],
    setupFiles: ['test/analyze/first-failure.ts'],
    sequence: { sequencer: SlowLast },
    testTimeout: 600_000,
    env: { NETWORK_ESTATES: '100', POLICY_RUNS: '60' },
  },
})
