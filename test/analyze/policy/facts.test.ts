import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { access } from '../../../src/analyze/policy/analysis.ts'
import type { Json, JsonObject, Resource } from '../../../src/snapshot/model.ts'
import type { Shapes } from '../../../src/snapshot/shapes.ts'
import { ACCOUNT, type Facts, factsOf, missing, resource, type Setting } from '../account.ts'

const shapes = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../src/generated/shapes.json'), 'utf8'),
) as Shapes

const STRANGER = '999988887777'
const root = (account: string): Json => ({ AWS: `arn:aws:iam::${account}:root` })
const OFF = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] }
const CLOSED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}

const allow = (Principal: Json, Action: Json, rest: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal,
  Action,
  Resource: '*',
  ...rest,
})

const policy = (...Statement: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement })

function bucket(config: JsonObject = {}, rest: Partial<Resource> = {}): Resource {
  const id = `arn:aws:s3:::${rest.name ?? 'files'}`
  const acl = { Owner: { ID: 'owner' }, Grants: [] }
  const all = { Name: rest.name ?? 'files', Acl: acl, OwnershipControls: OFF, ...config }
  return { ...resource('AWS::S3::Bucket', 'files', all), id, ...rest }
}

function key(short: string, config: JsonObject, rest: Partial<Resource> = {}): Resource {
  const KeyMetadata = { KeyId: short, KeyManager: 'CUSTOMER', KeyState: 'Enabled' }
  return resource('AWS::KMS::Key', short, { KeyMetadata, Grants: [], ...config }, rest)
}

const known = (facts: Facts, of: Resource, member: string): Json | undefined => facts.of(of).known[member]
const of = (one: Resource, setting: Setting = {}, others: readonly Resource[] = []): Facts =>
  factsOf(access, [one, ...others], setting)
const who = (facts: Facts, one: Resource, member: string): Json[] =>
  (known(facts, one, member) as readonly JsonObject[]).map((row) => row['who'] ?? null)

/** A member's value, or the calls that would tell it. */
function member(
  one: Resource,
  name: string,
  setting: Setting = {},
  others: readonly Resource[] = [],
): unknown {
  const facts = of(one, setting, others)
  const why = facts.why(one, name)
  return why.length > 0 ? { missing: why } : known(facts, one, name)
}

const denied = (field: string, operation: string, permission?: string): Partial<Resource> => ({
  missing: { [field]: missing(operation, permission) },
})

describe('strangers', () => {
  const open = bucket({ Policy: policy(allow('*', 's3:GetObject', { Resource: 'arn:aws:s3:::files/*' })) })

  it('read by a policy that names everybody, and a request shows it', () => {
    const facts = of(open)
    expect(known(facts, open, 'publicRead')).toBe(true)
    expect(known(facts, open, 'publicWrite')).toBe(false)
    expect(known(facts, open, 'everyone')).toEqual([
      {
        who: 'anonymous',
        levels: ['read'],
        statements: ['Policy Statement[0]'],
        requests: [{ level: 'read', request: 'anonymous s3:GetObject arn:aws:s3:::files/any' }],
        grants: [
          {
            statement: 'Policy Statement[0]',
            effect: 'Allow',
            principals: ['*'],
            actions: ['s3:GetObject'],
            resources: ['arn:aws:s3:::files/*'],
            conditions: '',
          },
        ],
      },
    ])
  })

  it('who need an account are told apart from those who do not', () => {
    const acl = {
      Owner: { ID: 'owner' },
      Grants: [
        {
          Permission: 'WRITE',
          Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers' },
        },
      ],
    }
    const one = bucket({ Acl: acl, OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } })
    expect(who(of(one), one, 'everyone')).toEqual(['anyone'])
    expect(member(one, 'publicWrite')).toBe(true)
    expect(member(one, 'publicRead')).toBe(false)
  })

  it('are kept out by a condition, a Deny or a block, and what keeps them out is told', () => {
    const inside = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } }
    expect(member(bucket({ Policy: policy(allow('*', 's3:GetObject', inside)) }), 'public')).toBe(false)
    const blocked = bucket({ ...open.config, PublicAccessBlock: CLOSED })
    expect(member(blocked, 'public')).toBe(false)
    expect(member(blocked, 'blockedBy')).toEqual(['RestrictPublicBuckets (bucket)'])
  })

  it('are unknown where the policy was not read', () => {
    const one = bucket({}, denied('Policy', 's3:GetBucketPolicy'))
    for (const name of ['public', 'publicRead', 'publicWrite', 'exposure', 'strangersComplete', 'complete'])
      expect(member(one, name)).toEqual({ missing: expect.arrayContaining(['s3:GetBucketPolicy']) })
  })

  it('are out for sure where the account blocks them, though the policy was not read', () => {
    const one = bucket({}, denied('Policy', 's3:GetBucketPolicy'))
    const block = resource('AWS::S3::AccountPublicAccessBlock', 'block', CLOSED, { region: 'global' })
    for (const name of ['public', 'publicRead', 'publicWrite'])
      expect(member(one, name, {}, [block])).toBe(false)
    // An account that the policy names by its id may still be let in.
    expect(member(one, 'strangersComplete', {}, [block])).toEqual({ missing: ['s3:GetBucketPolicy'] })
    expect(member(one, 'exposure', {}, [block])).toEqual({ missing: ['s3:GetBucketPolicy'] })
  })

  it('may get in by a condition that nobody can tell, which no call would settle', () => {
    const odd = { Condition: { StringEquals: { 'made-up:Key': 'x' } } }
    const one = bucket({ Policy: policy(allow('*', 's3:GetObject', odd)) })
    expect(member(one, 'exposure')).toBe('possible-public')
    expect(member(one, 'publicRead')).toEqual({ missing: ['access:CONDITION'] })
    expect(member(one, 'publicWrite')).toBe(false)
  })
})

