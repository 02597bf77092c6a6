/** Runs the tests that rules carry in themselves. */
import type { Fact } from '../analyze/analysis.ts'
import { indexSnapshot } from '../snapshot/index.ts'
import type { CallRecord, JsonObject, Missing, Resource } from '../snapshot/model.ts'
import { evaluate } from './evaluate.ts'
import type { Rule } from './load.ts'
import type { Verdict } from './model.ts'
import {
  EXPECTATIONS,
  type Expectation,
  type RuleTest,
  type TestResource,
  type TestSetting,
} from './schema.ts'
import { listing, typeShape } from './shapes.ts'
import { isSetting } from './test-shapes.ts'

export interface RuleTestResult {
  readonly ruleId: string
  readonly file: string
  /** Its own name, or its place among the tests: `fail, test 2`. */
  readonly test: string
  readonly ok: boolean
  /** What was expected and what came, when it is not ok. */
  readonly message: string
}

const ACCOUNT = '123456789012'
const REGION = 'eu-west-1'
const NOW = '2026-01-01T00:00:00Z'

const missingOf = (one: NonNullable<TestResource['missing']>[string]): Missing => ({
  operation: one.operation,
  outcome: one.outcome,
  permission: one.permission ?? one.operation,
  ...(one.detail === undefined ? {} : { detail: one.detail }),
})

function factOf({ unseen, ...known }: NonNullable<TestSetting['facts']>[string]): Fact {
  const hidden = Object.entries(unseen ?? {}).map(([member, one]) => [member, [missingOf(one)]] as const)
  return { known: known as JsonObject, ...(unseen ? { unseen: Object.fromEntries(hidden) } : {}) }
}

function resourceOf(test: TestResource, type: string, at: number): Resource {
  const { account = ACCOUNT, region = REGION, name, tags = {}, config, missing } = test
  const id = test.id ?? `arn:aws:test:${region}:${account}:resource/test-${at}`
  const unread = Object.entries(missing ?? {}).map(([field, one]) => [field, missingOf(one)] as const)
  return {
    id,
    type: test.type ?? type,
    account,
    region,
    ...(name === undefined ? {} : { name }),
    tags,
    config,
    ...(missing ? { missing: Object.fromEntries(unread) } : {}),
  }
}

/** Everything was asked for, and every type that the rule lists was listed, but those that the test says were denied. */
function ledger(rule: Rule, setting: TestSetting, resources: readonly Resource[]): CallRecord[] {
  const others = rule.reads.flatMap((one) => [...one.types])
  const types = new Set([rule.about.resource, ...others, ...resources.map((one) => one.type)])
  const accounts = new Set(resources.map((one) => one.account))
  const call = (account: string, operation: string, rest: Partial<CallRecord>): CallRecord => {
    const [service = 'test', api = operation] = operation.split(':')
    const made = { account, region: 'global', service, operation: api, outcome: 'ok', calls: 1 } as const
    return { ...made, permission: operation, ...rest }
  }
  return [...accounts].flatMap((account) =>
    [...types].flatMap((type) => {
      const shape = typeShape(rule.shapes, type)
      const list = (shape && listing(shape)[0]?.operation) ?? `test:List${type}`
      const outcome = setting.unlisted.includes(type) ? 'denied' : 'ok'
      const answers = (shape?.operations ?? []).filter((one) => one.into !== undefined)
      return [
        call(account, list, { outcome, lists: [type] }),
        ...answers.map((one) => call(account, one.operation, { permission: one.permission })),
      ]
    }),
  )
}

