"""Direct uploads to a real S3 server: length, type and key are signed."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from gallery.services import cleanup, upload_begin
from gallery.storage import PartRequest, StagedUpload, StagingRefused
from gallery.storage.base import PART_BYTES
from gallery.storage.bucket import BucketFiles
from tests import images
from tests.uploads import send_part

pytestmark = [pytest.mark.real_services, pytest.mark.xdist_group("real_services")]

SMALL = images.build_png(96, 64)
LARGE = bytes(range(256)) * (2 * PART_BYTES // 256) + b"the last part"
TOMORROW = timedelta(days=1)


def begin_upload(bucket: BucketFiles, data: bytes) -> StagedUpload:
    """Begin an upload of `data` without sending anything."""
    key = f"uploads/{uuid.uuid4().hex}"
    upload_id = bucket.staging.begin(key, mime="image/png", length=len(data))
    return StagedUpload(uuid.uuid4(), key, upload_id, "image/png", len(data))


def get_form(bucket: BucketFiles, staged: StagedUpload) -> PartRequest:
    (form,) = bucket.staging.list_missing(staged)
    return form


def send_all(bucket: BucketFiles, staged: StagedUpload, data: bytes) -> None:
    for part in bucket.staging.list_missing(staged):
        assert send_part(part, data).status_code in {200, 204}


def list_open_uploads(bucket: BucketFiles) -> list[str]:
    return [staged.key for staged in bucket.list_abandoned_uploads(datetime.now(UTC) + TOMORROW)]


def test_a_form_accepts_the_announced_file(bucket: BucketFiles) -> None:
    staged = begin_upload(bucket, SMALL)
    send_all(bucket, staged, SMALL)

    assert bucket.staging.list_missing(staged) == []
    assert bucket.staging.read(staged) == SMALL
    head = bucket.client.head_object(Bucket=bucket.bucket_name, Key=bucket.build_key(staged.key))
    assert head["ContentType"] == "image/png"


@pytest.mark.parametrize("content", [SMALL[:-1], SMALL + b"x", b""], ids=len)
def test_a_form_refuses_another_length(bucket: BucketFiles, content: bytes) -> None:
    staged = begin_upload(bucket, SMALL)
    form = replace(get_form(bucket, staged), length=len(content))

    assert 400 <= send_part(form, content).status_code < 500
    assert not bucket.exists(staged.key)


@pytest.mark.parametrize(
    "changes",
    [
        {"Content-Type": "text/html"},
        {"key": "originals/ab/x.png"},
        {"x-amz-algorithm": "AWS4-HMAC-SHA1"},
        {"x-amz-signature": "0" * 64},
        {"acl": "public-read"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_form_refuses_changed_fields(bucket: BucketFiles, changes: dict[str, str]) -> None:
    staged = begin_upload(bucket, SMALL)
    form = get_form(bucket, staged)

    changed = replace(form, fields={**form.fields, **changes})
    assert send_part(changed, SMALL).status_code in {400, 403}
    assert list(bucket.walk("uploads/")) == []
    assert list(bucket.walk("originals/")) == []


def test_a_form_requires_the_content_type(bucket: BucketFiles) -> None:
    staged = begin_upload(bucket, SMALL)
    form = get_form(bucket, staged)

    fields = {name: value for name, value in form.fields.items() if name != "Content-Type"}
    assert send_part(replace(form, fields=fields), SMALL).status_code in {400, 403}
    assert not bucket.exists(staged.key)


@pytest.mark.parametrize("difference", [-1, 1])
def test_the_url_of_a_part_refuses_another_length(bucket: BucketFiles, difference: int) -> None:
    staged = begin_upload(bucket, LARGE)
    first = bucket.staging.list_missing(staged)[0]

    longer_or_shorter = replace(first, length=first.length + difference)
    assert send_part(longer_or_shorter, LARGE).status_code == 403
    assert bucket.staging.list_missing(staged)[0].offset == 0


def test_the_url_of_a_part_refuses_another_part(bucket: BucketFiles) -> None:
    staged = begin_upload(bucket, LARGE)
    first, second, _last = bucket.staging.list_missing(staged)

    assert "partNumber=1&" in first.url
    moved = replace(second, url=first.url.replace("partNumber=1&", "partNumber=2&"))
    assert send_part(moved, LARGE).status_code == 403
    assert len(bucket.staging.list_missing(staged)) == 3


def test_only_missing_parts_are_requested(bucket: BucketFiles) -> None:
    staged = begin_upload(bucket, LARGE)
    first, second, last = bucket.staging.list_missing(staged)
    for part in (last, first):
        send_part(part, LARGE)

    assert [part.offset for part in bucket.staging.list_missing(staged)] == [second.offset]
    with pytest.raises(StagingRefused) as refusal:
        bucket.staging.read(staged)
    assert refusal.value.code == "upload_incomplete"
    assert not bucket.exists(staged.key)


def test_parts_are_joined_once_and_can_be_read_again(bucket: BucketFiles) -> None:
    staged = begin_upload(bucket, LARGE)
    send_all(bucket, staged, LARGE)
    assert bucket.staging.list_missing(staged) == []
    assert list_open_uploads(bucket) == [staged.key]

    for _ in range(2):
        assert bucket.staging.read(staged) == LARGE
    assert list_open_uploads(bucket) == []
    assert bucket.staging.list_missing(staged) == []


def upload_and_discard(bucket: BucketFiles, data: bytes, *, is_read: bool) -> StagedUpload:
    staged = begin_upload(bucket, data)
    send_all(bucket, staged, data)
    if is_read:
        bucket.staging.read(staged)
    for _ in range(2):
        bucket.staging.discard(staged)
    return staged


@pytest.mark.parametrize("data", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("read", [True, False], ids=["read", "unread"])
def test_a_discarded_upload_leaves_nothing(bucket: BucketFiles, data: bytes, *, read: bool) -> None:
    upload_and_discard(bucket, data, is_read=read)

    assert list_open_uploads(bucket) == []
    assert list(bucket.walk("uploads/")) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [(SMALL, "upload_incomplete"), (LARGE, "upload_gone")],
    ids=["small", "large"],
)
def test_a_discarded_upload_cannot_be_read(bucket: BucketFiles, data: bytes, code: str) -> None:
    """A discarded multipart upload takes no more parts; a form can be sent again."""
    staged = upload_and_discard(bucket, data, is_read=True)

    with pytest.raises(StagingRefused) as refusal:
        bucket.staging.read(staged)
    assert refusal.value.code == code


def test_abandoned_parts_are_those_begun_before_a_given_time(bucket: BucketFiles) -> None:
    staged = begin_upload(bucket, LARGE)

    abandoned_uploads = list(bucket.list_abandoned_uploads(datetime.now(UTC) + TOMORROW))
    assert [(one.key, one.remote_id) for one in abandoned_uploads] == [
        (staged.key, staged.remote_id)
    ]
    assert list(bucket.list_abandoned_uploads(datetime.now(UTC) - TOMORROW)) == []


def test_abandoned_parts_are_deleted_and_those_of_an_upload_stay(
    bucket: BucketFiles, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    abandoned = begin_upload(bucket, LARGE)
    upload = upload_begin(user=alice, filename="a.png", length=len(LARGE))
    assert cleanup.abandoned_parts_sweep() == 0

    monkeypatch.setattr(cleanup, "MIN_ORPHAN_AGE", -TOMORROW)
    assert set(list_open_uploads(bucket)) == {abandoned.key, upload.key}
    assert cleanup.abandoned_parts_sweep() == 1
    assert list_open_uploads(bucket) == [upload.key]
