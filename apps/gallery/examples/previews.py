"""Thumbnails and sizes of example files, made once and kept beside the library."""

import json
import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from vision.errors import PictureRejected
from vision.images import Picture, decode, encode, thumbnail

logger = logging.getLogger(__name__)

LONGEST_SIDE = 480
QUALITY = 80


@dataclass(frozen=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


def cached_thumbnail(file: Path) -> bytes:
    """The file's thumbnail as WebP. Raises PictureRejected for what is not a picture."""
    kept = _kept(file, "webp")
    if not kept.is_file():
        _keep_thumbnail(file, decode(file))
    return kept.read_bytes()


def cached_size(file: Path) -> Size | None:
    """The file's size as shown; None, and one line in the log, for what is not a picture."""
    kept = _kept(file, "json")
    if not kept.is_file():
        _write(kept, json.dumps(_look_at(file)).encode())
    size = json.loads(kept.read_bytes())
    return Size(**size) if size else None


def _look_at(file: Path) -> dict[str, int]:
    try:
        picture = decode(file)
    except PictureRejected as error:
        logger.warning("The example %s is left out: %s", file.name, error)
        return {}
    _keep_thumbnail(file, picture)
    return {"width": picture.width, "height": picture.height}


def _keep_thumbnail(file: Path, picture: Picture) -> None:
    small = thumbnail(picture, longest_side=LONGEST_SIDE)
    _write(_kept(file, "webp"), encode(small, "WEBP", quality=QUALITY))


def _kept(file: Path, extension: str) -> Path:
    """Named after the file's path, size and time, so that a changed file is looked at anew."""
    facts = file.stat()
    key = sha256(f"{file}|{facts.st_size}|{facts.st_mtime_ns}".encode()).hexdigest()[:32]
    return Path(settings.EXAMPLES_DIR) / "thumbnails" / f"{key}.{extension}"


def _write(target: Path, data: bytes) -> None:
    """Whole or not at all: two requests may make the same file at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as part:
        part.write(data)
    Path(part.name).replace(target)
