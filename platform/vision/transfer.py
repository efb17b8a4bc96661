"""Bring one file from a folder or a URL into place: whole, checked, or not at all."""

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

Progress = Callable[[int, int | None], None]
"""Called with the bytes copied so far and the bytes in all, where that is known."""

STALL_SECONDS = 10.0
TRANSFER_SECONDS = 900.0
LARGEST_FILE = 64 * 2**20
CHUNK = 2**18


class TransferError(Exception):
    """A source did not give the file; says why."""


def bring(
    source: Path | str,
    target: Path,
    *,
    is_right: Callable[[Path], bool],
    size: int | None,
    progress: Progress,
) -> None:
    """Copy or download `source` to `target`; `target` appears whole, or stays as it was.

    Safe beside others that bring the same file.

    Args:
        source: a file, or an http(s) address.
        target: where it goes; its folder is made.
        is_right: looks at the copy before it takes its place.
        size: bytes expected, where known; more is refused, as is more than `LARGEST_FILE`.
        progress: told after every chunk.

    Raises:
        TransferError: the source is not there, stalls, is too long, or gives something else.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _file_beside(target) as copy:
            with _opened(source) as (stream, announced):
                _pump(stream, copy, size or announced, progress)
            copy.flush()
            if not is_right(Path(copy.name)):
                raise TransferError("what came has another digest")
    except (OSError, HTTPException) as error:
        raise TransferError(_cause(error)) from error


def _cause(error: OSError | HTTPException) -> str:
    """What is wrong, without the names and numbers around it."""
    if isinstance(error, URLError) and not isinstance(error, HTTPError):
        error = error.reason if isinstance(error.reason, OSError) else OSError(error.reason)
    return getattr(error, "strerror", None) or str(error)


@contextmanager
def _file_beside(target: Path) -> Iterator[IO[bytes]]:
    """A file beside `target` that takes its place when the block ends well, and else goes."""
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
def _opened(source: Path | str) -> Iterator[tuple[BufferedIOBase, int | None]]:
    """The bytes of a file or URL, and how many there are where that is known."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream, source.stat().st_size
        return
    request = urllib.request.Request(source, headers={"User-Agent": "vanish"})  # noqa: S310 -- a pinned address
    with urllib.request.urlopen(request, timeout=STALL_SECONDS) as answer:  # noqa: S310
        length = answer.headers.get("Content-Length", "")
        yield answer, int(length) if length.isdigit() else None


def _pump(stream: BufferedIOBase, copy: IO[bytes], size: int | None, progress: Progress) -> None:
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
