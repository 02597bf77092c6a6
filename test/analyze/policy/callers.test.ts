/** The callers that a policy can tell apart: whom it names, one of each kind that it does not, and what each is called. */
import { describe, expect, it } from 'vitest'
import { accessOf } from '../../../src/analyze/policy/access.ts'
import { type CallerOptions, callersOf } from '../../../src/analyze/policy/callers.ts'
import type { Caller } from '../../../src/analyze/policy/principal.ts'
import type { Json } from '../../../src/snapshot/model.ts'
import {
  ACCOUNT,
  allow,
  boundIn,
  deny,
  inputOf,
  MEMBER,
  ORG,
  ORGANIZATION,
  PARTNER,
  STRANGER,
  SURROUNDINGS,
  when,
} from './parts.ts'

const OPTIONS: CallerOptions = {
  account: ACCOUNT,
  partition: 'aws',
  organization: ORGANIZATION,
  trustedAccounts: [],
  principalIds: undefined,
  canonicalIds: undefined,
  anonymous: false,
  federated: false,
}
const NOWHERE: CallerOptions = {
  ...OPTIONS,
  organization: { id: null, accounts: new Map(), complete: true, unread: [] },
}

const shown = (value: string | null | undefined): string => (value === null ? 'unknown' : (value ?? '-'))

function who({
  kind,
  arn,
  provider,
  service,
  canonical,
  userId,
  org,
  orgPath,
  sessionArn,
  bySession,
}: Caller): string[] {
  return [
    (bySession ? sessionArn : arn) ?? provider ?? service ?? canonical ?? kind,
    `org ${shown(org)}`,
    `path ${shown(orgPath)}`,
    `id ${shown(userId)}`,
  ]
}

/** A line a candidate: what it is to the owner, what it is called, who asks, its organization, path and unique id. */
function all(statements: readonly Json[], options: Partial<CallerOptions> = {}): string[] {
  const found = callersOf(boundIn(...statements), { ...OPTIONS, ...options }, { happened: false })
  return found.map(({ audience, label, caller, whole, named }) =>
    [
      audience,
      label,
      ...who(caller),
      ...(whole === undefined ? [] : [whole ? 'whole' : 'part']),
      ...(named === undefined ? [] : [named ? 'named' : 'not named']),
      ...(caller.canonical !== undefined && caller.kind === 'principal'
        ? [`canonical ${caller.canonical.slice(0, 4)}`]
        : []),
    ].join(' | '),
  )
}

/** What all have is left out: the service that nobody names, which comes last. */
const callers = (statements: readonly Json[], options: Partial<CallerOptions> = {}): string[] =>
  all(statements, options).filter((line) => !line.startsWith('service | * |'))

describe('whom nothing names', () => {
  it('is a stranger, a member, the own account, a service', () => {
    expect(all([allow('*')])).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'member | o-a1b2c3d4e5 | arn:aws:iam::999999999999:role/any | org o-a1b2c3d4e5 | path unknown | id AROAANYONEANYONEANYON:session | whole',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org o-a1b2c3d4e5 | path unknown | id AROAANYONEANYONEANYON:session',
      'service | * | any.amazonaws.com | org - | path - | id - | not named',
    ])
  })

  it('is no member where the account is in no organization, or it is not known', () => {
    expect(all([allow('*')], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'service | * | any.amazonaws.com | org - | path - | id - | not named',
    ])
    const unknown = { organization: { accounts: new Map(), complete: false, unread: [] } }
    expect(all([allow('*')], unknown)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org unknown | path unknown | id AROAANYONEANYONEANYON:session',
      'service | * | any.amazonaws.com | org - | path - | id - | not named',
    ])
  })

  it('is anonymous, too, where AWS takes such requests', () => {
    expect(all([allow('*')], { ...NOWHERE, anonymous: true })[0]).toEqual(
      'outsider | anonymous | anonymous | org - | path - | id anonymous',
    )
  })

  it('is of a partition', () => {
    expect(callers([allow('*')], { ...NOWHERE, partition: 'aws-cn' })).toEqual([
      'outsider | anyone | arn:aws-cn:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws-cn:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
    ])
  })
})

