import { describe, expect, it } from 'vitest'
import { keys } from '../../../src/analyze/keys/keys.ts'
import type { JsonObject, Resource } from '../../../src/snapshot/model.ts'
import { ACCOUNT, factsOf, missing, resource, type Setting, shapes } from '../account.ts'

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab'
const arnOf = (id = ID, region = 'eu-west-1', account = ACCOUNT): string =>
  `arn:aws:kms:${region}:${account}:key/${id}`

function key(rest: Partial<Resource> = {}, metadata: JsonObject = {}): Resource {
  const region = rest.region ?? 'eu-west-1'
  const KeyMetadata = { KeyState: 'Enabled', KeyManager: 'CUSTOMER', ...metadata }
  const config = { KeyId: ID, KeyArn: arnOf(ID, region), KeyMetadata, Aliases: [{ AliasName: 'alias/data' }] }
  return resource('AWS::KMS::Key', ID, config, { id: arnOf(ID, region), ...rest })
}

const volume = (KmsKeyId: string) => resource('AWS::EC2::Volume', 'vol-1', { KmsKeyId })
const bucket = (config: JsonObject, rest: Partial<Resource> = {}) =>
  resource('AWS::S3::Bucket', 'files', { Encryption: {}, Replication: {}, ...config }, rest)
const encryption = (KMSMasterKeyID: string): JsonObject => ({
  Encryption: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } }],
  },
})

function usedBy(resources: readonly Resource[], setting: Setting = {}) {
  const [first] = resources
  if (!first) throw new Error('no key')
  const facts = factsOf(keys, resources, setting)
  const { known } = facts.of(first)
  return { usedBy: known['usedBy'], complete: known['complete'] ?? facts.why(first, 'complete') }
}

function references(resources: readonly Resource[], setting: Setting = {}) {
  const [first] = resources
  if (!first) throw new Error('no resource')
  const facts = factsOf(keys, resources, setting)
  const { known } = facts.of(first)
  return { references: known['references'], complete: known['complete'] ?? facts.why(first, 'complete') }
}

