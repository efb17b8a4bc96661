"""Services for direct uploads: announce a file, send it in parts, complete it as a photo."""

import hashlib
import logging
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.models import Album, Photo, Upload
from gallery.quotas import require_storage
from gallery.selectors import list_open_uploads
from gallery.services.albums import default_album_ensure
from gallery.services.photos import (
    TITLE_LENGTH,
    AlreadyCompleted,
    check_length,
    clean_filename,
    photo_upload,
)
from gallery.storage import PartRequest, StagedUpload, StagingRefused, get_file_store
from gallery.storage.local_staging import ByteSource, LocalStaging, is_valid_signature
from vision.errors import PictureRejected
from web.errors import NotThere, Problem

LIFE = timedelta(hours=24)
ADDRESS_LIFE = timedelta(hours=1)
logger = logging.getLogger(__name__)
MAX_UNFINISHED = 100
_PICTURE = re.compile(r"image/[A-Za-z0-9.+-]{1,50}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def upload_begin(
    *,
    user: User,
    filename: str,
    length: int,
    mime: str = "",
    sha256: str = "",
    album: Album | None = None,
    title: str = "",
) -> Upload:
    """Announce a file of `length` bytes; its content is checked when the upload is completed.

    Raises Problem or PictureRejected for an announcement that would be refused later anyway.
    """
    if album is not None:
        policies.require_editor(user, album)
    _check_announcement(length, mime, sha256)
    require_storage(
        user=user, album=album or default_album_ensure(user=user), additional_bytes=length
    )
    upload = Upload(
        user=user,
        album=album,
        filename=clean_filename(filename),
        title=title.strip()[:TITLE_LENGTH],
        mime=mime or "application/octet-stream",
        length=length,
        sha256=sha256.lower(),
        expires_at=timezone.now() + LIFE,
    )
    _announce(user, upload)
    try:
        upload.remote_id = get_file_store().staging.begin(
            upload.key, mime=upload.mime, length=length
        )
    except OSError:
        upload.delete()
        raise
    upload.save(update_fields=["remote_id"])
    return upload


@transaction.atomic
def _announce(user: User, upload: Upload) -> None:
    """Save the row under a lock of the user's row, so that simultaneous calls keep the limit."""
    User.objects.select_for_update().get(pk=user.pk)
    if list_open_uploads(user).count() >= MAX_UNFINISHED:
        raise Problem(
            f"{MAX_UNFINISHED} uploads are unfinished: finish them, or wait an hour.",
            code="too_many_uploads",
        )
    upload.save(force_insert=True)


def part_requests_build(upload: Upload) -> list[PartRequest]:
    """Return the HTTP requests that send the missing parts; none after the upload has ended."""
    if upload.ended_at:
        return []
    _require_time_left(upload)
    with _translate_refusals():
        return get_file_store().staging.list_missing(to_staged_upload(upload))


def upload_part_save(
    *, upload_id: uuid.UUID, number: int, signature: str, body: ByteSource
) -> None:
    """Save one part that the server received at a signed address.

    Raises NotThere for a wrong signature and for an upload that has ended or expired.
    """
    staging = get_file_store().staging
    upload = Upload.objects.filter(
        pk=upload_id, ended_at=None, expires_at__gt=timezone.now()
    ).first()
    has_right_signature = isinstance(staging, LocalStaging) and is_valid_signature(
        upload_id, number, signature
    )
    if upload is None or not isinstance(staging, LocalStaging) or not has_right_signature:
        raise NotThere("upload, or its address is over: ask for it again")
    with _translate_refusals():
        staging.write_part(to_staged_upload(upload), number, body)


