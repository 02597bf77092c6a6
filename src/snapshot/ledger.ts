/** Every call that was made, a line for each operation in each account and region. */
import { type Operation, type Place, permissionOf, type Service } from '../collect/dsl.ts'
import type { CallRecord, Outcome } from './model.ts'

export interface LedgerEntry {
  readonly calls: number
  readonly outcome: Outcome
  readonly detail?: string
  readonly lists: readonly string[]
  readonly because?: { readonly operation: string; readonly permission: string }
}

/** Worst last: one denied call among a thousand good ones makes the line `denied`. */
const RANK: readonly Outcome[] = [
  'ok',
  'region-disabled',
  'unsupported',
  'not-enabled',
  'not-collected',
  'interrupted',
  'throttled',
  'error',
  'denied',
]

const ANSWERS: ReadonlySet<Outcome> = new Set(['ok', 'region-disabled', 'unsupported', 'not-enabled'])

export class Ledger {
  private readonly lines = new Map<string, CallRecord>()

  add(place: Place, service: Service, operation: Operation, entry: LedgerEntry): void {
    const key = [place.account, place.region, service.name, operation.api, operation.variant ?? ''].join('|')
    const before = this.lines.get(key)
    const worse = !before || RANK.indexOf(entry.outcome) > RANK.indexOf(before.outcome)
    const failed = (before?.failed ?? 0) + (ANSWERS.has(entry.outcome) ? 0 : 1)
    const lists = [...new Set([...(before?.lists ?? []), ...entry.lists])]
    const detail = worse ? entry.detail : before.detail
    const because = worse ? entry.because : before.because
    this.lines.set(key, {
      account: place.account,
      region: place.region,
      service: service.name,
      operation: operation.api,
      outcome: worse ? entry.outcome : before.outcome,
      calls: (before?.calls ?? 0) + entry.calls,
      ...(failed > 0 ? { failed } : {}),
      permission: permissionOf(service, operation),
      ...(operation.reserved ? { reserved: true } : {}),
      ...(lists.length > 0 ? { lists } : {}),
      ...(because === undefined ? {} : { because }),
      ...(detail === undefined ? {} : { detail }),
    })
  }

  records(): CallRecord[] {
    return [...this.lines.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record)
  }
}
