/** Where AWS answers the policy or the sharing list of each type, and what is said when it did not. */
import { describe, expect, it } from 'vitest'
import { access } from '../../../src/analyze/policy/analysis.ts'
import type { Json, JsonObject, Resource } from '../../../src/snapshot/model.ts'
import { factsOf, missing, resource, type Setting } from '../account.ts'

const STRANGER = '999988887777'
const allow = (Principal: Json): JsonObject => ({ Effect: 'Allow', Principal, Action: '*', Resource: '*' })
const policy = (...Statement: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement })
const OPEN = policy(allow('*'))
/** The API answers some policies as text, the collectors keep them parsed: either is read. */
const TEXT = JSON.stringify(OPEN)

interface Place {
  readonly type: string
  /** The configuration that has a policy in its place. */
  readonly with: (document: Json) => JsonObject
  readonly field: string
  readonly operation: string
  /** The listing answers the policy too. */
  readonly isListed?: true
  readonly rest?: JsonObject
}

const member = (field: string, name: string) => (document: Json) => ({ [field]: { [name]: document } })
const plain = (type: string, field: string, operation: string): Place => ({
  type,
  field,
  operation,
  with: (document) => ({ [field]: document }),
})

const PLACES: readonly Place[] = [
  {
    ...plain('AWS::ApiGateway::RestApi', 'policy', 'apigateway:GetRestApis'),
    isListed: true,
    rest: { id: 'a1b2c3d4e5' },
  },
  plain('AWS::Backup::BackupVault', 'Policy', 'backup:GetBackupVaultAccessPolicy'),
  plain('AWS::CodeArtifact::Domain', 'Policy', 'codeartifact:GetDomainPermissionsPolicy'),
  plain('AWS::CodeArtifact::Repository', 'Policy', 'codeartifact:GetRepositoryPermissionsPolicy'),
  plain('AWS::DynamoDB::Table', 'ResourcePolicy', 'dynamodb:GetResourcePolicy'),
  plain('AWS::ECR::Repository', 'Policy', 'ecr:GetRepositoryPolicy'),
  plain('AWS::EFS::FileSystem', 'Policy', 'elasticfilesystem:DescribeFileSystemPolicy'),
  { ...plain('AWS::Events::EventBus', 'Policy', 'events:ListEventBuses'), isListed: true },
  plain('AWS::Glacier::Vault', 'AccessPolicy', 'glacier:GetVaultAccessPolicy'),
  {
    ...plain('AWS::IAM::Role', 'AssumeRolePolicyDocument', 'iam:GetAccountAuthorizationDetails'),
    isListed: true,
  },
  { ...plain('AWS::KMS::Key', 'Policy', 'kms:GetKeyPolicy'), rest: { Grants: [] } },
  plain('AWS::Lambda::Function', 'Policy', 'lambda:GetPolicy'),
  {
    ...plain('AWS::OpenSearchService::Domain', 'DomainStatus', 'es:DescribeDomains'),
    with: member('DomainStatus', 'AccessPolicies'),
  },
  {
    ...plain('AWS::SNS::Topic', 'Attributes', 'sns:GetTopicAttributes'),
    with: member('Attributes', 'Policy'),
  },
  {
    ...plain('AWS::SQS::Queue', 'Attributes', 'sqs:GetQueueAttributes'),
    with: member('Attributes', 'Policy'),
  },
  plain('AWS::SecretsManager::Secret', 'ResourcePolicy', 'secretsmanager:GetResourcePolicy'),
  {
    ...plain('AWS::SES::EmailIdentity', 'Policies', 'ses:GetEmailIdentityPolicies'),
    with: member('Policies', 'partner'),
  },
]

function exposure(one: Resource, setting: Setting = {}, others: readonly Resource[] = []): unknown {
  const facts = factsOf(access, [one, ...others], setting)
  const why = facts.why(one, 'exposure')
  return why.length > 0 ? why : facts.of(one).known['exposure']
}

/** Two vaults' policies, and whatever else a type has besides, were answered. */
const BESIDES: Readonly<Record<string, JsonObject>> = { 'AWS::Glacier::Vault': { Lock: {} } }

describe.each(PLACES)('the policy of $type', ({ type, field, operation, isListed, rest, with: put }) => {
  const made = (config: JsonObject, more: Partial<Resource> = {}) =>
    resource(type, 'x', { ...BESIDES[type], ...rest, ...config }, more)

  it('is read where AWS answers it, parsed or as text', () => {
    for (const document of [OPEN, TEXT]) expect(exposure(made(put(document)))).toBe('public')
    expect(exposure(made(put(policy(allow({ AWS: `arn:aws:iam::${STRANGER}:root` })))))).toBe(
      'external-unknown',
    )
  })

  it('is none where AWS answers none', () => {
    expect(exposure(made({}))).toBe('none')
  })

  it('is unknown where the call was denied, or nobody made it, unless the listing answers it', () => {
    const unread = made({}, { missing: { [field]: missing(operation) } })
    expect(exposure(unread)).toEqual(isListed ? 'none' : [operation])
    expect(exposure(made({}), isListed ? {} : { uncalled: [operation] })).toEqual(
      isListed ? 'none' : [operation],
    )
  })
})

