"""Remains of an object beside a mask that is too small: they are found, and tint no fill."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vision.canvas import build_picture
from vision import masks, remains
from vision.inpainters.patchmatch import PatchMatchInpainter
from vision.patches import apply
from vision.progress import Checkpoint
from vision.remains import REACH, find_remains
from vision.removal import remove

SIDE = 120
RADIUS = 30
RED = (220, 20, 20)

Colours = NDArray[np.uint8]


def measure_distances() -> NDArray[np.float64]:
    """Return each pixel's distance from the middle."""
    down, across = np.mgrid[:SIDE, :SIDE]
    return np.asarray(np.hypot(down - SIDE / 2, across - SIDE / 2))


def build_ground(noise: float = 4) -> Colours:
    """Return a grey ground with noise."""
    grey = 120 + np.random.default_rng(2).normal(0, noise, (SIDE, SIDE, 3))
    return np.clip(np.rint(grey), 0, 255).astype(np.uint8)


def draw_disc(ground: Colours) -> Colours:
    """Return the ground with a red disc whose edge is one pixel soft."""
    share = np.clip(RADIUS + 0.5 - measure_distances(), 0, 1)[:, :, np.newaxis]
    return np.rint(ground * (1 - share) + np.array(RED) * share).astype(np.uint8)


def build_disc_mask(missing: float) -> masks.Mask:
    """Return a mask of the disc that is `missing` pixels too small."""
    return np.where(measure_distances() < RADIUS + 0.5 - missing, np.uint8(255), np.uint8(0))


def has_remains(photo: Colours, mask: masks.Mask) -> bool:
    return bool(find_remains(photo, mask, mask == 0).any())


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_the_rim_of_a_mask_that_is_too_small_is_found(missing: int) -> None:
    photo, mask = draw_disc(build_ground()), build_disc_mask(missing)
    found = find_remains(photo, mask, mask == 0)
    is_red = (photo[:, :, 0].astype(int) - photo[:, :, 1] > 40) & (mask == 0)
    assert is_red.sum() > 150 * missing
    assert found[is_red].all()
    assert not found[measure_distances() > RADIUS + 0.5 - missing + REACH + 1].any()


def test_beside_a_mask_that_is_large_enough_there_is_none() -> None:
    assert not has_remains(draw_disc(build_ground()), build_disc_mask(0))


def test_a_line_that_goes_on_outward_is_none() -> None:
    photo = build_ground()
    photo[58:61] = 20
    assert not has_remains(photo, build_disc_mask(0))


def test_a_slope_is_none() -> None:
    slope = np.rint(np.linspace(0, 255, SIDE))[:, np.newaxis, np.newaxis]
    assert not has_remains(
        np.broadcast_to(slope, (SIDE, SIDE, 3)).astype(np.uint8), build_disc_mask(0)
    )


def test_a_small_detail_is_none() -> None:
    photo = build_ground()
    photo[57:63, 91:94] = RED
    assert not has_remains(photo, build_disc_mask(0))


def test_a_ring_that_does_not_touch_the_hole_is_none() -> None:
    photo, distance = build_ground(), measure_distances()
    photo[(distance > RADIUS + 2.5) & (distance < RADIUS + 4)] = RED
    assert not has_remains(photo, build_disc_mask(0))


def test_without_anything_further_out_there_is_none() -> None:
    photo = draw_disc(build_ground())[30:90, 30:90]
    mask = build_disc_mask(2)[30:90, 30:90]
    visible = (mask == 0) & (measure_distances()[30:90, 30:90] < RADIUS + 2)
    assert not find_remains(np.ascontiguousarray(photo), mask, visible).any()


def test_processing_in_tiles_gives_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, mask = draw_disc(build_ground()), build_disc_mask(2)
    whole = find_remains(photo, mask, mask == 0)
    monkeypatch.setattr(remains, "_TILE", 7)
    np.testing.assert_array_equal(find_remains(photo, mask, mask == 0), whole)


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_rim_tints_no_fill(missing: int) -> None:
    ground, mask = build_ground(), build_disc_mask(missing)
    photo = draw_disc(ground)
    filled = apply(photo, remove(build_picture(photo), mask, PatchMatchInpainter()))
    inside = measure_distances() < RADIUS - 8
    assert np.abs(filled[inside].mean(axis=0) - ground.mean(axis=(0, 1))).max() < 1
    np.testing.assert_array_equal(filled[mask == 0], photo[mask == 0])
    is_red = (filled[:, :, 0].astype(int) - filled[:, :, 1] > 60) & (mask > 0)
    assert not is_red.any()


class MaskRecorder:
    """An inpainter that keeps the masks it gets and fills nothing."""

    name = "recorder"
    max_parallel_regions = 1

    def __init__(self) -> None:
        self.masks: list[masks.Mask] = []

    def fill(self, crop: Colours, mask: masks.Mask, *, checkpoint: Checkpoint) -> Colours:
        self.masks.append(mask)
        checkpoint(1.0)
        return crop


def test_remains_are_holes_for_an_inpainter_but_stay_in_the_photo() -> None:
    photo, mask, recorder = draw_disc(build_ground()), build_disc_mask(2), MaskRecorder()
    patches = remove(build_picture(photo), mask, recorder)
    found = find_remains(photo, mask, mask == 0)
    np.testing.assert_array_equal(recorder.masks[0] > 0, (mask > 0) | found)
    np.testing.assert_array_equal(apply(photo, patches)[mask == 0], photo[mask == 0])
