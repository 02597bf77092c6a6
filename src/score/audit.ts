/** The finished audit: the one value that every report renders. Its JSON is what interfaces rely on. */

import type {
  Pillar,
  Remediation,
  RuleCount,
  RuleDescription,
  RuleProblem,
  Severity,
  VerdictKind,
  VerdictWaiver,
} from '../rules/model.ts'
import type { Json, Missing, Outcome, Resource } from '../snapshot/model.ts'

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

/** One line of the ledger: every call of one operation in one account and region, answered or not. */
export interface CoverageLine {
  readonly account: string
  readonly region: string
  readonly service: string
  readonly operation: string
  readonly outcome: Outcome
  readonly calls: number
  readonly permission: string
  /** AWS answers it only to an organization's management account and delegated administrators. */
  readonly reserved?: true
  /** Ids of the rules that read its answer: those that it blinds where there was none. */
  readonly affects: readonly string[]
  readonly detail?: string
}

/**
 * How a finding stands against an earlier audit. `changed`: its evidence or severity; `rule-changed`: it was judged by
 * another wording of its rule. What is mended, or was not looked at again, is no finding of this audit.
 */
export type BaselineState = 'new' | 'unchanged' | 'changed' | 'rule-changed'

export interface Finding {
  readonly ruleId: string
  readonly title: string
  readonly severity: Severity
  readonly pillar: Pillar
  readonly verdict: 'pass' | 'fail' | 'unknown' | 'waived'
  readonly resource: Pick<Resource, 'id' | 'type' | 'account' | 'region' | 'name' | 'tags'>
  /** Tells several findings of one rule on one resource apart. */
  readonly subKey?: string
  readonly message: string
  readonly evidence: Readonly<Record<string, Json>>
  readonly missing?: readonly Missing[]
  /** Only an `active` one makes it `waived`; another says why it is open again. */
  readonly waiver?: VerdictWaiver
  /** Only where there was an earlier audit to compare with. */
  readonly baseline?: BaselineState
  /** Stable under order, paging and tag edits: SHA-256 of rule, resource and sub-key, in hex. */
  readonly fingerprint: string
  readonly remediation: Remediation
  readonly references: readonly string[]
  readonly compliance: Readonly<Record<string, readonly string[]>>
  /** 1-based line of the resource in the snapshot file; 1 where it stands in none. */
  readonly line: number
}

/** Why verdicts are unknown: one denied permission, whatever the number of places and resources. */
export interface UnknownCause {
  /** IAM style, `kms:GetKeyPolicy`. */
  readonly operation: string
  readonly outcome: Outcome
  readonly permission: string
  /** `111122223333/eu-west-1`, sorted. */
  readonly places: readonly string[]
  /** Ids of the rules that it blinds, sorted. */
  readonly rules: readonly string[]
  /** Resources with an unknown verdict for it; a place whose listing failed counts as one. */
  readonly resources: number
  /** What AWS answered, the first time. */
  readonly detail?: string
}

export interface NotRescanned {
  readonly finding: Finding
  /** `kms:GetKeyPolicy denied`, `the Region eu-west-1 was not scanned`. */
  readonly reason: string
}

/** An audit held against an earlier one. */
export interface Comparison {
  readonly baseline: { readonly time: string; readonly sha256: string }
  /** Findings of the earlier audit that this one looked for and did not find. */
  readonly fixed: readonly Finding[]
  readonly notRescanned: readonly NotRescanned[]
  /** Not found again, but the rule judges otherwise now. */
  readonly ruleChanged: readonly Finding[]
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
    /** The same as if nothing had been waived. */
    readonly ignoringWaivers: {
      readonly overall: ScoreRange
      readonly pillars: Readonly<Record<Pillar, ScoreRange>>
    }
  }
  readonly coverage: readonly CoverageLine[]
  /** Something that a rule reads could not be seen. */
  readonly incomplete: boolean
  /** Worst first; order is stable. Passes only with `--show-passed`. */
  readonly findings: readonly Finding[]
  readonly summary: {
    /** Every verdict, listed or not. */
    readonly byVerdict: Readonly<Record<VerdictKind, number>>
    /** Failed, and not waived. */
    readonly bySeverity: Readonly<Record<Severity, number>>
    /** Failed, and not waived. */
    readonly byPillar: Readonly<Record<Pillar, number>>
    readonly byRule: readonly RuleCount[]
    /** Unknown verdicts grouped by their cause: one denied permission is one line. */
    readonly unknownCauses: readonly UnknownCause[]
  }
  readonly rules: readonly RuleDescription[]
  /** Severities to which the list of findings was narrowed; absent where it is whole. */
  readonly shown?: readonly Severity[]
  readonly comparison?: Comparison
  readonly problems: readonly RuleProblem[]
}
