/** Where a machine that was taken over leads to: what its role reads. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Json, Missing, Resource } from '../../snapshot/model.ts'
import type { Analysis, AnalysisOptions, Fact } from '../analysis.ts'
import { list, object, text } from '../policy/json.ts'
import { OPERATIONS } from '../policy/operations.ts'
import { UNKNOWN, YES } from '../policy/truth.ts'
import { type Told, toldFact } from '../told.ts'
import { distinctMissing, readUnread } from '../unread.ts'
import { type Context, type Reading, readersOf } from './reads.ts'

const INSTANCE = 'AWS::EC2::Instance'
const BUCKET = 'AWS::S3::Bucket'

/** A condition that hangs on something that only the request itself would tell. */
const UNDECIDED: Missing = {
  operation: 'paths:CONDITION',
  outcome: 'unsupported',
  permission: '',
  detail: 'a condition in a policy hangs on something that no call tells',
}

/** What a request from the machine carries, on each way that it may take to S3. */
function contextsOf(instance: Resource, index: SnapshotIndex): readonly Context[] {
  const { VpcId, PublicIpAddress } = instance.config
  const base = { 'aws:SecureTransport': 'true' }
  const ip = text(PublicIpAddress)
  const endpoints = index
    .ofType('AWS::EC2::VPCEndpoint')
    .filter(({ config }) => config['VpcId'] === VpcId && text(config['ServiceName']).endsWith('.s3'))
    .map(({ config }) => text(config['VpcEndpointId']))
  return [
    { ...base, ...(ip === '' ? {} : { 'aws:SourceIp': ip }) },
    ...endpoints.map((id) => ({ ...base, 'aws:SourceVpc': text(VpcId), 'aws:SourceVpce': id })),
  ]
}

function rolesByProfile(index: SnapshotIndex): ReadonlyMap<string, Resource> {
  const roles = new Map<string, Resource>()
  for (const role of index.ofType('AWS::IAM::Role'))
    for (const profile of list(role.config['InstanceProfileList']))
      roles.set(text(object(profile)['Arn']), role)
  return roles
}

interface Found {
  readonly bucket: Resource
  readonly reading: Reading
}

function rowOf({ bucket, reading: { object: key, by } }: Found): Json {
  return { bucket: bucket.id, name: bucket.name ?? '', object: key, by: [...by] }
}

function prepare(index: SnapshotIndex, options: AnalysisOptions): (instance: Resource) => Fact {
  const readers = readersOf(index, options)
  const unread = readUnread(index)
  const roles = rolesByProfile(index)
  const buckets = index.ofType(BUCKET)
  const known = new Map<string, readonly Found[]>()

  const found = (role: Resource, instance: Resource): readonly Found[] => {
    const contexts = contextsOf(instance, index)
    const key = `${role.id} ${JSON.stringify(contexts)}`
    const before = known.get(key)
    if (before) return before
    const made = buckets.map((bucket) => ({ bucket, reading: readers.reads(role, bucket, contexts) }))
    known.set(key, made)
    return made
  }

  return (instance) => {
    const profile = text(object(instance.config['IamInstanceProfile'])['Arn'])
    const role = roles.get(profile)
    const blind = distinctMissing([
      ...(profile === '' || role ? [] : unread.list('AWS::IAM::Role', instance.account, 'global')),
      ...(role ? unread.list(BUCKET, instance.account, 'global') : []),
    ])
    const all = (): readonly Found[] => (role ? found(role, instance) : [])
    const ofTruth = (truth: number): readonly Found[] =>
      all().filter(({ reading }) => reading.truth === truth)
    const complete = (): Told<Json> => {
      const missing = [...blind, ...ofTruth(UNKNOWN).flatMap(({ reading }) => reading.missing)]
      if (missing.length > 0) return { missing: distinctMissing(missing) }
      return ofTruth(UNKNOWN).length > 0 ? { missing: [UNDECIDED] } : { value: true }
    }
    return toldFact({
      role: () => ({ value: role?.id ?? '' }),
      reads: () => ({ value: ofTruth(YES).map(rowOf) }),
      undecided: () =>
        blind.length > 0 ? { missing: blind } : { value: ofTruth(UNKNOWN).map(({ bucket }) => bucket.id) },
      complete,
    })
  }
}

/** Docs: docs/facts.md, "paths". */
export const paths: Analysis = {
  name: 'paths',
  shapes: {
    [INSTANCE]: {
      role: 'string',
      reads: ['list', ['struct', 'paths.Read']],
      undecided: ['list', 'string'],
      complete: 'bool',
    },
  },
  structs: {
    'paths.Read': { bucket: 'string', name: 'string', object: 'string', by: ['list', 'string'] },
  },
  operations: [
    ...new Set([
      ...OPERATIONS,
      'ec2:DescribeInstances',
      'ec2:DescribeVpcEndpoints',
      's3:GetBucketEncryption',
    ]),
  ].sort(),
  prepare,
}
