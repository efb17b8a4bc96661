"""What an edit may select: detections, labels, boxes and masks, and what is refused."""

import uuid

import numpy as np
import pytest

from accounts.models import User
from gallery.models import Photo
from inpainting.mask_files import read_mask_pixels
from inpainting.models import Edit
from inpainting.selectors import find_removed_detection_ids
from inpainting.services import (
    PhotoSelection,
    edit_create,
)
from tests import rows
from vision.detectors.base import Box
from vision.errors import MaskRejected
from vision.mask_reading import MaskFile
from vision.object_masks import SOFT_EDGE, from_outlines
from vision.selections import LEAST_GROWTH
from web.errors import Problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(alice: User) -> Photo:
    return rows.upload(alice)


def test_removed_detections_are_known_per_revision(alice: User, photo: Photo) -> None:
    dog = rows.create_detection(photo)
    edit = edit_create(user=alice, photo=photo, selection=PhotoSelection(detection_ids=[dog.pk]))
    assert edit.label == "Removed dog"
    drawn = from_outlines((photo.height, photo.width), dog.outline)
    assert np.array_equal(read_mask_pixels(edit.mask), drawn)
    rows.run_all_edits()
    photo.refresh_from_db()
    assert find_removed_detection_ids(photo.current) == {dog.pk}
    assert find_removed_detection_ids(photo.revisions.get(number=0)) == set()


def test_only_detections_have_a_soft_edge_by_default(alice: User, photo: Photo) -> None:
    dog = rows.create_detection(photo).pk
    box = Box(x=70, y=40, width=5, height=5)
    for selection, feather in (
        (PhotoSelection(detection_ids=[dog]), SOFT_EDGE),
        (PhotoSelection(boxes=[box]), 0),
        (PhotoSelection(detection_ids=[dog], boxes=[box]), 0),
    ):
        assert edit_create(user=alice, photo=photo, selection=selection).feather == feather
        edit = edit_create(user=alice, photo=photo, selection=selection, feather=7)
        assert edit.feather == 7


def test_only_imported_masks_grow_by_themselves(alice: User, photo: Photo) -> None:
    dog, box = rows.create_detection(photo).pk, Box(x=70, y=40, width=5, height=5)
    png = rows.build_mask_png(hole=box)
    saved = rows.create_box_edit(photo, alice).mask
    for selection, grow in (
        (PhotoSelection(mask_file=MaskFile(png)), LEAST_GROWTH),
        (PhotoSelection(mask=saved), LEAST_GROWTH),
        (PhotoSelection(mask_file=MaskFile(png), boxes=[box], detection_ids=[dog]), LEAST_GROWTH),
        (PhotoSelection(boxes=[box]), 0),
        (PhotoSelection(polygons=[[(70, 40), (75, 40), (75, 45)]]), 0),
        (PhotoSelection(detection_ids=[dog]), 0),
    ):
        assert edit_create(user=alice, photo=photo, selection=selection).grow == grow
        for asked in (0, 7):
            edit = edit_create(user=alice, photo=photo, selection=selection, grow=asked)
            assert edit.grow == asked


def test_a_mask_that_would_cover_the_photo_does_not_grow_by_itself(
    alice: User, photo: Photo
) -> None:
    hole = Box(x=1, y=1, width=photo.width - 2, height=photo.height - 2)
    selection = PhotoSelection(mask_file=MaskFile(rows.build_mask_png(hole=hole)))
    assert edit_create(user=alice, photo=photo, selection=selection).grow == 0


def test_a_label_selects_every_instance(alice: User, photo: Photo) -> None:
    both = {rows.create_detection(photo).pk, rows.create_detection(photo, x=60).pk}
    rows.create_detection(photo, "cat", y=40)
    edit = edit_create(user=alice, photo=photo, selection=PhotoSelection(labels=["Dog"]))
    assert {row.pk for row in edit.detections.all()} == both


def test_a_label_of_nothing_in_the_photo_is_refused_with_those_found(
    alice: User, photo: Photo
) -> None:
    rows.create_detection(photo)
    with pytest.raises(Problem, match="Found: dog") as refusal:
        edit_create(user=alice, photo=photo, selection=PhotoSelection(labels=["zebra"]))
    assert refusal.value.code == "label_not_found"


@pytest.mark.parametrize(
    ("selection", "code"),
    [
        (PhotoSelection(), "nothing_chosen"),
        (PhotoSelection(boxes=[Box(x=500, y=0, width=5, height=5)]), "box_outside"),
        (PhotoSelection(detection_ids=[uuid.UUID(int=1)]), "unknown_detection"),
    ],
)
def test_an_invalid_selection_is_refused(
    alice: User, photo: Photo, selection: PhotoSelection, code: str
) -> None:
    with pytest.raises(Problem) as refusal:
        edit_create(user=alice, photo=photo, selection=selection)
    assert refusal.value.code == code
    assert not Edit.objects.exists()


@pytest.mark.parametrize(
    ("png", "code"),
    [
        (rows.build_mask_png(), "mask_empty"),
        (rows.build_mask_png(hole=Box(x=0, y=0, width=96, height=64)), "mask_covers_everything"),
        (rows.build_mask_png(width=50, hole=Box(x=1, y=1, width=5, height=5)), "mask_wrong_size"),
        (b"not a picture", "mask_unreadable"),
    ],
)
def test_an_invalid_mask_is_refused(alice: User, photo: Photo, png: bytes, code: str) -> None:
    selection = PhotoSelection(mask_file=MaskFile(png))
    with pytest.raises(MaskRejected) as refusal:
        edit_create(user=alice, photo=photo, selection=selection)
    assert refusal.value.code == code
    assert not Edit.objects.exists()


def test_a_label_selects_only_objects_not_yet_removed(alice: User, photo: Photo) -> None:
    rows.create_detection(photo)
    edit_create(user=alice, photo=photo, selection=PhotoSelection(labels=["dog"]))
    rows.run_all_edits()
    photo.refresh_from_db()
    with pytest.raises(Problem, match="Found: nothing"):
        edit_create(user=alice, photo=photo, selection=PhotoSelection(labels=["dog"]))
    second = rows.create_detection(photo, x=60)
    edit = edit_create(user=alice, photo=photo, selection=PhotoSelection(labels=["dog"]))
    assert [row.pk for row in edit.detections.all()] == [second.pk]


def test_a_mask_that_covers_everything_when_grown_is_refused(alice: User, photo: Photo) -> None:
    selection = PhotoSelection(boxes=[Box(x=0, y=0, width=95, height=63)])
    with pytest.raises(MaskRejected):
        edit_create(user=alice, photo=photo, selection=selection, grow=50)
    assert not Edit.objects.exists()
