import { describe, expect, it } from 'vitest'
import { permissionOf } from '../../src/collect/dsl.ts'
import { opensearch } from '../../src/collect/opensearch.ts'
import { checkService } from './against-sdk.ts'
import { ACCOUNT, failed, gather } from './gather.ts'

const names = (...all: readonly string[]) => ({
  'eu-west-1/opensearch/list-domain-names': {
    DomainNames: all.map((DomainName) => ({ DomainName, EngineType: 'OpenSearch' })),
  },
})
const describing = 'eu-west-1/opensearch/describe-domains'

describe('the OpenSearch collector', () => {
  it('asks only for what the API has, under IAM’s own prefix', async () => {
    expect(await checkService(opensearch)).toEqual([])
    expect(opensearch.operations.map((op) => permissionOf(opensearch, op))).toEqual([
      'es:ListDomainNames',
      'es:DescribeDomains',
    ])
  })

  it('asks for the status of five domains at a time: AWS takes no more', async () => {
    const found = await gather([opensearch], names('a', 'b', 'c', 'd', 'e', 'f'))
    const asked = found.asks.filter((ask) => ask.operation.api === 'DescribeDomains')
    expect(asked.map((ask) => ask.input)).toEqual([
      { DomainNames: ['a', 'b', 'c', 'd', 'e'] },
      { DomainNames: ['f'] },
    ])
  })

  it('finds a domain’s access policy and where its endpoint is', async () => {
    const DomainStatus = {
      DomainName: 'logs',
      AccessPolicies: '{"Statement":[]}',
      VPCOptions: { VPCId: 'vpc-1' },
    }
    const found = await gather([opensearch], {
      ...names('logs'),
      [describing]: { DomainStatusList: [DomainStatus] },
    })
    expect(found.only('AWS::OpenSearchService::Domain')).toMatchObject({
      id: `arn:aws:es:eu-west-1:${ACCOUNT}:domain/logs`,
      name: 'logs',
      config: { DomainStatus },
    })
  })

  it('says of which domains it was not let see more than the name', async () => {
    const found = await gather([opensearch], {
      ...names('logs'),
      [`${describing}.error`]: failed('AccessDeniedException'),
    })
    expect(found.only('AWS::OpenSearchService::Domain').missing?.['DomainStatus']).toMatchObject({
      outcome: 'denied',
      permission: 'es:DescribeDomains',
    })
  })
})
