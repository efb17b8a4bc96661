"""Scaling of pictures and masks for inpainters with a working size of their own."""

import cv2
import numpy as np
from numpy.typing import NDArray


def fit_size(height: int, width: int, longest_side: int) -> tuple[int, int]:
    """Return the largest (height, width) of this shape with no side above `longest_side`.

    It is never larger than the given size, and never below one pixel.
    """
    share = min(1.0, longest_side / max(height, width))
    return max(1, round(height * share)), max(1, round(width * share))


def resize_picture[Number: (np.uint8, np.float32)](
    picture: NDArray[Number], height: int, width: int
) -> NDArray[Number]:
    """Return a [H,W,C] picture as [height,width,C].

    It is averaged by area where it shrinks, cubic where it grows; overshoot of uint8 is clipped to
    0..255.
    """
    if picture.shape[:2] == (height, width):
        return picture
    shrinks = height <= picture.shape[0] and width <= picture.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return cv2.resize(picture, (width, height), interpolation=method)  # type: ignore[return-value]


def resize_hole(hole: NDArray[np.bool_], height: int, width: int) -> NDArray[np.bool_]:
    """Return a [H,W] hole as [height,width]: a pixel is hole where any pixel that it overlaps is.

    So at the other size, no pixel of the hole is used as a source.
    """
    rows = np.stack([hole[span].any(axis=0) for span in _split_spans(hole.shape[0], height)])
    return np.stack(
        [rows[:, span].any(axis=1) for span in _split_spans(hole.shape[1], width)], axis=1
    )


def _split_spans(length: int, count: int) -> list[slice]:
    """Return the pixels of `length` that each of `count` pixels overlaps."""
    # Integers: rounding errors of floats would drop or add a pixel at exact borders.
    return [
        slice(index * length // count, -(-(index + 1) * length // count)) for index in range(count)
    ]
