"""Detection of a file's format from its first bytes, and of a missing end."""

import struct
from collections.abc import Collection

_STARTS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_MAX_BRANDS = 64
_FRAME_HEADER_BYTES = 16
_OTHER_STARTS = {
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"8BPS": "Photoshop",
    b"%PDF": "PDF",
    b"FUJIFILMCCD-RAW": "Camera raw",
    b"IIRO": "Camera raw",
    b"IIU\0": "Camera raw",
}
_OTHER_BRANDS = {b"crx ": "Camera raw", b"qt  ": "Video", b"isom": "Video", b"mp42": "Video"}
_DNG_VERSION, _SUB_DIRECTORIES, _REDUCED = 50706, 330, 1


def find_format(data: bytes) -> str | None:
    """Return Pillow's name of the format whose signature `data` begins with, or None."""
    for start, name in _STARTS.items():
        if data.startswith(start):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _find_format_by_brand(data)
    return None


def find_other_format(data: bytes) -> str | None:
    """Return the display name of a known format that can't be opened here; None if unknown."""
    for start, name in _OTHER_STARTS.items():
        if data.startswith(start):
            return name
    if data[4:8] == b"ftyp":
        return _OTHER_BRANDS.get(data[8:12])
    return None


def is_raw_tiff(data: bytes, tags: Collection[int], subfile: int) -> bool:
    """Return whether a TIFF is a camera's raw file, whose first picture is only a thumbnail.

    `tags`: the tags of its first directory; `subfile`: the value of the tag NewSubfileType there.
    """
    has_full_size_elsewhere = _SUB_DIRECTORIES in tags and subfile & _REDUCED
    return bool(_DNG_VERSION in tags or has_full_size_elsewhere or data[8:10] == b"CR")


def _find_format_by_brand(data: bytes) -> str | None:
    """Return AVIF or HEIF by a file's major and compatible brands (ISO/IEC 14496-12, 4.3)."""
    size = min(int.from_bytes(data[:4], "big"), 16 + 4 * _MAX_BRANDS)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, size, 4)}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & _HEIF_BRANDS else None


def is_truncated(data: bytes, name: str) -> bool:
    """Return whether `data` ends before the end that its own structure states.

    Only meaningful after reading has failed.
    """
    if name == "JPEG":
        return b"\xff\xd9" not in data[-4096:]
    if name == "PNG":
        return b"IEND" not in data[-4096:]
    if name == "GIF":
        return not data.rstrip(b"\0").endswith(b";")
    if name in ("WEBP", "BMP"):
        at, extra = (4, 8) if name == "WEBP" else (2, 0)
        return int.from_bytes(data[at : at + 4], "little") + extra > len(data)
    if name in ("AVIF", "HEIF"):
        return _has_cut_off_box(data)
    return _has_no_directory(data)


def _has_cut_off_box(data: bytes) -> bool:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 0:
            return False
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:
            return False
        at += size
    return at != len(data)


def _has_no_directory(data: bytes) -> bool:
    """Return whether a TIFF ends before its first directory (TIFF 6.0, section 2)."""
    if len(data) < 8:
        return True
    (offset,) = struct.unpack("<I" if data[:1] == b"I" else ">I", data[4:8])
    return bool(offset >= len(data))


def is_lossless_webp(data: bytes) -> bool:
    """Return whether a WebP's picture or first frame is a VP8L chunk (RFC 9649, 2.6 and 2.7)."""
    at = 12
    while at + 8 <= len(data):
        if data[at : at + 4] == b"VP8L":
            return True
        if data[at : at + 4] == b"ANMF":
            at += 8 + _FRAME_HEADER_BYTES
            continue
        if data[at : at + 4] == b"VP8 ":
            return False
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return False


def is_deep_avif(data: bytes) -> bool:
    """Return whether the AV1 configuration box states more than 8 bits (AV1 in ISOBMFF, 2.3.3)."""
    at = data.find(b"av1C")
    return at >= 0 and len(data) > at + 6 and bool(data[at + 6] & 0x40)
