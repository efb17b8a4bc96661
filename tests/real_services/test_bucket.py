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
def test_what_is_saved_comes_back_byte_for_byte(bucket: BucketFiles, data: bytes) -> None:
    name = bucket.save("originals/ab/x.png", ContentFile(data))

    assert name == "originals/ab/x.png"
    assert bucket.exists(name)
    assert bucket.size(name) == len(data)
    with bucket.open(name) as file:
        assert file.read() == data


def test_a_walk_finds_what_is_below_the_prefix_and_when_it_came(bucket: BucketFiles) -> None:
    before = datetime.now(UTC)
    for name in ("originals/ab/x.png", "originals/cd/y.png", "masks/ab/z.png"):
        bucket.save(name, ContentFile(b"hello"))

    found = list(bucket.walk("originals/"))
    assert [stored.name for stored in found] == ["originals/ab/x.png", "originals/cd/y.png"]
    assert all(abs((stored.modified_at - before).total_seconds()) < 3600 for stored in found)


def test_what_is_deleted_is_gone_and_may_be_deleted_again(bucket: BucketFiles) -> None:
    bucket.save("masks/ab/x.png", ContentFile(b"hello"))
    for _ in range(2):
        bucket.delete("masks/ab/x.png")

    assert not bucket.exists("masks/ab/x.png")
    assert list(bucket.walk("masks/")) == []


@pytest.mark.parametrize("look", [BucketFiles.open, BucketFiles.size])
def test_a_missing_file_is_told_as_such(
    bucket: BucketFiles, look: Callable[[BucketFiles, str], object]
) -> None:
    with pytest.raises(FileNotFoundError):
        look(bucket, "originals/ab/missing.png")


def test_the_bucket_of_another_is_not_reachable(bucket: BucketFiles) -> None:
    bucket.check_reachable()
    bucket.bucket_name = "nobody-has-made-this-one"
    with pytest.raises(OSError, match="nobody-has-made-this-one"):
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
def test_an_unreachable_bucket_is_an_error_of_files(
    unreachable: BucketFiles, call: Callable[[BucketFiles], Any]
) -> None:
    with pytest.raises(OSError, match="Could not connect") as fault:
        call(unreachable)
    assert not isinstance(fault.value, FileNotFoundError)


def test_whoever_asks_how_the_bucket_is_asks_once(unreachable: BucketFiles) -> None:
    asked: list[Any] = []
    events = unreachable._impatient_client.meta.events
    events.register("before-send.s3", lambda request, **_: asked.append(request.method))

    with pytest.raises(OSError, match="Could not connect"):
        unreachable.check_reachable()
    assert asked == ["HEAD"]


@pytest.mark.parametrize(("length", "is_on_disk"), [(MEMORY_BYTES, False), (len(LARGE), True)])
def test_a_large_file_is_opened_from_the_disk(
    bucket: BucketFiles, length: int, *, is_on_disk: bool
) -> None:
    bucket.save("x", ContentFile(LARGE[:length]))
    with bucket.open("x") as file:
        kept: Any = file.file
        assert kept._rolled is is_on_disk


def test_a_large_file_takes_little_memory_on_its_way(bucket: BucketFiles, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(LARGE * 4)
    bucket.exists("x")  # what boto3 reads about S3, once a process, is not meant
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            bucket.save("x", File(file))
        bucket.open("x").close()
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < path.stat().st_size / 3


def test_a_file_of_a_row_can_be_read_again(bucket: BucketFiles) -> None:
    photo = Photo()
    photo.original.name = bucket.save("originals/ab/x.png", ContentFile(b"hello"))

    assert [read_file(photo.original) for _ in range(2)] == [b"hello", b"hello"]


def test_a_bucket_that_takes_no_acl_is_sent_none(bucket: BucketFiles) -> None:
    sent: list[Any] = []
    bucket.client.meta.events.register(
        "before-send.s3", lambda request, **_: sent.append(request.headers)
    )
    for data in (b"hello", LARGE):
        bucket.save("x", ContentFile(data))

    assert len(sent) > 3
    assert not [
        name for headers in sent for name in headers if name.lower().startswith("x-amz-acl")
    ]
