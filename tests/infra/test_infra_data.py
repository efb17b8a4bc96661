"""What is kept, for how long, and who can read it."""

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


def database(assembly: Assembly) -> dict[str, Any]:
    return assembly.only(DATA, "AWS::RDS::DBInstance")


def files(assembly: Assembly) -> dict[str, Any]:
    """The bucket of photos: the one that has access logs."""
    (found,) = (
        bucket["Properties"]
        for bucket in assembly.of_type(DATA, "AWS::S3::Bucket").values()
        if "LoggingConfiguration" in bucket["Properties"]
    )
    return dict(found)


def secrets(assembly: Assembly) -> dict[str, dict[str, Any]]:
    return {
        name[:-8]: each["Properties"]
        for name, each in assembly.of_type(DATA, "AWS::SecretsManager::Secret").items()
    }


def test_the_database_is_reached_from_within_alone(assembly: Assembly) -> None:
    told = database(assembly)
    assert told["PubliclyAccessible"] is False
    (group,) = told["VPCSecurityGroups"]
    assert assembly.plain(group).startswith("<DatabaseGroup")
    subnets = assembly.only(DATA, "AWS::RDS::DBSubnetGroup")["SubnetIds"]
    assert len(subnets) == 2
    assert all(assembly.plain(subnet).startswith("<NetworkInner") for subnet in subnets)


def test_the_database_speaks_tls_alone_and_is_encrypted(assembly: Assembly) -> None:
    (name,) = assembly.of_type(DATA, "AWS::RDS::DBParameterGroup")
    told = assembly.only(DATA, "AWS::RDS::DBParameterGroup")
    assert told["Parameters"] == {"rds.force_ssl": "1"}
    assert database(assembly)["DBParameterGroupName"] == {"Ref": name}
    assert database(assembly)["StorageEncrypted"] is True


def test_it_is_a_postgresql_that_the_platform_supports(assembly: Assembly) -> None:
    told = database(assembly)
    assert told["Engine"] == "postgres"
    assert int(told["EngineVersion"]) >= 15
    family = assembly.only(DATA, "AWS::RDS::DBParameterGroup")["Family"]
    assert family == f"postgres{told['EngineVersion']}"
    assert told["DBName"] == "vanish"


def test_the_database_is_as_large_and_as_safe_as_the_environment_says(
    assembly: Assembly, config: Config
) -> None:
    told, size = database(assembly), config.database
    assert told["DBInstanceClass"] == f"db.{size.instance}"
    assert told["AllocatedStorage"] == str(size.storage)
    assert told["MaxAllocatedStorage"] == size.most_storage
    assert told["MultiAZ"] is size.is_multi_az
    assert told["BackupRetentionPeriod"] == size.backup_days >= 1
    assert told["DeletionProtection"] is config.keeps_data
    assert told["DeleteAutomatedBackups"] is not config.keeps_data


def test_the_database_s_lines_go_where_they_are_not_kept_for_ever(
    assembly: Assembly, config: Config
) -> None:
    exports = database(assembly)["EnableCloudwatchLogsExports"]
    groups = {
        each["Properties"].get("LogGroupName"): name
        for name, each in assembly.of_type(DATA, "AWS::Logs::LogGroup").items()
    }
    (instance,) = assembly.of_type(DATA, "AWS::RDS::DBInstance").values()
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
    made = json.loads(_text(secrets(assembly)[name]["GenerateSecretString"]))
    assert (made["username"], made["dbname"]) == (user, "vanish")
    (told,) = (
        each["Properties"]
        for each in assembly.of_type(DATA, "AWS::SecretsManager::RotationSchedule").values()
        if each["Properties"]["SecretId"]["Ref"].startswith(f"{name}Attachment")
    )
    assert told["RotationRules"] == {"ScheduleExpression": "rate(30 days)"}
    assert told["RotateImmediatelyOnUpdate"] is False
    function = told["HostedRotationLambda"]
    assert function["RotationType"] == kind
    assert assembly.plain(function["VpcSecurityGroupIds"]).startswith("<RotationGroup")
    logs = assembly.of_type(DATA, "AWS::Logs::LogGroup").values()
    names = {each["Properties"].get("LogGroupName") for each in logs}
    assert f"/aws/lambda/{function['RotationLambdaName']}" in names


def _text(generator: dict[str, Any]) -> str:
    """The template of a secret's JSON, references aside."""
    template = generator["SecretStringTemplate"]
    if isinstance(template, str):
        return template
    return "".join(
        str(part.get("Ref") if isinstance(part, dict) else part) for part in template["Fn::Join"][1]
    )


def test_the_application_s_password_is_changed_by_the_admin(assembly: Assembly) -> None:
    """AWS's function looks for `masterarn` in the secret that it changes."""
    made = json.loads(_text(secrets(assembly)["DatabaseApplicationSecret"]["GenerateSecretString"]))
    assert made["masterarn"].startswith("DatabaseAdminSecret")
    (told,) = (
        each["Properties"]["HostedRotationLambda"]
        for each in assembly.of_type(DATA, "AWS::SecretsManager::RotationSchedule").values()
        if each["Properties"]["HostedRotationLambda"]["RotationType"] == "PostgreSQLMultiUser"
    )
    assert told["MasterSecretArn"]["Ref"].startswith("DatabaseAdminSecret")


