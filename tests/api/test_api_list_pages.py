"""Pages of lists: complete and in order while rows tie, are added and are deleted."""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from gallery.models import Album, AlbumMember, Photo, Role
from gallery.services import album_create
from tests import people, rows
from tests.api.caller import ROOT, Caller, check_problem, sign_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def create_albums(user: User, number: int, *, at: datetime = NOON, name: str = "x") -> list[str]:
    """Create `number` albums with the same creation time and return their ids."""
    keys = [album_create(user=user, name=name).pk for _ in range(number)]
    Album.objects.filter(pk__in=keys).update(created_at=at)
    return sorted(map(str, keys))


def list_pages(caller: Caller, path: str, **query: Any) -> list[list[str]]:
    """Return the ids on each page, from the first to the last."""
    pages = []
    response = caller.get(path, **query).json()
    while True:
        pages.append([row["id"] for row in response["results"]])
        if response["next"] is None:
            return pages
        response = caller.get(response["next"]).json()


def list_all_ids(caller: Caller, path: str, **query: Any) -> list[str]:
    """Return the ids of all pages in order."""
    return list(chain.from_iterable(list_pages(caller, path, **query)))


def test_rows_with_equal_keys_appear_once_each(owner: Caller, alice: User) -> None:
    ids = create_albums(alice, 7)
    pages = list_pages(owner, "albums/", limit=3)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert list(chain.from_iterable(pages)) == ids


def test_a_full_last_page_has_no_next_page(owner: Caller, alice: User) -> None:
    create_albums(alice, 4)
    assert [len(page) for page in list_pages(owner, "albums/", limit=2)] == [2, 2]


def test_pages_can_be_read_forwards_and_backwards(owner: Caller, alice: User) -> None:
    ids = create_albums(alice, 5)
    first = owner.get("albums/", limit=2).json()
    second = owner.get(first["next"]).json()
    third = owner.get(second["next"]).json()
    assert [row["id"] for row in third["results"]] == ids[4:]
    back = owner.get(third["previous"]).json()
    assert back["results"] == second["results"]
    first_again = owner.get(back["previous"]).json()
    assert first_again["results"] == first["results"]
    assert (first["previous"], first_again["previous"]) == (None, None)
    assert owner.get(first_again["next"]).json()["results"] == second["results"]


def test_rows_added_or_deleted_between_pages_shift_nothing(owner: Caller, alice: User) -> None:
    ids = create_albums(alice, 4)
    first = owner.get("albums/", limit=2).json()
    newer = create_albums(alice, 3, at=NOON + timedelta(hours=1))
    Album.objects.get(pk=ids[1]).delete()
    second = owner.get(first["next"]).json()
    assert [row["id"] for row in second["results"]] == ids[2:]
    before = owner.get(second["previous"]).json()
    assert [row["id"] for row in before["results"]] == [newer[2], ids[0]]
    assert before["previous"]


def test_the_links_are_paths_that_keep_the_query(owner: Caller, alice: User) -> None:
    create_albums(alice, 2)
    link = owner.get("albums/", limit=1, name="x", ordering="name").json()["next"]
    assert link.startswith(f"{ROOT}albums/?limit=1&name=x&ordering=name&cursor=")


def test_a_page_has_fifty_rows_by_default(owner: Caller, alice: User) -> None:
    Album.objects.bulk_create(Album(name="x") for _ in range(201))
    AlbumMember.objects.bulk_create(
        AlbumMember(album=album, user=alice, role=Role.OWNER) for album in Album.objects.all()
    )
    assert len(owner.get("albums/").json()["results"]) == 50
    assert len(owner.get("albums/", limit=200).json()["results"]) == 200


@pytest.mark.parametrize("limit", ["0", "-1", "201", "9" * 5000, "x", "1e2", "", " 5", "\0", "٣"])
def test_invalid_limits_are_refused(owner: Caller, limit: str) -> None:
    body = check_problem(owner.get("albums/", limit=limit), 400, "invalid_parameter")
    assert body["errors"][0]["parameter"] == "limit"


def test_each_order_has_its_reverse(owner: Caller, alice: User) -> None:
    names = {"a": NOON, "b": NOON - timedelta(hours=1), "c": NOON + timedelta(hours=1)}
    for name, at in names.items():
        create_albums(alice, 1, at=at, name=name)

    def list_names(ordering: str) -> str:
        results = owner.get("albums/", ordering=ordering).json()["results"]
        return "".join(row["name"] for row in results)

    orders = {name: list_names(name) for name in ("name", "-name", "created_at", "-created_at")}
    assert orders == {"name": "abc", "-name": "cba", "created_at": "bac", "-created_at": "cab"}


def test_an_unknown_order_is_refused(owner: Caller) -> None:
    body = check_problem(owner.get("albums/", ordering="role"), 400, "invalid_parameter")
    assert body["errors"][0]["expected"] == ["created_at", "-created_at", "name", "-name"]


