/** The callers that a resource's rules can tell apart, and one of each kind that none names. */
import { ALNUM, DIGIT, fill, isWild, meet, STAR, written } from './glob.ts'
import type { Organization } from './input.ts'
import { accountOf, type Caller } from './principal.ts'
import type { Bound } from './rules.ts'

export type Audience =
  | 'outsider'
  | 'foreign-org'
  | 'member'
  | 'account'
  | 'own'
  | 'service'
  | 'federated'
  | 'canonical'
  | 'id'

export interface Candidate {
  readonly caller: Caller
  readonly audience: Audience
  /** The account, organization or path, service, provider or id that the caller stands for. */
  readonly label: string
  /** Members: of the whole organization, not of one path. */
  readonly whole?: boolean
  /** Services: named by the rules. */
  readonly named?: boolean
}

export const FRESH = 'zq7x'

export interface CallerOptions {
  readonly account: string
  readonly organization: Organization | undefined
  readonly principalIds: ReadonlyMap<string, string> | undefined
  readonly canonicalIds: ReadonlyMap<string, string> | undefined
  readonly anonymous: boolean
  readonly role: boolean
}

interface Named {
  readonly accounts: Set<string>
  readonly arns: Set<string>
  readonly services: Set<string>
  readonly federated: Set<string>
  readonly canonical: Set<string>
  readonly arnPatterns: Set<string>
  readonly orgPatterns: Set<string>
  readonly pathPatterns: Set<string>
  readonly userIds: Set<string>
  readonly userNames: Set<string>
  varied: boolean
  serviceKeys: boolean
}

const ACCOUNT = /^\d{12}$/
const ACCOUNTS_IN = /(?<!\d)\d{12}(?!\d)/g

/** A value that only a pattern operator can reach is not realizable when the operator takes it literally. */
function patternsOf(values: readonly string[], family: string): string[] {
  if (family === 'like' || family === 'arn') return [...values]
  return values.filter((value) => !isWild(value))
}

function noteCondition(named: Named, key: string, values: readonly string[], family: string): void {
  const real = patternsOf(values, family)
  const into = (set: Set<string>): void => {
    for (const value of real) set.add(value)
  }
  switch (key) {
    case 'aws:principalarn':
      into(named.arnPatterns)
      named.varied = true
      for (const value of real) for (const id of value.match(ACCOUNTS_IN) ?? []) named.accounts.add(id)
      return
    case 'aws:principalaccount':
    case 'kms:calleraccount':
    case 'aws:sourceowner':
      for (const value of real)
        if (ACCOUNT.test(value)) named.accounts.add(value)
        else if (isWild(value)) {
          const account = meet(value, DIGIT.repeat(12), FRESH)
          if (account !== undefined) named.accounts.add(`~${account}`)
        }
      return
    case 'aws:principalorgid':
      into(named.orgPatterns)
      return
    case 'aws:principalorgpaths':
      into(named.pathPatterns)
      return
    case 'aws:userid':
      into(named.userIds)
      named.varied = true
      for (const value of real) if (ACCOUNT.test(value)) named.accounts.add(value)
      return
    case 'aws:username':
      into(named.userNames)
      named.varied = true
      return
    case 'aws:principaltype':
      named.varied = true
      return
    case 'aws:principalservicename':
    case 'aws:principalservicenameslist':
      named.serviceKeys = true
      for (const value of real) named.services.add(fill(value, FRESH))
      return
    case 'aws:federatedprovider':
      for (const value of real) named.federated.add(fill(value, FRESH))
  }
}

function collect(rules: readonly Bound[]): Named {
  const named: Named = {
    accounts: new Set(),
    arns: new Set(),
    services: new Set(),
    federated: new Set(),
    canonical: new Set(),
    arnPatterns: new Set(),
    orgPatterns: new Set(),
    pathPatterns: new Set(),
    userIds: new Set(),
    userNames: new Set(),
    varied: false,
    serviceKeys: false,
  }
  for (const { statement, conditions } of rules) {
    const principals = statement.principals
    if (principals) {
      for (const account of principals.accounts) named.accounts.add(account)
      for (const arn of principals.arns) named.arns.add(arn)
      for (const service of principals.services) named.services.add(service)
      for (const provider of principals.federated) named.federated.add(provider)
      for (const id of principals.canonical) named.canonical.add(id)
      if (statement.notPrincipal) named.varied = true
    }
    for (const { operator, key, values } of conditions) {
      if (operator) noteCondition(named, key, values, operator.family)
    }
  }
  return named
}

