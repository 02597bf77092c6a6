import { arn, service, str } from './dsl.ts'

const DOMAIN = 'AWS::OpenSearchService::Domain'

/** Every operation that the audit reads from Amazon OpenSearch Service, domains that run Elasticsearch among them. */
export const opensearch = service(
  'opensearch',
  { prefix: 'es', load: () => import('@aws-sdk/client-opensearch') },
  (op) => [
    op.list('ListDomainNames', {
      resource: DOMAIN,
      items: 'DomainNames',
      id: (domain, place) => arn(place, 'es', `domain/${str(domain, 'DomainName') ?? ''}`),
      name: (domain) => domain['DomainName'],
      fields: {
        always: ['DomainName', 'DomainStatus', 'DomainStatus.ARN', 'DomainStatus.DomainName'],
        absent: {
          'DomainStatus.VPCOptions.VPCId': null, // it has a public endpoint
          'DomainStatus.AccessPolicies': null,
          'DomainStatus.EncryptionAtRestOptions.Enabled': false,
          'DomainStatus.NodeToNodeEncryptionOptions.Enabled': false,
          'DomainStatus.DomainEndpointOptions.EnforceHTTPS': false,
          'DomainStatus.AdvancedSecurityOptions.Enabled': false,
          'DomainStatus.CognitoOptions.Enabled': false,
        },
      },
    }),
    op.batch(DOMAIN, 'DescribeDomains', {
      size: 5, // AWS takes no more
      items: 'DomainStatusList',
      input: (domains) => ({ DomainNames: domains.map((domain) => str(domain.config, 'DomainName') ?? '') }),
      match: (status) => status['DomainName'],
      on: (domain) => domain.config['DomainName'],
      into: 'DomainStatus',
      as: 'first',
    }),
  ],
)
