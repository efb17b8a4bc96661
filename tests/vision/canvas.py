"""Decoded pictures built in memory."""

from typing import Any

from numpy.typing import NDArray

from vision.images import Picture

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def build_picture(pixels: NDArray[Any], icc_profile: bytes | None = None) -> Picture:
    """Return a decoded PNG with these pixels, [H,W,C]."""
    return Picture(
        pixels=pixels,
        mode=MODES[pixels.shape[2]],
        format="PNG",
        icc_profile=icc_profile,
        exif=None,
        jpeg=None,
        frames=1,
        notes=(),
        decoder="built in a test",
    )
