/** Claims of identity providers' tokens, and whether anyone can come by one. */
import { isWild, matches, written } from './glob.ts'
import type { BoundCondition } from './rule.ts'
import type { Cut } from './samples.ts'
import { type Atom, patternSet, requestAtoms } from './values.ts'

/**
 * Providers whose tokens anyone may get, by the claim that says for whom a token was made.
 * [IAM User Guide, "Identity-provider controls for shared OIDC providers"; for the first four "Available keys for AWS OIDC federation"]
 */
const SHARED: ReadonlyMap<string, string> = new Map([
  ['accounts.google.com', 'sub'],
  ['cognito-identity.amazonaws.com', 'aud'],
  ['graph.facebook.com', 'id'],
  ['www.amazon.com', 'user_id'],
  ['agent.buildkite.com', 'sub'],
  ['api.pulumi.com/oidc', 'aud'],
  ['app.terraform.io', 'sub'],
  ['gitlab.com', 'sub'],
  ['oidc-configuration.audit-log.githubusercontent.com', 'sub'],
  ['oidc.codefresh.io', 'sub'],
  ['oidc.vercel.com', 'aud'],
  ['proidc.upbound.io', 'sub'],
  ['sandboxes.cloud', 'aud'],
  ['scalr.io', 'sub'],
  ['studio.datachain.ai/api', 'sub'],
  ['token.actions.githubusercontent.com', 'sub'],
  ['tokens.cloud.shisho.dev', 'sub'],
  ['vstoken.actions.githubusercontent.com', 'sub'],
])

/** Claims that say nothing of who the token is for: which application asked, how, of which kind. */
const WEAK: ReadonlySet<string> = new Set([
  'aud',
  'amr',
  'app_id',
  'azp',
  'environment',
  'iss',
  'oaud',
  'pipeline_source',
  'ref',
  'ref_protected',
  'runner_environment',
  'workflow',
])

/** The host of an OIDC provider as its keys begin with it; `saml` for a SAML provider. */
export function tokenPrefix(provider: string): string {
  if (provider.includes(':saml-provider/')) return 'saml'
  const at = provider.indexOf(':oidc-provider/')
  return (at < 0 ? provider : provider.slice(at + ':oidc-provider/'.length)).toLowerCase()
}

/** The host of the provider whose claim the key is: `accounts.google.com:sub`, `agent.buildkite.com:sub`. */
export const tokenHost = (key: string): string => key.slice(0, key.lastIndexOf(':'))

/** Whether anyone may get a token from the provider. */
export function isShared(provider: string): boolean {
  return SHARED.has(tokenPrefix(provider))
}

/** `repo:OWNER/…`, `organization:OWNER:…`: the subject is the owner's once it is fixed up to there. */
const OWNED_SUBJECT = /^[\w.-]+:[^:/]+[/:]/

/** Whether a pattern fits tokens of one owner only. */
function fixesOwner(claim: string, pattern: string): boolean {
  if (!isWild(pattern)) return true
  const fixed = written(pattern).replace(/[*?].*$/s, '')
  return claim === 'sub' && OWNED_SUBJECT.test(fixed)
}

/** An identity pool gives identities without a login to anyone. [Amazon Cognito Developer Guide, "Role trust and permissions"] */
const GUEST = /^unauthenticated$/i

export function tokenAtoms(key: string, conditions: readonly BoundCondition[], cut: Cut): Atom[] {
  const at = key.lastIndexOf(':')
  const claim = key.slice(at + 1)
  const main = SHARED.get(key.slice(0, at))
  const atoms = requestAtoms(key, conditions, cut)
  if (main === undefined) return atoms
  if (claim === 'amr') return atoms
  if (claim !== main && WEAK.has(claim)) return atoms
  const owners = [...patternSet(conditions)].filter((pattern) => fixesOwner(claim, pattern))
  return atoms.map((atom) => {
    const [value = ''] = [...atom.values.values()][0] ?? []
    return owners.some((owner) => matches(owner, value)) ? { ...atom, open: false } : atom
  })
}

export const isGuest = (values: readonly string[] | undefined): boolean =>
  values?.some((value) => GUEST.test(value)) === true
