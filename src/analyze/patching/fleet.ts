/** Nodes beside the instances that they are, and what of each place could not be seen. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Missing, Resource } from '../../snapshot/model.ts'
import type { Unread } from '../unread.ts'
import { listAt, objectAt, textAt } from './read.ts'

export const NODE = 'AWS::SSM::ManagedInstance'
export const INSTANCE = 'AWS::EC2::Instance'

const by = (operation: string) => ({ operation, permission: operation })
const TAGS = by('tag:GetResources')
const SUMMARIES = by('ssm:ListResourceComplianceSummaries')

export interface Place {
  readonly account: string
  readonly region: string
}

export const placeKey = ({ account, region }: Place): string => `${account}|${region}`
export const idOf = (resource: Resource): string => textAt(resource.config, 'InstanceId')

export interface Fleet {
  nodes(place: Place): readonly Resource[]
  instances(place: Place): readonly Resource[]
  node(instance: Resource): Resource | undefined
  instance(node: Resource): Resource | undefined
  /** Whether it is switched on; a server of one's own is taken to be. Missing: its instance could not be listed. */
  isRunning(node: Resource): boolean | readonly Missing[]
  /** The tags that patch groups and targets go by: the instance's, or a server's own. */
  tags(node: Resource): Readonly<Record<string, string>> | readonly Missing[]
}

const byPlace = (index: SnapshotIndex, type: string): ReadonlyMap<string, readonly Resource[]> => {
  const places = new Map<string, Resource[]>()
  for (const resource of index.ofType(type)) {
    const key = placeKey(resource)
    const known = places.get(key)
    if (known) known.push(resource)
    else places.set(key, [resource])
  }
  return places
}

const byId = (index: SnapshotIndex, type: string): ReadonlyMap<string, Resource> =>
  new Map(index.ofType(type).map((one) => [`${placeKey(one)}|${idOf(one)}`, one]))

export const isInstanceId = (id: string): boolean => id.startsWith('i-')
const ON: ReadonlySet<string> = new Set(['running', 'pending'])

export const isOn = (instance: Resource): boolean =>
  ON.has(textAt(objectAt(instance.config, 'State'), 'Name'))

export function readFleet(index: SnapshotIndex, unread: Unread): Fleet {
  const nodes = byPlace(index, NODE)
  const instances = byPlace(index, INSTANCE)
  const nodeById = byId(index, NODE)
  const instanceById = byId(index, INSTANCE)
  const same = (of: ReadonlyMap<string, Resource>, one: Resource): Resource | undefined =>
    of.get(`${placeKey(one)}|${idOf(one)}`)
  const instance = (node: Resource): Resource | undefined => same(instanceById, node)
  const unlisted = (node: Resource): readonly Missing[] => unread.list(INSTANCE, node.account, node.region)
  return {
    nodes: (place) => nodes.get(placeKey(place)) ?? [],
    instances: (place) => instances.get(placeKey(place)) ?? [],
    node: (one) => same(nodeById, one),
    instance,
    isRunning: (node) => {
      if (!isInstanceId(idOf(node))) return true
      const found = instance(node)
      if (found) return isOn(found)
      const missing = unlisted(node)
      return missing.length > 0 ? missing : false
    },
    tags: (node) => {
      if (!isInstanceId(idOf(node))) {
        const missing = unread.field(node, 'Tags', TAGS)
        return missing ? [missing] : node.tags
      }
      const found = instance(node)
      if (found) return found.tags
      const missing = unlisted(node)
      return missing.length > 0 ? missing : {}
    },
  }
}

/** The value of the tag that assigns a node to a patch group. [Systems Manager User Guide, "Patch groups"] */
export const patchGroupOf = (tags: Readonly<Record<string, string>>): string =>
  tags['PatchGroup'] ?? tags['Patch Group'] ?? ''

/** Whether a patch policy patches it. [Systems Manager User Guide, "Patch Manager": the execution type of its compliance] */
export function isUnderPolicy(node: Resource, unread: Unread): boolean | readonly Missing[] {
  const missing = unread.field(node, 'ComplianceSummaries', SUMMARIES)
  if (missing) return [missing]
  return listAt(node.config, 'ComplianceSummaries').some(
    (summary) =>
      textAt(summary, 'ComplianceType') === 'Patch' &&
      textAt(objectAt(summary, 'ExecutionSummary'), 'ExecutionType') === 'PatchPolicy',
  )
}

export const isMissing = <T>(value: T | readonly Missing[]): value is readonly Missing[] =>
  Array.isArray(value)
