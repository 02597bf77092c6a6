import { describe, expect, it } from 'vitest'
import { lambda } from '../../src/collect/lambda.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather, pathsOf } from './gather.ts'

const arnOf = (name: string): string => `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name}`
const functions = (...names: readonly string[]) => ({
  'eu-west-1/lambda/list-functions': {
    Functions: names.map((FunctionName) => ({
      FunctionName,
      FunctionArn: arnOf(FunctionName),
      Environment: { Variables: { PASSWORD: 'hunter2' } },
    })),
  },
})
const policyPath = (name: string): string => `eu-west-1/lambda/get-policy/${name}`
const policy = (Action: string) => ({ Policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action }] }) })

describe('the Lambda collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(lambda)).toEqual([])
  })

  it('never keeps an environment variable', async () => {
    const found = await gather([lambda], functions('web'))
    expect(found.only('AWS::Lambda::Function')).toMatchObject({ id: arnOf('web'), name: 'web' })
    expect(JSON.stringify(found.resources)).not.toMatch(/hunter2|PASSWORD|Environment/)
  })

  it('can ask for no code', () => {
    expect(lambda.operations.map((op) => op.api)).not.toContain('GetFunction')
  })

  it('reads a function without a policy as one that has none', async () => {
    const found = await gather([lambda], {
      ...functions('web'),
      [`${policyPath('web')}.error`]: failed('ResourceNotFoundException'),
    })
    expect(found.only('AWS::Lambda::Function').config).not.toHaveProperty('Policy')
    expect(found.only('AWS::Lambda::Function')).not.toHaveProperty('missing')
  })

  it('asks for URLs only where the policy lets somebody call one', async () => {
    const found = await gather([lambda], {
      ...functions('url', 'all', 'trigger', 'none'),
      [policyPath('url')]: policy('lambda:InvokeFunctionUrl'),
      [policyPath('all')]: policy('lambda:*'),
      [policyPath('trigger')]: policy('lambda:InvokeFunction'),
      [`${policyPath('none')}.error`]: failed('ResourceNotFoundException'),
      'eu-west-1/lambda/list-function-url-configs/url': { FunctionUrlConfigs: [{ AuthType: 'NONE' }] },
      'eu-west-1/lambda/list-function-url-configs/all': { FunctionUrlConfigs: [] },
    })
    expect(pathsOf(found, 'ListFunctionUrlConfigs')).toEqual([
      'eu-west-1/lambda/list-function-url-configs/all',
      'eu-west-1/lambda/list-function-url-configs/url',
    ])
    const open = found.resources.find((each) => each.name === 'url')
    expect(open?.config['UrlConfigs']).toEqual([{ AuthType: 'NONE' }])
  })

  it('does not know a function’s URLs where it was not let see its policy', async () => {
    const found = await gather([lambda], {
      ...functions('web'),
      [`${policyPath('web')}.error`]: failed('AccessDeniedException'),
    })
    for (const part of ['Policy', 'UrlConfigs'])
      expect(found.only('AWS::Lambda::Function').missing?.[part]).toMatchObject({
        outcome: 'denied',
        permission: 'lambda:GetPolicy',
      })
  })

  it('reads a file that is named by the function’s ARN, which the call takes too', async () => {
    const found = await gather([lambda], {
      ...functions('web'),
      [policyPath(encodeURIComponent(arnOf('web')))]: policy('lambda:InvokeFunction'),
    })
    expect(found.only('AWS::Lambda::Function').config['Policy']).toMatchObject({
      Statement: [{ Effect: 'Allow' }],
    })
  })
})
