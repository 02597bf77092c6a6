/** A small account for the tests of analyses: resources, and a ledger in which everything was asked but what a test names. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Analysis, Fact } from '../../src/analyze/analysis.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import type { CallRecord, JsonObject, Missing, Resource } from '../../src/snapshot/model.ts'
import type { Shapes } from '../../src/snapshot/shapes.ts'

export const ACCOUNT = '123456789012'
export const REGION = 'eu-west-1'
export const NOW = '2026-11-01T00:00:00Z'

export const shapes = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../src/generated/shapes.json'), 'utf8'),
) as Shapes

const GLOBAL = new Set([
  'AWS::Account',
  'AWS::IAM::Role',
  'AWS::IAM::User',
  'AWS::S3::Bucket',
  'AWS::S3::AccountPublicAccessBlock',
])

export interface Setting {
  /** Operations that were denied, `ec2:DescribeVolumes`, in every Region. */
  readonly denied?: readonly string[]
  /** Operations that nobody made. */
  readonly uncalled?: readonly string[]
  readonly regions?: readonly string[]
  readonly accounts?: readonly string[]
  readonly now?: string
}

function ledger(setting: Setting): CallRecord[] {
  const { denied = [], uncalled = [], regions = [REGION], accounts = [ACCOUNT] } = setting
  const calls = new Map<string, CallRecord>()
  for (const [type, { operations }] of Object.entries(shapes.types)) {
    for (const { operation, permission, lists } of operations) {
      if (uncalled.includes(operation)) continue
      const [service = '', api = ''] = operation.split(':')
      const outcome = denied.includes(operation) ? 'denied' : 'ok'
      for (const account of accounts)
        for (const region of GLOBAL.has(type) ? ['global'] : regions) {
          const key = `${account}|${region}|${operation}|${permission}|${lists ? type : ''}`
          const call = { account, region, service, operation: api, outcome, calls: 1, permission } as const
          calls.set(key, lists ? { ...call, lists: [type] } : call)
        }
    }
  }
  return [...calls.values()]
}

export function resource(
  type: string,
  short: string,
  config: JsonObject = {},
  rest: Partial<Resource> = {},
): Resource {
  const [, service = '', kind = ''] = type.toLowerCase().split('::')
  const region = rest.region ?? REGION
  const account = rest.account ?? ACCOUNT
  return {
    id: `arn:aws:${service}:${region}:${account}:${kind}/${short}`,
    type,
    account,
    region,
    tags: {},
    config,
    ...rest,
  }
}

export const missing = (operation: string, permission = operation): Missing => ({
  operation,
  permission,
  outcome: 'denied',
})

export interface Facts {
  of(resource: Resource): Fact
  /** The reasons of a member that can't be told; nothing where it can. */
  why(resource: Resource, member: string): readonly string[]
}

export function factsOf(analysis: Analysis, resources: readonly Resource[], setting: Setting = {}): Facts {
  const { now = NOW, regions = [REGION], accounts = [ACCOUNT] } = setting
  const manifest = {
    schemaVersion: 1,
    tool: { name: 'aws-secaudit', version: '0' },
    time: now,
    partition: 'aws',
    accounts: accounts.map((id) => ({ id })),
    regions,
    calls: ledger(setting),
  }
  const index = indexSnapshot({ manifest, resources }, (type) =>
    (shapes.types[type]?.operations ?? []).flatMap(({ operation, permission, lists }) =>
      lists ? [{ operation, permission }] : [],
    ),
  )
  const of = analysis.prepare(index, { now, trustedAccounts: [] })
  return {
    of,
    why: (one, member) => (of(one).unseen?.[member] ?? []).map(({ operation }) => operation),
  }
}
