import { field, type Operation, type Words } from './dsl.ts'
import { given, living, owned, thousand } from './ec2-arn.ts'

/** The ways out of a VPC and into it: gateways, peerings, endpoints, VPN and transit gateways. */
export const connectOperations = (op: Words): readonly Operation[] => [
  ...gateways(op),
  ...endpoints(op),
  ...vpn(op),
  ...transit(op),
]

const gateways = (op: Words): readonly Operation[] => [
  op.list('DescribeInternetGateways', {
    resource: 'AWS::EC2::InternetGateway',
    items: 'InternetGateways',
    input: thousand,
    id: owned('internet-gateway', 'InternetGatewayId'),
    fields: {
      always: ['InternetGatewayId', 'OwnerId', 'Attachments[].State', 'Attachments[].VpcId'],
    },
  }),
  op.list('DescribeEgressOnlyInternetGateways', {
    resource: 'AWS::EC2::EgressOnlyInternetGateway',
    items: 'EgressOnlyInternetGateways',
    input: () => ({ MaxResults: 255 }),
    id: owned('egress-only-internet-gateway', 'EgressOnlyInternetGatewayId'),
    fields: { always: ['EgressOnlyInternetGatewayId', 'Attachments[].State', 'Attachments[].VpcId'] },
  }),
  op.list('DescribeNatGateways', {
    resource: 'AWS::EC2::NatGateway',
    items: 'NatGateways',
    input: thousand,
    id: living(owned('natgateway', 'NatGatewayId')),
    fields: {
      always: ['NatGatewayId', 'VpcId', 'State', 'CreateTime'],
      absent: {
        // Both defaults of CreateNatGateway; regional NAT gateways lie in no subnet.
        ConnectivityType: 'public',
        AvailabilityMode: 'zonal',
        SubnetId: null,
        FailureCode: null,
        FailureMessage: null,
        'NatGatewayAddresses[].AllocationId': null,
        'NatGatewayAddresses[].NetworkInterfaceId': null,
        'NatGatewayAddresses[].PrivateIp': null,
        'NatGatewayAddresses[].PublicIp': null,
      },
    },
  }),
  op.list('DescribeVpcPeeringConnections', {
    resource: 'AWS::EC2::VPCPeeringConnection',
    items: 'VpcPeeringConnections',
    input: thousand,
    id: owned('vpc-peering-connection', 'VpcPeeringConnectionId'),
    fields: {
      always: [
        'VpcPeeringConnectionId',
        'Status.Code',
        'AccepterVpcInfo.OwnerId',
        'AccepterVpcInfo.VpcId',
        'RequesterVpcInfo.OwnerId',
        'RequesterVpcInfo.VpcId',
        'AccepterVpcInfo.CidrBlockSet[].CidrBlock',
        'AccepterVpcInfo.Ipv6CidrBlockSet[].Ipv6CidrBlock',
        'RequesterVpcInfo.CidrBlockSet[].CidrBlock',
        'RequesterVpcInfo.Ipv6CidrBlockSet[].Ipv6CidrBlock',
      ],
      // "CIDR block information is only returned when describing an active VPC peering connection."
      absent: {
        'AccepterVpcInfo.CidrBlock': null,
        'AccepterVpcInfo.Region': null,
        'RequesterVpcInfo.CidrBlock': null,
        'RequesterVpcInfo.Region': null,
        ExpirationTime: null,
      },
    },
  }),
]

