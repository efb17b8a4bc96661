"""Albums and their members."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from gallery import selectors
from gallery.models import Album, AlbumMember, Photo, Role
from gallery.policies import select_visible_photos
from gallery.services import (
    album_create,
    album_delete,
    album_rename,
    default_album_ensure,
    member_add,
    member_change,
    member_remove,
)
from tests import rows
from web.errors import NotAllowed, NotThere, Problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(alice: User) -> Album:
    """Alice's album "Holiday"."""
    return album_create(user=alice, name="Holiday")


def test_the_creator_is_the_owner(alice: User, album: Album) -> None:
    assert selectors.get_album(alice, album.pk).role == "owner"  # type: ignore[attr-defined]


def test_the_default_album_is_created_once(alice: User) -> None:
    assert default_album_ensure(user=alice) == default_album_ensure(user=alice)


def test_the_database_refuses_a_second_owner(bob: User, album: Album) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.share(album, bob, Role.OWNER)


def test_nobody_sees_the_photos_of_an_album_without_owner(alice: User, album: Album) -> None:
    photo = rows.upload(alice, album=album)
    AlbumMember.objects.all().delete()
    assert photo not in select_visible_photos(alice)


def test_a_member_is_added_changed_and_removed(alice: User, bob: User, album: Album) -> None:
    member = member_add(user=alice, album=album, email=" BOB@people.example ", role="viewer")
    assert (member.user, member.role) == (bob, "viewer")
    assert member_change(user=alice, member=member, role="editor").role == "editor"
    with pytest.raises(Problem) as refusal:
        member_add(user=alice, album=album, email=bob.email, role="viewer")
    assert refusal.value.code == "already_member"
    member_remove(user=bob, member=member)
    assert selectors.list_albums(bob).count() == 0


@pytest.mark.parametrize(("email", "role"), [("nobody@people.example", "viewer"), ("", "viewer")])
def test_sharing_with_an_unknown_email_is_refused(
    alice: User, album: Album, email: str, role: str
) -> None:
    with pytest.raises(Problem) as refusal:
        member_add(user=alice, album=album, email=email, role=role)
    assert refusal.value.code == "unknown_person"


def test_a_second_owner_cannot_be_added(alice: User, bob: User, album: Album) -> None:
    with pytest.raises(Problem) as refusal:
        member_add(user=alice, album=album, email=bob.email, role="owner")
    assert refusal.value.code == "unknown_role"


def test_the_owner_cannot_leave(alice: User, album: Album) -> None:
    with pytest.raises(Problem) as refusal:
        member_remove(user=alice, member=album.memberships.get(user=alice))
    assert refusal.value.code == "owner_stays"


def test_each_role_can_do_only_what_it_may(
    alice: User, bob: User, charlie: User, album: Album
) -> None:
    member = rows.share(album, bob, Role.EDITOR)
    album_rename(user=bob, album=album, name="Our holiday")
    with pytest.raises(NotAllowed):
        album_delete(user=bob, album=album)
    with pytest.raises(NotAllowed):
        member_add(user=bob, album=album, email=charlie.email, role="viewer")
    with pytest.raises(NotThere):
        album_rename(user=charlie, album=album, name="Mine")
    with pytest.raises(NotThere):
        member_remove(user=charlie, member=member)
    with pytest.raises(NotThere):
        selectors.get_album(charlie, album.pk)


def test_deleting_an_album_deletes_its_photos(alice: User, album: Album) -> None:
    rows.upload(alice, album=album)
    album_delete(user=alice, album=album)
    assert not Photo.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_an_empty_or_too_long_name_is_refused(alice: User, name: str) -> None:
    with pytest.raises(Problem):
        album_create(user=alice, name=name)
