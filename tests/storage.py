"""Separate storage for the files of every test, in a folder or in a bucket."""

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gallery.files import FOLDERS
from gallery.storage import get_file_store


def build_own_storage(storage: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the entry of STORAGES, moved to `folder` or to a new prefix of its bucket."""
    is_bucket = "bucket_name" in storage["OPTIONS"]
    location = uuid.uuid4().hex if is_bucket else str(folder)
    return {**storage, "OPTIONS": {**storage["OPTIONS"], "location": location}}


def list_stored_files() -> list[str]:
    """Return the names of all stored files."""
    return sorted(stored.name for folder in FOLDERS for stored in get_file_store().walk(folder))
