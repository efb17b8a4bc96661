"""What a test needs beyond Python: there, or the test is skipped by name; a failure in CI."""

import os
from typing import NoReturn

import pytest


def skip_without(requirement: str) -> NoReturn:
    """Skip the test because `what` is not here; with CI=true that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{requirement} is needed and not here")
    pytest.skip(f"{requirement} is not here")
