"""Networks: one VPC as it should be, one as it grew, and the lines between them and to others."""

import json

from .aws import ACCOUNT, PARTNER, STRANGER, TAGS, Cloud, key_values

DATABASE = {**TAGS, "Tier": "database"}
APP = {**TAGS, "Tier": "app"}


class Network:
    """Makes the parts of one VPC and remembers their ids by name."""

    def __init__(self, cloud, name, cidr):
        self.cloud = cloud
        self.ec2 = cloud.ec2
        self.ids = {}
        cloud.named(name)
        self.vpc = self.ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
        cloud.tag(self.vpc, name)
        for kind, found in (
            ("main", self._default("RouteTables", "describe_route_tables", "association.main", "true")),
            ("acl", self._default("NetworkAcls", "describe_network_acls", "default", "true")),
        ):
            cloud.tag(found[{"main": "RouteTableId", "acl": "NetworkAclId"}[kind]], f"{name}-{kind}")
        self.main = self._default("RouteTables", "describe_route_tables", "association.main", "true")[
            "RouteTableId"
        ]
        self.default_group = self.ec2.describe_security_groups(
            Filters=[{"Name": "vpc-id", "Values": [self.vpc]}, {"Name": "group-name", "Values": ["default"]}]
        )["SecurityGroups"][0]["GroupId"]
        cloud.tag(self.default_group, f"{name}-default-group")

    def _default(self, member, call, key, value):
        filters = [{"Name": "vpc-id", "Values": [self.vpc]}, {"Name": key, "Values": [value]}]
        return getattr(self.ec2, call)(Filters=filters)[member][0]

    def subnet(self, name, cidr, zone, tags=TAGS, public_addresses=False):
        self.cloud.named(name)
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=self.cloud.region + zone)
        subnet = self.cloud.tag(made["Subnet"]["SubnetId"], name, tags)
        if public_addresses:
            self.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
        self.ids[name] = subnet
        return subnet

    def internet_gateway(self, name):
        self.cloud.named(name)
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        return self.cloud.tag(gateway, name)

    def table(self, name, subnets, routes=()):
        self.cloud.named(name)
        table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.cloud.tag(table, name)
        for subnet in subnets:
            self.ec2.associate_route_table(RouteTableId=table, SubnetId=self.ids[subnet])
        self.routes(table, routes)
        self.ids[name] = table
        return table

    def routes(self, table, routes):
        for route in routes:
            self.ec2.create_route(RouteTableId=table, **route)

    def nat(self, name, subnet):
        self.cloud.named(name)
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        self.cloud.tag(address, f"{name}-address")
        made = self.ec2.create_nat_gateway(SubnetId=self.ids[subnet], AllocationId=address)
        return self.cloud.tag(made["NatGateway"]["NatGatewayId"], name)

    def group(self, name, ingress=(), egress=None, description="what it says", tags=TAGS):
        """A group that lets in `ingress`; out goes everything, unless `egress` says what."""
        self.cloud.named(name)
        group = self.ec2.create_security_group(GroupName=name, Description=description, VpcId=self.vpc)["GroupId"]
        self.cloud.tag(group, name, tags)
        if ingress:
            self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=list(ingress))
        if egress is not None:
            self.no_egress(group)
            if egress:
                self.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=list(egress))
        self.ids[name] = group
        return group

    def no_egress(self, group):
        """A new group lets everything out: takes that away."""
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        self.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])

    def interface(self, name, subnet, groups, tags=TAGS, description=None):
        self.cloud.named(name)
        made = self.ec2.create_network_interface(
            SubnetId=self.ids[subnet],
            Groups=[self.ids[group] for group in groups],
            Description=description or name,
        )
        interface = self.cloud.tag(made["NetworkInterface"]["NetworkInterfaceId"], name, tags)
        self.ids[name] = interface
        return interface

    def acl(self, name, subnets, entries):
        """`entries`: (number, action, egress, protocol, cidr, ports)."""
        self.cloud.named(name)
        acl = self.ec2.create_network_acl(VpcId=self.vpc)["NetworkAcl"]["NetworkAclId"]
        self.cloud.tag(acl, name)
        for number, action, egress, protocol, cidr, ports in entries:
            self.ec2.create_network_acl_entry(
                NetworkAclId=acl,
                RuleNumber=number,
                RuleAction=action,
                Egress=egress,
                Protocol=protocol,
                CidrBlock=cidr,
                **({} if ports is None else {"PortRange": {"From": ports[0], "To": ports[1]}}),
            )
        wanted = {self.ids[subnet] for subnet in subnets}
        for other in self.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])["NetworkAcls"]:
            for association in other["Associations"]:
                if association["SubnetId"] in wanted:
                    self.ec2.replace_network_acl_association(
                        AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl
                    )
        return acl

    def flow_log(self, name, traffic="ALL", group="flow-logs"):
        self.cloud.named(name)
        made = self.ec2.create_flow_logs(
            ResourceIds=[self.vpc],
            ResourceType="VPC",
            TrafficType=traffic,
            LogGroupName=group,
            DeliverLogsPermissionArn=f"arn:aws:iam::{ACCOUNT}:role/flow-logs",
        )
        return self.cloud.tag(made["FlowLogIds"][0], name)

    def endpoint(self, name, service, policy, **more):
        self.cloud.named(name)
        made = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName=f"com.amazonaws.{self.cloud.region}.{service}",
            PolicyDocument=json.dumps(policy),
            **more,
        )
        return self.cloud.tag(made["VpcEndpoint"]["VpcEndpointId"], name)


