"""Clearing away what nobody needs any more. Every step is safe to repeat and to interrupt."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from itertools import batched

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from gallery.files import FOLDERS
from gallery.keeping import delete_files, names_in_rows
from gallery.models import Album, Rendition, Upload
from gallery.services.albums import album_remove
from gallery.services.uploads import uploads_discard
from gallery.storage import file_store

logger = logging.getLogger(__name__)

# Longer than any transaction and any upload may take: what is older belongs to nobody.
SPARED = timedelta(hours=48)
FULL_RENDER_LIFE = timedelta(hours=24)
BATCH = 500
FEW, MOST_ORPHANS = 20, 0.5


def uploads_sweep() -> int:
    """Forget direct uploads that were never finished, and rows of those that were."""
    over = Upload.objects.filter(expires_at__lt=timezone.now())
    return uploads_discard(over.iterator(chunk_size=BATCH))


def temporary_albums_sweep() -> int:
    """Delete the albums whose time is over, with all that is in them."""
    over = Album.objects.filter(expires_at__lt=timezone.now())
    count = 0
    for album in over.iterator(chunk_size=BATCH):
        album_remove(album)
        count += 1
    return count


def full_renders_sweep() -> int:
    """Delete full renders of states that photos no longer show; they are made again on demand."""
    made_before = timezone.now() - FULL_RENDER_LIFE
    full = (Rendition.Kind.FULL, Rendition.Kind.SHARED)
    old = Rendition.objects.filter(kind__in=full, created_at__lt=made_before)
    unshown = old.exclude(revision__photo__current=F("revision"))
    count = 0
    for batch in batched(unshown.iterator(chunk_size=BATCH), BATCH):
        names = [str(row.file.name) for row in batch]
        Rendition.objects.filter(pk__in=[row.pk for row in batch]).delete()
        delete_files(names)
        count += len(batch)
    return count


def orphans_sweep() -> int:
    """Delete files that no row names: of failed deletions, of crashes between file and row.

    Where most files seem to be nobody's, the database is another one than the files were stored
    for, or an old one: then nothing is deleted and an error is logged.
    """
    orphans: list[str] = []
    seen = 0
    for batch in batched(_old_files(timezone.now() - SPARED), BATCH):
        orphans += sorted(set(batch) - _named(batch))
        seen += len(batch)
    if len(orphans) > max(FEW, seen * MOST_ORPHANS):
        logger.error(
            "%d of %d stored files are named by no row: is this the database that they belong to? "
            "None of them is deleted.",
            len(orphans),
            seen,
        )
        return 0
    delete_files(orphans)
    return len(orphans)


def abandoned_parts_sweep() -> int:
    """Abort uploads in parts that no Upload knows of any more."""
    staging = file_store().staging
    count = 0
    for staged in file_store().abandoned_parts(timezone.now() - SPARED):
        if not Upload.objects.filter(key=staged.key).exists():
            staging.discard(staged)
            count += 1
    return count


def sessions_sweep() -> int:
    """Delete the sessions that are over."""
    engine = import_module(settings.SESSION_ENGINE)
    sessions = engine.SessionStore.get_model_class().objects
    return int(sessions.filter(expire_date__lt=timezone.now()).delete()[0])


def _old_files(before: datetime) -> Iterator[str]:
    for folder in FOLDERS:
        for stored in file_store().walk(folder):
            if stored.modified_at < before:
                yield stored.name


def _named(names: tuple[str, ...]) -> set[str]:
    """Those of the names that a row has, as a file or as the key of an upload."""
    keys = {name: "/".join(name.split("/")[:2]) for name in names}
    live = set(Upload.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    return names_in_rows(names) | {name for name, key in keys.items() if key in live}


STEPS = (
    uploads_sweep,
    temporary_albums_sweep,
    full_renders_sweep,
    orphans_sweep,
    abandoned_parts_sweep,
    sessions_sweep,
)
"""What housekeeping does for this app, in this order."""
