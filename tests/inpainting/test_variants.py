"""Other tries of an edit: what they keep, which result comes next, and where it goes."""

import pytest

from accounts.models import User
from gallery.models import Photo, Role
from gallery.services import photo_undo
from inpainting.models import Edit
from inpainting.services import variant_create
from jobs.models import State
from tests import rows
from vision.inpainters.registry import count_variants
from web.errors import NotAllowed, Problem

pytestmark = pytest.mark.django_db
PATCHMATCH_VARIANTS = count_variants("patchmatch")


@pytest.fixture
def photo(alice: User) -> Photo:
    return rows.upload(alice)


@pytest.fixture
def edit(photo: Photo, alice: User) -> Edit:
    """A finished edit of the photo."""
    rows.create_box_edit(photo, alice, inpainter="patchmatch", grow=3, feather=1)
    (edit,) = rows.run_all_edits()
    assert edit.state == State.SUCCEEDED
    return edit


def test_another_try_keeps_the_mask_the_base_and_the_settings(edit: Edit, alice: User) -> None:
    again = variant_create(user=alice, edit=edit)
    assert (again.mask_id, again.grow, again.feather) == (edit.mask_id, 3, 1)
    assert (again.base_revision_id, again.label) == (edit.base_revision_id, edit.label)
    assert (again.inpainter, again.variant, again.variant_of) == ("patchmatch", 1, edit)


def test_its_result_takes_the_place_of_the_first_one(edit: Edit, alice: User) -> None:
    variant_create(user=alice, edit=edit)
    (again,) = rows.run_all_edits()
    photo = Photo.objects.get()
    assert (again.state, again.is_branch) == (State.SUCCEEDED, False)
    assert photo.current == again.revision
    assert again.revision.parent == edit.revision.parent
    photo_undo(user=alice, photo=photo)
    photo.refresh_from_db()
    assert photo.current is not None
    assert photo.current.number == 0


def test_after_a_further_edit_its_result_is_kept_beside(
    edit: Edit, photo: Photo, alice: User
) -> None:
    photo.refresh_from_db()
    rows.create_box_edit(photo, alice, x=40, inpainter="patchmatch")
    (second,) = rows.run_all_edits()
    variant_create(user=alice, edit=edit)
    (again,) = rows.run_all_edits()
    assert again.is_branch
    photo.refresh_from_db()
    assert photo.current == second.revision


def test_each_try_gets_the_next_result_until_none_is_left(edit: Edit, alice: User) -> None:
    newest = edit
    for number in range(1, PATCHMATCH_VARIANTS):
        assert variant_create(user=alice, edit=newest, inpainter="patchmatch").variant == number
        (newest,) = rows.run_all_edits()
        assert newest.variant_of == edit
    with pytest.raises(Problem) as refusal:
        variant_create(user=alice, edit=newest, inpainter="patchmatch")
    assert (refusal.value.code, refusal.value.status) == ("no_more_variants", 409)


def test_a_failed_try_can_be_repeated(edit: Edit, alice: User) -> None:
    first = variant_create(user=alice, edit=edit)
    Edit.objects.filter(pk=first.pk).update(state=State.FAILED)
    assert variant_create(user=alice, edit=edit).variant == first.variant


def test_an_edit_without_a_result_cannot_be_tried_again(photo: Photo, alice: User) -> None:
    queued = rows.create_box_edit(photo, alice)
    with pytest.raises(Problem) as refusal:
        variant_create(user=alice, edit=queued)
    assert (refusal.value.code, refusal.value.status) == ("edit_without_result", 409)


def test_a_viewer_may_not_try_again(edit: Edit, bob: User) -> None:
    rows.share(edit.photo.album, bob, Role.VIEWER)
    with pytest.raises(NotAllowed):
        variant_create(user=bob, edit=edit)
    assert Edit.objects.count() == 1
