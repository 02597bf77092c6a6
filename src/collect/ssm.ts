import { type Answered, arn, field, type Operation, service, str, type Target, type Words } from './dsl.ts'

const INSTANCE = 'AWS::SSM::ManagedInstance'
const BASELINE = 'AWS::SSM::PatchBaseline'
const WINDOW = 'AWS::SSM::MaintenanceWindow'
const TASK = 'AWS::SSM::MaintenanceWindowTask'
const ASSOCIATION = 'AWS::SSM::Association'
const DOCUMENT = 'AWS::SSM::Document'

/** The document in which Session Manager keeps a Region's preferences. */
const SESSION_PREFERENCES = 'SSM-SessionManagerRunShell'

/** Service settings that open or close something; Systems Manager answers its default where nobody set one. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['public-sharing-permission', '/ssm/documents/console/public-sharing-permission'],
  ['default-management-role', '/ssm/managed-instance/default-ec2-instance-management-role'],
  ['automation-log-destination', '/ssm/automation/customer-script-log-destination'],
]

/** AWS's own documents that look for patches or install them, by their names in a task or association. */
const PATCHING =
  /^(arn:[^:]*:ssm:[^:]*:[^:]*:document\/)?AWS-(RunPatchBaseline|RunPatchBaselineAssociation|RunPatchBaselineWithHooks|ApplyPatchBaseline|InstallWindowsUpdates)$/

/** What a patching document is told to do: Scan or Install. Whatever else a task or association is given may be a secret. */
const ONLY_WHAT_TO_DO = '!Operation|Action'

/** A node that is gone since the listing. */
const noNode = ['InvalidInstanceId']
const nothing = ['DoesNotExistException']
const instanceId = (instance: Target) => instance.config['InstanceId']

/** Whether the last scan left something to tell: a count that is not known to be none is asked about. */
function hasOpenPatches(instance: Answered): boolean {
  const state = instance['PatchState']
  if (typeof state !== 'object' || state === null) return false
  const counts = state as Answered
  const open = (name: string): boolean => typeof counts[name] === 'number' && counts[name] > 0
  return (
    counts['MissingCount'] !== 0 ||
    counts['FailedCount'] !== 0 ||
    open('InstalledPendingRebootCount') ||
    open('InstalledRejectedCount')
  )
}

const managedInstances = (op: Words): Operation[] => [
  op.list('DescribeInstanceInformation', {
    resource: INSTANCE,
    items: 'InstanceInformationList',
    input: () => ({ MaxResults: 50 }),
    id: (instance, place) => arn(place, 'ssm', `managed-instance/${str(instance, 'InstanceId') ?? ''}`),
    name: (instance) => str(instance, 'Name') ?? str(instance, 'ComputerName'),
    fields: {
      always: [
        'InstanceId',
        'PingStatus',
        'LastPingDateTime',
        'AgentVersion',
        'ResourceType',
        'ComplianceSummaries',
      ],
    },
  }),
  // A node that this does not answer was never scanned.
  op.batch(INSTANCE, 'DescribeInstancePatchStates', {
    size: 50,
    items: 'InstancePatchStates',
    input: (instances) => ({ InstanceIds: instances.map(instanceId), MaxResults: 100 }),
    match: (state) => state['InstanceId'],
    on: instanceId,
    into: 'PatchState',
    as: 'first',
    // An override list may be a pre-signed URL.
    never: ['InstancePatchStates[].OwnerInformation', 'InstancePatchStates[].InstallOverrideList'],
  }),
  op.field(INSTANCE, 'DescribeInstancePatches', {
    needs: 'PatchState',
    when: hasOpenPatches,
    input: (instance) => ({
      InstanceId: instanceId(instance),
      Filters: [
        { Key: 'State', Values: ['Missing', 'Failed', 'InstalledPendingReboot', 'InstalledRejected'] },
      ],
      MaxResults: 100,
    }),
    key: field('InstanceId'),
    into: 'Patches',
    gone: noNode,
  }),
  // That and when applications were recorded, not which: the contents are thousands of lines a node.
  op.join(INSTANCE, 'GetInventory', {
    items: 'Entities',
    input: () => ({ ResultAttributes: [{ TypeName: 'AWS:Application' }], MaxResults: 50 }),
    match: (entity) => entity['Id'],
    on: instanceId,
    into: 'Inventory',
    as: { member: 'Data' },
    never: ['Entities[].Data.*.Content'],
  }),
  op.join(INSTANCE, 'ListResourceComplianceSummaries', {
    items: 'ResourceComplianceSummaryItems',
    input: () => ({ MaxResults: 50 }),
    match: (summary) => summary['ResourceId'],
    on: instanceId,
    into: 'ComplianceSummaries',
    as: 'list',
  }),
]

