/** The parts of a statement against one caller and one value: three-valued, as far as is known. */

import { evaluate } from './operator.ts'
import { holdsSomewhere, isSomewhere } from './org-path.ts'
import { type Caller, covers, spares } from './principal.ts'
import type { Bound, BoundCondition } from './rule.ts'
import { and, NO, type Truth, truth, UNKNOWN, YES } from './truth.ts'

/** Whether the statement is about the caller. */
export function concerns({ statement, rule }: Bound, caller: Caller): Truth {
  const { principals, notPrincipal, effect } = statement
  const applies = rule.appliesTo?.(caller) ?? YES
  // Only SCPs and the like go without a principal.
  if (principals === undefined) return rule.place === 'boundary' ? applies : NO
  const named = notPrincipal && effect === 'Deny' ? spares(principals, caller) : covers(principals, caller)
  return and(applies, truth(named !== notPrincipal))
}

/** @param actual undefined: the key is absent; null: not known */
export function holds(condition: BoundCondition, actual: readonly string[] | undefined | null): Truth {
  if (!condition.operator || actual === null) return UNKNOWN
  if (condition.key === 'aws:principalorgpaths' && isSomewhere(actual))
    return holdsSomewhere(condition, actual?.[0] ?? '')
  const found = evaluate(condition.operator, actual, condition.values)
  const open = condition.unknown && actual !== undefined && (found === YES) === condition.operator.negated
  return open ? UNKNOWN : found
}
