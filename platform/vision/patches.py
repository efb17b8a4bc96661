"""Patches: the pixels that an edit changed, and where they sit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import VisionError
from vision.images.depth import to_8_bits, to_16_bits
from vision.images.picture import CHANNELS

# How a canvas's channels stand in OpenCV's BGRA, and back.
_TO_BGR = {"L": [0, 0, 0], "LA": [0, 0, 0, 1], "RGB": [2, 1, 0], "RGBA": [2, 1, 0, 3]}
_FROM_BGRA = {"L": [0], "LA": [0, 3], "RGB": [2, 1, 0], "RGBA": [2, 1, 0, 3]}

STRIP_BYTES = 16 * 2**20
# Mixing holds at most this many 32-bit numbers for each number of the patch at a time.
_MIXED_AT_ONCE = 4


@dataclass(frozen=True, eq=False)
class Patch:
    """A rectangle of new pixels.

    Attributes:
        x, y: where its top left corner sits on the canvas, in pixels.
        pixels: [h,w,C], dtype and channels of the canvas.
        alpha: [h,w] uint8, how much of the new pixel is seen: 0 none (the canvas keeps its own,
            bit for bit), 255 all.
    """

    x: int
    y: int
    pixels: NDArray[Any]
    alpha: NDArray[np.uint8]

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])

    def to_png(self) -> bytes:
        """The patch as PNG, RGBA with the canvas's depth.

        Its alpha is the picture's. A canvas with an alpha channel of its own needs a second one:
        then the patch's stands as a grey picture below the pixels.
        """
        mode = _mode_of(self.pixels)
        colours = self.pixels[:, :, _TO_BGR[mode]]
        alpha = (self.alpha if colours.dtype == np.uint8 else to_16_bits(self.alpha))[:, :, None]
        if mode in ("L", "RGB"):
            both = np.concatenate([colours, alpha], axis=2)
        else:
            both = np.concatenate([colours, alpha[:, :, [0, 0, 0, 0]]], axis=0)
        return cv2.imencode(".png", both)[1].tobytes()

    @classmethod
    def from_png(cls, data: bytes, x: int, y: int, mode: str) -> "Patch":
        """The patch that `to_png` wrote for a canvas of `mode`. Only for files of our own making.

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
                user_can_mend=False,
            )
        if mode in ("L", "RGB"):
            colours, alpha = both, both[:, :, 3]
        else:
            colours, alpha = np.split(both, 2)
            alpha = alpha[:, :, 3]
        pixels = np.ascontiguousarray(colours[:, :, _FROM_BGRA[mode]])
        return cls(x, y, pixels, to_8_bits(alpha))


def _mode_of(pixels: NDArray[Any]) -> str:
    return {channels: mode for mode, channels in CHANNELS.items()}[pixels.shape[2]]


def apply(canvas: NDArray[Any], patches: Iterable[Patch]) -> NDArray[Any]:
    """A new canvas [H,W,C] with the patches laid on it in their order.

    Where a patch's alpha is 0 the canvas stays bit for bit, where it is 255 the patch's pixel
    stands; between, the two are mixed and rounded. Patches are taken one at a time, so that a
    generator can load them; memory beyond the new canvas and one patch is 16 MiB. Raises
    ValueError for a patch that does not fit.
    """
    result = canvas.copy()
    for patch in patches:
        _lay(result, patch)
        # Or it would live on while the next one is loaded.
        del patch
    return result


def _lay(canvas: NDArray[Any], patch: Patch) -> None:
    """Mixes the patch into the canvas, in strips of rows."""
    below = canvas[patch.y : patch.y + patch.height, patch.x : patch.x + patch.width]
    if below.shape != patch.pixels.shape or below.dtype != patch.pixels.dtype:
        raise ValueError(
            f"a patch of {patch.pixels.shape} {patch.pixels.dtype} at ({patch.x}, {patch.y}) "
            f"does not fit a canvas of {canvas.shape} {canvas.dtype}"
        )
    row_bytes = patch.width * patch.pixels.shape[2] * 4 * _MIXED_AT_ONCE
    step = max(1, STRIP_BYTES // max(1, row_bytes))
    for top in range(0, patch.height, step):
        strip = slice(top, top + step)
        alpha = patch.alpha[strip, :, None].astype(np.uint32)
        mixed = patch.pixels[strip] * alpha + below[strip] * (255 - alpha)
        mixed += 127
        mixed //= 255
        below[strip] = mixed
