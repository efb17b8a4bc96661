"""What is stored in S3 carries a checksum: S3 refuses bytes that changed on their way."""

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile

from gallery.storage import StagedUpload
from gallery.storage.base import PART_BYTES
from gallery.storage.bucket import BucketFiles
from tests.real_services.buckets import bucket_at
from tests.uploads import send_part

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [
    pytest.mark.real_services,
    pytest.mark.xdist_group("real_services"),
    pytest.mark.django_db,
]


@pytest.fixture
def checking(
    aws: dict[str, str], settings: "Settings", monkeypatch: pytest.MonkeyPatch
) -> BucketFiles:
    """A bucket on a server that knows checksums, asked as AWS itself is."""
    monkeypatch.delenv("AWS_REQUEST_CHECKSUM_CALCULATION")
    monkeypatch.delenv("AWS_RESPONSE_CHECKSUM_VALIDATION")
    name = f"vanish-{uuid.uuid4().hex}"
    files = bucket_at(aws["AWS_ENDPOINT_URL"], aws, settings, bucket=name)
    files.client.create_bucket(Bucket=name)
    return files


def checksums(files: BucketFiles, name: str) -> set[str]:
    """Those that the server has for a file."""
    head: Any = files.client.head_object(
        Bucket=files.bucket_name, Key=files.build_key(name), ChecksumMode="ENABLED"
    )
    return {key for key in head if key.startswith("Checksum")} - {"ChecksumType"}


@pytest.mark.parametrize("length", [5, PART_BYTES + 5])
def test_what_is_saved_has_a_checksum(checking: BucketFiles, length: int) -> None:
    checking.save("x", ContentFile(b"x" * length))

    assert checksums(checking, "x")
    with checking.open("x") as file:
        assert file.read() == b"x" * length


def test_whoever_sends_a_part_need_not_make_checksums(checking: BucketFiles) -> None:
    length = PART_BYTES + 5
    begun: list[str] = []
    checking.client.meta.events.register(
        "before-send.s3.CreateMultipartUpload",
        lambda request, **_: begun.append(str(request.headers)),
    )
    upload_id = checking.staging.begin("uploads/x", mime="image/png", length=length)
    staged = StagedUpload(uuid.uuid4(), "uploads/x", upload_id, "image/png", length)
    parts = checking.staging.list_missing(staged)

    # S3 would refuse parts without checksums of an upload that was begun with some.
    assert len(begun) == 1
    assert "checksum" not in "".join([*begun, *(part.url for part in parts)]).lower()
    for part in parts:
        assert send_part(part, b"x" * length).status_code == 200
    assert checking.staging.read(staged) == b"x" * length
