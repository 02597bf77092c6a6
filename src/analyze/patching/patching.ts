/** Facts about patches: what is managed, what decides over it, what is missing, and whether anybody installs it. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { JsonObject, Missing, Resource } from '../../snapshot/model.ts'
import type { Shape } from '../../snapshot/shapes.ts'
import type { Analysis, Fact } from '../analysis.ts'
import { readUnread, type Unread } from '../unread.ts'
import { approvalOf } from './approval.ts'
import { BASELINE, type Baselines, readBaselines } from './baselines.ts'
import { type Fleet, INSTANCE, isMissing, NODE, readFleet } from './fleet.ts'
import { lastInstalled, patchesOf, reportOf } from './patches.ts'
import { type InstallPlans, readInstallPlans, WINDOW } from './plans.ts'
import { objectAt, textAt } from './read.ts'
import { supportOf } from './support.ts'
import { type Idle, readIdle } from './windows.ts'

const same = (operation: string) => ({ operation, permission: operation })
const STATES = same('ssm:DescribeInstancePatchStates')
const PATCHES = same('ssm:DescribeInstancePatches')
const GET_BASELINE = same('ssm:GetPatchBaseline')

/** Collects what is known and what is not, member by member. */
class Facts {
  private readonly known: Record<string, JsonObject[string]> = {}
  private readonly unseen: Record<string, readonly Missing[]> = {}
  set(members: Readonly<Record<string, JsonObject[string] | undefined>>): this {
    for (const [name, value] of Object.entries(members)) if (value !== undefined) this.known[name] = value
    return this
  }
  hide(missing: readonly Missing[], ...members: readonly string[]): this {
    for (const name of members) this.unseen[name] = missing
    return this
  }
  /** Known, or why not. */
  either(name: string, value: JsonObject[string] | readonly Missing[], isHidden: boolean): this {
    return isHidden
      ? this.hide(value as readonly Missing[], name)
      : this.set({ [name]: value as JsonObject[string] })
  }
  fact(): Fact {
    return Object.keys(this.unseen).length === 0
      ? { known: this.known }
      : { known: this.known, unseen: this.unseen }
  }
}

const time = (milliseconds: number | undefined): string | undefined =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString().replace('.000Z', 'Z')

const unknownEnd = (release: string): Missing => ({
  operation: 'rule',
  outcome: 'error',
  permission: '',
  detail: `until when ${release} gets fixes is not known here`,
})

/** Ubuntu Pro is a part of what the instance is billed for; other extensions show nowhere. */
const hasUbuntuPro = (instance: Resource | undefined): boolean =>
  /Ubuntu Pro/i.test(textAt(instance?.config, 'PlatformDetails'))

function support(node: Resource, instance: Resource | undefined, facts: Facts): void {
  const found = supportOf(textAt(node.config, 'PlatformName'), textAt(node.config, 'PlatformVersion'))
  const { operatingSystem, release, extended, extension, source } = found
  const ends = hasUbuntuPro(instance) && extended !== undefined ? extended : found.ends
  facts.set({ operatingSystem, release, supportSource: source })
  if (ends === undefined) facts.hide([unknownEnd(release)], 'supportEnds')
  else facts.set({ supportEnds: `${ends}T23:59:59Z` })
  if (extended !== undefined && extended !== ends)
    facts.set({ extendedUntil: `${extended}T23:59:59Z`, extension })
}

const OPEN = ['critical', 'security', 'other'] as const

