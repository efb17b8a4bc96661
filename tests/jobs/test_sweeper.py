"""The sweeper finds jobs whose message was lost, and releases the jobs of dead workers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from inpainting.job_kinds import RUN_NEXT_DETECTION, RUN_NEXT_EDIT
from inpainting.models import DetectionRun, Edit
from inpainting.services import detection_claim_next, edit_cancel, edit_claim_next
from jobs import sweeper
from jobs.claims import release_expired
from jobs.housekeeping import RUN_HOUSEKEEPING
from jobs.models import State, SweepLock
from jobs.wakeups import WakeUp
from tests import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def wakeups(monkeypatch: pytest.MonkeyPatch) -> list[WakeUp]:
    """The wake-up messages that were sent; housekeeping is not due."""
    sent: list[WakeUp] = []
    monkeypatch.setattr(sweeper, "send_wakeup", sent.append)
    soon = timezone.now() + timedelta(minutes=5)
    SweepLock.objects.create(name=sweeper.HOUSEKEEPING_LOCK, expires_at=soon)
    return sent


def _expire_lease(edit: Edit, attempt: int = 1) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Edit.objects.filter(pk=edit.pk).update(lease_expires_at=past, attempt=attempt)


def test_a_waiting_edit_gets_a_wake_up_message(alice: User, wakeups: list[WakeUp]) -> None:
    rows.create_box_edit(rows.upload(alice), alice)
    assert sweeper.sweep()
    assert wakeups == [RUN_NEXT_EDIT]


def test_while_no_edit_runs_all_waiting_edits_get_a_message_up_to_a_limit(
    alice: User, wakeups: list[WakeUp], monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = rows.upload(alice)
    for _ in range(3):
        edit = rows.create_box_edit(photo, alice)
        Edit.objects.filter(pk=edit.pk).update(base_edit=None, base_revision=photo.current)
    monkeypatch.setattr(sweeper, "MAX_WAKEUPS", 2)

    assert sweeper.sweep()
    assert wakeups == [RUN_NEXT_EDIT] * 2


def test_while_another_edit_runs_one_message_is_sent(alice: User, wakeups: list[WakeUp]) -> None:
    for _ in range(3):
        rows.create_box_edit(rows.upload(alice), alice)
    assert edit_claim_next() is not None

    assert sweeper.sweep()
    assert wakeups == [RUN_NEXT_EDIT]


def test_every_edit_of_a_dead_worker_gets_a_message(alice: User, wakeups: list[WakeUp]) -> None:
    for _ in range(3):
        rows.create_box_edit(rows.upload(alice), alice)
    claimed = [edit_claim_next() for _ in range(3)]
    for edit in claimed[:2]:
        assert edit is not None
        _expire_lease(edit)

    assert sweeper.sweep()
    assert wakeups == [RUN_NEXT_EDIT] * 2


def test_without_waiting_jobs_no_message_is_sent(wakeups: list[WakeUp]) -> None:
    assert sweeper.sweep()
    assert wakeups == []


def test_only_one_process_sweeps_at_a_time(wakeups: list[WakeUp]) -> None:
    assert sweeper.sweep()
    assert not sweeper.sweep()
    SweepLock.objects.update(expires_at=timezone.now())
    assert sweeper.sweep()


def test_housekeeping_is_started_once_an_hour(wakeups: list[WakeUp]) -> None:
    SweepLock.objects.update(expires_at=timezone.now())
    for _ in range(2):
        assert sweeper.sweep()
        SweepLock.objects.filter(name=sweeper.QUEUE_LOCK).update(expires_at=timezone.now())
    assert wakeups == [RUN_HOUSEKEEPING]


def test_an_edit_with_an_expired_lease_is_queued_again(alice: User, wakeups: list[WakeUp]) -> None:
    rows.create_box_edit(rows.upload(alice), alice)
    claimed_edit = edit_claim_next()
    assert claimed_edit is not None
    _expire_lease(claimed_edit)
    sweeper.sweep()
    again = edit_claim_next()
    assert again is not None
    assert (again.pk, again.attempt) == (claimed_edit.pk, 2)


def test_an_edit_fails_after_its_third_lost_worker(alice: User) -> None:
    rows.create_box_edit(rows.upload(alice), alice)
    claimed_edit = edit_claim_next()
    assert claimed_edit is not None
    _expire_lease(claimed_edit, attempt=3)
    assert release_expired(Edit.objects.all()) == 1
    claimed_edit.refresh_from_db()
    assert (claimed_edit.state, claimed_edit.error_code) == (State.FAILED, "worker_lost")


def test_an_edit_with_a_valid_lease_is_left_alone(alice: User) -> None:
    rows.create_box_edit(rows.upload(alice), alice)
    assert edit_claim_next() is not None
    assert release_expired(Edit.objects.all()) == 0


def test_a_waiting_detection_run_gets_a_wake_up_message(alice: User, wakeups: list[WakeUp]) -> None:
    photo = rows.upload(alice)
    DetectionRun.objects.filter(photo=photo).update(state=State.QUEUED)
    sweeper.sweep()
    assert wakeups == [RUN_NEXT_DETECTION]
    assert detection_claim_next() is not None


def test_a_lost_edit_that_was_to_be_cancelled_is_cancelled(alice: User) -> None:
    edit = rows.create_box_edit(rows.upload(alice), alice)
    claimed_edit = edit_claim_next()
    assert claimed_edit is not None
    edit_cancel(user=alice, edit=edit)
    _expire_lease(claimed_edit)
    assert release_expired(Edit.objects.all()) == 1
    claimed_edit.refresh_from_db()
    assert claimed_edit.state == State.CANCELLED
