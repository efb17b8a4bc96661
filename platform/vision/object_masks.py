"""Masks of detected objects: whole, and with a rim in which the fill fades in."""

from collections.abc import Sequence

from vision import masks
from vision.masks import Mask, Polygon
from vision.specks import without_specks

SOFT_RIM = 2
"""Pixels by which such a mask grows and then fades in, so that no edge of the object stays.

On three photos with hand-made masks the step at the rim, beyond what the surroundings have,
falls from 0.4-0.6 grey levels to none; with 1 or 4 pixels it is no smaller.
"""


def from_outlines(shape: tuple[int, int], outlines: Sequence[Polygon]) -> Mask:
    """[H,W] uint8, 255 = remove: outlines and shadows without slivers between, and their rim.

    Args:
        shape: height and width.
        outlines: polygons in pixels.
    """
    return masks.grow(without_specks(masks.from_polygons(shape, outlines)), SOFT_RIM)
