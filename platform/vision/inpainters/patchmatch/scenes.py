"""A crop at the working sizes at which its hole is filled."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.inpainters.base import FillOptions
from vision.inpainters.detail.places import SIDE, find_places
from vision.inpainters.scaling import fit_size, resize_hole, resize_picture

CONTEXT_PIXELS = 4
"""Pixels beside the hole that are known also where they must not be copied, because the fill has to
fit to them; not where a whole patch would be among them, as between two parts of a hole."""


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

    def paste(self, fill: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return this scene filled with the hole's pixels of a fill of any size."""
        if fill.shape == self.picture.shape:
            return fill
        result = self.picture.copy()
        result[self.hole] = resize_picture(fill, *self.hole.shape)[self.hole]
        return result


@dataclass(frozen=True, eq=False)
class Crop:
    """A crop and its scenes, each of which is built once.

    Attributes:
        pixels: [H,W,3] uint8 RGB.
        hole: [H,W] bool.
        options: how the hole is filled.
    """

    pixels: NDArray[np.uint8]
    hole: NDArray[np.bool_]
    options: FillOptions
    _scenes: dict[int, Scene] = field(default_factory=dict, init=False)

    @property
    def unusable(self) -> NDArray[np.bool_]:
        """What can't be copied, apart from the hole, [H,W] bool."""
        result = np.zeros_like(self.hole)
        for part in (self.options.hidden, self.options.avoid):
            if part is not None:
                result |= part
        return result

    def get_scene(self, side: int) -> Scene:
        """Return the crop scaled down so that no side is longer than `side` pixels."""
        if side not in self._scenes:
            self._scenes[side] = self._build_scene(side)
        return self._scenes[side]

    def has_source(self, side: int) -> bool:
        """Return whether anything can be copied at this working size.

        Where some pixels must not be copied, a whole patch without them is needed.
        """
        scene = self.get_scene(side)
        if self.options.avoid is None or not self.options.avoid.any():
            return not scene.hole.all()
        return find_places(scene.hole, scene.blocked).sources.size > 0

    def _build_scene(self, side: int) -> Scene:
        height, width = fit_size(self.hole.shape[0], self.hole.shape[1], side)
        hole = resize_hole(self.hole, height, width)
        blocked = np.zeros_like(hole)
        hidden, avoid = self.options.hidden, self.options.avoid
        if avoid is not None and avoid.any():
            blocked |= _block(resize_hole(avoid, height, width), hole)
        if hidden is not None and hidden.any():
            blocked |= resize_hole(hidden, height, width) & ~hole
        return Scene(resize_picture(self.pixels, height, width), hole, blocked)


def _block(avoid: NDArray[np.bool_], hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what of `avoid` is blocked: all but the context of the hole; all [h,w] bool."""
    around = np.ones((2 * CONTEXT_PIXELS + 1,) * 2, np.uint8)
    near = cv2.dilate(hole.astype(np.uint8), around) > 0
    context = (avoid & near & ~hole).astype(np.uint8)
    patch = np.ones((SIDE, SIDE), np.uint8)
    whole_patches = cv2.morphologyEx(
        context, cv2.MORPH_OPEN, patch, borderType=cv2.BORDER_CONSTANT, borderValue=0
    )
    return np.asarray((avoid & ~near) | (whole_patches > 0))
