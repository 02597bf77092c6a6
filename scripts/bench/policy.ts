/** How long it takes to decide who gets at each of many resources, and how it grows. */
import { performance } from 'node:perf_hooks'
import { ACCESS_TYPES, readAccesses } from '../../src/analyze/policy/accesses.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import type { CallRecord, JsonObject, Resource, Snapshot } from '../../src/snapshot/model.ts'
import { ACCOUNT, MEMBERS, ORG, PARTNERS, pick, REGION, resourceAt } from './policies.ts'

const TIME = '2026-11-01T00:00:00Z'
const POLICIES = 100_000

export interface PolicyFigures {
  readonly policies: number
  readonly statements: number
  /** Bytes of all policies as JSON. */
  readonly bytes: number
  /** Seconds from the resources in memory to every answer. */
  readonly seconds: number
  /** Seconds of processor time, the collector of garbage included: on a busy machine the surer figure. */
  readonly cpu: number
  readonly public: number
}

function calls(): CallRecord[] {
  const call = (service: string, operation: string, rest: Partial<CallRecord> = {}): CallRecord => ({
    account: ACCOUNT,
    region: 'global',
    service,
    operation,
    outcome: 'ok',
    calls: 1,
    permission: `${service}:${operation}`,
    ...rest,
  })
  return [
    call('organizations', 'DescribeOrganization'),
    call('organizations', 'ListAccounts'),
    call('organizations', 'ListPolicies'),
    call('s3control', 'GetPublicAccessBlock', {
      permission: 's3:GetAccountPublicAccessBlock',
      lists: ['AWS::S3::AccountPublicAccessBlock'],
    }),
  ]
}

function estate(count: number): { snapshot: Snapshot; statements: number; bytes: number } {
  const made = Array.from({ length: count }, (_, at) => resourceAt(at))
  const organization = (type: string, path: string, config: JsonObject): Resource => ({
    id: `arn:aws:organizations::${ACCOUNT}:${path}`,
    type: `AWS::Organizations::${type}`,
    account: ACCOUNT,
    region: 'global',
    tags: {},
    config,
  })
  const others = [
    organization('Organization', `organization/${ORG}`, { Id: ORG, MasterAccountId: pick(MEMBERS, 1) }),
    ...MEMBERS.map((Id) => organization('Account', `account/${ORG}/${Id}`, { Id })),
  ]
  return {
    snapshot: {
      manifest: {
        schemaVersion: 1,
        tool: { name: 'bench', version: '0' },
        time: TIME,
        partition: 'aws',
        accounts: [{ id: ACCOUNT }],
        regions: [REGION],
        calls: calls(),
      },
      resources: [...others, ...made.map(({ resource }) => resource)],
    },
    statements: made.reduce((sum, { statements }) => sum + statements.length, 0),
    bytes: made.reduce((sum, { statements }) => sum + JSON.stringify({ Statement: statements }).length, 0),
  }
}

function measure(policies: number): PolicyFigures {
  const { snapshot, statements, bytes } = estate(policies)
  const types = new Set(ACCESS_TYPES)
  const spent = process.cpuUsage()
  const start = performance.now()
  const accesses = readAccesses(indexSnapshot(snapshot), { trustedAccounts: PARTNERS.slice(0, 1), now: TIME })
  let isPublic = 0
  for (const resource of snapshot.resources) {
    if (types.has(resource.type) && accesses.answer(resource)?.public === true) isPublic++
  }
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(spent)
  return { policies, statements, bytes, seconds, cpu: (user + system) / 1e6, public: isPublic }
}

/** Growth first, all of them last. */
export function benchPolicy(
  counts: readonly number[] = [POLICIES / 4, POLICIES / 2, POLICIES],
): PolicyFigures[] {
  return counts.map(measure)
}
