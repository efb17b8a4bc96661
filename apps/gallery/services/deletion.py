"""Deletion of photos with all their files."""

from django.db.models import Q

from gallery.file_lifecycle import delete_files_on_commit
from gallery.kept_canvases import kept_canvases
from gallery.models import Photo, SharedRevision, ShareLink
from gallery.selectors import list_photo_files
from gallery.signals import photos_deleting


def photos_delete(condition: Q) -> None:
    """Delete the matching photos with their share links, and their files after the commit.

    Runs in the caller's transaction.
    """
    # Lock first: a worker that saves a result must end before the files are listed.
    photos = Photo.objects.select_for_update().filter(condition)
    albums = dict(photos.values_list("pk", "album_id"))
    photo_ids = list(albums)
    for photo_id in photo_ids:
        kept_canvases.take(photo_id)
    delete_files_on_commit(list_photo_files(Q(pk__in=photo_ids)))
    photos_deleting.send(sender=Photo, albums=albums)
    SharedRevision.objects.filter(photo__in=photo_ids).delete()
    ShareLink.objects.filter(photo__in=photo_ids).delete()
    Photo.objects.filter(pk__in=photo_ids).delete()
