"""What a patch looks like, in a few numbers whose squared distance says how like two patches are.

The lowest terms of the cosine transform of its luma and chroma, as in He, Sun: Computing
Nearest-Neighbor Fields via Propagation-Assisted KD-Trees, CVPR 2012; and how much they leave out.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.inpainters.detail.places import SIDE

LUMA_TERMS = ((0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3), (3, 0))
CHROMA_WEIGHT = 1.5
FINE_WEIGHT = 2.0
"""Of the luma that the terms leave out: less, and blurred places are filled with sharp specks."""

_Floats = NDArray[np.float32]


def described(picture: NDArray[np.uint8]) -> _Floats:
    """[h,w,13] float32 for the patch around each pixel of `picture` [h,w,3] uint8 RGB.

    In grey levels: squared distances are about mean squared differences.
    """
    luma, red, blue = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb).astype(np.float32))
    terms = np.stack(_lowest(luma), axis=2)
    left_out = _mean(luma * luma) - (terms * terms).sum(axis=2)
    fine = np.sqrt(np.maximum(left_out, 0)) * FINE_WEIGHT
    chroma = [_mean(channel) * CHROMA_WEIGHT for channel in (red, blue)]
    return np.dstack([terms, fine, *chroma]).astype(np.float32)


def _lowest(luma: NDArray[Any]) -> list[NDArray[Any]]:
    bases = [_cosine(order) for order in range(4)]
    return [
        cv2.sepFilter2D(luma, cv2.CV_32F, bases[across], bases[down], borderType=cv2.BORDER_REFLECT)
        for down, across in LUMA_TERMS
    ]


def _mean(channel: NDArray[Any]) -> NDArray[Any]:
    return cv2.boxFilter(channel, cv2.CV_32F, (SIDE, SIDE), borderType=cv2.BORDER_REFLECT)


def _cosine(order: int) -> _Floats:
    wave = np.cos(np.pi * (np.arange(SIDE) + 0.5) * order / SIDE)
    # So that a term's square is its share of the patch's mean square.
    return np.asarray(wave / np.linalg.norm(wave) / np.sqrt(SIDE), np.float32)
