"""`?fields=`: lists and single objects have only the requested fields."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.models import Photo
from tests import rows
from tests.api.caller import Caller, check_problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("photos/", "id,title"),
        ("photos/", "original_revision,unfinished_edits,detection_state"),
        ("photos/", "current,can_undo,can_edit,role"),
        ("albums/", "photo_count"),
        ("albums/{album}/members/", "email"),
        ("edits/", "queue_position,revision"),
        ("photos/{photo}/edits/", "detections,error"),
        ("photos/{photo}/masks/", "file"),
        ("photos/{photo}/revisions/", "number,is_current,thumbnail"),
        ("photos/{photo}/detections/", "label,box,removed"),
        ("examples/", "title"),
    ],
)
def test_list_rows_have_only_the_requested_fields(
    owner: Caller, photo: Photo, alice: User, path: str, fields: str
) -> None:
    rows.create_detection(photo)
    rows.create_box_edit(photo, alice)
    path = path.format(photo=photo.pk, album=photo.album_id)
    whole = owner.get(path).json()["results"][0]
    selected = owner.get(path, fields=fields).json()["results"][0]
    assert selected == {name: whole[name] for name in fields.split(",")}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("photos/{photo}/", "title,current"),
        ("albums/{album}/", "name"),
        ("me/", "email"),
        ("edits/{edit}/", "state, progress"),
        ("engines/", "detector"),
    ],
)
def test_single_objects_have_only_the_requested_fields(
    owner: Caller, photo: Photo, alice: User, path: str, fields: str
) -> None:
    edit = rows.create_box_edit(photo, alice)
    path = path.format(photo=photo.pk, album=photo.album_id, edit=edit.pk)
    whole = owner.get(path).json()
    selected = owner.get(path, fields=fields).json()
    assert selected == {name.strip(): whole[name.strip()] for name in fields.split(",")}


@pytest.mark.parametrize("path", ["photos/", "photos/{photo}/", "examples/", "albums/{album}/"])
@pytest.mark.parametrize("fields", ["", "nothing", "id,nothing", "id,", "id title", "\0"])
def test_unknown_fields_are_refused(owner: Caller, photo: Photo, path: str, fields: str) -> None:
    response = owner.get(path.format(photo=photo.pk, album=photo.album_id), fields=fields)
    body = check_problem(response, 400, "unknown_field")
    assert body["errors"][0]["parameter"] == "fields"
    assert "id" in body["errors"][0]["expected"]


def test_the_next_page_has_the_same_fields(owner: Caller, photo: Photo, alice: User) -> None:
    rows.upload(alice)
    first = owner.get("photos/", fields="title", limit=1).json()
    assert owner.get(first["next"]).json()["results"] == [{"title": "beach"}]


def test_fields_that_are_not_requested_are_not_queried(
    owner: Caller, photo: Photo, alice: User
) -> None:
    rows.create_box_edit(photo, alice)

    def record_queries(fields: str) -> str:
        with CaptureQueriesContext(connection) as captured:
            owner.get("edits/", fields=fields)
        return " ".join(query["sql"] for query in captured)

    tables = {
        "queue_position": "ROW_NUMBER",
        "detections": "inpainting_edit_detections",
        "revision": "gallery_revision",
    }
    for name, table in tables.items():
        assert table in record_queries(f"id,{name}")
        assert table not in record_queries("id,state")


def test_a_change_returns_all_fields(owner: Caller, photo: Photo) -> None:
    body = owner.patch(f"photos/{photo.pk}/?fields=title", {"title": "Sea"}).json()
    assert body == owner.get(f"photos/{photo.pk}/").json()
