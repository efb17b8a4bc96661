"""Edits: created, claimed, run, chained, cancelled and retried."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from gallery.models import Photo, Revision, Role
from gallery.renditions import render_canvas
from gallery.services import photo_delete, photo_undo
from inpainting.mask_files import read_mask_pixels
from inpainting.models import Edit
from inpainting.selectors import find_base_revision, select_claimable_edits
from inpainting.services import (
    PhotoSelection,
    edit_cancel,
    edit_claim_next,
    edit_create,
    edit_retry,
    edit_run,
    edit_work,
)
from inpainting.services.masks import mask_discard
from jobs.models import State
from tests import rows
from tests.storage import list_stored_files
from web.errors import NotAllowed, NotThere, Problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(alice: User) -> Photo:
    return rows.upload(alice)


def test_an_edit_creates_one_revision_and_makes_it_current(alice: User, photo: Photo) -> None:
    edit = rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    edit.refresh_from_db()
    photo.refresh_from_db()
    assert (edit.state, edit.attempt, edit.error_code) == (State.SUCCEEDED, 1, "")
    assert photo.current == edit.revision
    assert edit.revision.number == 1
    assert edit.revision.parent is not None
    assert edit.revision.parent.number == 0
    assert set(edit.timings) >= {"open", "load", "fill", "render"}
    assert {row.kind for row in edit.revision.renditions.all()} == {"thumbnail", "preview"}


def test_only_the_hole_changes(alice: User, photo: Photo) -> None:
    edit = rows.create_box_edit(photo, alice)
    before = render_canvas(photo.revisions.get(number=0)).pixels
    rows.run_all_edits()
    after = render_canvas(Revision.objects.get(edit=edit)).pixels
    hole = read_mask_pixels(edit.mask) > 0
    assert np.array_equal(before[~hole], after[~hole])
    assert not np.array_equal(before[hole], after[hole])


def test_the_next_edit_builds_on_the_unfinished_one(alice: User, photo: Photo) -> None:
    first = rows.create_box_edit(photo, alice)
    second = rows.create_box_edit(photo, alice, x=60)
    assert (second.base_edit, second.base_revision) == (first, None)
    assert list(select_claimable_edits()) == [first]
    assert [edit.pk for edit in rows.run_all_edits()] == [first.pk, second.pk]
    second.refresh_from_db()
    assert second.revision.parent == Revision.objects.get(edit=first)
    assert not second.is_branch


def test_an_edit_whose_base_is_cancelled_builds_on_the_base_of_that(
    alice: User, photo: Photo
) -> None:
    first = rows.create_box_edit(photo, alice)
    second = rows.create_box_edit(photo, alice, x=60)
    edit_cancel(user=alice, edit=first)
    rows.run_all_edits()
    second.refresh_from_db()
    assert find_base_revision(second) == photo.revisions.get(number=0)
    assert second.state == State.SUCCEEDED
    assert second.revision.number == 1


def test_a_result_whose_base_is_no_longer_current_is_a_branch(alice: User, photo: Photo) -> None:
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    late = rows.create_box_edit(photo, alice, x=60)
    photo_undo(user=alice, photo=photo)
    rows.run_all_edits()
    late.refresh_from_db()
    photo.refresh_from_db()
    assert late.is_branch
    assert photo.current is not None
    assert photo.current.number == 0


def test_cancelling_a_queued_edit_ends_it_immediately(alice: User, photo: Photo) -> None:
    edit = edit_cancel(user=alice, edit=rows.create_box_edit(photo, alice))
    assert edit.state == State.CANCELLED
    assert edit_claim_next() is None


def test_cancelling_a_running_edit_stops_it_at_the_next_checkpoint(
    alice: User, photo: Photo
) -> None:
    rows.create_box_edit(photo, alice)
    running = edit_claim_next()
    assert running is not None
    assert edit_cancel(user=alice, edit=running).state == State.RUNNING
    edit_run(running)
    running.refresh_from_db()
    assert running.state == State.CANCELLED
    assert photo.revisions.count() == 1


def test_an_ended_edit_cannot_be_cancelled(alice: User, photo: Photo) -> None:
    edit = rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    with pytest.raises(Problem) as refusal:
        edit_cancel(user=alice, edit=edit)
    assert (refusal.value.code, refusal.value.status) == ("edit_finished", 409)


def test_a_result_is_discarded_when_the_lease_was_lost(alice: User, photo: Photo) -> None:
    rows.create_box_edit(photo, alice)
    slow = edit_claim_next()
    assert slow is not None
    Edit.objects.filter(pk=slow.pk).update(state=State.QUEUED, lease_id=None)
    fast = edit_claim_next()
    assert fast is not None
    edit_run(fast)
    edit_run(slow)
    slow.refresh_from_db()
    assert slow.state == State.SUCCEEDED
    assert photo.revisions.count() == 2


def _raise_error(*_: object, **__: object) -> None:
    raise RuntimeError("an error of the platform")


def test_a_missing_mask_file_fails_permanently(alice: User, photo: Photo) -> None:
    edit = rows.create_box_edit(photo, alice)
    edit.mask.file.delete(save=False)
    rows.run_all_edits()
    edit.refresh_from_db()
    assert (edit.state, edit.error_code, edit.attempt) == (State.FAILED, "file_gone", 1)


def test_an_internal_error_is_tried_three_times(
    alice: User, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = rows.create_box_edit(photo, alice)
    monkeypatch.setattr(edit_work, "remove", _raise_error)
    for attempt in (1, 2, 3):
        Edit.objects.filter(pk=edit.pk).update(not_before=None)
        claimed = edit_claim_next()
        assert claimed is not None
        assert claimed.attempt == attempt
        edit_run(claimed)
    edit.refresh_from_db()
    assert (edit.state, edit.error_code) == (State.FAILED, "internal_error")
    assert edit_retry(edit).state == State.QUEUED


def test_the_next_edit_is_of_the_user_with_the_fewest(alice: User, bob: User) -> None:
    alices_photo, bobs_photo = rows.upload(alice), rows.upload(bob)
    first = rows.create_box_edit(alices_photo, alice)
    start = alices_photo.revisions.get(number=0)
    rows.create_box_edit(alices_photo, alice, x=40, base_revision=start)
    late = rows.create_box_edit(bobs_photo, bob)
    assert [edit.pk for edit in rows.run_all_edits()][:2] == [first.pk, late.pk]


def test_a_viewer_may_not_edit_and_a_stranger_sees_nothing(
    alice: User, bob: User, charlie: User, photo: Photo
) -> None:
    rows.share(photo.album, bob, Role.VIEWER)
    with pytest.raises(NotAllowed):
        rows.create_box_edit(photo, bob)
    with pytest.raises(NotThere):
        rows.create_box_edit(photo, charlie)


def test_a_claimed_edit_has_a_lease_that_expires_later(alice: User, photo: Photo) -> None:
    rows.create_box_edit(photo, alice)
    claimed = edit_claim_next()
    assert claimed is not None
    assert claimed.lease_expires_at is not None
    assert claimed.lease_expires_at > timezone.now()
    assert edit_claim_next() is None


def test_a_base_of_another_photo_leaves_no_mask_behind(alice: User, photo: Photo) -> None:
    other = rows.upload(alice)
    with pytest.raises(NotThere):
        rows.create_box_edit(photo, alice, base_revision=other.current)
    assert not photo.masks.exists()


def test_an_edit_that_the_quota_refuses_late_leaves_no_mask_behind(
    alice: User, photo: Photo, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    photo.refresh_from_db()
    files = list_stored_files()
    # Lowered after the request has read the user.
    User.objects.filter(pk=alice.pk).update(edit_quota=0)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Problem) as refusal:
        rows.create_box_edit(photo, alice)
    assert refusal.value.code == "quota_edits_in_flight"
    assert not photo.masks.exists()
    assert list_stored_files() == files
    assert Photo.objects.get(pk=photo.pk).added_bytes == photo.added_bytes


def test_a_mask_that_another_edit_uses_is_not_discarded(alice: User, photo: Photo) -> None:
    mask = rows.create_box_edit(photo, alice).mask
    mask_discard(mask)
    assert list(photo.masks.all()) == [mask]


def test_a_chosen_mask_is_kept_when_its_edit_is_refused(alice: User, photo: Photo) -> None:
    mask = rows.create_box_edit(photo, alice).mask
    User.objects.filter(pk=alice.pk).update(edit_quota=0)
    with pytest.raises(Problem):
        edit_create(user=alice, photo=photo, selection=PhotoSelection(mask=mask))
    assert list(photo.masks.all()) == [mask]


def test_deleting_a_photo_ends_its_running_edit(alice: User, photo: Photo) -> None:
    rows.create_box_edit(photo, alice)
    running = edit_claim_next()
    assert running is not None
    photo_delete(user=alice, photo=photo)
    edit_run(running)
    assert not Edit.objects.exists()


def test_cancelling_an_edit_whose_worker_is_gone_ends_it_immediately(
    alice: User, photo: Photo, settings: Settings
) -> None:
    rows.create_box_edit(photo, alice)
    abandoned = edit_claim_next()
    assert abandoned is not None
    soon = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS / 2)
    Edit.objects.filter(pk=abandoned.pk).update(lease_expires_at=soon)
    assert edit_cancel(user=alice, edit=abandoned).state == State.CANCELLED
