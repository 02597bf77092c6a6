import { describe, expect, it } from 'vitest'
import { dynamodb } from '../../src/collect/dynamodb.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const id = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/orders`
const list = { 'eu-west-1/dynamodb/list-tables': { TableNames: ['orders'] } }
const policy = `eu-west-1/dynamodb/get-resource-policy/${encodeURIComponent(id)}`

describe('the DynamoDB collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(dynamodb)).toEqual([])
  })

  it('finds tables with their resource policies', async () => {
    const found = await gather([dynamodb], { ...list, [policy]: { Policy: '{"Statement":[]}' } })
    expect(found.only('AWS::DynamoDB::Table')).toMatchObject({
      id,
      name: 'orders',
      config: { Id: 'orders', ResourcePolicy: { Statement: [] } },
    })
  })

  it('knows a table without a policy from one that is gone', async () => {
    const none = await gather([dynamodb], { ...list, [`${policy}.error`]: failed('PolicyNotFoundException') })
    expect(none.only('AWS::DynamoDB::Table').config).toEqual({ Id: 'orders' })

    const gone = await gather([dynamodb], {
      ...list,
      [`${policy}.error`]: failed('ResourceNotFoundException'),
    })
    expect(gone.resources).toEqual([])
  })
})
