// Bundles the command: one small entry, each AWS client and each command a chunk that loads only when it is needed.
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

rmSync(`${root}dist`, { recursive: true, force: true })
await build({
  entryPoints: { main: `${root}src/cli/main.ts` },
  outdir: `${root}dist`,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // CommonJS that is imported when it is needed would have lost its names.
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  chunkNames: 'chunks/[name]-[hash]',
  define: { AWS_SECAUDIT_VERSION: JSON.stringify(version) },
  banner: {
    // Packages that are still CommonJS ask for Node's own modules by require.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
