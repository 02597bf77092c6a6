/** Patterns, the operators that compare with them, and where in an organization somebody is. */
import { describe, expect, it } from 'vitest'
import { arnPattern, isWild, literal, matches, pattern, written } from '../../../src/analyze/policy/glob.ts'
import { evaluate, numeric, parseOperator, satisfies, time } from '../../../src/analyze/policy/operator.ts'
import { holdsSomewhere, isSomewhere, somewhereIn } from '../../../src/analyze/policy/org-path.ts'
import { NO, UNKNOWN, YES } from '../../../src/analyze/policy/truth.ts'
import { conditionsOf } from './parts.ts'

/** By a truth. */
const WORDS = { 0: 'no', 1: 'yes', 2: 'unknown' } as const

describe('a pattern', () => {
  it.each([
    ['*', '', true],
    ['*', 'a/b:c', true],
    ['?', 'a', true],
    ['?', '', false],
    ['?', 'ab', false],
    ['a*c', 'abbc', true],
    ['a*c', 'abbcd', false],
    ['a*b*c', 'aXbYbZc', true],
    ['*ab', 'aab', true],
    ['a**', 'a', true],
    ['abc', 'abc', true],
    ['abc', 'ab', false],
    ['ab', 'abc', false],
    ['A', 'a', false],
    ['*a', 'b', false],
  ])('%s fits %j: %s', (glob, text, fits) => {
    expect(matches(pattern(glob), text)).toBe(fits)
  })

  it.each([
    ['arn:aws:s3:*:*:a', 'arn:aws:s3:::a', true],
    ['arn:*:s3:::a', 'arn:aws:s3:::a', true],
    ['arn:*:::a', 'arn:aws:s3:::a', false],
    ['arn:aws:s3:?:1:a', 'arn:aws:s3:x:1:a', true],
    ['arn:aws:s3:?:1:a', 'arn:aws:s3:::1:a', false],
    ['arn:aws:s3:*:1:a', 'arn:aws:s3:x:y:1:a', false],
    ['arn:aws:sqs:*:1:*', 'arn:aws:sqs:eu:1:a/b:c', true],
    ['arn:*', 'arn:aws:s3:::a', false],
    ['arn:*', 'arn:aws', true],
    ['*', 'arn:aws:s3:::a', true],
  ])('of an ARN, %s, fits %s: %s', (glob, text, fits) => {
    expect(matches(arnPattern(pattern(glob)), text)).toBe(fits)
  })

  it('is told from a text that stands for itself, and written as it was', () => {
    expect([
      isWild(pattern('a*')),
      isWild(pattern('a?')),
      isWild(pattern('a')),
      isWild(literal('a*')),
    ]).toEqual([true, true, false, false])
    expect(['a*b?', 'arn:*:?:x:y:z*'].map((text) => written(arnPattern(pattern(text))))).toEqual([
      'a*b?',
      'arn:*:?:x:y:z*',
    ])
    expect(literal('a\uE000b\uE003\uE001')).toBe('a\uFFFDb\uFFFD\uFFFD')
    expect(pattern('\uE001a')).toBe('\uFFFDa')
  })
})

