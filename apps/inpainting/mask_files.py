"""The pixels of stored masks, and how the files that they were made of were read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gallery.renditions import read_file
from inpainting.models import Mask
from vision import masks
from vision.mask_reading import MaskReading

MaskPixels = NDArray[np.uint8]


@dataclass(frozen=True)
class MaskOrigin:
    """How a mask file was read: its convention, "" without a file, and notes for people."""

    convention: str = ""
    notes: Sequence[str] = ()


NO_FILE = MaskOrigin()


def get_origin(reading: MaskReading | None) -> MaskOrigin:
    """Return how the file was read; None stands for no file."""
    return MaskOrigin(reading.convention, reading.notes) if reading else NO_FILE


def read_mask_pixels(mask: Mask) -> MaskPixels:
    """Read a mask's file and return its pixels: [H, W] uint8, 255 = remove, 0 = keep."""
    return masks.from_png(read_file(mask.file), width=mask.width, height=mask.height)
