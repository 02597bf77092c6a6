/** What a rule is once it is loaded, and what it says of a resource. */
import type { Json, Missing, Resource } from '../snapshot/model.ts'

export const PILLARS = ['iam', 'detective', 'infrastructure', 'data', 'response'] as const
export type Pillar = (typeof PILLARS)[number]

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

export type VerdictKind = 'pass' | 'fail' | 'unknown' | 'waived'

export interface Remediation {
  readonly text: string
  /** Commands with `{…}` already filled in for the resource. */
  readonly cli?: string
  readonly terraform?: string
}

export interface Parameter {
  readonly name: string
  readonly type: 'int' | 'double' | 'bool' | 'string' | 'list<string>' | 'list<int>' | 'map<string, string>'
  readonly default: Json
  readonly description: string
}

/** One rule, its expressions still as text: what `rules show` prints and every report describes. */
export interface RuleDescription {
  readonly id: string
  /** Earlier ids: fingerprints and waivers that name them still hold. */
  readonly aliases: readonly string[]
  /** Rules that each judge one link of what this one judges as a whole: it stands before them. */
  readonly combines?: readonly string[]
  readonly title: string
  readonly pillar: Pillar
  readonly severity: Severity
  /** `AWS::EC2::VPC`. */
  readonly resource: string
  /** Names that its expressions use, and what they stand for. */
  readonly let?: Readonly<Record<string, string>>
  readonly when?: string
  /** The list whose elements are judged one by one, and what tells them apart. */
  readonly each?: { readonly list: string; readonly key: string }
  readonly pass: string
  /** Severities that an expression gives in place of the rule's own. */
  readonly cases: readonly { readonly when: string; readonly severity: Severity }[]
  readonly message: string
  readonly risk: string
  readonly fix: Remediation
  readonly references: readonly string[]
  /** Framework to its controls: `{ 'CIS-AWS-3.0': ['3.7'] }`. */
  readonly maps: Readonly<Record<string, readonly string[]>>
  readonly params: readonly Parameter[]
  /** The operations whose answers it reads, IAM style. */
  readonly operations: readonly string[]
  /** Where it stands, for errors: `rules/data/kms-key-rotation.yaml`. */
  readonly file: string
}

/** The waiver that a finding fits, and whether it still counts: only `active` hides it. */
export interface VerdictWaiver {
  readonly state: 'active' | 'expired' | 'lapsed' | 'undecided'
  readonly reason: string
  readonly owner: string
  /** The last day on which it counts, in UTC: `2026-12-31`. */
  readonly expires: string
  readonly ticket?: string
  readonly file: string
  readonly line: number
}

/** What one rule says of one resource (or of a place whose resources could not be listed). */
export interface Verdict {
  readonly rule: RuleDescription
  readonly kind: VerdictKind
  /** The rule's, unless its expression graded it. */
  readonly severity: Severity
  /** The resource judged; where a listing failed, a stand-in for all that could not be seen there. */
  readonly resource: Pick<Resource, 'id' | 'type' | 'account' | 'region' | 'name' | 'tags'>
  /** Tells several findings of one rule on one resource apart: the rule of a group, the statement of a policy. */
  readonly subKey?: string
  readonly message: string
  /** The values that the expression read, by field: what a person needs to believe the verdict. */
  readonly evidence: Readonly<Record<string, Json>>
  /** Why it is unknown; never empty then. */
  readonly missing: readonly Missing[]
  readonly waiver?: VerdictWaiver
  readonly remediation: Remediation
}

/** What went through a rule that gave no verdict to list: counts only. */
export interface RuleCount {
  readonly ruleId: string
  readonly pass: number
  readonly fail: number
  readonly unknown: number
  readonly waived: number
  readonly notApplicable: number
}

/** A rule that could not be loaded or run: reported, the others go on. */
export interface RuleProblem {
  readonly file: string
  readonly line?: number
  readonly column?: number
  readonly ruleId?: string
  readonly message: string
  readonly level: 'error' | 'warning'
}
