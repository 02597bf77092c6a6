/** Accounts and organizations of nobody's, for callers whom no rule names. */
const ACCOUNTS = ['999999999999', '888888888888', '777777777777', '666666666666', '555555555555']

/** As long as AWS makes them, and no id of its making. */
export const STRANGE_ORG = 'o-anyoneelse'

/** @param taken all that it must not be */
export function strangeAccount(...taken: readonly { has(id: string): boolean }[]): string {
  const isFree = (id: string): boolean => taken.every((some) => !some.has(id))
  for (const id of ACCOUNTS) if (isFree(id)) return id
  let id = 100_000_000_000
  while (!isFree(String(id))) id++
  return String(id)
}
