import { field, type Operation, type Words } from './dsl.ts'
import { given, living, owned, thousand } from './ec2-arn.ts'

/** What lies in a VPC: its networks, the tables and lists that rule them, the interfaces and addresses in them. */
export const networkOperations = (op: Words): readonly Operation[] => [
  op.list('DescribeVpcs', {
    resource: 'AWS::EC2::VPC',
    items: 'Vpcs',
    input: thousand,
    id: owned('vpc', 'VpcId'),
    fields: {
      always: ['VpcId', 'OwnerId', 'State', 'CidrBlock', 'IsDefault', 'InstanceTenancy', 'DhcpOptionsId'],
    },
  }),
  // Rules that name a group which is gone: what DescribeSecurityGroups answers looks the same as before.
  op.field('AWS::EC2::VPC', 'DescribeStaleSecurityGroups', {
    into: 'StaleSecurityGroups',
    take: 'StaleSecurityGroupSet',
    when: (vpc, place) => vpc['OwnerId'] === place.account, // a VPC shared by another account is not ours to ask about
    input: (vpc) => ({ VpcId: vpc.config['VpcId'], MaxResults: 255 }),
    key: field('VpcId'),
    gone: ['InvalidVpcID.NotFound'],
  }),
  op.list('DescribeSubnets', {
    resource: 'AWS::EC2::Subnet',
    items: 'Subnets',
    input: thousand,
    id: given('SubnetArn', owned('subnet', 'SubnetId')),
    fields: {
      always: [
        'SubnetId',
        'SubnetArn',
        'OwnerId',
        'VpcId',
        'State',
        'AvailabilityZone',
        'AvailabilityZoneId',
        'DefaultForAz',
        'MapPublicIpOnLaunch',
        'AssignIpv6AddressOnCreation',
      ],
      absent: { CidrBlock: null, Ipv6Native: false, EnableDns64: false, Type: null, OutpostArn: null },
    },
  }),
  op.list('DescribeRouteTables', {
    resource: 'AWS::EC2::RouteTable',
    items: 'RouteTables',
    input: () => ({ MaxResults: 100 }),
    id: owned('route-table', 'RouteTableId'),
    fields: {
      always: [
        'RouteTableId',
        'VpcId',
        'OwnerId',
        'Associations[].Main',
        'Routes[].State',
        'Routes[].Origin',
      ],
      absent: {
        // "A subnet ID is not returned for an implicit association"; a gateway's association has no subnet either.
        'Associations[].SubnetId': null,
        'Associations[].GatewayId': null,
        // A route has one kind of destination and one kind of target.
        'Routes[].DestinationCidrBlock': null,
        'Routes[].DestinationIpv6CidrBlock': null,
        'Routes[].DestinationPrefixListId': null,
        'Routes[].CarrierGatewayId': null,
        'Routes[].CoreNetworkArn': null,
        'Routes[].EgressOnlyInternetGatewayId': null,
        'Routes[].GatewayId': null,
        'Routes[].InstanceId': null,
        'Routes[].LocalGatewayId': null,
        'Routes[].NatGatewayId': null,
        'Routes[].NetworkInterfaceId': null,
        'Routes[].OdbNetworkArn': null,
        'Routes[].TransitGatewayId': null,
        'Routes[].VpcPeeringConnectionId': null,
      },
    },
  }),
  op.list('DescribeNetworkAcls', {
    resource: 'AWS::EC2::NetworkAcl',
    items: 'NetworkAcls',
    input: thousand,
    id: owned('network-acl', 'NetworkAclId'),
    fields: {
      always: [
        'NetworkAclId',
        'VpcId',
        'OwnerId',
        'IsDefault',
        'Associations[].SubnetId',
        'Entries[].Egress',
        'Entries[].Protocol',
        'Entries[].RuleAction',
        'Entries[].RuleNumber',
      ],
      absent: { 'Entries[].CidrBlock': null, 'Entries[].Ipv6CidrBlock': null },
    },
  }),
  op.list('DescribeSecurityGroups', {
    resource: 'AWS::EC2::SecurityGroup',
    items: 'SecurityGroups',
    input: thousand,
    id: given('SecurityGroupArn', owned('security-group', 'GroupId')),
    name: (group) => group['GroupName'],
    fields: {
      always: [
        'GroupId',
        'GroupName',
        'Description',
        'OwnerId',
        'VpcId',
        'IpPermissions[].IpProtocol',
        'IpPermissionsEgress[].IpProtocol',
        'IpPermissions[].IpRanges[].CidrIp',
        'IpPermissions[].Ipv6Ranges[].CidrIpv6',
        'IpPermissions[].PrefixListIds[].PrefixListId',
        'IpPermissionsEgress[].IpRanges[].CidrIp',
        'IpPermissionsEgress[].Ipv6Ranges[].CidrIpv6',
        'IpPermissionsEgress[].PrefixListIds[].PrefixListId',
      ],
      // Rules of all protocols (-1) and of protocols without ports have no range; a description is optional.
      absent: Object.fromEntries(
        ['IpPermissions', 'IpPermissionsEgress'].flatMap((rules) =>
          [
            'FromPort',
            'ToPort',
            'IpRanges[].Description',
            'Ipv6Ranges[].Description',
            'PrefixListIds[].Description',
            'UserIdGroupPairs[].Description',
            'UserIdGroupPairs[].GroupId',
            'UserIdGroupPairs[].PeeringStatus',
            'UserIdGroupPairs[].UserId',
            'UserIdGroupPairs[].VpcId',
            'UserIdGroupPairs[].VpcPeeringConnectionId',
          ].map((member) => [`${rules}[].${member}`, null]),
        ),
      ),
    },
  }),
  op.list('DescribeNetworkInterfaces', {
    resource: 'AWS::EC2::NetworkInterface',
    items: 'NetworkInterfaces',
    // AWS's services may hide the interfaces that they manage from plain listings.
    input: () => ({ MaxResults: 1000, IncludeManagedResources: true }),
    id: owned('network-interface', 'NetworkInterfaceId'),
    fields: {
      always: [
        'NetworkInterfaceId',
        'OwnerId',
        'VpcId',
        'SubnetId',
        'AvailabilityZone',
        'InterfaceType',
        'RequesterManaged',
        'SourceDestCheck',
        'Status',
        'Groups[].GroupId',
      ],
      absent: {
        'Association.PublicIp': null,
        'Attachment.InstanceId': null,
        'Attachment.InstanceOwnerId': null,
        Description: null,
        PrivateIpAddress: null,
        RequesterId: null,
        DenyAllIgwTraffic: false,
        Ipv6Native: false,
        'Operator.Managed': false,
        'PrivateIpAddresses[].Association.PublicIp': null,
      },
    },
  }),
  op.list('DescribeAddresses', {
    resource: 'AWS::EC2::EIP',
    items: 'Addresses',
    id: owned('elastic-ip', 'AllocationId'),
    fields: {
      always: ['AllocationId', 'Domain', 'PublicIp'],
      absent: {
        AssociationId: null,
        InstanceId: null,
        NetworkInterfaceId: null,
        NetworkInterfaceOwnerId: null,
        PrivateIpAddress: null,
        ServiceManaged: null,
      },
    },
  }),
  op.list('DescribeManagedPrefixLists', {
    resource: 'AWS::EC2::PrefixList',
    items: 'PrefixLists',
    input: () => ({ MaxResults: 100 }),
    id: living(given('PrefixListArn', owned('prefix-list', 'PrefixListId')), 'delete-complete'),
    name: (list) => list['PrefixListName'],
    fields: {
      always: [
        'PrefixListId',
        'PrefixListArn',
        'PrefixListName',
        'OwnerId',
        'AddressFamily',
        'Entries[].Cidr',
      ],
      absent: { State: null, MaxEntries: null, Version: null, 'Entries[].Description': null }, // AWS's own lists have none
    },
  }),
  op.field('AWS::EC2::PrefixList', 'GetManagedPrefixListEntries', {
    into: 'Entries',
    input: (list) => ({ PrefixListId: list.config['PrefixListId'], MaxResults: 100 }),
    key: field('PrefixListId'),
    gone: ['InvalidPrefixListID.NotFound', 'InvalidPrefixListId.NotFound'],
  }),
  op.list('DescribeFlowLogs', {
    resource: 'AWS::EC2::FlowLog',
    items: 'FlowLogs',
    input: thousand,
    id: owned('vpc-flow-log', 'FlowLogId'),
    fields: {
      always: [
        'FlowLogId',
        'FlowLogStatus',
        'ResourceId',
        'CreationTime',
        'LogDestinationType',
        'MaxAggregationInterval',
      ],
      absent: {
        DeliverLogsErrorMessage: null,
        DeliverLogsPermissionArn: null,
        DeliverLogsStatus: null,
        LogDestination: null,
        LogGroupName: null,
        TrafficType: null, // transit gateways' flow logs have none
      },
    },
  }),
]
