"""The numbers as Prometheus reads them."""

from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from operations.metrics import render_metrics


def families(text: str | None = None) -> dict[str, Metric]:
    """Every metric by its name; as they stand now where no text is given."""
    read = render_metrics().decode() if text is None else text
    return {family.name: family for family in text_string_to_metric_families(read)}


def value(sample: str, **labels: str) -> float | None:
    """The value of one sample now; None where there is none."""
    found = [
        item.value
        for family in families().values()
        for item in family.samples
        if (item.name, item.labels) == (sample, labels)
    ]
    assert len(found) <= 1
    return found[0] if found else None
