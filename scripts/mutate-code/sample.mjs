/**
 * Tries only a share of the mutants: a checker of Stryker's, which is asked about each mutant by itself. Ranges in
 * `mutate` and ignorers take whole syntax trees, so that a big piece of code would bring all its mutants or none.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { CheckStatus } from '@stryker-mutator/api/check'
import { commonTokens, declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'

/** The line as it is written, from the mutant on: what stands elsewhere in a file moves no mutant into the sample or out. */
function placeOf(file, { line, column }) {
  const text = readFileSync(file, 'utf8').split('\n')[line] ?? ''
  return `${text.trim()}|${text.slice(column)}`
}

/** A number from 0 to 1 that is the mutant's own. */
function lotOf({ fileName, location, mutatorName, replacement }) {
  const file = relative(process.cwd(), fileName).split(sep).join('/')
  const text = [file, placeOf(fileName, location.start), mutatorName, replacement].join('|')
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32
}

class Sample {
  static inject = [commonTokens.options]

  constructor({ sample: { share, part } }) {
    this.share = share
    this.part = part
  }

  async init() {}

  async check(mutants) {
    const checked = mutants.map((mutant) => {
      const isIn = Math.floor(lotOf(mutant) / this.share) === this.part
      return [
        mutant.id,
        isIn
          ? { status: CheckStatus.Passed }
          : { status: CheckStatus.CompileError, reason: 'not in the sample' },
      ]
    })
    return Object.fromEntries(checked)
  }

  async group(mutants) {
    return [mutants.map(({ id }) => id)]
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, 'sample', Sample)]

export const strykerValidationSchema = {
  type: 'object',
  properties: {
    sample: {
      type: 'object',
      description: 'The mutants are dealt into parts of this share each, and one part is tried.',
      default: {},
      additionalProperties: false,
      properties: {
        share: { type: 'number', exclusiveMinimum: 0, maximum: 1, default: 1 },
        part: { type: 'integer', minimum: 0, default: 0 },
      },
    },
  },
}
