/** The shape of an answer of `access`, as scripts rely on it. */
import type { Missing } from '../../snapshot/model.ts'
import type { Exposure } from './exposure.ts'

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
  /** An ARN, `anonymous`, a service principal, an identity provider, or an S3 canonical id. */
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly context: Readonly<Record<string, string | readonly string[]>>
}

export type ClassName =
  | 'anonymous'
  | 'any-principal'
  | 'organization'
  | 'trusted-account'
  | 'account'
  | 'federated'
  | 'service'
  | 'own-account'

/** Whether some request of a class of callers can be allowed. */
export interface ClassAnswer {
  readonly class: ClassName
  /** The account, service or provider that the class is about. */
  readonly who?: string | undefined
  readonly answer: 'yes' | 'no' | 'unknown'
  readonly statements: readonly string[]
  readonly witness?: AccessRequest | undefined
  readonly blockedBy: readonly string[]
  readonly missing: readonly Missing[]
}

export interface KmsAccess {
  readonly admins: readonly string[]
  readonly users: readonly string[]
  readonly adminAndUser: readonly string[]
  readonly accountDelegation: { readonly admin: boolean; readonly use: boolean }
  readonly grantUsers: readonly string[]
}

export interface NetworkAccess {
  readonly vpcs: readonly string[]
  readonly vpces: readonly string[]
  readonly cidrs: readonly string[]
  readonly other: readonly string[]
}

export interface AccessAnswer {
  readonly resource: string
  readonly type: string
  readonly account: string
  readonly region: string
  readonly exposure: Exposure
  /** null: not known. */
  readonly public: boolean | null
  readonly crossAccount: readonly string[]
  readonly unknownAccounts: readonly string[]
  readonly orgs: readonly string[]
  readonly orgOnly: boolean
  readonly services: readonly string[]
  readonly confusedDeputy: boolean
  readonly federated: readonly string[]
  readonly canonicalUsers: readonly string[]
  readonly network: NetworkAccess
  readonly policyIsPublic?: boolean | null
  readonly kms?: KmsAccess
  readonly unrestrictedPrincipals?: boolean | null
  readonly unrestrictedResources?: boolean | null
  readonly unknownPrincipalIds: readonly string[]
  readonly serviceSourceAccounts: readonly string[]
  readonly grants: readonly Grant[]
  /** A request of the widest audience that is allowed. */
  readonly witness?: AccessRequest
  readonly blockedBy: readonly string[]
  readonly classes: readonly ClassAnswer[]
  readonly notes: readonly string[]
  readonly missing: readonly Missing[]
}
