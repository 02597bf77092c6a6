/** What a machine's role reads: AWS's evaluation of a request within an account and across accounts, in small cases. */
import { describe, expect, it } from 'vitest'
import { paths } from '../../../src/analyze/paths/paths.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { Json, JsonObject, Missing, Resource } from '../../../src/snapshot/model.ts'
import { call, resource, snapshot } from '../../snapshot/build.ts'

const ACCOUNT = '123456789012'
const OTHER = '111122223333'
const PROFILE = `arn:aws:iam::${ACCOUNT}:instance-profile/web`
const ROLE = `arn:aws:iam::${ACCOUNT}:role/web`
const BUCKET = 'arn:aws:s3:::files'
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`

const statement = (
  Effect: 'Allow' | 'Deny',
  Action: Json,
  Resource: Json,
  more: JsonObject = {},
): JsonObject => ({
  Effect,
  Action,
  Resource,
  ...more,
})
const allow = (Action: Json, Resource: Json, more?: JsonObject): JsonObject =>
  statement('Allow', Action, Resource, more)
const policy = (...Statement: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement })
const to = (principal: string): JsonObject => ({ Principal: { AWS: principal } })

const READS = allow('s3:GetObject', `${BUCKET}/*`)

interface Parts {
  readonly role?: JsonObject
  readonly inline?: readonly JsonObject[]
  readonly bucket?: JsonObject
  readonly bucketMissing?: Readonly<Record<string, Missing>>
  readonly bucketAccount?: string
  readonly instance?: JsonObject
  readonly more?: readonly Resource[]
  /** A type whose list was denied. */
  readonly denied?: keyof typeof LISTED_BY
}

const LISTED_BY = {
  'AWS::IAM::Role': ['iam', 'GetAccountAuthorizationDetails'],
  'AWS::S3::Bucket': ['s3', 'ListBuckets'],
  'AWS::EC2::Instance': ['ec2', 'DescribeInstances'],
  'AWS::EC2::VPCEndpoint': ['ec2', 'DescribeVpcEndpoints'],
  'AWS::KMS::Key': ['kms', 'ListKeys'],
} as const
const ASKED = [
  ['s3api', 'GetBucketPolicy', 's3:GetBucketPolicy'],
  ['s3api', 'GetBucketAcl', 's3:GetBucketAcl'],
  ['s3api', 'GetBucketOwnershipControls', 's3:GetBucketOwnershipControls'],
  ['s3api', 'GetPublicAccessBlock', 's3:GetBucketPublicAccessBlock'],
  ['s3control', 'GetPublicAccessBlock', 's3:GetAccountPublicAccessBlock'],
  ['s3api', 'GetBucketEncryption', 's3:GetEncryptionConfiguration'],
  ['organizations', 'DescribeOrganization', 'organizations:DescribeOrganization'],
  ['organizations', 'ListPolicies', 'organizations:ListPolicies'],
  ['kms', 'GetKeyPolicy', 'kms:GetKeyPolicy'],
  ['kms', 'ListGrants', 'kms:ListGrants'],
  ['kms', 'ListAliases', 'kms:ListAliases'],
] as const

function madeOf(parts: Parts) {
  const instance = resource(`arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-1`, {
    type: 'AWS::EC2::Instance',
    config: { InstanceId: 'i-1', VpcId: 'vpc-1', IamInstanceProfile: { Arn: PROFILE }, ...parts.instance },
  })
  const role = resource(ROLE, {
    type: 'AWS::IAM::Role',
    region: 'global',
    config: {
      Arn: ROLE,
      InstanceProfileList: [{ Arn: PROFILE }],
      AttachedManagedPolicies: [],
      RolePolicyList: (parts.inline ?? [READS]).map((one) => ({
        PolicyName: 'inline',
        PolicyDocument: policy(one),
      })),
      ...parts.role,
    },
  })
  const bucket = resource(BUCKET, {
    type: 'AWS::S3::Bucket',
    account: parts.bucketAccount ?? ACCOUNT,
    name: 'files',
    config: { Name: 'files', Encryption: { Rules: [] }, ...parts.bucket },
    ...(parts.bucketMissing ? { missing: parts.bucketMissing } : {}),
  })
  const calls = [ACCOUNT, OTHER].flatMap((account) => [
    ...Object.entries(LISTED_BY).map(([type, [service, api]]) =>
      call(api, {
        account,
        region: 'global',
        service,
        permission: `${service}:${api}`,
        lists: [type],
        outcome: parts.denied === type ? 'denied' : 'ok',
      }),
    ),
    ...ASKED.map(([service, operation, permission]) => call(operation, { account, service, permission })),
  ])
  const index = indexSnapshot(snapshot([instance, role, bucket, ...(parts.more ?? [])], calls))
  const of = paths.prepare(index, { now: '2026-11-01T00:00:00Z', trustedAccounts: [] })
  return { first: instance, of }
}

