// Bundles the command: one small entry, each AWS client and each command a chunk that loads only when it is needed.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

// What may be given on inside our own package.
const LICENCES = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
])

// Made beside the old one and put in its place when it is whole: what runs meanwhile finds either.
const made = `${root}.cache/dist-${process.pid}`
mkdirSync(made, { recursive: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: `${root}src/cli/main.ts` },
  outdir: made,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // CommonJS that is imported when it is needed would have lost its names.
  mainFields: ['module', 'main'],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  chunkNames: 'chunks/[name]-[hash]',
  define: { AWS_SECAUDIT_VERSION: JSON.stringify(version) },
  banner: {
    // Packages that are still CommonJS ask for Node's own modules by require.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
writeFileSync(`${made}/LICENSES.txt`, licences(metafile))
execFileSync(process.execPath, [`${root}scripts/run.mjs`, 'compile-rules', made], { stdio: 'inherit' })
rmSync(`${root}dist`, { recursive: true, force: true })
renameSync(made, `${root}dist`)

/** The licences of everything that went into the bundle, which have to go along with it. */
function licences({ inputs }) {
  const folders = new Set()
  for (const input of Object.keys(inputs)) {
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]
    if (folder) folders.add(folder)
  }
  const parts = [...folders].sort().map((folder) => {
    const { name, version: of, license } = JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8'))
    if (!LICENCES.has(license)) throw new Error(`${name} has the licence ${license}: it can't be bundled`)
    const file = readdirSync(`${root}${folder}`).find((each) => /^licen[cs]e/i.test(each))
    const text = file === undefined ? '' : `\n${readFileSync(`${root}${folder}/${file}`, 'utf8').trim()}\n`
    return `${name} ${of}: ${license}\n${text}`
  })
  return `aws-secaudit contains these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`
}
