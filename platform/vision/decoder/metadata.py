"""EXIF, read and changed in place so that nothing else in it moves."""

import struct

from PIL import Image, TiffImagePlugin

_PREFIX = b"Exif\0\0"
_ORIENTATION, _THUMBNAIL_AT, _THUMBNAIL_BYTES = 0x0112, 0x0201, 0x0202
_ENTRY_BYTES = 12
_MAGIC, _LONG = 42, 4

DESCRIBING_TAGS = frozenset({270, 271, 272, 282, 283, 296, 305, 306, 315, 316, 33432})
"""TIFF tags that describe the photo; other tags describe how its pixels are stored."""
EXIF_DIRECTORIES = frozenset({0x8769, 0x8825})
"""Tags that point to further directories: the camera's and the location's (GPS)."""


def tidy_exif(raw: bytes) -> tuple[bytes | None, int]:
    """Return (EXIF with orientation 1 and without thumbnail, the orientation before, 1..8).

    The thumbnail is removed because it would still show the removed objects. Everything else, also
    the maker notes, keeps its place. None for EXIF that can't be read. Structure: TIFF 6.0,
    section 2; Exif 2.32, 4.6.
    """
    data = bytearray(raw.removeprefix(_PREFIX))
    orientation = 1
    try:
        order = {b"II": "<", b"MM": ">"}[bytes(data[:2])]
        magic, start = struct.unpack_from(order + "HI", data, 2)
        if magic != _MAGIC:
            return None, 1
        entries, end = _read_directory(data, start, order)
        orientation = _reset_orientation(data, entries, order)
        _remove_thumbnail(data, end, order)
    except (struct.error, ValueError, KeyError):
        return None, orientation
    return _PREFIX + bytes(data), orientation


def _reset_orientation(data: bytearray, entries: dict[int, int], order: str) -> int:
    if _ORIENTATION not in entries:
        return 1
    entry = entries[_ORIENTATION]
    (kind,) = struct.unpack_from(order + "H", data, entry + 2)
    number = order + ("I" if kind == _LONG else "H")
    (orientation,) = struct.unpack_from(number, data, entry + 8)
    struct.pack_into(number, data, entry + 8, 1)
    return orientation if 1 <= orientation <= 8 else 1


def _read_directory(data: bytearray, start: int, order: str) -> tuple[dict[int, int], int]:
    """Return the offset of each tag's entry, and the offset right after the last entry."""
    (count,) = struct.unpack_from(order + "H", data, start)
    end = start + 2 + count * _ENTRY_BYTES
    if end > len(data):
        raise ValueError("the directory reaches past the end")
    offsets = range(start + 2, end, _ENTRY_BYTES)
    return {struct.unpack_from(order + "H", data, at)[0]: at for at in offsets}, end


def _remove_thumbnail(data: bytearray, link: int, order: str) -> None:
    """Clear the thumbnail and the link to its directory, the second one, where there is one.

    `link`: the offset that holds the second directory's offset.
    """
    if len(data) < link + 4:
        return
    (directory,) = struct.unpack_from(order + "I", data, link)
    struct.pack_into(order + "I", data, link, 0)
    entries = _read_directory(data, directory, order)[0] if directory else {}
    if _THUMBNAIL_AT in entries and _THUMBNAIL_BYTES in entries:
        (start,) = struct.unpack_from(order + "I", data, entries[_THUMBNAIL_AT] + 8)
        (length,) = struct.unpack_from(order + "I", data, entries[_THUMBNAIL_BYTES] + 8)
        end = min(start + length, len(data))
        data[start:end] = bytes(max(end - start, 0))


def read_tiff_exif(image: TiffImagePlugin.TiffImageFile) -> bytes:
    """Return a TIFF's descriptive tags and its orientation as EXIF."""
    source, exif = image.getexif(), Image.Exif()
    for tag in (DESCRIBING_TAGS | {_ORIENTATION}) & set(source):
        exif[tag] = source[tag]
    for tag in EXIF_DIRECTORIES & set(source):
        exif[tag] = dict(source.get_ifd(tag))
    return exif.tobytes() if exif else b""
