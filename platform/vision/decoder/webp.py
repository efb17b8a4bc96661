"""WebP: parts beside the pixels that are damaged are left out (RFC 9649, 2.7)."""

import re
import struct
from dataclasses import dataclass

from vision.decoder.repair import MISSING_END, Repair, describe_skipped_parts

_HEADER_BYTES = 12
_FIRST_OF_PICTURE = re.compile(rb"VP8 |VP8L|ALPH|ANIM")
_PIXELS = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
_METADATA = {b"ICCP": 0x20, b"EXIF": 0x08, b"XMP ": 0x04}  # with their flags in VP8X
_ANIMATION, _RESERVED, _FLAGS_AT = 0x02, 0xC1, 8  # of the chunk VP8X


@dataclass(frozen=True)
class _Chunk:
    name: bytes
    start: int
    end: int


def repair_webp(data: bytes) -> Repair:
    """Leave out what is damaged before or behind the pixels, and state the true length."""
    stated = int.from_bytes(data[4:8], "little") + 8
    length = min(stated, len(data))
    chunks = _list_chunks(data, _HEADER_BYTES, length)
    is_extended = bool(chunks) and chunks[0].name == b"VP8X"
    if is_extended and not _has_pixels(chunks):
        chunks = [chunks[0], *_find_picture(data, chunks[0].end, length)]
    if not _has_pixels(chunks):
        return Repair(data)
    content = b"".join(data[chunk.start : chunk.end] for chunk in chunks)
    kinds = {chunk.name for chunk in chunks}
    flags = _correct_flags(data[20], kinds) if is_extended else 0
    is_whole = stated <= len(data) and len(content) >= length - _HEADER_BYTES
    if is_whole and not (is_extended and (data[20] ^ flags) & (_ANIMATION | _RESERVED)):
        return Repair(data)
    if is_extended:
        content = content[:_FLAGS_AT] + bytes([flags]) + content[_FLAGS_AT + 1 :]
    lost = [name.decode() for name, flag in _METADATA.items() if data[20] & flag & ~flags]
    notes = describe_skipped_parts(lost if is_extended else [])
    if stated > len(data) and not notes:
        notes = [MISSING_END]
    head = b"RIFF" + struct.pack("<I", len(content) + 4) + b"WEBP"
    return Repair(head + content, notes)


def _list_chunks(data: bytes, at: int, length: int) -> list[_Chunk]:
    """Return the complete chunks from `at`, up to the end or to the first damaged one."""
    chunks = []
    while at + 8 <= length:
        name, size = struct.unpack_from("<4sI", data, at)
        if at + 8 + size > length:
            break
        chunks.append(_Chunk(name, at, at + 8 + size + size % 2))
        at = chunks[-1].end
    return chunks


def _find_picture(data: bytes, start: int, length: int) -> list[_Chunk]:
    """Return the chunks from the first that belongs to the picture, past a damaged one."""
    for match in _FIRST_OF_PICTURE.finditer(data, start):
        chunks = _list_chunks(data, match.start(), length)
        if chunks and chunks[-1].end >= length and _has_pixels(chunks):
            return chunks
    return []


def _has_pixels(chunks: list[_Chunk]) -> bool:
    return any(chunk.name in _PIXELS for chunk in chunks)


def _correct_flags(flags: int, kinds: set[bytes]) -> int:
    flags &= ~_RESERVED
    for name, flag in _METADATA.items():
        if name not in kinds:
            flags &= ~flag
    return flags if b"ANMF" in kinds else flags & ~_ANIMATION
