"""Files and rows that come and go together."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

logger = logging.getLogger(__name__)


class FileKeeper:
    """Saves files before the rows that name them exist."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def save(self, key: str, data: bytes) -> str:
        """Store `data` under a fresh `key`; returns the name to put into the row."""
        name = default_storage.save(key, ContentFile(data))
        self.names.append(name)
        return name


@contextmanager
def files_with_rows() -> Iterator[FileKeeper]:
    """Files saved inside are deleted again when the block fails: nothing is left half-saved."""
    keeper = FileKeeper()
    try:
        yield keeper
    except BaseException:
        delete_files(keeper.names)
        raise


def delete_files_on_commit(names: Iterable[str]) -> None:
    """Delete files once the transaction that forgets them is safe."""
    doomed = [name for name in names if name]
    transaction.on_commit(lambda: delete_files(doomed))


def delete_files(names: Iterable[str]) -> None:
    """Delete what can be deleted; what cannot is logged, not raised."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            logger.exception("The file %s could not be deleted", name)
