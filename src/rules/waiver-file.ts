/** Waiver files: what is accepted, by whom, why and until when. Any problem in one, and nothing of it waives. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { z } from 'zod'
import { createChecker, parseExpression } from './environment.ts'
import { glob } from './functions.ts'
import type { Rule, RuleText } from './load.ts'
import type { RuleProblem } from './model.ts'
import { readsOf } from './reads.ts'
import { flatten } from './schema.ts'
import { didYouMean } from './suggest.ts'
import { type Path, readYaml, type YamlSource } from './yaml-source.ts'

/** How far off, in days, `expires` may be where the file does not say `maxDays`. */
export const MAX_DAYS = 365

const DAY = 86_400_000
const text = z.string().trim().min(1)

/** A day of the calendar, `2026-02-28`. */
const day = z
  .string()
  .refine((value) => dayOf(value) !== undefined, { error: 'not a date: write YYYY-MM-DD' })

const entry = z
  .strictObject({
    rule: text,
    resource: text.optional(),
    where: text.optional(),
    while: text.optional(),
    reason: text,
    owner: text,
    expires: day,
    ticket: text.optional(),
  })
  .refine((one) => one.resource !== undefined || one.where !== undefined, {
    error: 'say of what: resource (an ARN, * allowed) or where (an expression)',
  })

export const waiverFileSchema = z.strictObject({
  maxDays: z.int().min(1).max(3660).optional(),
  waivers: z.array(entry),
})

const KEYS = ['maxDays', 'waivers', ...Object.keys(entry.def.shape)]

export interface Waiver {
  readonly file: string
  /** Where it begins. */
  readonly line: number
  /** A rule's id, or a glob of ids. */
  readonly rule: string
  /** A glob over ARNs. */
  readonly resource?: string
  readonly where?: ASTNode
  readonly while?: ASTNode
  readonly reason: string
  readonly owner: string
  /** The last day on which it counts, in UTC. */
  readonly expires: string
  readonly ticket?: string
  /** Analyses whose facts `while` and `where` read. */
  readonly facts: readonly string[]
}

export interface LoadedWaivers {
  readonly waivers: readonly Waiver[]
  readonly problems: readonly RuleProblem[]
}

