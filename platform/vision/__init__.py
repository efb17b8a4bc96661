"""Imaging for Vanish: decode, mask, detect, inpaint, patch. No Django, no database.

The names below are imported at their first use: the decoder's child process imports this package
and must start fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision.errors import (
        Cancelled,
        DetectorFailed,
        InpainterFailed,
        MaskRejected,
        PictureRejected,
        VisionError,
        WeightsMissing,
    )
    from vision.images import (
        DEFAULT_LIMITS,
        FORMATS,
        Limits,
        Picture,
        decode,
        encode,
        make_thumbnail,
    )
    from vision.patches import Patch, apply
    from vision.removal import remove

__all__ = [
    "DEFAULT_LIMITS",
    "FORMATS",
    "Cancelled",
    "DetectorFailed",
    "InpainterFailed",
    "Limits",
    "MaskRejected",
    "Patch",
    "Picture",
    "PictureRejected",
    "VisionError",
    "WeightsMissing",
    "apply",
    "decode",
    "encode",
    "make_thumbnail",
    "remove",
]

_MODULES = ("vision.errors", "vision.images", "vision.patches", "vision.removal")


def __getattr__(name: str) -> object:
    if name in __all__:
        for module in map(import_module, _MODULES):
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
