/** A large account for the measurements: resources of the usual kinds in the usual proportions, all of it made up. */
import { createHash } from 'node:crypto'
import type { CallRecord, Json, JsonObject, Resource, Snapshot } from '../../src/snapshot/model.ts'
import type { Shapes } from '../../src/snapshot/shapes.ts'

const ACCOUNT = '123456789012'
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2']
const TIME = '2026-11-01T00:00:00Z'

const hex = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length)
const id = (prefix: string, at: number): string => `${prefix}-0${hex(`${prefix}${at}`, 16)}`
const ip = (at: number, low: number): string => `10.${(at >> 8) & 255}.${at & 255}.${low}`
const tagList = (at: number, name: string): Json => [
  { Key: 'Name', Value: name },
  { Key: at % 7 === 0 ? 'owner' : 'Owner', Value: `team-${at % 40}` },
  { Key: 'Stack', Value: `stack-${at % 300}` },
  ...(at % 3 === 0 ? [{ Key: 'Environment', Value: at % 2 ? 'prod' : 'stage' }] : []),
]

interface Kind {
  readonly type: string
  /** Of a hundred resources, so many are of this kind. */
  readonly share: number
  readonly arn: (at: number, region: string) => string
  readonly config: (at: number, region: string) => JsonObject
}

const ec2 =
  (kind: string, prefix: string) =>
  (at: number, region: string): string =>
    `arn:aws:ec2:${region}:${ACCOUNT}:${kind}/${id(prefix, at)}`

/** A VPC of the same Region: what lies in it is found near it. */
const vpcOf = (at: number): number => at % 240

const permission = (from: number, cidrs: readonly string[]): JsonObject => ({
  IpProtocol: 'tcp',
  FromPort: from,
  ToPort: from,
  IpRanges: cidrs.map((CidrIp) => ({ CidrIp, Description: 'office' })),
  Ipv6Ranges: [],
  PrefixListIds: [],
  UserIdGroupPairs: [],
})

