"""The metadata of WebP, TIFF, GIF, AVIF and HEIC."""

import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from vision.metadata.blocks.found import (
    CONTENT_CREDENTIALS,
    FURTHER_PICTURES,
    MOTION_VIDEO,
    THUMBNAIL,
    Blocks,
)
from vision.metadata.blocks.photoshop import read_resources
from vision.metadata.directories import DirectoryReader, Field

_WEBP_UNSAID = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_SUB_DIRECTORIES, _XMP, _IPTC, _PHOTOSHOP = 330, 700, 33723, 34377
_GIF_XMP, _GIF_XMP_END = b"\x21\xff\x0bXMP DataXMP", b"\x01\xff\xfe\xfd"
_KNOWN_BOXES = {b"ftyp", b"meta", b"mdat", b"free", b"skip", b"moov", b"idat", b"wide", b"pdin"}
_FURTHER_ITEMS = (b"tmap", b"hdrgainmap", b"aux:depth", b"auxid:2", b"semantic")


def read_webp(data: bytes) -> Blocks:
    """Return the blocks of a WebP (RFC 9649)."""
    blocks, at = Blocks(), 12
    end = min(8 + int.from_bytes(data[4:8], "little"), len(data))
    while at + 8 <= end:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        value, at = data[at + 8 : at + 8 + size], at + 8 + size + size % 2
        if name == b"EXIF":
            blocks.exif = value.removeprefix(b"Exif\0\0")
        elif name == b"XMP ":
            blocks.xmp.append(value)
        elif name == b"C2PA":
            blocks.add_dropped(CONTENT_CREDENTIALS)
        elif name not in _WEBP_UNSAID:
            blocks.add_dropped(f"WebP chunk {name.decode('latin-1')!a}")
    blocks.check_end(data[end:])
    return blocks


def read_tiff(data: bytes) -> Blocks:
    """Return the blocks of a TIFF; its own tags are its EXIF."""
    blocks = Blocks()
    with suppress(ValueError, struct.error):
        reader = DirectoryReader(data)
        fields, _ = reader.read(reader.first)
        empty = Field(1, b"")
        blocks.exif = data
        blocks.iptc = _repair_order(fields.get(_IPTC, empty).data)
        if xmp := fields.get(_XMP, empty).data:
            blocks.xmp.append(xmp)
        read_resources(fields.get(_PHOTOSHOP, empty).data, blocks)
        if _SUB_DIRECTORIES in fields:
            blocks.add_note(FURTHER_PICTURES)
    return blocks


def _repair_order(data: bytes) -> bytes:
    """Return IPTC that begins with its mark: some programs store it as numbers of four bytes."""
    if data[:1] == b"\x1c" or len(data) % 4 or data[3:4] != b"\x1c":
        return data
    return b"".join(data[at : at + 4][::-1] for at in range(0, len(data), 4))


def read_gif(data: bytes, info: dict[Any, Any]) -> Blocks:
    """Return the blocks of a GIF (GIF89a; XMP part 3, 1.1.2). `info`: of Pillow's image."""
    blocks = Blocks()
    if comment := info.get("comment"):
        blocks.texts.append(("Comment", comment))
    start = data.find(_GIF_XMP)
    end = data.find(_GIF_XMP_END, start)
    if 0 <= start < end:
        blocks.xmp.append(data[start + len(_GIF_XMP) : end])
    return blocks


def read_boxes(data: bytes, info: dict[Any, Any]) -> Blocks:
    """Return the blocks of an AVIF or HEIC (ISO/IEC 23008-12). `info`: of Pillow's image."""
    blocks = Blocks(exif=(info.get("exif") or b"").removeprefix(b"Exif\0\0"))
    if xmp := info.get("xmp"):
        blocks.xmp.append(xmp)
    for name, value in _iterate_boxes(data):
        if name == b"meta":
            _name_items(value, blocks)
        elif name == b"mpvd":
            blocks.add_dropped(MOTION_VIDEO)
        elif name == b"uuid" and b"c2pa" in value[:64]:
            blocks.add_dropped(CONTENT_CREDENTIALS)
        elif name not in _KNOWN_BOXES:
            blocks.add_dropped(f"box {name.decode('latin-1')!a} of the file")
    return blocks


def _iterate_boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (name, data) of each outer box (ISO/IEC 14496-12, 4.2)."""
    at = 0
    while at + 8 <= len(data):
        size, name, header = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, header = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        size = size or len(data) - at
        if size < header:
            return
        yield name, data[at + header : at + size]
        at += size


def _name_items(meta: bytes, blocks: Blocks) -> None:
    if b"thmb" in meta:
        blocks.add_dropped(THUMBNAIL)
    if any(item in meta for item in _FURTHER_ITEMS):
        blocks.add_note(FURTHER_PICTURES)
