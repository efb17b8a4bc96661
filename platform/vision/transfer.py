"""Copying or downloading one file into place: whole and checked, or not at all."""

import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from io import BufferedIOBase
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from urllib.error import HTTPError, URLError

from vision.package_members import PackageMember, open_member

Source = Path | str | PackageMember

Progress = Callable[[int, int | None], None]
"""Called with the bytes copied so far, and the total where it is known."""

STALL_SECONDS = 10.0
TRANSFER_SECONDS = 900.0
LARGEST_FILE = 64 * 2**20
CHUNK = 2**18


class TransferError(Exception):
    """A source did not deliver the file; the text is the reason."""


def fetch_file(
    source: Source,
    target: Path,
    *,
    is_valid: Callable[[Path], bool],
    size: int | None,
    progress: Progress,
) -> None:
    """Copy or download `source` to `target`; `target` is replaced as a whole, or stays as it was.

    Several processes may do this at once for the same file.

    Args:
        source: a file, an http(s) address, or a file in a package of the Python index.
        target: the file to write; its folder is created.
        is_valid: checks the copy before it replaces `target`.
        size: expected bytes, where known; more is refused, as is more than `LARGEST_FILE`.
        progress: called after every chunk.

    Raises:
        TransferError: the source is missing, stalls, is too long, or fails the check.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _replace(target) as copy:
            with _open(source) as (stream, length):
                _copy(stream, copy, size or length, progress)
            copy.flush()
            if not is_valid(Path(copy.name)):
                raise TransferError("the content has another digest")
    except (OSError, HTTPException) as error:
        raise TransferError(_describe(error)) from error


def _describe(error: OSError | HTTPException) -> str:
    """Return the cause alone, without the error numbers and file names around it."""
    if isinstance(error, URLError) and not isinstance(error, HTTPError):
        error = error.reason if isinstance(error.reason, OSError) else OSError(error.reason)
    return getattr(error, "strerror", None) or str(error)


@contextmanager
def _replace(target: Path) -> Iterator[IO[bytes]]:
    """Yield a temporary file that replaces `target` when the block succeeds; else delete it."""
    with NamedTemporaryFile(
        dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False
    ) as copy:
        part = Path(copy.name)
        try:
            yield copy
            part.chmod(0o644)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _open(source: Source) -> Iterator[tuple[BufferedIOBase, int | None]]:
    """Yield the stream of a source, and its length in bytes where it is known."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream, source.stat().st_size
        return
    if isinstance(source, PackageMember):
        with open_member(source, TRANSFER_SECONDS) as member:
            yield member
        return
    request = urllib.request.Request(source, headers={"User-Agent": "vanish"})  # noqa: S310 -- a pinned address
    with urllib.request.urlopen(request, timeout=STALL_SECONDS) as response:  # noqa: S310
        length = response.headers.get("Content-Length", "")
        yield response, int(length) if length.isdigit() else None


def _copy(stream: BufferedIOBase, copy: IO[bytes], size: int | None, progress: Progress) -> None:
    largest = size if size is not None and size < LARGEST_FILE else LARGEST_FILE
    end = time.monotonic() + TRANSFER_SECONDS
    done = 0
    while chunk := stream.read1(CHUNK):
        done += len(chunk)
        if done > largest:
            raise TransferError(f"it is longer than {largest:,} bytes")
        if time.monotonic() > end:
            raise TransferError(f"it took longer than {TRANSFER_SECONDS:.0f} s")
        copy.write(chunk)
        progress(done, size)
