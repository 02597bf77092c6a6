import { field, service, str } from './dsl.ts'

const REPOSITORY = 'AWS::ECR::Repository'

/** Every operation that the audit reads from Amazon ECR: private repositories, never their images. */
export const ecr = service('ecr', { load: () => import('@aws-sdk/client-ecr') }, (op) => [
  op.list('DescribeRepositories', {
    resource: REPOSITORY,
    items: 'repositories',
    input: () => ({ maxResults: 1000 }),
    id: (repository) => str(repository, 'repositoryArn'),
    name: (repository) => repository['repositoryName'],
    fields: {
      always: [
        'repositoryArn',
        'registryId',
        'repositoryName',
        'repositoryUri',
        'createdAt',
        'imageTagMutability',
      ],
      absent: { 'imageScanningConfiguration.scanOnPush': false, 'encryptionConfiguration.kmsKey': null },
    },
  }),
  op.field(REPOSITORY, 'GetRepositoryPolicy', {
    input: (repository) => ({ repositoryName: str(repository.config, 'repositoryName') }),
    key: field('repositoryName'),
    into: 'Policy',
    take: 'policyText',
    parse: 'policyDocument',
    none: ['RepositoryPolicyNotFoundException'],
    gone: ['RepositoryNotFoundException'],
  }),
])
