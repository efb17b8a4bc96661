"""Photos come in, are renamed or moved, and go."""

import hashlib
from dataclasses import asdict
from pathlib import PurePosixPath

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.files import original_key
from gallery.importing import download_picture
from gallery.keeping import files_with_rows
from gallery.lengths import check_length
from gallery.models import Album, Photo, Revision, Role, Upload
from gallery.photo_slots import whole_photo
from gallery.quotas import storage_hold, storage_require
from gallery.renditions import (
    RenditionData,
    add_renditions,
    make_screen_renditions,
    store_renditions,
)
from gallery.services.albums import album_default
from gallery.services.removal import photos_remove
from gallery.signals import photo_uploaded
from vision.images import FORMATS, Picture, decode
from web.errors import NotAllowed, NotThere, Problem

TITLE_LENGTH = 200


class AlreadyTakenIn(Exception):
    """Another request has made a photo of the same direct upload meanwhile."""


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
    """Take a picture file in: check it by decoding it, keep its bytes, make its thumbnail.

    `upload` is the direct upload that brought the bytes; it ends with the photo's transaction.
    Raises AlreadyTakenIn when it has ended before, vision.errors.PictureRejected for what is not
    a picture that we can use, NotAllowed or NotThere for an album that `user` may not add to.
    """
    album = album or album_default(user=user)
    policies.require_editor(user, album)
    check_length(len(data))
    storage_require(user=user, album=album, more=len(data))
    with whole_photo():
        picture = decode(data)
        renditions = make_screen_renditions(picture)
        facts = _canvas_facts(picture)
    filename = clean_filename(filename) or f"photo.{FORMATS[picture.format].extension}"
    photo = Photo(
        album=album,
        uploaded_by=user,
        title=(title.strip() or PurePosixPath(filename).stem)[:TITLE_LENGTH],
        filename=filename,
        credit=credit,
        **facts,
    )
    _keep(photo, data, renditions, upload)
    return photo


def _keep(
    photo: Photo, data: bytes, renditions: list[RenditionData], upload: Upload | None
) -> None:
    """The original, the row, its first revision and pictures: all of them or nothing."""
    photo.original_sha256 = hashlib.sha256(data).hexdigest()
    photo.original_bytes = len(data)
    extension = FORMATS[photo.format].extension
    with files_with_rows() as keeper:
        photo.original.name = keeper.save(original_key(None, f"x.{extension}"), data)
        pictures = store_renditions(renditions, keeper)
        with transaction.atomic():
            storage_hold(user=photo.uploaded_by, album=photo.album, more=len(data))
            if not Album.objects.select_for_update().filter(pk=photo.album_id).exists():
                raise NotThere("album")
            _save_with_first_revision(photo)
            if upload is not None:
                _end_upload(upload, photo)
            add_renditions(_current(photo), pictures)
            photo_uploaded.send(sender=Photo, photo=photo)


def _end_upload(upload: Upload, photo: Photo) -> None:
    unfinished = Upload.objects.filter(pk=upload.pk, ended_at=None)
    if not unfinished.update(photo=photo, ended_at=timezone.now()):
        raise AlreadyTakenIn(str(upload.pk))


def photo_import(*, user: User, url: str, album: Album | None = None, title: str = "") -> Photo:
    """Fetch a picture from a public address and take it in.

    Raises gallery.importing.ImportRefused for an address that may not or cannot be read.
    """
    album = album or album_default(user=user)
    policies.require_editor(user, album)
    storage_require(user=user, album=album, more=1)
    file = download_picture(url, max_bytes=settings.UPLOAD_MAX_BYTES)
    return photo_upload(user=user, data=file.data, filename=file.filename, album=album, title=title)


@transaction.atomic
def photo_update(
    *, user: User, photo: Photo, title: str | None = None, album: Album | None = None
) -> Photo:
    """Rename a photo, or move it to another album.

    Editors may rename; the owner may move it out, into an album that the owner may edit.
    """
    policies.require_editor(user, photo.album)
    changed = []
    if title is not None:
        if not title.strip():
            raise Problem(
                "Give the photo a title.", code="title_missing", fields={"title": ["Missing."]}
            )
        photo.title = title.strip()[:TITLE_LENGTH]
        changed.append("title")
    if album is not None and album != photo.album:
        policies.require_editor(user, album)
        if policies.role_in(user, photo.album) is not Role.OWNER:
            raise NotAllowed("Only the album's owner can move a photo out of it.")
        if policies.role_in(user, album) is not Role.OWNER:
            storage_hold(user=user, album=album, more=photo.original_bytes + photo.added_bytes)
        photo.album = album
        changed.append("album")
    photo.save(update_fields=changed)
    return photo


@transaction.atomic
def photo_delete(*, user: User, photo: Photo) -> None:
    """Delete a photo with its history; its files go after the commit. Editors may."""
    policies.require_editor(user, photo.album)
    photo_remove(photo)


@transaction.atomic
def photo_remove(photo: Photo) -> None:
    """Like `photo_delete`, for admins."""
    photos_remove(Q(pk=photo.pk))


def clean_filename(filename: str) -> str:
    """The file's own name without folders and control characters; may be empty."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    name = "".join(character for character in name if character.isprintable()).strip()
    return name[-TITLE_LENGTH:]


def _canvas_facts(picture: Picture) -> dict[str, object]:
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


def _current(photo: Photo) -> Revision:
    if photo.current is None:
        raise LookupError(f"Photo {photo.pk} has no current revision")
    return photo.current
