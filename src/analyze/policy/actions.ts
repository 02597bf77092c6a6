/** The actions that a resource's own policy can grant, in classes. [Service Authorization Reference] */
import reference from '../../generated/policy-reference.json' with { type: 'json' }

export type ActionKind =
  | 'list'
  | 'read'
  | 'write'
  | 'permissions'
  | 'use'
  /** KMS only. */
  | 'describe'
  | 'grant'
  | 'admin'

export interface Action {
  /** As AWS writes it: `s3:GetObject`. */
  readonly name: string
  readonly lower: string
  readonly kind: ActionKind
  /** Of a bucket or access point: whether its resource is the bucket or an object. */
  readonly on?: 'bucket' | 'object'
  /** A request without a signature can ask for it. */
  readonly anonymous: boolean
}

/** Which actions AWS takes from callers without credentials; of other types none. */
const UNSIGNED: Readonly<Record<string, RegExp>> = {
  'AWS::ApiGateway::RestApi': /./,
  'AWS::EFS::FileSystem': /:Client/,
  'AWS::Lambda::Function': /:InvokeFunctionUrl$/,
  'AWS::OpenSearchService::Domain': /:ESHttp/,
  'AWS::S3::AccessPoint': /./,
  'AWS::S3::Bucket': /./,
  'AWS::SNS::Topic': /./,
  'AWS::SQS::Queue': /./,
}

/** What the sharing lists of resources without a policy concede. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Image': ['ec2:RunInstances'],
  'AWS::EC2::Snapshot': ['ec2:CreateVolume', 'ec2:CopySnapshot'],
  'AWS::EC2::VPCEndpointService': ['ec2:CreateVpcEndpoint'],
  'AWS::RDS::DBClusterSnapshot': ['rds:RestoreDBClusterFromSnapshot', 'rds:CopyDBClusterSnapshot'],
  'AWS::RDS::DBSnapshot': ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:CopyDBSnapshot'],
  'AWS::SSM::Document': ['ssm:GetDocument', 'ssm:SendCommand'],
}

const REFERENCE: Readonly<Record<string, Readonly<Record<string, readonly string[] | undefined>>>> =
  reference.actions

function make(type: string, kind: string, name: string): Action {
  const words = kind.split(' ')
  const on = words.length > 1 ? (words[0] as 'bucket' | 'object') : undefined
  return {
    name,
    lower: name.toLowerCase(),
    kind: words[words.length - 1] as ActionKind,
    anonymous: UNSIGNED[type]?.test(name) === true,
    ...(on === undefined ? {} : { on }),
  }
}

function read(type: string): Action[] {
  const shared = SHARED[type]
  if (shared) return shared.map((name) => make(type, 'use', name))
  const kinds = REFERENCE[type === 'AWS::S3::AccessPoint' ? 'AWS::S3::Bucket' : type] ?? {}
  return Object.entries(kinds).flatMap(([kind, names = []]) => names.map((name) => make(type, kind, name)))
}

const known = new Map<string, readonly Action[]>()

/** The actions that count in a policy of this type. */
export function actionsOf(type: string): readonly Action[] {
  const before = known.get(type)
  if (before) return before
  const actions = read(type)
  known.set(type, actions)
  return actions
}
