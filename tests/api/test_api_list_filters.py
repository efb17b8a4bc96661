"""Filters of lists: what each returns, and that invalid parameters are refused."""

import uuid
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from accounts.models import Token, User
from gallery.models import Album, Photo, Role
from gallery.services import album_create
from inpainting.models import Detection, Edit, Mask
from jobs.models import State
from tests import images, rows
from tests.api.caller import Caller, check_problem, sign_in
from vision.detectors.base import Box

pytestmark = pytest.mark.django_db


def list_ids(caller: Caller, path: str, **query: Any) -> set[str]:
    response = caller.get(path, **query)
    assert response.status_code == 200, response.body
    return {row["id"] for row in response.json()["results"]}


def get_keys(*objects: Any) -> set[str]:
    return {str(row.pk) for row in objects}


def test_photos_are_filtered(owner: Caller, photo: Photo, alice: User) -> None:
    other = album_create(user=alice, name="Other")
    jpeg = rows.upload(
        alice, album=other, data=images.encode_pixels(images.build_quarters(96, 64), "JPEG")
    )
    Photo.objects.filter(pk=jpeg.pk).update(title="Sea at 100%")
    rows.create_box_edit(photo, alice)
    for query, expected in (
        ({}, (photo, jpeg)),
        ({"album": other.pk}, (jpeg,)),
        ({"album": uuid.uuid4()}, ()),
        ({"format": "PNG"}, (photo,)),
        ({"title": "sEA"}, (jpeg,)),
        ({"title": "0%"}, (jpeg,)),
        ({"title": "%"}, (jpeg,)),
        ({"has_unfinished_edits": "true"}, (photo,)),
        ({"has_unfinished_edits": "false"}, (jpeg,)),
        ({"created_after": photo.created_at.isoformat()}, (jpeg,)),
        ({"created_before": jpeg.created_at.isoformat()}, (photo,)),
        ({"created_before": "2000-01-01"}, ()),
        ({"title": "sea", "album": photo.album_id}, ()),
    ):
        assert list_ids(owner, "photos/", **query) == get_keys(*expected), query


def test_filtering_by_a_foreign_album_returns_nothing(photo: Photo, stranger: Caller) -> None:
    assert list_ids(stranger, "photos/", album=photo.album_id) == set()


def test_edits_of_a_photo_are_filtered(owner: Caller, photo: Photo, alice: User) -> None:
    queued, ended, failed = (rows.create_box_edit(photo, alice, x=x) for x in (10, 30, 50))
    Edit.objects.filter(pk=ended.pk).update(state=State.SUCCEEDED)
    Edit.objects.filter(pk=failed.pk).update(state=State.FAILED)
    path = f"photos/{photo.pk}/edits/"
    assert list_ids(owner, path, state="queued") == get_keys(queued)
    assert list_ids(owner, path, state=["succeeded", "failed"]) == get_keys(ended, failed)
    assert list_ids(owner, path, created_after=queued.created_at.isoformat()) == get_keys(
        ended, failed
    )
    assert list_ids(owner, path, created_before=ended.created_at.isoformat()) == get_keys(queued)


def test_all_visible_edits_are_listed_and_filtered(
    owner: Caller, stranger: Caller, photo: Photo, alice: User, bob: User
) -> None:
    other = rows.upload(alice, album=album_create(user=alice, name="Other"))
    foreign_photo = rows.upload(bob)
    here, there, foreign = (
        rows.create_box_edit(photo, alice),
        rows.create_box_edit(other, alice),
        rows.create_box_edit(foreign_photo, bob),
    )
    assert list_ids(owner, "edits/") == get_keys(here, there)
    assert list_ids(owner, "edits/", photo=photo.pk) == get_keys(here)
    assert list_ids(owner, "edits/", album=other.album_id) == get_keys(there)
    assert list_ids(owner, "edits/", photo=foreign_photo.pk) == set()
    assert list_ids(stranger, "edits/") == set()
    rows.share(photo.album, bob, Role.VIEWER)
    assert list_ids(sign_in(bob), "edits/") == get_keys(here, foreign)
    check_problem(Caller().get("edits/"), 401, "not_authenticated")


