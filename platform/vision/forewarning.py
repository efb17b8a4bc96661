"""What can be known of a hole before it is filled: whether any fill of it will be guesswork."""

from dataclasses import dataclass

import cv2
import numpy as np

from vision.masks import Mask

LARGE_SHARE = 0.25
"""One hole of this share of the picture leaves too little of it to tell what belongs there."""
LARGE_TOGETHER = 0.5
"""The same for all holes together."""
FAR_FROM_ANYTHING = 0.25
"""Farthest from anything known, as a share of the shorter side: a round hole half as wide as it."""
MUCH_OF_THE_RIM = 0.5
MUCH_OF_A_SIDE = 0.25
_MANY_SIDES = 3

_SAMPLES = 512
_GAP = (
    0.01  # holes nearer than this share of the longer side have nothing between them to fill from
)


@dataclass(frozen=True)
class Forewarning:
    """Why a fill will probably not look real.

    Attributes:
        code: "hole_large" or "hole_touches_frame".
        message: for people: what is the matter, and what to expect.
    """

    code: str
    message: str


def forewarn(mask: Mask) -> list[Forewarning]:
    """What to tell before `mask` ([H,W] uint8, 255 = remove, grown already) is filled.

    - hole_large: one hole covers a quarter of the picture, or all of them half of it, or some place
      in one is farther from anything known than a quarter of the picture's shorter side.
    - hole_touches_frame: the holes take up half of the picture's rim, or a quarter of each of three
      sides: on that side there is nothing to continue from.

    Empty where neither holds. The holes are measured on every n-th pixel of every n-th row, at most
    512 along the longer side, the rim on all of its own pixels: a few milliseconds at any size.
    """
    return [*_large(_thinned(mask)), *_touching(mask)]


def _thinned(mask: Mask) -> Mask:
    """1 = hole, at most 512 along the longer side, with holes that nearly touch made one."""
    step = -(-max(mask.shape) // _SAMPLES)
    holes = (mask[::step, ::step] != 0).astype(np.uint8)
    gap = max(round(_GAP * max(holes.shape)), 1)
    joined: Mask = np.asarray(
        cv2.morphologyEx(holes, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8)), np.uint8
    )
    return joined


def _large(holes: Mask) -> list[Forewarning]:
    """`holes`: [h,w] uint8, 1 = hole."""
    parts = cv2.connectedComponentsWithStats(holes, connectivity=8)[2]
    largest = max(parts[1:, cv2.CC_STAT_AREA], default=0) / holes.size
    together = float(holes.mean())
    # Beyond the rim nothing is known either: OpenCV measures to the picture's own pixels alone.
    farthest = cv2.distanceTransform(holes, cv2.DIST_L2, cv2.DIST_MASK_5).max()
    is_wide = together < 1 and farthest >= FAR_FROM_ANYTHING * min(holes.shape)
    if not (largest >= LARGE_SHARE or together >= LARGE_TOGETHER or is_wide):
        return []
    return [
        Forewarning(
            "hole_large",
            f"What is marked covers {together:.0%} of the photo. So large a hole can only be "
            "filled by guesswork: expect it to show.",
        )
    ]


def _touching(mask: Mask) -> list[Forewarning]:
    sides = [mask[0], mask[-1], mask[:, 0], mask[:, -1]]
    shares = [float(np.count_nonzero(side)) / side.size for side in sides]
    rim = sum(map(np.count_nonzero, sides)) / sum(side.size for side in sides)
    much = sum(share >= MUCH_OF_A_SIDE for share in shares)
    if rim < MUCH_OF_THE_RIM and much < _MANY_SIDES:
        return []
    return [
        Forewarning(
            "hole_touches_frame",
            f"What is marked takes up {rim:.0%} of the photo's edge. Where nothing is left to "
            "continue from, the fill is guesswork.",
        )
    ]
