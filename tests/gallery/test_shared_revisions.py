"""Which revision of a photo a share link shows, after undo, redo, restore and new edits."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.models import User
from gallery.models import Photo, Rendition, Revision, SharedRevision, ShareLink
from gallery.renditions import read_file
from gallery.services import (
    album_create,
    cleanup,
    photo_delete,
    photo_redo,
    photo_undo,
    photo_update,
    revision_restore,
    share_link_create,
    share_link_revoke,
)
from tests import rows
from tests.gallery.share_link_requests import FILES, collect_statuses, send_request

pytestmark = pytest.mark.django_db


def add_edit(photo: Photo, user: User, *, x: int = 10) -> Revision:
    """Remove a box from the current revision, and return the new one."""
    photo.refresh_from_db()
    rows.create_box_edit(photo, user, x=x)
    (edit,) = rows.run_all_edits()
    photo.refresh_from_db()
    revision: Revision = edit.revision
    assert photo.current == revision
    return revision


def get_shown_numbers(link: ShareLink, photo: Photo) -> set[int]:
    """Return the numbers of the revisions whose files the link sends, one for each kind."""
    numbers = set()
    for name, kind in zip(FILES, ("thumbnail", "preview", "shared"), strict=True):
        body = send_request(name, link, photo).body
        matches = [
            rendition.revision.number
            for rendition in Rendition.objects.filter(revision__photo=photo, kind=kind)
            if read_file(rendition.file) == body
        ]
        assert len(matches) == 1, name
        numbers |= set(matches)
    return numbers


@pytest.fixture
def edited_photo(photo: Photo, alice: User) -> Photo:
    """The photo with one edit: revision 1 is current."""
    add_edit(photo, alice)
    return photo


def create_link(photo: Photo, *, is_album: bool = False, always_newest: bool = False) -> ShareLink:
    """Create a link to the photo, or to its album, by the album's owner."""
    owner = photo.album.memberships.get(role="owner").user
    one = None if is_album else photo
    return share_link_create(user=owner, album=photo.album, photo=one, always_newest=always_newest)


@pytest.mark.parametrize("always_newest", [False, True])
@pytest.mark.parametrize("is_album", [False, True])
def test_undo_and_redo_change_nothing_for_visitors(
    edited_photo: Photo, alice: User, is_album: bool, always_newest: bool
) -> None:
    link = create_link(edited_photo, is_album=is_album, always_newest=always_newest)
    assert get_shown_numbers(link, edited_photo) == {1}
    photo_undo(user=alice, photo=edited_photo)
    assert get_shown_numbers(link, edited_photo) == {1}
    photo_redo(user=alice, photo=edited_photo)
    assert get_shown_numbers(link, edited_photo) == {1}


@pytest.mark.parametrize("is_album", [False, True])
def test_a_new_edit_is_not_shown_by_a_link_made_before(
    edited_photo: Photo, alice: User, is_album: bool
) -> None:
    link = create_link(edited_photo, is_album=is_album)
    add_edit(edited_photo, alice, x=40)
    assert get_shown_numbers(link, edited_photo) == {1}


@pytest.mark.parametrize("is_album", [False, True])
def test_a_new_edit_is_shown_by_a_link_to_the_newest(
    edited_photo: Photo, alice: User, is_album: bool
) -> None:
    link = create_link(edited_photo, is_album=is_album, always_newest=True)
    add_edit(edited_photo, alice, x=40)
    assert get_shown_numbers(link, edited_photo) == {2}


def test_a_link_to_the_newest_never_goes_back(edited_photo: Photo, alice: User) -> None:
    link = create_link(edited_photo, always_newest=True)
    add_edit(edited_photo, alice, x=40)
    photo_undo(user=alice, photo=edited_photo)
    assert get_shown_numbers(link, edited_photo) == {2}
    photo_undo(user=alice, photo=edited_photo)
    assert get_shown_numbers(link, edited_photo) == {2}
    add_edit(edited_photo, alice, x=60)
    assert get_shown_numbers(link, edited_photo) == {3}
    revision_restore(user=alice, revision=edited_photo.revisions.get(number=1))
    assert get_shown_numbers(link, edited_photo) == {3}


def test_a_link_made_after_undo_shows_what_the_owner_sees(edited_photo: Photo, alice: User) -> None:
    photo_undo(user=alice, photo=edited_photo)
    link = create_link(edited_photo)
    assert get_shown_numbers(link, edited_photo) == {0}
    photo_redo(user=alice, photo=edited_photo)
    assert get_shown_numbers(link, edited_photo) == {0}


