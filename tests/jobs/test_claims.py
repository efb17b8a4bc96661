"""Workers claim edits, and release them when they are stopped."""

import os

import pytest

from accounts.models import User
from inpainting.models import Edit
from inpainting.services import edit_cancel, edit_claim_next
from jobs import claims
from jobs.claims import build_worker_name, release_own
from jobs.models import State
from tests import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimed_edit(alice: User) -> Edit:
    """An edit that this worker has claimed."""
    rows.create_box_edit(rows.upload(alice), alice)
    edit = edit_claim_next()
    assert edit is not None
    return edit


def test_a_worker_is_named_by_host_worker_and_child(claimed_edit: Edit) -> None:
    assert claimed_edit.worker.endswith(f"/{claims._WORKER_ID}/{os.getpid()}")
    assert len(build_worker_name()) <= 80


def test_a_released_edit_is_queued_again_without_costing_an_attempt(claimed_edit: Edit) -> None:
    assert claimed_edit.attempt == 1
    assert release_own(Edit.objects.all()) == 1

    claimed_edit.refresh_from_db()
    assert (claimed_edit.state, claimed_edit.attempt, claimed_edit.lease_id) == (
        State.QUEUED,
        0,
        None,
    )
    again = edit_claim_next()
    assert again is not None
    assert (again.pk, again.attempt) == (claimed_edit.pk, 1)


def test_edits_of_another_worker_are_left_alone(claimed_edit: Edit) -> None:
    Edit.objects.update(worker="elsewhere:1/2")
    assert release_own(Edit.objects.all()) == 0


def test_an_edit_that_was_to_be_cancelled_is_cancelled_instead(
    claimed_edit: Edit, alice: User
) -> None:
    edit_cancel(user=alice, edit=claimed_edit)
    assert release_own(Edit.objects.all()) == 0

    claimed_edit.refresh_from_db()
    assert claimed_edit.state == State.CANCELLED


def test_a_result_after_the_release_is_discarded(claimed_edit: Edit) -> None:
    release_own(Edit.objects.all())
    with pytest.raises(claims.LeaseLost), claims.end_job(claimed_edit, State.SUCCEEDED):
        pass
