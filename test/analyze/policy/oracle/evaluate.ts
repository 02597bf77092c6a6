/**
 * One concrete request against what stands on one resource, as IAM documents it: no classes, no sets, no cleverness.
 * @see IAM User Guide, "Policy evaluation logic"
 */
import { actionMatches, supports } from './actions.ts'
import { aclGrants, blocked, policyIsPublic } from './bucket.ts'
import { conditionsHold } from './conditions.ts'
import type { Values } from './match.ts'
import { arnMatches, segments, tokens } from './match.ts'
import type { AccessRequest, Decision, KmsGrant, PolicyDocument, PolicyInput, Statement } from './model.ts'
import { many } from './model.ts'
import type { Caller } from './principals.ts'
import { callerOf, principalMatches, spared } from './principals.ts'

export interface Judgement {
  readonly decision: Decision
  /** What allows, were there no Deny: `statement 0`, `acl 1`, `grant 0`. */
  readonly allowedBy: readonly string[]
  readonly deniedBy: readonly string[]
}

function implied(caller: Caller, request: AccessRequest, now: string): Record<string, string> {
  const always = { 'aws:CurrentTime': now, 'aws:EpochTime': String(Date.parse(now) / 1000) }
  if (caller.kind === 'anonymous') {
    return { ...always, 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous' }
  }
  if (caller.kind === 'service') {
    return { ...always, 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': caller.text }
  }
  if (caller.kind !== 'aws' || caller.account === undefined) return always
  const session = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(caller.text)
  return {
    ...always,
    'aws:PrincipalArn': session ? `arn:${session[1]}:iam::${session[2]}:role/${session[3]}` : caller.text,
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalIsAWSService': 'false',
    ...(/^kms:/i.test(request.action) ? { 'kms:CallerAccount': caller.account } : {}),
  }
}

/** The context as the service would send it, keys in small letters: what the request says, and what follows from who asks and when. */
export function valuesOf(caller: Caller, request: AccessRequest, now: string): Values {
  const values = new Map<string, readonly string[]>()
  for (const [key, value] of Object.entries({ ...implied(caller, request, now) }))
    values.set(key.toLowerCase(), [value])
  for (const [key, value] of Object.entries(request.context)) {
    values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value)
  }
  return values
}

function resourceMatches(
  pattern: string,
  resource: string,
  values: Values,
  version: PolicyDocument['Version'],
): boolean {
  if (pattern === '*') return true
  const wanted = tokens(pattern, values, version)
  if (!wanted) return false
  // An ARN cut short is completed with wildcards (IAM User Guide, "Resource").
  const cut = 6 - segments(wanted).length
  const whole = Array.from({ length: cut }, () => [':', { wild: '*' as const }]).flat()
  return arnMatches([...wanted, ...whole], resource)
}

export function covers(statement: Statement, action: string): boolean {
  if (statement.Action !== undefined)
    return many(statement.Action).some((pattern) => actionMatches(pattern, action))
  if (statement.NotAction === undefined) return false
  return !many(statement.NotAction).some((pattern) => actionMatches(pattern, action))
}

export function reaches(
  statement: Statement,
  resource: string,
  values: Values,
  version: PolicyDocument['Version'],
): boolean {
  const matches = (pattern: string): boolean => resourceMatches(pattern, resource, values, version)
  if (statement.Resource !== undefined) return many(statement.Resource).some(matches)
  if (statement.NotResource !== undefined) return !many(statement.NotResource).some(matches)
  return true // role trust and repository policies have no Resource: they stand on the one they speak of
}

function concerns(statement: Statement, caller: Caller, input: PolicyInput): boolean {
  if (statement.Principal !== undefined) return principalMatches(statement.Principal, caller, input.world)
  if (statement.NotPrincipal === undefined) return false
  if (statement.Effect === 'Deny') return !spared(statement.NotPrincipal, caller, input.world)
  return !principalMatches(statement.NotPrincipal, caller, input.world)
}

function grantAllows(
  grant: KmsGrant,
  caller: Caller,
  request: AccessRequest,
  values: Values,
  input: PolicyInput,
): boolean {
  const operation = request.action.slice(request.action.indexOf(':') + 1).toLowerCase()
  if (!grant.Operations.some((name) => name.toLowerCase() === operation)) return false
  const service = /\.amazonaws\.com$/.test(grant.GranteePrincipal)
  const element = { [service ? 'Service' : 'AWS']: grant.GranteePrincipal }
  if (!principalMatches(element, caller, input.world)) return false
  const prefix = 'kms:encryptioncontext:'
  const carried = [...values.keys()].filter((key) => key.startsWith(prefix))
  const pairs = Object.entries({
    ...grant.Constraints?.EncryptionContextEquals,
    ...grant.Constraints?.EncryptionContextSubset,
  })
  const whole = grant.Constraints?.EncryptionContextEquals === undefined || carried.length === pairs.length
  return whole && pairs.every(([key, value]) => values.get(prefix + key.toLowerCase())?.[0] === value)
}

/** With RestrictPublicBuckets a public policy leaves the owner's account and service principals. */
function restricted(input: PolicyInput, caller: Caller): boolean {
  if (!input.bucket || !blocked(input.bucket, 'RestrictPublicBuckets')) return false
  if (policyIsPublic(input.policy) === false) return false
  return caller.kind !== 'service' && caller.account !== input.account
}

export function judge(input: PolicyInput, request: AccessRequest): Judgement {
  const caller = callerOf(request.principal)
  const values = valuesOf(caller, request, input.now)
  const supported = supports(input, request.action, request.resource)
  const version = input.policy?.Version
  const matching = (input.policy?.Statement ?? []).flatMap((statement, at) => {
    const applies =
      supported &&
      concerns(statement, caller, input) &&
      covers(statement, request.action) &&
      reaches(statement, request.resource, values, version) &&
      conditionsHold(statement.Condition, values, version)
    return applies ? [{ effect: statement.Effect, name: `statement ${at}` }] : []
  })
  const deniedBy = matching.filter((entry) => entry.effect === 'Deny').map((entry) => entry.name)
  const allowedBy = restricted(input, caller)
    ? []
    : matching.filter((entry) => entry.effect === 'Allow').map((entry) => entry.name)
  if (supported && input.bucket) {
    allowedBy.push(...aclGrants(input.bucket, caller, request, input.world).map((at) => `acl ${at}`))
  }
  if (supported) {
    const granting = (input.grants ?? []).map((grant) => grantAllows(grant, caller, request, values, input))
    allowedBy.push(...granting.flatMap((allows, at) => (allows ? [`grant ${at}`] : [])))
  }
  const decision = deniedBy.length > 0 ? 'explicit-deny' : allowedBy.length > 0 ? 'allowed' : 'implicit-deny'
  return { decision, allowedBy, deniedBy }
}

export function evaluate(input: PolicyInput, request: AccessRequest): Decision {
  return judge(input, request).decision
}
