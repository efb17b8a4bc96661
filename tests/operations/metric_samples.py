"""The metrics as Prometheus parses them."""

from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from operations.metrics import render_metrics


def read_families(text: str | None = None) -> dict[str, Metric]:
    """Return every metric of `text` by its name; of the platform now where none is given."""
    metrics = render_metrics().decode() if text is None else text
    return {family.name: family for family in text_string_to_metric_families(metrics)}


def read_value(sample: str, **labels: str) -> float | None:
    """Return the value of one sample now, or None where there is none."""
    values = [
        item.value
        for family in read_families().values()
        for item in family.samples
        if (item.name, item.labels) == (sample, labels)
    ]
    assert len(values) <= 1
    return values[0] if values else None
