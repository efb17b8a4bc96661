"""EXIF, read and mended byte by byte so that nothing else in it moves."""

import struct

from PIL import Image, TiffImagePlugin

_PREFIX = b"Exif\0\0"
_ORIENTATION, _THUMBNAIL_AT, _THUMBNAIL_BYTES = 0x0112, 0x0201, 0x0202
_ENTRY_BYTES = 12
_MAGIC, _LONG = 42, 4

DESCRIBING_TAGS = frozenset({270, 271, 272, 282, 283, 296, 305, 306, 315, 316, 33432})
"""What describes a photo in a TIFF's directory; other tags describe how its pixels are stored."""
EXIF_DIRECTORIES = frozenset({0x8769, 0x8825})
"""Tags that lead to further directories: the camera's, the place's (GPS)."""


def tidy_exif(raw: bytes) -> tuple[bytes | None, int]:
    """(EXIF with orientation 1 and without its thumbnail, the orientation it had, 1..8).

    The thumbnail would still show what vanished. Everything else, maker notes too, stays in its
    place. None for EXIF that can't be read. Structure: TIFF 6.0, section 2; Exif 2.32, 4.6.
    """
    data = bytearray(raw.removeprefix(_PREFIX))
    orientation = 1
    try:
        order = {b"II": "<", b"MM": ">"}[bytes(data[:2])]
        magic, place = struct.unpack_from(order + "HI", data, 2)
        if magic != _MAGIC:
            return None, 1
        entries, end = _entries(data, place, order)
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


def _entries(data: bytearray, place: int, order: str) -> tuple[dict[int, int], int]:
    """Tag -> place of its entry, and the place right after the directory's entries."""
    (count,) = struct.unpack_from(order + "H", data, place)
    end = place + 2 + count * _ENTRY_BYTES
    if end > len(data):
        raise ValueError("the directory reaches past the end")
    places = range(place + 2, end, _ENTRY_BYTES)
    return {struct.unpack_from(order + "H", data, at)[0]: at for at in places}, end


def _remove_thumbnail(data: bytearray, link: int, order: str) -> None:
    """`link`: where the place of the second directory stands, the thumbnail's. Absent in some."""
    if len(data) < link + 4:
        return
    (place,) = struct.unpack_from(order + "I", data, link)
    struct.pack_into(order + "I", data, link, 0)
    entries = _entries(data, place, order)[0] if place else {}
    if _THUMBNAIL_AT in entries and _THUMBNAIL_BYTES in entries:
        (start,) = struct.unpack_from(order + "I", data, entries[_THUMBNAIL_AT] + 8)
        (length,) = struct.unpack_from(order + "I", data, entries[_THUMBNAIL_BYTES] + 8)
        end = min(start + length, len(data))
        data[start:end] = bytes(max(end - start, 0))


def exif_of_tiff(image: TiffImagePlugin.TiffImageFile) -> bytes:
    """A TIFF's own tags as EXIF: what describes the photo, and its orientation."""
    source, exif = image.getexif(), Image.Exif()
    for tag in (DESCRIBING_TAGS | {_ORIENTATION}) & set(source):
        exif[tag] = source[tag]
    for tag in EXIF_DIRECTORIES & set(source):
        exif[tag] = dict(source.get_ifd(tag))
    return exif.tobytes() if exif else b""