describe('other accounts', () => {
  const shared = bucket({ Policy: policy(allow(root(STRANGER), ['s3:GetObject', 's3:PutObject'])) })

  it('are strangers when nobody vouches for them', () => {
    expect(who(of(shared), shared, 'strangers')).toEqual([STRANGER])
    expect((known(of(shared), shared, 'strangers') as readonly JsonObject[])[0]?.['levels']).toEqual([
      'read',
      'write',
    ])
    expect(member(shared, 'strangersComplete')).toBe(true)
    expect(member(shared, 'exposure')).toBe('external-unknown')
  })

  it('are unknown while they may be in the organization, whose accounts were not listed', () => {
    const setting = { denied: ['organizations:DescribeOrganization'] }
    expect(who(of(shared, setting), shared, 'strangers')).toEqual([])
    expect(member(shared, 'accounts', setting)).toEqual([STRANGER])
    expect(member(shared, 'strangersComplete', setting)).toEqual({
      missing: ['organizations:DescribeOrganization'],
    })
    expect(member(shared, 'exposure', setting)).toEqual({ missing: ['organizations:DescribeOrganization'] })
  })

  it('come by grants of a key, too', () => {
    const grant = { GranteePrincipal: `arn:aws:iam::${STRANGER}:root`, Operations: ['Decrypt'], GrantId: 'g' }
    const one = key('k', { Policy: policy(allow(root(ACCOUNT), 'kms:*')), Grants: [grant] })
    expect(who(of(one), one, 'strangers')).toEqual([STRANGER])
  })
})

describe('a policy that is no JSON', () => {
  it('is not taken for one that lets everybody in', () => {
    expect(member(bucket({ Policy: '{"cut": [1, <' }), 'exposure')).toEqual({ missing: ['access:CONDITION'] })
  })
})

describe('services', () => {
  const from = (Condition?: JsonObject): Resource =>
    bucket({
      Policy: policy(
        allow({ Service: 'cloudtrail.amazonaws.com' }, 's3:PutObject', Condition ? { Condition } : {}),
      ),
    })
  const services = (one: Resource): Json[] =>
    (known(of(one), one, 'services') as readonly JsonObject[]).map((row) => [
      row['who'] ?? null,
      row['forAnyone'] ?? null,
    ])

  it('act for anybody where nothing says for whom', () => {
    expect(services(from())).toEqual([['cloudtrail.amazonaws.com', true]])
    expect(services(from({ StringEquals: { 'aws:SourceAccount': ACCOUNT } }))).toEqual([
      ['cloudtrail.amazonaws.com', false],
    ])
  })

  it('are not told apart where perhaps everybody gets in', () => {
    const config = {
      Policy: policy(
        allow('*', 's3:GetObject'),
        allow({ Service: 'logging.s3.amazonaws.com' }, 's3:PutObject', {
          Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
        }),
      ),
    }
    const unread = missing('s3:GetPublicAccessBlock')
    const one = bucket(config, { missing: { PublicAccessBlock: unread } })
    expect(services(one)).toEqual([['logging.s3.amazonaws.com', false]])
    expect(member(one, 'servicesComplete')).toEqual({ missing: ['s3:GetPublicAccessBlock'] })
  })

  it('act for foreign accounts that a condition names', () => {
    const foreign = from({ StringEquals: { 'aws:SourceAccount': [ACCOUNT, STRANGER] } })
    expect(member(foreign, 'serviceSources')).toEqual([STRANGER])
  })
})

