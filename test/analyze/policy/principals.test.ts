/** The Principal element, and who is meant by it. */
import { describe, expect, it } from 'vitest'
import {
  accountOf,
  type Caller,
  covers,
  parsePrincipals,
  spares,
} from '../../../src/analyze/policy/principal.ts'
import type { Json } from '../../../src/snapshot/model.ts'
import { ACCOUNT, STRANGER } from './parts.ts'

describe('the Principal element', () => {
  const read = (json: Json) => {
    const found = parsePrincipals(json)
    return (
      found && {
        everyone: found.everyone,
        accounts: [...found.accounts],
        arns: [...found.arns],
        services: [...found.services],
        federated: [...found.federated],
        canonical: [...found.canonical],
        gone: found.gone,
      }
    )
  }
  const NONE = {
    everyone: false,
    accounts: [],
    arns: [],
    services: [],
    federated: [],
    canonical: [],
    gone: [],
  }

  it('is everyone, or what it names of each kind', () => {
    expect([read('*'), read({ AWS: '*' }), read({ AWS: ['*', STRANGER] })]).toEqual([
      { ...NONE, everyone: true },
      { ...NONE, everyone: true },
      { ...NONE, everyone: true, accounts: [STRANGER] },
    ])
    expect(read({ Service: 'a', Federated: ['b', 'c'], CanonicalUser: 'd' })).toEqual({
      ...NONE,
      services: ['a'],
      federated: ['b', 'c'],
      canonical: ['d'],
    })
    expect(parsePrincipals(undefined)).toBeUndefined()
  })

  it.each([
    [STRANGER, 'accounts'],
    [`arn:aws:iam::${STRANGER}:root`, 'accounts'],
    [`arn:aws-us-gov:iam::${STRANGER}:root`, 'accounts'],
    [`arn:aws:iam::${STRANGER}:user/a`, 'arns'],
    [`arn:aws-cn:iam::${STRANGER}:role/a/b`, 'arns'],
    [`arn:aws:sts::${STRANGER}:assumed-role/a/s`, 'arns'],
    [`arn:aws:sts::${STRANGER}:federated-user/a`, 'arns'],
    ['arn:aws:iam::cloudfront:user/x', 'arns'],
    ['AROAEXAMPLEEXAMPLE000', 'gone'],
    ['AIDA12345678901', undefined],
    ['AROAEXAMPLEEXAMPLE000x', undefined],
    ['xAROAEXAMPLEEXAMPLE000', undefined],
    ['ROAEXAMPLEEXAMPLE000', undefined],
    [`arn:aws:iam::${STRANGER}:group/a`, undefined],
    [`arn:aws:iam::${STRANGER}:role/`, undefined],
    [`arn:aws:iam::${STRANGER}:role/a*`, undefined],
    [`arn:aws:iam::${STRANGER}:user/a?`, undefined],
    [`arn:aws:iam::${STRANGER}:rootx`, undefined],
    [`xarn:aws:iam::${STRANGER}:root`, undefined],
    ['arn:aws:iam::*:root', undefined],
    [`arn:aws:s3::${STRANGER}:role/a`, undefined],
    [`${STRANGER}0`, undefined],
    [`0${STRANGER}`, undefined],
    ['arn:aws:iam::12:root', undefined],
  ])('%s is of %s', (name, kind) => {
    const account = name.match(/\d{12}/)?.[0] ?? ''
    const value = kind === 'accounts' ? account : name
    expect(read({ AWS: name })).toEqual(kind === undefined ? NONE : { ...NONE, [kind]: [value] })
  })

  it('that is no such element names nobody', () => {
    for (const json of ['x', null, ['*'], 7, {}, { AWS: 7 }, { AWS: null }, { toString: '*' }] as Json[])
      expect([json, read(json)]).toEqual([json, NONE])
  })

  it('finds the account in an ARN', () => {
    expect(
      [
        `arn:aws:sqs:eu:${STRANGER}:a`,
        `arn:aws:iam::${STRANGER}:root`,
        'arn:aws:s3:::a',
        `arn:aws:sqs:eu:${STRANGER}`,
        `arn:aws:sqs:eu:${STRANGER}0:a`,
        `xrn:aws:sqs:eu:${STRANGER}:a`,
        'arn:aws',
        'arn:aws:a:b',
        '',
        'arn:aws:sqs:eu:77778888999x:a',
      ].map((arn) => accountOf(arn) ?? null),
    ).toEqual([STRANGER, STRANGER, null, null, null, null, null, null, null, null])
  })
})

