"""Everybody's answers, on a machine that may be busy."""

import pytest

from operations import health
from tests.operations.timeouts import LONG_SECONDS


@pytest.fixture(autouse=True)
def _patient_health(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may ask is looked at here, not how quickly stand-ins answer."""
    patient = health.Health(health.CHECKS, limit_seconds=LONG_SECONDS)
    monkeypatch.setattr(health, "health", patient)
