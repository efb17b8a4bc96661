"""Masks in files that people and programs send: what they mark, or why that is not clear.

docs/masks.md lists every kind of file in a table.
"""

from vision.mask_reading.conventions import (
    CONVENTIONS,
    MAX_VALUE,
    TAKEN_CONVENTIONS,
    WHITE,
    MaskFile,
    MaskReading,
)
from vision.mask_reading.reading import read_mask
from vision.mask_reading.refusals import build_empty_error

__all__ = [
    "CONVENTIONS",
    "MAX_VALUE",
    "TAKEN_CONVENTIONS",
    "WHITE",
    "MaskFile",
    "MaskReading",
    "build_empty_error",
    "read_mask",
]
