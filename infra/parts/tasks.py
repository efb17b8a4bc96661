"""What runs in a Fargate task: one container of our image, with one command."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from constructs import Construct

from infra.config import LONGEST_JOB_SECONDS, PORT, QUEUES, STOP_SECONDS, Config, Tasks
from infra.parts.accepted import accept
from infra.parts.logs import log_group

if TYPE_CHECKING:
    from infra.stacks.data import DataStack
    from infra.stacks.edge import EdgeStack
    from infra.stacks.network import NetworkStack

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
WRITABLE = {"data": "/data", "tmp": "/tmp"}  # noqa: S108  folders in the container
KILLED_AFTER = Duration.seconds(120)
"""The longest that Fargate knows, and the notice that Spot gives."""


@dataclass(frozen=True)
class Program:
    """What all tasks of an environment share."""

    config: Config
    image: ecs.ContainerImage
    environment: Mapping[str, str]


def image_of(repository: ecr.IRepository, digest: str) -> ecs.ContainerImage:
    """The image by its digest, which no push can change. Raises ValueError for anything else."""
    if not DIGEST.fullmatch(digest):
        raise ValueError(f"{digest!r} is not the digest of an image: sha256: and 64 hex digits")
    return ecs.ContainerImage.from_ecr_repository(repository, digest)


def environment_of(
    config: Config, *, network: "NetworkStack", data: "DataStack", edge: "EdgeStack"
) -> dict[str, str]:
    """The variables of the README that every process reads; none of them is secret."""
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
        "VANISH_STOP_SECONDS": str(STOP_SECONDS),
        "VANISH_LONGEST_JOB_SECONDS": str(LONGEST_JOB_SECONDS),
    }


def secrets_of(command: str, data: "DataStack") -> dict[str, ecs.Secret]:
    """What the container's environment gets from Secrets Manager when it starts."""
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


def task_definition(
    scope: Construct, program: Program, *, command: str, size: Tasks, data: "DataStack"
) -> ecs.FargateTaskDefinition:
    """A task that does `command`; it may do nothing on AWS until its role is given rights."""
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
        volumes=[ecs.Volume(name=volume) for volume in WRITABLE],
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
        secrets=secrets_of(command, data),
        logging=ecs.LogDriver.aws_logs(
            stream_prefix=command,
            log_group=log_group(scope, f"{definition.node.id}Log", program.config, name=name),
        ),
        readonly_root_filesystem=True,
        stop_timeout=KILLED_AFTER,
        port_mappings=[ecs.PortMapping(container_port=PORT)] if is_web else None,
        health_check=_health_check() if is_web else None,
    )
    container.add_mount_points(
        *(
            ecs.MountPoint(source_volume=volume, container_path=path, read_only=False)
            for volume, path in WRITABLE.items()
        )
    )


def _health_check() -> ecs.HealthCheck:
    return ecs.HealthCheck(
        # The image's own, which ECS does not look at by itself.
        command=["CMD", "python", "-m", "processes.health_check"],
        interval=Duration.seconds(15),
        timeout=Duration.seconds(10),
        retries=3,
        start_period=Duration.seconds(60),
    )


def _accept_findings(definition: ecs.FargateTaskDefinition) -> None:
    accept(
        definition,
        "None of these variables is secret: what is comes from Secrets Manager at the start.",
        "AwsSolutions-ECS2",
    )
    accept(
        definition.obtain_execution_role(),
        "ecr:GetAuthorizationToken knows no resource; what it opens is bound to the repository.",
        "AwsSolutions-IAM5[Resource::*]",
    )
