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
  `AllowVendedLogDeliveryForResource CreateBucket CreateBucketMetadataTableConfiguration DeleteBucket
   DeleteBucketMetadataTableConfiguration DeleteBucketPolicy DeleteBucketWebsite
   GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac GetBucketAcl GetBucketCORS
   GetBucketLocation GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification
   GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus
   GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning
   GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration
   GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration
   GetReplicationConfiguration ListBucket ListBucketMultipartUploads ListBucketVersions
   ListTagsForResource PauseReplication PutAccelerateConfiguration PutAnalyticsConfiguration
   PutBucketAbac PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification
   PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy
   PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging PutBucketVersioning
   PutBucketWebsite PutEncryptionConfiguration PutIntelligentTieringConfiguration
   PutInventoryConfiguration PutLifecycleConfiguration PutMetricsConfiguration
   PutReplicationConfiguration TagResource UntagResource
   UpdateBucketMetadataAnnotationTableConfiguration UpdateBucketMetadataInventoryTableConfiguration
   UpdateBucketMetadataJournalTableConfiguration`,
)
export const OBJECT_ACTIONS = words(
  's3',
  `AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectAnnotation
   DeleteObjectTagging DeleteObjectVersion DeleteObjectVersionAnnotation DeleteObjectVersionTagging
   GetObject GetObjectAcl GetObjectAnnotation GetObjectAttributes GetObjectLegalHold GetObjectRetention
   GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionAnnotation
   GetObjectVersionAnnotationForReplication GetObjectVersionAttributes GetObjectVersionForReplication
   GetObjectVersionTagging GetObjectVersionTorrent InitiateReplication ListMultipartUploadParts
   ListObjectAnnotations ListObjectVersionAnnotations ObjectOwnerOverrideToBucketOwner PutObject
   PutObjectAcl PutObjectAnnotation PutObjectLegalHold PutObjectRetention PutObjectTagging
   PutObjectVersionAcl PutObjectVersionAnnotation PutObjectVersionTagging ReplicateDelete
   ReplicateObject ReplicateObjectAnnotation ReplicateTags RestoreObject UpdateObjectEncryption`,
)

