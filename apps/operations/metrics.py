"""The platform's numbers in the text format of Prometheus."""

import math
from collections import defaultdict
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from operations.counters import BUCKETS
from operations.selectors import Counted, counted, queue_loads
from operations.series import COUNTERS, HISTOGRAMS, Series

PREFIX = "vanish"


def metrics_text() -> bytes:
    """Everything that is measured, as it stands in the database now."""
    registry = CollectorRegistry()
    registry.register(PlatformCollector())
    return generate_latest(registry)


class PlatformCollector(Collector):
    """Reads the numbers that all processes share; none is kept in this one."""

    def collect(self) -> Iterator[Metric]:
        """One metric after the other, by three queries in all."""
        yield _info()
        yield from _queues()
        found: defaultdict[str, list[Counted]] = defaultdict(list)
        for row in counted():
            found[row.name].append(row)
        for series in COUNTERS:
            yield _counter(series, found[series.name])
        for series in HISTOGRAMS:
            yield _histogram(series, found[f"{series.name}_bucket"], found[f"{series.name}_sum"])


def _info() -> Metric:
    how = {
        "environment": settings.ENVIRONMENT,
        "database": connection.vendor,
        "storage": "bucket" if settings.BUCKET else "folder",
        "queue": "sqs" if settings.QUEUE_URLS else "folder",
        "detector": settings.DETECTOR,
    }
    return InfoMetricFamily(PREFIX, "What this installation is made of.", value=how)


def _queues() -> Iterator[Metric]:
    jobs = GaugeMetricFamily(
        f"{PREFIX}_queue_jobs", "Jobs that are not finished.", labels=["queue", "state"]
    )
    oldest = GaugeMetricFamily(
        f"{PREFIX}_queue_oldest_seconds",
        "How long the oldest waiting job has waited; 0 when none waits.",
        labels=["queue"],
    )
    for load in queue_loads():
        for state, number in load.jobs.items():
            jobs.add_metric([load.queue, state], number)
        oldest.add_metric([load.queue], load.oldest_seconds)
    yield from (jobs, oldest)


def _counter(series: Series, rows: list[Counted]) -> Metric:
    family = CounterMetricFamily(f"{PREFIX}_{series.name}", series.meaning, labels=series.labels)
    for row in rows:
        family.add_metric(_values(series, row), row.value)
    return family


def _histogram(series: Series, buckets: list[Counted], sums: list[Counted]) -> Metric:
    family = HistogramMetricFamily(f"{PREFIX}_{series.name}", series.meaning, labels=series.labels)
    found: defaultdict[tuple[str, ...], dict[float, float]] = defaultdict(dict)
    for row in buckets:
        found[_values(series, row)][float(row.labels["le"])] = row.value
    for row in sums:
        values = _values(series, row)
        family.add_metric(values, _cumulative(found[values]), row.value)
    return family


def _cumulative(found: dict[float, float]) -> list[tuple[str, float]]:
    """Each bucket with what the smaller ones hold; those of an earlier release stay in place."""
    total = 0.0
    buckets = []
    for bound in sorted({*BUCKETS, math.inf, *found}):
        total += found.get(bound, 0)
        buckets.append(("+Inf" if bound == math.inf else str(bound), total))
    return buckets


def _values(series: Series, row: Counted) -> tuple[str, ...]:
    return tuple(row.labels.get(name, "") for name in series.labels)
