/** How a policy document is read, and the variables in it. */
import { describe, expect, it } from 'vitest'
import { parseDocument, resolve, variableKeys } from '../../../src/analyze/policy/document.ts'
import { isWild, written } from '../../../src/analyze/policy/glob.ts'
import { comparedWith, patternsBeside } from '../../../src/analyze/policy/variables.ts'
import type { Json, JsonObject } from '../../../src/snapshot/model.ts'
import { allow, policy, rulesIn, when } from './parts.ts'

const variable = (inside: string): string => `$${`{${inside}}`}`

describe('a document', () => {
  const problem = (json: Json) => parseDocument(json).problem
  const first = (statement: JsonObject) => parseDocument(policy(statement)).statements[0]

  it('is one statement or a list of them, each by its Sid or its place', () => {
    const two = parseDocument(policy(allow('*', { Sid: 'a' }), allow('*', { Sid: '' }), allow('*')))
    expect(two.statements.map(({ label }) => label)).toEqual(['a', 'Statement[1]', 'Statement[2]'])
    expect(two.problem).toBeUndefined()
    expect(parseDocument({ Version: '2012-10-17', Statement: allow('*') }).statements).toHaveLength(1)
    expect(parseDocument({ Version: '2012-10-17' })).toEqual({ statements: [], problem: undefined })
  })

  it('says what of it can’t be read, the first of it, and reads the rest', () => {
    expect(problem('text')).toBe('the policy is not a JSON object')
    expect(problem(['x'])).toBe('the policy is not a JSON object')
    expect(problem(policy('x'))).toBe('Statement[0] is not an object')
    expect(problem(policy(allow('*'), allow('*', { Effect: 'allow' }), 'x'))).toBe(
      'Statement[1] has no Effect',
    )
    expect(problem(policy({ Effect: 'Allow', Principal: '*', Resource: '*' }))).toBe(
      "Statement[0] can't be read",
    )
    for (const rest of [
      { Action: { a: 'b' } },
      { Action: [null] },
      { Resource: [['x']] },
      { Condition: 'x' },
      { Condition: { StringEquals: 'x' } },
      { Condition: { StringEquals: { a: [{}] } } },
    ] as JsonObject[])
      expect([rest, problem(policy(allow('*', { Sid: 's', ...rest })))]).toEqual([rest, "s can't be read"])
    expect(parseDocument(policy('x', allow('*'))).statements.map(({ label }) => label)).toEqual([
      'Statement[1]',
    ])
  })

  it('takes numbers and booleans for their text', () => {
    const [condition] =
      first(when({ NumericEquals: { 's3:max-keys': 10 }, Bool: { 'aws:SecureTransport': false } }))
        ?.conditions ?? []
    expect(condition?.values.map(({ text }) => text)).toEqual(['10'])
    expect(first(when({ Bool: { 'aws:SecureTransport': [false] } }))?.conditions[0]?.written).toEqual({
      operator: 'Bool',
      key: 'aws:SecureTransport',
      values: ['false'],
    })
  })

  it('has actions in lower case, NotAction and NotResource turned round', () => {
    const one = first({
      Effect: 'Deny',
      NotPrincipal: '*',
      NotAction: ['S3:Get*'],
      NotResource: 'arn:aws:s3:::a',
    })
    expect({
      effect: one?.effect,
      actions: one?.actions.map(written),
      resources: one?.resources?.map(({ text }) => text),
      not: [one?.notAction, one?.notResource, one?.notPrincipal],
    }).toEqual({
      effect: 'Deny',
      actions: ['s3:get*'],
      resources: ['arn:aws:s3:::a'],
      not: [true, true, true],
    })
    const plain = first({ Effect: 'Allow', Principal: '*', Action: 'a:b' })
    expect([plain?.notAction, plain?.notResource, plain?.notPrincipal, plain?.resources]).toEqual([
      false,
      false,
      false,
      undefined,
    ])
  })

  it('completes an ARN that is cut short, and API Gateway’s own short form', () => {
    const resource = (text: string) =>
      written(first(allow('*', { Resource: text }))?.resources?.[0]?.text ?? '')
    expect(['*', 'arn:aws:sqs', 'arn:aws:s3:::a', 'execute-api:/prod/*', 'a*'].map(resource)).toEqual([
      '*',
      'arn:aws:sqs:*:*:*',
      'arn:aws:s3:::a',
      'arn:*:execute-api:*:*:*/prod/*',
      'a*:*:*:*:*:*',
    ])
  })

  it('is parsed anew where it is another', () => {
    const [one, two] = [policy(allow('*', { Sid: 'one' })), policy(allow('*', { Sid: 'two' }))]
    expect([one, one, two, one].map((json) => parseDocument(json).statements[0]?.label)).toEqual([
      'one',
      'one',
      'two',
      'one',
    ])
  })
})

