"""The counters and histograms of the platform, and what they mean."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """A counter or a histogram as Prometheus shows it.

    `name` has neither the prefix of all our metrics nor a suffix like `_total` or `_bucket`.
    """

    name: str
    meaning: str
    labels: tuple[str, ...]


JOB_ATTEMPTS = Series(
    "job_attempts",
    "Attempts at edits and detections, by the job's state afterwards; queued: it is tried again.",
    ("kind", "state"),
)
JOB_FAILURES = Series(
    "job_failures",
    "Attempts at edits and detections that failed, by their cause.",
    ("kind", "cause"),
)
INPUTS_REFUSED = Series(
    "inputs_refused",
    "Files, masks and URLs that were refused, by the reason.",
    ("code",),
)
STAGE_SECONDS = Series(
    "stage_seconds",
    "The duration of each stage of an attempt.",
    ("kind", "stage"),
)
COUNTERS = (JOB_ATTEMPTS, JOB_FAILURES, INPUTS_REFUSED)
HISTOGRAMS = (STAGE_SECONDS,)
