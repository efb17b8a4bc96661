"""The interface that the finishing steps share."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vision.masks import Mask

Colours = NDArray[Any]
"""[H,W,3] RGB in grey levels 0..255: uint8, or float32 with the fractions of a deeper photo."""
Flags = NDArray[np.bool_]
"""[H,W] bool."""
Floats = NDArray[np.float32]


def to_depth_of(picture: Colours, values: Floats) -> Colours:
    """Return colours clipped to 0..255, and rounded where `picture` has no fractions."""
    if picture.dtype == np.uint8:
        values = np.rint(values)
    return np.clip(values, 0, 255).astype(picture.dtype)


class Step(Protocol):
    """One correction of a fill."""

    def __call__(self, photo: Colours, fill: Colours, hole: Mask, visible: Flags, /) -> Colours:
        """Return the corrected fill, unchanged outside the hole. Equal input gives equal output.

        Args:
            photo: [H,W,3] RGB: the holes' bounding box and up to `MARGIN` pixels around it.
            fill: [H,W,3] of the same type, the photo with its holes filled.
            hole: [H,W] uint8, 255 = filled.
            visible: [H,W] bool, False in the hole: the pixels of the photo that show a colour.
        """
        ...
