"""The one door for bytes from outside: decoded in a child process with limits of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import Timer
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from vision.decoder import rejection
from vision.decoder.limits import DEFAULT_LIMITS, Limits
from vision.errors import PictureRejected
from vision.images.picture import CHANNELS, FileFacts, JpegEncoding, Picture

_ROOT = Path(__file__).resolve().parents[2]
_LARGEST_HEADER = 2**20


def decode(data: bytes | Path, *, limits: Limits = DEFAULT_LIMITS) -> Picture:
    """The picture in `data`, or in the file at that path.

    JPEG, PNG, WebP, TIFF, AVIF, HEIC, GIF and BMP; the first frame of several. Orientation is
    applied, the colour profile kept, CMYK converted to sRGB, palettes expanded, transparency kept
    as alpha; 16 bits a channel stay in PNG and TIFF. `Picture.notes` says what was lost.

    The file is opened in a child process (`vision.decoder`) with CPU, memory and time limits: what
    makes a decoder crash, hang or grow ends that process, not this one.

    Raises PictureRejected for whatever is wrong with the file, and OSError if the path can't be
    read.
    """
    size = data.stat().st_size if isinstance(data, Path) else len(data)
    if size == 0:
        raise PictureRejected("The file is empty. Choose another one.", code="empty_file")
    if size > limits.max_bytes:
        rejected = PictureRejected(
            f"The file has {size / 2**20:.0f} MB; at most {limits.max_bytes / 2**20:.0f} MB can be "
            "opened. Save it smaller and try again.",
            code="too_large",
        )
        raise rejected.measured(expected={"max_bytes": limits.max_bytes}, received={"bytes": size})
    if isinstance(data, Path):
        with data.open("rb") as file:
            return _decode_in_child(file, b"", limits)
    return _decode_in_child(subprocess.PIPE, data, limits)


def _decode_in_child(source: IO[bytes] | int, data: bytes, limits: Limits) -> Picture:
    command = [sys.executable, "-P", "-m", "vision.decoder", json.dumps(asdict(limits))]
    with subprocess.Popen(
        command,
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(os.environ),
    ) as child:
        overdue = Timer(limits.wall_seconds, child.kill)
        overdue.start()
        try:
            return _converse(child, data, limits)
        except EOFError:
            if child.stdout is not None:
                child.stdout.close()  # or a child that still writes would wait for us for ever
            raise _why_it_died(child.wait()) from None
        except BaseException:
            child.kill()
            raise
        finally:
            overdue.cancel()


def _environment(parent: Mapping[str, str]) -> dict[str, str]:
    """Keys and addresses in the parent's environment are no business of a decoder."""
    kept = {
        name: parent[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in parent
    }
    paths = [str(_ROOT), *filter(None, [parent.get("PYTHONPATH")])]
    # Threads and malloc arenas reserve address space, which the memory limit counts.
    single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    return kept | single | {"PYTHONPATH": os.pathsep.join(paths)}


def _converse(child: subprocess.Popen[bytes], data: bytes, limits: Limits) -> Picture:
    """Raises EOFError where the child ends before its answer does."""
    if child.stdin is not None:
        with suppress(BrokenPipeError):
            child.stdin.write(data)
        with suppress(BrokenPipeError):
            child.stdin.close()
    if child.stdout is None:
        raise EOFError
    length = int.from_bytes(_read(child.stdout, 4), "big")
    if length > _LARGEST_HEADER:
        raise EOFError
    header = json.loads(_read(child.stdout, length))
    if "rejected" in header:
        rejected = PictureRejected(header["message"], code=header["rejected"])
        raise rejected.measured(**header["measures"])
    profile = _read(child.stdout, header["icc_bytes"])
    exif = _read(child.stdout, header["exif_bytes"])
    return _picture(header, profile or None, exif or None, _read_rows(child.stdout, header, limits))


def _read(stream: IO[bytes], length: int) -> bytes:
    read = stream.read(length)
    if len(read) != length:
        raise EOFError
    return read


def _read_rows(stream: IO[bytes], header: dict[str, Any], limits: Limits) -> NDArray[Any]:
    height, width, channels = header["shape"]
    if not 0 < height * width <= limits.max_pixels or channels != CHANNELS[header["mode"]]:
        raise EOFError
    pixels = np.empty((height, width, channels), np.dtype(header["dtype"]))
    left = memoryview(pixels).cast("B")
    while left:
        count = stream.readinto(left)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        left = left[count:]
    return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)


def _picture(
    header: dict[str, Any], profile: bytes | None, exif: bytes | None, pixels: NDArray[Any]
) -> Picture:
    jpeg = header["jpeg"]
    return Picture(
        pixels=pixels,
        mode=header["mode"],
        format=header["format"],
        icc_profile=profile,
        exif=exif,
        jpeg=jpeg
        and JpegEncoding(
            tables=tuple(tuple(table) for table in jpeg["tables"]),
            subsampling=jpeg["subsampling"],
            progressive=jpeg["progressive"],
        ),
        frames=header["frames"],
        notes=tuple(header["notes"]),
        decoder=header["decoder"],
        lossless=header["lossless"],
        density=_pair(header["density"]),
        facts=FileFacts(**header["facts"] | {"dpi": _pair(header["facts"]["dpi"])}),
    )


def _pair(numbers: list[float] | None) -> tuple[float, float] | None:
    return None if numbers is None else (numbers[0], numbers[1])


def _why_it_died(status: int) -> PictureRejected:
    """`status`: as Popen.wait gives it, negative for a signal; SIGKILL comes from our clock."""
    if status in (-getattr(signal, "SIGXCPU", 24), -9):
        return rejection.out_of_time()
    if status == rejection.OUT_OF_MEMORY_STATUS:
        return rejection.out_of_memory()
    return rejection.corrupt()
