"""One call that uploads a photo and edits it, in a temporary album that is deleted later."""

from dataclasses import replace

from django.conf import settings

from accounts.models import User
from gallery.models import Album, Photo
from gallery.services import album_delete_unchecked, photo_upload, temporary_album_create
from inpainting.models import Edit
from inpainting.services.detections import detection_queue
from inpainting.services.edits import edit_create
from inpainting.services.selections import PhotoSelection, build_nothing_chosen
from vision.files import check_labels


def vanish_create(
    *,
    user: User,
    data: bytes,
    filename: str,
    selection: PhotoSelection,
    inpainter: str = "",
    grow: int | None = None,
    feather: int | None = None,
) -> Edit:
    """Upload a photo into a temporary album and create one edit of it.

    The worker resolves labels after object detection. Raises the errors of `photo_upload` and
    `edit_create`; then nothing is stored.
    """
    if not selection.names_something:
        raise build_nothing_chosen("labels", "boxes", "polygons", "mask")
    check_labels(selection.labels, settings.DETECTOR)
    album = temporary_album_create(user=user)
    try:
        photo = photo_upload(user=user, data=data, filename=filename, album=album)
        return edit_create(
            user=user,
            photo=photo,
            selection=_defer_labels(photo, selection),
            inpainter=inpainter,
            grow=grow,
            feather=feather,
        )
    except Exception:
        album_delete_unchecked(album)
        raise


def _defer_labels(photo: Photo, selection: PhotoSelection) -> PhotoSelection:
    """Queue a detection run if the selection has labels, and mark them to be resolved later."""
    if not selection.labels:
        return selection
    detection_queue(photo=photo)
    return replace(selection, are_labels_deferred=True)


def vanish_delete(edit: Edit) -> None:
    """Delete the photo that `vanish_create` uploaded for this edit, with all its results.

    A photo that was moved to a permanent album in the meantime is kept.
    """
    for album in Album.objects.filter(pk=edit.photo.album_id).exclude(expires_at=None):
        album_delete_unchecked(album)
