"""Which pixels differ in colour from what surrounds the object.

Rother et al., "GrabCut", SIGGRAPH 2004.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box
from vision.outlines.shapes import boxed, dilated, eroded
from vision.srgb import resize

ROUNDS = 3
LONGEST_SIDE = 256  # above, its time grows faster than its result gets better
FEWEST_SEEDS = 16  # each colour model is a mixture of five Gaussians
REACH = 0.18  # how far beyond a known part the rest of the object may lie, of the box's diagonal
SURE = 0.02  # how far inside a known part nothing is doubted, of the box's diagonal


def cut_box(rgb: NDArray[np.uint8], box: Box) -> NDArray[np.bool_] | None:
    """The object that fills `box`.

    Args:
        rgb: [h,w,3] uint8.
        box: px of `rgb`.

    Returns:
        [h,w] bool, nothing outside the box; None where GrabCut can't tell.
    """
    seeds = np.where(boxed(rgb.shape[:2], box), cv2.GC_PR_FGD, cv2.GC_BGD)
    return _cut(rgb, seeds.astype(np.uint8))


def completed(
    rgb: NDArray[np.uint8], known: NDArray[np.bool_], box: Box, reach: Box
) -> NDArray[np.bool_]:
    """`known`, a part of the object in `box`, with what of the box belongs to it by colour.

    Args and shapes as for `cut_box`; `known` is [h,w] bool.
    """
    near = dilated(known, REACH * box.diagonal) & boxed(known.shape, reach)
    seeds = np.full(known.shape, cv2.GC_BGD, np.uint8)
    seeds[near] = cv2.GC_PR_BGD
    seeds[known] = cv2.GC_PR_FGD
    seeds[eroded(known, SURE * box.diagonal)] = cv2.GC_FGD
    cut = _cut(rgb, seeds)
    return known if cut is None else known | cut


def _cut(rgb: NDArray[np.uint8], seeds: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    height, width = seeds.shape
    scale = min(1.0, LONGEST_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    labels = cv2.resize(seeds, size, interpolation=cv2.INTER_NEAREST)
    objects = np.count_nonzero((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))
    if min(objects, labels.size - objects) < FEWEST_SEEDS:
        return None
    around, inside = np.zeros((1, 65)), np.zeros((1, 65))  # what GrabCut keeps its models in
    cv2.setRNGSeed(0)  # the same photo gives the same outline
    small = resize(rgb, *size)
    cv2.grabCut(small, labels, (0, 0, 0, 0), around, inside, ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.float32)
    return np.asarray(cv2.resize(found, (width, height)) > 0.5)
