"""Health checks with a long time limit, since the machine may be busy."""

import pytest

from operations import health
from tests.operations.timeouts import LONG_SECONDS


@pytest.fixture(autouse=True)
def _patient_health(monkeypatch: pytest.MonkeyPatch) -> None:
    """Health checks with a long limit: permissions are tested here, not response times."""
    patient = health.Health(health.CHECKS, limit_seconds=LONG_SECONDS)
    monkeypatch.setattr(health, "health", patient)
