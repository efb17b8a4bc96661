"""Descriptions of patches: a few numbers whose squared distance says how similar patches are.

They are the lowest terms of the cosine transform of luma and chroma, as in He, Sun: Computing
Nearest-Neighbor Fields via Propagation-Assisted KD-Trees, CVPR 2012; and the energy that they leave
out.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.inpainters.detail.places import SIDE

LUMA_TERMS = ((0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3), (3, 0))
CHROMA_WEIGHT = 1.5
FINE_WEIGHT = 2.0
"""Weight of the luma that the terms leave out; with less, blurred places get sharp specks."""

_Floats = NDArray[np.float32]


def describe_patches(picture: NDArray[np.uint8]) -> _Floats:
    """Return [h,w,13] float32 for the patch around each pixel of `picture` [h,w,3] uint8 RGB.

    The unit is grey levels: squared distances are about mean squared differences.
    """
    luma, red, blue = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb).astype(np.float32))
    terms = np.stack(_compute_lowest_terms(luma), axis=2)
    left_out = _compute_mean(luma * luma) - (terms * terms).sum(axis=2)
    fine = np.sqrt(np.maximum(left_out, 0)) * FINE_WEIGHT
    chroma = [_compute_mean(channel) * CHROMA_WEIGHT for channel in (red, blue)]
    return np.dstack([terms, fine, *chroma]).astype(np.float32)


def _compute_lowest_terms(luma: NDArray[Any]) -> list[NDArray[Any]]:
    """Return the terms `LUMA_TERMS` of each pixel's patch, [h,w] each."""
    bases = [_build_cosine(order) for order in range(4)]
    return [
        cv2.sepFilter2D(luma, cv2.CV_32F, bases[across], bases[down], borderType=cv2.BORDER_REFLECT)
        for down, across in LUMA_TERMS
    ]


def _compute_mean(channel: NDArray[Any]) -> NDArray[Any]:
    """Return the mean of each pixel's patch."""
    return cv2.boxFilter(channel, cv2.CV_32F, (SIDE, SIDE), borderType=cv2.BORDER_REFLECT)


def _build_cosine(order: int) -> _Floats:
    """Return the cosine wave of one order along a patch."""
    wave = np.cos(np.pi * (np.arange(SIDE) + 0.5) * order / SIDE)
    # So that a term's square is its share of the patch's mean square.
    return np.asarray(wave / np.linalg.norm(wave) / np.sqrt(SIDE), np.float32)
