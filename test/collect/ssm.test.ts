import { describe, expect, it } from 'vitest'
import { ssm } from '../../src/collect/ssm.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, gather, pathsOf } from './gather.ts'

const here = `arn:aws:ssm:eu-west-1:${ACCOUNT}`
const INSTANCE = 'AWS::SSM::ManagedInstance'
const TASK = 'AWS::SSM::MaintenanceWindowTask'
const nodes = (...ids: readonly string[]) => ({
  'eu-west-1/ssm/describe-instance-information': {
    InstanceInformationList: ids.map((InstanceId) => ({ InstanceId, PingStatus: 'Online' })),
  },
})
const states = (...all: readonly object[]) => ({
  'eu-west-1/ssm/describe-instance-patch-states': { InstancePatchStates: all },
})

describe('the Systems Manager collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(ssm)).toEqual([])
  })

  it('asks which patches are open only of nodes that have some', async () => {
    const clean = { MissingCount: 0, FailedCount: 0, InstalledPendingRebootCount: 0 }
    const found = await gather([ssm], {
      ...nodes('i-clean', 'i-missing', 'i-reboot', 'mi-unscanned'),
      ...states(
        { InstanceId: 'i-clean', ...clean },
        { InstanceId: 'i-missing', ...clean, MissingCount: 3 },
        { InstanceId: 'i-reboot', ...clean, InstalledPendingRebootCount: 1 },
      ),
    })
    expect(pathsOf(found, 'DescribeInstancePatches')).toEqual([
      'eu-west-1/ssm/describe-instance-patches/i-missing',
      'eu-west-1/ssm/describe-instance-patches/i-reboot',
    ])
  })

  it('asks for the states of fifty nodes at a time', async () => {
    const found = await gather([ssm], nodes(...Array.from({ length: 120 }, (_, at) => `i-${at}`)))
    const asked = found.asks.filter((ask) => ask.operation.api === 'DescribeInstancePatchStates')
    expect(asked.map((ask) => (ask.input['InstanceIds'] as string[]).length)).toEqual([50, 50, 20])
  })

  it('leaves a node that was never scanned without a state, and one whose state was not read unknown', async () => {
    const never = await gather([ssm], { ...nodes('i-1'), ...states() })
    expect(never.only(INSTANCE).config).not.toHaveProperty('PatchState')
    expect(never.only(INSTANCE).missing).not.toHaveProperty('PatchState')

    const unread = await gather([ssm], nodes('i-1'))
    for (const into of ['PatchState', 'Patches'])
      expect(unread.only(INSTANCE).missing?.[into]).toMatchObject({
        operation: 'ssm:DescribeInstancePatchStates',
      })
  })

  it('keeps when applications were recorded, not which', async () => {
    const found = await gather([ssm], {
      ...nodes('i-1'),
      'eu-west-1/ssm/get-inventory': {
        Entities: [
          {
            Id: 'i-1',
            Data: {
              'AWS:Application': {
                TypeName: 'AWS:Application',
                CaptureTime: '2026-11-01T00:00:00Z',
                Content: [{ Name: 'sudo' }],
              },
            },
          },
        ],
      },
    })
    expect(found.only(INSTANCE).config['Inventory']).toEqual({
      'AWS:Application': { TypeName: 'AWS:Application', CaptureTime: '2026-11-01T00:00:00Z' },
    })
  })

  it('reads the rules of own baselines and of defaults, and who is registered with each', async () => {
    const aws = 'arn:aws:ssm:eu-west-1:075727635805:patchbaseline/pb-0aws'
    const found = await gather([ssm], {
      'eu-west-1/ssm/describe-patch-baselines': {
        BaselineIdentities: [
          { BaselineId: 'pb-0own', BaselineName: 'own', DefaultBaseline: false },
          { BaselineId: aws, BaselineName: 'AWS-Default', DefaultBaseline: true },
          { BaselineId: `${aws}-other`, BaselineName: 'AWS-Other', DefaultBaseline: false },
        ],
      },
      'eu-west-1/ssm/get-patch-baseline/pb-0own': {
        BaselineId: 'pb-0own',
        Sources: [{ Name: 'repository', Products: ['*'], Configuration: 'password=hunter2' }],
      },
      'eu-west-1/ssm/describe-patch-groups': {
        Mappings: [{ PatchGroup: 'web', BaselineIdentity: { BaselineId: aws } }],
      },
    })
    expect(pathsOf(found, 'GetPatchBaseline')).toEqual([
      `eu-west-1/ssm/get-patch-baseline/${encodeURIComponent(aws)}`,
      'eu-west-1/ssm/get-patch-baseline/pb-0own',
    ])
    const groups = Object.fromEntries(found.resources.map((each) => [each.id, each.config['PatchGroups']]))
    expect(groups).toEqual({
      [`${here}:patchbaseline/pb-0own`]: [],
      [aws]: [{ PatchGroup: 'web', BaselineIdentity: { BaselineId: aws } }],
      [`${aws}-other`]: [],
    })
    expect(JSON.stringify(found.resources)).not.toContain('hunter2')
  })

  it('never keeps what a maintenance task is given', async () => {
    const found = await gather([ssm], {
      'eu-west-1/ssm/describe-maintenance-windows': {
        WindowIdentities: [{ WindowId: 'mw-1', Name: 'night', Enabled: true }],
      },
      'eu-west-1/ssm/describe-maintenance-window-targets/mw-1': {
        Targets: [{ WindowTargetId: 't', OwnerInformation: 'hunter2' }],
      },
      'eu-west-1/ssm/describe-maintenance-window-tasks/mw-1': {
        Tasks: [
          {
            WindowTaskId: 'task',
            TaskArn: 'backup',
            TaskParameters: { commands: { Values: ['login hunter2'] } },
            LoggingInfo: { S3BucketName: 'b', S3Region: 'eu-west-1' },
          },
        ],
      },
    })
    const window = found.only('AWS::SSM::MaintenanceWindow')
    expect(window.config['Targets']).toEqual([{ WindowTargetId: 't' }])
    expect(found.only(TASK).config).toEqual({ WindowTaskId: 'task', TaskArn: 'backup', TaskParameters: {} })
  })

  it('asks of AWS’s own patching documents whether they install, and keeps nothing else that they are given', async () => {
    const secrets = { commands: ['login hunter2'] }
    const tasks = ['AWS-RunPatchBaseline', 'AWS-RunShellScript', 'AWS-RunPatchBaseline-own'].map(
      (TaskArn) => ({
        WindowId: 'mw-1',
        WindowTaskId: TaskArn,
        TaskArn,
        Type: 'RUN_COMMAND',
        TaskParameters: { Operation: { Values: ['Install'] }, SnapshotId: { Values: ['hunter2'] } },
      }),
    )
    const found = await gather([ssm], {
      'eu-west-1/ssm/describe-maintenance-windows': {
        WindowIdentities: [{ WindowId: 'mw-1', Name: 'night' }],
      },
      'eu-west-1/ssm/describe-maintenance-window-tasks/mw-1': { Tasks: tasks },
      'eu-west-1/ssm/get-maintenance-window-task/AWS-RunPatchBaseline': {
        WindowTaskId: 'AWS-RunPatchBaseline',
        TaskParameters: { SnapshotId: { Values: ['hunter2'] } },
        TaskInvocationParameters: {
          RunCommand: { Comment: 'hunter2', Parameters: { Operation: ['Install'], ...secrets } },
          Lambda: { Payload: 'hunter2' },
        },
      },
      'eu-west-1/ssm/list-associations': {
        Associations: ['AWS-RunPatchBaselineAssociation', 'AWS-RunShellScript'].map((Name) => ({
          Name,
          AssociationId: Name,
        })),
      },
      'eu-west-1/ssm/describe-association/AWS-RunPatchBaselineAssociation': {
        AssociationDescription: {
          AssociationId: 'AWS-RunPatchBaselineAssociation',
          OutputLocation: { S3Location: { OutputS3BucketName: 'hunter2' } },
          Parameters: { Operation: ['Scan'], ...secrets },
        },
      },
    })
    expect(pathsOf(found, 'GetMaintenanceWindowTask')).toEqual([
      'eu-west-1/ssm/get-maintenance-window-task/AWS-RunPatchBaseline',
    ])
    expect(pathsOf(found, 'DescribeAssociation')).toEqual([
      'eu-west-1/ssm/describe-association/AWS-RunPatchBaselineAssociation',
    ])
    const named = (name: string) => found.resources.find((one) => one.name === name)?.config
    expect(named('AWS-RunPatchBaseline')).toMatchObject({
      TaskParameters: { Operation: { Values: ['Install'] } },
      TaskInvocationParameters: { RunCommand: { Parameters: { Operation: ['Install'] } } },
    })
    expect(named('AWS-RunPatchBaselineAssociation')?.['Description']).toEqual({
      AssociationId: 'AWS-RunPatchBaselineAssociation',
      Parameters: { Operation: ['Scan'] },
    })
    expect(JSON.stringify(found.resources)).not.toContain('hunter2')
  })

  it('reads own documents’ sharing, and the content of Session Manager’s preferences alone', async () => {
    const found = await gather([ssm], {
      'eu-west-1/ssm/list-documents': {
        DocumentIdentifiers: [
          { Name: 'runbook', Owner: ACCOUNT },
          { Name: 'SSM-SessionManagerRunShell', Owner: ACCOUNT },
        ],
      },
      'eu-west-1/ssm/describe-document-permission/runbook': { AccountIds: ['all'] },
      'eu-west-1/ssm/get-document/SSM-SessionManagerRunShell': {
        Content: '{"inputs":{"s3BucketName":"sessions"}}',
      },
    })
    expect(pathsOf(found, 'GetDocument')).toEqual(['eu-west-1/ssm/get-document/SSM-SessionManagerRunShell'])
    const [preferences, runbook] = found.resources
    expect(preferences?.config['Content']).toEqual({ inputs: { s3BucketName: 'sessions' } })
    expect(runbook).toMatchObject({ id: `${here}:document/runbook`, config: { AccountIds: ['all'] } })
  })

  it('names a parameter’s ARN where the answer is too old to', async () => {
    const found = await gather([ssm], {
      'eu-west-1/ssm/describe-parameters': { Parameters: [{ Name: '/db/host', Type: 'String' }] },
    })
    expect(found.only('AWS::SSM::Parameter').id).toBe(`${here}:parameter/db/host`)
  })

  it('reads the service settings that open or close something', async () => {
    const SettingId = '/ssm/documents/console/public-sharing-permission'
    const found = await gather([ssm], {
      'eu-west-1/ssm/get-service-setting.public-sharing-permission': {
        ServiceSetting: { SettingId, SettingValue: 'Disable', ARN: `${here}:servicesetting${SettingId}` },
      },
    })
    expect(found.only('AWS::SSM::ServiceSetting')).toMatchObject({
      name: SettingId,
      config: { SettingValue: 'Disable' },
    })
  })

  it('can ask for no value, command output or history', () => {
    const secrets = /^(GetParameter|GetCommandInvocation|ListCommand|DescribeAssociationExecution)/
    expect(ssm.operations.filter((op) => secrets.test(op.api))).toEqual([])
  })
})