/** An account and the organization that it is seen in. */
interface Slot {
  readonly account: string
  readonly org: string | null | undefined
  readonly orgPath: string | null | undefined
  readonly audience: Audience
  readonly label: string
  readonly whole?: boolean
}

const FRESH_ACCOUNTS = ['777777777777', '888888888888', '666666666666', '555555555550', '444444444440']

function freshAccount(taken: ReadonlySet<string>): string {
  const found = FRESH_ACCOUNTS.find((id) => !taken.has(id)) ?? '700000000001'
  return found
}

/** AWS makes organization ids of ten characters. [Organizations API Reference, "Organization"] */
const ORG_TEMPLATE = `o-${ALNUM.repeat(10)}`
const ORG_ID = /^o-[a-z0-9]{10,32}$/

function orgIds(patterns: ReadonlySet<string>): Map<string, boolean> {
  const ids = new Map<string, boolean>()
  for (const value of patterns) {
    if (!isWild(value)) {
      if (ORG_ID.test(value)) ids.set(value, false)
    } else {
      const id = meet(value, ORG_TEMPLATE, '')
      // An id that a wildcard leaves open can be a stranger's.
      if (id !== undefined) ids.set(id, !ORG_ID.test(written(value).replace(/[*?]+$/, '')))
    }
  }
  return ids
}

function orgSlots(named: Named, options: CallerOptions, fresh: string): Slot[] {
  const slots: Slot[] = []
  const own = options.organization?.id
  const add = (org: string, orgPath: string, stranger: boolean, label: string, whole: boolean): void => {
    const audience: Audience = stranger ? 'outsider' : org === own ? 'member' : 'foreign-org'
    slots.push({ account: fresh, org, orgPath, audience, label, whole })
  }
  const ids = orgIds(named.orgPatterns)
  if (own && (named.orgPatterns.size > 0 || named.pathPatterns.size > 0)) ids.set(own, false)
  const paths: [string, string, boolean][] = []
  for (const value of named.pathPatterns) {
    const orgPart = value.split('/')[0] ?? ''
    const path = meet(value, `${ORG_TEMPLATE}/${STAR}`, FRESH) ?? meet(value, `o-${STAR}/${STAR}`, FRESH)
    const id = path?.split('/')[0]
    if (path === undefined || id === undefined) continue
    const stranger = isWild(orgPart) && !ORG_ID.test(written(orgPart).replace(/[*?]+$/, ''))
    if (!ids.has(id)) ids.set(id, stranger)
    paths.push([id, path, stranger])
    const rest = written(value).slice(written(value).indexOf('/') + 1)
    if (!stranger && /^(\*|)$/.test(rest)) continue
    if (!stranger) add(id, path, false, written(value), false)
  }
  for (const [id, stranger] of ids) {
    add(id, `${id}/r-${FRESH}/ou-${FRESH}-${FRESH}/`, stranger, id, true)
  }
  for (const [id, path, stranger] of paths) if (stranger) add(id, path, true, 'anyone', true)
  return slots
}

function accountSlots(named: Named, options: CallerOptions): Slot[] {
  const { organization, account: own } = options
  const orgKeys = named.orgPatterns.size > 0 || named.pathPatterns.size > 0
  const ownOrg =
    organization === undefined ? null : organization.id === undefined ? null : (organization.id ?? undefined)
  const slots: Slot[] = []
  const pathOf = (org: string | null | undefined): string | null | undefined =>
    org === undefined ? undefined : null
  slots.push({ account: own, org: ownOrg, orgPath: pathOf(ownOrg), audience: 'own', label: own })
  for (const entry of named.accounts) {
    const stranger = entry.startsWith('~')
    const account = stranger ? entry.slice(1) : entry
    if (account === own) continue
    const audience: Audience = stranger ? 'outsider' : 'account'
    const slot = (org: string | null | undefined): Slot => ({
      account,
      org,
      orgPath: pathOf(org),
      audience,
      label: account,
    })
    const member = organization?.accounts?.includes(account)
    if (member) slots.push(slot(ownOrg))
    else {
      slots.push(slot(undefined))
      if (!orgKeys) continue
      for (const [id] of orgIds(named.orgPatterns)) {
        if (id !== organization?.id || organization?.accounts === undefined) slots.push(slot(id))
      }
      for (const value of named.pathPatterns) {
        const id = meet(value, `o-${STAR}/${STAR}`, '')?.split('/')[0]
        if (id !== undefined && (id !== organization?.id || organization?.accounts === undefined))
          slots.push(slot(id))
      }
    }
  }
  return slots
}