describe('plain HTTP', () => {
  const tls = (Resource: Json, Action: Json = 's3:*'): JsonObject => ({
    Effect: 'Deny',
    Principal: '*',
    Action,
    Resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  })
  const both = ['arn:aws:s3:::files', 'arn:aws:s3:::files/*']

  it('is refused by a Deny for bucket and objects', () => {
    expect(member(bucket({ Policy: policy(tls(both)) }), 'tlsOnly')).toBe(true)
    const version = { NumericLessThan: { 's3:TlsVersion': '1.2' } }
    expect(member(bucket({ Policy: policy({ ...tls(both), Condition: version }) }), 'tlsOnly')).toBe(false)
  })

  it('is served where there is no policy, or one that denies a part', () => {
    expect(member(bucket(), 'tlsOnly')).toBe(false)
    expect(member(bucket({ Policy: policy(tls('arn:aws:s3:::files/*')) }), 'tlsOnly')).toBe(false)
    expect(member(bucket({ Policy: policy(tls(both, 's3:GetObject')) }), 'tlsOnly')).toBe(false)
    expect(member(bucket(), 'plainRequest')).toMatch(
      /s3:\S+ arn:aws:s3:::files\S* \(aws:SecureTransport false\)/i,
    )
  })

  describe('of a file system', () => {
    const files = (config: JsonObject, rest: Partial<Resource> = {}): Resource =>
      resource('AWS::EFS::FileSystem', 'fs-1', { FileSystemId: 'fs-1', ...config }, rest)
    const denying = (Action: Json, rest: JsonObject = {}): JsonObject => ({
      ...tls('*', Action),
      Principal: { AWS: '*' },
      ...rest,
    })

    it('is refused by a Deny of all that a client may ask for', () => {
      expect(member(files({ Policy: policy(denying('*')) }), 'tlsOnly')).toBe(true)
      expect(member(files({ Policy: policy(denying('elasticfilesystem:Client*')) }), 'tlsOnly')).toBe(true)
    })

    it('is served without a policy, or by one that denies only writing, only some, or lets in only who uses TLS', () => {
      expect(member(files({}), 'tlsOnly')).toBe(false)
      expect(member(files({}), 'plainRequest')).toMatch(
        /elasticfilesystem:Client\S+ .*SecureTransport false/i,
      )
      const write = denying('elasticfilesystem:ClientWrite')
      expect(member(files({ Policy: policy(write) }), 'tlsOnly')).toBe(false)
      const some = denying('*', { Principal: { AWS: `arn:aws:iam::${STRANGER}:root` } })
      expect(member(files({ Policy: policy(some) }), 'tlsOnly')).toBe(false)
      // An identity of the own account may have the permission from its own policies.
      const Bool = { 'aws:SecureTransport': 'true' }
      const allow = denying('*', { Effect: 'Allow', Condition: { Bool } })
      expect(member(files({ Policy: policy(allow) }), 'tlsOnly')).toBe(false)
    })

    it('is unknown where the policy was not read', () => {
      const one = files({}, denied('Policy', 'elasticfilesystem:DescribeFileSystemPolicy'))
      expect(member(one, 'tlsOnly')).toEqual({ missing: ['elasticfilesystem:DescribeFileSystemPolicy'] })
    })
  })

  it('is unknown where the policy was not read', () => {
    const one = bucket({}, denied('Policy', 's3:GetBucketPolicy'))
    expect(member(one, 'tlsOnly')).toEqual({ missing: ['s3:GetBucketPolicy'] })
  })
})

