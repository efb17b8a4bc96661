"""Mask files of every kind: how they were read is in the responses."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gallery.models import Photo
from inpainting.mask_files import read_mask_pixels
from inpainting.models import Edit, Mask
from tests import images, rows
from tests.api.caller import Caller, check_problem, list_pointers
from tests.api.worker import run_jobs_while_waiting
from vision.detectors.base import Box

HOLE = Box(x=20, y=20, width=30, height=20)
INSIDE = np.zeros((64, 96), bool)
INSIDE[20:40, 20:50] = True
pytestmark = pytest.mark.django_db


def build_photo_with_hole() -> bytes:
    """Return a photo with a transparent part, as OpenAI's image edits take it."""
    noise = images.build_noise(64, 96) // 4 + 90
    alpha = np.where(INSIDE, 0, 255)
    return images.encode_pixels(np.dstack([noise, alpha]).astype(np.uint8), "PNG")


def build_labels() -> bytes:
    labels = np.where(INSIDE, 7, 0).astype(np.uint8)
    labels[2:9, 2:9] = 3
    return images.encode_pixels(labels, "PNG")


def read_marked(mask_id: str) -> Any:
    return read_mask_pixels(Mask.objects.get(pk=mask_id)) == 255


def test_a_stored_mask_says_how_its_file_was_read(owner: Caller, photo: Photo) -> None:
    path = f"photos/{photo.pk}/masks/"
    mask = owner.post_form(path, file=build_photo_with_hole()).json()
    assert mask["convention"] == "transparent"
    assert "photo with a transparent part" in mask["notes"][0]
    np.testing.assert_array_equal(read_marked(mask["id"]), INSIDE)
    assert owner.get(f"masks/{mask['id']}/").json() == mask
    drawn = owner.post(path, {"boxes": [{"x": 1, "y": 2, "width": 3, "height": 4}]}).json()
    assert (drawn["convention"], drawn["notes"]) == (None, [])


def test_an_edit_and_its_forewarnings_say_how_the_file_was_read(
    owner: Caller, photo: Photo
) -> None:
    for path in (f"photos/{photo.pk}/edits/forewarnings/", f"photos/{photo.pk}/edits/"):
        body = owner.post_form(path, mask_file=build_photo_with_hole()).json()
        assert body["mask_convention"] == "transparent"
        assert "photo with a transparent part" in body["mask_notes"][0]
    np.testing.assert_array_equal(read_marked(body["mask"]), INSIDE)


def test_the_picture_of_one_call_comes_with_how_the_mask_was_read(
    owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_jobs_while_waiting(monkeypatch)
    small = np.asarray(Image.open(io.BytesIO(rows.build_mask_png(hole=HOLE))))[::2, ::2]
    response = owner.post_form(
        "vanish/", image=images.build_png(96, 64), mask=images.encode_pixels(small, "PNG")
    )
    assert response.status_code == 200, response.body
    assert response["Mask-Convention"] == "white"
    assert "scaled from 48 x 32 pixels to the photo's 96 x 64" in response["Mask-Notes"]


@pytest.mark.parametrize("convention", ["black", "auto"])
def test_a_convention_can_be_asked_for(owner: Caller, photo: Photo, convention: str) -> None:
    png = images.encode_pixels(np.where(INSIDE, 0, 255).astype(np.uint8), "PNG")
    mask = owner.post_form(f"photos/{photo.pk}/masks/", file=png, mask_convention=convention).json()
    assert (mask["convention"], mask["covered_pixels"]) == ("black", 600)
    response = owner.post_form(f"photos/{photo.pk}/masks/", file=png, mask_convention="grey")
    body = check_problem(response, 422, "invalid")
    assert body["errors"][0]["expected"] == ["white", "black", "transparent", "auto"]


def test_one_label_can_be_chosen(owner: Caller, photo: Photo) -> None:
    path = f"photos/{photo.pk}/masks/"
    every = owner.post_form(path, file=build_labels()).json()
    assert every["covered_pixels"] == 600 + 49
    one = owner.post_form(path, file=build_labels(), value=7).json()
    assert (one["covered_pixels"], one["convention"]) == (600, "label")
    body = check_problem(
        owner.post_form(path, file=build_labels(), value=5), 422, "mask_value_absent"
    )
    assert "Found: 0, 3, 7" in body["detail"]
    body = check_problem(owner.post(path, {"value": 7}), 422, "invalid")
    assert list_pointers(body) == ["#/value"]


@pytest.mark.parametrize("path", ["masks/", "edits/", "edits/forewarnings/"])
def test_a_photo_as_a_mask_is_refused(owner: Caller, photo: Photo, path: str) -> None:
    field = "file" if path == "masks/" else "mask_file"
    file = images.encode_pixels(images.build_noise(64, 96), "PNG")
    response = owner.post_form(f"photos/{photo.pk}/{path}", **{field: file})
    body = check_problem(response, 422, "mask_unclear")
    assert list_pointers(body) == [f"#/{field}"]
    assert not Edit.objects.exists()
    assert not Mask.objects.exists()


def test_an_empty_mask_is_refused_with_what_is_in_it(owner: Caller, photo: Photo) -> None:
    png = images.encode_pixels(np.full((64, 96), 40, np.uint8), "PNG")
    body = check_problem(
        owner.post_form(f"photos/{photo.pk}/edits/", mask_file=png), 422, "mask_empty"
    )
    assert "one grey only, 40" in body["detail"]


def test_an_empty_mask_beside_a_box_is_accepted(owner: Caller, photo: Photo) -> None:
    box = '[{"x": 8, "y": 6, "width": 10, "height": 5}]'
    response = owner.post_form(f"photos/{photo.pk}/masks/", file=rows.build_mask_png(), boxes=box)
    assert response.json()["covered_pixels"] == 50
