"""albums/ and members/: create, share, rename and delete."""

import pytest

from accounts.models import User
from gallery.models import Album, AlbumMember, Photo, Role
from gallery.services import album_create
from tests import rows
from tests.api.caller import Caller, check_problem, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(alice: User) -> Album:
    return album_create(user=alice, name="Holiday")


@pytest.fixture
def member(album: Album, bob: User) -> AlbumMember:
    """Bob views Alice's album."""
    return rows.share(album, bob, Role.VIEWER)


def test_a_new_album_is_owned_by_its_creator(owner: Caller) -> None:
    response = owner.post("albums/", {"name": " Holiday "})
    album = response.json()
    assert response.status_code == 201
    assert owner.get(response["Location"]).json() == album
    assert {key: album[key] for key in ("name", "role", "photo_count", "is_default")} == {
        "name": "Holiday",
        "role": "owner",
        "photo_count": 0,
        "is_default": False,
    }


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, None, ["x"], {"a": 1}])
def test_an_invalid_album_name_is_refused(owner: Caller, name: object) -> None:
    response = owner.post("albums/", {"name": name})
    assert response.status_code == 422
    assert not Album.objects.exists()


def test_the_list_has_own_and_shared_albums(album: Album, alice: User, bob: User) -> None:
    album_create(user=bob, name="Bob's")
    rows.share(album, bob, Role.VIEWER)
    page = sign_in(bob).get("albums/").json()
    assert [(row["name"], row["role"]) for row in page["results"]] == [
        ("Bob's", "owner"),
        ("Holiday", "viewer"),
    ]
    assert (page["next"], page["previous"]) == (None, None)


def test_photos_are_counted_once_whatever_the_number_of_members(
    owner: Caller, photo: Photo, bob: User, charlie: User
) -> None:
    for user in (bob, charlie):
        rows.share(photo.album, user, Role.VIEWER)
    assert owner.get(f"albums/{photo.album_id}/").json()["photo_count"] == 1


def test_an_editor_may_rename_an_album(album: Album, bob: User) -> None:
    rows.share(album, bob, Role.EDITOR)
    renamed = sign_in(bob).patch(f"albums/{album.pk}/", {"name": "Beach"}).json()
    assert (renamed["name"], renamed["role"], renamed["photo_count"]) == ("Beach", "editor", 0)


def test_a_viewer_may_not_rename_an_album(album: Album, member: AlbumMember, bob: User) -> None:
    check_problem(sign_in(bob).patch(f"albums/{album.pk}/", {"name": "x"}), 403, "not_allowed")


def test_the_owner_deletes_an_album_with_its_photos(owner: Caller, photo: Photo) -> None:
    assert owner.delete(f"albums/{photo.album_id}/").status_code == 204
    assert not Photo.objects.exists()
    assert not Album.objects.exists()


def test_a_stranger_gets_404_for_an_album(stranger: Caller, album: Album) -> None:
    check_problem(stranger.get(f"albums/{album.pk}/"), 404, "not_found")
    check_problem(stranger.get(f"albums/{album.pk}/members/"), 404, "not_found")
    assert stranger.get("albums/").json()["results"] == []


def test_a_new_member_is_listed(owner: Caller, album: Album, bob: User) -> None:
    path = f"albums/{album.pk}/members/"
    response = owner.post(path, {"email": "BOB@people.example", "role": "viewer"})
    assert response.status_code == 201
    member = response.json()
    assert (member["email"], member["display_name"], member["role"]) == (bob.email, "Bob", "viewer")
    members = owner.get(path).json()["results"]
    assert [(row["email"], row["role"]) for row in members] == [
        ("alice@people.example", "owner"),
        ("bob@people.example", "viewer"),
    ]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"email": "nobody@people.example", "role": "viewer"}, (422, "unknown_person")),
        ({"email": "bob@people.example", "role": "viewer"}, (409, "already_member")),
        ({"email": "charlie@people.example", "role": "owner"}, (422, "invalid")),
        ({"email": "charlie@people.example"}, (422, "invalid")),
        ({"role": "viewer"}, (422, "invalid")),
    ],
)
def test_invalid_sharing_is_refused(
    owner: Caller,
    member: AlbumMember,
    charlie: User,
    body: dict[str, str],
    refusal: tuple[int, str],
) -> None:
    check_problem(owner.post(f"albums/{member.album_id}/members/", body), *refusal)
    assert member.album.memberships.count() == 2


def test_only_the_owner_may_share(member: AlbumMember, bob: User, charlie: User) -> None:
    body = {"email": charlie.email, "role": "viewer"}
    response = sign_in(bob).post(f"albums/{member.album_id}/members/", body)
    check_problem(response, 403, "not_allowed")


def test_a_member_can_get_another_role_but_not_owner(owner: Caller, member: AlbumMember) -> None:
    path = f"albums/{member.album_id}/members/{member.pk}/"
    changed = owner.patch(path, {"role": "editor"}).json()
    assert (changed["id"], changed["role"]) == (str(member.pk), "editor")
    body = check_problem(owner.patch(path, {"role": "owner"}), 422, "invalid")
    assert body["errors"] == [
        {
            "pointer": "#/role",
            "detail": "A member is an editor or a viewer.",
            "expected": ["editor", "viewer"],
            "received": "owner",
        }
    ]


def test_a_member_is_found_in_its_own_album_only(
    owner: Caller, alice: User, member: AlbumMember
) -> None:
    other = album_create(user=alice, name="Other")
    path = f"albums/{other.pk}/members/{member.pk}/"
    check_problem(owner.patch(path, {"role": "editor"}), 404, "not_found")


def test_members_can_leave_and_the_owner_cannot(
    owner: Caller, member: AlbumMember, bob: User
) -> None:
    path = f"albums/{member.album_id}/members/"
    assert sign_in(bob).delete(f"{path}{member.pk}/").status_code == 204
    own = member.album.memberships.get()
    check_problem(owner.delete(f"{path}{own.pk}/"), 409, "owner_stays")
