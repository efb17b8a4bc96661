"""The rim around a shape: it covers soft edges, halos and the contact with the ground."""

import math
from typing import TYPE_CHECKING

from vision.detectors.base import Box
from vision.outlines.shapes import Shape, dilate, erode, extend_downward

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.outlines.object_crop import ObjectCrop

LEAST = 3  # px of the picture
WIDE = 0.03  # of the box's diagonal
WIDE_FEET = 0.035  # of the box's diagonal, downward: boxes end above toes and contact shadows
TIGHT = (0.012, 0.035)  # least and most, of the box's diagonal
TIGHT_FEET = 0.02
BLUR = 0.0035  # of the picture's diagonal: soft edges and halos
GAP_SHARE = 0.7  # of a tight rim: narrower gaps, as between legs, are filled


def add_wide_rim(shape: Shape, crop: "ObjectCrop") -> Shape:
    """Return `shape` [h,w] bool with the rim for a shape that may be too small in places."""
    diagonal = crop.box.diagonal
    radius = math.ceil(max(WIDE * diagonal, LEAST * crop.scale))
    return dilate(extend_downward(shape, WIDE_FEET * diagonal), radius)


def add_tight_rim(shape: Shape, box: Box, crop: "ObjectCrop", picture: "Picture") -> Shape:
    """Return `shape` with the rim for a shape that ends where the object does.

    Args:
        shape: [h,w] bool, in the crop.
        box: the object's, px of the crop.
        crop: where the shape was found.
        picture: what the crop is of; the larger it is, the more pixels its soft edges take.
    """
    blur = BLUR * math.hypot(*picture.pixels.shape[:2]) * crop.scale
    thinnest, thickest = (share * box.diagonal for share in TIGHT)
    radius = math.ceil(max(thinnest, min(blur, thickest), LEAST * crop.scale))
    feet = extend_downward(shape, max(TIGHT_FEET * box.diagonal, radius))
    half_gap = round(GAP_SHARE * radius)
    return erode(dilate(feet, radius + half_gap), half_gap)
