"""Files and rows that come and go together."""

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.db.models import FileField, Q

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
    """Files saved inside are deleted again when the block fails: nothing is left half-saved.

    The block may also fail after its commit, in a hook or by a lost answer of the database: then
    rows name the files, and they stay. Whoever is ended by the system leaves them to the sweep.
    """
    keeper = FileKeeper()
    try:
        yield keeper
    except Exception:
        _delete_unnamed(keeper.names)
        raise


def names_in_rows(names: Collection[str]) -> set[str]:
    """Those of the names that a row of any model has in a file field. Raises DatabaseError."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():  # noqa: SLF001  Django's own name
            if isinstance(field, FileField):
                rows = model._default_manager.filter(Q((f"{field.name}__in", names)))  # noqa: SLF001
                found.update(rows.values_list(field.name, flat=True))
    return found


def _delete_unnamed(names: list[str]) -> None:
    try:
        named = names_in_rows(names)
    except DatabaseError:
        logger.exception("Whether rows name these files is not known; the sweep will see")
        return
    delete_files(set(names) - named)


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
