import { describe, expect, it } from 'vitest'
import { apigateway } from '../../src/collect/apigateway.ts'
import { permissions } from '../../src/collect/permissions.ts'
import { checkService } from './against-sdk.ts'
import { gather } from './gather.ts'

const api = (policy?: string) => ({
  'eu-west-1/apigateway/get-rest-apis': {
    items: [
      { id: 'a1b2c3', name: 'shop', tags: { Owner: 'web' }, ...(policy === undefined ? {} : { policy }) },
    ],
  },
})
const document = { Statement: [{ Effect: 'Allow', Resource: 'arn:aws:execute-api:eu-west-1:1:a1b2c3/*' }] }

describe('the API Gateway collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(apigateway)).toEqual([])
  })

  it('needs to GET REST APIs, not all that GET can read: API keys are among it', () => {
    expect(permissions({ services: [apigateway] })).toContainEqual({
      actions: ['apigateway:GET'],
      on: 'arn:*:apigateway:*::/restapis',
    })
  })

  it('reads a policy as API Gateway answers it: escaped as in the middle of a JSON string', async () => {
    const escaped = JSON.stringify(document).replaceAll('"', '\\"').replaceAll('/', '\\/')
    const found = await gather([apigateway], api(escaped))
    expect(found.only('AWS::ApiGateway::RestApi')).toMatchObject({
      id: 'arn:aws:apigateway:eu-west-1::/restapis/a1b2c3',
      name: 'shop',
      tags: { Owner: 'web' },
      config: { policy: document },
    })
  })

  it('finds an API without a policy', async () => {
    const found = await gather([apigateway], api())
    expect(found.only('AWS::ApiGateway::RestApi').config).not.toHaveProperty('policy')
  })
})