const endpoints = (op: Words): readonly Operation[] => [
  op.list('DescribeVpcEndpoints', {
    resource: 'AWS::EC2::VPCEndpoint',
    items: 'VpcEndpoints',
    input: thousand,
    id: living(owned('vpc-endpoint', 'VpcEndpointId')),
    parse: { PolicyDocument: 'policyDocument' },
    fields: {
      always: ['VpcEndpointId', 'VpcEndpointType', 'VpcId', 'OwnerId', 'State', 'CreationTimestamp'],
      absent: {
        // Endpoints for resources and service networks are for no named service.
        ServiceName: null,
        // "if applicable": Gateway Load Balancer endpoints have none.
        PolicyDocument: null,
        PrivateDnsEnabled: false,
        RequesterManaged: false,
        ServiceRegion: null,
      },
    },
  }),
  op.list('DescribeVpcEndpointServiceConfigurations', {
    resource: 'AWS::EC2::VPCEndpointService',
    items: 'ServiceConfigurations',
    input: thousand,
    id: living(owned('vpc-endpoint-service', 'ServiceId'), 'ServiceState'),
    fields: {
      always: [
        'ServiceId',
        'ServiceName',
        'ServiceState',
        'AcceptanceRequired',
        'AllowedPrincipals[].Principal',
      ],
      absent: {
        ManagesVpcEndpoints: false,
        RemoteAccessEnabled: false,
        PrivateDnsName: null,
        'PrivateDnsNameConfiguration.State': null,
        'AllowedPrincipals[].PrincipalType': null,
      },
    },
  }),
  op.field('AWS::EC2::VPCEndpointService', 'DescribeVpcEndpointServicePermissions', {
    into: 'AllowedPrincipals',
    input: (service) => ({ ServiceId: service.config['ServiceId'], MaxResults: 1000 }),
    key: field('ServiceId'),
    gone: ['InvalidVpcEndpointServiceId.NotFound', 'InvalidVpcEndpointService.NotFound'],
  }),
]

const vpn = (op: Words): readonly Operation[] => [
  op.list('DescribeVpnGateways', {
    resource: 'AWS::EC2::VPNGateway',
    items: 'VpnGateways',
    id: living(owned('vpn-gateway', 'VpnGatewayId')),
    fields: {
      always: ['VpnGatewayId', 'State', 'Type', 'VpcAttachments[].State', 'VpcAttachments[].VpcId'],
      absent: { AvailabilityZone: null },
    },
  }),
  op.list('DescribeVpnConnections', {
    resource: 'AWS::EC2::VPNConnection',
    items: 'VpnConnections',
    id: living(owned('vpn-connection', 'VpnConnectionId')),
    // Both hold the tunnels' pre-shared keys.
    never: [
      'VpnConnections[].CustomerGatewayConfiguration',
      'VpnConnections[].Options.TunnelOptions[].PreSharedKey',
    ],
    fields: {
      always: [
        'VpnConnectionId',
        'State',
        'Type',
        'VgwTelemetry[].OutsideIpAddress',
        'VgwTelemetry[].Status',
        'Options.TunnelOptions',
        // A list that a tunnel does not restrict is not answered: it accepts everything that AWS supports.
        ...[
          'IkeVersions',
          'Phase1DHGroupNumbers',
          'Phase1EncryptionAlgorithms',
          'Phase1IntegrityAlgorithms',
          'Phase2DHGroupNumbers',
          'Phase2EncryptionAlgorithms',
          'Phase2IntegrityAlgorithms',
        ].map((list) => `Options.TunnelOptions[].${list}[].Value`),
      ],
      absent: {
        Category: null,
        CustomerGatewayId: null,
        TransitGatewayId: null,
        VpnGatewayId: null,
        CoreNetworkArn: null,
        PreSharedKeyArn: null,
        'Options.EnableAcceleration': false,
        'Options.StaticRoutesOnly': false,
        // Tunnel logging is off by default (Site-to-Site VPN User Guide, "AWS Site-to-Site VPN logs").
        'Options.TunnelOptions[].LogOptions.CloudWatchLogOptions.LogEnabled': false,
        'Options.TunnelOptions[].LogOptions.CloudWatchLogOptions.BgpLogEnabled': false,
      },
    },
  }),
  op.list('DescribeCustomerGateways', {
    resource: 'AWS::EC2::CustomerGateway',
    items: 'CustomerGateways',
    id: living(owned('customer-gateway', 'CustomerGatewayId')),
    fields: {
      always: ['CustomerGatewayId', 'State', 'Type'],
      absent: { BgpAsn: null, BgpAsnExtended: null, IpAddress: null, CertificateArn: null, DeviceName: null },
    },
  }),
]

