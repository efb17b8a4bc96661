"""Programs that a test needs beyond Python: without them it is skipped, or fails in CI."""

import os
from typing import NoReturn

import pytest


def skip_without(requirement: str) -> NoReturn:
    """Skip the test because `requirement` is missing; with CI=true, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{requirement} is needed and not here")
    pytest.skip(f"{requirement} is not here")
