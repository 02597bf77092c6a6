/** What a resource's rules name of callers: all else is alike to them. */
import { keyFacts } from './condition-key.ts'
import { variableKeys } from './document.ts'
import { isWild } from './glob.ts'
import { parseOperator } from './operator.ts'
import type { Bound, BoundCondition } from './rule.ts'
import { comparedWith } from './variables.ts'

export interface Named {
  readonly accounts: Set<string>
  /** Of aws:PrincipalAccount, with wildcards. */
  readonly accountPatterns: Set<string>
  /** Users, roles, sessions. */
  readonly arns: Set<string>
  readonly services: Set<string>
  readonly federated: Set<string>
  readonly canonical: Set<string>
  /** Of aws:PrincipalArn. */
  readonly arnPatterns: Set<string>
  readonly orgPatterns: Set<string>
  readonly pathPatterns: Set<string>
  readonly userIds: Set<string>
  readonly userNames: Set<string>
  /** The rules tell principals of one account apart. */
  varied: boolean
  /** The rules ask for a caller's organization. */
  orgs: boolean
}

const ACCOUNT = /^\d{12}$/
const ACCOUNTS_IN = /(?<!\d)\d{12}(?!\d)/g

/** The texts and patterns that an operator compares with; none where it compares otherwise. */
export function patternsOf({ operator, values }: BoundCondition): readonly string[] {
  switch (operator?.family) {
    case 'string':
      return operator.ignoreCase
        ? values.flatMap((value) => [value, value.toLowerCase(), value.toUpperCase()])
        : values
    case 'like':
    case 'arn':
    case 'binary':
      return values
    default:
      return []
  }
}

function addAll(to: Set<string>, values: Iterable<string>): void {
  for (const value of values) to.add(value)
}

/** A text that the pattern matches. */
export function filled(pattern: string): string {
  return pattern.replace(/[\uE000\uE002]/g, 'any').replace(/[\uE001\uE003]/g, 'x')
}

function noteAccounts(named: Named, values: readonly string[]): void {
  for (const value of values) {
    if (ACCOUNT.test(value)) named.accounts.add(value)
    else if (isWild(value)) named.accountPatterns.add(value)
  }
}

function noteCondition(named: Named, condition: BoundCondition): void {
  const values = patternsOf(condition)
  switch (condition.key) {
    case 'aws:principalarn':
      addAll(named.arnPatterns, values)
      for (const value of values) addAll(named.accounts, value.match(ACCOUNTS_IN) ?? [])
      named.varied = true
      break
    case 'aws:principalaccount':
    case 'kms:calleraccount':
    case 'aws:sourceowner':
      noteAccounts(named, values)
      break
    case 'aws:principalorgid':
      named.orgs = true
      addAll(named.orgPatterns, values)
      break
    case 'aws:principalorgpaths':
      named.orgs = true
      addAll(named.pathPatterns, values)
      break
    case 'aws:userid':
      addAll(named.userIds, values)
      addAll(
        named.accounts,
        values.filter((value) => ACCOUNT.test(value)),
      )
      named.varied = true
      break
    case 'aws:username':
      addAll(named.userNames, values)
      named.varied = true
      break
    case 'aws:principaltype':
      named.varied = true
      break
    case 'aws:principalservicename':
    case 'aws:principalservicenameslist':
      addAll(named.services, values.map(filled))
      break
    case 'aws:federatedprovider':
      addAll(named.federated, values.map(filled))
  }
}

/** A variable tells callers apart as a condition on its key does. */
function noteVariables(named: Named, rules: readonly Bound[]): void {
  const statements = rules.map((rule) => rule.statement)
  for (const key of new Set(statements.flatMap(variableKeys))) {
    if (keyFacts(key)?.part !== 'caller') continue
    const values = comparedWith(statements, key)
    noteCondition(named, { operator: parseOperator('StringEquals'), key, values, unknown: false })
  }
}

export function namedBy(rules: readonly Bound[]): Named {
  const named: Named = {
    accounts: new Set(),
    accountPatterns: new Set(),
    arns: new Set(),
    services: new Set(),
    federated: new Set(),
    canonical: new Set(),
    arnPatterns: new Set(),
    orgPatterns: new Set(),
    pathPatterns: new Set(),
    userIds: new Set(),
    userNames: new Set(),
    varied: false,
    orgs: false,
  }
  for (const { statement, conditions } of rules) {
    const { principals } = statement
    if (principals) {
      addAll(named.accounts, principals.accounts)
      addAll(named.arns, principals.arns)
      addAll(named.services, principals.services)
      addAll(named.federated, principals.federated)
      addAll(named.canonical, principals.canonical)
      if (statement.notPrincipal) named.varied = true
    }
    for (const condition of conditions) if (condition.operator) noteCondition(named, condition)
  }
  if (rules.some((rule) => rule.statement.variables)) noteVariables(named, rules)
  return named
}
