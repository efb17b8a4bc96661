"""One photo, one edit, and nothing kept for long."""

from dataclasses import replace

from django.conf import settings

from accounts.models import User
from gallery.models import Album, Photo
from gallery.services import album_remove, album_temporary, photo_upload
from inpainting.models import Edit
from inpainting.services.detections import detection_queue
from inpainting.services.edits import edit_create
from inpainting.services.selections import Selection, nothing_chosen
from vision.files import check_labels


def vanish(
    *,
    user: User,
    data: bytes,
    filename: str,
    selection: Selection,
    inpainter: str = "",
    grow: int = 0,
    feather: int | None = None,
) -> Edit:
    """Take a photo in for one edit, into a temporary album of its own.

    Labels are looked up by the worker, once objects have been looked for. Raises what
    `photo_upload` and `edit_create` raise, and keeps nothing then.
    """
    if not selection.names_something:
        raise nothing_chosen("labels", "boxes", "polygons", "mask")
    check_labels(selection.labels, settings.DETECTOR)
    album = album_temporary(user=user)
    try:
        photo = photo_upload(user=user, data=data, filename=filename, album=album)
        return edit_create(
            user=user,
            photo=photo,
            selection=_with_labels(photo, selection),
            inpainter=inpainter,
            grow=grow,
            feather=feather,
        )
    except Exception:
        album_remove(album)
        raise


def _with_labels(photo: Photo, selection: Selection) -> Selection:
    if not selection.labels:
        return selection
    detection_queue(photo=photo)
    return replace(selection, labels_come_later=True)


def vanish_forget(edit: Edit) -> None:
    """Delete what `vanish` took in for the edit that it returned, with all that was made of it.

    A photo that was moved to another album meanwhile is to be kept.
    """
    for album in Album.objects.filter(pk=edit.photo.album_id).exclude(expires_at=None):
        album_remove(album)
