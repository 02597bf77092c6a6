"""KMS keys of every kind that the emulator can hold; the others stand in recordings."""

import json

from .aws import ACCOUNT, LAST_YEAR, PARTNER, STRANGER, TAGS

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/key-admins"
USER = f"arn:aws:iam::{ACCOUNT}:role/shop-app"

ADMINISTER = ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*",
              "kms:Disable*", "kms:Get*", "kms:Delete*", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"]
USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]


def allow(principal, action, condition=None):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return {**statement, **({"Condition": condition} if condition else {})}


ACCOUNT_DECIDES = allow({"AWS": ROOT}, "kms:*")
SEPARATED = [ACCOUNT_DECIDES, allow({"AWS": ADMIN}, ADMINISTER), allow({"AWS": USER}, USE)]


class Keys:
    def __init__(self, cloud):
        self.cloud = cloud
        self.kms = cloud.kms
        self.ids = {}

    def make(self, name, statements=SEPARATED, rotates=True, alias=True, tags=TAGS, **more):
        """@returns the key's ARN."""
        self.cloud.named(name)
        more = {"KeyUsage": "ENCRYPT_DECRYPT", **more}
        made = self.kms.create_key(
            Description=name,
            Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}),
            Tags=[{"TagKey": key, "TagValue": value} for key, value in {"Name": name, **tags}.items()],
            **more,
        )["KeyMetadata"]
        self.ids[name] = made["KeyId"]
        if rotates:
            self.kms.enable_key_rotation(KeyId=made["KeyId"])
        if alias:
            self.kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=made["KeyId"])
        return made["Arn"]


def keys(cloud):
    """@returns the ARNs of those that other parts of the estate use."""
    with cloud.at(LAST_YEAR):
        made = make_keys(Keys(cloud))
    for name in ("bad-key-dying-in-use", "bad-key-dying-unused", "good-key-dying-by-plan"):
        made.kms.schedule_key_deletion(KeyId=made.ids[name], PendingWindowInDays=20)
    for name in ("bad-key-disabled-in-use", "good-key-disabled"):
        made.kms.disable_key(KeyId=made.ids[name])
    replicas(made)
    uses = {
        "good": "good-key",
        "dying": "bad-key-dying-in-use",
        "off": "bad-key-disabled-in-use",
        "wide": "bad-key-wider-than-data",
        "partner": "good-key-for-partner",
    }
    return {use: f"arn:aws:kms:{cloud.region}:{ACCOUNT}:key/{made.ids[name]}" for use, name in uses.items()}


def make_keys(keys):
    keys.make("good-key")
    keys.make("bad-key-never-rotates", rotates=False)
    keys.make("bad-key-rotates-seldom")
    keys.make("bad-key-public", [ACCOUNT_DECIDES, allow({"AWS": "*"}, USE)])
    keys.make("bad-key-for-stranger", [ACCOUNT_DECIDES, allow({"AWS": f"arn:aws:iam::{STRANGER}:root"}, USE)])
    keys.make("good-key-for-partner", [ACCOUNT_DECIDES, allow({"AWS": f"arn:aws:iam::{PARTNER}:root"}, USE)])
    keys.make("bad-key-wider-than-data", [ACCOUNT_DECIDES, allow({"AWS": f"arn:aws:iam::{PARTNER}:root"}, USE)])
    keys.make("bad-key-admin-uses", [ACCOUNT_DECIDES, allow({"AWS": ADMIN}, ADMINISTER + USE)])
    keys.make("bad-key-locked-out", [allow({"AWS": USER}, USE)], BypassPolicyLockoutSafetyCheck=True)
    keys.make("bad-key-nobody-uses", alias=False)
    by_service = {"StringEquals": {"kms:CallerAccount": ACCOUNT, "kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
    keys.make("good-key-by-service", [ACCOUNT_DECIDES, allow({"AWS": "*"}, USE, by_service)])
    keys.make("good-key-signs", rotates=False, KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    keys.make("good-key-hmac", rotates=False, KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    keys.make("bad-key-material-expires", rotates=False, Origin="EXTERNAL")
    keys.make("good-key-material-stays", rotates=False, Origin="EXTERNAL")
    keys.make("bad-key-store-lost", rotates=False)
    keys.make("good-key-in-store", rotates=False)
    keys.make("bad-key-dying-in-use")
    keys.make("bad-key-disabled-in-use")
    keys.make("good-key-disabled")
    keys.make("bad-key-dying-unused")
    keys.make("good-key-dying-by-plan", tags={**TAGS, "DeletionApproved": "CHG-1042"})
    grants(keys)
    return keys


def grants(keys):
    old = keys.make("bad-key-stale-grant")
    keys.cloud.named("stale grant")
    gone = f"arn:aws:iam::{ACCOUNT}:role/long-gone"
    keys.kms.create_grant(KeyId=old, GranteePrincipal=gone, Operations=["Decrypt"], Name="migration")
    keys.cloud.named("good grant")
    keys.kms.create_grant(KeyId=keys.ids["good-key"], GranteePrincipal=USER, Operations=["Decrypt"], Name="shop")
    foreign = keys.make("bad-key-grants-stranger")
    keys.cloud.named("foreign grant")
    stranger = f"arn:aws:iam::{STRANGER}:root"
    keys.kms.create_grant(KeyId=foreign, GranteePrincipal=stranger, Operations=["Decrypt", "CreateGrant"], Name="old vendor")


def replicas(keys):
    """Keys in two Regions; what a replica's policy says is decided there."""
    for name in ("bad-key-replicated", "good-key-replicated"):
        keys.make(name, MultiRegion=True)
        keys.kms.replicate_key(KeyId=keys.ids[name], ReplicaRegion="us-east-1")


def away(cloud):
    """The second Region's keys: one good, and replicas of keys at home, of which one lets a stranger in."""
    keys = Keys(cloud)
    arn = keys.make("good-key-away")
    for key in keys.kms.list_keys()["Keys"]:
        metadata = keys.kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if metadata.get("MultiRegion"):
            replica(keys.kms, metadata)
    return arn


def replica(kms, metadata):
    key = metadata["KeyId"]
    name = metadata["Description"].replace("replicated", "replica")
    if name.startswith("bad-"):
        statements = [ACCOUNT_DECIDES, allow({"AWS": f"arn:aws:iam::{STRANGER}:root"}, USE)]
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    kms.enable_key_rotation(KeyId=key)
    tags = [{"TagKey": key, "TagValue": value} for key, value in {"Name": name, **TAGS}.items()]
    kms.tag_resource(KeyId=key, Tags=tags)
