"""Warnings before a hole is filled: which fills can only be guesswork."""

from dataclasses import dataclass

import cv2
import numpy as np

from vision.masks import Mask

LARGE_SHARE = 0.25
"""Share of the picture: around one larger hole too little is left to guess its content from."""
LARGE_TOGETHER = 0.5
"""The same limit for all holes together."""
FAR_FROM_ANYTHING = 0.25
"""Distance to the nearest known pixel, as a share of the shorter side (a disc half as wide)."""
MUCH_OF_THE_RIM = 0.5
MUCH_OF_A_SIDE = 0.25
_MANY_SIDES = 3

_SAMPLES = 512
# Holes nearer than this share of the longer side have nothing between them to fill from.
_GAP = 0.01


@dataclass(frozen=True)
class Forewarning:
    """A reason why a fill will probably not look real.

    Attributes:
        code: "hole_large" or "hole_touches_frame".
        message: for people: what the problem is and what to expect.
    """

    code: str
    message: str


def find_forewarnings(mask: Mask) -> list[Forewarning]:
    """Return the warnings to show before `mask` ([H,W] uint8, 255 = remove) is filled.

    - hole_large: one hole covers a quarter of the picture, or all of them half of it, or some place
      in one is farther from any known pixel than a quarter of the picture's shorter side.
    - hole_touches_frame: the holes take up half of the picture's border, or a quarter of each of
      three sides: on that side there is nothing to continue from.

    `mask` is grown already. The list is empty where neither holds. The holes are measured on every
    n-th pixel of every n-th row, at most 512 along the longer side; the border on all of its
    pixels. That takes a few milliseconds at any size.
    """
    return [*_warn_of_large_holes(_sample_mask(mask)), *_warn_of_edge_holes(mask)]


def _sample_mask(mask: Mask) -> Mask:
    """Return the mask at most 512 px long, 1 = hole, with holes that nearly touch joined."""
    step = -(-max(mask.shape) // _SAMPLES)
    holes = (mask[::step, ::step] != 0).astype(np.uint8)
    gap = max(round(_GAP * max(holes.shape)), 1)
    closed: Mask = np.asarray(
        cv2.morphologyEx(holes, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8)), np.uint8
    )
    return closed


def _warn_of_large_holes(holes: Mask) -> list[Forewarning]:
    """Return the warning hole_large if it applies to `holes` ([h,w] uint8, 1 = hole)."""
    parts = cv2.connectedComponentsWithStats(holes, connectivity=8)[2]
    largest = max(parts[1:, cv2.CC_STAT_AREA], default=0) / holes.size
    together = float(holes.mean())
    # OpenCV measures to pixels of the picture only: nothing is known beyond its border either.
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


def _warn_of_edge_holes(mask: Mask) -> list[Forewarning]:
    """Return the warning hole_touches_frame if it applies to `mask` ([H,W] uint8)."""
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
