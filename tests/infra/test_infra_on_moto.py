"""CDK's own command line deploys all of dev to moto, and destroys it again.

moto makes what it knows of, refuses references to what is not there and policies that are none,
and knows nothing of the rest, which is listed here. It runs no function: that buckets are emptied,
that the default group is closed and that the migration runs is not seen here.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from infra.config import DEV, QUEUES, VISIBILITY_SECONDS
from tests.infra.cloud import Cloud, CommandLine, running
from tests.infra.conftest import DIGEST

pytestmark = pytest.mark.xdist_group("infra-moto")

NOT_MADE = [
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::Budgets::Budget",
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::VpcOrigin",
    "AWS::CloudWatch::Alarm",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::ECS::ClusterCapacityProviderAssociations",
    "AWS::S3::BucketPolicy",
    "AWS::SES::EmailIdentity",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::Schedule",
    "AWS::SecretsManager::ResourcePolicy",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::SecretsManager::Secret",
    "AWS::SecretsManager::SecretTargetAttachment",
    "AWS::WAFv2::LoggingConfiguration",
    "AWS::WAFv2::WebACL",
]
"""What moto's CloudFormation does not know: taken as made, and held by the templates' tests."""
OURS = "vanish-dev"
DELETED: dict[str, Callable[[Cloud], list[str]]] = {
    "stacks": lambda cloud: _names(cloud, "cloudformation", "describe_stacks", "StackName"),
    "buckets": lambda cloud: _names(cloud, "s3", "list_buckets", "Name"),
    "queues": lambda cloud: [
        url.rpartition("/")[2] for url in cloud.client("sqs").list_queues().get("QueueUrls", [])
    ],
    "databases": lambda cloud: _names(
        cloud, "rds", "describe_db_instances", "DBInstanceIdentifier"
    ),
    "repositories": lambda cloud: _names(cloud, "ecr", "describe_repositories", "repositoryName"),
    "logs": lambda cloud: _names(cloud, "logs", "describe_log_groups", "logGroupName"),
    "functions": lambda cloud: _names(cloud, "lambda", "list_functions", "FunctionName"),
    "roles": lambda cloud: _names(cloud, "iam", "list_roles", "RoleName"),
    "balancers": lambda cloud: _names(
        cloud, "elbv2", "describe_load_balancers", "LoadBalancerName"
    ),
    "dashboards": lambda cloud: _names(cloud, "cloudwatch", "list_dashboards", "DashboardName"),
    "topics": lambda cloud: _names(cloud, "sns", "list_topics", "TopicArn"),
    "networks": lambda cloud: [
        f"{OURS}-{vpc['VpcId']}"
        for vpc in cloud.client("ec2").describe_vpcs()["Vpcs"]
        if not vpc["IsDefault"]
    ],
}
"""What moto also deletes with a stack: most of the rest it keeps."""


def _names(cloud: Cloud, service: str, call: str, field: str) -> list[str]:
    """Of everything that the call lists."""
    answer = getattr(cloud.client(service), call)()
    answer.pop("ResponseMetadata")
    return [each[field] for found in answer.values() if isinstance(found, list) for each in found]


def listed(cloud: Cloud) -> dict[str, list[str]]:
    """The names of all that is ours, by kind."""
    return {
        kind: sorted(name for name in look(cloud) if OURS in name) for kind, look in DELETED.items()
    }


@dataclass(frozen=True)
class Life:
    """What was seen of an environment between its making and its end, and after."""

    stacks: list[str]
    not_made: list[str]
    there: dict[str, list[str]]
    left: dict[str, list[str]]
    queues: dict[str, dict[str, str]]
    database: dict[str, Any]
    services: list[dict[str, Any]]
    images: dict[str, set[str]]
    endpoints: list[dict[str, Any]]
    subnets: dict[str, str]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """From an empty account to an empty account."""
    folder = tmp_path_factory.mktemp("cloud")
    with running(folder) as cloud:
        cdk = CommandLine(cloud, folder)
        cdk.synthesize(environment=DEV.name, digest=DIGEST)
        cdk.bootstrap()
        cdk.deploy()
        there = listed(cloud)
        ecs = cloud.client("ecs")
        seen = {
            "queues": _queues(cloud),
            "database": cloud.client("rds").describe_db_instances()["DBInstances"][0],
            "services": _services(ecs),
            "images": _images(ecs),
            "endpoints": cloud.client("ec2").describe_vpc_endpoints()["VpcEndpoints"],
            "subnets": _subnets(cloud),
        }
        cdk.destroy()
        return Life(cdk.stacks(), cloud.not_made(), there, listed(cloud), **seen)


def _queues(cloud: Cloud) -> dict[str, dict[str, str]]:
    sqs = cloud.client("sqs")
    return {
        url.rpartition("/")[2]: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])[
            "Attributes"
        ]
        for url in sqs.list_queues()["QueueUrls"]
    }


def _services(ecs: Any) -> list[dict[str, Any]]:
    names = ecs.list_services(cluster=OURS)["serviceArns"]
    found: list[dict[str, Any]] = ecs.describe_services(cluster=OURS, services=names)["services"]
    return found


def _images(ecs: Any) -> dict[str, set[str]]:
    """What each task runs."""
    definitions = [
        ecs.describe_task_definition(taskDefinition=name)["taskDefinition"]
        for name in ecs.list_task_definitions()["taskDefinitionArns"]
    ]
    return {
        each["family"]: {container["image"] for container in each["containerDefinitions"]}
        for each in definitions
    }


def _subnets(cloud: Cloud) -> dict[str, str]:
    """Which kind each subnet is of."""
    return {
        each["SubnetId"]: tag["Value"]
        for each in cloud.client("ec2").describe_subnets()["Subnets"]
        for tag in each.get("Tags", [])
        if tag["Key"] == "aws-cdk:subnet-name"
    }


def test_every_stack_was_made_and_none_is_left(life: Life) -> None:
    assert len(life.stacks) >= 7
    assert life.there["stacks"] == life.stacks
    assert life.left["stacks"] == []


@pytest.mark.parametrize("kind", DELETED)
def test_destroying_leaves_nothing_of_ours(life: Life, kind: str) -> None:
    assert life.there[kind]
    assert life.left[kind] == []


def test_what_moto_does_not_know_is_known(life: Life) -> None:
    assert life.not_made == NOT_MADE


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_hands_over_to_its_dead_letters(life: Life, name: str) -> None:
    (queue,) = (told for own, told in life.queues.items() if f"{name.title()}Queue" in own)
    (dead,) = (told for own, told in life.queues.items() if f"{name.title()}DeadLetters" in own)
    redrive = json.loads(queue["RedrivePolicy"])
    assert redrive == {"deadLetterTargetArn": dead["QueueArn"], "maxReceiveCount": 3}
    assert queue["VisibilityTimeout"] == str(VISIBILITY_SECONDS)
    assert queue["SqsManagedSseEnabled"] == dead["SqsManagedSseEnabled"] == "true"


def test_the_database_is_where_nobody_reaches_it(life: Life) -> None:
    told = life.database
    assert told["Engine"] == "postgres"
    assert told["PubliclyAccessible"] is False
    assert told["StorageEncrypted"] is True
    places = {life.subnets[each["SubnetIdentifier"]] for each in told["DBSubnetGroup"]["Subnets"]}
    assert places == {"Inner"}


def test_there_is_a_service_for_each_of_its_tasks(life: Life) -> None:
    tasks = {service["taskDefinition"].rpartition("/")[2] for service in life.services}
    processes = ["web", *(f"worker-{queue}" for queue in QUEUES)]
    assert tasks == {f"{OURS}-{process}:1" for process in processes}


def test_every_task_runs_the_image_of_the_digest(life: Life) -> None:
    assert len(life.images) == 2 + len(QUEUES)
    for image in life.images.values():
        (name,) = image
        assert name.endswith(f"/{OURS}@{DIGEST}")


def test_the_network_has_its_doors(life: Life) -> None:
    kinds = sorted(each["VpcEndpointType"] for each in life.endpoints)
    assert kinds == ["Gateway", *["Interface"] * 6]


def test_there_are_buckets_for_files_and_for_two_kinds_of_logs(life: Life) -> None:
    told = sorted(name.removeprefix(f"{OURS}-")[:9] for name in life.there["buckets"])
    assert told == ["data-file", "data-file", "edge-logs"]
