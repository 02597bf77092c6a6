/** Which baseline decides what a node is to have: by its patch group, or its operating system's default. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { JsonObject, Missing, Resource } from '../../snapshot/model.ts'
import { distinctMissing, type Unread } from '../unread.ts'
import {
  type Fleet,
  INSTANCE,
  idOf,
  isMissing,
  isUnderPolicy,
  NODE,
  type Place,
  patchGroupOf,
  placeKey,
} from './fleet.ts'
import { listAt, textAt } from './read.ts'
import { supportOf } from './support.ts'

export const BASELINE = 'AWS::SSM::PatchBaseline'
const GROUPS = { operation: 'ssm:DescribePatchGroups', permission: 'ssm:DescribePatchGroups' }

export interface Assigned {
  readonly group: string
  /** The baseline's id; empty where there is none for its operating system, or where a patch policy has its own. */
  readonly baseline: string
  readonly by: 'group' | 'default' | 'policy'
}

export interface Group extends JsonObject {
  readonly group: string
  readonly registered: boolean
  readonly machines: readonly string[]
}

export interface Use {
  /** Ids of the nodes that it decides for. */
  readonly machines: readonly string[]
  /** Those of them for which it was not chosen by a patch group. */
  readonly byDefault: readonly string[]
  /** Groups that are registered with it; of a default also those of its nodes that are registered with none. */
  readonly groups: readonly Group[]
  /** Why it can't be told which groups are registered with it. */
  readonly unregistered: Missing | undefined
  readonly missing: readonly Missing[]
}

export const systemOf = (node: Resource): string =>
  supportOf(textAt(node.config, 'PlatformName'), textAt(node.config, 'PlatformVersion')).operatingSystem

const registered = (baseline: Resource): readonly string[] =>
  listAt(baseline.config, 'PatchGroups').map((mapping) => textAt(mapping, 'PatchGroup'))

interface Registry {
  readonly byGroup: ReadonlyMap<string, string>
  readonly defaults: ReadonlyMap<string, string>
}

function readRegistry(index: SnapshotIndex): Registry {
  const byGroup = new Map<string, string>()
  const defaults = new Map<string, string>()
  for (const baseline of index.ofType(BASELINE)) {
    const place = `${placeKey(baseline)}|${textAt(baseline.config, 'OperatingSystem')}`
    if (baseline.config['DefaultBaseline'] === true) defaults.set(place, baseline.id)
    for (const group of registered(baseline)) byGroup.set(`${place}|${group}`, baseline.id)
  }
  return { byGroup, defaults }
}

export interface Baselines {
  assigned(node: Resource): Assigned | readonly Missing[]
  use(baseline: Resource): Use
}

export function readBaselines(index: SnapshotIndex, fleet: Fleet, unread: Unread): Baselines {
  const { byGroup, defaults } = readRegistry(index)
  const unseen = ({ account, region }: Place): readonly Missing[] => {
    const own = index.ofType(BASELINE).filter((one) => one.account === account && one.region === region)
    return distinctMissing([
      ...unread.list(BASELINE, account, region),
      ...own.flatMap((baseline) => unread.field(baseline, 'PatchGroups', GROUPS) ?? []),
    ])
  }
  const hidden = new Map<string, readonly Missing[]>()
  const hiddenIn = (place: Place): readonly Missing[] => {
    const known = hidden.get(placeKey(place)) ?? unseen(place)
    hidden.set(placeKey(place), known)
    return known
  }
  const assigned: Baselines['assigned'] = (node) => {
    const tags = fleet.tags(node)
    if (isMissing(tags)) return tags
    const place = `${placeKey(node)}|${systemOf(node)}`
    const group = patchGroupOf(tags)
    const governed = isUnderPolicy(node, unread)
    if (isMissing(governed)) return governed
    if (governed) return { group, baseline: '', by: 'policy' }
    const chosen = group === '' ? undefined : byGroup.get(`${place}|${group}`)
    if (chosen !== undefined) return { group, baseline: chosen, by: 'group' }
    const missing = hiddenIn(node)
    return missing.length > 0 ? missing : { group, baseline: defaults.get(place) ?? '', by: 'default' }
  }
  return {
    assigned,
    use: (baseline) => useOf(baseline, { fleet, unread, assigned, hidden: hiddenIn(baseline) }),
  }
}

interface Seen {
  readonly fleet: Fleet
  readonly unread: Unread
  readonly assigned: Baselines['assigned']
  readonly hidden: readonly Missing[]
}

/** Whatever carries the tag is a member: instances too that are off or that Systems Manager does not know. */
function membersOf(group: string, place: Place, fleet: Fleet): readonly string[] {
  const instances = fleet.instances(place).filter((one) => patchGroupOf(one.tags) === group)
  const nodes = fleet.nodes(place).filter((node) => {
    const tags = fleet.tags(node)
    return !isMissing(tags) && patchGroupOf(tags) === group
  })
  return [...new Set([...instances, ...nodes].map(idOf))].sort()
}

function useOf(baseline: Resource, { fleet, unread, assigned, hidden }: Seen): Use {
  const system = textAt(baseline.config, 'OperatingSystem')
  const machines: string[] = []
  const byDefault: string[] = []
  const strays = new Map<string, string[]>()
  const missing: Missing[] = [
    ...hidden,
    ...unread.list(NODE, baseline.account, baseline.region),
    ...unread.list(INSTANCE, baseline.account, baseline.region),
  ]
  for (const node of fleet.nodes(baseline)) {
    if (systemOf(node) !== system) continue
    const found = assigned(node)
    if (isMissing(found)) missing.push(...found)
    else if (found.baseline === baseline.id) {
      machines.push(idOf(node))
      if (found.by === 'default') byDefault.push(idOf(node))
      if (found.by === 'default' && found.group !== '')
        strays.set(found.group, [...(strays.get(found.group) ?? []), idOf(node)])
    }
  }
  const own = registered(baseline).map((group) => ({
    group,
    registered: true,
    machines: membersOf(group, baseline, fleet),
  }))
  const stray = [...strays].map(([group, ids]) => ({ group, registered: false, machines: ids.sort() }))
  const groups = [...own, ...stray].sort((a, b) => (a.group < b.group ? -1 : 1))
  return {
    machines: machines.sort(),
    byDefault: byDefault.sort(),
    groups,
    unregistered: unread.field(baseline, 'PatchGroups', GROUPS),
    missing: distinctMissing(missing),
  }
}