function factOf(parts: Parts) {
  const { first, of } = madeOf(parts)
  return of(first)
}

type Verdict = 'reads' | 'does not' | 'unknown'

function verdictOf(parts: Parts): Verdict {
  const { known, unseen } = factOf(parts)
  const reads = known['reads'] as readonly JsonObject[]
  if (reads.some((one) => one['bucket'] === BUCKET)) return 'reads'
  return unseen?.['complete'] === undefined ? 'does not' : 'unknown'
}

const kms: JsonObject = {
  Encryption: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY } }],
  },
}
const encryption = (by: JsonObject): JsonObject => ({
  Encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: by }] },
})
const key = (...Statement: JsonObject[]): Resource =>
  resource(KEY, {
    type: 'AWS::KMS::Key',
    config: { KeyMetadata: { KeyId: KEY, Arn: KEY }, Policy: policy(...Statement), Grants: [], Aliases: [] },
  })
const leavesToAccount = allow('kms:*', '*', to(`arn:aws:iam::${ACCOUNT}:root`))
const DECRYPTS = allow('kms:Decrypt', KEY)

const CASES: readonly (readonly [string, Parts, Verdict])[] = [
  ['an inline policy that allows it', {}, 'reads'],
  ['no policy at all', { inline: [] }, 'does not'],
  ['a policy for another bucket', { inline: [allow('s3:GetObject', 'arn:aws:s3:::other/*')] }, 'does not'],
  ['a policy for the bucket, not its objects', { inline: [allow('s3:GetObject', BUCKET)] }, 'does not'],
  [
    'a policy for an object without a name, which there is none of',
    { inline: [allow('s3:GetObject', `${BUCKET}/`)] },
    'does not',
  ],
  ['a policy for some objects', { inline: [allow('s3:Get*', `${BUCKET}/exports/*.csv`)] }, 'reads'],
  ['a wildcard in the name of the bucket', { inline: [allow('*', 'arn:aws:s3:::fil*/x/*')] }, 'reads'],
  ['a Deny of its own', { inline: [READS, statement('Deny', 's3:*', '*')] }, 'does not'],
  [
    'a Deny of the bucket',
    { bucket: { Policy: policy(statement('Deny', 's3:*', `${BUCKET}/*`, { Principal: '*' })) } },
    'does not',
  ],
  [
    'a bucket that names the role, and no policy of its own',
    { inline: [], bucket: { Policy: policy(allow('s3:GetObject', `${BUCKET}/*`, to(ROLE))) } },
    'reads',
  ],
  [
    'a bucket that leaves it to the account, and no policy of its own',
    {
      inline: [],
      bucket: { Policy: policy(allow('s3:GetObject', `${BUCKET}/*`, to(`arn:aws:iam::${ACCOUNT}:root`))) },
    },
    'does not',
  ],
  [
    'a bucket that everybody reads, with no machine in between',
    { bucket: { Policy: policy(allow('s3:GetObject', `${BUCKET}/*`, { Principal: '*' })) } },
    'does not',
  ],
  ['a bucket of another account that says nothing', { bucketAccount: OTHER }, 'does not'],
  [
    'a bucket of another account that lets this one in',
    {
      bucketAccount: OTHER,
      bucket: { Policy: policy(allow('s3:GetObject', `${BUCKET}/*`, to(`arn:aws:iam::${ACCOUNT}:root`))) },
    },
    'reads',
  ],
  [
    'a bucket of another account that lets the role in, and no policy of its own',
    {
      inline: [],
      bucketAccount: OTHER,
      bucket: { Policy: policy(allow('s3:GetObject', `${BUCKET}/*`, to(ROLE))) },
    },
    'does not',
  ],
  [
    'a permissions boundary without it',
    {
      role: { PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/bound` } },
      more: [managed('bound', allow('ec2:*', '*'))],
    },
    'does not',
  ],
  [
    'a permissions boundary that has it',
    {
      role: { PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/bound` } },
      more: [managed('bound', allow('s3:*', '*'))],
    },
    'reads',
  ],
  [
    'a managed policy',
    {
      inline: [],
      role: {
        AttachedManagedPolicies: [{ PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/files`, PolicyName: 'files' }],
      },
      more: [managed('files', READS)],
    },
    'reads',
  ],
  [
    'a managed policy that was not read',
    {
      inline: [],
      role: { AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }] },
    },
    'unknown',
  ],
  [
    'inline policies of a snapshot that left out what they say',
    { role: { RolePolicyList: [{ PolicyName: 'x' }] } },
    'unknown',
  ],
  [
    'a bucket policy that could not be read',
    {
      bucketMissing: {
        Policy: { operation: 's3:GetBucketPolicy', permission: 's3:GetBucketPolicy', outcome: 'denied' },
      },
    },
    'unknown',
  ],
  [
    'a bucket policy that could not be read, and no policy of its own',
    {
      inline: [],
      bucketMissing: {
        Policy: { operation: 's3:GetBucketPolicy', permission: 's3:GetBucketPolicy', outcome: 'denied' },
      },
    },
    'unknown',
  ],
  ['a key that the role may not use', { bucket: kms, more: [key(leavesToAccount)] }, 'does not'],
  [
    'a key whose policy leaves it to the account, and a role that may',
    { inline: [READS, DECRYPTS], bucket: kms, more: [key(leavesToAccount)] },
    'reads',
  ],
  [
    'a key that leaves nothing to the account, and a role that may',
    { inline: [READS, DECRYPTS], bucket: kms, more: [key()] },
    'does not',
  ],
  ['a key that names the role', { bucket: kms, more: [key(allow('kms:Decrypt', '*', to(ROLE)))] }, 'reads'],
  [
    'a condition that the machine’s own address meets',
    {
      inline: [
        allow('s3:GetObject', `${BUCKET}/*`, { Condition: { IpAddress: { 'aws:SourceIp': '54.0.0.0/8' } } }),
      ],
      instance: { PublicIpAddress: '54.1.2.3' },
    },
    'reads',
  ],
  [
    'a condition that its address does not meet',
    {
      inline: [
        allow('s3:GetObject', `${BUCKET}/*`, { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
      ],
      instance: { PublicIpAddress: '54.1.2.3' },
    },
    'does not',
  ],
  [
    'a condition on an address, without a public one',
    {
      inline: [
        allow('s3:GetObject', `${BUCKET}/*`, { Condition: { IpAddress: { 'aws:SourceIp': '54.0.0.0/8' } } }),
      ],
    },
    'does not',
  ],
  [
    'an encrypted connection, which the condition asks for',
    {
      inline: [
        allow('s3:GetObject', `${BUCKET}/*`, { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      ],
    },
    'reads',
  ],
  [
    'an object surely, though another may be',
    {
      inline: [
        allow('s3:GetObject', `${BUCKET}/any`, { Condition: { StringEquals: { 'aws:userid': 'AROA:i-1' } } }),
      ],
      bucket: { Policy: policy(allow('s3:GetObject', `${BUCKET}/sure/*`, to(ROLE))) },
    },
    'reads',
  ],
  [
    'some object perhaps, though another surely not',
    {
      inline: [
        allow('s3:GetObject', `${BUCKET}/*`, { Condition: { StringEquals: { 'aws:userid': 'AROA:i-1' } } }),
      ],
      bucket: { Policy: policy(statement('Deny', 's3:*', `${BUCKET}/secret/*`, { Principal: '*' })) },
    },
    'unknown',
  ],
  [
    'an endpoint of another service',
    {
      inline: [
        allow('s3:GetObject', `${BUCKET}/*`, { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }),
      ],
      more: [endpoint('vpce-1', 'vpc-1', 'sqs')],
    },
    'does not',
  ],
  [
    'a policy whose objects a variable names: what it covers besides is tried',
    { inline: [allow('s3:GetObject', [`${BUCKET}/\${aws:PrincipalTag/team}/*`, `${BUCKET}/a?/`])] },
    'reads',
  ],
  [
    'some objects, by the bucket’s own policy',
    { inline: [], bucket: { Policy: policy(allow('s3:GetObject', `${BUCKET}/reports/*`, to(ROLE))) } },
    'reads',
  ],
  ['no encryption with a key', { bucket: encryption({ SSEAlgorithm: 'AES256' }) }, 'reads'],
  ['AWS’s own key for S3', { bucket: encryption({ SSEAlgorithm: 'aws:kms' }) }, 'reads'],
  [
    'AWS’s own key for S3, by its alias',
    { bucket: encryption({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/aws/s3' }) },
    'reads',
  ],
  [
    'a key that is named beside an algorithm without one',
    { bucket: encryption({ SSEAlgorithm: 'AES256', KMSMasterKeyID: KEY }) },
    'reads',
  ],
  ['a key that is gone', { bucket: kms }, 'does not'],
  [
    'a key of two layers that the role may not use',
    {
      bucket: encryption({ SSEAlgorithm: 'aws:kms:dsse', KMSMasterKeyID: KEY }),
      more: [key(leavesToAccount)],
    },
    'does not',
  ],
  [
    'a key that lets requests by way of S3 in',
    {
      bucket: kms,
      more: [
        key(
          allow('kms:Decrypt', '*', {
            ...to(ROLE),
            Condition: {
              StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com', 'kms:CallerAccount': ACCOUNT },
            },
          }),
        ),
      ],
    },
    'reads',
  ],
  [
    'a condition that the way through the endpoint meets',
    {
      inline: [
        allow('s3:GetObject', `${BUCKET}/*`, { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
      ],
      more: [endpoint('vpce-1', 'vpc-1')],
    },
    'reads',
  ],
  [
    'a condition that asks for another VPC’s endpoint',
    {
      inline: [
        allow('s3:GetObject', `${BUCKET}/*`, { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
      ],
      more: [endpoint('vpce-1', 'vpc-2')],
    },
    'does not',
  ],
]

function managed(name: string, ...Statement: JsonObject[]): Resource {
  const Arn = `arn:aws:iam::${ACCOUNT}:policy/${name}`
  return resource(Arn, {
    type: 'AWS::IAM::ManagedPolicy',
    region: 'global',
    config: { Arn, PolicyVersionList: [{ IsDefaultVersion: true, Document: policy(...Statement) }] },
  })
}

function endpoint(id: string, vpc: string, service = 's3'): Resource {
  return resource(`arn:aws:ec2:eu-west-1:${ACCOUNT}:vpc-endpoint/${id}`, {
    type: 'AWS::EC2::VPCEndpoint',
    config: { VpcEndpointId: id, VpcId: vpc, ServiceName: `com.amazonaws.eu-west-1.${service}` },
  })
}

describe('a role reads a bucket', () => {
  it.each(CASES)('%s', (_name, parts, verdict) => {
    expect(verdictOf(parts)).toBe(verdict)
  })

  it('by an object and the statements that say so', () => {
    const { known } = factOf({ inline: [allow('s3:GetObject', `${BUCKET}/exports/*`)] })
    expect(known).toMatchObject({
      role: ROLE,
      reads: [
        { bucket: BUCKET, name: 'files', object: `${BUCKET}/exports/any`, by: ['inline Statement[0]'] },
      ],
    })
  })

  it('by statements of its own, of the bucket and of the key', () => {
    const by = (parts: Parts) => (factOf(parts).known['reads'] as readonly JsonObject[])[0]?.['by']
    const named = allow('s3:GetObject', `${BUCKET}/*`, { Sid: 'Web', ...to(ROLE) })
    const decrypts = key(allow('kms:Decrypt', '*', { Sid: 'Decrypts', ...to(ROLE) }))
    expect(by({ bucket: { Policy: policy(named), ...kms }, more: [decrypts] })).toEqual([
      'inline Statement[0]',
      'Policy Web',
      'Policy Decrypts',
    ])
    expect(by({ inline: [], bucket: { Policy: policy(named) } })).toEqual(['Policy Web'])
    const byAlias = encryption({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/aws/s3' })
    const elsewhere = allow('s3:GetObject', `${BUCKET}/*`, to(`arn:aws:iam::${ACCOUNT}:role/other`))
    expect(by({ bucket: { ...byAlias, Policy: policy(elsewhere) } })).toEqual(['inline Statement[0]'])
  })

  it('from one machine, and not from another whose address the condition does not name', () => {
    const inline = [
      allow('s3:GetObject', `${BUCKET}/*`, { Condition: { IpAddress: { 'aws:SourceIp': '54.1.2.3' } } }),
    ]
    const other = resource(`arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-2`, {
      type: 'AWS::EC2::Instance',
      config: { InstanceId: 'i-2', IamInstanceProfile: { Arn: PROFILE }, PublicIpAddress: '54.9.9.9' },
    })
    const { first, of } = madeOf({ inline, instance: { PublicIpAddress: '54.1.2.3' }, more: [other] })
    const count = (instance: Resource) => (of(instance).known['reads'] as readonly Json[]).length
    expect([count(first), count(other), count(first)]).toEqual([1, 0, 1])
  })

  it('of which policies name ever so many parts', () => {
    const parts = (count: number) => Array.from({ length: count }, (_, at) => `${BUCKET}/part-${at}/*`)
    const onlyLastOf = (count: number): Verdict => {
      const Deny = statement('Deny', 's3:*', parts(count).slice(0, -1), { Principal: '*' })
      return verdictOf({
        inline: [allow('s3:GetObject', parts(count))],
        bucket: { Policy: policy(Deny) },
      })
    }
    // The bucket's other objects are one more.
    expect([onlyLastOf(199), onlyLastOf(200)]).toEqual(['reads', 'unknown'])
    const closed = (count: number) => ({
      bucket: { Policy: policy(statement('Deny', 's3:*', parts(count), { Principal: '*' })) },
      inline: [],
    })
    expect(verdictOf(closed(199))).toBe('does not')
    expect(factOf(closed(200)).unseen?.['complete']).toMatchObject([{ operation: 'paths:OBJECTS' }])
  })
})

describe('what can’t be told', () => {
  const DENIED = {
    operation: 's3:GetBucketPolicy',
    permission: 's3:GetBucketPolicy',
    outcome: 'denied',
  } as const
  const calls = (parts: Parts): unknown => factOf(parts).unseen?.['complete']?.map((one) => one.operation)

  it('names the call that would tell, and the bucket', () => {
    const parts = { bucketMissing: { Policy: DENIED } }
    expect(calls(parts)).toEqual(['s3:GetBucketPolicy'])
    expect(factOf(parts).known).toMatchObject({ reads: [], undecided: [BUCKET] })
  })

  it('is whether the role decrypts, where the bucket’s encryption was not read', () => {
    const Encryption = { ...DENIED, operation: 's3:GetBucketEncryption' }
    const parts = { bucket: { Encryption: null }, bucketMissing: { Encryption } }
    expect(calls(parts)).toEqual(['s3:GetBucketEncryption'])
    // What the role may not read anyway stays so.
    expect(verdictOf({ ...parts, inline: [] })).toBe('does not')
  })

  it('is what lets a key be used that is in another account', () => {
    const KMSMasterKeyID = KEY.replace(ACCOUNT, '999999999999')
    const parts = { bucket: encryption({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID }) }
    expect(verdictOf(parts)).toBe('unknown')
    expect(calls(parts)).toEqual(['kms:DescribeKey'])
  })

  it('is a condition on what only the request itself would tell', () => {
    const inline = [
      allow('s3:GetObject', `${BUCKET}/*`, { Condition: { StringEquals: { 'aws:userid': 'AROA:i-1' } } }),
    ]
    expect(factOf({ inline }).unseen?.['complete']).toEqual([
      expect.objectContaining({ operation: 'paths:CONDITION', outcome: 'unsupported' }),
    ])
    expect(factOf({ inline }).known).toMatchObject({ reads: [], undecided: [BUCKET] })
  })

  it('is what a managed policy says that was not read', () => {
    const role = { AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }] }
    expect(calls({ inline: [], role })).toEqual(['iam:GetAccountAuthorizationDetails'])
    // What another policy allows is read all the same.
    expect(verdictOf({ role })).toBe('unknown')
  })

  it('is all that the role does, where roles or buckets were not listed', () => {
    const other = { IamInstanceProfile: { Arn: `${PROFILE}-2` } }
    expect(calls({ instance: other, denied: 'AWS::IAM::Role' })).toEqual([
      'iam:GetAccountAuthorizationDetails',
    ])
    expect(factOf({ instance: other, denied: 'AWS::IAM::Role' }).unseen?.['undecided']).toBeDefined()
    expect(calls({ instance: other })).toBeUndefined()
    expect(calls({ denied: 'AWS::S3::Bucket' })).toEqual(['s3:ListBuckets'])
  })
})

describe('a machine without a role', () => {
  it('reads nothing by one', () => {
    expect(factOf({ instance: { IamInstanceProfile: null } })).toMatchObject({
      known: { role: '', reads: [], undecided: [], complete: true },
    })
  })
  it('does so whatever roles and buckets nobody could list', () => {
    for (const denied of ['AWS::IAM::Role', 'AWS::S3::Bucket'] as const)
      expect(factOf({ instance: { IamInstanceProfile: null }, denied })).toMatchObject({
        known: { role: '', reads: [], undecided: [], complete: true },
      })
  })
})
