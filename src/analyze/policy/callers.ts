/** The callers that a resource's rules can tell apart, and one of each kind that none names. */

import { keyFacts } from './condition-key.ts'
import { STAR } from './glob.ts'
import type { Organization } from './input.ts'
import { filled, type Named, namedBy } from './named.ts'
import { type Audience, type Slot, slotsOf } from './organization.ts'
import { accountOf, type Caller, caller } from './principal.ts'
import type { Bound } from './rule.ts'
import { type Cut, samples } from './samples.ts'
import { tokenHost } from './token-values.ts'

export interface Candidate {
  readonly caller: Caller
  readonly audience: Audience
  /** The account, organization or path, service, provider or id that the caller stands for. */
  readonly label: string
  /** Members: of the whole organization, not of one path. */
  readonly whole?: boolean | undefined
  /** Services and providers: named by the rules. */
  readonly named?: boolean | undefined
}

/** Every candidate with all the fields: of one shape, as callers are. */
function candidate(of: Candidate): Candidate {
  const { caller: who, audience, label, whole, named } = of
  return { caller: who, audience, label, whole, named }
}

export interface CallerOptions {
  readonly account: string
  readonly partition: string
  readonly organization: Organization
  readonly trustedAccounts: readonly string[]
  readonly principalIds: ReadonlyMap<string, string> | undefined
  readonly canonicalIds: ReadonlyMap<string, string> | undefined
  readonly anonymous: boolean
  /** Role trust: identities of providers ask. */
  readonly federated: boolean
}

const ROLE_ID = 'AROAANYONEANYONEANYON'
const USER_ID = 'AIDAANYONEANYONEANYON'
/** IAM's own provider of web identities, there in every account. */
const BUILT_IN_PROVIDER = 'accounts.google.com'

/** `arn:aws:sts::ID:assumed-role/NAME/session` of a role's ARN. */
function sessionOf(arn: string): string {
  const iam = arn.indexOf(':iam:')
  if (iam < 0) return arn
  const account = arn.slice(iam + ':iam:'.length, arn.lastIndexOf(':role/'))
  return `${arn.slice(0, iam)}:sts:${account}:assumed-role/${arn.slice(arn.lastIndexOf('/') + 1)}/session`
}

function callerOf(arn: string, { account, org, orgPath }: Slot, id?: string): Caller {
  const isRole = arn.includes(':role/')
  return caller('principal', {
    account,
    arn,
    sessionArn: isRole ? sessionOf(arn) : undefined,
    org,
    orgPath: org === undefined ? undefined : (orgPath ?? null),
    userId: id ?? (arn.endsWith(':root') ? account : isRole ? `${ROLE_ID}:session` : USER_ID),
  })
}

/** IAM takes no other names: nobody is called `a*`. [IAM API Reference, "CreateUser", "CreateRole"] */
const hasName = (arn: string): boolean => /\/[\w+=,.@-]+$/.test(arn)

/** A role, and where the rules tell principals of one account apart, all kinds of them that they can tell. */
function principalsOf(slot: Slot, named: Named, partition: string, cut: Cut): Caller[] {
  const iam = `arn:${partition}:iam::${slot.account}:`
  const kinds = [`${iam}role/`, `${iam}user/`]
  if (!named.varied) return [callerOf(`${iam}role/any`, slot)]
  const arns = kinds.flatMap((head) => samples(named.arnPatterns, cut, head + STAR))
  const users = samples(named.userNames, cut).map((name) => `${iam}user/${name}`)
  const federated = `arn:${partition}:sts::${slot.account}:federated-user/`
  const sessions = samples(named.arnPatterns, cut, federated + STAR)
  return [
    ...[...new Set([...arns, ...users])].filter(hasName).map((arn) => callerOf(arn, slot)),
    callerOf(`${iam}root`, slot),
    ...sessions.map((arn) => callerOf(arn, slot, `${slot.account}:any`)),
    ...userIds(named, cut).map(([id, kind]) => callerOf(`${iam}${kind}/any`, slot, id)),
  ]
}

const UNIQUE_ID = /^(A[A-Z]{3}[A-Z0-9]{12,})(?::.*)?$/

/** Unique ids that fit the rules' patterns and are nobody's yet. */
function userIds(named: Named, cut: Cut): [id: string, kind: 'role' | 'user'][] {
  if (named.userIds.size === 0) return []
  return [
    ...samples(named.userIds, cut, `${ROLE_ID}:${STAR}`).map((id): [string, 'role'] => [id, 'role']),
    ...samples(named.userIds, cut, `AIDA${STAR}`)
      .filter((id) => !named.userIds.has(id) && /^AIDA[A-Z0-9]{12,}$/.test(id))
      .map((id): [string, 'user'] => [id, 'user']),
  ]
}

/** Unique ids belong to one principal; only the id's owner can carry it. */
function idCandidates(named: Named, options: CallerOptions): Candidate[] {
  const found: Candidate[] = []
  for (const pattern of named.userIds) {
    const userId = filled(pattern)
    const id = UNIQUE_ID.exec(pattern.replace(/[\uE000-\uE003].*$/s, ''))?.[1]
    if (id === undefined) continue
    const account = options.principalIds?.get(id)
    const audience: Audience = account === undefined ? 'id' : account === options.account ? 'own' : 'account'
    const arn = `arn:${options.partition}:iam::${account ?? ''}:${id.startsWith('AIDA') ? 'user' : 'role'}/any`
    const owner = caller('principal', { account: account ?? null, arn, userId, org: null, orgPath: null })
    found.push(candidate({ caller: owner, audience, label: account ?? id }))
  }
  return found
}

const SESSION = /^(arn:[^:]+):sts::(\d{12}):assumed-role\/(.+)\/([^/]+)$/

