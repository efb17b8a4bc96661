"""A crop at the working sizes at which its hole is filled."""

from dataclasses import dataclass, field
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.inpainters.scaling import fit_size, resize_hole, resize_picture

CONTEXT_PIXELS = 4
"""Pixels beside the hole that are known also where they must not be copied: the fill has to fit to
them, and no whole patch of 7 x 7 is among them."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A crop at a working size.

    Attributes:
        picture: [h,w,3] uint8 RGB.
        hole: [h,w] bool, each pixel that overlaps the hole.
        blocked: [h,w] bool, what is neither filled nor copied.
    """

    picture: NDArray[np.uint8]
    hole: NDArray[np.bool_]
    blocked: NDArray[np.bool_]

    @classmethod
    def from_crop(
        cls,
        crop: NDArray[np.uint8],
        hole: NDArray[np.bool_],
        avoid: NDArray[np.bool_] | None,
        side: int,
    ) -> Self:
        """Scale a crop [H,W,3] down so that no side is longer than `side` pixels.

        Args:
            crop, hole: as of `Inpainter.fill`, the hole as [H,W] bool.
            avoid: [H,W] bool, what must not be copied; None: everything may be.
            side: in pixels.
        """
        size = fit_size(len(crop), crop.shape[1], side)
        small = resize_hole(hole, *size)
        blocked = np.zeros(size, np.bool_)
        if avoid is not None and avoid.any():
            around = np.ones((2 * CONTEXT_PIXELS + 1,) * 2, np.uint8)
            blocked = resize_hole(avoid, *size) & (cv2.dilate(small.astype(np.uint8), around) == 0)
        return cls(resize_picture(crop, *size), small, blocked)

    def paste(self, fill: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return this scene filled with the hole's pixels of a fill of any size."""
        if fill.shape == self.picture.shape:
            return fill
        result = self.picture.copy()
        result[self.hole] = resize_picture(fill, *self.hole.shape)[self.hole]
        return result


@dataclass(frozen=True, eq=False)
class Crop:
    """A crop and its scenes, each of which is built once; arguments as of `Scene.from_crop`."""

    pixels: NDArray[np.uint8]
    hole: NDArray[np.bool_]
    avoid: NDArray[np.bool_] | None
    _scenes: dict[int, Scene] = field(default_factory=dict, init=False)

    def get_scene(self, side: int) -> Scene:
        """Return the scene with no side longer than `side` pixels."""
        if side not in self._scenes:
            self._scenes[side] = Scene.from_crop(self.pixels, self.hole, self.avoid, side)
        return self._scenes[side]
