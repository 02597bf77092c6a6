/** How much work a rule may take, so that none stops an audit. */

/** Iterations and the like, for one expression on one resource, and for one rule on all of them. */
export interface Budget {
  readonly perEvaluation: number
  readonly perRule: number
}
export const BUDGET: Budget = { perEvaluation: 200_000, perRule: 20_000_000 }

export class OverBudget extends Error {}

/** What is left of a rule's budget on the whole snapshot. */
export interface Account {
  left: number
}

export interface Meter {
  /** What is said of a rule whose budget is spent. */
  readonly overRule: string
  begin(account: Account): void
  /** @throws {OverBudget} */
  spend(steps: number): void
  /** What the evaluation under way spent too much of, if anything. */
  spent(): string | undefined
}

/** Counts the steps of the evaluation that is under way. */
export function createMeter({ perEvaluation, perRule }: Budget): Meter {
  const overRule = `the rule took more than ${perRule} steps on the whole snapshot`
  let left = 0
  let account: Account = { left: perRule }
  let spent: string | undefined
  const overBudget = (message: string): never => {
    spent = message
    throw new OverBudget(message)
  }
  return {
    overRule,
    spent: () => spent,
    begin: (of: Account): void => {
      left = perEvaluation
      account = of
      spent = undefined
    },
    spend: (steps: number): void => {
      left -= steps
      account.left -= steps
      if (left < 0) overBudget(`the rule took more than ${perEvaluation} steps on this resource`)
      if (account.left < 0) overBudget(overRule)
    },
  }
}
