"""Files of every input format with metadata of every kind, written byte by byte."""

import struct
from collections.abc import Mapping

from tests import images
from vision.metadata.directories import (
    ASCII,
    LONG,
    UNDEFINED,
    Directory,
    DirectoryReader,
    Field,
    Tree,
    write_directories,
)

CAMERA, COPYRIGHT, CAPTION, RATING = "Camera Œ 7", "© Zoë", "Ein Gruß, 写真", "4"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpGImg": "http://ns.adobe.com/xap/1.0/g/img/",
    "GPano": "http://ns.google.com/photos/1.0/panorama/",
    "GImage": "http://ns.google.com/photos/1.0/image/",
    "GCamera": "http://ns.google.com/photos/1.0/camera/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
}
_DEFAULT_XMP = (
    f'<rdf:Description rdf:about="" xmp:Rating="{RATING}" GPano:ProjectionType="equirectangular">'
    f'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{COPYRIGHT}</rdf:li></rdf:Alt></dc:rights>'
    "</rdf:Description>"
)


def build_exif(
    image: Directory | None = None,
    camera: Directory | None = None,
    location: Directory | None = None,
    *,
    thumbnail: Directory | None = None,
) -> bytes:
    """Return EXIF from its header on, with a camera and a copyright besides these fields."""
    fields = {272: build_text(CAMERA), 33432: build_text(COPYRIGHT)} | (image or {})
    inner: dict[int, Tree] = {34665: (camera, {})} if camera else {}
    inner |= {34853: (location, {})} if location else {}
    data = bytearray(b"II*\0" + struct.pack("<I", 8) + write_directories(fields, inner))
    if thumbnail:
        struct.pack_into("<I", data, 8 + 2 + 12 * (len(fields) + len(inner)), len(data))
        data += write_directories(thumbnail, {}, start=len(data))
    return bytes(data)


def build_text(text: str | bytes) -> Field:
    """Return an ASCII field; the bytes of a text are UTF-8."""
    return Field(ASCII, (text.encode() if isinstance(text, str) else text) + b"\0")


def build_bytes(data: bytes) -> Field:
    """Return a field of the type UNDEFINED."""
    return Field(UNDEFINED, data)


def build_thumbnail(data: bytes) -> Directory:
    """Return the directory of a JPEG thumbnail; the offset is not right, the bytes are there."""
    return {
        513: Field(LONG, struct.pack("<I", 8)),
        514: Field(LONG, b"\1\0\0\0"),
        515: build_bytes(data),
    }


def build_xmp(descriptions: str = _DEFAULT_XMP) -> bytes:
    """Return an XMP packet with these elements rdf:Description."""
    spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
        f'syntax-ns#"{spaces}>{descriptions}</rdf:RDF></x:xmpmeta>'
    ).encode()


def build_iptc(values: Mapping[int, bytes] | None = None) -> bytes:
    """Return datasets of record 2, by default a caption and a copyright, in UTF-8."""
    values = values or {120: CAPTION.encode(), 116: COPYRIGHT.encode()}
    return b"\x1c\x01\x5a\0\3\x1b%G" + b"".join(
        struct.pack(">BBBH", 0x1C, 2, number, len(value)) + value
        for number, value in values.items()
    )


def build_resources(values: Mapping[int, bytes]) -> bytes:
    """Return Photoshop's image resources by their numbers."""
    return b"".join(
        b"8BIM" + struct.pack(">HHI", number, 0, len(value)) + value + b"\0" * (len(value) % 2)
        for number, value in values.items()
    )


def build_png_text(keyword: str, text: str) -> tuple[bytes, bytes]:
    """Return the chunk iTXt (name, data) of a text that is not compressed."""
    return b"iTXt", keyword.encode("latin-1") + bytes(5) + text.encode()


def add_segments(jpeg: bytes, *segments: tuple[int, bytes]) -> bytes:
    """Return the JPEG with these segments (marker, data) at its beginning."""
    return (
        jpeg[:2]
        + b"".join(
            struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data for marker, data in segments
        )
        + jpeg[2:]
    )


def add_chunks(png: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """Return the PNG with these chunks (name, data) behind its header."""
    extra = images.join_png_chunks(*chunks)[8:]
    return png[:33] + extra + png[33:]


def add_riff_chunks(webp: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """Return the WebP with these chunks at its end."""
    for name, data in chunks:
        webp += name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return webp[:4] + struct.pack("<I", len(webp) - 8) + webp[8:]


def add_tiff_fields(tiff: bytes, fields: Directory) -> bytes:
    """Return a little-endian TIFF whose first directory is written anew, with these fields too."""
    reader = DirectoryReader(tiff)
    old, _ = reader.read(reader.first)
    start = len(tiff) + len(tiff) % 2
    table = write_directories(old | fields, {}, start=start)
    return tiff[:4] + struct.pack("<I", start) + tiff[8:].ljust(start - 8, b"\0") + table


def add_heic_items(heic_file: bytes, *, exif: bytes, xmp: bytes) -> bytes:
    """Return the HEIC "icc" of `tests.heic` with two further items (ISO/IEC 23008-12, annex A)."""
    at = heic_file.index(b"meta") - 4
    meta, rest = _read_box(heic_file, at)
    boxes = dict(_iterate_boxes(meta[4:]))
    infos = [b"\2\0\0\0\0\2\0\0Exif\0", b"\2\0\0\0\0\3\0\0mime\0application/rdf+xml\0"]
    added = [b"\0\0\0\6Exif\0\0" + exif, xmp]
    boxes[b"iinf"] = b"\0\0\0\0\0\3" + boxes[b"iinf"][6:]
    boxes[b"iinf"] += b"".join(_build_box(b"infe", info) for info in infos)
    boxes[b"iref"] = b"\0\0\0\0" + b"".join(
        _build_box(b"cdsc", struct.pack(">HHH", item, 1, 1)) for item in (2, 3)
    )
    location = boxes[b"iloc"]
    boxes[b"iloc"] = location + bytes(36)  # as long as it will be
    grown = len(_join_boxes(boxes)) + 4 - len(meta)
    (base,) = struct.unpack_from(">I", location, 12)
    entries = location[:6] + struct.pack(">H", 3) + location[8:12] + struct.pack(">I", base + grown)
    entries += location[16:]
    start = len(heic_file) + grown + 8
    for item, value in zip((2, 3), added, strict=True):
        entries += struct.pack(">HHIHII", item, 0, start, 1, 0, len(value))
        start += len(value)
    boxes[b"iloc"] = entries
    new_meta = _build_box(b"meta", meta[:4] + _join_boxes(boxes))
    return heic_file[:at] + new_meta + rest + _build_box(b"mdat", b"".join(added))


def _read_box(data: bytes, at: int) -> tuple[bytes, bytes]:
    """Return (the content of the box at `at`, all that follows it)."""
    end = at + int.from_bytes(data[at : at + 4], "big")
    return data[at + 8 : end], data[end:]


def _iterate_boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    boxes, at = [], 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        boxes.append((data[at + 4 : at + 8], data[at + 8 : at + size]))
        at += size
    return boxes


def _join_boxes(boxes: Mapping[bytes, bytes]) -> bytes:
    return b"".join(_build_box(name, content) for name, content in boxes.items())


def _build_box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def build_gif_xmp(xmp: bytes) -> bytes:
    """Return a GIF's application extension with XMP (XMP specification, part 3, 1.1.2)."""
    return b"\x21\xff\x0bXMP DataXMP" + xmp + b"\1" + bytes(range(255, -1, -1)) + b"\0"
