import { describe, expect, it } from 'vitest'
import { permissionOf } from '../../src/collect/dsl.ts'
import { s3 } from '../../src/collect/s3.ts'
import { checkService } from './against-sdk.ts'
import { failed, gather, pathsOf } from './gather.ts'

const listed = (bucket: object) => ({
  'global/s3api/list-buckets': { Buckets: [{ Name: 'b', CreationDate: '2024-01-01T00:00:00Z', ...bucket }] },
})

const bucketIn = async (bucket: object, location?: object) => {
  const found = await gather([s3], {
    ...listed(bucket),
    ...(location ? { 'global/s3api/get-bucket-location/b': location } : {}),
  })
  return found.only('AWS::S3::Bucket')
}

/** S3's own code for each part that a bucket need not have. */
const ABSENT: readonly (readonly [string, string, string])[] = [
  ['Policy', 'get-bucket-policy', 'NoSuchBucketPolicy'],
  ['PolicyStatus', 'get-bucket-policy-status', 'NoSuchBucketPolicy'],
  ['PublicAccessBlock', 'get-public-access-block', 'NoSuchPublicAccessBlockConfiguration'],
  ['OwnershipControls', 'get-bucket-ownership-controls', 'OwnershipControlsNotFoundError'],
  ['Encryption', 'get-bucket-encryption', 'ServerSideEncryptionConfigurationNotFoundError'],
  ['Lifecycle', 'get-bucket-lifecycle-configuration', 'NoSuchLifecycleConfiguration'],
  ['Replication', 'get-bucket-replication', 'ReplicationConfigurationNotFoundError'],
  ['ObjectLock', 'get-object-lock-configuration', 'ObjectLockConfigurationNotFoundError'],
  ['Tags', 'get-bucket-tagging', 'NoSuchTagSet'],
  ['Website', 'get-bucket-website', 'NoSuchWebsiteConfiguration'],
]

describe('the S3 collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(s3)).toEqual([])
  })

  it('names the permissions as IAM does, where S3 calls them otherwise', () => {
    const renamed = s3.operations.filter((op) => permissionOf(s3, op) !== `s3:${op.api}`)
    expect(Object.fromEntries(renamed.map((op) => [op.api, permissionOf(s3, op)]))).toEqual({
      ListBuckets: 's3:ListAllMyBuckets',
      GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock',
      GetBucketEncryption: 's3:GetEncryptionConfiguration',
      GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration',
      GetBucketReplication: 's3:GetReplicationConfiguration',
      GetObjectLockConfiguration: 's3:GetBucketObjectLockConfiguration',
      GetBucketNotificationConfiguration: 's3:GetBucketNotification',
    })
  })

  it('puts a bucket where the listing says, and asks there', async () => {
    const found = await gather([s3], listed({ BucketRegion: 'eu-central-1' }))
    expect(found.only('AWS::S3::Bucket')).toMatchObject({
      id: 'arn:aws:s3:::b',
      name: 'b',
      region: 'eu-central-1',
    })
    expect(pathsOf(found, 'GetBucketAcl')).toEqual(['eu-central-1/s3api/get-bucket-acl/b'])
    expect(pathsOf(found, 'GetBucketLocation')).toEqual([])
  })

  it('asks where a bucket lies when the listing does not say: nothing means us-east-1, EU eu-west-1', async () => {
    expect((await bucketIn({}, { LocationConstraint: null })).region).toBe('us-east-1')
    expect((await bucketIn({}, {})).region).toBe('us-east-1')
    expect((await bucketIn({}, { LocationConstraint: 'EU' })).region).toBe('eu-west-1')
    expect((await bucketIn({}, { LocationConstraint: 'ap-south-1' })).region).toBe('ap-south-1')
  })

  it('does not guess where a bucket lies whose location was denied', async () => {
    const found = await gather([s3], {
      ...listed({}),
      'global/s3api/get-bucket-location/b.error': failed('AccessDenied'),
    })
    const bucket = found.only('AWS::S3::Bucket')
    expect(bucket.region).toBe('global')
    expect(bucket.missing?.['Location']).toMatchObject({
      outcome: 'denied',
      permission: 's3:GetBucketLocation',
    })
  })

  it.each(ABSENT)('takes a bucket without %s as an answer', async (into, command, code) => {
    const found = await gather([s3], {
      ...listed({ BucketRegion: 'eu-west-1' }),
      [`eu-west-1/s3api/${command}/b.error`]: failed(code),
    })
    const bucket = found.only('AWS::S3::Bucket')
    expect(bucket.config).not.toHaveProperty(into)
    expect(bucket.missing).not.toHaveProperty(into)
  })

  it('does not take a denied part for an absent one', async () => {
    const found = await gather([s3], {
      ...listed({ BucketRegion: 'eu-west-1' }),
      'eu-west-1/s3api/get-public-access-block/b.error': failed('AccessDenied'),
    })
    expect(found.only('AWS::S3::Bucket').missing?.['PublicAccessBlock']).toMatchObject({
      outcome: 'denied',
      permission: 's3:GetBucketPublicAccessBlock',
    })
  })

  it('forgets a bucket that was deleted after it was listed', async () => {
    const found = await gather([s3], {
      ...listed({ BucketRegion: 'eu-west-1' }),
      'eu-west-1/s3api/get-bucket-acl/b.error': failed('NoSuchBucket'),
    })
    expect(found.resources).toEqual([])
  })

  it('parses the policy and reads the tags', async () => {
    const found = await gather([s3], {
      ...listed({ BucketRegion: 'eu-west-1' }),
      'eu-west-1/s3api/get-bucket-policy/b': { Policy: '{"Statement":[]}' },
      'eu-west-1/s3api/get-bucket-tagging/b': { TagSet: [{ Key: 'Owner', Value: 'data' }] },
    })
    const bucket = found.only('AWS::S3::Bucket')
    expect(bucket.config['Policy']).toEqual({ Statement: [] })
    expect(bucket.tags).toEqual({ Owner: 'data' })
  })
})
