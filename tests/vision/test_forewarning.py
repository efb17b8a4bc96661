"""Warnings about holes: which holes get one."""

import numpy as np
import pytest

from vision.forewarning import find_forewarnings
from vision.masks import Mask, from_boxes

WIDTH, HEIGHT = 600, 400
Boxes = list[tuple[int, int, int, int]]


def build_hole(*boxes: tuple[int, int, int, int], scale: int = 1) -> Mask:
    """Return a mask of boxes (x, y, width, height) in 600 x 400 pixels, times `scale`."""
    scaled = [tuple(scale * value for value in box) for box in boxes]
    return from_boxes((HEIGHT * scale, WIDTH * scale), scaled)  # type: ignore[arg-type]


def list_codes(mask: Mask) -> list[str]:
    return [warning.code for warning in find_forewarnings(mask)]


HARMLESS = {
    "a person": [(250, 60, 100, 300)],
    "nothing": [],
    "several people": [(40 + 130 * i, 100, 60, 240) for i in range(4)],
    "a wire from side to side": [(0, 100, 600, 12)],
    "a caption along the lower edge": [(0, 350, 600, 50)],
    "just below a quarter, long": [(100, 100, 390, 150)],
    "a corner": [(0, 0, 150, 90)],
}
LARGE = {
    "a quarter in one": [(100, 110, 400, 180)],
    "half as wide as the shorter side": [(200, 100, 210, 210)],
    "three that are half of it together": [(20 + 130 * i, 10, 120, 360) for i in range(3)],
    "two halves with a hair between": [(100, 110, 199, 180), (301, 110, 199, 180)],
}
AT_THE_FRAME = {
    "three sides": [(0, 0, 600, 60), (0, 0, 30, 400), (570, 0, 30, 400)],
    "half of the rim": [(0, 0, 600, 30), (0, 0, 30, 400)],
}
BOTH = {
    "the lower third": [(0, 270, 600, 130)],
    "all but a corner": [(0, 0, 600, 399)],
    "the right half and something on the left": [(0, 130, 110, 140), (300, 0, 300, 400)],
}


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        *[pytest.param(boxes, [], id=name) for name, boxes in HARMLESS.items()],
        *[pytest.param(boxes, ["hole_large"], id=name) for name, boxes in LARGE.items()],
        *[
            pytest.param(boxes, ["hole_touches_frame"], id=name)
            for name, boxes in AT_THE_FRAME.items()
        ],
        *[
            pytest.param(boxes, ["hole_large", "hole_touches_frame"], id=name)
            for name, boxes in BOTH.items()
        ],
    ],
)
@pytest.mark.parametrize("scale", [1, 7])
def test_large_holes_and_holes_at_the_frame_are_warned_of(
    boxes: Boxes, expected: list[str], scale: int
) -> None:
    assert list_codes(build_hole(*boxes, scale=scale)) == expected


def test_a_rotated_mask_gets_the_same_warnings() -> None:
    for boxes in (*HARMLESS.values(), *LARGE.values(), *AT_THE_FRAME.values(), *BOTH.values()):
        mask = build_hole(*boxes)
        assert list_codes(np.rot90(mask)) == list_codes(mask)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (3, 2), (5000, 40)])
def test_pictures_of_any_shape_are_accepted(shape: tuple[int, int]) -> None:
    assert list_codes(np.zeros(shape, np.uint8)) == []
    assert list_codes(np.full(shape, 255, np.uint8)) == ["hole_large", "hole_touches_frame"]


def test_the_message_contains_the_share() -> None:
    large, rim = find_forewarnings(build_hole(*BOTH["the lower third"]))
    assert "32% of the photo" in large.message
    assert "43% of the photo's edge" in rim.message
    assert large.message.endswith(".")
