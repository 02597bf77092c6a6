import { arn, type Place, service, str, type Target } from './dsl.ts'

const FINDING = 'AWS::Macie::Finding'

const sessionId = (place: Place): string => arn(place, 'macie2', 'session')
/** An administrator is shown its members' too; those belong to their own accounts' audits. */
const ownOnly = (place: Place) => ({ accountId: { eq: [place.account] } })
/** Where in an object sensitive data was found: cells, pages, offsets of somebody's personal data. */
const occurrences = (kind: string): string =>
  `findings[].classificationDetails.result.${kind}.detections[].occurrences`

/**
 * Every operation that the audit reads from Amazon Macie.
 * Where nobody turned it on, each answers AccessDeniedException "Macie is not enabled": off, not denied.
 */
export const macie2 = service('macie2', { load: () => import('@aws-sdk/client-macie2') }, (op) => [
  op.single('GetMacieSession', {
    resource: 'AWS::Macie::Session',
    id: (_session, place) => sessionId(place),
    otherwise: { status: 'NOT_ENABLED' },
    fields: { always: ['status'] },
  }),
  // Asked once a region, so that it belongs to the region's session.
  op.join('AWS::Macie::Session', 'GetFindingsPublicationConfiguration', {
    items: 'securityHubConfiguration',
    match: (_configuration, place) => sessionId(place),
    into: 'securityHubConfiguration',
    as: 'first',
  }),
  op.single('GetAutomatedDiscoveryConfiguration', {
    resource: 'AWS::Macie::AutomatedDiscovery',
    id: (_configuration, place) => arn(place, 'macie2', 'automated-discovery/configuration'),
    fields: { always: ['status'] },
  }),
  op.list('ListFindings', {
    resource: FINDING,
    items: 'findingIds',
    input: (place) => ({ findingCriteria: { criterion: ownOnly(place) } }),
    id: (finding, place) => arn(place, 'macie2', `finding/${str(finding, 'Id') ?? ''}`),
    fields: {
      always: [
        'Id',
        'Finding',
        'Finding.type',
        'Finding.category',
        'Finding.severity',
        'Finding.severity.description',
        'Finding.archived',
        'Finding.createdAt',
        'Finding.updatedAt',
        'Finding.resourcesAffected',
      ],
    },
  }),
  op.batch(FINDING, 'GetFindings', {
    size: 50,
    items: 'findings',
    input: (findings: readonly Target[]) => ({
      findingIds: findings.map((finding) => str(finding.config, 'Id') ?? ''),
    }),
    match: (finding) => finding['id'],
    on: (finding) => finding.config['Id'],
    into: 'Finding',
    as: 'first',
    never: [occurrences('sensitiveData[]'), occurrences('customDataIdentifiers')],
  }),
  op.list('DescribeBuckets', {
    resource: 'AWS::Macie::Bucket',
    items: 'buckets',
    input: (place) => ({ criteria: ownOnly(place) }),
    // The bucket itself has the bucket's ARN; these are Macie's statistics of it.
    id: (bucket, place) => arn(place, 'macie2', `bucket/${str(bucket, 'bucketName') ?? ''}/statistics`),
    name: (bucket) => bucket['bucketName'],
    fields: { always: ['bucketName', 'bucketArn', 'accountId', 'region'] },
  }),
  op.list('ListClassificationJobs', {
    resource: 'AWS::Macie::ClassificationJob',
    items: 'items',
    input: () => ({ maxResults: 200 }),
    id: (job, place) => arn(place, 'macie2', `classification-job/${str(job, 'jobId') ?? ''}`),
    name: (job) => job['name'],
    fields: { always: ['jobId', 'jobStatus', 'jobType', 'name', 'createdAt'] },
  }),
])
