"""albums/ and their members."""

import pytest

from accounts.models import User
from gallery.models import Album, AlbumMember, Photo, Role
from gallery.services import album_create
from tests import rows
from tests.api.caller import Caller, problem, session

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(alice: User) -> Album:
    return album_create(user=alice, name="Holiday")


@pytest.fixture
def member(album: Album, bob: User) -> AlbumMember:
    """Bob views Alice's album."""
    return rows.share(album, bob, Role.VIEWER)


def test_a_new_album_is_owned_by_its_maker(owner: Caller) -> None:
    answer = owner.post("albums/", {"name": " Holiday "})
    made = answer.json()
    assert answer.status_code == 201
    assert owner.get(answer["Location"]).json() == made
    assert {key: made[key] for key in ("name", "role", "photo_count", "is_default")} == {
        "name": "Holiday",
        "role": "owner",
        "photo_count": 0,
        "is_default": False,
    }


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, None, ["x"], {"a": 1}])
def test_a_name_that_is_none(owner: Caller, name: object) -> None:
    answer = owner.post("albums/", {"name": name})
    assert answer.status_code == 422
    assert not Album.objects.exists()


def test_the_list_has_ones_own_and_shared_ones(album: Album, alice: User, bob: User) -> None:
    album_create(user=bob, name="Bob's")
    rows.share(album, bob, Role.VIEWER)
    listed = session(bob).get("albums/").json()
    assert [(row["name"], row["role"]) for row in listed["results"]] == [
        ("Bob's", "owner"),
        ("Holiday", "viewer"),
    ]
    assert (listed["next"], listed["previous"]) == (None, None)


def test_photos_are_counted_once_however_many_members(
    owner: Caller, photo: Photo, bob: User, charlie: User
) -> None:
    for user in (bob, charlie):
        rows.share(photo.album, user, Role.VIEWER)
    assert owner.get(f"albums/{photo.album_id}/").json()["photo_count"] == 1


def test_an_editor_renames(album: Album, bob: User) -> None:
    rows.share(album, bob, Role.EDITOR)
    renamed = session(bob).patch(f"albums/{album.pk}/", {"name": "Beach"}).json()
    assert (renamed["name"], renamed["role"], renamed["photo_count"]) == ("Beach", "editor", 0)


def test_a_viewer_does_not(album: Album, member: AlbumMember, bob: User) -> None:
    problem(session(bob).patch(f"albums/{album.pk}/", {"name": "x"}), 403, "not_allowed")


def test_the_owner_deletes_it_with_its_photos(owner: Caller, photo: Photo) -> None:
    assert owner.delete(f"albums/{photo.album_id}/").status_code == 204
    assert not Photo.objects.exists()
    assert not Album.objects.exists()


def test_strangers_see_no_album(stranger: Caller, album: Album) -> None:
    problem(stranger.get(f"albums/{album.pk}/"), 404, "not_found")
    problem(stranger.get(f"albums/{album.pk}/members/"), 404, "not_found")
    assert stranger.get("albums/").json()["results"] == []


def test_sharing_and_listing_members(owner: Caller, album: Album, bob: User) -> None:
    path = f"albums/{album.pk}/members/"
    answer = owner.post(path, {"email": "BOB@people.example", "role": "viewer"})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["email"], made["display_name"], made["role"]) == (bob.email, "Bob", "viewer")
    listed = owner.get(path).json()["results"]
    assert [(row["email"], row["role"]) for row in listed] == [
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
def test_sharing_that_fails(
    owner: Caller,
    member: AlbumMember,
    charlie: User,
    body: dict[str, str],
    refusal: tuple[int, str],
) -> None:
    problem(owner.post(f"albums/{member.album_id}/members/", body), *refusal)
    assert member.album.memberships.count() == 2


def test_only_the_owner_shares(member: AlbumMember, bob: User, charlie: User) -> None:
    body = {"email": charlie.email, "role": "viewer"}
    answer = session(bob).post(f"albums/{member.album_id}/members/", body)
    problem(answer, 403, "not_allowed")


def test_another_role(owner: Caller, member: AlbumMember) -> None:
    path = f"albums/{member.album_id}/members/{member.pk}/"
    changed = owner.patch(path, {"role": "editor"}).json()
    assert (changed["id"], changed["role"]) == (str(member.pk), "editor")
    body = problem(owner.patch(path, {"role": "owner"}), 422, "invalid")
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
    problem(owner.patch(path, {"role": "editor"}), 404, "not_found")


def test_members_leave_and_owners_stay(owner: Caller, member: AlbumMember, bob: User) -> None:
    path = f"albums/{member.album_id}/members/"
    assert session(bob).delete(f"{path}{member.pk}/").status_code == 204
    own = member.album.memberships.get()
    problem(owner.delete(f"{path}{own.pk}/"), 409, "owner_stays")
