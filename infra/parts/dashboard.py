"""One page that shows how an environment is doing."""

from collections.abc import Callable, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as watch
from constructs import Construct

from infra.config import QUEUES, Config
from infra.parts.metrics import Metrics

THIRD, HALF = 8, 12
"""Of a row, which is 24 wide."""


def dashboard(scope: Construct, *, config: Config, metrics: Metrics) -> watch.Dashboard:
    """Edits first, because they are what people wait for."""
    rows = (_queues(metrics), _edits(metrics), _web(metrics), _database(metrics), _money(config))
    return watch.Dashboard(
        scope, "Dashboard", dashboard_name=config.prefix, widgets=[list(row) for row in rows]
    )


def _queues(metrics: Metrics) -> list[watch.IWidget]:
    return [
        _graph("Waiting messages", _each(metrics.waiting)),
        _graph("Age of the oldest message (s)", _each(metrics.oldest)),
        _graph("Given up", _each(metrics.dead_letters)),
    ]


def _edits(metrics: Metrics) -> list[watch.IWidget]:
    return [
        _graph("Edits: done in 5 minutes", [metrics.done("edits")]),
        _graph("Workers", _each(metrics.running)),
        _graph("Workers' CPU (%)", _each(metrics.cpu)),
    ]


def _web(metrics: Metrics) -> list[watch.IWidget]:
    return [
        _graph("Web: requests and errors", [metrics.requests(), metrics.web_errors()]),
        _graph("Web: seconds, 95 of 100", [metrics.slow()]),
        _graph("Web: tasks", [metrics.running("web"), metrics.healthy()]),
    ]


def _database(metrics: Metrics) -> list[watch.IWidget]:
    return [
        _graph("Database: CPU (%)", [metrics.database_cpu()]),
        _graph("Database: connections", [metrics.connections()]),
        _graph("Database: free storage (bytes)", [metrics.free_storage()]),
    ]


def _money(config: Config) -> list[watch.IWidget]:
    charges = watch.Metric(
        namespace="AWS/Billing",
        metric_name="EstimatedCharges",
        dimensions_map={"Currency": "USD"},
        statistic="Maximum",
        period=Duration.hours(6),
        region="us-east-1",
        label="this month, the whole account",
    )
    limit = watch.HorizontalAnnotation(value=config.monthly_budget, label="budget")
    return [
        watch.GraphWidget(
            title="Budget (USD)", left=[charges], left_annotations=[limit], width=HALF
        )
    ]


def _each(metric: Callable[[str], watch.Metric]) -> list[watch.IMetric]:
    """Of every queue, under its name."""
    return [metric(queue).with_(label=queue) for queue in QUEUES]


def _graph(title: str, lines: Sequence[watch.IMetric]) -> watch.IWidget:
    return watch.GraphWidget(title=title, left=list(lines), width=THIRD)
