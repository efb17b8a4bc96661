"""Download of the example pictures into the library's folder; the mirror is tried first.

Each file is checked by its SHA-256 digest.
"""

import hashlib
import logging
from pathlib import Path

from django.conf import settings

from gallery.examples.table import FETCHED, FetchedPicture
from vision.transfer import TransferError, fetch_file

logger = logging.getLogger(__name__)


def fetch_examples(*, online: bool = True) -> list[FetchedPicture]:
    """Fetch the missing or damaged pictures; returns those that are still missing.

    After the first failed download the network is not used again, so that a machine without
    a network does not wait for each picture. With `online` False only the mirror is used.
    """
    missing = []
    for picture in FETCHED:
        if _is_in_library(picture) or _copy_from_mirror(picture):
            continue
        online = online and _download(picture)
        if not online:
            missing.append(picture)
    return missing


def get_library_path(picture: FetchedPicture) -> Path:
    """Return the picture's path in the library's folder."""
    return Path(settings.EXAMPLES_DIR) / picture.file


def _is_in_library(picture: FetchedPicture) -> bool:
    file = get_library_path(picture)
    return file.is_file() and _has_right_digest(picture, file)


def _has_right_digest(picture: FetchedPicture, file: Path) -> bool:
    return hashlib.sha256(file.read_bytes()).hexdigest() == picture.sha256


def _copy_from_mirror(picture: FetchedPicture) -> bool:
    if settings.EXAMPLES_MIRROR is None:
        return False
    file = Path(settings.EXAMPLES_MIRROR) / picture.file
    return file.is_file() and _fetch_from(picture, file)


def _download(picture: FetchedPicture) -> bool:
    return _fetch_from(picture, picture.url)


def _fetch_from(picture: FetchedPicture, source: Path | str) -> bool:
    try:
        fetch_file(
            source,
            get_library_path(picture),
            is_valid=lambda copy: _has_right_digest(picture, copy),
            size=None,
            progress=lambda _done, _size: None,
        )
    except TransferError as error:
        logger.warning("The example %r could not be fetched: %s", picture.title, error)
        return False
    return True