describe('a vault’s lock', () => {
  it('counts beside its policy, and is missed where it was not read', () => {
    const Lock = { Policy: policy({ ...allow('*'), Effect: 'Deny' }) }
    const vault = (config: JsonObject, more: Partial<Resource> = {}) =>
      resource('AWS::Glacier::Vault', 'x', { AccessPolicy: OPEN, ...config }, more)
    expect([exposure(vault({ Lock: {} })), exposure(vault({ Lock }))]).toEqual(['public', 'none'])
    expect(exposure(vault({}, { missing: { Lock: missing('glacier:GetVaultLock') } }))).toEqual([
      'glacier:GetVaultLock',
    ])
  })
})

interface Sharing {
  readonly type: string
  readonly field: string
  readonly operation: string
  readonly all: Json
  readonly stranger: Json
  readonly rest?: JsonObject
}

const restore = (...AttributeValues: string[]): Json => [{ AttributeName: 'restore', AttributeValues }]
const PERMISSIONS = {
  all: [{ Group: 'all' }],
  stranger: [{ UserId: STRANGER }],
  rest: { Public: false },
}
const SHARING: readonly Sharing[] = [
  {
    type: 'AWS::EC2::Snapshot',
    field: 'CreateVolumePermissions',
    operation: 'ec2:DescribeSnapshotAttribute',
    ...PERMISSIONS,
  },
  {
    type: 'AWS::EC2::Image',
    field: 'LaunchPermissions',
    operation: 'ec2:DescribeImageAttribute',
    ...PERMISSIONS,
  },
  {
    type: 'AWS::RDS::DBSnapshot',
    field: 'Attributes',
    operation: 'rds:DescribeDBSnapshotAttributes',
    all: restore('all'),
    stranger: restore(STRANGER),
  },
  {
    type: 'AWS::RDS::DBClusterSnapshot',
    field: 'Attributes',
    operation: 'rds:DescribeDBClusterSnapshotAttributes',
    all: restore('all'),
    stranger: restore(STRANGER),
  },
  {
    type: 'AWS::SSM::Document',
    field: 'AccountIds',
    operation: 'ssm:DescribeDocumentPermission',
    all: ['All'],
    stranger: [STRANGER],
  },
  {
    type: 'AWS::EC2::VPCEndpointService',
    field: 'AllowedPrincipals',
    operation: 'ec2:DescribeVpcEndpointServicePermissions',
    all: [{ Principal: '*' }],
    stranger: [{ Principal: `arn:aws:iam::${STRANGER}:root` }],
  },
]

describe.each(SHARING)('the sharing list of $type', ({ type, field, operation, all, stranger, rest }) => {
  const made = (config: JsonObject, more: Partial<Resource> = {}) =>
    resource(type, 'x', { ...rest, ...config }, more)

  it('is read where AWS answers it', () => {
    expect(exposure(made({ [field]: all }))).toBe('public')
    expect(exposure(made({ [field]: stranger }))).toBe('external-unknown')
    expect(exposure(made({ [field]: [] }))).toBe('none')
  })

  it('is unknown where the call was denied, or nobody made it', () => {
    expect(exposure(made({}, { missing: { [field]: missing(operation) } }))).toEqual([operation])
    expect(exposure(made({}), { uncalled: [operation] })).toEqual([operation])
  })
})

describe('a snapshot or image', () => {
  it('is public by its flag, whatever its list says', () => {
    for (const type of ['AWS::EC2::Snapshot', 'AWS::EC2::Image'])
      expect(exposure(resource(type, 'x', { Public: true }))).toBe('public')
  })

  it('may be shared with units and organizations', () => {
    const shared = (permission: JsonObject) =>
      exposure(resource('AWS::EC2::Image', 'x', { Public: false, LaunchPermissions: [permission] }))
    const arn = 'arn:aws:organizations::123456789012'
    expect(shared({ OrganizationArn: `${arn}:organization/o-abcdefghij` })).toBe('external-unknown')
    expect(shared({ OrganizationalUnitArn: `${arn}:ou/o-abcdefghij/ou-abcd-12345678` })).toBe(
      'external-unknown',
    )
  })

  it('of EBS is closed by the account’s block, but to accounts that are named', () => {
    const block = (State: string) => resource('AWS::EC2::SnapshotBlockPublicAccess', 'block', { State })
    const snapshot = (...more: JsonObject[]) =>
      resource('AWS::EC2::Snapshot', 'x', {
        Public: false,
        CreateVolumePermissions: [{ Group: 'all' }, ...more],
      })
    expect(exposure(snapshot(), {}, [block('block-all-sharing')])).toBe('none')
    expect(exposure(snapshot(), {}, [block('block-new-sharing')])).toBe('public')
    expect(exposure(snapshot(), {}, [block('unblocked')])).toBe('public')
    expect(exposure(snapshot({ UserId: STRANGER }), {}, [block('block-all-sharing')])).toBe(
      'external-unknown',
    )
    const image = resource('AWS::EC2::Image', 'x', { Public: true })
    expect(exposure(image, {}, [block('block-all-sharing')])).toBe('public')
  })
})

