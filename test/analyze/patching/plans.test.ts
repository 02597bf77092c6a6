import { describe, expect, it } from 'vitest'
import type { JsonObject, Resource } from '../../../src/snapshot/model.ts'
import { missing, resource, type Setting } from '../account.ts'
import { instance, node, said } from './build.ts'

const window = (config: JsonObject = {}, rest: Partial<Resource> = {}) =>
  resource(
    'AWS::SSM::MaintenanceWindow',
    'mw-1',
    {
      WindowId: 'mw-1',
      Enabled: true,
      NextExecutionTime: '2026-11-07T02:00Z',
      Targets: [],
      WindowExecutions: [],
      ...config,
    },
    rest,
  )
const told = (Operation: string): JsonObject => ({
  TaskInvocationParameters: { RunCommand: { Parameters: { Operation: [Operation] } } },
})
const task = (config: JsonObject = {}, rest: Partial<Resource> = {}) =>
  resource(
    'AWS::SSM::MaintenanceWindowTask',
    'task-1',
    {
      WindowId: 'mw-1',
      WindowTaskId: 'task-1',
      TaskArn: 'AWS-RunPatchBaseline',
      Type: 'RUN_COMMAND',
      Targets: [{ Key: 'InstanceIds', Values: ['i-1'] }],
      ...config,
    },
    rest,
  )
const association = (config: JsonObject, rest: Partial<Resource> = {}) =>
  resource(
    'AWS::SSM::Association',
    'a-1',
    { Name: 'AWS-RunPatchBaselineAssociation', AssociationId: 'a-1', ...config },
    rest,
  )

const machine = [node('i-1'), instance('i-1', {}, { PatchGroup: 'web', Env: 'prod' })] as const
const planned = (others: readonly Resource[], setting: Setting = {}) => {
  const { installPlanned, why } = said([...machine, ...others], setting)
  return why['installPlanned'] ?? installPlanned
}

describe('patches are to be installed on a node', () => {
  it('by a task of a window that is on, told to install', () => {
    expect(planned([window(), task(told('Install'))])).toBe(true)
    const older = { TaskParameters: { Operation: { Values: ['Install'] } } }
    expect(planned([window(), task(older)])).toBe(true)
    const byArn = { ...told('Install'), TaskArn: 'arn:aws:ssm:eu-west-1::document/AWS-RunPatchBaseline' }
    expect(planned([window(), task(byArn)])).toBe(true)
    const hooks = { TaskArn: 'AWS-RunPatchBaselineWithHooks', TaskInvocationParameters: {} }
    expect(planned([window(), task(hooks)])).toBe(true)
    const windows = (Action: string) =>
      planned([
        window(),
        task({
          TaskArn: 'AWS-InstallWindowsUpdates',
          TaskInvocationParameters: { RunCommand: { Parameters: { Action: [Action] } } },
        }),
      ])
    expect([windows('Install'), windows('Scan')]).toEqual([true, false])
  })
  it('by an association told to', () => {
    const Description = { Parameters: { Operation: ['Install'] } }
    expect(planned([association({ Targets: [{ Key: 'InstanceIds', Values: ['*'] }], Description })])).toBe(
      true,
    )
    expect(planned([association({ InstanceId: 'i-1', Description })])).toBe(true)
  })
  it('but not by one that scans, runs something else, or by a window that is off', () => {
    expect(planned([window(), task(told('Scan'))])).toBe(false)
    expect(planned([window(), task({ TaskArn: 'AWS-RunShellScript' })])).toBe(false)
    expect(planned([window({ Enabled: false }), task(told('Install'))])).toBe(false)
    const agent = { Name: 'AWS-UpdateSSMAgent', Description: { Parameters: { Operation: ['Install'] } } }
    expect(planned([association({ ...agent, InstanceId: 'i-1' })])).toBe(false)
    expect(planned([window(), task({ ...told('Install'), WindowId: 'mw-2' })])).toBe(false)
    expect(planned([])).toBe(false)
  })
  it('when all of its targets hold, each by one of its values', () => {
    const by = (...Targets: readonly JsonObject[]) =>
      planned([window(), task({ ...told('Install'), Targets })])
    const prod = { Key: 'tag:Env', Values: ['test', 'prod'] }
    expect(by(prod)).toBe(true)
    expect(by({ Key: 'tag-key', Values: ['Missing', 'PatchGroup'] })).toBe(true)
    expect(by(prod, { Key: 'tag:PatchGroup', Values: ['db'] })).toBe(false)
    expect(by({ Key: 'tag:Missing', Values: [''] })).toBe(false)
    expect(by({ Key: 'InstanceIds', Values: ['i-2'] })).toBe(false)
    expect(by()).toBe(false)
  })
  it('by targets that are registered with the window', () => {
    const Targets = [{ Key: 'WindowTargetIds', Values: ['t-1'] }]
    const registered = (Values: readonly string[]) => [
      { WindowTargetId: 't-1', Targets: [{ Key: 'tag:Env', Values }] },
      { WindowTargetId: 't-2', Targets: [{ Key: 'InstanceIds', Values: ['i-1'] }] },
    ]
    const by = (Values: readonly string[]) =>
      planned([window({ Targets: registered(Values) }), task({ ...told('Install'), Targets })])
    expect(by(['prod'])).toBe(true)
    expect(by(['test'])).toBe(false)
  })
})

