/** What stands on one resource, ready to be decided, and what is known around it. */
import type { Json, JsonObject, Missing } from '../../snapshot/model.ts'
import type { Truth } from './truth.ts'

/** A part that could not be read, and the calls that would have answered it. */
export interface Unread {
  readonly unread: readonly Missing[]
}

export function isUnread(value: unknown): value is Unread {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'unread')
}

/** The four settings of S3 Block Public Access; an absent one is off. */
export interface BlockSettings {
  readonly BlockPublicAcls?: boolean
  readonly IgnorePublicAcls?: boolean
  readonly BlockPublicPolicy?: boolean
  readonly RestrictPublicBuckets?: boolean
}

/** `null`: there are none. */
export type Blocks = BlockSettings | null | Unread

export interface PolicySource {
  readonly name: string
  /** Parsed; text that was no JSON stays a string. */
  readonly document: Json | Unread
}

export interface AccessPointInput {
  readonly arn: string
  readonly account: string
  readonly policy: Json | Unread | undefined
  readonly blocks: Blocks
  /** Set for an access point that only this VPC reaches. */
  readonly vpc?: string
}

/** What S3 has besides a policy: of a bucket, or of the bucket behind an access point. */
export interface BucketInput {
  /** GetBucketAcl's answer. */
  readonly acl: JsonObject | Unread | undefined
  /** `BucketOwnerEnforced` …; null: none was set, so ObjectWriter. */
  readonly ownership: string | null | Unread
  readonly blocks: { readonly bucket: Blocks; readonly account: Blocks; readonly organization: Blocks }
  /** What GetBucketPolicyStatus answered. */
  readonly policyIsPublic?: Truth
  /** The canonical id of its owner. */
  readonly owner?: string
}

export interface Organization {
  /** null: the account is in none. Absent: not known. */
  readonly id?: string | null
  readonly management?: string
  /** The known members, each with its path (`o-…/r-…/ou-…/`) where that is known. */
  readonly accounts: ReadonlyMap<string, string | undefined>
  /** Whether these are all. */
  readonly complete: boolean
  /** Why the id, or some members, are not known. */
  readonly unread: readonly Missing[]
}

/** A service or resource control policy. */
export interface Boundary {
  readonly name: string
  readonly document: Json | Unread
  /** The accounts that it bounds; absent: all of the organization. */
  readonly accounts?: ReadonlySet<string>
  /** False: whether it bounds an account is not known. */
  readonly certain: boolean
}

/** Requests that meet the condition are kept away; all, where it is empty. */
export interface KeptAway {
  readonly name: string
  readonly condition: JsonObject
  /** Actions that are let through nevertheless. */
  readonly exceptActions?: readonly string[]
  /** Whether it is so could not be read. */
  readonly unread?: readonly Missing[]
}

export interface PolicyInput {
  /** The resource's id in the snapshot. */
  readonly id: string
  readonly type: string
  /** As policies name it; mostly the id. */
  readonly arn: string
  readonly account: string
  readonly region: string
  readonly policies: readonly PolicySource[]
  readonly bucket?: BucketInput
  /** S3 access points only: the policy of the bucket behind it; undefined: it has none. */
  readonly bucketPolicy?: { readonly document: Json | Unread | undefined }
  /** Of a bucket, those that lead to it; of an access point itself. */
  readonly accessPoints: readonly AccessPointInput[]
  /** KMS only: ListGrants' answers. */
  readonly grants?: readonly Json[] | Unread
  /** By condition key (lower case): what every request to it carries; an empty list: none does. */
  readonly facts?: Readonly<Record<string, readonly string[]>>
  /** What besides its policies keeps requests away. */
  readonly boundaries?: readonly KeptAway[]
  /** The resource's own tags; absent: not known. */
  readonly tags?: Readonly<Record<string, string>>
  /** What a person should know besides the answer. */
  readonly notes?: readonly string[]
}

/** What is known around a resource, alike for all of one account. */
export interface Surroundings {
  readonly organization: Organization
  readonly trustedAccounts: readonly string[]
  /** ISO 8601: the "now" of aws:CurrentTime. */
  readonly now: string
  readonly scps: readonly Boundary[]
  readonly rcps: readonly Boundary[]
  /** Why control policies are not known. */
  readonly boundariesUnread?: readonly Missing[]
  /** `AROA…` and the like, to the account of the principal. */
  readonly principalIds?: ReadonlyMap<string, string>
  /** S3 canonical user ids, to their account. */
  readonly canonicalIds?: ReadonlyMap<string, string>
  /** Names of buckets to their account. */
  readonly buckets?: ReadonlyMap<string, string>
}
