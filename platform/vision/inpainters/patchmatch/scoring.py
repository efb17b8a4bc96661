"""The choice among several fills of one hole, without the true pixels.

A fill is bad where lines of the surroundings break at its edge, where it has colours that are not
found nearby, and where its patches are not similar to any of the surroundings.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.inpainters.detail.descriptions import describe_patches
from vision.inpainters.detail.offsets import find_offsets
from vision.inpainters.detail.places import find_places
from vision.inpainters.patchmatch.lines import Line
from vision.inpainters.scaling import fit_size, resize_hole, resize_picture
from vision.progress import ignore_progress

SMALL_SIDE = 160
"""Longest side in pixels at which patches are compared: structure, not grain."""
COLOUR_SIDE = 96
"""The same for colours."""
ACROSS, ALONG = 6, 8
"""Pixels of a line's profile: on each side of the line, and on each side of the edge."""
EDGE = 2
"""Pixels beside the hole's edge that are not compared: there both sides blend."""
MOST_STATIONS = 12
"""How many more profiles along a line are compared at most."""
LEAST_CONTRAST = 8.0
"""Grey levels; a weaker line is not seen."""
NEARBY = 4
"""Pixels of the small picture beside the hole whose colours a fill may have."""
DISTANCE_WEIGHT = 0.6
"""Grey levels by which a colour counts as less similar for each pixel that it is away."""
USUAL = 12.0
"""Grey levels by which a fill's colours may differ from those nearby."""

_CHUNK = 1024

_Floats = NDArray[np.float32]


def measure_breaks(fill: NDArray[np.uint8], lines: Sequence[Line]) -> float:
    """Return the share, 0..1, of the lines that break at the hole's edge, by weight and contrast.

    Args:
        fill: [h,w,3] uint8, the picture with its hole filled.
        lines: those of the picture that point into the hole.
    """
    picture = fill.astype(np.float32)
    total = broken = 0.0
    for line in lines:
        outside = _read_profile(picture, line, line.entry - EDGE - ALONG, line.entry - EDGE)
        outside -= outside.mean(axis=0)
        contrast = float(np.sqrt((outside**2).mean()))
        if contrast < LEAST_CONTRAST / 2:
            continue
        for start in _list_stations(line):
            inside = _read_profile(picture, line, start, start + ALONG)
            inside -= inside.mean(axis=0)
            difference = float(np.sqrt(((outside - inside) ** 2).mean()))
            total += line.weight * contrast
            broken += line.weight * min(difference, contrast)
    return broken / total if total else 0.0


def _list_stations(line: Line) -> list[float]:
    """Return the distances from the line's end at which it is compared inside the hole.

    They are one behind the hole's edge, and more of them if the line is met on the other side.
    """
    first = line.entry + EDGE
    last = line.entry + line.across - EDGE - ALONG
    return [first, *np.arange(first + ALONG, last, ALONG)[:MOST_STATIONS].tolist()]


def _read_profile(picture: _Floats, line: Line, start: float, end: float) -> _Floats:
    """Return the mean colours across a line, [13,3], between two distances from its end."""
    along = np.arange(start, end, dtype=np.float32)[:, np.newaxis]
    across = np.arange(-ACROSS, ACROSS + 1, dtype=np.float32)
    x = (line.x + along * line.right - across * line.down).astype(np.float32)
    y = (line.y + along * line.down + across * line.right).astype(np.float32)
    colours = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(colours.mean(axis=0), np.float32)


def measure_strangeness(
    fill: NDArray[np.uint8], hole: NDArray[np.bool_], blocked: NDArray[np.bool_]
) -> float:
    """Return by how many grey levels the fill's colours differ from all colours beside the hole.

    What is `blocked` [h,w] bool is not compared: it may be another hole.

    Colours far along the edge count less than near ones: a tree beside the hole's lower end is no
    reason for one in the sky at its upper end.
    """
    size = fit_size(hole.shape[0], hole.shape[1], COLOUR_SIDE)
    small = cv2.GaussianBlur(resize_picture(fill, *size), (0, 0), 1.0)
    colours = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    inside = resize_hole(hole, *size)
    near = cv2.dilate(inside.astype(np.uint8), np.ones((2 * NEARBY + 1,) * 2, np.uint8)) > 0
    near &= ~(inside | resize_hole(blocked, *size))
    if not near.any():
        return 0.0
    known, filled = _list_samples(colours, near), _list_samples(colours, inside)
    least = np.full(len(filled), np.inf, np.float32)
    squares = (filled**2).sum(axis=1)
    for start in range(0, len(known), _CHUNK):
        part = known[start : start + _CHUNK]
        distances = (part**2).sum(axis=1) - 2 * (filled @ part.T)
        least = np.minimum(least, distances.min(axis=1))
    least = np.maximum(least + squares, 0)
    return float(np.maximum(np.sqrt(least) - USUAL, 0).mean())


def _list_samples(colours: _Floats, where: NDArray[np.bool_]) -> _Floats:
    """Return [N,5]: colours and places of the pixels `where`, in grey levels."""
    rows, columns = np.nonzero(where)
    places = np.stack([rows, columns], axis=1) * np.float32(DISTANCE_WEIGHT)
    return np.concatenate([colours[where], places], axis=1).astype(np.float32)


def measure_incoherence(
    fill: NDArray[np.uint8], hole: NDArray[np.bool_], blocked: NDArray[np.bool_]
) -> float:
    """Return by how many grey levels the fill's patches differ from the most similar known ones.

    Patches with anything `blocked` [h,w] bool are not known ones.
    """
    size = fit_size(hole.shape[0], hole.shape[1], SMALL_SIDE)
    small = resize_picture(fill, *size)
    here = find_places(resize_hole(hole, *size), resize_hole(blocked, *size))
    if not (len(here.rows) and len(here.sources)):
        return 0.0
    offsets = find_offsets(small, here, ignore_progress)
    terms = describe_patches(small)
    sources = terms[here.rows + offsets.down, here.columns + offsets.right]
    difference = terms[here.rows, here.columns] - sources
    return float(np.sqrt((difference**2).sum(axis=1)).mean())
