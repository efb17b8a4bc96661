"""The one list of job kinds and periodic steps. Each app registers its own when Django starts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from jobs.models import Job
from jobs.wakeups import WakeUp


@dataclass(frozen=True)
class JobKind:
    """One kind of job.

    Attributes:
        name: the name in metrics, like "edit".
        model: the class of its rows.
        wakeup: the message that makes a worker claim one.
        find_claimable: returns the rows that can be claimed now, the next one first.
        prepare_child: runs in each new child process of the queue's workers, before any job.
    """

    name: str
    model: type[Job]
    wakeup: WakeUp
    find_claimable: Callable[[], QuerySet[Any]]
    prepare_child: Callable[[], None] | None = None


@dataclass
class Registry:
    """What the apps have registered.

    Attributes:
        kinds: the job kinds.
        wakeups: every wake-up message, also those of work that is not a `Job`.
        sweeps: steps that the sweeper runs every few seconds.
        cleanups: steps that housekeeping runs every hour; each returns how many it removed.
    """

    kinds: list[JobKind] = field(default_factory=list)
    wakeups: list[WakeUp] = field(default_factory=list)
    sweeps: list[Callable[[], None]] = field(default_factory=list)
    cleanups: list[Callable[[], int]] = field(default_factory=list)

    def register_kind(self, kind: JobKind) -> None:
        """Add a job kind: workers claim it, the sweeper recovers it, metrics count it."""
        _add_once(self.kinds, kind)
        self.register_wakeup(kind.wakeup)

    def register_wakeup(self, wakeup: WakeUp) -> None:
        """Add a wake-up message of work that is not a `Job`."""
        _add_once(self.wakeups, wakeup)

    def register_sweep(self, step: Callable[[], None]) -> None:
        """Add a step of the sweeper."""
        _add_once(self.sweeps, step)

    def register_cleanups(self, *steps: Callable[[], int]) -> None:
        """Add steps of housekeeping, in this order."""
        for step in steps:
            _add_once(self.cleanups, step)


def _add_once[Entry](entries: list[Entry], entry: Entry) -> None:
    if entry not in entries:
        entries.append(entry)


registry = Registry()