function callerOf(arn: string, slot: Slot, userId?: string): Caller {
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  const isRole = arn.includes(':role/')
  return {
    kind: 'principal',
    account: slot.account,
    arn,
    ...(isRole ? { sessionArn: `arn:aws:sts::${slot.account}:assumed-role/${name}/${FRESH}` } : {}),
    ...(slot.org === undefined ? {} : { org: slot.org, orgPath: slot.orgPath ?? null }),
    userId:
      userId ??
      (arn.endsWith(':root')
        ? slot.account
        : isRole
          ? `AROAZQ7XZQ7XZQ7XZQ7XZ:${FRESH}`
          : 'AIDAZQ7XZQ7XZQ7XZQ7XZ'),
  }
}

/** The ARNs of principals in an account that the patterns can tell apart. */
function shapes(slot: Slot, named: Named): Caller[] {
  const base = `arn:aws:iam::${slot.account}:`
  const callers = [callerOf(`${base}role/${FRESH}`, slot)]
  if (!named.varied) return callers
  callers.push(callerOf(`${base}user/${FRESH}`, slot), callerOf(`${base}root`, slot))
  const patterns = [...named.arnPatterns]
  if (patterns.length <= 6) {
    for (const a of named.arnPatterns)
      for (const b of named.arnPatterns)
        if (a < b) {
          const both = meet(a, b, FRESH)
          if (both !== undefined) patterns.push(both)
        }
  }
  const arns = new Set<string>()
  for (const value of patterns) {
    for (const kind of [`role/${STAR}`, `user/${STAR}`]) {
      for (const fresh of [FRESH, '']) {
        const arn = meet(value, base + kind, fresh)
        if (arn !== undefined && !arn.endsWith('/')) arns.add(arn)
      }
    }
  }
  for (const value of named.userNames)
    for (const fresh of [FRESH, '']) {
      const name = fill(value, fresh)
      if (name !== '' && !name.includes('*')) arns.add(`${base}user/${name}`)
    }
  for (const arn of arns) callers.push(callerOf(arn, slot))
  for (const value of named.userIds) {
    const id = fill(value, FRESH)
    if (!ACCOUNT.test(id))
      callers.push(
        callerOf(id.startsWith('AIDA') ? `${base}user/${FRESH}` : `${base}role/${FRESH}`, slot, id),
      )
  }
  return callers
}

const UNIQUE_ID = /^(A[A-Z]{3}[A-Z0-9]{12,})(?::.*)?$/

/** Unique ids belong to one principal; only the id's owner can carry it. */
function idCandidates(named: Named, options: CallerOptions): Candidate[] {
  return [...named.userIds].flatMap((value): Candidate[] => {
    const text = written(value)
    const id = UNIQUE_ID.exec(text.replace(/[*?].*$/, ''))?.[1]
    if (id === undefined) return []
    const account = options.principalIds?.get(id)
    const audience: Audience = account === options.account ? 'own' : account === undefined ? 'id' : 'account'
    const slot: Slot = {
      account: account ?? '',
      org: undefined,
      orgPath: undefined,
      audience,
      label: account ?? id,
    }
    const caller = { ...callerOf(`arn:aws:iam::${account ?? ''}:role/${FRESH}`, slot, fill(value, FRESH)) }
    return [
      { caller: account === undefined ? { ...caller, account: '' } : caller, audience, label: account ?? id },
    ]
  })
}

function principalCandidates(named: Named, options: CallerOptions): Candidate[] {
  const taken = new Set([options.account, ...named.accounts, ...(options.organization?.accounts ?? [])])
  const fresh = freshAccount(taken)
  const stranger: Slot = {
    account: fresh,
    org: undefined,
    orgPath: undefined,
    audience: 'outsider',
    label: 'anyone',
  }
  const slots = [stranger, ...orgSlots(named, options, fresh), ...accountSlots(named, options)]
  const result: Candidate[] = []
  const pinned = [...named.userIds].filter((value) => UNIQUE_ID.test(written(value).replace(/[*?].*$/, '')))
  for (const slot of slots) {
    const open = slot.audience === 'outsider' || slot.audience === 'member' || slot.audience === 'foreign-org'
    for (const caller of shapes(slot, named)) {
      if (open && pinned.some((value) => caller.userId === fill(value, FRESH))) continue
      const { audience, label, whole } = slot
      result.push({ caller, audience, label, ...(whole === undefined ? {} : { whole }) })
    }
  }
  for (const arn of named.arns) {
    const account = accountOf(arn)
    for (const slot of account === undefined ? [] : slots) {
      if (slot.account !== account || slot.audience === 'outsider') continue
      for (const caller of namedCaller(arn, slot))
        result.push({ caller, audience: slot.audience, label: slot.label })
    }
    if (account !== undefined && !slots.some((slot) => slot.account === account)) {
      const extra = accountSlots({ ...named, accounts: new Set([account]) }, options).slice(1)
      for (const slot of extra)
        for (const caller of namedCaller(arn, slot)) {
          result.push({ caller, audience: slot.audience, label: slot.label })
        }
    }
    if (arn.includes('::cloudfront:')) {
      result.push({
        caller: { kind: 'principal', arn, account: 'cloudfront' },
        audience: 'service',
        label: 'cloudfront.amazonaws.com',
        named: true,
      })
    }
  }
  return [...result, ...idCandidates(named, options)]
}

