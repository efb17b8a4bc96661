"""Data: what is kept, for how long, and who can read it."""

import dataclasses
import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions

from infra.config import DEV, LONGEST_JOB_SECONDS, Config, Domain
from infra.stacks.data import DataStack
from infra.stacks.network import NetworkStack
from tests.infra.assembly import WORKERS, Assembly

DATA = "data"


def find_database(assembly: Assembly) -> dict[str, Any]:
    return assembly.find_only(DATA, "AWS::RDS::DBInstance")


def find_file_bucket(assembly: Assembly) -> dict[str, Any]:
    """Return the bucket of photos: the one that has access logs."""
    (found,) = (
        bucket["Properties"]
        for bucket in assembly.find_resources(DATA, "AWS::S3::Bucket").values()
        if "LoggingConfiguration" in bucket["Properties"]
    )
    return dict(found)


def find_secrets(assembly: Assembly) -> dict[str, dict[str, Any]]:
    return {
        name[:-8]: each["Properties"]
        for name, each in assembly.find_resources(DATA, "AWS::SecretsManager::Secret").items()
    }


def test_the_database_is_only_reached_from_the_network(assembly: Assembly) -> None:
    properties = find_database(assembly)
    assert properties["PubliclyAccessible"] is False
    (group,) = properties["VPCSecurityGroups"]
    assert assembly.to_text(group).startswith("<DatabaseGroup")
    subnets = assembly.find_only(DATA, "AWS::RDS::DBSubnetGroup")["SubnetIds"]
    assert len(subnets) == 2
    assert all(assembly.to_text(subnet).startswith("<NetworkInner") for subnet in subnets)


def test_the_database_requires_tls_and_is_encrypted(assembly: Assembly) -> None:
    (name,) = assembly.find_resources(DATA, "AWS::RDS::DBParameterGroup")
    properties = assembly.find_only(DATA, "AWS::RDS::DBParameterGroup")
    assert properties["Parameters"] == {"rds.force_ssl": "1"}
    assert find_database(assembly)["DBParameterGroupName"] == {"Ref": name}
    assert find_database(assembly)["StorageEncrypted"] is True


def test_it_is_a_postgresql_that_the_platform_supports(assembly: Assembly) -> None:
    properties = find_database(assembly)
    assert properties["Engine"] == "postgres"
    assert int(properties["EngineVersion"]) >= 15
    family = assembly.find_only(DATA, "AWS::RDS::DBParameterGroup")["Family"]
    assert family == f"postgres{properties['EngineVersion']}"
    assert properties["DBName"] == "vanish"


def test_the_database_is_as_large_and_as_safe_as_the_environment_says(
    assembly: Assembly, config: Config
) -> None:
    properties, size = find_database(assembly), config.database
    assert properties["DBInstanceClass"] == f"db.{size.instance}"
    assert properties["AllocatedStorage"] == str(size.storage)
    assert properties["MaxAllocatedStorage"] == size.most_storage
    assert properties["MultiAZ"] is size.is_multi_az
    assert properties["BackupRetentionPeriod"] == size.backup_days >= 1
    assert properties["DeletionProtection"] is config.keeps_data
    assert properties["DeleteAutomatedBackups"] is not config.keeps_data


def test_the_database_s_logs_expire(assembly: Assembly, config: Config) -> None:
    exports = find_database(assembly)["EnableCloudwatchLogsExports"]
    groups = {
        each["Properties"].get("LogGroupName"): name
        for name, each in assembly.find_resources(DATA, "AWS::Logs::LogGroup").items()
    }
    (instance,) = assembly.find_resources(DATA, "AWS::RDS::DBInstance").values()
    assert exports
    for export in exports:
        name = f"/aws/rds/instance/{instance['Properties']['DBInstanceIdentifier']}/{export}"
        assert groups[name] in instance["DependsOn"]


