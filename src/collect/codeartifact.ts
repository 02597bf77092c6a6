import { field, service, str, type Target } from './dsl.ts'

const DOMAIN = 'AWS::CodeArtifact::Domain'
const REPOSITORY = 'AWS::CodeArtifact::Repository'

const text = (of: Target, member: string): string => str(of.config, member) ?? ''
const policy = {
  into: 'Policy',
  take: 'policy.document',
  parse: 'policyDocument',
  none: ['ResourceNotFoundException'],
} as const

/** Every operation that the audit reads from AWS CodeArtifact. Most Regions have none of it. */
export const codeartifact = service(
  'codeartifact',
  { load: () => import('@aws-sdk/client-codeartifact') },
  (op) => [
    op.list('ListDomains', {
      resource: DOMAIN,
      items: 'domains',
      input: () => ({ maxResults: 1000 }),
      id: (domain) => str(domain, 'arn'),
      name: (domain) => domain['name'],
      fields: { always: ['name', 'owner', 'arn', 'status', 'createdTime', 'encryptionKey'] },
    }),
    op.field(DOMAIN, 'GetDomainPermissionsPolicy', {
      ...policy,
      input: (domain) => ({ domain: text(domain, 'name'), domainOwner: text(domain, 'owner') }),
      key: field('name'),
    }),
    op.list('ListRepositories', {
      resource: REPOSITORY,
      items: 'repositories',
      input: () => ({ maxResults: 1000 }),
      id: (repository) => str(repository, 'arn'),
      name: (repository) => repository['name'],
      fields: { always: ['name', 'administratorAccount', 'domainName', 'domainOwner', 'arn'] },
    }),
    op.field(REPOSITORY, 'GetRepositoryPermissionsPolicy', {
      ...policy,
      input: (repository) => ({
        domain: text(repository, 'domainName'),
        domainOwner: text(repository, 'domainOwner'),
        repository: text(repository, 'name'),
      }),
      key: (repository) => `${text(repository, 'domainName')}/${text(repository, 'name')}`,
      otherKeys: (repository) => [text(repository, 'name')],
    }),
  ],
)