function runTest(rule: Rule, setting: TestSetting): { verdicts: readonly Verdict[]; got: string } {
  const type = rule.about.resource === '*' ? 'AWS::EC2::VPC' : rule.about.resource
  const resources = [setting.resource, ...setting.others].map((one, at) => resourceOf(one, type, at))
  const [subject] = resources
  const accounts = [...new Set(resources.map((one) => one.account))]
  const now = setting.now ?? NOW
  const manifest = {
    schemaVersion: 1,
    tool: { name: 'aws-secaudit', version: '0' },
    time: now,
    partition: 'aws',
    accounts: accounts.map((id) => ({ id })),
    regions: [...new Set(resources.map((one) => one.region))],
    calls: ledger(rule, setting, resources),
  }
  const facts = Object.fromEntries(
    Object.entries(setting.facts ?? {}).map(([name, fact]) => [name, () => factOf(fact)]),
  )
  const index = indexSnapshot({ manifest, resources })
  const { verdicts, problems } = evaluate([rule], index, {
    now,
    facts,
    params: { [rule.about.id]: setting.params },
    keepPasses: true,
  })
  if (problems.length > 0) return { verdicts: [], got: problems.map((problem) => problem.message).join('; ') }
  const own = verdicts.filter((verdict) => verdict.resource.id === subject?.id)
  // Of elements that are judged one by one, those in order stand beside what the test is about.
  const amiss = own.filter((verdict) => verdict.kind !== 'pass')
  const told = amiss.length > 0 ? amiss : own
  const kinds = [...new Set(told.map((verdict) => verdict.kind))]
  return { verdicts: told, got: kinds.length === 0 ? 'notApplicable' : kinds.sort().join(' and ') }
}

function judgeTest(rule: Rule, test: RuleTest, at: number): RuleTestResult {
  const expected = EXPECTATIONS.find((kind) => test[kind] !== undefined)
  const subject = expected && test[expected]
  const about = {
    ruleId: rule.about.id,
    file: rule.about.file,
    test: test.name ?? `${expected}, test ${at + 1}`,
  }
  if (expected === undefined || subject === undefined)
    return { ...about, ok: false, message: 'the test expects nothing' }
  const setting: TestSetting = isSetting(subject)
    ? subject
    : { resource: subject, others: [], unlisted: [], params: {} }
  const { verdicts, got } = runTest(rule, setting)
  if (got !== expected)
    return { ...about, ok: false, message: `expected ${expected}, got ${got}${because(verdicts)}` }
  const wrong = wrongIn(test, verdicts)
  return { ...about, ok: wrong === undefined, message: wrong ?? '' }
}

/** What a verdict of the expected kind says otherwise than the test. */
function wrongIn(test: RuleTest, verdicts: readonly Verdict[]): string | undefined {
  const severity = verdicts[0]?.severity
  if (test.severity !== undefined && severity !== test.severity)
    return `expected severity ${test.severity}, got ${severity}`
  const messages = verdicts.map((verdict) => verdict.message)
  if (test.says !== undefined && !messages.some((message) => message.includes(test.says ?? '')))
    return `no message says "${test.says}": ${messages.join('; ')}`
  const keys = verdicts.map((verdict) => verdict.subKey ?? '')
  if (test.keys !== undefined && keys.join('\n') !== test.keys.join('\n'))
    return `expected findings of ${test.keys.join(', ')}, got ${keys.join(', ')}`
  const hole = verdicts.find((verdict) => verdict.kind === 'fail' && verdict.message.includes('(not known)'))
  return hole && `the message has a hole: ${hole.message}`
}

function because(verdicts: readonly Verdict[]): string {
  const told = verdicts.map(
    (verdict) => verdict.missing.map((one) => one.detail ?? one.operation).join(', ') || verdict.message,
  )
  return told.length > 0 ? `: ${told.join('; ')}` : ''
}

/** Kinds of test that every rule of ours has. */
export const REQUIRED: readonly Expectation[] = ['pass', 'fail', 'unknown']

/** The kinds of test that a rule lacks. */
export const lacking = (rule: Rule): readonly Expectation[] =>
  REQUIRED.filter((kind) => !rule.tests.some((test) => test[kind] !== undefined))

export function testRules(rules: readonly Rule[]): readonly RuleTestResult[] {
  return rules.flatMap((rule) => rule.tests.map((test, at) => judgeTest(rule, test, at)))
}
