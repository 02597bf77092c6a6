"""What of Systems Manager the emulator keeps: documents, parameters, baselines, windows. The rest stands in recordings."""

import json

from .aws import STRANGER, TAGS, YESTERDAY, key_values


def document(cloud, name, kind="Command"):
    command = {
        "schemaVersion": "2.2",
        "description": name,
        "mainSteps": [{"action": "aws:runShellScript", "name": "step", "inputs": {"runCommand": ["true"]}}],
    }
    automation = {
        "schemaVersion": "0.3",
        "description": name,
        "mainSteps": [{"name": "wait", "action": "aws:sleep", "inputs": {"Duration": "PT1S"}}],
    }
    content = automation if kind == "Automation" else command
    cloud.ssm.create_document(
        Name=name, Content=json.dumps(content), DocumentType=kind, DocumentFormat="JSON", Tags=key_values(TAGS)
    )


def documents(cloud):
    document(cloud, "good-restart")
    document(cloud, "bad-public-runbook")
    cloud.ssm.modify_document_permission(Name="bad-public-runbook", PermissionType="Share", AccountIdsToAdd=["all"])
    document(cloud, "good-isolate-instance", "Automation")
    document(cloud, "good-snapshot-instance", "Automation")


def session_preferences(cloud, bucket, encrypted):
    inputs = {
        "s3BucketName": bucket,
        "s3KeyPrefix": "sessions",
        "s3EncryptionEnabled": encrypted,
        "cloudWatchLogGroupName": "",
        "cloudWatchEncryptionEnabled": encrypted,
        "kmsKeyId": "",
        "runAsEnabled": False,
        "runAsDefaultUser": "",
    }
    content = {
        "schemaVersion": "1.0",
        "description": "Document to hold regional settings for Session Manager",
        "sessionType": "Standard_Stream",
        "inputs": inputs,
    }
    cloud.ssm.create_document(
        Name="SSM-SessionManagerRunShell",
        Content=json.dumps(content),
        DocumentType="Session",
        DocumentFormat="JSON",
        Tags=key_values(TAGS),
    )


def parameters(cloud):
    for name, kind in (
        ("/shop/good-log-level", "String"),
        ("/shop/good-database-password", "SecureString"),
        ("/shop/bad-database-password", "String"),
    ):
        cloud.named(name)
        cloud.ssm.put_parameter(Name=name, Value="never-in-a-snapshot", Type=kind, Tags=key_values(TAGS))


def baselines(cloud):
    def approve(days, **more):
        filters = [
            {"Key": "CLASSIFICATION", "Values": ["Security"]},
            {"Key": "SEVERITY", "Values": ["Critical", "Important"]},
        ]
        rule = {"PatchFilterGroup": {"PatchFilters": filters}, "ComplianceLevel": "CRITICAL", **more}
        return {"PatchRules": [{**rule, **({} if days is None else {"ApproveAfterDays": days})}]}

    for name, system, rules in (
        ("good-linux-baseline", "AMAZON_LINUX_2023", approve(3)),
        ("bad-slow-baseline", "UBUNTU", approve(60)),
        ("bad-past-baseline", "WINDOWS", approve(None, ApproveUntilDate="2024-01-01")),
    ):
        cloud.named(name)
        cloud.ssm.create_patch_baseline(Name=name, OperatingSystem=system, ApprovalRules=rules, Description=name)


def windows(cloud):
    made = {}
    for name in ("good-window", "bad-window-without-tasks", "bad-window-without-targets"):
        cloud.named(name)
        made[name] = cloud.ssm.create_maintenance_window(
            Name=name,
            Schedule="cron(0 2 ? * SUN *)",
            Duration=2,
            Cutoff=1,
            AllowUnassociatedTargets=False,
            Tags=key_values(TAGS),
        )["WindowId"]
    patched = {"Key": "tag:Patch Group", "Values": ["linux"]}
    for name in ("good-window", "bad-window-without-tasks"):
        cloud.named(f"{name} target")
        cloud.ssm.register_target_with_maintenance_window(
            WindowId=made[name], ResourceType="INSTANCE", Targets=[patched], OwnerInformation="not kept"
        )
    for name in ("good-window", "bad-window-without-targets"):
        cloud.named(f"{name} task")
        cloud.ssm.register_task_with_maintenance_window(
            WindowId=made[name],
            TaskArn="AWS-RunPatchBaseline",
            TaskType="RUN_COMMAND",
            Targets=[patched],
            MaxConcurrency="1",
            MaxErrors="1",
            TaskParameters={"Operation": {"Values": ["Install"]}},
        )


def systems(home, away):
    with home.at(YESTERDAY):
        documents(home)
        session_preferences(home, "good-logs", True)
        session_preferences(away, "", False)
        parameters(home)
        baselines(home)
        windows(home)
        away.ssm.put_parameter(Name="/good/away", Value="never-in-a-snapshot", Type="String", Tags=key_values(TAGS))
