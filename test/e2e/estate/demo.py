"""A small shop for the demo: one machine that strangers can take and that reads customers' data, beside others that miss one link each."""

from .aws import ACCOUNT, LONG_AGO, THIS_SUMMER, YESTERDAY, key_values
from .buckets import OPEN, Buckets, lets
from .compute import LOOSE_METADATA, SAFE_METADATA, Machines, document, image_of, may, profile
from .keys import SEPARATED, Keys
from .network import OUT_443, OWN_ONLY, Network, default_vpcs, from_cidr, from_group

SHOP = {"Owner": "shop-team", "Stack": "shop", "Environment": "production"}
EXPORTS = {"Owner": "exports-team", "Stack": "exports", "Environment": "production"}
STAGING = {"Owner": "exports-team", "Stack": "exports", "Environment": "staging"}
PATCHED = {"Patch Group": "linux"}
OFFICE = "203.0.113.0/24"
WORLD = "0.0.0.0/0"
CUSTOMERS = "shop-customer-exports"
ASSETS = "shop-public-assets"


def demo(home, away):
    default_vpcs(home, used=False)
    default_vpcs(away, used=False)
    with home.at(LONG_AGO):
        data_key, old_key = keys(home)
    roles(home, data_key)
    with home.at(THIS_SUMMER):
        image = image_of(home, "shop-base-2026-08", SHOP, "shop-base-disk")
        shop = shop_network(home)
        machines = shop_machines(shop, image, data_key)
        balancer(home, shop, machines)
        exports = exports_network(home)
        joined(home, shop, exports)
        exports_machines(exports, image, data_key, old_key)
    home.kms.schedule_key_deletion(KeyId=old_key.rsplit("/", 1)[1], PendingWindowInDays=30)
    buckets(home, data_key)
    systems(home)


def keys(cloud):
    made = Keys(cloud)
    data = made.make("shop-data", SEPARATED, tags=SHOP)
    old = made.make("exports-2024", SEPARATED, tags=EXPORTS, rotates=False)
    return data, old


def reads(bucket):
    return may("s3:GetObject", f"arn:aws:s3:::{bucket}/*")


def roles(cloud, key):
    managed = may(["ssm:UpdateInstanceInformation", "ssmmessages:*"], "*")
    decrypts = may("kms:Decrypt", key)
    profile(cloud, "exports-web", reads(CUSTOMERS), decrypts, managed)
    profile(cloud, "blog", reads(ASSETS), decrypts, managed)
    profile(cloud, "shop-app", reads(ASSETS), decrypts, managed)
    for name in ("key-admins", "flow-logs"):
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
        cloud.named(name)
        cloud.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust), Tags=key_values(SHOP))


def shop_network(cloud):
    net = Network(cloud, "shop", "10.40.0.0/16")
    for zone, at in (("a", 0), ("b", 1)):
        net.subnet(f"shop-public-{zone}", f"10.40.{at}.0/24", zone, SHOP)
        net.subnet(f"shop-app-{zone}", f"10.40.{10 + at}.0/24", zone, {**SHOP, "Tier": "app"})
        net.subnet(f"shop-db-{zone}", f"10.40.{20 + at}.0/24", zone, {**SHOP, "Tier": "database"})
    gateway = net.internet_gateway("shop")
    out = {"DestinationCidrBlock": WORLD}
    net.table("shop-public-routes", ["shop-public-a", "shop-public-b"], [{**out, "GatewayId": gateway}])
    nat = net.nat("shop-nat", "shop-public-a")
    app = net.table("shop-app-routes", ["shop-app-a", "shop-app-b"], [{**out, "NatGatewayId": nat}])
    database = net.table("shop-db-routes", ["shop-db-a", "shop-db-b"])
    net.endpoint("shop-s3", "s3", OWN_ONLY, VpcEndpointType="Gateway", RouteTableIds=[app, database])
    closed_default(net)
    web = net.group("shop-web", [from_cidr(443, WORLD, "customers")], [], tags=SHOP)
    machines = net.group("shop-app", [from_group(8080, web, "from the balancer")], [OUT_443], tags={**SHOP, "Tier": "app"})
    data = net.group(
        "shop-db", [from_group(5432, machines, "from the application")], [], tags={**SHOP, "Tier": "database"}
    )
    net.ec2.authorize_security_group_egress(GroupId=web, IpPermissions=[from_group(8080, machines, "to the application")])
    net.ec2.authorize_security_group_egress(GroupId=machines, IpPermissions=[from_group(5432, data, "to the database")])
    net.group("isolation", [], [], "cuts a machine off", {**SHOP, "Purpose": "isolation"})
    # Open on everything, and on nothing: no machine has it.
    net.group("old-remote-desktop", [from_cidr(3389, WORLD, "was needed once")], [], tags=SHOP)
    cloud.named("flow-logs")
    cloud.logs.create_log_group(logGroupName="flow-logs")
    net.flow_log("shop-flow-log")
    return net


