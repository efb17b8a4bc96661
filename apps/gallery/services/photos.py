"""Services that upload, import, rename, move and delete photos."""

import hashlib
from dataclasses import asdict
from pathlib import PurePosixPath

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.file_lifecycle import save_files_with_rows
from gallery.files import original_key
from gallery.importing import download_picture
from gallery.kept_canvases import kept_canvases
from gallery.models import Album, Photo, Revision, Role, Upload
from gallery.names import clean_name
from gallery.photo_limits import get_upload_limits
from gallery.photo_slots import hold_photo_slot
from gallery.quotas import lock_storage, require_storage
from gallery.renditions import (
    RenditionData,
    add_renditions,
    make_screen_renditions,
    store_renditions,
)
from gallery.services.albums import default_album_ensure
from gallery.services.deletion import photos_delete
from gallery.services.shared_revisions import shared_revisions_keep
from gallery.signals import photo_uploaded
from vision.errors import PictureRejected
from vision.images import FORMATS, Picture, decode
from web.errors import NotAllowed, NotThere, Problem

TITLE_LENGTH = 200


class AlreadyCompleted(Exception):
    """Another request has made a photo from the same direct upload in the meantime."""


def photo_upload(
    *,
    user: User,
    data: bytes,
    filename: str,
    album: Album | None = None,
    title: str = "",
    credit: str = "",
    upload: Upload | None = None,
) -> Photo:
    """Make a photo from a picture file: decode it, store its bytes, make its thumbnail.

    `upload` is the direct upload of the bytes; it ends in the same transaction as the photo is
    saved. Raises AlreadyTakenIn when it has ended before, vision.errors.PictureRejected for
    unusable files, NotAllowed or NotThere for an album that `user` may not edit, and Problem for
    a full storage quota or a busy server.
    """
    album = album or default_album_ensure(user=user)
    policies.require_editor(user, album)
    check_length(len(data))
    require_storage(user=user, album=album, additional_bytes=len(data))
    with hold_photo_slot():
        picture = decode(data, limits=get_upload_limits())
        # Hardly anybody looks at a temporary photo: what is asked for is made then.
        renditions = [] if album.is_temporary else make_screen_renditions(picture)
        facts = _describe_canvas(picture)
    filename = clean_filename(filename) or f"photo.{FORMATS[picture.format].extension}"
    photo = Photo(
        album=album,
        uploaded_by=user,
        title=(clean_name(title) or PurePosixPath(filename).stem)[:TITLE_LENGTH],
        filename=filename,
        credit=credit,
        **facts,
    )
    _save(photo, data, renditions, upload)
    if album.is_temporary:
        kept_canvases.keep(photo.pk, picture)
    return photo


def _save(
    photo: Photo, data: bytes, renditions: list[RenditionData], upload: Upload | None
) -> None:
    """Save the original, the row, its first revision and its renditions, or nothing."""
    photo.original_sha256 = hashlib.sha256(data).hexdigest()
    photo.original_bytes = len(data)
    extension = FORMATS[photo.format].extension
    with save_files_with_rows() as keeper:
        photo.original.name = keeper.save(original_key(None, f"x.{extension}"), data)
        pictures = store_renditions(renditions, keeper)
        with transaction.atomic():
            lock_storage(user=photo.uploaded_by, album=photo.album, additional_bytes=len(data))
            if not Album.objects.select_for_update().filter(pk=photo.album_id).exists():
                raise NotThere("album")
            _save_with_first_revision(photo)
            if upload is not None:
                _end_upload(upload, photo)
            add_renditions(_get_current(photo), pictures)
            photo_uploaded.send(sender=Photo, photo=photo)


def _end_upload(upload: Upload, photo: Photo) -> None:
    uploads = Upload.objects.filter(pk=upload.pk, ended_at=None)
    if not uploads.update(photo=photo, ended_at=timezone.now()):
        raise AlreadyCompleted(str(upload.pk))


def photo_import(*, user: User, url: str, album: Album | None = None, title: str = "") -> Photo:
    """Download a picture from a public address and make a photo from it.

    Raises gallery.importing.ImportRefused for an address that is not allowed or gives no picture.
    """
    album = album or default_album_ensure(user=user)
    policies.require_editor(user, album)
    require_storage(user=user, album=album, additional_bytes=1)
    file = download_picture(url, max_bytes=settings.UPLOAD_MAX_BYTES)
    return photo_upload(user=user, data=file.data, filename=file.filename, album=album, title=title)


@transaction.atomic
def photo_update(
    *, user: User, photo: Photo, title: str | None = None, album: Album | None = None
) -> Photo:
    """Rename a photo, or move it to another album.

    An editor may rename it. Only the owner may move it, to an album that this user may edit.
    """
    policies.require_editor(user, photo.album)
    fields = []
    if title is not None:
        title = clean_name(title)
        if not title:
            raise Problem(
                "Give the photo a title.", code="title_missing", fields={"title": ["Missing."]}
            )
        photo.title = title[:TITLE_LENGTH]
        fields.append("title")
    if album is not None and album != photo.album:
        policies.require_editor(user, album)
        if policies.get_role(user, photo.album) is not Role.OWNER:
            raise NotAllowed("Only the album's owner can move a photo out of it.")
        if policies.get_role(user, album) is not Role.OWNER:
            lock_storage(
                user=user, album=album, additional_bytes=photo.original_bytes + photo.added_bytes
            )
        shared_revisions_keep(Photo.objects.select_for_update().get(pk=photo.pk))
        photo.album = album
        fields.append("album")
    photo.save(update_fields=fields)
    return photo


@transaction.atomic
def photo_delete(*, user: User, photo: Photo) -> None:
    """Delete a photo with its history, and its files after the commit.

    `user` must be an editor.
    """
    policies.require_editor(user, photo.album)
    photo_delete_unchecked(photo)


@transaction.atomic
def photo_delete_unchecked(photo: Photo) -> None:
    """Delete a photo like `photo_delete`, but without a check of rights (for admins)."""
    photos_delete(Q(pk=photo.pk))


def check_length(length: int) -> None:
    """Raise PictureRejected (too_large) when `length`, in bytes, is over the upload limit."""
    max_bytes = settings.UPLOAD_MAX_BYTES
    if length > max_bytes:
        error = PictureRejected(
            f"The file is larger than {max_bytes // 2**20} MB: upload a smaller one.",
            code="too_large",
        )
        raise error.attach_values(expected={"max_bytes": max_bytes}, received={"bytes": length})


def clean_filename(filename: str) -> str:
    """Return the file's name without folders and control characters; may be empty."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    return clean_name(name)[-TITLE_LENGTH:]


def _describe_canvas(picture: Picture) -> dict[str, object]:
    return {
        "format": picture.format,
        "mode": f"{picture.mode};{picture.pixels.dtype.itemsize * 8}",
        "width": picture.width,
        "height": picture.height,
        "canvas_sha256": picture.compute_canvas_sha256(),
        "decoder": picture.decoder,
        "notes": list(picture.notes),
        "metadata": asdict(picture.facts),
    }


def _save_with_first_revision(photo: Photo) -> None:
    photo.save(force_insert=True)
    first = Revision.objects.create(
        photo=photo, number=0, label="Original", created_by=photo.uploaded_by
    )
    photo.current = photo.tip = first
    photo.save(update_fields=["current", "tip"])


def _get_current(photo: Photo) -> Revision:
    if photo.current is None:
        raise LookupError(f"Photo {photo.pk} has no current revision")
    return photo.current