describe('an account', () => {
  it('is named by its id or its root, trusted by the settings, and a member where the organization lists it', () => {
    const named = allow({ AWS: [STRANGER, `arn:aws:iam::${MEMBER}:root`] })
    expect(callers([named], { trustedAccounts: [PARTNER] })).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'member | o-a1b2c3d4e5 | arn:aws:iam::999999999999:role/any | org o-a1b2c3d4e5 | path unknown | id AROAANYONEANYONEANYON:session | whole',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org o-a1b2c3d4e5 | path unknown | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 222233334444 | arn:aws:iam::222233334444:role/any | org o-a1b2c3d4e5 | path unknown | id AROAANYONEANYONEANYON:session',
      'account | 444455556666 | arn:aws:iam::444455556666:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
    ])
  })

  it('is the stranger’s no more once it is named', () => {
    expect(callers([allow({ AWS: '999999999999' })], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::888888888888:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 999999999999 | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
    ])
  })

  it('is known where its path is', () => {
    const accounts = new Map([
      [ACCOUNT, `${ORG}/r-1/ou-1/`],
      [MEMBER, `${ORG}/r-1/`],
    ])
    expect(callers([allow({ AWS: MEMBER })], { organization: { ...ORGANIZATION, accounts } })).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'member | o-a1b2c3d4e5 | arn:aws:iam::999999999999:role/any | org o-a1b2c3d4e5 | path unknown | id AROAANYONEANYONEANYON:session | whole',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org o-a1b2c3d4e5 | path o-a1b2c3d4e5/r-1/ou-1/ | id AROAANYONEANYONEANYON:session',
      'account | 222233334444 | arn:aws:iam::222233334444:role/any | org o-a1b2c3d4e5 | path o-a1b2c3d4e5/r-1/ | id AROAANYONEANYONEANYON:session',
    ])
  })

  it('is of a pattern that leaves it open: anyone’s, and not those that are named', () => {
    expect(callers([when({ StringLike: { 'aws:PrincipalAccount': ['7777*', STRANGER] } })], NOWHERE)).toEqual(
      [
        'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
        'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
        'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
        'outsider | anyone | arn:aws:iam::777777777777:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      ],
    )
    expect(callers([when({ StringLike: { 'kms:CallerAccount': '1111*' } })], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | anyone | arn:aws:iam::111111111111:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
    ])
    expect(callers([when({ StringEquals: { 'aws:SourceOwner': [STRANGER, 'x'] } })], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
    ])
  })
})

