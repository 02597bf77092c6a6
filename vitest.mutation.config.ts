import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const isRandom = ({ moduleId }: TestSpecification): boolean => moduleId.includes('differential')

/** One failure kills a mutant: the small cases, which take no time, are asked first. */
class RandomLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter((file) => !isRandom(file)), ...sorted.filter(isRandom)]
  }
}

/**
 * The tests that mutants of an analysis are held against: `npm run mutate:code`. The random ones make up fewer policies
 * and estates, and those that compare the engine with itself or with another one are left out, so that a mutant takes
 * seconds.
 */
export default defineConfig({
  test: {
    include: [`test/analyze/${process.env['MUTATED_ANALYSIS'] ?? '*'}/**/*.test.ts`],
    exclude: [...configDefaults.exclude, '**/{metamorphic,second-opinion}.test.ts'],
    setupFiles: ['test/analyze/first-failure.ts'],
    sequence: { sequencer: RandomLast },
    testTimeout: 600_000,
    env: { NETWORK_ESTATES: '100', POLICY_RUNS: '100' },
  },
})