describe('an operator', () => {
  it('is read in any case, with its set and IfExists', () => {
    expect(parseOperator('ForAllValues:StringNotEqualsIfExists')).toEqual({
      family: 'string',
      negated: true,
      ignoreCase: false,
      ifExists: true,
      set: 'all',
      compare: '=',
    })
    expect(parseOperator('foranyvalue:NUMERICLESSTHANEQUALS')).toEqual({
      family: 'number',
      negated: false,
      ignoreCase: false,
      ifExists: false,
      set: 'any',
      compare: '<=',
    })
    for (const name of [
      'StringMatches',
      'AllValues:StringEquals',
      'StringEqualsX',
      '1StringEquals',
      '',
      'IfExists',
    ])
      expect([name, parseOperator(name)]).toEqual([name, undefined])
  })

  it.each([
    ['StringEquals', 'a', 'a', 'yes'],
    ['StringEquals', 'A', 'a', 'no'],
    ['StringNotEquals', 'A', 'a', 'yes'],
    ['StringEqualsIgnoreCase', 'A', 'a', 'yes'],
    ['StringEqualsIgnoreCase', 'a', 'A', 'yes'],
    ['StringNotEqualsIgnoreCase', 'A', 'a', 'no'],
    ['StringLike', 'ab', 'a*', 'yes'],
    ['StringNotLike', 'ab', 'a*', 'no'],
    ['ArnEquals', 'arn:aws:s3:::a', 'arn:aws:s3:::*', 'yes'],
    ['ArnNotLike', 'arn:aws:s3:::a', 'arn:aws:s3:::*', 'no'],
    ['ArnNotEquals', 'arn:aws:s3:::a', 'arn:aws:s3:::b', 'yes'],
    ['ArnLike', 'arn:aws:s3:::a', 'arn:aws:s3:::b', 'no'],
    ['NumericEquals', '1', '1.0', 'yes'],
    ['NumericEquals', '10.25', '10.250', 'yes'],
    ['NumericNotEquals', '1', '1.0', 'no'],
    ['NumericLessThan', '1', '1', 'no'],
    ['NumericLessThan', '0', '1', 'yes'],
    ['NumericLessThanEquals', '1', '1', 'yes'],
    ['NumericLessThanEquals', '2', '1', 'no'],
    ['NumericGreaterThan', '1', '1', 'no'],
    ['NumericGreaterThan', '2', '1', 'yes'],
    ['NumericGreaterThanEquals', '1', '1', 'yes'],
    ['NumericGreaterThanEquals', '0', '1', 'no'],
    ['NumericEquals', 'x', '1', 'no'],
    ['NumericEquals', '1', 'x', 'unknown'],
    ['NumericNotEquals', '1', 'x', 'unknown'],
    ['DateEquals', '2026-01-01T00:00:00Z', '1767225600', 'yes'],
    ['DateNotEquals', '2026-01-01T00:00:00Z', '1767225600', 'no'],
    ['DateLessThan', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 'yes'],
    ['DateGreaterThan', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 'no'],
    ['DateGreaterThanEquals', '2026-01-01T00:00:00Z', 'tomorrow', 'unknown'],
    ['Bool', 'TRUE', 'true', 'yes'],
    ['Bool', 'true', 'TRUE', 'yes'],
    ['Bool', 'true', 'false', 'no'],
    ['BinaryEquals', 'QQ==', 'QQ==', 'yes'],
    ['BinaryEquals', 'qq==', 'QQ==', 'no'],
    ['IpAddress', '10.1.2.3', '10.0.0.0/8', 'yes'],
    ['IpAddress', '11.1.2.3', '10.0.0.0/8', 'no'],
    ['IpAddress', '10.0.0.0/7', '10.0.0.0/8', 'no'],
    ['IpAddress', 'x', '10.0.0.0/8', 'no'],
    ['IpAddress', '10.1.2.3', 'x', 'unknown'],
    ['NotIpAddress', '10.1.2.3', '10.0.0.0/8', 'no'],
    ['NotIpAddress', '::1', '10.0.0.0/8', 'yes'],
  ])('%s of %s with %s is %s', (name, actual, wanted, answer) => {
    const [condition] = conditionsOf({ [name]: { 'aws:Referer': wanted } })
    if (!condition?.operator) throw new Error(name)
    expect(WORDS[evaluate(condition.operator, [actual], condition.values)]).toBe(answer)
  })

  const of = (name: string, actual: readonly string[] | undefined, ...wanted: string[]): string => {
    const operator = parseOperator(name)
    if (!operator) throw new Error(name)
    return WORDS[evaluate(operator, actual, wanted)]
  }

  it('takes values as alternatives, and negated as none of them', () => {
    expect([
      of('StringEquals', ['b'], 'a', 'b'),
      of('StringNotEquals', ['b'], 'a', 'b'),
      of('StringEquals', ['c'], 'a', 'b'),
    ]).toEqual(['yes', 'no', 'no'])
    expect([
      of('NumericEquals', ['1'], 'x', '1'),
      of('NumericEquals', ['1'], 'x', '2'),
      of('NumericEquals', ['1'], '2', 'x'),
    ]).toEqual(['yes', 'unknown', 'unknown'])
    expect([of('StringEquals', ['a']), of('StringNotEquals', ['a'])]).toEqual(['no', 'yes'])
  })

  it.each([
    ['StringEquals', 'no'],
    ['StringNotEquals', 'yes'],
    ['StringEqualsIfExists', 'yes'],
    ['StringNotEqualsIfExists', 'yes'],
    ['ForAllValues:StringEquals', 'yes'],
    ['ForAllValues:StringNotEquals', 'yes'],
    ['ForAnyValue:StringEquals', 'no'],
    ['ForAnyValue:StringNotEquals', 'no'],
    ['ForAnyValue:StringEqualsIfExists', 'yes'],
  ])('%s of a key that is absent, or empty, is %s', (name, answer) => {
    expect([of(name, undefined, 'a'), of(name, [], 'a')]).toEqual([answer, answer])
  })

  it('asks of several values whether one fits, or with ForAllValues whether all do', () => {
    expect([
      of('StringEquals', ['a', 'x'], 'a'),
      of('ForAnyValue:StringEquals', ['a', 'x'], 'a'),
      of('ForAllValues:StringEquals', ['a', 'x'], 'a'),
    ]).toEqual(['yes', 'yes', 'no'])
    expect([
      of('ForAllValues:StringEquals', ['a', 'b'], 'a', 'b'),
      of('ForAnyValue:StringEquals', ['x'], 'a'),
    ]).toEqual(['yes', 'no'])
    expect([
      of('ForAllValues:NumericEquals', ['1', '2'], '1', 'x'),
      of('ForAllValues:StringNotEquals', ['b', 'c'], 'a'),
    ]).toEqual(['unknown', 'yes'])
    expect([
      of('ForAnyValue:NumericEquals', ['2', '1'], '1', 'x'),
      of('ForAnyValue:NumericEquals', ['2'], '1', 'x'),
    ]).toEqual(['yes', 'unknown'])
  })

  it('Null asks whether the key is there', () => {
    expect([
      of('Null', undefined, 'true'),
      of('Null', ['a'], 'true'),
      of('Null', undefined, 'FALSE'),
      of('Null', ['a'], 'false'),
    ]).toEqual(['yes', 'no', 'no', 'yes'])
    expect([
      of('Null', [], 'true'),
      of('Null', undefined, 'true', 'false'),
      of('Null', ['a'], 'maybe'),
      of('Null', ['a'], 'maybe', 'false'),
      of('Null', ['a']),
    ]).toEqual(['yes', 'yes', 'unknown', 'yes', 'no'])
  })

  it('reads a time as ISO 8601 or an epoch in seconds, a number as AWS does', () => {
    expect(['1', '1.5', '-1', '20261', 'soon', '1x'].map((text) => time(text) ?? null)).toEqual([
      1000,
      1500,
      -1000,
      20_261_000,
      null,
      null,
    ])
    // Four digits are a year.
    expect([time('2026'), time('2026-01-01')]).toEqual([Date.UTC(2026), Date.UTC(2026)])
    expect(
      [
        '12',
        '-1',
        '+1',
        '1.',
        '1.5',
        '.25',
        '1e13',
        '1E-3',
        '1e+3',
        '',
        '.',
        'e3',
        '1 ',
        'x1',
        '1x',
        '1e',
      ].map((text) => numeric(text) ?? null),
    ).toEqual([12, -1, 1, 1, 1.5, 0.25, 1e13, 0.001, 1000, null, null, null, null, null, null, null])
  })

  it('satisfies tells of one value', () => {
    const operator = parseOperator('NumericNotEquals')
    if (!operator) throw new Error('no operator')
    expect([
      satisfies(operator, '1', ['1']),
      satisfies(operator, '1', ['2']),
      satisfies(operator, '1', ['x']),
    ]).toEqual([NO, YES, UNKNOWN])
  })
})

