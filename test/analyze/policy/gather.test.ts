/** From a resource of the snapshot to what stands on it: its policies, facts, boundaries, notes. */
import { describe, expect, it } from 'vitest'
import { readAccesses } from '../../../src/analyze/policy/accesses.ts'
import { isUnshared } from '../../../src/analyze/policy/gather-shared.ts'
import type { PolicyInput } from '../../../src/analyze/policy/input.ts'
import { OPERATIONS, operationsFor } from '../../../src/analyze/policy/operations.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { CallRecord, Json, JsonObject, Resource } from '../../../src/snapshot/model.ts'
import { snapshot } from '../../snapshot/build.ts'
import { ACCOUNT, missing, NOW, REGION, resource } from '../account.ts'

const STRANGER = '999988887777'
const DOCUMENT = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
}

function input(
  one: Resource,
  others: readonly Resource[] = [],
  calls: readonly CallRecord[] = [],
): PolicyInput | undefined {
  const made = snapshot([one, ...others], calls)
  const index = indexSnapshot({ ...made, manifest: { ...made.manifest, accounts: [{ id: ACCOUNT }] } })
  return readAccesses(index, { trustedAccounts: [], now: NOW }).input(one)
}

const called = (service: string, operation: string, region = REGION): CallRecord => ({
  account: ACCOUNT,
  region,
  service,
  operation,
  outcome: 'ok',
  calls: 1,
  permission: `${service}:${operation}`,
})
const of = (type: string, config: JsonObject, rest: Partial<Resource> = {}): Resource =>
  resource(type, 'x', config, rest)
/** All but what each input has alike. */
function about(one: Resource, others: readonly Resource[] = [], calls: readonly CallRecord[] = []): unknown {
  const found = input(one, others, calls)
  if (!found) return undefined
  const { id: _, type: __, account, region, arn, tags, ...rest } = found
  expect([account, region, tags]).toEqual([one.account, one.region, {}])
  return { ...(arn === one.id ? {} : { arn }), ...rest }
}
const unread = (operation: string, permission = operation) => ({
  unread: [{ operation, permission, outcome: 'not-collected' }],
})
const EMPTY = { accessPoints: [], notes: [] }

