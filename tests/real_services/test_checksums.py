"""Checksums of files in S3, by which S3 refuses bytes that changed during the transfer."""

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile

from gallery.storage import StagedUpload
from gallery.storage.base import PART_BYTES
from gallery.storage.bucket import BucketFiles
from tests.real_services.buckets import use_bucket
from tests.uploads import send_part

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [
    pytest.mark.real_services,
    pytest.mark.xdist_group("real_services"),
    pytest.mark.django_db,
]


@pytest.fixture
def checksum_bucket(
    aws: dict[str, str], settings: "Settings", monkeypatch: pytest.MonkeyPatch
) -> BucketFiles:
    """A bucket on a server that supports checksums, with boto3's default settings."""
    monkeypatch.delenv("AWS_REQUEST_CHECKSUM_CALCULATION")
    monkeypatch.delenv("AWS_RESPONSE_CHECKSUM_VALIDATION")
    name = f"vanish-{uuid.uuid4().hex}"
    files = use_bucket(aws["AWS_ENDPOINT_URL"], aws, settings, bucket=name)
    files.client.create_bucket(Bucket=name)
    return files


def list_checksums(files: BucketFiles, name: str) -> set[str]:
    """Return the names of the checksums that the server has for a file."""
    head: Any = files.client.head_object(
        Bucket=files.bucket_name, Key=files.build_key(name), ChecksumMode="ENABLED"
    )
    return {key for key in head if key.startswith("Checksum")} - {"ChecksumType"}


@pytest.mark.parametrize("length", [5, PART_BYTES + 5])
def test_a_saved_file_has_a_checksum(checksum_bucket: BucketFiles, length: int) -> None:
    checksum_bucket.save("x", ContentFile(b"x" * length))

    assert list_checksums(checksum_bucket, "x")
    with checksum_bucket.open("x") as file:
        assert file.read() == b"x" * length


def test_parts_are_uploaded_without_checksums(checksum_bucket: BucketFiles) -> None:
    length = PART_BYTES + 5
    begin_headers: list[str] = []
    checksum_bucket.client.meta.events.register(
        "before-send.s3.CreateMultipartUpload",
        lambda request, **_: begin_headers.append(str(request.headers)),
    )
    upload_id = checksum_bucket.staging.begin("uploads/x", mime="image/png", length=length)
    staged = StagedUpload(uuid.uuid4(), "uploads/x", upload_id, "image/png", length)
    parts = checksum_bucket.staging.list_missing(staged)

    # S3 would refuse parts without checksums if the upload had been started with them.
    assert len(begin_headers) == 1
    assert "checksum" not in "".join([*begin_headers, *(part.url for part in parts)]).lower()
    for part in parts:
        assert send_part(part, b"x" * length).status_code == 200
    assert checksum_bucket.staging.read(staged) == b"x" * length
