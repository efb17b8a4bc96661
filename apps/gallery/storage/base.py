"""What the two kinds of storage have in common, beyond Django's own Storage."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast

from django.core.files.storage import default_storage

PART_BYTES = 5 * 2**20
"""The smallest part that S3 takes, so that little is sent again after a lost connection."""


@dataclass(frozen=True)
class StoredFile:
    """A file that is there, whether a row names it or not."""

    name: str
    modified_at: datetime


@dataclass(frozen=True)
class SignedUrl:
    """An address that opens one file to whoever holds it, for so many seconds."""

    url: str
    seconds: int


@dataclass(frozen=True)
class Staged:
    """A direct upload as the storage knows it.

    Attributes:
        id: the Upload's.
        key: where it is put together; never a photo's own key.
        remote_id: what the storage calls an upload in parts; empty for one in one piece.
        mime: the type that was announced.
        length: the bytes that were announced.
    """

    id: uuid.UUID
    key: str
    remote_id: str
    mime: str
    length: int


@dataclass(frozen=True)
class PartRequest:
    """One call that brings a piece of a file: the bytes [offset, offset + length).

    With `fields` it is a form, the piece its last field `file`; without, the body is the piece.
    """

    method: str
    url: str
    offset: int
    length: int
    fields: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class StagingRefused(Exception):
    """What arrived is not what was announced.

    Codes: upload_incomplete, upload_wrong_size, upload_gone.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Staging(Protocol):
    """Takes in the pieces of a file that no Photo knows of yet."""

    def begin(self, key: str, *, mime: str, length: int) -> str:
        """Get ready; returns the `remote_id`."""

    def missing(self, staged: Staged) -> list[PartRequest]:
        """The calls that bring what has not arrived yet; empty when everything is there.

        Raises StagingRefused when nothing can arrive any more.
        """

    def read(self, staged: Staged) -> bytes:
        """The whole file. Raises StagingRefused when it is not all there, or too much."""

    def discard(self, staged: Staged) -> None:
        """Forget the pieces; nothing happens where there are none."""


class FileStore(Protocol):
    """What we ask of a storage. All raise OSError when it can't be reached."""

    signs: bool
    staging: Staging

    def exists(self, name: str) -> bool:
        """Whether the file is there."""

    def signed_url(self, name: str, *, mime: str, filename: str) -> SignedUrl | None:
        """An address to fetch the file from; None where the server itself must hand it over.

        With a `filename` it is for keeping, without for looking at.
        """

    def walk(self, prefix: str) -> Iterator[StoredFile]:
        """Every file below a prefix like `originals/`."""

    def abandoned_parts(self, before: datetime) -> Iterator[Staged]:
        """Uploads in parts that were begun before then and that nobody has ended."""

    def is_reachable(self) -> None:
        """Ask for an answer, quickly."""


def file_store() -> FileStore:
    """The storage of this installation."""
    return cast(FileStore, default_storage)


def slices(length: int) -> list[tuple[int, int]]:
    """(offset, length) of the parts of a file, all of PART_BYTES but the last."""
    return [(offset, min(PART_BYTES, length - offset)) for offset in range(0, length, PART_BYTES)]
