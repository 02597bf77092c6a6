import { arn, field, type Operation, service, str, type Target, type Words } from './dsl.ts'

const POLICY = 'AWS::Organizations::Policy'

/** "You can only call this operation from the management account or a member account that is a delegated administrator." */
const reserved = { reserved: true } as const

/** @param type as the API names it: `SERVICE_CONTROL_POLICY` */
const policies = (op: Words, type: string): Operation =>
  op.list('ListPolicies', {
    ...reserved,
    scope: 'account',
    variant: type.toLowerCase().replaceAll('_', '-'),
    resource: POLICY,
    items: 'Policies',
    input: () => ({ Filter: type, MaxResults: 20 }),
    id: (policy) => str(policy, 'Arn'),
    name: (policy) => policy['Name'],
    fields: { always: ['Id', 'Arn', 'Name', 'Type'], absent: { AwsManaged: false } },
  })

const ofPolicy = {
  input: (policy: Target) => ({ PolicyId: str(policy.config, 'Id') }),
  key: field('Id'),
  gone: ['PolicyNotFoundException'],
}

/**
 * Every operation that the audit reads from AWS Organizations; its endpoint is found from any Region of the partition.
 * An account that is in none answers AWSOrganizationsNotInUseException to each: there is nothing, nothing was denied.
 */
export const organizations = service(
  'organizations',
  { load: () => import('@aws-sdk/client-organizations') },
  (op) => [
    op.single('DescribeOrganization', {
      scope: 'account',
      resource: 'AWS::Organizations::Organization',
      take: 'Organization',
      id: (organization) => str(organization, 'Arn'),
      never: ['Organization.MasterAccountEmail'],
      fields: { always: ['Id', 'Arn', 'FeatureSet', 'MasterAccountArn', 'MasterAccountId'] },
    }),
    op.list('ListAccounts', {
      ...reserved,
      scope: 'account',
      resource: 'AWS::Organizations::Account',
      items: 'Accounts',
      input: () => ({ MaxResults: 20 }),
      id: (account) => str(account, 'Arn'),
      name: (account) => account['Name'],
      never: ['Accounts[].Email'],
      fields: { always: ['Id', 'Arn', 'State', 'JoinedMethod', 'JoinedTimestamp'] },
    }),
    policies(op, 'SERVICE_CONTROL_POLICY'),
    policies(op, 'RESOURCE_CONTROL_POLICY'),
    op.field(POLICY, 'DescribePolicy', {
      ...reserved,
      ...ofPolicy,
      into: 'Content',
      take: 'Policy.Content',
      parse: 'policyDocument',
    }),
    op.field(POLICY, 'ListTargetsForPolicy', {
      ...reserved,
      ...ofPolicy,
      input: (policy) => ({ ...ofPolicy.input(policy), MaxResults: 20 }),
      when: (policy) => policy['AwsManaged'] !== true, // those hang everywhere and deny nothing
      into: 'Targets',
    }),
    op.single('DescribeEffectivePolicy', {
      scope: 'account',
      resource: 'AWS::Organizations::EffectiveS3Policy',
      input: () => ({ PolicyType: 'S3_POLICY' }),
      take: 'EffectivePolicy',
      id: (_policy, place) => arn(place, 'organizations', `effective-policy/s3_policy/${place.account}`),
      parse: { PolicyContent: 'policyDocument' },
      none: ['EffectivePolicyNotFoundException'],
      fields: { always: ['PolicyContent', 'LastUpdatedTimestamp', 'TargetId', 'PolicyType'] },
    }),
  ],
)
