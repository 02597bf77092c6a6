/** Which values of a part a caller's request can have. */
import type { Action } from './actions.ts'
import type { Candidate } from './callers.ts'
import type { KeyFacts } from './condition-key.ts'
import { ENDPOINT_KEYS } from './network-values.ts'
import { accountOf } from './principal.ts'
import { tokenPrefix } from './token-values.ts'
import type { Dimension } from './values.ts'
import type { Path } from './world.ts'

/** `must`: always there; `may`: there or absent; `never`: absent. */
type Presence = 'must' | 'may' | 'never'

const ALWAYS_OVER_ENDPOINTS: ReadonlySet<string> = new Set([
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
])

function presenceOfClaim(name: string, candidate: Candidate): Presence {
  const { provider } = candidate.caller
  if (provider === undefined || !name.startsWith(`${tokenPrefix(provider)}:`)) return 'never'
  return /:(?:sub|aud)$/.test(name) ? 'must' : 'may'
}

function presence(name: string, facts: KeyFacts | undefined, candidate: Candidate, path: Path): Presence {
  const { kind } = candidate.caller
  if (name === 'source') return kind === 'service' ? 'must' : 'never'
  if (name === 'via') return 'must'
  if (name === 'aws:sourceip') return path === 'internet' && kind !== 'service' ? 'must' : 'never'
  if (facts?.part === 'network' && ENDPOINT_KEYS.has(name)) {
    if (path !== 'endpoint' || kind === 'service') return 'never'
    return ALWAYS_OVER_ENDPOINTS.has(name) ? 'must' : 'may'
  }
  if (facts?.part === 'token') return presenceOfClaim(name, candidate)
  return facts?.signed && kind !== 'principal' ? 'never' : 'may'
}

/** Through no service. */
const DIRECT: readonly number[] = [0]

/** The indexes of the values that the candidate's requests for the action can have, coming by the path. */
export function possible(
  dimension: Dimension,
  candidate: Candidate,
  action: Action | undefined,
  path: Path,
): readonly number[] {
  const { name, atoms, absent, all, none, present, facts, on } = dimension
  if (on !== undefined) return on.get(action?.on) ?? all
  if (name === 'via') return candidate.caller.kind === 'principal' ? all : DIRECT
  if (absent < 0) return all
  const carries = facts?.actions === undefined || action === undefined || facts.actions.has(action.lower)
  const how = carries ? presence(name, facts, candidate, path) : 'never'
  if (how === 'never') return none
  const found = how === 'must' ? present : all
  if (!facts?.owned) return found
  return found.filter((at) => {
    const account = accountOf(atoms[at]?.label ?? '')
    return account === undefined || account === candidate.caller.account
  })
}

/** Which of a role's actions each kind of caller asks for. [STS API Reference] */
function takesRole(candidate: Candidate, action: Action): boolean {
  const { kind, provider } = candidate.caller
  if (action.name === 'sts:AssumeRole') return kind !== 'federated'
  const saml = provider?.includes(':saml-provider/') === true
  if (action.name === 'sts:AssumeRoleWithSAML') return kind === 'federated' && saml
  if (action.name === 'sts:AssumeRoleWithWebIdentity') return kind === 'federated' && !saml
  return true
}

/** Whether AWS takes the action from such a caller at all. */
export function canAsk(candidate: Candidate, action: Action): boolean {
  if (action.lower.startsWith('sts:')) return takesRole(candidate, action)
  return candidate.caller.kind !== 'anonymous' || action.anonymous
}
