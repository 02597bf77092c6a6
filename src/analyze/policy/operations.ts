/** The operations whose answers say who gets in, by the type of resource. */
import { keys } from '../keys/keys.ts'

const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::RestApi': ['apigateway:GetRestApis'],
  'AWS::Backup::BackupVault': ['backup:ListBackupVaults', 'backup:GetBackupVaultAccessPolicy'],
  'AWS::CodeArtifact::Domain': ['codeartifact:ListDomains', 'codeartifact:GetDomainPermissionsPolicy'],
  'AWS::CodeArtifact::Repository': [
    'codeartifact:ListRepositories',
    'codeartifact:GetRepositoryPermissionsPolicy',
  ],
  'AWS::DynamoDB::Table': ['dynamodb:ListTables', 'dynamodb:GetResourcePolicy'],
  'AWS::EC2::Image': ['ec2:DescribeImages', 'ec2:DescribeImageAttribute'],
  'AWS::EC2::Snapshot': [
    'ec2:DescribeSnapshots',
    'ec2:DescribeSnapshotAttribute',
    'ec2:GetSnapshotBlockPublicAccessState',
  ],
  'AWS::EC2::VPCEndpoint': ['ec2:DescribeVpcEndpoints'],
  'AWS::EC2::VPCEndpointService': [
    'ec2:DescribeVpcEndpointServiceConfigurations',
    'ec2:DescribeVpcEndpointServicePermissions',
  ],
  'AWS::ECR::Repository': ['ecr:DescribeRepositories', 'ecr:GetRepositoryPolicy'],
  'AWS::EFS::FileSystem': [
    'elasticfilesystem:DescribeFileSystems',
    'elasticfilesystem:DescribeFileSystemPolicy',
  ],
  'AWS::Events::EventBus': ['events:ListEventBuses'],
  'AWS::Glacier::Vault': ['glacier:ListVaults', 'glacier:GetVaultAccessPolicy', 'glacier:GetVaultLock'],
  'AWS::IAM::Role': ['iam:GetAccountAuthorizationDetails'],
  'AWS::KMS::Key': [
    'kms:ListKeys',
    'kms:DescribeKey',
    'kms:GetKeyPolicy',
    'kms:ListGrants',
    'kms:ListAliases',
    'kms:ListResourceTags',
  ],
  'AWS::Lambda::Function': ['lambda:ListFunctions', 'lambda:GetPolicy', 'lambda:ListFunctionUrlConfigs'],
  'AWS::Logs::ResourcePolicy': ['logs:DescribeResourcePolicies'],
  'AWS::OpenSearchService::Domain': ['es:ListDomainNames', 'es:DescribeDomains'],
  'AWS::RDS::DBClusterSnapshot': [
    'rds:DescribeDBClusterSnapshots',
    'rds:DescribeDBClusterSnapshotAttributes',
  ],
  'AWS::RDS::DBSnapshot': ['rds:DescribeDBSnapshots', 'rds:DescribeDBSnapshotAttributes'],
  'AWS::S3::AccessPoint': [
    's3:ListAccessPoints',
    's3:GetAccessPoint',
    's3:GetAccessPointPolicy',
    's3:ListBuckets',
    's3:GetBucketLocation',
    's3:GetBucketPolicy',
    's3:GetBucketPolicyStatus',
    's3:GetPublicAccessBlock',
    'organizations:DescribeEffectivePolicy',
  ],
  'AWS::S3::Bucket': [
    's3:ListBuckets',
    's3:GetBucketLocation',
    's3:GetBucketPolicy',
    's3:GetBucketPolicyStatus',
    's3:GetBucketAcl',
    's3:GetBucketOwnershipControls',
    's3:GetPublicAccessBlock',
    's3:GetBucketTagging',
    's3:ListAccessPoints',
    's3:GetAccessPoint',
    's3:GetAccessPointPolicy',
    'organizations:DescribeEffectivePolicy',
  ],
  'AWS::SES::EmailIdentity': ['ses:ListEmailIdentities', 'ses:GetEmailIdentityPolicies'],
  'AWS::SNS::Topic': ['sns:ListTopics', 'sns:GetTopicAttributes'],
  'AWS::SQS::Queue': ['sqs:ListQueues', 'sqs:GetQueueAttributes'],
  'AWS::SSM::Document': ['ssm:ListDocuments', 'ssm:DescribeDocumentPermission'],
  'AWS::SecretsManager::Secret': ['secretsmanager:ListSecrets', 'secretsmanager:GetResourcePolicy'],
}

/** Who belongs to the organization, and what it denies; principals that a policy names by unique ids. */
const AROUND = [
  'organizations:DescribeOrganization',
  'organizations:ListAccounts',
  'organizations:ListPolicies',
  'organizations:DescribePolicy',
  'organizations:ListTargetsForPolicy',
  'iam:GetAccountAuthorizationDetails',
]

const BLOCKS: ReadonlySet<string> = new Set([
  'blockPublicAcls',
  'ignorePublicAcls',
  'blockPublicPolicy',
  'restrictPublicBuckets',
  'unblocked',
])
const BLOCK_OPERATIONS = [
  's3:ListBuckets',
  's3:GetBucketLocation',
  's3:GetPublicAccessBlock',
  'organizations:DescribeEffectivePolicy',
]

/** What members ask of other resources. */
const FURTHER: Readonly<Record<string, readonly string[]>> = {
  data: keys.operations,
  beyondData: [...keys.operations, ...Object.values(BY_TYPE).flat()],
}

export const OPERATIONS: readonly string[] = [
  ...new Set([...Object.values(BY_TYPE).flat(), ...AROUND, ...keys.operations]),
].sort()

export function operationsFor(type: string, members: ReadonlySet<string> | undefined): readonly string[] {
  const own = BY_TYPE[type]
  if (!own) return []
  if (members && members.size > 0 && [...members].every((name) => BLOCKS.has(name))) return BLOCK_OPERATIONS
  const asked = members ?? new Set(Object.keys(FURTHER))
  return [...own, ...AROUND, ...[...asked].flatMap((name) => FURTHER[name] ?? [])]
}
