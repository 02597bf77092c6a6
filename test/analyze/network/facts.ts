/** The facts of an estate's resources, as plain data. */
import type { Fact } from '../../../src/analyze/analysis.ts'
import { network } from '../../../src/analyze/network/analysis.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { Snapshot } from '../../../src/snapshot/model.ts'
import type { Estate } from './estate.ts'

export const OPTIONS = { now: '2026-11-01T00:00:00Z', trustedAccounts: [] }

export function factsIn(snapshot: Snapshot): (short: string) => Fact {
  const index = indexSnapshot(snapshot)
  const of = network.prepare(index, OPTIONS)
  return (short) => {
    const resource = index.byShortId(short)
    if (!resource) throw new Error(`no ${short}`)
    return of(resource)
  }
}

export const factsOf = (estate: Estate) => factsIn(estate.snapshot())

/** The members of a fact that are asked for, as plain data; `unseen` names what can't be told. */
export function read(fact: Fact, ...names: string[]): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(
      Object.fromEntries(
        names.map((name) => {
          const hidden = fact.unseen?.[name]
          return [name, hidden ? { unseen: hidden.map(({ operation }) => operation) } : fact.known[name]]
        }),
      ),
    ),
  )
}