describe('whether patches are to be installed is not known', () => {
  const denied = (operation: string) => planned([], { denied: [operation] })
  it('while windows, tasks or associations could not be listed', () => {
    for (const operation of [
      'ssm:DescribeMaintenanceWindows',
      'ssm:DescribeMaintenanceWindowTasks',
      'ssm:ListAssociations',
    ])
      expect(denied(operation)).toEqual([operation])
    expect(planned([window(), task(told('Install'))], { denied: ['ssm:ListAssociations'] })).toBe(true)
  })
  it('while what a task or association is told could not be read', () => {
    const hidden = { missing: { TaskInvocationParameters: missing('ssm:GetMaintenanceWindowTask') } }
    expect(planned([window(), task({}, hidden)])).toEqual(['ssm:GetMaintenanceWindowTask'])
    expect(planned([window(), task({ Targets: [{ Key: 'InstanceIds', Values: ['i-2'] }] }, hidden)])).toBe(
      false,
    )
    const silent = { missing: { Description: missing('ssm:DescribeAssociation') } }
    expect(planned([association({ Targets: [{ Key: 'InstanceIds', Values: ['*'] }] }, silent)])).toEqual([
      'ssm:DescribeAssociation',
    ])
  })
  it('while a window’s targets could not be read', () => {
    const blind = window(
      { Targets: null },
      { missing: { Targets: missing('ssm:DescribeMaintenanceWindowTargets') } },
    )
    const Targets = [{ Key: 'WindowTargetIds', Values: ['t-1'] }]
    expect(planned([blind, task({ ...told('Install'), Targets })])).toEqual([
      'ssm:DescribeMaintenanceWindowTargets',
    ])
    expect(planned([blind, task(told('Install'))])).toBe(true)
  })
  it('where it goes by a resource group, or by a patch policy', () => {
    const Targets = [{ Key: 'resource-groups:Name', Values: ['servers'] }]
    expect(planned([window(), task({ ...told('Install'), Targets })])).toEqual([
      expect.stringMatching(/resource group/),
    ])
    const ComplianceSummaries = [
      { ComplianceType: 'Patch', ExecutionSummary: { ExecutionType: 'PatchPolicy' } },
    ]
    const { why } = said([node('i-1', { ComplianceSummaries }), instance('i-1')])
    expect(why['installPlanned']).toEqual([expect.stringMatching(/patch policy/)])
    const operation = 'ssm:ListResourceComplianceSummaries'
    const untold = node('i-1', {}, { missing: { ComplianceSummaries: missing(operation) } })
    expect(said([untold, instance('i-1')]).why['installPlanned']).toEqual([operation])
  })
})

describe('a maintenance window does something', () => {
  const problems = (config: JsonObject, others: readonly Resource[] = [task()]) =>
    said([window(config), ...others])['problems']
  it('when it has a task that runs on something, opens again, and ended well', () => {
    expect(problems({})).toEqual([])
    expect(
      problems({ WindowExecutions: [{ Status: 'SUCCESS', StartTime: '2026-10-31T02:00:00Z' }] }),
    ).toEqual([])
  })
  it('without targets where its tasks bring their own, or need none', () => {
    expect(problems({}, [task({ Type: 'AUTOMATION', Targets: [] })])).toEqual([])
    expect(problems({}, [task({ Targets: [] })])).toEqual([
      'has tasks that run on nothing, for it has no targets',
    ])
    expect(problems({ Targets: [{ WindowTargetId: 't-1' }] }, [task({ Targets: [] })])).toEqual([])
  })
  it('but not without a task, or without a next time', () => {
    expect(problems({}, [])).toEqual(['has no task'])
    expect(problems({ NextExecutionTime: '' })).toEqual(['will not open again'])
  })
  it('nor when the last of its executions failed, in whatever order AWS answers them', () => {
    const WindowExecutions = [
      { Status: 'SUCCESS', StartTime: '2026-10-17T02:00:00Z' },
      { Status: 'FAILED', StartTime: '2026-10-31T02:00:00Z' },
      { Status: 'SUCCESS', StartTime: '2026-10-24T02:00:00Z' },
      { Status: 'IN_PROGRESS', StartTime: '2026-11-01T00:00:00Z' },
    ]
    expect(problems({ WindowExecutions })).toEqual(['last ended as FAILED on 2026-10-31T02:00:00Z'])
    expect(problems({ WindowExecutions: WindowExecutions.slice(2) })).toEqual([])
    const late = { Status: 'TIMED_OUT', StartTime: '2026-10-31T02:00:00Z' }
    const next = { Status: 'PENDING', StartTime: '2026-11-07T02:00:00Z' }
    expect(problems({ WindowExecutions: [next, late] })).toEqual([
      'last ended as TIMED_OUT on 2026-10-31T02:00:00Z',
    ])
  })
  it('is not known while a part of it could not be read', () => {
    const { problems: found, why } = said([window()], { denied: ['ssm:DescribeMaintenanceWindowTasks'] })
    expect(why['complete']).toEqual(['ssm:DescribeMaintenanceWindowTasks'])
    expect(found).toEqual([])
    expect(said([window(), task()])).toEqual({ problems: [], complete: true, why: {} })
    const blind = window(
      { Targets: null, WindowExecutions: null },
      {
        missing: {
          Targets: missing('ssm:DescribeMaintenanceWindowTargets'),
          WindowExecutions: missing('ssm:DescribeMaintenanceWindowExecutions'),
        },
      },
    )
    expect(said([blind, task({ Targets: [] })])).toMatchObject({
      problems: [],
      why: { complete: ['ssm:DescribeMaintenanceWindowTargets', 'ssm:DescribeMaintenanceWindowExecutions'] },
    })
  })
})
