"""Photos go with all their files."""

from django.db.models import Q

from gallery.keeping import delete_files_on_commit
from gallery.models import Photo, ShareLink
from gallery.selectors import files_of_photos


def photos_remove(which: Q) -> None:
    """Delete the photos that match with their links, and their files after the commit.

    Runs inside the caller's transaction.
    """
    # Locked first: a worker that is keeping a result must end before the files are listed.
    keys = list(Photo.objects.select_for_update().filter(which).values_list("pk", flat=True))
    delete_files_on_commit(files_of_photos(Q(pk__in=keys)))
    ShareLink.objects.filter(photo__in=keys).delete()
    Photo.objects.filter(pk__in=keys).delete()
