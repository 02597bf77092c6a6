/** The actions that each type of resource knows in its own policy, in classes. [Service Authorization Reference] */

export type ActionClass = 'list' | 'read' | 'write' | 'permissions' | 'admin' | 'use' | 'grant' | 'describe'

export interface Action {
  /** As AWS writes it: `s3:GetObject`. */
  readonly name: string
  readonly lower: string
  readonly kind: ActionClass
  /** Of a bucket: whether its resource is the bucket or an object. */
  readonly on?: 'bucket' | 'object'
  /** An unsigned request can carry it. */
  readonly anonymous: boolean
}

function make(
  prefix: string,
  kind: ActionClass,
  names: string,
  on?: Action['on'],
  anonymous = false,
): Action[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => ({
      name: `${prefix}:${name}`,
      lower: `${prefix}:${name}`.toLowerCase(),
      kind,
      anonymous,
      ...(on === undefined ? {} : { on }),
    }))
}

const S3: readonly Action[] = [
  ...make(
    's3',
    'read',
    'GetObject GetObjectVersion GetObjectAttributes GetObjectTagging GetObjectTorrent GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent GetObjectLegalHold GetObjectRetention GetObjectAcl GetObjectVersionAcl',
    'object',
    true,
  ),
  ...make('s3', 'list', 'ListMultipartUploadParts', 'object', true),
  ...make(
    's3',
    'write',
    'PutObject DeleteObject DeleteObjectVersion AbortMultipartUpload RestoreObject PutObjectTagging PutObjectVersionTagging DeleteObjectTagging DeleteObjectVersionTagging PutObjectLegalHold PutObjectRetention ReplicateObject ReplicateDelete ReplicateTags InitiateReplication UpdateObjectEncryption',
    'object',
    true,
  ),
  ...make(
    's3',
    'permissions',
    'PutObjectAcl PutObjectVersionAcl ObjectOwnerOverrideToBucketOwner BypassGovernanceRetention',
    'object',
    true,
  ),
  ...make('s3', 'list', 'ListBucket ListBucketVersions ListBucketMultipartUploads', 'bucket', true),
  ...make(
    's3',
    'read',
    'GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration',
    'bucket',
    true,
  ),
  ...make(
    's3',
    'write',
    'CreateBucket DeleteBucket DeleteBucketWebsite PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration PutLifecycleConfiguration PutMetricsConfiguration PutReplicationConfiguration',
    'bucket',
    true,
  ),
  ...make(
    's3',
    'permissions',
    'PutBucketAcl PutBucketPolicy DeleteBucketPolicy PutBucketPublicAccessBlock PutBucketOwnershipControls',
    'bucket',
    true,
  ),
]

const KMS: readonly Action[] = [
  ...make(
    'kms',
    'describe',
    'DescribeKey GetKeyPolicy GetKeyRotationStatus GetPublicKey ListGrants ListKeyPolicies ListKeyRotations ListResourceTags GetParametersForImport ListRetirableGrants',
  ),
  ...make(
    'kms',
    'use',
    'Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateMac VerifyMac Sign Verify DeriveSharedSecret',
  ),
  ...make('kms', 'grant', 'CreateGrant RetireGrant RevokeGrant'),
  ...make(
    'kms',
    'admin',
    'PutKeyPolicy ScheduleKeyDeletion CancelKeyDeletion DisableKey EnableKey DisableKeyRotation EnableKeyRotation RotateKeyOnDemand ImportKeyMaterial DeleteImportedKeyMaterial CreateAlias DeleteAlias UpdateAlias UpdateKeyDescription UpdatePrimaryRegion ReplicateKey SynchronizeMultiRegionKey TagResource UntagResource',
  ),
]

