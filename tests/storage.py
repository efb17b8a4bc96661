"""A place of its own for every test's files, whatever the storage is."""

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gallery.files import FOLDERS
from gallery.storage import get_file_store


def own_place(storage: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The entry of STORAGES, but in the folder, or under a prefix of the bucket."""
    is_bucket = "bucket_name" in storage["OPTIONS"]
    location = uuid.uuid4().hex if is_bucket else str(folder)
    return {**storage, "OPTIONS": {**storage["OPTIONS"], "location": location}}


def stored_files() -> list[str]:
    """The names of all files that are stored."""
    return sorted(stored.name for folder in FOLDERS for stored in get_file_store().walk(folder))
