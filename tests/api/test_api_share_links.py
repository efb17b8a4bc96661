"""albums/…/share-links/ and share-links/: create, list and revoke by the album's owner."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery.models import Photo, Role, ShareLink
from gallery.services import album_create, photo_delete, share_link_create
from tests import rows
from tests.api.caller import Caller, check_problem, list_pointers, sign_in

pytestmark = pytest.mark.django_db


def get_links_path(photo: Photo) -> str:
    return f"albums/{photo.album_id}/share-links/"


def create_link(owner: Caller, photo: Photo, /, **body: Any) -> dict[str, Any]:
    response = owner.post(get_links_path(photo), body)
    assert response.status_code == 201, response.body
    link: dict[str, Any] = response.json()
    return link


def test_a_link_opens_the_album_without_signing_in(owner: Caller, photo: Photo) -> None:
    link = create_link(owner, photo)
    assert (link["album"], link["photo"], link["expires_at"]) == (str(photo.album_id), None, None)
    assert link["always_newest"] is False
    assert set(link) == {
        "id", "album", "photo", "url", "always_newest", "created_at", "expires_at",
    }  # fmt: skip
    assert link["url"].startswith("/shared/")
    assert Client().get(link["url"]).status_code == 200
    assert owner.get(get_links_path(photo)).json()["results"] == [link]


def test_a_link_to_one_photo_can_expire(owner: Caller, photo: Photo) -> None:
    link = create_link(owner, photo, photo=str(photo.pk), expires_in_days=7)
    assert link["photo"] == str(photo.pk)
    left = datetime.fromisoformat(link["expires_at"]) - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


def test_a_link_to_the_newest_state_says_so(owner: Caller, photo: Photo) -> None:
    link = create_link(owner, photo, photo=str(photo.pk), always_newest=True)
    assert link["always_newest"] is True
    assert owner.get(get_links_path(photo)).json()["results"] == [link]


def test_the_list_is_newest_first_and_omits_dead_links(
    owner: Caller, photo: Photo, alice: User
) -> None:
    first, expired, revoked, second = (create_link(owner, photo) for _ in range(4))
    ShareLink.objects.filter(pk=expired["id"]).update(expires_at=timezone.now())
    assert owner.delete(f"share-links/{revoked['id']}/").status_code == 204
    deleted_photo = rows.upload(alice, album=photo.album)
    create_link(owner, photo, photo=str(deleted_photo.pk))
    photo_delete(user=alice, photo=deleted_photo)
    page = owner.get(get_links_path(photo)).json()
    assert [row["id"] for row in page["results"]] == [second["id"], first["id"]]
    assert len(page["results"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"expires_in_days": 0},
        {"expires_in_days": -1},
        {"expires_in_days": 3651},
        {"expires_in_days": "soon"},
        {"photo": "x"},
        {"photo": ["x"]},
        {"always_newest": "perhaps"},
        {"always_newest": None},
    ],
)
def test_invalid_links_are_refused(owner: Caller, photo: Photo, body: dict[str, Any]) -> None:
    refusal = check_problem(owner.post(get_links_path(photo), body), 422, "invalid")
    assert list_pointers(refusal) == [f"#/{name}" for name in body]
    assert not ShareLink.objects.exists()


def test_null_fields_count_as_absent(owner: Caller, photo: Photo) -> None:
    link = create_link(owner, photo, photo=None, expires_in_days=None)
    assert (link["photo"], link["expires_at"]) == (None, None)


def test_a_photo_of_another_album_is_not_shared(owner: Caller, photo: Photo, alice: User) -> None:
    other_photo = rows.upload(alice, album=album_create(user=alice, name="Other"))
    body = {"photo": str(other_photo.pk)}
    check_problem(owner.post(get_links_path(photo), body), 404, "not_found")


def test_a_photo_that_the_caller_may_not_see_is_not_shared(
    owner: Caller, photo: Photo, bob: User
) -> None:
    body = {"photo": str(rows.upload(bob).pk)}
    check_problem(owner.post(get_links_path(photo), body), 404, "not_found")


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_members_may_not_list_create_or_revoke_links(
    photo: Photo, alice: User, bob: User, role: Role
) -> None:
    link = share_link_create(user=alice, album=photo.album)
    rows.share(photo.album, bob, role)
    member = sign_in(bob)
    check_problem(member.get(get_links_path(photo)), 403, "not_allowed")
    check_problem(member.post(get_links_path(photo), {}), 403, "not_allowed")
    check_problem(member.delete(f"share-links/{link.pk}/"), 403, "not_allowed")
    assert Client().get(f"/shared/{link.token}/").status_code == 200


def test_a_stranger_gets_404_for_links(stranger: Caller, photo: Photo, alice: User) -> None:
    link = share_link_create(user=alice, album=photo.album)
    check_problem(stranger.get(get_links_path(photo)), 404, "not_found")
    check_problem(stranger.post(get_links_path(photo), {}), 404, "not_found")
    check_problem(stranger.delete(f"share-links/{link.pk}/"), 404, "not_found")


def test_a_revoked_link_gets_404(owner: Caller, photo: Photo) -> None:
    link = create_link(owner, photo)
    path = f"share-links/{link['id']}/"
    assert owner.delete(path).status_code == 204
    assert Client().get(link["url"]).status_code == 404
    check_problem(owner.delete(path), 404, "not_found")
