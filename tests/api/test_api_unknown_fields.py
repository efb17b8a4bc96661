"""A field that nobody knows is refused: passed over, a misspelt wish would seem to be granted."""

from typing import Any

import pytest

from gallery.models import Photo, ShareLink
from tests.api.caller import Caller, pointers, problem

BOX = {"x": 4, "y": 4, "width": 8, "height": 8}
pytestmark = pytest.mark.django_db


def test_a_link_that_seems_to_have_a_password_is_not_made(owner: Caller, photo: Photo) -> None:
    path = f"albums/{photo.album_id}/share-links/"
    body = problem(owner.post(path, {"password": "secret"}), 422, "invalid")
    (fault,) = body["errors"]
    assert (fault["pointer"], fault["expected"]) == ("#/password", ["photo", "expires_in_days"])
    assert "secret" not in str(body)
    assert not ShareLink.objects.exists()


def test_it_is_told_with_all_else_that_is_wrong(owner: Caller, photo: Photo) -> None:
    body = {"inpaiter": "lama", "boxes": [BOX, BOX | {"width": 0, "depth": 1}]}
    refused = problem(owner.post(f"photos/{photo.pk}/edits/", body), 422, "invalid")
    assert pointers(refused) == ["#/boxes/1/width", "#/inpaiter", "#/boxes/1/depth"]
    assert refused["errors"][2]["expected"] == ["x", "y", "width", "height"]


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"labels": "dog", "growth": "3"}, "#/growth"),
        ({"mask_flie": b"x"}, "#/mask_flie"),
        ({"boxes": '[{"x": 1, "y": 1, "width": 9, "height": 9, "z": 1}]'}, "#/boxes/0/z"),
    ],
)
def test_in_a_form_too(owner: Caller, photo: Photo, form: dict[str, Any], pointer: str) -> None:
    answer = owner.form(f"photos/{photo.pk}/edits/", **form)
    assert pointers(problem(answer, 422, "invalid")) == [pointer]


def test_changes_know_their_fields(owner: Caller, photo: Photo) -> None:
    answer = owner.patch(f"photos/{photo.pk}/", {"tilte": "Sea"})
    assert pointers(problem(answer, 422, "invalid")) == ["#/tilte"]


def test_forewarnings_take_the_whole_body_of_an_edit(owner: Caller, photo: Photo) -> None:
    body = {"boxes": [BOX], "inpainter": "", "feather": 2, "base_edit": None}
    assert owner.post(f"photos/{photo.pk}/edits/forewarnings/", body).status_code == 200


def test_a_body_of_nonsense_is_not_repeated_at_length(owner: Caller) -> None:
    body = {f"{number}{'x' * 1000}": 1 for number in range(500)}
    refused = problem(owner.post("albums/", body), 422, "invalid")
    assert len(refused["errors"]) == 21  # `name` is missing, and the first 20
    assert max(map(len, pointers(refused))) < 110
