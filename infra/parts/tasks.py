"""Definitions of Fargate tasks: one container of our image, with one command."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from constructs import Construct

from infra.config import LONGEST_JOB_SECONDS, PORT, QUEUES, STOP_SECONDS, Config, Tasks
from infra.parts.findings import accept
from infra.parts.logs import add_log_group

if TYPE_CHECKING:
    from infra.stacks.data import DataStack
    from infra.stacks.edge import EdgeStack
    from infra.stacks.network import NetworkStack

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
VOLUMES = {"data": "/data", "tmp": "/tmp"}  # noqa: S108  folders in the container
KILL_TIMEOUT = Duration.seconds(120)
"""The maximum on Fargate, and the notice before Spot interrupts a task."""


@dataclass(frozen=True)
class Program:
    """Image and variables that all tasks of an environment share."""

    config: Config
    image: ecs.ContainerImage
    environment: Mapping[str, str]


def get_image(repository: ecr.IRepository, digest: str) -> ecs.ContainerImage:
    """Return the image by its digest, which no push can change. Raises ValueError for a tag."""
    if not DIGEST.fullmatch(digest):
        raise ValueError(f"{digest!r} is not the digest of an image: sha256: and 64 hex digits")
    return ecs.ContainerImage.from_ecr_repository(repository, digest)


def build_environment(
    config: Config, *, network: "NetworkStack", data: "DataStack", edge: "EdgeStack"
) -> dict[str, str]:
    """Build the environment variables of every process; none of them is secret."""
    queues = {f"VANISH_{name.upper()}_QUEUE_URL": data.queues[name].queue_url for name in QUEUES}
    return {
        "VANISH_ENVIRONMENT": "production",
        "VANISH_ALLOWED_HOSTS": edge.host_name,
        "VANISH_TRUSTED_ORIGINS": f"https://{edge.host_name}",
        "VANISH_TRUSTED_PROXIES": network.vpc.vpc_cidr_block,
        "VANISH_PROXY_SCHEME_HEADER": "CloudFront-Forwarded-Proto",
        "VANISH_MAIL_URL": f"ses://{config.region}",
        "VANISH_MAIL_FROM": config.mail_from,
        "VANISH_DATABASE_CA": "/opt/vanish/rds.pem",
        "AWS_REGION": config.region,
        "AWS_STORAGE_BUCKET_NAME": data.bucket.bucket_name,
        "CELERY_BROKER_URL": "sqs://",
        **queues,
        "DETECTOR": "rekognition",
        "VANISH_PHOTO_MAX_MEGAPIXELS": str(config.photo_megapixels),
        "VANISH_PHOTO_MEMORY_MB": str(config.photo_memory),
        "VANISH_STOP_SECONDS": str(STOP_SECONDS),
        "VANISH_LONGEST_JOB_SECONDS": str(LONGEST_JOB_SECONDS),
    }


def collect_secrets(command: str, data: "DataStack") -> dict[str, ecs.Secret]:
    """Return the variables that come from Secrets Manager when the container starts."""
    read = ecs.Secret.from_secrets_manager
    secrets = {
        "SECRET_KEY": read(data.site_secret, "current"),
        "SECRET_KEY_FALLBACKS": read(data.site_secret, "previous"),
        "VANISH_DATABASE_SECRET": read(data.application_secret),
    }
    if command == "web":
        secrets["VANISH_METRICS_TOKEN"] = read(data.metrics_secret)
    if command == "migrate":
        secrets["VANISH_DATABASE_ADMIN_SECRET"] = read(data.admin_secret)
    return secrets


def add_task_definition(
    scope: Construct, program: Program, *, command: str, size: Tasks, data: "DataStack"
) -> ecs.FargateTaskDefinition:
    """Add a task definition for a command. Its role has no permissions until they are granted."""
    name = command.title().replace("-", "")
    definition = ecs.FargateTaskDefinition(
        scope,
        f"{name}Task",
        family=f"{program.config.prefix}-{command}",
        cpu=size.cpu,
        memory_limit_mib=size.memory,
        runtime_platform=ecs.RuntimePlatform(
            cpu_architecture=ecs.CpuArchitecture.X86_64,
            operating_system_family=ecs.OperatingSystemFamily.LINUX,
        ),
        volumes=[ecs.Volume(name=volume) for volume in VOLUMES],
    )
    _add_container(scope, definition, program, command=command, data=data)
    _accept_findings(definition)
    return definition


def _add_container(
    scope: Construct,
    definition: ecs.FargateTaskDefinition,
    program: Program,
    *,
    command: str,
    data: "DataStack",
) -> None:
    is_web = command == "web"
    name = f"/{program.config.prefix}/{command}"
    container = definition.add_container(
        command,
        image=program.image,
        command=[command],
        environment=dict(program.environment),
        secrets=collect_secrets(command, data),
        logging=ecs.LogDriver.aws_logs(
            stream_prefix=command,
            log_group=add_log_group(scope, f"{definition.node.id}Log", program.config, name=name),
        ),
        readonly_root_filesystem=True,
        stop_timeout=KILL_TIMEOUT,
        port_mappings=[ecs.PortMapping(container_port=PORT)] if is_web else None,
        health_check=_build_health_check() if is_web else None,
    )
    container.add_mount_points(
        *(
            ecs.MountPoint(source_volume=volume, container_path=path, read_only=False)
            for volume, path in VOLUMES.items()
        )
    )


def _build_health_check() -> ecs.HealthCheck:
    return ecs.HealthCheck(
        # ECS ignores the image's own health check, so it is repeated here.
        command=["CMD", "python", "-m", "processes.health_check"],
        interval=Duration.seconds(15),
        timeout=Duration.seconds(10),
        retries=3,
        start_period=Duration.seconds(60),
    )


def _accept_findings(definition: ecs.FargateTaskDefinition) -> None:
    accept(
        definition,
        "None of these variables is secret: secrets come from Secrets Manager at the start.",
        "AwsSolutions-ECS2",
    )
    accept(
        definition.obtain_execution_role(),
        "ecr:GetAuthorizationToken has no resource to name; the other actions name the repository.",
        "AwsSolutions-IAM5[Resource::*]",
    )
