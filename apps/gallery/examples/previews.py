"""Thumbnails and sizes of example files, cached in the library's folder."""

import json
import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from gallery.photo_limits import get_upload_limits
from vision.errors import PictureRejected
from vision.images import Picture, decode, encode, make_thumbnail

logger = logging.getLogger(__name__)

LONGEST_SIDE = 480
QUALITY = 80


@dataclass(frozen=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


def get_thumbnail(file: Path) -> bytes:
    """Return the file's thumbnail as WebP. Raises PictureRejected when it is not a picture."""
    path = _build_cache_path(file, "webp")
    if not path.is_file():
        _save_thumbnail(file, decode(file, limits=get_upload_limits()))
    return path.read_bytes()


def get_size(file: Path) -> Size | None:
    """Return the size of the upright picture; None (with a warning) when it is not a picture."""
    path = _build_cache_path(file, "json")
    if not path.is_file():
        _write(path, json.dumps(_measure(file)).encode())
    size = json.loads(path.read_bytes())
    return Size(**size) if size else None


def _measure(file: Path) -> dict[str, int]:
    try:
        picture = decode(file, limits=get_upload_limits())
    except PictureRejected as error:
        logger.warning("The example %s is left out: %s", file.name, error)
        return {}
    _save_thumbnail(file, picture)
    return {"width": picture.width, "height": picture.height}


def _save_thumbnail(file: Path, picture: Picture) -> None:
    small = make_thumbnail(picture, longest_side=LONGEST_SIDE)
    _write(_build_cache_path(file, "webp"), encode(small, "WEBP", quality=QUALITY))


def _build_cache_path(file: Path, extension: str) -> Path:
    """Return a path that depends on the file's path, size and time of change.

    So a changed file is read again.
    """
    facts = file.stat()
    key = sha256(f"{file}|{facts.st_size}|{facts.st_mtime_ns}".encode()).hexdigest()[:32]
    return Path(settings.EXAMPLES_DIR) / "thumbnails" / f"{key}.{extension}"


def _write(target: Path, data: bytes) -> None:
    """Write the file atomically: two requests may write the same file at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as part:
        part.write(data)
    Path(part.name).replace(target)
