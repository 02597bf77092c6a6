import { defineConfig } from 'vitest/config'

const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }
const common = { testTimeout: 60_000, hookTimeout: 300_000, env }

export default defineConfig({
  test: {
    // What .ci/run counts.
    reporters: ['default', 'json'],
    outputFile: { json: '.cache/tests.json' },
    projects: [
      { test: { ...common, name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'] } },
      {
        // These ask an emulator of the AWS API, which is started and seeded once for all of them.
        test: {
          ...common,
          // Each of many hundred snapshots is judged by every rule, on whatever machine that is.
          testTimeout: 900_000,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/setup.ts'],
        },
      },
    ],
  },
})
