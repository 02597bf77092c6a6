/** From a resource of the snapshot to what stands on it. */
import type { Json, Resource } from '../../snapshot/model.ts'
import type { Operation, Unread as UnreadFields } from '../unread.ts'
import { documentOf } from './document-of.ts'
import { accessPointInput, bucketInput } from './gather-s3.ts'
import { sharedInput } from './gather-shared.ts'
import { by, type Sources } from './gather-sources.ts'
import type { PolicyInput, PolicySource, Unread } from './input.ts'
import { list, object, text, texts } from './json.ts'

/** Where a type's policy stands: a field, a member of it, and the operation that answers it. */
interface Place {
  readonly field: string
  readonly member?: string
  readonly by: Operation
}

const PLACES: Readonly<Record<string, readonly Place[]>> = {
  'AWS::ApiGateway::RestApi': [{ field: 'policy', by: by('apigateway:GetRestApis', 'apigateway:GET') }],
  'AWS::Backup::BackupVault': [{ field: 'Policy', by: by('backup:GetBackupVaultAccessPolicy') }],
  'AWS::CodeArtifact::Domain': [{ field: 'Policy', by: by('codeartifact:GetDomainPermissionsPolicy') }],
  'AWS::CodeArtifact::Repository': [
    { field: 'Policy', by: by('codeartifact:GetRepositoryPermissionsPolicy') },
  ],
  'AWS::DynamoDB::Table': [{ field: 'ResourcePolicy', by: by('dynamodb:GetResourcePolicy') }],
  'AWS::ECR::Repository': [{ field: 'Policy', by: by('ecr:GetRepositoryPolicy') }],
  'AWS::EFS::FileSystem': [{ field: 'Policy', by: by('elasticfilesystem:DescribeFileSystemPolicy') }],
  'AWS::Events::EventBus': [{ field: 'Policy', by: by('events:ListEventBuses') }],
  'AWS::Glacier::Vault': [
    { field: 'AccessPolicy', by: by('glacier:GetVaultAccessPolicy') },
    { field: 'Lock', member: 'Policy', by: by('glacier:GetVaultLock') },
  ],
  'AWS::IAM::Role': [{ field: 'AssumeRolePolicyDocument', by: by('iam:GetAccountAuthorizationDetails') }],
  'AWS::KMS::Key': [{ field: 'Policy', by: by('kms:GetKeyPolicy') }],
  'AWS::Lambda::Function': [{ field: 'Policy', by: by('lambda:GetPolicy') }],
  'AWS::Logs::ResourcePolicy': [{ field: 'policyDocument', by: by('logs:DescribeResourcePolicies') }],
  'AWS::OpenSearchService::Domain': [
    { field: 'DomainStatus', member: 'AccessPolicies', by: by('es:DescribeDomains') },
  ],
  'AWS::SNS::Topic': [{ field: 'Attributes', member: 'Policy', by: by('sns:GetTopicAttributes') }],
  'AWS::SQS::Queue': [{ field: 'Attributes', member: 'Policy', by: by('sqs:GetQueueAttributes') }],
  'AWS::EC2::VPCEndpoint': [{ field: 'PolicyDocument', by: by('ec2:DescribeVpcEndpoints') }],
  'AWS::SecretsManager::Secret': [{ field: 'ResourcePolicy', by: by('secretsmanager:GetResourcePolicy') }],
}

/** Types whose listing answers the policy too: a field that is not there is not there. */
const LISTED: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::RestApi',
  'AWS::EC2::VPCEndpoint',
  'AWS::Events::EventBus',
  'AWS::IAM::Role',
  'AWS::Logs::ResourcePolicy',
])

function sourceAt(resource: Resource, place: Place, unread: UnreadFields): PolicySource[] {
  const missing = LISTED.has(resource.type) ? undefined : unread.field(resource, place.field, place.by)
  if (missing) return [{ name: place.field, document: { unread: [missing] } }]
  const value = resource.config[place.field]
  const document = documentOf(place.member === undefined ? value : object(value)[place.member])
  return document === undefined ? [] : [{ name: place.member ?? place.field, document }]
}

/** Authorization policies of a sender identity, by their names. */
function identityPolicies(resource: Resource, unread: UnreadFields): PolicySource[] {
  const missing = unread.field(resource, 'Policies', by('ses:GetEmailIdentityPolicies'))
  if (missing) return [{ name: 'Policies', document: { unread: [missing] } }]
  return Object.entries(object(resource.config['Policies'])).flatMap(([name, value]) => {
    const document = documentOf(value)
    return document === undefined ? [] : [{ name, document }]
  })
}

function policyArn({ id, type, account, region, config }: Resource): string {
  if (type !== 'AWS::ApiGateway::RestApi') return id
  return `arn:${id.split(':')[1] ?? 'aws'}:execute-api:${region}:${account}:${text(config['id'])}`
}

function grantsOf(resource: Resource, unread: UnreadFields): readonly Json[] | Unread | undefined {
  if (resource.type !== 'AWS::KMS::Key') return undefined
  const { KeyMetadata, Grants } = resource.config
  if (text(object(KeyMetadata)['KeyManager']) === 'AWS') return undefined // grants on AWS's own keys are AWS's
  const missing = unread.field(resource, 'Grants', by('kms:ListGrants'))
  return missing ? { unread: [missing] } : list(Grants)
}

const asText = (value: Json | undefined): string[] =>
  typeof value === 'string' || typeof value === 'boolean' ? [String(value)] : []

