/** Small snapshots for tests. */
import type { CallRecord, Resource, Snapshot } from '../../src/snapshot/model.ts'
import { serialize } from '../../src/snapshot/write.ts'

export const ACCOUNT = '123456789012'

export function resource(id: string, rest: Partial<Resource> = {}): Resource {
  return { id, type: 'AWS::EC2::VPC', account: ACCOUNT, region: 'eu-west-1', tags: {}, config: {}, ...rest }
}

export function call(operation: string, rest: Partial<CallRecord> = {}): CallRecord {
  return {
    account: ACCOUNT,
    region: 'eu-west-1',
    service: 'ec2',
    operation,
    outcome: 'ok',
    calls: 1,
    permission: `ec2:${operation}`,
    ...rest,
  }
}

export function snapshot(
  resources: readonly Resource[],
  calls: readonly CallRecord[] = [],
  time = '2026-11-01T00:00:00Z',
): Snapshot {
  return {
    manifest: {
      schemaVersion: 1,
      tool: { name: 'aws-secaudit', version: '0.0.0' },
      time,
      partition: 'aws',
      accounts: [{ id: ACCOUNT }],
      regions: ['eu-west-1'],
      calls,
    },
    resources,
  }
}

export const bytes = (of: Snapshot): Buffer => Buffer.from([...serialize(of)].join(''))