describe('a policy', () => {
  it.each([
    ['AWS::ApiGateway::RestApi', { id: 'a1', policy: DOCUMENT }, 'policy'],
    ['AWS::Backup::BackupVault', { Policy: DOCUMENT }, 'Policy'],
    ['AWS::DynamoDB::Table', { ResourcePolicy: DOCUMENT }, 'ResourcePolicy'],
    ['AWS::ECR::Repository', { Policy: DOCUMENT }, 'Policy'],
    ['AWS::EFS::FileSystem', { Policy: DOCUMENT }, 'Policy'],
    ['AWS::Events::EventBus', { Policy: DOCUMENT }, 'Policy'],
    ['AWS::IAM::Role', { AssumeRolePolicyDocument: DOCUMENT }, 'AssumeRolePolicyDocument'],
    ['AWS::Logs::ResourcePolicy', { policyDocument: DOCUMENT }, 'policyDocument'],
    ['AWS::OpenSearchService::Domain', { DomainStatus: { AccessPolicies: DOCUMENT } }, 'AccessPolicies'],
    ['AWS::SNS::Topic', { Attributes: { Policy: DOCUMENT } }, 'Policy'],
    ['AWS::SecretsManager::Secret', { ResourcePolicy: DOCUMENT }, 'ResourcePolicy'],
    ['AWS::SES::EmailIdentity', { Policies: { partner: DOCUMENT } }, 'partner'],
  ])('of %s is called by its field', (type, config, name) => {
    expect(input(of(type, config))?.policies).toEqual([{ name, document: DOCUMENT }])
  })

  it.each([
    ['AWS::Backup::BackupVault', 'Policy', 'backup:GetBackupVaultAccessPolicy'],
    ['AWS::CodeArtifact::Domain', 'Policy', 'codeartifact:GetDomainPermissionsPolicy'],
    ['AWS::CodeArtifact::Repository', 'Policy', 'codeartifact:GetRepositoryPermissionsPolicy'],
    ['AWS::DynamoDB::Table', 'ResourcePolicy', 'dynamodb:GetResourcePolicy'],
    ['AWS::ECR::Repository', 'Policy', 'ecr:GetRepositoryPolicy'],
    ['AWS::EFS::FileSystem', 'Policy', 'elasticfilesystem:DescribeFileSystemPolicy'],
    ['AWS::Glacier::Vault', 'AccessPolicy', 'glacier:GetVaultAccessPolicy'],
    ['AWS::KMS::Key', 'Policy', 'kms:GetKeyPolicy'],
    ['AWS::Lambda::Function', 'Policy', 'lambda:GetPolicy'],
    ['AWS::OpenSearchService::Domain', 'DomainStatus', 'es:DescribeDomains'],
    ['AWS::SNS::Topic', 'Attributes', 'sns:GetTopicAttributes'],
    ['AWS::SQS::Queue', 'Attributes', 'sqs:GetQueueAttributes'],
    ['AWS::SecretsManager::Secret', 'ResourcePolicy', 'secretsmanager:GetResourcePolicy'],
    ['AWS::SES::EmailIdentity', 'Policies', 'ses:GetEmailIdentityPolicies'],
  ])('of %s that nobody asked for is not read, and the call is named', (type, name, operation) => {
    expect(input(of(type, {}))?.policies[0]).toEqual({ name, document: unread(operation) })
  })

  it.each([
    'AWS::ApiGateway::RestApi',
    'AWS::EC2::VPCEndpoint',
    'AWS::Events::EventBus',
    'AWS::IAM::Role',
    'AWS::Logs::ResourcePolicy',
  ])('of %s is none where the listing answers none', (type) => {
    expect(input(of(type, {}))?.policies).toEqual([])
  })

  it('is read from text, also where API Gateway escapes its quotes; text that is no JSON stays text', () => {
    const text = JSON.stringify(DOCUMENT)
    const api = (policy: Json) =>
      input(of('AWS::ApiGateway::RestApi', { id: 'a1', policy }))?.policies[0]?.document
    expect([api(text), api(text.replaceAll('"', '\\"')), api('no policy')]).toEqual([
      DOCUMENT,
      DOCUMENT,
      'no policy',
    ])
    expect([api(''), api(null)]).toEqual([undefined, undefined])
  })

  it('is named by the ARN that policies use for it', () => {
    expect(input(of('AWS::ApiGateway::RestApi', { id: 'a1' }))?.arn).toBe(
      `arn:aws:execute-api:${REGION}:${ACCOUNT}:a1`,
    )
    expect(
      input(
        of(
          'AWS::ApiGateway::RestApi',
          { id: 'a1' },
          { id: 'arn:aws-cn:apigateway:cn-north-1::/restapis/a1' },
        ),
      )?.arn,
    ).toBe(`arn:aws-cn:execute-api:${REGION}:${ACCOUNT}:a1`)
  })

  it('is not there for a type that has none', () => {
    expect(input(of('AWS::EC2::VPC', {}))).toBeUndefined()
  })

  it('knows a resource’s tags where they were read', () => {
    const queue = of('AWS::SQS::Queue', { Attributes: {} }, { tags: { a: 'b' } })
    expect(input(queue)?.tags).toEqual({ a: 'b' })
    for (const field of ['Tags', 'TagSet', 'TagList', 'tags'])
      expect([field, input({ ...queue, missing: { [field]: missing('x:ListTags') } })?.tags]).toEqual([
        field,
        undefined,
      ])
  })
})