const BY_TYPE: ReadonlyMap<string, readonly Action[]> = new Map<string, readonly Action[]>([
  ['AWS::S3::Bucket', S3],
  ['AWS::S3::AccessPoint', S3],
  ['AWS::KMS::Key', KMS],
  [
    'AWS::IAM::Role',
    make(
      'sts',
      'use',
      'AssumeRole AssumeRoleWithWebIdentity AssumeRoleWithSAML TagSession SetSourceIdentity',
    ),
  ],
  [
    'AWS::SQS::Queue',
    [
      ...make(
        'sqs',
        'read',
        'ReceiveMessage GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues ListQueueTags ListMessageMoveTasks',
        undefined,
        true,
      ),
      ...make(
        'sqs',
        'write',
        'SendMessage DeleteMessage ChangeMessageVisibility PurgeQueue DeleteQueue SetQueueAttributes TagQueue UntagQueue StartMessageMoveTask CancelMessageMoveTask CreateQueue SendMessageBatch DeleteMessageBatch ChangeMessageVisibilityBatch',
        undefined,
        true,
      ),
      ...make('sqs', 'permissions', 'AddPermission RemovePermission', undefined, true),
    ],
  ],
  [
    'AWS::SNS::Topic',
    [
      ...make(
        'sns',
        'read',
        'GetTopicAttributes GetDataProtectionPolicy ListSubscriptionsByTopic ListTagsForResource Subscribe Receive',
        undefined,
        true,
      ),
      ...make(
        'sns',
        'write',
        'Publish SetTopicAttributes DeleteTopic TagResource UntagResource ConfirmSubscription CreateTopic PutDataProtectionPolicy',
        undefined,
        true,
      ),
      ...make('sns', 'permissions', 'AddPermission RemovePermission', undefined, true),
    ],
  ],
  [
    'AWS::Lambda::Function',
    [
      ...make('lambda', 'use', 'InvokeFunctionUrl InvokeFunction', undefined, true),
      ...make('lambda', 'use', 'InvokeAsync'),
      ...make(
        'lambda',
        'read',
        'GetFunction GetFunctionConfiguration GetPolicy GetAlias GetFunctionConcurrency GetFunctionUrlConfig GetFunctionEventInvokeConfig GetProvisionedConcurrencyConfig GetRuntimeManagementConfig GetFunctionRecursionConfig GetFunctionCodeSigningConfig',
      ),
      ...make(
        'lambda',
        'list',
        'ListAliases ListVersionsByFunction ListFunctionUrlConfigs ListFunctionEventInvokeConfigs ListProvisionedConcurrencyConfigs ListTags',
      ),
      ...make(
        'lambda',
        'write',
        'UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction PublishVersion CreateAlias UpdateAlias DeleteAlias PutFunctionConcurrency DeleteFunctionConcurrency CreateFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig PutProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig TagResource UntagResource',
      ),
      ...make('lambda', 'permissions', 'AddPermission RemovePermission'),
    ],
  ],
  [
    'AWS::ECR::Repository',
    [
      ...make(
        'ecr',
        'read',
        'BatchGetImage GetDownloadUrlForLayer BatchCheckLayerAvailability GetAuthorizationToken GetLifecyclePolicy GetLifecyclePolicyPreview GetRepositoryPolicy ListTagsForResource BatchGetRepositoryScanningConfiguration',
      ),
      ...make(
        'ecr',
        'list',
        'ListImages DescribeImages DescribeImageScanFindings DescribeRepositories DescribeImageReplicationStatus',
      ),
      ...make(
        'ecr',
        'write',
        'PutImage InitiateLayerUpload UploadLayerPart CompleteLayerUpload BatchDeleteImage DeleteRepository PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy DeleteLifecyclePolicy StartImageScan StartLifecyclePolicyPreview TagResource UntagResource CreateRepository ReplicateImage BatchImportUpstreamImage',
      ),
      ...make('ecr', 'permissions', 'SetRepositoryPolicy DeleteRepositoryPolicy'),
    ],
  ],
  [
    'AWS::SecretsManager::Secret',
    [
      ...make(
        'secretsmanager',
        'read',
        'GetSecretValue BatchGetSecretValue DescribeSecret GetResourcePolicy',
      ),
      ...make('secretsmanager', 'list', 'ListSecretVersionIds'),
      ...make(
        'secretsmanager',
        'write',
        'PutSecretValue UpdateSecret UpdateSecretVersionStage DeleteSecret RestoreSecret RotateSecret CancelRotateSecret TagResource UntagResource ReplicateSecretToRegions RemoveRegionsFromReplication StopReplicationToReplica CreateSecret',
      ),
      ...make(
        'secretsmanager',
        'permissions',
        'PutResourcePolicy DeleteResourcePolicy ValidateResourcePolicy',
      ),
    ],
  ],
  [
    'AWS::EFS::FileSystem',
    [
      ...make('elasticfilesystem', 'read', 'ClientMount', undefined, true),
      ...make('elasticfilesystem', 'write', 'ClientWrite ClientRootAccess', undefined, true),
      ...make(
        'elasticfilesystem',
        'read',
        'DescribeFileSystems DescribeMountTargets DescribeAccessPoints DescribeBackupPolicy DescribeFileSystemPolicy DescribeLifecycleConfiguration DescribeReplicationConfigurations DescribeMountTargetSecurityGroups ListTagsForResource Backup',
      ),
      ...make(
        'elasticfilesystem',
        'write',
        'CreateAccessPoint DeleteAccessPoint CreateMountTarget DeleteMountTarget DeleteFileSystem UpdateFileSystem PutBackupPolicy PutLifecycleConfiguration CreateReplicationConfiguration DeleteReplicationConfiguration ModifyMountTargetSecurityGroups Restore TagResource UntagResource ReplicationRead ReplicationWrite UpdateFileSystemProtection',
      ),
      ...make('elasticfilesystem', 'permissions', 'PutFileSystemPolicy DeleteFileSystemPolicy'),
    ],
  ],
  [
    'AWS::OpenSearchService::Domain',
    [
      ...make('es', 'read', 'ESHttpGet ESHttpHead ESCrossClusterGet', undefined, true),
      ...make('es', 'write', 'ESHttpPost ESHttpPut ESHttpDelete ESHttpPatch', undefined, true),
      ...make(
        'es',
        'describe',
        'DescribeDomain DescribeDomains DescribeDomainConfig DescribeElasticsearchDomain DescribeElasticsearchDomains DescribeElasticsearchDomainConfig GetUpgradeHistory GetUpgradeStatus ListTags DescribeDomainHealth DescribeDomainNodes DescribeDomainAutoTunes DescribeDomainChangeProgress DescribeDryRunProgress GetDomainMaintenanceStatus GetDataSource ListDataSources ListDomainMaintenances ListPackagesForDomain ListScheduledActions ListVpcEndpointsForDomain ListVpcEndpointAccess',
      ),
      ...make(
        'es',
        'write',
        'UpdateDomainConfig UpdateElasticsearchDomainConfig DeleteDomain DeleteElasticsearchDomain UpgradeDomain UpgradeElasticsearchDomain AddTags RemoveTags CreateDomain CreateElasticsearchDomain AddDataSource DeleteDataSource UpdateDataSource AssociatePackage DissociatePackage StartServiceSoftwareUpdate CancelServiceSoftwareUpdate StartDomainMaintenance',
      ),
      ...make('es', 'permissions', 'AuthorizeVpcEndpointAccess RevokeVpcEndpointAccess'),
    ],
  ],
  [
    'AWS::Backup::BackupVault',
    [
      ...make(
        'backup',
        'read',
        'DescribeBackupVault DescribeRecoveryPoint GetBackupVaultAccessPolicy GetBackupVaultNotifications GetRecoveryPointRestoreMetadata ListTags GetRecoveryPointIndexDetails',
      ),
      ...make('backup', 'list', 'ListRecoveryPointsByBackupVault'),
      ...make(
        'backup',
        'write',
        'CopyIntoBackupVault CopyFromBackupVault StartBackupJob StartCopyJob StartRestoreJob DeleteRecoveryPoint DeleteBackupVault UpdateRecoveryPointLifecycle DisassociateRecoveryPoint DisassociateRecoveryPointFromParent PutBackupVaultNotifications DeleteBackupVaultNotifications PutBackupVaultLockConfiguration DeleteBackupVaultLockConfiguration TagResource UntagResource CreateBackupVault UpdateRecoveryPointIndexSettings',
      ),
      ...make('backup', 'permissions', 'PutBackupVaultAccessPolicy DeleteBackupVaultAccessPolicy'),
    ],
  ],
  [
    'AWS::Glacier::Vault',
    [
      ...make(
        'glacier',
        'read',
        'DescribeVault DescribeJob GetJobOutput GetVaultLock GetVaultNotifications GetVaultAccessPolicy ListTagsForVault',
      ),
      ...make('glacier', 'list', 'ListJobs ListMultipartUploads ListParts'),
      ...make(
        'glacier',
        'write',
        'UploadArchive DeleteArchive InitiateJob InitiateMultipartUpload UploadMultipartPart CompleteMultipartUpload AbortMultipartUpload CreateVault DeleteVault SetVaultNotifications DeleteVaultNotifications AddTagsToVault RemoveTagsFromVault',
      ),
      ...make(
        'glacier',
        'permissions',
        'SetVaultAccessPolicy DeleteVaultAccessPolicy InitiateVaultLock CompleteVaultLock AbortVaultLock',
      ),
    ],
  ],
  [
    'AWS::ApiGateway::RestApi',
    make('execute-api', 'use', 'Invoke InvalidateCache ManageConnections', undefined, true),
  ],
  [
    'AWS::Events::EventBus',
    [
      ...make(
        'events',
        'write',
        'PutEvents PutRule DeleteRule PutTargets RemoveTargets EnableRule DisableRule TagResource UntagResource DeleteEventBus CreateEventBus UpdateEventBus',
      ),
      ...make('events', 'read', 'DescribeRule DescribeEventBus ListTargetsByRule ListTagsForResource'),
      ...make('events', 'list', 'ListRules'),
      ...make('events', 'permissions', 'PutPermission RemovePermission'),
    ],
  ],
  [
    'AWS::SES::EmailIdentity',
    [
      ...make(
        'ses',
        'use',
        'SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail SendBulkEmail SendBounce SendCustomVerificationEmail',
      ),
      ...make(
        'ses',
        'read',
        'GetEmailIdentity GetEmailIdentityPolicies ListTagsForResource GetDomainStatisticsReport',
      ),
      ...make(
        'ses',
        'write',
        'DeleteEmailIdentity PutEmailIdentityDkimAttributes PutEmailIdentityDkimSigningAttributes PutEmailIdentityFeedbackAttributes PutEmailIdentityMailFromAttributes PutEmailIdentityConfigurationSetAttributes TagResource UntagResource',
      ),
      ...make(
        'ses',
        'permissions',
        'CreateEmailIdentityPolicy UpdateEmailIdentityPolicy DeleteEmailIdentityPolicy',
      ),
    ],
  ],
  [
    'AWS::CodeArtifact::Domain',
    [
      ...make(
        'codeartifact',
        'read',
        'GetAuthorizationToken DescribeDomain GetDomainPermissionsPolicy ListTagsForResource DescribePackageGroup GetAssociatedPackageGroup',
      ),
      ...make(
        'codeartifact',
        'list',
        'ListRepositoriesInDomain ListPackageGroups ListSubPackageGroups ListAssociatedPackages ListAllowedRepositoriesForGroup',
      ),
      ...make(
        'codeartifact',
        'write',
        'CreateRepository DeleteDomain CreateDomain TagResource UntagResource CreatePackageGroup DeletePackageGroup UpdatePackageGroup UpdatePackageGroupOriginConfiguration',
      ),
      ...make('codeartifact', 'permissions', 'PutDomainPermissionsPolicy DeleteDomainPermissionsPolicy'),
    ],
  ],
  [
    'AWS::Logs::ResourcePolicy',
    [
      ...make(
        'logs',
        'write',
        'PutLogEvents CreateLogStream PutLogEventsBatch CreateLogGroup PutSubscriptionFilter DeleteSubscriptionFilter DeleteLogGroup DeleteLogStream PutRetentionPolicy DeleteRetentionPolicy Link',
      ),
      ...make(
        'logs',
        'read',
        'GetLogEvents FilterLogEvents GetLogRecord GetLogGroupFields StartQuery StopQuery GetQueryResults Unmask StartLiveTail',
      ),
      ...make(
        'logs',
        'list',
        'DescribeLogStreams DescribeLogGroups DescribeSubscriptionFilters DescribeMetricFilters ListTagsForResource',
      ),
      ...make(
        'logs',
        'permissions',
        'PutDataProtectionPolicy DeleteDataProtectionPolicy GetDataProtectionPolicy',
      ),
    ],
  ],
])

/** The actions that count in a policy of this type; empty where the type has no engine of actions. */
export function actionsOf(type: string): readonly Action[] {
  return BY_TYPE.get(type) ?? []
}

/** Types with an action list. */
export const TYPES: readonly string[] = [...BY_TYPE.keys()]