const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  'AWS::KMS::Key': words(
    'kms',
    `CancelKeyDeletion CreateAlias CreateGrant Decrypt DeleteAlias DeleteImportedKeyMaterial
     DeriveSharedSecret DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation Encrypt
     GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext
     GenerateDataKeyWithoutPlaintext GenerateMac GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus
     GetParametersForImport GetPublicKey ImportKeyMaterial ListGrants ListKeyPolicies ListKeyRotations
     ListResourceTags PutKeyPolicy ReEncryptFrom ReEncryptTo ReplicateKey RetireGrant RevokeGrant
     RotateKeyOnDemand ScheduleKeyDeletion Sign SynchronizeMultiRegionKey TagResource UntagResource
     UpdateAlias UpdateKeyDescription UpdatePrimaryRegion Verify VerifyMac`,
  ),
  'AWS::SQS::Queue': words(
    'sqs',
    `AddPermission CancelMessageMoveTask ChangeMessageVisibility CreateQueue DeleteMessage DeleteQueue
     GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues ListMessageMoveTasks ListQueueTags
     PurgeQueue ReceiveMessage RemovePermission SendMessage SetQueueAttributes StartMessageMoveTask
     TagQueue UntagQueue`,
  ),
  'AWS::SNS::Topic': words(
    'sns',
    `AddPermission ConfirmSubscription CreateTopic DeleteTopic GetDataProtectionPolicy
     GetSubscriptionAttributes GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource Publish
     PutDataProtectionPolicy RemovePermission SetSubscriptionAttributes SetTopicAttributes Subscribe
     TagResource Unsubscribe UntagResource`,
  ),
  'AWS::IAM::Role': words(
    'sts',
    `AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity SetSourceIdentity TagSession`,
  ),
  'AWS::Lambda::Function': words(
    'lambda',
    `AddPermission CreateAlias CreateFunction CreateFunctionUrlConfig DeleteAlias DeleteFunction
     DeleteFunctionCodeSigningConfig DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig
     DeleteFunctionUrlConfig DeleteProvisionedConcurrencyConfig DeleteResourcePolicy DisableReplication
     EnableReplication GetAlias GetFunction GetFunctionCodeSigningConfig GetFunctionConcurrency
     GetFunctionConfiguration GetFunctionEventInvokeConfig GetFunctionRecursionConfig
     GetFunctionScalingConfig GetFunctionUrlConfig GetPolicy GetProvisionedConcurrencyConfig
     GetResourcePolicy GetRuntimeManagementConfig InvokeAsync InvokeFunction InvokeFunctionUrl ListAliases
     ListDurableExecutionsByFunction ListFunctionEventInvokeConfigs ListFunctionUrlConfigs
     ListProvisionedConcurrencyConfigs ListTags ListVersionsByFunction PublishVersion
     PutFunctionCodeSigningConfig PutFunctionConcurrency PutFunctionEventInvokeConfig
     PutFunctionRecursionConfig PutFunctionScalingConfig PutProvisionedConcurrencyConfig PutResourcePolicy
     PutRuntimeManagementConfig RemovePermission TagResource UntagResource UpdateAlias UpdateFunctionCode
     UpdateFunctionCodeSigningConfig UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig
     UpdateFunctionUrlConfig`,
  ),
  'AWS::ECR::Repository': words(
    'ecr',
    `BatchCheckLayerAvailability BatchDeleteImage BatchGetImage BatchGetRepositoryScanningConfiguration
     BatchImportUpstreamImage CompleteLayerUpload CreateRepository DeleteLifecyclePolicy DeleteRepository
     DeleteRepositoryPolicy DescribeImageReplicationStatus DescribeImageScanFindings
     DescribeImageSigningStatus DescribeImages DescribeRepositories GetDownloadUrlForLayer
     GetImageCopyStatus GetLifecyclePolicy GetLifecyclePolicyPreview GetRepositoryPolicy
     InitiateLayerUpload ListImages ListTagsForResource PutImage PutImageScanningConfiguration
     PutImageTagMutability PutLifecyclePolicy ReplicateImage SetRepositoryPolicy StartImageScan
     StartLifecyclePolicyPreview TagResource UntagResource UpdateImageStorageClass UploadLayerPart`,
  ),
  'AWS::SecretsManager::Secret': words(
    'secretsmanager',
    `CancelRotateSecret CreateSecret DeleteResourcePolicy DeleteSecret DescribeSecret GetResourcePolicy
     GetSecretValue ListSecretVersionIds PutResourcePolicy PutSecretValue RemoveRegionsFromReplication
     ReplicateSecretToRegions RestoreSecret RotateSecret StopReplicationToReplica TagResource
     UntagResource UpdateSecret UpdateSecretVersionStage ValidateResourcePolicy`,
  ),
}

export function supports(input: PolicyInput, action: string, resource: string): boolean {
  const same = (name: string): boolean => name.toLowerCase() === action.toLowerCase()
  // A function's versions and aliases are judged by policies that may name them.
  const qualified = input.type === 'AWS::Lambda::Function' && resource.startsWith(`${input.arn}:`)
  if (input.type !== 'AWS::S3::Bucket')
    return (BY_TYPE[input.type] ?? []).some(same) && (qualified || resource === input.arn)
  if (BUCKET_ACTIONS.some(same)) return resource === input.arn
  return OBJECT_ACTIONS.some(same) && resource.startsWith(`${input.arn}/`)
}

/** Every action with the resources it can be asked of; of a bucket's objects, the keys given. */
export function operations(
  input: PolicyInput,
  objects: readonly string[],
): readonly { action: string; resource: string }[] {
  if (input.type !== 'AWS::S3::Bucket') {
    const resources = input.type === 'AWS::Lambda::Function' ? [input.arn, `${input.arn}:zz`] : [input.arn]
    return (BY_TYPE[input.type] ?? []).flatMap((action) =>
      resources.map((resource) => ({ action, resource })),
    )
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
