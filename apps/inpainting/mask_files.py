"""The pixels of stored masks."""

import numpy as np
from numpy.typing import NDArray

from gallery.renditions import read_file
from inpainting.models import Mask
from vision import masks

MaskPixels = NDArray[np.uint8]


def read_mask_pixels(mask: Mask) -> MaskPixels:
    """Read a mask's file and return its pixels: [H, W] uint8, 255 = remove, 0 = keep."""
    return masks.from_png(read_file(mask.file), width=mask.width, height=mask.height)
