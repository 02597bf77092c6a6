/** Rules and a snapshot to verdicts. */
import type { SnapshotIndex } from '../snapshot/index.ts'
import type { Json } from '../snapshot/model.ts'
import { fillOf } from './absent.ts'
import { BUDGET, type Budget } from './budget.ts'
import { createJudge, prepare, type Ready } from './judge.ts'
import type { Rule } from './load.ts'
import type { RuleCount, RuleProblem, Verdict } from './model.ts'
import { hasType } from './params.ts'
import { createRuntime, type Facts, type Runtime } from './runtime.ts'
import { standIns } from './unknowns.ts'
import { createWaiving, type WaiverUse } from './waive.ts'
import type { Waiver } from './waiver-file.ts'
import { createWorld } from './world.ts'

export interface EvaluateOptions {
  /** ISO 8601; the snapshot's own time without it. */
  readonly now?: string
  readonly facts?: Facts
  /** Parameters by rule: `{ 'kms-key-age': { days: 90 } }`. */
  readonly params?: Readonly<Record<string, Readonly<Record<string, Json>>>>
  /** Passes as verdicts too, not only counted. */
  readonly keepPasses?: boolean
  readonly budget?: Budget
  readonly waivers?: readonly Waiver[]
}

export interface Evaluated {
  /** In the order of the rules, then of the snapshot. */
  readonly verdicts: readonly Verdict[]
  readonly counts: readonly RuleCount[]
  readonly problems: readonly RuleProblem[]
  /** What became of each waiver, in their order. */
  readonly waivers: readonly WaiverUse[]
}

export function paramsOf(
  rule: Rule,
  options: EvaluateOptions,
  problems: RuleProblem[],
): Readonly<Record<string, Json>> {
  const given =
    options.params && Object.hasOwn(options.params, rule.about.id) ? options.params[rule.about.id] : undefined
  if (given === undefined) return rule.params
  const params: Record<string, Json> = { ...rule.params }
  for (const [name, value] of Object.entries(given)) {
    const parameter = rule.about.params.find((one) => one.name === name)
    if (parameter && hasType(value, parameter.type)) params[name] = value
    else {
      const message = parameter
        ? `the parameter ${name} must be a ${parameter.type}`
        : `there is no parameter "${name}"`
      problems.push({ file: rule.about.file, ruleId: rule.about.id, message, level: 'error' })
    }
  }
  return params
}

/** The snapshot as the rules see it, and what runs their expressions on it. */
export function openRuntime(rules: readonly Rule[], index: SnapshotIndex, options: EvaluateOptions): Runtime {
  const shapes = rules[0]?.shapes ?? { types: {}, structs: {}, operations: {} }
  const reads = rules.flatMap((rule) => rule.reads)
  return createRuntime(
    (notice) => createWorld(index, shapes, (type) => fillOf(type, reads, shapes), notice),
    {
      now: new Date(options.now ?? index.snapshot.manifest.time),
      facts: options.facts ?? {},
      budget: options.budget ?? BUDGET,
    },
  )
}

/** @throws nothing: a rule that cannot be evaluated gives `unknown`, and says why */
export function evaluate(
  rules: readonly Rule[],
  index: SnapshotIndex,
  options: EvaluateOptions = {},
): Evaluated {
  const problems: RuleProblem[] = []
  const shapes = rules[0]?.shapes
  if (shapes === undefined) return { verdicts: [], counts: [], problems, waivers: [] }
  const runtime = openRuntime(rules, index, options)
  const { world } = runtime
  const now = options.now ?? index.snapshot.manifest.time
  const waiving = options.waivers && createWaiving(options.waivers, runtime, now)
  const judge = createJudge(world, options.keepPasses === true, waiving)
  const ready = rules.map((rule) => prepare(rule, runtime, paramsOf(rule, options, problems)))
  const readyFor = byType(ready)
  // Resource by resource: what the rules share of one, its facts above all, need not be kept once they are done with it.
  for (const resource of index.snapshot.resources) {
    for (const one of readyFor(resource.type)) judge(one, resource)
  }
  for (const one of ready) {
    const unlisted = standIns(one.rule.about, shapes, world, index.snapshot.manifest.partition)
    one.counts.unknown += unlisted.length
    one.verdicts.push(...unlisted)
  }
  return {
    verdicts: ready.flatMap((one) => one.verdicts),
    counts: ready.map((one) => one.counts),
    problems,
    waivers: waiving?.uses() ?? [],
  }
}

function byType(ready: readonly Ready[]): (type: string) => readonly Ready[] {
  const known = new Map<string, readonly Ready[]>()
  return (type) => {
    const found = known.get(type)
    if (found) return found
    const made = ready.filter(({ rule }) => rule.about.resource === type || rule.about.resource === '*')
    known.set(type, made)
    return made
  }
}
