/**
 * VPC endpoint policies grant nothing: they bound who may come through and to what.
 * [AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies"]
 */
import type { Missing } from '../../snapshot/model.ts'
import { distinctMissing } from '../unread.ts'
import type { Action } from './actions.ts'
import type { AccessAnswer, Grant } from './answer.ts'
import { callersOf } from './callers.ts'
import { RESOURCE_TAG } from './condition-key.ts'
import { constantsOf } from './constants.ts'
import type { Lookup } from './document.ts'
import { grantOf } from './evidence.ts'
import { isWild } from './glob.ts'
import { isUnread, type PolicyInput, type Surroundings } from './input.ts'
import { filled } from './named.ts'
import { accountOf } from './principal.ts'
import { type Bound, bind, type Rule, rulesOf } from './rule.ts'
import type { Cut } from './samples.ts'
import { find } from './search.ts'
import { STRANGE_ORG, strangeAccount } from './strangers.ts'
import { NO, or, type Truth, UNKNOWN, YES } from './truth.ts'
import { worldOf } from './world.ts'

/** Tags are the resource owner's to set: an Allow by tag bounds nothing, and a Deny by tag is escaped. */
function withoutTags(rules: readonly Rule[]): Rule[] {
  return rules.flatMap((rule) => {
    const { statement } = rule
    const conditions = statement.conditions.filter(({ key }) => !RESOURCE_TAG.test(key))
    if (conditions.length === statement.conditions.length) return [rule]
    return statement.effect === 'Deny' ? [] : [{ ...rule, statement: { ...statement, conditions } }]
  })
}

/** One action for each that a statement names, any of the endpoint's service where it names all. */
function actionsIn(rules: readonly Bound[]): Action[] {
  const patterns = new Set(rules.flatMap(({ statement }) => statement.actions))
  const names = new Set([...patterns].map(filled)).add('any:any')
  return [...names].map((name) => ({ name, lower: name.toLowerCase(), kind: 'use', anonymous: false }))
}

const isBucket = (arn: string): boolean => /^arn:[^:]*:s3:::/.test(arn)

/** Whether anyone may own a resource of the pattern: its account, or of a bucket its name, is left open. */
function isAnybodys(pattern: string): boolean {
  if (!isWild(pattern)) return false
  const parts = pattern.split(':')
  const resource = parts.slice(5).join(':')
  return isBucket(filled(pattern))
    ? isWild(resource.split('/')[0] ?? '')
    : parts.length < 6 || isWild(parts[4] ?? '')
}

/** Resources that the statements speak of: all, or those only that a stranger may own. */
function resourcesIn(rules: readonly Bound[], strangers: boolean, account: string): string[] {
  const patterns = new Set(rules.flatMap((rule) => rule.resources ?? []))
  const chosen = [...patterns].filter((pattern) => !strangers || isAnybodys(pattern))
  const arns = chosen.map((pattern) => {
    const parts = filled(pattern).split(':')
    if (parts.length > 5 && isWild(pattern.split(':')[4] ?? '')) parts[4] = account
    return parts.join(':')
  })
  const any = ['arn:aws:s3:::any', 'arn:aws:s3:::any/any', `arn:aws:any:us-east-1:${account}:any`]
  return [...new Set([...arns.filter((arn) => accountOf(arn) !== undefined || isBucket(arn)), ...any])]
}

interface Bounds {
  readonly truth: Truth
  readonly rules: readonly Rule[]
}

/** Whether callers of the kind come through to resources that `constant` describes. */
function passes(
  rules: readonly Rule[],
  input: PolicyInput,
  surroundings: Surroundings,
  strange: { readonly caller: boolean; readonly resource: boolean },
): Bounds {
  const cut: Cut = { happened: false }
  const { account } = input
  const nobody = strangeAccount(new Set([account]), surroundings.organization.accounts)
  const own = constantsOf(input, surroundings)
  const constant: Lookup = (key) => {
    if (!strange.resource) return own(key)
    if (key === 'aws:resourceaccount' || key === 's3:resourceaccount') return [nobody]
    if (key === 'aws:resourceorgid') return [STRANGE_ORG]
    return key === 'aws:resourceorgpaths' ? [`${STRANGE_ORG}/r-any/`] : own(key)
  }
  const bound = rules.map((rule) => bind(rule, constant))
  const { organization, trustedAccounts } = surroundings
  const partition = input.arn.split(':')[1] ?? 'aws'
  const candidates = callersOf(
    bound,
    {
      account,
      partition,
      organization,
      trustedAccounts,
      principalIds: undefined,
      canonicalIds: undefined,
      anonymous: false,
      federated: false,
    },
    cut,
  )
  const world = worldOf(
    bound,
    candidates,
    {
      type: input.type,
      arn: input.arn,
      account,
      organization,
      buckets: undefined,
      accessPoints: [],
      constant,
      fixed: new Set(Object.keys(input.facts ?? {})),
      instead: {
        actions: actionsIn(bound),
        resources: resourcesIn(bound, strange.resource, strange.resource ? nobody : account),
      },
    },
    cut.happened,
  )
  let truth: Truth = NO
  const passing = new Set<Rule>()
  for (const [at, candidate] of candidates.entries()) {
    const { kind } = candidate.caller
    if (kind !== 'principal' || (candidate.audience === 'outsider') !== strange.caller) continue
    for (const box of world.boxes.filter(({ bound: { statement } }) => statement.effect === 'Allow')) {
      for (const action of world.actions.keys()) {
        const query = {
          allows: [box],
          denies: world.denies,
          candidate: at,
          action,
          path: 'endpoint' as const,
        }
        const found = find(world, query).truth
        if (found !== NO) passing.add(box.bound.rule)
        truth = or(truth, found)
      }
    }
  }
  return { truth, rules: [...passing] }
}

const asAnswer = (truth: Truth): boolean | null => (truth === UNKNOWN ? null : truth === YES)

/** An endpoint's answer: nobody gets anything from it, and whether it bounds principals and resources. */
export function endpointAccess(input: PolicyInput, surroundings: Surroundings): AccessAnswer {
  const gaps: Missing[] = input.policies.flatMap(({ document }) =>
    isUnread(document) ? document.unread : [],
  )
  const rules = withoutTags(
    input.policies.flatMap(({ name, document }) =>
      isUnread(document) ? [] : rulesOf(name, document, 'policy'),
    ),
  )
  const callers = passes(rules, input, surroundings, { caller: true, resource: false })
  const resources = passes(rules, input, surroundings, { caller: false, resource: true })
  const grants: Grant[] = [...new Set([...callers.rules, ...resources.rules])].map(grantOf)
  return {
    resource: input.id,
    type: input.type,
    account: input.account,
    region: input.region,
    exposure: 'none',
    public: false,
    crossAccount: [],
    unknownAccounts: [],
    orgs: [],
    orgOnly: false,
    services: [],
    confusedDeputy: false,
    federated: [],
    canonicalUsers: [],
    network: { vpcs: [], vpces: [], cidrs: [], other: [] },
    unrestrictedPrincipals: gaps.length > 0 ? null : asAnswer(callers.truth),
    unrestrictedResources: gaps.length > 0 ? null : asAnswer(resources.truth),
    unknownPrincipalIds: [],
    serviceSourceAccounts: [],
    grants,
    blockedBy: [],
    classes: [],
    notes: [...(input.notes ?? [])],
    missing: distinctMissing(gaps),
  }
}
