"""What edits cost by their number, and what an environment costs though nobody comes."""

from infra.capacity import prices
from infra.capacity.inputs import Inputs
from infra.capacity.simulation import Outcome
from infra.capacity.work import HOUR
from infra.config import Config, Tasks

HOURS_A_MONTH = 730
REQUESTS_PER_MESSAGE = 3
"""Sent, received, deleted."""
ENDPOINTS = 6
"""SQS, ECR twice, logs, Secrets Manager, Rekognition; S3's gateway costs nothing."""
SECRETS = 4
"""The database's two users, the site and the metrics."""
WEB_ACL_RULES = 6


def task_hour(tasks: Tasks) -> float:
    """Of one task on demand, in USD."""
    cpu = tasks.cpu / 1024 * prices.FARGATE_CPU.usd
    return cpu + tasks.memory / 1024 * prices.FARGATE_MEMORY.usd


def per_thousand(outcome: Outcome, tasks: Tasks, inputs: Inputs) -> dict[str, float]:
    """USD for 1,000 edits: what was spent in the window, by what it was spent on."""
    thousands = len(outcome.waits) / 1000
    hours = outcome.on_demand_seconds + outcome.spot_seconds * prices.SPOT_SHARE.usd
    messages = outcome.rings * REQUESTS_PER_MESSAGE + outcome.idle_seconds / inputs.poll_seconds
    stored = inputs.stored_gb_per_edit * 1000 * prices.S3_STORAGE.usd
    return {
        "tasks": hours / HOUR * task_hour(tasks) / thousands,
        "SQS": messages / 1e6 * prices.SQS.usd / thousands,
        "S3": inputs.puts_per_edit * prices.S3_PUT.usd
        + inputs.gets_per_edit * prices.S3_GET.usd
        + stored,
        "detection": inputs.detections_per_edit * 1000 * prices.DETECT_LABELS.usd,
    }


def fixed_monthly(config: Config) -> dict[str, float]:
    """USD a month while nobody comes, by what it is for."""
    database = config.database
    zones = 2 if database.is_multi_az else 1
    hourly = prices.RDS_INSTANCES[database.instance].usd * HOURS_A_MONTH
    nat = prices.NAT_GATEWAY.usd + prices.PUBLIC_ADDRESS.usd
    endpoints = ENDPOINTS * config.endpoint_zones * prices.ENDPOINT.usd
    others = [tasks for queue, tasks in config.workers.items() if queue != "edits"]
    return {
        "database": zones * (hourly + database.storage * prices.RDS_STORAGE.usd),
        "NAT gateways": config.nat_gateways * nat * HOURS_A_MONTH,
        "interface endpoints": endpoints * HOURS_A_MONTH,
        "load balancer": prices.LOAD_BALANCER.usd * HOURS_A_MONTH,
        "least tasks of web, detection and housekeeping": _least(config.web, *others),
        "least tasks of edits, counted above too": _least(config.workers["edits"]),
        "firewall": prices.WEB_ACL.usd + WEB_ACL_RULES * prices.WEB_ACL_RULE.usd,
        "secrets": SECRETS * prices.SECRET.usd,
    }


def _least(*services: Tasks) -> float:
    return sum(tasks.least * task_hour(tasks) for tasks in services) * HOURS_A_MONTH
