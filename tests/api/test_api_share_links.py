"""albums/…/share-links/ and share-links/: made, listed and revoked by the album's owner."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery.models import Photo, Role, ShareLink
from gallery.services import album_create, photo_delete, share_link_create
from tests import rows
from tests.api.caller import Caller, pointers, problem, session

pytestmark = pytest.mark.django_db


def links_of(photo: Photo) -> str:
    return f"albums/{photo.album_id}/share-links/"


def made(owner: Caller, photo: Photo, /, **body: Any) -> dict[str, Any]:
    answer = owner.post(links_of(photo), body)
    assert answer.status_code == 201, answer.body
    link: dict[str, Any] = answer.json()
    return link


def test_a_link_to_the_album_opens_it_to_anybody(owner: Caller, photo: Photo) -> None:
    link = made(owner, photo)
    assert (link["album"], link["photo"], link["expires_at"]) == (str(photo.album_id), None, None)
    assert set(link) == {"id", "album", "photo", "url", "created_at", "expires_at"}
    assert link["url"].startswith("/shared/")
    assert Client().get(link["url"]).status_code == 200
    assert owner.get(links_of(photo)).json()["results"] == [link]


def test_a_link_to_one_photo_with_an_end(owner: Caller, photo: Photo) -> None:
    link = made(owner, photo, photo=str(photo.pk), expires_in_days=7)
    assert link["photo"] == str(photo.pk)
    left = datetime.fromisoformat(link["expires_at"]) - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


def test_the_newest_comes_first_and_what_opens_nothing_is_left_out(
    owner: Caller, photo: Photo, alice: User
) -> None:
    first, over, revoked, second = (made(owner, photo) for _ in range(4))
    ShareLink.objects.filter(pk=over["id"]).update(expires_at=timezone.now())
    assert owner.delete(f"share-links/{revoked['id']}/").status_code == 204
    gone = rows.upload(alice, album=photo.album)
    made(owner, photo, photo=str(gone.pk))
    photo_delete(user=alice, photo=gone)
    listed = owner.get(links_of(photo)).json()
    assert [row["id"] for row in listed["results"]] == [second["id"], first["id"]]
    assert len(listed["results"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"expires_in_days": 0},
        {"expires_in_days": -1},
        {"expires_in_days": 3651},
        {"expires_in_days": "soon"},
        {"photo": "x"},
        {"photo": ["x"]},
    ],
)
def test_wishes_that_are_none(owner: Caller, photo: Photo, body: dict[str, Any]) -> None:
    refusal = problem(owner.post(links_of(photo), body), 422, "invalid")
    assert pointers(refusal) == [f"#/{name}" for name in body]
    assert not ShareLink.objects.exists()


def test_nulls_are_the_same_as_nothing(owner: Caller, photo: Photo) -> None:
    link = made(owner, photo, photo=None, expires_in_days=None)
    assert (link["photo"], link["expires_at"]) == (None, None)


def test_a_photo_of_another_album_is_not_shared(owner: Caller, photo: Photo, alice: User) -> None:
    elsewhere = rows.upload(alice, album=album_create(user=alice, name="Other"))
    body = {"photo": str(elsewhere.pk)}
    problem(owner.post(links_of(photo), body), 404, "not_found")


def test_nor_one_that_the_asker_may_not_see(owner: Caller, photo: Photo, bob: User) -> None:
    body = {"photo": str(rows.upload(bob).pk)}
    problem(owner.post(links_of(photo), body), 404, "not_found")


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_members_neither_see_nor_steer_links(
    photo: Photo, alice: User, bob: User, role: Role
) -> None:
    link = share_link_create(user=alice, album=photo.album)
    rows.share(photo.album, bob, role)
    member = session(bob)
    problem(member.get(links_of(photo)), 403, "not_allowed")
    problem(member.post(links_of(photo), {}), 403, "not_allowed")
    problem(member.delete(f"share-links/{link.pk}/"), 403, "not_allowed")
    assert Client().get(f"/shared/{link.token}/").status_code == 200


def test_strangers_find_nothing(stranger: Caller, photo: Photo, alice: User) -> None:
    link = share_link_create(user=alice, album=photo.album)
    problem(stranger.get(links_of(photo)), 404, "not_found")
    problem(stranger.post(links_of(photo), {}), 404, "not_found")
    problem(stranger.delete(f"share-links/{link.pk}/"), 404, "not_found")


def test_a_revoked_link_is_gone(owner: Caller, photo: Photo) -> None:
    link = made(owner, photo)
    path = f"share-links/{link['id']}/"
    assert owner.delete(path).status_code == 204
    assert Client().get(link["url"]).status_code == 404
    problem(owner.delete(path), 404, "not_found")
