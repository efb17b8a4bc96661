"""The places of windows in long crops, and how windows blend into each other."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.inpainters.windows import MOST_WINDOWS, Window, plan_windows

LONG, SHORT = 8000, 600


def build_hole(start: int, stop: int, long: int = LONG, short: int = SHORT) -> NDArray[np.bool_]:
    hole = np.zeros((short, long), dtype=np.bool_)
    hole[short // 4 : short // 2, start:stop] = True
    return hole


def list_spans(crop_windows: list[Window], long: int = LONG) -> list[tuple[int, int]]:
    return [window.slices[1].indices(long)[:2] for window in crop_windows]


@pytest.mark.parametrize("shape", [(600, 1200), (1200, 600), (60, 1024), (1, 1), (500, 500)])
def test_a_small_crop_or_one_of_two_to_one_is_one_window(shape: tuple[int, int]) -> None:
    hole = np.zeros(shape, dtype=np.bool_)
    hole[shape[0] // 2, shape[1] // 2] = True
    (window,) = plan_windows(hole)
    assert hole[window.slices].shape == shape


@pytest.mark.parametrize("is_upright", [False, True])
@pytest.mark.parametrize(
    ("start", "stop", "first", "last"),
    [
        (5000, 5100, 4750, 5350),  # a square around the hole
        (0, 100, 0, 600),
        (7990, 8000, 7400, 8000),
        (3000, 3600, 2850, 3750),  # a quarter of the hole's length on each side
        (3000, 3900, 2850, 4050),  # as much as 2:1 leaves
    ],
)
def test_the_window_of_a_panorama_is_around_the_hole(
    start: int, stop: int, first: int, last: int, is_upright: bool
) -> None:
    hole = build_hole(start, stop)
    (window,) = plan_windows(hole.T if is_upright else hole)
    along, across = window.slices if is_upright else window.slices[::-1]
    assert (along.start, along.stop) == (first, last)
    assert across == slice(None)


@pytest.mark.parametrize(
    ("start", "stop", "side"),
    [
        (3000, 3901, 600),
        (3000, 4500, 600),
        (0, 1500, 600),
        (6500, 8000, 600),
        (100, 5600, 2000),  # four windows of the short side would be too short
        (0, 8000, 2910),
    ],
)
def test_square_windows_follow_a_long_hole(start: int, stop: int, side: int) -> None:
    hole = build_hole(start, stop)
    crop_windows = plan_windows(hole)
    assert 2 <= len(crop_windows) <= MOST_WINDOWS
    assert all(last - first == side for first, last in list_spans(crop_windows))
    filled = np.zeros_like(hole)
    for window in crop_windows:
        part = window.get_own_hole(hole)
        assert not part.all()
        filled[window.slices] |= part
    assert (filled == hole).all()
    for (_, end), (begin, _), window in zip(
        list_spans(crop_windows), list_spans(crop_windows)[1:], crop_windows[1:], strict=False
    ):
        assert window.known + window.fading == end - begin >= side // 4 - 1
        assert abs(window.known - window.fading) <= 1


def test_windows_have_context_beyond_the_ends_of_a_long_hole() -> None:
    spans = list_spans(plan_windows(build_hole(3000, 4500)))
    assert spans[0][0] <= 3000 - 150
    assert spans[-1][1] >= 4500 + 150


def test_windows_without_hole_are_left_out() -> None:
    hole = build_hole(3000, 3010) | build_hole(4300, 4310)
    spans = list_spans(plan_windows(hole))
    assert len(spans) == 2
    assert all(hole[:, first:last].any() for first, last in spans)


def test_a_hole_that_covers_the_first_window_gets_one_whole_window() -> None:
    hole = np.zeros((600, 4000), dtype=np.bool_)
    hole[:, :3000] = True
    (window,) = plan_windows(hole)
    assert hole[window.slices].shape == (600, 4000)


def test_without_a_hole_there_is_one_window() -> None:
    assert len(plan_windows(np.zeros((600, 8000), dtype=np.bool_))) == 1


@pytest.mark.parametrize("axis", [0, 1])
def test_a_window_fades_from_the_earlier_pixels(axis: int) -> None:
    window = Window((slice(None), slice(None)), axis, known=2, fading=4)
    picture = np.full((8, 8, 3), 100, dtype=np.uint8)
    before = window.select_fading_lines(picture).copy()
    assert before.shape[axis] == 4
    picture[:] = 180
    window.blend(picture, before)
    line = picture[:, 3, 0] if axis == 0 else picture[3, :, 0]
    assert line.tolist() == [180, 180, 110, 130, 150, 170, 180, 180]


def test_fading_does_not_change_equal_pixels() -> None:
    window = Window((slice(None), slice(None)), 1, known=0, fading=97)
    picture = np.random.default_rng(4).integers(0, 256, (64, 97, 3), dtype=np.uint8)
    before = picture.copy()
    window.blend(picture, before)
    assert (picture == before).all()


def test_the_first_window_does_not_fade() -> None:
    crop_windows = plan_windows(build_hole(3000, 4500))
    assert [window.known > 0 for window in crop_windows] == [False] + [True] * (
        len(crop_windows) - 1
    )
    assert all(a.slices[1].start < b.slices[1].start for a, b in itertools.pairwise(crop_windows))
