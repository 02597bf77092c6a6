/** Kleene's three values. What could not be known stays unknown until something else decides. */
export type Truth = 0 | 1 | 2

export const NO: Truth = 0
export const YES: Truth = 1
export const UNKNOWN: Truth = 2

export const truth = (value: boolean): Truth => (value ? YES : NO)

export function and(a: Truth, b: Truth): Truth {
  if (a === NO || b === NO) return NO
  return a === UNKNOWN || b === UNKNOWN ? UNKNOWN : YES
}

export function or(a: Truth, b: Truth): Truth {
  if (a === YES || b === YES) return YES
  return a === UNKNOWN || b === UNKNOWN ? UNKNOWN : NO
}

export function not(a: Truth): Truth {
  return a === UNKNOWN ? UNKNOWN : a === YES ? NO : YES
}
