/** Everything that bears on one resource, gathered once: the rules, the callers, the worlds that they make. */
import { actionsOf } from './action.ts'
import { type Candidate, callerKey, callersOf, FRESH } from './callers.ts'
import type { Sources } from './dimensions.ts'
import type { Lookup } from './document.ts'
import type { Boundary, PolicyInput } from './input.ts'
import { keyFacts } from './keys.ts'
import { grantRules } from './kms.ts'
import type { Caller } from './principal.ts'
import {
  type Bound,
  bind,
  hasVariables,
  madeRule,
  type Rule,
  rulesOf,
  unread,
  variableKeys,
} from './rules.ts'
import { aclRules } from './s3.ts'
import { NO, type Truth, UNKNOWN, YES } from './truth.ts'
import { type World, worldOf } from './world.ts'

/** A candidate's place in a world; several where a variable may take several values. */
export interface Seat {
  readonly world: World
  readonly at: number
}

export interface Scene {
  readonly input: PolicyInput
  readonly rules: readonly Rule[]
  readonly candidates: readonly Candidate[]
  readonly seats: (candidate: number) => readonly Seat[]
  /** One world for all, where no rule has variables. */
  readonly shared: World | undefined
  /** What turned a part off before any rule. */
  readonly notes: readonly string[]
  readonly lookup: Lookup
}

function memberOf(input: PolicyInput, account: string | undefined): Truth {
  const { organization } = input
  if (account === undefined || account === '') return NO
  if (account === input.account) return YES
  if (organization?.id === null) return NO
  if (organization?.accounts) return organization.accounts.includes(account) ? YES : NO
  return UNKNOWN
}

/** SCPs bound the organization's own principals, not its management account's. [Organizations User Guide, "Service control policies"] */
function scpApplies(input: PolicyInput, scp: Boundary): (caller: Caller) => Truth {
  return (caller) => {
    if (caller.kind !== 'principal' || caller.account === undefined) return NO
    if (caller.account === input.organization?.management) return NO
    if (scp.account !== undefined && scp.account !== caller.account) return NO
    const member =
      caller.org !== undefined && caller.org === input.organization?.id
        ? YES
        : memberOf(input, caller.account)
    // Any principal of the organization may be one of its management account, which no SCP binds.
    const named =
      caller.account === input.account || input.organization?.accounts?.includes(caller.account) === true
    return named ? (scp.certain ? member : UNKNOWN) : NO
  }
}

/** The services whose resources RCPs bound. [Organizations User Guide, "Resource control policies"] */
const RCP_TYPES = new Set([
  'AWS::S3::Bucket',
  'AWS::S3::AccessPoint',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
  'AWS::ECR::Repository',
  'AWS::OpenSearchService::Domain',
  'AWS::DynamoDB::Table',
  'AWS::Logs::ResourcePolicy',
])

function boundaryRules(input: PolicyInput): Rule[] {
  const scps = (input.scps ?? []).flatMap((scp) =>
    rulesOf(scp.name, scp.document, 'boundary', { only: 'Deny', appliesTo: scpApplies(input, scp) }),
  )
  if (!RCP_TYPES.has(input.type) || input.account === input.organization?.management) return scps
  const rcps = (input.rcps ?? [])
    .filter((rcp) => rcp.account === undefined || rcp.account === input.account)
    .flatMap((rcp) => rulesOf(rcp.name, rcp.document, 'boundary', { only: 'Deny', certain: rcp.certain }))
  return [...scps, ...rcps]
}

function accessPointRules(input: PolicyInput): Rule[] {
  return (input.accessPoints ?? []).flatMap((point, at): Rule[] => {
    const name = point.arn.slice(point.arn.lastIndexOf('/') + 1)
    const options = { accessPoint: at }
    const own = point.policyUnknown
      ? unread(`AccessPoint ${name} Policy`, options)
      : point.policy === undefined
        ? []
        : rulesOf(`AccessPoint ${name}`, point.policy, 'accessPoint', options)
    if (point.vpc === undefined) return own
    const onlyVpc = madeRule(
      `AccessPoint ${name} VpcConfiguration`,
      'boundary',
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: ['*'],
        Condition: { StringNotEquals: { 'aws:SourceVpc': point.vpc } },
      },
      options,
    )
    return [...own, ...onlyVpc]
  })
}

function ownRules(input: PolicyInput): Rule[] {
  const rules = input.policies.flatMap((policy) => rulesOf(policy.name, policy.document, 'resource'))
  return input.missing?.['Policy'] === undefined ? rules : [...rules, ...unread('Policy')]
}

function bucketRules(input: PolicyInput): Rule[] {
  if (input.type !== 'AWS::S3::AccessPoint') return []
  if (input.bucketUnknown) return unread('BucketPolicy')
  return input.bucketPolicy === undefined ? [] : rulesOf('BucketPolicy', input.bucketPolicy, 'bucket')
}

export function rulesFor(input: PolicyInput, notes: string[]): Rule[] {
  return [
    ...(input.type === 'AWS::S3::AccessPoint' ? [] : ownRules(input)),
    ...(input.type === 'AWS::S3::Bucket' ? aclRules(input, notes) : []),
    ...(input.grants ? grantRules(input.grants).map(({ rule }) => rule) : []),
    ...bucketRules(input),
    ...accessPointRules(input),
    ...boundaryRules(input),
  ]
}

