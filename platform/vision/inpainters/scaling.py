"""Smaller pictures and masks for inpainters that work at a size of their own."""

import cv2
import numpy as np
from numpy.typing import NDArray


def size_within(height: int, width: int, longest_side: int) -> tuple[int, int]:
    """The largest (height, width) of the same shape whose longest side is at most `longest_side`.

    Never larger than given, never below one pixel.
    """
    share = min(1.0, longest_side / max(height, width))
    return max(1, round(height * share)), max(1, round(width * share))


def resized[Number: (np.uint8, np.float32)](
    picture: NDArray[Number], height: int, width: int
) -> NDArray[Number]:
    """A [H,W,C] picture as [height,width,C]: area-averaged where it shrinks, cubic where it grows.

    Cubic overshoot of uint8 is clipped to 0..255.
    """
    if picture.shape[:2] == (height, width):
        return picture
    shrinks = height <= picture.shape[0] and width <= picture.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return cv2.resize(picture, (width, height), interpolation=method)  # type: ignore[return-value]


def covering(hole: NDArray[np.bool_], height: int, width: int) -> NDArray[np.bool_]:
    """A [H,W] hole as [height,width]: a pixel is hole where any pixel that it overlaps is.

    So no pixel of the hole is ever taken for a source at the other size.
    """
    rows = np.stack([hole[span].any(axis=0) for span in _spans(hole.shape[0], height)])
    return np.stack([rows[:, span].any(axis=1) for span in _spans(hole.shape[1], width)], axis=1)


def _spans(given: int, wanted: int) -> list[slice]:
    # Whole numbers: a float's error would drop or add a pixel at exact borders.
    return [
        slice(index * given // wanted, -(-(index + 1) * given // wanted)) for index in range(wanted)
    ]