describe('a place in an organization of which only the organization is known', () => {
  const holds = (operator: string, ...values: string[]): string => {
    const [condition] = conditionsOf({ [operator]: { 'aws:PrincipalOrgPaths': values } })
    if (!condition) throw new Error('no condition')
    return WORDS[holdsSomewhere(condition, somewhereIn('o-abcdefghij'))]
  }

  it('is told from one that is known', () => {
    expect([
      isSomewhere([somewhereIn('o-a')]),
      isSomewhere(['o-a/r-1/']),
      isSomewhere([]),
      isSomewhere(undefined),
      isSomewhere(null),
      isSomewhere([somewhereIn('o-a'), 'x']),
    ]).toEqual([true, false, false, false, false, false])
  })

  it.each([
    ['ForAnyValue:StringLike', 'o-abcdefghij/*', 'yes'],
    ['ForAnyValue:StringLike', '*', 'yes'],
    ['ForAnyValue:StringLike', 'o-*', 'yes'],
    ['ForAnyValue:StringLike', 'o-abcdefghij/r-1/*', 'unknown'],
    ['ForAnyValue:StringLike', 'o-*/ou-1/*', 'unknown'],
    ['ForAnyValue:StringLike', 'o-zzzzzzzzzz/*', 'no'],
    ['ForAnyValue:StringEquals', 'o-abcdefghij/r-1/', 'unknown'],
    ['ForAnyValue:StringEquals', 'o-abcdefghij/*', 'unknown'],
    ['ForAnyValue:StringEquals', 'o-', 'no'],
    ['ForAnyValue:StringEqualsIgnoreCase', 'O-ABCDEFGHIJ/R-1/', 'unknown'],
    ['ForAnyValue:StringNotLike', 'o-abcdefghij/*', 'no'],
    ['ForAnyValue:StringNotLike', 'o-zzzzzzzzzz/*', 'yes'],
    ['Null', 'false', 'yes'],
    ['Null', 'true', 'no'],
    ['StringMatches', 'x', 'unknown'],
  ])('%s %s is %s', (operator, value, answer) => {
    expect(holds(operator, value)).toBe(answer)
  })

  it('is all of what one of several values takes', () => {
    expect([
      holds('StringLike', 'o-abcdefghij/r-1/*', 'o-abcdefghij/*'),
      holds('StringLike', 'o-z/*', 'o-abcdefghij/r-1/*'),
    ]).toEqual(['yes', 'unknown'])
  })
})
