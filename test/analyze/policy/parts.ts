/** Pieces of a policy as the engine takes them: statements and conditions read from what a policy writes. */
import type { PolicyInput, Surroundings } from '../../../src/analyze/policy/input.ts'
import {
  type Bound,
  type BoundCondition,
  bind,
  type Rule,
  rulesOf,
} from '../../../src/analyze/policy/rule.ts'
import type { Json, JsonObject } from '../../../src/snapshot/model.ts'

export const ACCOUNT = '111122223333'
export const ORG = 'o-a1b2c3d4e5'
export const MEMBER = '222233334444'
export const PARTNER = '444455556666'
export const STRANGER = '777788889999'

export const policy = (...Statement: Json[]): JsonObject => ({ Version: '2012-10-17', Statement })

export const allow = (Principal: Json, rest: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal,
  Action: '*',
  Resource: '*',
  ...rest,
})

export const deny = (rest: JsonObject = {}): JsonObject => ({ ...allow('*', rest), Effect: 'Deny' })

export const when = (Condition: JsonObject, Principal: Json = '*'): JsonObject =>
  allow(Principal, { Condition })

export const rulesIn = (...statements: Json[]): Rule[] => rulesOf('Policy', policy(...statements), 'policy')

/** Bound while nothing is known of what variables stand for. */
export const boundIn = (...statements: Json[]): Bound[] =>
  rulesIn(...statements).map((rule) => bind(rule, () => null))

export const conditionsOf = (...blocks: JsonObject[]): BoundCondition[] =>
  boundIn(...blocks.map((block) => when(block))).flatMap((bound) => bound.conditions)

export const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:jobs`

export function inputOf(statements: readonly Json[], rest: Partial<PolicyInput> = {}): PolicyInput {
  return {
    id: QUEUE,
    type: 'AWS::SQS::Queue',
    arn: QUEUE,
    account: ACCOUNT,
    region: 'eu-west-1',
    policies: [{ name: 'Policy', document: policy(...statements) }],
    accessPoints: [],
    ...rest,
  }
}

export const ORGANIZATION: Surroundings['organization'] = {
  id: ORG,
  management: '999999999990',
  accounts: new Map([
    [ACCOUNT, undefined],
    [MEMBER, undefined],
  ]),
  complete: true,
  unread: [],
}

export const SURROUNDINGS: Surroundings = {
  organization: ORGANIZATION,
  trustedAccounts: [PARTNER],
  now: '2026-11-01T00:00:00Z',
  scps: [],
  rcps: [],
}