def test_both_users_secrets_are_told_where_the_database_is(assembly: Assembly) -> None:
    (server,) = assembly.of_type(DATA, "AWS::RDS::DBInstance")
    attached = set()
    for each in assembly.of_type(DATA, "AWS::SecretsManager::SecretTargetAttachment").values():
        assert each["Properties"]["TargetId"] == {"Ref": server}
        attached.add(each["Properties"]["SecretId"]["Ref"][:-8])
    assert attached == {"DatabaseAdminSecret", "DatabaseApplicationSecret"}


def test_no_secret_has_two_policies(assembly: Assembly) -> None:
    """AWS takes one."""
    policies = assembly.of_type(DATA, "AWS::SecretsManager::ResourcePolicy").values()
    whose = [assembly.plain(each["Properties"]["SecretId"]) for each in policies]
    assert len(whose) == len({each.partition("Attachment")[0] for each in whose}) == 2


def test_the_site_s_key_can_be_changed_without_signing_anyone_out(assembly: Assembly) -> None:
    made = secrets(assembly)["SiteSecret"]["GenerateSecretString"]
    assert made["GenerateStringKey"] == "current"
    assert made["PasswordLength"] >= 50
    assert json.loads(made["SecretStringTemplate"]) == {"previous": ""}
    assert secrets(assembly)["MetricsSecret"]["GenerateSecretString"]["PasswordLength"] >= 20


def test_files_are_private_and_every_version_is_kept_for_a_while(assembly: Assembly) -> None:
    told = files(assembly)
    assert told["VersioningConfiguration"] == {"Status": "Enabled"}
    assert told["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    logs = told["LoggingConfiguration"]["DestinationBucketName"]["Ref"]
    assert logs.startswith("FileLogs")


def test_what_the_lifecycle_deletes(assembly: Assembly) -> None:
    rules = {rule["Id"]: rule for rule in files(assembly)["LifecycleConfiguration"]["Rules"]}
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
    rules = files(assembly)["LifecycleConfiguration"]["Rules"]
    expiring = [rule for rule in rules if {"ExpirationInDays", "ExpirationDate"} & rule.keys()]
    assert [rule["Prefix"] for rule in expiring] == ["uploads/"]


def test_browsers_may_send_parts_and_read_their_tags(assembly: Assembly) -> None:
    (rule,) = files(assembly)["CorsConfiguration"]["CorsRules"]
    assert sorted(rule["AllowedMethods"]) == ["GET", "HEAD", "POST", "PUT"]
    assert rule["AllowedOrigins"] == ["https://*.cloudfront.net"]
    assert rule["ExposedHeaders"] == ["ETag"]


def test_with_a_name_of_one_s_own_only_that_site_may() -> None:
    domain = Domain(name="photos.vanish.example", zone_name="vanish.example", zone_id="Z123")
    config = dataclasses.replace(DEV, domain=domain)
    app = cdk.App()
    network = NetworkStack(app, "network", config=config)
    stack = DataStack(app, DATA, config=config, network=network)
    own = Assembly({DATA: dict(assertions.Template.from_stack(stack).to_json())})
    (rule,) = files(own)["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == ["https://photos.vanish.example"]


@pytest.mark.parametrize("name", WORKERS)
def test_a_message_is_tried_three_times_and_then_kept_for_two_weeks(
    assembly: Assembly, name: str
) -> None:
    queues = assembly.of_type(DATA, "AWS::SQS::Queue")
    told = queues[assembly.queue(name).strip("<>")]["Properties"]
    redrive = told["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == 3
    dead = queues[redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]]["Properties"]
    assert dead["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert "RedrivePolicy" not in dead


def test_every_queue_has_dead_letters_or_is_some_queue_s(assembly: Assembly) -> None:
    queues = assembly.of_type(DATA, "AWS::SQS::Queue")
    dead = {
        each["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for each in queues.values()
        if "RedrivePolicy" in each["Properties"]
    }
    without = {name for name, each in queues.items() if "RedrivePolicy" not in each["Properties"]}
    assert len(queues) == 6
    assert without == dead


def test_no_message_comes_again_while_its_job_may_run(assembly: Assembly) -> None:
    for name, queue in assembly.of_type(DATA, "AWS::SQS::Queue").items():
        told = queue["Properties"]
        assert told["SqsManagedSseEnabled"] is True, name
        if "RedrivePolicy" in told:
            assert told["VisibilityTimeout"] > LONGEST_JOB_SECONDS, name
            assert told["ReceiveMessageWaitTimeSeconds"] == 10, name


def test_jobs_are_cut_off_where_the_queue_believes(assembly: Assembly) -> None:
    told = int(assembly.variable("web", "VANISH_LONGEST_JOB_SECONDS"))
    for queue in assembly.of_type(DATA, "AWS::SQS::Queue").values():
        assert queue["Properties"].get("VisibilityTimeout", told + 1) > told