/** Condition keys that the resource itself settles. */
function factsOf({ type, config }: Resource): PolicyInput['facts'] {
  if (type === 'AWS::EC2::VPCEndpoint') {
    return { 'aws:sourcevpce': asText(config['VpcEndpointId']), 'aws:sourcevpc': asText(config['VpcId']) }
  }
  if (type === 'AWS::Lambda::Function' && Array.isArray(config['UrlConfigs'])) {
    const types = list(config['UrlConfigs']).flatMap((url) => asText(object(url)['AuthType']))
    const auth = { 'lambda:functionurlauthtype': [...new Set(types)] }
    return types.length > 0 ? auth : { ...auth, 'lambda:invokedviafunctionurl': [] }
  }
  if (type !== 'AWS::KMS::Key' || config['KeyMetadata'] === undefined) return undefined
  const metadata = object(config['KeyMetadata'])
  return {
    'kms:keyspec': asText(metadata['KeySpec']),
    'kms:keyusage': asText(metadata['KeyUsage']),
    'kms:keyorigin': asText(metadata['Origin']),
    'kms:multiregion': asText(metadata['MultiRegion'] ?? false),
    'kms:multiregionkeytype': asText(object(metadata['MultiRegionConfiguration'])['MultiRegionKeyType']),
    ...(Array.isArray(config['Aliases'])
      ? {
          'kms:resourcealiases': list(config['Aliases']).flatMap((alias) =>
            asText(object(alias)['AliasName']),
          ),
        }
      : {}),
  }
}

/** What keeps requests away whatever the policy says: an endpoint inside a VPC, or the service itself. */
function boundariesOf({ type, config, account }: Resource): PolicyInput['boundaries'] {
  // AWS Backup Developer Guide, "Vault access policies": of other accounts it takes copies, and no other request.
  if (type === 'AWS::Backup::BackupVault')
    return [
      {
        name: 'AWS Backup',
        condition: {
          StringNotEquals: { 'aws:PrincipalAccount': account },
          Bool: { 'aws:PrincipalIsAWSService': 'false' },
        },
        exceptActions: ['backup:CopyIntoBackupVault'],
      },
    ]
  if (type === 'AWS::OpenSearchService::Domain') {
    const vpc = text(object(object(config['DomainStatus'])['VPCOptions'])['VPCId'])
    return vpc === ''
      ? undefined
      : [{ name: 'VPCOptions', condition: { StringNotEquals: { 'aws:SourceVpc': vpc } } }]
  }
  if (type !== 'AWS::ApiGateway::RestApi') return undefined
  const isPrivate = texts(object(config['endpointConfiguration'])['types']).includes('PRIVATE')
  return isPrivate
    ? [{ name: 'endpointConfiguration PRIVATE', condition: { Null: { 'aws:SourceVpce': 'true' } } }]
    : undefined
}

function notesOf(resource: Resource, policies: readonly PolicySource[]): string[] {
  if (resource.type === 'AWS::ApiGateway::RestApi' && policies.length === 0)
    return ['no resource policy: who may call is decided by the methods of the API']
  if (resource.type === 'AWS::EFS::FileSystem' && policies.length === 0)
    return ['no file system policy: whoever reaches a mount target over the network may mount it']
  if (resource.type === 'AWS::Backup::BackupVault' && policies.length > 0)
    return ['AWS Backup takes copies from accounts of the same organization only']
  if (resource.type === 'AWS::EC2::VPCEndpoint' && policies.length === 0)
    return ['an endpoint of this kind has no policy']
  return []
}

function tagsOf(resource: Resource): PolicyInput['tags'] {
  const unreadTags = ['Tags', 'TagSet', 'TagList', 'tags'].some(
    (field) => resource.missing?.[field] !== undefined,
  )
  return unreadTags ? undefined : resource.tags
}

/** What every input has. */
function baseOf(
  resource: Resource,
): Pick<PolicyInput, 'id' | 'type' | 'arn' | 'account' | 'region' | 'accessPoints' | 'tags'> {
  const { id, type, account, region } = resource
  const tags = tagsOf(resource)
  return { id, type, arn: policyArn(resource), account, region, accessPoints: [], ...(tags ? { tags } : {}) }
}

function plainInput(resource: Resource, { unread }: Sources): PolicyInput | undefined {
  const places = PLACES[resource.type]
  if (!places && resource.type !== 'AWS::SES::EmailIdentity') return undefined
  const policies = places
    ? places.flatMap((place) => sourceAt(resource, place, unread))
    : identityPolicies(resource, unread)
  const grants = grantsOf(resource, unread)
  const facts = factsOf(resource)
  const boundaries = boundariesOf(resource)
  return {
    ...baseOf(resource),
    policies,
    ...(grants === undefined ? {} : { grants }),
    ...(facts === undefined ? {} : { facts }),
    ...(boundaries === undefined ? {} : { boundaries }),
    notes: notesOf(resource, policies),
  }
}

/** @returns undefined for a type that has neither a policy of its own nor a sharing list */
export function inputOf(resource: Resource, sources: Sources): PolicyInput | undefined {
  switch (resource.type) {
    case 'AWS::S3::Bucket':
      return { ...baseOf(resource), ...bucketInput(resource, sources) }
    case 'AWS::S3::AccessPoint':
      return { ...baseOf(resource), ...accessPointInput(resource, sources) }
    default: {
      const shared = sharedInput(resource, sources)
      return shared ? { ...baseOf(resource), ...shared } : plainInput(resource, sources)
    }
  }
}

/** Types with a policy of their own. */
export const POLICY_TYPES: readonly string[] = [...Object.keys(PLACES), 'AWS::SES::EmailIdentity']