describe('an endpoint inside a VPC', () => {
  it('keeps the internet away, whatever the policy says', () => {
    const domain = (VPCId: string) =>
      resource('AWS::OpenSearchService::Domain', 'x', {
        DomainStatus: { AccessPolicies: OPEN, ...(VPCId === '' ? {} : { VPCOptions: { VPCId } }) },
      })
    expect([exposure(domain('')), exposure(domain('vpc-1'))]).toEqual(['public', 'network'])
  })

  it('of a private API may be in anybody’s VPC: an address of the internet is not enough', () => {
    const api = (type: string, Condition: JsonObject = {}) =>
      resource('AWS::ApiGateway::RestApi', 'x', {
        id: 'a1',
        policy: policy({ ...allow('*'), Condition }),
        endpointConfiguration: { types: [type] },
      })
    const elsewhere = { Null: { 'aws:SourceVpce': 'true' } }
    expect([exposure(api('PRIVATE')), exposure(api('PRIVATE', elsewhere))]).toEqual(['public', 'none'])
    expect(exposure(api('REGIONAL', elsewhere))).toBe('public')
  })
})

describe('what a resource says of itself', () => {
  it('settles a condition on it', () => {
    const when = (Condition: JsonObject) => policy({ ...allow('*'), Condition })
    const lambda = (AuthType: string, wanted: string) =>
      resource('AWS::Lambda::Function', 'x', {
        UrlConfigs: [{ AuthType }],
        Policy: when({ StringEquals: { 'lambda:FunctionUrlAuthType': wanted } }),
      })
    expect([exposure(lambda('NONE', 'NONE')), exposure(lambda('AWS_IAM', 'NONE'))]).toEqual([
      'public',
      'none',
    ])
    const byUrl = (UrlConfigs: Json) =>
      resource('AWS::Lambda::Function', 'x', {
        UrlConfigs,
        Policy: when({ Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }),
      })
    expect([exposure(byUrl([{ AuthType: 'NONE' }])), exposure(byUrl([]))]).toEqual(['public', 'none'])
    const key = (name: string, value: string) =>
      exposure(
        resource('AWS::KMS::Key', 'x', {
          KeyMetadata: {
            KeyManager: 'CUSTOMER',
            KeySpec: 'RSA_2048',
            KeyUsage: 'SIGN_VERIFY',
            Origin: 'AWS_KMS',
            MultiRegion: true,
            MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY' },
          },
          Grants: [],
          Policy: when({ StringEquals: { [name]: value } }),
        }),
      )
    for (const [name, value, other] of [
      ['kms:KeySpec', 'RSA_2048', 'SYMMETRIC_DEFAULT'],
      ['kms:KeyUsage', 'SIGN_VERIFY', 'ENCRYPT_DECRYPT'],
      ['kms:KeyOrigin', 'AWS_KMS', 'EXTERNAL'],
      ['kms:MultiRegionKeyType', 'PRIMARY', 'REPLICA'],
      ['kms:MultiRegion', 'true', 'false'],
    ] as const)
      expect([name, key(name, value), key(name, other)]).toEqual([name, 'public', 'none'])
  })

  it('is a key’s aliases, once they were read', () => {
    const key = (Aliases: Json) =>
      exposure(
        resource('AWS::KMS::Key', 'x', {
          KeyMetadata: { KeyManager: 'CUSTOMER' },
          Grants: [],
          Policy: policy({
            ...allow('*'),
            Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/open' } },
          }),
          ...(Aliases === null ? {} : { Aliases }),
        }),
      )
    expect(key([{ AliasName: 'alias/open' }])).toBe('public')
    expect(key([{ AliasName: 'alias/closed' }])).toBe('none')
    expect(key(null)).not.toBe('none')
  })
})

describe('grants', () => {
  const grant = { GrantId: 'g', GranteePrincipal: `arn:aws:iam::${STRANGER}:role/x`, Operations: ['Decrypt'] }
  const key = (KeyManager: string, config: JsonObject = {}, more: Partial<Resource> = {}) =>
    resource(
      'AWS::KMS::Key',
      'x',
      { KeyMetadata: { KeyManager }, Policy: policy(), Grants: [grant], ...config },
      more,
    )

  it('of a customer’s key let others in; those of AWS’s own are AWS’s', () => {
    expect([exposure(key('CUSTOMER')), exposure(key('AWS'))]).toEqual(['external-unknown', 'none'])
  })

  it('are missed where they were not read', () => {
    const { Grants: _, ...config } = key('CUSTOMER').config
    const unread = resource('AWS::KMS::Key', 'x', config, { missing: { Grants: missing('kms:ListGrants') } })
    expect(exposure(unread)).toEqual(['kms:ListGrants'])
  })
})