describe('what a resource settles', () => {
  it('of a key is its kind, its aliases, and its grants', () => {
    const metadata = { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', Origin: 'AWS_KMS' }
    const key = (config: JsonObject) =>
      about(of('AWS::KMS::Key', { Policy: DOCUMENT, Grants: [{ GrantId: 'g' }], ...config }))
    const policies = [{ name: 'Policy', document: DOCUMENT }]
    const facts = {
      'kms:keyspec': ['SYMMETRIC_DEFAULT'],
      'kms:keyusage': ['ENCRYPT_DECRYPT'],
      'kms:keyorigin': ['AWS_KMS'],
      'kms:multiregion': ['false'],
      'kms:multiregionkeytype': [],
    }
    expect(key({ KeyMetadata: metadata })).toEqual({ ...EMPTY, policies, grants: [{ GrantId: 'g' }], facts })
    const primary = {
      ...metadata,
      MultiRegion: true,
      MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY' },
    }
    expect(key({ KeyMetadata: primary, Aliases: [{ AliasName: 'alias/a' }, { AliasName: 7 }] })).toEqual({
      ...EMPTY,
      policies,
      grants: [{ GrantId: 'g' }],
      facts: {
        ...facts,
        'kms:multiregion': ['true'],
        'kms:multiregionkeytype': ['PRIMARY'],
        'kms:resourcealiases': ['alias/a'],
      },
    })
    expect(key({})).toEqual({ ...EMPTY, policies, grants: [{ GrantId: 'g' }] })
    // Grants on AWS's own keys are AWS's.
    expect(key({ KeyMetadata: { ...metadata, KeyManager: 'AWS' } })).toEqual({ ...EMPTY, policies, facts })
    expect(input(of('AWS::KMS::Key', { Policy: DOCUMENT }))?.grants).toEqual(unread('kms:ListGrants'))
  })

  it('of an endpoint is itself and its VPC', () => {
    expect(
      about(
        of('AWS::EC2::VPCEndpoint', { VpcEndpointId: 'vpce-1', VpcId: 'vpc-1', PolicyDocument: DOCUMENT }),
      ),
    ).toEqual({
      ...EMPTY,
      policies: [{ name: 'PolicyDocument', document: DOCUMENT }],
      facts: { 'aws:sourcevpce': ['vpce-1'], 'aws:sourcevpc': ['vpc-1'] },
    })
  })

  it('of a function is how its URLs ask who calls', () => {
    const urls = [{ AuthType: 'NONE' }, { AuthType: 'AWS_IAM' }, { AuthType: 'NONE' }, {}]
    expect(input(of('AWS::Lambda::Function', { Policy: DOCUMENT, UrlConfigs: urls }))?.facts).toEqual({
      'lambda:functionurlauthtype': ['NONE', 'AWS_IAM'],
    })
    expect(input(of('AWS::Lambda::Function', { Policy: DOCUMENT, UrlConfigs: [] }))?.facts).toEqual({
      'lambda:functionurlauthtype': [],
      'lambda:invokedviafunctionurl': [],
    })
    expect(input(of('AWS::Lambda::Function', { Policy: DOCUMENT }))?.facts).toBeUndefined()
  })

  it('keeps requests away from what stands in a VPC', () => {
    const domain = (DomainStatus: JsonObject) =>
      input(of('AWS::OpenSearchService::Domain', { DomainStatus }))?.boundaries
    expect([domain({ VPCOptions: { VPCId: 'vpc-1' } }), domain({})]).toEqual([
      [{ name: 'VPCOptions', condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } } }],
      undefined,
    ])
    const api = (types: Json) =>
      input(of('AWS::ApiGateway::RestApi', { id: 'a', endpointConfiguration: { types } }))?.boundaries
    expect([api(['PRIVATE']), api(['REGIONAL'])]).toEqual([
      [{ name: 'endpointConfiguration PRIVATE', condition: { Null: { 'aws:SourceVpce': 'true' } } }],
      undefined,
    ])
  })

  it('is noted where there is no policy and something else decides', () => {
    const notes = (type: string, config: JsonObject, ...calls: CallRecord[]) =>
      input(of(type, config), [], calls)?.notes
    expect(notes('AWS::ApiGateway::RestApi', { id: 'a' })).toEqual([
      'no resource policy: who may call is decided by the methods of the API',
    ])
    expect(notes('AWS::ApiGateway::RestApi', { id: 'a', policy: DOCUMENT })).toEqual([])
    expect(notes('AWS::EC2::VPCEndpoint', {})).toEqual(['an endpoint of this kind has no policy'])
    expect(notes('AWS::EC2::VPCEndpoint', { PolicyDocument: DOCUMENT })).toEqual([])
    expect(notes('AWS::EFS::FileSystem', { Policy: DOCUMENT })).toEqual([])
    expect(
      notes('AWS::EFS::FileSystem', {}, called('elasticfilesystem', 'DescribeFileSystemPolicy')),
    ).toEqual(['no file system policy: whoever reaches a mount target over the network may mount it'])
    expect(notes('AWS::IAM::Role', {})).toEqual([])
  })
})