describe('a key is used by what names it', () => {
  const named = (user: Resource, ...others: readonly Resource[]) => {
    expect(usedBy([key(), user, ...others])).toEqual({ usedBy: [user.id], complete: true })
  }
  it('by its ARN, its id, its alias, or its alias’s ARN', () => {
    named(volume(arnOf()))
    named(volume(ID))
    named(volume('alias/data'))
    named(volume(`arn:aws:kms:eu-west-1:${ACCOUNT}:alias/data`))
    named(volume(`key/${ID}`))
  })

  it('by an alias with colons, which AWS allows', () => {
    const Aliases = [{ AliasName: 'alias/team:data' }, { AliasName: 'alias/data' }]
    const aliased = key()
    const several = { ...aliased, config: { ...aliased.config, Aliases } }
    const user = volume(`arn:aws:kms:eu-west-1:${ACCOUNT}:alias/team:data`)
    expect(usedBy([several, user]).usedBy).toEqual([user.id])
  })

  it('on volumes, snapshots, images, launch templates, buckets, parameters, preferences, syncs and Regions’ defaults', () => {
    named(resource('AWS::EC2::Snapshot', 'snap-1', { KmsKeyId: arnOf() }))
    named(resource('AWS::EC2::Image', 'ami-1', { BlockDeviceMappings: [{ Ebs: { KmsKeyId: arnOf() } }] }))
    named(bucket(encryption(arnOf())))
    named(resource('AWS::SSM::Parameter', 'db', { KeyId: ID }))
    named(resource('AWS::SSM::ResourceDataSync', 's', { S3Destination: { AWSKMSKeyARN: arnOf() } }))
    named(resource('AWS::EC2::EbsEncryptionByDefault', 'ebs', { KmsKeyId: arnOf() }))
    const Content = { inputs: { kmsKeyId: ID } }
    named(
      resource('AWS::SSM::Document', 'SSM-SessionManagerRunShell', {
        Name: 'SSM-SessionManagerRunShell',
        Content,
      }),
    )
    const LaunchTemplateData = { BlockDeviceMappings: [{ Ebs: { KmsKeyId: arnOf() } }, { VirtualName: 'x' }] }
    named(resource('AWS::EC2::LaunchTemplate', 'lt-1', { DefaultVersion: { LaunchTemplateData } }))
  })

  it('on what other services keep, where they were read', () => {
    named(resource('AWS::SecretsManager::Secret', 'db', { KmsKeyId: 'alias/data' }))
    named(resource('AWS::RDS::DBSnapshot', 'db', { KmsKeyId: arnOf() }))
    named(resource('AWS::ECR::Repository', 'app', { encryptionConfiguration: { kmsKey: arnOf() } }))
    named(resource('AWS::SQS::Queue', 'jobs', { Attributes: { KmsMasterKeyId: ID } }))
  })

  it('by replicas of another Region’s bucket', () => {
    const EncryptionConfiguration = { ReplicaKmsKeyID: arnOf() }
    const Replication = { Rules: [{ Status: 'Enabled', Destination: { EncryptionConfiguration } }] }
    named(bucket({ Replication }, { region: 'us-east-1' }))
  })

  it('and an image is encrypted with its snapshots’ keys', () => {
    const snapshot = resource('AWS::EC2::Snapshot', 'snap-1', { KmsKeyId: arnOf() })
    const image = resource('AWS::EC2::Image', 'ami-1', {
      BlockDeviceMappings: [{ Ebs: { SnapshotId: 'snap-1' } }, { Ebs: { SnapshotId: 'snap-of-others' } }],
    })
    expect(usedBy([key(), image, snapshot]).usedBy).toEqual([image.id, snapshot.id])
    expect(references([image, snapshot, key()]).references).toMatchObject([
      { field: 'BlockDeviceMappings', value: arnOf(), state: 'Enabled' },
    ])
  })

  it('and an image of what is not encrypted, or is no snapshot, with none', () => {
    const of = (SnapshotId: string) =>
      resource('AWS::EC2::Image', 'ami-1', { BlockDeviceMappings: [{ Ebs: { SnapshotId } }] })
    const plain = resource('AWS::EC2::Snapshot', 'snap-1', { Encrypted: false })
    expect(references([of('snap-1'), plain, key()])).toEqual({ references: [], complete: true })
    expect(references([of('vol-1'), volume(arnOf()), key()])).toEqual({ references: [], complete: true })
  })

  it('but not where there is no text to name it', () => {
    const none = { references: [], complete: true }
    for (const KmsKeyId of ['', null, 5, { Arn: arnOf() }, [null]])
      expect([KmsKeyId, references([resource('AWS::EC2::Volume', 'vol-1', { KmsKeyId }), key()])]).toEqual([
        KmsKeyId,
        none,
      ])
    for (const Rules of [null, 'x', ['x', null, 5, []], [{ ApplyServerSideEncryptionByDefault: null }]])
      expect([Rules, references([bucket({ Encryption: { Rules } }), key()])]).toEqual([Rules, none])
    for (const Aliases of [null, 'alias/data', [null, 'alias/data', { AliasName: 5 }]])
      expect(
        usedBy([{ ...key(), config: { ...key().config, Aliases } }, volume('alias/data')]).usedBy,
      ).toEqual([])
  })

  it('but not by what names a key of the same id in another Region, or another key', () => {
    const elsewhere = volume(arnOf(ID, 'us-east-1'))
    const setting = { regions: ['eu-west-1', 'us-east-1'] }
    expect(usedBy([key(), elsewhere], setting)).toEqual({ usedBy: [], complete: true })
    expect(usedBy([key(), volume('alias/aws/ebs')])).toEqual({ usedBy: [], complete: true })
    expect(usedBy([key(), resource('AWS::EC2::Volume', 'vol-1', { Encrypted: false })]).usedBy).toEqual([])
  })
})

