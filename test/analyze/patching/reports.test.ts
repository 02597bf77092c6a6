import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/snapshot/model.ts'
import { missing } from '../account.ts'
import { instance, node, said } from './build.ts'

const SCAN = { Operation: 'Scan', OperationEndTime: '2026-10-31T02:00:00Z', MissingCount: 0, FailedCount: 0 }
const patch = (State: string, rest: JsonObject = {}): JsonObject => ({
  KBId: 'openssl.x86_64',
  Title: 'openssl.x86_64:1:3.0.8-1',
  Classification: 'Security',
  Severity: 'Important',
  State,
  ...rest,
})
const reported = (state: JsonObject, patches: readonly JsonObject[] = [], more: JsonObject = {}) =>
  said([node('i-1', { PatchState: { ...SCAN, ...state }, Patches: patches }), instance('i-1', more)])
const ids = (patches: unknown) => (patches as readonly JsonObject[]).map(({ id }) => id)

describe('open patches', () => {
  it('are critical by their severity, security by their classification, or other: each once', () => {
    const facts = reported({ MissingCount: 4 }, [
      patch('Missing', { KBId: 'a', Severity: 'Critical' }),
      patch('Missing', { KBId: 'b' }),
      patch('Missing', { KBId: 'c', Classification: 'Bugfix', Severity: 'Medium' }),
      patch('Missing', { KBId: 'd', Classification: 'SecurityUpdates', Severity: 'Unspecified' }),
    ])
    expect([ids(facts['critical']), ids(facts['security']), ids(facts['other'])]).toEqual([
      ['a'],
      ['b', 'd'],
      ['c'],
    ])
    expect(facts).toMatchObject({ criticalCount: 1, securityCount: 2, otherCount: 1, scanned: true, why: {} })
    expect(facts['critical']).toEqual([
      {
        id: 'a',
        title: 'openssl.x86_64:1:3.0.8-1',
        classification: 'Security',
        severity: 'Critical',
        state: 'MISSING',
      },
    ])
    expect((facts['critical'] as readonly JsonObject[])[0]).not.toHaveProperty('openForAtMost')
  })

  it('are those that are missing or failed, however the API spells it', () => {
    for (const state of ['Missing', 'MISSING', 'Failed', 'FAILED'])
      expect(reported({ MissingCount: 1 }, [patch(state)])).toMatchObject({ securityCount: 1 })
  })

  it('that failed, and what was rejected, are told apart', () => {
    const facts = reported({ FailedCount: 1, InstalledRejectedCount: 1 }, [
      patch('Failed', { KBId: 'a' }),
      patch('InstalledRejected', { KBId: 'b' }),
      patch('Missing', { KBId: 'c' }),
    ])
    expect([ids(facts['failed']), ids(facts['rejected'])]).toEqual([['a'], ['b']])
  })

  it('are not those that are not applicable, installed otherwise, rejected, or waiting for a reboot', () => {
    for (const state of [
      'NotApplicable',
      'NOT_APPLICABLE',
      'InstalledOther',
      'InstalledRejected',
      'Installed',
      'InstalledPendingReboot',
    ]) {
      const facts = reported({ MissingCount: 0, InstalledPendingRebootCount: 1 }, [
        patch(state, { Severity: 'Critical' }),
      ])
      expect([state, facts['criticalCount'], facts['securityCount']]).toEqual([state, 0, 0])
    }
  })

  it('are as many as the counts say, where the list does not call them so', () => {
    const listed = [patch('Missing', { Severity: 'Low', Classification: 'Bugfix' })]
    expect(reported({ MissingCount: 1, CriticalNonCompliantCount: 1 }, listed)).toMatchObject({
      criticalCount: 1,
    })
    expect(reported({ MissingCount: 2, SecurityNonCompliantCount: 2 })).toMatchObject({ securityCount: 2 })
    expect(reported({ MissingCount: 3, OtherNonCompliantCount: 3 })).toMatchObject({ otherCount: 3 })
  })

  it('are not counted again for what waits for a reboot or was rejected', () => {
    const facts = reported({
      InstalledPendingRebootCount: 2,
      InstalledRejectedCount: 1,
      CriticalNonCompliantCount: 3,
      SecurityNonCompliantCount: 3,
      OtherNonCompliantCount: 3,
    })
    expect(facts).toMatchObject({ criticalCount: 0, securityCount: 0, otherCount: 0 })
  })

  it('that are critical are not counted as security too', () => {
    const critical = [patch('Missing', { Severity: 'Critical' })]
    const state = { MissingCount: 1, CriticalNonCompliantCount: 1, SecurityNonCompliantCount: 1 }
    expect(reported(state, critical)).toMatchObject({ criticalCount: 1, securityCount: 0 })
    const bugfix = [patch('Missing', { Severity: 'Critical', Classification: 'Bugfix' })]
    expect(reported({ ...state, MissingCount: 2 }, bugfix)).toMatchObject({
      criticalCount: 1,
      securityCount: 1,
    })
  })
})

