"""Masks and detections in other formats: `?format=` and Accept; each can be sent back."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gallery.models import Photo
from tests import rows
from tests.api.caller import Caller, check_problem
from vision.detectors.base import Box

MEDIA_TYPES = {
    "coco": "application/vnd.coco+json",
    "label_studio": "application/vnd.label-studio+json",
    "png": "image/png",
}
pytestmark = pytest.mark.django_db


def create_mask(owner: Caller, photo: Photo) -> dict[str, Any]:
    png = rows.build_mask_png(hole=Box(x=20, y=20, width=30, height=20))
    mask: dict[str, Any] = owner.post_form(
        f"photos/{photo.pk}/masks/", file=png, name="sign"
    ).json()
    return mask


@pytest.mark.usefixtures("files_in_folder")
@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_a_mask_can_be_had_in_every_format_and_sent_back(
    owner: Caller, photo: Photo, name: str
) -> None:
    mask = create_mask(owner, photo)
    named = owner.get(mask["file"], format=name)
    accepting = replace(owner, headers={"Accept": MEDIA_TYPES[name]})
    assert accepting.get(mask["file"]).body == named.body
    assert named["Content-Type"] == MEDIA_TYPES[name]
    assert "Accept" in named["Vary"]
    again = owner.post_form(f"photos/{photo.pk}/masks/", file=named.body).json()
    assert again["sha256"] == mask["sha256"]
    assert again["convention"] == ("white" if name == "png" else "annotation")


@pytest.mark.parametrize("accept", ["*/*", "text/html,image/webp,*/*;q=0.8", "image/avif,*/*"])
def test_a_mask_is_a_png_for_all_who_name_no_format(
    owner: Caller, photo: Photo, accept: str
) -> None:
    mask = create_mask(owner, photo)
    assert (
        replace(owner, headers={"Accept": accept}).get(mask["file"])["Content-Type"] == "image/png"
    )


def test_an_unknown_format_is_refused(owner: Caller, photo: Photo) -> None:
    mask = create_mask(owner, photo)
    for path in (mask["file"], f"photos/{photo.pk}/detections/"):
        body = check_problem(owner.get(path, format="svg"), 400, "invalid_parameter")
        assert body["errors"][0]["parameter"] == "format"
        assert "coco" in body["errors"][0]["expected"]


def test_detections_can_be_had_in_every_format(owner: Caller, photo: Photo) -> None:
    rows.create_detection(photo, "dog")
    rows.create_detection(photo, "cat", x=50, shadow=True)
    path = f"photos/{photo.pk}/detections/"
    coco = owner.get(path, format="coco").json()
    assert [row["name"] for row in coco["categories"]] == ["cat", "dog"]
    assert [row["area"] for row in coco["annotations"]] == [320, 320]
    assert {row["score"] for row in coco["annotations"]} == {0.9}
    (task,) = owner.get(path, format="label_studio").json()
    assert len(task["predictions"][0]["result"]) == 2
    expected = np.zeros((64, 96), np.uint8)
    expected[10:26, 10:30] = expected[10:26, 50:70] = 255
    png = owner.get(path, format="png")
    assert png["Content-Type"] == "image/png"
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(png.body))), expected)
    for name in MEDIA_TYPES:
        file = owner.get(path, format=name).body
        mask = owner.post_form(f"photos/{photo.pk}/masks/", file=file).json()
        assert mask["covered_pixels"] == 640


def test_exports_of_detections_are_filtered_and_the_list_stays_the_default(
    owner: Caller, photo: Photo
) -> None:
    rows.create_detection(photo, "dog")
    rows.create_detection(photo, "cat", x=50)
    path = f"photos/{photo.pk}/detections/"
    coco = owner.get(path, format="coco", label="cat").json()
    assert [row["name"] for row in coco["categories"]] == ["cat"]
    body = check_problem(owner.get(path, format="coco", lable="cat"), 400, "unknown_parameter")
    assert "label" in body["detail"]
    for accept in ("*/*", "application/json", "text/html,image/png,*/*;q=0.8"):
        response = replace(owner, headers={"Accept": accept}).get(path)
        assert len(response.json()["results"]) == 2


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_only_who_may_see_the_photo_gets_the_formats(
    owner: Caller, viewer: Caller, stranger: Caller, photo: Photo, name: str
) -> None:
    mask = create_mask(owner, photo)
    for path in (mask["file"], f"photos/{photo.pk}/detections/"):
        assert viewer.get(path, format=name).status_code == 200
        check_problem(stranger.get(path, format=name), 404, "not_found")
        check_problem(Caller().get(path, format=name), 401, "not_authenticated")
