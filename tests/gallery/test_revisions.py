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
def edited(alice: User) -> Photo:
    """A photo with revisions 0, 1 and 2 on one line."""
    photo = rows.upload(alice)
    rows.create_box_edit(photo, alice)
    rows.create_box_edit(photo, alice, x=60)
    rows.run_all_edits()
    photo.refresh_from_db()
    return photo


def _number(photo: Photo) -> int:
    assert photo.current is not None
    return photo.current.number


def test_undo_and_redo_walk_the_line(alice: User, edited: Photo) -> None:
    assert _number(edited) == 2
    assert _number(photo_undo(user=alice, photo=edited)) == 1
    assert _number(photo_undo(user=alice, photo=edited)) == 0
    assert _number(photo_redo(user=alice, photo=edited)) == 1
    assert _number(photo_redo(user=alice, photo=edited)) == 2
    assert edited.revisions.count() == 3


def test_the_ends_are_told(alice: User, edited: Photo) -> None:
    with pytest.raises(Problem) as refusal:
        photo_redo(user=alice, photo=edited)
    assert (refusal.value.code, refusal.value.status) == ("nothing_to_redo", 409)
    photo_undo(user=alice, photo=edited)
    photo_undo(user=alice, photo=edited)
    with pytest.raises(Problem) as refusal:
        photo_undo(user=alice, photo=edited)
    assert (refusal.value.code, refusal.value.status) == ("nothing_to_undo", 409)


def test_restoring_on_the_line_keeps_redo(alice: User, edited: Photo) -> None:
    photo = revision_restore(user=alice, revision=edited.revisions.get(number=0))
    assert _number(photo) == 0
    target = find_redo_target(photo)
    assert target is not None
    assert target.number == 1


def test_a_new_edit_after_undo_starts_another_line(alice: User, edited: Photo) -> None:
    photo_undo(user=alice, photo=edited)
    photo = Photo.objects.get(pk=edited.pk)
    rows.create_box_edit(photo, alice, x=30)
    rows.run_all_edits()
    photo.refresh_from_db()
    assert photo.current is not None
    assert [state.number for state in list_ancestry(photo.current)] == [0, 1, 3]
    assert find_redo_target(photo) is None
    assert _number(revision_restore(user=alice, revision=photo.revisions.get(number=2))) == 2


def test_roles_hold(alice: User, bob: User, charlie: User, edited: Photo) -> None:
    rows.share(edited.album, bob, Role.VIEWER)
    for somebody, refusal in ((bob, NotAllowed), (charlie, NotThere)):
        with pytest.raises(refusal):
            photo_undo(user=somebody, photo=edited)
        with pytest.raises(refusal):
            revision_restore(user=somebody, revision=edited.revisions.get(number=1))
