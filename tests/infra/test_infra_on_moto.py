"""CDK's command line deploys all of dev to moto, and destroys it again.

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
from tests.infra.cloud import Cloud, CommandLine, run_cloud
from tests.infra.conftest import DIGEST

pytestmark = pytest.mark.xdist_group("infra-moto")

UNKNOWN_KINDS = [
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
PREFIX = "vanish-dev"
DELETED: dict[str, Callable[[Cloud], list[str]]] = {
    "stacks": lambda cloud: _list_names(cloud, "cloudformation", "describe_stacks", "StackName"),
    "buckets": lambda cloud: _list_names(cloud, "s3", "list_buckets", "Name"),
    "queues": lambda cloud: [
        url.rpartition("/")[2]
        for url in cloud.create_client("sqs").list_queues().get("QueueUrls", [])
    ],
    "databases": lambda cloud: _list_names(
        cloud, "rds", "describe_db_instances", "DBInstanceIdentifier"
    ),
    "repositories": lambda cloud: _list_names(
        cloud, "ecr", "describe_repositories", "repositoryName"
    ),
    "logs": lambda cloud: _list_names(cloud, "logs", "describe_log_groups", "logGroupName"),
    "functions": lambda cloud: _list_names(cloud, "lambda", "list_functions", "FunctionName"),
    "roles": lambda cloud: _list_names(cloud, "iam", "list_roles", "RoleName"),
    "balancers": lambda cloud: _list_names(
        cloud, "elbv2", "describe_load_balancers", "LoadBalancerName"
    ),
    "dashboards": lambda cloud: _list_names(
        cloud, "cloudwatch", "list_dashboards", "DashboardName"
    ),
    "topics": lambda cloud: _list_names(cloud, "sns", "list_topics", "TopicArn"),
    "networks": lambda cloud: [
        f"{PREFIX}-{vpc['VpcId']}"
        for vpc in cloud.create_client("ec2").describe_vpcs()["Vpcs"]
        if not vpc["IsDefault"]
    ],
}
"""What moto also deletes with a stack: most of the rest it keeps."""


def _list_names(cloud: Cloud, service: str, call: str, field: str) -> list[str]:
    """Return this field of everything that the call lists."""
    answer = getattr(cloud.create_client(service), call)()
    answer.pop("ResponseMetadata")
    return [each[field] for found in answer.values() if isinstance(found, list) for each in found]


def list_resources(cloud: Cloud) -> dict[str, list[str]]:
    """Return the names of our resources by kind."""
    return {
        kind: sorted(name for name in look(cloud) if PREFIX in name)
        for kind, look in DELETED.items()
    }


@dataclass(frozen=True)
class Life:
    """What moto shows of an environment while it is deployed, and afterwards."""

    stacks: list[str]
    unknown_kinds: list[str]
    resources: dict[str, list[str]]
    rest: dict[str, list[str]]
    queues: dict[str, dict[str, str]]
    database: dict[str, Any]
    services: list[dict[str, Any]]
    images: dict[str, set[str]]
    endpoints: list[dict[str, Any]]
    subnets: dict[str, str]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """An environment that was deployed to an empty account and destroyed."""
    folder = tmp_path_factory.mktemp("cloud")
    with run_cloud(folder) as cloud:
        cdk = CommandLine(cloud, folder)
        cdk.synthesize(environment=DEV.name, digest=DIGEST)
        cdk.bootstrap()
        cdk.deploy()
        resources = list_resources(cloud)
        ecs = cloud.create_client("ecs")
        details = {
            "queues": _read_queues(cloud),
            "database": cloud.create_client("rds").describe_db_instances()["DBInstances"][0],
            "services": _describe_services(ecs),
            "images": _list_images(ecs),
            "endpoints": cloud.create_client("ec2").describe_vpc_endpoints()["VpcEndpoints"],
            "subnets": _list_subnets(cloud),
        }
        cdk.destroy()
        return Life(
            cdk.list_stacks(),
            cloud.list_unknown_kinds(),
            resources,
            list_resources(cloud),
            **details,
        )


def _read_queues(cloud: Cloud) -> dict[str, dict[str, str]]:
    sqs = cloud.create_client("sqs")
    return {
        url.rpartition("/")[2]: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])[
            "Attributes"
        ]
        for url in sqs.list_queues()["QueueUrls"]
    }


def _describe_services(ecs: Any) -> list[dict[str, Any]]:
    names = ecs.list_services(cluster=PREFIX)["serviceArns"]
    found: list[dict[str, Any]] = ecs.describe_services(cluster=PREFIX, services=names)["services"]
    return found


def _list_images(ecs: Any) -> dict[str, set[str]]:
    """Return the images of each task definition."""
    definitions = [
        ecs.describe_task_definition(taskDefinition=name)["taskDefinition"]
        for name in ecs.list_task_definitions()["taskDefinitionArns"]
    ]
    return {
        each["family"]: {container["image"] for container in each["containerDefinitions"]}
        for each in definitions
    }


def _list_subnets(cloud: Cloud) -> dict[str, str]:
    """Return the kind of each subnet by its id."""
    return {
        each["SubnetId"]: tag["Value"]
        for each in cloud.create_client("ec2").describe_subnets()["Subnets"]
        for tag in each.get("Tags", [])
        if tag["Key"] == "aws-cdk:subnet-name"
    }


def test_every_stack_was_created_and_deleted(life: Life) -> None:
    assert len(life.stacks) >= 7
    assert life.resources["stacks"] == life.stacks
    assert life.rest["stacks"] == []


@pytest.mark.parametrize("kind", DELETED)
def test_destroying_leaves_nothing_of_ours(life: Life, kind: str) -> None:
    assert life.resources[kind]
    assert life.rest[kind] == []


def test_moto_supports_all_other_types(life: Life) -> None:
    assert life.unknown_kinds == UNKNOWN_KINDS


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_has_its_dead_letter_queue(life: Life, name: str) -> None:
    (queue,) = (
        properties for own, properties in life.queues.items() if f"{name.title()}Queue" in own
    )
    (dead,) = (
        properties for own, properties in life.queues.items() if f"{name.title()}DeadLetters" in own
    )
    redrive = json.loads(queue["RedrivePolicy"])
    assert redrive == {"deadLetterTargetArn": dead["QueueArn"], "maxReceiveCount": 3}
    assert queue["VisibilityTimeout"] == str(VISIBILITY_SECONDS)
    assert queue["SqsManagedSseEnabled"] == dead["SqsManagedSseEnabled"] == "true"


def test_the_database_is_in_inner_subnets(life: Life) -> None:
    properties = life.database
    assert properties["Engine"] == "postgres"
    assert properties["PubliclyAccessible"] is False
    assert properties["StorageEncrypted"] is True
    places = {
        life.subnets[each["SubnetIdentifier"]] for each in properties["DBSubnetGroup"]["Subnets"]
    }
    assert places == {"Inner"}


def test_there_is_a_service_for_each_of_its_tasks(life: Life) -> None:
    tasks = {service["taskDefinition"].rpartition("/")[2] for service in life.services}
    processes = ["web", *(f"worker-{queue}" for queue in QUEUES)]
    assert tasks == {f"{PREFIX}-{process}:1" for process in processes}


def test_every_task_runs_the_image_of_the_digest(life: Life) -> None:
    assert len(life.images) == 2 + len(QUEUES)
    for image in life.images.values():
        (name,) = image
        assert name.endswith(f"/{PREFIX}@{DIGEST}")


def test_the_network_has_its_endpoints(life: Life) -> None:
    kinds = sorted(each["VpcEndpointType"] for each in life.endpoints)
    assert kinds == ["Gateway", *["Interface"] * 6]


def test_there_are_buckets_for_files_and_for_two_kinds_of_logs(life: Life) -> None:
    properties = sorted(name.removeprefix(f"{PREFIX}-")[:9] for name in life.resources["buckets"])
    assert properties == ["data-file", "data-file", "edge-logs"]