/** Keys whose value is the resource's or the snapshot's, the same in every request. */
export function constants(input: PolicyInput, now: string | undefined): Lookup {
  const tag = (key: string): readonly string[] | undefined | null => {
    if (!input.tags) return null
    const name = key.slice(key.indexOf('/') + 1)
    const found = Object.entries(input.tags).find(([tagKey]) => tagKey.toLowerCase() === name)
    return found ? [found[1]] : undefined
  }
  return (key) => {
    switch (key) {
      case 'aws:currenttime':
        return now === undefined ? null : [now]
      case 'aws:epochtime':
        return now === undefined ? null : [String(Math.floor(Date.parse(now) / 1000))]
      case 'aws:resourceaccount':
      case 's3:resourceaccount':
        return [input.account]
      case 'aws:resourceorgid':
        return input.organization?.id === undefined
          ? null
          : input.organization.id === null
            ? undefined
            : [input.organization.id]
      case 'aws:requestedregion':
        return input.region === 'global' ? null : [input.region]
      default:
        return key.includes('resourcetag/') ? tag(key) : null
    }
  }
}

function bindAll(rules: readonly Rule[], lookup: Lookup): Bound[] {
  return rules.map((rule) => bind(rule, lookup))
}

const BINDINGS = 16

/** The values that a freely set variable may take: one that none names, and those that the rules name. */
function bindings(
  rules: readonly Rule[],
  candidate: Candidate,
  general: Lookup,
): ReadonlyMap<string, string>[] {
  const keys = new Set(rules.flatMap((rule) => variableKeys(rule.statement)))
  let result: Map<string, string>[] = [new Map()]
  for (const key of keys) {
    const facts = keyFacts(key)
    if (facts === undefined || facts.part === 'caller' || general(key) !== null) continue
    if (facts.signed && candidate.caller.kind !== 'principal') continue
    const values = new Set([FRESH])
    for (const rule of rules)
      for (const condition of rule.statement.conditions) {
        if (condition.key === key)
          for (const value of condition.values) if (!value.parts) values.add(value.text)
      }
    result = result
      .flatMap((one) => [...values].map((value) => new Map(one).set(key, value)))
      .slice(0, BINDINGS)
  }
  return result
}

function worldSources(input: PolicyInput): Sources {
  return {
    account: input.account,
    organization: input.organization,
    buckets: new Set(),
    accessPoints: input.accessPoints ?? [],
  }
}

export function sceneOf(input: PolicyInput, now: string | undefined): Scene {
  const notes: string[] = []
  const rules = rulesFor(input, notes)
  const constant = constants(input, now)
  const unbound = bindAll(rules, () => null)
  const candidates = callersOf(unbound, {
    account: input.account,
    organization: input.organization,
    principalIds: input.principalIds,
    canonicalIds: input.canonicalIds,
    anonymous: actionsOf(input.type).some((action) => action.anonymous),
    role: input.type === 'AWS::IAM::Role',
  })
  const bucket = input.config?.['Bucket']
  const arn =
    input.type === 'AWS::S3::AccessPoint' && typeof bucket === 'string' ? `arn:aws:s3:::${bucket}` : input.arn
  const options = { type: input.type, arn, sources: worldSources(input), constant }
  if (!rules.some((rule) => hasVariables(rule.statement))) {
    const shared = worldOf(unbound, candidates, options)
    return {
      input,
      rules,
      candidates,
      shared,
      notes,
      lookup: constant,
      seats: (at) => [{ world: shared, at }],
    }
  }
  const seats = new Map<number, Seat[]>()
  const seatsOf = (at: number): Seat[] => {
    const known = seats.get(at)
    if (known) return known
    const candidate = candidates[at]
    const made = candidate ? boundWorlds(rules, candidate, constant, options) : []
    seats.set(at, made)
    return made
  }
  return { input, rules, candidates, shared: undefined, notes, lookup: constant, seats: seatsOf }
}

function boundWorlds(
  rules: readonly Rule[],
  candidate: Candidate,
  constant: Lookup,
  options: Parameters<typeof worldOf>[2],
): Seat[] {
  return bindings(rules, candidate, constant).map((binding): Seat => {
    const lookup: Lookup = (key) => {
      const value = binding.get(key)
      if (value !== undefined) return [value]
      const facts = keyFacts(key)
      if (facts === undefined) return null
      if (facts.part === 'caller') return callerKey(candidate.caller, key)
      return facts.signed && candidate.caller.kind !== 'principal' ? undefined : constant(key)
    }
    const pins = [...binding].flatMap(([key, value]) =>
      madeRule(`variable ${key}`, 'boundary', {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: ['*'],
        Condition: { StringNotEquals: { [key]: value } },
      }).filter(() =>
        rules.some((rule) => rule.statement.conditions.some((condition) => condition.key === key)),
      ),
    )
    return { world: worldOf(bindAll([...rules, ...pins], lookup), [candidate], options), at: 0 }
  })
}
