"""The pixels of stored masks."""

import numpy as np
from numpy.typing import NDArray

from gallery.renditions import read_file
from inpainting.models import Mask
from vision import masks

MaskPixels = NDArray[np.uint8]


def mask_pixels(mask: Mask) -> MaskPixels:
    """The mask's pixels, [H, W] uint8, 255 = remove."""
    return masks.from_png(read_file(mask.file), width=mask.width, height=mask.height)
