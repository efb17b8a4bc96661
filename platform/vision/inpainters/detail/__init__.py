"""Detail for a fill that was made at a working size: the photo's own pixels from similar places.

The content of a small fill comes from around its hole: a search finds the offsets to where it comes
from, and the photo is copied along them. Structure from the small picture, detail from the large
one: Wexler, Shechtman, Irani: Space-Time Completion of Video, PAMI 2007; offsets that are the same
in whole areas: Pritch, Kav-Venaki, Peleg: Shift-Map Image Editing, ICCV 2009.
"""

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.detail.copying import copy_along_offsets
from vision.inpainters.detail.offsets import find_offsets
from vision.inpainters.detail.places import find_places
from vision.inpainters.scaling import resize_picture
from vision.progress import Checkpoint, scale_checkpoint

FINDING_SHARE = 0.7
"""The share of the time that finding the offsets takes."""


def enlarge_fill(
    photo: NDArray[np.uint8],
    hole: NDArray[np.bool_],
    fill: NDArray[np.uint8],
    small_hole: NDArray[np.bool_],
    checkpoint: Checkpoint,
    *,
    blocked: NDArray[np.bool_] | None = None,
) -> NDArray[np.uint8]:
    """Return `photo` with its hole filled as in `fill`, at the photo's own sharpness.

    Args:
        photo: [H,W,3] uint8 RGB.
        hole: [H,W] bool, what is filled; its pixels are not read.
        fill: [h,w,3] uint8, the photo at a smaller working size with its hole filled.
        small_hole: [h,w] bool, each pixel that overlaps the hole.
        checkpoint: called with the share done, 0..1; an exception that it raises ends the work.
        blocked: [h,w] bool, what is not copied; None: everything may be.

    Returns [H,W,3] uint8, `photo` outside the hole. Where nothing around the hole is large enough
    to copy from, the fill is only enlarged. The same input gives the same output.
    """
    here = find_places(small_hole, blocked)
    if not (len(here.rows) and len(here.sources)):
        result = photo.copy()
        result[hole] = resize_picture(fill, *hole.shape)[hole]
        return result
    offsets = find_offsets(fill, here, scale_checkpoint(checkpoint, 0, FINDING_SHARE))
    return copy_along_offsets(
        photo, hole, fill, offsets, scale_checkpoint(checkpoint, FINDING_SHARE, 1)
    )
