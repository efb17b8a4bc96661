"""Keys of stored files. Each key is generated and never used twice."""

import uuid
from typing import Any

FOLDERS = ("originals/", "patches/", "renditions/", "masks/", "uploads/")
"""Every stored file has a key below one of these folders."""


def upload_key() -> str:
    """Return a new key for a direct upload."""
    return f"uploads/{uuid.uuid4().hex}"


def _build_key(kind: str, extension: str) -> str:
    name = uuid.uuid4().hex
    return f"{kind}/{name[:2]}/{name}.{extension}"


def original_key(_photo: Any, filename: str) -> str:
    """Return a new key for an original; of its name only the extension is used."""
    return _build_key("originals", filename.rpartition(".")[2])


def patch_key(_patch: Any, _filename: str) -> str:
    """Return a new key for the PNG of a patch."""
    return _build_key("patches", "png")


def rendition_key(_rendition: Any, filename: str) -> str:
    """Return a new key for a rendition; of its name only the extension is used."""
    return _build_key("renditions", filename.rpartition(".")[2])


def mask_key(_mask: Any, _filename: str) -> str:
    """Return a new key for the PNG of a mask."""
    return _build_key("masks", "png")
