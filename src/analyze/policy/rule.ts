/** The statements that bear on one resource, from every policy, list and boundary, in one shape. */
import type { Json } from '../../snapshot/model.ts'
import { type Condition, type Lookup, parseDocument, resolve, type Statement } from './document.ts'
import { pattern, STAR } from './glob.ts'
import type { Operator } from './operator.ts'
import type { Caller } from './principal.ts'
import type { Truth } from './truth.ts'

/** Where a rule stands, which says what its Allow is worth. */
export type Place = 'resource' | 'acl' | 'grant' | 'accessPoint' | 'bucket' | 'boundary' | 'unread'

export interface Rule {
  /** `Policy Sid`. */
  readonly label: string
  readonly place: Place
  readonly statement: Statement
  /** False where it is not known whether the rule is in effect. */
  readonly certain: boolean
  /** The access point (its index) whose requests it judges; absent: all. */
  readonly accessPoint?: number
  /** Boundaries only: whom it bounds. */
  readonly appliesTo?: (caller: Caller) => Truth
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
  readonly unknown: boolean
  readonly condition: Condition
}

const plain = new WeakMap<Statement, Pick<Bound, 'resources' | 'resourceUnknown' | 'conditions'>>()

export function hasVariables(statement: Statement): boolean {
  return (
    statement.resources?.some((value) => value.parts) === true ||
    statement.conditions.some((condition) => condition.values.some((value) => value.parts))
  )
}

function fillAll(
  values: readonly { readonly text: string }[],
  lookup: Lookup,
): { texts: string[]; unknown: boolean } {
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
  const variables = hasVariables(statement)
  const cached = variables ? undefined : plain.get(statement)
  if (cached) return { rule, statement, ...cached }
  const resources = statement.resources && fillAll(statement.resources, lookup)
  const bound = {
    resources: resources?.texts,
    resourceUnknown: resources?.unknown === true,
    conditions: statement.conditions.map((condition): BoundCondition => {
      const { texts, unknown } = fillAll(condition.values, lookup)
      return { operator: condition.operator, key: condition.key, values: texts, unknown, condition }
    }),
  }
  if (!variables) plain.set(statement, bound)
  return { rule, statement, ...bound }
}

/** The keys that a statement's variables read. */
export function variableKeys(statement: Statement): string[] {
  const values = [
    ...(statement.resources ?? []),
    ...statement.conditions.flatMap((condition) => condition.values),
  ]
  return values.flatMap((value) =>
    (value.parts ?? []).flatMap((part) => (typeof part === 'string' ? [] : [part.key])),
  )
}

export type RuleOptions = Partial<Pick<Rule, 'certain' | 'accessPoint' | 'appliesTo'>> & {
  readonly only?: 'Deny'
}

/** The rules of a document; a part of it that can't be read stands for anything. */
export function rulesOf(name: string, json: Json, place: Place, options: RuleOptions = {}): Rule[] {
  const document = parseDocument(json)
  const { only, certain = true, ...rest } = options
  const rules = document.statements
    .filter((statement) => only === undefined || statement.effect === only)
    .map(
      (statement): Rule => ({
        label: `${name} ${statement.label}`,
        place,
        statement,
        certain,
        ...rest,
      }),
    )
  return document.problem === undefined ? rules : [...rules, ...unread(`${name} (${document.problem})`, rest)]
}

const EVERYONE: Json = { AWS: '*' }

/** A rule of our own making: an ACL's line, a grant, or what was not read. */
export function madeRule(
  label: string,
  place: Place,
  json: {
    Effect: 'Allow' | 'Deny'
    Principal: Json
    Action: readonly string[]
    Resource?: string
    Condition?: Json
  },
  options: RuleOptions = {},
): Rule[] {
  const document = parseDocument({ Version: '2012-10-17', Statement: [json as unknown as Json] })
  const { certain = true, ...rest } = options
  return document.statements.map((statement) => ({
    label,
    place,
    statement: { ...statement, label, actions: json.Action.map((action) => pattern(action.toLowerCase())) },
    certain,
    ...rest,
  }))
}

/** What was not read may allow anything and deny anything. */
export function unread(label: string, options: RuleOptions = {}): Rule[] {
  return [
    ...madeRule(
      label,
      'unread',
      { Effect: 'Allow', Principal: EVERYONE, Action: ['*'] },
      { ...options, certain: false },
    ),
    ...madeRule(
      label,
      'unread',
      { Effect: 'Deny', Principal: EVERYONE, Action: ['*'] },
      { ...options, certain: false },
    ),
  ]
}

export { STAR }
