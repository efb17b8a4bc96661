"""The benchmark's own metrics, on pictures whose values are known."""

import numpy as np
import pytest

from benchmarks.vision.files import Hole, Rgb
from benchmarks.vision.metrics import (
    GMSD_STABILITY,
    compute_gmsd,
    compute_psnr,
    measure_seam,
    measure_sharpness,
)

SIDE = 128


@pytest.fixture
def hole() -> Hole:
    """A square in the middle, on the coarse grid."""
    hole = np.zeros((SIDE, SIDE), np.bool_)
    hole[32:96, 32:96] = True
    return hole


def build_grey(level: int = 100) -> Rgb:
    """Return a picture of one grey level."""
    return np.full((SIDE, SIDE, 3), level, np.uint8)


def build_noise(seed: int, contrast: float = 20) -> Rgb:
    """Return grey noise around 128, the same in every channel."""
    levels = np.random.default_rng(seed).normal(128, contrast, (SIDE, SIDE, 1))
    return np.clip(levels, 0, 255).astype(np.uint8).repeat(3, axis=2)


def fill_hole(truth: Rgb, fill: Rgb, hole: Hole) -> Rgb:
    """Return the truth with the hole's pixels from the fill."""
    return np.where(hole[:, :, np.newaxis], fill, truth)


def test_psnr_of_a_difference_of_one_level() -> None:
    assert compute_psnr(build_grey(100), build_grey(101)) == pytest.approx(20 * np.log10(255))
    assert compute_psnr(build_grey(), build_grey()) == float("inf")


def test_gmsd_of_equal_pictures_is_0() -> None:
    assert compute_gmsd(build_noise(1), build_noise(1)) == 0


def test_gmsd_of_a_slope_in_one_half() -> None:
    # Halved, the slope of 2 levels a pixel is one of 4, over Prewitt's two pixels 8.
    ramp = build_grey(0)
    ramp[:, : SIDE // 2] += (2 * np.arange(SIDE // 2, dtype=np.uint8))[::-1, np.newaxis]
    similarity = GMSD_STABILITY / (8**2 + GMSD_STABILITY)

    assert compute_gmsd(build_grey(0), ramp) == pytest.approx((1 - similarity) / 2, rel=0.05)


def test_the_original_pixels_have_no_seam(hole: Hole) -> None:
    assert measure_seam(build_noise(1), build_noise(1), hole) == 0


def test_a_flat_patch_that_is_10_levels_too_light_has_10_levels_of_seam(hole: Hole) -> None:
    assert measure_seam(
        build_grey(100), fill_hole(build_grey(100), build_grey(110), hole), hole
    ) == pytest.approx(10)


def test_other_noise_of_the_same_kind_has_hardly_a_seam(hole: Hole) -> None:
    assert measure_seam(build_noise(1), fill_hole(build_noise(1), build_noise(2), hole), hole) < 0.1


def test_noise_makes_a_step_less_visible(hole: Hole) -> None:
    lighter = (build_noise(2).astype(np.int16) + 10).astype(np.uint8)

    assert 0.1 < measure_seam(build_noise(1), fill_hole(build_noise(1), lighter, hole), hole) < 2


def test_sharpness_is_the_share_of_the_details_energy(hole: Hole) -> None:
    truth = build_noise(1, contrast=20)

    assert measure_sharpness(truth, truth, hole) == 1
    assert measure_sharpness(truth, build_noise(2, contrast=10), hole) == pytest.approx(
        0.25, rel=0.1
    )
    assert measure_sharpness(truth, build_grey(), hole) == 0
