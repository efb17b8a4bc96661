"""EXIF, built anew from the tags that `exif_tags.toml` lists."""

import struct
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from vision.metadata.directories import (
    ASCII,
    BYTE,
    LONG,
    SHORT,
    UNDEFINED,
    UTF_8,
    Directory,
    DirectoryReader,
    Field,
    Tree,
    build_numbers,
    write_directories,
)
from vision.metadata.plain_text import decode_plain_text, is_plain_text

PREFIX = b"Exif\0\0"
MAX_BYTES = 60_000
"""The most bytes of EXIF that are kept, so that every format can hold them; a JPEG's limit."""

ORIENTATION = 274
_WIDTH, _HEIGHT = 40962, 40963
_CAMERA, _LOCATION, _EXCHANGE = 34665, 34853, 40965
_POINTERS = {"image": {_CAMERA: "camera", _LOCATION: "location"}, "camera": {_EXCHANGE: "exchange"}}
_NUMBER_TYPES = {1, 3, 4, 5, 6, 8, 9, 10, 11, 12}
_MAX_NUMBERS, _MAX_SHORT_BYTES = 8, 4
_MARKS = {b"ASCII\0\0\0", b"UNICODE\0", b"JIS\0\0\0\0\0", b"\0" * 8}
_MARK_BYTES = 8


@dataclass
class RebuiltExif:
    """What was kept: EXIF that begins with `Exif\\0\\0`, or None; the orientation before, 1..8.

    `dropped` says for people what was left out. `is_damaged`: no directory could be read.
    """

    data: bytes | None = None
    orientation: int = 1
    dropped: list[str] = field(default_factory=list)
    is_damaged: bool = False


def rebuild_exif(raw: bytes, *, has_pages: bool = False) -> RebuiltExif:
    """Return the listed tags of `raw` with orientation 1.

    `has_pages`: it is a whole TIFF file, whose second directory is its next page, no thumbnail.

    Texts must be plain, numbers few: no value can hold a picture. The thumbnail and all other
    directories are left out. Structure: TIFF 6.0, section 2; Exif 3.0, 4.6.
    """
    result = RebuiltExif()
    try:
        reader = DirectoryReader(raw.removeprefix(PREFIX))
        fields, following = reader.read(reader.first)
    except (struct.error, ValueError):
        result.is_damaged = True
        return result
    result.orientation = _read_orientation(fields)
    if following and not has_pages:
        result.dropped.append("an embedded thumbnail (EXIF)")
    tree = _rebuild_directory(reader, fields, "image", result)
    if result.orientation >= 5:
        _swap_dimensions(tree)
    if not any(tree):
        return result
    data = write_directories(*tree)
    if len(data) > MAX_BYTES:
        result.dropped.append("EXIF, which is too long")
    else:
        result.data = PREFIX + b"II*\0" + struct.pack("<I", 8) + data
    return result


def read_tree(exif: bytes) -> Tree:
    """Return the directories of EXIF that `rebuild_exif` wrote."""
    reader = DirectoryReader(exif.removeprefix(PREFIX))

    def read_directory(offset: int, kind: str) -> Tree:
        fields, _ = reader.read(offset)
        pointers = _POINTERS.get(kind, {}).items()
        inner = {
            tag: read_directory(fields.pop(tag).read_numbers()[0], name)
            for tag, name in pointers
            if tag in fields
        }
        return fields, inner

    return read_directory(reader.first, "image")


def remove_orientation(exif: bytes) -> bytes:
    """Return EXIF of `rebuild_exif` without its orientation, which is 1 where it is missing."""
    fields, inner = read_tree(exif)
    if fields.pop(ORIENTATION, None) is None:
        return exif
    if not fields and not inner:
        return b""
    return PREFIX + b"II*\0" + struct.pack("<I", 8) + write_directories(fields, inner)


def _read_orientation(fields: Directory) -> int:
    orientation = fields.get(ORIENTATION)
    if orientation is None or orientation.kind not in (BYTE, SHORT, LONG):
        return 1
    value = orientation.read_numbers()[0]
    return value if 1 <= value <= 8 else 1


