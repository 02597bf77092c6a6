"""Machines, their disks, copies, images and templates, and the balancer in front of the good ones."""

import json

from .aws import ACCOUNT, LAST_YEAR, LONG_AGO, PARTNER, STRANGER, TAGS, THIS_SUMMER, YESTERDAY, key_values
from .network import APP, DATABASE

PRODUCTION = {**TAGS, "Environment": "production"}
SAFE_METADATA = {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1}
LOOSE_METADATA = {"HttpTokens": "optional", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1}
FAR_METADATA = {**SAFE_METADATA, "HttpPutResponseHopLimit": 2}


def profile(cloud, name, *statements):
    """An instance profile, with a role of the same name where it is said what that may do."""
    cloud.iam.create_instance_profile(InstanceProfileName=name)
    if statements:
        trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        cloud.named(name)
        cloud.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust), Tags=key_values(TAGS))
        cloud.iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=document(*statements))
        cloud.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    return {"Name": name}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def may(action, resource):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


class Machines:
    """Starts instances in one network."""

    def __init__(self, net, image):
        self.net = net
        self.cloud = net.cloud
        self.ec2 = net.ec2
        self.image = image
        self.ids = {}

    def start(
        self,
        name,
        subnet,
        groups,
        *,
        public=False,
        metadata=SAFE_METADATA,
        profile=None,
        tags=TAGS,
        key=None,
        image=None,
        protected=False,
    ):
        """A running instance whose root volume is encrypted with `key` (an ARN), or not at all."""
        self.cloud.named(name)
        disk = {"VolumeSize": 8, **({"Encrypted": True, "KmsKeyId": key} if key else {"Encrypted": False})}
        made = self.ec2.run_instances(
            ImageId=image or self.image,
            ClientToken=name,
            InstanceType="t3.small",
            MinCount=1,
            MaxCount=1,
            MetadataOptions=metadata,
            BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": disk}],
            NetworkInterfaces=[
                {
                    "DeviceIndex": 0,
                    "SubnetId": self.net.ids[subnet],
                    "Groups": [self.net.ids[group] for group in groups],
                    "AssociatePublicIpAddress": public,
                }
            ],
            **({"IamInstanceProfile": profile} if profile else {}),
        )["Instances"][0]
        instance = made["InstanceId"]
        self.ids[name] = instance
        self.cloud.tag(instance, name, tags)
        self.cloud.tag(made["NetworkInterfaces"][0]["NetworkInterfaceId"], name, tags)
        self.cloud.tag(self.volume_of(name), name, tags)
        if protected:
            self.ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": True})
        return instance

    def volume_of(self, name):
        mine = [{"Name": "attachment.instance-id", "Values": [self.ids[name]]}]
        return self.ec2.describe_volumes(Filters=mine)["Volumes"][0]["VolumeId"]

    def copy_disk(self, name, when, tags=TAGS):
        """A snapshot of the machine's root volume."""
        with self.cloud.at(when):
            self.cloud.named(f"{name}-{when}")
            made = self.ec2.create_snapshot(VolumeId=self.volume_of(name), Description=f"backup of {name}")
        return self.cloud.tag(made["SnapshotId"], f"{name}-backup", tags)

    def stop(self, name):
        self.ec2.stop_instances(InstanceIds=[self.ids[name]])


