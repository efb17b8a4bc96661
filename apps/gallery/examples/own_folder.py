"""The pictures of the folder that VANISH_EXAMPLES names."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.utils.text import slugify

from gallery.examples.previews import cached_size
from vision.images import format_of_extension

logger = logging.getLogger(__name__)

CREDITS_FILE = "credits.json"
NO_CREDIT = "From your own folder"


@dataclass(frozen=True)
class OwnPicture:
    """A file of the folder that is a picture. Sizes in pixels."""

    id: str
    title: str
    credit: str
    width: int
    height: int
    file: Path


def pictures(folder: Path) -> Iterator[OwnPicture]:
    """The folder's pictures by name; what is not one is left out and logged."""
    credits_by_name = _credits(folder / CREDITS_FILE)
    for file in _picture_files(folder):
        size = cached_size(file)
        if size is not None:
            yield OwnPicture(
                id=_id(file.name),
                title=_title(file.stem),
                credit=credits_by_name.get(file.name, NO_CREDIT),
                width=size.width,
                height=size.height,
                file=file,
            )


def _picture_files(folder: Path) -> list[Path]:
    try:
        files = sorted(file for file in folder.iterdir() if file.is_file())
    except OSError as error:
        logger.warning("VANISH_EXAMPLES: %s cannot be read: %s", folder, error.strerror)
        return []
    return [file for file in files if format_of_extension(file.suffix)]


def _credits(file: Path) -> dict[str, str]:
    """`{"beach.jpg": "Jo Bloggs, CC-BY 4.0"}`; empty where there is no such file."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        logger.warning("%s is not used: %s", file, error)
        return {}
    if not isinstance(told, dict):
        logger.warning("%s is not used: it must be {file name: credit}", file)
        return {}
    return {name: str(text) for name, text in told.items()}


def _id(name: str) -> str:
    """Readable, and different for every file name."""
    return f"own-{slugify(Path(name).stem)[:40]}-{sha256(name.encode()).hexdigest()[:8]}"


def _title(stem: str) -> str:
    words = stem.replace("_", " ").replace("-", " ").split()
    title = " ".join(words)
    return title[:1].upper() + title[1:] or stem