/** What is open, by the list of patches where it was read, else by the counts as far as they tell. */
function open(node: Resource, state: JsonObject, unread: Unread, now: string, facts: Facts): void {
  const patches = patchesOf(node.config)
  const report = reportOf(state, patches, now)
  const isOpen = ['MissingCount', 'FailedCount'].some((count) => state[count] !== 0)
  const waits = ['InstalledPendingRebootCount', 'InstalledRejectedCount'].some(
    (count) => (state[count] ?? 0) !== 0,
  )
  const hidden = isOpen || waits ? unread.field(node, 'Patches', PATCHES) : undefined
  for (const kind of OPEN) {
    const count = report[`${kind}Count`]
    if (hidden === undefined || !isOpen) facts.set({ [kind]: report[kind], [`${kind}Count`]: count })
    else {
      facts.hide([hidden], kind)
      if (count > 0) facts.set({ [`${kind}Count`]: count })
      else facts.hide([hidden], `${kind}Count`)
    }
  }
  if (hidden === undefined) {
    const { failed, pendingReboot, rejected } = report
    facts.set({ failed, pendingReboot, rejected, pendingSince: time(report.pendingSince) })
  } else facts.hide([hidden], 'failed', 'pendingReboot', 'rejected', 'pendingSince')
  facts.set({ installedAt: time(lastInstalled(state, patches)) })
}

const REPORTED = [
  ...OPEN.flatMap((kind) => [kind, `${kind}Count`]),
  'scanned',
  'failed',
  'pendingReboot',
  'rejected',
  'pendingSince',
  'startedSince',
  'installedAt',
]

/** LaunchTime moves with each start: what waited for a reboot before it is in effect. */
function startedSince(instance: Resource | undefined, state: JsonObject): boolean {
  const started = Date.parse(textAt(instance?.config, 'LaunchTime'))
  return started > Date.parse(textAt(state, 'OperationEndTime'))
}

interface Fleets {
  readonly fleet: Fleet
  readonly baselines: Baselines
  readonly plans: InstallPlans
  readonly unread: Unread
  readonly now: string
}

function factOfNode(node: Resource, { fleet, baselines, plans, unread, now }: Fleets): Fact {
  const facts = new Facts()
  const instance = fleet.instance(node)
  const running = fleet.isRunning(node)
  facts.either('running', running, isMissing(running))
  support(node, instance, facts)
  const assigned = baselines.assigned(node)
  if (isMissing(assigned)) facts.hide(assigned, 'patchGroup', 'baseline', 'baselineBy')
  else facts.set({ patchGroup: assigned.group, baseline: assigned.baseline, baselineBy: assigned.by })
  const planned = plans(node)
  facts.either('installPlanned', planned, isMissing(planned))
  const hidden = unread.field(node, 'PatchState', STATES)
  const state = objectAt(node.config, 'PatchState')
  if (hidden) return facts.hide([hidden], ...REPORTED).fact()
  facts.set({ scanned: state !== undefined })
  if (state === undefined) return facts.fact()
  open(node, state, unread, now, facts)
  return facts.set({ startedSince: startedSince(instance, state) }).fact()
}

function factOfInstance(instance: Resource, { fleet, unread }: Fleets): Fact {
  const node = fleet.node(instance)
  if (node) {
    const { config } = node
    return new Facts()
      .set({
        managed: true,
        pingStatus: textAt(config, 'PingStatus'),
        lastPing: textAt(config, 'LastPingDateTime'),
      })
      .fact()
  }
  const missing = unread.list(NODE, instance.account, instance.region)
  if (missing.length > 0) return new Facts().hide(missing, 'managed', 'pingStatus', 'lastPing').fact()
  return new Facts().set({ managed: false, pingStatus: '', lastPing: '' }).fact()
}

function factOfBaseline(baseline: Resource, { baselines, unread, now }: Fleets): Fact {
  const { machines, byDefault, groups, unregistered, missing } = baselines.use(baseline)
  const facts = new Facts().set({
    own: textAt(baseline.config, 'BaselineId').startsWith('pb-'),
    machines,
    machinesByDefault: byDefault,
  })
  facts.either('groups', unregistered ? [unregistered] : [...groups], unregistered !== undefined)
  facts.either('complete', missing.length > 0 ? missing : true, missing.length > 0)
  const hidden = unread.field(baseline, 'Baseline', GET_BASELINE)
  const rules = objectAt(baseline.config, 'Baseline')
  if (hidden) return facts.hide([hidden], 'approvalGaps', 'approvalDelay').fact()
  if (rules === undefined) return facts.fact()
  const { gaps, delay } = approvalOf(rules, now)
  return facts.set({ approvalGaps: gaps, approvalDelay: delay }).fact()
}