def _rebuild_directory(
    reader: DirectoryReader, fields: Directory, name: str, result: RebuiltExif
) -> Tree:
    table = _load_table()
    clean_fields: Directory = {}
    inner: dict[int, Tree] = {}
    unknown_tags: list[int] = []
    for tag, value in fields.items():
        if tag in _POINTERS.get(name, {}):
            below = _rebuild_inner(reader, value, _POINTERS[name][tag], result)
            if below is not None and any(below):
                inner[tag] = below
        elif tag == ORIENTATION and name == "image":
            clean_fields[tag] = build_numbers(SHORT, 1)
        elif (clean := _clean(value, tag, table[name])) is not None:
            clean_fields[tag] = clean
        elif tag not in table["unsaid"][name] and value.data.strip(b"\0 "):
            unknown_tags.append(tag)
    _name_dropped(unknown_tags, name, result)
    return clean_fields, inner


def _rebuild_inner(
    reader: DirectoryReader, pointer: Field, name: str, result: RebuiltExif
) -> Tree | None:
    if pointer.kind not in (LONG, 13, 16, 18):
        return None
    try:
        fields, _ = reader.read(pointer.read_numbers()[0])
    except (struct.error, ValueError):
        result.dropped.append(f"the damaged part “{name}” of the EXIF")
        return None
    return _rebuild_directory(reader, fields, name, result)


def _clean(value: Field, tag: int, lists: dict[str, list[int]]) -> Field | None:
    """Return the field as it may be written; None if it is not listed or not what it should be."""
    if tag in lists.get("text", ()):
        return _clean_text(value)
    if tag in lists.get("number", ()):
        return value if value.kind in _NUMBER_TYPES and value.count <= _MAX_NUMBERS else None
    if tag in lists.get("utf_16", ()):
        return _clean_utf_16(value)
    if tag in lists.get("marked_text", ()):
        return _clean_marked_text(value)
    if tag in lists.get("short_bytes", ()):
        is_short = value.count <= _MAX_SHORT_BYTES and value.kind in (BYTE, UNDEFINED)
        return value if is_short else None
    return None


def _clean_text(value: Field) -> Field | None:
    if value.kind not in (ASCII, UTF_8):
        return None
    text = value.data.rstrip(b"\0")
    # A copyright may be two texts with a zero between them.
    if not text or decode_plain_text(text.replace(b"\0", b"\n")) is None:
        return None
    return Field(value.kind, text + b"\0")


def _clean_utf_16(value: Field) -> Field | None:
    text = value.data.decode("utf-16-le", "replace").rstrip("\0")
    if not text or not is_plain_text(text):
        return None
    return Field(BYTE, (text + "\0").encode("utf-16-le"))


def _clean_marked_text(value: Field) -> Field | None:
    """Return a text that 8 bytes before it name the encoding of (Exif 3.0, 4.6.6.5)."""
    mark, text = value.data[:_MARK_BYTES], value.data[_MARK_BYTES:].rstrip(b"\0 ")
    if mark not in _MARKS or not text:
        return None
    if mark == b"UNICODE\0":
        text += b"\0" * (len(text) % 2)
        plain = any(_is_plain_utf_16(text, encoding) for encoding in ("utf-16-le", "utf-16-be"))
    else:
        plain = decode_plain_text(text) is not None
    return Field(UNDEFINED, mark + text) if plain else None


def _is_plain_utf_16(text: bytes, encoding: str) -> bool:
    try:
        return is_plain_text(text.decode(encoding))
    except UnicodeDecodeError:
        return False


def _swap_dimensions(tree: Tree) -> None:
    """Exchange the width and height that the camera states: the canvas was turned a quarter."""
    camera = tree[1].get(_CAMERA, ({}, {}))[0]
    if _WIDTH in camera and _HEIGHT in camera:
        camera[_WIDTH], camera[_HEIGHT] = camera[_HEIGHT], camera[_WIDTH]


def _name_dropped(tags: list[int], directory: str, result: RebuiltExif) -> None:
    names = _load_table()["names"] if directory in ("image", "camera") else {}
    result.dropped += [names[str(tag)] for tag in tags if str(tag) in names]
    if others := [f"{tag}" for tag in tags if str(tag) not in names]:
        more = f" and {len(others) - 8} more" if len(others) > 8 else ""
        result.dropped.append(f"EXIF tags of the {directory} ({', '.join(others[:8])}{more})")


@cache
def _load_table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("exif_tags.toml").read_text("utf-8"))
