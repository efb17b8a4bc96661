"""The services: their images, variables, secrets, networks and schedules."""

import json
import re

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr

from infra.config import Config
from infra.parts.tasks import get_image
from tests.infra.assembly import COMMANDS, WORKERS, Assembly

PROCESSES = COMMANDS[:-1]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_image_is_named_by_its_digest(assembly: Assembly, command: str) -> None:
    image = json.dumps(assembly.find_container(command)["Image"])
    assert re.search(r'@sha256:[0-9a-f]{64}"', image)


@pytest.mark.parametrize("digest", ["latest", "sha256:abc", f"sha256:{'A' * 64}", f"x{'a' * 64}"])
def test_a_tag_is_refused(digest: str) -> None:
    repository = ecr.Repository(cdk.Stack(), "Repository")
    with pytest.raises(ValueError, match="is not the digest of an image"):
        get_image(repository, digest)


@pytest.mark.parametrize("command", COMMANDS)
def test_only_two_folders_can_be_written_to(assembly: Assembly, command: str) -> None:
    container = assembly.find_container(command)
    assert container["ReadonlyRootFilesystem"] is True
    paths = {point["ContainerPath"]: point for point in container["MountPoints"]}
    assert set(paths) == {"/data", "/tmp"}  # noqa: S108  in the container
    assert not any(point["ReadOnly"] for point in paths.values())
    volumes = {volume["Name"]: volume for volume in assembly.find_task(command)["Volumes"]}
    assert set(volumes) == {point["SourceVolume"] for point in paths.values()}
    assert not any("Host" in volume for volume in volumes.values())
    assert not container.get("Privileged")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_task_has_two_minutes_to_stop(assembly: Assembly, command: str) -> None:
    assert assembly.find_container(command)["StopTimeout"] == 120
    assert int(assembly.read_variable(command, "VANISH_STOP_SECONDS")) < 120


def test_photos_fit_the_memory_of_every_task(assembly: Assembly, config: Config) -> None:
    own_memory, bytes_a_pixel = 256, 3
    assert assembly.read_variable("web", "VANISH_PHOTO_MEMORY_MB") == str(config.photo_memory)
    one = config.photo_memory + bytes_a_pixel * config.photo_megapixels
    assert 2 * one + own_memory <= config.web.memory
    assert all(one + own_memory <= worker.memory for worker in config.workers.values())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_task_writes_to_its_own_log_group(
    assembly: Assembly, config: Config, command: str
) -> None:
    options = assembly.find_container(command)["LogConfiguration"]["Options"]
    groups = assembly.find_resources("service", "AWS::Logs::LogGroup")
    group = groups[options["awslogs-group"]["Ref"]]["Properties"]
    assert group["LogGroupName"] == f"/{config.prefix}/{command}"
    assert group["RetentionInDays"] == config.log_days


@pytest.mark.parametrize("command", COMMANDS)
def test_every_process_has_the_same_variables(
    assembly: Assembly, config: Config, command: str
) -> None:
    host = assembly.read_variable(command, "VANISH_ALLOWED_HOSTS")
    assert "Distribution" in host
    expected = {
        "VANISH_ENVIRONMENT": "production",
        "VANISH_TRUSTED_ORIGINS": f"https://{host}",
        "VANISH_PROXY_SCHEME_HEADER": "CloudFront-Forwarded-Proto",
        "VANISH_MAIL_URL": f"ses://{config.region}",
        "VANISH_MAIL_FROM": config.mail_from,
        "AWS_REGION": config.region,
        "CELERY_BROKER_URL": "sqs://",
        "DETECTOR": "rekognition",
        "VANISH_LONGEST_JOB_SECONDS": "900",
    }
    properties = {name: assembly.read_variable(command, name) for name in expected}
    assert properties == expected
    assert "CidrBlock" in assembly.read_variable(command, "VANISH_TRUSTED_PROXIES")


@pytest.mark.parametrize("command", COMMANDS)
def test_secrets_are_never_among_the_variables(assembly: Assembly, command: str) -> None:
    secrets = {
        secret["Name"]: assembly.to_text(secret["ValueFrom"])
        for secret in assembly.find_container(command)["Secrets"]
    }
    common = {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "VANISH_DATABASE_SECRET"}
    own = {"web": {"VANISH_METRICS_TOKEN"}, "migrate": {"VANISH_DATABASE_ADMIN_SECRET"}}
    assert set(secrets) == common | own.get(command, set())
    assert secrets["SECRET_KEY"].endswith(":current::")
    assert secrets["SECRET_KEY_FALLBACKS"].endswith(":previous::")
    assert secrets["VANISH_DATABASE_SECRET"].count(":") == 0
    variables = {each["Name"] for each in assembly.find_container(command)["Environment"]}
    assert not variables & set(secrets)


