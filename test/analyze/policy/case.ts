/** Cases of `cases.json`: what stands on a resource, and what is around it. */
import { readAccesses } from '../../../src/analyze/policy/accesses.ts'
import type { AccessAnswer, AccessRequest } from '../../../src/analyze/policy/answer.ts'
import type {
  BlockSettings,
  Boundary,
  BucketInput,
  PolicyInput,
  Surroundings,
} from '../../../src/analyze/policy/input.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { Json, JsonObject } from '../../../src/snapshot/model.ts'
import { call, resource, snapshot } from '../../snapshot/build.ts'
import table from './cases.json' with { type: 'json' }

export interface Case {
  /** What of the semantics it shows. */
  readonly line: string
  readonly title: string
  /** The page of AWS's documentation that it rests on. */
  readonly page: string
  readonly type: string
  readonly version?: string | null
  readonly statements?: readonly Json[]
  readonly bucket?: {
    readonly ownership?: string | null
    readonly grants?: readonly Json[]
    readonly blocks?: Partial<Record<'bucket' | 'account' | 'organization', BlockSettings>>
  }
  readonly accessPoints?: readonly {
    readonly arn: string
    readonly account: string
    readonly policy: readonly Json[]
    readonly blocks?: BlockSettings
    readonly vpc?: string
  }[]
  /** Of an access point: the statements of the bucket behind it. */
  readonly behind?: readonly Json[]
  /** As the snapshot has it, instead of a policy. */
  readonly config?: JsonObject
  /** What else the snapshot has, by type. */
  readonly others?: Readonly<Record<string, JsonObject>>
  readonly grants?: readonly Json[]
  readonly tags?: Readonly<Record<string, string>>
  readonly scps?: readonly (readonly Json[])[]
  readonly rcps?: readonly (readonly Json[])[]
  readonly management?: string
  readonly expected?: Partial<AccessAnswer>
  readonly kms?: Partial<AccessAnswer['kms']>
  readonly notes?: readonly string[]
  /** Classes of callers that cannot ask for such a resource at all. */
  readonly absent?: readonly string[]
  readonly classes?: Readonly<Record<string, string>>
  /** With the statements that decide, where a case is about them. */
  readonly requests?: readonly (AccessRequest & {
    readonly decision: string
    readonly statements?: readonly string[]
  })[]
}

const { account } = table
export const cases = table.cases as unknown as readonly Case[]

const regional = (service: string, rest: string): string =>
  `arn:aws:${service}:eu-west-1:${account.id}:${rest}`
const ARNS: Readonly<Record<string, string>> = {
  'AWS::S3::AccessPoint': 'arn:aws:s3:::corp',
  'AWS::S3::Bucket': 'arn:aws:s3:::corp',
  'AWS::SQS::Queue': regional('sqs', 'jobs'),
  'AWS::SNS::Topic': regional('sns', 'news'),
  'AWS::KMS::Key': regional('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab'),
  'AWS::Lambda::Function': regional('lambda', 'function:f'),
  'AWS::EC2::VPCEndpoint': regional('ec2', 'vpc-endpoint/vpce-1'),
  'AWS::EC2::Snapshot': 'arn:aws:ec2:eu-west-1::snapshot/snap-1',
  'AWS::EC2::Image': 'arn:aws:ec2:eu-west-1::image/ami-1',
  'AWS::RDS::DBSnapshot': regional('rds', 'snapshot:backup'),
  'AWS::IAM::Role': `arn:aws:iam::${account.id}:role/app`,
}

const OWNER = 'a'.repeat(64)
const CANONICAL: ReadonlyMap<string, string> = new Map([
  [OWNER, account.id],
  ['c'.repeat(64), account.trusted[0] ?? ''],
])

function documentOf(statements: readonly Json[], version: string | null = '2012-10-17'): JsonObject {
  return { ...(version === null ? {} : { Version: version }), Statement: [...statements] }
}

function bucketOf({ bucket = {} }: Case): BucketInput {
  const { ownership = 'BucketOwnerEnforced', grants = [], blocks = {} } = bucket
  return {
    acl: { Owner: { ID: OWNER }, Grants: [...grants] },
    ownership,
    blocks: { bucket: null, account: null, organization: null, ...blocks },
    owner: OWNER,
  }
}

/** What the snapshot says, through the way that a real one goes. */
function gathered({ type, config = {}, others = {} }: Case): PolicyInput {
  const place = { account: account.id, region: 'eu-west-1' }
  const own = resource(ARNS[type] ?? '', { type, config, ...place })
  const more = Object.entries(others).map(([name, about]) =>
    resource(regional('ec2', name), { type: name, config: about, ...place }),
  )
  const calls = ['DescribeSnapshots', 'DescribeImages'].map((name) => call(name, place))
  const index = indexSnapshot(snapshot([own, ...more], calls))
  const input = readAccesses(index, { trustedAccounts: [], now: account.time }).input(own)
  if (!input) throw new Error(`${type} has no policy`)
  return input
}

export function inputOf(one: Case): PolicyInput {
  const { type, statements, version, accessPoints = [], behind, config, grants, tags } = one
  if (config) return gathered(one)
  const arn = ARNS[type] ?? ''
  return {
    id: arn,
    type,
    arn,
    account: account.id,
    region: 'eu-west-1',
    policies: statements ? [{ name: 'Policy', document: documentOf(statements, version) }] : [],
    accessPoints: accessPoints.map(({ policy, blocks = null, ...rest }) => ({
      ...rest,
      blocks,
      policy: documentOf(policy),
    })),
    ...(type.startsWith('AWS::S3::') ? { bucket: bucketOf(one) } : {}),
    ...(behind ? { bucketPolicy: { document: documentOf(behind) } } : {}),
    ...(type === 'AWS::KMS::Key' ? { grants: grants ?? [] } : {}),
    ...(tags ? { tags } : {}),
  }
}

const boundary = (statements: readonly Json[]): Boundary => ({
  name: 'Boundary',
  document: documentOf(statements),
  certain: true,
})

export function surroundingsOf({ scps = [], rcps = [], management = '999999999990' }: Case): Surroundings {
  return {
    organization: {
      id: account.org,
      management,
      accounts: new Map(account.members.map((id) => [id, undefined])),
      complete: true,
      unread: [],
    },
    trustedAccounts: account.trusted,
    now: account.time,
    scps: scps.map(boundary),
    rcps: rcps.map(boundary),
    canonicalIds: CANONICAL,
  }
}
