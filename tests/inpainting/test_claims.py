"""Taking work, and giving it back when the worker is stopped."""

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
def claimed(alice: User) -> Edit:
    """An edit that this worker is at."""
    rows.create_box_edit(rows.upload(alice), alice)
    edit = edit_claim_next()
    assert edit is not None
    return edit


def test_the_worker_is_named_by_host_worker_and_child(claimed: Edit) -> None:
    assert claimed.worker.endswith(f"/{claims._WORKER_ID}/{os.getpid()}")
    assert len(build_worker_name()) <= 80


def test_what_is_given_back_waits_again_and_has_cost_no_attempt(claimed: Edit) -> None:
    assert claimed.attempt == 1
    assert release_own(Edit.objects.all()) == 1

    claimed.refresh_from_db()
    assert (claimed.state, claimed.attempt, claimed.lease_id) == (State.QUEUED, 0, None)
    again = edit_claim_next()
    assert again is not None
    assert (again.pk, again.attempt) == (claimed.pk, 1)


def test_the_work_of_another_worker_is_left_alone(claimed: Edit) -> None:
    Edit.objects.update(worker="elsewhere:1/2")
    assert release_own(Edit.objects.all()) == 0


def test_what_was_to_stop_is_cancelled_instead(claimed: Edit, alice: User) -> None:
    edit_cancel(user=alice, edit=claimed)
    assert release_own(Edit.objects.all()) == 0

    claimed.refresh_from_db()
    assert claimed.state == State.CANCELLED


def test_a_result_that_comes_after_that_is_thrown_away(claimed: Edit) -> None:
    release_own(Edit.objects.all())
    with pytest.raises(claims.LeaseLost), claims.end_job(claimed, State.SUCCEEDED):
        pass