/** A principal that the rules name exactly, with each unique id that they tell apart; a session's ends with its name. */
function namedPrincipals(arn: string, slot: Slot, named: Named, cut: Cut): Caller[] {
  const session = arn.includes(':assumed-role/') ? SESSION.exec(arn) : null
  if (session) {
    const of = callerOf(
      `${session[1]}:iam::${session[2]}:role/${session[3]}`,
      slot,
      `${ROLE_ID}:${session[4]}`,
    )
    return [{ ...of, sessionArn: arn, bySession: true }]
  }
  if (named.userIds.size === 0) return [callerOf(arn, slot)]
  const kind = arn.includes(':role/') ? 'role' : arn.includes(':user/') ? 'user' : undefined
  const ids = userIds(named, cut).filter(([, of]) => of === kind)
  return [callerOf(arn, slot), ...ids.map(([id]) => callerOf(arn, slot, id))]
}

function withSlot(who: Caller, slot: Slot, options: CallerOptions): Candidate {
  const { audience, label, whole } = slot
  const canonical = canonicalOf(slot.account, options)
  return candidate({
    caller: canonical === undefined ? who : caller('principal', { ...who, canonical }),
    audience,
    label,
    whole,
  })
}

function canonicalOf(account: string, { canonicalIds }: CallerOptions): string | undefined {
  for (const [id, of] of canonicalIds ?? []) if (of === account) return id
  return undefined
}

function principalCandidates(named: Named, options: CallerOptions, cut: Cut): Candidate[] {
  const slots = slotsOf(named, options, cut)
  const found: Candidate[] = []
  for (const slot of slots) {
    for (const who of principalsOf(slot, named, options.partition, cut))
      found.push(withSlot(who, slot, options))
  }
  for (const arn of named.arns) {
    const account = accountOf(arn)
    for (const slot of slots) {
      if (slot.account === account && slot.audience !== 'outsider' && slot.audience !== 'member')
        for (const who of namedPrincipals(arn, slot, named, cut)) found.push(withSlot(who, slot, options))
    }
    // An origin access identity: CloudFront's, whoever owns the distribution.
    if (arn.includes('::cloudfront:')) {
      const identity = caller('principal', { account: null, arn })
      found.push(
        candidate({ caller: identity, audience: 'service', label: 'cloudfront.amazonaws.com', named: true }),
      )
    }
  }
  return [...found, ...idCandidates(named, options)]
}

function canonicalCandidates(named: Named, options: CallerOptions): Candidate[] {
  return [...named.canonical]
    .filter((id) => options.canonicalIds?.get(id) === undefined)
    .map((id) =>
      candidate({
        caller: caller('canonical', { account: null, canonical: id }),
        audience: 'canonical',
        label: id,
      }),
    )
}

function serviceCandidates(named: Named): Candidate[] {
  const service = (name: string, label: string): Candidate =>
    candidate({
      caller: caller('service', { service: name }),
      audience: 'service',
      label,
      named: label !== '*',
    })
  const found: Candidate[] = []
  for (const name of named.services) found.push(service(name, name))
  found.push(service('any.amazonaws.com', '*'))
  return found
}

const BUILT_IN =
  /^(?:accounts\.google\.com|cognito-identity\.amazonaws\.com|graph\.facebook\.com|www\.amazon\.com)$/

/** The providers of whose tokens the conditions speak: the account may have them, and `*` is their identities, too. */
function providersIn(rules: readonly Bound[], { account, partition }: CallerOptions): Set<string> {
  const iam = `arn:${partition}:iam::${account}:`
  const found = new Set<string>()
  for (const { conditions } of rules) {
    for (const { key } of conditions) {
      if (keyFacts(key)?.part !== 'token') continue
      const host = key.startsWith('saml:') ? undefined : tokenHost(key)
      if (host === undefined) found.add(`${iam}saml-provider/any`)
      else found.add(BUILT_IN.test(host) ? host : `${iam}oidc-provider/${host}`)
    }
  }
  return found
}

/** A token is good for roles: of other resources only those that let in its bearer by name are asked about. */
function letIn(rules: readonly Bound[]): Set<string> {
  const found = new Set<string>()
  for (const { statement } of rules) {
    if (statement.effect !== 'Allow' || statement.notPrincipal) continue
    for (const name of statement.principals?.federated ?? []) found.add(name)
  }
  return found
}

function federatedCandidates(rules: readonly Bound[], named: Named, options: CallerOptions): Candidate[] {
  const provider = (name: string, byName: boolean): Candidate =>
    candidate({
      caller: caller('federated', { provider: name }),
      audience: 'federated',
      label: name,
      named: byName,
    })
  if (!options.federated) return [...letIn(rules)].map((name) => provider(name, true))
  const found = [...named.federated].map((name) => provider(name, true))
  const others = providersIn(rules, options).add(BUILT_IN_PROVIDER)
  return [
    ...found,
    ...[...others].flatMap((name) => (named.federated.has(name) ? [] : provider(name, false))),
  ]
}

/** O(slots × patterns): each account and organization that is named, with each kind of principal that is told apart. */
export function callersOf(rules: readonly Bound[], options: CallerOptions, cut: Cut): Candidate[] {
  const named = namedBy(rules)
  const anonymous = candidate({
    caller: caller('anonymous', { userId: 'anonymous' }),
    audience: 'outsider',
    label: 'anonymous',
  })
  return [
    ...(options.anonymous ? [anonymous] : []),
    ...principalCandidates(named, options, cut),
    ...serviceCandidates(named),
    ...federatedCandidates(rules, named, options),
    ...canonicalCandidates(named, options),
  ]
}
