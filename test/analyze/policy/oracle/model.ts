/** What the brute-force evaluator judges: one resource with what stands on it, and one concrete request. */

export type Scalar = string | boolean | number
export type OneOrMany<T> = T | readonly T[]
export type PrincipalElement = string | Readonly<Record<string, OneOrMany<string>>>
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMany<Scalar>>>>>

export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: PrincipalElement
  readonly NotPrincipal?: PrincipalElement
  readonly Action?: OneOrMany<string>
  readonly NotAction?: OneOrMany<string>
  readonly Resource?: OneOrMany<string>
  readonly NotResource?: OneOrMany<string>
  readonly Condition?: ConditionBlock
}

export interface PolicyDocument {
  readonly Version?: string
  readonly Statement: readonly Statement[]
}

export interface AclGrant {
  readonly Grantee: { readonly Type: 'CanonicalUser' | 'Group'; readonly ID?: string; readonly URI?: string }
  readonly Permission: string
}

export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean
  readonly IgnorePublicAcls: boolean
  readonly BlockPublicPolicy: boolean
  readonly RestrictPublicBuckets: boolean
}

export interface BucketSettings {
  readonly owner: string
  readonly acl: readonly AclGrant[]
  /** `null`: OwnershipControlsNotFoundError, the old ObjectWriter default. */
  readonly ownership: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter' | null
  readonly blocks: Readonly<Record<'bucket' | 'account' | 'organization', PublicAccessBlock | null>>
}

export interface KmsGrant {
  readonly GrantId: string
  readonly GranteePrincipal: string
  readonly Operations: readonly string[]
  readonly Constraints?: {
    readonly EncryptionContextEquals?: Readonly<Record<string, string>>
    readonly EncryptionContextSubset?: Readonly<Record<string, string>>
  }
}

export interface World {
  readonly orgId: string
  readonly orgAccounts: readonly string[]
  /** Where members stand in the organization, as far as that is known. */
  readonly paths: Readonly<Record<string, string>>
  readonly trustedAccounts: readonly string[]
  /** S3 canonical id to account. */
  readonly canonicalIds: Readonly<Record<string, string>>
}

export interface PolicyInput {
  /** CloudFormation's name. */
  readonly type: string
  readonly arn: string
  readonly account: string
  /** ISO 8601 UTC. */
  readonly now: string
  readonly policy: PolicyDocument | null
  readonly bucket?: BucketSettings
  readonly grants?: readonly KmsGrant[]
  readonly world: World
}

export type Context = Readonly<Record<string, string | readonly string[]>>

export interface AccessRequest {
  /** An ARN, `anonymous`, or a service principal; an identity provider for a federated caller. */
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly context: Context
}

export type Decision = 'allowed' | 'explicit-deny' | 'implicit-deny'

export function many<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