def image_of(cloud, name, tags=TAGS, disk=None):
    """An image of the account's own, and its disk's snapshot, which the emulator encrypts for no image."""
    cloud.named(name)
    made = cloud.ec2.register_image(
        Name=name,
        Architecture="x86_64",
        RootDeviceName="/dev/sda1",
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8}}],
    )
    (image,) = cloud.ec2.describe_images(ImageIds=[made["ImageId"]])["Images"]
    snapshot = image["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    cloud.tag(snapshot, disk or f"bad-plain-disk-of-{name}", tags)
    return cloud.tag(made["ImageId"], name, tags)


def images(cloud):
    with cloud.at(THIS_SUMMER):
        good = image_of(cloud, "good-image")
    with cloud.at(LONG_AGO):
        old = image_of(cloud, "bad-old-image")
        public = image_of(cloud, "bad-public-image")
    cloud.ec2.modify_image_attribute(ImageId=public, LaunchPermission={"Add": [{"Group": "all"}]})
    return {"good": good, "old": old}


def shop_machines(net, image, key):
    machines = Machines(net, image)
    role = profile(net.cloud, "good-shop-app")
    for zone in ("a", "b"):
        app = {"profile": role, "key": key, "tags": {**PRODUCTION, **APP, "Patch Group": "linux"}, "protected": True}
        machines.start(f"good-app-{zone}", f"good-shop-app-{zone}", ["good-app"], **app)
        database = {**app, "tags": {**PRODUCTION, **DATABASE, "Patch Group": "linux"}}
        machines.start(f"good-db-{zone}", f"good-shop-db-{zone}", ["good-db"], **database)
    attach_second(net, machines, "good-app-b", "good-batch-second", "bad-shop-batch-b", ["good-app"], APP)
    for name in list(machines.ids):
        machines.copy_disk(name, YESTERDAY)
    return machines


def legacy_machines(net, images, key, dead_key):
    machines = Machines(net, images["good"])
    # Whoever takes one of these machines reads what is confidential.
    reads = (may("s3:GetObject", "arn:aws:s3:::good-sensitive/*"), may("kms:Decrypt", key))
    role = profile(net.cloud, "bad-legacy-admin", *reads)
    open_ = {"public": True, "profile": role, "key": key}
    public = "bad-legacy-public"
    machines.start("bad-ssh-open", public, ["bad-ssh-from-everywhere"], **{**open_, "metadata": LOOSE_METADATA})
    machines.start("bad-ssh-by-halves", public, ["bad-ssh-from-two-halves"], **open_)
    machines.start("bad-postgres-open", "bad-legacy-db", ["bad-postgres-from-everywhere"], **{**open_, "tags": DATABASE})
    machines.start("bad-all-open", public, ["bad-all-ports"], **open_)
    machines.start("bad-odd-port-open", public, ["bad-odd-port"], **open_)
    closed = {"profile": role, "key": key}
    machines.start("good-closed", "bad-legacy-closed", ["good-named-partner"], **closed)
    machines.start("bad-no-role", "bad-legacy-closed", ["good-named-partner"], key=key)
    machines.start("bad-old-image-user", "bad-legacy-closed", ["good-named-partner"], image=images["old"], **closed)
    machines.start("bad-plain-disk", "bad-legacy-closed", ["good-named-partner"], profile=role)
    machines.start("bad-disk-of-dying-key", "bad-legacy-closed", ["good-named-partner"], profile=role, key=dead_key)
    machines.start("bad-hop-limit", "bad-legacy-closed", ["bad-no-description"], **closed, metadata=FAR_METADATA)
    machines.start("bad-unprotected", "bad-legacy-closed", ["good-named-partner"], **closed, tags=PRODUCTION)
    with net.cloud.at(LAST_YEAR):
        machines.start("bad-forgotten", "bad-legacy-closed", ["good-named-partner"], **closed)
        machines.stop("bad-forgotten")
    machines.start("good-stopped", "bad-legacy-closed", ["good-named-partner"], **closed)
    with net.cloud.at(YESTERDAY):
        machines.stop("good-stopped")
    bridge(net, machines, closed)
    for name in machines.ids:
        if name not in ("bad-plain-disk", "bad-no-role", "bad-forgotten"):
            machines.copy_disk(name, YESTERDAY)
    machines.copy_disk("bad-no-role", LAST_YEAR)
    return machines


def bridge(net, machines, how):
    """One machine with a foot in the public subnet and one in the database's."""
    machines.start("bad-bridge", "bad-legacy-public", ["good-named-partner"], public=True, **how)
    attach_second(net, machines, "bad-bridge", "bad-bridge-second", "bad-legacy-db", ["bad-cidr-for-tier"], DATABASE)


def attach_second(net, machines, machine, name, subnet, groups, tags):
    second = net.interface(name, subnet, groups, tags=tags)
    net.ec2.attach_network_interface(NetworkInterfaceId=second, InstanceId=machines.ids[machine], DeviceIndex=1)


def copies(cloud, machines, key):
    """Snapshots that went further than they should."""
    ec2 = cloud.ec2
    public = machines.copy_disk("bad-plain-disk", LAST_YEAR)
    cloud.tag(public, "bad-public-copy")
    ec2.modify_snapshot_attribute(
        SnapshotId=public, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
    )
    shares = (
        ("good-copy-for-partner", PARTNER, "2026-10-28T02:00:00Z"),
        ("bad-copy-for-stranger", STRANGER, "2026-10-29T02:00:00Z"),
    )
    for name, account, when in shares:
        copy = machines.copy_disk("good-closed", when)
        cloud.tag(copy, name)
        ec2.modify_snapshot_attribute(
            SnapshotId=copy, Attribute="createVolumePermission", OperationType="add", UserIds=[account]
        )
    with cloud.at(LONG_AGO):
        cloud.named("bad-copy-of-lost-volume")
        lost = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1, Encrypted=True, KmsKeyId=key)["VolumeId"]
        cloud.named("bad-copy-of-lost-volume snapshot")
        copy = ec2.create_snapshot(VolumeId=lost, Description="nobody knows")["SnapshotId"]
        cloud.tag(copy, "bad-copy-of-lost-volume")
        ec2.delete_volume(VolumeId=lost)


