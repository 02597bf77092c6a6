/** Everything that bears on one resource, gathered once: the rules, the callers, the worlds that they make. */
import { actionsOf } from './actions.ts'
import { type Binding, bindingsOf } from './bindings.ts'
import { boundaryRules } from './boundary.ts'
import { callerKey } from './caller-keys.ts'
import { type Candidate, callersOf } from './callers.ts'
import { keyFacts } from './condition-key.ts'
import { constantsOf } from './constants.ts'
import type { Lookup } from './document.ts'
import { isUnread, type KeptAway, type PolicyInput, type Surroundings } from './input.ts'
import { grantRules } from './kms.ts'
import { type Bound, bind, madeRule, type Rule, type RuleOptions, rulesOf, unread } from './rule.ts'
import { aclRules } from './s3-acl.ts'
import type { Cut } from './samples.ts'
import { type World, type WorldOptions, worldOf } from './world.ts'

/** A candidate's place in a world; several where a policy variable may take several values. */
export interface Seat {
  readonly world: World
  readonly at: number
  readonly binding?: Binding
}

export interface Scene {
  readonly input: PolicyInput
  readonly surroundings: Surroundings
  readonly rules: readonly Rule[]
  readonly candidates: readonly Candidate[]
  readonly seats: (candidate: number) => readonly Seat[]
}

/** A document, or what stands for one that could not be read. */
function sourceRules(
  name: string,
  document: PolicyInput['policies'][number]['document'],
  place: Rule['place'],
  options: RuleOptions = {},
): Rule[] {
  if (!isUnread(document)) return rulesOf(name, document, place, options)
  return unread(name, { ...options, missing: document.unread })
}

/** A boundary of our own making: requests that meet the condition are kept away. */
function keepAway({ name, condition, exceptActions }: KeptAway, options: RuleOptions = {}): Rule {
  const made = {
    Effect: 'Deny' as const,
    Principal: '*',
    ...(exceptActions ? { NotAction: [...exceptActions] } : { Action: ['*'] }),
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  }
  return madeRule(name, 'boundary', made, options)
}

function accessPointRules(input: PolicyInput): Rule[] {
  return input.accessPoints.flatMap((point, at): Rule[] => {
    const name = `AccessPoint ${point.arn.slice(point.arn.lastIndexOf('/') + 1)}`
    const options = { accessPoint: at }
    const own = point.policy === undefined ? [] : sourceRules(name, point.policy, 'accessPoint', options)
    if (point.vpc === undefined) return own
    const condition = { StringNotEquals: { 'aws:SourceVpc': point.vpc } }
    return [...own, keepAway({ name: `${name} VpcConfiguration`, condition }, options)]
  })
}

function grantsOf(input: PolicyInput): Rule[] {
  const { grants } = input
  if (grants === undefined) return []
  if (isUnread(grants))
    return unread('Grants', { missing: grants.unread }).filter((rule) => rule.statement.effect === 'Allow')
  return grantRules(grants).map((grant) => grant.rule)
}

function rulesFor(input: PolicyInput, surroundings: Surroundings): Rule[] {
  const behind = input.bucketPolicy?.document
  const rules: Rule[] = []
  for (const { name, document } of input.policies) rules.push(...sourceRules(name, document, 'policy'))
  if (input.bucket && input.type === 'AWS::S3::Bucket') rules.push(...aclRules(input.bucket))
  rules.push(...grantsOf(input))
  if (behind !== undefined) rules.push(...sourceRules('BucketPolicy', behind, 'bucketPolicy'))
  rules.push(...accessPointRules(input))
  for (const boundary of input.boundaries ?? []) {
    const { unread: missing } = boundary
    rules.push(keepAway(boundary, missing ? { certain: false, missing } : {}))
  }
  rules.push(...boundaryRules(input, surroundings))
  return rules
}

const partitionOf = (arn: string): string => arn.split(':')[1] ?? 'aws'

function candidatesOf(
  rules: readonly Bound[],
  input: PolicyInput,
  surroundings: Surroundings,
  cut: Cut,
): Candidate[] {
  return callersOf(
    rules,
    {
      account: input.account,
      partition: partitionOf(input.arn),
      organization: surroundings.organization,
      trustedAccounts: surroundings.trustedAccounts,
      principalIds: surroundings.principalIds,
      canonicalIds: surroundings.canonicalIds,
      anonymous: actionsOf(input.type).some((action) => action.anonymous),
      federated: input.type === 'AWS::IAM::Role',
    },
    cut,
  )
}

/** What a variable stands for in one caller's requests, the free ones as the binding has them. */
function lookupFor(candidate: Candidate, binding: Binding, constant: Lookup): Lookup {
  return (key) => {
    if (binding.has(key)) {
      const value = binding.get(key)
      return value === undefined ? undefined : [value]
    }
    const facts = keyFacts(key)
    if (facts === undefined) return null
    return facts.part === 'caller' ? callerKey(candidate.caller, key) : constant(key)
  }
}

function boundSeats(rules: readonly Rule[], candidate: Candidate, options: WorldOptions, cut: Cut): Seat[] {
  return bindingsOf(rules, candidate, options.constant, cut).map((binding): Seat => {
    const lookup = lookupFor(candidate, binding, options.constant)
    const bound = rules.map((rule) => bind(rule, lookup))
    return { world: worldOf(bound, [candidate], { ...options, pins: binding }, cut.happened), at: 0, binding }
  })
}

/** With policy variables each caller has worlds of its own; without, all share one. */
export function sceneOf(input: PolicyInput, surroundings: Surroundings): Scene {
  const rules = rulesFor(input, surroundings)
  const cut: Cut = { happened: false }
  const bound = rules.map((rule) => bind(rule, () => null))
  const candidates = candidatesOf(bound, input, surroundings, cut)
  const options: WorldOptions = {
    type: input.type,
    arn: input.arn,
    account: input.account,
    organization: surroundings.organization,
    buckets: surroundings.buckets,
    accessPoints: input.accessPoints,
    constant: constantsOf(input, surroundings),
    fixed: new Set(Object.keys(input.facts ?? {})),
  }
  const scene = { input, surroundings, rules, candidates }
  if (!rules.some((rule) => rule.statement.variables)) {
    const shared = worldOf(bound, candidates, options, cut.happened)
    const all = candidates.map((_, at): readonly Seat[] => [{ world: shared, at }])
    return { ...scene, seats: (at) => all[at] ?? [] }
  }
  const seats = new Map<number, Seat[]>()
  const seatsOf = (at: number): Seat[] => {
    const known = seats.get(at)
    if (known) return known
    const candidate = candidates[at]
    const made = candidate ? boundSeats(rules, candidate, options, cut) : []
    seats.set(at, made)
    return made
  }
  return { ...scene, seats: seatsOf }
}
