"""Where files are kept: generated keys that are never used twice."""

import uuid
from typing import Any

FOLDERS = ("originals/", "patches/", "renditions/", "masks/", "uploads/")
"""Everything that is stored lies below one of these."""


def upload_key() -> str:
    """A fresh key for a direct upload."""
    return f"uploads/{uuid.uuid4().hex}"


def _key(kind: str, extension: str) -> str:
    name = uuid.uuid4().hex
    return f"{kind}/{name[:2]}/{name}.{extension}"


def original_key(_photo: Any, filename: str) -> str:
    """A fresh key for an uploaded original; keeps only the extension of its name."""
    return _key("originals", filename.rpartition(".")[2])


def patch_key(_patch: Any, _filename: str) -> str:
    """A fresh key for a patch's PNG."""
    return _key("patches", "png")


def rendition_key(_rendition: Any, filename: str) -> str:
    """A fresh key for a derived picture."""
    return _key("renditions", filename.rpartition(".")[2])


def mask_key(_mask: Any, _filename: str) -> str:
    """A fresh key for a mask's PNG."""
    return _key("masks", "png")
