"""Where a fill may be copied from: source and protected areas."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vision.canvas import build_picture
from vision import masks
from vision.copy_areas import CopyAreas
from vision.errors import InpainterFailed, MaskRejected, VisionError
from vision.inpainters.base import FillOptions, require_source
from vision.inpainters.detail.places import SIDE as PATCH_SIDE
from vision.inpainters.detail.places import find_places
from vision.inpainters.patchmatch import PatchMatchInpainter
from vision.inpainters.patchmatch.scenes import Crop
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


def test_a_source_that_is_too_thin_at_the_working_size_is_refused() -> None:
    shape = (1000, 1500)
    mask = masks.from_boxes(shape, [(700, 400, 100, 100)])
    strip = masks.from_boxes(shape, [(0, 10, 1500, 6)])
    noise = np.random.default_rng(2).integers(0, 60, (*shape, 3), dtype=np.uint8)
    with pytest.raises(MaskRejected) as caught:
        remove(build_picture(noise), mask, PatchMatchInpainter(), areas=CopyAreas(source=strip))
    assert caught.value.code == "mask_no_source"


class NoSource(ColourFill):
    """An inpainter that finds nothing to fill from."""

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        checkpoint(0.5)
        require_source(np.ones_like(mask) > 0)
        return crop


def test_the_areas_are_named_only_where_they_are_the_reason() -> None:
    picture = build_picture(build_halves())
    right = masks.from_boxes(SHAPE, [(150, 0, 90, 180)])
    with pytest.raises(MaskRejected) as caught:
        remove(picture, MASK, NoSource(), areas=CopyAreas(protect=right))
    assert caught.value.code == "mask_no_source"
    for areas in (CopyAreas(), CopyAreas(protect=MASK)):
        with pytest.raises(InpainterFailed) as failed:
            remove(picture, MASK, NoSource(), areas=areas)
        assert failed.value.code == "inpainter_no_source"


def test_between_two_parts_of_a_hole_no_whole_patch_is_copied_from_what_is_protected() -> None:
    hole = np.zeros((120, 120), np.bool_)
    hole[40:80, 30:56] = hole[40:80, 64:90] = True
    avoid = np.zeros_like(hole)
    avoid[20:100, 20:100] = True
    crop = Crop(np.zeros((120, 120, 3), np.uint8), hole, FillOptions(avoid=avoid))
    scene = crop.get_scene(512)
    places = find_places(scene.hole, scene.blocked)
    patch = np.ones((PATCH_SIDE, PATCH_SIDE), np.uint8)
    inside = cv2.erode((avoid & ~hole).astype(np.uint8), patch) > 0
    assert places.sources.size
    assert not (places.is_source & inside).any()
    assert not scene.blocked[39, 30:56].any()  # beside one part the fill has to fit


def test_a_variant_that_the_inpainter_does_not_have_is_refused() -> None:
    with pytest.raises(VisionError) as caught:
        remove(build_picture(build_halves()), MASK, ColourFill(), variant=1)
    assert caught.value.code == "no_such_variant"
