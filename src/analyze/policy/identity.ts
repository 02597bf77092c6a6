/** What a role's own policies let it do. [IAM User Guide, "Policy evaluation for requests within a single account"] */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Json, Missing, Resource } from '../../snapshot/model.ts'
import type { AccessRequest } from './answer.ts'
import type { Lookup } from './document.ts'
import { list, object, oneOrMany, text } from './json.ts'
import type { Caller } from './principal.ts'
import { callerNamed, lookupFor, matchesRequest } from './requests.ts'
import { type Rule, rulesOf, unread } from './rule.ts'
import { NO, or, type Truth, YES } from './truth.ts'

const DETAILS: Missing = {
  operation: 'iam:GetAccountAuthorizationDetails',
  permission: 'iam:GetAccountAuthorizationDetails',
  outcome: 'not-collected',
}

export interface Identity {
  /** A session of the role, as requests name it. */
  readonly principal: string
  /** The patterns of resources that its Allows name, as they are written. */
  readonly resources: readonly string[]
  /** By its inline and managed policies, within its permissions boundary. */
  decide(request: AccessRequest, constant: Lookup): IdentityAnswer
}

export interface IdentityAnswer {
  readonly allowed: Truth
  readonly denied: Truth
  /** `exports-web Statement[0]`. */
  readonly statements: readonly string[]
  /** Bounded by its permissions boundary, also where a resource's policy names its role. */
  readonly bounded: Truth
  readonly missing: readonly Missing[]
}

function managed(arn: string, index: SnapshotIndex): Rule[] {
  const policy = index.byId(arn)
  const [version] = list(policy?.config['PolicyVersionList'])
  const document = object(version)['Document']
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  return document === undefined ? unread(name, { missing: [DETAILS] }) : rulesOf(name, document, 'boundary')
}

function inline(item: Json): Rule[] {
  const { PolicyName, PolicyDocument } = object(item)
  const name = text(PolicyName)
  return PolicyDocument === undefined
    ? unread(name, { missing: [DETAILS] })
    : rulesOf(name, PolicyDocument, 'boundary')
}

const isAllow = ({ statement }: Rule): boolean => statement.effect === 'Allow'

interface Match {
  readonly rule: Rule
  readonly truth: Truth
}

function someOf(matches: readonly Match[], effect: 'Allow' | 'Deny'): Truth {
  return matches
    .filter(({ rule }) => rule.statement.effect === effect)
    .reduce<Truth>((all, { truth }) => or(all, truth), NO)
}

export function identityOf(role: Resource, index: SnapshotIndex): Identity {
  const { config } = role
  const rules = [
    ...list(config['RolePolicyList']).flatMap(inline),
    ...list(config['AttachedManagedPolicies']).flatMap((item) =>
      managed(text(object(item)['PolicyArn']), index),
    ),
  ]
  const boundary = text(object(config['PermissionsBoundary'])['PermissionsBoundaryArn'])
  const bounds = boundary === '' ? undefined : managed(boundary, index)
  const principal = `${role.id.replace(':iam:', ':sts:').replace(/:role\/(?:.*\/)?/, ':assumed-role/')}/session`
  const caller: Caller = { ...callerNamed(principal), arn: role.id }
  return {
    principal,
    resources: rules.filter(isAllow).flatMap(({ statement }) => oneOrMany(statement.json['Resource'])),
    decide: (request, constant) => {
      const lookup = lookupFor(caller, request, constant)
      const asked = { action: request.action.toLowerCase(), resourceFor: () => request.resource }
      const matching = (of: readonly Rule[]): Match[] =>
        of
          .map((rule) => ({ rule, truth: matchesRequest(rule, caller, asked, lookup) }))
          .filter(({ truth }) => truth !== NO)
      const own = matching(rules)
      const around = matching(bounds ?? [])
      return {
        allowed: someOf(own, 'Allow'),
        denied: or(someOf(own, 'Deny'), someOf(around, 'Deny')),
        bounded: bounds ? someOf(around, 'Allow') : YES,
        statements: own.filter(({ rule }) => isAllow(rule)).map(({ rule }) => rule.label),
        missing: [...own, ...around].flatMap(({ rule }) => rule.missing ?? []),
      }
    },
  }
}
