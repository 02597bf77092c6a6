/** Accounts and organizations of nobody's, for callers whom no rule names. */
const ACCOUNTS = ['999999999999', '888888888888', '777777777777', '666666666666', '555555555555']

/** As long as AWS makes them, and no id of its making. */
export const STRANGE_ORG = 'o-anyoneelse'

export function strangeAccount(taken: ReadonlySet<string>): string {
  for (const id of ACCOUNTS) if (!taken.has(id)) return id
  let id = 100_000_000_000
  while (taken.has(String(id))) id++
  return String(id)
}
