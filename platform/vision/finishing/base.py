"""The interface that the finishing steps share."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vision.masks import Mask

Colours = NDArray[np.uint8]
"""[H,W,3] uint8 RGB."""
Flags = NDArray[np.bool_]
"""[H,W] bool."""
Floats = NDArray[np.float32]


class Step(Protocol):
    """One correction of a fill."""

    def __call__(self, photo: Colours, fill: Colours, hole: Mask, visible: Flags, /) -> Colours:
        """Return the corrected fill, unchanged outside the hole. Equal input gives equal output.

        Args:
            photo: [H,W,3] uint8 RGB: the holes' bounding box and up to `MARGIN` pixels around it.
            fill: [H,W,3] uint8, the photo with its holes filled.
            hole: [H,W] uint8, 255 = filled.
            visible: [H,W] bool, False in the hole: the pixels of the photo that show a colour.
        """
        ...
