"""A small fill enlarged to the photo's resolution: sharp, seamless, bounded in memory."""

import tracemalloc

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.errors import Cancelled
from vision.inpainters import detail
from vision.inpainters.detail import copying
from vision.inpainters.scaling import resize_hole, resize_picture
from vision.progress import ignore_progress

RED = (255, 0, 0)

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]


def build_texture(height: int, width: int) -> Rgb:
    """Return a fine grey-green texture in which distant pixels are independent."""
    random = np.random.default_rng(5)
    grain = random.normal(0, 30, (height, width, 1)).astype(np.float32)
    soft = cv2.GaussianBlur(random.normal(0, 1, (height, width)), (0, 0), 12)
    blotches = soft * 25 / max(float(soft.std()), 1e-6)
    levels = grain + blotches[:, :, np.newaxis] + np.array([90, 130, 80])
    return np.asarray(np.clip(levels, 0, 255), np.uint8)


def build_hole(shape: tuple[int, int], top: int, left: int, height: int, width: int) -> Hole:
    hole = np.zeros(shape, np.bool_)
    hole[top : top + height, left : left + width] = True
    return hole


def fill_enlarged(photo: Rgb, hole: Hole, height: int, width: int) -> Rgb:
    """Paint the hole red, fill it by `detail.enlarged` from a small copy, return the result."""
    small = resize_picture(photo, height, width)
    damaged = photo.copy()
    damaged[hole] = RED
    return detail.enlarge_fill(
        damaged, hole, small, resize_hole(hole, height, width), ignore_progress
    )


def measure_fineness(picture: Rgb, where: Hole) -> float:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return float(np.mean(cv2.Laplacian(grey, cv2.CV_32F)[where] ** 2))


def is_reddish(picture: Rgb) -> NDArray[np.bool_]:
    """Return which pixels are redder than any pixel of `build_texture`."""
    return picture[:, :, 0].astype(int) - picture[:, :, 1] > 40


