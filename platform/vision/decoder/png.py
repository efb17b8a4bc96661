"""PNG: parts beside the pixels that are damaged or too large are left out (W3C PNG, 3rd edition).

As in browsers, a wrong checksum matters only where the pixels depend on it: IHDR and PLTE. Wrong
checksums and lengths of other chunks, and a missing end, are passed over. Pixel data with a wrong
checksum are taken if their own one (Adler-32, inside the compressed data) is right.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from PIL import PngImagePlugin

from vision.decoder import rejection
from vision.decoder.repair import MISSING_END, Repair, describe_skipped_parts

_SIGNATURE_BYTES = 8
_FRAME_BYTES = 12  # length, name and checksum of a chunk
_ANCILLARY_BIT = 0x20  # of the name's first byte (5.4)
_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
# A text with such a keyword would take the place of a fact that Pillow reads from another chunk.
_PILLOW_FACTS = frozenset(
    b"aspect background bbox blend chromaticity default_image disposal dpi duration gamma "
    b"icc_profile interlace loop srgb transparency xmp".split()
)
_LENGTHS = {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4, b"pHYs": 9, b"acTL": 8, b"fcTL": 26}
_MAX_TEXTS = 1000  # like libpng's limit of chunks that it keeps
_MAX_UNPACKED_BYTES = PngImagePlugin.MAX_TEXT_CHUNK
_STEP_BYTES = 2**20
_STILL = frozenset({b"IHDR", b"tRNS", b"IDAT", b"IEND"})
_PIXEL_CHUNKS = re.compile(rb"PLTE|tRNS|IDAT")
_MAX_TRIES = 100
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type (11.2.1)
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2))
_PASSES = (*_ADAM7, (0, 1, 1, 2))  # first column and row, steps between columns and rows (8.1)


@dataclass
class _Chunk:
    name: bytes
    start: int
    end: int  # past the end of a file that is cut off
    payload: memoryview
    has_right_checksum: bool

    @property
    def is_ancillary(self) -> bool:
        return bool(self.name[0] & _ANCILLARY_BIT)


@dataclass
class _Sieve:
    """What was found in the file.

    Attributes:
        edits: (start, end, replacement) of the bytes to change.
        end: where the last chunk before IEND ends.
    """

    edits: list[tuple[int, int, bytes]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    end: int = 0
    texts: int = 0
    has_pixels: bool = False
    has_damaged_pixels: bool = False
    is_ended: bool = False


def repair_png(data: bytes) -> Repair:
    """Leave out what is damaged or too large beside the pixels; add a missing end.

    Raises PictureRejected (truncated, corrupt) where the header, the palette or all pixels are
    damaged or missing.
    """
    sieve = _sift(data, frozenset())
    if any(kind.encode() in _ANIMATION for kind in sieve.skipped):
        sieve = _sift(data, _ANIMATION)  # half an animation is none: its still picture remains
    if not sieve.has_pixels:
        is_complete = sieve.is_ended
        raise rejection.build_corrupt_error() if is_complete else rejection.build_truncated_error()
    if sieve.is_ended and not sieve.edits:
        return Repair(data)
    notes = describe_skipped_parts(sieve.skipped)
    if not sieve.is_ended:
        notes.append(MISSING_END)
    elif sieve.has_damaged_pixels:
        notes.append("A checksum in the file is wrong, but its pixels are undamaged")
    must_prove_pixels = sieve.has_damaged_pixels or not sieve.is_ended
    return Repair(_apply_edits(data, sieve), notes, must_prove_pixels)


def _apply_edits(data: bytes, sieve: _Sieve) -> bytes:
    view, parts, at = memoryview(data), list[memoryview | bytes](), 0
    for start, end, replacement in sieve.edits:
        parts += [view[at:start], replacement]
        at = end
    return b"".join([*parts, view[at : sieve.end], _build_chunk(b"IEND", b"")])


def _sift(data: bytes, unwanted: frozenset[bytes]) -> _Sieve:
    sieve = _Sieve()
    reader = PngImagePlugin.PngStream(io.BytesIO(data))
    is_indexed = data[25:26] == b"\3"
    for chunk in _iterate_chunks(data):
        if chunk.name == b"IEND":
            sieve.is_ended = chunk.has_right_checksum
            break
        sieve.end = min(chunk.end, len(data))
        if chunk.name == b"IDAT":
            _check_pixels(sieve, chunk)
        elif chunk.name not in unwanted and _is_sound(sieve, reader, chunk):
            continue
        elif chunk.is_ancillary or (chunk.name == b"PLTE" and not is_indexed):
            sieve.skipped.append(chunk.name.decode())
            sieve.edits.append((chunk.start, sieve.end, b""))
        else:
            raise rejection.build_corrupt_error()
    return sieve


def _iterate_chunks(data: bytes) -> Iterator[_Chunk]:
    """Yield the chunks (5.3) up to the end, or up to what is no chunk; the last may be cut off."""
    view, at = memoryview(data), _SIGNATURE_BYTES
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if not name.isalpha():
            return
        end, payload = at + _FRAME_BYTES + length, view[at + 8 : at + 8 + length]
        is_right = data[end - 4 : end] == _compute_checksum(name, payload)
        if not is_right and name != b"IDAT" and not data[end + 4 : end + 8].isalpha():
            end = _find_chunk(data, at + 8) or end  # the length is wrong too
        yield _Chunk(name, at, end, payload, is_right)
        at = end


def _find_chunk(data: bytes, start: int) -> int | None:
    """Return where the next chunk that pixels depend on begins; its checksum proves it."""
    for match in islice(_PIXEL_CHUNKS.finditer(data, start + 4), _MAX_TRIES):
        at = match.start() - 4
        end = at + 8 + int.from_bytes(data[at : at + 4])
        if data[end : end + 4] == _compute_checksum(match[0], memoryview(data)[at + 8 : end]):
            return at
    return None


def _check_pixels(sieve: _Sieve, chunk: _Chunk) -> None:
    """Give a chunk of pixels that is cut off, or has a wrong checksum, its right frame."""
    sieve.has_pixels = True
    if not chunk.has_right_checksum:
        sieve.has_damaged_pixels = True
        sieve.edits.append((chunk.start, sieve.end, _build_chunk(chunk.name, chunk.payload)))


def _is_sound(sieve: _Sieve, reader: PngImagePlugin.PngStream, chunk: _Chunk) -> bool:
    """Return whether a chunk beside the pixels is undamaged, of a modest size, and understood."""
    if chunk.name in _TEXTS:
        sieve.texts += 1
        is_misleading = bytes(chunk.payload[:80]).partition(b"\0")[0] in _PILLOW_FACTS
        if is_misleading or sieve.texts > _MAX_TEXTS:
            return False
    if not chunk.has_right_checksum or not _has_right_length(chunk, reader.im_mode):
        return False
    if chunk.name == b"fcTL" and not sieve.has_pixels and reader.im_size != _read_extent(chunk):
        return False
    if (packed := _find_packed_part(chunk)) is not None and not _can_unpack(packed):
        return False
    return _is_readable(reader, chunk)


def _has_right_length(chunk: _Chunk, mode: str) -> bool:
    """Return whether a chunk of a fixed length has it. `mode`: as Pillow calls it."""
    length = len(chunk.payload)
    if chunk.name == b"tRNS" and mode == "P":
        return 1 <= length <= 256
    if chunk.name == b"tRNS":
        return length == (6 if mode == "RGB" else 2) and "A" not in mode
    return length == _LENGTHS.get(chunk.name, length)


def _read_extent(chunk: _Chunk) -> tuple[int, ...]:
    """Return (width, height) of a frame without offset, and its offset too where it has one."""
    extent = struct.unpack(">4I", bytes(chunk.payload[4:20]).ljust(16, b"\0"))
    return extent if any(extent[2:]) else extent[:2]


def _is_readable(reader: PngImagePlugin.PngStream, chunk: _Chunk) -> bool:
    """Return whether Pillow reads the chunk, or passes over it because it knows no such kind."""
    if not hasattr(reader, f"chunk_{chunk.name.decode()}"):
        return True
    position = chunk.start + 8
    try:
        if reader.fp is not None:
            reader.fp.seek(position)
        reader.call(chunk.name, position, len(chunk.payload))
    except EOFError:
        return True  # so it says that pixels begin, here those of a further frame
    except rejection.BAD_FILE:
        return False
    return True


def _find_packed_part(chunk: _Chunk) -> bytes | None:
    """Return the compression method and the compressed data of a chunk (11.3.2.3, 11.3.3)."""
    if chunk.name in (b"iCCP", b"zTXt"):
        return bytes(chunk.payload).partition(b"\0")[2]
    if chunk.name != b"iTXt":
        return None
    rest = bytes(chunk.payload).partition(b"\0")[2]
    if rest[:1] != b"\1":
        return None
    return rest[1:2] + b"\0".join(rest[2:].split(b"\0", 2)[2:])


def _can_unpack(packed: bytes) -> bool:
    """Return whether data after their method byte unpack completely within the limit."""
    if packed[:1] != b"\0":
        return False
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(packed[1:], _MAX_UNPACKED_BYTES)
    except zlib.error:
        return False
    return unpacker.eof


def strip_png(data: bytes) -> bytes:
    """Return the still picture of a PNG that `repair_png` returned, without anything else.

    Not for pictures with a palette, which is left out too: OpenCV stops at an empty one.
    """
    view = memoryview(data)
    still_chunks = [
        view[chunk.start : chunk.end] for chunk in _iterate_chunks(data) if chunk.name in _STILL
    ]
    return b"".join([view[:_SIGNATURE_BYTES], *still_chunks])


def has_all_png_pixels(data: bytes) -> bool:
    """Return whether the pixel data unpack to every row of the picture, as IHDR states its size.

    With their own checksum right, where the data go on to it. Memory: a few megabytes.
    """
    width, height, depth, colour, interlaced = struct.unpack_from(">IIBB2xB", data, 16)
    bits = depth * _CHANNELS.get(colour, 1)
    missing = sum(
        _count_bytes(-(-(width - x) // across), -(-(height - y) // down), bits)
        for x, y, across, down in (_PASSES if interlaced else ((0, 0, 1, 1),))
    )
    unpacker = zlib.decompressobj()
    try:
        for chunk in _iterate_chunks(data):
            rest: memoryview | bytes = chunk.payload if chunk.name == b"IDAT" else b""
            while rest and not unpacker.eof:
                missing -= len(unpacker.decompress(rest, _STEP_BYTES))
                rest = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return missing <= 0


def _count_bytes(width: int, height: int, bits: int) -> int:
    """Return the bytes of a pass, with a byte for each row's filter (7.2); 0 for an empty one."""
    return height * (1 + (width * bits + 7) // 8) if width > 0 and height > 0 else 0


def _build_chunk(name: bytes, payload: memoryview | bytes) -> bytes:
    head = struct.pack(">I4s", len(payload), name)
    return b"".join([head, payload, _compute_checksum(name, payload)])


def _compute_checksum(name: bytes, payload: memoryview | bytes) -> bytes:
    return zlib.crc32(payload, zlib.crc32(name)).to_bytes(4, "big")
