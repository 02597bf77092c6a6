/** The finished audit: the one value that every report renders. Its JSON is what interfaces rely on. */
import type { Missing, Outcome, Resource } from '../snapshot/model.ts'
import type { Json } from '../snapshot/model.ts'
import type { Pillar, Remediation, RuleCount, RuleDescription, RuleProblem, Severity } from '../rules/model.ts'

/** 0–100; `low` counts every unknown as a fail, `high` as a pass. `null`: no data. */
export interface ScoreRange {
  readonly low: number | null
  readonly high: number | null
}

export interface PillarScore extends ScoreRange {
  readonly pass: number
  readonly fail: number
  readonly unknown: number
  readonly waived: number
}

/** One ledger line of the coverage: only lines that are not plainly `ok`, unless all are asked for. */
export interface CoverageLine {
  readonly account: string
  readonly region: string
  readonly service: string
  readonly operation: string
  readonly outcome: Outcome
  readonly calls: number
  readonly permission: string
  /** Ids of the rules that it blinds. */
  readonly affects: readonly string[]
  readonly detail?: string
}

export interface Finding {
  readonly ruleId: string
  readonly title: string
  readonly severity: Severity
  readonly pillar: Pillar
  readonly verdict: 'pass' | 'fail' | 'unknown' | 'waived'
  readonly resource: Pick<Resource, 'id' | 'type' | 'account' | 'region' | 'name' | 'tags'>
  readonly message: string
  readonly evidence: Readonly<Record<string, Json>>
  readonly missing?: readonly Missing[]
  readonly waiver?: Readonly<Record<string, Json>>
  /** Stable under order, paging and tag edits: SHA-256 of rule, resource and sub-key, in hex. */
  readonly fingerprint: string
  readonly remediation: Remediation
  readonly references: readonly string[]
  readonly compliance: Readonly<Record<string, readonly string[]>>
  /** 1-based line of the resource in the snapshot file; 1 where it stands in none. */
  readonly line: number
}

export interface Audit {
  readonly schemaVersion: number
  readonly tool: { readonly name: string; readonly version: string }
  readonly snapshot: {
    readonly time: string
    readonly accounts: readonly string[]
    readonly regions: readonly string[]
    readonly sha256: string
    /** Relative name of the file for reports that point into it. */
    readonly file?: string
  }
  readonly score: {
    readonly overall: ScoreRange
    readonly pillars: Readonly<Record<Pillar, PillarScore>>
  }
  readonly coverage: readonly CoverageLine[]
  /** Something that was asked could not be seen. */
  readonly incomplete: boolean
  /** Worst first; order is stable. Passes only with `--show-passed`. */
  readonly findings: readonly Finding[]
  readonly summary: {
    readonly bySeverity: Readonly<Record<Severity, number>>
    readonly byPillar: Readonly<Record<Pillar, number>>
    readonly byRule: readonly RuleCount[]
    /** Unknown verdicts grouped by their cause: one denied permission is one line. */
    readonly unknownCauses: readonly {
      readonly operation: string
      readonly outcome: Outcome
      readonly permission: string
      readonly places: readonly string[]
      readonly rules: readonly string[]
      readonly resources: number
    }[]
  }
  readonly rules: readonly RuleDescription[]
  readonly problems: readonly RuleProblem[]
}
