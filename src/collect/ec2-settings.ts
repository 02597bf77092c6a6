import type { Operation, Words } from './dsl.ts'
import { living, owned, setting } from './ec2-arn.ts'
import { accountArn } from './sts.ts'

const ENCRYPTION = 'AWS::EC2::EbsEncryptionByDefault'
const encryptionId = setting('ebs-encryption-by-default')

/** What holds for a whole Region: defaults, and blocks against public access. */
export const settingOperations = (op: Words): readonly Operation[] => [
  op.single('DescribeVpcBlockPublicAccessOptions', {
    resource: 'AWS::EC2::VPCBlockPublicAccessOptions',
    take: 'VpcBlockPublicAccessOptions',
    id: setting('vpc-block-public-access-options'),
    fields: {
      always: ['State', 'InternetGatewayBlockMode'],
      absent: { ExclusionsAllowed: null, ManagedBy: 'account' },
    },
  }),
  op.list('DescribeVpcBlockPublicAccessExclusions', {
    resource: 'AWS::EC2::VPCBlockPublicAccessExclusion',
    items: 'VpcBlockPublicAccessExclusions',
    input: () => ({ MaxResults: 1000 }),
    id: living(owned('vpc-block-public-access-exclusion', 'ExclusionId', ''), 'delete-complete'),
    fields: { always: ['ExclusionId', 'InternetGatewayExclusionMode', 'ResourceArn', 'State'] },
  }),
  op.single('GetEbsEncryptionByDefault', {
    resource: ENCRYPTION,
    id: encryptionId,
    fields: { always: ['EbsEncryptionByDefault', 'KmsKeyId'] },
  }),
  op.join(ENCRYPTION, 'GetEbsDefaultKmsKeyId', {
    items: 'KmsKeyId',
    match: (_key, place) => encryptionId({}, place),
    into: 'KmsKeyId',
    as: 'first',
  }),
  op.single('GetSnapshotBlockPublicAccessState', {
    resource: 'AWS::EC2::SnapshotBlockPublicAccess',
    id: setting('snapshot-block-public-access'),
    fields: { always: ['State'], absent: { ManagedBy: 'account' } },
  }),
  op.single('GetImageBlockPublicAccessState', {
    resource: 'AWS::EC2::ImageBlockPublicAccess',
    id: setting('image-block-public-access'),
    fields: { always: ['ImageBlockPublicAccessState'], absent: { ManagedBy: 'account' } },
  }),
  op.single('GetSerialConsoleAccessStatus', {
    resource: 'AWS::EC2::SerialConsoleAccess',
    id: setting('serial-console-access'),
    fields: { always: ['SerialConsoleAccessEnabled'], absent: { ManagedBy: 'account' } },
  }),
  op.single('GetInstanceMetadataDefaults', {
    resource: 'AWS::EC2::InstanceMetadataDefaults',
    id: setting('instance-metadata-defaults'),
    fields: {
      absent: {
        // Nothing is answered for what the account sets no preference for.
        'AccountLevel.HttpTokens': 'no-preference',
        'AccountLevel.HttpEndpoint': 'no-preference',
        'AccountLevel.HttpPutResponseHopLimit': null,
        'AccountLevel.HttpTokensEnforced': 'no-preference',
      },
    },
  }),
  // Which Regions the account has turned on; asked once, with the session.
  op.join('AWS::Account', 'DescribeRegions', {
    scope: 'account',
    items: 'Regions',
    match: (_region, place) => accountArn(place),
    into: 'Regions',
    as: 'list',
  }),
]