describe('what is blocked', () => {
  it('is blocked at the bucket or at the account', () => {
    const one = bucket({ PublicAccessBlock: { BlockPublicAcls: true } })
    const block = resource(
      'AWS::S3::AccountPublicAccessBlock',
      'block',
      { IgnorePublicAcls: true },
      { region: 'global' },
    )
    expect(member(one, 'blockPublicAcls', {}, [block])).toBe(true)
    expect(member(one, 'ignorePublicAcls', {}, [block])).toBe(true)
    expect(member(one, 'blockPublicPolicy', {}, [block])).toBe(false)
    expect(member(one, 'unblocked', {}, [block])).toEqual(['BlockPublicPolicy', 'RestrictPublicBuckets'])
  })

  it('is known from the account where the bucket could not be asked', () => {
    const one = bucket(
      {},
      denied('PublicAccessBlock', 's3:GetPublicAccessBlock', 's3:GetBucketPublicAccessBlock'),
    )
    const block = resource('AWS::S3::AccountPublicAccessBlock', 'block', CLOSED, { region: 'global' })
    expect(member(one, 'blockPublicAcls', {}, [block])).toBe(true)
    expect(member(one, 'blockPublicAcls')).toEqual({ missing: ['s3:GetPublicAccessBlock'] })
  })
})

describe('a key', () => {
  const admin = `arn:aws:iam::${ACCOUNT}:role/admin`
  const role = (arn: string): Resource => ({
    ...resource('AWS::IAM::Role', 'admin', {}, { region: 'global' }),
    id: arn,
  })
  const byRole = key('k', { Policy: policy(allow({ AWS: admin }, 'kms:*')) })

  it('can be managed by its account, or by a principal that is there', () => {
    expect(member(key('k', { Policy: policy(allow(root(ACCOUNT), 'kms:*')) }), 'manageable')).toBe(true)
    expect(member(byRole, 'manageable', {}, [role(admin)])).toBe(true)
    const user = `arn:aws:iam::${ACCOUNT}:user/admin`
    const byUser = key('k', { Policy: policy(allow({ AWS: user }, 'kms:*')) })
    const there = resource('AWS::IAM::User', 'admin', {}, { region: 'global', id: user })
    expect([member(byUser, 'manageable', {}, [there]), member(byUser, 'manageable')]).toEqual([true, false])
    expect(member(byRole, 'manageable')).toBe(false)
    expect(member(key('k', { Policy: policy(allow({ AWS: admin }, 'kms:Decrypt')) }), 'manageable')).toBe(
      false,
    )
  })

  it('may be managed by whom IAM was not asked about', () => {
    const setting = { denied: ['iam:GetAccountAuthorizationDetails'] }
    expect(member(byRole, 'manageable', setting)).toEqual({ missing: ['iam:GetAccountAuthorizationDetails'] })
    expect(member(key('k', {}, denied('Policy', 'kms:GetKeyPolicy')), 'manageable')).toEqual({
      missing: ['kms:GetKeyPolicy'],
    })
  })

  it('names who administers and uses it', () => {
    expect(member(byRole, 'adminAndUser')).toEqual([admin])
    expect(member(byRole, 'accountAdmin')).toBe(false)
  })

  const replica = (
    short: string,
    region: string,
    others: readonly string[],
    Policy: JsonObject,
  ): Resource => {
    const arns = others.map((other) => ({ Arn: other }))
    const MultiRegionConfiguration = { PrimaryKey: arns[0] ?? {}, ReplicaKeys: arns.slice(1) }
    const KeyMetadata = { KeyManager: 'CUSTOMER', MultiRegion: true, MultiRegionConfiguration }
    return key(short, { KeyMetadata, Policy }, { region })
  }
  const arn = (region: string): string => `arn:aws:kms:${region}:${ACCOUNT}:key/mrk-1`
  const both = [arn('eu-west-1'), arn('us-east-1')]
  const own = policy(allow(root(ACCOUNT), 'kms:*'))
  const at = (region: string, document: JsonObject, rest: Partial<Resource> = {}): Resource => ({
    ...replica('mrk-1', region, both, document),
    id: arn(region),
    ...rest,
  })

  it('drifts from a replica that lets others in', () => {
    const wide = policy(allow(root(ACCOUNT), 'kms:*'), allow(root(STRANGER), 'kms:Decrypt'))
    const setting = { regions: ['eu-west-1', 'us-east-1'] }
    expect(member(at('eu-west-1', own), 'driftsFrom', setting, [at('us-east-1', wide)])).toEqual([
      arn('us-east-1'),
    ])
    expect(member(at('eu-west-1', own), 'driftsFrom', setting, [at('us-east-1', own)])).toEqual([])
    const unread = at('us-east-1', own, denied('Policy', 'kms:GetKeyPolicy'))
    expect(member(at('eu-west-1', own), 'driftsFrom', setting, [unread])).toEqual({
      missing: ['kms:GetKeyPolicy'],
    })
  })

  it('opens to accounts that none of its data opens to', () => {
    const wide = key('k', {
      Policy: policy(allow(root(ACCOUNT), 'kms:*'), allow(root(STRANGER), 'kms:Decrypt')),
    })
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: wide.id } }
    const Encryption = { Rules: [rule] }
    const closed = bucket({ Encryption })
    const open = bucket({ Encryption, Policy: policy(allow(root(STRANGER), 's3:GetObject')) })
    expect(member(wide, 'beyondData', {}, [closed])).toEqual([STRANGER])
    expect(member(wide, 'data', {}, [closed])).toEqual([closed.id])
    expect(member(wide, 'beyondData', {}, [open])).toEqual([])
    const unread = bucket({ Encryption }, denied('Policy', 's3:GetBucketPolicy'))
    expect(member(wide, 'beyondData', {}, [unread])).toEqual({ missing: ['s3:GetBucketPolicy'] })
  })
})

