/** What a request carries: by its caller, its action, the way it comes, and the resource that it is for. */
import { describe, expect, it } from 'vitest'
import { actionClasses } from '../../../src/analyze/policy/action-classes.ts'
import { type Action, actionsOf } from '../../../src/analyze/policy/actions.ts'
import { bindingsOf } from '../../../src/analyze/policy/bindings.ts'
import { callerKey } from '../../../src/analyze/policy/caller-keys.ts'
import type { Candidate } from '../../../src/analyze/policy/callers.ts'
import { canAsk, possible } from '../../../src/analyze/policy/carried.ts'
import { keyFacts } from '../../../src/analyze/policy/condition-key.ts'
import { constantsOf } from '../../../src/analyze/policy/constants.ts'
import { dimensionName, dimensionOf } from '../../../src/analyze/policy/dimension.ts'
import type { PolicyInput } from '../../../src/analyze/policy/input.ts'
import type { Caller } from '../../../src/analyze/policy/principal.ts'
import { matchesRequest } from '../../../src/analyze/policy/requests.ts'
import { resourceAtoms } from '../../../src/analyze/policy/resource-values.ts'
import type { Path } from '../../../src/analyze/policy/world.ts'
import type { Json, JsonObject } from '../../../src/snapshot/model.ts'
import {
  ACCOUNT,
  allow,
  boundIn,
  conditionsOf,
  deny,
  inputOf,
  ORG,
  ORGANIZATION,
  rulesIn,
  STRANGER,
  SURROUNDINGS,
  when,
} from './parts.ts'

