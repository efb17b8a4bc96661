"""What the tests of this room share."""

import pytest

from operations import health
from tests.operations.patience import PATIENT


@pytest.fixture(autouse=True)
def _nothing_seen_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process saw is kept for seconds: no test meets what another one saw."""
    patient = health.Health(health.CHECKS, limit_seconds=PATIENT)
    monkeypatch.setattr(health, "health", patient)
