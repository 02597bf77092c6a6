/** Which resources people tag, how their tags are known, and which of them nobody here can or would tag. */
import type { JsonObject, Resource } from '../../snapshot/model.ts'
import type { Operation } from '../unread.ts'

interface About {
  readonly account: string
  /** Ids of the VPCs that AWS made on the account's first day in a Region. */
  readonly defaultVpcs: ReadonlySet<string>
}

export interface Taggable {
  /** The operations that list the type. */
  readonly lists: readonly string[]
  /** The call that answers the tags, where the listing does not. */
  readonly tags?: Operation
  /** The field by whose value a resource is known to be the user's own; of the others it is known by the listing. */
  readonly needs?: Operation & { readonly field: string }
  /** Whether it is the user's own to tag; all of the account's own are without it. */
  readonly isOwn?: (config: JsonObject, about: About) => boolean
  /** Of a service that a snapshot may leave out altogether. */
  readonly optional?: true
}

const same = (operation: string, permission = operation): Operation => ({ operation, permission })
const listed = (...lists: readonly string[]): Taggable => ({ lists })
const own = (list: string, isOwn: NonNullable<Taggable['isOwn']>): Taggable => ({ lists: [list], isOwn })
const byTaggingApi = (list: string): Taggable => ({ lists: [list], tags: same('tag:GetResources') })
const balancing = (list: string): Taggable => ({
  lists: [`elasticloadbalancing:${list}`],
  tags: same('elasticloadbalancing:DescribeTags'),
})

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== ''
const member = (config: JsonObject, name: string): JsonObject => {
  const value = config[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
export const items = (config: JsonObject, name: string): readonly JsonObject[] => {
  const value = config[name]
  return Array.isArray(value) ? (value as readonly JsonObject[]) : []
}

/** Services make interfaces for what they run, and EC2 one with each instance, which goes with it. */
const isOwnInterface = (config: JsonObject): boolean =>
  config['RequesterManaged'] !== true && member(config, 'Attachment')['DeleteOnTermination'] !== true

const METADATA = { field: 'KeyMetadata', ...same('kms:DescribeKey') }

export const TAGGABLE: Readonly<Record<string, Taggable>> = {
  // What comes with each VPC, or with an account's first day in a Region, is nobody's work.
  'AWS::EC2::VPC': own('ec2:DescribeVpcs', (config) => config['IsDefault'] !== true),
  'AWS::EC2::Subnet': own('ec2:DescribeSubnets', (config) => config['DefaultForAz'] !== true),
  'AWS::EC2::RouteTable': own(
    'ec2:DescribeRouteTables',
    (config) => !items(config, 'Associations').some((each) => each['Main'] === true),
  ),
  'AWS::EC2::NetworkAcl': own('ec2:DescribeNetworkAcls', (config) => config['IsDefault'] !== true),
  'AWS::EC2::SecurityGroup': own('ec2:DescribeSecurityGroups', (config) => config['GroupName'] !== 'default'),
  'AWS::EC2::NetworkInterface': own('ec2:DescribeNetworkInterfaces', isOwnInterface),
  'AWS::EC2::Instance': listed('ec2:DescribeInstances'),
  'AWS::EC2::InternetGateway': own(
    'ec2:DescribeInternetGateways',
    (config, { defaultVpcs }) =>
      !items(config, 'Attachments').some((each) => defaultVpcs.has(String(each['VpcId']))),
  ),
  'AWS::EC2::EgressOnlyInternetGateway': listed('ec2:DescribeEgressOnlyInternetGateways'),
  'AWS::EC2::NatGateway': listed('ec2:DescribeNatGateways'),
  'AWS::EC2::VPCPeeringConnection': listed('ec2:DescribeVpcPeeringConnections'),
  'AWS::EC2::VPCEndpoint': own('ec2:DescribeVpcEndpoints', (config) => config['RequesterManaged'] !== true),
  'AWS::EC2::VPCEndpointService': listed('ec2:DescribeVpcEndpointServiceConfigurations'),
  'AWS::EC2::PrefixList': listed('ec2:DescribeManagedPrefixLists'),
  'AWS::EC2::VPNGateway': listed('ec2:DescribeVpnGateways'),
  'AWS::EC2::VPNConnection': listed('ec2:DescribeVpnConnections'),
  'AWS::EC2::CustomerGateway': listed('ec2:DescribeCustomerGateways'),
  'AWS::EC2::TransitGateway': listed('ec2:DescribeTransitGateways'),
  'AWS::EC2::TransitGatewayRouteTable': listed('ec2:DescribeTransitGatewayRouteTables'),
  'AWS::EC2::TransitGatewayVpcAttachment': own(
    'ec2:DescribeTransitGatewayVpcAttachments',
    (config, { account }) => config['VpcOwnerId'] === undefined || config['VpcOwnerId'] === account,
  ),
  'AWS::EC2::EIP': own('ec2:DescribeAddresses', (config) => !isSet(config['ServiceManaged'])),
  'AWS::EC2::FlowLog': listed('ec2:DescribeFlowLogs'),
  'AWS::EC2::Volume': listed('ec2:DescribeVolumes'),
  'AWS::EC2::Snapshot': listed('ec2:DescribeSnapshots'),
  'AWS::EC2::Image': listed('ec2:DescribeImages'),
  'AWS::EC2::LaunchTemplate': listed('ec2:DescribeLaunchTemplates'),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': balancing('DescribeLoadBalancers'),
  'AWS::ElasticLoadBalancingV2::TargetGroup': balancing('DescribeTargetGroups'),
  'AWS::KMS::Key': {
    ...listed('kms:ListKeys'),
    tags: same('kms:ListResourceTags'),
    needs: METADATA,
    isOwn: (config) => member(config, 'KeyMetadata')['KeyManager'] === 'CUSTOMER',
  },
  'AWS::S3::Bucket': {
    ...listed('s3:ListBuckets', 's3:GetBucketLocation'),
    tags: same('s3:GetBucketTagging'),
  },
  // Session Manager's preferences come and go with its console.
  'AWS::SSM::Document': own('ssm:ListDocuments', (config) => config['Name'] !== 'SSM-SessionManagerRunShell'),
  'AWS::SSM::Parameter': byTaggingApi('ssm:DescribeParameters'),
  'AWS::SSM::Association': byTaggingApi('ssm:ListAssociations'),
  'AWS::SSM::MaintenanceWindow': byTaggingApi('ssm:DescribeMaintenanceWindows'),
  'AWS::SSM::PatchBaseline': {
    ...byTaggingApi('ssm:DescribePatchBaselines'),
    isOwn: (config) => String(config['BaselineId']).startsWith('pb-'),
  },
  // An EC2 instance has its tags as an instance.
  'AWS::SSM::ManagedInstance': {
    ...byTaggingApi('ssm:DescribeInstanceInformation'),
    isOwn: (config) => String(config['InstanceId']).startsWith('mi-'),
  },
  'AWS::Macie::ClassificationJob': byTaggingApi('macie2:ListClassificationJobs'),
  'AWS::EFS::FileSystem': { ...listed('elasticfilesystem:DescribeFileSystems'), optional: true },
  'AWS::RDS::DBSnapshot': {
    ...own('rds:DescribeDBSnapshots', (config) => config['SnapshotType'] === 'manual'),
    optional: true,
  },
  'AWS::RDS::DBClusterSnapshot': {
    ...own('rds:DescribeDBClusterSnapshots', (config) => config['SnapshotType'] === 'manual'),
    optional: true,
  },
  'AWS::SecretsManager::Secret': {
    ...own('secretsmanager:ListSecrets', (config) => !isSet(config['OwningService'])),
    optional: true,
  },
  'AWS::ApiGateway::RestApi': { ...listed('apigateway:GetRestApis'), optional: true },
}

/** Not another account's that is shared with this one, not AWS's own, and not made by a service for itself. */
export function isUsersOwn({ config, account, type }: Resource, defaultVpcs: ReadonlySet<string>): boolean {
  const owner = config['OwnerId']
  if (typeof owner === 'string' && owner !== account) return false
  if (member(config, 'Operator')['Managed'] === true) return false
  return TAGGABLE[type]?.isOwn?.(config, { account, defaultVpcs }) ?? true
}
