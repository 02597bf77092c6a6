import { describe, expect, it } from 'vitest'
import { sns } from '../../src/collect/sns.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const TopicArn = `arn:aws:sns:eu-west-1:${ACCOUNT}:alerts`
const list = { 'eu-west-1/sns/list-topics': { Topics: [{ TopicArn }] } }
const attributes = `eu-west-1/sns/get-topic-attributes/${encodeURIComponent(TopicArn)}`

describe('the SNS collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(sns)).toEqual([])
  })

  it('finds topics with their attributes, the policy and the number of subscriptions among them', async () => {
    const Attributes = { TopicArn, Policy: '{"Statement":[]}', SubscriptionsConfirmed: '0' }
    const found = await gather([sns], { ...list, [attributes]: { Attributes } })
    expect(found.only('AWS::SNS::Topic')).toMatchObject({
      id: TopicArn,
      name: 'alerts',
      config: { Attributes },
    })
  })

  it('says which topics’ policies it was not let see', async () => {
    const found = await gather([sns], { ...list, [`${attributes}.error`]: failed('AuthorizationError') })
    expect(found.only('AWS::SNS::Topic').missing?.['Attributes']).toMatchObject({
      outcome: 'denied',
      permission: 'sns:GetTopicAttributes',
    })
  })

  it('forgets a topic that was deleted since the listing', async () => {
    const found = await gather([sns], { ...list, [`${attributes}.error`]: failed('NotFound') })
    expect(found.resources).toEqual([])
  })
})
