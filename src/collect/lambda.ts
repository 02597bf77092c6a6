import { type Answered, field, service, str, type Target } from './dsl.ts'

const FUNCTION = 'AWS::Lambda::Function'

const about = {
  input: (of: Target) => ({ FunctionName: str(of.config, 'FunctionName') }),
  key: field('FunctionName'),
  otherKeys: (of: Target) => [of.id],
}

/** A function URL answers nobody but the account's own IAM unless the function's policy allows to invoke it. */
const opensUrl = (config: Answered): boolean =>
  /lambda:InvokeFunctionUrl|"(lambda:)?\*"/i.test(JSON.stringify(config['Policy'] ?? null))

/** Every operation that the audit reads from AWS Lambda: never code or environment variables. */
export const lambda = service('lambda', { load: () => import('@aws-sdk/client-lambda') }, (op) => [
  op.list('ListFunctions', {
    resource: FUNCTION,
    items: 'Functions',
    page: { send: 'Marker', read: 'NextMarker' },
    id: (of) => str(of, 'FunctionArn'),
    name: (of) => of['FunctionName'],
    never: ['Functions[].Environment'],
    fields: {
      always: ['FunctionName', 'FunctionArn', 'Role', 'LastModified', 'PackageType'],
      absent: { Runtime: null, Handler: null, KMSKeyArn: null, 'VpcConfig.VpcId': null }, // images have no runtime
    },
  }),
  // ResourceNotFoundException also where the function is gone; then the next collection no longer lists it.
  op.field(FUNCTION, 'GetPolicy', {
    ...about,
    into: 'Policy',
    parse: 'policyDocument',
    none: ['ResourceNotFoundException'],
  }),
  op.field(FUNCTION, 'ListFunctionUrlConfigs', {
    ...about,
    needs: 'Policy',
    when: opensUrl,
    page: { send: 'Marker', read: 'NextMarker' },
    into: 'UrlConfigs',
    take: 'FunctionUrlConfigs',
    gone: ['ResourceNotFoundException'],
  }),
])
