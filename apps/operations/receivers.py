"""What the other rooms tell, counted."""

from collections.abc import Mapping

from inpainting.models import DetectionRun, Edit, Job, State
from operations.counters import Amount, count, count_many, observation
from operations.series import INPUTS_REFUSED, JOB_ATTEMPTS, JOB_FAILURES, STAGE_SECONDS

KINDS: dict[type[Job], str] = {Edit: "edit", DetectionRun: "detection"}


def count_job(
    sender: type[Job],
    *,
    state: State,
    error_code: str,
    timings: Mapping[str, float],
    **_: object,
) -> None:
    """An attempt at a job is over."""
    kind = KINDS[sender]
    amounts = [Amount(JOB_ATTEMPTS.name, labels={"kind": kind, "state": str(state)})]
    if error_code:
        amounts.append(Amount(JOB_FAILURES.name, labels={"kind": kind, "cause": error_code}))
    for stage, seconds in timings.items():
        amounts += observation(STAGE_SECONDS.name, seconds, kind=kind, stage=stage)
    count_many(amounts)


def count_refusal(*, code: str, **_: object) -> None:
    """Somebody's file, mask or address was turned down."""
    count(INPUTS_REFUSED.name, code=code)
