"""Rules for all stacks."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.config import Config
from tests.infra.assembly import Assembly, to_list

KEPT = ("AWS::S3::Bucket", "AWS::RDS::DBInstance", "AWS::SecretsManager::Secret")
EMPTIES = {"s3:GetBucket*", "s3:List*", "s3:DeleteObject*"}
"""Permissions of CDK's own function that empties a bucket of dev before its deletion."""


def walk(value: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value below this one, with its path."""
    yield path, value
    children = dict(enumerate(value)) if isinstance(value, list) else value
    for key, child in children.items() if isinstance(children, dict) else ():
        yield from walk(child, *path, str(key))


def walk_statements(assembly: Assembly) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every statement of every policy in every stack, with its path."""
    for stack, template in assembly.templates.items():
        for path, value in walk(template["Resources"], stack):
            if isinstance(value, dict) and {"Effect", "Action"} <= value.keys():
                yield "/".join(path), value


def test_no_permission_has_a_wildcard(assembly: Assembly, config: Config) -> None:
    rights, wild = 0, set()
    for place, statement in walk_statements(assembly):
        assert "NotAction" not in statement, place
        if statement["Effect"] == "Allow":
            actions = set(to_list(statement["Action"]))
            rights += len(actions)
            if not _is_emptying_bucket(statement, config):
                wild |= {f"{place}: {action}" for action in actions if "*" in action}
    assert rights > 50
    assert wild == set()


def _is_emptying_bucket(statement: dict[str, Any], config: Config) -> bool:
    who = json.dumps(statement.get("Principal"))
    is_emptying = "CustomS3AutoDeleteObjectsCustomResourceProviderRole" in who
    wild = {action for action in to_list(statement["Action"]) if "*" in action}
    return is_emptying and not config.keeps_data and wild == EMPTIES


def test_no_permission_is_for_everyone(assembly: Assembly) -> None:
    """The principal `*` is only used in a Deny."""
    for place, statement in walk_statements(assembly):
        if statement["Effect"] == "Allow" and "Principal" in statement:
            assert "*" not in json.dumps(statement["Principal"]), place


@pytest.mark.parametrize(
    ("kind", "policy", "field"),
    [
        ("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"),
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
        ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"),
    ],
)
def test_buckets_queues_and_topics_require_tls(
    assembly: Assembly, kind: str, policy: str, field: str
) -> None:
    for stack in assembly.templates:
        safe = set()
        for found in assembly.find_resources(stack, policy).values():
            for statement in found["Properties"]["PolicyDocument"]["Statement"]:
                insecure = {"Bool": {"aws:SecureTransport": "false"}}
                if statement["Effect"] == "Deny" and statement.get("Condition") == insecure:
                    safe |= {each["Ref"] for each in to_list(found["Properties"][field])}
        assert set(assembly.find_resources(stack, kind)) == safe, stack


def test_no_bucket_is_public(assembly: Assembly) -> None:
    buckets = dict(assembly.find_everywhere("AWS::S3::Bucket"))
    assert len(buckets) == 3
    for place, bucket in buckets.items():
        properties = bucket["Properties"]
        blocked = properties["PublicAccessBlockConfiguration"]
        assert len(blocked) == 4, place
        assert all(blocked.values()), place
        assert "PublicRead" not in properties.get("AccessControl", ""), place
        encryption = json.dumps(properties["BucketEncryption"])
        assert '"SSEAlgorithm": "AES256"' in encryption, place


def test_no_template_contains_a_password(assembly: Assembly) -> None:
    """A property with the name of a password refers to Secrets Manager."""
    passwords = [
        (path, json.dumps(value))
        for stack, template in assembly.templates.items()
        for path, value in walk(template["Resources"], stack)
        if path[-1].endswith("Password") or path[-1] == "SecretString"
    ]
    assert passwords
    for path, value in passwords:
        assert "{{resolve:secretsmanager:" in value, path


def test_every_secret_is_generated_by_secrets_manager(assembly: Assembly) -> None:
    secrets = dict(assembly.find_everywhere("AWS::SecretsManager::Secret"))
    assert len(secrets) == 4
    for place, secret in secrets.items():
        assert secret["Properties"]["GenerateSecretString"], place


def test_dev_keeps_nothing_and_prod_keeps_its_data(assembly: Assembly, config: Config) -> None:
    for stack, template in assembly.templates.items():
        for name, found in template["Resources"].items():
            policies = {found.get("DeletionPolicy"), found.get("UpdateReplacePolicy")}
            if not config.keeps_data:
                assert policies <= {"Delete", None}, f"{stack}/{name}"
            if found["Type"] in KEPT:
                # Without a policy AWS keeps a snapshot of a database.
                if config.keeps_data:
                    assert policies <= {"Retain", "RetainExceptOnCreate"}, f"{stack}/{name}"
                    assert found["UpdateReplacePolicy"] == "Retain", f"{stack}/{name}"
                else:
                    assert policies == {"Delete"}, f"{stack}/{name}"


def test_every_log_expires(assembly: Assembly, config: Config) -> None:
    groups = dict(assembly.find_everywhere("AWS::Logs::LogGroup"))
    assert len(groups) > 10
    for place, group in groups.items():
        assert group["Properties"]["RetentionInDays"] == config.log_days, place
        assert group["DeletionPolicy"] == "Delete", place


def test_every_function_writes_into_a_log_of_ours(assembly: Assembly) -> None:
    functions = 0
    for stack in assembly.templates:
        groups = assembly.find_resources(stack, "AWS::Logs::LogGroup")
        for name, function in assembly.find_resources(stack, "AWS::Lambda::Function").items():
            functions += 1
            group = function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
            assert group in groups, f"{stack}/{name}"
    assert functions > 5


def test_every_resource_has_the_project_s_tags(assembly: Assembly, config: Config) -> None:
    count = 0
    for stack, template in assembly.templates.items():
        for name, found in template["Resources"].items():
            tags = found.get("Properties", {}).get("Tags")
            if isinstance(tags, list):
                count += 1
                properties = {tag["Key"]: tag["Value"] for tag in tags}
                assert properties["project"] == "vanish", f"{stack}/{name}"
                assert properties["environment"] == config.name, f"{stack}/{name}"
    assert count > 50


def test_no_usage_data_is_sent(assembly: Assembly) -> None:
    assert list(assembly.find_everywhere("AWS::CDK::Metadata")) == []
