/** The Principal element, and who a caller is. [IAM User Guide, "AWS JSON policy elements: Principal", "NotPrincipal"] */
import type { Json } from '../../snapshot/model.ts'

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
  /** Of a principal; `null`: not known whose. */
  readonly account?: string | null | undefined
  /** `aws:PrincipalArn`: of a session, its role. */
  readonly arn?: string | undefined
  /** Of an assumed role. */
  readonly sessionArn?: string | undefined
  /** Only the session is known, whose ARN does not have its role's path. */
  readonly bySession?: true | undefined
  /** Undefined: in no organization; null: not known. */
  readonly org?: string | null | undefined
  /** `o-…/r-…/ou-…/`. */
  readonly orgPath?: string | null | undefined
  readonly userId?: string | undefined
  readonly service?: string | undefined
  readonly provider?: string | undefined
  readonly canonical?: string | undefined
}

/** Every caller with all the fields, so that they are of one shape: what is read most is read fastest. */
export function caller(kind: Caller['kind'], of: Omit<Caller, 'kind'>): Caller {
  const { account, arn, sessionArn, bySession, org, orgPath, userId, service, provider, canonical } = of
  return { kind, account, arn, sessionArn, bySession, org, orgPath, userId, service, provider, canonical }
}

const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/
const ARN =
  /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}|cloudfront):(?:user|role|assumed-role|federated-user)\/[^*?]+$/
const ACCOUNT = /^\d{12}$/
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{12,}$/

function list(value: Json | undefined): string[] {
  const items: readonly Json[] = Array.isArray(value) ? value : value === undefined ? [] : [value as Json]
  return items.filter((item): item is string => typeof item === 'string')
}

/** Most statements name one kind of principal: the others share this. */
const NOBODY: ReadonlySet<string> = new Set()
const setOf = (names: readonly string[]): ReadonlySet<string> =>
  names.length === 0 ? NOBODY : new Set(names)

/** What is invalid (a wildcard in an ARN, a word that is no principal) names nobody. */
export function parsePrincipals(json: Json | undefined): Principals | undefined {
  if (json === undefined) return undefined
  const accounts: string[] = []
  const arns: string[] = []
  const gone: string[] = []
  const named = (type: string): string[] =>
    typeof json === 'object' && json !== null && !Array.isArray(json) && Object.hasOwn(json, type)
      ? list((json as { readonly [key: string]: Json })[type])
      : []
  const aws = named('AWS')
  for (const name of aws) {
    const isArn = name.startsWith('arn:')
    const root = isArn ? ROOT.exec(name)?.[1] : ACCOUNT.test(name) ? name : undefined
    if (root !== undefined) accounts.push(root)
    else if (isArn && ARN.test(name)) arns.push(name)
    else if (!isArn && UNIQUE_ID.test(name)) gone.push(name)
  }
  return {
    everyone: json === '*' || aws.includes('*'),
    accounts: setOf(accounts),
    arns: setOf(arns),
    services: setOf(named('Service')),
    federated: setOf(named('Federated')),
    canonical: setOf(named('CanonicalUser')),
    gone,
  }
}

/** The account in an ARN. */
export function accountOf(arn: string): string | undefined {
  if (!arn.startsWith('arn:')) return undefined
  let at = 3
  for (let part = 1; part < 4; part++) {
    at = arn.indexOf(':', at + 1)
    if (at < 0) return undefined
  }
  const account = arn.slice(at + 1, at + 13)
  return arn[at + 13] === ':' && ACCOUNT.test(account) ? account : undefined
}

/** Whether the session is of the role; its ARN does not have the role's path, and a name is one role's. */
function isSessionOf(session: string, role: string): boolean {
  const at = role.indexOf(':role/')
  if (at < 0) return false
  return session.includes(`::${accountOf(role)}:assumed-role/${role.slice(role.lastIndexOf('/') + 1)}/`)
}

/** Whether the role of a session of which nothing more is known may be one that is named. */
function namesRole(principals: Principals, { bySession, sessionArn }: Caller): boolean {
  if (!bySession || sessionArn === undefined) return false
  for (const arn of principals.arns) if (isSessionOf(sessionArn, arn)) return true
  return false
}

/** Whether the Principal element covers the caller. */
export function covers(principals: Principals, caller: Caller): boolean {
  if (principals.everyone) return true
  switch (caller.kind) {
    case 'anonymous':
      return false
    case 'service':
      return principals.services.has(caller.service ?? '')
    case 'federated':
      return principals.federated.has(caller.provider ?? '')
    case 'canonical':
      return principals.canonical.has(caller.canonical ?? '')
    case 'principal': {
      const { account, arn, sessionArn, canonical } = caller
      if (typeof account === 'string' && principals.accounts.has(account)) return true
      if (arn !== undefined && principals.arns.has(arn)) return true
      if (canonical !== undefined && principals.canonical.has(canonical)) return true
      if (sessionArn !== undefined && principals.arns.has(sessionArn)) return true
      return namesRole(principals, caller)
    }
  }
}

/**
 * Whether a Deny's NotPrincipal spares the caller: a session is spared when its account and its role are both named,
 * a user when account and user are, the root user when the account is. Of a canonical id the page says nothing: it is
 * taken to spare its account, since a Deny closes only what it provably covers.
 */
export function spares(principals: Principals, caller: Caller): boolean {
  if (caller.kind !== 'principal') return covers(principals, caller)
  const { account, arn, canonical } = caller
  if (principals.everyone || (canonical !== undefined && principals.canonical.has(canonical))) return true
  if (typeof account !== 'string' || !principals.accounts.has(account) || arn === undefined) return false
  return ROOT.test(arn) || principals.arns.has(arn) || namesRole(principals, caller)
}