def test_a_photo_added_later_is_shown_with_its_edits_but_never_goes_back(
    photo: Photo, alice: User
) -> None:
    link = create_link(photo, is_album=True)
    later = rows.upload(alice, album=photo.album)
    assert get_shown_numbers(link, later) == {0}
    add_edit(later, alice)
    assert get_shown_numbers(link, later) == {1}
    photo_undo(user=alice, photo=later)
    assert get_shown_numbers(link, later) == {1}


def test_a_photo_moved_into_the_album_is_shown_as_it_is_then(photo: Photo, alice: User) -> None:
    link = create_link(photo, is_album=True)
    other = rows.upload(alice, album=album_create(user=alice, name="Other"))
    add_edit(other, alice)
    photo_undo(user=alice, photo=other)
    photo_update(user=alice, photo=other, album=photo.album)
    assert get_shown_numbers(link, other) == {0}


def test_an_undo_in_another_album_changes_nothing_for_visitors(photo: Photo, alice: User) -> None:
    link = create_link(photo, is_album=True)
    later = rows.upload(alice, album=photo.album)
    add_edit(later, alice)
    photo_update(user=alice, photo=later, album=album_create(user=alice, name="Other"))
    photo_undo(user=alice, photo=later)
    assert collect_statuses(link, later) == {200, 404}
    later.refresh_from_db()
    photo_update(user=alice, photo=later, album=photo.album)
    assert get_shown_numbers(link, later) == {1}


def test_each_link_keeps_its_own_revision(edited_photo: Photo, alice: User) -> None:
    first = create_link(edited_photo)
    add_edit(edited_photo, alice, x=40)
    second = create_link(edited_photo)
    photo_undo(user=alice, photo=edited_photo)
    assert (get_shown_numbers(first, edited_photo), get_shown_numbers(second, edited_photo)) == (
        {1},
        {2},
    )


def test_an_entity_tag_of_an_earlier_revision_gets_the_shared_one(
    photo: Photo, alice: User
) -> None:
    link = create_link(photo)
    tags = {name: send_request(name, link, photo)["ETag"] for name in FILES}
    add_edit(photo, alice)
    newest = create_link(photo)
    for name, tag in tags.items():
        assert send_request(name, newest, photo, If_None_Match=tag).status_code == 200


def test_a_deleted_photo_deletes_its_shared_revisions(edited_photo: Photo, alice: User) -> None:
    create_link(edited_photo, is_album=True)
    photo_delete(user=alice, photo=edited_photo)
    assert not SharedRevision.objects.exists()


def test_a_fixed_revision_that_was_deleted_shows_nothing(edited_photo: Photo) -> None:
    """The current revision would be the wrong one: it was not shared."""
    link = create_link(edited_photo)
    Photo.objects.update(current=edited_photo.revisions.get(number=0), tip=None)
    Revision.objects.filter(number=1).delete()
    assert {send_request(name, link, edited_photo).status_code for name in FILES} == {404}


def test_housekeeping_keeps_the_file_of_a_shared_revision(edited_photo: Photo, alice: User) -> None:
    link = create_link(edited_photo)
    send_request("shared-download", link, edited_photo)
    Rendition.objects.update(created_at=timezone.now() - timedelta(days=9))
    photo_undo(user=alice, photo=edited_photo)
    assert cleanup.full_renders_sweep() == 0
    share_link_revoke(user=alice, link=link)
    assert cleanup.full_renders_sweep() == 1


def test_open_links_of_the_previous_release_are_fixed_by_the_migration(
    edited_photo: Photo, alice: User
) -> None:
    links = [create_link(edited_photo), create_link(edited_photo, is_album=True)]
    newest, revoked = create_link(edited_photo, always_newest=True), create_link(edited_photo)
    ShareLink.objects.filter(pk=revoked.pk).update(revoked_at=revoked.created_at)
    SharedRevision.objects.all().delete()
    migration = import_module("gallery.migrations.0010_fix_open_links")
    for _ in range(2):  # an interrupted migration is repeated
        migration.fix_open_links(apps, connection.schema_editor)
    assert {row.link for row in SharedRevision.objects.all()} == set(links)
    photo_undo(user=alice, photo=edited_photo)
    for link in (*links, newest):
        assert get_shown_numbers(link, edited_photo) == {1}
