"""Which pixels of a mask file mean "remove"."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vision.masks import Mask

WHITE: Final = "white"
BLACK: Final = "black"
TRANSPARENT: Final = "transparent"
AUTO: Final = "auto"
LABEL: Final = "label"
ANNOTATION: Final = "annotation"

CONVENTIONS = (WHITE, BLACK, TRANSPARENT, AUTO)
"""What a caller can ask for."""

TAKEN_CONVENTIONS = (WHITE, BLACK, TRANSPARENT, LABEL, ANNOTATION)
"""What a file can have been read by: `auto` is resolved, a label or an annotation is named."""


MAX_VALUE: Final = 65_535
"""The highest number that a pixel can have."""


@dataclass(frozen=True)
class MaskFile:
    """A file that says which pixels are removed, and how it is meant.

    Attributes:
        data: a picture, or JSON of COCO or Label Studio.
        convention: one of CONVENTIONS; the light and opaque pixels, the dark and opaque, or the
            transparent ones are removed. `auto` decides by the file.
        value: only the pixels of this label, in a file with one number for each pixel.
    """

    data: bytes
    convention: str = WHITE
    value: int | None = None


@dataclass(frozen=True)
class MaskReading:
    """A mask file that was read: its pixels, [H,W] uint8, 255 = remove, and how it was read.

    Attributes:
        convention: one of TAKEN_CONVENTIONS.
        notes: what a person should know about it.
        found: the values in the file, in words, for the error if it marks nothing.
    """

    pixels: Mask
    convention: str
    notes: tuple[str, ...] = ()
    found: str = field(default="", compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is marked."""
        return not np.any(self.pixels)
