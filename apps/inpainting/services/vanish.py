"""One call that uploads a photo and edits it, in a temporary album that is deleted later."""

from accounts.models import User
from gallery.models import Album
from gallery.services import album_delete_unchecked, photo_upload, temporary_album_create
from inpainting.models import Edit
from inpainting.services.edits import edit_create
from inpainting.services.labels import check_labels_supported
from inpainting.services.selections import PhotoSelection, build_nothing_chosen


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
    check_labels_supported(selection.labels)
    album = temporary_album_create(user=user)
    try:
        photo = photo_upload(user=user, data=data, filename=filename, album=album)
        return edit_create(
            user=user,
            photo=photo,
            selection=selection,
            inpainter=inpainter,
            grow=grow,
            feather=feather,
        )
    except Exception:
        album_delete_unchecked(album)
        raise


def vanish_delete(edit: Edit) -> None:
    """Delete the photo that `vanish_create` uploaded for this edit, with all its results.

    A photo that was moved to a permanent album in the meantime is kept.
    """
    for album in Album.objects.filter(pk=edit.photo.album_id).exclude(expires_at=None):
        album_delete_unchecked(album)
