"""Protocol of both kinds of storage, in addition to Django's own Storage."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast

from django.core.files.storage import default_storage

PART_BYTES = 5 * 2**20
"""The smallest part that S3 allows: little is sent again after a lost connection."""


@dataclass(frozen=True)
class StoredFile:
    """A file in the storage, with or without a database row."""

    name: str
    modified_at: datetime


@dataclass(frozen=True)
class SignedUrl:
    """An address that gives access to one file for `seconds`, without sign-in."""

    url: str
    seconds: int


@dataclass(frozen=True)
class StagedUpload:
    """A direct upload in the form that the storage uses.

    Attributes:
        id: the id of the Upload row.
        key: the key under which its parts are assembled; never the key of a photo.
        remote_id: the storage's id of a multipart upload; empty for an upload in one part.
        mime: the announced media type.
        length: the announced number of bytes.
    """

    id: uuid.UUID
    key: str
    remote_id: str
    mime: str
    length: int


@dataclass(frozen=True)
class PartRequest:
    """An HTTP request that sends one part of a file: the bytes [offset, offset + length).

    With `fields` the body is a form whose last field `file` is the part; without, it is the part.
    """

    method: str
    url: str
    offset: int
    length: int
    fields: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class StagingRefused(Exception):
    """The data that arrived does not match the announcement, or no more can arrive.

    Codes: upload_incomplete, upload_wrong_size, upload_gone.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Staging(Protocol):
    """Receiver of direct uploads: the parts of files that belong to no Photo yet."""

    def begin(self, key: str, *, mime: str, length: int) -> str:
        """Prepare an upload; returns its `remote_id`."""

    def list_missing(self, upload: StagedUpload) -> list[PartRequest]:
        """Return the requests that send the missing parts; empty when all have arrived.

        Raises StagingRefused when no part can arrive any more.
        """

    def read(self, upload: StagedUpload) -> bytes:
        """Return the whole file. Raises StagingRefused when bytes are missing or too many."""

    def discard(self, upload: StagedUpload) -> None:
        """Delete the parts, if there are any."""


class FileStore(Protocol):
    """What a storage must offer. All methods raise OSError when it cannot be reached.

    `signs` is whether the storage gives out signed addresses.
    """

    has_signed_urls: bool
    staging: Staging

    def exists(self, name: str) -> bool:
        """Return whether the file exists."""

    def build_signed_url(self, name: str, *, mime: str, filename: str) -> SignedUrl | None:
        """Return a signed address of the file; None when the server itself must send it.

        With a `filename` the browser saves the file under this name; without, it shows it.
        """

    def walk(self, prefix: str) -> Iterator[StoredFile]:
        """Yield all files below a prefix like `originals/`."""

    def list_abandoned_uploads(self, before: datetime) -> Iterator[StagedUpload]:
        """Yield unfinished multipart uploads that began before this time."""

    def check_reachable(self) -> None:
        """Raise OSError when the storage does not respond quickly."""


def get_file_store() -> FileStore:
    """Return the storage of this installation."""
    return cast(FileStore, default_storage)


def split_into_parts(length: int) -> list[tuple[int, int]]:
    """Return (offset, length) of the parts of a file; all but the last have PART_BYTES."""
    return [(offset, min(PART_BYTES, length - offset)) for offset in range(0, length, PART_BYTES)]