describe('that nothing uses a key', () => {
  it('is not known while a list that may hold a user was denied', () => {
    const denied = { denied: ['ec2:DescribeSnapshots'] }
    expect(usedBy([key()], denied)).toEqual({ usedBy: [], complete: ['ec2:DescribeSnapshots'] })
    const user = volume(arnOf())
    expect(usedBy([key(), user], denied)).toEqual({
      usedBy: [user.id],
      complete: ['ec2:DescribeSnapshots'],
    })
  })

  it('is not known while a bucket’s encryption could not be read, there or where replicas come from', () => {
    const unread = (field: string, operation: string, region: string) =>
      bucket({}, { region, config: {}, missing: { [field]: missing(operation) } })
    const setting = { regions: ['eu-west-1', 'us-east-1'] }
    const complete = (of: Resource) => usedBy([key(), of], setting).complete
    expect(complete(unread('Encryption', 's3:GetBucketEncryption', 'eu-west-1'))).toEqual([
      's3:GetBucketEncryption',
    ])
    expect(complete(unread('Encryption', 's3:GetBucketEncryption', 'us-east-1'))).toBe(true)
    expect(complete(unread('Replication', 's3:GetBucketReplication', 'us-east-1'))).toEqual([
      's3:GetBucketReplication',
    ])
  })

  it('hangs on the own account’s buckets, and is told of each Region by itself', () => {
    const setting = { regions: ['eu-west-1', 'us-east-1'], accounts: [ACCOUNT, '999999999999'] }
    const unread = (account: string) =>
      bucket({}, { account, config: {}, missing: { Encryption: missing('s3:GetBucketEncryption') } })
    expect(usedBy([key(), unread('999999999999')], setting).complete).toBe(true)
    const [here, there] = [key(), key({ region: 'us-east-1' })]
    const facts = factsOf(keys, [here, there, unread(ACCOUNT)], setting)
    expect([facts.why(here, 'complete'), facts.why(there, 'complete')]).toEqual([
      ['s3:GetBucketEncryption'],
      [],
    ])
  })

  it('is not known while Session Manager’s preferences, the one document that is read, could not be', () => {
    const content = { missing: { Content: missing('ssm:GetDocument') } }
    const document = (Name: string) => resource('AWS::SSM::Document', Name, { Name }, content)
    expect(usedBy([key(), document('SSM-SessionManagerRunShell')]).complete).toEqual(['ssm:GetDocument'])
    expect(usedBy([key(), document('runbook')]).complete).toBe(true)
  })

  it('is not known while nobody asked', () => {
    expect(usedBy([key()], { uncalled: ['ssm:DescribeParameters'] }).complete).toEqual([
      'ssm:DescribeParameters',
    ])
    const setting = { uncalled: ['s3:GetBucketEncryption'] }
    expect(usedBy([key(), bucket({}, { config: {} })], setting).complete).toEqual(['s3:GetBucketEncryption'])
  })

  it('is known without services that a snapshot may leave out, and not where they refused', () => {
    const operation = 'secretsmanager:ListSecrets'
    expect(usedBy([key()], { uncalled: [operation] }).complete).toBe(true)
    expect(usedBy([key()], { denied: [operation] }).complete).toEqual([operation])
    const topic = resource('AWS::SNS::Topic', 'events')
    expect(usedBy([key(), topic], { uncalled: ['sns:GetTopicAttributes'] }).complete).toBe(true)
    const unread = resource(
      'AWS::SNS::Topic',
      'events',
      {},
      { missing: { Attributes: missing('sns:GetTopicAttributes') } },
    )
    expect(usedBy([key(), unread]).complete).toEqual(['sns:GetTopicAttributes'])
  })

  it('is known when everything was read, whatever documents and Regions there are', () => {
    const document = resource('AWS::SSM::Document', 'runbook', { Name: 'runbook' })
    const setting = { uncalled: ['ssm:GetDocument'] }
    expect(usedBy([key(), document], setting)).toEqual({ usedBy: [], complete: true })
  })
})

