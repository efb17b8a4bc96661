"""What is counted, and what it means."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """A counter or a histogram, as whoever watches the platform sees it.

    `name` is without the prefix that all of ours have, and without the endings of its kind.
    """

    name: str
    meaning: str
    labels: tuple[str, ...]


JOB_ATTEMPTS = Series(
    "job_attempts",
    "Attempts at edits and detections, by the state they left the job in; queued: tried again.",
    ("kind", "state"),
)
JOB_FAILURES = Series(
    "job_failures",
    "Attempts at edits and detections that failed, by their cause.",
    ("kind", "cause"),
)
INPUTS_REFUSED = Series(
    "inputs_refused",
    "Files, masks and addresses that were turned down, by the reason.",
    ("code",),
)
STAGE_SECONDS = Series(
    "stage_seconds",
    "How long each stage of an attempt took.",
    ("kind", "stage"),
)
COUNTERS = (JOB_ATTEMPTS, JOB_FAILURES, INPUTS_REFUSED)
HISTOGRAMS = (STAGE_SECONDS,)
