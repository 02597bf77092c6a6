/** Texts that tell patterns apart: one for each set of patterns that some text fits. */
import { describe, expect, it } from 'vitest'
import { arnPattern, pattern } from '../../../src/analyze/policy/glob.ts'
import { ALNUM, type Cut, DIGIT, samples } from '../../../src/analyze/policy/samples.ts'

function tried(patterns: readonly string[], template?: string): readonly string[] {
  const cut: Cut = { happened: false }
  const found = samples(
    new Set(patterns.map(pattern)),
    cut,
    template === undefined ? undefined : pattern(template),
  )
  expect(cut.happened).toBe(false)
  return found
}

describe('literals and prefixes', () => {
  it('are tried as they stand, and a text that fits none', () => {
    expect(tried([])).toEqual(['any'])
    expect(tried(['a', 'b'])).toEqual(['a', 'b', 'any'])
  })

  it('give way to what a policy names: the next word is nobody’s', () => {
    expect(tried(['any'])).toEqual(['any', 'other'])
    expect(tried(['any', 'other', 'some', 'zq7x', '7', 'q', 'zq7x7q'])).toEqual([
      'any',
      'other',
      'some',
      'zq7x',
      '7',
      'q',
      'zq7x7q',
      'zq7',
    ])
    expect(tried(['any', 'other', 'some', 'zq7x', '7', 'q', 'zq7x7q', 'zq7', 'zq7xx'])).toEqual([
      'any',
      'other',
      'some',
      'zq7x',
      '7',
      'q',
      'zq7x7q',
      'zq7',
      'zq7xx',
      'zq7xxx',
    ])
  })

  it('of a prefix one is tried that no longer prefix takes', () => {
    expect(tried(['a*'])).toEqual(['aany', 'other'])
    expect(tried(['a*', 'aany*', 'aother'])).toEqual(['aother', 'asome', 'aanyany', 'other'])
    expect(tried(['a*', 'ab*', 'abc'])).toEqual(['abc', 'aany', 'abany', 'other'])
  })
})

describe('under a head', () => {
  it('only what comes after it is told apart', () => {
    expect(tried(['x/a', 'x/b*', 'y/*', 'x'], 'x/*')).toEqual(['x/a', 'x/bany', 'x/any'])
    expect(tried([], 'x/*')).toEqual(['x/any'])
  })

  it('a pattern that takes part of the head tells apart what is left of it', () => {
    expect(tried(['x*'], 'x/*')).toEqual(['x/any'])
    expect(tried(['*'], 'x/*')).toEqual(['x/any'])
    expect(tried(['?/a'], 'x/*')).toEqual(['x/a', 'x/any'])
    expect(tried(['*/a'], 'x/*')).toEqual(['x/any', 'x/a'])
    expect(tried(['*/b*'], 'x/*')).toEqual(['x/any', 'x/b'])
    expect(tried(['?y/a', '??'], 'x/*')).toEqual(['x/any'])
  })

  it('the head alone is none of its texts', () => {
    expect(tried(['x/', 'x/*'], 'x/*')).toEqual(['x/any'])
    expect(tried(['x/', '*x/'], 'x/*')).toEqual(['x/any', 'x/x/'])
  })
})

describe('other patterns', () => {
  it('are met in every combination that some text has', () => {
    expect(tried(['*a'])).toEqual(['any', 'anya'])
    expect(tried(['a?'])).toEqual(['any', 'ax'])
    expect(tried(['a*b', '*c'])).toEqual(['any', 'aanyb', 'anyc'])
    expect(tried(['a*', '*b', '*c*'])).toEqual(['any', 'other', 'anyb', 'anycany', 'b', 'c', 'cb', 'acb'])
    expect(tried(['*any*', '*other*'])).toEqual(['any', 'other', 'some', 'anyotherany'])
    expect(tried(['?', '??', '*7'])).toEqual(['any', '7', 'q', 'xx', 'any7', '77'])
  })

  it('of an ARN cross no colon in its first parts', () => {
    const patterns = new Set(
      ['arn:aws:s3:*:1:x', 'arn:aws:s*:eu:1:y'].map((text) => arnPattern(pattern(text))),
    )
    expect(samples(patterns, { happened: false })).toEqual([
      'any',
      'arn:aws:s3:any:1:x',
      'arn:aws:sany:eu:1:y',
    ])
    const parts = new Set(['arn:a?:s3:*:1:x'].map((text) => arnPattern(pattern(text))))
    expect(samples(parts, { happened: false }, pattern('arn:*'))).toEqual(['arn:any', 'arn:ax:s3:any:1:x'])
  })
})

describe('of a form', () => {
  const formed = (patterns: readonly string[], template: string) =>
    samples(new Set(patterns.map(pattern)), { happened: false }, template)

  it('digits and letters stand where the form has them', () => {
    expect(formed(['12*'], DIGIT.repeat(4))).toEqual(['1111', '1211'])
    expect(formed(['*9', '1*'], DIGIT.repeat(2))).toEqual(['99', '91', '19', '11'])
    expect(formed(['o-a*'], `o-${ALNUM.repeat(3)}`)).toEqual(['o-ooo', 'o-aoo'])
    expect(formed(['o-A*', 'o-?9*'], `o-${ALNUM.repeat(3)}`)).toEqual(['o-ooo', 'o-o9o'])
    expect(formed(['a'], DIGIT)).toEqual(['7'])
    expect(formed(['7839*'], DIGIT.repeat(5))).toEqual(['77777', '78397'])
  })
})

describe('a search that takes too long', () => {
  const many = Array.from({ length: 14 }, (_, at) => `*${String.fromCharCode(97 + at)}*${at}*`)

  it('stops, and says so', () => {
    const cut: Cut = { happened: false }
    const found = samples(new Set(many.map(pattern)), cut)
    expect(cut.happened).toBe(true)
    expect(found.length).toBeGreaterThan(1)
  })

  it('is not what two stars make', () => {
    const cut: Cut = { happened: false }
    samples(new Set(['*a*b*', '*c*d*'].map(pattern)), cut)
    expect(cut.happened).toBe(false)
  })
})
