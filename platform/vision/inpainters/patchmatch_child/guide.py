"""The guide that lets PatchMatch continue lines in one direction."""

import numpy as np
from numpy.typing import NDArray

GUIDE_WEIGHT = 0.05
"""Weight of the place across the lines, beside the colours; with 0.15 façades get worse."""
GUIDE_RANGE = 0.35
"""The difference of the guide's values over the picture's longer side."""


def build_guide(shape: tuple[int, ...], angle: float) -> NDArray[np.float32]:
    """Return [h,w,3] float32 whose first channel is each pixel's place across lines of `angle`.

    Patches of the same place are preferred, so that what lies along such a line continues along it.
    """
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    across = np.cos(angle) * rows - np.sin(angle) * columns
    guide = np.zeros((*shape[:2], 3), np.float32)
    guide[:, :, 0] = (across - across.min()) * (GUIDE_RANGE / max(shape))
    return guide
