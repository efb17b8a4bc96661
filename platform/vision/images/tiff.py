"""TIFF with 8 or 16 bits a channel: Pillow writes no 16-bit colours and loses parts of EXIF."""

import struct
import zlib
from fractions import Fraction
from typing import Any

from numpy.typing import NDArray

from vision.images.picture import Picture
from vision.metadata.directories import (
    BYTE,
    LONG,
    RATIONAL,
    SHORT,
    UNDEFINED,
    Directory,
    Field,
    build_numbers,
    write_directories,
)
from vision.metadata.exif import ORIENTATION, read_tree

_STRIP_BYTES = 2**20
_DEFLATE, _HORIZONTAL_DIFFERENCES, _STRAIGHT_ALPHA = 8, 2, 2
_RGB, _BLACK_IS_ZERO, _INCH = 2, 1, 2
_MAX_DENOMINATOR = 10_000
_HEADER = b"II*\0" + struct.pack("<I", 8)


def encode_tiff(picture: Picture) -> bytes:
    """Encode the canvas as TIFF 6.0 in deflated strips, with profile, density, EXIF, XMP, IPTC."""
    pixels = picture.pixels
    height, width, channels = pixels.shape
    rows = max(_STRIP_BYTES // (width * channels * pixels.itemsize), 1)
    strips = [_compress(pixels[top : top + rows]) for top in range(0, height, rows)]
    sizes = [len(strip) for strip in strips]
    fields, inner = read_tree(picture.exif) if picture.exif else ({}, {})
    fields.pop(ORIENTATION, None)
    fields |= _describe_storage(picture) | {
        278: build_numbers(LONG, rows),
        279: build_numbers(LONG, *sizes),
    }
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    fields[273] = build_numbers(LONG, *starts)  # as long as they will be
    first = len(_HEADER) + len(write_directories(fields, inner))
    fields[273] = build_numbers(LONG, *(first + start for start in starts))
    return _HEADER + write_directories(fields, inner) + b"".join(strips)


def _describe_storage(picture: Picture) -> Directory:
    """Return the fields about the canvas, and the blocks that a TIFF holds in a field."""
    height, width, channels = picture.pixels.shape
    fields = {
        256: build_numbers(LONG, width),
        257: build_numbers(LONG, height),
        258: build_numbers(SHORT, *[8 * picture.pixels.itemsize] * channels),
        259: build_numbers(SHORT, _DEFLATE),
        262: build_numbers(SHORT, _RGB if channels >= 3 else _BLACK_IS_ZERO),
        277: build_numbers(SHORT, channels),
        317: build_numbers(SHORT, _HORIZONTAL_DIFFERENCES),
    }
    if picture.mode in ("LA", "RGBA"):
        fields[338] = build_numbers(SHORT, _STRAIGHT_ALPHA)
    if picture.density:
        fields[282], fields[283] = map(_build_fraction, picture.density)
        fields[296] = build_numbers(SHORT, _INCH)
    blocks = ((700, BYTE, picture.xmp), (33723, UNDEFINED, picture.iptc))
    for tag, kind, data in (*blocks, (34675, UNDEFINED, picture.icc_profile)):
        if data:
            fields[tag] = Field(kind, data)
    return fields


def _build_fraction(value: float) -> Field:
    fraction = Fraction(value).limit_denominator(_MAX_DENOMINATOR)
    return build_numbers(RATIONAL, fraction.numerator, fraction.denominator)


def _compress(rows: NDArray[Any]) -> bytes:
    """Deflate rows of differences: each value minus the one to its left, modulo 2^bits.

    TIFF 6.0, section 14.
    """
    differences = rows.astype(rows.dtype.newbyteorder("<"))
    differences[:, 1:] -= rows[:, :-1]
    return zlib.compress(differences.tobytes(), 6)
