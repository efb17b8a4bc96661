"""PNG with 16 bits a channel: Pillow can't write it in colour."""

import struct
import zlib

import cv2

from vision.images.picture import Picture
from vision.images.png_chunks import build_metadata_chunks

_AFTER_HEADER = 33  # signature 8, IHDR 25
_METRES_PER_INCH, _METRE = 0.0254, 1


def encode_deep_png(picture: Picture) -> bytes:
    """Encode a uint16 canvas in mode L, RGB or RGBA as PNG, with profile, density and metadata.

    Format: W3C PNG, third edition.
    """
    pixels = picture.pixels
    if picture.mode != "L":
        pixels = pixels[:, :, [2, 1, 0, 3][: pixels.shape[2]]]
    png = cv2.imencode(".png", pixels)[1].tobytes()
    chunks = b""
    if picture.icc_profile:
        chunks += _build_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(picture.icc_profile))
    if picture.density:
        per_metre = [round(value / _METRES_PER_INCH) for value in picture.density]
        chunks += _build_chunk(b"pHYs", struct.pack(">IIB", *per_metre, _METRE))
    if picture.exif:
        chunks += _build_chunk(b"eXIf", picture.exif.removeprefix(b"Exif\0\0"))
    chunks += b"".join(_build_chunk(*chunk) for chunk in build_metadata_chunks(picture))
    return png[:_AFTER_HEADER] + chunks + png[_AFTER_HEADER:]


def _build_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
