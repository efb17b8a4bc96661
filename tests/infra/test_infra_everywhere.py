"""What holds in every stack, whoever wrote it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.config import Config
from tests.infra.assembly import Assembly, listed

KEPT = ("AWS::S3::Bucket", "AWS::RDS::DBInstance", "AWS::SecretsManager::Secret")
EMPTIES = {"s3:GetBucket*", "s3:List*", "s3:DeleteObject*"}
"""What CDK lets its own function do that empties a bucket of dev before it goes."""


def walk(value: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value below this one, with the way to it."""
    yield path, value
    children = dict(enumerate(value)) if isinstance(value, list) else value
    for key, child in children.items() if isinstance(children, dict) else ():
        yield from walk(child, *path, str(key))


def statements(assembly: Assembly) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every policy in every stack."""
    for stack, template in assembly.templates.items():
        for path, value in walk(template["Resources"], stack):
            if isinstance(value, dict) and {"Effect", "Action"} <= value.keys():
                yield "/".join(path), value


def test_no_right_is_told_by_a_wildcard(assembly: Assembly, config: Config) -> None:
    rights, wild = 0, set()
    for place, statement in statements(assembly):
        assert "NotAction" not in statement, place
        if statement["Effect"] == "Allow":
            actions = set(listed(statement["Action"]))
            rights += len(actions)
            if not _empties_a_bucket(statement, config):
                wild |= {f"{place}: {action}" for action in actions if "*" in action}
    assert rights > 50
    assert wild == set()


def _empties_a_bucket(statement: dict[str, Any], config: Config) -> bool:
    who = json.dumps(statement.get("Principal"))
    empties = "CustomS3AutoDeleteObjectsCustomResourceProviderRole" in who
    wild = {action for action in listed(statement["Action"]) if "*" in action}
    return empties and not config.keeps_data and wild == EMPTIES


def test_nobody_is_let_in_from_everywhere(assembly: Assembly) -> None:
    """Whoever is named by `*` is only ever denied."""
    for place, statement in statements(assembly):
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
def test_buckets_queues_and_topics_speak_tls_alone(
    assembly: Assembly, kind: str, policy: str, field: str
) -> None:
    for stack in assembly.templates:
        safe = set()
        for found in assembly.of_type(stack, policy).values():
            for statement in found["Properties"]["PolicyDocument"]["Statement"]:
                insecure = {"Bool": {"aws:SecureTransport": "false"}}
                if statement["Effect"] == "Deny" and statement.get("Condition") == insecure:
                    safe |= {each["Ref"] for each in listed(found["Properties"][field])}
        assert set(assembly.of_type(stack, kind)) == safe, stack


def test_no_bucket_is_public(assembly: Assembly) -> None:
    buckets = dict(assembly.everywhere("AWS::S3::Bucket"))
    assert len(buckets) == 3
    for place, bucket in buckets.items():
        told = bucket["Properties"]
        blocked = told["PublicAccessBlockConfiguration"]
        assert len(blocked) == 4, place
        assert all(blocked.values()), place
        assert "PublicRead" not in told.get("AccessControl", ""), place
        encryption = json.dumps(told["BucketEncryption"])
        assert '"SSEAlgorithm": "AES256"' in encryption, place


def test_no_password_stands_in_a_template(assembly: Assembly) -> None:
    """Where a property is called like one, its value is a reference to Secrets Manager."""
    passwords = [
        (path, json.dumps(value))
        for stack, template in assembly.templates.items()
        for path, value in walk(template["Resources"], stack)
        if path[-1].endswith("Password") or path[-1] == "SecretString"
    ]
    assert passwords
    for path, value in passwords:
        assert "{{resolve:secretsmanager:" in value, path


def test_every_secret_is_made_up_by_secrets_manager(assembly: Assembly) -> None:
    secrets = dict(assembly.everywhere("AWS::SecretsManager::Secret"))
    assert len(secrets) == 4
    for place, secret in secrets.items():
        assert secret["Properties"]["GenerateSecretString"], place


def test_dev_keeps_nothing_and_prod_what_cannot_be_had_again(
    assembly: Assembly, config: Config
) -> None:
    for stack, template in assembly.templates.items():
        for name, found in template["Resources"].items():
            wishes = {found.get("DeletionPolicy"), found.get("UpdateReplacePolicy")}
            if not config.keeps_data:
                assert wishes <= {"Delete", None}, f"{stack}/{name}"
            if found["Type"] in KEPT:
                # Without a word, AWS keeps a snapshot of a database.
                if config.keeps_data:
                    assert wishes <= {"Retain", "RetainExceptOnCreate"}, f"{stack}/{name}"
                    assert found["UpdateReplacePolicy"] == "Retain", f"{stack}/{name}"
                else:
                    assert wishes == {"Delete"}, f"{stack}/{name}"


def test_no_log_is_kept_for_ever(assembly: Assembly, config: Config) -> None:
    groups = dict(assembly.everywhere("AWS::Logs::LogGroup"))
    assert len(groups) > 10
    for place, group in groups.items():
        assert group["Properties"]["RetentionInDays"] == config.log_days, place
        assert group["DeletionPolicy"] == "Delete", place


def test_every_function_writes_into_a_log_of_ours(assembly: Assembly) -> None:
    functions = 0
    for stack in assembly.templates:
        groups = assembly.of_type(stack, "AWS::Logs::LogGroup")
        for name, function in assembly.of_type(stack, "AWS::Lambda::Function").items():
            functions += 1
            group = function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
            assert group in groups, f"{stack}/{name}"
    assert functions > 5


def test_everything_says_whose_it_is(assembly: Assembly, config: Config) -> None:
    tagged = 0
    for stack, template in assembly.templates.items():
        for name, found in template["Resources"].items():
            tags = found.get("Properties", {}).get("Tags")
            if isinstance(tags, list):
                tagged += 1
                told = {tag["Key"]: tag["Value"] for tag in tags}
                assert told["project"] == "vanish", f"{stack}/{name}"
                assert told["environment"] == config.name, f"{stack}/{name}"
    assert tagged > 50


def test_nothing_is_told_to_anyone_about_the_templates(assembly: Assembly) -> None:
    assert list(assembly.everywhere("AWS::CDK::Metadata")) == []
