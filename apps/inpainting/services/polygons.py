"""Checks of polygons from requests: their size and their place."""

from collections.abc import Sequence

import numpy as np

from vision.masks import Polygon
from web.errors import Fault, Problem

# Crossings of edges with rows of pixels. Each costs about 50 bytes and 1 µs to fill.
MAX_CROSSINGS = 2_000_000


def check_polygons(shape: tuple[int, int], polygons: Sequence[Polygon]) -> None:
    """Raise Problem if a polygon is outside a photo of `shape` (height, width) or too complex."""
    height, width = shape
    crossings = 0.0
    for index, polygon in enumerate(polygons):
        x, y = np.array(polygon, np.float64).T
        if x.min() >= width or y.min() >= height or x.max() <= 0 or y.max() <= 0:
            raise Problem(
                f"A polygon lies outside the photo of {width}x{height} pixels.",
                code="polygon_outside",
                faults=[
                    Fault(
                        "Lies outside the photo.",
                        ("polygons", index),
                        expected={"width": width, "height": height},
                    )
                ],
            )
        inside = np.clip(y, 0, height)
        crossings += float(np.abs(inside - np.roll(inside, 1)).sum())
    if crossings > MAX_CROSSINGS:
        raise Problem(
            "The polygons go up and down too often: send fewer corners, or a mask.",
            code="polygons_too_large",
            fields={"polygons": ["Their outlines are too long together."]},
        )