describe('a principal', () => {
  const user = `arn:aws:iam::${STRANGER}:user/team/ann`
  const role = `arn:aws:iam::${STRANGER}:role/team/app`

  it('is a user, a role with its sessions, or one session', () => {
    expect(
      callers([allow({ AWS: [user, role, `arn:aws:sts::${STRANGER}:assumed-role/app/s1`] })], NOWHERE),
    ).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:user/team/ann | org - | path - | id AIDAANYONEANYONEANYON',
      'account | 777788889999 | arn:aws:iam::777788889999:role/team/app | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:sts::777788889999:assumed-role/app/s1 | org - | path - | id AROAANYONEANYONEANYON:s1',
    ])
  })

  it('has sessions under its name alone', () => {
    const found = callersOf(boundIn(allow({ AWS: [role] })), { ...OPTIONS, ...NOWHERE }, { happened: false })
    expect(found.flatMap(({ caller }) => caller.sessionArn ?? [])).toEqual([
      'arn:aws:sts::999999999999:assumed-role/any/session',
      'arn:aws:sts::111122223333:assumed-role/any/session',
      'arn:aws:sts::777788889999:assumed-role/any/session',
      'arn:aws:sts::777788889999:assumed-role/app/session',
    ])
  })

  it('of the own account is the own account’s', () => {
    expect(callers([allow({ AWS: `arn:aws:iam::${ACCOUNT}:user/ann` })], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:user/ann | org - | path - | id AIDAANYONEANYONEANYON',
    ])
  })

  it('is told apart by its ARN, its name, its kind where a rule asks for them', () => {
    expect(
      callers([when({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${STRANGER}:role/app-*` } })], NOWHERE),
    ).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | anyone | arn:aws:iam::999999999999:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:root | org - | path - | id 999999999999',
      'outsider | anyone | arn:aws:sts::999999999999:federated-user/any | org - | path - | id 999999999999:any',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:root | org - | path - | id 111122223333',
      'own | 111122223333 | arn:aws:sts::111122223333:federated-user/any | org - | path - | id 111122223333:any',
      'account | 777788889999 | arn:aws:iam::777788889999:role/app-any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'account | 777788889999 | arn:aws:iam::777788889999:root | org - | path - | id 777788889999',
      'account | 777788889999 | arn:aws:sts::777788889999:federated-user/any | org - | path - | id 777788889999:any',
    ])
    expect(callers([when({ StringEquals: { 'aws:username': 'ann' } })], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | anyone | arn:aws:iam::999999999999:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:user/ann | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:root | org - | path - | id 999999999999',
      'outsider | anyone | arn:aws:sts::999999999999:federated-user/any | org - | path - | id 999999999999:any',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:user/ann | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:root | org - | path - | id 111122223333',
      'own | 111122223333 | arn:aws:sts::111122223333:federated-user/any | org - | path - | id 111122223333:any',
    ])
    expect(callers([when({ StringEquals: { 'aws:PrincipalType': 'User' } })], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | anyone | arn:aws:iam::999999999999:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:root | org - | path - | id 999999999999',
      'outsider | anyone | arn:aws:sts::999999999999:federated-user/any | org - | path - | id 999999999999:any',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:root | org - | path - | id 111122223333',
      'own | 111122223333 | arn:aws:sts::111122223333:federated-user/any | org - | path - | id 111122223333:any',
    ])
    expect(
      callers([{ ...deny(), Principal: undefined, NotPrincipal: { AWS: user } } as unknown as Json], NOWHERE),
    ).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | anyone | arn:aws:iam::999999999999:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:root | org - | path - | id 999999999999',
      'outsider | anyone | arn:aws:sts::999999999999:federated-user/any | org - | path - | id 999999999999:any',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:root | org - | path - | id 111122223333',
      'own | 111122223333 | arn:aws:sts::111122223333:federated-user/any | org - | path - | id 111122223333:any',
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'account | 777788889999 | arn:aws:iam::777788889999:root | org - | path - | id 777788889999',
      'account | 777788889999 | arn:aws:sts::777788889999:federated-user/any | org - | path - | id 777788889999:any',
      'account | 777788889999 | arn:aws:iam::777788889999:user/team/ann | org - | path - | id AIDAANYONEANYONEANYON',
    ])
  })

  it('is told apart where a variable stands for its name', () => {
    const home = { StringLike: { 's3:prefix': [`home/$${'{aws:username}'}/*`, 'home/ann/x'] } }
    expect(callers([when(home)], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | anyone | arn:aws:iam::999999999999:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:user/home | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:user/ann | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:user/x | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:root | org - | path - | id 999999999999',
      'outsider | anyone | arn:aws:sts::999999999999:federated-user/any | org - | path - | id 999999999999:any',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:user/home | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:user/ann | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:user/x | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:root | org - | path - | id 111122223333',
      'own | 111122223333 | arn:aws:sts::111122223333:federated-user/any | org - | path - | id 111122223333:any',
    ])
  })

  it('of no name that IAM takes is nobody', () => {
    expect(
      callers([when({ StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/a*` } })], NOWHERE),
    ).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | anyone | arn:aws:iam::999999999999:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:root | org - | path - | id 999999999999',
      'outsider | anyone | arn:aws:sts::999999999999:federated-user/any | org - | path - | id 999999999999:any',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:root | org - | path - | id 111122223333',
      'own | 111122223333 | arn:aws:sts::111122223333:federated-user/any | org - | path - | id 111122223333:any',
    ])
  })

  it('that CloudFront made is a service', () => {
    const identity = 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1'
    expect(callers([allow({ AWS: identity })], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'service | cloudfront.amazonaws.com | arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1 | org - | path - | id - | named',
    ])
  })
})

describe('a unique id', () => {
  const ROLE = 'AROAEXAMPLEEXAMPLE000'
  const USER = 'AIDAEXAMPLEEXAMPLE000'
  const asked = (...ids: string[]) => [when({ StringLike: { 'aws:userid': ids } })]

  it('is its owner’s alone, whose account may be known', () => {
    expect(callers(asked(`${ROLE}:*`, USER, '*'), NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | anyone | arn:aws:iam::999999999999:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'outsider | anyone | arn:aws:iam::999999999999:root | org - | path - | id 999999999999',
      'outsider | anyone | arn:aws:sts::999999999999:federated-user/any | org - | path - | id 999999999999:any',
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:any',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'own | 111122223333 | arn:aws:iam::111122223333:root | org - | path - | id 111122223333',
      'own | 111122223333 | arn:aws:sts::111122223333:federated-user/any | org - | path - | id 111122223333:any',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:any',
      'id | AROAEXAMPLEEXAMPLE000 | arn:aws:iam:::role/any | org unknown | path unknown | id AROAEXAMPLEEXAMPLE000:any',
      'id | AIDAEXAMPLEEXAMPLE000 | arn:aws:iam:::user/any | org unknown | path unknown | id AIDAEXAMPLEEXAMPLE000',
    ])
    const principalIds = new Map([
      [ROLE, ACCOUNT],
      [USER, STRANGER],
    ])
    expect(
      callers(asked(`${ROLE}:app`, USER), { ...NOWHERE, principalIds }).filter((line) =>
        /EXAMPLE/.test(line),
      ),
    ).toEqual([
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org unknown | path unknown | id AROAEXAMPLEEXAMPLE000:app',
      'account | 777788889999 | arn:aws:iam::777788889999:user/any | org unknown | path unknown | id AIDAEXAMPLEEXAMPLE000',
    ])
  })

  it('of the root user is its account', () => {
    expect(callers(asked(STRANGER), NOWHERE).filter((line) => line.startsWith('account'))).toEqual([
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:user/any | org - | path - | id AIDAANYONEANYONEANYON',
      'account | 777788889999 | arn:aws:iam::777788889999:root | org - | path - | id 777788889999',
      'account | 777788889999 | arn:aws:sts::777788889999:federated-user/any | org - | path - | id 777788889999:any',
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:any',
    ])
  })

  it('goes with each principal that is named, of its kind', () => {
    const statements = [
      ...asked('AROA*:app'),
      allow({ AWS: [`arn:aws:iam::${STRANGER}:role/app`, `arn:aws:iam::${STRANGER}:user/ann`] }),
    ]
    expect(callers(statements, NOWHERE).filter((line) => /role\/app|user\/ann/.test(line))).toEqual([
      'account | 777788889999 | arn:aws:iam::777788889999:role/app | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:role/app | org - | path - | id AROAANYONEANYONEANYON:any',
      'account | 777788889999 | arn:aws:iam::777788889999:role/app | org - | path - | id AROAANYONEANYONEANYON:app',
      'account | 777788889999 | arn:aws:iam::777788889999:user/ann | org - | path - | id AIDAANYONEANYONEANYON',
    ])
  })
})

describe('an organization', () => {
  const org = (...ids: string[]) => when({ StringEquals: { 'aws:PrincipalOrgID': ids } })

  it('is the own one, another that is named, or a stranger’s', () => {
    expect(callers([org(ORG, 'o-zzzzzzzzzz', 'o-bad')])).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | o-anyoneelse | arn:aws:iam::999999999999:role/any | org o-anyoneelse | path o-anyoneelse/any/ | id AROAANYONEANYONEANYON:session | whole',
      'member | o-a1b2c3d4e5 | arn:aws:iam::999999999999:role/any | org o-a1b2c3d4e5 | path o-a1b2c3d4e5/any/ | id AROAANYONEANYONEANYON:session | whole',
      'foreign-org | o-zzzzzzzzzz | arn:aws:iam::999999999999:role/any | org o-zzzzzzzzzz | path o-zzzzzzzzzz/any/ | id AROAANYONEANYONEANYON:session | whole',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org o-a1b2c3d4e5 | path unknown | id AROAANYONEANYONEANYON:session',
    ])
  })

  it('of a pattern is anybody’s', () => {
    expect(callers([when({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } })], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | o-anyoneelse | arn:aws:iam::999999999999:role/any | org o-anyoneelse | path o-anyoneelse/any/ | id AROAANYONEANYONEANYON:session | whole',
      'outsider | o-oooooooooo | arn:aws:iam::999999999999:role/any | org o-oooooooooo | path o-oooooooooo/any/ | id AROAANYONEANYONEANYON:session | whole',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
    ])
    expect(callers([when({ StringLike: { 'aws:PrincipalOrgID': 'o-zzzzzzzzzz*' } })], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | o-anyoneelse | arn:aws:iam::999999999999:role/any | org o-anyoneelse | path o-anyoneelse/any/ | id AROAANYONEANYONEANYON:session | whole',
      'outsider | o-oooooooooo | arn:aws:iam::999999999999:role/any | org o-oooooooooo | path o-oooooooooo/any/ | id AROAANYONEANYONEANYON:session | whole',
      'foreign-org | o-zzzzzzzzzz | arn:aws:iam::999999999999:role/any | org o-zzzzzzzzzz | path o-zzzzzzzzzz/any/ | id AROAANYONEANYONEANYON:session | whole',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
    ])
  })

  it('of a pattern is anybody’s though another pattern fixes one', () => {
    const either = when({ StringLike: { 'aws:PrincipalOrgID': ['o-zzzzzzzzzz*', 'o-o*'] } })
    expect(accessOf(inputOf([either]), SURROUNDINGS).exposure).toBe('public')
    const fixed = when({ StringLike: { 'aws:PrincipalOrgID': 'o-zzzzzzzzzz*' } })
    expect(accessOf(inputOf([fixed]), SURROUNDINGS).exposure).toBe('external-unknown')
  })

  it('is that of its paths, each of which is a part of it', () => {
    const paths = (...values: string[]) =>
      when({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': values } })
    expect(callers([paths(`${ORG}/r-abcd/ou-1/*`, `${ORG}/*`)])).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | o-anyoneelse | arn:aws:iam::999999999999:role/any | org o-anyoneelse | path o-anyoneelse/any/ | id AROAANYONEANYONEANYON:session | whole',
      'member | o-a1b2c3d4e5/r-abcd/ou-1/* | arn:aws:iam::999999999999:role/any | org o-a1b2c3d4e5 | path o-a1b2c3d4e5/r-abcd/ou-1/any/ | id AROAANYONEANYONEANYON:session | part',
      'member | o-a1b2c3d4e5 | arn:aws:iam::999999999999:role/any | org o-a1b2c3d4e5 | path o-a1b2c3d4e5/any/ | id AROAANYONEANYONEANYON:session | whole',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org o-a1b2c3d4e5 | path unknown | id AROAANYONEANYONEANYON:session',
    ])
    expect(callers([paths('o-zzzzzzzzzz/r-abcd', 'o-zzzzzzzzzz/r-abcd/ou-*')], NOWHERE)).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | o-anyoneelse | arn:aws:iam::999999999999:role/any | org o-anyoneelse | path o-anyoneelse/any/ | id AROAANYONEANYONEANYON:session | whole',
      'foreign-org | o-zzzzzzzzzz | arn:aws:iam::999999999999:role/any | org o-zzzzzzzzzz | path o-zzzzzzzzzz/r-abcd/ | id AROAANYONEANYONEANYON:session | whole',
      'foreign-org | o-zzzzzzzzzz/r-abcd/ou-* | arn:aws:iam::999999999999:role/any | org o-zzzzzzzzzz | path o-zzzzzzzzzz/r-abcd/ou-any/ | id AROAANYONEANYONEANYON:session | part',
      'foreign-org | o-zzzzzzzzzz | arn:aws:iam::999999999999:role/any | org o-zzzzzzzzzz | path o-zzzzzzzzzz/any/ | id AROAANYONEANYONEANYON:session | whole',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
    ])
  })

  it('may have a named account that it does not list, only where its list is not all', () => {
    const statements = [org(ORG), allow({ AWS: STRANGER })]
    expect(callers(statements).filter((line) => line.startsWith('account'))).toEqual([
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org o-anyoneelse | path o-anyoneelse/any/ | id AROAANYONEANYONEANYON:session',
    ])
    expect(
      callers(statements, { organization: { ...ORGANIZATION, complete: false } }).filter((line) =>
        line.startsWith('account'),
      ),
    ).toEqual([
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org o-anyoneelse | path o-anyoneelse/any/ | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org o-a1b2c3d4e5 | path o-a1b2c3d4e5/any/ | id AROAANYONEANYONEANYON:session',
    ])
  })

  it('has an account of a pattern, which is anyone’s elsewhere', () => {
    const statements = [org(ORG), when({ StringLike: { 'aws:PrincipalAccount': '7777*' } })]
    expect(callers(statements).filter((line) => line.includes('::7777'))).toEqual([
      'outsider | anyone | arn:aws:iam::777777777777:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | o-anyoneelse | arn:aws:iam::777777777777:role/any | org o-anyoneelse | path o-anyoneelse/any/ | id AROAANYONEANYONEANYON:session | whole',
    ])
    expect(
      callers(statements, { organization: { ...ORGANIZATION, complete: false } }).filter((line) =>
        line.includes('::7777'),
      ),
    ).toEqual([
      'outsider | anyone | arn:aws:iam::777777777777:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'outsider | o-anyoneelse | arn:aws:iam::777777777777:role/any | org o-anyoneelse | path o-anyoneelse/any/ | id AROAANYONEANYONEANYON:session | whole',
      'member | o-a1b2c3d4e5 | arn:aws:iam::777777777777:role/any | org o-a1b2c3d4e5 | path o-a1b2c3d4e5/any/ | id AROAANYONEANYONEANYON:session | whole',
    ])
  })
})

describe('a service, a provider, a canonical id', () => {
  const OIDC = `arn:aws:iam::${ACCOUNT}:oidc-provider/login.corp.example`

  it('is a service that a statement or a condition names', () => {
    expect(
      all(
        [
          allow({ Service: ['sns.amazonaws.com', 's3.amazonaws.com'] }),
          when({ StringLike: { 'aws:PrincipalServiceName': 'ses*.amazonaws.com' } }),
        ],
        NOWHERE,
      ).filter((line) => line.startsWith('service')),
    ).toEqual([
      'service | sns.amazonaws.com | sns.amazonaws.com | org - | path - | id - | named',
      'service | s3.amazonaws.com | s3.amazonaws.com | org - | path - | id - | named',
      'service | sesany.amazonaws.com | sesany.amazonaws.com | org - | path - | id - | named',
      'service | * | any.amazonaws.com | org - | path - | id - | not named',
    ])
  })

  it('is, of a role, each provider that is named or whose claims are asked for, and the one that is built in', () => {
    const federated = (statements: readonly Json[], options: Partial<CallerOptions> = { federated: true }) =>
      all(statements, { ...NOWHERE, ...options }).filter((line) => line.startsWith('federated'))
    expect(federated([allow({ Federated: OIDC })])).toEqual([
      'federated | arn:aws:iam::111122223333:oidc-provider/login.corp.example | arn:aws:iam::111122223333:oidc-provider/login.corp.example | org - | path - | id - | named',
      'federated | accounts.google.com | accounts.google.com | org - | path - | id - | not named',
    ])
    expect(
      federated([
        when({
          StringEquals: {
            'token.actions.githubusercontent.com:sub': 'x',
            'accounts.google.com:sub': 'x',
            'cognito-identity.amazonaws.com:aud': 'x',
            'SAML:aud': 'x',
          },
        }),
      ]),
    ).toEqual([
      'federated | arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com | arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com | org - | path - | id - | not named',
      'federated | accounts.google.com | accounts.google.com | org - | path - | id - | not named',
      'federated | cognito-identity.amazonaws.com | cognito-identity.amazonaws.com | org - | path - | id - | not named',
      'federated | arn:aws:iam::111122223333:saml-provider/any | arn:aws:iam::111122223333:saml-provider/any | org - | path - | id - | not named',
    ])
    expect(federated([when({ StringLike: { 'aws:FederatedProvider': '*.example' } })])).toEqual([
      'federated | any.example | any.example | org - | path - | id - | named',
      'federated | accounts.google.com | accounts.google.com | org - | path - | id - | not named',
    ])
    // Of another resource, whom an Allow names.
    expect(federated([allow({ Federated: OIDC }), allow('*')], {})).toEqual([
      'federated | arn:aws:iam::111122223333:oidc-provider/login.corp.example | arn:aws:iam::111122223333:oidc-provider/login.corp.example | org - | path - | id - | named',
    ])
    expect(federated([{ ...deny(), Principal: { Federated: OIDC } }], {})).toEqual([])
  })

  it('is a canonical id whose account is not known', () => {
    const [known, unknown] = ['a'.repeat(64), 'b'.repeat(64)]
    expect(
      callers([allow({ CanonicalUser: [known, unknown], AWS: STRANGER })], {
        ...NOWHERE,
        canonicalIds: new Map([[known, STRANGER]]),
      }),
    ).toEqual([
      'outsider | anyone | arn:aws:iam::999999999999:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'own | 111122223333 | arn:aws:iam::111122223333:role/any | org - | path - | id AROAANYONEANYONEANYON:session',
      'account | 777788889999 | arn:aws:iam::777788889999:role/any | org - | path - | id AROAANYONEANYONEANYON:session | canonical aaaa',
      'canonical | bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb | bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb | org - | path - | id -',
    ])
  })
})
