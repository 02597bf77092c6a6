// Runs a TypeScript script of this folder on every Node that is supported: bundled in memory, packages left outside.
import { mkdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const [name, ...args] = process.argv.slice(2)
const root = fileURLToPath(new URL('..', import.meta.url))
const outfile = `${root}scripts/.built-${name}-${process.pid}.mjs`
mkdirSync(`${root}.cache`, { recursive: true })
await build({
  entryPoints: [`${root}scripts/${name}.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  define: { 'import.meta.url': JSON.stringify(pathToFileURL(`${root}scripts/${name}.ts`).href) },
  logLevel: 'warning',
})
process.argv.splice(1, process.argv.length - 1, outfile, ...args)
try {
  await import(pathToFileURL(outfile).href)
} finally {
  const { rmSync } = await import('node:fs')
  rmSync(outfile, { force: true })
}
