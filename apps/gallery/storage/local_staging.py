"""Direct uploads without S3: the same calls, to addresses of our own that carry their right."""

import os
import shutil
import uuid
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.http import urlencode

from gallery.storage.base import PartRequest, Staged, StagingRefused, slices

if TYPE_CHECKING:
    from gallery.storage.local import LocalFiles

SIGNED_SECONDS = 3600
CHUNK = 2**18
_signer = TimestampSigner(salt="upload-part")


class ByteSource(Protocol):
    """What can be read piece by piece, like the body of a request."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""


class LocalStaging:
    """A folder an upload, a file a part; a part appears whole or not at all."""

    def __init__(self, files: "LocalFiles") -> None:
        self._files = files

    def begin(self, key: str, *, mime: str, length: int) -> str:  # noqa: ARG002
        """Make the folder."""
        self._folder(key).mkdir(parents=True, mode=0o700)
        return ""

    def missing(self, staged: Staged) -> list[PartRequest]:
        """A PUT for every part that is not there in its full length."""
        return [
            PartRequest("PUT", _address(staged, number), offset, length)
            for number, (offset, length) in enumerate(slices(staged.length), start=1)
            if _size(self._part(staged.key, number)) != length
        ]

    def read(self, staged: Staged) -> bytes:
        """The parts in their order."""
        if self.missing(staged):
            raise StagingRefused("Parts of the file are missing.", code="upload_incomplete")
        numbers = range(1, len(slices(staged.length)) + 1)
        return b"".join(self._part(staged.key, number).read_bytes() for number in numbers)

    def discard(self, staged: Staged) -> None:
        """Delete the folder."""
        shutil.rmtree(self._folder(staged.key), ignore_errors=True)

    def write_part(self, staged: Staged, number: int, body: ByteSource) -> None:
        """Keep one part; raises StagingRefused for another length than the announced one."""
        parts = slices(staged.length)
        if not 1 <= number <= len(parts):
            raise StagingRefused("The upload has no such part.", code="upload_wrong_size")
        expected = parts[number - 1][1]
        target = self._part(staged.key, number)
        draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        try:
            with draft.open("xb") as file:
                written = _copy(body, file, most=expected)
            if written != expected or body.read(1):
                raise StagingRefused(
                    f"Part {number} must have {expected} bytes.", code="upload_wrong_size"
                )
            draft.replace(target)
        except FileNotFoundError:  # the folder: it was given up or taken in meanwhile
            raise StagingRefused("This upload is over: begin again.", code="upload_gone") from None
        finally:
            draft.unlink(missing_ok=True)

    def _folder(self, key: str) -> Path:
        return Path(self._files.path(key))

    def _part(self, key: str, number: int) -> Path:
        return self._folder(key) / f"{number}.part"


def is_signed(upload_id: uuid.UUID, number: int, signature: str) -> bool:
    """Whether the address of a part was given out by us, less than an hour ago."""
    try:
        return _signer.unsign(signature, max_age=SIGNED_SECONDS) == _right(upload_id, number)
    except BadSignature:
        return False


def _address(staged: Staged, number: int) -> str:
    path = reverse("api-upload-part", args=[staged.id, number])
    return f"{path}?{urlencode({'signature': _signer.sign(_right(staged.id, number))})}"


def _right(upload_id: uuid.UUID, number: int) -> str:
    return f"{upload_id.hex}/{number}"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def _copy(source: ByteSource, target: IO[bytes], *, most: int) -> int:
    """How many bytes were copied: all there are, but no more than `most`."""
    copied = 0
    while copied < most and (chunk := source.read(min(CHUNK, most - copied))):
        target.write(chunk)
        copied += len(chunk)
    os.fsync(target.fileno())
    return copied
