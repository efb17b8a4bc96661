"""Files in a bucket on a real S3 server."""

import os
import tracemalloc
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.files.base import ContentFile

from gallery.models import Photo
from gallery.renditions import read_file
from gallery.storage import StagedUpload
from gallery.storage.bucket import MEMORY_BYTES, BucketFiles

pytestmark = [pytest.mark.real_services, pytest.mark.xdist_group("real_services")]

LARGE = os.urandom(12 * 2**20)
STAGED = StagedUpload(uuid.uuid4(), "uploads/x", "parts", "image/png", 12 * 2**20)


@pytest.mark.parametrize("data", [b"", b"hello", LARGE], ids=["empty", "small", "in parts"])
def test_a_saved_file_is_read_back_byte_for_byte(bucket: BucketFiles, data: bytes) -> None:
    name = bucket.save("originals/ab/x.png", ContentFile(data))

    assert name == "originals/ab/x.png"
    assert bucket.exists(name)
    assert bucket.size(name) == len(data)
    with bucket.open(name) as file:
        assert file.read() == data


def test_a_walk_lists_files_below_the_prefix_and_their_times(bucket: BucketFiles) -> None:
    before = datetime.now(UTC)
    for name in ("originals/ab/x.png", "originals/cd/y.png", "masks/ab/z.png"):
        bucket.save(name, ContentFile(b"hello"))

    stored_files = list(bucket.walk("originals/"))
    assert [stored.name for stored in stored_files] == ["originals/ab/x.png", "originals/cd/y.png"]
    assert all(abs((stored.modified_at - before).total_seconds()) < 3600 for stored in stored_files)


def test_a_deleted_file_is_gone_and_may_be_deleted_again(bucket: BucketFiles) -> None:
    bucket.save("masks/ab/x.png", ContentFile(b"hello"))
    for _ in range(2):
        bucket.delete("masks/ab/x.png")

    assert not bucket.exists("masks/ab/x.png")
    assert list(bucket.walk("masks/")) == []


@pytest.mark.parametrize("read_file_or_size", [BucketFiles.open, BucketFiles.size])
def test_a_missing_file_raises_file_not_found(
    bucket: BucketFiles, read_file_or_size: Callable[[BucketFiles, str], object]
) -> None:
    with pytest.raises(FileNotFoundError):
        read_file_or_size(bucket, "originals/ab/missing.png")


def test_a_bucket_that_does_not_exist_is_not_reachable(bucket: BucketFiles) -> None:
    bucket.check_reachable()
    bucket.bucket_name = "this-bucket-does-not-exist"
    with pytest.raises(OSError, match="this-bucket-does-not-exist"):
        bucket.check_reachable()


CALLS: dict[str, Callable[[BucketFiles], Any]] = {
    "exists": lambda files: files.exists("x"),
    "open": lambda files: files.open("x"),
    "size": lambda files: files.size("x"),
    "delete": lambda files: files.delete("x"),
    "save": lambda files: files.save("x", ContentFile(b"hello")),
    "save in parts": lambda files: files.save("x", ContentFile(LARGE)),
    "walk": lambda files: list(files.walk("originals/")),
    "abandoned": lambda files: list(files.list_abandoned_uploads(datetime.now(UTC))),
    "reachable": lambda files: files.check_reachable(),
    "begin": lambda files: files.staging.begin("x", mime="image/png", length=STAGED.length),
    "missing": lambda files: files.staging.list_missing(STAGED),
    "read": lambda files: files.staging.read(STAGED),
    "discard": lambda files: files.staging.discard(STAGED),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_every_call_to_an_unreachable_bucket_raises_os_error(
    unreachable_bucket: BucketFiles, call: Callable[[BucketFiles], Any]
) -> None:
    with pytest.raises(OSError, match="Could not connect") as fault:
        call(unreachable_bucket)
    assert not isinstance(fault.value, FileNotFoundError)


def test_a_health_check_sends_one_request_without_retries(unreachable_bucket: BucketFiles) -> None:
    methods: list[Any] = []
    events = unreachable_bucket._impatient_client.meta.events
    events.register("before-send.s3", lambda request, **_: methods.append(request.method))

    with pytest.raises(OSError, match="Could not connect"):
        unreachable_bucket.check_reachable()
    assert methods == ["HEAD"]


@pytest.mark.parametrize(("length", "is_on_disk"), [(MEMORY_BYTES, False), (len(LARGE), True)])
def test_only_a_large_file_is_buffered_on_disk(
    bucket: BucketFiles, length: int, *, is_on_disk: bool
) -> None:
    bucket.save("x", ContentFile(LARGE[:length]))
    with bucket.open("x") as file:
        buffer: Any = file.file
        assert buffer._rolled is is_on_disk


def test_a_large_file_is_saved_and_opened_in_little_memory(
    bucket: BucketFiles, tmp_path: Path
) -> None:
    path = tmp_path / "large"
    path.write_bytes(LARGE * 4)
    bucket.exists("x")  # boto3 reads its S3 description once a process: not measured
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            bucket.save("x", File(file))
        bucket.open("x").close()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < path.stat().st_size / 3


def test_a_file_of_a_row_can_be_read_again(bucket: BucketFiles) -> None:
    photo = Photo()
    photo.original.name = bucket.save("originals/ab/x.png", ContentFile(b"hello"))

    assert [read_file(photo.original) for _ in range(2)] == [b"hello", b"hello"]


def test_no_request_has_an_acl_header(bucket: BucketFiles) -> None:
    headers_of_requests: list[Any] = []
    bucket.client.meta.events.register(
        "before-send.s3", lambda request, **_: headers_of_requests.append(request.headers)
    )
    for data in (b"hello", LARGE):
        bucket.save("x", ContentFile(data))

    assert len(headers_of_requests) > 3
    assert not [
        name
        for headers in headers_of_requests
        for name in headers
        if name.lower().startswith("x-amz-acl")
    ]
