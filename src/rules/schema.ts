/** The rule file: its keys, and where in it something is wrong. */
import { z } from 'zod'
import type { Missing } from '../snapshot/model.ts'
import type { RuleProblem } from './model.ts'
import { PILLARS, SEVERITIES } from './model.ts'
import { didYouMean } from './suggest.ts'
import { type Path, readYaml, type YamlSource } from './yaml-source.ts'

const json: z.ZodType<import('../snapshot/model.ts').Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
)
const text = z.string().trim().min(1)
const expression = z.string().min(1).max(16_384)
const severity = z.enum(SEVERITIES)
const outcomes = [
  'denied',
  'throttled',
  'unsupported',
  'not-enabled',
  'region-disabled',
  'error',
  'not-collected',
  'interrupted',
] as const satisfies readonly Missing['outcome'][]

const missing = z.strictObject({
  operation: text,
  outcome: z.enum(outcomes).default('denied'),
  permission: z.string().optional(),
  detail: z.string().optional(),
})

const resource = z.strictObject({
  id: text.optional(),
  type: text.optional(),
  account: text.optional(),
  region: text.optional(),
  name: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  config: z.record(z.string(), json).default({}),
  missing: z.record(z.string(), missing).optional(),
})

const fact = z.object({ unseen: z.record(z.string(), missing).optional() }).catchall(json)

const setting = z.strictObject({
  resource,
  others: z.array(resource).default([]),
  /** Types whose listing was denied. */
  unlisted: z.array(text).default([]),
  params: z.record(z.string(), json).default({}),
  now: text.optional(),
  /** By analysis: what it says, and under `unseen` what it could not tell of which member. */
  facts: z.record(z.string(), fact).optional(),
})

const subject = z.union([setting, resource])
const test = z
  .strictObject({
    name: text.optional(),
    severity: severity.optional(),
    /** A part of the message. */
    says: text.optional(),
    /** Of a rule with `each`: the keys of its findings, in their order. */
    keys: z.array(text).optional(),
    pass: subject.optional(),
    fail: subject.optional(),
    unknown: subject.optional(),
    notApplicable: subject.optional(),
  })
  .refine((one) => EXPECTATIONS.filter((kind) => one[kind] !== undefined).length === 1, {
    message: 'a test has exactly one of pass, fail, unknown, notApplicable',
  })

export const EXPECTATIONS = ['pass', 'fail', 'unknown', 'notApplicable'] as const
export type Expectation = (typeof EXPECTATIONS)[number]

const parameter = z.strictObject({
  type: z.enum(['int', 'double', 'bool', 'string', 'list<string>', 'list<int>', 'map<string, string>']),
  default: json,
  description: text,
})

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/

export const ruleSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is lower case words with hyphens'),
    aliases: z.array(text).default([]),
    combines: z.array(text).default([]),
    title: text,
    pillar: z.enum(PILLARS),
    severity: z.union([
      severity,
      z.strictObject({
        default: severity,
        cases: z.array(z.strictObject({ when: expression, severity })).min(1),
      }),
    ]),
    resource: text,
    let: z.record(z.string().regex(NAME, 'a name is letters, digits and _'), expression).default({}),
    when: expression.optional(),
    each: expression.optional(),
    key: expression.optional(),
    pass: expression,
    message: text,
    risk: text,
    fix: z.strictObject({ text, cli: text.optional(), terraform: text.optional() }),
    references: z.array(z.url()).default([]),
    maps: z.record(z.string(), z.array(text)).default({}),
    params: z.record(z.string().regex(NAME), parameter).default({}),
    evidence: z.array(text).optional(),
    tests: z.array(test).default([]),
  })
  .refine((rule) => (rule.each === undefined) === (rule.key === undefined), {
    message: 'each and key go together: key tells the elements apart',
    path: ['each'],
  })

export type RuleFile = z.infer<typeof ruleSchema>
export type TestResource = z.infer<typeof resource>
export type TestSetting = z.infer<typeof setting>
export type RuleTest = z.infer<typeof test>

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(ruleSchema.def.shape),
  fix: ['text', 'cli', 'terraform'],
  severity: ['default', 'cases'],
  params: ['type', 'default', 'description'],
  tests: [
    ...Object.keys(setting.def.shape),
    ...Object.keys(resource.def.shape),
    ...EXPECTATIONS,
    'name',
    'severity',
    'says',
    'keys',
  ],
}

type Issue = z.core.$ZodIssue

/** Of a union's branches, the issues of the one that came furthest: what its author probably meant. */
export function flatten(issue: Issue): { path: Path; issue: Issue }[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path, issue }]
  const depth = (issues: readonly Issue[]): number =>
    Math.max(...issues.map((one) => one.path.length)) -
    (issues.some((one) => one.code === 'invalid_type') ? 0.5 : 0)
  const best = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? []
  return best.flatMap((one) => flatten(one).map((inner) => ({ ...inner, path: [...path, ...inner.path] })))
}

function problemOf(source: YamlSource, file: string, path: Path, issue: Issue): RuleProblem {
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    const known = KEYS[String(path[0] ?? '')] ?? []
    const message = `unknown key "${key}"${didYouMean(key, known)}`
    return { file, ...source.atKey(path, key), message, level: 'error' }
  }
  const where = path.length > 0 ? `${path.join('.')}: ` : ''
  return { file, ...source.at(path), message: `${where}${issue.message}`, level: 'error' }
}

export interface ParsedRule {
  readonly file: string
  readonly source: YamlSource
  readonly rule?: RuleFile
  readonly problems: readonly RuleProblem[]
}

/** Reads one rule file; with any problem there is no rule. */
export function parseRule(file: string, content: string): ParsedRule {
  const source = readYaml(content)
  if (source.problems.length > 0) {
    return {
      file,
      source,
      problems: source.problems.map((problem) => ({ file, ...problem, level: 'error' })),
    }
  }
  const parsed = ruleSchema.safeParse(source.value)
  if (parsed.success) return { file, source, rule: parsed.data, problems: [] }
  const issues = parsed.error.issues.flatMap(flatten)
  return { file, source, problems: issues.map(({ path, issue }) => problemOf(source, file, path, issue)) }
}
