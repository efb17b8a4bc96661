"""Undo, redo and restore move a pointer and delete nothing."""

import pytest

from accounts.models import User
from gallery.models import Photo, Role
from gallery.selectors import find_redo_target, list_ancestry
from gallery.services import photo_redo, photo_undo, revision_restore
from tests import rows
from web.errors import NotAllowed, NotThere, Problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def edited_photo(alice: User) -> Photo:
    """A photo with revisions 0, 1 and 2, each the parent of the next."""
    photo = rows.upload(alice)
    rows.create_box_edit(photo, alice)
    rows.create_box_edit(photo, alice, x=60)
    rows.run_all_edits()
    photo.refresh_from_db()
    return photo


def _get_current_number(photo: Photo) -> int:
    assert photo.current is not None
    return photo.current.number


def test_undo_and_redo_move_along_the_revisions(alice: User, edited_photo: Photo) -> None:
    assert _get_current_number(edited_photo) == 2
    assert _get_current_number(photo_undo(user=alice, photo=edited_photo)) == 1
    assert _get_current_number(photo_undo(user=alice, photo=edited_photo)) == 0
    assert _get_current_number(photo_redo(user=alice, photo=edited_photo)) == 1
    assert _get_current_number(photo_redo(user=alice, photo=edited_photo)) == 2
    assert edited_photo.revisions.count() == 3


def test_undo_and_redo_are_refused_at_the_ends(alice: User, edited_photo: Photo) -> None:
    with pytest.raises(Problem) as refusal:
        photo_redo(user=alice, photo=edited_photo)
    assert (refusal.value.code, refusal.value.status) == ("nothing_to_redo", 409)
    photo_undo(user=alice, photo=edited_photo)
    photo_undo(user=alice, photo=edited_photo)
    with pytest.raises(Problem) as refusal:
        photo_undo(user=alice, photo=edited_photo)
    assert (refusal.value.code, refusal.value.status) == ("nothing_to_undo", 409)


def test_restoring_an_ancestor_keeps_redo(alice: User, edited_photo: Photo) -> None:
    photo = revision_restore(user=alice, revision=edited_photo.revisions.get(number=0))
    assert _get_current_number(photo) == 0
    target = find_redo_target(photo)
    assert target is not None
    assert target.number == 1


def test_a_new_edit_after_undo_starts_another_branch(alice: User, edited_photo: Photo) -> None:
    photo_undo(user=alice, photo=edited_photo)
    photo = Photo.objects.get(pk=edited_photo.pk)
    rows.create_box_edit(photo, alice, x=30)
    rows.run_all_edits()
    photo.refresh_from_db()
    assert photo.current is not None
    assert [state.number for state in list_ancestry(photo.current)] == [0, 1, 3]
    assert find_redo_target(photo) is None
    photo = revision_restore(user=alice, revision=photo.revisions.get(number=2))
    assert _get_current_number(photo) == 2


def test_viewers_and_strangers_cannot_move_the_pointer(
    alice: User, bob: User, charlie: User, edited_photo: Photo
) -> None:
    rows.share(edited_photo.album, bob, Role.VIEWER)
    for user, refusal in ((bob, NotAllowed), (charlie, NotThere)):
        with pytest.raises(refusal):
            photo_undo(user=user, photo=edited_photo)
        with pytest.raises(refusal):
            revision_restore(user=user, revision=edited_photo.revisions.get(number=1))
