import { describe, expect, it } from 'vitest'
import { logs } from '../../src/collect/logs.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, gather } from './gather.ts'

describe('the CloudWatch Logs collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(logs)).toEqual([])
  })

  it('finds the account’s resource policies, which say who may write', async () => {
    const found = await gather([logs], {
      'eu-west-1/logs/describe-resource-policies': {
        resourcePolicies: [{ policyName: 'route53', policyDocument: '{"Statement":[]}', lastUpdatedTime: 1 }],
      },
    })
    expect(found.only('AWS::Logs::ResourcePolicy')).toMatchObject({
      id: `arn:aws:logs:eu-west-1:${ACCOUNT}:resource-policy:route53`,
      name: 'route53',
      config: { policyDocument: { Statement: [] } },
    })
  })
})
