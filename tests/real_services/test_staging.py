"""Direct uploads to a real S3 server: what is signed is the length, the type and the place."""

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

SMALL = images.png(96, 64)
LARGE = bytes(range(256)) * (2 * PART_BYTES // 256) + b"the last part"
TOMORROW = timedelta(days=1)


def announced(bucket: BucketFiles, data: bytes) -> StagedUpload:
    """An upload of `data`, of which nothing has arrived."""
    key = f"uploads/{uuid.uuid4().hex}"
    upload_id = bucket.staging.begin(key, mime="image/png", length=len(data))
    return StagedUpload(uuid.uuid4(), key, upload_id, "image/png", len(data))


def form_for(bucket: BucketFiles, staged: StagedUpload) -> PartRequest:
    (form,) = bucket.staging.list_missing(staged)
    return form


def send_all(bucket: BucketFiles, staged: StagedUpload, data: bytes) -> None:
    for part in bucket.staging.list_missing(staged):
        assert send_part(part, data).status_code in {200, 204}


def open_uploads(bucket: BucketFiles) -> list[str]:
    return [staged.key for staged in bucket.list_abandoned_uploads(datetime.now(UTC) + TOMORROW)]


def test_a_form_takes_what_was_announced(bucket: BucketFiles) -> None:
    staged = announced(bucket, SMALL)
    send_all(bucket, staged, SMALL)

    assert bucket.staging.list_missing(staged) == []
    assert bucket.staging.read(staged) == SMALL
    head = bucket.client.head_object(Bucket=bucket.bucket_name, Key=bucket.build_key(staged.key))
    assert head["ContentType"] == "image/png"


@pytest.mark.parametrize("change", [SMALL[:-1], SMALL + b"x", b""], ids=len)
def test_a_form_refuses_another_length(bucket: BucketFiles, change: bytes) -> None:
    staged = announced(bucket, SMALL)
    form = replace(form_for(bucket, staged), length=len(change))

    assert 400 <= send_part(form, change).status_code < 500
    assert not bucket.exists(staged.key)


@pytest.mark.parametrize(
    "change",
    [
        {"Content-Type": "text/html"},
        {"key": "originals/ab/x.png"},
        {"x-amz-algorithm": "AWS4-HMAC-SHA1"},
        {"x-amz-signature": "0" * 64},
        {"acl": "public-read"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_form_refuses_what_it_was_not_signed_for(
    bucket: BucketFiles, change: dict[str, str]
) -> None:
    staged = announced(bucket, SMALL)
    form = form_for(bucket, staged)

    changed = replace(form, fields={**form.fields, **change})
    assert send_part(changed, SMALL).status_code in {400, 403}
    assert list(bucket.walk("uploads/")) == []
    assert list(bucket.walk("originals/")) == []


def test_a_form_needs_its_type(bucket: BucketFiles) -> None:
    staged = announced(bucket, SMALL)
    form = form_for(bucket, staged)

    fields = {name: value for name, value in form.fields.items() if name != "Content-Type"}
    assert send_part(replace(form, fields=fields), SMALL).status_code in {400, 403}
    assert not bucket.exists(staged.key)


@pytest.mark.parametrize("change", [-1, 1])
def test_the_address_of_a_part_refuses_another_length(bucket: BucketFiles, change: int) -> None:
    staged = announced(bucket, LARGE)
    first = bucket.staging.list_missing(staged)[0]

    longer_or_shorter = replace(first, length=first.length + change)
    assert send_part(longer_or_shorter, LARGE).status_code == 403
    assert bucket.staging.list_missing(staged)[0].offset == 0


def test_the_address_of_a_part_is_for_no_other_part(bucket: BucketFiles) -> None:
    staged = announced(bucket, LARGE)
    first, second, _last = bucket.staging.list_missing(staged)

    assert "partNumber=1&" in first.url
    moved = replace(second, url=first.url.replace("partNumber=1&", "partNumber=2&"))
    assert send_part(moved, LARGE).status_code == 403
    assert len(bucket.staging.list_missing(staged)) == 3


def test_only_what_has_not_arrived_is_asked_for(bucket: BucketFiles) -> None:
    staged = announced(bucket, LARGE)
    first, second, last = bucket.staging.list_missing(staged)
    for part in (last, first):
        send_part(part, LARGE)

    assert [part.offset for part in bucket.staging.list_missing(staged)] == [second.offset]
    with pytest.raises(StagingRefused) as refusal:
        bucket.staging.read(staged)
    assert refusal.value.code == "upload_incomplete"
    assert not bucket.exists(staged.key)


def test_parts_are_put_together_once_and_read_as_often_as_needed(bucket: BucketFiles) -> None:
    staged = announced(bucket, LARGE)
    send_all(bucket, staged, LARGE)
    assert bucket.staging.list_missing(staged) == []
    assert open_uploads(bucket) == [staged.key]

    for _ in range(2):
        assert bucket.staging.read(staged) == LARGE
    assert open_uploads(bucket) == []
    assert bucket.staging.list_missing(staged) == []


def discarded(bucket: BucketFiles, data: bytes, *, read: bool) -> StagedUpload:
    staged = announced(bucket, data)
    send_all(bucket, staged, data)
    if read:
        bucket.staging.read(staged)
    for _ in range(2):
        bucket.staging.discard(staged)
    return staged


@pytest.mark.parametrize("data", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("read", [True, False], ids=["read", "unread"])
def test_what_is_discarded_leaves_nothing(bucket: BucketFiles, data: bytes, *, read: bool) -> None:
    discarded(bucket, data, read=read)

    assert open_uploads(bucket) == []
    assert list(bucket.walk("uploads/")) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [(SMALL, "upload_incomplete"), (LARGE, "upload_gone")],
    ids=["small", "large"],
)
def test_what_was_discarded_has_not_arrived(bucket: BucketFiles, data: bytes, code: str) -> None:
    """Parts can't be sent to an upload in parts that was given up; a form can be sent again."""
    staged = discarded(bucket, data, read=True)

    with pytest.raises(StagingRefused) as refusal:
        bucket.staging.read(staged)
    assert refusal.value.code == code


def test_abandoned_parts_are_those_begun_before_a_moment(bucket: BucketFiles) -> None:
    staged = announced(bucket, LARGE)

    found = list(bucket.list_abandoned_uploads(datetime.now(UTC) + TOMORROW))
    assert [(one.key, one.remote_id) for one in found] == [(staged.key, staged.remote_id)]
    assert list(bucket.list_abandoned_uploads(datetime.now(UTC) - TOMORROW)) == []


def test_abandoned_parts_are_swept_and_those_of_an_upload_stay(
    bucket: BucketFiles, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    abandoned = announced(bucket, LARGE)
    upload = upload_begin(user=alice, filename="a.png", length=len(LARGE))
    assert cleanup.abandoned_parts_sweep() == 0

    monkeypatch.setattr(cleanup, "MIN_ORPHAN_AGE", -TOMORROW)
    assert set(open_uploads(bucket)) == {abandoned.key, upload.key}
    assert cleanup.abandoned_parts_sweep() == 1
    assert open_uploads(bucket) == [upload.key]
