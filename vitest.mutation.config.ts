import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const analysis = process.env['MUTATED_ANALYSIS'] ?? '*'

/** Tests that ask an analysis beside its own: a command that shows it, or another analysis that is built on it. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  network: ['test/cli/reach.test.ts', 'test/rules/network-rules.test.ts'],
  policy: ['test/cli/access.test.ts', 'test/analyze/paths/**/*.test.ts'],
}

const isRandom = ({ moduleId }: TestSpecification): boolean => /differential|second-opinion/.test(moduleId)

/** One failure kills a mutant: the small cases, which take no time, are asked first. */
class RandomLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter((file) => !isRandom(file)), ...sorted.filter(isRandom)]
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
    sequence: { sequencer: RandomLast },
    testTimeout: 600_000,
    env: { NETWORK_ESTATES: '100', POLICY_RUNS: '60' },
  },
})
