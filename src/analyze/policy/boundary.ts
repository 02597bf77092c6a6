/**
 * Service and resource control policies: what an organization denies to its own principals, and on its own resources to
 * anyone. Only their Denies count: what an SCP leaves out of a list of what it allows is not reckoned. [Organizations User Guide, "Service control policies (SCPs)", "Resource control policies (RCPs)"]
 */
import reference from '../../generated/policy-reference.json' with { type: 'json' }
import { type Boundary, isUnread, type PolicyInput, type Surroundings } from './input.ts'
import type { Caller } from './principal.ts'
import { type Rule, rulesOf } from './rule.ts'
import { NO, type Truth, UNKNOWN, YES } from './truth.ts'

/** Types whose service lets RCPs bound its resources; an access point is a bucket's. */
const RCP_TYPES: ReadonlySet<string> = new Set([...reference.rcp, 'AWS::S3::AccessPoint'])

/** An SCP binds the members' principals, users, roles and root, not those of the management account. */
function bindsCaller(scp: Boundary, own: string, { organization }: Surroundings): (caller: Caller) => Truth {
  return ({ kind, account }) => {
    if (kind !== 'principal' || typeof account !== 'string') return NO
    if (account === organization.management) return NO
    const named = account === own || organization.accounts.has(account) === true
    // Any other principal of the organization may be one of its management account, which no SCP binds.
    if (!named) return NO
    if (scp.accounts !== undefined && !scp.accounts.has(account)) return NO
    return scp.certain ? YES : UNKNOWN
  }
}

function deniesOf(boundary: Boundary, options: Parameters<typeof rulesOf>[3]): Rule[] {
  if (isUnread(boundary.document)) return []
  return rulesOf(boundary.name, boundary.document, 'boundary', options).filter(
    (rule) => rule.statement.effect === 'Deny',
  )
}

export function boundaryRules(input: PolicyInput, surroundings: Surroundings): Rule[] {
  const { scps, rcps, organization } = surroundings
  const rules = scps.flatMap((scp) =>
    deniesOf(scp, { appliesTo: bindsCaller(scp, input.account, surroundings) }),
  )
  if (!RCP_TYPES.has(input.type) || input.account === organization.management) return rules
  const bounding = rcps.filter((rcp) => rcp.accounts === undefined || rcp.accounts.has(input.account))
  return [...rules, ...bounding.flatMap((rcp) => deniesOf(rcp, { certain: rcp.certain }))]
}
