"""Patches: the pixels that an edit changed, and their place on the canvas."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import VisionError
from vision.images.depth import to_8_bits, to_16_bits
from vision.images.picture import CHANNELS

# Channel order: from a canvas to OpenCV's BGR(A), and back from BGRA.
_TO_BGR = {"L": [0, 0, 0], "LA": [0, 0, 0, 1], "RGB": [2, 1, 0], "RGBA": [2, 1, 0, 3]}
_FROM_BGRA = {"L": [0], "LA": [0, 3], "RGB": [2, 1, 0], "RGBA": [2, 1, 0, 3]}

STRIP_BYTES = 16 * 2**20
# Mixing needs at most this many 32-bit numbers in memory for each number of a strip.
_NUMBERS_PER_VALUE = 4


@dataclass(frozen=True, eq=False)
class Patch:
    """A rectangle of new pixels.

    Attributes:
        x, y: place of its top left corner on the canvas, in pixels.
        pixels: [h,w,C], dtype and channels of the canvas.
        alpha: [h,w] uint8, the new pixel's weight: 0 keeps the canvas's pixel bit for bit, 255
            replaces it.
    """

    x: int
    y: int
    pixels: NDArray[Any]
    alpha: NDArray[np.uint8]

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    def to_png(self) -> bytes:
        """Return the patch as an RGBA PNG with the canvas's bit depth.

        The PNG's alpha is the patch's. Where the canvas has an alpha channel too, the PNG's alpha
        is the canvas's, and the patch's follows as a grey picture below the pixels.
        """
        mode = _find_mode(self.pixels)
        colours = self.pixels[:, :, _TO_BGR[mode]]
        alpha = (self.alpha if colours.dtype == np.uint8 else to_16_bits(self.alpha))[:, :, None]
        if mode in ("L", "RGB"):
            both = np.concatenate([colours, alpha], axis=2)
        else:
            both = np.concatenate([colours, alpha[:, :, [0, 0, 0, 0]]], axis=0)
        return cv2.imencode(".png", both)[1].tobytes()

    @classmethod
    def from_png(cls, data: bytes, x: int, y: int, mode: str) -> "Patch":
        """Read a patch that `to_png` wrote for a canvas of `mode`; never a file from outside.

        Raises VisionError (patch_unreadable) if the file is damaged.
        """
        try:
            both = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        except cv2.error:
            both = None
        if both is None or both.ndim != 3 or both.shape[2] != 4:
            raise VisionError(
                "A stored patch of this photo is damaged. Restore it from a backup.",
                code="patch_unreadable",
                user_can_fix=False,
            )
        if mode in ("L", "RGB"):
            colours, alpha = both, both[:, :, 3]
        else:
            colours, alpha = np.split(both, 2)
            alpha = alpha[:, :, 3]
        pixels = np.ascontiguousarray(colours[:, :, _FROM_BGRA[mode]])
        return cls(x, y, pixels, to_8_bits(alpha))


def _find_mode(pixels: NDArray[Any]) -> str:
    return {channels: mode for mode, channels in CHANNELS.items()}[pixels.shape[2]]


def apply(canvas: NDArray[Any], patches: Iterable[Patch]) -> NDArray[Any]:
    """Return a new canvas [H,W,C] with the patches applied in their order.

    Alpha 0 keeps the canvas's pixel bit for bit, 255 takes the patch's; values between mix the two,
    rounded. Patches are read one at a time, so a generator can load them; memory beyond the new
    canvas and one patch is 16 MiB. Raises ValueError for a patch that does not fit.
    """
    result = canvas.copy()
    for patch in patches:
        _mix(result, patch)
        # Free its memory before the next one is loaded.
        del patch
    return result


def _mix(canvas: NDArray[Any], patch: Patch) -> None:
    """Mix the patch into the canvas, in strips of rows."""
    below = canvas[patch.y : patch.y + patch.height, patch.x : patch.x + patch.width]
    if below.shape != patch.pixels.shape or below.dtype != patch.pixels.dtype:
        raise ValueError(
            f"a patch of {patch.pixels.shape} {patch.pixels.dtype} at ({patch.x}, {patch.y}) "
            f"does not fit a canvas of {canvas.shape} {canvas.dtype}"
        )
    row_bytes = patch.width * patch.pixels.shape[2] * 4 * _NUMBERS_PER_VALUE
    step = max(1, STRIP_BYTES // max(1, row_bytes))
    for top in range(0, patch.height, step):
        strip = slice(top, top + step)
        alpha = patch.alpha[strip, :, None].astype(np.uint32)
        mixed = patch.pixels[strip] * alpha + below[strip] * (255 - alpha)
        mixed += 127
        mixed //= 255
        below[strip] = mixed
