import { type Operation, service, type Words } from './dsl.ts'

/** Resource types whose own services tell tags only one resource at a time, as the tagging API names them. */
const TAGGED: readonly (readonly [string, string])[] = [
  ['AWS::SSM::Parameter', 'ssm:parameter'],
  ['AWS::SSM::ManagedInstance', 'ssm:managed-instance'],
  ['AWS::SSM::MaintenanceWindow', 'ssm:maintenancewindow'],
  ['AWS::SSM::PatchBaseline', 'ssm:patchbaseline'],
  ['AWS::SSM::Association', 'ssm:association'],
  ['AWS::Macie::ClassificationJob', 'macie2:classification-job'],
]

const tagsOf = (op: Words, type: string, filter: string): Operation =>
  op.join(type, 'GetResources', {
    variant: filter.replace(':', '-'),
    items: 'ResourceTagMappingList',
    input: () => ({ ResourceTypeFilters: [filter], ResourcesPerPage: 100 }),
    page: { send: 'PaginationToken', read: 'PaginationToken' },
    match: (mapping) => mapping['ResourceARN'],
    into: 'Tags',
    as: { member: 'Tags' },
  })

/** What the Resource Groups Tagging API adds. It never lists what was never tagged: such a resource has no tags. */
export const tagging = service(
  'resourcegroupstaggingapi',
  {
    prefix: 'tag',
    sdk: 'resource-groups-tagging-api',
    load: () => import('@aws-sdk/client-resource-groups-tagging-api'),
  },
  (op) => TAGGED.map(([type, filter]) => tagsOf(op, type, filter)),
)
