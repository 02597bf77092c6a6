import { arn, type Place, service, str } from './dsl.ts'

const equals = (value: string) => ({ comparison: 'EQUALS', value })
/** A delegated administrator is shown its members' too; those belong to their own accounts' audits. */
const ownOnly = (place: Place) => [equals(place.account)]

/** Every operation that the audit reads from Amazon Inspector. It answers "is not enabled" where nobody turned it on. */
export const inspector2 = service(
  'inspector2',
  { load: () => import('@aws-sdk/client-inspector2') },
  (op) => [
    op.list('BatchGetAccountStatus', {
      resource: 'AWS::Inspector2::Account',
      items: 'accounts', // without accountIds: the caller's own
      id: (account, place) => arn(place, 'inspector2', `account/${str(account, 'accountId') ?? ''}`),
      fields: {
        always: [
          'accountId',
          'state',
          'state.status',
          'resourceState',
          'resourceState.ec2',
          'resourceState.ec2.status',
          'resourceState.ecr',
          'resourceState.ecr.status',
        ],
      },
    }),
    op.single('GetConfiguration', {
      resource: 'AWS::Inspector2::Configuration',
      id: (_configuration, place) => arn(place, 'inspector2', 'configuration'),
    }),
    op.list('ListCoverage', {
      resource: 'AWS::Inspector2::Coverage',
      items: 'coveredResources',
      input: (place) => ({ maxResults: 200, filterCriteria: { accountId: ownOnly(place) } }),
      // One resource is covered once for each kind of scan.
      id: (covered, place) =>
        arn(
          place,
          'inspector2',
          `coverage/${str(covered, 'resourceId') ?? ''}/${str(covered, 'scanType') ?? ''}`,
        ),
      name: (covered) => covered['resourceId'],
      fields: { always: ['resourceType', 'resourceId', 'accountId', 'scanType'] },
    }),
    op.list('ListFindings', {
      resource: 'AWS::Inspector2::Finding',
      items: 'findings',
      input: (place) => ({
        maxResults: 100,
        filterCriteria: {
          awsAccountId: ownOnly(place),
          findingStatus: [equals('ACTIVE'), equals('SUPPRESSED')], // closed ones are history
        },
      }),
      id: (finding) => str(finding, 'findingArn'),
      name: (finding) => finding['title'],
      fields: {
        always: [
          'findingArn',
          'awsAccountId',
          'type',
          'description',
          'remediation',
          'severity',
          'firstObservedAt',
          'lastObservedAt',
          'status',
          'resources',
          'resources[].type',
          'resources[].id',
        ],
      },
    }),
    op.list('ListFilters', {
      resource: 'AWS::Inspector2::Filter',
      items: 'filters',
      input: () => ({ maxResults: 100 }),
      id: (filter) => str(filter, 'arn'),
      name: (filter) => filter['name'],
      fields: { always: ['arn', 'ownerId', 'name', 'criteria', 'action', 'createdAt', 'updatedAt'] },
    }),
  ],
)
