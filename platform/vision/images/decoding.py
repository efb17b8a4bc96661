"""Decoding of all files from users and programs, in a child process with its own limits."""

import json
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from vision.decoder import rejection
from vision.decoder.limits import DEFAULT_LIMITS, Limits
from vision.errors import PictureRejected
from vision.images.decoder_children import DecoderChild, start_child
from vision.images.picture import CHANNELS, FileFacts, JpegEncoding, Picture

_ROOT = Path(__file__).resolve().parents[2]
_MAX_HEADER_BYTES = 2**20


def decode(data: bytes | Path, *, limits: Limits = DEFAULT_LIMITS) -> Picture:
    """Decode the picture in `data`, or in the file at that path.

    Opens JPEG, PNG, WebP, TIFF, AVIF, HEIC, GIF and BMP; the first frame of several. Orientation is
    applied, the colour profile kept, CMYK converted to sRGB, palettes expanded, transparency kept
    as alpha; 16 bits a channel stay in PNG and TIFF. `Picture.notes` lists what was lost.

    The file is opened in a child process (`vision.decoder`) with limits of CPU, memory and time: a
    file that makes a decoder crash, hang or use too much memory ends that process, not this one.

    Raises PictureRejected if the file can't be opened as a picture, and OSError if the path can't
    be read, or if the child can't be started or is ended by another program.
    """
    size = data.stat().st_size if isinstance(data, Path) else len(data)
    if size == 0:
        raise PictureRejected("The file is empty. Choose another one.", code="empty_file")
    if size > limits.max_bytes:
        error = PictureRejected(
            f"The file has {size / 2**20:.0f} MB; at most {limits.max_bytes / 2**20:.0f} MB can be "
            "opened. Save it smaller and try again.",
            code="too_large",
        )
        raise error.attach_values(
            expected={"max_bytes": limits.max_bytes}, received={"bytes": size}
        )
    if isinstance(data, Path):
        with data.open("rb") as file:
            return _decode_in_child(file, b"", limits)
    return _decode_in_child(None, data, limits)


def _decode_in_child(source: IO[bytes] | None, data: bytes, limits: Limits) -> Picture:
    with start_child(source, limits, _build_environment(os.environ)) as child:
        timer = Timer(limits.wall_seconds, child.kill)
        timer.start()
        try:
            picture = _exchange(child, data, limits)
            _wait_for_end(child)
        except PictureRejected:
            _wait_for_end(child)
            raise
        except EOFError:
            raise _explain_exit(_wait_for_end(child)) from None
        except BaseException:
            child.kill()
            raise
        finally:
            timer.cancel()
    return picture


def _wait_for_end(child: DecoderChild) -> int:
    """Return the child's exit status, once it has ended."""
    child.output.close()  # otherwise a child that is still writing would block for ever
    return child.wait()


def _build_environment(parent: Mapping[str, str]) -> dict[str, str]:
    """Return the child's environment, without the keys and addresses in the parent's."""
    names = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
    inherited = {name: parent[name] for name in names if name in parent}
    paths = [str(_ROOT), *filter(None, [parent.get("PYTHONPATH")])]
    # Threads and malloc arenas reserve address space, which the memory limit counts.
    single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    return inherited | single | {"PYTHONPATH": os.pathsep.join(paths)}


def _exchange(child: DecoderChild, data: bytes, limits: Limits) -> Picture:
    """Send the file and read the picture. Raises EOFError if the child's output is incomplete."""
    if child.input is not None:
        with suppress(BrokenPipeError):
            child.input.write(data)
        with suppress(BrokenPipeError):
            child.input.close()
    return _read_picture(child.output, limits)


def _read_picture(stream: IO[bytes], limits: Limits) -> Picture:
    """Read what the child wrote: a picture, or PictureRejected, which is raised."""
    length = int.from_bytes(_read_exactly(stream, 4), "big")
    if length > _MAX_HEADER_BYTES:
        raise EOFError
    header = json.loads(_read_exactly(stream, length))
    if "rejected" in header:
        error = PictureRejected(header["message"], code=header["rejected"])
        raise error.attach_values(**header["values"])
    names = ("icc", "exif", "xmp", "iptc")
    blocks = {name: _read_exactly(stream, header[f"{name}_bytes"]) or None for name in names}
    rows = _read_rows(stream, header, limits)
    return _build_picture(header, blocks, rows)


def _read_exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise EOFError
    return data


def _read_rows(stream: IO[bytes], header: dict[str, Any], limits: Limits) -> NDArray[Any]:
    height, width, channels = header["shape"]
    if not 0 < height * width <= limits.max_pixels or channels != CHANNELS[header["mode"]]:
        raise EOFError
    pixels = np.empty((height, width, channels), np.dtype(header["dtype"]))
    rest = memoryview(pixels).cast("B")
    while rest:
        count = stream.readinto(rest)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        rest = rest[count:]
    return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)


def _build_picture(
    header: dict[str, Any], blocks: Mapping[str, bytes | None], pixels: NDArray[Any]
) -> Picture:
    jpeg = header["jpeg"]
    return Picture(
        pixels=pixels,
        mode=header["mode"],
        format=header["format"],
        icc_profile=blocks["icc"],
        exif=blocks["exif"],
        xmp=blocks["xmp"],
        iptc=blocks["iptc"],
        texts=tuple((keyword, text) for keyword, text in header["texts"]),
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
        density=_to_pair(header["density"]),
        facts=FileFacts(**header["facts"] | {"dpi": _to_pair(header["facts"]["dpi"])}),
    )


def _to_pair(numbers: list[float] | None) -> tuple[float, float] | None:
    return None if numbers is None else (numbers[0], numbers[1])


def _explain_exit(status: int) -> PictureRejected:
    """Build the error for the child's exit `status`: negative for a signal (SIGKILL: our timer)."""
    if status in (-getattr(signal, "SIGXCPU", 24), -9):
        return rejection.build_timeout_error()
    if status == rejection.OUT_OF_MEMORY_STATUS:
        return rejection.build_memory_error()
    return rejection.build_corrupt_error()