describe('a policy variable', () => {
  const value = (text: string, operator = 'StringLike', version = '2012-10-17') => {
    const document = { Version: version, Statement: [when({ [operator]: { 'aws:Referer': text } })] }
    return parseDocument(document).statements[0]?.conditions[0]?.values[0]
  }
  const filled = (
    text: string,
    lookup: Readonly<Record<string, readonly string[] | null>>,
    operator?: string,
  ) => {
    const of = value(text, operator)
    if (!of) throw new Error('no value')
    const found = resolve(of, (key) => lookup[key])
    return typeof found === 'string' ? written(found) : found
  }

  it('stands for its key’s value, in any case, and keeps the text around it', () => {
    const name = { 'aws:username': ['ann'] }
    expect(filled(`a/${variable('aws:UserName')}/b`, name)).toBe('a/ann/b')
    expect(filled(`${variable(' aws:username ')}${variable('aws:username')}`, name)).toBe('annann')
    expect(filled(`${variable('aws:PrincipalTag/my team')}`, { 'aws:principaltag/my team': ['x'] })).toBe('x')
  })

  it('is nothing where the key is absent or has several values, but for its default; unknown where the key is', () => {
    const text = `a${variable("aws:username, 'guest'")}`
    expect([
      filled(text, {}),
      filled(text, { 'aws:username': ['ann'] }),
      filled(text, { 'aws:username': ['a', 'b'] }),
      filled(text, { 'aws:username': null }),
    ]).toEqual(['aguest', 'aann', 'aguest', null])
    const plain = `a${variable('aws:username')}`
    expect([
      filled(plain, {}),
      filled(plain, { 'aws:username': ['a', 'b'] }),
      filled(plain, { 'aws:username': [] }),
      filled(plain, { 'aws:username': null }),
    ]).toEqual([undefined, undefined, undefined, null])
    expect(filled(variable("aws:username, ''"), {})).toBe('')
    expect([
      filled(variable("aws:username,'guest'"), {}),
      filled(variable("aws:username ,  'guest' "), {}),
    ]).toEqual(['guest', 'guest'])
  })

  it('has no wildcards in what fills it', () => {
    const of = value(variable('aws:username'))
    if (!of) throw new Error('no value')
    expect(isWild(resolve(of, () => ['a*']) ?? '')).toBe(false)
    expect(isWild(of.text)).toBe(true)
  })

  it('of a wildcard or a dollar is that character', () => {
    const of = value(`a${variable('*')}${variable('?')}${variable('$')}`)
    expect(of).toEqual({ text: 'a*?$', template: undefined })
  })

  it('that is none stays text, as all do in the old version and where nothing is compared as text', () => {
    expect(value(variable('a,b'))?.template).toBeUndefined()
    expect(written(value(`x${variable('')}`)?.text ?? '')).toBe(`x${variable('')}`)
    expect(written(value(variable('aws:username'), 'StringLike', '2008-10-17')?.text ?? '')).toBe(
      variable('aws:username'),
    )
    expect(value(variable('aws:username'), 'NumericEquals')?.template).toBeUndefined()
    expect(value(variable('aws:username'), 'StringEquals')?.template).toBeDefined()
    expect(value(variable('aws:username'), 'ArnLike')?.template).toBeDefined()
  })

  it('is one that its statement reads, in resources and in conditions', () => {
    const [rule] = rulesIn(
      allow('*', {
        Resource: [`arn:aws:s3:::b/${variable('aws:username')}`, '*'],
        Condition: { StringLike: { 's3:prefix': `${variable('aws:userid')}x${variable('aws:username')}` } },
      }),
    )
    if (!rule) throw new Error('no rule')
    expect(variableKeys(rule.statement)).toEqual(['aws:username', 'aws:userid', 'aws:username'])
    expect([rule.statement.variables, rulesIn(allow('*'))[0]?.statement.variables]).toEqual([true, false])
  })

  it('is compared with what stands where it stands', () => {
    const beside = (...statements: Json[]) => {
      const of = rulesIn(...statements).map((rule) => rule.statement)
      return {
        patterns: patternsBeside(of, 'aws:username').map(written),
        texts: comparedWith(of, 'aws:username'),
      }
    }
    expect(
      beside(
        when({ StringLike: { 's3:prefix': [`home/${variable('aws:username')}`, 'home/ann', 'b*'] } }),
        when({ StringEquals: { 'aws:username': ['bob'], 'aws:Referer': ['zoe'] } }),
      ),
    ).toEqual({ patterns: ['bob', 'home', 'ann', 'b*'], texts: ['bob', 'home', 'ann'] })
    expect(
      beside(
        when({ StringEquals: { 'aws:Referer': variable('aws:username') } }),
        when({ StringLike: { 'aws:Referer': 'a/b' } }),
      ),
    ).toEqual({ patterns: ['a/b'], texts: ['a/b'] })
    expect(
      beside(allow('*', { Resource: [`arn:aws:s3:::b/${variable('aws:username')}`, 'arn:aws:s3:::b/x'] })),
    ).toEqual({ patterns: ['arn', 'aws', 's3', 'b', 'x'], texts: ['arn', 'aws', 's3', 'b', 'x'] })
    expect(beside(when({ StringEquals: { 'aws:Referer': [variable('aws:userid'), 'x'] } }))).toEqual({
      patterns: [],
      texts: [],
    })
  })
})
