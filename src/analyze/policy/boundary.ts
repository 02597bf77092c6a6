/**
 * Service and resource control policies: what an organization denies to its own principals, and on its own resources to
 * anyone. [Organizations User Guide, "Service control policies (SCPs)", "Resource control policies (RCPs)"]
 */
import reference from '../../generated/policy-reference.json' with { type: 'json' }
import { parseDocument } from './document.ts'
import { STAR } from './glob.ts'
import { type Boundary, isUnread, type PolicyInput, type Surroundings } from './input.ts'
import type { Caller } from './principal.ts'
import { madeRule, type Rule, rulesOf } from './rule.ts'
import { NO, type Truth, UNKNOWN, YES } from './truth.ts'

/** Types whose service lets RCPs bound its resources; an access point is a bucket's. */
const RCP_TYPES: ReadonlySet<string> = new Set([...reference.rcp, 'AWS::S3::AccessPoint'])

/** An SCP binds the members' principals, users, roles and root, not those of the management account. */
function bindsCaller(scp: Boundary, own: string, { organization }: Surroundings): (caller: Caller) => Truth {
  return ({ kind, account }) => {
    if (kind !== 'principal' || typeof account !== 'string') return NO
    if (account === organization?.management) return NO
    const named = account === own || organization?.accounts?.has(account) === true
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

/**
 * What SCPs without a Deny leave out: at each place of the organization some policy has to allow. Only lists of actions
 * for any resource without a condition are read so; whatever else allows may allow anything.
 */
function leftOut(scps: readonly Boundary[], own: string, surroundings: Surroundings): Rule[] {
  const places = new Map<string, Boundary[]>()
  for (const scp of scps) {
    const key = scp.accounts === undefined ? '' : [...scp.accounts].sort().join(' ')
    places.set(key, [...(places.get(key) ?? []), scp])
  }
  return [...places.values()].flatMap((here): Rule[] => {
    const actions: string[] = []
    for (const { document, certain } of here) {
      if (isUnread(document) || !certain) return []
      for (const statement of parseDocument(document).statements) {
        if (statement.effect === 'Deny') continue
        const plain = statement.conditions.length === 0 && !statement.notAction && !statement.notResource
        const anything = statement.resources?.some((value) => value.text === STAR) === true
        if (!plain || !anything || statement.actions.includes(STAR)) return []
        actions.push(...statement.actions)
      }
    }
    const [first] = here
    if (first === undefined) return []
    const label = `${here.map((scp) => scp.name).join(', ')} allows no other action`
    const rule = madeRule(
      label,
      'boundary',
      { Effect: 'Deny', Principal: '*', Action: ['*'] },
      { appliesTo: bindsCaller(first, own, surroundings) },
    )
    return [{ ...rule, statement: { ...rule.statement, actions, notAction: true } }]
  })
}

export function boundaryRules(input: PolicyInput, surroundings: Surroundings): Rule[] {
  const { scps, rcps, organization } = surroundings
  const rules = [
    ...scps.flatMap((scp) => deniesOf(scp, { appliesTo: bindsCaller(scp, input.account, surroundings) })),
    ...leftOut(scps, input.account, surroundings),
  ]
  if (!RCP_TYPES.has(input.type) || input.account === organization?.management) return rules
  const bounding = rcps.filter((rcp) => rcp.accounts === undefined || rcp.accounts.has(input.account))
  return [...rules, ...bounding.flatMap((rcp) => deniesOf(rcp, { certain: rcp.certain }))]
}