const KINDS: readonly Kind[] = [
  {
    type: 'AWS::EC2::Instance',
    share: 12,
    arn: ec2('instance', 'i'),
    config: (at) => ({
      InstanceId: id('i', at),
      ImageId: id('ami', at % 50),
      InstanceType: 'm7g.large',
      LaunchTime: '2026-06-01T00:00:00Z',
      State: { Code: 16, Name: at % 9 === 0 ? 'stopped' : 'running' },
      StateTransitionReason: at % 9 === 0 ? 'User initiated (2026-03-01 00:00:00 GMT)' : '',
      Placement: { AvailabilityZone: 'eu-west-1a', Tenancy: 'default' },
      VpcId: id('vpc', vpcOf(at)),
      SubnetId: id('subnet', at % 600),
      PrivateIpAddress: ip(at, 10),
      ...(at % 2
        ? { IamInstanceProfile: { Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/web`, Id: 'AIPAEXAMPLE' } }
        : {}),
      MetadataOptions: {
        State: 'applied',
        HttpTokens: at % 4 ? 'required' : 'optional',
        HttpPutResponseHopLimit: 2,
        HttpEndpoint: 'enabled',
      },
      SecurityGroups: [{ GroupId: id('sg', at % 5000), GroupName: 'web' }],
      NetworkInterfaces: [
        { NetworkInterfaceId: id('eni', at), Status: 'in-use', PrivateIpAddress: ip(at, 10) },
      ],
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeId: id('vol', at), Status: 'attached' } },
      ],
      DisableApiTermination: { Value: at % 5 === 0 },
      Image: {
        ImageId: id('ami', at % 50),
        OwnerId: ACCOUNT,
        State: 'available',
        CreationDate: at % 10 ? '2026-09-01T00:00:00.000Z' : '2025-01-01T00:00:00.000Z',
      },
      Tags: tagList(at, `web-${at}`),
    }),
  },
  {
    type: 'AWS::EC2::NetworkInterface',
    share: 16,
    arn: ec2('network-interface', 'eni'),
    config: (at) => ({
      NetworkInterfaceId: id('eni', at),
      OwnerId: ACCOUNT,
      VpcId: id('vpc', vpcOf(at)),
      SubnetId: id('subnet', at % 600),
      AvailabilityZone: 'eu-west-1a',
      InterfaceType: 'interface',
      RequesterManaged: false,
      SourceDestCheck: true,
      Status: 'in-use',
      Description: '',
      PrivateIpAddress: ip(at, 10),
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: ip(at, 10) }],
      Groups: [{ GroupId: id('sg', at % 5000), GroupName: 'web' }],
      Attachment: { InstanceId: id('i', at), InstanceOwnerId: ACCOUNT, Status: 'attached' },
      TagSet: tagList(at, `eni-${at}`),
    }),
  },
  {
    type: 'AWS::EC2::SecurityGroup',
    share: 10,
    arn: ec2('security-group', 'sg'),
    config: (at) => ({
      GroupId: id('sg', at),
      GroupName: at % 60 === 0 ? 'default' : `group-${at}`,
      Description: 'of a service',
      OwnerId: ACCOUNT,
      VpcId: id('vpc', vpcOf(at)),
      IpPermissions: [
        permission(443, ['10.0.0.0/8']),
        permission(22, [at % 30 ? '192.0.2.0/24' : '0.0.0.0/0']),
      ],
      IpPermissionsEgress: [
        {
          IpProtocol: '-1',
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
          Ipv6Ranges: [],
          PrefixListIds: [],
          UserIdGroupPairs: [],
        },
      ],
      Tags: tagList(at, `group-${at}`),
    }),
  },
  {
    type: 'AWS::EC2::Volume',
    share: 16,
    arn: ec2('volume', 'vol'),
    config: (at) => ({
      VolumeId: id('vol', at),
      State: 'in-use',
      Encrypted: at % 6 !== 0,
      ...(at % 6 ? { KmsKeyId: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${hex(`k${at % 2000}`, 32)}` } : {}),
      CreateTime: '2026-05-01T00:00:00Z',
      AvailabilityZone: 'eu-west-1a',
      Size: 100,
      VolumeType: 'gp3',
      Attachments: [
        { InstanceId: id('i', at), VolumeId: id('vol', at), State: 'attached', Device: '/dev/xvda' },
      ],
      Tags: tagList(at, `disk-${at}`),
    }),
  },
  {
    type: 'AWS::EC2::Snapshot',
    share: 16,
    arn: (at, region) => `arn:aws:ec2:${region}::snapshot/${id('snap', at)}`,
    config: (at) => ({
      SnapshotId: id('snap', at),
      OwnerId: ACCOUNT,
      VolumeId: id('vol', at),
      State: 'completed',
      StartTime: '2026-10-28T00:00:00Z',
      Encrypted: at % 6 !== 0,
      VolumeSize: 100,
      Public: false,
      CreateVolumePermissions: [],
      StorageTier: 'standard',
      Tags: tagList(at, `backup-${at}`),
    }),
  },
  {
    type: 'AWS::EC2::VPC',
    share: 0.24,
    arn: ec2('vpc', 'vpc'),
    config: (at) => ({
      VpcId: id('vpc', at),
      OwnerId: ACCOUNT,
      State: 'available',
      CidrBlock: `10.${at % 250}.0.0/16`,
      CidrBlockAssociationSet: [
        { CidrBlock: `10.${at % 250}.0.0/16`, CidrBlockState: { State: 'associated' } },
      ],
      IsDefault: false,
      InstanceTenancy: 'default',
      DhcpOptionsId: 'dopt-1',
      Tags: tagList(at, `network-${at}`),
    }),
  },
  {
    type: 'AWS::EC2::Subnet',
    share: 2,
    arn: ec2('subnet', 'subnet'),
    config: (at, region) => ({
      SubnetId: id('subnet', at),
      SubnetArn: ec2('subnet', 'subnet')(at, region),
      OwnerId: ACCOUNT,
      VpcId: id('vpc', vpcOf(at)),
      State: 'available',
      CidrBlock: `10.${at % 250}.${at % 200}.0/24`,
      AvailabilityZone: `${region}a`,
      AvailabilityZoneId: 'euw1-az1',
      DefaultForAz: false,
      MapPublicIpOnLaunch: at % 4 === 0,
      AssignIpv6AddressOnCreation: false,
      Tags: tagList(at, `subnet-${at}`),
    }),
  },
  {
    type: 'AWS::S3::Bucket',
    share: 4,
    arn: (at) => `arn:aws:s3:::bucket-${at}`,
    config: (at) => ({
      Name: `bucket-${at}`,
      CreationDate: '2024-01-01T00:00:00Z',
      Acl: {
        Owner: { ID: 'owner' },
        Grants: [{ Grantee: { ID: 'owner', Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: at % 10 !== 0,
      },
      Encryption: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: true }],
      },
      Versioning: { Status: at % 3 ? 'Enabled' : 'Suspended' },
      Logging: at % 2 ? { LoggingEnabled: { TargetBucket: 'bucket-0', TargetPrefix: 'logs/' } } : {},
      Notification: {},
      ...(at % 3
        ? {
            Lifecycle: [
              {
                ID: 'tidy',
                Status: 'Enabled',
                Filter: { Prefix: '' },
                NoncurrentVersionExpiration: { NoncurrentDays: 30 },
                AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
              },
            ],
          }
        : {}),
      Website: {},
      Policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Tls',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [`arn:aws:s3:::bucket-${at}`, `arn:aws:s3:::bucket-${at}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Sid: 'Read',
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app-${at % 50}` },
            Action: ['s3:GetObject', 's3:ListBucket'],
            Resource: '*',
          },
        ],
      },
      Tags: tagList(at, `bucket-${at}`),
    }),
  },
  {
    type: 'AWS::KMS::Key',
    share: 3,
    arn: (at, region) => `arn:aws:kms:${region}:${ACCOUNT}:key/${hex(`k${at}`, 32)}`,
    config: (at, region) => ({
      KeyId: hex(`k${at}`, 32),
      KeyArn: `arn:aws:kms:${region}:${ACCOUNT}:key/${hex(`k${at}`, 32)}`,
      KeyMetadata: {
        KeyId: hex(`k${at}`, 32),
        Arn: `arn:aws:kms:${region}:${ACCOUNT}:key/${hex(`k${at}`, 32)}`,
        KeyManager: at % 5 ? 'CUSTOMER' : 'AWS',
        KeyState: 'Enabled',
        KeySpec: 'SYMMETRIC_DEFAULT',
        KeyUsage: 'ENCRYPT_DECRYPT',
        Origin: 'AWS_KMS',
        Enabled: true,
        MultiRegion: false,
        CreationDate: '2024-01-01T00:00:00Z',
      },
      Rotation: { KeyRotationEnabled: at % 2 === 0, RotationPeriodInDays: 365 },
      Grants: [],
      Aliases: [{ AliasName: `alias/key-${at}`, TargetKeyId: hex(`k${at}`, 32) }],
      Policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      },
      Tags: [],
    }),
  },
  {
    type: 'AWS::SSM::ManagedInstance',
    share: 10,
    arn: (at, region) => `arn:aws:ssm:${region}:${ACCOUNT}:managed-instance/${id('i', at)}`,
    config: (at) => ({
      InstanceId: id('i', at),
      PingStatus: at % 50 ? 'Online' : 'ConnectionLost',
      LastPingDateTime: '2026-10-31T23:00:00Z',
      AgentVersion: '3.3.1000.0',
      IsLatestVersion: at % 3 !== 0,
      PlatformType: 'Linux',
      PlatformName: 'Amazon Linux',
      PlatformVersion: '2023',
      ResourceType: 'EC2Instance',
      ComplianceSummaries: [],
      Inventory: { 'AWS:Application': { TypeName: 'AWS:Application', CaptureTime: '2026-10-31T00:00:00Z' } },
      PatchState: {
        InstanceId: id('i', at),
        PatchGroup: 'web',
        BaselineId: 'pb-0',
        Operation: 'Install',
        OperationStartTime: '2026-10-30T00:00:00Z',
        OperationEndTime: '2026-10-30T00:10:00Z',
        InstalledCount: 100,
        MissingCount: at % 4,
        FailedCount: 0,
        CriticalNonCompliantCount: 0,
        SecurityNonCompliantCount: at % 4,
        OtherNonCompliantCount: 0,
      },
    }),
  },
  {
    type: 'AWS::Inspector2::Finding',
    share: 11,
    arn: (at, region) => `arn:aws:inspector2:${region}:${ACCOUNT}:finding/${hex(`f${at}`, 32)}`,
    config: (at, region) => ({
      findingArn: `arn:aws:inspector2:${region}:${ACCOUNT}:finding/${hex(`f${at}`, 32)}`,
      awsAccountId: ACCOUNT,
      type: 'PACKAGE_VULNERABILITY',
      title: `CVE-2026-${1000 + at} - openssl`,
      description: 'A flaw in a library. '.repeat(12),
      severity: ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'][at % 4] as string,
      status: 'ACTIVE',
      exploitAvailable: at % 9 ? 'NO' : 'YES',
      fixAvailable: 'YES',
      inspectorScore: 7.5,
      firstObservedAt: '2026-09-01T00:00:00Z',
      lastObservedAt: '2026-10-31T00:00:00Z',
      updatedAt: '2026-10-31T00:00:00Z',
      remediation: { recommendation: { text: 'None Provided' } },
      packageVulnerabilityDetails: {
        vulnerabilityId: `CVE-2026-${1000 + at}`,
        source: 'NVD',
        cvss: [{ baseScore: 7.5, scoringVector: 'CVSS:3.1/AV:N', version: '3.1', source: 'NVD' }],
        vulnerablePackages: [{ name: 'openssl', version: '3.0.0', fixedInVersion: '3.0.1' }],
      },
      resources: [
        { type: 'AWS_EC2_INSTANCE', id: id('i', at), region, partition: 'aws', tags: { Name: `web-${at}` } },
      ],
    }),
  },
]

/** Every listing of every type, answered. */
function calls(shapes: Shapes): CallRecord[] {
  return Object.entries(shapes.types).flatMap(([type, { operations }]) =>
    operations.flatMap((operation) =>
      ['global', ...REGIONS].map((region): CallRecord => {
        const [service = '', api = ''] = operation.operation.split(':')
        return {
          account: ACCOUNT,
          region,
          service,
          operation: api,
          outcome: 'ok',
          calls: 1,
          permission: operation.permission,
          ...(operation.lists ? { lists: [type] } : {}),
        }
      }),
    ),
  )
}

/** @param count resources in all */
export function estate(count: number, shapes: Shapes): Snapshot {
  const resources: Resource[] = []
  for (const { type, share, arn, config } of KINDS) {
    for (let at = 0; at < (count * share) / 100; at++) {
      const region = REGIONS[at % REGIONS.length] as string
      const of = config(at, region)
      const tags = ((of['Tags'] ?? of['TagSet'] ?? []) as readonly { Key: string; Value: string }[]).map(
        ({ Key, Value }) => [Key, Value] as const,
      )
      const byKey = Object.fromEntries(tags)
      resources.push({
        id: arn(at, region),
        type,
        account: ACCOUNT,
        region,
        ...(byKey['Name'] ? { name: byKey['Name'] } : {}),
        tags: byKey,
        config: of,
      })
    }
  }
  const order = (of: Resource): string => [of.account, of.region, of.type, of.id].join('\u0000')
  const sorted = resources
    .map((resource) => ({ key: order(resource), resource }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  return {
    manifest: {
      schemaVersion: 1,
      tool: { name: 'aws-secaudit', version: '0.0.0' },
      time: TIME,
      partition: 'aws',
      accounts: [{ id: ACCOUNT }],
      regions: REGIONS,
      calls: calls(shapes),
    },
    resources: sorted.map((each) => each.resource),
  }
}
