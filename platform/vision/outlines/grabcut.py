"""GrabCut: which pixels differ in colour from the surroundings of the object.

Rother et al., "GrabCut", SIGGRAPH 2004.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box
from vision.outlines.shapes import dilate, draw_box, erode
from vision.srgb import resize

ROUNDS = 3
LONGEST_SIDE = 256  # above, the time grows faster than the quality
FEWEST_SEEDS = 16  # each colour model is a mixture of five Gaussians
REACH = 0.18  # of the box's diagonal: how far from a known part the rest of the object may be
SEED = 0.06  # of the shape's size: pixels so near to a place are like it
SURE = 0.02  # of the box's diagonal: pixels so far inside a known part are certain


def cut_box(rgb: NDArray[np.uint8], box: Box) -> NDArray[np.bool_] | None:
    """Return the shape of the object that fills `box`.

    Args:
        rgb: [h,w,3] uint8.
        box: px of `rgb`.

    Returns:
        [h,w] bool, nothing outside the box; None where GrabCut finds no answer.
    """
    seeds = np.where(draw_box(rgb.shape[:2], box), cv2.GC_PR_FGD, cv2.GC_BGD)
    return _run_grabcut(rgb, seeds.astype(np.uint8))


def complete_shape(
    rgb: NDArray[np.uint8], part: NDArray[np.bool_], box: Box, reach: Box
) -> NDArray[np.bool_]:
    """Return `part`, a part of the object in `box`, and what belongs to it by colour.

    Args:
        rgb: [h,w,3] uint8.
        part: [h,w] bool.
        box: px of `rgb`.
        reach: the box that nothing is added outside of, px of `rgb`.
    """
    near = dilate(part, REACH * box.diagonal) & draw_box(part.shape, reach)
    seeds = np.full(part.shape, cv2.GC_BGD, np.uint8)
    seeds[near] = cv2.GC_PR_BGD
    seeds[part] = cv2.GC_PR_FGD
    seeds[erode(part, SURE * box.diagonal)] = cv2.GC_FGD
    cut = _run_grabcut(rgb, seeds)
    return part if cut is None else part | cut


def split_shape(
    rgb: NDArray[np.uint8],
    shape: NDArray[np.bool_],
    places_to_keep: Sequence[tuple[int, int]],
    places_to_remove: Sequence[tuple[int, int]],
) -> NDArray[np.bool_]:
    """Return `shape` without the part that looks like `places_to_remove`.

    Args:
        rgb: [h,w,3] uint8.
        shape: [h,w] bool.
        places_to_keep, places_to_remove: (row, column) of places in `shape`.
    """
    radius = max(1, round(SEED * float(np.sqrt(np.count_nonzero(shape)))))
    seeds = np.where(shape, cv2.GC_PR_FGD, cv2.GC_BGD).astype(np.uint8)
    for places, value in ((places_to_keep, cv2.GC_FGD), (places_to_remove, cv2.GC_BGD)):
        for row, column in places:
            cv2.circle(seeds, (column, row), radius, int(value), cv2.FILLED)
    colours_to_remove = rgb[shape & (seeds == cv2.GC_BGD)]
    if not colours_to_remove.size:
        return shape
    # What is around the object must not say how the part looks that goes.
    alike = rgb.copy()
    alike[~shape] = np.resize(colours_to_remove, (np.count_nonzero(~shape), 3))
    cut = _run_grabcut(alike, seeds)
    rest: NDArray[np.bool_] = shape & (seeds != cv2.GC_BGD)
    return rest if cut is None else rest & cut


def _run_grabcut(rgb: NDArray[np.uint8], seeds: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """Return the object that GrabCut finds from `seeds`; None where there are too few of them."""
    height, width = seeds.shape
    scale = min(1.0, LONGEST_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    labels = cv2.resize(seeds, size, interpolation=cv2.INTER_NEAREST)
    objects = np.count_nonzero((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))
    if min(objects, labels.size - objects) < FEWEST_SEEDS:
        return None
    around, inside = np.zeros((1, 65)), np.zeros((1, 65))  # GrabCut's colour models
    cv2.setRNGSeed(0)  # so that the same photo gives the same outline
    small = resize(rgb, *size)
    cv2.grabCut(small, labels, (0, 0, 0, 0), around, inside, ROUNDS, cv2.GC_INIT_WITH_MASK)
    result = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.float32)
    return np.asarray(cv2.resize(result, (width, height)) > 0.5)
