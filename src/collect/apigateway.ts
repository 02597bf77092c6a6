import { service, str } from './dsl.ts'

/** Every operation that the audit reads from Amazon API Gateway: REST APIs, which alone have resource policies. */
export const apigateway = service(
  'apigateway',
  { sdk: 'api-gateway', load: () => import('@aws-sdk/client-api-gateway') },
  (op) => [
    op.list('GetRestApis', {
      resource: 'AWS::ApiGateway::RestApi',
      permission: 'apigateway:GET',
      grantedOn: 'arn:*:apigateway:*::/restapis', // on everything it would read API keys, too
      items: 'items',
      input: () => ({ limit: 500 }),
      page: { send: 'position', read: 'position' },
      id: (api, place) =>
        `arn:${place.partition}:apigateway:${place.region}::/restapis/${str(api, 'id') ?? ''}`,
      name: (api) => api['name'],
      parse: { policy: 'policyDocument' },
      fields: {
        always: ['id', 'name', 'createdDate', 'endpointConfiguration', 'endpointConfiguration.types'],
        absent: { disableExecuteApiEndpoint: false },
      },
    }),
  ],
)
