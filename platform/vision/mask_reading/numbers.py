"""The numbers of pixels in a PNG, which `decode` turns into colours or greys."""

import zlib
from collections.abc import Iterator

import numpy as np

from vision.errors import PictureRejected
from vision.images import DEFAULT_LIMITS, Picture, decode
from vision.mask_reading.structure import Values

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _INDEXED = 0, 3
_KEPT = (b"IDAT", b"eXIf", b"IEND")


def read_numbers(data: bytes, picture: Picture) -> Values | None:
    """Return the number of each pixel, [H,W]: of its palette entry, or its grey as it is stored.

    A label mask has a label's number in each pixel, and a palette only to be looked at. None for a
    file that has only colours, and for one that does not keep exact numbers. `picture`: what
    `decode` made of `data`.
    """
    header = _read_header(data)
    if header is not None and header[1] == _INDEXED:
        return _read_palette_numbers(data, header[0], picture)
    if picture.mode not in ("L", "LA") or not picture.lossless:
        return None
    depth = header[0] if header is not None else 8
    return picture.pixels[:, :, 0] // _get_step(depth)


def is_indexed(data: bytes) -> bool:
    """Return whether the file is a PNG with a palette."""
    header = _read_header(data)
    return header is not None and header[1] == _INDEXED


def _read_palette_numbers(data: bytes, depth: int, picture: Picture) -> Values | None:
    """Decode the file as if its numbers were greys."""
    try:
        limits = DEFAULT_LIMITS.admit_size(picture.width, picture.height)
        grey = decode(_SIGNATURE + b"".join(_list_grey_chunks(data)), limits=limits)
    except PictureRejected:
        return None
    if grey.pixels.shape[:2] != picture.pixels.shape[:2]:
        return None
    return np.asarray(grey.pixels[:, :, 0] // _get_step(depth))


def _get_step(depth: int) -> int:
    """Return the difference of two greys that follow each other, of a PNG with `depth` bits."""
    return 255 // (2**depth - 1) if depth < 8 else 1


def _read_header(data: bytes) -> tuple[int, int] | None:
    """Return (bit depth, colour type) of a PNG; None for another file."""
    is_png = data.startswith(_SIGNATURE) and data[12:16] == b"IHDR" and len(data) > 33
    return (data[24], data[25]) if is_png else None


def _list_grey_chunks(data: bytes) -> Iterator[bytes]:
    """Yield the chunks of an indexed PNG without its palette, the header's colour type as grey."""
    header = data[16:25] + bytes([_GREY]) + data[26:29]
    yield _build_chunk(b"IHDR", header)
    at = 33
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name in _KEPT:
            yield data[at : at + length + 12]
        at += length + 12


def _build_chunk(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(name + body)
    return len(body).to_bytes(4, "big") + name + body + checksum.to_bytes(4, "big")
