/** Single requests: in a line, who asks, what is not told of them. */
import { describe, expect, it } from 'vitest'
import { requestLine } from '../../../src/analyze/policy/evidence.ts'
import type { PolicyInput, Surroundings } from '../../../src/analyze/policy/input.ts'
import { concerns, holds } from '../../../src/analyze/policy/match.ts'
import { callerNamed, deciderOf } from '../../../src/analyze/policy/requests.ts'
import { bind, rulesOf } from '../../../src/analyze/policy/rule.ts'
import { NO, UNKNOWN, YES } from '../../../src/analyze/policy/truth.ts'
import type { Json } from '../../../src/snapshot/model.ts'
import {
  allow,
  deny,
  inputOf,
  MEMBER,
  ORG,
  ORGANIZATION,
  PARTNER,
  policy,
  QUEUE,
  rulesIn,
  STRANGER,
  SURROUNDINGS,
  when,
} from './parts.ts'

const UNREAD = { unread: [{ operation: 'x:Read', permission: 'x:Read', outcome: 'denied' as const }] }

const UNKNOWN_KEY = { StringEquals: { 'nobody:knows': 'x' } }

describe('a request in a line', () => {
  const line = (context: Record<string, string | readonly string[]>) =>
    requestLine({ principal: 'anonymous', action: 'a:B', resource: 'r', context })

  it('is who, what, of what, and the keys that matter', () => {
    expect(line({})).toBe('anonymous a:B r')
    expect(line({ 'aws:SourceIp': '1.2.3.4', 'aws:TagKeys': ['a', 'b'] })).toBe(
      'anonymous a:B r (aws:SourceIp 1.2.3.4, aws:TagKeys a b)',
    )
    expect(requestLine({ principal: '', action: 'a:B', resource: '', context: {} })).toBe('a:B')
  })

  it('is over TLS unless it says otherwise', () => {
    expect([
      line({ 'AWS:SecureTransport': 'true' }),
      line({ 'aws:SecureTransport': 'false' }),
      line({ 'aws:ViaAWSService': 'true' }),
    ]).toEqual([
      'anonymous a:B r',
      'anonymous a:B r (aws:SecureTransport false)',
      'anonymous a:B r (aws:ViaAWSService true)',
    ])
  })
})

