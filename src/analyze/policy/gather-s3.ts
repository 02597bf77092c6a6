/** What stands on a bucket or an access point, and on the bucket behind it. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Json, JsonObject, Resource } from '../../snapshot/model.ts'
import type { Operation, Unread as UnreadFields } from '../unread.ts'
import { documentOf } from './document-of.ts'
import { by, type Sources } from './gather-sources.ts'
import type { AccessPointInput, Blocks, BucketInput, PolicyInput, PolicySource, Unread } from './input.ts'
import { list, object, text } from './json.ts'
import { truth } from './truth.ts'

const ACCOUNT_BLOCK = 'AWS::S3::AccountPublicAccessBlock'
const ORGANIZATION_POLICY = 'AWS::Organizations::EffectiveS3Policy'

export const S3 = {
  policy: by('s3:GetBucketPolicy'),
  status: by('s3:GetBucketPolicyStatus'),
  acl: by('s3:GetBucketAcl'),
  block: by('s3:GetPublicAccessBlock', 's3:GetBucketPublicAccessBlock'),
  ownership: by('s3:GetBucketOwnershipControls'),
  point: by('s3:GetAccessPoint'),
  pointPolicy: by('s3:GetAccessPointPolicy'),
} as const

function read(
  resource: Resource,
  field: string,
  operation: Operation,
  unread: UnreadFields,
): Json | Unread | undefined {
  const missing = unread.field(resource, field, operation)
  return missing ? { unread: [missing] } : resource.config[field]
}

const isGap = (value: Json | Unread | undefined): value is Unread =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, 'unread')

function ownershipOf(bucket: Resource, unread: UnreadFields): BucketInput['ownership'] {
  const controls = read(bucket, 'OwnershipControls', S3.ownership, unread)
  if (isGap(controls)) return controls
  const [rule] = list(object(controls)['Rules'])
  return text(object(rule)['ObjectOwnership']) || null
}

function blocksAt(value: Json | Unread | undefined): Blocks {
  return isGap(value) ? value : value === undefined ? null : (object(value) as Blocks)
}

function accountBlocks(index: SnapshotIndex, account: string): Blocks {
  const own = index.ofType(ACCOUNT_BLOCK).find((one) => one.account === account)
  if (own) return own.config as Blocks
  const { missing } = index.list(ACCOUNT_BLOCK, account, 'global')
  return missing.length > 0 ? { unread: missing } : null
}

/** All four or none: an organization can say no less. [Organizations User Guide, "Amazon S3 policies"] */
function organizationBlocks(index: SnapshotIndex, account: string): Blocks {
  const own = index.ofType(ORGANIZATION_POLICY).find((one) => one.account === account)
  const content = documentOf(own?.config['PolicyContent'])
  if (!own) return null
  const configuration = object(object(content)['s3_attributes'])['public_access_block_configuration']
  const said = typeof configuration === 'string' ? configuration : text(object(configuration)['@@assign'])
  if (said !== 'all') return null
  return {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  }
}

function aboutBucket(bucket: Resource, { index, unread }: Sources): BucketInput {
  const acl = read(bucket, 'Acl', S3.acl, unread)
  const status = object(bucket.config['PolicyStatus'])['IsPublic']
  const owner = text(object(object(bucket.config['Acl'])['Owner'])['ID'])
  return {
    acl: isGap(acl) ? acl : acl === undefined ? undefined : (object(acl) as JsonObject),
    ownership: ownershipOf(bucket, unread),
    blocks: {
      bucket: blocksAt(read(bucket, 'PublicAccessBlock', S3.block, unread)),
      account: accountBlocks(index, bucket.account),
      organization: organizationBlocks(index, bucket.account),
    },
    ...(typeof status === 'boolean' ? { policyIsPublic: truth(status) } : {}),
    ...(owner === '' ? {} : { owner }),
  }
}

function policyOf(resource: Resource, operation: Operation, unread: UnreadFields): Json | Unread | undefined {
  const value = read(resource, 'Policy', operation, unread)
  return isGap(value) ? value : documentOf(value)
}

function pointOf(point: Resource, unread: UnreadFields): AccessPointInput {
  const about = read(point, 'AccessPoint', S3.point, unread)
  const vpc = text(object(isGap(about) ? undefined : object(about)['VpcConfiguration'])['VpcId'])
  const listed = text(object(point.config['VpcConfiguration'])['VpcId'])
  return {
    arn: point.id,
    account: point.account,
    policy: policyOf(point, S3.pointPolicy, unread),
    blocks: isGap(about) ? about : blocksAt(object(about)['PublicAccessBlockConfiguration']),
    ...(vpc || listed ? { vpc: vpc || listed } : {}),
  }
}

const bucketNameOf = (point: Resource): string => text(point.config['Bucket'])

export function bucketInput(
  bucket: Resource,
  sources: Sources,
): Pick<PolicyInput, 'policies' | 'bucket' | 'accessPoints'> {
  const { index, unread } = sources
  const document = policyOf(bucket, S3.policy, unread)
  const policies: PolicySource[] = document === undefined ? [] : [{ name: 'Policy', document }]
  const points = index
    .ofType('AWS::S3::AccessPoint')
    .filter(
      (point) => bucketNameOf(point) === text(bucket.config['Name']) && point.account === bucket.account,
    )
  return {
    policies,
    bucket: aboutBucket(bucket, sources),
    accessPoints: points.map((point) => pointOf(point, unread)),
  }
}

/** An access point is judged with its bucket's policy; a bucket that the snapshot does not hold may allow anything. */
export function accessPointInput(
  point: Resource,
  sources: Sources,
): Pick<PolicyInput, 'arn' | 'policies' | 'bucket' | 'accessPoints' | 'bucketPolicy'> {
  const { index, unread } = sources
  const name = bucketNameOf(point)
  const arn = `arn:${point.id.split(':')[1] ?? 'aws'}:s3:::${name}`
  const bucket = index.byId(arn)
  const gone: Unread = { unread: [{ ...S3.policy, outcome: 'not-collected' }] }
  const levels = {
    bucket: gone,
    account: accountBlocks(index, point.account),
    organization: organizationBlocks(index, point.account),
  }
  return {
    arn,
    policies: [],
    bucket: bucket ? aboutBucket(bucket, sources) : { acl: undefined, ownership: null, blocks: levels },
    bucketPolicy: { document: bucket ? policyOf(bucket, S3.policy, unread) : gone },
    accessPoints: [pointOf(point, unread)],
  }
}
