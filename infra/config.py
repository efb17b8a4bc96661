"""All differences between the environments dev and prod."""

from dataclasses import dataclass

QUEUES = ("edits", "detection", "housekeeping")
"""Each queue has its own worker, as in config.celery."""

PORT = 8000
LONGEST_JOB_SECONDS = 900
"""The platform's VANISH_LONGEST_JOB_SECONDS."""
VISIBILITY_SECONDS = LONGEST_JOB_SECONDS + 120
"""A message must not be delivered again while its job still runs or its worker stops."""
STOP_SECONDS = 100
"""How long a task may work on after SIGTERM; Fargate kills it after at most 120 s."""


@dataclass(frozen=True)
class Domain:
    """A custom domain and its Route 53 zone."""

    name: str
    zone_name: str
    zone_id: str


@dataclass(frozen=True)
class Database:
    """The PostgreSQL server. Sizes in GiB."""

    instance: str
    storage: int
    most_storage: int
    is_multi_az: bool
    backup_days: int
    connections_alarm: int


@dataclass(frozen=True)
class Tasks:
    """The Fargate tasks of one service: CPU units (1024 = one vCPU), MiB, and how many."""

    cpu: int
    memory: int
    least: int
    most: int


@dataclass(frozen=True)
class Config:
    """One environment."""

    name: str
    region: str
    domain: Domain | None
    alert_email: str
    monthly_budget: int
    keeps_data: bool
    log_days: int
    endpoint_zones: int
    nat_gateways: int
    database: Database
    web: Tasks
    workers: dict[str, Tasks]
    photo_megapixels: int
    """The platform's VANISH_PHOTO_MAX_MEGAPIXELS."""
    photo_memory: int
    """The platform's VANISH_PHOTO_MEMORY_MB. A web task opens two photos at once."""
    backlog_per_task: dict[str, int]
    """The target of scaling, by queue: messages for each task, waiting or in work. The simulation
    in infra/capacity shows the cost of another number and how long users would wait."""

    @property
    def prefix(self) -> str:
        """The first part of the names of all stacks."""
        return f"vanish-{self.name}"

    @property
    def mail_from(self) -> str:
        """The sender of mails; this address, or its domain, must be verified with SES."""
        return f"noreply@{self.domain.name}" if self.domain else self.alert_email


DEV = Config(
    name="dev",
    region="us-east-1",
    domain=None,
    alert_email="dev@vanish.example",
    monthly_budget=350,
    keeps_data=False,
    log_days=7,
    endpoint_zones=1,
    nat_gateways=1,
    database=Database(
        instance="t4g.micro",
        storage=20,
        most_storage=50,
        is_multi_az=False,
        backup_days=1,
        connections_alarm=60,
    ),
    web=Tasks(cpu=512, memory=2048, least=1, most=2),
    workers={
        "edits": Tasks(cpu=2048, memory=4096, least=1, most=4),
        "detection": Tasks(cpu=1024, memory=2048, least=1, most=2),
        "housekeeping": Tasks(cpu=512, memory=2048, least=1, most=1),
    },
    photo_megapixels=70,
    photo_memory=680,
    backlog_per_task={"edits": 2, "detection": 2, "housekeeping": 20},
)
PROD = Config(
    name="prod",
    region="us-east-1",
    domain=None,
    alert_email="ops@vanish.example",
    monthly_budget=2500,
    keeps_data=True,
    log_days=90,
    endpoint_zones=2,
    nat_gateways=2,
    database=Database(
        instance="m7g.large",
        storage=100,
        most_storage=1000,
        is_multi_az=True,
        backup_days=30,
        connections_alarm=700,
    ),
    web=Tasks(cpu=1024, memory=4096, least=2, most=10),
    workers={
        "edits": Tasks(cpu=2048, memory=4096, least=2, most=260),
        "detection": Tasks(cpu=1024, memory=2048, least=1, most=20),
        "housekeeping": Tasks(cpu=512, memory=2048, least=1, most=2),
    },
    photo_megapixels=120,
    photo_memory=1280,
    backlog_per_task={"edits": 2, "detection": 2, "housekeeping": 20},
)
ENVIRONMENTS = {config.name: config for config in (DEV, PROD)}
