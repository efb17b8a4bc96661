"""Files that are saved and deleted together with the database rows that refer to them."""

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
    """Writer of files whose rows do not exist yet; `names` lists the files it has saved."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def save(self, key: str, data: bytes) -> str:
        """Store `data` under a new `key`; returns the name to put into the row."""
        name = default_storage.save(key, ContentFile(data))
        self.names.append(name)
        return name


@contextmanager
def save_files_with_rows() -> Iterator[FileKeeper]:
    """Delete the files that were saved inside the block when the block fails.

    The block may also fail after its commit, in a hook or because the database's response was
    lost: files that a row refers to are not deleted. When the process is killed, the files stay
    until housekeeping deletes them.
    """
    keeper = FileKeeper()
    try:
        yield keeper
    except Exception:
        _delete_unreferenced(keeper.names)
        raise


def find_referenced_names(names: Collection[str]) -> set[str]:
    """Return those of the names that a file field of any row contains. Raises DatabaseError."""
    matches: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():  # noqa: SLF001  public in Django
            if isinstance(field, FileField):
                rows = model._default_manager.filter(Q((f"{field.name}__in", names)))  # noqa: SLF001
                matches.update(rows.values_list(field.name, flat=True))
    return matches


def _delete_unreferenced(names: list[str]) -> None:
    try:
        names_with_rows = find_referenced_names(names)
    except DatabaseError:
        logger.exception(
            "Could not check whether rows refer to the new files; housekeeping will delete orphans"
        )
        return
    delete_files(set(names) - names_with_rows)


def delete_files_on_commit(names: Iterable[str]) -> None:
    """Delete the files after the commit of the current transaction, which deletes their rows."""
    to_delete = [name for name in names if name]
    transaction.on_commit(lambda: delete_files(to_delete))


def delete_files(names: Iterable[str]) -> None:
    """Delete the files. A file that cannot be deleted is logged; nothing is raised."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            logger.exception("The file %s could not be deleted", name)
