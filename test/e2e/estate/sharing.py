"""One good and one bad of each other service that has resource policies: whom they let in."""

import io
import json
import zipfile

from .aws import ACCOUNT, PARTNER, STRANGER, TAGS, YESTERDAY, key_values

OWN = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


PLAIN = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def policy(principal, actions, resource="*", condition=None, denied=()):
    statement = {"Effect": "Allow", "Principal": principal, "Action": actions}
    if resource:
        statement["Resource"] = resource
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement, *denied]})


def roles(cloud):
    """Roles that their own machines, a partner with an external id, strangers, and everyone may take."""
    external = {"StringEquals": {"sts:ExternalId": "7f1c2f0e"}}
    for name, principal, condition in (
        ("good-shop-app", {"Service": "ec2.amazonaws.com"}, None),
        ("good-partner-reader", {"AWS": f"arn:aws:iam::{PARTNER}:root"}, external),
        ("bad-stranger-reader", {"AWS": f"arn:aws:iam::{STRANGER}:root"}, external),
        ("bad-stranger-without-id", {"AWS": f"arn:aws:iam::{STRANGER}:root"}, None),
        ("bad-anyone", {"AWS": "*"}, None),
    ):
        cloud.named(name)
        trust = policy(principal, "sts:AssumeRole", resource=None, condition=condition)
        cloud.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=key_values(TAGS))


def queues_and_topics(cloud):
    for name, principal in (("good", OWN), ("bad", "*")):
        arn = f"arn:aws:sqs:{cloud.region}:{ACCOUNT}:{name}-queue"
        allowed = policy(principal, "sqs:SendMessage", arn)
        attributes = {"Policy": allowed, "SqsManagedSseEnabled": "true"}
        cloud.sqs.create_queue(QueueName=f"{name}-queue", Attributes=attributes, tags=TAGS)
        topic = cloud.sns.create_topic(Name=f"{name}-topic", Tags=key_values(TAGS))["TopicArn"]
        document = policy(principal, "sns:Publish", topic)
        cloud.sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document)


def apis(cloud):
    office = {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
    for name, condition in (("good-api", office), ("bad-api", None)):
        cloud.named(name)
        invoke = policy("*", "execute-api:Invoke", "execute-api:/*", condition)
        cloud.apigateway.create_rest_api(name=name, policy=invoke, tags=TAGS)


def functions(cloud):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.js", "exports.handler = async () => ({})")
    for name, principal in (("good-function", ACCOUNT), ("bad-function", "*")):
        cloud.named(name)
        cloud.lambda_.create_function(
            FunctionName=name,
            Runtime="nodejs22.x",
            Handler="index.handler",
            Role=f"arn:aws:iam::{ACCOUNT}:role/good-shop-app",
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": {"TOKEN": "never-in-a-snapshot"}},
            Tags=TAGS,
        )
        cloud.lambda_.add_permission(
            FunctionName=name, StatementId="who", Action="lambda:InvokeFunction", Principal=principal
        )


def stores(cloud):
    """Repositories and secrets."""
    for name, principal in (("good", OWN), ("bad", "*")):
        cloud.named(f"{name}-repository")
        cloud.ecr.create_repository(
            repositoryName=f"{name}-repository",
            imageTagMutability="IMMUTABLE",
            imageScanningConfiguration={"scanOnPush": True},
            tags=key_values(TAGS),
        )
        pull = policy(principal, ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], resource=None)
        cloud.ecr.set_repository_policy(repositoryName=f"{name}-repository", policyText=pull)
        cloud.named(f"{name}-secret")
        cloud.secretsmanager.create_secret(
            Name=f"{name}-secret", SecretString="never-in-a-snapshot", Tags=key_values(TAGS)
        )
        cloud.secretsmanager.put_resource_policy(
            SecretId=f"{name}-secret", ResourcePolicy=policy(principal, "secretsmanager:GetSecretValue")
        )


def file_systems(cloud):
    """One that everyone mounts, and one whose own account may do it without TLS."""
    for name, principal, denied in (("good", OWN, [PLAIN]), ("bad", "*", [PLAIN]), ("bad-plain", OWN, [])):
        cloud.named(f"{name}-files")
        files = cloud.efs.create_file_system(
            CreationToken=f"{name}-files", Encrypted=True, Tags=key_values({"Name": f"{name}-files", **TAGS})
        )["FileSystemId"]
        mount = policy(principal, "elasticfilesystem:ClientMount", denied=denied)
        cloud.efs.put_file_system_policy(FileSystemId=files, Policy=mount)


def vaults(cloud):
    """What is kept for long: backups, archives, database snapshots, tables; and who may send mail."""
    for name, principal in (("good", OWN), ("bad", "*")):
        cloud.backup.create_backup_vault(BackupVaultName=f"{name}-vault", BackupVaultTags=TAGS)
        cloud.glacier.create_vault(vaultName=f"{name}-archive")
        table = cloud.dynamodb.create_table(
            TableName=f"{name}-table",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            Tags=key_values(TAGS),
        )["TableDescription"]["TableArn"]
        read = policy(principal, "dynamodb:GetItem", table)
        cloud.dynamodb.put_resource_policy(ResourceArn=table, Policy=read)
        cloud.named(f"{name}-domain")
        cloud.opensearch.create_domain(
            DomainName=f"{name}-domain",
            AccessPolicies=policy(principal, "es:ESHttp*"),
            TagList=key_values(TAGS),
        )
        cloud.sesv2.create_email_identity(EmailIdentity=f"{name}.example.com", Tags=key_values(TAGS))
        database = f"{name}-database"
        cloud.named(database)
        cloud.rds.create_db_instance(
            DBInstanceIdentifier=database,
            Engine="postgres",
            DBInstanceClass="db.t3.micro",
            AllocatedStorage=20,
            StorageEncrypted=True,
            MasterUsername="shop",
            MasterUserPassword="never-in-a-snapshot",
            Tags=key_values(TAGS),
        )
        copy = f"{database}-copy"
        cloud.rds.create_db_snapshot(
            DBSnapshotIdentifier=copy, DBInstanceIdentifier=database, Tags=key_values(TAGS)
        )
        cluster = f"{name}-cluster"
        cloud.named(cluster)
        cloud.rds.create_db_cluster(
            DBClusterIdentifier=cluster,
            Engine="aurora-postgresql",
            StorageEncrypted=True,
            MasterUsername="shop",
            MasterUserPassword="never-in-a-snapshot",
            Tags=key_values(TAGS),
        )
        cloud.rds.create_db_cluster_snapshot(
            DBClusterSnapshotIdentifier=f"{cluster}-copy", DBClusterIdentifier=cluster, Tags=key_values(TAGS)
        )
    everyone = {"AttributeName": "restore", "ValuesToAdd": ["all"]}
    cloud.rds.modify_db_snapshot_attribute(DBSnapshotIdentifier="bad-database-copy", **everyone)


def sharing(home):
    with home.at(YESTERDAY):
        roles(home)
        queues_and_topics(home)
        apis(home)
        functions(home)
        stores(home)
        file_systems(home)
        vaults(home)