/** AWS's own baselines are named by their ARN, those of the account by their id. */
const isOwn = (baseline: Answered): boolean => str(baseline, 'BaselineId')?.startsWith('pb-') === true

/** GetDefaultPatchBaseline is not asked: the listing marks the default of each operating system. */
const patchBaselines = (op: Words): Operation[] => [
  op.list('DescribePatchBaselines', {
    resource: BASELINE,
    items: 'BaselineIdentities',
    input: () => ({ MaxResults: 100 }),
    id: (baseline, place) => {
      const id = str(baseline, 'BaselineId') ?? ''
      return id.startsWith('arn:') ? id : arn(place, 'ssm', `patchbaseline/${id}`)
    },
    name: (baseline) => baseline['BaselineName'],
    fields: {
      always: ['BaselineId', 'BaselineName', 'OperatingSystem', 'PatchGroups'],
      absent: {
        DefaultBaseline: false,
        'Baseline.ApprovalRules.PatchRules[].EnableNonSecurity': false,
      },
    },
  }),
  op.field(BASELINE, 'GetPatchBaseline', {
    when: (baseline) => isOwn(baseline) || baseline['DefaultBaseline'] === true,
    input: (baseline) => ({ BaselineId: str(baseline.config, 'BaselineId') }),
    key: field('BaselineId'),
    into: 'Baseline',
    take: '*',
    never: ['Sources[].Configuration'], // a repository's configuration may hold its password
    gone: nothing,
  }),
  op.join(BASELINE, 'DescribePatchGroups', {
    items: 'Mappings',
    input: () => ({ MaxResults: 100 }),
    match: (mapping) => (mapping['BaselineIdentity'] as Answered | undefined)?.['BaselineId'],
    on: (baseline) => baseline.config['BaselineId'],
    into: 'PatchGroups',
    as: 'list',
  }),
]

const ofWindow = {
  input: (window: Target) => ({ WindowId: str(window.config, 'WindowId'), MaxResults: 100 }),
  key: field('WindowId'),
  gone: nothing,
}

const maintenanceWindows = (op: Words): Operation[] => [
  op.list('DescribeMaintenanceWindows', {
    resource: WINDOW,
    items: 'WindowIdentities',
    input: () => ({ MaxResults: 100 }),
    id: (window, place) => arn(place, 'ssm', `maintenancewindow/${str(window, 'WindowId') ?? ''}`),
    name: (window) => window['Name'],
    fields: { always: ['WindowId', 'Name', 'Targets'], absent: { Enabled: false } },
  }),
  op.field(WINDOW, 'DescribeMaintenanceWindowTargets', {
    ...ofWindow,
    into: 'Targets',
    never: ['Targets[].OwnerInformation'],
  }),
  op.children(WINDOW, 'DescribeMaintenanceWindowTasks', {
    ...ofWindow,
    resource: TASK,
    items: 'Tasks',
    id: (task, window) => arn(window, 'ssm', `windowtask/${str(task, 'WindowTaskId') ?? ''}`),
    name: (task) => str(task, 'Name') ?? str(task, 'TaskArn'),
    never: [`Tasks[].TaskParameters.${ONLY_WHAT_TO_DO}`, 'Tasks[].LoggingInfo'],
    fields: { always: ['WindowId', 'WindowTaskId', 'TaskArn', 'Type'] },
  }),
  op.field(TASK, 'GetMaintenanceWindowTask', {
    when: (task) => task['Type'] === 'RUN_COMMAND' && PATCHING.test(str(task, 'TaskArn') ?? ''),
    input: (task) => ({
      WindowId: str(task.config, 'WindowId'),
      WindowTaskId: str(task.config, 'WindowTaskId'),
    }),
    key: field('WindowTaskId'),
    into: 'TaskInvocationParameters',
    never: [
      `TaskParameters.${ONLY_WHAT_TO_DO}`,
      'LoggingInfo',
      'TaskInvocationParameters.!RunCommand',
      'TaskInvocationParameters.RunCommand.!Parameters',
      `TaskInvocationParameters.RunCommand.Parameters.${ONLY_WHAT_TO_DO}`,
    ],
    gone: nothing,
  }),
  op.field(WINDOW, 'DescribeMaintenanceWindowExecutions', {
    ...ofWindow,
    when: (window) => window['Enabled'] === true,
    into: 'WindowExecutions',
  }),
]

