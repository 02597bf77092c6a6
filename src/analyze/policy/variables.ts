/** What a policy variable is compared with: the texts that it may have to be for two statements to meet. */
import type { Condition, Statement, Value } from './document.ts'
import { isWild, STAR } from './glob.ts'

/** The texts that stand where a value's variables stand in others of the same key or element. */
function counterparts(value: Value, others: readonly Value[]): string[] {
  const pieces = others.filter((other) => !other.template).flatMap((other) => other.text.split(/[/:,]/))
  const whole = value.template?.parts.length === 3 && value.text === STAR
  const texts = whole ? others.filter((other) => !other.template).map((other) => other.text) : pieces
  return texts.filter((text) => text !== '')
}

function reads(value: Value, key: string): boolean {
  return value.template?.parts.some((part) => typeof part !== 'string' && part.key === key) === true
}

/** Texts beside a variable; see patternsBeside. */
export function comparedWith(statements: readonly Statement[], key: string): string[] {
  return patternsBeside(statements, key).filter((text) => !isWild(text))
}

/**
 * Texts and patterns beside a variable: values of its own key, and what stands where it stands in others of the same key
 * or element.
 */
export function patternsBeside(statements: readonly Statement[], key: string): string[] {
  const conditions = statements.flatMap((statement) => statement.conditions)
  const resources = statements.flatMap((statement) => statement.resources ?? [])
  const own = conditions.filter((condition) => condition.key === key).flatMap(plainTexts)
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

function plainTexts(condition: Condition): string[] {
  return condition.values.filter((value) => !value.template).map((value) => value.text)
}
