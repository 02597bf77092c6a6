/** One concrete request against what stands on one resource. [IAM User Guide, "Policy evaluation logic"] */
import type { Missing } from '../../snapshot/model.ts'
import { distinctMissing } from '../unread.ts'
import { actionsOf } from './actions.ts'
import type { AccessRequest } from './answer.ts'
import { callerKey } from './caller-keys.ts'
import { keyFacts } from './condition-key.ts'
import { constantsOf } from './constants.ts'
import type { Lookup } from './document.ts'
import { matches } from './glob.ts'
import type { PolicyInput, Surroundings } from './input.ts'
import { type Judge, judgeOf } from './judge.ts'
import { concerns, holds } from './match.ts'
import { namedBy } from './named.ts'
import { slotsOf } from './organization.ts'
import { type Caller, covers } from './principal.ts'
import { bind, type Rule } from './rule.ts'
import { sceneOf } from './scene.ts'
import { isShared } from './token-values.ts'
import { and, NO, not, or, type Truth, truth, UNKNOWN, YES } from './truth.ts'
import { keepsOut } from './way.ts'

export type Decision = 'allowed' | 'explicit-deny' | 'implicit-deny' | 'unknown'

export interface RequestAnswer {
  readonly decision: Decision
  /** What allowed it, or denied it. */
  readonly statements: readonly string[]
  /**
   * All that allows it names the caller's whole account: within the account that leaves it to the caller's own policies.
   * [IAM User Guide, "AWS JSON policy elements: Principal", "AWS account principals"]
   */
  readonly delegated: boolean
  readonly missing: readonly Missing[]
}

const PRINCIPAL = /^arn:[^:]+:(iam|sts)::(\d{12}|cloudfront):(.+)$/

/** `anonymous`, an ARN, an account's id, a service, an identity provider, an S3 canonical id. */
export function callerNamed(text: string): Caller {
  if (text === 'anonymous' || text === '*') return { kind: 'anonymous', userId: 'anonymous' }
  if (/^\d{12}$/.test(text)) return callerNamed(`arn:aws:iam::${text}:root`)
  if (/^[0-9a-f]{64}$/.test(text)) return { kind: 'canonical', account: null, canonical: text }
  const [, , account, resource = ''] = PRINCIPAL.exec(text) ?? []
  if (/^(oidc|saml)-provider\//.test(resource)) return { kind: 'federated', provider: text }
  if (account !== undefined) return principalNamed(text, account, resource)
  return isShared(text) ? { kind: 'federated', provider: text } : { kind: 'service', service: text }
}

function principalNamed(arn: string, account: string, resource: string): Caller {
  const session = /^assumed-role\/(.+)\/[^/]+$/.exec(resource)
  const role = session?.[1] ?? /^role\/(?:.*\/)?([^/]+)$/.exec(resource)?.[1]
  const own = { kind: 'principal' as const, account: account === 'cloudfront' ? null : account }
  if (session)
    return {
      ...own,
      arn: arn.replace(/:sts:(.*):assumed-role\/.*$/, `:iam:$1:role/${role}`),
      sessionArn: arn,
      bySession: true,
    }
  if (role === undefined) return { ...own, arn, ...(resource === 'root' ? { userId: account } : {}) }
  return {
    ...own,
    arn,
    sessionArn: arn.replace(/:iam:(.*):role\/.*$/, `:sts:$1:assumed-role/${role}/session`),
  }
}

/** What follows from who asks, for what, and when; the rest the request has to say. */
export function lookupFor(caller: Caller, request: AccessRequest, constant: Lookup): Lookup {
  const context = new Map(
    Object.entries(request.context).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === 'string' ? [value] : value,
    ]),
  )
  return (key) => {
    const said = context.get(key)
    if (said !== undefined) return said
    const facts = keyFacts(key)
    if (facts === undefined) return null
    if (key === 'kms:calleraccount' && !request.action.toLowerCase().startsWith('kms:')) return undefined
    if (key === 'aws:userid' && caller.kind === 'principal')
      return caller.userId === undefined ? null : [caller.userId]
    if (facts.part === 'caller') return callerKey(caller, key)
    return facts.part === 'resource' || facts.part === 'time' ? constant(key) : undefined
  }
}

