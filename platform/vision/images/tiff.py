"""TIFF with 8 or 16 bits a channel: Pillow writes no 16-bit colours and loses parts of EXIF."""

import io
import zlib
from typing import Any

from numpy.typing import NDArray
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

from vision.images.picture import Picture
from vision.images.plain_exif import build_plain_exif

_STRIP_BYTES = 2**20
_DEFLATE, _HORIZONTAL_DIFFERENCES, _STRAIGHT_ALPHA = 8, 2, 2
_RGB, _BLACK_IS_ZERO, _INCH = 2, 1, 2


def encode_tiff(picture: Picture) -> bytes:
    """Encode the canvas as TIFF 6.0 in deflated strips, with profile, density and EXIF."""
    pixels = picture.pixels
    height, width, channels = pixels.shape
    rows = max(_STRIP_BYTES // (width * channels * pixels.itemsize), 1)
    strips = [_compress(pixels[top : top + rows]) for top in range(0, height, rows)]
    sizes = [len(strip) for strip in strips]
    directory = ImageFileDirectory_v2()
    for tag, value in build_plain_exif(picture.exif).items():
        directory[tag] = value
    directory[256], directory[257] = width, height
    directory[258] = (8 * pixels.itemsize,) * channels
    directory[259] = _DEFLATE
    directory[262] = _RGB if channels >= 3 else _BLACK_IS_ZERO
    directory[273] = tuple(sum(sizes[:i]) for i in range(len(sizes)))
    directory[277] = channels
    directory[278] = rows
    directory[279] = tuple(sizes)
    directory[317] = _HORIZONTAL_DIFFERENCES
    if picture.mode in ("LA", "RGBA"):
        directory[338] = _STRAIGHT_ALPHA
    if picture.density:
        directory[282], directory[283] = map(IFDRational, picture.density)
        directory[296] = _INCH
    if picture.icc_profile:
        directory[34675] = picture.icc_profile
    target = io.BytesIO()
    directory.save(target)  # adds the directory's length to the offsets of the strips
    return target.getvalue() + b"".join(strips)


def _compress(rows: NDArray[Any]) -> bytes:
    """Deflate rows of differences: each value minus the one to its left, modulo 2^bits.

    TIFF 6.0, section 14.
    """
    differences = rows.astype(rows.dtype.newbyteorder("<"))
    differences[:, 1:] -= rows[:, :-1]
    return zlib.compress(differences.tobytes(), 6)
