/** The analyses whose facts rules may ask for, each computed when the first rule asks. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Json, Missing, Resource } from '../../snapshot/model.ts'

export type FactProvider = (resource: Resource) => Json | { readonly missing: readonly Missing[] }

export interface FactOptions {
  readonly trustedAccounts: readonly string[]
  readonly now: string
}

export function factProviders(_index: SnapshotIndex, _options: FactOptions): Record<string, FactProvider> {
  return {}
}
