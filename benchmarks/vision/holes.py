"""Shapes of holes, and places for them away from objects."""

import cv2
import numpy as np

from benchmarks.vision.files import Hole

TRIES = 400
MARGIN_SHARE = 0.04
"""The least distance of a hole from the photo's edge, as a share of the photo's shorter side."""
LARGEST_SHARE = 0.45
"""The largest size of a hole's box, as a share of the photo's sides."""
_CANVAS = 512


def draw_strokes(rng: np.random.Generator) -> Hole:
    """Draw a free-form scribble with a thick brush, about 512 px, and crop it to its box.

    After Yu et al., Free-Form Image Inpainting with Gated Convolution, ICCV 2019, appendix.
    """
    canvas = np.zeros((_CANVAS, _CANVAS), np.uint8)
    x, y = rng.uniform(0.3, 0.7, 2) * _CANVAS
    width = int(rng.integers(36, 60))
    heading = rng.uniform(0, 2 * np.pi)
    for turn in range(int(rng.integers(6, 11))):
        angle = heading + (np.pi if turn % 2 else 0) + rng.uniform(-0.6, 0.6)
        length = abs(rng.normal(0.35, 0.12)) * _CANVAS
        x2, y2 = np.clip(
            (x + length * np.cos(angle), y + length * np.sin(angle)), width, _CANVAS - width
        )
        cv2.line(canvas, (int(x), int(y)), (int(x2), int(y2)), 255, width)
        x, y = x2, y2
    return _crop(canvas > 0)


def find_largest_part(mask: Hole) -> Hole:
    """Return the largest connected part of a mask, cropped to its box."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    largest = 1 + int(np.argmax(statistics[1:, cv2.CC_STAT_AREA]))
    return _crop(labels == largest)


def resize_shape(shape: Hole, pixels: float, longest: tuple[float, float]) -> Hole:
    """Resize a shape to about so many pixels; limit its box to `longest`, (height, width)."""
    scale = float(np.sqrt(pixels / np.count_nonzero(shape)))
    scale = min(scale, longest[0] / shape.shape[0], longest[1] / shape.shape[1])
    height, width = (max(1, round(side * scale)) for side in shape.shape)
    soft = cv2.resize(shape.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return _crop(soft >= 0.5)


def find_place(shape: Hole, forbidden: Hole, rng: np.random.Generator) -> tuple[int, int]:
    """Return a random place (x, y) in the photo where the shape covers no forbidden pixel.

    Args:
        shape: [h,w], True = hole.
        forbidden: [H,W] of the photo, True = object.
        rng: the same seed gives the same place.

    Raises LookupError if no place is found.
    """
    margin = round(MARGIN_SHARE * min(forbidden.shape))
    height, width = shape.shape
    for _try in range(TRIES):
        x = int(rng.integers(margin, forbidden.shape[1] - width - margin + 1))
        y = int(rng.integers(margin, forbidden.shape[0] - height - margin + 1))
        if not (forbidden[y : y + height, x : x + width] & shape).any():
            return x, y
    raise LookupError("no place in this photo is free of objects")


def _crop(mask: Hole) -> Hole:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return np.ascontiguousarray(mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
