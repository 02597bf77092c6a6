/** What can’t be decided, and what that leaves unknown. */
import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/analyze/policy/facts.ts'
import type { PolicyInput, Surroundings } from '../../../src/analyze/policy/input.ts'
import { strangeAccount } from '../../../src/analyze/policy/strangers.ts'
import { isGuest, isShared, tokenHost, tokenPrefix } from '../../../src/analyze/policy/token-values.ts'
import { and, NO, not, or, type Truth, UNKNOWN, YES } from '../../../src/analyze/policy/truth.ts'
import type { Json } from '../../../src/snapshot/model.ts'
import {
  ACCOUNT,
  allow,
  inputOf,
  MEMBER,
  ORGANIZATION,
  PARTNER,
  policy,
  STRANGER,
  SURROUNDINGS,
  when,
} from './parts.ts'

const told = (
  statements: readonly Json[],
  rest: Partial<PolicyInput> = {},
  around: Partial<Surroundings> = {},
): Readonly<Record<string, unknown>> => {
  const { members } = decide(inputOf(statements, rest), { ...SURROUNDINGS, ...around }, () => ({}))
  return Object.fromEntries(
    Object.entries(members).map(([name, one]) => [
      name,
      'missing' in one ? { missing: one.missing.map(({ operation }) => operation) } : one.value,
    ]),
  )
}

const UNREAD = { unread: [{ operation: 'x:Read', permission: 'x:Read', outcome: 'denied' as const }] }

const UNKNOWN_KEY = { StringEquals: { 'nobody:knows': 'x' } }

describe('truth', () => {
  it('stays unknown until something decides', () => {
    const all: readonly Truth[] = [NO, YES, UNKNOWN]
    expect(all.map((a) => all.map((b) => and(a, b)))).toEqual([
      [NO, NO, NO],
      [NO, YES, UNKNOWN],
      [NO, UNKNOWN, UNKNOWN],
    ])
    expect(all.map((a) => all.map((b) => or(a, b)))).toEqual([
      [NO, YES, UNKNOWN],
      [YES, YES, YES],
      [UNKNOWN, YES, UNKNOWN],
    ])
    expect(all.map(not)).toEqual([YES, NO, UNKNOWN])
  })
})

describe('what is not decided', () => {
  it('is not known of those whom it may let in, and nobody else', () => {
    const service = told([when(UNKNOWN_KEY, { Service: 'sns.amazonaws.com' })])
    expect([
      service['servicesComplete'],
      service['complete'],
      service['strangersComplete'],
      service['public'],
      service['services'],
    ]).toEqual([{ missing: ['access:CONDITION'] }, { missing: ['access:CONDITION'] }, true, false, []])
    const stranger = told([when(UNKNOWN_KEY, { AWS: STRANGER })])
    expect([
      stranger['servicesComplete'],
      stranger['complete'],
      stranger['strangersComplete'],
      stranger['exposure'],
      stranger['strangers'],
    ]).toEqual([
      true,
      { missing: ['access:CONDITION'] },
      { missing: ['access:CONDITION'] },
      { missing: ['access:CONDITION'] },
      [],
    ])
    const member = told([when(UNKNOWN_KEY, { AWS: MEMBER })])
    expect([member['strangersComplete'], member['complete']]).toEqual([
      true,
      { missing: ['access:CONDITION'] },
    ])
  })

  it('hangs on the calls that would tell where there are some', () => {
    const unread = told([], { policies: [{ name: 'Policy', document: UNREAD }] })
    expect(
      ['exposure', 'public', 'publicRead', 'strangersComplete', 'servicesComplete', 'complete'].map(
        (name) => unread[name],
      ),
    ).toEqual(Array.from({ length: 6 }, () => ({ missing: ['x:Read'] })))
    const half = told([allow('*')], {
      policies: [
        { name: 'Policy', document: policy(allow({ AWS: STRANGER })) },
        { name: 'Lock', document: UNREAD },
      ],
    })
    expect([half['exposure'], half['public'], half['strangers']]).toEqual([
      { missing: ['x:Read'] },
      { missing: ['x:Read'] },
      [],
    ])
  })

  it('may belong to the own organization, whose accounts were not all listed', () => {
    const organization = {
      ...ORGANIZATION,
      complete: false,
      unread: [
        {
          operation: 'organizations:ListAccounts',
          permission: 'organizations:ListAccounts',
          outcome: 'denied' as const,
        },
      ],
    }
    const named = told([allow({ AWS: STRANGER })], {}, { organization })
    expect([
      named['exposure'],
      named['strangers'],
      named['strangersComplete'],
      named['accounts'],
      named['public'],
    ]).toEqual([
      { missing: ['organizations:ListAccounts'] },
      [],
      { missing: ['organizations:ListAccounts'] },
      [STRANGER],
      false,
    ])
    expect(told([allow({ AWS: PARTNER })], {}, { organization })).toMatchObject({
      exposure: 'external-known',
      strangersComplete: true,
    })
    const nowhere = { id: null, accounts: new Map(), complete: true, unread: [] }
    expect(told([allow({ AWS: STRANGER })], {}, { organization: nowhere })).toMatchObject({
      exposure: 'external-unknown',
      strangersComplete: true,
    })
    const { id: _, ...unknown } = organization
    expect(
      told(
        [when({ StringEquals: { 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' } })],
        {},
        { organization: { ...unknown, accounts: new Map() } },
      ),
    ).toMatchObject({
      exposure: { missing: ['organizations:ListAccounts'] },
      strangers: [],
    })
  })
})

describe('who is nobody’s', () => {
  it('is the first account that nothing names', () => {
    expect([
      strangeAccount(new Set()),
      strangeAccount(new Set(['999999999999'])),
      strangeAccount(new Set(['999999999999']), new Map([['888888888888', 1]])),
    ]).toEqual(['999999999999', '888888888888', '777777777777'])
    const taken = new Set([
      '999999999999',
      '888888888888',
      '777777777777',
      '666666666666',
      '555555555555',
      '100000000000',
    ])
    expect(strangeAccount(taken)).toBe('100000000001')
  })
})

describe('a provider of tokens', () => {
  it('has the host before its claims, and is shared where anyone may get a token', () => {
    expect(
      [
        `arn:aws:iam::${ACCOUNT}:oidc-provider/GitLab.com`,
        'accounts.google.com',
        `arn:aws:iam::${ACCOUNT}:saml-provider/x`,
        `arn:aws:iam::${ACCOUNT}:oidc-provider/api.pulumi.com/oidc`,
      ].map((name) => [tokenPrefix(name), isShared(name)]),
    ).toEqual([
      ['gitlab.com', true],
      ['accounts.google.com', true],
      ['saml', false],
      ['api.pulumi.com/oidc', true],
    ])
    expect(isShared(`arn:aws:iam::${ACCOUNT}:oidc-provider/login.corp.example`)).toBe(false)
    expect([tokenHost('a.b:sub'), tokenHost('a.b:8443:sub')]).toEqual(['a.b', 'a.b:8443'])
    expect([
      isGuest(['unauthenticated']),
      isGuest(['x', 'UNAUTHENTICATED']),
      isGuest(['authenticated']),
      isGuest(['unauthenticatedx']),
      isGuest([]),
      isGuest(undefined),
    ]).toEqual([true, true, false, false, false, false])
  })
})
