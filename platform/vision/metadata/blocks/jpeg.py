"""The metadata of a JPEG: its segments, and what lies behind its end.

Formats: ITU-T T.81, annex B; JFIF 1.02; Exif 3.0, 4.7; XMP part 3; CIPA DC-007 (MPF).
"""

import re
import struct
from collections.abc import Iterator

from vision.metadata.blocks.found import (
    AFTER_END,
    CONTENT_CREDENTIALS,
    FURTHER_PICTURES,
    MOTION_VIDEO,
    Blocks,
)
from vision.metadata.blocks.photoshop import read_resources

_START_OF_SCAN, _END = 0xDA, 0xD9
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_COMMENT, _APP0, _APP15 = 0xFE, 0xE0, 0xEF
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_XMP_EXTENSION, _PHOTOSHOP = b"http://ns.adobe.com/xmp/extension/\0", b"Photoshop 3.0\0"
# By the start of a segment: what it holds. None: read elsewhere, or of no use for people.
_NAMES = {
    (0xE0, b"JFXX\0"): "a thumbnail (JFXX)",
    (0xE1, b""): "data of a program (APP1)",
    (0xE2, b"ICC_PROFILE\0"): None,
    (0xE2, b"MPF\0"): None,
    (0xE2, b"FPXR\0"): "data of FlashPix",
    (0xE2, b"urn:iso:std:iso:ts:21496"): FURTHER_PICTURES,
    (0xEB, b"JP"): CONTENT_CREDENTIALS,
    (0xEC, b"Ducky"): None,
    (0xEE, b"Adobe"): None,
}
_EXTENSION_HEADER = 32 + 4 + 4  # digest, full length, offset


def read_jpeg(data: bytes) -> Blocks:
    """Return the blocks of a JPEG."""
    blocks, extension = Blocks(), bytearray()
    for marker, value in _iterate_segments(data):
        if marker == 0xE1 and value.startswith(_EXIF):
            blocks.exif += value.removeprefix(_EXIF)
        elif marker == 0xE1 and value.startswith(_XMP):
            blocks.xmp.append(value.removeprefix(_XMP))
        elif marker == 0xE1 and value.startswith(_XMP_EXTENSION):
            extension += value[len(_XMP_EXTENSION) + _EXTENSION_HEADER :]
        elif marker == 0xED and value.startswith(_PHOTOSHOP):
            read_resources(value.removeprefix(_PHOTOSHOP), blocks)
        elif marker == _COMMENT:
            blocks.texts.append(("Comment", value))
        elif _APP0 <= marker <= _APP15:
            _name_segment(marker, value, blocks)
    if extension:
        blocks.xmp.append(bytes(extension))
    _name_rest(data, blocks)
    return blocks


def find_end(data: bytes) -> int | None:
    """Return the offset behind the end marker of the first picture; None without that marker."""
    at = 2
    while match := _NEXT_MARKER.search(data, at):
        marker, at = data[match.end() - 1], match.end()
        if marker == _END:
            return at
        if marker not in _STANDALONE:
            at += max(int.from_bytes(data[at : at + 2], "big"), 2)
    return None


def _iterate_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (marker, data) of each segment before the first scan."""
    at = 2
    while match := _NEXT_MARKER.search(data, at):
        marker, at = data[match.end() - 1], match.end()
        if marker in (_START_OF_SCAN, _END) or at + 2 > len(data):
            return
        if marker not in _STANDALONE:
            (size,) = struct.unpack_from(">H", data, at)
            yield marker, data[at + 2 : at + size]
            at += max(size, 2)


def _name_segment(marker: int, value: bytes, blocks: Blocks) -> None:
    if marker == _APP0 and value.startswith(b"JFIF\0"):
        if len(value) >= 14 and value[12] and value[13]:
            blocks.add_dropped("a thumbnail (JFIF)")
        return
    for (known_marker, start), name in _NAMES.items():
        if marker == known_marker and value.startswith(start):
            if name == FURTHER_PICTURES:
                blocks.add_note(FURTHER_PICTURES)
            elif name is not None:
                blocks.add_dropped(name)
            return
    blocks.add_dropped(f"data of a program (APP{marker - _APP0})")


def _name_rest(data: bytes, blocks: Blocks) -> None:
    """Name what lies behind the end: a video, further pictures, or anything else."""
    end = find_end(data)
    rest = data[end:].strip(b"\0\r\n ") if end is not None else b""
    if not rest:
        return
    if b"ftyp" in rest:
        blocks.add_dropped(MOTION_VIDEO)
    if b"\xff\xd8\xff" in rest:
        blocks.add_note(FURTHER_PICTURES)
    if b"ftyp" not in rest and b"\xff\xd8\xff" not in rest:
        blocks.add_dropped(AFTER_END)
