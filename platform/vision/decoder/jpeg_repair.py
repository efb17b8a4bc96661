"""JPEG: segments beside the pixels that are damaged are left out; a missing end is added.

Structure: ITU-T T.81, annex B. A file without its end marker may also lack pixels, which libjpeg
would fill with grey: `has_all_jpeg_pixels` tells one from the other.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from PIL import JpegImagePlugin

from vision.decoder import rejection
from vision.decoder.canvas import ImageRows, iterate_strips
from vision.decoder.jpeg import END_OF_IMAGE, START_OF_SCAN, Segment, iterate_segments
from vision.decoder.repair import MISSING_END, Repair, describe_skipped_parts

_END = b"\xff\xd9"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # without DHT, JPG and DAC
_RESTART_INTERVAL = 0xDD
_APPLICATIONS = range(0xE0, 0xF0)
_EXTENSIONS = range(0xF0, 0xFE)  # nobody uses them, and libjpeg stops at one
_ADOBE = 0xEE
_PROFILE = (0xE2, b"ICC_PROFILE\0")
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_LEAST_FILLING = 16  # bytes at the end of a file that a camera or a disk filled up
_COEFFICIENTS = range(64)


def repair_jpeg(data: bytes) -> Repair:
    """Leave out damaged segments beside the pixels, and add a missing end marker."""
    segments = list(iterate_segments(data))
    is_ended = bool(segments) and segments[-1].marker == END_OF_IMAGE
    if not is_ended and segments and segments[-1].end > len(data):
        data = data[: segments.pop().start]
    damaged = _find_damaged_segments(data, segments)
    if is_ended and not damaged:
        return Repair(data)
    view, parts, at = memoryview(data), list[memoryview | bytes](), 0
    for segment, _ in damaged:
        parts.append(view[at : segment.start])
        at = segment.end
    notes = describe_skipped_parts([kind for _, kind in damaged])
    if is_ended:
        return Repair(b"".join([*parts, view[at:]]), notes)
    end = _find_end_of_content(data)
    return Repair(b"".join([*parts, view[at:end], _END]), [*notes, MISSING_END], True)


def strip_jpeg(data: bytes) -> bytes:
    """Return the JPEG without application segments, except Adobe's, which names the colours."""
    view, parts, at = memoryview(data), list[memoryview](), 0
    for segment in iterate_segments(data):
        if segment.marker in _APPLICATIONS and segment.marker != _ADOBE:
            parts.append(view[at : segment.start])
            at = segment.end
    return b"".join([*parts, view[at:]])


def _find_damaged_segments(data: bytes, segments: list[Segment]) -> list[tuple[Segment, str]]:
    """Return the segments that no reader can use, and what each is called, in their order."""
    damaged, profiles = [], []
    for segment in segments:
        if segment.marker in _EXTENSIONS:
            damaged.append((segment, "extension"))
        elif segment.marker in _APPLICATIONS:
            payload = data[segment.start + 4 : segment.end]
            if not _can_read(data, segment):
                kind = re.match(rb"[A-Za-z]*", payload)
                damaged.append((segment, kind[0].decode() if kind else ""))
            elif segment.marker == _PROFILE[0] and payload.startswith(_PROFILE[1]):
                profiles.append((segment, payload[12:14]))
    count = len(profiles)
    expected = [bytes([number, count & 255]) for number in range(1, min(count, 255) + 1)]
    if sorted(numbers for _, numbers in profiles) != expected:
        damaged += [(segment, "ICC") for segment, _ in profiles]
    return sorted(damaged, key=lambda item: item[0].start)


def _can_read(data: bytes, segment: Segment) -> bool:
    """Return whether Pillow's own reader of application segments accepts this one."""
    source = io.BytesIO(data[segment.start + 2 : segment.end])
    reader: Any = SimpleNamespace(fp=source, app={}, applist=[], info={}, icclist=[])
    try:
        JpegImagePlugin.APP(reader, 0xFF00 | segment.marker)
    except rejection.BAD_FILE:
        return False
    return True


