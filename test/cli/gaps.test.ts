import { describe, expect, it } from 'vitest'
import { gaps } from '../../src/cli/shared/snapshots.ts'
import type { CallRecord, Snapshot } from '../../src/snapshot/model.ts'
import { call, snapshot } from '../snapshot/build.ts'

const REGIONS = ['eu-north-1', 'eu-west-1', 'eu-west-2', 'us-east-1']

function collected(...calls: readonly CallRecord[]): Snapshot {
  const made = snapshot([], [...calls])
  return { ...made, manifest: { ...made.manifest, regions: REGIONS } }
}

const denied = (operation: string, over: Partial<CallRecord> = {}): CallRecord =>
  call(operation, { outcome: 'denied', ...over })

describe('what a collection could not see', () => {
  it('is a line for each permission, with where', () => {
    const everywhere = REGIONS.map((region) => denied('DescribeVpcs', { region }))
    expect(gaps(collected(call('DescribeSubnets'), denied('DescribeVolumes'), ...everywhere))).toEqual({
      lines: ['denied: ec2:DescribeVolumes (eu-west-1)', 'denied: ec2:DescribeVpcs (every one of 4 Regions)'],
      incomplete: true,
    })
  })

  it('is nothing where every call was answered, or had no use', () => {
    const because = { operation: 'kms:ListKeys', permission: 'kms:ListKeys' }
    const none = call('DescribeHosts', { outcome: 'unsupported' })
    const answered = [call('DescribeSubnets'), none, denied('DescribeRules', { because })]
    expect(gaps(collected(...answered))).toEqual({ lines: [], incomplete: false })
  })

  it('is told, but leaves nothing incomplete, where AWS answers only the management account', () => {
    const accounts = denied('ListAccounts', { region: 'global', reserved: true })
    expect(gaps(collected(accounts))).toEqual({
      lines: [
        "denied: ec2:ListAccounts; AWS answers it only to an organization's management account (global)",
      ],
      incomplete: false,
    })
    expect(gaps(collected(accounts, denied('DescribeVpcs'))).incomplete).toBe(true)
    expect(gaps(collected({ ...accounts, outcome: 'error' })).incomplete).toBe(true)
  })
})