const factOfWindow = ({ problems, missing }: Idle): Fact =>
  new Facts()
    .set({ problems })
    .either('complete', missing.length > 0 ? missing : true, missing.length > 0)
    .fact()

const PATCH_LIST: Shape = ['list', ['struct', 'patching.Patch']]
const TEXTS: Shape = ['list', 'string']

function readFleets(index: SnapshotIndex, now: string): Fleets {
  const unread = readUnread(index)
  const fleet = readFleet(index, unread)
  return {
    fleet,
    unread,
    now,
    baselines: readBaselines(index, fleet, unread),
    plans: readInstallPlans(index, fleet, unread),
  }
}

/**
 * Patching as Systems Manager reports it. What each member means stands in docs/facts.md.
 * @see Systems Manager User Guide, "Patch Manager", "Patch groups", "Understanding patch compliance state values"
 */
export const patching: Analysis = {
  name: 'patching',
  shapes: {
    [INSTANCE]: { managed: 'bool', pingStatus: 'string', lastPing: 'timestamp' },
    [NODE]: {
      running: 'bool',
      operatingSystem: 'string',
      release: 'string',
      supportEnds: 'timestamp',
      supportSource: 'string',
      extendedUntil: 'timestamp',
      extension: 'string',
      patchGroup: 'string',
      baseline: 'string',
      baselineBy: 'string',
      scanned: 'bool',
      critical: PATCH_LIST,
      criticalCount: 'int',
      security: PATCH_LIST,
      securityCount: 'int',
      other: PATCH_LIST,
      otherCount: 'int',
      failed: PATCH_LIST,
      pendingReboot: PATCH_LIST,
      pendingSince: 'timestamp',
      startedSince: 'bool',
      rejected: PATCH_LIST,
      installedAt: 'timestamp',
      installPlanned: 'bool',
    },
    [BASELINE]: {
      own: 'bool',
      machines: TEXTS,
      machinesByDefault: TEXTS,
      groups: ['list', ['struct', 'patching.Group']],
      approvalGaps: TEXTS,
      approvalDelay: 'int',
      complete: 'bool',
    },
    [WINDOW]: { problems: TEXTS, complete: 'bool' },
  },
  structs: {
    'patching.Patch': {
      id: 'string',
      title: 'string',
      classification: 'string',
      severity: 'string',
      state: 'string',
      openForAtMost: 'int',
    },
    'patching.Group': { group: 'string', registered: 'bool', machines: TEXTS },
  },
  operations: [
    'ec2:DescribeInstances',
    'ssm:DescribeInstanceInformation',
    'ssm:DescribeInstancePatchStates',
    'ssm:DescribeInstancePatches',
    'ssm:ListResourceComplianceSummaries',
    'ssm:DescribePatchBaselines',
    'ssm:DescribePatchGroups',
    'ssm:GetPatchBaseline',
    'ssm:DescribeMaintenanceWindows',
    'ssm:DescribeMaintenanceWindowTargets',
    'ssm:DescribeMaintenanceWindowTasks',
    'ssm:DescribeMaintenanceWindowExecutions',
    'ssm:GetMaintenanceWindowTask',
    'ssm:ListAssociations',
    'ssm:DescribeAssociation',
    'tag:GetResources',
  ],
  prepare: (index, { now }) => {
    const fleets = readFleets(index, now)
    const idle = readIdle(index, fleets.unread)
    return (resource) => {
      if (resource.type === NODE) return factOfNode(resource, fleets)
      if (resource.type === INSTANCE) return factOfInstance(resource, fleets)
      if (resource.type === BASELINE) return factOfBaseline(resource, fleets)
      return resource.type === WINDOW ? factOfWindow(idle(resource)) : { known: {} }
    }
  },
}