describe('how long a patch may have been missing', () => {
  const openFor = (patches: readonly JsonObject[], state: JsonObject = {}) =>
    (reported({ MissingCount: 1, ...state }, patches)['security'] as readonly JsonObject[])[0]?.[
      'openForAtMost'
    ]
  it('is told by the month in Microsoft’s titles', () => {
    const Title = '2026-10 Cumulative Update for Windows Server 2022 (KB5044281)'
    expect(openFor([patch('Missing', { Title })])).toBe(31)
    expect(openFor([patch('Missing', { Title: Title.replace('10', '09') })])).toBe(61)
    expect(openFor([patch('Missing', { Title: `Preview of ${Title}` })])).toBeUndefined()
  })
  it('is no longer than since the last installation, which left nothing out that was approved', () => {
    const installed = { LastNoRebootInstallOperationTime: '2026-10-22T00:00:00Z' }
    expect(openFor([patch('Missing')], installed)).toBe(10)
    const Title = '2026-09 Cumulative Update for Windows Server 2022'
    expect(openFor([patch('Missing', { Title })], installed)).toBe(10)
  })
  it('is not bounded by an installation in which it failed', () => {
    expect(openFor([patch('Failed')], { Operation: 'Install' })).toBeUndefined()
  })
  it('is not known otherwise', () => {
    expect(openFor([patch('Missing')])).toBeUndefined()
    expect(openFor([patch('Missing', { Title: '2026-13 is no month' })])).toBeUndefined()
  })
})

describe('what is installed and not in effect', () => {
  it('waits since the first of its patches was installed', () => {
    const facts = reported({ InstalledPendingRebootCount: 2 }, [
      patch('InstalledPendingReboot', { KBId: 'a', InstalledTime: '2026-10-20T00:00:00Z' }),
      patch('InstalledPendingReboot', { KBId: 'b', InstalledTime: '2026-10-10T00:00:00Z' }),
    ])
    expect(ids(facts['pendingReboot'])).toEqual(['a', 'b'])
    expect(facts['pendingSince']).toBe('2026-10-10T00:00:00Z')
    const before = patch('Installed', { InstalledTime: '2026-09-01T00:00:00Z' })
    const waiting = patch('InstalledPendingReboot', { InstalledTime: '2026-10-10T00:00:00Z' })
    expect(reported({ InstalledPendingRebootCount: 1 }, [before, waiting])['pendingSince']).toBe(
      '2026-10-10T00:00:00Z',
    )
  })
  it('may have come into effect by a start since the report', () => {
    expect(reported({}, [], { LaunchTime: '2026-10-31T12:00:00Z' })['startedSince']).toBe(true)
    expect(reported({}, [], { LaunchTime: '2026-10-01T00:00:00Z' })['startedSince']).toBe(false)
    expect(reported({})['startedSince']).toBe(false)
    expect(said([node('mi-1', { PatchState: SCAN })])['startedSince']).toBe(false)
  })
  it('does not say since when where AWS answers the epoch', () => {
    const waiting = [patch('InstalledPendingReboot', { InstalledTime: '1970-01-01T00:00:00Z' })]
    expect(reported({ InstalledPendingRebootCount: 1 }, waiting)).not.toHaveProperty('pendingSince')
  })
})

