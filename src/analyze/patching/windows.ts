/** Maintenance windows that are on and do nothing. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { JsonObject, Missing, Resource } from '../../snapshot/model.ts'
import type { Unread } from '../unread.ts'
import { TARGETS, TASK } from './plans.ts'
import { listAt, textAt } from './read.ts'

const EXECUTIONS = {
  operation: 'ssm:DescribeMaintenanceWindowExecutions',
  permission: 'ssm:DescribeMaintenanceWindowExecutions',
}

/** The newest of the executions that are over; AWS promises no order. */
function lastEnded(window: Resource): JsonObject | undefined {
  const ended = listAt(window.config, 'WindowExecutions').filter(
    (one) => !['PENDING', 'IN_PROGRESS'].includes(textAt(one, 'Status')),
  )
  return ended.reduce<JsonObject | undefined>(
    (newest, one) =>
      newest === undefined || textAt(one, 'StartTime') > textAt(newest, 'StartTime') ? one : newest,
    undefined,
  )
}

/** Commands need something to run on, of the task's own or of the window; automations, functions and state machines do not. */
const needsTargets = (task: Resource): boolean =>
  textAt(task.config, 'Type') === 'RUN_COMMAND' && listAt(task.config, 'Targets').length === 0

export interface Idle {
  readonly problems: readonly string[]
  /** What else may be wrong and was not read. */
  readonly missing: readonly Missing[]
}

export function readIdle(index: SnapshotIndex, unread: Unread): (window: Resource) => Idle {
  const tasks = new Map<string, Resource[]>()
  for (const task of index.ofType(TASK)) {
    const key = `${task.account}|${task.region}|${textAt(task.config, 'WindowId')}`
    tasks.set(key, [...(tasks.get(key) ?? []), task])
  }
  return (window) => {
    const own = tasks.get(`${window.account}|${window.region}|${textAt(window.config, 'WindowId')}`) ?? []
    const noTasks = unread.list(TASK, window.account, window.region)
    const noTargets = unread.field(window, 'Targets', TARGETS)
    const noRuns = unread.field(window, 'WindowExecutions', EXECUTIONS)
    const last = lastEnded(window)
    const problems: string[] = []
    if (own.length === 0 && noTasks.length === 0) problems.push('has no task')
    if (own.some(needsTargets) && listAt(window.config, 'Targets').length === 0 && !noTargets)
      problems.push('has tasks that run on nothing, for it has no targets')
    if (textAt(window.config, 'NextExecutionTime') === '') problems.push('will not open again')
    if (['FAILED', 'TIMED_OUT'].includes(textAt(last, 'Status')))
      problems.push(`last ended as ${textAt(last, 'Status')} on ${textAt(last, 'StartTime')}`)
    return { problems, missing: [...noTasks, ...(noTargets ? [noTargets] : []), ...(noRuns ? [noRuns] : [])] }
  }
}