def from_cidr(port, cidr, description="", to=None, protocol="tcp"):
    source = {"CidrIp": cidr, **({"Description": description} if description else {})}
    return {"IpProtocol": protocol, "FromPort": port, "ToPort": to or port, "IpRanges": [source]}


def from_group(port, group, description="", protocol="tcp"):
    pair = {"GroupId": group, **({"Description": description} if description else {})}
    return {"IpProtocol": protocol, "FromPort": port, "ToPort": port, "UserIdGroupPairs": [pair]}


OUT_443 = from_cidr(443, "0.0.0.0/0", "updates")

OWN_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
        }
    ],
}
ANYBODY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}


def good_shop(cloud):
    """Two zones, three tiers, each tier reached from the one before it only."""
    net = Network(cloud, "good-shop", "10.10.0.0/16")
    for zone, at in (("a", 0), ("b", 1)):
        net.subnet(f"good-shop-public-{zone}", f"10.10.{at}.0/24", zone)
        net.subnet(f"good-shop-app-{zone}", f"10.10.{10 + at}.0/24", zone, APP)
        net.subnet(f"good-shop-db-{zone}", f"10.10.{20 + at}.0/24", zone, DATABASE)
    gateway = net.internet_gateway("good-shop-gateway")
    everywhere = {"DestinationCidrBlock": "0.0.0.0/0"}
    net.table(
        "good-shop-public", ["good-shop-public-a", "good-shop-public-b"], [{**everywhere, "GatewayId": gateway}]
    )
    tables = []
    for zone in ("a", "b"):
        nat = net.nat(f"good-shop-nat-{zone}", f"good-shop-public-{zone}")
        routes = [{**everywhere, "NatGatewayId": nat}]
        tables.append(net.table(f"good-shop-app-{zone}-routes", [f"good-shop-app-{zone}"], routes))
    tables.append(net.table("good-shop-db-routes", ["good-shop-db-a", "good-shop-db-b"]))
    tables.append(leaning_on_other_zone(net, everywhere))
    net.endpoint("good-shop-s3", "s3", OWN_ONLY, VpcEndpointType="Gateway", RouteTableIds=tables)
    shop_groups(net)
    for service in ("ssm", "ssmmessages", "ec2messages"):
        net.endpoint(
            f"good-shop-{service}",
            service,
            OWN_ONLY,
            VpcEndpointType="Interface",
            SubnetIds=[net.ids["good-shop-app-a"], net.ids["good-shop-app-b"]],
            SecurityGroupIds=[net.ids["good-endpoints"]],
        )
    database_acl(net)
    cloud.named("flow-logs")
    cloud.logs.create_log_group(logGroupName="flow-logs")
    net.flow_log("good-shop-flow-log")
    return net


