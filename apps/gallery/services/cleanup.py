"""Cleanup steps of housekeeping. Each step can be repeated and interrupted safely."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from itertools import batched

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from gallery.file_lifecycle import delete_files, find_referenced_names
from gallery.files import FOLDERS
from gallery.models import Album, Rendition, SharedRevision, Upload
from gallery.policies import select_valid_share_links
from gallery.services.albums import album_delete_unchecked
from gallery.services.uploads import uploads_discard
from gallery.storage import get_file_store

logger = logging.getLogger(__name__)

# Longer than any transaction or upload takes: older files without a row are orphans.
MIN_ORPHAN_AGE = timedelta(hours=48)
RETIRED_KIND = "full"  # see Rendition.Kind
FULL_RENDER_LIFE = timedelta(hours=24)
BATCH = 500
FEW_ORPHANS, MAX_ORPHAN_SHARE = 20, 0.5


def uploads_sweep() -> int:
    """Delete expired direct uploads: unfinished ones with their data, and rows of finished ones."""
    expired_uploads = Upload.objects.filter(expires_at__lt=timezone.now())
    return uploads_discard(expired_uploads.iterator(chunk_size=BATCH))


def temporary_albums_sweep() -> int:
    """Delete expired temporary albums with all their photos."""
    expired_albums = Album.objects.filter(expires_at__lt=timezone.now())
    count = 0
    for album in expired_albums.iterator(chunk_size=BATCH):
        album_delete_unchecked(album)
        count += 1
    return count


def full_renders_sweep() -> int:
    """Delete full renders of revisions that nobody is shown, and all of the retired kind.

    They can be made again. The current revision and those that a valid share link shows keep
    theirs.
    """
    limit = timezone.now() - FULL_RENDER_LIFE
    full = (Rendition.Kind.FULL, Rendition.Kind.SHARED)
    old = Rendition.objects.filter(kind__in=full, created_at__lt=limit)
    shared = SharedRevision.objects.filter(link__in=select_valid_share_links())
    outdated_renders = old.exclude(revision__photo__current=F("revision")).exclude(
        Q(kind=Rendition.Kind.SHARED) & Q(revision__in=shared.values("revision"))
    )
    unneeded = Q(pk__in=outdated_renders.values("pk")) | Q(kind=RETIRED_KIND)
    outdated_renders = Rendition.objects.filter(unneeded)
    count = 0
    for batch in batched(outdated_renders.iterator(chunk_size=BATCH), BATCH):
        names = [str(row.file.name) for row in batch]
        Rendition.objects.filter(pk__in=[row.pk for row in batch]).delete()
        delete_files(names)
        count += len(batch)
    return count


def orphans_sweep() -> int:
    """Delete files without a row, from failed deletions or crashes before the row was saved.

    When most files have no row, the database is probably the wrong one or an old copy: then
    nothing is deleted and an error is logged.
    """
    orphans: list[str] = []
    total = 0
    for batch in batched(_list_old_files(timezone.now() - MIN_ORPHAN_AGE), BATCH):
        orphans += sorted(set(batch) - _find_referenced(batch))
        total += len(batch)
    if len(orphans) > max(FEW_ORPHANS, total * MAX_ORPHAN_SHARE):
        logger.error(
            "%d of %d stored files have no row: is this the right database for these files? "
            "None of them is deleted.",
            len(orphans),
            total,
        )
        return 0
    delete_files(orphans)
    return len(orphans)


def abandoned_parts_sweep() -> int:
    """Abort multipart uploads that have no Upload row any more."""
    staging = get_file_store().staging
    count = 0
    for upload in get_file_store().list_abandoned_uploads(timezone.now() - MIN_ORPHAN_AGE):
        if not Upload.objects.filter(key=upload.key).exists():
            staging.discard(upload)
            count += 1
    return count


def sessions_sweep() -> int:
    """Delete expired sessions."""
    engine = import_module(settings.SESSION_ENGINE)
    sessions = engine.SessionStore.get_model_class().objects
    return int(sessions.filter(expire_date__lt=timezone.now()).delete()[0])


def _list_old_files(before: datetime) -> Iterator[str]:
    for folder in FOLDERS:
        for file in get_file_store().walk(folder):
            if file.modified_at < before:
                yield file.name


def _find_referenced(names: tuple[str, ...]) -> set[str]:
    """Return those of the names that a row contains, as a file or as the key of an upload."""
    keys = {name: "/".join(name.split("/")[:2]) for name in names}
    live = set(Upload.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    return find_referenced_names(names) | {name for name, key in keys.items() if key in live}


STEPS = (
    uploads_sweep,
    temporary_albums_sweep,
    full_renders_sweep,
    orphans_sweep,
    abandoned_parts_sweep,
    sessions_sweep,
)
"""The cleanup steps of this app, in their order."""
