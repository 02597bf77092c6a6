import { describe, expect, it } from 'vitest'
import { sqs } from '../../src/collect/sqs.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const url = `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/jobs`
const list = { 'eu-west-1/sqs/list-queues': { QueueUrls: [url] } }
const attributes = `eu-west-1/sqs/get-queue-attributes/${encodeURIComponent(url)}`

describe('the SQS collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(sqs)).toEqual([])
  })

  it('gives a queue the ARN that its URL stands for, and its policy among its attributes', async () => {
    const found = await gather([sqs], {
      ...list,
      [attributes]: { Attributes: { Policy: '{"Statement":[]}' } },
    })
    expect(found.only('AWS::SQS::Queue')).toMatchObject({
      id: `arn:aws:sqs:eu-west-1:${ACCOUNT}:jobs`,
      name: 'jobs',
      config: { Id: url, Attributes: { Policy: '{"Statement":[]}' } },
    })
  })

  it('asks in pages: without a limit SQS stops at a thousand and says nothing', async () => {
    const found = await gather([sqs], list)
    expect(found.asks[0]?.input).toEqual({ MaxResults: 1000 })
  })

  it('leaves out how full a queue is: it changes by the second', async () => {
    const counted = {
      QueueArn: 'arn',
      ApproximateNumberOfMessages: '7',
      ApproximateNumberOfMessagesDelayed: '1',
    }
    const found = await gather([sqs], { ...list, [attributes]: { Attributes: counted } })
    expect(found.only('AWS::SQS::Queue').config['Attributes']).toEqual({ QueueArn: 'arn' })
  })

  it.each(['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'])(
    'forgets a queue that was deleted since the listing (%s)',
    async (code) => {
      const found = await gather([sqs], { ...list, [`${attributes}.error`]: failed(code) })
      expect(found.resources).toEqual([])
    },
  )
})