describe('when something was last installed', () => {
  it('is told by an installation, an installation without reboot, or a patch that waits for one', () => {
    expect(reported({ Operation: 'Install' })['installedAt']).toBe('2026-10-31T02:00:00Z')
    expect(reported({ LastNoRebootInstallOperationTime: '2026-10-01T00:00:00Z' })['installedAt']).toBe(
      '2026-10-01T00:00:00Z',
    )
    const waiting = [patch('InstalledPendingReboot', { InstalledTime: '2026-10-20T00:00:00Z' })]
    expect(reported({ InstalledPendingRebootCount: 1 }, waiting)['installedAt']).toBe('2026-10-20T00:00:00Z')
    const earlier = { LastNoRebootInstallOperationTime: '2026-10-01T00:00:00Z' }
    expect(reported({ ...earlier, Operation: 'Install' })['installedAt']).toBe('2026-10-31T02:00:00Z')
  })
  it('is not told by a scan', () => {
    expect(reported({})).not.toHaveProperty('installedAt')
    const installed = [patch('Installed', { InstalledTime: '2026-10-20T00:00:00Z' })]
    expect(reported({}, installed)).not.toHaveProperty('installedAt')
  })
})

describe('a report that is not there', () => {
  it('was never made, where AWS answers none', () => {
    expect(said([node('i-1'), instance('i-1')])).toMatchObject({ scanned: false, why: {} })
  })
  it('is unknown, with all that it would say, where the call was denied', () => {
    const unread = node('i-1', {}, { missing: { PatchState: missing('ssm:DescribeInstancePatchStates') } })
    const { why } = said([unread, instance('i-1')])
    for (const member of ['scanned', 'criticalCount', 'security', 'failed', 'pendingReboot', 'installedAt'])
      expect(why[member]).toEqual(['ssm:DescribeInstancePatchStates'])
  })
  it('is unknown as far as its counts do not tell, where the list was denied', () => {
    const unread = (state: JsonObject) =>
      said([
        node(
          'i-1',
          { PatchState: { ...SCAN, ...state } },
          { missing: { Patches: missing('ssm:DescribeInstancePatches') } },
        ),
        instance('i-1'),
      ])
    const open = unread({ MissingCount: 3, CriticalNonCompliantCount: 2 })
    expect(open['criticalCount']).toBe(2)
    expect(open.why).toMatchObject({
      critical: ['ssm:DescribeInstancePatches'],
      securityCount: ['ssm:DescribeInstancePatches'],
    })
    const waiting = unread({ InstalledPendingRebootCount: 1 })
    expect(waiting).toMatchObject({ criticalCount: 0, securityCount: 0, otherCount: 0 })
    const denied = ['ssm:DescribeInstancePatches']
    const listed = { failed: denied, pendingReboot: denied, rejected: denied, pendingSince: denied }
    expect(waiting.why).toEqual(listed)
    expect(unread({ InstalledRejectedCount: 1 }).why).toEqual(listed)
  })
  it('is not asked for where nothing is open', () => {
    const clean = node('i-1', { PatchState: SCAN })
    const facts = said([clean, instance('i-1')], { uncalled: ['ssm:DescribeInstancePatches'] })
    expect(facts).toMatchObject({ criticalCount: 0, failed: [], pendingReboot: [], rejected: [] })
    expect(facts.why).toEqual({})
  })
})
