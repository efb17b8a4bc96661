"""The metadata of a PNG: W3C PNG, third edition."""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress

from vision.metadata.blocks.found import CONTENT_CREDENTIALS, Blocks
from vision.metadata.blocks.photoshop import read_resources

_SIGNATURE_BYTES, _FRAME_BYTES = 8, 12
# They describe the pixels, or an animation, whose frames have a note of their own.
_UNSAID = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB"),
    *(b"cICP", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"tIME", b"acTL", b"fcTL", b"fdAT", b"mDCV"),
    *(b"cLLI", b"mDCv", b"cLLi", b"CgBI", b"iDOT", b"oFFs"),
}
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_MAX_TEXT = 16 * 2**20
_XMP, _RAW_PROFILE = "XML:com.adobe.xmp", "Raw profile type "
_HEXADECIMAL = re.compile(rb"\n\w+\n\s*\d+\n([0-9A-Fa-f\s]*)")  # as ImageMagick writes a profile


def read_png(data: bytes) -> Blocks:
    """Return the blocks of a PNG."""
    blocks, end = Blocks(), _SIGNATURE_BYTES
    for name, value, end in _iterate_chunks(data):  # noqa: B007
        if name in _TEXTS:
            _add_text(name, value, blocks)
        elif name == b"eXIf":
            blocks.exif = value
        elif name == b"caBX":
            blocks.add_dropped(CONTENT_CREDENTIALS)
        elif name not in _UNSAID:
            blocks.add_dropped(f"PNG chunk {name.decode('latin-1')!a}")
    blocks.check_end(data[end:])
    return blocks


def _iterate_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield (name, data, the offset behind it) of each chunk up to IEND."""
    at = _SIGNATURE_BYTES
    while at + _FRAME_BYTES <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        value, at = data[at + 8 : at + 8 + size], at + _FRAME_BYTES + size
        yield name, value, at
        if name == b"IEND":
            return


def _add_text(name: bytes, value: bytes, blocks: Blocks) -> None:
    raw_keyword, _, rest = value.partition(b"\0")
    keyword = raw_keyword.decode("latin-1")
    text: bytes | None = rest
    if name == b"zTXt":
        text = _inflate(rest[1:])
    elif name == b"iTXt":
        is_compressed = rest[:1] == b"\1"
        text = rest[2:].split(b"\0", 2)[-1]
        text = _inflate(text) if is_compressed else text
    if text is None:
        blocks.add_dropped(f"a damaged text of the PNG ({keyword[:40]!a})")
    elif keyword == _XMP:
        blocks.xmp.append(text)
    elif keyword.startswith(_RAW_PROFILE):
        _add_raw_profile(keyword.removeprefix(_RAW_PROFILE).lower(), text, blocks)
    elif name == b"iTXt":
        blocks.texts.append((keyword, text))
    else:
        blocks.texts.append((keyword, text.decode("latin-1").encode()))


def _inflate(data: bytes) -> bytes | None:
    """Return the inflated text, at most 16 MB; None if it is longer or damaged."""
    inflater = zlib.decompressobj()
    with suppress(zlib.error):
        text = inflater.decompress(data, _MAX_TEXT)
        if inflater.eof:
            return text
    return None


def _add_raw_profile(kind: str, text: bytes, blocks: Blocks) -> None:
    match = _HEXADECIMAL.match(text)
    data = b""
    with suppress(ValueError):
        data = bytes.fromhex(match[1].decode()) if match else b""
    if kind in ("exif", "app1") and data.startswith(b"Exif\0\0"):
        blocks.exif = blocks.exif or data.removeprefix(b"Exif\0\0")
    elif kind == "xmp" or (kind == "app1" and b"<x:xmpmeta" in data):
        blocks.xmp.append(data[max(data.find(b"<x:xmpmeta"), 0) :])
    elif kind in ("iptc", "8bim"):
        read_resources(data, blocks) if data.startswith(b"8BIM") else _add_iptc(data, blocks)
    elif kind not in ("icc", "icm"):
        blocks.add_dropped(f"a profile of the PNG ({kind[:20]!a})")


def _add_iptc(data: bytes, blocks: Blocks) -> None:
    blocks.iptc += data