def closed_default(net):
    net.no_egress(net.default_group)
    group = net.ec2.describe_security_groups(GroupIds=[net.default_group])["SecurityGroups"][0]
    if group["IpPermissions"]:
        net.ec2.revoke_security_group_ingress(GroupId=net.default_group, IpPermissions=group["IpPermissions"])


def shop_machines(net, image, key):
    machines = Machines(net, image)
    how = {"profile": {"Name": "shop-app"}, "key": key, "protected": True}
    for zone in ("a", "b"):
        machines.start(
            f"shop-app-{zone}", f"shop-app-{zone}", ["shop-app"], **how, tags={**SHOP, **PATCHED, "Tier": "app"}
        )
    machines.start("shop-db", "shop-db-a", ["shop-db"], **how, tags={**SHOP, **PATCHED, "Tier": "database"})
    for name in machines.ids:
        machines.copy_disk(name, YESTERDAY, SHOP)
    return machines


def balancer(cloud, net, machines):
    cloud.named("shop")
    made = cloud.elbv2.create_load_balancer(
        Name="shop",
        Subnets=[net.ids["shop-public-a"], net.ids["shop-public-b"]],
        SecurityGroups=[net.ids["shop-web"]],
        Scheme="internet-facing",
        Tags=key_values(SHOP),
    )["LoadBalancers"][0]["LoadBalancerArn"]
    for zone in ("a", "b"):
        name = f"shop-balancer-{zone}"
        described = "ELB " + made.split(":loadbalancer/")[1]
        interface = net.interface(name, f"shop-public-{zone}", ["shop-web"], SHOP, description=described)
        cloud.named(f"{name}-address")
        address = cloud.ec2.allocate_address(Domain="vpc")["AllocationId"]
        cloud.tag(address, f"{name}-address", SHOP)
        cloud.ec2.associate_address(AllocationId=address, NetworkInterfaceId=interface)
    cloud.named("shop-targets")
    group = cloud.elbv2.create_target_group(
        Name="shop", Protocol="HTTP", Port=8080, VpcId=net.vpc, TargetType="instance", Tags=key_values(SHOP)
    )["TargetGroups"][0]["TargetGroupArn"]
    targets = [{"Id": machines.ids[f"shop-app-{zone}"], "Port": 8080} for zone in ("a", "b")]
    cloud.elbv2.register_targets(TargetGroupArn=group, Targets=targets)
    cloud.named("shop-certificate")
    certificate = cloud.acm.request_certificate(DomainName="shop.example.com")["CertificateArn"]
    cloud.named("shop-listener")
    cloud.elbv2.create_listener(
        LoadBalancerArn=made,
        Protocol="HTTPS",
        Port=443,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        Tags=key_values(SHOP),
    )


def exports_network(cloud):
    """One zone that grew: a public subnet, one that its NACL guards, one without a way from the internet."""
    net = Network(cloud, "exports", "10.41.0.0/16")
    gateway = net.internet_gateway("exports")
    net.subnet("exports-public", "10.41.0.0/24", "a", EXPORTS, public_addresses=True)
    net.subnet("exports-guarded", "10.41.1.0/24", "a", EXPORTS)
    net.subnet("exports-private", "10.41.2.0/24", "a", EXPORTS)
    out = {"DestinationCidrBlock": WORLD, "GatewayId": gateway}
    net.table("exports-public-routes", ["exports-public", "exports-guarded"], [out])
    net.table("exports-private-routes", ["exports-private"])
    net.group("exports-web", [from_cidr(443, WORLD, "customers"), from_cidr(22, WORLD, "for the weekend")], tags=EXPORTS)
    net.group("exports-https", [from_cidr(443, WORLD, "customers")], tags=EXPORTS)
    net.group("exports-bastion", [from_cidr(22, OFFICE, "the office")], [OUT_443], tags=EXPORTS)
    net.acl(
        "exports-guarded",
        ["exports-guarded"],
        [
            (100, "allow", False, "6", "10.40.0.0/15", (443, 443)),
            (100, "allow", True, "6", "10.40.0.0/15", (1024, 65535)),
        ],
    )
    return net