describe('a sharing list', () => {
  const list = (
    type: string,
    config: JsonObject,
    others: readonly Resource[] = [],
    calls: readonly CallRecord[] = [],
  ) => input(of(type, config), others, calls)
  const statements = (type: string, config: JsonObject): unknown =>
    list(type, config)?.policies.map(({ name, document }) => [
      name,
      (document as { Statement?: Json }).Statement ?? document,
    ])
  const CREATE = ['ec2:CreateVolume', 'ec2:CopySnapshot']

  it('of a snapshot is a statement for each kind of whom it names', () => {
    const CreateVolumePermissions = [
      { UserId: STRANGER },
      { UserId: ACCOUNT },
      { OrganizationArn: `arn:aws:organizations::${STRANGER}:organization/o-zzzzzzzzzz` },
      { OrganizationalUnitArn: `arn:aws:organizations::${STRANGER}:ou/o-zzzzzzzzzz/ou-1234-abcd` },
    ]
    expect(statements('AWS::EC2::Snapshot', { Public: false, CreateVolumePermissions })).toEqual([
      [
        'CreateVolumePermissions',
        [
          { Sid: 'accounts', Effect: 'Allow', Action: CREATE, Principal: { AWS: [STRANGER, ACCOUNT] } },
          {
            Sid: 'organizations',
            Effect: 'Allow',
            Action: CREATE,
            Principal: '*',
            Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-zzzzzzzzzz'] } },
          },
          {
            Sid: 'units',
            Effect: 'Allow',
            Action: CREATE,
            Principal: '*',
            Condition: {
              'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-zzzzzzzzzz/*/ou-1234-abcd/*'] },
            },
          },
        ],
      ],
    ])
    expect(statements('AWS::EC2::Snapshot', { Public: false, CreateVolumePermissions: [] })).toEqual([
      ['CreateVolumePermissions', []],
    ])
    expect(
      statements('AWS::EC2::Snapshot', { Public: false, CreateVolumePermissions: [{ Group: 'all' }] }),
    ).toEqual([
      ['CreateVolumePermissions', [{ Sid: 'all', Effect: 'Allow', Action: CREATE, Principal: '*' }]],
    ])
  })

  it('that is public by its flag needs no list', () => {
    expect(statements('AWS::EC2::Image', { Public: true })).toEqual([
      ['Public', [{ Sid: 'all', Effect: 'Allow', Action: ['ec2:RunInstances'], Principal: '*' }]],
    ])
  })

  it.each([
    ['AWS::EC2::Snapshot', {}, 'Public', 'ec2:DescribeSnapshots'],
    ['AWS::EC2::Snapshot', { Public: false }, 'CreateVolumePermissions', 'ec2:DescribeSnapshotAttribute'],
    ['AWS::EC2::Image', {}, 'Public', 'ec2:DescribeImages'],
    ['AWS::EC2::Image', { Public: false }, 'LaunchPermissions', 'ec2:DescribeImageAttribute'],
    ['AWS::RDS::DBSnapshot', {}, 'Attributes', 'rds:DescribeDBSnapshotAttributes'],
    ['AWS::RDS::DBClusterSnapshot', {}, 'Attributes', 'rds:DescribeDBClusterSnapshotAttributes'],
    ['AWS::SSM::Document', {}, 'AccountIds', 'ssm:DescribeDocumentPermission'],
    ['AWS::EC2::VPCEndpointService', {}, 'AllowedPrincipals', 'ec2:DescribeVpcEndpointServicePermissions'],
  ])('of %s with %j that nobody asked for names the call', (type, config, name, operation) => {
    expect(list(type, config)?.policies).toEqual([{ name, document: unread(operation) }])
  })

  it('of a database’s snapshot is who may restore it', () => {
    const shared = (...AttributeValues: string[]) =>
      statements('AWS::RDS::DBSnapshot', {
        Attributes: [
          { AttributeName: 'restore', AttributeValues },
          { AttributeName: 'other', AttributeValues: [ACCOUNT] },
        ],
      })
    const Action = ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:CopyDBSnapshot']
    expect(shared(STRANGER, 'x')).toEqual([
      ['Attributes', [{ Sid: 'accounts', Effect: 'Allow', Action, Principal: { AWS: [STRANGER] } }]],
    ])
    expect(shared('all')).toEqual([['Attributes', [{ Sid: 'all', Effect: 'Allow', Action, Principal: '*' }]]])
    expect(shared()).toEqual([['Attributes', []]])
  })

  it('of a document or an endpoint service is whom it names', () => {
    const Action = ['ssm:GetDocument', 'ssm:SendCommand']
    expect(statements('AWS::SSM::Document', { AccountIds: ['All'] })).toEqual([
      ['AccountIds', [{ Sid: 'all', Effect: 'Allow', Action, Principal: '*' }]],
    ])
    expect(
      statements('AWS::SSM::Document', { AccountIds: [STRANGER, '12345678901', `${STRANGER}0`] }),
    ).toEqual([
      ['AccountIds', [{ Sid: 'accounts', Effect: 'Allow', Action, Principal: { AWS: [STRANGER] } }]],
    ])
    const role = `arn:aws:iam::${STRANGER}:role/app`
    expect(
      statements('AWS::EC2::VPCEndpointService', {
        AllowedPrincipals: [{ Principal: role }, { Principal: 'x' }],
      }),
    ).toEqual([
      [
        'AllowedPrincipals',
        [{ Sid: 'accounts', Effect: 'Allow', Action: ['ec2:CreateVpcEndpoint'], Principal: { AWS: [role] } }],
      ],
    ])
    expect(statements('AWS::EC2::VPCEndpointService', { AllowedPrincipals: [{ Principal: '*' }] })).toEqual([
      [
        'AllowedPrincipals',
        [{ Sid: 'all', Effect: 'Allow', Action: ['ec2:CreateVpcEndpoint'], Principal: '*' }],
      ],
    ])
  })

  it('that is public is closed where the account blocks public snapshots, but for those that it names', () => {
    const block = (State: string) => resource('AWS::EC2::SnapshotBlockPublicAccess', 'block', { State })
    const name = 'SnapshotBlockPublicAccess block-all-sharing'
    const closed = (config: JsonObject, ...others: Resource[]) =>
      list('AWS::EC2::Snapshot', config, others)?.boundaries
    expect(closed({ Public: true }, block('block-all-sharing'))).toEqual([{ name, condition: {} }])
    expect(
      closed(
        { Public: false, CreateVolumePermissions: [{ Group: 'all' }, { UserId: STRANGER }] },
        block('block-all-sharing'),
      ),
    ).toEqual([{ name, condition: { StringNotEquals: { 'aws:PrincipalAccount': [STRANGER] } } }])
    expect(closed({ Public: true }, block('block-new-sharing'))).toBeUndefined()
    expect(
      closed({ Public: false, CreateVolumePermissions: [{ UserId: STRANGER }] }, block('block-all-sharing')),
    ).toBeUndefined()
    expect(
      list('AWS::EC2::Image', { Public: true }, [block('block-all-sharing')])?.boundaries,
    ).toBeUndefined()
  })

  it('with nobody is alike for all', () => {
    const unshared = (type: string, config: JsonObject): boolean => {
      const found = input(of(type, config))
      return found !== undefined && isUnshared(found)
    }
    expect([
      unshared('AWS::EC2::Snapshot', { Public: false, CreateVolumePermissions: [] }),
      unshared('AWS::EC2::Snapshot', { Public: false, CreateVolumePermissions: [{ UserId: STRANGER }] }),
      unshared('AWS::EC2::Snapshot', { Public: false }),
      unshared('AWS::SQS::Queue', { Attributes: {} }),
      unshared('AWS::EC2::Snapshot', { Public: true, CreateVolumePermissions: [] }),
    ]).toEqual([true, false, false, false, false])
  })
})

