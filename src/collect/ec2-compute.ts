import { type Answered, field, type Input, type Operation, type Place, str, type Words } from './dsl.ts'
import { type Id, owned, unowned, withManaged } from './ec2-arn.ts'

const INSTANCE = 'AWS::EC2::Instance'
const SNAPSHOT = 'AWS::EC2::Snapshot'
const IMAGE = 'AWS::EC2::Image'
const TEMPLATE = 'AWS::EC2::LaunchTemplate'

/** What runs in a VPC, and the disks, images and templates that it is made of. */
export const computeOperations = (op: Words): readonly Operation[] => [
  ...instances(op),
  ...disks(op),
  ...images(op),
  ...templates(op),
]

const stateOf = (instance: Answered): string | undefined => str((instance['State'] ?? {}) as Answered, 'Name')

/** EC2 lists a terminated instance for about an hour: it is no more. */
const running: Id = (instance, place) =>
  stateOf(instance) === 'terminated' ? undefined : owned('instance', 'InstanceId')(instance, place)

const instances = (op: Words): Operation[] => [
  op.list('DescribeInstances', {
    resource: INSTANCE,
    items: 'Reservations.Instances',
    input: withManaged(),
    id: running,
    fields: {
      always: [
        'InstanceId',
        'ImageId',
        'InstanceType',
        'LaunchTime',
        'State.Name',
        'Placement.AvailabilityZone',
        'MetadataOptions.HttpEndpoint',
        'MetadataOptions.HttpTokens',
        'MetadataOptions.HttpPutResponseHopLimit',
        'DisableApiTermination.Value',
        'NetworkInterfaces[].NetworkInterfaceId',
        'SecurityGroups[].GroupId',
        'Image.ImageId',
        'Image.OwnerId',
        'Image.State',
        'Image.CreationDate',
      ],
      absent: {
        Image: null, // deregistered, or no longer shared
        'Image.DeprecationTime': null,
        IamInstanceProfile: null,
        'IamInstanceProfile.Arn': null,
        InstanceLifecycle: null, // neither Spot nor scheduled
        KeyName: null,
        Platform: null, // "windows" for Windows; absent otherwise
        PrivateIpAddress: null,
        PublicIpAddress: null,
        SpotInstanceRequestId: null,
        StateTransitionReason: null,
        SubnetId: null, // terminated and EC2-Classic
        VpcId: null,
        'MetadataOptions.InstanceMetadataTags': 'disabled',
        'MetadataOptions.HttpProtocolIpv6': 'disabled',
        'Operator.Managed': false,
      },
    },
  }),
  op.field(INSTANCE, 'DescribeInstanceAttribute', {
    into: 'DisableApiTermination',
    input: (instance) => ({ InstanceId: instance.config['InstanceId'], Attribute: 'disableApiTermination' }),
    key: field('InstanceId'),
    when: (instance) => stateOf(instance) !== 'shutting-down', // too late to protect
    gone: ['InvalidInstanceID.NotFound'],
  }),
  // The image that it was launched from, whoever owns it; nothing where that was deregistered or is no longer shared.
  // By a filter: an id that is gone would fail the whole call.
  op.batch(INSTANCE, 'DescribeImages', {
    variant: 'of-instances',
    size: 200,
    items: 'Images',
    input: (instances) => ({
      Filters: [
        { Name: 'image-id', Values: [...new Set(instances.map((one) => one.config['ImageId']))].sort() },
      ],
      IncludeDeprecated: true,
      IncludeDisabled: true,
    }),
    match: (image) => image['ImageId'],
    on: (instance) => instance.config['ImageId'],
    into: 'Image',
    as: 'first',
  }),
]

const snapshotId = unowned('snapshot', 'SnapshotId')
const ownSnapshots = (extra: Input) => (): Input => ({ OwnerIds: ['self'], MaxResults: 1000, ...extra })

