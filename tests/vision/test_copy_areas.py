"""Where a fill may be copied from: source and protected areas."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vision.canvas import build_picture
from vision import masks
from vision.copy_areas import CopyAreas
from vision.errors import MaskRejected, VisionError
from vision.inpainters.patchmatch import PatchMatchInpainter
from vision.patches import apply
from vision.progress import Checkpoint
from vision.regions import find_regions
from vision.removal import remove

SHAPE = (180, 240)
MASK = masks.from_boxes(SHAPE, [(100, 70, 40, 40)])


def build_halves() -> NDArray[np.uint8]:
    """Return red texture on the left and blue texture on the right, an object between them."""
    picture = np.random.default_rng(2).integers(0, 60, (*SHAPE, 3), dtype=np.uint8)
    picture[:, :120, 0] += 150
    picture[:, 120:, 2] += 150
    return picture


def fill(areas: CopyAreas) -> NDArray[np.uint8]:
    picture = build_picture(build_halves())
    result = apply(picture.pixels, remove(picture, MASK, PatchMatchInpainter(), areas=areas))
    return np.asarray(result[75:105, 105:135], np.uint8)


def test_only_the_source_is_copied() -> None:
    left = masks.from_boxes(SHAPE, [(0, 0, 90, 180)])
    filled = fill(CopyAreas(source=left))
    assert (filled[:, :, 0] > filled[:, :, 2]).mean() > 0.9


def test_what_is_protected_is_not_copied() -> None:
    right = masks.from_boxes(SHAPE, [(118, 0, 122, 180)])
    filled = fill(CopyAreas(protect=right))
    assert (filled[:, :, 0] > filled[:, :, 2]).mean() > 0.9
    assert (fill(CopyAreas())[:, :, 0] < fill(CopyAreas())[:, :, 2]).mean() > 0.2


def test_a_source_outside_the_crop_enlarges_it() -> None:
    shape = (1000, 1500)
    mask = masks.from_boxes(shape, [(100, 90, 40, 30)])
    source = masks.from_boxes(shape, [(1300, 700, 50, 60)])
    (region,) = find_regions(mask, include=source)
    assert source[region.slices].sum() == source.sum()
    assert region.select_holes(mask).sum() == mask.sum()


class ColourFill:
    """An inpainter that cannot be told where to copy from; it keeps the mask that it got."""

    name = "colour"
    max_parallel_regions = 1

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        checkpoint(0.5)
        self.mask = mask
        return np.full_like(crop, 77)


def test_for_other_inpainters_what_is_protected_is_hole_and_stays_unchanged() -> None:
    picture, inpainter = build_picture(build_halves()), ColourFill()
    right = masks.from_boxes(SHAPE, [(150, 0, 90, 180)])
    patches = remove(picture, MASK, inpainter, areas=CopyAreas(protect=right))
    assert (inpainter.mask == np.maximum(MASK, right)).all()
    changed = (apply(picture.pixels, patches) != picture.pixels).any(axis=2)
    assert not changed[MASK == 0].any()


def test_areas_that_leave_nothing_to_copy_are_refused() -> None:
    picture = build_picture(build_halves())
    for areas in (CopyAreas(source=MASK), CopyAreas(protect=255 - MASK)):
        with pytest.raises(MaskRejected) as caught:
            remove(picture, MASK, ColourFill(), areas=areas)
        assert caught.value.code == "mask_no_source"
    with pytest.raises(MaskRejected) as caught:
        remove(picture, MASK, ColourFill(), areas=CopyAreas(source=MASK[1:]))
    assert caught.value.code == "mask_wrong_size"


def test_a_variant_that_the_inpainter_does_not_have_is_refused() -> None:
    with pytest.raises(VisionError) as caught:
        remove(build_picture(build_halves()), MASK, ColourFill(), variant=1)
    assert caught.value.code == "no_such_variant"