/** Midnight UTC, where the text is a day of the calendar. */
function dayOf(value: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return undefined
  const time = Date.parse(`${value}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value ? undefined : time
}

/** Days from the day of `now` to `expires`, both in UTC; 0 on the last day that counts, below 0 after it. */
export function daysLeft(expires: string, now: string): number {
  return Math.round(((dayOf(expires) ?? 0) - (dayOf(new Date(now).toISOString().slice(0, 10)) ?? 0)) / DAY)
}

export const waives = (waiver: Pick<Waiver, 'rule'>, rule: Pick<Rule['about'], 'id' | 'aliases'>): boolean =>
  [rule.id, ...rule.aliases].some((id) => glob(waiver.rule, id))

/** @param rules every rule there is: the expressions are checked against the types of those that a waiver names */
export function loadWaivers(files: readonly RuleText[], rules: readonly Rule[], now: string): LoadedWaivers {
  const all = files.map((file) => loadFile(file, rules, now))
  return { waivers: all.flatMap((one) => one.waivers), problems: all.flatMap((one) => one.problems) }
}

function loadFile({ file, text: content }: RuleText, rules: readonly Rule[], now: string): LoadedWaivers {
  const source = readYaml(content)
  const error = (position: object, message: string): RuleProblem => ({
    file,
    ...position,
    message,
    level: 'error',
  })
  if (source.problems.length > 0)
    return { waivers: [], problems: source.problems.map((one) => error(one, one.message)) }
  const parsed = waiverFileSchema.safeParse(source.value)
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap(flatten)
    return {
      waivers: [],
      problems: issues.map(({ path, issue }) => issueProblem(source, path, issue, error)),
    }
  }
  const { maxDays = MAX_DAYS, waivers } = parsed.data
  const problems: RuleProblem[] = []
  const loaded = waivers.map((one, at): Waiver => {
    const path = ['waivers', at]
    if (daysLeft(one.expires, now) > maxDays) {
      const message = `expires ${one.expires} is more than ${maxDays} days off; waive for less, or set maxDays`
      problems.push(error(source.at([...path, 'expires']), message))
    }
    const named = rules.filter((rule) => waives(one, rule.about))
    const facts = new Set<string>()
    const expression = (key: 'where' | 'while'): ASTNode | undefined => {
      const written = one[key]
      if (written === undefined) return undefined
      const result = checkExpression(written, named)
      for (const fact of result.facts) facts.add(fact)
      for (const { message, at: offset } of result.problems)
        problems.push(error(source.atOffset([...path, key], offset), `${key}: ${message}`))
      return result.ast
    }
    if (named.length === 0) {
      const hint = didYouMean(
        one.rule,
        rules.map((rule) => rule.about.id),
      )
      const message = `no rule is called ${one.rule}${hint}: it waives nothing`
      problems.push({ ...error(source.at([...path, 'rule']), message), level: 'warning' })
    }
    const where = expression('where')
    const holds = expression('while')
    return {
      file,
      line: source.at(path).line,
      rule: one.rule,
      ...(one.resource === undefined ? {} : { resource: one.resource }),
      ...(where ? { where } : {}),
      ...(holds ? { while: holds } : {}),
      reason: one.reason,
      owner: one.owner,
      expires: one.expires,
      ...(one.ticket === undefined ? {} : { ticket: one.ticket }),
      facts: [...facts].sort(),
    }
  })
  return problems.some((problem) => problem.level === 'error')
    ? { waivers: [], problems }
    : { waivers: loaded, problems }
}

function issueProblem(
  source: YamlSource,
  path: Path,
  issue: z.core.$ZodIssue,
  error: (position: object, message: string) => RuleProblem,
): RuleProblem {
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    return error(source.atKey(path, key), `unknown key "${key}"${didYouMean(key, KEYS)}`)
  }
  const where = path.length > 0 ? `${path.join('.')}: ` : ''
  return error(source.at(path), `${where}${issue.message}`)
}

interface Checked {
  readonly ast?: ASTNode
  readonly facts: readonly string[]
  readonly problems: readonly { readonly message: string; readonly at: number }[]
}

/** What a finding is to `where`. */
const FINDING = {
  ruleId: 'string',
  severity: 'string',
  pillar: 'string',
  message: 'string',
  subKey: 'string',
}

/** Checked against the resource types of all rules that the waiver names: it may be asked of each. */
function checkExpression(written: string, named: readonly Rule[]): Checked {
  const parsed = parseExpression(written)
  if ('problem' in parsed) {
    return { facts: [], problems: [{ message: parsed.problem.message, at: parsed.problem.range.start }] }
  }
  const { ast } = parsed
  const facts = new Set<string>()
  const problems = new Map<string, { message: string; at: number }>()
  const add = (message: string, at: number): unknown => problems.set(`${at}|${message}`, { message, at })
  const [first] = named
  if (first === undefined) return { ast, facts: [], problems: [] }
  const { shapes } = first
  for (const type of new Set(named.map((rule) => rule.about.resource))) {
    const reads = readsOf(ast, { shapes, type })
    for (const fact of reads.facts) facts.add(fact)
    for (const problem of reads.problems) add(problem.message, problem.range.start)
    if (reads.problems.length > 0) continue
    const check = createChecker({
      shapes,
      type,
      types: reads.types,
      params: {},
      finding: FINDING,
    })
    const result = check(ast)
    if ('problem' in result) add(result.problem.message, result.problem.range.start)
    else if (result.type !== 'bool' && result.type !== 'dyn')
      add(`must be a bool, and is a ${result.type}`, 0)
  }
  return { ast, facts: [...facts], problems: [...problems.values()] }
}
