"""Masks of detected objects."""

import numpy as np

from vision.object_masks import SOFT_EDGE, from_outlines


def test_two_outlines_become_one_whole_shape_with_a_rim() -> None:
    left = [(20.0, 20.0), (60.0, 20.0), (60.0, 80.0), (20.0, 80.0)]
    right = [(61.0, 22.0), (90.0, 22.0), (90.0, 78.0), (61.0, 78.0)]
    mask = from_outlines((100, 120), [left, right])
    assert mask[50, 18:92].all()
    rows, columns = (np.flatnonzero((mask > 0).any(axis=axis)) for axis in (1, 0))
    assert (rows[0], rows[-1]) == (20 - SOFT_EDGE, 79 + SOFT_EDGE)
    assert (columns[0], columns[-1]) == (20 - SOFT_EDGE, 89 + SOFT_EDGE)
