"""Copies of files without their metadata, for a second attempt where the first one has failed.

Readers of some formats refuse a whole file for one damaged tag.
"""

import re
import struct

from vision.decoder import signature
from vision.decoder.jpeg_repair import strip_jpeg

_PIXEL_TAGS = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 292, 293, 317, 320}
    | {322, 323, 324, 325, 332, 334, 338, 339, 347, 529, 530, 531, 532}
)
"""TIFF tags that say how pixels are stored (TIFF 6.0, part 1 to 3), and the orientation."""

_ORIENTATION = 274
_METADATA_ITEM = re.compile(rb"(infe[\2\3]...)(.{4}|.{6})(Exif|mime)", re.DOTALL)
"""An entry of an item that holds EXIF or XMP (ISO/IEC 14496-12, 8.11.6)."""


def strip_file(data: bytes) -> bytes | None:
    """Return the file without metadata; None where it has none, or where none can do harm."""
    name = signature.find_format(data)
    if name == "JPEG":
        stripped = strip_jpeg(data)
    elif name == "TIFF":
        stripped = _strip_tiff(data)
    elif name in ("AVIF", "HEIF"):
        stripped = _METADATA_ITEM.sub(rb"\1\2none", data)
    else:
        return None
    return None if stripped == data else stripped


def _strip_tiff(data: bytes) -> bytes:
    """Remove the entries of other tags from the first directory (TIFF 6.0, section 2; BigTIFF)."""
    order = "<" if data[:1] == b"I" else ">"
    count_code, offset_code, at = ("Q", "Q", 8) if 43 in data[2:4] else ("H", "I", 4)
    entry_bytes = 4 + 2 * struct.calcsize(offset_code)
    try:
        (start,) = struct.unpack_from(order + offset_code, data, at)
        (count,) = struct.unpack_from(order + count_code, data, start)
    except struct.error:
        return data
    first = start + struct.calcsize(count_code)
    last = first + count * entry_bytes
    if last > len(data):
        return data
    entries = (data[at : at + entry_bytes] for at in range(first, last, entry_bytes))
    pixel_entries = [entry for entry in entries if _is_of_pixels(entry, order, offset_code)]
    directory = struct.pack(order + count_code, len(pixel_entries)) + b"".join(pixel_entries)
    directory += data[last : last + struct.calcsize(offset_code)]  # where the next one is
    return data[:start] + directory + data[start + len(directory) :]


def _is_of_pixels(entry: bytes, order: str, offset_code: str) -> bool:
    tag, _, count = struct.unpack_from(order + "HH" + offset_code, entry)
    return tag in _PIXEL_TAGS and (tag != _ORIENTATION or count == 1)
