"""Colour profiles without foreign parts: a profile may hold any data in tags of its own.

Format: ICC.1:2022, 7.2, 7.3 and 9.2; ICC.1:2001-04 for descriptions of type `desc`.
"""

import struct

from vision.metadata.plain_text import decode_plain_text, is_plain_text

_HEADER, _ENTRY = 128, 12
_PROFILE_ID = slice(84, 100)
_NUMBERS = frozenset(
    b"A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 D2B0 D2B1 D2B2 D2B3 B2D0 B2D1 B2D2 B2D3 rXYZ gXYZ bXYZ rTRC"
    b" gTRC bTRC kTRC wtpt bkpt lumi chad chrm cicp gamt meas tech view calt pre0 pre1 pre2".split()
)
_TEXTS = frozenset(b"desc cprt dmnd dmdd vued dscm".split())  # the last one is Apple's
_NUMBER_TYPES = frozenset(
    b"XYZ :curv:para:sf32:uf32:mft1:mft2:mAB :mBA :mpet:chrm:cicp:sig :meas:view:dtim".split(b":")
)
_MAX_TABLE = 100
_MAC_TEXT = 70  # bytes of the last part of a description, with its header
_PADDING = 3


def remove_foreign_parts(profile: bytes) -> tuple[bytes | None, bool]:
    """Return (the profile with only its tags for colours and plain texts; whether it changed).

    A profile without foreign parts stays as it is, byte for byte. None for one whose table of tags
    can't be read.
    """
    count = int.from_bytes(profile[_HEADER : _HEADER + 4], "big")
    start = _HEADER + 4 + _ENTRY * count
    if count > _MAX_TABLE or len(profile) < start:
        return None, True
    tags: dict[bytes, tuple[int, int]] = {}
    for at in range(_HEADER + 4, start, _ENTRY):
        name, offset, size = struct.unpack_from(">4sII", profile, at)
        tags.setdefault(name, (offset, size))
    listed_tags = {
        name: profile[offset : offset + size]
        for name, (offset, size) in tags.items()
        if offset >= start and _is_listed(name, profile[offset : offset + size])
    }
    if len(listed_tags) == count and not _has_gaps(profile, start, list(tags.values())):
        return profile, False
    return _assemble(profile[:_HEADER], listed_tags), True


def _is_listed(name: bytes, data: bytes) -> bool:
    if name in _NUMBERS:
        return data[:4] in _NUMBER_TYPES
    return name in _TEXTS and _is_text(data)


def _is_text(data: bytes) -> bool:
    kind = data[:4]
    if kind == b"text":
        return decode_plain_text(data[8:].rstrip(b"\0")) is not None
    if kind == b"desc":
        return _is_description(data)
    return kind == b"mluc" and _is_multilingual_text(data)


def _is_description(data: bytes) -> bool:
    """Return whether its texts, one in ASCII and one in UTF-16, are plain (6.5.17)."""
    at = 12 + int.from_bytes(data[8:12], "big")
    end = at + 8 + 2 * int.from_bytes(data[at + 4 : at + 8], "big")
    ascii_text, wide_text = data[12:at], data[at + 8 : end].decode("utf-16-be", "replace")
    is_plain = decode_plain_text(ascii_text.rstrip(b"\0")) is not None
    is_short = len(data[end:].rstrip(b"\0")) <= _MAC_TEXT
    return is_plain and is_plain_text(wide_text.rstrip("\0")) and is_short


def _is_multilingual_text(data: bytes) -> bool:
    """Return whether all texts are plain, and nothing lies between them (10.15)."""
    count = int.from_bytes(data[8:12], "big")
    records = [
        struct.unpack_from(">4sII", data, 16 + 12 * index)
        for index in range(min(count, (len(data) - 16) // 12))
    ]
    texts = (data[offset : offset + size] for _, size, offset in records)
    plain = all(is_plain_text(text.decode("utf-16-be", "replace").rstrip("\0")) for text in texts)
    ranges = [(offset, size) for _, size, offset in records]
    return plain and not _has_gaps(data, 16 + 12 * len(records), ranges)


def _has_gaps(data: bytes, start: int, ranges: list[tuple[int, int]]) -> bool:
    """Return whether bytes from `start` on are in none of the (offset, size), padding aside."""
    end = start
    for offset, size in sorted(ranges):
        if offset > end + _PADDING and data[end:offset].strip(b"\0"):
            return True
        end = max(end, offset + size)
    return len(data[end:].strip(b"\0")) > _PADDING


def _assemble(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Return a profile of these tags; its digest (7.2.18) is left out."""
    table, body = struct.pack(">I", len(tags)), b""
    start = _HEADER + 4 + _ENTRY * len(tags)
    offsets: dict[bytes, int] = {}
    for name, data in tags.items():
        if data not in offsets:
            offsets[data] = start + len(body)
            body += data + b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", offsets[data], len(data))
    changed = bytearray(struct.pack(">I", start + len(body)) + header[4:])
    changed[_PROFILE_ID] = bytes(16)
    return bytes(changed) + table + body
