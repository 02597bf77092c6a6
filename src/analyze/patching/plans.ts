/** Who is told to install patches: by maintenance windows and by State Manager associations. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { JsonObject, Missing, Resource } from '../../snapshot/model.ts'
import { distinctMissing, type Operation, type Unread } from '../unread.ts'
import { type Fleet, idOf, isMissing, isUnderPolicy, type Place, placeKey } from './fleet.ts'
import { listAt, objectAt, textAt, textsAt } from './read.ts'

export const WINDOW = 'AWS::SSM::MaintenanceWindow'
export const TASK = 'AWS::SSM::MaintenanceWindowTask'
const ASSOCIATION = 'AWS::SSM::Association'

const same = (operation: string): Operation => ({ operation, permission: operation })
export const TARGETS = same('ssm:DescribeMaintenanceWindowTargets')
const GET_TASK = same('ssm:GetMaintenanceWindowTask')
const DESCRIBE_ASSOCIATION = same('ssm:DescribeAssociation')

/** AWS's patching documents, and what they do when they are told nothing. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'AWS-RunPatchBaseline': '',
  'AWS-RunPatchBaselineAssociation': '',
  'AWS-RunPatchBaselineWithHooks': 'Install',
  'AWS-ApplyPatchBaseline': '',
  'AWS-InstallWindowsUpdates': 'Install',
}

const documentOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
const isPatching = (name: string): boolean => Object.hasOwn(DOCUMENTS, documentOf(name))

function toldTo(name: string, parameters: JsonObject | undefined): string {
  const told = textsAt(parameters, 'Operation')[0] ?? textsAt(parameters, 'Action')[0]
  return told ?? DOCUMENTS[documentOf(name)] ?? ''
}

/** Parameters of a task's older form: `{Operation: {Values: ['Install']}}`. */
const olderForm = (parameters: JsonObject | undefined): JsonObject =>
  Object.fromEntries(
    Object.keys(parameters ?? {}).map((name) => [name, textsAt(objectAt(parameters ?? {}, name), 'Values')]),
  )

type Selects = boolean | 'unknown'

/** All of a list of targets have to hold; one value of each is enough. Resource groups' members were not read. */
function selects(
  targets: readonly JsonObject[],
  id: string,
  tags: Readonly<Record<string, string>>,
): Selects {
  if (targets.length === 0) return false
  const each = targets.map((target): Selects => {
    const key = textAt(target, 'Key')
    const values = textsAt(target, 'Values')
    if (key === 'InstanceIds') return values.includes(id) || values.includes('*')
    if (key === 'tag-key') return values.some((value) => Object.hasOwn(tags, value))
    if (key.startsWith('tag:')) {
      const name = key.slice('tag:'.length)
      return Object.hasOwn(tags, name) && values.includes(tags[name] ?? '')
    }
    return 'unknown'
  })
  if (each.includes(false)) return false
  return each.includes('unknown') ? 'unknown' : true
}

/** Something that installs patches on what it selects. */
interface Plan {
  readonly groups: readonly (readonly JsonObject[])[]
  /** Why nobody can say whether it installs. */
  readonly unread?: Missing
}

const namesWindowTargets = (task: Resource): boolean =>
  listAt(task.config, 'Targets').some((target) => textAt(target, 'Key') === 'WindowTargetIds')

function targetsOf(task: Resource, window: Resource): Plan['groups'] {
  const named = listAt(task.config, 'Targets')
  if (!namesWindowTargets(task)) return [named]
  const wanted = new Set(named.flatMap((target) => textsAt(target, 'Values')))
  return listAt(window.config, 'Targets')
    .filter((target) => wanted.has(textAt(target, 'WindowTargetId')))
    .map((target) => listAt(target, 'Targets'))
}

/** @param untold why nobody knows what it is told to do */
function planOf(groups: Plan['groups'], told: string, untold: Missing | undefined): Plan[] {
  if (told === 'Install') return [{ groups }]
  return untold === undefined ? [] : [{ groups, unread: untold }]
}