const OIDC = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`
const CALLERS: Readonly<Record<string, Caller>> = {
  anonymous: { kind: 'anonymous', userId: 'anonymous' },
  principal: { kind: 'principal', account: STRANGER, arn: `arn:aws:iam::${STRANGER}:role/app` },
  service: { kind: 'service', service: 'sns.amazonaws.com' },
  federated: { kind: 'federated', provider: OIDC },
  saml: { kind: 'federated', provider: `arn:aws:iam::${ACCOUNT}:saml-provider/corp` },
  canonical: { kind: 'canonical', account: null, canonical: 'c' },
}
const candidate = (name: string): Candidate => ({
  caller: CALLERS[name] ?? { kind: 'anonymous' },
  audience: 'account',
  label: '',
})
const action = (type: string, name: string): Action => {
  const found = actionsOf(type).find((one) => one.name === name)
  if (!found) throw new Error(name)
  return found
}

describe('a key', () => {
  /** By caller: `always`, `never`, or `may`. */
  function presence(key: string, path: Path = 'internet', of?: Action): Record<string, string> {
    const dimension = dimensionOf(
      dimensionName(key.toLowerCase()) ?? '',
      conditionsOf({ StringEquals: { [key]: 'vpc-1' } }),
      { account: ACCOUNT, organization: ORGANIZATION, buckets: undefined, accessPoints: [] },
      { happened: false },
    )
    return Object.fromEntries(
      ['anonymous', 'principal', 'service', 'federated', 'canonical'].map((name) => {
        const found = possible(dimension, candidate(name), of, path)
        const absent = found.includes(0)
        return [name, found.length === 1 && absent ? 'never' : absent ? 'may' : 'always']
      }),
    )
  }
  const all = (how: string) => ({
    anonymous: how,
    principal: how,
    service: how,
    federated: how,
    canonical: how,
  })

  it('that the caller sets at will may be there', () => {
    expect(presence('aws:Referer')).toEqual(all('may'))
  })

  it('of a signed request is never there without a signature', () => {
    expect(presence('aws:PrincipalTag/team')).toEqual({ ...all('never'), principal: 'may' })
  })

  it('of an address is there over the internet, but not with a service', () => {
    expect(presence('aws:SourceIp')).toEqual({ ...all('always'), service: 'never' })
    expect(presence('aws:SourceIp', 'endpoint')).toEqual(all('never'))
  })

  it('of a VPC is there over its endpoint, some of them always', () => {
    for (const key of ['aws:SourceVpc', 'aws:SourceVpce', 'aws:VpcSourceIp']) {
      expect([key, presence(key)]).toEqual([key, all('never')])
      expect([key, presence(key, 'endpoint')]).toEqual([key, { ...all('always'), service: 'never' }])
    }
    for (const key of ['aws:SourceVpcArn', 'aws:VpceAccount', 'aws:VpceOrgID', 'aws:VpceOrgPaths']) {
      expect([key, presence(key)]).toEqual([key, all('never')])
      expect([key, presence(key, 'endpoint')]).toEqual([key, { ...all('may'), service: 'never' }])
    }
  })

  it('of a service’s source is a service’s alone', () => {
    expect(presence('aws:SourceAccount')).toEqual({ ...all('never'), service: 'always' })
  })

  it('of a token is in its provider’s tokens: subject and audience always, others perhaps', () => {
    const host = 'token.actions.githubusercontent.com'
    expect(presence(`${host}:sub`)).toEqual({ ...all('never'), federated: 'always' })
    expect(presence(`${host}:aud`)).toEqual({ ...all('never'), federated: 'always' })
    expect(presence(`${host}:ref`)).toEqual({ ...all('never'), federated: 'may' })
    expect(presence('accounts.google.com:sub')).toEqual(all('never'))
    expect(presence(`${host}:subject`)).toEqual({ ...all('never'), federated: 'may' })
  })

  it('of some actions is not there with others', () => {
    const put = action('AWS::S3::Bucket', 's3:PutObject')
    const get = action('AWS::S3::Bucket', 's3:GetObject')
    expect(presence('s3:x-amz-acl', 'internet', put)).toEqual(all('may'))
    expect(presence('s3:x-amz-acl', 'internet', get)).toEqual(all('never'))
    expect(presence('s3:x-amz-acl')).toEqual(all('may'))
  })

  it('of the service in between is a principal’s', () => {
    const dimension = dimensionOf(
      'via',
      conditionsOf({ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }),
      { account: ACCOUNT, organization: ORGANIZATION, buckets: undefined, accessPoints: [] },
      { happened: false },
    )
    expect(
      ['anonymous', 'principal', 'service'].map((name) =>
        possible(dimension, candidate(name), undefined, 'internet'),
      ),
    ).toEqual([[0], [0, 1, 2, 3], [0]])
  })

  it('that is an ARN of the caller’s account names no other', () => {
    const dimension = dimensionOf(
      'lambda:sourcefunctionarn',
      conditionsOf({
        ArnEquals: {
          'lambda:SourceFunctionArn': [
            `arn:aws:lambda:eu:${STRANGER}:function:f`,
            `arn:aws:lambda:eu:${ACCOUNT}:function:f`,
          ],
        },
      }),
      { account: ACCOUNT, organization: ORGANIZATION, buckets: undefined, accessPoints: [] },
      { happened: false },
    )
    const found = possible(dimension, candidate('principal'), undefined, 'internet')
    expect(found.map((at) => dimension.atoms[at]?.label)).toEqual([
      '',
      `arn:aws:lambda:eu:${STRANGER}:function:f`,
      'any',
    ])
  })
})

describe('an action', () => {
  it('is asked of a role by those whom STS takes it from', () => {
    const asks = (name: string) =>
      Object.keys(CALLERS).filter((who) => canAsk(candidate(who), action('AWS::IAM::Role', name)))
    expect(asks('sts:AssumeRole')).toEqual(['anonymous', 'principal', 'service', 'canonical'])
    expect(asks('sts:AssumeRoleWithSAML')).toEqual(['saml'])
    expect(asks('sts:AssumeRoleWithWebIdentity')).toEqual(['federated'])
    expect(asks('sts:TagSession')).toEqual(Object.keys(CALLERS))
  })

  it('is asked without a signature only where AWS takes it', () => {
    const anonymous = (type: string, name: string) => canAsk(candidate('anonymous'), action(type, name))
    expect([
      anonymous('AWS::S3::Bucket', 's3:GetObject'),
      anonymous('AWS::KMS::Key', 'kms:Decrypt'),
      anonymous('AWS::Lambda::Function', 'lambda:InvokeFunctionUrl'),
      anonymous('AWS::Lambda::Function', 'lambda:InvokeFunction'),
    ]).toEqual([true, false, true, false])
    expect(canAsk(candidate('principal'), action('AWS::KMS::Key', 'kms:Decrypt'))).toBe(true)
  })

  it('of a sharing list is what the list concedes', () => {
    const names = (type: string) =>
      actionsOf(type).map(({ name, lower, kind, anonymous }) => [name, lower, kind, anonymous].join(' '))
    expect(names('AWS::EC2::Image')).toEqual(['ec2:RunInstances ec2:runinstances use false'])
    expect(names('AWS::EC2::Snapshot')).toEqual([
      'ec2:CreateVolume ec2:createvolume use false',
      'ec2:CopySnapshot ec2:copysnapshot use false',
    ])
    expect(names('AWS::EC2::VPCEndpointService')).toEqual([
      'ec2:CreateVpcEndpoint ec2:createvpcendpoint use false',
    ])
    expect(names('AWS::RDS::DBClusterSnapshot')).toEqual([
      'rds:RestoreDBClusterFromSnapshot rds:restoredbclusterfromsnapshot use false',
      'rds:CopyDBClusterSnapshot rds:copydbclustersnapshot use false',
    ])
    expect(names('AWS::RDS::DBSnapshot')).toEqual([
      'rds:RestoreDBInstanceFromDBSnapshot rds:restoredbinstancefromdbsnapshot use false',
      'rds:CopyDBSnapshot rds:copydbsnapshot use false',
    ])
    expect(names('AWS::SSM::Document')).toEqual([
      'ssm:GetDocument ssm:getdocument use false',
      'ssm:SendCommand ssm:sendcommand use false',
    ])
    expect(names('AWS::EC2::VPC')).toEqual([])
  })

  it('of an access point is its bucket’s, on the bucket or on an object', () => {
    expect(actionsOf('AWS::S3::AccessPoint').map(({ name }) => name)).toEqual(
      actionsOf('AWS::S3::Bucket').map(({ name }) => name),
    )
    expect([
      action('AWS::S3::Bucket', 's3:GetObject'),
      action('AWS::S3::Bucket', 's3:ListBucket'),
    ]).toMatchObject([
      { on: 'object', kind: 'read', anonymous: true },
      { on: 'bucket', kind: 'list', anonymous: true },
    ])
    expect(action('AWS::SQS::Queue', 'sqs:SendMessage')).toMatchObject({ kind: 'write', anonymous: true })
    expect(action('AWS::SQS::Queue', 'sqs:SendMessage').on).toBeUndefined()
  })

  it('stands for all that the rules treat alike', () => {
    const classes = (
      statements: readonly Json[],
      carriers: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
    ) => actionClasses('AWS::SQS::Queue', boundIn(...statements), carriers)
    const told = (statements: readonly Json[]) => {
      const { classes: found, tables } = classes(statements)
      return { names: found.map(({ names }) => names.join(' ')), tables }
    }
    const send = allow('*', { Action: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'SQS:getQueueUrl'] })
    expect(told([send])).toEqual({
      names: ['sqs:GetQueueUrl sqs:ReceiveMessage', 'sqs:SendMessage'],
      tables: [[1, 1]],
    })
    expect(told([send, { ...deny(), Action: 'sqs:Send*' }])).toEqual({
      names: ['sqs:GetQueueUrl sqs:ReceiveMessage', 'sqs:SendMessage'],
      tables: [
        [1, 1],
        [0, 1],
      ],
    })
    expect(told([{ Effect: 'Allow', Principal: '*', NotAction: '*', Resource: '*' }])).toEqual({
      names: [],
      tables: [[]],
    })
    expect(told([deny()])).toEqual({ names: [], tables: [[]] })
    const carried = classes([send], new Map([['key', new Set(['sqs:getqueueurl'])]]))
    expect(carried.classes.map(({ names }) => names.join(' '))).toEqual([
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ])
  })

  it('of a role is one by itself', () => {
    const found = actionClasses('AWS::IAM::Role', boundIn(allow('*', { Action: 'sts:*' })), new Map())
    expect(found.classes.every(({ names }) => names.length === 1)).toBe(true)
    expect(found.classes.map(({ action: { name } }) => name)).toContain('sts:TagSession')
  })
})

describe('a caller’s own keys', () => {
  const MORE: Readonly<Record<string, Caller>> = {
    ...CALLERS,
    root: {
      kind: 'principal',
      account: STRANGER,
      arn: `arn:aws:iam::${STRANGER}:root`,
      userId: STRANGER,
      org: ORG,
      orgPath: `${ORG}/r-1/`,
    },
    user: {
      kind: 'principal',
      account: STRANGER,
      arn: `arn:aws:iam::${STRANGER}:user/team/ann`,
      org: ORG,
      orgPath: null,
    },
    session: {
      kind: 'principal',
      account: STRANGER,
      arn: `arn:aws:sts::${STRANGER}:federated-user/bob`,
      org: null,
      orgPath: null,
    },
  }
  const of = (key: string) =>
    Object.fromEntries(
      Object.keys(MORE).map((name) => {
        const found = callerKey(MORE[name] ?? { kind: 'anonymous' }, key)
        return [name, found === null ? 'unknown' : found === undefined ? '-' : found.join('+')]
      }),
    )

  it('are these', () => {
    expect(of('aws:principalarn')).toEqual({
      anonymous: '-',
      canonical: 'unknown',
      federated: '-',
      principal: 'arn:aws:iam::777788889999:role/app',
      root: 'arn:aws:iam::777788889999:root',
      saml: '-',
      service: '-',
      session: 'arn:aws:sts::777788889999:federated-user/bob',
      user: 'arn:aws:iam::777788889999:user/team/ann',
    })
    expect(of('aws:principalaccount')).toEqual({
      anonymous: '-',
      canonical: 'unknown',
      federated: '-',
      principal: '777788889999',
      root: '777788889999',
      saml: '-',
      service: '-',
      session: '777788889999',
      user: '777788889999',
    })
    expect(of('kms:calleraccount')).toEqual(of('aws:principalaccount'))
    expect(of('aws:sourceowner')).toEqual(of('aws:principalaccount'))
    expect(of('aws:principalorgid')).toEqual({
      anonymous: '-',
      canonical: 'unknown',
      federated: '-',
      principal: '-',
      root: 'o-a1b2c3d4e5',
      saml: '-',
      service: '-',
      session: 'unknown',
      user: 'o-a1b2c3d4e5',
    })
    expect(of('aws:principalorgpaths')).toEqual({
      anonymous: '-',
      canonical: 'unknown',
      federated: '-',
      principal: '-',
      root: 'o-a1b2c3d4e5/r-1/',
      saml: '-',
      service: '-',
      session: 'unknown',
      user: 'o-a1b2c3d4e5/r-any/',
    })
    expect(of('aws:principaltype')).toEqual({
      anonymous: 'Anonymous',
      canonical: '-',
      federated: '-',
      principal: 'AssumedRole',
      root: 'Account',
      saml: '-',
      service: '-',
      session: 'FederatedUser',
      user: 'User',
    })
    expect(of('aws:principalisawsservice')).toEqual({
      anonymous: '-',
      canonical: 'false',
      federated: '-',
      principal: 'false',
      root: 'false',
      saml: '-',
      service: 'true',
      session: 'false',
      user: 'false',
    })
    expect(of('aws:principalservicename')).toEqual({
      anonymous: '-',
      canonical: '-',
      federated: '-',
      principal: '-',
      root: '-',
      saml: '-',
      service: 'sns.amazonaws.com',
      session: '-',
      user: '-',
    })
    expect(of('aws:principalservicenameslist')).toEqual(of('aws:principalservicename'))
    expect(of('aws:userid')).toEqual({
      anonymous: 'anonymous',
      canonical: 'unknown',
      federated: '-',
      principal: '-',
      root: '777788889999',
      saml: '-',
      service: '-',
      session: '-',
      user: '-',
    })
    expect(of('aws:username')).toEqual({
      anonymous: '-',
      canonical: 'unknown',
      federated: '-',
      principal: '-',
      root: '-',
      saml: '-',
      service: '-',
      session: '-',
      user: 'ann',
    })
    expect(of('aws:federatedprovider')).toEqual({
      anonymous: '-',
      canonical: '-',
      federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
      principal: '-',
      root: '-',
      saml: 'arn:aws:iam::111122223333:saml-provider/corp',
      service: '-',
      session: '-',
      user: '-',
    })
    expect(new Set(Object.values(of('aws:referer')))).toEqual(new Set(['-']))
  })
})

describe('what every request to a resource carries', () => {
  const of = (key: string, input: Partial<PolicyInput> = {}, organization = ORGANIZATION) =>
    constantsOf(inputOf([], input), { ...SURROUNDINGS, organization })(key)

  it('is the time, the resource’s account and Region', () => {
    expect(
      [
        'aws:currenttime',
        'aws:epochtime',
        'aws:resourceaccount',
        's3:resourceaccount',
        'aws:requestedregion',
      ].map((key) => of(key)),
    ).toEqual([['2026-11-01T00:00:00Z'], ['1793491200'], [ACCOUNT], [ACCOUNT], ['eu-west-1']])
    expect(of('aws:requestedregion', { region: 'global' })).toBeNull()
    expect(of('aws:referer')).toBeNull()
  })

  it('is its organization and its place there, as far as they are known', () => {
    const none = { ...ORGANIZATION, id: null }
    const { id: _, ...unknown } = ORGANIZATION
    const placed = { ...ORGANIZATION, accounts: new Map([[ACCOUNT, `${ORG}/r-1/`]]) }
    expect([
      of('aws:resourceorgid'),
      of('aws:resourceorgid', {}, none),
      of('aws:resourceorgid', {}, unknown),
    ]).toEqual([[ORG], undefined, ['own organization']])
    expect([
      of('aws:resourceorgpaths'),
      of('aws:resourceorgpaths', {}, none),
      of('aws:resourceorgpaths', {}, placed),
    ]).toEqual([null, undefined, [`${ORG}/r-1/`]])
  })

  it('is its tags, in any case, where they were read', () => {
    const tags = { Team: 'a' }
    expect([
      of('aws:resourcetag/team', { tags }),
      of('aws:resourcetag/other', { tags }),
      of('aws:resourcetag/team'),
    ]).toEqual([['a'], undefined, null])
    expect(of('ecr:resourcetag/team', { tags })).toEqual(['a'])
    expect(of('s3:buckettag/team', { tags })).toEqual(['a'])
  })

  it('is what the resource settles', () => {
    const facts = { 'kms:keyspec': ['RSA_2048'], 'kms:multiregion': [] }
    expect([
      of('kms:keyspec', { facts }),
      of('kms:multiregion', { facts }),
      of('kms:keyusage', { facts }),
    ]).toEqual([['RSA_2048'], undefined, null])
  })
})

describe('the resource that is asked for', () => {
  const of = (type: string, arn: string, ...resources: string[]) =>
    resourceAtoms(type, arn, boundIn(allow('*', { Resource: resources })), { happened: false }).map(
      ({ text, on }) => (on === undefined ? text : `${on} ${text}`),
    )

  it.each([
    ['AWS::S3::Bucket', 'arn:aws:s3:::b', ['bucket arn:aws:s3:::b', 'object arn:aws:s3:::b/any']],
    [
      'AWS::S3::AccessPoint',
      'arn:aws:s3:eu:1:accesspoint/p',
      ['bucket arn:aws:s3:eu:1:accesspoint/p', 'object arn:aws:s3:eu:1:accesspoint/p/object/any'],
    ],
    [
      'AWS::OpenSearchService::Domain',
      'arn:aws:es:eu:1:domain/d',
      ['arn:aws:es:eu:1:domain/d', 'arn:aws:es:eu:1:domain/d/any'],
    ],
    [
      'AWS::ApiGateway::RestApi',
      'arn:aws:execute-api:eu:1:a',
      ['arn:aws:execute-api:eu:1:a', 'arn:aws:execute-api:eu:1:a/any'],
    ],
    [
      'AWS::DynamoDB::Table',
      'arn:aws:dynamodb:eu:1:table/t',
      ['arn:aws:dynamodb:eu:1:table/t', 'arn:aws:dynamodb:eu:1:table/t/any'],
    ],
    [
      'AWS::Lambda::Function',
      'arn:aws:lambda:eu:1:function:f',
      ['arn:aws:lambda:eu:1:function:f', 'arn:aws:lambda:eu:1:function:f:any'],
    ],
    [
      'AWS::Events::EventBus',
      'arn:aws:events:eu:1:event-bus/b',
      ['arn:aws:events:eu:1:event-bus/b', 'arn:aws:events:eu:1:rule/b/any'],
    ],
    [
      'AWS::Logs::ResourcePolicy',
      'arn:aws:logs:eu:1:policy',
      ['arn:aws:logs:eu:1:policy', 'arn:aws:logs:eu:1:log-group:any'],
    ],
    ['AWS::SQS::Queue', 'arn:aws:sqs:eu:1:q', ['arn:aws:sqs:eu:1:q']],
  ])('of %s is itself and what lies in it', (type, arn, expected) => {
    expect(of(type, arn, '*')).toEqual(expected)
  })

  it('is told apart by the patterns of the rules', () => {
    expect(
      of(
        'AWS::S3::Bucket',
        'arn:aws:s3:::b',
        'arn:aws:s3:::b/public/*',
        'arn:aws:s3:::b/x',
        '*',
        'arn:aws:s3:::c/*',
      ),
    ).toEqual([
      'bucket arn:aws:s3:::b',
      'object arn:aws:s3:::b/x',
      'object arn:aws:s3:::b/public/any',
      'object arn:aws:s3:::b/any',
    ])
  })
})

describe('a free variable', () => {
  const bindings = (
    who: string,
    statements: readonly JsonObject[],
    constant: Readonly<Record<string, readonly string[]>> = {},
  ) => {
    const cut = { happened: false }
    const found = bindingsOf(rulesIn(...statements), candidate(who), (key) => constant[key] ?? null, cut)
    const lines = found.map((one) => [...one].map(([key, value]) => `${key}=${value ?? '-'}`).join(' '))
    return cut.happened ? [...lines, 'cut'] : lines
  }
  const reads = (key: string) => when({ StringLike: { 'aws:Referer': `x/$${`{${key}}`}` } })

  it('takes a value that no rule names, each that some rule names, and none', () => {
    expect(
      bindings('principal', [
        reads('aws:PrincipalTag/team'),
        when({ StringEquals: { 'aws:PrincipalTag/team': ['red', 'blue'] } }),
      ]),
    ).toEqual([
      'aws:principaltag/team=red',
      'aws:principaltag/team=blue',
      'aws:principaltag/team=any',
      'aws:principaltag/team=-',
    ])
    expect(bindings('anonymous', [reads('aws:PrincipalTag/team')])).toEqual(['aws:principaltag/team=-'])
  })

  it('of a service’s source takes the forms that it has, for a service alone', () => {
    for (const key of ['aws:SourceAccount', 'aws:SourceOrgID', 'aws:SourceArn']) {
      expect(bindings('principal', [reads(key)])).toEqual([
        `${key.toLowerCase()}=-`,
        ...(key === 'aws:SourceArn' ? ['cut'] : []),
      ])
    }
    expect(
      bindings('service', [
        reads('aws:SourceAccount'),
        when({ StringLike: { 'aws:SourceAccount': ['12*', STRANGER] } }),
      ]),
    ).toEqual([
      'aws:sourceaccount=999999999999',
      'aws:sourceaccount=111111111111',
      'aws:sourceaccount=121111111111',
      'aws:sourceaccount=777788889999',
      'aws:sourceaccount=-',
    ])
    expect(bindings('service', [reads('aws:SourceOrgID')])).toEqual([
      'aws:sourceorgid=o-anyoneelse',
      'aws:sourceorgid=-',
    ])
    expect(bindings('service', [reads('aws:SourceArn')])).toEqual([
      'aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
      'aws:sourcearn=-',
      'cut',
    ])
  })

  it('of a token is in tokens alone', () => {
    const key = 'token.actions.githubusercontent.com:sub'
    expect([bindings('principal', [reads(key)]), bindings('federated', [reads(key)])]).toEqual([
      ['token.actions.githubusercontent.com:sub=-'],
      ['token.actions.githubusercontent.com:sub=any', 'token.actions.githubusercontent.com:sub=-'],
    ])
  })

  it('is not free where the caller, the resource or the snapshot settles it', () => {
    for (const key of ['aws:username', 'aws:ResourceAccount', 'aws:CurrentTime', 'nobody:knows'])
      expect([key, bindings('principal', [reads(key)])]).toEqual([key, ['']])
    expect(bindings('principal', [reads('aws:Referer')], { 'aws:referer': ['x'] })).toEqual([''])
  })

  it('goes with every value of another, up to ninety-six', () => {
    const team = 'aws:PrincipalTag/team'
    const both = bindings('principal', [reads(team), reads('aws:PrincipalTag/unit')])
    expect(both).toEqual([
      'aws:principaltag/team=any aws:principaltag/unit=any',
      'aws:principaltag/team=any aws:principaltag/unit=-',
      'aws:principaltag/team=- aws:principaltag/unit=any',
      'aws:principaltag/team=- aws:principaltag/unit=-',
    ])
    const many = when({ StringEquals: { [team]: Array.from({ length: 40 }, (_, at) => `t${at}`) } })
    const more = when({ StringEquals: { 'aws:PrincipalTag/unit': ['a', 'b', 'c'] } })
    const found = bindings('principal', [reads(team), reads('aws:PrincipalTag/unit'), many, more])
    expect([found.length, found.at(-1)]).toEqual([97, 'cut'])
  })

  it('that hangs together with others is not tried with every value', () => {
    for (const key of ['aws:SourceIp', 'kms:ViaService', 's3:DataAccessPointArn'])
      expect([key, bindings('principal', [reads(key)]).at(-1)]).toEqual([key, 'cut'])
  })
})

describe('what is known of a key', () => {
  it('is the part of the request that it is of, and when it is there', () => {
    const about = (key: string) => {
      const { actions, ...rest } = keyFacts(key) ?? {}
      return { ...rest, ...(actions ? { actions: actions.size > 0 } : {}) }
    }
    expect(about('aws:securetransport')).toEqual({ part: 'request', always: true, bool: true })
    expect(about('aws:currenttime')).toEqual({ part: 'time', always: true })
    expect(about('aws:tagkeys')).toEqual({ part: 'request', multi: true })
    expect(about('aws:multifactorauthpresent')).toEqual({ part: 'request', signed: true, bool: true })
    expect(about('aws:assumedroot')).toEqual({ part: 'request', signed: true, bool: true })
    expect(about('aws:sourceidentity')).toEqual({ part: 'request', signed: true })
    expect(about('ssm:sourceinstancearn')).toEqual({ part: 'request', signed: true, owned: true })
    expect(about('aws:principaltag/x')).toEqual({ part: 'request', signed: true })
    expect(about('aws:requesttag/x')).toEqual({ part: 'request' })
    expect(about('saml:aud')).toEqual({ part: 'token', multi: true })
    expect(about('aws:resourcetag/x')).toEqual({ part: 'resource' })
    expect(about('s3:buckettag/x')).toEqual({ part: 'resource' })
    expect(about('kms:encryptioncontext:x')).toEqual({ part: 'request', actions: true })
    expect(about('elasticfilesystem:accessedviamounttarget')).toMatchObject({ part: 'request', bool: true })
    expect(about('dynamodb:attributes')).toMatchObject({ part: 'request', multi: true })
  })

  it('is that it is a claim where a host stands before it', () => {
    for (const key of [
      'login.corp.example:sub',
      'login.corp.example:8443:sub',
      'login.corp.example/realm:sub',
      'login.corp.example:claims/x',
    ])
      expect([key, keyFacts(key)]).toEqual([key, { part: 'token', multi: false }])
    expect(keyFacts('login.corp.example:amr')).toEqual({ part: 'token', multi: true })
    for (const key of ['nohost:sub', 'a.b', 'a.b:', 'x:a.b:sub', 'a.b:sub!'])
      expect([key, keyFacts(key)]).toEqual([key, undefined])
  })
})

describe('a rule', () => {
  it('is not asked about what it does not speak of', () => {
    const [rule] = rulesIn(allow('*', { Action: 'sqs:Send*', Resource: 'arn:aws:sqs:*:*:jobs' }))
    if (!rule) throw new Error('no rule')
    const asked = (name: string, resource: string | undefined) =>
      matchesRequest(
        rule,
        { kind: 'anonymous' },
        { action: name, resourceFor: () => resource },
        () => undefined,
      )
    expect([
      asked('sqs:sendmessage', 'arn:aws:sqs:eu:1:jobs'),
      asked('sqs:receivemessage', 'arn:aws:sqs:eu:1:jobs'),
      asked('sqs:sendmessage', 'arn:aws:sqs:eu:1:other'),
      asked('sqs:sendmessage', undefined),
    ]).toEqual([1, 0, 0, 0])
  })
})
