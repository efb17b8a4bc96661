"""masks/: store, read and download."""

import pytest

from gallery.models import Photo
from inpainting.models import Mask
from tests import images, rows
from tests.api.caller import Caller, check_problem
from vision import masks
from vision.detectors.base import Box

HOLE = Box(x=8, y=6, width=10, height=5)
pytestmark = pytest.mark.django_db


def test_a_stored_mask_can_be_downloaded(owner: Caller, photo: Photo) -> None:
    png = rows.build_mask_png(hole=HOLE)
    response = owner.post_form(f"photos/{photo.pk}/masks/", file=png, name="the dog")
    mask = response.json()
    assert response.status_code == 201
    assert (mask["photo"], mask["name"]) == (str(photo.pk), "the dog")
    assert (mask["width"], mask["height"], mask["covered_pixels"]) == (96, 64, 50)
    assert mask["file"] == f"/api/v1/masks/{mask['id']}/file/"
    assert owner.get(response["Location"]).json() == mask
    assert owner.get(f"photos/{photo.pk}/masks/").json()["results"] == [mask]
    file = owner.get(mask["file"])
    assert file["Content-Type"] == "image/png"
    downloaded_png = file.body
    assert (
        masks.from_png(downloaded_png, width=96, height=64)
        == masks.from_png(png, width=96, height=64)
    ).all()


@pytest.mark.parametrize(
    ("png", "code"),
    [
        (rows.build_mask_png(), "mask_empty"),
        (rows.build_mask_png(hole=Box(0, 0, 96, 64)), "mask_covers_everything"),
        (rows.build_mask_png(width=95, hole=HOLE), "mask_wrong_size"),
        (b"no picture", "mask_unreadable"),
        (b"", "mask_unreadable"),
        (images.build_png(64, 48)[:50], "mask_unreadable"),
    ],
    ids=["empty", "everything", "other size", "text", "no bytes", "truncated"],
)
def test_invalid_masks_are_refused(owner: Caller, photo: Photo, png: bytes, code: str) -> None:
    check_problem(owner.post_form(f"photos/{photo.pk}/masks/", file=png), 422, code)
    assert not Mask.objects.exists()


def test_a_mask_of_nothing_is_refused(owner: Caller, photo: Photo) -> None:
    body = check_problem(
        owner.post_form(f"photos/{photo.pk}/masks/", name="x"), 422, "nothing_chosen"
    )
    (fault,) = body["errors"]
    assert (fault["pointer"], fault["detail"]) == ("#", body["detail"])
    assert fault["expected"] == ["detections", "labels", "boxes", "polygons", "mask"]


def test_a_viewer_may_not_store_a_mask(viewer: Caller, photo: Photo) -> None:
    response = viewer.post_form(f"photos/{photo.pk}/masks/", file=rows.build_mask_png(hole=HOLE))
    check_problem(response, 403, "not_allowed")


def test_a_stranger_gets_404_for_a_mask(owner: Caller, stranger: Caller, photo: Photo) -> None:
    mask = owner.post_form(f"photos/{photo.pk}/masks/", file=rows.build_mask_png(hole=HOLE)).json()
    check_problem(stranger.get(f"masks/{mask['id']}/"), 404, "not_found")
    check_problem(stranger.get(mask["file"]), 404, "not_found")
