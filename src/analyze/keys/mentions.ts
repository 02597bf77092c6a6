/** Where resources name KMS keys: the fields, by type, and the calls that answer them. */
import type { Json, JsonObject, Resource } from '../../snapshot/model.ts'
import type { Operation } from '../unread.ts'

/** One place in which a resource names a key. */
export interface Mention {
  /** The field of the resource's configuration: `Encryption`. */
  readonly field: string
  /** As the resource names it: an ARN, an id, an alias, or an alias's ARN. */
  readonly value: string
}

/** A field that a call of its own answers, for the resources that it is made for. */
interface Answered extends Operation {
  readonly field: string
  readonly when?: (config: JsonObject) => boolean
}

export interface Mentioner {
  /** The operations that list the type. */
  readonly lists: readonly string[]
  /** Fields that calls of their own answer. */
  readonly fields: readonly Answered[]
  readonly mentions: (config: JsonObject) => readonly Mention[]
  /** Of a service that a snapshot may leave out altogether: what nobody asked for there hides no user. */
  readonly optional?: true
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every text along a dotted path, but empty ones; a list on the way stands for each of its items. */
export function textsAlong(config: JsonObject, path: string): string[] {
  let found: Json[] = [config]
  for (const name of path.split('.')) {
    found = found
      .flatMap((each) => (Array.isArray(each) ? (each as Json[]) : [each]))
      .flatMap((each) => (isObject(each) && Object.hasOwn(each, name) ? [each[name] as Json] : []))
  }
  return found.filter((value) => typeof value === 'string' && value !== '') as string[]
}

const along =
  (...paths: readonly string[]): Mentioner['mentions'] =>
  (config) =>
    paths.flatMap((path) =>
      textsAlong(config, path).map((value) => ({ field: path.split('.', 1)[0] ?? path, value })),
    )

const by = (field: string, operation: string, permission = operation): Answered => ({
  field,
  operation,
  permission,
})

/** The one document whose content is read: Session Manager's preferences. */
const isPreferences = (document: JsonObject): boolean => document['Name'] === 'SSM-SessionManagerRunShell'

/** A type whose listing alone names the key. */
const listed = (operation: string, path: string): Mentioner => ({
  lists: [operation],
  fields: [],
  mentions: along(path),
})

const optional = (mentioner: Mentioner): Mentioner => ({ ...mentioner, optional: true })

export const MENTIONERS: Readonly<Record<string, Mentioner>> = {
  'AWS::EC2::Volume': listed('ec2:DescribeVolumes', 'KmsKeyId'),
  'AWS::EC2::Snapshot': listed('ec2:DescribeSnapshots', 'KmsKeyId'),
  'AWS::EC2::Image': listed('ec2:DescribeImages', 'BlockDeviceMappings.Ebs.KmsKeyId'),
  'AWS::EC2::LaunchTemplate': {
    lists: ['ec2:DescribeLaunchTemplates'],
    fields: [by('DefaultVersion', 'ec2:DescribeLaunchTemplateVersions')],
    mentions: along('DefaultVersion.LaunchTemplateData.BlockDeviceMappings.Ebs.KmsKeyId'),
  },
  'AWS::EC2::EbsEncryptionByDefault': {
    lists: ['ec2:GetEbsEncryptionByDefault'],
    fields: [by('KmsKeyId', 'ec2:GetEbsDefaultKmsKeyId')],
    mentions: along('KmsKeyId'),
  },
  'AWS::S3::Bucket': {
    lists: ['s3:ListBuckets', 's3:GetBucketLocation'],
    fields: [
      by('Encryption', 's3:GetBucketEncryption', 's3:GetEncryptionConfiguration'),
      by('Replication', 's3:GetBucketReplication', 's3:GetReplicationConfiguration'),
    ],
    mentions: along(
      'Encryption.Rules.ApplyServerSideEncryptionByDefault.KMSMasterKeyID',
      'Replication.Rules.Destination.EncryptionConfiguration.ReplicaKmsKeyID',
    ),
  },
  'AWS::SSM::Parameter': listed('ssm:DescribeParameters', 'KeyId'),
  'AWS::SSM::Document': {
    lists: ['ssm:ListDocuments'],
    fields: [{ ...by('Content', 'ssm:GetDocument'), when: isPreferences }],
    mentions: along('Content.inputs.kmsKeyId'),
  },
  'AWS::SSM::ResourceDataSync': listed('ssm:ListResourceDataSync', 'S3Destination.AWSKMSKeyARN'),
  'AWS::Backup::BackupVault': optional(listed('backup:ListBackupVaults', 'EncryptionKeyArn')),
  'AWS::CodeArtifact::Domain': optional(listed('codeartifact:ListDomains', 'encryptionKey')),
  'AWS::ECR::Repository': optional(listed('ecr:DescribeRepositories', 'encryptionConfiguration.kmsKey')),
  'AWS::EFS::FileSystem': optional(listed('elasticfilesystem:DescribeFileSystems', 'KmsKeyId')),
  'AWS::Lambda::Function': optional(listed('lambda:ListFunctions', 'KMSKeyArn')),
  'AWS::RDS::DBSnapshot': optional(listed('rds:DescribeDBSnapshots', 'KmsKeyId')),
  'AWS::RDS::DBClusterSnapshot': optional(listed('rds:DescribeDBClusterSnapshots', 'KmsKeyId')),
  'AWS::SecretsManager::Secret': optional(listed('secretsmanager:ListSecrets', 'KmsKeyId')),
  'AWS::SNS::Topic': optional({
    lists: ['sns:ListTopics'],
    fields: [by('Attributes', 'sns:GetTopicAttributes')],
    mentions: along('Attributes.KmsMasterKeyId'),
  }),
  'AWS::SQS::Queue': optional({
    lists: ['sqs:ListQueues'],
    fields: [by('Attributes', 'sqs:GetQueueAttributes')],
    mentions: along('Attributes.KmsMasterKeyId'),
  }),
  'AWS::OpenSearchService::Domain': optional({
    lists: ['es:ListDomainNames'],
    fields: [by('DomainStatus', 'es:DescribeDomains')],
    mentions: along('DomainStatus.EncryptionAtRestOptions.KmsKeyId'),
  }),
}

/** An image is encrypted with the keys of the snapshots that it is made of. */
export function snapshotsOf(image: Resource): readonly string[] {
  return textsAlong(image.config, 'BlockDeviceMappings.Ebs.SnapshotId')
}

/** The fields of a resource that may name keys and that calls of their own answer. */
export const answeredOf = ({ type, config }: Resource): readonly Answered[] =>
  (MENTIONERS[type]?.fields ?? []).filter(({ when }) => when?.(config) ?? true)