describe('what is shared by a list', () => {
  const snapshot = (short: string, config: JsonObject, rest: Partial<Resource> = {}): Resource =>
    resource('AWS::EC2::Snapshot', short, { Public: false, CreateVolumePermissions: [], ...config }, rest)

  it('is decided for each, though most are shared with nobody', () => {
    const own = snapshot('own', {})
    const open = snapshot('open', { Public: true, CreateVolumePermissions: [{ Group: 'all' }] })
    const lent = snapshot('lent', { CreateVolumePermissions: [{ UserId: STRANGER }] })
    const unread = snapshot('unread', {}, denied('CreateVolumePermissions', 'ec2:DescribeSnapshotAttribute'))
    const last = snapshot('last', {})
    const facts = factsOf(access, [own, open, lent, unread, last])
    const exposures = [own, open, lent, last].map((one) => known(facts, one, 'exposure'))
    expect(exposures).toEqual(['none', 'public', 'external-unknown', 'none'])
    expect(facts.why(unread, 'exposure')).toEqual(['ec2:DescribeSnapshotAttribute'])
  })
})

describe('an endpoint', () => {
  const endpoint = (PolicyDocument: JsonObject): Resource =>
    resource('AWS::EC2::VPCEndpoint', 'vpce-1', { VpcEndpointId: 'vpce-1', VpcId: 'vpc-1', PolicyDocument })

  it('bounds principals, resources or neither', () => {
    const full = endpoint(policy(allow('*', '*')))
    expect(member(full, 'unrestrictedPrincipals')).toBe(true)
    expect(member(full, 'unrestrictedResources')).toBe(true)
    const mine = { Condition: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } } }
    expect(member(endpoint(policy(allow('*', '*', mine))), 'unrestrictedPrincipals')).toBe(false)
  })
})

describe('the operations', () => {
  it('name every call that lists a type, or fills what an answer rests on', () => {
    const named = new Set(access.operations)
    const lists = Object.keys(access.shapes).flatMap((type) =>
      (shapes.types[type]?.operations ?? []).filter((one) => one.lists).map((one) => one.operation),
    )
    expect(lists.filter((operation) => !named.has(operation))).toEqual([])
  })

  it('of one type leave out what others need', () => {
    const queue = access.operationsFor?.('AWS::SQS::Queue', new Set(['public'])) ?? []
    expect(queue).toContain('sqs:GetQueueAttributes')
    expect(queue).not.toContain('kms:GetKeyPolicy')
    const blocks = access.operationsFor?.('AWS::S3::Bucket', new Set(['blockPublicAcls'])) ?? []
    expect(blocks).not.toContain('s3:GetBucketPolicy')
    expect(access.operationsFor?.('AWS::EC2::VPC', undefined)).toEqual([])
  })

  it('of a member are those of what it looks at besides', () => {
    const key = (...members: string[]) =>
      access.operationsFor?.('AWS::KMS::Key', members.length > 0 ? new Set(members) : undefined) ?? []
    const buckets = ['s3:GetBucketEncryption', 's3:GetBucketPolicy']
    const asked = (operations: readonly string[]) => buckets.map((one) => operations.includes(one))
    expect(asked(key('public'))).toEqual([false, false])
    expect(asked(key('data'))).toEqual([true, false])
    expect(asked(key('beyondData'))).toEqual([true, true])
    expect(asked(key())).toEqual([true, true])
  })
})
