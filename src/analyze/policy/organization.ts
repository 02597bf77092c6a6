/** The accounts and organizations in which callers stand, as far as a resource's rules can tell them apart. */
import { isWild, matches, STAR, written } from './glob.ts'
import type { Organization } from './input.ts'
import type { Named } from './named.ts'
import { accountOf } from './principal.ts'
import { ALNUM, type Cut, DIGIT, samples } from './samples.ts'
import { STRANGE_ORG, strangeAccount } from './strangers.ts'

/** What a caller is to the resource's owner. */
export type Audience =
  /** Anyone at all can be one. */
  | 'outsider'
  /** Of another organization that the rules name. */
  | 'foreign-org'
  | 'member'
  /** Of an account that the rules name. */
  | 'account'
  | 'own'
  | 'service'
  | 'federated'
  | 'canonical'
  /** A principal named by its unique id, whose account is not known. */
  | 'id'

/** An account, and the organization that it is seen in. */
export interface Slot {
  readonly account: string
  /** Undefined: in none; null: not known. */
  readonly org: string | null | undefined
  readonly orgPath: string | null | undefined
  readonly audience: Audience
  /** What an answer calls it: the account's id, the organization's id or path. */
  readonly label: string
  /** Members: of the whole organization, not of one path. */
  readonly whole: boolean | undefined
}

export interface SlotOptions {
  readonly account: string
  readonly organization: Organization
  readonly trustedAccounts: readonly string[]
}

/** AWS makes ids of 10 to 32 characters. [Organizations API Reference, "Organization"] */
const ORG_ID = /^o-[a-z0-9]{10,32}$/
const ORG_TEMPLATE = `o-${ALNUM.repeat(10)}`
const ACCOUNT_TEMPLATE = DIGIT.repeat(12)

/** An organization as the rules see it: its id, and the path that an account has in it. */
interface Unit {
  readonly id: string
  readonly path: string
  readonly label: string
  readonly whole: boolean
  /** A wildcard leaves its id open: it may be a stranger's. */
  readonly open: boolean
}

function orgIds(named: Named, own: string | null | undefined, cut: Cut): Map<string, boolean> {
  const ids = new Map<string, boolean>([[STRANGE_ORG, true]])
  const heads = [...named.pathPatterns].map((path) => path.split('/')[0] ?? '')
  for (const pattern of new Set([...named.orgPatterns, ...heads])) {
    if (isWild(pattern)) {
      const open = !ORG_ID.test(written(pattern).replace(/[*?]+$/, ''))
      for (const id of samples(new Set([pattern]), cut, ORG_TEMPLATE))
        ids.set(id, ids.get(id) !== false && (open || !matches(pattern, id)))
    } else if (ORG_ID.test(pattern)) ids.set(pattern, false)
  }
  if (own) ids.set(own, false)
  return ids
}

/** The narrowest of the path patterns that a path matches, if it is narrower than its whole organization. */
function narrowest(path: string, id: string, named: Named): string | undefined {
  let best: string | undefined
  for (const pattern of named.pathPatterns) {
    if (pattern.length <= id.length + 2 || !matches(pattern, path)) continue
    if (best === undefined || pattern.length > best.length) best = pattern
  }
  return best
}

function unitsOf(named: Named, own: string | null | undefined, cut: Cut): Unit[] {
  const units: Unit[] = []
  for (const [id, open] of orgIds(named, own, cut)) {
    for (const text of samples(named.pathPatterns, cut, `${id}/${STAR}`)) {
      const path = text.endsWith('/') ? text : `${text}/`
      const narrow = narrowest(path, id, named)
      const label = narrow === undefined ? id : written(narrow)
      units.push({ id, path, label, whole: narrow === undefined, open })
    }
  }
  return units
}

function slot(
  account: string,
  audience: Audience,
  label: string,
  org?: string | null,
  orgPath?: string | null,
  whole?: boolean,
): Slot {
  return { account, org, orgPath, audience, label, whole }
}

function inOrganizations(account: string, units: readonly Unit[], own: string | null | undefined): Slot[] {
  return units.map(({ id, path, label, whole, open }) =>
    slot(account, open ? 'outsider' : id === own ? 'member' : 'foreign-org', label, id, path, whole),
  )
}

/** A named account as a member where it is one, in no organization, and in each that it may be in. */
function accountSlots(
  account: string,
  stranger: boolean,
  units: readonly Unit[],
  options: SlotOptions,
): Slot[] {
  const { organization } = options
  const audience: Audience = stranger ? 'outsider' : 'account'
  const label = stranger ? 'anyone' : account
  const members = organization.accounts
  const own = organization.id
  if (members.has(account) && own !== undefined && own !== null) {
    return [slot(account, audience, label, own, members.get(account) ?? null)]
  }
  const maybe = units.filter((unit) => unit.id !== own || (!organization.complete && own !== null))
  // Anyone may have such an account, but in a named organization only its members.
  if (stranger) return [slot(account, audience, label), ...inOrganizations(account, maybe, own)]
  return [
    slot(account, audience, label),
    ...maybe.map((unit) => slot(account, audience, label, unit.id, unit.path)),
  ]
}

function ownSlot({ account, organization }: SlotOptions): Slot {
  if (organization.id === null) return slot(account, 'own', account)
  return slot(account, 'own', account, organization.id ?? null, organization.accounts.get(account) ?? null)
}

/** Every account that the rules can tell apart, and one of each kind that none names. */
export function slotsOf(named: Named, options: SlotOptions, cut: Cut): Slot[] {
  const { account, organization, trustedAccounts } = options
  const own = organization.id
  const accounts = new Set([...named.accounts, ...trustedAccounts])
  for (const arn of named.arns) {
    const id = accountOf(arn)
    if (id !== undefined) accounts.add(id)
  }
  const nobody = strangeAccount(accounts.add(account), organization.accounts)
  accounts.delete(account)
  const units = named.orgs ? unitsOf(named, own, cut) : []
  const slots: Slot[] = [slot(nobody, 'outsider', 'anyone'), ...inOrganizations(nobody, units, own)]
  if (!named.orgs && own) {
    slots.push(slot(nobody, 'member', own, own, null, true))
  }
  slots.push(ownSlot(options))
  for (const id of accounts) slots.push(...accountSlots(id, false, units, options))
  // With those that are named, so that of each pattern one is found that is not.
  const patterns = new Set([...named.accountPatterns, ...accounts, account])
  const ids = named.accountPatterns.size === 0 ? [] : samples(patterns, cut, ACCOUNT_TEMPLATE)
  for (const pattern of named.accountPatterns) {
    for (const id of ids) {
      if (!accounts.has(id) && id !== account && matches(pattern, id))
        slots.push(...accountSlots(id, true, units, options))
    }
  }
  return slots
}
