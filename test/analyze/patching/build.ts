/** Nodes, instances, baselines and windows for the tests of patching. */
import { patching } from '../../../src/analyze/patching/patching.ts'
import type { JsonObject, Resource } from '../../../src/snapshot/model.ts'
import { factsOf, resource, type Setting } from '../account.ts'

export const node = (id: string, config: JsonObject = {}, rest: Partial<Resource> = {}): Resource =>
  resource(
    'AWS::SSM::ManagedInstance',
    id,
    {
      InstanceId: id,
      PingStatus: 'Online',
      PlatformName: 'Amazon Linux',
      PlatformVersion: '2023',
      Tags: [],
      ...config,
    },
    rest,
  )

export const instance = (
  id: string,
  config: JsonObject = {},
  tags: Record<string, string> = {},
  rest: Partial<Resource> = {},
): Resource =>
  resource(
    'AWS::EC2::Instance',
    id,
    { InstanceId: id, State: { Name: 'running' }, ...config },
    { tags, ...rest },
  )

export const baseline = (id: string, config: JsonObject = {}, rest: Partial<Resource> = {}): Resource =>
  resource(
    'AWS::SSM::PatchBaseline',
    id,
    { BaselineId: id, OperatingSystem: 'AMAZON_LINUX_2023', PatchGroups: [], Baseline: {}, ...config },
    rest,
  )

/** What `facts.patching` says of the first resource: its members, and the operations of those that can't be told. */
export function said(resources: readonly [Resource, ...Resource[]], setting: Setting = {}) {
  const [first] = resources
  const facts = factsOf(patching, resources, setting)
  const { known, unseen = {} } = facts.of(first)
  const why = Object.fromEntries(
    Object.entries(unseen).map(([name, missing]) => [
      name,
      (missing ?? []).map(({ operation, detail }) => (operation === 'rule' ? detail : operation)),
    ]),
  )
  return { ...known, why } as Readonly<Record<string, unknown>> & { why: Readonly<Record<string, unknown>> }
}
