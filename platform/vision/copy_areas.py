"""The parts of a photo that may be copied into a hole."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.errors import MaskRejected
from vision.masks import Mask, build_size_error


@dataclass(frozen=True, eq=False)
class CopyAreas:
    """Where pixels may be copied from.

    Attributes:
        source: [H,W] uint8 of the photo's size, 255 = copy only from here; None: from everywhere.
        protect: the same, 255 = never copy from here; None: nothing is protected. It does not keep
            pixels from being removed.
    """

    source: Mask | None = None
    protect: Mask | None = None

    def find_avoided(self, hole: Mask) -> NDArray[np.bool_] | None:
        """Return what must not be copied, [H,W] bool; None if everything may be.

        Raises MaskRejected: codes mask_wrong_size; mask_no_source, where nothing outside the
        `hole` [H,W] uint8 may be copied.
        """
        if self.source is None and self.protect is None:
            return None
        for area in (self.source, self.protect):
            if area is not None and area.shape != hole.shape:
                raise build_size_error(area.shape, hole.shape)
        avoided = np.zeros(hole.shape, np.bool_)
        if self.source is not None:
            avoided |= self.source == 0
        if self.protect is not None:
            avoided |= self.protect != 0
        if (avoided | (hole != 0)).all():
            raise build_nothing_to_copy_error()
        return avoided


def build_nothing_to_copy_error() -> MaskRejected:
    """Return the error for areas that leave nothing to copy: mask_no_source."""
    return MaskRejected(
        "Nothing is left to copy from: mark a larger source, or protect less of the photo.",
        code="mask_no_source",
    )


EVERYWHERE = CopyAreas()
