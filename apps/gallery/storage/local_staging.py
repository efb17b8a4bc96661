"""Direct uploads without S3: the same requests, to signed addresses of this server."""

import os
import shutil
import uuid
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.http import urlencode

from gallery.storage.base import PartRequest, StagedUpload, StagingRefused, split_into_parts

if TYPE_CHECKING:
    from gallery.storage.local import LocalFiles

SIGNED_SECONDS = 3600
CHUNK = 2**18
_signer = TimestampSigner(salt="upload-part")


class ByteSource(Protocol):
    """An object that is read in chunks, like the body of a request."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes; b"" at the end."""


class LocalStaging:
    """Direct uploads in local folders: a folder per upload, a file per part, written atomically."""

    def __init__(self, files: "LocalFiles") -> None:
        self._files = files

    def begin(self, key: str, *, mime: str, length: int) -> str:  # noqa: ARG002
        """Create the folder of the upload; returns an empty `remote_id`."""
        self._get_folder(key).mkdir(parents=True, mode=0o700)
        return ""

    def list_missing(self, upload: StagedUpload) -> list[PartRequest]:
        """Return a PUT request for each part that is missing or has a wrong length."""
        return [
            PartRequest("PUT", _build_url(upload, number), offset, length)
            for number, (offset, length) in enumerate(split_into_parts(upload.length), start=1)
            if _get_size(self._get_part_path(upload.key, number)) != length
        ]

    def read(self, upload: StagedUpload) -> bytes:
        """Return the parts, joined in their order."""
        if self.list_missing(upload):
            raise StagingRefused("Parts of the file are missing.", code="upload_incomplete")
        numbers = range(1, len(split_into_parts(upload.length)) + 1)
        return b"".join(self._get_part_path(upload.key, number).read_bytes() for number in numbers)

    def discard(self, upload: StagedUpload) -> None:
        """Delete the folder of the upload."""
        shutil.rmtree(self._get_folder(upload.key), ignore_errors=True)

    def write_part(self, upload: StagedUpload, number: int, body: ByteSource) -> None:
        """Save one part; raises StagingRefused when its length or number is wrong."""
        parts = split_into_parts(upload.length)
        if not 1 <= number <= len(parts):
            raise StagingRefused("The upload has no such part.", code="upload_wrong_size")
        length = parts[number - 1][1]
        target = self._get_part_path(upload.key, number)
        draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        try:
            with draft.open("xb") as file:
                count = _copy(body, file, most=length)
            if count != length or body.read(1):
                raise StagingRefused(
                    f"Part {number} must have {length} bytes.", code="upload_wrong_size"
                )
            draft.replace(target)
        except FileNotFoundError:  # the upload was discarded or completed in the meantime
            raise StagingRefused("This upload is over: begin again.", code="upload_gone") from None
        finally:
            draft.unlink(missing_ok=True)

    def _get_folder(self, key: str) -> Path:
        return Path(self._files.path(key))

    def _get_part_path(self, key: str, number: int) -> Path:
        return self._get_folder(key) / f"{number}.part"


def is_valid_signature(upload_id: uuid.UUID, number: int, signature: str) -> bool:
    """Return whether this server signed the address of the part less than an hour ago."""
    try:
        return _signer.unsign(signature, max_age=SIGNED_SECONDS) == _build_signed_text(
            upload_id, number
        )
    except BadSignature:
        return False


def _build_url(upload: StagedUpload, number: int) -> str:
    path = reverse("api-upload-part", args=[upload.id, number])
    return f"{path}?{urlencode({'signature': _signer.sign(_build_signed_text(upload.id, number))})}"


def _build_signed_text(upload_id: uuid.UUID, number: int) -> str:
    return f"{upload_id.hex}/{number}"


def _get_size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def _copy(source: ByteSource, target: IO[bytes], *, most: int) -> int:
    """Copy at most `most` bytes and flush them to the disk; returns the number of bytes."""
    count = 0
    while count < most and (chunk := source.read(min(CHUNK, most - count))):
        target.write(chunk)
        count += len(chunk)
    os.fsync(target.fileno())
    return count
