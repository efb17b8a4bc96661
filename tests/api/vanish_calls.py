"""Helpers for tests of vanish/: a preferred wait, a box to remove, a check of what is stored."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from gallery.models import Album, Photo
from tests.api.caller import Caller
from tests.storage import list_stored_files

CommitBlock = Callable[[], AbstractContextManager[Any]]
BOXES = json.dumps([{"x": 40, "y": 20, "width": 12, "height": 10}])


def prefer_wait(caller: Caller, seconds: int, **headers: str) -> Caller:
    """Return a caller whose requests prefer to wait for this long."""
    return replace(caller, headers=caller.headers | {"Prefer": f"wait={seconds}"} | headers)


def is_nothing_stored() -> bool:
    """Return whether neither rows nor files of a picture are stored."""
    return not (Photo.objects.exists() or Album.objects.exists() or list_stored_files())