def exports_machines(net, image, data_key, old_key):
    machines = Machines(net, image)
    customers = {"profile": {"Name": "exports-web"}, "key": data_key}

    def start(name, subnet, group, **how):
        machines.start(name, subnet, [group], **{"metadata": SAFE_METADATA, "tags": EXPORTS, **customers, **how})

    start("exports-web", "exports-public", "exports-web", public=True, metadata=LOOSE_METADATA)
    start("exports-web-staging", "exports-private", "exports-web", tags=STAGING)
    start("exports-web-guarded", "exports-guarded", "exports-https", public=True)
    start("exports-api", "exports-public", "exports-https", public=True, tags={**EXPORTS, **PATCHED})
    start("blog", "exports-public", "exports-https", public=True, profile={"Name": "blog"}, key=old_key)
    start("bastion", "exports-public", "exports-bastion", public=True, profile=None, key=None)
    for name in ("exports-web", "exports-api", "exports-web-staging"):
        machines.copy_disk(name, YESTERDAY, EXPORTS)
    public = machines.copy_disk("bastion", LONG_AGO, EXPORTS)
    net.ec2.modify_snapshot_attribute(
        SnapshotId=public, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
    )


def joined(cloud, shop, exports):
    cloud.named("exports-to-shop")
    made = cloud.ec2.create_vpc_peering_connection(VpcId=exports.vpc, PeerVpcId=shop.vpc)["VpcPeeringConnection"]
    connection = cloud.tag(made["VpcPeeringConnectionId"], "exports-to-shop", EXPORTS)
    cloud.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=connection)
    exports.routes(
        exports.ids["exports-private-routes"],
        [{"DestinationCidrBlock": "10.40.0.0/16", "VpcPeeringConnectionId": connection}],
    )


class ShopBuckets(Buckets):
    log_bucket = "shop-access-logs"


def buckets(cloud, key):
    def tags(said, owner="shop-team"):
        return {**SHOP, "Owner": owner, "DataClassification": said}

    with cloud.at(LONG_AGO):
        made = ShopBuckets(cloud, key)
        made.logs("shop-access-logs", tags=tags("internal"))
        made.make(CUSTOMERS, tags=tags("confidential", "exports-team"), logged=False)
        made.make(ASSETS, statements=[lets(ASSETS, "*", "s3:GetObject")], block=OPEN, tags=tags("public"))
        name = "shop-invoices"
        made.make(name, statements=[lets(name, "*", ["s3:GetObject"])], block=OPEN, tags=tags("confidential"))
        name = "shop-build-artifacts"
        organization = {"StringEquals": {"aws:PrincipalOrgID": "o-shopexample"}}
        made.make(name, statements=[lets(name, "*", "s3:GetObject", organization)], tags=tags("internal"))
        made.make("shop-partner-drop", tags=tags("internal"), versioned=False)


def systems(cloud):
    filters = [
        {"Key": "CLASSIFICATION", "Values": ["Security"]},
        {"Key": "SEVERITY", "Values": ["Critical", "Important"]},
    ]
    rule = {"PatchFilterGroup": {"PatchFilters": filters}, "ComplianceLevel": "CRITICAL", "ApproveAfterDays": 3}
    with cloud.at(THIS_SUMMER):
        cloud.named("linux-baseline")
        made = cloud.ssm.create_patch_baseline(
            Name="linux", OperatingSystem="AMAZON_LINUX_2023", ApprovalRules={"PatchRules": [rule]}, Description="shop"
        )
        cloud.ssm.register_patch_baseline_for_patch_group(BaselineId=made["BaselineId"], PatchGroup="linux")
        cloud.named("database-password")
        cloud.ssm.put_parameter(
            Name="/shop/database-password", Value="never-in-a-snapshot", Type="SecureString", Tags=key_values(SHOP)
        )
