"""Unknown fields are refused; a misspelt field that is ignored would seem to be accepted."""

from typing import Any

import pytest

from gallery.models import Photo, ShareLink
from tests.api.caller import Caller, check_problem, list_pointers

BOX = {"x": 4, "y": 4, "width": 8, "height": 8}
pytestmark = pytest.mark.django_db


def test_a_link_with_an_unsupported_password_is_refused(owner: Caller, photo: Photo) -> None:
    path = f"albums/{photo.album_id}/share-links/"
    body = check_problem(owner.post(path, {"password": "secret"}), 422, "invalid")
    (fault,) = body["errors"]
    assert (fault["pointer"], fault["expected"]) == (
        "#/password",
        ["photo", "always_newest", "expires_in_days"],
    )
    assert "secret" not in str(body)
    assert not ShareLink.objects.exists()


def test_unknown_fields_are_reported_with_all_other_faults(owner: Caller, photo: Photo) -> None:
    body = {"inpaiter": "lama", "boxes": [BOX, BOX | {"width": 0, "depth": 1}]}
    refusal = check_problem(owner.post(f"photos/{photo.pk}/edits/", body), 422, "invalid")
    assert list_pointers(refusal) == ["#/boxes/1/width", "#/inpaiter", "#/boxes/1/depth"]
    assert refusal["errors"][2]["expected"] == ["x", "y", "width", "height"]


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"labels": "dog", "growth": "3"}, "#/growth"),
        ({"mask_flie": b"x"}, "#/mask_flie"),
        ({"boxes": '[{"x": 1, "y": 1, "width": 9, "height": 9, "z": 1}]'}, "#/boxes/0/z"),
    ],
)
def test_unknown_fields_of_a_form_are_refused(
    owner: Caller, photo: Photo, form: dict[str, Any], pointer: str
) -> None:
    response = owner.post_form(f"photos/{photo.pk}/edits/", **form)
    assert list_pointers(check_problem(response, 422, "invalid")) == [pointer]


def test_unknown_fields_of_a_patch_are_refused(owner: Caller, photo: Photo) -> None:
    response = owner.patch(f"photos/{photo.pk}/", {"tilte": "Sea"})
    assert list_pointers(check_problem(response, 422, "invalid")) == ["#/tilte"]


def test_forewarnings_take_the_whole_body_of_an_edit(owner: Caller, photo: Photo) -> None:
    body = {"boxes": [BOX], "inpainter": "", "feather": 2, "base_edit": None}
    assert owner.post(f"photos/{photo.pk}/edits/forewarnings/", body).status_code == 200


def test_the_report_of_unknown_fields_is_limited(owner: Caller) -> None:
    body = {f"{number}{'x' * 1000}": 1 for number in range(500)}
    refusal = check_problem(owner.post("albums/", body), 422, "invalid")
    assert len(refusal["errors"]) == 21  # `name` is missing, and the first 20
    assert max(map(len, list_pointers(refusal))) < 110
