/**
 * Mutants of the analyses' code against the tests of the analysis: `npm run mutate:code [ANALYSIS…] [-- --share S --part N]`.
 * Stryker changes one thing at a time; a mutant is killed when a test fails or never ends. Of the two big analyses, whose
 * mutants would take a night, a sample is tried: mutants are dealt into parts of the share each, by what they are and not
 * by where they stand, and `--part` takes another one than the first. What does not compile is no mutant: nobody could
 * have written it. Writes the figures into docs/mutation.md. Exits 1 where an analysis is under the share that is meant.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'

const LEAST = 0.85

/** The share of each analysis's mutants that is tried unless the command says otherwise. */
const SHARES: Readonly<Record<string, number>> = {
  keys: 1,
  network: 0.03,
  patching: 1,
  paths: 1,
  policy: 0.03,
  tagging: 1,
}

interface Figures {
  readonly analysis: string
  readonly share: number
  readonly part: number
  readonly killed: number
  readonly survived: number
  /** Mutants of code that no test runs. */
  readonly uncovered: number
}

const triedOf = ({ killed, survived, uncovered }: Figures): number => killed + survived + uncovered
const shareKilled = (figures: Figures): number =>
  triedOf(figures) === 0 ? 1 : figures.killed / triedOf(figures)
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

async function figuresOf(analysis: string, share: number, part: number): Promise<Figures> {
  // Where vitest.mutation.config.ts, which other processes read, learns it.
  process.env['MUTATED_ANALYSIS'] = analysis
  const found = await new Stryker({
    mutate: [`src/analyze/${analysis}/**/*.ts`],
    jsonReporter: { fileName: `.cache/mutants-${analysis}.json` },
    checkers: ['sample', 'typescript'],
    sample: { share, part },
  }).runMutationTest()
  const count = (...statuses: readonly string[]): number =>
    found.filter((mutant) => statuses.includes(mutant.status)).length
  return {
    analysis,
    share,
    part,
    killed: count('Killed', 'Timeout'),
    survived: count('Survived'),
    uncovered: count('NoCoverage'),
  }
}

/** The page with the row of an analysis written anew. */
function withRow(page: string, figures: Figures): string {
  const { analysis, share, part, killed, survived, uncovered } = figures
  const sample = share === 1 ? 'all' : `${percent(share)}, part ${part}`
  const cells = [
    analysis,
    sample,
    triedOf(figures),
    killed,
    survived,
    uncovered,
    percent(shareKilled(figures)),
  ]
  return page.replace(new RegExp(`^\\| ${analysis} \\|.*$`, 'm'), `| ${cells.join(' | ')} |`)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { share: { type: 'string' }, part: { type: 'string', default: '0' } },
})
const wanted = positionals.length > 0 ? positionals : Object.keys(SHARES)
for (const name of wanted)
  if (!Object.hasOwn(SHARES, name))
    throw new Error(`${name} is no analysis; there are ${Object.keys(SHARES).join(', ')}`)

const all: Figures[] = []
const page = resolve(import.meta.dirname, '../docs/mutation.md')
for (const analysis of wanted) {
  const figures = await figuresOf(analysis, Number(values.share ?? SHARES[analysis]), Number(values.part))
  writeFileSync(page, withRow(readFileSync(page, 'utf8'), figures))
  all.push(figures)
}

const tried = all.reduce((sum, figures) => sum + triedOf(figures), 0)
const killed = all.reduce((sum, figures) => sum + figures.killed, 0)
for (const figures of all)
  console.log(
    `${figures.analysis}: ${figures.killed} of ${triedOf(figures)} killed, ${percent(shareKilled(figures))}`,
  )
console.log(
  `mutants of the analyses: ${killed} of ${tried} killed, ${percent(killed / tried)} (meant of each: ${100 * LEAST} %)`,
)
if (all.some((figures) => shareKilled(figures) < LEAST)) process.exitCode = 1