describe('who is meant by a Principal', () => {
  const ROLE = `arn:aws:iam::${STRANGER}:role/team/app`
  const SESSION = `arn:aws:sts::${STRANGER}:assumed-role/app/s1`
  const USER = `arn:aws:iam::${STRANGER}:user/ann`
  const who: Readonly<Record<string, Caller>> = {
    anonymous: { kind: 'anonymous' },
    root: { kind: 'principal', account: STRANGER, arn: `arn:aws:iam::${STRANGER}:root` },
    user: { kind: 'principal', account: STRANGER, arn: USER },
    role: { kind: 'principal', account: STRANGER, arn: ROLE, sessionArn: SESSION },
    session: {
      kind: 'principal',
      account: STRANGER,
      arn: `arn:aws:iam::${STRANGER}:role/app`,
      sessionArn: SESSION,
      bySession: true,
    },
    canonical: { kind: 'principal', account: STRANGER, arn: USER, canonical: 'c' },
    other: { kind: 'principal', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ann` },
    nobody: { kind: 'principal', account: null },
    service: { kind: 'service', service: 's' },
    provider: { kind: 'federated', provider: 'p' },
    id: { kind: 'canonical', account: null, canonical: 'c' },
  }
  const those = (test: typeof covers, json: Json): string[] => {
    const principals = parsePrincipals(json)
    if (!principals) throw new Error('no principals')
    return Object.keys(who).filter((name) => test(principals, who[name] ?? { kind: 'anonymous' }))
  }

  it('is covered by everyone, its account, its ARN, its session, its canonical id', () => {
    expect(those(covers, '*')).toEqual(Object.keys(who))
    expect(those(covers, { AWS: STRANGER })).toEqual(['root', 'user', 'role', 'session', 'canonical'])
    expect(those(covers, { AWS: USER })).toEqual(['user', 'canonical'])
    expect(those(covers, { AWS: ROLE })).toEqual(['role', 'session'])
    expect(those(covers, { AWS: SESSION })).toEqual(['role', 'session'])
    expect(those(covers, { AWS: `arn:aws:iam::${STRANGER}:role/app2` })).toEqual([])
    expect(those(covers, { AWS: `arn:aws:iam::${ACCOUNT}:role/app` })).toEqual([])
    expect(those(covers, { CanonicalUser: 'c' })).toEqual(['canonical', 'id'])
    expect(those(covers, { Service: 's' })).toEqual(['service'])
    expect(those(covers, { Federated: 'p' })).toEqual(['provider'])
    expect(those(covers, { Service: '', Federated: '', CanonicalUser: '' })).toEqual([])
  })

  it('is spared by a Deny only where the account and the principal are both named', () => {
    expect(those(spares, '*')).toEqual(Object.keys(who))
    expect(those(spares, { AWS: STRANGER })).toEqual(['root'])
    expect(those(spares, { AWS: USER })).toEqual([])
    expect(those(spares, { AWS: [STRANGER, USER] })).toEqual(['root', 'user', 'canonical'])
    expect(those(spares, { AWS: [STRANGER, ROLE] })).toEqual(['root', 'role', 'session'])
    expect(those(spares, { AWS: [STRANGER, SESSION] })).toEqual(['root'])
    expect(those(spares, { CanonicalUser: 'c' })).toEqual(['canonical', 'id'])
    expect(those(spares, { Service: 's', Federated: 'p' })).toEqual(['service', 'provider'])
  })
})
