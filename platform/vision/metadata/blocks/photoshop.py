"""Photoshop's image resources, in a JPEG's APP13 and a TIFF's tag 34377.

Format: Adobe Photoshop File Formats Specification, "Image Resource Blocks".
"""

import struct

from vision.metadata.blocks.found import Blocks

_SIGNATURES = (b"8BIM", b"MeSa", b"AgHg", b"PHUT")
_IPTC, _THUMBNAILS = 0x0404, (0x0409, 0x040C)
# Resolution, quality, profile, URLs, digest of IPTC, EXIF and XMP, of which the file has its own.
_UNSAID = {0x03ED, 0x0406, 0x040B, 0x040F, 0x0411, 0x041E, 0x0422, 0x0423, 0x0424, 0x0425}


def read_resources(data: bytes, blocks: Blocks) -> None:
    """Add the IPTC datasets in these resources to `blocks`, and what is left out."""
    at = 0
    while data[at : at + 4] in _SIGNATURES and at + 12 <= len(data):
        (code,) = struct.unpack_from(">H", data, at + 4)
        name_bytes = 1 + data[at + 6]
        at += 6 + name_bytes + name_bytes % 2
        size = int.from_bytes(data[at : at + 4], "big")
        value = data[at + 4 : at + 4 + size]
        at += 4 + size + size % 2
        if code == _IPTC:
            blocks.iptc += value
        elif code in _THUMBNAILS:
            blocks.add_dropped("a thumbnail (Photoshop)")
        elif code not in _UNSAID:
            blocks.add_dropped("settings of Photoshop")
