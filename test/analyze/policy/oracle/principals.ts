/** Who a Principal element names (IAM User Guide, "Principal", "NotPrincipal"). */
import type { PrincipalElement, World } from './model.ts'
import { many } from './model.ts'

export interface Caller {
  readonly text: string
  readonly kind: 'anonymous' | 'service' | 'federated' | 'aws'
  readonly account?: string
  /** Of a session the role behind it, by its name alone: a session's ARN has lost the role's path. */
  readonly role?: string
  readonly root: boolean
}

const PROVIDERS: readonly string[] = [
  'graph.facebook.com',
  'www.amazon.com',
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
]

export function callerOf(text: string): Caller {
  if (text === 'anonymous' || text === '*') return { text, kind: 'anonymous', root: false }
  if (PROVIDERS.includes(text) || /^arn:[^:]+:iam::\d{12}:(oidc|saml)-provider\//.test(text)) {
    return { text, kind: 'federated', root: false }
  }
  const arn = /^arn:[^:]+:(?:iam|sts)::(\d{12}):(.+)$/.exec(text)
  if (!arn) {
    if (/^\d{12}$/.test(text)) return { text, kind: 'aws', account: text, root: true }
    return { text, kind: 'service', root: false }
  }
  const [, account, resource] = arn
  const role = /^assumed-role\/([^/]+)\//.exec(resource ?? '')
  return {
    text,
    kind: 'aws',
    ...(account === undefined ? {} : { account }),
    ...(role?.[1] === undefined ? {} : { role: role[1] }),
    root: resource === 'root',
  }
}

const accountOf = (entry: string): string | undefined =>
  /^(?:(\d{12})|arn:[^:]+:iam::(\d{12}):root)$/.exec(entry)?.slice(1).find(Boolean)

/** A user, role or session ARN names that one; a role's ARN its sessions too. A wildcard inside an ARN names nobody. */
function namesOne(entry: string, caller: Caller): boolean {
  if (caller.kind !== 'aws' || /[*?]/.test(entry)) return false
  if (entry === caller.text) return true
  const role = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(entry)
  return !!role && role[1] === caller.account && role[2] === caller.role
}

function namesAccount(entry: string, caller: Caller): boolean {
  return caller.kind === 'aws' && accountOf(entry) !== undefined && accountOf(entry) === caller.account
}

function others(element: Readonly<Record<string, unknown>>, caller: Caller, world: World): boolean {
  const listed = (kind: string): readonly string[] =>
    many(element[kind] as string | readonly string[] | undefined)
  if (caller.kind === 'service') return listed('Service').includes(caller.text)
  if (caller.kind === 'federated') return listed('Federated').includes(caller.text)
  return listed('CanonicalUser').some(
    (id) => caller.account !== undefined && world.canonicalIds[id] === caller.account,
  )
}

/** `"*"` and `{"AWS": "*"}` are everyone, anonymous included. */
export function namesEveryone(element: PrincipalElement | undefined): boolean {
  if (element === undefined) return false
  return typeof element === 'string' ? element === '*' : many(element['AWS']).includes('*')
}

export function principalMatches(element: PrincipalElement, caller: Caller, world: World): boolean {
  if (namesEveryone(element)) return true
  if (typeof element === 'string') return false
  if (many(element['AWS']).some((entry) => namesAccount(entry, caller) || namesOne(entry, caller)))
    return true
  return others(element, caller, world)
}

/**
 * Whether a Deny with NotPrincipal spares the caller: AWS validates the account first, then the user or role, so each of
 * them has to be named; the account alone spares its root user only.
 */
export function spared(element: PrincipalElement, caller: Caller, world: World): boolean {
  if (namesEveryone(element)) return true
  if (typeof element === 'string') return false
  if (caller.kind !== 'aws') return others(element, caller, world)
  const entries = many(element['AWS'])
  const account = entries.some((entry) => namesAccount(entry, caller))
  if (others(element, caller, world)) return true
  return (
    account &&
    (caller.root || entries.some((entry) => namesOne(entry, caller) && !/:assumed-role\//.test(entry)))
  )
}