def test_a_cursor_is_valid_only_for_its_list_and_order(owner: Caller, alice: User) -> None:
    create_albums(alice, 2)
    link = owner.get("albums/", limit=1, ordering="name").json()["next"]
    cursor = link.partition("cursor=")[2]
    assert owner.get("albums/", limit=1, ordering="name", cursor=cursor).status_code == 200
    for path, ordering in (
        ("albums/", "-name"), ("albums/", "created_at"), ("photos/", "created_at"),
    ):  # fmt: skip
        response = owner.get(path, ordering=ordering, cursor=cursor)
        body = check_problem(response, 400, "bad_cursor")
        assert body["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("cursor", ["x", "..", "eyJhIjoxfQ.x", "\0", "ü", "x" * 10_000])
def test_invalid_cursors_are_refused(owner: Caller, cursor: str) -> None:
    check_problem(owner.get("albums/", cursor=cursor), 400, "bad_cursor")


def test_a_changed_cursor_is_refused(owner: Caller, alice: User) -> None:
    create_albums(alice, 2)
    cursor = owner.get("albums/", limit=1).json()["next"].partition("cursor=")[2]
    for place in (0, len(cursor) // 3, len(cursor) - 1):
        other = "A" if cursor[place] != "A" else "B"
        changed = cursor[:place] + other + cursor[place + 1 :]
        check_problem(owner.get("albums/", limit=1, cursor=changed), 400, "bad_cursor")


def test_every_list_can_be_read_page_by_page(
    owner: Caller, photo: Photo, alice: User, bob: User
) -> None:
    rows.share(photo.album, bob, Role.VIEWER)
    rows.share(photo.album, people.create_person("vera"), Role.VIEWER)
    for x in (10, 30):
        rows.create_box_edit(photo, alice, x=x)
        rows.create_detection(photo, x=x)
        owner.post(f"albums/{photo.album_id}/share-links/", {})
        owner.post("uploads/", {"filename": "a.png", "length": 10})
        owner.post("auth/tokens/", {"name": "x", "scopes": ["read"]})
    rows.run_all_edits()
    rows.upload(alice)
    album_create(user=alice, name="Other")
    of_photo, of_album = f"photos/{photo.pk}/", f"albums/{photo.album_id}/"
    for path, orderings in {
        "photos/": ["created_at", "title"],
        "albums/": ["created_at", "name"],
        "edits/": ["created_at"],
        "uploads/": ["created_at"],
        "auth/tokens/": ["created_at", "name"],
        f"{of_photo}edits/": ["created_at"],
        f"{of_photo}masks/": ["created_at", "name"],
        f"{of_photo}revisions/": ["number"],
        f"{of_photo}detections/": ["confidence", "label"],
        f"{of_album}members/": ["role", "email"],
        f"{of_album}share-links/": ["created_at"],
        "examples/": [],
    }.items():
        whole = [row["id"] for row in owner.get(path, limit=200).json()["results"]]
        assert len(whole) > 1, path
        assert list_all_ids(owner, path, limit=1) == whole, path
        for ordering in orderings:
            up = list_all_ids(owner, path, limit=1, ordering=ordering)
            down = list_all_ids(owner, path, limit=1, ordering=f"-{ordering}")
            assert up == down[::-1], (path, ordering)
            assert sorted(up) == sorted(whole), (path, ordering)


def test_examples_have_a_previous_page(owner: Caller) -> None:
    first = owner.get("examples/", limit=2).json()
    second = owner.get(first["next"]).json()
    assert owner.get(second["previous"]).json()["results"] == first["results"]
    assert first["previous"] is None


def test_an_empty_list_has_no_other_pages(stranger: Caller, charlie: User) -> None:
    for path in ("photos/", "albums/", "edits/", "uploads/", "auth/tokens/"):
        assert stranger.get(path).json() == {"next": None, "previous": None, "results": []}


def test_the_owner_is_the_first_of_the_members(photo: Photo, bob: User) -> None:
    rows.share(photo.album, people.create_person("aaron"), Role.EDITOR)
    rows.share(photo.album, bob, Role.VIEWER)
    page = sign_in(bob).get(f"albums/{photo.album_id}/members/", limit=1).json()
    assert page["results"][0]["role"] == "owner"
    following = sign_in(bob).get(page["next"]).json()
    assert following["results"][0]["email"] == "aaron@people.example"


def test_the_page_after_deleted_rows_is_empty(owner: Caller, alice: User) -> None:
    create_albums(alice, 2, at=timezone.now())
    link = owner.get("albums/", limit=1).json()["next"]
    Album.objects.all().delete()
    assert owner.get(link).json() == {"next": None, "previous": None, "results": []}
    assert uuid.UUID(owner.post("albums/", {"name": "x"}).json()["id"])
