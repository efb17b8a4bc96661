"""A worker that runs the queued jobs while a response waits for them."""

import pytest

from api.http import waiting
from inpainting.services import detection_claim_next, detection_run
from tests import rows


def run_all_jobs() -> None:
    """Run all detections and edits until nothing can be claimed."""
    while (run := detection_claim_next()) is not None:
        detection_run(run)
    rows.run_all_edits()


def run_jobs_while_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Run all jobs instead of each pause of the wait; return the list of requested pauses."""
    pauses: list[float] = []

    def record_and_run(seconds: float, _notice: object) -> None:
        pauses.append(seconds)
        run_all_jobs()

    monkeypatch.setattr(waiting, "_sleep", record_and_run)
    return pauses