describe('a bucket', () => {
  const place = { region: 'global' }
  const bucket = (config: JsonObject, rest: Partial<Resource> = {}) =>
    resource(
      'AWS::S3::Bucket',
      'files',
      { Name: 'files', ...config },
      { id: 'arn:aws:s3:::files', ...place, ...rest },
    )
  const ACL = { Owner: { ID: 'o' }, Grants: [] }
  const READ = {
    Policy: DOCUMENT,
    Acl: ACL,
    OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    PublicAccessBlock: { IgnorePublicAcls: true },
  }

  it('has a policy, an ACL, its ownership, the settings of three levels, what S3 says of its policy', () => {
    expect(
      about(bucket({ ...READ, PolicyStatus: { IsPublic: true } }), [
        resource('AWS::S3::AccountPublicAccessBlock', 'b', { BlockPublicAcls: true }, place),
      ]),
    ).toEqual({
      policies: [{ name: 'Policy', document: DOCUMENT }],
      bucket: {
        acl: ACL,
        ownership: 'ObjectWriter',
        blocks: {
          bucket: { IgnorePublicAcls: true },
          account: { BlockPublicAcls: true },
          organization: null,
        },
        policyIsPublic: 1,
        owner: 'o',
      },
      accessPoints: [],
    })
    expect(input(bucket({ ...READ, PolicyStatus: { IsPublic: false } }))?.bucket?.policyIsPublic).toBe(0)
  })

  it('of which nothing was read names each call', () => {
    expect(about(bucket({}))).toEqual({
      accessPoints: [],
      bucket: {
        acl: {
          unread: [
            {
              operation: 's3:GetBucketAcl',
              outcome: 'not-collected',
              permission: 's3:GetBucketAcl',
            },
          ],
        },
        blocks: {
          account: null,
          bucket: {
            unread: [
              {
                operation: 's3:GetPublicAccessBlock',
                outcome: 'not-collected',
                permission: 's3:GetBucketPublicAccessBlock',
              },
            ],
          },
          organization: null,
        },
        ownership: {
          unread: [
            {
              operation: 's3:GetBucketOwnershipControls',
              outcome: 'not-collected',
              permission: 's3:GetBucketOwnershipControls',
            },
          ],
        },
      },
      policies: [
        {
          document: {
            unread: [
              {
                operation: 's3:GetBucketPolicy',
                outcome: 'not-collected',
                permission: 's3:GetBucketPolicy',
              },
            ],
          },
          name: 'Policy',
        },
      ],
    })
  })

  it('is bounded by what the organization says of all its accounts', () => {
    const said = (content: Json, account = ACCOUNT) =>
      input(bucket(READ), [
        resource(
          'AWS::Organizations::EffectiveS3Policy',
          'p',
          { PolicyContent: content },
          { ...place, account },
        ),
      ])?.bucket?.blocks.organization
    const all = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    }
    const content = (value: Json): Json =>
      JSON.stringify({ s3_attributes: { public_access_block_configuration: value } })
    expect([
      said(content('all')),
      said(content({ '@@assign': 'all' })),
      said(content('none')),
      said(content({ '@@assign': 'none' })),
      said('x'),
      said(content('all'), STRANGER),
    ]).toEqual([all, all, null, null, null, null])
  })

  const point = (config: JsonObject, rest: Partial<Resource> = {}) =>
    resource(
      'AWS::S3::AccessPoint',
      'web',
      { Bucket: 'files', ...config },
      { id: `arn:aws:s3:${REGION}:${ACCOUNT}:accesspoint/web`, ...rest },
    )

  it('is reached through its own account’s access points', () => {
    const others = [
      point({
        Policy: DOCUMENT,
        AccessPoint: {
          VpcConfiguration: { VpcId: 'vpc-1' },
          PublicAccessBlockConfiguration: { IgnorePublicAcls: true },
        },
      }),
      point({ Bucket: 'other' }, { id: 'other' }),
      point({}, { id: 'foreign', account: STRANGER }),
      point({ VpcConfiguration: { VpcId: 'vpc-2' } }, { id: 'unread' }),
      point({ Policy: DOCUMENT, AccessPoint: {} }, { id: 'open' }),
    ]
    expect(input(bucket(READ), others)?.accessPoints).toEqual([
      {
        account: '123456789012',
        arn: 'arn:aws:s3:eu-west-1:123456789012:accesspoint/web',
        blocks: {
          IgnorePublicAcls: true,
        },
        policy: {
          Statement: [
            {
              Action: '*',
              Effect: 'Allow',
              Principal: '*',
              Resource: '*',
            },
          ],
          Version: '2012-10-17',
        },
        vpc: 'vpc-1',
      },
      {
        account: '123456789012',
        arn: 'unread',
        blocks: {
          unread: [
            {
              operation: 's3:GetAccessPoint',
              outcome: 'not-collected',
              permission: 's3:GetAccessPoint',
            },
          ],
        },
        policy: {
          unread: [
            {
              operation: 's3:GetAccessPointPolicy',
              outcome: 'not-collected',
              permission: 's3:GetAccessPointPolicy',
            },
          ],
        },
        vpc: 'vpc-2',
      },
      {
        account: '123456789012',
        arn: 'open',
        blocks: null,
        policy: {
          Statement: [
            {
              Action: '*',
              Effect: 'Allow',
              Principal: '*',
              Resource: '*',
            },
          ],
          Version: '2012-10-17',
        },
      },
    ])
  })

  it('stands behind its access point with all that it has, or is unknown where the snapshot does not hold it', () => {
    const web = point({ Policy: DOCUMENT, AccessPoint: {} })
    expect(about(web, [bucket(READ)])).toEqual({
      accessPoints: [
        {
          account: '123456789012',
          arn: 'arn:aws:s3:eu-west-1:123456789012:accesspoint/web',
          blocks: null,
          policy: {
            Statement: [
              {
                Action: '*',
                Effect: 'Allow',
                Principal: '*',
                Resource: '*',
              },
            ],
            Version: '2012-10-17',
          },
        },
      ],
      arn: 'arn:aws:s3:::files',
      bucket: {
        acl: {
          Grants: [],
          Owner: {
            ID: 'o',
          },
        },
        blocks: {
          account: null,
          bucket: {
            IgnorePublicAcls: true,
          },
          organization: null,
        },
        owner: 'o',
        ownership: 'ObjectWriter',
      },
      bucketPolicy: {
        document: {
          Statement: [
            {
              Action: '*',
              Effect: 'Allow',
              Principal: '*',
              Resource: '*',
            },
          ],
          Version: '2012-10-17',
        },
      },
      policies: [],
    })
    expect(about(web)).toEqual({
      accessPoints: [
        {
          account: '123456789012',
          arn: 'arn:aws:s3:eu-west-1:123456789012:accesspoint/web',
          blocks: null,
          policy: {
            Statement: [
              {
                Action: '*',
                Effect: 'Allow',
                Principal: '*',
                Resource: '*',
              },
            ],
            Version: '2012-10-17',
          },
        },
      ],
      arn: 'arn:aws:s3:::files',
      bucket: {
        acl: undefined,
        blocks: {
          account: null,
          bucket: {
            unread: [
              {
                operation: 's3:GetBucketPolicy',
                outcome: 'not-collected',
                permission: 's3:GetBucketPolicy',
              },
            ],
          },
          organization: null,
        },
        ownership: null,
      },
      bucketPolicy: {
        document: {
          unread: [
            {
              operation: 's3:GetBucketPolicy',
              outcome: 'not-collected',
              permission: 's3:GetBucketPolicy',
            },
          ],
        },
      },
      policies: [],
    })
  })
})