function plansOfTask(task: Resource, window: Resource, unread: Unread): Plan[] {
  const name = textAt(task.config, 'TaskArn')
  if (window.config['Enabled'] !== true || !isPatching(name)) return []
  const invoked = objectAt(objectAt(task.config, 'TaskInvocationParameters') ?? {}, 'RunCommand')
  const newer = objectAt(invoked ?? {}, 'Parameters')
  const older = olderForm(objectAt(task.config, 'TaskParameters'))
  const told = toldTo(name, { ...older, ...newer })
  const untold = unread.field(task, 'TaskInvocationParameters', GET_TASK)
  const untargeted = unread.field(window, 'Targets', TARGETS)
  const plans = planOf(targetsOf(task, window), told, untold)
  if (untargeted === undefined || !namesWindowTargets(task)) return plans
  return plans.map(() => ({ groups: [listAt(task.config, 'Targets')], unread: untargeted }))
}

function plansOfAssociation(association: Resource, unread: Unread): Plan[] {
  const name = textAt(association.config, 'Name')
  if (!isPatching(name)) return []
  const groups = [
    listAt(association.config, 'Targets'),
    [{ Key: 'InstanceIds', Values: [textAt(association.config, 'InstanceId')] }],
  ]
  const told = toldTo(name, objectAt(objectAt(association.config, 'Description') ?? {}, 'Parameters'))
  return planOf(groups, told, unread.field(association, 'Description', DESCRIBE_ASSOCIATION))
}

export type InstallPlans = (node: Resource) => boolean | readonly Missing[]

/** A patch policy of Quick Setup shows by its results only; whether it installs, and by which baseline, is in none. */
const POLICY: Missing = {
  operation: 'rule',
  outcome: 'error',
  permission: '',
  detail: 'a patch policy of Quick Setup patches it, and whether the policy installs can’t be read',
}

/** Whether a window or association installs patches on a node; what kept it from being known, where none was seen to. */
export function readInstallPlans(index: SnapshotIndex, fleet: Fleet, unread: Unread): InstallPlans {
  const windows = new Map(
    index.ofType(WINDOW).map((one) => [`${placeKey(one)}|${textAt(one.config, 'WindowId')}`, one]),
  )
  const plans = new Map<string, Plan[]>()
  const add = (place: Place, more: readonly Plan[]): void => {
    const key = placeKey(place)
    plans.set(key, [...(plans.get(key) ?? []), ...more])
  }
  for (const task of index.ofType(TASK)) {
    const window = windows.get(`${placeKey(task)}|${textAt(task.config, 'WindowId')}`)
    if (window) add(task, plansOfTask(task, window, unread))
  }
  for (const association of index.ofType(ASSOCIATION))
    add(association, plansOfAssociation(association, unread))
  const unlisted = ({ account, region }: Place): readonly Missing[] =>
    [WINDOW, TASK, ASSOCIATION].flatMap((type) => unread.list(type, account, region))
  return (node) => {
    const tags = fleet.tags(node)
    const known = isMissing(tags) ? {} : tags
    const missing: Missing[] = [...(isMissing(tags) ? tags : []), ...unlisted(node)]
    for (const plan of plans.get(placeKey(node)) ?? []) {
      const answers = plan.groups.map((targets) => selects(targets, idOf(node), known))
      if (answers.includes(true) && plan.unread === undefined) return true
      if (answers.includes(true) && plan.unread) missing.push(plan.unread)
      if (answers.includes('unknown')) missing.push(plan.unread ?? GROUP_MEMBERS)
    }
    const governed = isUnderPolicy(node, unread)
    if (isMissing(governed)) missing.push(...governed)
    else if (governed) missing.push(POLICY)
    return missing.length > 0 ? distinctMissing(missing) : false
  }
}

const GROUP_MEMBERS: Missing = {
  operation: 'rule',
  outcome: 'error',
  permission: '',
  detail: 'what installs patches goes by a resource group, whose members were not read',
}