def test_a_fill_is_as_sharp_as_its_surroundings() -> None:
    photo = build_texture(360, 480)
    hole = build_hole((360, 480), 120, 160, 110, 140)
    filled = fill_enlarged(photo, hole, 90, 120)
    inner = cv2.erode(hole.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    truth = measure_fineness(photo, inner)
    enlarged = resize_picture(resize_picture(photo, 90, 120), 360, 480)
    assert measure_fineness(enlarged, inner) < 0.2 * truth
    assert 0.6 * truth < measure_fineness(filled, inner) < 1.2 * truth


def test_outside_the_hole_nothing_changes() -> None:
    photo = build_texture(200, 300)
    hole = build_hole((200, 300), 60, 100, 70, 90)
    filled = fill_enlarged(photo, hole, 67, 100)
    assert (filled[~hole] == photo[~hole]).all()
    assert (filled[hole] != photo[hole]).any()


def test_the_arguments_are_not_changed() -> None:
    photo = build_texture(120, 160)
    hole = build_hole((120, 160), 40, 50, 30, 40)
    small, small_hole = resize_picture(photo, 60, 80), resize_hole(hole, 60, 80)
    copies = [array.copy() for array in (photo, hole, small, small_hole)]
    detail.enlarge_fill(photo, hole, small, small_hole, ignore_progress)
    for before, after in zip(copies, (photo, hole, small, small_hole), strict=True):
        assert (before == after).all()


def test_pixels_in_the_hole_have_no_effect_and_the_result_is_repeatable() -> None:
    photo = build_texture(240, 320)
    hole = build_hole((240, 320), 80, 100, 80, 100)
    small, small_hole = resize_picture(photo, 60, 80), resize_hole(hole, 60, 80)
    first = detail.enlarge_fill(photo, hole, small, small_hole, ignore_progress)
    assert (detail.enlarge_fill(photo, hole, small, small_hole, ignore_progress) == first).all()
    photo[hole] = RED
    assert (detail.enlarge_fill(photo, hole, small, small_hole, ignore_progress) == first).all()


def test_stripes_continue_through_the_hole() -> None:
    stripes = np.arange(600) // 15 % 2
    photo = np.broadcast_to(np.where(stripes[:, np.newaxis], 210, 40), (300, 600, 3))
    photo = np.ascontiguousarray(photo, np.uint8)
    hole = build_hole((300, 600), 100, 200, 90, 170)
    filled = fill_enlarged(photo, hole, 100, 200)
    error = np.abs(filled[hole].astype(int) - photo[hole]).max(axis=1)
    # A source may be one pixel off, which is only visible at the stripes' borders.
    assert (error < 12).mean() > 0.85


def test_colours_follow_the_fill() -> None:
    photo = build_texture(300, 400)
    hole = build_hole((300, 400), 100, 130, 100, 140)
    small, small_hole = resize_picture(photo, 75, 100), resize_hole(hole, 75, 100)
    shift = np.array([50, 0, -30])
    small[small_hole] = np.clip(small[small_hole] + shift, 0, 255)
    filled = detail.enlarge_fill(photo, hole, small, small_hole, ignore_progress)
    middle = (slice(120, 180), slice(150, 250))
    difference = filled[middle].astype(int) - photo[middle]
    assert np.allclose(difference.mean(axis=(0, 1)), shift, atol=5)


def test_without_a_source_the_small_fill_is_enlarged() -> None:
    photo = build_texture(120, 160)
    hole = ~build_hole((120, 160), 0, 0, 20, 160)
    small = resize_picture(photo, 30, 40)
    filled = detail.enlarge_fill(photo, hole, small, resize_hole(hole, 30, 40), ignore_progress)
    assert (filled[hole] == resize_picture(small, 120, 160)[hole]).all()
    assert (filled[~hole] == photo[~hole]).all()


def test_without_a_hole_the_photo_is_unchanged() -> None:
    photo = build_texture(120, 160)
    assert (fill_enlarged(photo, np.zeros((120, 160), np.bool_), 30, 40) == photo).all()


@pytest.mark.parametrize(
    ("shape", "small", "box"),
    [
        ((301, 403), (75, 101), (99, 131, 77, 101)),
        ((211, 223), (209, 221), (50, 60, 71, 83)),
        ((60, 1500), (31, 768), (20, 600, 25, 200)),
        ((1500, 60), (768, 31), (600, 20, 200, 25)),
        ((30, 1500), (8, 400), (20, 700, 10, 60)),
        ((240, 320), (60, 80), (0, 0, 50, 70)),
        ((240, 320), (60, 80), (200, 270, 40, 50)),
        ((240, 320), (60, 80), (0, 140, 240, 40)),
        ((241, 319), (60, 80), (120, 160, 1, 1)),
    ],
)
def test_other_sizes_and_holes_at_the_edge_are_filled(
    shape: tuple[int, int], small: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    photo = build_texture(*shape)
    hole = build_hole(shape, *box)
    filled = fill_enlarged(photo, hole, *small)
    assert filled.shape == photo.shape
    assert (filled[~hole] == photo[~hole]).all()
    assert not is_reddish(filled).any()
    assert abs(filled[hole].mean() - photo[hole].mean()) < 25


def test_two_holes_copy_nothing_from_each_other() -> None:
    photo = build_texture(240, 480)
    hole = build_hole((240, 480), 80, 60, 60, 90) | build_hole((240, 480), 90, 300, 60, 90)
    assert not is_reddish(fill_enlarged(photo, hole, 60, 120)).any()


def test_processing_in_strips_gives_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = build_texture(200, 300)
    hole = build_hole((200, 300), 50, 80, 90, 120)
    whole = fill_enlarged(photo, hole, 50, 75)
    monkeypatch.setattr(copying, "_STRIP_PIXELS", 300 * 7)
    assert (fill_enlarged(photo, hole, 50, 75) == whole).all()


def test_memory_is_bounded_by_the_result_and_a_few_strips() -> None:
    photo = np.ascontiguousarray(np.broadcast_to(build_texture(2400, 1), (2400, 3200, 3)))
    hole = build_hole((2400, 3200), 300, 400, 1800, 2400)
    small, small_hole = resize_picture(photo, 96, 128), resize_hole(hole, 96, 128)
    tracemalloc.start()
    try:
        detail.enlarge_fill(photo, hole, small, small_hole, ignore_progress)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # Without strips, the hole's offsets and float colours alone would need over 200 MB.
    assert peak < photo.nbytes + 80e6


def test_progress_rises_to_the_end() -> None:
    photo = build_texture(360, 480)
    hole = build_hole((360, 480), 120, 160, 110, 140)
    shares: list[float] = []
    small, small_hole = resize_picture(photo, 120, 160), resize_hole(hole, 120, 160)
    detail.enlarge_fill(photo, hole, small, small_hole, shares.append)
    assert len(shares) > 10
    assert shares == sorted(shares)
    assert shares[0] >= 0
    assert shares[-1] == pytest.approx(1)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.8, 0.95])
def test_an_exception_of_the_checkpoint_ends_the_work(share: float) -> None:
    photo = build_texture(240, 320)
    hole = build_hole((240, 320), 80, 100, 80, 100)
    calls: list[float] = []

    def stop(progress: float) -> None:
        calls.append(progress)
        if progress >= share:
            raise Cancelled

    with pytest.raises(Cancelled):
        detail.enlarge_fill(
            photo, hole, resize_picture(photo, 60, 80), resize_hole(hole, 60, 80), stop
        )
    assert [progress >= share for progress in calls].count(True) == 1
