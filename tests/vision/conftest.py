"""Fixtures of the imaging tests."""

from pathlib import Path

import pytest

from tests.aws import aws_credentials
from vision.weights import ModelStore

__all__ = ["aws_credentials"]


@pytest.fixture
def store(test_data: Path, tmp_path: Path) -> ModelStore:
    """The models of the test data, seen as a mirror."""
    return ModelStore(tmp_path, test_data / "models")
