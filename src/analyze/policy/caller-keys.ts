/** The values that a caller's own keys have. [IAM User Guide, "AWS global condition context keys", "Properties of the principal"] */
import { somewhereIn } from './org-path.ts'
import type { Caller } from './principal.ts'

/** Undefined: the caller does not carry the key; null: not known. */
type Carried = readonly string[] | undefined | null

const one = (value: string | null | undefined): Carried =>
  value === undefined ? undefined : value === null ? null : [value]

function principalType(caller: Caller): string | undefined {
  if (caller.kind === 'anonymous') return 'Anonymous'
  if (caller.kind !== 'principal') return undefined
  if (caller.arn?.endsWith(':root')) return 'Account'
  if (caller.arn?.includes(':user/')) return 'User'
  return caller.arn?.includes(':federated-user/') ? 'FederatedUser' : 'AssumedRole'
}

/** Signed requests carry it: neither an anonymous one nor one with a provider's token is. */
function isService(caller: Caller): Carried {
  return caller.kind === 'anonymous' || caller.kind === 'federated'
    ? undefined
    : [caller.kind === 'service' ? 'true' : 'false']
}

/** Who a canonical id belongs to is not known, so nothing about them is. */
function known(caller: Caller, value: string | null | undefined): Carried {
  return caller.kind === 'canonical' ? null : one(value)
}

/** Where the caller stands in its organization; where only that is known, anywhere in it. */
function orgPath({ org, orgPath: path }: Caller): string | null | undefined {
  return path === null && typeof org === 'string' ? somewhereIn(org) : path
}

export function callerKey(caller: Caller, key: string): Carried {
  switch (key) {
    case 'aws:principalarn':
      return known(caller, caller.kind === 'principal' ? caller.arn : undefined)
    case 'aws:principalaccount':
    case 'kms:calleraccount':
    case 'aws:sourceowner':
      return one(caller.account)
    case 'aws:principalorgid':
      return known(caller, caller.org)
    case 'aws:principalorgpaths':
      return known(caller, orgPath(caller))
    case 'aws:principaltype':
      return one(principalType(caller))
    case 'aws:principalisawsservice':
      return isService(caller)
    case 'aws:principalservicename':
    case 'aws:principalservicenameslist':
      return one(caller.service)
    case 'aws:userid':
      return known(caller, caller.userId)
    case 'aws:username': {
      const user = caller.arn?.includes(':user/') ? caller.arn : undefined
      return known(caller, user?.slice(user.lastIndexOf('/') + 1))
    }
    case 'aws:federatedprovider':
      return one(caller.provider)
    default:
      return undefined
  }
}