def test_an_edit_is_the_same_in_every_list(owner: Caller, photo: Photo, alice: User) -> None:
    edit = rows.create_box_edit(photo, alice)
    edit.detections.add(rows.create_detection(photo))
    body = owner.get(f"edits/{edit.pk}/").json()
    for path in ("edits/", f"photos/{photo.pk}/edits/"):
        assert owner.get(path).json()["results"] == [body]


def test_the_queue_position_counts_the_edits_of_all_users(
    owner: Caller, photo: Photo, alice: User, bob: User
) -> None:
    rows.create_box_edit(rows.upload(bob), bob)
    mine = [rows.create_box_edit(photo, alice, x=x) for x in (10, 30, 50)]
    Edit.objects.filter(pk=mine[0].pk).update(state=State.RUNNING)
    results = owner.get("edits/").json()["results"]
    single_edits = [owner.get(f"edits/{row['id']}/").json() for row in results]
    assert [row["queue_position"] for row in results] == [
        each["queue_position"] for each in single_edits
    ]
    assert results[-1]["queue_position"] is None
    assert all(row["queue_position"] for row in results[:-1])


def test_detections_are_filtered(owner: Caller, photo: Photo) -> None:
    dog, cat = rows.create_detection(photo, "dog"), rows.create_detection(photo, "cat")
    Detection.objects.filter(pk=cat.pk).update(confidence=0.5)
    path = f"photos/{photo.pk}/detections/"
    assert list_ids(owner, path, label="DOG") == get_keys(dog)
    assert list_ids(owner, path, label="do") == set()
    assert list_ids(owner, path, min_confidence="0.6") == get_keys(dog)
    assert list_ids(owner, path, min_confidence="0.5") == get_keys(dog, cat)
    assert owner.get(path, label="dog").json()["state"] == "succeeded"


def test_masks_are_filtered(owner: Caller, photo: Photo, alice: User) -> None:
    png = rows.build_mask_png(hole=Box(x=4, y=4, width=8, height=8))
    saved = owner.post_form(f"photos/{photo.pk}/masks/", file=png, name="Left dog").json()["id"]
    used: Mask = rows.create_box_edit(photo, alice).mask
    path = f"photos/{photo.pk}/masks/"
    assert list_ids(owner, path, name="dog") == {saved}
    assert list_ids(owner, path, is_used="true") == get_keys(used)
    assert list_ids(owner, path, is_used="false") == {saved}


def test_revisions(owner: Caller, edited_photo: Photo) -> None:
    first, second = edited_photo.revisions.order_by("number")
    path = f"photos/{edited_photo.pk}/revisions/"
    assert list_ids(owner, path, parent=first.pk) == get_keys(second)
    assert list_ids(owner, path, created_before=second.created_at.isoformat()) == get_keys(first)


def test_albums_and_members_are_filtered(bob: User, photo: Photo) -> None:
    own = album_create(user=bob, name="Holiday")
    rows.share(photo.album, bob, Role.VIEWER)
    caller = sign_in(bob)
    assert list_ids(caller, "albums/", role="viewer") == get_keys(photo.album)
    assert list_ids(caller, "albums/", name="holi") == get_keys(own)
    members = caller.get(f"albums/{photo.album_id}/members/", role="viewer").json()["results"]
    assert [row["email"] for row in members] == [bob.email]