def leaning_on_other_zone(net, everywhere):
    """A subnet of zone b whose way out is in zone a; what lives there is the second interface of a machine."""
    net.subnet("bad-shop-batch-b", "10.10.31.0/24", "b", APP)
    nat = net.nat("bad-nat-for-other-zone", "good-shop-public-a")
    return net.table("bad-shop-batch-routes", ["bad-shop-batch-b"], [{**everywhere, "NatGatewayId": nat}])


def shop_groups(net):
    net.no_egress(net.default_group)
    inside = net.ec2.describe_security_groups(GroupIds=[net.default_group])["SecurityGroups"][0]["IpPermissions"]
    if inside:
        net.ec2.revoke_security_group_ingress(GroupId=net.default_group, IpPermissions=inside)
    web = net.group("good-web", [from_cidr(443, "0.0.0.0/0", "customers")], [])
    app = net.group("good-app", [from_group(8080, web, "from the balancer")], [OUT_443], tags=APP)
    database = net.group("good-db", [from_group(5432, app, "from the application")], [], tags=DATABASE)
    net.ec2.authorize_security_group_egress(GroupId=web, IpPermissions=[from_group(8080, app, "to the application")])
    net.ec2.authorize_security_group_egress(GroupId=app, IpPermissions=[from_group(5432, database, "to the database")])
    net.group("good-endpoints", [from_cidr(443, "10.10.0.0/16", "from the VPC")], [])
    net.group("good-isolation", [], [], "cuts a machine off", {**TAGS, "Purpose": "isolation"})


def database_acl(net):
    entries = []
    for at, cidr in ((100, "10.10.10.0/24"), (110, "10.10.11.0/24")):
        entries.append((at, "allow", False, "6", cidr, (5432, 5432)))
        entries.append((at, "allow", True, "6", cidr, (1024, 65535)))
    net.acl("good-shop-db-acl", ["good-shop-db-a", "good-shop-db-b"], entries)


