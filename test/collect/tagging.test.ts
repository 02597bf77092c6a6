import { describe, expect, it } from 'vitest'
import { macie2 } from '../../src/collect/macie2.ts'
import { ssm } from '../../src/collect/ssm.ts'
import { tagging } from '../../src/collect/tagging.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const id = `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/db/host`
const parameter = {
  'eu-west-1/ssm/describe-parameters': { Parameters: [{ Name: '/db/host', Type: 'String', ARN: id }] },
}
const tags = 'eu-west-1/resourcegroupstaggingapi/get-resources.ssm-parameter'

describe('the tagging collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(tagging, [ssm, macie2])).toEqual([])
  })

  it('gives resources the tags that their own listing does not tell', async () => {
    const found = await gather([ssm, tagging], {
      ...parameter,
      [tags]: { ResourceTagMappingList: [{ ResourceARN: id, Tags: [{ Key: 'Owner', Value: 'data' }] }] },
    })
    expect(found.only('AWS::SSM::Parameter').tags).toEqual({ Owner: 'data' })
  })

  it('leaves a resource that it does not list without tags', async () => {
    const found = await gather([ssm, tagging], { ...parameter, [tags]: { ResourceTagMappingList: [] } })
    expect(found.only('AWS::SSM::Parameter')).toMatchObject({ tags: {} })
    expect(found.only('AWS::SSM::Parameter')).not.toHaveProperty('missing')
  })

  it('says that tags are unknown where it was denied', async () => {
    const found = await gather([ssm, tagging], { ...parameter, [`${tags}.error`]: failed('AccessDenied') })
    expect(found.only('AWS::SSM::Parameter').missing?.['Tags']).toMatchObject({
      outcome: 'denied',
      permission: 'tag:GetResources',
    })
  })
})
