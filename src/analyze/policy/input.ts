/** What stands on one resource, ready to be decided: the pure input of `accessOf` and `decide`. */
import type { Json, JsonObject, Missing } from '../../snapshot/model.ts'

/** The four settings of S3 Block Public Access; an absent one is off. */
export interface BlockSettings {
  readonly BlockPublicAcls?: boolean
  readonly IgnorePublicAcls?: boolean
  readonly BlockPublicPolicy?: boolean
  readonly RestrictPublicBuckets?: boolean
}

/** `null`: there is none; `'unknown'`: it could not be read. */
export type Blocks = BlockSettings | null | 'unknown'

export interface AccessPointInput {
  readonly arn: string
  readonly account: string
  readonly policy: Json | undefined
  readonly policyUnknown?: boolean
  readonly blocks?: Blocks
  /** Set for an access point that only this VPC reaches. */
  readonly vpc?: string
}

export interface Organization {
  /** null: the account is in no organization. Absent: not known. */
  readonly id?: string | null
  readonly management?: string
  /** Absent: the members are not known. */
  readonly accounts?: readonly string[]
}

/** A service or resource control policy; `certain` false where its target's place in the tree is not known. */
export interface Boundary {
  readonly name: string
  readonly document: Json
  readonly certain: boolean
  /** Only for callers or resources of this account; absent: the whole organization. */
  readonly account?: string
}

export interface PolicyInput {
  readonly type: string
  readonly arn: string
  readonly account: string
  readonly region: string
  /** The resource's own policies; usually one. Text that was no JSON stays a string. */
  readonly policies: readonly { readonly name: string; readonly document: Json }[]
  /** S3 only: `GetBucketAcl`'s answer. */
  readonly acl?: JsonObject
  readonly publicAccessBlocks?: {
    readonly bucket?: Blocks
    readonly account?: Blocks
    readonly organization?: Blocks
  }
  /** S3 only: `BucketOwnerEnforced` …; `null`: none was set, so ObjectWriter; `'unknown'`: not read. */
  readonly ownership?: string | null
  /** KMS only: `ListGrants`' answers. */
  readonly grants?: readonly Json[]
  readonly accessPoints?: readonly AccessPointInput[]
  /** S3 access points only: the bucket's policy behind it; absent with `bucketUnknown` where it could not be seen. */
  readonly bucketPolicy?: Json
  readonly bucketUnknown?: boolean
  readonly organization?: Organization
  readonly scps?: readonly Boundary[]
  readonly rcps?: readonly Boundary[]
  /** The resource's own tags; absent: not known. */
  readonly tags?: Readonly<Record<string, string>>
  /** `AROA…` and the like, to the account of the principal. */
  readonly principalIds?: ReadonlyMap<string, string>
  /** S3 canonical user ids, to their account. */
  readonly canonicalIds?: ReadonlyMap<string, string>
  /** The rest of the resource's config, for the types that are shared by lists. */
  readonly config?: JsonObject
  /** What could not be read, by the part that it would have answered: `Policy`, `Acl`, `Grants`, … */
  readonly missing?: Readonly<Record<string, Missing>>
}

export interface AccessOptions {
  readonly trustedAccounts?: readonly string[]
  /** ISO 8601; the "now" of `aws:CurrentTime`. */
  readonly now?: string
}

export type Exposure =
  | 'public'
  | 'possible-public'
  | 'external-unknown'
  | 'network'
  | 'external-known'
  | 'federated'
  | 'organization'
  | 'service'
  | 'same-account'
  | 'none'

export interface Grant {
  readonly statement: string
  readonly effect: 'Allow'
  readonly principals: readonly string[]
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions: readonly string[]
}

/** One concrete request; the context's keys in any case. */
export interface AccessRequest {
  /** An ARN, `anonymous` or a service principal. */
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly context: Readonly<Record<string, string | readonly string[]>>
}

export interface KmsAccess {
  readonly admins: readonly string[]
  readonly users: readonly string[]
  readonly adminAndUser: readonly string[]
  readonly accountDelegation: { readonly admin: boolean; readonly use: boolean }
  readonly grantUsers: readonly string[]
}

export interface AccessAnswer {
  readonly resource: string
  readonly type: string
  readonly account: string
  readonly region: string
  readonly exposure: Exposure
  readonly public: boolean | null
  readonly crossAccount: readonly string[]
  readonly unknownAccounts: readonly string[]
  readonly orgs: readonly string[]
  readonly orgOnly: boolean
  readonly services: readonly string[]
  readonly confusedDeputy: boolean
  readonly federated: readonly string[]
  readonly canonicalUsers: readonly string[]
  readonly network: {
    readonly vpcs: readonly string[]
    readonly vpces: readonly string[]
    readonly cidrs: readonly string[]
    readonly other: readonly string[]
  }
  readonly policyIsPublic?: boolean | null
  readonly kms?: KmsAccess
  readonly unrestrictedPrincipals?: boolean
  readonly unrestrictedResources?: boolean
  readonly unknownPrincipalIds: readonly string[]
  readonly serviceSourceAccounts: readonly string[]
  readonly grants: readonly Grant[]
  /** A request of the widest audience that is allowed. */
  readonly witness?: AccessRequest
  readonly blockedBy: readonly string[]
  readonly missing: readonly Missing[]
}