def bad_legacy(cloud):
    """One zone, one table that leads to the internet, groups that let everyone in."""
    net = Network(cloud, "bad-legacy", "10.20.0.0/16")
    gateway = net.internet_gateway("good-legacy-gateway")
    net.routes(net.main, [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway}])
    net.subnet("bad-legacy-public", "10.20.0.0/24", "a", public_addresses=True)
    net.subnet("bad-legacy-db", "10.20.20.0/24", "a", DATABASE, public_addresses=True)
    net.subnet("bad-legacy-closed", "10.20.30.0/24", "a")
    net.table("good-legacy-closed-routes", ["bad-legacy-closed"])
    net.subnet("bad-legacy-natted", "10.20.40.0/24", "a")
    nat = net.nat("good-legacy-nat", "bad-legacy-public")
    net.table("good-legacy-natted-routes", ["bad-legacy-natted"], [{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": nat}])
    world = "0.0.0.0/0"
    net.group("bad-ssh-from-everywhere", [from_cidr(22, world, "anyone may log in")])
    net.group("bad-ssh-from-two-halves", [from_cidr(22, "0.0.0.0/1", "one"), from_cidr(22, "128.0.0.0/1", "other")])
    net.group("bad-postgres-from-everywhere", [from_cidr(5432, world, "reports")], tags=DATABASE)
    net.group("bad-all-ports", [from_cidr(0, world, "debugging", to=65535)])
    net.group("bad-odd-port", [from_cidr(8443, world, "console")])
    net.group("bad-latent-open", [from_cidr(3389, world, "was needed once")])
    net.group("bad-covered-rule", [from_cidr(443, "10.0.0.0/8", "inside"), from_cidr(443, "10.20.0.0/16", "legacy")])
    net.group("bad-unused", [from_cidr(443, "10.20.0.0/16", "nobody has it")])
    net.group("bad-no-description", [from_cidr(443, "203.0.113.0/24")])
    net.group("good-named-partner", [from_cidr(443, "203.0.113.0/24", "partner's office")])
    net.group("bad-open-endpoint", [from_cidr(443, world, "endpoint")], [])
    net.group("bad-cidr-for-tier", [from_cidr(5432, "10.20.0.0/16", "anything inside")], [], tags=DATABASE)
    gone = net.group("gone", [], [])
    net.group("bad-stale-reference", [from_group(443, gone, "whoever that was")])
    net.ec2.delete_security_group(GroupId=gone)
    net.endpoint("bad-legacy-s3", "s3", ANYBODY, VpcEndpointType="Gateway", RouteTableIds=[])
    net.endpoint(
        "bad-legacy-ssm",
        "ssm",
        ANYBODY,
        VpcEndpointType="Interface",
        SubnetIds=[net.ids["bad-legacy-public"]],
        SecurityGroupIds=[net.ids["bad-open-endpoint"]],
    )
    legacy_acls(net)
    legacy_interfaces(net)
    net.flow_log("bad-legacy-accepted-only", "ACCEPT")
    return net


def legacy_acls(net):
    net.acl("bad-unused-acl", [], [(100, "allow", False, "-1", "10.20.0.0/16", None)])
    net.acl(
        "bad-acl",
        ["bad-legacy-closed"],
        [
            (100, "allow", False, "6", "10.20.0.0/16", (443, 443)),
            (110, "deny", False, "6", "10.20.7.0/24", (443, 443)),
        ],
    )


def legacy_interfaces(net):
    net.interface("bad-unattached", "bad-legacy-closed", ["good-named-partner"])
    forwarding = net.interface("bad-forwarding", "bad-legacy-closed", ["good-named-partner"])
    net.ec2.modify_network_interface_attribute(NetworkInterfaceId=forwarding, SourceDestCheck={"Value": False})


def neighbours(cloud, legacy):
    """VPCs that are joined to others: with ranges of their own, with the same ranges, to accounts known and unknown."""
    twin = Network(cloud, "bad-twin", "10.20.0.0/16")
    twin.flow_log("bad-twin-log-lost", group="no-such-group")
    office = Network(cloud, "good-office", "10.30.0.0/16")
    office.flow_log("good-office-flow-log")
    for net in (twin, office):
        net.no_egress(net.default_group)
        inside = net.ec2.describe_security_groups(GroupIds=[net.default_group])["SecurityGroups"][0]["IpPermissions"]
        if inside:
            net.ec2.revoke_security_group_ingress(GroupId=net.default_group, IpPermissions=inside)
    peer(cloud, "bad-peering-same-ranges", legacy.vpc, PeerVpcId=twin.vpc)
    inside = peer(cloud, "good-peering-office", legacy.vpc, PeerVpcId=office.vpc)
    peer_with_other(cloud, "good-peering-partner", office.vpc, PARTNER, "10.91.0.0/16")
    peer_with_other(cloud, "bad-peering-stranger", office.vpc, STRANGER, "10.92.0.0/16")
    legacy.table(
        "bad-peering-routes", [], [{"DestinationCidrBlock": "10.0.0.0/8", "VpcPeeringConnectionId": inside}]
    )
    legacy.table(
        "good-peering-routes", [], [{"DestinationCidrBlock": "10.30.0.0/16", "VpcPeeringConnectionId": inside}]
    )
    return office


def peer(cloud, name, vpc, **other):
    cloud.named(name)
    made = cloud.ec2.create_vpc_peering_connection(VpcId=vpc, **other)["VpcPeeringConnection"]
    connection = cloud.tag(made["VpcPeeringConnectionId"], name)
    if "PeerOwnerId" not in other:
        cloud.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=connection)
    return connection


def peer_with_other(cloud, name, vpc, account, cidr):
    other = Cloud(cloud.url, cloud.region, account)
    other.named(name)
    theirs = other.ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
    connection = peer(cloud, name, vpc, PeerVpcId=theirs, PeerOwnerId=account)
    other.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=connection)


def by_lists(net):
    """Groups that let in whoever stands in a list."""
    for name, cidrs in (
        ("good-office-ranges", ["198.51.100.0/24"]),
        ("bad-half-the-internet", ["0.0.0.0/1", "128.0.0.0/1"]),
    ):
        net.cloud.named(name)
        made = net.ec2.create_managed_prefix_list(
            PrefixListName=name,
            AddressFamily="IPv4",
            MaxEntries=10,
            Entries=[{"Cidr": cidr, "Description": name} for cidr in cidrs],
        )
        ranges = net.cloud.tag(made["PrefixList"]["PrefixListId"], name)
        listed = {"PrefixListId": ranges, "Description": "whoever is listed"}
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [listed]}
        net.group(f"bad-idle-{name}", [rule], [])


