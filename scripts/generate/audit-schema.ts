/** docs/schemas/audit.schema.json: what `--format json` prints, for other programs. Held against the types by tsc. */
import { z } from 'zod'
import { PILLARS, SEVERITIES } from '../../src/rules/model.ts'
import type { Audit, BaselineState } from '../../src/score/audit.ts'
import type { Json, Outcome } from '../../src/snapshot/model.ts'

const json: z.ZodType<Json> = z
  .lazy(() =>
    z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
  )
  .meta({ id: 'json', description: 'Any JSON value' })

const text = z.string()
const texts = z.array(text)
const count = z.int().min(0)
const time = text.meta({ format: 'date-time', description: 'ISO 8601, UTC' })
const optional = z.exactOptional

const OUTCOMES = [
  'ok',
  'denied',
  'throttled',
  'unsupported',
  'not-enabled',
  'region-disabled',
  'error',
  'not-collected',
  'interrupted',
] as const satisfies readonly Outcome[]
const BASELINES = ['new', 'unchanged', 'changed', 'rule-changed'] as const satisfies readonly BaselineState[]

const pillar = z.enum(PILLARS)
const severity = z.enum(SEVERITIES)
const outcome = z.enum(OUTCOMES)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const counts = { pass: count, fail: count, unknown: count, waived: count }

const percent = z.number().min(0).max(100).nullable()
const range = { low: percent, high: percent }
const scoreRange = z.object(range).meta({
  id: 'scoreRange',
  description: '0 to 100: low counts every unknown as a fail, high as a pass; null is no data',
})
const everyPillar = <T extends z.ZodType>(of: T) => z.record(pillar, of)

const missing = z
  .object({
    operation: text.describe('IAM style: kms:GetKeyPolicy'),
    outcome,
    permission: text.describe('What to grant'),
    detail: optional(text).describe('What AWS answered'),
  })
  .meta({ id: 'missing', description: 'A part that could not be read' })

const remediation = z
  .object({ text, cli: optional(text), terraform: optional(text) })
  .meta({ id: 'remediation', description: 'How to mend it' })

const waiver = z
  .object({
    state: z
      .enum(['active', 'expired', 'lapsed', 'undecided'])
      .describe('Only an active one makes a finding waived'),
    reason: text,
    owner: text,
    expires: text.describe('The last day on which it counts, UTC'),
    ticket: optional(text),
    file: text,
    line: z.int().min(1),
  })
  .meta({ id: 'waiver' })

const finding = z
  .object({
    ruleId: text,
    title: text,
    severity,
    pillar,
    verdict: z.enum(['pass', 'fail', 'unknown', 'waived']).describe('pass only with --show-passed'),
    resource: z.object({
      id: text.describe('Its ARN, or the ARN-shaped id that AWS Config would use'),
      type: text.describe("CloudFormation's name: AWS::EC2::SecurityGroup"),
      account: text,
      region: text.describe('global for IAM and the like'),
      name: optional(text),
      tags: z.record(text, text),
    }),
    subKey: optional(text).describe('Tells several findings of one rule on one resource apart'),
    message: text,
    evidence: z.record(text, json).describe('The values that the rule read'),
    missing: optional(z.array(missing)),
    waiver: optional(waiver),
    baseline: optional(z.enum(BASELINES)).describe('Where there was an earlier audit to compare with'),
    fingerprint: sha256.describe('Stable under order, paging, tag edits and renamed rules'),
    remediation,
    references: texts,
    compliance: z.record(text, texts).describe('Frameworks and their controls'),
    line: z.int().min(1).describe('Of the resource in the snapshot file'),
  })
  .meta({ id: 'finding' })

const coverageLine = z.object({
  account: text,
  region: text,
  service: text,
  operation: text,
  outcome,
  calls: count,
  permission: text,
  reserved: optional(z.literal(true)).describe(
    "AWS answers it only to an organization's management account and delegated administrators",
  ),
  affects: texts.describe('Ids of the rules that read its answer'),
  detail: optional(text),
})

const unknownCause = z.object({
  operation: text,
  outcome,
  permission: text,
  places: texts.describe('111122223333/eu-west-1'),
  rules: texts,
  resources: count,
  detail: optional(text),
})

const parameter = z.object({
  name: text,
  type: z.enum(['int', 'double', 'bool', 'string', 'list<string>', 'list<int>', 'map<string, string>']),
  default: json,
  description: text,
})

const rule = z.object({
  id: text,
  aliases: texts,
  title: text,
  pillar,
  severity,
  resource: text,
  when: optional(text),
  each: optional(z.object({ list: text, key: text })),
  pass: text,
  cases: z.array(z.object({ when: text, severity })).describe('Severities that an expression gives'),
  message: text,
  risk: text,
  fix: remediation,
  references: texts,
  maps: z.record(text, texts),
  params: z.array(parameter),
  operations: texts,
  file: text,
})

const problem = z.object({
  file: text,
  line: optional(count),
  column: optional(count),
  ruleId: optional(text),
  message: text,
  level: z.enum(['error', 'warning']),
})

const comparison = z
  .object({
    baseline: z.object({ time, sha256 }),
    fixed: z.array(finding).describe('Looked for, and not found again'),
    notRescanned: z.array(z.object({ finding, reason: text })).describe('Not looked at again: never "fixed"'),
    ruleChanged: z.array(finding).describe('Not found again, but the rule judges otherwise now'),
  })
  .meta({ id: 'comparison', description: 'The audit held against an earlier one' })

const audit = z.object({
  schemaVersion: z.int().min(1),
  tool: z.object({ name: text, version: text }),
  snapshot: z.object({ time, accounts: texts, regions: texts, sha256 }),
  score: z.object({
    overall: scoreRange,
    pillars: everyPillar(z.object({ ...range, ...counts })),
    ignoringWaivers: z
      .object({ overall: scoreRange, pillars: everyPillar(scoreRange) })
      .describe('As if nothing had been waived'),
  }),
  incomplete: z.boolean().describe('Something that was asked could not be seen'),
  coverage: z.array(coverageLine),
  findings: z.array(finding).describe('Worst first'),
  summary: z.object({
    byVerdict: z.object(counts),
    bySeverity: z.record(severity, count).describe('Failed, and not waived'),
    byPillar: z.record(pillar, count).describe('Failed, and not waived'),
    byRule: z.array(z.object({ ruleId: text, ...counts, notApplicable: count })),
    unknownCauses: z.array(unknownCause).describe('Why verdicts are unknown, a denied permission a line'),
  }),
  rules: z.array(rule),
  problems: z.array(problem),
  shown: optional(z.array(severity)).describe('To which findings were narrowed; absent where all are listed'),
  comparison: optional(comparison),
})

type ReadonlyDeep<T> = Json extends T
  ? T
  : T extends object
    ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> }
    : T
type Printed = Omit<Audit, 'snapshot'> & { readonly snapshot: Omit<Audit['snapshot'], 'file'> }
type Described = ReadonlyDeep<z.infer<typeof audit>>
type Same<A, B> = [A, B] extends [B, A] ? true : never
/** Does not compile when a field of the audit is missing here, or described otherwise than it is. */
const sameAsTheTypes: Same<Printed, Described> = true

/** Open to fields that come later: a program that reads an audit today reads the next one, too. */
export function auditSchema(): string {
  const schema = z.toJSONSchema(audit, { target: 'draft-2020-12', io: 'input' })
  const titled = { title: 'aws-secaudit audit', description: 'What `--format json` prints.', ...schema }
  return `${JSON.stringify(sameAsTheTypes && titled, null, 2)}\n`
}