describe('a request', () => {
  const made = (type: string, short: string, config: JsonObject, rest: Partial<Resource> = {}) =>
    resource(type, short, config, rest)
  const decided = (resources: readonly Resource[], name: string) => {
    const all = snapshot(resources)
    const index = indexSnapshot({ ...all, manifest: { ...all.manifest, accounts: [{ id: ACCOUNT }] } })
    const request = { principal: 'anonymous', action: 'sqs:SendMessage', resource: name, context: {} }
    return readAccesses(index, { trustedAccounts: [], now: NOW }).decide(request)?.decision
  }

  it('is for the resource that it names, whatever others of its type let in', () => {
    const shut = made('AWS::SQS::Queue', 'shut', { Attributes: {} })
    const open = made('AWS::SQS::Queue', 'open', { Attributes: { Policy: DOCUMENT } })
    expect([
      decided([shut, open], shut.id),
      decided([shut, open], open.id),
      decided([shut], 'arn:aws:sqs:x'),
    ]).toEqual(['implicit-deny', 'allowed', undefined])
  })
})

describe('the operations that an answer hangs on', () => {
  it('are the type’s own, what stands around an account, and what a member asks further', () => {
    const own = (type: string, ...members: string[]) =>
      operationsFor(type, members.length === 0 ? undefined : new Set(members))
    expect(own('AWS::SQS::Queue', 'public')).toEqual([
      'sqs:ListQueues',
      'sqs:GetQueueAttributes',
      'organizations:DescribeOrganization',
      'organizations:ListAccounts',
      'organizations:ListPolicies',
      'organizations:DescribePolicy',
      'organizations:ListTargetsForPolicy',
      'iam:GetAccountAuthorizationDetails',
    ])
    expect(own('AWS::KMS::Key', 'public')).toEqual([
      'kms:ListKeys',
      'kms:DescribeKey',
      'kms:GetKeyPolicy',
      'kms:ListGrants',
      'kms:ListAliases',
      'kms:ListResourceTags',
      'organizations:DescribeOrganization',
      'organizations:ListAccounts',
      'organizations:ListPolicies',
      'organizations:DescribePolicy',
      'organizations:ListTargetsForPolicy',
      'iam:GetAccountAuthorizationDetails',
    ])
    expect(own('AWS::EC2::VPC')).toEqual([])
    expect(
      own(
        'AWS::S3::Bucket',
        'unblocked',
        'blockPublicAcls',
        'ignorePublicAcls',
        'blockPublicPolicy',
        'restrictPublicBuckets',
      ),
    ).toEqual([
      's3:ListBuckets',
      's3:GetBucketLocation',
      's3:GetPublicAccessBlock',
      'organizations:DescribeEffectivePolicy',
    ])
    expect(own('AWS::S3::Bucket', 'unblocked', 'public')).toContain('s3:GetBucketPolicy')
    expect(operationsFor('AWS::S3::Bucket', new Set())).toContain('s3:GetBucketPolicy')
    const data = own('AWS::KMS::Key', 'data')
    expect(data.length).toBeGreaterThan(own('AWS::KMS::Key', 'public').length)
    expect(own('AWS::KMS::Key', 'beyondData').length).toBeGreaterThan(data.length)
    expect(own('AWS::KMS::Key').length).toBeGreaterThan(own('AWS::KMS::Key', 'beyondData').length)
  })

  it('are each listed once, in order', () => {
    expect(OPERATIONS).toEqual([...new Set(OPERATIONS)].sort())
    expect(OPERATIONS).toEqual(
      expect.arrayContaining(['organizations:ListPolicies', 'sqs:GetQueueAttributes', 'kms:ListGrants']),
    )
  })
})