function namedCaller(arn: string, slot: Slot): Caller[] {
  const session = /^(arn:[^:]+):sts::(\d{12}):assumed-role\/(.+)\/([^/]+)$/.exec(arn)
  if (!session) return [callerOf(arn, slot)]
  return [{ ...callerOf(`${session[1]}:iam::${session[2]}:role/${session[3]}`, slot), sessionArn: arn }]
}

export function callersOf(rules: readonly Bound[], options: CallerOptions): Candidate[] {
  const named = collect(rules)
  const result: Candidate[] = []
  if (options.anonymous)
    result.push({
      caller: { kind: 'anonymous', userId: 'anonymous' },
      audience: 'outsider',
      label: 'anonymous',
    })
  result.push(...principalCandidates(named, options))
  for (const service of named.services) {
    result.push({ caller: { kind: 'service', service }, audience: 'service', label: service, named: true })
  }
  const freshService = `${FRESH}.amazonaws.com`
  result.push({
    caller: { kind: 'service', service: freshService },
    audience: 'service',
    label: '*',
    named: false,
  })
  for (const provider of named.federated) {
    result.push({ caller: { kind: 'federated', provider }, audience: 'federated', label: provider })
  }
  for (const id of named.canonical) {
    const account = options.canonicalIds?.get(id)
    const audience: Audience = account === options.account ? 'own' : 'canonical'
    result.push({
      caller: { kind: 'canonical', canonical: id, ...(account === undefined ? {} : { account }) },
      audience,
      label: id,
    })
  }
  return result
}

export type { Named }

/** The values that the caller's own keys have; undefined: the caller does not carry the key. */
export function callerKey(caller: Caller, key: string): readonly string[] | undefined | null {
  const one = (value: string | null | undefined): readonly string[] | undefined | null =>
    value === undefined ? undefined : value === null ? null : [value]
  switch (key) {
    case 'aws:principalarn':
      return one(caller.kind === 'principal' ? caller.arn : undefined)
    case 'aws:principalaccount':
    case 'kms:calleraccount':
    case 'aws:sourceowner':
      return caller.kind === 'canonical' && caller.account === undefined
        ? null
        : one(caller.account === '' ? null : caller.account)
    case 'aws:principalorgid':
      return caller.kind === 'canonical' || caller.account === '' ? null : one(caller.org)
    case 'aws:principalorgpaths':
      return caller.kind === 'canonical' || caller.account === '' ? null : one(caller.orgPath)
    case 'aws:principaltype':
      return one(principalType(caller))
    case 'aws:principalisawsservice':
      return caller.kind === 'anonymous' ? undefined : [caller.kind === 'service' ? 'true' : 'false']
    case 'aws:principalservicename':
      return one(caller.service)
    case 'aws:principalservicenameslist':
      return caller.service === undefined ? undefined : [caller.service]
    case 'aws:userid':
      return caller.kind === 'canonical' ? null : one(caller.userId)
    case 'aws:username':
      return one(
        caller.arn?.includes(':user/') ? caller.arn.slice(caller.arn.lastIndexOf('/') + 1) : undefined,
      )
    case 'aws:federatedprovider':
      return one(caller.provider)
    default:
      return undefined
  }
}

function principalType(caller: Caller): string | undefined {
  if (caller.kind === 'anonymous') return 'Anonymous'
  if (caller.kind !== 'principal') return undefined
  if (caller.arn?.endsWith(':root')) return 'Account'
  if (caller.arn?.includes(':user/')) return 'User'
  return caller.arn?.includes(':federated-user/') ? 'FederatedUser' : 'AssumedRole'
}
