"""The receivers of other apps' signals: they count events."""

from collections.abc import Mapping

from jobs.models import Job, State
from jobs.registry import registry
from operations.counters import Amount, build_observation, count, count_many
from operations.series import INPUTS_REFUSED, JOB_ATTEMPTS, JOB_FAILURES, STAGE_SECONDS


def count_job(
    sender: type[Job],
    *,
    state: State,
    error_code: str,
    timings: Mapping[str, float],
    **_: object,
) -> None:
    """Count the end of an attempt at a job, its failure and the seconds of its stages."""
    kind = next(kind.name for kind in registry.kinds if kind.model is sender)
    amounts = [Amount(JOB_ATTEMPTS.name, labels={"kind": kind, "state": str(state)})]
    if error_code:
        amounts.append(Amount(JOB_FAILURES.name, labels={"kind": kind, "cause": error_code}))
    for stage, seconds in timings.items():
        amounts += build_observation(STAGE_SECONDS.name, seconds, kind=kind, stage=stage)
    count_many(amounts)


def count_refusal(*, code: str, **_: object) -> None:
    """Count a file, a mask or a URL that was refused."""
    count(INPUTS_REFUSED.name, code=code)
