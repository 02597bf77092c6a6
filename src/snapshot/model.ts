/**
 * The normalized snapshot: what every later stage reads, and nothing else.
 * Plain data, so that it is the same whether it came from live calls, a file or a folder of raw answers.
 */

/** How one call ended. `ok`, `not-enabled`, `region-disabled` and `unsupported` are answers; the rest are things we could not see. */
export type Outcome =
  | 'ok'
  | 'denied'
  | 'throttled'
  | 'unsupported'
  | 'not-enabled'
  | 'region-disabled'
  | 'error'
  | 'not-collected'
  | 'interrupted'

/** What could not be read, why, and what to grant. `operation` and `permission` are IAM style, `kms:GetKeyPolicy`. */
export interface Missing {
  readonly operation: string
  readonly outcome: Outcome
  readonly permission: string
  /** What AWS answered, `AccessDeniedException: …`, for a person to read. */
  readonly detail?: string
}

/** Any JSON value. What AWS answered is data of strangers: narrow it before use. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export interface Resource {
  /** Its ARN; where AWS has none, the ARN-shaped id that AWS Config would use. */
  readonly id: string
  /** CloudFormation's name, `AWS::EC2::SecurityGroup`. */
  readonly type: string
  /** Twelve digits. */
  readonly account: string
  /** `eu-west-1`, or `global` for IAM and the like. */
  readonly region: string
  readonly name?: string
  readonly tags: Readonly<Record<string, string>>
  /** The API's answer under its own field names; policy documents parsed, times ISO 8601 UTC. */
  readonly config: JsonObject
  /** Fields of `config` that a failed call would have answered. */
  readonly missing?: Readonly<Record<string, Missing>>
}

/** One line of the ledger: every call of one operation in one account and region. */
export interface CallRecord {
  readonly account: string
  readonly region: string
  /** The service as the AWS CLI names it: `ec2`, `s3api`, `elbv2`. */
  readonly service: string
  /** The API's own name: `DescribeVpcs`. */
  readonly operation: string
  /** The worst that happened among the calls. */
  readonly outcome: Outcome
  /** Requests that were sent (pages count, retries do not). */
  readonly calls: number
  /** How many of the answers failed; absent when none. */
  readonly failed?: number
  /** The IAM permission that it needs: `ec2:DescribeVpcs`. */
  readonly permission: string
  /** AWS answers it only to an organization's management account and delegated administrators: a denial elsewhere is no gap. */
  readonly reserved?: true
  /** Resource types that this operation lists; their lists are whole only when `outcome` is an answer. */
  readonly lists?: readonly string[]
  /** It was not asked because this one, which it hangs on, failed. */
  readonly because?: { readonly operation: string; readonly permission: string }
  /** What AWS answered where it failed. */
  readonly detail?: string
}

export interface Manifest {
  readonly schemaVersion: number
  readonly tool: { readonly name: string; readonly version: string }
  /** ISO 8601 UTC: the "now" of every rule. */
  readonly time: string
  readonly partition: string
  readonly accounts: readonly { readonly id: string; readonly alias?: string }[]
  readonly regions: readonly string[]
  readonly calls: readonly CallRecord[]
}

export interface Snapshot {
  readonly manifest: Manifest
  readonly resources: readonly Resource[]
}

/** Resources of a type in one place. With anything in `missing` the list is not known to be whole. */
export interface Listing {
  readonly resources: readonly Resource[]
  readonly missing: readonly Missing[]
}