@pytest.mark.parametrize(
    ("name", "kind", "user"),
    [
        ("DatabaseAdminSecret", "PostgreSQLSingleUser", "vanish_admin"),
        ("DatabaseApplicationSecret", "PostgreSQLMultiUser", "vanish"),
    ],
)
def test_passwords_change_every_month(
    assembly: Assembly, config: Config, name: str, kind: str, user: str
) -> None:
    secret = json.loads(_join_template(find_secrets(assembly)[name]["GenerateSecretString"]))
    assert (secret["username"], secret["dbname"]) == (user, "vanish")
    (properties,) = (
        each["Properties"]
        for each in assembly.find_resources(DATA, "AWS::SecretsManager::RotationSchedule").values()
        if each["Properties"]["SecretId"]["Ref"].startswith(f"{name}Attachment")
    )
    assert properties["RotationRules"] == {"ScheduleExpression": "rate(30 days)"}
    assert properties["RotateImmediatelyOnUpdate"] is False
    function = properties["HostedRotationLambda"]
    assert function["RotationType"] == kind
    assert assembly.to_text(function["VpcSecurityGroupIds"]).startswith("<RotationGroup")
    logs = assembly.find_resources(DATA, "AWS::Logs::LogGroup").values()
    names = {each["Properties"].get("LogGroupName") for each in logs}
    assert f"/aws/lambda/{function['RotationLambdaName']}" in names


def _join_template(generator: dict[str, Any]) -> str:
    """Return the template of a secret's JSON; references become their names."""
    template = generator["SecretStringTemplate"]
    if isinstance(template, str):
        return template
    return "".join(
        str(part.get("Ref") if isinstance(part, dict) else part) for part in template["Fn::Join"][1]
    )


def test_the_application_s_password_is_changed_by_the_admin(assembly: Assembly) -> None:
    """AWS's function reads `masterarn` in the secret that it changes."""
    secret = json.loads(
        _join_template(find_secrets(assembly)["DatabaseApplicationSecret"]["GenerateSecretString"])
    )
    assert secret["masterarn"].startswith("DatabaseAdminSecret")
    (properties,) = (
        each["Properties"]["HostedRotationLambda"]
        for each in assembly.find_resources(DATA, "AWS::SecretsManager::RotationSchedule").values()
        if each["Properties"]["HostedRotationLambda"]["RotationType"] == "PostgreSQLMultiUser"
    )
    assert properties["MasterSecretArn"]["Ref"].startswith("DatabaseAdminSecret")


def test_both_users_secrets_have_the_database_s_address(assembly: Assembly) -> None:
    (server,) = assembly.find_resources(DATA, "AWS::RDS::DBInstance")
    attached = set()
    for each in assembly.find_resources(
        DATA, "AWS::SecretsManager::SecretTargetAttachment"
    ).values():
        assert each["Properties"]["TargetId"] == {"Ref": server}
        attached.add(each["Properties"]["SecretId"]["Ref"][:-8])
    assert attached == {"DatabaseAdminSecret", "DatabaseApplicationSecret"}


def test_no_secret_has_two_policies(assembly: Assembly) -> None:
    """AWS takes one."""
    policies = assembly.find_resources(DATA, "AWS::SecretsManager::ResourcePolicy").values()
    whose = [assembly.to_text(each["Properties"]["SecretId"]) for each in policies]
    assert len(whose) == len({each.partition("Attachment")[0] for each in whose}) == 2


def test_the_site_s_key_can_be_changed_without_signing_anyone_out(assembly: Assembly) -> None:
    secret = find_secrets(assembly)["SiteSecret"]["GenerateSecretString"]
    assert secret["GenerateStringKey"] == "current"
    assert secret["PasswordLength"] >= 50
    assert json.loads(secret["SecretStringTemplate"]) == {"previous": ""}
    assert find_secrets(assembly)["MetricsSecret"]["GenerateSecretString"]["PasswordLength"] >= 20


def test_files_are_private_and_every_version_is_kept_for_a_while(assembly: Assembly) -> None:
    properties = find_file_bucket(assembly)
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    logs = properties["LoggingConfiguration"]["DestinationBucketName"]["Ref"]
    assert logs.startswith("FileLogs")


