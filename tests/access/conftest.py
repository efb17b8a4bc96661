"""Health checks with a long time limit, since the machine may be busy; no model files."""

from typing import Any

import pytest

from operations import health
from tests.operations.timeouts import LONG_SECONDS


@pytest.fixture(autouse=True)
def _patient_health(monkeypatch: pytest.MonkeyPatch) -> None:
    """Health checks with a long limit: permissions are tested here, not response times."""
    patient = health.Health(health.CHECKS, limit_seconds=LONG_SECONDS)
    monkeypatch.setattr(health, "health", patient)


@pytest.fixture(autouse=True)
def _no_models(settings: Any) -> None:
    """No model files: nothing but permissions is tested here."""
    settings.MODEL_MIRROR = None