def _find_end_of_content(data: bytes) -> int:
    """Return the length of `data` without what a disk or a camera filled the file up with."""
    data = data.rstrip(b"\xff")  # also half an end marker; in a scan, 00 follows each FF
    length = len(data.rstrip(b"\0\xff"))
    return length if len(data) - length >= _LEAST_FILLING else len(data)


@dataclass(frozen=True)
class _Component:
    """A component of the frame (B.2.2)."""

    number: int
    across: int
    down: int


def has_all_jpeg_pixels(data: bytes) -> bool:
    """Return whether no pixel is missing from a JPEG to which an end marker was added.

    The picture is decoded twice, with different bits between its last byte and the end marker:
    they change nothing if, and only if, the decoder needs no further bits. Scans that are missing
    as a whole are found by the coefficients that no scan states.
    """
    segments = list(iterate_segments(data))
    try:
        is_covered = _are_all_coefficients_stated(data, segments)
        if not is_covered or not _has_all_restarts(data, segments):
            return False
        return _hash_pixels(data, b"\xaa") == _hash_pixels(data, b"\x55")
    except rejection.BAD_FILE:
        return False


def _hash_pixels(data: bytes, filling: bytes) -> bytes:
    image = JpegImagePlugin.JpegImageFile(io.BytesIO(data[:-2] + 256 * filling + _END))
    image.load()
    digest = hashlib.sha256()
    for strip in iterate_strips(ImageRows(image)):
        digest.update(strip)
    return digest.digest()


def _are_all_coefficients_stated(data: bytes, segments: list[Segment]) -> bool:
    """Return whether the scans state every coefficient to its last bit (B.2.3, G.1.1.1)."""
    missing_bits = dict[tuple[int, int], int]()
    for segment in segments:
        if segment.marker == START_OF_SCAN:
            numbers, (first, last, bits) = _read_scan(data, segment)
            for number in numbers:
                for index in range(first, last + 1):
                    missing_bits[number, index] = bits & 15
    numbers = [component.number for component in _read_frame(data, segments)[2]]
    return all(missing_bits.get((n, i), 1) == 0 for n in numbers for i in _COEFFICIENTS)


def _read_scan(data: bytes, scan: Segment) -> tuple[list[int], bytes]:
    """Return the numbers of a scan's components, and its last three bytes: Ss, Se, Ah and Al."""
    at = scan.start + 5
    count = data[at - 1]
    return [data[at + 2 * i] for i in range(count)], data[at + 2 * count : at + 2 * count + 3]


def _read_frame(data: bytes, segments: list[Segment]) -> tuple[int, int, list[_Component]]:
    """Return (width, height, components) of the frame (B.2.2)."""
    at = next(segment.start for segment in segments if segment.marker in _FRAMES) + 5
    height, width = int.from_bytes(data[at : at + 2]), int.from_bytes(data[at + 2 : at + 4])
    starts = range(at + 5, at + 5 + 3 * data[at + 4], 3)
    components = [_Component(data[i], data[i + 1] >> 4, data[i + 1] & 15) for i in starts]
    return width, height, components


def _has_all_restarts(data: bytes, segments: list[Segment]) -> bool:
    """Return whether the last scan has as many restart markers as its size needs (E.1.3)."""
    scan = [segment for segment in segments if segment.marker == START_OF_SCAN][-1]
    intervals = [s for s in segments if s.marker == _RESTART_INTERVAL and s.start < scan.start]
    start = intervals[-1].start + 4 if intervals else 0
    interval = int.from_bytes(data[start : start + 2]) if intervals else 0
    if interval == 0:
        return True
    width, height, components = _read_frame(data, segments)
    widest = max(component.across for component in components)
    tallest = max(component.down for component in components)
    numbers, _ = _read_scan(data, scan)
    across, down = 8 * widest, 8 * tallest
    if len(numbers) == 1:  # such a scan has a unit for each block of the component (A.2.2)
        one = next(component for component in components if component.number == numbers[0])
        across, down = across // one.across, down // one.down
    units = -(-width // across) * -(-height // down)
    return len(_RESTART.findall(data, scan.end)) >= -(-units // interval) - 1