def test_what_the_lifecycle_deletes(assembly: Assembly) -> None:
    rules = {
        rule["Id"]: rule for rule in find_file_bucket(assembly)["LifecycleConfiguration"]["Rules"]
    }
    assert {rule["Status"] for rule in rules.values()} == {"Enabled"}
    everything, uploads, renditions = (rules[i] for i in ("everything", "uploads", "renditions"))
    assert "Prefix" not in everything
    assert everything["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 3}
    assert everything["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert (uploads["Prefix"], uploads["ExpirationInDays"]) == ("uploads/", 3)
    assert uploads["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert renditions["Prefix"] == "renditions/"
    assert renditions["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    (move,) = renditions["Transitions"]
    assert move["StorageClass"] == "INTELLIGENT_TIERING"


def test_nothing_deletes_a_current_file_but_unfinished_uploads(assembly: Assembly) -> None:
    rules = find_file_bucket(assembly)["LifecycleConfiguration"]["Rules"]
    expiring = [rule for rule in rules if {"ExpirationInDays", "ExpirationDate"} & rule.keys()]
    assert [rule["Prefix"] for rule in expiring] == ["uploads/"]


def test_browsers_may_upload_parts_and_read_their_etags(assembly: Assembly) -> None:
    (rule,) = find_file_bucket(assembly)["CorsConfiguration"]["CorsRules"]
    assert sorted(rule["AllowedMethods"]) == ["GET", "HEAD", "POST", "PUT"]
    assert rule["AllowedOrigins"] == ["https://*.cloudfront.net"]
    assert rule["ExposedHeaders"] == ["ETag"]


def test_with_a_custom_domain_only_that_site_may() -> None:
    domain = Domain(name="photos.vanish.example", zone_name="vanish.example", zone_id="Z123")
    config = dataclasses.replace(DEV, domain=domain)
    app = cdk.App()
    network = NetworkStack(app, "network", config=config)
    stack = DataStack(app, DATA, config=config, network=network)
    own = Assembly({DATA: dict(assertions.Template.from_stack(stack).to_json())})
    (rule,) = find_file_bucket(own)["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == ["https://photos.vanish.example"]


@pytest.mark.parametrize("name", WORKERS)
def test_a_message_is_delivered_three_times_and_then_kept_for_two_weeks(
    assembly: Assembly, name: str
) -> None:
    queues = assembly.find_resources(DATA, "AWS::SQS::Queue")
    properties = queues[assembly.read_queue(name).strip("<>")]["Properties"]
    redrive = properties["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == 3
    dead = queues[redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]]["Properties"]
    assert dead["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert "RedrivePolicy" not in dead


def test_every_queue_has_a_dead_letter_queue_or_is_one(assembly: Assembly) -> None:
    queues = assembly.find_resources(DATA, "AWS::SQS::Queue")
    dead = {
        each["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for each in queues.values()
        if "RedrivePolicy" in each["Properties"]
    }
    without = {name for name, each in queues.items() if "RedrivePolicy" not in each["Properties"]}
    assert len(queues) == 6
    assert without == dead


def test_no_message_is_delivered_again_while_its_job_may_run(assembly: Assembly) -> None:
    for name, queue in assembly.find_resources(DATA, "AWS::SQS::Queue").items():
        properties = queue["Properties"]
        assert properties["SqsManagedSseEnabled"] is True, name
        if "RedrivePolicy" in properties:
            assert properties["VisibilityTimeout"] > LONGEST_JOB_SECONDS, name
            assert properties["ReceiveMessageWaitTimeSeconds"] == 10, name


def test_jobs_end_before_their_messages_are_visible_again(assembly: Assembly) -> None:
    longest = int(assembly.read_variable("web", "VANISH_LONGEST_JOB_SECONDS"))
    for queue in assembly.find_resources(DATA, "AWS::SQS::Queue").values():
        assert queue["Properties"].get("VisibilityTimeout", longest + 1) > longest
