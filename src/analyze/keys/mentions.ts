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
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every value along a dotted path; a list on the way stands for each of its items. */
function at(value: Json | undefined, path: string): Json[] {
  let found: Json[] = value === undefined ? [] : [value]
  for (const name of path.split('.')) {
    found = found
      .flatMap((each) => (Array.isArray(each) ? (each as Json[]) : [each]))
      .flatMap((each) => (isObject(each) && Object.hasOwn(each, name) ? [each[name] as Json] : []))
  }
  return found
}

const along =
  (...paths: readonly string[]): Mentioner['mentions'] =>
  (config) =>
    paths.flatMap((path) =>
      at(config, path).flatMap((value) =>
        typeof value === 'string' && value !== '' ? [{ field: path.split('.', 1)[0] ?? path, value }] : [],
      ),
    )

const by = (field: string, operation: string, permission = operation): Answered => ({
  field,
  operation,
  permission,
})

/** The one document whose content is read: Session Manager's preferences. */
const isPreferences = (document: JsonObject): boolean => document['Name'] === 'SSM-SessionManagerRunShell'

export const MENTIONERS: Readonly<Record<string, Mentioner>> = {
  'AWS::EC2::Volume': { lists: ['ec2:DescribeVolumes'], fields: [], mentions: along('KmsKeyId') },
  'AWS::EC2::Snapshot': { lists: ['ec2:DescribeSnapshots'], fields: [], mentions: along('KmsKeyId') },
  'AWS::EC2::Image': {
    lists: ['ec2:DescribeImages'],
    fields: [],
    mentions: along('BlockDeviceMappings.Ebs.KmsKeyId'),
  },
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
  'AWS::SSM::Parameter': { lists: ['ssm:DescribeParameters'], fields: [], mentions: along('KeyId') },
  'AWS::SSM::Document': {
    lists: ['ssm:ListDocuments'],
    fields: [{ ...by('Content', 'ssm:GetDocument'), when: isPreferences }],
    mentions: along('Content.inputs.kmsKeyId'),
  },
  'AWS::SSM::ResourceDataSync': {
    lists: ['ssm:ListResourceDataSync'],
    fields: [],
    mentions: along('S3Destination.AWSKMSKeyARN'),
  },
}

/** An image is encrypted with the keys of the snapshots that it is made of. */
export function snapshotsOf(image: Resource): readonly string[] {
  return at(image.config, 'BlockDeviceMappings.Ebs.SnapshotId').filter((id) => typeof id === 'string')
}

/** The fields of a resource that may name keys and that calls of their own answer. */
export const answeredOf = ({ type, config }: Resource): readonly Answered[] =>
  (MENTIONERS[type]?.fields ?? []).filter(({ when }) => when?.(config) ?? true)
