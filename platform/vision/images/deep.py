"""PNG and TIFF with 16 bits a channel, which Pillow does not write in colour."""

import io
import struct
import zlib

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from vision.images.picture import Picture

_AFTER_PNG_HEADER = 33  # signature 8, IHDR 25
_TIFF_STRIP_BYTES = 2**20
_DEFLATE, _HORIZONTAL_DIFFERENCES, _STRAIGHT_ALPHA = 8, 2, 2
_EXIF_DIRECTORY, _GPS_DIRECTORY = 0x8769, 0x8825


def encode_deep_png(picture: Picture) -> bytes:
    """A uint16 canvas as PNG (W3C PNG, third edition), with profile and EXIF."""
    pixels = _without_grey_alpha(picture)
    if picture.mode != "L":
        pixels = pixels[:, :, [2, 1, 0, 3][: pixels.shape[2]]]
    written = cv2.imencode(".png", pixels)[1].tobytes()
    chunks = b""
    if picture.icc_profile:
        chunks += _chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(picture.icc_profile))
    if picture.exif:
        chunks += _chunk(b"eXIf", picture.exif.removeprefix(b"Exif\0\0"))
    return written[:_AFTER_PNG_HEADER] + chunks + written[_AFTER_PNG_HEADER:]


def _without_grey_alpha(picture: Picture) -> NDArray[np.uint16]:
    """The canvas, grey with alpha as RGBA: few programs read the former with 16 bits."""
    return picture.pixels[:, :, [0, 0, 0, 1]] if picture.mode == "LA" else picture.pixels


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def encode_deep_tiff(picture: Picture) -> bytes:
    """A uint16 canvas as TIFF 6.0 in deflated strips, with profile and EXIF."""
    pixels = _without_grey_alpha(picture)
    height, width, channels = pixels.shape
    rows = max(_TIFF_STRIP_BYTES // (width * channels * 2), 1)
    strips = [_strip(pixels[top : top + rows]) for top in range(0, height, rows)]
    sizes = [len(strip) for strip in strips]
    directory = ImageFileDirectory_v2()
    if picture.exif:
        _copy_exif(picture.exif, directory)
    directory[256], directory[257] = width, height
    directory[258] = (16,) * channels
    directory[259] = _DEFLATE
    directory[262] = 2 if channels >= 3 else 1
    directory[273] = tuple(sum(sizes[:i]) for i in range(len(sizes)))
    directory[277] = channels
    directory[278] = rows
    directory[279] = tuple(sizes)
    directory[317] = _HORIZONTAL_DIFFERENCES
    if picture.mode in ("LA", "RGBA"):
        directory[338] = _STRAIGHT_ALPHA
    if picture.icc_profile:
        directory[34675] = picture.icc_profile
    target = io.BytesIO()
    directory.save(target)  # makes the strips' offsets count from the end of the directory
    return target.getvalue() + b"".join(strips)


def _strip(rows: NDArray[np.uint16]) -> bytes:
    """TIFF 6.0, section 14: each value less the one to its left, modulo 65536."""
    differences = rows.astype("<u2")
    differences[:, 1:] -= rows[:, :-1]
    return zlib.compress(differences.tobytes(), 6)


def _copy_exif(raw: bytes, directory: ImageFileDirectory_v2) -> None:
    exif = Image.Exif()
    exif.load(raw)
    for tag, value in exif.items():
        directory[tag] = value
    for tag in (_EXIF_DIRECTORY, _GPS_DIRECTORY):
        if tag in exif:
            directory[tag] = dict(exif.get_ifd(tag))