def loose_ends(cloud):
    """Gateways and addresses that stand alone."""
    cloud.named("bad-detached-gateway")
    gateway = cloud.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    cloud.tag(gateway, "bad-detached-gateway")
    cloud.named("bad-idle-address")
    cloud.tag(cloud.ec2.allocate_address(Domain="vpc")["AllocationId"], "bad-idle-address")
    for name, accepts in (("good-transit", "disable"), ("bad-transit", "enable")):
        cloud.named(name)
        made = cloud.ec2.create_transit_gateway(
            Description=name, Options={"AutoAcceptSharedAttachments": accepts}
        )
        transit = cloud.tag(made["TransitGateway"]["TransitGatewayId"], name)
        tables = [{"Name": "transit-gateway-id", "Values": [transit]}]
        (table,) = cloud.ec2.describe_transit_gateway_route_tables(Filters=tables)["TransitGatewayRouteTables"]
        cloud.tag(table["TransitGatewayRouteTableId"], f"{name}-routes")
    cloud.named("bad-idle-customer-gateway")
    made = cloud.ec2.create_customer_gateway(Type="ipsec.1", PublicIp="203.0.113.9", BgpAsn=65001)
    cloud.tag(made["CustomerGateway"]["CustomerGatewayId"], "bad-idle-customer-gateway")


def endpoint_services(cloud, shop):
    """What the shop offers to other VPCs: to those it knows, and to anybody."""
    cloud.named("good-shop-offer")
    offer = cloud.elbv2.create_load_balancer(
        Name="good-shop-offer", Type="network", Scheme="internal", Subnets=[shop.ids["good-shop-app-a"]], Tags=key_values(TAGS)
    )["LoadBalancers"][0]["LoadBalancerArn"]
    for name, asks, principal in (("good-service", True, f"arn:aws:iam::{PARTNER}:root"), ("bad-service", False, "*")):
        cloud.named(name)
        service = cloud.ec2.create_vpc_endpoint_service_configuration(
            NetworkLoadBalancerArns=[offer], AcceptanceRequired=asks
        )["ServiceConfiguration"]["ServiceId"]
        cloud.tag(service, name)
        cloud.ec2.modify_vpc_endpoint_service_permissions(ServiceId=service, AddAllowedPrincipals=[principal])


def default_vpcs(cloud, used):
    """The VPC that each Region begins with: one is forgotten, in one somebody works."""
    cloud.named(f"default {cloud.region}")
    vpc = cloud.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    if used:
        cloud.tag(vpc, "bad-default-in-use")
        acls = cloud.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
        cloud.tag(acls[0]["NetworkAclId"], "bad-default-acl")
    return vpc


def lead_to_internet(cloud, vpc):
    """AWS makes each default VPC with a gateway and the route to it; the emulator leaves them out."""
    cloud.named(f"default gateway {cloud.region}")
    gateway = cloud.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    cloud.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    cloud.tag(gateway, f"good-default-gateway-{cloud.region}")
    mine = [{"Name": "vpc-id", "Values": [vpc]}]
    (table,) = cloud.ec2.describe_route_tables(Filters=mine)["RouteTables"]
    cloud.ec2.create_route(
        RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
    )


def no_default_vpc(cloud):
    """Deletes the default VPC with all that is in it."""
    vpc = default_vpcs(cloud, used=False)
    mine = [{"Name": "vpc-id", "Values": [vpc]}]
    for subnet in cloud.ec2.describe_subnets(Filters=mine)["Subnets"]:
        cloud.ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    attached = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    for gateway in cloud.ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]:
        cloud.ec2.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc)
        cloud.ec2.delete_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"])
    cloud.ec2.delete_vpc(VpcId=vpc)
