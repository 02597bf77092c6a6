import { arn, service, str } from './dsl.ts'

/** Every operation that the audit reads from Amazon CloudWatch Logs: never an event. */
export const logs = service(
  'logs',
  { sdk: 'cloudwatch-logs', load: () => import('@aws-sdk/client-cloudwatch-logs') },
  (op) => [
    // Those of the account; a log group's own would be a call a log group.
    op.list('DescribeResourcePolicies', {
      resource: 'AWS::Logs::ResourcePolicy',
      items: 'resourcePolicies',
      input: () => ({ limit: 50 }),
      id: (policy, place) => arn(place, 'logs', `resource-policy:${str(policy, 'policyName') ?? ''}`),
      name: (policy) => policy['policyName'],
      parse: { policyDocument: 'policyDocument' },
      fields: { always: ['policyName', 'policyDocument', 'lastUpdatedTime'] },
    }),
  ],
)