describe('who asks', () => {
  it.each([
    ['anonymous', { kind: 'anonymous', userId: 'anonymous' }],
    ['*', { kind: 'anonymous', userId: 'anonymous' }],
    [
      STRANGER,
      { kind: 'principal', account: STRANGER, arn: `arn:aws:iam::${STRANGER}:root`, userId: STRANGER },
    ],
    [
      `arn:aws:iam::${STRANGER}:root`,
      { kind: 'principal', account: STRANGER, arn: `arn:aws:iam::${STRANGER}:root`, userId: STRANGER },
    ],
    [
      `arn:aws:iam::${STRANGER}:user/team/ann`,
      { kind: 'principal', account: STRANGER, arn: `arn:aws:iam::${STRANGER}:user/team/ann` },
    ],
    [
      `arn:aws:iam::${STRANGER}:role/team/app`,
      {
        kind: 'principal',
        account: STRANGER,
        arn: `arn:aws:iam::${STRANGER}:role/team/app`,
        sessionArn: `arn:aws:sts::${STRANGER}:assumed-role/app/session`,
      },
    ],
    [
      `arn:aws:iam::${STRANGER}:role/app`,
      {
        kind: 'principal',
        account: STRANGER,
        arn: `arn:aws:iam::${STRANGER}:role/app`,
        sessionArn: `arn:aws:sts::${STRANGER}:assumed-role/app/session`,
      },
    ],
    [
      `arn:aws-cn:sts::${STRANGER}:assumed-role/app/s1`,
      {
        kind: 'principal',
        account: STRANGER,
        arn: `arn:aws-cn:iam::${STRANGER}:role/app`,
        sessionArn: `arn:aws-cn:sts::${STRANGER}:assumed-role/app/s1`,
        bySession: true,
      },
    ],
    [
      'arn:aws:iam::cloudfront:user/E1',
      { kind: 'principal', account: null, arn: 'arn:aws:iam::cloudfront:user/E1' },
    ],
    ['a1'.repeat(32), { kind: 'canonical', account: null, canonical: 'a1'.repeat(32) }],
    [
      `arn:aws:iam::${STRANGER}:oidc-provider/a.b`,
      { kind: 'federated', provider: `arn:aws:iam::${STRANGER}:oidc-provider/a.b` },
    ],
    [
      `arn:aws:iam::${STRANGER}:saml-provider/a`,
      { kind: 'federated', provider: `arn:aws:iam::${STRANGER}:saml-provider/a` },
    ],
    ['accounts.google.com', { kind: 'federated', provider: 'accounts.google.com' }],
    ['sns.amazonaws.com', { kind: 'service', service: 'sns.amazonaws.com' }],
    [`${STRANGER}0`, { kind: 'service', service: `${STRANGER}0` }],
    ['a1'.repeat(33), { kind: 'service', service: 'a1'.repeat(33) }],
  ])('%s', (text, caller) => {
    expect(callerNamed(text)).toEqual(caller)
  })

  it('gets in by its account alone, which leaves it to the account’s own policies, or by name', () => {
    const asked = (principal: string, ...statements: Json[]) => {
      const {
        decision,
        delegated,
        statements: by,
      } = deciderOf(
        inputOf(statements),
        SURROUNDINGS,
      )({ principal, action: 'sqs:SendMessage', resource: QUEUE, context: {} })
      return [decision, delegated, by.length]
    }
    const role = `arn:aws:iam::${STRANGER}:role/app`
    expect(asked(role, allow({ AWS: STRANGER }))).toEqual(['allowed', true, 1])
    expect(asked(role, allow({ AWS: [STRANGER, role] }))).toEqual(['allowed', false, 1])
    expect(asked(role, allow({ AWS: STRANGER }), allow({ AWS: role }))).toEqual(['allowed', false, 2])
    expect(asked(role, allow('*'))).toEqual(['allowed', false, 1])
    expect(asked(STRANGER, allow({ AWS: STRANGER }))).toEqual(['allowed', false, 1])
    expect(asked(role, allow({ AWS: PARTNER }))).toEqual(['implicit-deny', false, 0])
    expect(asked('sns.amazonaws.com', allow({ Service: 'sns.amazonaws.com' }))).toEqual(['allowed', false, 1])
  })

  it('is a member by its account, of another organization only if the request says so', () => {
    const asked = (principal: string, context: Record<string, string>, around: Partial<Surroundings> = {}) =>
      deciderOf(inputOf([when({ StringEquals: { 'aws:PrincipalOrgID': ORG } })]), {
        ...SURROUNDINGS,
        ...around,
      })({ principal, action: 'sqs:SendMessage', resource: QUEUE, context }).decision
    const role = (account: string) => `arn:aws:iam::${account}:role/app`
    expect([
      asked(role(MEMBER), {}),
      asked(role(STRANGER), {}),
      asked(role(STRANGER), { 'aws:PrincipalOrgID': ORG }),
      asked('anonymous', {}),
    ]).toEqual(['allowed', 'implicit-deny', 'allowed', 'implicit-deny'])
    const incomplete = { organization: { ...ORGANIZATION, complete: false, unread: UNREAD.unread } }
    const answer = deciderOf(inputOf([when({ StringEquals: { 'aws:PrincipalOrgID': ORG } })]), {
      ...SURROUNDINGS,
      ...incomplete,
    })({ principal: role(STRANGER), action: 'sqs:SendMessage', resource: QUEUE, context: {} })
    expect(answer).toMatchObject({ decision: 'unknown', missing: UNREAD.unread })
  })

  it('is not told where a key is not known, with what was not read', () => {
    const answer = (statements: readonly Json[], rest: Partial<PolicyInput> = {}) =>
      deciderOf(
        inputOf(statements, rest),
        SURROUNDINGS,
      )({ principal: 'anonymous', action: 'sqs:SendMessage', resource: QUEUE, context: {} })
    expect(answer([when(UNKNOWN_KEY)])).toMatchObject({
      decision: 'unknown',
      statements: ['Policy Statement[0]'],
      missing: [],
    })
    expect(answer([allow('*'), deny({ Condition: UNKNOWN_KEY })])).toMatchObject({
      decision: 'unknown',
      statements: ['Policy Statement[1]'],
    })
    expect(answer([], { policies: [{ name: 'Policy', document: UNREAD }] })).toMatchObject({
      decision: 'unknown',
      missing: UNREAD.unread,
    })
  })
})

describe('a statement without a principal', () => {
  it('is about everybody in a control policy, about nobody in a resource’s', () => {
    const document = policy({ Effect: 'Allow', Action: '*', Resource: '*' })
    const about = (place: 'boundary' | 'policy') =>
      rulesOf('P', document, place).map((rule) =>
        concerns(
          bind(rule, () => null),
          { kind: 'anonymous' },
        ),
      )
    expect([about('boundary'), about('policy')]).toEqual([[YES], [NO]])
  })
})

describe('a condition', () => {
  it('on a variable whose value is unknown may hold, unless it holds, or fails, whatever that is', () => {
    const [rule] = rulesIn(
      when({ StringEquals: { 'aws:Referer': ['a', `x$${'{aws:username}'}`] } }),
      when({}),
    )
    const [turned] = rulesIn(when({ StringNotEquals: { 'aws:Referer': ['a', `x$${'{aws:username}'}`] } }))
    if (!rule || !turned) throw new Error('no rule')
    const of = (one: typeof rule, actual: readonly string[] | undefined | null) =>
      bind(one, () => null).conditions.map((condition) => holds(condition, actual))
    expect([of(rule, ['a']), of(rule, ['b']), of(rule, undefined), of(rule, null)]).toEqual([
      [YES],
      [UNKNOWN],
      [NO],
      [UNKNOWN],
    ])
    expect([of(turned, ['a']), of(turned, ['b']), of(turned, undefined)]).toEqual([[NO], [UNKNOWN], [YES]])
  })
})
