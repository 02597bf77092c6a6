/** The values that policy variables can take, where the caller or the snapshot does not settle them. */
import type { Candidate } from './callers.ts'
import { keyFacts } from './condition-key.ts'
import { type Condition, type Lookup, type Statement, type Value, variableKeys } from './document.ts'
import { isWild, STAR } from './glob.ts'
import type { Rule } from './rule.ts'
import type { Cut } from './samples.ts'

/** A value for each free variable; undefined: the request does not carry the key. */
export type Binding = ReadonlyMap<string, string | undefined>

const MOST = 24

/** The texts that stand where a value's variables stand in others of the same key or element. */
function counterparts(value: Value, others: readonly Value[]): string[] {
  const pieces = others.filter((other) => !other.template).flatMap((other) => other.text.split(/[/:,]/))
  const whole = value.template?.parts.length === 3 && value.text === STAR
  const texts = whole ? others.filter((other) => !other.template).map((other) => other.text) : pieces
  return texts.filter((text) => text !== '' && !isWild(text))
}

function reads(value: Value, key: string): boolean {
  return value.template?.parts.some((part) => typeof part !== 'string' && part.key === key) === true
}

function comparedWith(statements: readonly Statement[], key: string): string[] {
  const conditions = statements.flatMap((statement) => statement.conditions)
  const resources = statements.flatMap((statement) => statement.resources ?? [])
  const own = conditions.filter((condition) => condition.key === key).flatMap(literals)
  const beside = conditions
    .filter((condition) => condition.values.some((value) => reads(value, key)))
    .flatMap((condition) => {
      const others = conditions.filter((one) => one.key === condition.key).flatMap((one) => one.values)
      return condition.values
        .filter((value) => reads(value, key))
        .flatMap((value) => counterparts(value, others))
    })
  const inResources = resources
    .filter((value) => reads(value, key))
    .flatMap((value) => counterparts(value, resources))
  return [...own, ...beside, ...inResources]
}

function literals(condition: Condition): string[] {
  return condition.values.filter((value) => !value.template && !isWild(value.text)).map((value) => value.text)
}

function valuesOf(
  statements: readonly Statement[],
  key: string,
  candidate: Candidate,
): (string | undefined)[] {
  const facts = keyFacts(key)
  const { kind } = candidate.caller
  if (facts?.signed && kind !== 'principal') return [undefined]
  if (facts?.part === 'source' && kind !== 'service') return [undefined]
  if (facts?.part === 'token' && kind !== 'federated') return [undefined]
  const named = new Set(comparedWith(statements, key))
  let fresh = 'any'
  while (named.has(fresh)) fresh += 'x'
  return [fresh, ...named, undefined]
}

/** Every variable that the request may set takes a value that no rule names, each that some rule names, and none. */
export function bindingsOf(
  rules: readonly Rule[],
  candidate: Candidate,
  constant: Lookup,
  cut: Cut,
): readonly Binding[] {
  const statements = rules.map((rule) => rule.statement)
  const keys = new Set(rules.flatMap((rule) => variableKeys(rule.statement)))
  let found: Map<string, string | undefined>[] = [new Map()]
  for (const key of keys) {
    const facts = keyFacts(key)
    if (facts === undefined || facts.part === 'caller' || constant(key) !== null) continue
    if (facts.part === 'resource' || facts.part === 'time') continue
    const values = valuesOf(statements, key, candidate)
    found = found.flatMap((one) => values.map((value) => new Map(one).set(key, value)))
    if (found.length > MOST) {
      cut.happened = true
      found = found.slice(0, MOST)
    }
  }
  return found
}
