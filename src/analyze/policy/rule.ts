/** The statements that bear on one resource, from every policy, list and boundary, in one shape. */
import type { Json, Missing } from '../../snapshot/model.ts'
import { type Lookup, parseDocument, resolve, type Statement, type Value } from './document.ts'
import type { Operator } from './operator.ts'
import type { Caller } from './principal.ts'
import type { Truth } from './truth.ts'

/** Where a rule stands, which says what its Allow is worth. */
export type Place =
  | 'policy'
  | 'acl'
  | 'grant'
  | 'accessPoint'
  /** The policy of the bucket behind an access point. */
  | 'bucketPolicy'
  /** It can only deny. */
  | 'boundary'
  /** It stands for what could not be read. */
  | 'unread'

export interface Rule {
  /** `Policy Sid`. */
  readonly label: string
  readonly place: Place
  readonly statement: Statement
  /** False where it is not known whether the rule is in effect; `missing` may say why. */
  readonly certain: boolean
  readonly missing: readonly Missing[] | undefined
  /** The access point (its index) whose requests it judges; undefined: all. */
  readonly accessPoint: number | undefined
  /** Whom it concerns at all; undefined: everybody. */
  readonly appliesTo: ((caller: Caller) => Truth) | undefined
}

/** A statement with its variables filled in for one caller. */
export interface Bound {
  readonly rule: Rule
  readonly statement: Statement
  readonly resources: readonly string[] | undefined
  /** A variable's value was unknown. */
  readonly resourceUnknown: boolean
  readonly conditions: readonly BoundCondition[]
}

export interface BoundCondition {
  readonly operator: Operator | undefined
  readonly key: string
  readonly values: readonly string[]
  /** A variable's value was unknown. */
  readonly unknown: boolean
}

function fill(values: readonly Value[], lookup: Lookup): { texts: string[]; unknown: boolean } {
  const texts: string[] = []
  let unknown = false
  for (const value of values) {
    const text = resolve(value, lookup)
    if (text === null) unknown = true
    else if (text !== undefined) texts.push(text)
  }
  return { texts, unknown }
}

/** Fills in the variables. One whose key is absent makes its value match nothing. [IAM User Guide, "Policy variables"] */
export function bind(rule: Rule, lookup: Lookup): Bound {
  const { statement } = rule
  const resources = statement.resources && fill(statement.resources, lookup)
  return {
    rule,
    statement,
    resources: resources?.texts,
    resourceUnknown: resources?.unknown === true,
    conditions: statement.conditions.map(({ operator, key, values }): BoundCondition => {
      const { texts, unknown } = fill(values, lookup)
      return { operator, key, values: texts, unknown }
    }),
  }
}

export interface RuleOptions {
  readonly certain?: boolean
  readonly missing?: readonly Missing[] | undefined
  readonly accessPoint?: number | undefined
  readonly appliesTo?: ((caller: Caller) => Truth) | undefined
}

function rule(label: string, place: Place, statement: Statement, options: RuleOptions): Rule {
  const { certain = true, missing, accessPoint, appliesTo } = options
  return { label, place, statement, certain, missing, accessPoint, appliesTo }
}

/** The rules of a document; a part of it that can't be read stands for anything. */
export function rulesOf(name: string, json: Json, place: Place, options: RuleOptions = {}): Rule[] {
  const { statements, problem } = parseDocument(json)
  const rules = statements.map((statement) => rule(`${name} ${statement.label}`, place, statement, options))
  return problem === undefined ? rules : [...rules, ...unread(`${name} (${problem})`, options)]
}

/** A statement of our own making: an ACL's line, a grant, a sharing list. */
export interface Made {
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal: Json
  readonly Action?: readonly string[]
  /** Instead of `Action`. */
  readonly NotAction?: readonly string[]
  readonly Condition?: Json
}

export function madeRule(label: string, place: Place, made: Made, options: RuleOptions = {}): Rule {
  const [statement] = parseDocument({ Version: '2012-10-17', Statement: [{ ...made }] as Json }).statements
  if (statement === undefined) throw new Error(`${label} makes no statement`)
  return rule(label, place, { ...statement, label }, options)
}

const ANYONE = { Principal: '*', Action: ['*'] }

/** What was not read may allow anything and deny anything. */
export function unread(label: string, options: RuleOptions = {}): Rule[] {
  const uncertain = { ...options, certain: false }
  return [
    madeRule(label, 'unread', { Effect: 'Allow', ...ANYONE }, uncertain),
    madeRule(label, 'unread', { Effect: 'Deny', ...ANYONE }, uncertain),
  ]
}
