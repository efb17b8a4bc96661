"""The limits of an environment, and its costs in USD."""

from typing import NamedTuple

from infra.capacity import USD, Inputs
from infra.capacity.simulation import HOUR, Simulation, compute_mean_service
from infra.config import Config, Tasks


class Limit(NamedTuple):
    """A resource: what one edit uses of it, what there is, and the rate at which it is full."""

    name: str
    usage: str
    supply: str
    edits_per_hour: float


def find_limits(config: Config, inputs: Inputs) -> list[Limit]:
    """Return the limits of an environment, the one first that edits reach first."""
    web, detection, edits = config.web, config.workers["detection"], config.workers["edits"]
    web_cpu, detection_cpu = (size.most * size.cpu / 1024 for size in (web, detection))
    local = inputs["local_detection"] * inputs["local_detector_cores"]
    rows = [
        ("web: CPU of uploads", inputs["upload_cpu"], "CPU-s", web_cpu, "vCPU"),
        ("detection: tasks", inputs["rekognition"], "s", detection.most, "tasks"),
        ("detection: Rekognition's quota", 1.0, "calls", inputs["rekognition_quota"], "calls/s"),
        ("detection: CPU of the local detector", local, "CPU-s", detection_cpu, "vCPU"),
        ("edits: tasks", compute_mean_service(inputs), "s", edits.most, "tasks"),
    ]
    limits = (
        Limit(name, f"{usage:.2f} {used}", f"{most:g} {unit}", most / usage * HOUR)
        for name, usage, used, most, unit in rows
    )
    return sorted(limits, key=lambda limit: limit.edits_per_hour)


def judge_limit(edits_per_hour: float, rate: float, inputs: Inputs) -> str:
    """Return whether a limit is high enough for so many edits an hour, and for their bursts."""
    if rate >= edits_per_hour:
        return "no"
    return "yes" if rate * inputs["burst_factor"] < edits_per_hour else "not in bursts"


def compute_task_hour(size: Tasks) -> float:
    """Return the cost of one task on demand for an hour."""
    return (size.cpu * USD["fargate_cpu"] + size.memory * USD["fargate_memory"]) / 1024


def compute_edit_costs(run: Simulation, config: Config, inputs: Inputs) -> dict[str, float]:
    """Return the cost of 1,000 edits by what it is for."""
    thousands, web, workers = len(run.waits) / 1000, config.web, config.workers
    hours = (run.on_demand_seconds + run.spot_seconds * USD["spot_share"]) / HOUR
    polls = (run.on_demand_seconds + run.spot_seconds) / inputs["poll"]  # as if nothing was found
    requests = (len(run.waits) + run.restarts) * inputs["requests_per_message"] + polls
    web_hours = inputs["upload_cpu"] / inputs["web_cpu_share"] * 1024 / web.cpu / HOUR
    return {
        "tasks of edits": hours * compute_task_hour(workers["edits"]) / thousands,
        "tasks of web": 1000 * web_hours * compute_task_hour(web),
        "tasks of detection": inputs["rekognition"] / 3.6 * compute_task_hour(workers["detection"]),
        "Rekognition": 1000 * USD["detect_labels"],
        "SQS": requests / 1e6 * USD["sqs"] / thousands,
        "S3": sum(inputs[key] * USD[key] for key in ("s3_puts", "s3_gets", "s3_storage")),
    }


def compute_fixed_costs(config: Config, inputs: Inputs) -> dict[str, float]:
    """Return the cost of a month without users by what it is for."""
    hours, database = inputs["hours_per_month"], config.database
    instance = USD[database.instance] * hours + database.storage * USD["rds_storage"]
    nat_gateway, endpoint = USD["nat_gateway"] + USD["public_address"], USD["endpoint"]
    sizes = {**config.workers, "web": config.web}
    least = {name: size.least * compute_task_hour(size) * hours for name, size in sizes.items()}
    edits = least.pop("edits")
    return {
        "database": instance * (2 if database.is_multi_az else 1),
        "NAT gateways": config.nat_gateways * nat_gateway * hours,
        "interface endpoints": inputs["endpoints"] * config.endpoint_zones * endpoint * hours,
        "load balancer": USD["load_balancer"] * hours,
        "least tasks of web, detection and housekeeping": sum(least.values()),
        "least tasks of edits, counted above too": edits,
        "firewall": USD["web_acl"] + inputs["firewall_rules"] * USD["web_acl_rule"],
        "secrets": inputs["secrets"] * USD["secret"],
    }