def test_share_links_uploads_and_tokens_are_filtered(
    owner: Caller, photo: Photo, alice: User
) -> None:
    links = f"albums/{photo.album_id}/share-links/"
    owner.post(links, {})
    narrow = owner.post(links, {"photo": str(photo.pk)}).json()
    assert list_ids(owner, links, photo=photo.pk) == {narrow["id"]}
    owner.post("uploads/", {"filename": "a.png", "length": 10})
    into = {"filename": "a.png", "length": 10, "album": str(photo.album_id)}
    upload = owner.post("uploads/", into).json()
    assert list_ids(owner, "uploads/", album=photo.album_id) == {upload["id"]}
    old, new = (
        owner.post("auth/tokens/", {"name": name, "scopes": ["read"]}).json()["id"]
        for name in ("Old", "New")
    )
    Token.objects.filter(id=old).update(expiry=timezone.now())
    assert list_ids(owner, "auth/tokens/", is_expired="true") == {old}
    assert list_ids(owner, "auth/tokens/", is_expired="false") == {new}
    assert list_ids(owner, "auth/tokens/", name="new") == {new}


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("photos/", "album", "x"),
        ("photos/", "format", "png"),
        ("photos/", "title", "\0"),
        ("photos/", "title", "x" * 201),
        ("photos/", "has_unfinished_edits", "maybe"),
        ("photos/", "has_unfinished_edits", "True"),
        ("photos/", "created_after", "yesterday"),
        ("photos/", "created_after", "0001-01-01T00:00:00+23:59"),
        ("photos/", "created_after", "9999-12-31T23:59:59-23:59"),
        ("photos/", "created_after", "9" * 400),
        ("edits/", "state", "done"),
        ("edits/", "photo", "1"),
        ("photos/{photo}/detections/", "min_confidence", "1.1"),
        ("photos/{photo}/detections/", "min_confidence", "nan"),
        ("photos/{photo}/detections/", "min_confidence", "1e999"),
        ("albums/", "role", "boss"),
    ],
)
def test_invalid_filter_values_are_refused(
    owner: Caller, photo: Photo, path: str, name: str, value: str
) -> None:
    response = owner.get(path.format(photo=photo.pk), **{name: value})
    body = check_problem(response, 400, "invalid_parameter")
    assert [fault["parameter"] for fault in body["errors"]] == [name]
    assert body["errors"][0]["expected"]


@pytest.mark.parametrize(
    "path",
    [
        "photos/", "albums/", "edits/", "uploads/", "auth/tokens/", "examples/",
        "photos/{photo}/edits/", "photos/{photo}/masks/", "photos/{photo}/revisions/",
        "photos/{photo}/detections/", "albums/{album}/members/", "albums/{album}/share-links/",
    ],
)  # fmt: skip
def test_every_list_refuses_unknown_parameters(owner: Caller, photo: Photo, path: str) -> None:
    path = path.format(photo=photo.pk, album=photo.album_id)
    body = check_problem(owner.get(path, page="2", limit="1"), 400, "unknown_parameter")
    assert [fault["parameter"] for fault in body["errors"]] == ["page"]
    assert {"limit", "cursor", "fields"} <= set(body["errors"][0]["expected"])


def test_a_repeated_parameter_is_refused(owner: Caller) -> None:
    body = check_problem(owner.get("photos/?limit=1&limit=2"), 400, "invalid_parameter")
    assert body["errors"][0]["parameter"] == "limit"


def test_a_filter_holds_on_every_page(owner: Caller, alice: User) -> None:
    for name in ("sea", "hill", "sea", "sea"):
        album_create(user=alice, name=name)
    first = owner.get("albums/", name="sea", limit=2).json()
    rest = owner.get(first["next"]).json()
    assert len(first["results"] + rest["results"]) == 3
    assert {row["name"] for row in first["results"] + rest["results"]} == {"sea"}
    assert Album.objects.count() == 4


def test_time_filters_accept_time_zones(owner: Caller, photo: Photo) -> None:
    zoned = photo.created_at.isoformat().replace("+00:00", "Z")
    assert list_ids(owner, "photos/", created_after=zoned) == set()
    response = owner.get(f"photos/?created_before={quote('2100-01-01T00:00:00+02:00')}")
    assert len(response.json()["results"]) == 1