def templates(cloud, image, net):
    for name, metadata, public in (
        ("good-template", {"HttpTokens": "required"}, False),
        ("bad-template-imdsv1", {"HttpTokens": "optional"}, False),
        ("bad-template-public", {"HttpTokens": "required"}, True),
    ):
        cloud.named(name)
        cloud.ec2.create_launch_template(
            LaunchTemplateName=name,
            TagSpecifications=[{"ResourceType": "launch-template", "Tags": key_values({"Name": name, **TAGS})}],
            LaunchTemplateData={
                "ImageId": image,
                "InstanceType": "t3.small",
                "MetadataOptions": metadata,
                "UserData": "c2VjcmV0LXVzZXItZGF0YQ==",
                "NetworkInterfaces": [
                    {
                        "DeviceIndex": 0,
                        "AssociatePublicIpAddress": public,
                        "Groups": [net.ids["good-named-partner"]],
                    }
                ],
            },
        )


def balancer(cloud, net, machines):
    """The way in: HTTPS to the balancer, 8080 from there to the machines behind it."""
    cloud.named("good-shop-balancer")
    made = cloud.elbv2.create_load_balancer(
        Name="good-shop-balancer",
        Subnets=[net.ids["good-shop-public-a"], net.ids["good-shop-public-b"]],
        SecurityGroups=[net.ids["good-web"]],
        Scheme="internet-facing",
        Tags=key_values(TAGS),
    )["LoadBalancers"][0]["LoadBalancerArn"]
    for zone in ("a", "b"):
        balancer_interface(net, made, zone)
    cloud.named("good-shop-targets")
    group = cloud.elbv2.create_target_group(
        Name="good-shop-targets", Protocol="HTTP", Port=8080, VpcId=net.vpc, TargetType="instance", Tags=key_values(TAGS)
    )["TargetGroups"][0]["TargetGroupArn"]
    targets = [{"Id": machines.ids[name], "Port": 8080} for name in ("good-app-a", "good-app-b")]
    cloud.elbv2.register_targets(TargetGroupArn=group, Targets=targets)
    cloud.named("good-shop-certificate")
    certificate = cloud.acm.request_certificate(DomainName="shop.example.com")["CertificateArn"]
    cloud.named("good-shop-listener")
    cloud.elbv2.create_listener(
        LoadBalancerArn=made,
        Protocol="HTTPS",
        Port=443,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        Tags=key_values(TAGS),
    )


def balancer_interface(net, balancer, zone):
    """EC2 shows a balancer's interfaces, one a zone; the emulator's balancers have none."""
    described = "ELB " + balancer.split(":loadbalancer/")[1]
    name = f"good-shop-balancer-{zone}"
    interface = net.interface(name, f"good-shop-public-{zone}", ["good-web"], description=described)
    net.cloud.named(f"{name}-address")
    address = net.ec2.allocate_address(Domain="vpc")["AllocationId"]
    net.cloud.tag(address, f"{name}-address")
    net.ec2.associate_address(AllocationId=address, NetworkInterfaceId=interface)


def away(cloud):
    """The second Region: encrypted by default, and somebody who works in its default VPC."""
    ec2 = cloud.ec2
    ec2.enable_ebs_encryption_by_default()
    vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    for subnet in sorted(subnets, key=lambda each: each["AvailabilityZone"])[1:]:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    (left,) = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    cloud.tag(left["SubnetId"], "bad-default-subnet")
    theirs = [{"Name": "vpc-id", "Values": [vpc]}]
    cloud.tag(ec2.describe_security_groups(Filters=theirs)["SecurityGroups"][0]["GroupId"], "bad-default-group-away")
    with cloud.at(THIS_SUMMER):
        image = image_of(cloud, "good-image-away")
    net = type("DefaultVpc", (), {"cloud": cloud, "ec2": ec2, "ids": {"subnet": left["SubnetId"]}})
    cloud.named("good-away")
    net.ids["group"] = ec2.create_security_group(GroupName="good-away", Description="closed", VpcId=vpc)["GroupId"]
    cloud.tag(net.ids["group"], "good-away")
    machines = Machines(net, image)
    role = profile(cloud, "good-away")
    key = f"arn:aws:kms:{cloud.region}:{ACCOUNT}:alias/aws/ebs"
    with cloud.at(THIS_SUMMER):
        machines.start("bad-in-default-vpc", "subnet", ["group"], profile=role, key=key)
    machines.copy_disk("bad-in-default-vpc", YESTERDAY)
