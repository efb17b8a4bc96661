"""Parts of a file: the Range and If-Range headers (RFC 9110, sections 13.1.5 and 14).

A maintained library was looked for: Django and django-ranged-response know no If-Range, whitenoise
compares none, and Starlette's is for ASGI. A request for several ranges gets the whole file, which
section 14.2 allows.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from web.errors import Fault, Problem

CHUNK = 2**16
_ONE_RANGE = re.compile(r"([0-9]{0,4000})-([0-9]{0,4000})")


@dataclass(frozen=True)
class ByteRange:
    """The bytes [start, stop) of a file; never empty."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        """The number of bytes."""
        return self.stop - self.start

    def to_content_range(self, size: int) -> str:
        """Return the value of Content-Range for a file of `size` bytes."""
        return f"bytes {self.start}-{self.stop - 1}/{size}"


class FileSlice:
    """A file that ends after the range; closing it closes the file."""

    def __init__(self, file: IO[bytes], part: ByteRange) -> None:
        self._file = file
        self._left = part.length
        file.seek(part.start)

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes, all that are left if it is negative; b"" at the end."""
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(CHUNK):
            yield chunk

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def select_range(headers: Mapping[str, str], *, tag: str, size: int) -> ByteRange | None:
    """Return the part of a file that a GET asks for; None for the whole file.

    `tag` is the file's strong entity tag with its quotes, `size` its number of bytes. The whole
    file is also the answer to a range that is not valid, to several, and to an If-Range that is
    not this tag: a date does not match, because files have none. Raises Problem (416) for a range
    without a byte of the file.
    """
    header = headers.get("Range")
    if header is None or headers.get("If-Range", tag).strip() != tag:
        return None
    unit, _, ranges = header.partition("=")
    parts = [part.strip() for part in ranges.split(",") if part.strip()]
    match = _ONE_RANGE.fullmatch(parts[0]) if len(parts) == 1 else None
    if unit.strip().lower() != "bytes" or match is None:
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:
        return _require_bytes(max(size - int(last), 0), size, size)
    if last and int(last) < int(first):
        return None
    return _require_bytes(int(first), min(int(last) + 1, size) if last else size, size)


def _require_bytes(start: int, stop: int, size: int) -> ByteRange:
    if start >= stop:
        message = f"The file has no such bytes: it has {size}."
        fault = Fault(message, ("Range",), "header", expected={"bytes": size})
        raise Problem(
            message,
            code="range_not_satisfiable",
            faults=[fault],
            headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
        )
    return ByteRange(start, stop)