def upload_complete(*, user: User, upload: Upload) -> Photo:
    """Make a photo from the bytes that arrived; a repeated call returns the same photo.

    The bytes are checked and stored again under a key that no client can write to. Raises Problem
    when length or digest differ, and everything that `photo_upload` raises.
    """
    if upload.ended_at is not None:
        return _get_photo(upload)
    _require_time_left(upload)
    try:
        data = _read_verified(upload)
    except (Problem, FileNotFoundError):
        # Another request may have completed it in the meantime and deleted its data.
        upload.refresh_from_db(fields=["ended_at", "photo"])
        if upload.ended_at is None:
            raise
        return _get_photo(upload)
    try:
        photo = photo_upload(
            user=user,
            data=data,
            filename=upload.filename,
            album=upload.album,
            title=upload.title,
            upload=upload,
        )
    except AlreadyCompleted:
        return _get_photo(Upload.objects.get(pk=upload.pk))
    try:
        get_file_store().staging.discard(to_staged_upload(upload))
    except OSError:
        logger.exception(
            "The data of upload %s could not be deleted; housekeeping will delete it", upload.pk
        )
    return photo


def upload_discard(*, user: User, upload: Upload) -> None:
    """Discard an upload with all data that has arrived; a photo that was made from it stays.

    The row stays, and counts as unfinished, until its signed addresses expire: data that is sent
    to them later is deleted together with the row. Raises NotThere for another user's upload.
    """
    if upload.user_id != user.pk:
        raise NotThere("upload")
    get_file_store().staging.discard(to_staged_upload(upload))
    now = timezone.now()
    expires_at = min(upload.expires_at, now + ADDRESS_LIFE)
    Upload.objects.filter(pk=upload.pk).update(ended_at=now, expires_at=expires_at)


def uploads_discard(uploads: Iterable[Upload]) -> int:
    """Delete uploads with their data; returns their number.

    An upload whose data cannot be deleted is skipped; the last OSError is raised at the end.
    """
    count = 0
    last_error: OSError | None = None
    for upload in uploads:
        try:
            get_file_store().staging.discard(to_staged_upload(upload))
        except OSError as error:
            last_error = error
        else:
            upload.delete()
            count += 1
    if last_error is not None:
        raise last_error
    return count


def to_staged_upload(upload: Upload) -> StagedUpload:
    """Return the upload in the form that the storage uses."""
    return StagedUpload(upload.pk, upload.key, upload.remote_id, upload.mime, upload.length)


def _require_time_left(upload: Upload) -> None:
    if upload.expires_at < timezone.now():
        raise Problem("This upload is over: begin again.", code="upload_expired")


def _read_verified(upload: Upload) -> bytes:
    """Return the bytes that arrived. Raises Problem when length or digest differ."""
    with _translate_refusals():
        data = get_file_store().staging.read(to_staged_upload(upload))
    if upload.sha256 and hashlib.sha256(data).hexdigest() != upload.sha256:
        raise Problem(
            "The file arrived damaged (its SHA-256 differs): begin again.",
            code="upload_wrong_digest",
            fields={"sha256": ["Differs from that of the bytes that arrived."]},
        )
    return data


@contextmanager
def _translate_refusals() -> Iterator[None]:
    try:
        yield
    except StagingRefused as error:
        raise Problem(error.message, code=error.code) from error


def _get_photo(upload: Upload) -> Photo:
    if upload.photo_id is not None:
        photo = Photo.objects.filter(pk=upload.photo_id).first()
        if photo is not None:
            return photo
    raise NotThere("photo of this upload any more")


def _check_announcement(length: int, mime: str, sha256: str) -> None:
    check_length(length)
    if length < 1:
        raise PictureRejected("The file is empty.", code="empty_file")
    if mime and not _PICTURE.fullmatch(mime):
        raise PictureRejected(f"“{mime[:60]}” is not a type of picture.", code="unsupported_type")
    if sha256 and not _SHA256.fullmatch(sha256.lower()):
        raise Problem(
            "Give the SHA-256 as 64 hexadecimal digits.",
            code="invalid",
            fields={"sha256": ["64 hexadecimal digits."]},
        )
