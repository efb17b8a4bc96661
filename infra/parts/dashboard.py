"""The CloudWatch dashboard of an environment."""

from collections.abc import Callable, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as watch
from constructs import Construct

from infra.config import QUEUES, Config
from infra.parts.metrics import Metrics

THIRD, HALF = 8, 12
"""Widths of a graph in a row, which is 24 units wide."""


def add_dashboard(scope: Construct, *, config: Config, metrics: Metrics) -> watch.Dashboard:
    """Add the dashboard: queues and edits first, because users wait for them."""
    rows = (
        _build_queue_graphs(metrics),
        _build_edit_graphs(metrics),
        _build_web_graphs(metrics),
        _build_database_graphs(metrics),
        _build_budget_graph(config),
    )
    return watch.Dashboard(
        scope, "Dashboard", dashboard_name=config.prefix, widgets=[list(row) for row in rows]
    )


def _build_queue_graphs(metrics: Metrics) -> list[watch.IWidget]:
    return [
        _build_graph("Waiting messages", _list_for_queues(metrics.count_waiting)),
        _build_graph("Age of the oldest message (s)", _list_for_queues(metrics.measure_oldest_age)),
        _build_graph("Given up", _list_for_queues(metrics.count_dead_letters)),
    ]


def _build_edit_graphs(metrics: Metrics) -> list[watch.IWidget]:
    return [
        _build_graph("Edits: done in 5 minutes", [metrics.count_finished("edits")]),
        _build_graph("Workers", _list_for_queues(metrics.count_running_tasks)),
        _build_graph("Workers' CPU (%)", _list_for_queues(metrics.measure_cpu)),
    ]


def _build_web_graphs(metrics: Metrics) -> list[watch.IWidget]:
    return [
        _build_graph(
            "Web: requests and errors", [metrics.count_requests(), metrics.count_web_errors()]
        ),
        _build_graph("Web: seconds, 95 of 100", [metrics.measure_response_time()]),
        _build_graph(
            "Web: tasks", [metrics.count_running_tasks("web"), metrics.count_healthy_tasks()]
        ),
    ]


def _build_database_graphs(metrics: Metrics) -> list[watch.IWidget]:
    return [
        _build_graph("Database: CPU (%)", [metrics.measure_database_cpu()]),
        _build_graph("Database: connections", [metrics.count_connections()]),
        _build_graph("Database: free storage (bytes)", [metrics.measure_free_storage()]),
    ]


def _build_budget_graph(config: Config) -> list[watch.IWidget]:
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


def _list_for_queues(metric: Callable[[str], watch.Metric]) -> list[watch.IMetric]:
    """Return the metric of every queue, labelled with the queue's name."""
    return [metric(queue).with_(label=queue) for queue in QUEUES]


def _build_graph(title: str, lines: Sequence[watch.IMetric]) -> watch.IWidget:
    return watch.GraphWidget(title=title, left=list(lines), width=THIRD)
