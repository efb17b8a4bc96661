"""The load of the queues, and the values of the counters."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Min
from django.utils import timezone

from jobs.models import UNFINISHED, State
from jobs.registry import registry
from operations.models import Tally


@dataclass(frozen=True)
class QueueLoad:
    """The unfinished jobs of one queue.

    Attributes:
        queue: the queue's name.
        jobs: the number of jobs in each unfinished state.
        oldest_seconds: how long the oldest waiting job has waited; 0 when no job waits.
    """

    queue: str
    jobs: dict[str, int]
    oldest_seconds: float


@dataclass(frozen=True)
class CounterValue:
    """The value of a counter with its labels."""

    name: str
    labels: dict[str, str]
    value: float


def measure_queue_loads() -> Iterator[QueueLoad]:
    """Yield the load of every queue, with one query for each."""
    for kind in registry.kinds:
        rows = kind.model._default_manager.all()  # noqa: SLF001  Django's own name
        unfinished = rows.filter(state__in=UNFINISHED).order_by().values_list("state")
        by_state = {
            state: (number, since)
            for state, number, since in unfinished.annotate(Count("pk"), Min("queued_at"))
        }
        now = timezone.now()
        waiting, oldest = by_state.get(State.QUEUED, (0, now))
        running, _ = by_state.get(State.RUNNING, (0, now))
        yield QueueLoad(
            queue=kind.wakeup.queue,
            jobs={str(State.QUEUED): waiting, str(State.RUNNING): running},
            oldest_seconds=max(0.0, (now - oldest).total_seconds()),
        )


def list_counter_values() -> list[CounterValue]:
    """Return the values of all counters."""
    rows = Tally.objects.order_by("name", "labels").values_list("name", "labels", "value")
    return [CounterValue(name, json.loads(labels), value) for name, labels, value in rows]
