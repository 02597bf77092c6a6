/** What the HTML report holds for its own program. */
import type { Pillar, Severity, VerdictKind } from '../rules/model.ts'
import type { BaselineState } from '../score/audit.ts'
import type { Grant, Path } from './proof.ts'

export interface RuleData {
  readonly id: string
  readonly title: string
  readonly pillar: Pillar
  readonly risk: string
  /** Where all its findings say the same. */
  readonly fix?: string
  readonly terraform?: string
  readonly references: readonly string[]
  /** `CIS-AWS-3.0 5.2, 5.3`. */
  readonly compliance: readonly string[]
}

/** Why somebody should believe it: left out of the last rows where the page would grow too large. */
export interface Proof {
  readonly values?: readonly (readonly [string, string])[]
  readonly path?: Path
  readonly grants?: readonly Grant[]
}

export interface Row extends Proof {
  /** Index of its rule. */
  readonly rule: number
  readonly verdict: VerdictKind
  readonly severity: Severity
  readonly account: string
  readonly region: string
  readonly type: string
  readonly id: string
  readonly name?: string
  readonly subKey?: string
  readonly tags?: readonly (readonly [string, string])[]
  readonly message: string
  readonly missing?: string
  readonly waiver?: string
  readonly baseline?: BaselineState
  /** Where it is not what the rule says. */
  readonly fix?: string
  readonly cli?: string
  readonly terraform?: string
  readonly fingerprint: string
  readonly noProof?: true
}

export interface PageData {
  readonly pillars: Readonly<Record<Pillar, string>>
  readonly rules: readonly RuleData[]
  readonly findings: readonly Row[]
}
