"""What a file says it is in its first bytes, and whether its end is there."""

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
_FRAME_HEADER = 16
_OTHERS = {
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


def format_of(data: bytes) -> str | None:
    """Pillow's name of the format that `data` begins like, or None."""
    for start, name in _STARTS.items():
        if data.startswith(start):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _format_of_brands(data)
    return None


def other_format_of(data: bytes) -> str | None:
    """The name for people of a format that is known, but not opened here; None for others."""
    for start, name in _OTHERS.items():
        if data.startswith(start):
            return name
    if data[4:8] == b"ftyp":
        return _OTHER_BRANDS.get(data[8:12])
    return None


def is_raw_tiff(data: bytes, tags: Collection[int], subfile: int) -> bool:
    """Whether a TIFF is a camera's raw file, whose first picture is only a thumbnail.

    `tags` and `subfile`: of its first directory, and the value of its tag NewSubfileType.
    """
    has_full_size_elsewhere = _SUB_DIRECTORIES in tags and subfile & _REDUCED
    return bool(_DNG_VERSION in tags or has_full_size_elsewhere or data[8:10] == b"CR")


def _format_of_brands(data: bytes) -> str | None:
    """ISO base media file (ISO/IEC 14496-12, 4.3): the major brand, then compatible ones."""
    size = min(int.from_bytes(data[:4], "big"), 16 + 4 * _MAX_BRANDS)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, size, 4)}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & _HEIF_BRANDS else None


def is_cut_off(data: bytes, name: str) -> bool:
    """Whether `data` ends before the format's own structure says. Asked once reading has failed."""
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
        return _ends_inside_a_box(data)
    return _ends_before_its_directory(data)


def _ends_inside_a_box(data: bytes) -> bool:
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


def _ends_before_its_directory(data: bytes) -> bool:
    """TIFF 6.0, section 2: bytes 4-7 hold the place of the first directory."""
    if len(data) < 8:
        return True
    (place,) = struct.unpack("<I" if data[:1] == b"I" else ">I", data[4:8])
    return bool(place >= len(data))


def is_lossless_webp(data: bytes) -> bool:
    """Whether a WebP's picture, or its first frame, is in a VP8L chunk (RFC 9649, 2.6 and 2.7)."""
    at = 12
    while at + 8 <= len(data):
        if data[at : at + 4] == b"VP8L":
            return True
        if data[at : at + 4] == b"ANMF":
            at += 8 + _FRAME_HEADER
            continue
        if data[at : at + 4] == b"VP8 ":
            return False
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return False


def is_deep_avif(data: bytes) -> bool:
    """Whether the AV1 configuration box says more than 8 bits (AV1 in ISOBMFF, 2.3.3)."""
    at = data.find(b"av1C")
    return at >= 0 and len(data) > at + 6 and bool(data[at + 6] & 0x40)
