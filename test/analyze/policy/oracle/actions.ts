/** The actions that a resource's own policy can grant (Service Authorization Reference), with the kind of ARN each one takes. */
import { globText } from './match.ts'
import type { PolicyInput } from './model.ts'

const words = (service: string, text: string): readonly string[] =>
  text
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`)

export const BUCKET_ACTIONS = words(
  's3',
  `ListBucket ListBucketVersions ListBucketMultipartUploads GetBucketAcl PutBucketAcl GetBucketPolicy PutBucketPolicy
   DeleteBucketPolicy DeleteBucket GetBucketLocation GetBucketLogging PutBucketLogging GetBucketTagging PutBucketTagging
   GetBucketVersioning PutBucketVersioning GetBucketCORS PutBucketCORS GetBucketNotification PutBucketNotification
   GetBucketPublicAccessBlock PutBucketPublicAccessBlock GetEncryptionConfiguration PutEncryptionConfiguration
   GetLifecycleConfiguration PutLifecycleConfiguration GetReplicationConfiguration PutReplicationConfiguration`,
)
export const OBJECT_ACTIONS = words(
  's3',
  `GetObject GetObjectVersion PutObject DeleteObject DeleteObjectVersion GetObjectAcl PutObjectAcl GetObjectTagging
   PutObjectTagging AbortMultipartUpload ListMultipartUploadParts RestoreObject GetObjectAttributes`,
)

const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  'AWS::KMS::Key': words(
    'kms',
    `DescribeKey Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo CreateGrant
     ListGrants RevokeGrant RetireGrant GetKeyPolicy PutKeyPolicy ScheduleKeyDeletion CancelKeyDeletion DisableKey EnableKey
     GetKeyRotationStatus EnableKeyRotation TagResource UntagResource Sign Verify`,
  ),
  'AWS::SQS::Queue': words(
    'sqs',
    `SendMessage ReceiveMessage DeleteMessage ChangeMessageVisibility GetQueueAttributes SetQueueAttributes GetQueueUrl
     PurgeQueue AddPermission RemovePermission DeleteQueue ListQueueTags TagQueue`,
  ),
  'AWS::SNS::Topic': words(
    'sns',
    `Publish Subscribe GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic
     ListSubscriptionsByTopic`,
  ),
  'AWS::IAM::Role': words(
    'sts',
    'AssumeRole AssumeRoleWithWebIdentity AssumeRoleWithSAML TagSession SetSourceIdentity',
  ),
  'AWS::Lambda::Function': words(
    'lambda',
    'InvokeFunction InvokeFunctionUrl GetFunction UpdateFunctionCode AddPermission',
  ),
  'AWS::ECR::Repository': words(
    'ecr',
    'BatchGetImage GetDownloadUrlForLayer BatchCheckLayerAvailability PutImage InitiateLayerUpload DescribeImages',
  ),
  'AWS::SecretsManager::Secret': words(
    'secretsmanager',
    'GetSecretValue DescribeSecret PutSecretValue UpdateSecret DeleteSecret PutResourcePolicy',
  ),
}

export function supports(input: PolicyInput, action: string, resource: string): boolean {
  const same = (name: string): boolean => name.toLowerCase() === action.toLowerCase()
  if (input.type !== 'AWS::S3::Bucket')
    return (BY_TYPE[input.type] ?? []).some(same) && resource === input.arn
  if (BUCKET_ACTIONS.some(same)) return resource === input.arn
  return OBJECT_ACTIONS.some(same) && resource.startsWith(`${input.arn}/`)
}

/** Every action with the resources it can be asked of; of a bucket's objects, the keys given. */
export function operations(
  input: PolicyInput,
  objects: readonly string[],
): readonly { action: string; resource: string }[] {
  if (input.type !== 'AWS::S3::Bucket') {
    return (BY_TYPE[input.type] ?? []).map((action) => ({ action, resource: input.arn }))
  }
  return [
    ...BUCKET_ACTIONS.map((action) => ({ action, resource: input.arn })),
    ...OBJECT_ACTIONS.flatMap((action) =>
      objects.map((key) => ({ action, resource: `${input.arn}/${key}` })),
    ),
  ]
}

export function actionMatches(pattern: string, action: string): boolean {
  return globText(pattern.toLowerCase(), action.toLowerCase())
}
