"""Buckets: closed ones, open ones, and open ones that something closes after all."""

import json

from .aws import ACCOUNT, LONG_AGO, PARTNER, STRANGER, TAGS, key_values

CLOSED = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
OPEN = dict.fromkeys(CLOSED, False)
CLEAN_UP = [
    {
        "ID": "clean-up",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
]


def tls_only(bucket):
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def lets(bucket, principal, actions, condition=None):
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": actions,
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }
    return {**statement, **({"Condition": condition} if condition else {})}


class Buckets:
    def __init__(self, cloud, key):
        self.cloud = cloud
        self.s3 = cloud.s3
        self.key = key

    def make(
        self,
        name,
        *,
        statements=(),
        tls=True,
        block=CLOSED,
        owner="BucketOwnerEnforced",
        key=None,
        versioned=True,
        logged=True,
        tags=None,
        lifecycle=CLEAN_UP,
        locked=False,
    ):
        """A bucket with everything as it should be, but for what is said."""
        place = {} if self.cloud.region == "us-east-1" else {"LocationConstraint": self.cloud.region}
        self.s3.create_bucket(
            Bucket=name,
            **({"CreateBucketConfiguration": place} if place else {}),
            **({"ObjectOwnership": owner} if owner else {}),
            **({"ObjectLockEnabledForBucket": True} if locked else {}),
        )
        policy = [*statements, *([tls_only(name)] if tls else [])]
        if policy:
            document = json.dumps({"Version": "2012-10-17", "Statement": policy})
            self.s3.put_bucket_policy(Bucket=name, Policy=document)
        if block:
            self.s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
        self.encrypt(name, key or self.key)
        if versioned:
            self.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        if logged:
            target = {"TargetBucket": self.log_bucket, "TargetPrefix": f"{name}/"}
            self.s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": target})
        every = {**TAGS, "DataClassification": "internal"} if tags is None else tags
        if every:
            self.s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": key_values(every)})
        if lifecycle:
            self.s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": lifecycle})
        return name

    @property
    def log_bucket(self):
        return "good-logs" if self.cloud.region == "eu-west-1" else "good-logs-away"

    def encrypt(self, name, key):
        by = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key} if key != "AES256" else {"SSEAlgorithm": "AES256"}
        rules = [{"ApplyServerSideEncryptionByDefault": by, "BucketKeyEnabled": True}]
        self.s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})

    def logs(self, name, statements=(), **more):
        """A bucket that takes the others' access logs: S3's log delivery knows only keys of its own."""
        delivery = {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{name}/*",
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        }
        how = {"key": "AES256", "logged": False, **more}
        self.make(name, statements=[delivery, *statements], **how)


def keep_for_good(buckets, name):
    """Nobody deletes a version of an object for a year."""
    retention = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}
    lock = {"ObjectLockEnabled": "Enabled", "Rule": retention}
    buckets.s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=lock)


SENSITIVE = {**TAGS, "DataClassification": "confidential"}
CRITICAL = {**TAGS, "DataClassification": "confidential", "Criticality": "critical"}


def good(buckets, arns):
    buckets.logs("good-logs")
    buckets.make("good-private")
    buckets.make("good-sensitive", tags=SENSITIVE)
    for name, account in (("good-partner", PARTNER),):
        partner = {"AWS": f"arn:aws:iam::{account}:root"}
        buckets.make(name, statements=[lets(name, partner, "s3:GetObject")], key=arns["partner"])
    name = "good-office-only"
    office = {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
    buckets.make(name, statements=[lets(name, "*", "s3:GetObject", office)], block=OPEN)
    # Everyone may read by the policy, but the bucket's block keeps all out but its owner's account.
    name = "good-closed-by-block"
    buckets.make(name, statements=[lets(name, "*", "s3:GetObject")])
    buckets.make("good-replica-source", tags=CRITICAL)
    replicate(buckets)
    buckets.make("good-under-wide-key", key=arns["wide"])


def replicate(buckets):
    rule = {
        "ID": "away",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::good-replica-target"},
    }
    configuration = {"Role": f"arn:aws:iam::{ACCOUNT}:role/replication", "Rules": [rule]}
    buckets.s3.put_bucket_replication(Bucket="good-replica-source", ReplicationConfiguration=configuration)


def bad(buckets, arns):
    s3 = buckets.s3
    name = "bad-public-read"
    buckets.make(name, statements=[lets(name, "*", ["s3:GetObject", "s3:ListBucket"])], block=OPEN, tags=SENSITIVE)
    name = "bad-public-write"
    buckets.make(name, statements=[lets(name, {"AWS": "*"}, "s3:PutObject")], block=OPEN)
    buckets.make("bad-public-acl", block=OPEN, owner="ObjectWriter")
    s3.put_bucket_acl(Bucket="bad-public-acl", ACL="public-read")
    name = "bad-stranger"
    stranger = {"AWS": f"arn:aws:iam::{STRANGER}:root"}
    buckets.make(name, statements=[lets(name, stranger, ["s3:GetObject", "s3:PutObject"])])
    name = "bad-deputy"
    deputy = {"Service": "cloudtrail.amazonaws.com"}
    buckets.make(name, statements=[lets(name, deputy, "s3:PutObject")])
    buckets.make("bad-acls-on", owner="ObjectWriter")
    buckets.make("bad-no-block", block=None)
    buckets.make("bad-plain-http", tls=False)
    buckets.make("bad-sensitive-default-key", key="AES256", tags=SENSITIVE)
    buckets.make("bad-key-is-gone", key=f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/00000000-0000-0000-0000-00000000dead")
    buckets.make("bad-key-is-off", key=arns["off"])
    buckets.make("bad-unversioned", versioned=False)
    buckets.make("bad-critical", tags=CRITICAL)
    buckets.make("bad-deletable", tags=CRITICAL, lifecycle=None)
    buckets.make("bad-kept-forever", tags=CRITICAL, lifecycle=None, locked=True)
    keep_for_good(buckets, "bad-kept-forever")
    buckets.make("bad-backups", tags={**TAGS, "DataClassification": "internal", "Purpose": "backups"})
    buckets.make("good-backups", tags={**TAGS, "DataClassification": "internal", "Purpose": "backups"}, locked=True)
    keep_for_good(buckets, "good-backups")
    buckets.make("bad-no-lifecycle", lifecycle=None)
    buckets.make("bad-unlogged-sensitive", logged=False, tags=SENSITIVE)
    name = "bad-open-logs"
    buckets.logs(name, statements=[lets(name, "*", "s3:GetObject")], block=OPEN)
    logging = {"TargetBucket": name, "TargetPrefix": "x/"}
    s3.put_bucket_logging(Bucket="bad-deputy", BucketLoggingStatus={"LoggingEnabled": logging})
    name = "bad-website"
    buckets.make(name, statements=[lets(name, "*", "s3:GetObject")], block=OPEN)
    buckets.make("good-website")
    for name in ("bad-website", "good-website"):
        index = {"IndexDocument": {"Suffix": "index.html"}}
        s3.put_bucket_website(Bucket=name, WebsiteConfiguration=index)
    buckets.make("bad-events-to-stranger")
    queue = {"QueueArn": f"arn:aws:sqs:eu-west-1:{STRANGER}:events", "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="bad-events-to-stranger", NotificationConfiguration={"QueueConfigurations": [queue]}
    )
    buckets.make("bad-unclassified", tags=TAGS)
    buckets.make("bad-untagged", tags={})
    buckets.make("bad-owner-unknown", tags={**TAGS, "Owner": "TBD", "DataClassification": "internal"})
    buckets.make("bad-tag-spelling", tags={"owner": "shop-team", "Stack": "shop", "DataClassification": "internal"})
    buckets.make("bad-tag-value", tags={**TAGS, "Stack": "Shop", "DataClassification": "internal"})
    secret = {**TAGS, "DataClassification": "internal", "Note": "key AKIA" + "IOSFODNN7EXAMPLE"}
    buckets.make("bad-secret-in-tag", tags=secret)


def buckets(home, away, branch, arns, away_key):
    with home.at(LONG_AGO):
        Buckets(branch, "AES256").make("bad-branch-files", logged=False)
        far = Buckets(away, away_key)
        far.logs("good-logs-away")
        far.make("good-replica-target")
        near = Buckets(home, arns["good"])
        good(near, arns)
        bad(near, arns)