export function matchesRequest(rule: Rule, caller: Caller, asked: Asked, lookup: Lookup): Truth {
  const bound = bind(rule, lookup)
  const { statement } = rule
  const resource = asked.resourceFor(rule)
  if (resource === undefined) return NO
  if (statement.actions.some((glob) => matches(glob, asked.action)) === statement.notAction) return NO
  let result = and(rule.certain ? YES : UNKNOWN, concerns(bound, caller))
  if (bound.resources) {
    const hit = bound.resources.some((glob) => matches(glob, resource))
    result = and(result, !hit && bound.resourceUnknown ? UNKNOWN : truth(hit !== statement.notResource))
  }
  for (const condition of bound.conditions) {
    if (result !== NO) result = and(result, holds(condition, lookup(condition.key)))
  }
  return result
}

/** What is asked for, as each rule's policy sees it; undefined: the request does not go by the rule's access point. */
export interface Asked {
  readonly action: string
  resourceFor(rule: Rule): string | undefined
}

interface AskedHere extends Asked {
  readonly point: number | undefined
}

const POINT = /^(arn:[^:]+:s3:[^:]*:\d{12}:accesspoint\/[^/]+)(?:\/object\/(.+))?$/

/** A request through an access point is one for its bucket, too. */
function askedOf(input: PolicyInput, request: AccessRequest): AskedHere {
  const [, arn, key] = POINT.exec(request.resource) ?? []
  const found = input.accessPoints.findIndex((one) => one.arn === arn)
  const point = found < 0 ? undefined : found
  const bucket = key === undefined ? input.arn : `${input.arn}/${key}`
  return {
    action: request.action.toLowerCase(),
    point,
    resourceFor: (rule) => {
      if (rule.accessPoint !== undefined) return rule.accessPoint === point ? request.resource : undefined
      return point === undefined ? request.resource : bucket
    },
  }
}

/** Actions that the type's policies do not speak of are nobody's by them. */
function isSpokenOf(input: PolicyInput, asked: AskedHere, resource: string): boolean {
  const action = actionsOf(input.type).find((one) => one.lower === asked.action)
  if (action?.on === undefined) return action !== undefined
  const isObject = asked.point === undefined ? resource !== input.arn : resource.includes('/object/')
  return (action.on === 'object') === isObject
}

interface Match {
  readonly rule: Rule
  readonly at: number
  readonly truth: Truth
}

function wayTruth(judge: Judge, way: number, matched: readonly Match[], caller: Caller): Truth {
  const { rules } = judge.ways[way] ?? { rules: [] }
  const found = rules
    .map((rule) => matched.find((one) => one.at === rule)?.truth ?? NO)
    .reduce<Truth>(and, YES)
  const candidate = { caller, audience: 'account' as const, label: '' }
  return judge
    .restrictions(way)
    .reduce((left, one) => and(left, not(keepsOut(one, candidate, judge.scene.input.account))), found)
}

interface Outcome {
  readonly decision: Decision
  readonly rules: readonly Rule[]
  /** What kept settings from being read that may restrict it. */
  readonly missing?: readonly Missing[]
}

