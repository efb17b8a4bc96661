"""Direct uploads: announced, sent in parts, checked and completed to a photo."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from gallery.models import Photo, Role, Upload
from gallery.renditions import read_file
from gallery.selectors import get_upload, list_unfinished_uploads
from gallery.services import (
    album_create,
    part_requests_build,
    photo_delete,
    upload_begin,
    upload_complete,
    upload_discard,
    uploads,
)
from gallery.storage.base import PART_BYTES
from tests import images, rows
from tests.storage import list_stored_files
from tests.uploads import send_part, upload_file
from vision.errors import PictureRejected
from web.errors import NotAllowed, NotThere, Problem

pytestmark = pytest.mark.django_db
SMALL = images.build_png(96, 64)


def build_large_picture() -> bytes:
    """Return a picture of more than two parts: noise can't be compressed."""
    data = images.encode_pixels(images.build_noise(1900, 2000), "PNG", compress_level=0)
    assert len(data) > 2 * PART_BYTES
    return data


def compute_digest(data: bytes) -> str:
    """Return the SHA-256 digest in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("data", [SMALL, build_large_picture()], ids=["small", "large"])
def test_an_upload_becomes_a_photo_byte_for_byte(alice: User, data: bytes) -> None:
    album = album_create(user=alice, name="Holiday")
    upload = upload_file(
        data, user=alice, album=album, sha256=compute_digest(data), title="At the sea"
    )

    assert part_requests_build(upload) == []
    photo = upload_complete(user=alice, upload=upload)

    assert (photo.title, photo.filename, photo.album) == ("At the sea", "beach.png", album)
    assert read_file(photo.original) == data
    assert photo.original_sha256 == compute_digest(data)
    assert not [name for name in list_stored_files() if name.startswith("uploads/")]


def test_the_parts_cover_the_file_once(alice: User) -> None:
    data = build_large_picture()
    upload = upload_begin(user=alice, filename="a.png", length=len(data))
    parts = part_requests_build(upload)

    assert len(parts) == 3
    pieces = [data[part.offset : part.offset + part.length] for part in parts]
    assert b"".join(pieces) == data


def test_after_a_lost_connection_only_the_missing_parts_are_requested(alice: User) -> None:
    data = build_large_picture()
    upload = upload_begin(user=alice, filename="a.png", length=len(data))
    first, second, third = part_requests_build(upload)
    send_part(second, data)

    assert [part.offset for part in part_requests_build(upload)] == [first.offset, third.offset]
    with pytest.raises(Problem) as refusal:
        upload_complete(user=alice, upload=upload)
    assert (refusal.value.code, refusal.value.status) == ("upload_incomplete", 409)

    for part in part_requests_build(upload):
        send_part(part, data)
    assert upload_complete(user=alice, upload=upload).original_sha256 == compute_digest(data)


def test_completing_twice_returns_the_same_photo(alice: User) -> None:
    upload = upload_file(SMALL, user=alice)
    photo = upload_complete(user=alice, upload=upload)

    upload.refresh_from_db()
    assert part_requests_build(upload) == []
    assert upload_complete(user=alice, upload=upload) == photo
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("data", [SMALL, build_large_picture()], ids=["small", "large"])
def test_completing_with_a_stale_row_returns_the_first_photo(alice: User, data: bytes) -> None:
    upload = upload_file(data, user=alice)
    stale = Upload.objects.get(pk=upload.pk)
    first = upload_complete(user=alice, upload=upload)

    assert upload_complete(user=alice, upload=stale) == first


def test_completing_twice_in_parallel_creates_one_photo(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_file(SMALL, user=alice)
    stale = Upload.objects.get(pk=upload.pk)
    first = upload_complete(user=alice, upload=upload)
    # The second call read the bytes before the first one ended.
    monkeypatch.setattr(uploads, "_read_verified", lambda _upload: SMALL)

    assert upload_complete(user=alice, upload=stale) == first
    assert Photo.objects.count() == 1
    assert len([name for name in list_stored_files() if name.startswith("originals/")]) == 1


def test_completing_after_the_photo_was_deleted_is_refused(alice: User) -> None:
    upload = upload_file(SMALL, user=alice)
    photo_delete(user=alice, photo=upload_complete(user=alice, upload=upload))

    upload.refresh_from_db()
    with pytest.raises(NotThere):
        upload_complete(user=alice, upload=upload)


@pytest.mark.parametrize("ending", [b"", b"more"], ids=["shorter", "longer"])
def test_a_file_of_another_length_than_announced_is_refused(alice: User, ending: bytes) -> None:
    data = SMALL[:-4] + ending if not ending else SMALL + ending
    upload = upload_begin(user=alice, filename="a.png", length=len(SMALL))
    (part,) = part_requests_build(upload)
    wrong = part.__class__(
        part.method, part.url, 0, len(data), fields=part.fields, headers=part.headers
    )

    assert send_part(wrong, data).status_code >= 400
    with pytest.raises(Problem) as refusal:
        upload_complete(user=alice, upload=upload)
    assert refusal.value.code == "upload_incomplete"


def test_a_file_with_another_digest_is_refused(alice: User) -> None:
    upload = upload_file(SMALL, user=alice, sha256=compute_digest(b"something else"))

    with pytest.raises(Problem) as refusal:
        upload_complete(user=alice, upload=upload)
    assert (refusal.value.code, refusal.value.status) == ("upload_wrong_digest", 422)
    assert not Photo.objects.exists()


def test_a_file_that_is_no_picture_is_refused_and_leaves_no_photo(alice: User) -> None:
    upload = upload_file(b"%!PS-Adobe-3.0" + b" " * 2000, user=alice, mime="image/png")

    with pytest.raises(PictureRejected):
        upload_complete(user=alice, upload=upload)
    assert not Photo.objects.exists()
    assert not [name for name in list_stored_files() if not name.startswith("uploads/")]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"length": 0}, "empty_file"),
        ({"length": 81 * 2**20}, "too_large"),
        ({"mime": "application/pdf"}, "unsupported_type"),
        ({"mime": "image/png\r\nX: y"}, "unsupported_type"),
        ({"sha256": "abc"}, "invalid"),
    ],
)
def test_an_invalid_announcement_is_refused(alice: User, values: dict[str, Any], code: str) -> None:
    with pytest.raises((Problem, PictureRejected)) as refusal:
        upload_begin(user=alice, **{"filename": "a.png", "length": 10, **values})
    assert getattr(refusal.value, "code", "") == code
    assert not Upload.objects.exists()


def test_an_upload_needs_an_album_that_the_user_may_add_to(
    alice: User, bob: User, charlie: User
) -> None:
    album = album_create(user=alice, name="Holiday")
    rows.share(album, bob, Role.VIEWER)
    with pytest.raises(NotAllowed):
        upload_begin(user=bob, filename="a.png", length=10, album=album)
    with pytest.raises(NotThere):
        upload_begin(user=charlie, filename="a.png", length=10, album=album)


def test_a_member_removed_during_the_upload_cannot_complete_it(alice: User, bob: User) -> None:
    album = album_create(user=alice, name="Holiday")
    membership = rows.share(album, bob, Role.EDITOR)
    upload = upload_file(SMALL, user=bob, album=album)
    membership.delete()

    with pytest.raises(NotThere):
        upload_complete(user=bob, upload=upload)
    assert not Photo.objects.exists()


def test_too_many_unfinished_uploads_of_a_user_are_refused(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_UNFINISHED", 2)
    for _ in range(2):
        upload_begin(user=alice, filename="a.png", length=10)

    with pytest.raises(Problem) as refusal:
        upload_begin(user=alice, filename="a.png", length=10)
    assert (refusal.value.code, refusal.value.status) == ("too_many_uploads", 429)
    upload_begin(user=bob, filename="a.png", length=10)


def test_an_expired_upload_is_refused(alice: User) -> None:
    upload = upload_file(SMALL, user=alice)
    upload.expires_at = timezone.now() - timedelta(seconds=1)
    upload.save()

    for call in (
        lambda: upload_complete(user=alice, upload=upload),
        lambda: part_requests_build(upload),
    ):
        with pytest.raises(Problem) as refusal:
            call()
        assert (refusal.value.code, refusal.value.status) == ("upload_expired", 410)


@pytest.mark.parametrize("data", [SMALL, build_large_picture()], ids=["small", "large"])
def test_a_discarded_upload_leaves_nothing(alice: User, data: bytes) -> None:
    upload = upload_begin(user=alice, filename="a.png", length=len(data))
    send_part(part_requests_build(upload)[0], data)

    upload_discard(user=alice, upload=upload)
    assert not list_unfinished_uploads(alice).exists()
    assert list_stored_files() == []
    with pytest.raises(NotThere):
        get_upload(alice, upload.pk)


def test_a_discarded_upload_counts_until_its_urls_expire(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_UNFINISHED", 1)
    upload_discard(user=alice, upload=upload_begin(user=alice, filename="a.png", length=10))

    with pytest.raises(Problem, match="unfinished"):
        upload_begin(user=alice, filename="a.png", length=10)
    Upload.objects.update(expires_at=timezone.now())
    upload_begin(user=alice, filename="a.png", length=10)


def test_nobody_discards_the_upload_of_another_user(alice: User, bob: User) -> None:
    upload = upload_begin(user=alice, filename="a.png", length=10)
    with pytest.raises(NotThere):
        upload_discard(user=bob, upload=upload)


def test_the_url_of_a_part_accepts_no_other_upload(alice: User) -> None:
    mine = upload_begin(user=alice, filename="a.png", length=len(SMALL))
    other = upload_begin(user=alice, filename="b.png", length=len(SMALL))
    (part,) = part_requests_build(mine)
    moved = part.__class__(
        part.method,
        part.url.replace(str(mine.pk), str(other.pk)),
        part.offset,
        part.length,
        fields={**part.fields, "key": other.key} if part.fields else {},
    )

    assert send_part(moved, SMALL).status_code in {403, 404}
    assert part_requests_build(other) != []
