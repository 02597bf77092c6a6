import { describe, expect, it } from 'vitest'
import { services } from '../../src/collect/index.ts'

interface Endpoint {
  readonly url: URL
  readonly properties: { readonly authSchemes?: readonly { readonly signingRegion?: string }[] }
}
interface Client {
  readonly config: { endpointProvider(parameters: object): Endpoint }
}

/** Where a client that is made for a Region sends its requests, and for which Region it signs them. */
async function endpointOf(name: string, region: string): Promise<readonly [string, string]> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const sdk = (await services.find((each) => each.name === name)?.load()) as Record<string, unknown>
  const key = Object.keys(sdk).find((each) => /^[A-Z]\w*Client$/.test(each)) ?? ''
  const client = new (sdk[key] as new (config: object) => Client)({ region })
  const { url, properties } = client.config.endpointProvider({ Region: region, UseGlobalEndpoint: false })
  return [url.host, properties.authSchemes?.[0]?.signingRegion ?? region]
}

// IAM User Guide, "IAM endpoints"; Organizations API Reference, "Endpoint to call"; AWS General Reference, STS.
describe('what an account has once is asked for in whatever Region is at home', () => {
  it.each([
    ['iam', 'eu-west-1', 'iam.amazonaws.com', 'us-east-1'],
    ['iam', 'cn-northwest-1', 'iam.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['iam', 'us-gov-east-1', 'iam.us-gov.amazonaws.com', 'us-gov-west-1'],
    ['organizations', 'eu-west-1', 'organizations.us-east-1.amazonaws.com', 'us-east-1'],
    ['organizations', 'cn-north-1', 'organizations.cn-northwest-1.amazonaws.com.cn', 'cn-northwest-1'],
    ['organizations', 'us-gov-east-1', 'organizations.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['sts', 'eu-west-1', 'sts.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['sts', 'cn-northwest-1', 'sts.cn-northwest-1.amazonaws.com.cn', 'cn-northwest-1'],
    ['sts', 'us-gov-east-1', 'sts.us-gov-east-1.amazonaws.com', 'us-gov-east-1'],
  ])('%s from %s: %s, signed for %s', async (name, region, host, signed) => {
    expect(await endpointOf(name, region)).toEqual([host, signed])
  })
})
