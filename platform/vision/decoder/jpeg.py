"""The structure of a JPEG file (ITU-T T.81, annex B), read without decoding it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from PIL import Image, JpegImagePlugin

START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
# In a scan's data an FF is followed by 00 or is a restart marker; anything else ends the scan.
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_SUBSAMPLINGS = ("4:4:4", "4:2:2", "4:2:0")  # by Pillow's number
_FULL, _HALF_WIDTH = 0, 1


@dataclass(frozen=True)
class Segment:
    """A marker with its parameters (B.1.1.4): `data[start:end]`, payload from `start + 4`.

    `end` is past the end of a file that is cut off.
    """

    marker: int
    start: int
    end: int


def iterate_segments(data: bytes) -> Iterator[Segment]:
    """Yield the segments of the first picture in `data`, the end marker included.

    The compressed data of a scan, between its segment and the next one, are passed over.
    """
    at = 2
    while match := _NEXT_MARKER.search(data, at):
        marker, at = data[match.end() - 1], match.end()
        if marker in _STANDALONE:
            continue
        if marker == END_OF_IMAGE:
            yield Segment(marker, match.start(), at)
            return
        at += max(int.from_bytes(data[at : at + 2], "big"), 2)
        yield Segment(marker, match.start(), at)


def count_scans(data: bytes, limit: int) -> int:
    """Count the scans of the first picture in `data`, up to `limit` + 1.

    A progressive JPEG of a few kilobytes can hold thousands, each as costly as a whole picture.
    """
    scans = (segment for segment in iterate_segments(data) if segment.marker == START_OF_SCAN)
    return sum(1 for _ in islice(scans, limit + 1))


def read_encoding(image: Image.Image, *, quarter_turn: bool) -> dict[str, Any] | None:
    """Return how `image` was compressed, as the fields of `vision.images.JpegEncoding`.

    None where Pillow can't write it in the same way (CMYK, tables of 16 bits). A quarter turn
    transposes the tables, and turns 4:2:2 into 4:4:0. Pillow writes neither 4:4:0 nor other rare
    subsamplings: then colours get full resolution and half the quantisation, the smallest change.
    """
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or image.layers not in (1, 3):
        return None
    tables = [list(image.quantization[layer[3]]) for layer in image.layer]
    if any(not 1 <= value <= 255 for table in tables for value in table):
        return None
    if quarter_turn:
        tables = [[table[8 * (i % 8) + i // 8] for i in range(64)] for table in tables]
    code = JpegImagePlugin.get_sampling(image)
    if code not in range(3) or (quarter_turn and code == _HALF_WIDTH):
        code = _FULL
        tables[1:] = [[max(value // 2, 1) for value in table] for table in tables[1:]]
    while len(tables) > 1 and tables[-1] == tables[-2]:
        tables.pop()  # the last table serves all components that follow
    return {
        "tables": tables,
        "subsampling": _SUBSAMPLINGS[code],
        "progressive": bool(image.info.get("progressive")),
    }
