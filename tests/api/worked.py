"""A worker that does what there is while an answer waits for it."""

import pytest

from api.http import waiting
from inpainting.services import detection_claim_next, detection_run
from tests import rows


def work() -> None:
    """All looks for objects and all edits, until nothing can be claimed."""
    while (run := detection_claim_next()) is not None:
        detection_run(run)
    rows.run_all_edits()


def work_while_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """`work` between two looks, in place of a rest; returns how long the rests would be."""
    rests: list[float] = []

    def rest(seconds: float) -> None:
        rests.append(seconds)
        work()

    monkeypatch.setattr(waiting, "_sleep", rest)
    return rests
