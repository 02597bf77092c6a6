/** What a node's last patch report says: which patches are open, and which are installed but not in effect. */
import type { JsonObject } from '../../snapshot/model.ts'
import { listAt, numberAt, textAt } from './read.ts'

export interface Patch extends JsonObject {
  readonly id: string
  readonly title: string
  readonly classification: string
  readonly severity: string
  /** `MISSING`, `FAILED`, … whichever way the API spelled it. */
  readonly state: string
}

/** `InstalledPendingReboot` as the CLI's examples have it, `INSTALLED_PENDING_REBOOT` as the API's reference does. */
export const stateOf = (state: string): string => state.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()

const DAY = 86_400_000
const days = (from: number, now: string): number => Math.floor((Date.parse(now) - from) / DAY)

/** Microsoft's updates begin with their month: `2026-09 Cumulative Update for Windows Server 2022`. */
function released(title: string): number | undefined {
  const month = /^(20\d\d-(0[1-9]|1[0-2])) /.exec(title)?.[1]
  return month === undefined ? undefined : Date.parse(`${month}-01T00:00:00Z`)
}

/** A time that means something: AWS answers the epoch for patches that are not installed. */
function installedAt(patch: JsonObject): number | undefined {
  const at = Date.parse(textAt(patch, 'InstalledTime'))
  return at > Date.UTC(1990, 0) ? at : undefined
}

/** When something was last installed on a node, as far as its report tells: a scan overwrites the report of an installation. */
export function lastInstalled(state: JsonObject, patches: readonly JsonObject[]): number | undefined {
  const times = [
    textAt(state, 'Operation') === 'Install' ? Date.parse(textAt(state, 'OperationEndTime')) : Number.NaN,
    Date.parse(textAt(state, 'LastNoRebootInstallOperationTime')),
    ...patches
      .filter((patch) => stateOf(textAt(patch, 'State')) === 'INSTALLED_PENDING_REBOOT')
      .map((patch) => installedAt(patch) ?? Number.NaN),
  ].filter((time) => !Number.isNaN(time))
  return times.length > 0 ? Math.max(...times) : undefined
}

/**
 * The longest that a patch may have been missing. AWS does not say when it came out: Microsoft's title does to the month,
 * and what an installation left missing was not approved before it.
 */
function openAtMost(patch: JsonObject, installed: number | undefined, now: string): number | undefined {
  const month = released(textAt(patch, 'Title'))
  const since = [month, stateOf(textAt(patch, 'State')) === 'MISSING' ? installed : undefined].filter(
    (time) => time !== undefined,
  )
  return since.length > 0 ? days(Math.max(...since), now) : undefined
}

function patchOf(patch: JsonObject, installed: number | undefined, now: string): Patch {
  const openFor = openAtMost(patch, installed, now)
  return {
    id: textAt(patch, 'KBId'),
    title: textAt(patch, 'Title'),
    classification: textAt(patch, 'Classification'),
    severity: textAt(patch, 'Severity'),
    state: stateOf(textAt(patch, 'State')),
    ...(openFor === undefined ? {} : { openForAtMost: openFor }),
  }
}

const isCritical = (patch: Patch): boolean => patch.severity.toLowerCase() === 'critical'
const isSecurity = (patch: Patch): boolean => /^security/i.test(patch.classification)

export interface Report {
  /** Missing or failed, by what they are: each patch in one of the three. */
  readonly critical: readonly Patch[]
  readonly security: readonly Patch[]
  readonly other: readonly Patch[]
  /** At least so many: the counts know patches that a baseline calls critical and the list does not. */
  readonly criticalCount: number
  readonly securityCount: number
  readonly otherCount: number
  readonly failed: readonly Patch[]
  readonly pendingReboot: readonly Patch[]
  readonly rejected: readonly Patch[]
  /** Since when patches wait for a reboot, in milliseconds; undefined where no patch says. */
  readonly pendingSince?: number
}

/**
 * @param patches what DescribeInstancePatches answered; undefined where it was not asked, because nothing is open, or failed
 *
 * Non-compliant counts hold what waits for a reboot and what was rejected too; those have findings of their own, and are
 * taken off. `NOT_APPLICABLE` and `INSTALLED_OTHER` are compliant and in none of them.
 * @see Systems Manager User Guide, "Understanding patch compliance state values"; API reference, "InstancePatchState"
 */
export function reportOf(state: JsonObject, patches: readonly JsonObject[], now: string): Report {
  const installed = lastInstalled(state, patches)
  const all = patches.map((patch) => patchOf(patch, installed, now))
  const inState = (...states: readonly string[]): Patch[] =>
    all.filter((patch) => states.includes(patch.state))
  const open = inState('MISSING', 'FAILED')
  const critical = open.filter(isCritical)
  const security = open.filter((patch) => !isCritical(patch) && isSecurity(patch))
  const other = open.filter((patch) => !isCritical(patch) && !isSecurity(patch))
  const excused = numberAt(state, 'InstalledPendingRebootCount') + numberAt(state, 'InstalledRejectedCount')
  const atLeast = (listed: readonly Patch[], count: string, elsewhere = 0): number =>
    Math.max(listed.length, numberAt(state, count) - excused - elsewhere)
  const pending = patches
    .filter((patch) => stateOf(textAt(patch, 'State')) === 'INSTALLED_PENDING_REBOOT')
    .map(installedAt)
    .filter((time) => time !== undefined)
  return {
    critical,
    security,
    other,
    criticalCount: atLeast(critical, 'CriticalNonCompliantCount'),
    securityCount: atLeast(security, 'SecurityNonCompliantCount', critical.filter(isSecurity).length),
    otherCount: atLeast(other, 'OtherNonCompliantCount'),
    failed: inState('FAILED'),
    pendingReboot: inState('INSTALLED_PENDING_REBOOT'),
    rejected: inState('INSTALLED_REJECTED'),
    ...(pending.length > 0 ? { pendingSince: Math.min(...pending) } : {}),
  }
}

export const patchesOf = (node: JsonObject): readonly JsonObject[] => listAt(node, 'Patches')