const disks = (op: Words): Operation[] => [
  op.list('DescribeVolumes', {
    resource: 'AWS::EC2::Volume',
    items: 'Volumes',
    input: withManaged(),
    id: owned('volume', 'VolumeId', ''),
    fields: {
      always: ['VolumeId', 'State', 'Encrypted', 'CreateTime', 'AvailabilityZone', 'Size', 'VolumeType'],
      absent: {
        KmsKeyId: null, // not encrypted
        SnapshotId: null,
        MultiAttachEnabled: false,
        'Attachments[].InstanceId': null, // attached to a resource that AWS manages
        'Attachments[].AssociatedResource': null,
        'Operator.Managed': false,
      },
    },
  }),
  op.list('DescribeSnapshots', {
    resource: SNAPSHOT,
    items: 'Snapshots',
    input: ownSnapshots({}),
    id: snapshotId,
    fields: {
      always: [
        'SnapshotId',
        'OwnerId',
        'VolumeId',
        'State',
        'StartTime',
        'Encrypted',
        'VolumeSize',
        'Public',
      ],
      absent: {
        KmsKeyId: null,
        Description: null,
        StorageTier: 'standard',
        'CreateVolumePermissions[].UserId': null,
      },
    },
  }),
  // Which of the own ones anybody may restore: one listing instead of a call for each.
  op.join(SNAPSHOT, 'DescribeSnapshots', {
    variant: 'public',
    items: 'Snapshots',
    input: ownSnapshots({ RestorableByUserIds: ['all'] }),
    match: snapshotId,
    into: 'Public',
    as: 'flag',
  }),
  op.field(SNAPSHOT, 'DescribeSnapshotAttribute', {
    into: 'CreateVolumePermissions',
    needs: 'Public',
    when: (snapshot) => snapshot['Public'] !== true, // everybody's already
    input: (snapshot) => ({
      SnapshotId: snapshot.config['SnapshotId'],
      Attribute: 'createVolumePermission',
    }),
    key: field('SnapshotId'),
    gone: ['InvalidSnapshot.NotFound'],
  }),
]

const images = (op: Words): Operation[] => [
  op.list('DescribeImages', {
    resource: IMAGE,
    items: 'Images',
    input: () => ({ Owners: ['self'], IncludeDeprecated: true, IncludeDisabled: true, MaxResults: 1000 }),
    id: unowned('image', 'ImageId'),
    name: (image) => image['Name'],
    fields: {
      always: ['ImageId', 'OwnerId', 'State', 'Public', 'CreationDate', 'ImageType'],
      absent: {
        DeprecationTime: null,
        Description: null,
        DeregistrationProtection: 'disabled',
        ImdsSupport: null,
        LastLaunchedTime: null,
        Platform: null,
        'BlockDeviceMappings[].Ebs.SnapshotId': null,
        'BlockDeviceMappings[].Ebs.Encrypted': false,
        'LaunchPermissions[].Group': null,
        'LaunchPermissions[].UserId': null,
        'LaunchPermissions[].OrganizationArn': null,
        'LaunchPermissions[].OrganizationalUnitArn': null,
      },
    },
  }),
  op.field(IMAGE, 'DescribeImageAttribute', {
    into: 'LaunchPermissions',
    when: (image) => image['Public'] !== true, // everybody's already
    input: (image) => ({ ImageId: image.config['ImageId'], Attribute: 'launchPermission' }),
    key: field('ImageId'),
    gone: ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'],
  }),
]

const templateId = (item: Answered): string | undefined => str(item, 'LaunchTemplateId')

const templates = (op: Words): Operation[] => [
  op.list('DescribeLaunchTemplates', {
    resource: TEMPLATE,
    items: 'LaunchTemplates',
    input: withManaged(200),
    id: (template, place: Place) => owned('launch-template', 'LaunchTemplateId', '')(template, place),
    name: (template) => template['LaunchTemplateName'],
    fields: {
      always: [
        'LaunchTemplateId',
        'LaunchTemplateName',
        'CreateTime',
        'DefaultVersionNumber',
        'LatestVersionNumber',
        'DefaultVersion',
        'DefaultVersion.VersionNumber',
        'DefaultVersion.LaunchTemplateData',
      ],
      absent: {
        'DefaultVersion.LaunchTemplateData.ImageId': null,
        'DefaultVersion.LaunchTemplateData.IamInstanceProfile': null,
        // What a template leaves out comes from the image, the account's defaults or AWS's.
        'DefaultVersion.LaunchTemplateData.MetadataOptions': null,
        'DefaultVersion.LaunchTemplateData.MetadataOptions.HttpTokens': null,
        'DefaultVersion.LaunchTemplateData.MetadataOptions.HttpEndpoint': null,
        'DefaultVersion.LaunchTemplateData.NetworkInterfaces[].AssociatePublicIpAddress': null,
      },
    },
  }),
  // Without a template's id it answers the default version of each.
  op.join(TEMPLATE, 'DescribeLaunchTemplateVersions', {
    items: 'LaunchTemplateVersions',
    input: () => ({ Versions: ['$Default'], ...withManaged(200)() }),
    match: templateId,
    on: (template) => templateId(template.config),
    into: 'DefaultVersion',
    as: 'first',
    never: ['LaunchTemplateVersions[].LaunchTemplateData.UserData'],
  }),
]
