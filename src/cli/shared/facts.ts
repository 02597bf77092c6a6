/** The analyses whose facts rules may ask for, each prepared when the first rule asks. */
import type { AnalysisOptions } from '../../analyze/analysis.ts'
import { analyses } from '../../analyze/index.ts'
import type { Facts } from '../../rules/runtime.ts'
import type { SnapshotIndex } from '../../snapshot/index.ts'

export function factsOf(index: SnapshotIndex, options: AnalysisOptions): Facts {
  return Object.fromEntries(
    analyses.map(({ name, prepare }) => {
      let prepared: ReturnType<typeof prepare> | undefined
      return [
        name,
        (resource) => {
          prepared ??= prepare(index, options)
          return prepared(resource)
        },
      ]
    }),
  )
}
