"""Where a fill's content comes from is found again, and leads to what is known only."""

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


def noise(height: int, width: int) -> NDArray[np.uint8]:
    """Coloured noise, a little soft."""
    white = np.random.default_rng(2).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return cv2.GaussianBlur(white, (0, 0), 1.0).astype(np.uint8)


def box(shape: tuple[int, int], top: int, left: int, height: int, width: int) -> Hole:
    hole = np.zeros(shape, np.bool_)
    hole[top : top + height, left : left + width] = True
    return hole


def lead_to_sources(found: Offsets) -> bool:
    here = found.here
    return bool(here.is_source[here.rows + found.down, here.columns + found.right].all())


def different(found: Offsets) -> int:
    return len(np.unique(np.stack([found.down, found.right]), axis=1).T)


@pytest.mark.parametrize("most", [offsets.MOST_COMPARISONS, 100_000])
def test_a_copied_piece_is_traced_to_its_original(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(offsets, "MOST_COMPARISONS", most)
    picture = noise(64, 120)
    picture[20:44, 80:104] = picture[12:36, 20:44]
    found = find_offsets(picture, find_places(box((64, 120), 20, 80, 24, 24)), ignore_progress)
    assert lead_to_sources(found)
    # Patches beside the rim hold what is around as well.
    inner = box((64, 120), 20 + RADIUS, 80 + RADIUS, 24 - 2 * RADIUS, 24 - 2 * RADIUS)
    numbers = found.here.index[inner]
    assert (found.down[numbers] == -8).all()
    assert (found.right[numbers] == -60).all()


def test_neighbours_come_from_one_place_where_many_are_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = np.random.default_rng(3).integers(118, 139, (60, 80, 3), dtype=np.uint8)
    here = find_places(box((60, 80), 20, 30, 20, 24))
    together = different(find_offsets(picture, here, ignore_progress))
    monkeypatch.setattr(offsets, "TOGETHER", 0.0)
    assert together < different(find_offsets(picture, here, ignore_progress)) / 2


@pytest.mark.parametrize(
    "hole",
    [
        box((41, 53), 0, 0, 20, 20),
        box((41, 53), 30, 40, 11, 13),
        box((41, 53), 0, 10, 41, 30),
        ~box((41, 53), 17, 20, 7, 7),
        box((41, 53), 20, 20, 1, 1),
        np.random.default_rng(4).random((41, 53)) > 0.995,
    ],
)
@pytest.mark.parametrize("most", [offsets.MOST_COMPARISONS, 1])
def test_every_offset_leads_to_a_source(
    monkeypatch: pytest.MonkeyPatch, hole: Hole, most: int
) -> None:
    monkeypatch.setattr(offsets, "MOST_COMPARISONS", most)
    found = find_offsets(noise(*hole.shape), find_places(hole), ignore_progress)
    assert len(found.down) == len(found.right) == hole.sum()
    assert lead_to_sources(found)


def test_sources_are_the_middles_of_whole_known_patches() -> None:
    hole = box((30, 40), 10, 15, 4, 5)
    here = find_places(hole)
    expected = [
        row * 40 + column
        for row in range(RADIUS, 30 - RADIUS)
        for column in range(RADIUS, 40 - RADIUS)
        if not hole[row - RADIUS : row + RADIUS + 1, column - RADIUS : column + RADIUS + 1].any()
    ]
    assert here.sources.tolist() == expected
    assert (here.hole == hole).all()


def test_beside_stays_in_the_hole() -> None:
    here = find_places(box((10, 10), 2, 3, 2, 3))
    assert here.index[2:4, 3:6].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert here.find_beside(0, 1).tolist() == [1, 2, 2, 4, 5, 5]
    assert here.find_beside(1, 0).tolist() == [3, 4, 5, 3, 4, 5]
    assert here.find_beside(-40, 0).tolist() == [0, 1, 2, 3, 4, 5]


def test_distances_of_descriptions_are_mean_squared_differences() -> None:
    slope = np.arange(20, dtype=np.uint8)[np.newaxis, :, np.newaxis]
    one = np.broadcast_to(slope * 4 + 40, (20, 20, 3)).astype(np.uint8)
    other = np.broadcast_to(slope * 2 + 90, (20, 20, 3)).astype(np.uint8)
    distance = ((describe_patches(one)[10, 10] - describe_patches(other)[10, 10]) ** 2).sum()
    patch = (slice(7, 14), slice(7, 14))
    exact = ((one[patch].astype(float) - other[patch]) ** 2)[:, :, 0].mean()
    assert distance == pytest.approx(exact, rel=0.02)


def test_a_blurred_place_is_more_like_a_flat_one_than_like_grain() -> None:
    flat = np.full((20, 20, 3), 120, np.uint8)
    checks = np.indices((20, 20)).sum(axis=0) % 2 * 60 + 90
    grain = np.repeat(checks[:, :, np.newaxis], 3, axis=2).astype(np.uint8)
    blurred = flat.copy()
    blurred[:, 10:] = 110
    blurred = cv2.GaussianBlur(blurred, (0, 0), 3.0).astype(np.uint8)
    wanted, smooth, rough = (
        describe_patches(picture)[10, 10] for picture in (blurred, flat, grain)
    )
    assert ((wanted - smooth) ** 2).sum() * 4 < ((wanted - rough) ** 2).sum()
