import { type Answered, field, service, str } from './dsl.ts'

const BUCKET = 'AWS::S3::Bucket'

/** What every call about one bucket shares; a bucket deleted after the listing is gone, nothing was denied. */
const about = {
  input: (bucket: { config: Answered }) => ({ Bucket: str(bucket.config, 'Name') }),
  key: field('Name'),
  gone: ['NoSuchBucket'],
}

/** GetBucketLocation answers null for us-east-1 and still calls eu-west-1 `EU` for buckets made in its early days. */
function locationOf(bucket: Answered): string | undefined {
  const location = bucket['Location']
  if (typeof location !== 'object' || location === null) return undefined
  const constraint = str(location as Answered, 'LocationConstraint') ?? ''
  if (constraint === '') return 'us-east-1'
  return constraint === 'EU' ? 'eu-west-1' : constraint
}

/** Every operation that the audit reads from Amazon S3. Its permissions are often not called like the API. */
export const s3 = service(
  's3api',
  { prefix: 's3', sdk: 's3', load: () => import('@aws-sdk/client-s3') },
  (op) => [
    op.list('ListBuckets', {
      scope: 'account',
      resource: BUCKET,
      permission: 's3:ListAllMyBuckets',
      items: 'Buckets',
      input: () => ({ MaxBuckets: 10_000 }), // any parameter makes S3 answer BucketRegion
      page: { send: 'ContinuationToken', read: 'ContinuationToken' },
      id: (bucket, place) => `arn:${place.partition}:s3:::${str(bucket, 'Name') ?? ''}`,
      name: (bucket) => bucket['Name'],
      region: (bucket) => str(bucket, 'BucketRegion') ?? locationOf(bucket),
      fields: {
        always: [
          'Name',
          'CreationDate',
          'Acl',
          'Versioning',
          'Logging',
          'Notification',
          'Logging.LoggingEnabled.TargetBucket',
          'OwnershipControls.Rules[].ObjectOwnership',
          'Lifecycle[].Status',
          'Replication.Rules[].Status',
          'Replication.Rules[].Destination',
          'Replication.Rules[].Destination.Bucket',
          'Notification.TopicConfigurations[].TopicArn',
          'Notification.QueueConfigurations[].QueueArn',
          'Notification.LambdaFunctionConfigurations[].LambdaFunctionArn',
        ],
        absent: {
          'PolicyStatus.IsPublic': false,
          'PublicAccessBlock.BlockPublicAcls': false,
          'PublicAccessBlock.IgnorePublicAcls': false,
          'PublicAccessBlock.BlockPublicPolicy': false,
          'PublicAccessBlock.RestrictPublicBuckets': false,
          'Encryption.Rules[].BucketKeyEnabled': false,
          'Versioning.Status': null, // versioning was never turned on
          'Versioning.MFADelete': 'Disabled',
        },
      },
    }),
    op.field(BUCKET, 'GetBucketLocation', {
      ...about,
      into: 'Location',
      take: '*', // without a LocationConstraint the answer is empty, and means us-east-1
      when: (bucket) => str(bucket, 'BucketRegion') === undefined,
    }),
    op.field(BUCKET, 'GetBucketPolicy', {
      ...about,
      into: 'Policy',
      parse: 'policyDocument',
      none: ['NoSuchBucketPolicy'],
    }),
    op.field(BUCKET, 'GetBucketPolicyStatus', {
      ...about,
      into: 'PolicyStatus',
      none: ['NoSuchBucketPolicy'],
    }),
    op.field(BUCKET, 'GetBucketAcl', { ...about, into: 'Acl', take: '*' }),
    op.field(BUCKET, 'GetPublicAccessBlock', {
      ...about,
      permission: 's3:GetBucketPublicAccessBlock',
      into: 'PublicAccessBlock',
      take: 'PublicAccessBlockConfiguration',
      none: ['NoSuchPublicAccessBlockConfiguration'],
    }),
    op.field(BUCKET, 'GetBucketOwnershipControls', {
      ...about,
      into: 'OwnershipControls',
      none: ['OwnershipControlsNotFoundError'],
    }),
    op.field(BUCKET, 'GetBucketEncryption', {
      ...about,
      permission: 's3:GetEncryptionConfiguration',
      into: 'Encryption',
      take: 'ServerSideEncryptionConfiguration',
      none: ['ServerSideEncryptionConfigurationNotFoundError'],
    }),
    op.field(BUCKET, 'GetBucketVersioning', { ...about, into: 'Versioning', take: '*' }),
    op.field(BUCKET, 'GetBucketLogging', { ...about, into: 'Logging', take: '*' }),
    op.field(BUCKET, 'GetBucketLifecycleConfiguration', {
      ...about,
      permission: 's3:GetLifecycleConfiguration',
      into: 'Lifecycle',
      take: 'Rules',
      none: ['NoSuchLifecycleConfiguration'],
    }),
    op.field(BUCKET, 'GetBucketReplication', {
      ...about,
      permission: 's3:GetReplicationConfiguration',
      into: 'Replication',
      take: 'ReplicationConfiguration',
      none: ['ReplicationConfigurationNotFoundError'],
    }),
    op.field(BUCKET, 'GetObjectLockConfiguration', {
      ...about,
      permission: 's3:GetBucketObjectLockConfiguration',
      into: 'ObjectLock',
      take: 'ObjectLockConfiguration',
      none: ['ObjectLockConfigurationNotFoundError'],
    }),
    op.field(BUCKET, 'GetBucketTagging', { ...about, into: 'Tags', take: 'TagSet', none: ['NoSuchTagSet'] }),
    op.field(BUCKET, 'GetBucketWebsite', {
      ...about,
      into: 'Website',
      take: '*',
      none: ['NoSuchWebsiteConfiguration'],
    }),
    op.field(BUCKET, 'GetBucketNotificationConfiguration', {
      ...about,
      permission: 's3:GetBucketNotification',
      into: 'Notification',
      take: '*',
    }),
  ],
)