describe('what a resource is encrypted with', () => {
  it('is told with the key’s state, manager and Region', () => {
    const reference = { field: 'KmsKeyId', value: 'alias/data', key: arnOf(), region: 'eu-west-1' }
    expect(references([volume('alias/data'), key({}, { KeyState: 'Disabled' })])).toEqual({
      references: [{ ...reference, state: 'Disabled', manager: 'CUSTOMER' }],
      complete: true,
    })
  })

  it('may be a key that is gone', () => {
    const gone = { key: '', state: 'NotFound', manager: '', region: 'eu-west-1' }
    expect(references([bucket(encryption(arnOf()))]).references).toEqual([
      { field: 'Encryption', value: arnOf(), ...gone },
    ])
    for (const value of ['arn:aws:kms', 'key/a:b:c:d:e:f'])
      expect(references([volume(value)])).toEqual({
        references: [{ field: 'KmsKeyId', value, ...gone }],
        complete: true,
      })
  })

  it('may be a key that says nothing of itself', () => {
    expect(references([volume(arnOf()), key({ config: { KeyMetadata: {} } })]).references).toMatchObject([
      { key: arnOf(), state: '', manager: '' },
    ])
  })

  it('may be a key that AWS makes when it first needs it', () => {
    expect(references([bucket(encryption('alias/aws/s3'))]).references).toMatchObject([
      { state: 'Enabled', manager: 'AWS' },
    ])
  })

  it('is not known of another account’s key, or while keys, aliases or descriptions could not be read', () => {
    const foreign = references([volume(arnOf(ID, 'eu-west-1', '999999999999'))])
    expect(foreign).toEqual({ references: [], complete: ['kms:DescribeKey'] })
    const reason = (account: string) => {
      const user = volume(arnOf(ID, 'eu-west-1', account))
      return factsOf(keys, [user]).of(user).unseen?.['complete']
    }
    const call = { operation: 'kms:DescribeKey', permission: 'kms:DescribeKey', outcome: 'not-collected' }
    for (const [account, name] of [
      ['999999999999', '999999999999'],
      ['', 'unknown'],
    ] as const)
      expect(reason(account)).toEqual([
        { ...call, detail: `the key is of account ${name}, which the snapshot does not hold` },
      ])
    expect(references([volume(arnOf())], { denied: ['kms:ListKeys'] }).complete).toEqual(['kms:ListKeys'])
    const unnamed = key({ missing: { Aliases: missing('kms:ListAliases') }, config: { KeyMetadata: {} } })
    expect(references([volume('alias/other'), unnamed]).complete).toEqual(['kms:ListAliases'])
    const named = key({ id: arnOf('other') })
    expect(references([volume('alias/other'), unnamed, named]).complete).toEqual(['kms:ListAliases'])
    expect(references([volume(arnOf('gone')), unnamed]).complete).toBe(true)
    const undescribed = key({ missing: { KeyMetadata: missing('kms:DescribeKey') }, config: {} })
    expect(references([volume(arnOf()), undescribed]).complete).toEqual(['kms:DescribeKey'])
  })

  it('is not known while the resource’s own part could not be read', () => {
    const unread = bucket({}, { config: {}, missing: { Encryption: missing('s3:GetBucketEncryption') } })
    expect(references([unread]).complete).toEqual(['s3:GetBucketEncryption'])
  })
})

describe('a resource that encrypts nothing', () => {
  it('names no key, and nothing is hidden', () => {
    const config = { KmsKeyId: arnOf(), BlockDeviceMappings: [{ Ebs: { SnapshotId: 'snap-1' } }] }
    expect(references([resource('AWS::EC2::VPC', 'vpc-1', config), key()])).toEqual({
      references: [],
      complete: true,
    })
  })
})

describe('the analysis of keys', () => {
  it('names operations and types that the collectors have', () => {
    const operations = new Set(
      Object.values(shapes.types).flatMap((type) => type.operations.map((op) => op.operation)),
    )
    expect(keys.operations.filter((one) => !operations.has(one))).toEqual([])
    expect(Object.keys(keys.shapes).filter((type) => !Object.hasOwn(shapes.types, type))).toEqual([])
  })
})
