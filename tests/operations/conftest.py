"""Fixtures for the tests of operations."""

import pytest

from operations import health
from tests.operations.timeouts import LONG_SECONDS


@pytest.fixture(autouse=True)
def _fresh_health(monkeypatch: pytest.MonkeyPatch) -> None:
    """Health is cached for seconds: every test starts with an empty cache."""
    fresh = health.Health(health.CHECKS, limit_seconds=LONG_SECONDS)
    monkeypatch.setattr(health, "health", fresh)
