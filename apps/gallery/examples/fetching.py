"""Brings the pictures of the table into the library's folder: mirror first, digest checked."""

import hashlib
import logging
from pathlib import Path

from django.conf import settings

from gallery.examples.table import FETCHED, FetchedPicture
from vision.transfer import TransferError, bring

logger = logging.getLogger(__name__)


def fetch_examples(*, online: bool = True) -> list[FetchedPicture]:
    """Fetch what is missing or damaged; returns what is missing still.

    The network is given up at the first picture that it does not give, so that a machine without
    one is not held up by every picture in turn. With `online` False only the mirror is asked.
    """
    missing = []
    for picture in FETCHED:
        if _is_kept(picture) or _from_mirror(picture):
            continue
        online = online and _from_network(picture)
        if not online:
            missing.append(picture)
    return missing


def kept_file(picture: FetchedPicture) -> Path:
    """Where the library keeps it."""
    return Path(settings.EXAMPLES_DIR) / picture.file


def _is_kept(picture: FetchedPicture) -> bool:
    file = kept_file(picture)
    return file.is_file() and _is_right(picture, file)


def _is_right(picture: FetchedPicture, file: Path) -> bool:
    return hashlib.sha256(file.read_bytes()).hexdigest() == picture.sha256


def _from_mirror(picture: FetchedPicture) -> bool:
    if settings.EXAMPLES_MIRROR is None:
        return False
    file = Path(settings.EXAMPLES_MIRROR) / picture.file
    return file.is_file() and _bring(picture, file)


def _from_network(picture: FetchedPicture) -> bool:
    return _bring(picture, picture.url)


def _bring(picture: FetchedPicture, source: Path | str) -> bool:
    try:
        bring(
            source,
            kept_file(picture),
            is_right=lambda copy: _is_right(picture, copy),
            size=None,
            progress=lambda _done, _size: None,
        )
    except TransferError as error:
        logger.warning("The example %r could not be fetched: %s", picture.title, error)
        return False
    return True
