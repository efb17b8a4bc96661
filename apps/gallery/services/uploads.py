"""Direct uploads: announced, brought to the storage in pieces, then taken in as a photo."""

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
from gallery.lengths import check_length
from gallery.models import Album, Photo, Upload
from gallery.quotas import storage_require
from gallery.selectors import uploads_open
from gallery.services.albums import album_default
from gallery.services.photos import (
    TITLE_LENGTH,
    AlreadyTakenIn,
    clean_filename,
    photo_upload,
)
from gallery.storage import PartRequest, Staged, StagingRefused, file_store
from gallery.storage.local_staging import ByteSource, LocalStaging, is_signed
from vision.errors import PictureRejected
from web.errors import NotThere, Problem

LIFE = timedelta(hours=24)
ADDRESS_LIFE = timedelta(hours=1)
logger = logging.getLogger(__name__)
MOST_UNFINISHED = 100
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
    """Announce a file of `length` bytes; whether it is what it says is seen when it is taken in.

    Raises Problem or PictureRejected for what would be refused in the end anyway.
    """
    if album is not None:
        policies.require_editor(user, album)
    _check_announcement(length, mime, sha256)
    storage_require(user=user, album=album or album_default(user=user), more=length)
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
        upload.remote_id = file_store().staging.begin(upload.key, mime=upload.mime, length=length)
    except OSError:
        upload.delete()
        raise
    upload.save(update_fields=["remote_id"])
    return upload


@transaction.atomic
def _announce(user: User, upload: Upload) -> None:
    """Make the row. The user's row is the lock: two announcements at once count each other."""
    User.objects.select_for_update().get(pk=user.pk)
    if uploads_open(user).count() >= MOST_UNFINISHED:
        raise Problem(
            f"{MOST_UNFINISHED} uploads are unfinished: finish them, or wait an hour.",
            code="too_many_uploads",
        )
    upload.save(force_insert=True)


def upload_requests(upload: Upload) -> list[PartRequest]:
    """The calls that bring what has not arrived yet; none once it was taken in."""
    if upload.ended_at:
        return []
    _require_time_left(upload)
    with _staging_refusals():
        return file_store().staging.missing(staged(upload))


def upload_part_keep(
    *, upload_id: uuid.UUID, number: int, signature: str, body: ByteSource
) -> None:
    """Keep one part that came through the server, to an address that we signed.

    Raises NotThere for any other address and for an upload that has ended or expired.
    """
    staging = file_store().staging
    upload = Upload.objects.filter(
        pk=upload_id, ended_at=None, expires_at__gt=timezone.now()
    ).first()
    is_ours = isinstance(staging, LocalStaging) and is_signed(upload_id, number, signature)
    if upload is None or not isinstance(staging, LocalStaging) or not is_ours:
        raise NotThere("upload, or its address is over: ask for it again")
    with _staging_refusals():
        staging.write_part(staged(upload), number, body)


def upload_take_in(*, user: User, upload: Upload) -> Photo:
    """Make a photo of what arrived; the second time, the same photo again.

    The bytes are checked and then stored anew, under a key that nobody else could write to.
    Raises Problem where length or digest differ, else as `photo_upload`.
    """
    if upload.ended_at is not None:
        return _made(upload)
    _require_time_left(upload)
    try:
        data = _read(upload)
    except (Problem, FileNotFoundError):
        # Another request may have taken it in meanwhile, and cleared it away.
        upload.refresh_from_db(fields=["ended_at", "photo"])
        if upload.ended_at is None:
            raise
        return _made(upload)
    try:
        photo = photo_upload(
            user=user,
            data=data,
            filename=upload.filename,
            album=upload.album,
            title=upload.title,
            upload=upload,
        )
    except AlreadyTakenIn:
        return _made(Upload.objects.get(pk=upload.pk))
    try:
        file_store().staging.discard(staged(upload))
    except OSError:
        logger.exception("What arrived of %s could not be cleared away; the sweep will", upload.pk)
    return photo


def upload_discard(*, user: User, upload: Upload) -> None:
    """Give an upload up, with all that has arrived; a photo that was made of it stays.

    Its row stays until the addresses that were given out are over, and counts as unfinished: what
    is sent to them after this is swept with it.
    """
    if upload.user_id != user.pk:
        raise NotThere("upload")
    file_store().staging.discard(staged(upload))
    now = timezone.now()
    over = min(upload.expires_at, now + ADDRESS_LIFE)
    Upload.objects.filter(pk=upload.pk).update(ended_at=now, expires_at=over)


def uploads_discard(uploads: Iterable[Upload]) -> int:
    """Forget uploads and what has arrived of them; returns how many. Raises the last OSError."""
    count = 0
    fault: OSError | None = None
    for upload in uploads:
        try:
            file_store().staging.discard(staged(upload))
        except OSError as error:
            fault = error
        else:
            upload.delete()
            count += 1
    if fault is not None:
        raise fault
    return count


def staged(upload: Upload) -> Staged:
    """The upload as the storage knows it."""
    return Staged(upload.pk, upload.key, upload.remote_id, upload.mime, upload.length)


def _require_time_left(upload: Upload) -> None:
    if upload.expires_at < timezone.now():
        raise Problem("This upload is over: begin again.", code="upload_expired")


def _read(upload: Upload) -> bytes:
    """What arrived, of the announced length and digest."""
    with _staging_refusals():
        data = file_store().staging.read(staged(upload))
    if upload.sha256 and hashlib.sha256(data).hexdigest() != upload.sha256:
        raise Problem(
            "The file arrived damaged (its SHA-256 differs): begin again.",
            code="upload_wrong_digest",
            fields={"sha256": ["Differs from that of the bytes that arrived."]},
        )
    return data


@contextmanager
def _staging_refusals() -> Iterator[None]:
    try:
        yield
    except StagingRefused as error:
        raise Problem(error.message, code=error.code) from error


def _made(upload: Upload) -> Photo:
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
