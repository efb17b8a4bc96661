"""The platform's metrics in the text format of Prometheus."""

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
from operations.selectors import CounterValue, list_counter_values, measure_queue_loads
from operations.series import COUNTERS, HISTOGRAMS, Series

PREFIX = "vanish"


def render_metrics() -> bytes:
    """Return all metrics as text, with their current values from the database."""
    registry = CollectorRegistry()
    registry.register(PlatformCollector())
    return generate_latest(registry)


class PlatformCollector(Collector):
    """Reads the numbers that all processes share; this process stores none itself."""

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics one by one; all of them together need three queries."""
        yield _build_info()
        yield from _build_queue_gauges()
        rows: defaultdict[str, list[CounterValue]] = defaultdict(list)
        for row in list_counter_values():
            rows[row.name].append(row)
        for series in COUNTERS:
            yield _build_counter(series, rows[series.name])
        for series in HISTOGRAMS:
            yield _build_histogram(
                series, rows[f"{series.name}_bucket"], rows[f"{series.name}_sum"]
            )


def _build_info() -> Metric:
    parts = {
        "environment": settings.ENVIRONMENT,
        "database": connection.vendor,
        "storage": "bucket" if settings.BUCKET else "folder",
        "queue": "sqs" if settings.QUEUE_URLS else "folder",
        "detector": settings.DETECTOR,
    }
    return InfoMetricFamily(PREFIX, "The parts of this installation.", value=parts)


def _build_queue_gauges() -> Iterator[Metric]:
    jobs = GaugeMetricFamily(
        f"{PREFIX}_queue_jobs", "Jobs that are not finished.", labels=["queue", "state"]
    )
    oldest = GaugeMetricFamily(
        f"{PREFIX}_queue_oldest_seconds",
        "How long the oldest waiting job has waited; 0 when no job waits.",
        labels=["queue"],
    )
    for load in measure_queue_loads():
        for state, number in load.jobs.items():
            jobs.add_metric([load.queue, state], number)
        oldest.add_metric([load.queue], load.oldest_seconds)
    yield from (jobs, oldest)


def _build_counter(series: Series, rows: list[CounterValue]) -> Metric:
    family = CounterMetricFamily(f"{PREFIX}_{series.name}", series.meaning, labels=series.labels)
    for row in rows:
        family.add_metric(_list_label_values(series, row), row.value)
    return family


def _build_histogram(
    series: Series, buckets: list[CounterValue], sums: list[CounterValue]
) -> Metric:
    family = HistogramMetricFamily(f"{PREFIX}_{series.name}", series.meaning, labels=series.labels)
    counts: defaultdict[tuple[str, ...], dict[float, float]] = defaultdict(dict)
    for row in buckets:
        counts[_list_label_values(series, row)][float(row.labels["le"])] = row.value
    for row in sums:
        values = _list_label_values(series, row)
        family.add_metric(values, _accumulate(counts[values]), row.value)
    return family


def _accumulate(counts: dict[float, float]) -> list[tuple[str, float]]:
    """Return each bucket with its count plus the counts of all smaller buckets.

    Buckets that only an earlier release used are included.
    """
    total = 0.0
    buckets = []
    for bound in sorted({*BUCKETS, math.inf, *counts}):
        total += counts.get(bound, 0)
        buckets.append(("+Inf" if bound == math.inf else str(bound), total))
    return buckets


def _list_label_values(series: Series, row: CounterValue) -> tuple[str, ...]:
    return tuple(row.labels.get(name, "") for name in series.labels)
