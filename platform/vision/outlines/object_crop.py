"""The part of a picture around an object, at the size that segmenters work at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box
from vision.masks import from_polygons
from vision.srgb import convert_to_srgb, resize

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.masks import Polygon

LONGEST_SIDE = 512
SLACK = 0.06  # of the box's diagonal, on all sides: feet, ears, bags extend beyond the box


@dataclass(frozen=True, eq=False)
class ObjectCrop:
    """A crop around an object, shrunk to at most 512 px.

    Attributes:
        area: the crop, px of the picture.
        rgb: its pixels at working size, [h,w,3] uint8 sRGB.
        box: the object's box, px of `rgb`.
    """

    area: Box
    rgb: NDArray[np.uint8]
    box: Box

    @classmethod
    def from_box(cls, picture: "Picture", box: Box, growth: float) -> "ObjectCrop":
        """Cut the square with the box's longer side grown by `growth`, moved into the picture."""
        height, width = picture.pixels.shape[:2]
        area = _fit_square(box, growth, width, height)
        scale = min(1.0, LONGEST_SIDE / max(area.width, area.height))
        size = (max(1, round(area.width * scale)), max(1, round(area.height * scale)))
        crop = picture.pixels[area.y : area.y + area.height, area.x : area.x + area.width]
        rgb = convert_to_srgb(resize(crop, *size), picture.icc_profile)
        edges = _to_crop_px(box, area, *size)
        return cls(area, rgb, Box.from_edges(edges, *size) or Box(0, 0, *size))

    @property
    def vicinity(self) -> Box:
        """The box with `SLACK` around it, in px of `rgb`: what is in it belongs to the object."""
        height, width = self.rgb.shape[:2]
        return self.box.grow(SLACK * self.box.diagonal, width, height)

    @property
    def scale(self) -> float:
        """Px of `rgb` for one px of the picture, 0..1."""
        return float(self.rgb.shape[1] / self.area.width)

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Convert a point of `rgb` (pixel edges are whole numbers) to px of the picture."""
        return (
            self.area.x + x * self.area.width / self.rgb.shape[1],
            self.area.y + y * self.area.height / self.rgb.shape[0],
        )

    def to_edges(self, box: Box) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom of a picture's `box` in px of `rgb`, maybe beyond it."""
        return _to_crop_px(box, self.area, self.rgb.shape[1], self.rgb.shape[0])

    def to_polygon(self, ring: NDArray[np.float64]) -> "Polygon":
        """Convert a ring of `rgb`, [n,2] (x, y), to a polygon of the picture, to 0.1 px."""
        points = (self.to_picture(float(x), float(y)) for x, y in ring)
        return [(round(x, 1), round(y, 1)) for x, y in points]

    def draw_polygons(self, polygons: Sequence["Polygon"]) -> NDArray[np.bool_]:
        """Return [h,w] bool: where `polygons` (px of the picture) lie in `rgb`."""
        height, width = self.rgb.shape[:2]
        across, down = width / self.area.width, height / self.area.height
        rings = [
            [((x - self.area.x) * across, (y - self.area.y) * down) for x, y in ring]
            for ring in polygons
        ]
        return from_polygons((height, width), rings) > 0


def _to_crop_px(box: Box, area: Box, width: int, height: int) -> tuple[float, float, float, float]:
    """Return the edges of `box` in px of the crop `area` at width x height."""
    across, down = width / area.width, height / area.height
    return (
        (box.x - area.x) * across,
        (box.y - area.y) * down,
        (box.x + box.width - area.x) * across,
        (box.y + box.height - area.y) * down,
    )


def _fit_square(box: Box, growth: float, width: int, height: int) -> Box:
    """Return the square around `box`, moved and cut to fit into a width x height picture."""
    side = max(2, round(max(box.width, box.height) * (1 + growth)))
    wide, high = min(side, width), min(side, height)
    x = min(max(0, box.x + (box.width - wide) // 2), width - wide)
    y = min(max(0, box.y + (box.height - high) // 2), height - high)
    return Box(x, y, wide, high)
