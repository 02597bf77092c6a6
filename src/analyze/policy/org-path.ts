/** Where an account stands in its organization, where only the organization is known. */
import { isWild, matches, written } from './glob.ts'
import { evaluate } from './operator.ts'
import type { BoundCondition } from './rule.ts'
import { type Truth, truth, UNKNOWN } from './truth.ts'

/** Shorter than any root's id that AWS makes: it stands for every place. [Organizations API Reference, "Root"] */
const ANYWHERE = '/r-any/'

export const somewhereIn = (org: string): string => `${org}${ANYWHERE}`

export function isSomewhere(values: readonly string[] | null | undefined): boolean {
  return values?.length === 1 && values[0]?.endsWith(ANYWHERE) === true
}

/** How many of an organization's paths a pattern fits. */
function shareFitted(pattern: string, org: string): 'all' | 'some' | 'none' {
  const head = `${org}/`
  const places = [`${head}\u0001/`, `${head}\u0001\u0001/\u0001\u0001/`]
  if (places.every((place) => matches(pattern, place))) return 'all'
  const fixed = isWild(pattern) ? written(pattern).replace(/[*?].*$/s, '') : pattern
  return fixed.startsWith(head) || (isWild(pattern) && head.startsWith(fixed)) ? 'some' : 'none'
}

/** A condition on the place of an account of which nothing but the organization is known. */
export function holdsSomewhere({ operator, values, unknown }: BoundCondition, somewhere: string): Truth {
  if (!operator || unknown) return UNKNOWN
  if (operator.family === 'null') return evaluate(operator, [somewhere], values)
  const org = somewhere.slice(0, -ANYWHERE.length)
  const lower = (text: string): string => (operator.ignoreCase ? text.toLowerCase() : text)
  const shares = values.map((value) => shareFitted(lower(value), lower(org)))
  if (shares.includes('all')) return truth(!operator.negated)
  if (shares.includes('some')) return UNKNOWN
  return truth(operator.negated)
}