function decide(judge: Judge, request: AccessRequest, caller: Caller): Outcome {
  const { input, surroundings, rules } = judge.scene
  const asked = askedOf(input, request)
  if (!isSpokenOf(input, asked, request.resource)) return { decision: 'implicit-deny', rules: [] }
  const lookup = lookupFor(caller, withPoint(input, request, asked), constantsOf(input, surroundings))
  const matched = rules.map(
    (rule, at): Match => ({ rule, at, truth: matchesRequest(rule, caller, asked, lookup) }),
  )
  const denying = matched.filter(({ rule, truth: found }) => rule.statement.effect === 'Deny' && found !== NO)
  const sure = denying.filter((one) => one.truth === YES)
  if (sure.length > 0) return { decision: 'explicit-deny', rules: sure.map((one) => one.rule) }
  const ways = [...judge.ways.keys()].filter((way) => judge.ways[way]?.point === asked.point)
  const found = ways.map((way) => ({ way, truth: wayTruth(judge, way, matched, caller) }))
  const allowing = (least: Truth): Rule[] =>
    found
      .filter((one) => one.truth === least)
      .flatMap(({ way }) => judge.ways[way]?.rules.flatMap((at) => rules[at] ?? []) ?? [])
  const allow = found.map((one) => one.truth).reduce(or, NO)
  if (allow === NO) return { decision: 'implicit-deny', rules: [] }
  if (allow === YES && denying.length === 0) return { decision: 'allowed', rules: allowing(YES) }
  const doubted = found.filter((one) => one.truth === UNKNOWN)
  return {
    decision: 'unknown',
    rules: [...denying.map((one) => one.rule), ...allowing(UNKNOWN)],
    missing: doubted.flatMap(({ way }) => judge.restrictions(way).flatMap((one) => one.missing)),
  }
}

/** S3 says by which access point a request came. */
function withPoint(input: PolicyInput, request: AccessRequest, { point }: AskedHere): AccessRequest {
  const about = point === undefined ? undefined : input.accessPoints[point]
  if (!about) return request
  const context = {
    's3:DataAccessPointArn': about.arn,
    's3:DataAccessPointAccount': about.account,
    's3:AccessPointNetworkOrigin': about.vpc === undefined ? 'Internet' : 'VPC',
  }
  return { ...request, context: { ...context, ...request.context } }
}

/**
 * The caller as a member of its organization, which follows from its account; of both where it is not known whether it is
 * one. Another organization is for the request to say.
 */
function standings(judge: Judge, caller: Caller): Caller[] {
  const { input, surroundings, rules } = judge.scene
  if (caller.kind !== 'principal' || typeof caller.account !== 'string') return [caller]
  const { account } = caller
  const { id } = surroundings.organization
  const named = namedBy(rules.map((rule) => bind(rule, () => null)))
  named.accounts.add(account)
  const slots = slotsOf(named, { ...surroundings, account: input.account }, { happened: false })
  const own = slots.filter(
    ({ account: of, org }) => of === account && (org === undefined || id === undefined || org === id),
  )
  const canonical = [...(surroundings.canonicalIds ?? [])].find(([, of]) => of === account)?.[0]
  const base = canonical === undefined ? caller : { ...caller, canonical }
  return own.map(({ org, orgPath }) =>
    org === undefined ? base : { ...base, org, orgPath: orgPath ?? null },
  )
}

function namesAccountOnly({ statement: { principals, notPrincipal } }: Rule, caller: Caller): boolean {
  const { account, arn } = caller
  if (!principals || notPrincipal || principals.everyone || typeof account !== 'string') return false
  const others = { ...principals, accounts: new Set<string>() }
  return principals.accounts.has(account) && arn !== `arn:aws:iam::${account}:root` && !covers(others, caller)
}

/** Answers requests for one resource by the semantics that its classes are decided by. */
export function deciderOf(
  input: PolicyInput,
  surroundings: Surroundings,
): (request: AccessRequest) => RequestAnswer {
  const judge = judgeOf(sceneOf(input, surroundings))
  return (request) => {
    const asking = callerNamed(request.principal)
    const outcomes = standings(judge, asking).map((caller) => decide(judge, request, caller))
    const decisions = new Set(outcomes.map((one) => one.decision))
    const [only = 'implicit-deny'] = decisions
    const decision = decisions.size > 1 ? 'unknown' : only
    const rules = [...new Set(outcomes.flatMap((one) => one.rules))]
    const unread = [...rules, ...outcomes].flatMap((one) => one.missing ?? [])
    const doubtful = decision === 'unknown' ? unread : []
    const organization = decisions.size > 1 ? surroundings.organization.unread : []
    return {
      decision,
      statements: rules.map((rule) => rule.label),
      delegated: decision === 'allowed' && rules.every((rule) => namesAccountOnly(rule, asking)),
      missing: distinctMissing([...doubtful, ...organization]),
    }
  }
}
