"""Offsets from a fill's pixels to their sources, which are outside the hole."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.inpainters.detail import offsets
from vision.inpainters.detail.descriptions import describe_patches
from vision.inpainters.detail.offsets import Offsets, find_offsets
from vision.inpainters.detail.places import RADIUS, find_places
from vision.progress import ignore_progress

Hole = NDArray[np.bool_]


def build_noise(height: int, width: int) -> NDArray[np.uint8]:
    """Return slightly blurred coloured noise."""
    white = np.random.default_rng(2).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return cv2.GaussianBlur(white, (0, 0), 1.0).astype(np.uint8)


def build_hole(shape: tuple[int, int], top: int, left: int, height: int, width: int) -> Hole:
    hole = np.zeros(shape, np.bool_)
    hole[top : top + height, left : left + width] = True
    return hole


def has_only_sources(result: Offsets) -> bool:
    source_places = result.here
    return bool(
        source_places.is_source[
            source_places.rows + result.down, source_places.columns + result.right
        ].all()
    )


def count_different(result: Offsets) -> int:
    return len(np.unique(np.stack([result.down, result.right]), axis=1).T)


@pytest.mark.parametrize("comparisons", [offsets.MOST_COMPARISONS, 100_000])
def test_a_copied_piece_is_traced_to_its_original(
    monkeypatch: pytest.MonkeyPatch, comparisons: int
) -> None:
    monkeypatch.setattr(offsets, "MOST_COMPARISONS", comparisons)
    picture = build_noise(64, 120)
    picture[20:44, 80:104] = picture[12:36, 20:44]
    result = find_offsets(
        picture, find_places(build_hole((64, 120), 20, 80, 24, 24)), ignore_progress
    )
    assert has_only_sources(result)
    # Patches at the hole's edge contain surroundings too.
    inner = build_hole((64, 120), 20 + RADIUS, 80 + RADIUS, 24 - 2 * RADIUS, 24 - 2 * RADIUS)
    numbers = result.here.index[inner]
    assert (result.down[numbers] == -8).all()
    assert (result.right[numbers] == -60).all()


def test_neighbours_are_copied_from_one_place_when_many_match(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = np.random.default_rng(3).integers(118, 139, (60, 80, 3), dtype=np.uint8)
    source_places = find_places(build_hole((60, 80), 20, 30, 20, 24))
    count_together = count_different(find_offsets(picture, source_places, ignore_progress))
    monkeypatch.setattr(offsets, "TOGETHER", 0.0)
    assert (
        count_together < count_different(find_offsets(picture, source_places, ignore_progress)) / 2
    )


@pytest.mark.parametrize(
    "hole",
    [
        build_hole((41, 53), 0, 0, 20, 20),
        build_hole((41, 53), 30, 40, 11, 13),
        build_hole((41, 53), 0, 10, 41, 30),
        ~build_hole((41, 53), 17, 20, 7, 7),
        build_hole((41, 53), 20, 20, 1, 1),
        np.random.default_rng(4).random((41, 53)) > 0.995,
    ],
)
@pytest.mark.parametrize("comparisons", [offsets.MOST_COMPARISONS, 1])
def test_every_offset_leads_to_a_source(
    monkeypatch: pytest.MonkeyPatch, hole: Hole, comparisons: int
) -> None:
    monkeypatch.setattr(offsets, "MOST_COMPARISONS", comparisons)
    result = find_offsets(build_noise(*hole.shape), find_places(hole), ignore_progress)
    assert len(result.down) == len(result.right) == hole.sum()
    assert has_only_sources(result)


def test_sources_are_the_centres_of_patches_outside_the_hole() -> None:
    hole = build_hole((30, 40), 10, 15, 4, 5)
    source_places = find_places(hole)
    expected = [
        row * 40 + column
        for row in range(RADIUS, 30 - RADIUS)
        for column in range(RADIUS, 40 - RADIUS)
        if not hole[row - RADIUS : row + RADIUS + 1, column - RADIUS : column + RADIUS + 1].any()
    ]
    assert source_places.sources.tolist() == expected
    assert (source_places.hole == hole).all()


def test_neighbours_stay_in_the_hole() -> None:
    source_places = find_places(build_hole((10, 10), 2, 3, 2, 3))
    assert source_places.index[2:4, 3:6].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert source_places.find_beside(0, 1).tolist() == [1, 2, 2, 4, 5, 5]
    assert source_places.find_beside(1, 0).tolist() == [3, 4, 5, 3, 4, 5]
    assert source_places.find_beside(-40, 0).tolist() == [0, 1, 2, 3, 4, 5]


def test_distances_of_descriptions_are_mean_squared_differences() -> None:
    slope = np.arange(20, dtype=np.uint8)[np.newaxis, :, np.newaxis]
    one = np.broadcast_to(slope * 4 + 40, (20, 20, 3)).astype(np.uint8)
    other = np.broadcast_to(slope * 2 + 90, (20, 20, 3)).astype(np.uint8)
    distance = ((describe_patches(one)[10, 10] - describe_patches(other)[10, 10]) ** 2).sum()
    patch = (slice(7, 14), slice(7, 14))
    exact = ((one[patch].astype(float) - other[patch]) ** 2)[:, :, 0].mean()
    assert distance == pytest.approx(exact, rel=0.02)


def test_a_blurred_patch_matches_a_flat_one_better_than_grain() -> None:
    flat = np.full((20, 20, 3), 120, np.uint8)
    checks = np.indices((20, 20)).sum(axis=0) % 2 * 60 + 90
    grain = np.repeat(checks[:, :, np.newaxis], 3, axis=2).astype(np.uint8)
    blurred = flat.copy()
    blurred[:, 10:] = 110
    blurred = cv2.GaussianBlur(blurred, (0, 0), 3.0).astype(np.uint8)
    target, smooth, rough = (
        describe_patches(picture)[10, 10] for picture in (blurred, flat, grain)
    )
    assert ((target - smooth) ** 2).sum() * 4 < ((target - rough) ** 2).sum()
