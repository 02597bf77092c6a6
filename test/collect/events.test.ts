import { describe, expect, it } from 'vitest'
import { events } from '../../src/collect/events.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, gather } from './gather.ts'

const arn = (name: string): string => `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/${name}`

describe('the EventBridge collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(events)).toEqual([])
  })

  it('finds buses, with the policies that their listing tells', async () => {
    const found = await gather([events], {
      'eu-west-1/events/list-event-buses': {
        EventBuses: [
          { Name: 'default', Arn: arn('default') },
          { Name: 'orders', Arn: arn('orders'), Policy: '{"Statement":[]}' },
        ],
      },
    })
    expect(found.resources.map((each) => [each.id, each.name, each.config['Policy']])).toEqual([
      [arn('default'), 'default', undefined],
      [arn('orders'), 'orders', { Statement: [] }],
    ])
    expect(found.asks).toHaveLength(1)
  })
})