const documents = (op: Words): Operation[] => [
  op.list('ListDocuments', {
    resource: DOCUMENT,
    items: 'DocumentIdentifiers',
    input: () => ({ Filters: [{ Key: 'Owner', Values: ['Self'] }], MaxResults: 50 }),
    id: (document, place) => arn(place, 'ssm', `document/${str(document, 'Name') ?? ''}`),
    name: (document) => document['Name'],
    fields: { always: ['Name', 'Owner', 'DocumentVersion', 'DocumentType', 'DocumentFormat', 'AccountIds'] },
  }),
  // The accounts that it is shared with; `all` for everybody's.
  op.field(DOCUMENT, 'DescribeDocumentPermission', {
    input: (document) => ({ Name: str(document.config, 'Name'), PermissionType: 'Share', MaxResults: 200 }),
    key: field('Name'),
    into: 'AccountIds',
    gone: ['InvalidDocument'],
  }),
  // Other documents are programs, which may hold anything.
  op.field(DOCUMENT, 'GetDocument', {
    when: (document) => document['Name'] === SESSION_PREFERENCES,
    input: (document) => ({ Name: str(document.config, 'Name'), DocumentFormat: 'JSON' }),
    key: field('Name'),
    into: 'Content',
    parse: 'policyDocument',
    never: ['AttachmentsContent'], // pre-signed URLs
    gone: ['InvalidDocument'],
  }),
]

const setting = (op: Words, variant: string, id: string): Operation =>
  op.single('GetServiceSetting', {
    variant,
    resource: 'AWS::SSM::ServiceSetting',
    input: () => ({ SettingId: id }),
    take: 'ServiceSetting',
    id: (answered, place) => str(answered, 'ARN') ?? arn(place, 'ssm', `servicesetting${id}`),
    name: (answered) => answered['SettingId'],
    none: ['ServiceSettingNotFound'], // a Region that does not have it yet
    fields: { always: ['SettingId', 'SettingValue', 'Status'] },
  })

/**
 * Every operation that the audit reads from Systems Manager: never a parameter's value or what a command printed, and of
 * what tasks and associations are given only whether patches are installed.
 */
export const ssm = service('ssm', { load: () => import('@aws-sdk/client-ssm') }, (op) => [
  ...managedInstances(op),
  ...patchBaselines(op),
  ...maintenanceWindows(op),
  ...documents(op),
  op.list('ListAssociations', {
    resource: ASSOCIATION,
    items: 'Associations',
    input: () => ({ MaxResults: 50 }),
    id: (association, place) => arn(place, 'ssm', `association/${str(association, 'AssociationId') ?? ''}`),
    name: (association) => str(association, 'AssociationName') ?? str(association, 'Name'),
    never: ['Associations[].TargetMaps'], // what the document is given
    fields: { always: ['Name', 'AssociationId'] },
  }),
  op.field(ASSOCIATION, 'DescribeAssociation', {
    when: (association) => PATCHING.test(str(association, 'Name') ?? ''),
    input: (association) => ({ AssociationId: str(association.config, 'AssociationId') }),
    key: field('AssociationId'),
    into: 'Description',
    take: 'AssociationDescription',
    never: [
      'AssociationDescription.!AssociationId|Parameters',
      `AssociationDescription.Parameters.${ONLY_WHAT_TO_DO}`,
    ],
    gone: ['AssociationDoesNotExist'],
  }),
  op.list('DescribeParameters', {
    resource: 'AWS::SSM::Parameter',
    items: 'Parameters',
    input: () => ({ MaxResults: 50 }),
    id: (parameter, place) =>
      str(parameter, 'ARN') ??
      arn(place, 'ssm', `parameter/${(str(parameter, 'Name') ?? '').replace(/^\//, '')}`),
    name: (parameter) => parameter['Name'],
    fields: { always: ['Name', 'Type', 'Version'] },
  }),
  op.list('ListResourceDataSync', {
    resource: 'AWS::SSM::ResourceDataSync',
    items: 'ResourceDataSyncItems',
    input: () => ({ MaxResults: 50 }),
    id: (sync, place) => arn(place, 'ssm', `resource-data-sync/${str(sync, 'SyncName') ?? ''}`),
    name: (sync) => sync['SyncName'],
    fields: { always: ['SyncName'] },
  }),
  ...SETTINGS.map(([variant, id]) => setting(op, variant, id)),
])
