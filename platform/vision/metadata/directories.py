"""Directories of TIFF and EXIF: read as they are, written anew in little-endian order.

Structure: TIFF 6.0, section 2; BigTIFF has the same with longer numbers.
"""

import struct
from dataclasses import dataclass

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, UTF_8 = 1, 2, 3, 4, 5, 7, 129

# The size of a value and the letter of `struct` for it, by type; Exif 3.0 added 129 (UTF-8).
_TYPES = {
    BYTE: (1, "B"),
    ASCII: (1, "B"),
    SHORT: (2, "H"),
    LONG: (4, "I"),
    RATIONAL: (8, "I"),
    6: (1, "b"),
    UNDEFINED: (1, "B"),
    8: (2, "h"),
    9: (4, "i"),
    10: (8, "i"),
    11: (4, "f"),
    12: (8, "d"),
    13: (4, "I"),
    16: (8, "Q"),
    17: (8, "q"),
    18: (8, "Q"),
    UTF_8: (1, "B"),
}
_BIG = 43
_MAGICS = (42, _BIG)


@dataclass(frozen=True)
class Field:
    """The values of a tag: their type, and their bytes in little-endian order."""

    kind: int
    data: bytes

    @property
    def count(self) -> int:
        """The number of values; a fraction is one."""
        return len(self.data) // _TYPES[self.kind][0]

    def read_numbers(self) -> tuple[int, ...]:
        """Return the values of a type of whole numbers; fractions give two numbers each."""
        letter = _TYPES[self.kind][1]
        return struct.unpack(f"<{len(self.data) // struct.calcsize(letter)}{letter}", self.data)


Directory = dict[int, Field]


def build_numbers(kind: int, *values: int) -> Field:
    """Return the field of these whole numbers, of the type `kind`."""
    return Field(kind, struct.pack(f"<{len(values)}{_TYPES[kind][1]}", *values))


class DirectoryReader:
    """Reads the directories in `data`, which begins with the header of a TIFF.

    Raises ValueError or struct.error if the header is none.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = {b"II": "<", b"MM": ">"}.get(data[:2], "")
        magic = struct.unpack_from(f"{self._order}H", data, 2)[0] if self._order else 0
        if magic not in _MAGICS:
            raise ValueError("no header of a TIFF")
        self._is_big = magic == _BIG
        self.first = self._unpack_offset(8 if self._is_big else 4)

    def read(self, offset: int) -> tuple[Directory, int]:
        """Return (the fields at `offset`, the next directory's offset; 0: there is none).

        Fields that are damaged are left out. Raises ValueError or struct.error where no directory
        can be.
        """
        count_letter, entry_bytes = ("Q", 20) if self._is_big else ("H", 12)
        start = offset + struct.calcsize(f"<{count_letter}")
        (count,) = struct.unpack_from(self._order + count_letter, self._data, offset)
        end = start + count * entry_bytes
        if end > len(self._data):
            raise ValueError("the directory reaches past the end")
        fields: Directory = {}
        for at in range(start, end, entry_bytes):
            tag, kind = struct.unpack_from(f"{self._order}HH", self._data, at)
            if (field := self._read_field(kind, at + 4)) is not None:
                fields.setdefault(tag, field)
        has_link = end + (8 if self._is_big else 4) <= len(self._data)
        return fields, self._unpack_offset(end) if has_link else 0

    def _read_field(self, kind: int, at: int) -> Field | None:
        if kind not in _TYPES:
            return None
        letter = "Q" if self._is_big else "I"
        (count,) = struct.unpack_from(self._order + letter, self._data, at)
        at += struct.calcsize(f"<{letter}")
        size = count * _TYPES[kind][0]
        if size > struct.calcsize(f"<{letter}"):
            at = self._unpack_offset(at)
        values = self._data[at : at + size]
        if not size or len(values) != size:
            return None
        return Field(kind, self._to_little_endian(kind, values))

    def _to_little_endian(self, kind: int, values: bytes) -> bytes:
        letter = _TYPES[kind][1]
        if self._order == "<" or letter in "Bb":
            return values
        count = len(values) // struct.calcsize(letter)
        return struct.pack(f"<{count}{letter}", *struct.unpack(f">{count}{letter}", values))

    def _unpack_offset(self, at: int) -> int:
        letter = "Q" if self._is_big else "I"
        (offset,) = struct.unpack_from(self._order + letter, self._data, at)
        return int(offset)


def write_directories(
    fields: Directory, directories: dict[int, "Tree"], *, start: int = 8
) -> bytes:
    """Return a directory that begins at the offset `start` of its file, and those inside it.

    `directories`: by the tag that points to each.
    """
    entries = dict(fields) | dict.fromkeys(directories, build_numbers(LONG, 0))
    body_start = start + 2 + 12 * len(entries) + 4
    table, body = struct.pack("<H", len(entries)), b""
    for tag in sorted(entries):
        at = body_start + len(body)
        if tag in directories:
            inner, below = directories[tag]
            body += write_directories(inner, below, start=at)
            values = struct.pack("<I", at)
        else:
            values = entries[tag].data.ljust(4, b"\0")
            if len(values) > 4:
                body += values
                values = struct.pack("<I", at)
        body += b"\0" * (len(body) % 2)
        table += struct.pack("<HHI", tag, entries[tag].kind, entries[tag].count) + values
    return table + b"\0" * 4 + body


Tree = tuple[Directory, dict[int, "Tree"]]
"""A directory, and the directories inside it by the tag that points to each."""
