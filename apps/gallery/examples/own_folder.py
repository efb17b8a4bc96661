"""Examples from the folder that the setting VANISH_EXAMPLES names."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.utils.text import slugify

from gallery.examples.previews import get_size
from vision.images import find_format_by_extension

logger = logging.getLogger(__name__)

CREDITS_FILE = "credits.json"
NO_CREDIT = "From your own folder"


@dataclass(frozen=True)
class OwnPicture:
    """A picture file of the folder. Sizes in pixels."""

    id: str
    title: str
    credit: str
    width: int
    height: int
    file: Path


def find_pictures(folder: Path) -> Iterator[OwnPicture]:
    """Yield the folder's pictures by file name; unreadable files are skipped and logged."""
    credits_by_name = _read_credits(folder / CREDITS_FILE)
    for file in _list_picture_files(folder):
        size = get_size(file)
        if size is not None:
            yield OwnPicture(
                id=_build_id(file.name),
                title=_build_title(file.stem),
                credit=credits_by_name.get(file.name, NO_CREDIT),
                width=size.width,
                height=size.height,
                file=file,
            )


def _list_picture_files(folder: Path) -> list[Path]:
    try:
        files = sorted(file for file in folder.iterdir() if file.is_file())
    except OSError as error:
        logger.warning("VANISH_EXAMPLES: %s cannot be read: %s", folder, error.strerror)
        return []
    return [file for file in files if find_format_by_extension(file.suffix)]


def _read_credits(file: Path) -> dict[str, str]:
    """Return the credits by file name, `{"beach.jpg": "Jo Bloggs, CC-BY 4.0"}`.

    Empty without a credits file, or with an unusable one, which is logged.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        logger.warning("%s is not used: %s", file, error)
        return {}
    if not isinstance(content, dict):
        logger.warning("%s is not used: it must be {file name: credit}", file)
        return {}
    return {name: str(text) for name, text in content.items()}


def _build_id(name: str) -> str:
    """Return a readable id that is different for each file name."""
    return f"own-{slugify(Path(name).stem)[:40]}-{sha256(name.encode()).hexdigest()[:8]}"


def _build_title(stem: str) -> str:
    words = stem.replace("_", " ").replace("-", " ").split()
    title = " ".join(words)
    return title[:1].upper() + title[1:] or stem
