"""Selections: by how much the mask of what is selected grows."""

import numpy as np
import pytest

from vision import masks
from vision.selections import SelectedArea, compute_default_growth, grow_area


@pytest.mark.parametrize(
    ("shape", "pixels"),
    [((120, 120), 4), ((1000, 1000), 4), ((2000, 2000), 8), ((3000, 4000), 14)],
)
def test_imported_masks_grow_in_proportion_to_the_photo(
    shape: tuple[int, int], pixels: int
) -> None:
    assert compute_default_growth(shape) == pixels


def test_the_grown_mask_is_returned_with_its_growth() -> None:
    area = SelectedArea(masks.from_boxes((90, 120), [(40, 30, 20, 10)]), is_imported=True)
    for asked, expected in ((None, 4), (0, 0), (9, 9)):
        pixels, grown = grow_area(area, asked)
        assert pixels == expected
        np.testing.assert_array_equal(grown, masks.grow(area.pixels, expected))
