"""masks/: kept, shown, given back."""

import pytest

from gallery.models import Photo
from inpainting.models import Mask
from tests import images, rows
from tests.api.caller import Caller, problem
from vision import masks
from vision.detectors.base import Box

HOLE = Box(x=8, y=6, width=10, height=5)
pytestmark = pytest.mark.django_db


def test_a_mask_is_kept_and_given_back(owner: Caller, photo: Photo) -> None:
    png = rows.build_mask_png(hole=HOLE)
    answer = owner.form(f"photos/{photo.pk}/masks/", file=png, name="the dog")
    made = answer.json()
    assert answer.status_code == 201
    assert (made["photo"], made["name"]) == (str(photo.pk), "the dog")
    assert (made["width"], made["height"], made["covered_pixels"]) == (96, 64, 50)
    assert made["file"] == f"/api/v1/masks/{made['id']}/file/"
    assert owner.get(answer["Location"]).json() == made
    assert owner.get(f"photos/{photo.pk}/masks/").json()["results"] == [made]
    file = owner.get(made["file"])
    assert file["Content-Type"] == "image/png"
    given = file.body
    assert (
        masks.from_png(given, width=96, height=64) == masks.from_png(png, width=96, height=64)
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
def test_masks_that_make_no_sense(owner: Caller, photo: Photo, png: bytes, code: str) -> None:
    problem(owner.form(f"photos/{photo.pk}/masks/", file=png), 422, code)
    assert not Mask.objects.exists()


def test_of_nothing(owner: Caller, photo: Photo) -> None:
    body = problem(owner.form(f"photos/{photo.pk}/masks/", name="x"), 422, "nothing_chosen")
    (fault,) = body["errors"]
    assert (fault["pointer"], fault["detail"]) == ("#", body["detail"])
    assert fault["expected"] == ["detections", "labels", "boxes", "polygons", "mask"]


def test_a_viewer_keeps_no_mask(viewer: Caller, photo: Photo) -> None:
    answer = viewer.form(f"photos/{photo.pk}/masks/", file=rows.build_mask_png(hole=HOLE))
    problem(answer, 403, "not_allowed")


def test_strangers_find_no_mask(owner: Caller, stranger: Caller, photo: Photo) -> None:
    made = owner.form(f"photos/{photo.pk}/masks/", file=rows.build_mask_png(hole=HOLE)).json()
    problem(stranger.get(f"masks/{made['id']}/"), 404, "not_found")
    problem(stranger.get(made["file"]), 404, "not_found")
