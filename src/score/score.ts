/** From verdicts to scores. The formula, by hand, with a worked example: docs/scoring.md. */
import type { Pillar, Severity } from '../rules/model.ts'
import { PILLARS, SEVERITIES } from '../rules/model.ts'
import type { PillarScore, ScoreRange } from './audit.ts'

/** What a rule of this severity weighs against the others of its pillar. */
export const WEIGHT: Readonly<Record<Severity, number>> = {
  critical: 10,
  high: 5,
  medium: 2,
  low: 1,
  info: 0,
}

/** The most that a pillar can score while its worst open finding is of this severity. */
export const CEILING: Readonly<Record<Severity, number>> = {
  critical: 50,
  high: 75,
  medium: 90,
  low: 98,
  info: 100,
}

export type BySeverity = Readonly<Partial<Record<Severity, number>>>

/** How one rule went. Findings are told apart by severity because an expression may grade them below its rule. */
export interface RuleTally {
  readonly pillar: Pillar
  /** The rule's own: the worst that it can say. */
  readonly severity: Severity
  readonly pass: number
  readonly fail: BySeverity
  readonly unknown: BySeverity
  readonly waived: BySeverity
}

export interface Scores {
  readonly overall: ScoreRange
  readonly pillars: Readonly<Record<Pillar, PillarScore>>
  /** The same as if nothing had been waived. */
  readonly ignoringWaivers: {
    readonly overall: ScoreRange
    readonly pillars: Readonly<Record<Pillar, ScoreRange>>
  }
}

/** One rule with every unknown decided one way or the other. */
interface Decided {
  readonly severity: Severity
  readonly pass: number
  readonly fail: BySeverity
}

const NO_DATA: ScoreRange = { low: null, high: null }

export const total = (counts: BySeverity): number =>
  SEVERITIES.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0)

const sumBySeverity = (a: BySeverity, b: BySeverity): BySeverity =>
  Object.fromEntries(SEVERITIES.map((severity) => [severity, (a[severity] ?? 0) + (b[severity] ?? 0)]))

const worstOf = (counts: BySeverity): Severity =>
  SEVERITIES.find((severity) => (counts[severity] ?? 0) > 0) ?? 'info'

/** Tenths, rounded down, so that 100 is said only of 100; the epsilon keeps 57.3 from becoming 57.2. */
const tenths = (score: number): number => Math.floor(score * 10 + 1e-9) / 10

/**
 * What a rule weighs, and what part of that it loses.
 * Where nothing passes, a rule that graded its findings down weighs no more than the worst of them: without this a
 * first mild finding would pull the average of a worse pillar up.
 */
function lossOf(rule: Decided): { weight: number; lost: number } {
  const fails = total(rule.fail)
  const own = WEIGHT[rule.severity]
  const worst = fails === 0 ? 0 : Math.min(own, WEIGHT[worstOf(rule.fail)])
  if (rule.pass === 0) return { weight: worst, lost: worst }
  return { weight: own, lost: (worst * fails) / (fails + rule.pass) }
}

/** @returns 0–100; 100 where nothing that weighs fails */
function scoreOf(rules: readonly Decided[]): number {
  const losses = rules.map(lossOf)
  const weight = losses.reduce((sum, rule) => sum + rule.weight, 0)
  const lost = losses.reduce((sum, rule) => sum + rule.lost, 0)
  const ceiling = Math.min(100, ...rules.map((rule) => CEILING[worstOf(rule.fail)]))
  return tenths(weight === 0 ? ceiling : ceiling * (1 - lost / weight))
}

function rangeOf(tallies: readonly RuleTally[]): ScoreRange {
  // A rule that only informs is no evidence that anything is in order.
  const judged = tallies.some((rule) => WEIGHT[rule.severity] > 0 && rule.pass + total(rule.fail) > 0)
  const informed = tallies.some((rule) => CEILING[worstOf(rule.fail)] < 100)
  if (!judged && !informed) return NO_DATA
  return {
    low: scoreOf(
      tallies.map((rule) => ({
        severity: rule.severity,
        pass: rule.pass,
        fail: sumBySeverity(rule.fail, rule.unknown),
      })),
    ),
    high: scoreOf(
      tallies.map((rule) => ({
        severity: rule.severity,
        pass: rule.pass + total(rule.unknown),
        fail: rule.fail,
      })),
    ),
  }
}

function pillarScore(tallies: readonly RuleTally[]): PillarScore {
  const sum = (count: (rule: RuleTally) => number): number =>
    tallies.reduce((all, rule) => all + count(rule), 0)
  return {
    ...rangeOf(tallies),
    pass: sum((rule) => rule.pass),
    fail: sum((rule) => total(rule.fail)),
    unknown: sum((rule) => total(rule.unknown)),
    waived: sum((rule) => total(rule.waived)),
  }
}

const byPillar = <T>(tallies: readonly RuleTally[], score: (rules: readonly RuleTally[]) => T) =>
  Object.fromEntries(
    PILLARS.map((pillar) => [pillar, score(tallies.filter((rule) => rule.pillar === pillar))]),
  ) as Record<Pillar, T>

/**
 * Scores of every pillar and of all rules together.
 * Mending a finding never lowers a score, a new fail never raises one; what is waived counts for nothing.
 */
export function scoreAll(tallies: readonly RuleTally[]): Scores {
  const unwaived = tallies.map((rule) => ({ ...rule, fail: sumBySeverity(rule.fail, rule.waived) }))
  return {
    overall: rangeOf(tallies),
    pillars: byPillar(tallies, pillarScore),
    ignoringWaivers: { overall: rangeOf(unwaived), pillars: byPillar(unwaived, rangeOf) },
  }
}
