/** The Principal element, and who a caller is. [IAM User Guide, "AWS JSON policy elements: Principal", "NotPrincipal"] */
import type { Json } from '../../snapshot/model.ts'
import { NO, type Truth, YES } from './truth.ts'

export interface Principals {
  readonly everyone: boolean
  readonly accounts: ReadonlySet<string>
  /** Users, roles, sessions; each exactly. */
  readonly arns: ReadonlySet<string>
  readonly services: ReadonlySet<string>
  readonly federated: ReadonlySet<string>
  readonly canonical: ReadonlySet<string>
  /** AROA… and the like: principals that are gone. */
  readonly gone: readonly string[]
}

export interface Caller {
  readonly kind: 'anonymous' | 'principal' | 'service' | 'federated' | 'canonical'
  readonly account?: string
  /** `aws:PrincipalArn`: of a session, its role. */
  readonly arn?: string
  /** Of an assumed role. */
  readonly sessionArn?: string
  /** Absent: in no organization; null: not known. */
  readonly org?: string | null
  /** `o-…/r-…/ou-…/`. */
  readonly orgPath?: string | null
  readonly userId?: string
  readonly service?: string
  readonly provider?: string
  readonly canonical?: string
}

const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/
const ARN =
  /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}|cloudfront):(?:user|role|assumed-role|federated-user|saml-provider|oidc-provider)\/[^*?]+$/
const GONE = /^A[A-Z]{3}[A-Z0-9]{12,}$/

function list(value: Json | undefined): string[] {
  const items: readonly Json[] = Array.isArray(value) ? value : value === undefined ? [] : [value as Json]
  return items.filter((item): item is string => typeof item === 'string')
}

/** What is invalid (a wildcard in an ARN, a word that is no principal) names nobody. */
export function parsePrincipals(json: Json | undefined): Principals | undefined {
  if (json === undefined) return undefined
  const accounts = new Set<string>()
  const arns = new Set<string>()
  const gone: string[] = []
  const byType = typeof json === 'object' && json !== null && !Array.isArray(json) ? Object.entries(json) : []
  const of = (type: string): string[] =>
    byType.filter(([name]) => name === type).flatMap(([, value]) => list(value))
  const aws = of('AWS')
  for (const name of aws) {
    const root = ROOT.exec(name)?.[1] ?? (/^\d{12}$/.test(name) ? name : undefined)
    if (root !== undefined) accounts.add(root)
    else if (ARN.test(name)) arns.add(name)
    else if (GONE.test(name)) gone.push(name)
  }
  return {
    everyone: json === '*' || aws.includes('*'),
    accounts,
    arns,
    services: new Set(of('Service')),
    federated: new Set(of('Federated')),
    canonical: new Set(of('CanonicalUser')),
    gone,
  }
}

/** The account in a principal's ARN. */
export function accountOf(arn: string): string | undefined {
  return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1]
}

/** The role behind a session's ARN, without its path, which a session's ARN does not have. */
function sameRole(role: string, session: string): boolean {
  const name = role.slice(role.lastIndexOf('/') + 1)
  const account = accountOf(role)
  return role.includes(':role/') && session.includes(`::${account}:assumed-role/${name}/`)
}

function namesCaller(principals: Principals, caller: Caller): boolean {
  if (caller.arn !== undefined && principals.arns.has(caller.arn)) return true
  const session = caller.sessionArn
  if (session === undefined) return false
  if (principals.arns.has(session)) return true
  for (const arn of principals.arns) if (sameRole(arn, session)) return true
  return false
}

/** Whether the Principal element covers the caller. */
export function covers(principals: Principals, caller: Caller): Truth {
  if (principals.everyone) return YES
  switch (caller.kind) {
    case 'anonymous':
      return NO
    case 'service':
      return principals.services.has(caller.service ?? '') || principals.services.has('*') ? YES : NO
    case 'federated':
      return principals.federated.has(caller.provider ?? '') || principals.federated.has('*') ? YES : NO
    case 'canonical':
      return principals.canonical.has(caller.canonical ?? '') ? YES : NO
    case 'principal': {
      if (caller.account !== undefined && principals.accounts.has(caller.account)) return YES
      if (namesCaller(principals, caller)) return YES
      if (caller.provider !== undefined && principals.federated.has(caller.provider)) return YES
      if (caller.canonical !== undefined && principals.canonical.has(caller.canonical)) return YES
      return NO
    }
  }
}

/**
 * Whether a Deny's NotPrincipal spares the caller: a session is spared when its account and its role are both named,
 * a user when account and user are, the root user when the account is.
 */
export function spares(principals: Principals, caller: Caller): Truth {
  if (caller.kind !== 'principal') return covers(principals, caller)
  if (principals.everyone) return YES
  const account = caller.account !== undefined && principals.accounts.has(caller.account)
  if (!account) return NO
  if (caller.arn !== undefined && ROOT.test(caller.arn)) return YES
  if (caller.arn !== undefined && principals.arns.has(caller.arn)) return YES
  const session = caller.sessionArn
  if (session === undefined) return NO
  for (const arn of principals.arns) if (sameRole(arn, session)) return YES
  return NO
}