@pytest.mark.parametrize("command", PROCESSES)
def test_a_release_that_does_not_start_is_rolled_back(assembly: Assembly, command: str) -> None:
    deployment = assembly.find_service(command)["Properties"]["DeploymentConfiguration"]
    assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert deployment["MinimumHealthyPercent"] >= (100 if command == "web" else 50)
    assert deployment["MaximumPercent"] == 200


@pytest.mark.parametrize("command", PROCESSES)
def test_nothing_starts_before_the_migration(assembly: Assembly, command: str) -> None:
    (migration,) = assembly.find_resources("service", "Custom::Migration")
    assert migration in assembly.find_service(command)["DependsOn"]


@pytest.mark.parametrize("queue", WORKERS)
def test_a_worker_s_floor_is_on_demand_and_the_rest_spot(
    assembly: Assembly, config: Config, queue: str
) -> None:
    service = assembly.find_service(f"worker-{queue}")
    assert service["Properties"]["CapacityProviderStrategy"] == [
        {"CapacityProvider": "FARGATE", "Base": config.workers[queue].least, "Weight": 0},
        {"CapacityProvider": "FARGATE_SPOT", "Weight": 1},
    ]
    (capacity,) = assembly.find_resources(
        "service", "AWS::ECS::ClusterCapacityProviderAssociations"
    )
    assert capacity in service["DependsOn"]


def test_the_web_server_runs_on_demand_behind_the_load_balancer(assembly: Assembly) -> None:
    service = assembly.find_service("web")["Properties"]
    assert service["LaunchType"] == "FARGATE"
    (target,) = service["LoadBalancers"]
    (group,) = assembly.find_resources("edge", "AWS::ElasticLoadBalancingV2::TargetGroup")
    assert (target["ContainerName"], target["ContainerPort"]) == ("web", 8000)
    assert assembly.to_text(target["TargetGroupArn"]) == f"<{group}>"


def test_the_web_container_has_a_health_check(assembly: Assembly) -> None:
    command = assembly.find_container("web")["HealthCheck"]["Command"]
    assert command == ["CMD", "python", "-m", "processes.health_check"]


@pytest.mark.parametrize("command", PROCESSES)
def test_only_web_and_housekeeping_reach_the_internet(assembly: Assembly, command: str) -> None:
    network = assembly.find_service(command)["Properties"]["NetworkConfiguration"][
        "AwsvpcConfiguration"
    ]
    assert network["AssignPublicIp"] == "DISABLED"
    subnets = {assembly.to_text(subnet).lower() for subnet in network["Subnets"]}
    goes_out = command in {"web", "worker-housekeeping"}
    place = "outward" if goes_out else "inner"
    assert subnets
    assert all(place in subnet for subnet in subnets)
    groups = " ".join(assembly.to_text(group).lower() for group in network["SecurityGroups"])
    assert ("outward" in groups) == goes_out
    assert ("workers" in groups) == (command != "web")


@pytest.mark.parametrize("command", COMMANDS)
def test_sizes_are_the_environment_s(assembly: Assembly, config: Config, command: str) -> None:
    if command == "migrate":
        return
    size = config.workers.get(command.removeprefix("worker-"), config.web)
    task = assembly.find_task(command)
    assert (task["Cpu"], task["Memory"]) == (str(size.cpu), str(size.memory))


def test_every_service_restarts_once_a_week(assembly: Assembly, config: Config) -> None:
    schedules = assembly.find_resources("service", "AWS::Scheduler::Schedule").values()
    properties = []
    for schedule in schedules:
        target = schedule["Properties"]["Target"]
        assert assembly.to_text(target["Arn"]).endswith(":scheduler:::aws-sdk:ecs:updateService")
        assert schedule["Properties"]["ScheduleExpression"] == "cron(0 4 ? * TUE *)"
        properties.append(json.loads(assembly.to_text(target["Input"])))
    services = assembly.find_resources("service", "AWS::ECS::Service")
    assert {each["Service"] for each in properties} == {f"<{name}.Name>" for name in services}
    assert all(each["ForceNewDeployment"] is True for each in properties)


def test_container_insights_are_on_and_their_log_expires(
    assembly: Assembly, config: Config
) -> None:
    (cluster,) = assembly.find_resources("service", "AWS::ECS::Cluster").values()
    assert cluster["Properties"]["ClusterSettings"] == [
        {"Name": "containerInsights", "Value": "enabled"}
    ]
    name = f"/aws/ecs/containerinsights/{cluster['Properties']['ClusterName']}/performance"
    (log,) = (
        logical
        for logical, group in assembly.find_resources("service", "AWS::Logs::LogGroup").items()
        if group["Properties"].get("LogGroupName") == name
    )
    assert log in cluster["DependsOn"]