const tableId = (table: { config: Readonly<Record<string, unknown>> }) => ({
  TransitGatewayRouteTableId: table.config['TransitGatewayRouteTableId'],
  MaxResults: 1000,
})
const noTable = ['InvalidRouteTableID.NotFound', 'InvalidTransitGatewayRouteTableId.NotFound']

const transit = (op: Words): readonly Operation[] => [
  op.list('DescribeTransitGateways', {
    resource: 'AWS::EC2::TransitGateway',
    items: 'TransitGateways',
    input: thousand,
    id: living(given('TransitGatewayArn', owned('transit-gateway', 'TransitGatewayId'))),
    fields: {
      always: [
        'TransitGatewayId',
        'TransitGatewayArn',
        'OwnerId',
        'State',
        'Options.AutoAcceptSharedAttachments',
        'Options.DefaultRouteTableAssociation',
        'Options.DefaultRouteTablePropagation',
      ],
      absent: {
        // Answered only while a default table is on.
        'Options.AssociationDefaultRouteTableId': null,
        'Options.PropagationDefaultRouteTableId': null,
        // "This option is disabled by default."
        'Options.SecurityGroupReferencingSupport': 'disable',
      },
    },
  }),
  op.list('DescribeTransitGatewayAttachments', {
    resource: 'AWS::EC2::TransitGatewayAttachment',
    items: 'TransitGatewayAttachments',
    input: thousand,
    id: living(owned('transit-gateway-attachment', 'TransitGatewayAttachmentId', 'ResourceOwnerId')),
    fields: {
      always: [
        'TransitGatewayAttachmentId',
        'TransitGatewayId',
        'TransitGatewayOwnerId',
        'ResourceType',
        'State',
      ],
      absent: {
        ResourceId: null,
        ResourceOwnerId: null,
        'Association.TransitGatewayRouteTableId': null,
        'Association.State': null,
      },
    },
  }),
  op.list('DescribeTransitGatewayVpcAttachments', {
    resource: 'AWS::EC2::TransitGatewayVpcAttachment',
    items: 'TransitGatewayVpcAttachments',
    input: thousand,
    id: living(owned('transit-gateway-vpc-attachment', 'TransitGatewayAttachmentId', 'VpcOwnerId')),
    fields: {
      always: [
        'TransitGatewayAttachmentId',
        'TransitGatewayId',
        'VpcId',
        'VpcOwnerId',
        'State',
        'Options.ApplianceModeSupport',
        'Options.DnsSupport',
        'Options.Ipv6Support',
      ],
      // "This option is enabled by default."
      absent: { 'Options.SecurityGroupReferencingSupport': 'enable' },
    },
  }),
  op.list('DescribeTransitGatewayRouteTables', {
    resource: 'AWS::EC2::TransitGatewayRouteTable',
    items: 'TransitGatewayRouteTables',
    input: thousand,
    id: living(owned('transit-gateway-route-table', 'TransitGatewayRouteTableId')),
    fields: {
      always: [
        'TransitGatewayRouteTableId',
        'TransitGatewayId',
        'State',
        'DefaultAssociationRouteTable',
        'DefaultPropagationRouteTable',
        'Associations[].TransitGatewayAttachmentId',
        'Associations[].State',
        'Routes[].Type',
        'Routes[].State',
      ],
      absent: {
        'Associations[].ResourceId': null,
        'Associations[].ResourceType': null,
        'Routes[].DestinationCidrBlock': null,
        'Routes[].PrefixListId': null,
      },
    },
  }),
  op.field('AWS::EC2::TransitGatewayRouteTable', 'GetTransitGatewayRouteTableAssociations', {
    into: 'Associations',
    input: tableId,
    key: field('TransitGatewayRouteTableId'),
    gone: noTable,
  }),
  op.field('AWS::EC2::TransitGatewayRouteTable', 'SearchTransitGatewayRoutes', {
    into: 'Routes',
    // The API demands a filter: these two are all states that a route can have.
    input: (table) => ({ ...tableId(table), Filters: [{ Name: 'state', Values: ['active', 'blackhole'] }] }),
    key: field('TransitGatewayRouteTableId'),
    gone: noTable,
  }),
]
