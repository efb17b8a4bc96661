"""Pictures and holes scaled to an inpainter's working size."""

import numpy as np
import pytest

from vision.inpainters.scaling import fit_size, resize_hole, resize_picture


@pytest.mark.parametrize(
    ("size", "expected"),
    [((3000, 4000), (576, 768)), ((500, 400), (500, 400)), ((4000, 2), (768, 1))],
)
def test_a_size_is_limited_by_the_longest_side(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert fit_size(*size, longest_side=768) == expected


@pytest.mark.parametrize("size", [1, 7, 512, 768, 1000, 1537])
def test_a_pixel_is_hole_where_it_overlaps_any_hole(size: int) -> None:
    for pixel in (0, size // 2, size - 1):
        hole = np.zeros((size, 3), dtype=np.bool_)
        hole[pixel, 1] = True
        small = resize_hole(hole, 512, 3)
        rows = np.arange(512)
        overlaps = (rows * size < (pixel + 1) * 512) & ((rows + 1) * size > pixel * 512)
        assert (small[:, 1] == overlaps).all()
        assert not small[:, [0, 2]].any()


def test_shrinking_averages_over_the_area() -> None:
    picture = np.arange(48, dtype=np.float32).reshape(4, 4, 3)
    expected = picture.reshape(2, 2, 2, 2, 3).mean(axis=(1, 3))
    assert np.allclose(resize_picture(picture, 2, 2), expected)


def test_enlarging_keeps_a_flat_colour() -> None:
    picture = np.full((3, 5, 3), 77, dtype=np.uint8)
    assert (resize_picture(picture, 30, 41) == 77).all()
    assert resize_picture(picture, 30, 41).shape == (30, 41, 3)
