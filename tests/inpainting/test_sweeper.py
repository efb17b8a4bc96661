"""What the bell missed is found, and what a dead worker held is given up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from inpainting import bell, sweeper
from inpainting.claims import release_expired
from inpainting.models import DetectionRun, Edit, SweepLock
from inpainting.models.jobs import State
from inpainting.services import detection_claim_next, edit_cancel, edit_claim_next
from tests import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is rung for; housekeeping was rung for within the hour."""
    names: list[str] = []
    monkeypatch.setattr(sweeper, "ring", names.append)
    soon = timezone.now() + timedelta(minutes=5)
    SweepLock.objects.create(name=sweeper.HOUSE, expires_at=soon)
    return names


def _expire(edit: Edit, attempt: int = 1) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Edit.objects.filter(pk=edit.pk).update(lease_expires_at=past, attempt=attempt)


def test_a_missed_edit_is_rung_for(alice: User, rung: list[str]) -> None:
    rows.box_edit(rows.upload(alice), alice)
    assert sweeper.sweep()
    assert rung == [bell.RUN_NEXT_EDIT]


def test_where_nobody_works_all_that_wait_are_rung_for_but_not_endlessly(
    alice: User, rung: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = rows.upload(alice)
    for _ in range(3):
        edit = rows.box_edit(photo, alice)
        Edit.objects.filter(pk=edit.pk).update(base_edit=None, base_revision=photo.current)
    monkeypatch.setattr(sweeper, "MOST_RINGS", 2)

    assert sweeper.sweep()
    assert rung == [bell.RUN_NEXT_EDIT] * 2


def test_where_others_are_at_work_one_ring_is_enough(alice: User, rung: list[str]) -> None:
    for _ in range(3):
        rows.box_edit(rows.upload(alice), alice)
    assert edit_claim_next() is not None

    assert sweeper.sweep()
    assert rung == [bell.RUN_NEXT_EDIT]


def test_every_edit_of_a_lost_worker_is_rung_for(alice: User, rung: list[str]) -> None:
    for _ in range(3):
        rows.box_edit(rows.upload(alice), alice)
    claimed = [edit_claim_next() for _ in range(3)]
    for edit in claimed[:2]:
        assert edit is not None
        _expire(edit)

    assert sweeper.sweep()
    assert rung == [bell.RUN_NEXT_EDIT] * 2


def test_nothing_to_do_rings_nothing(rung: list[str]) -> None:
    assert sweeper.sweep()
    assert rung == []


def test_only_one_sweeps_at_a_time(rung: list[str]) -> None:
    assert sweeper.sweep()
    assert not sweeper.sweep()
    SweepLock.objects.update(expires_at=timezone.now())
    assert sweeper.sweep()


def test_housekeeping_is_rung_for_once_an_hour(rung: list[str]) -> None:
    SweepLock.objects.update(expires_at=timezone.now())
    for _ in range(2):
        assert sweeper.sweep()
        SweepLock.objects.filter(name=sweeper.QUEUE).update(expires_at=timezone.now())
    assert rung == [bell.KEEP_HOUSE]


def test_an_expired_lease_is_queued_again(alice: User, rung: list[str]) -> None:
    rows.box_edit(rows.upload(alice), alice)
    held = edit_claim_next()
    assert held is not None
    _expire(held)
    sweeper.sweep()
    again = edit_claim_next()
    assert again is not None
    assert (again.pk, again.attempt) == (held.pk, 2)


def test_the_third_lost_worker_is_the_last(alice: User) -> None:
    rows.box_edit(rows.upload(alice), alice)
    held = edit_claim_next()
    assert held is not None
    _expire(held, attempt=3)
    assert release_expired(Edit.objects.all()) == 1
    held.refresh_from_db()
    assert (held.state, held.error_code) == (State.FAILED, "worker_lost")


def test_a_living_lease_is_left_alone(alice: User) -> None:
    rows.box_edit(rows.upload(alice), alice)
    assert edit_claim_next() is not None
    assert release_expired(Edit.objects.all()) == 0


def test_detection_runs_are_swept_too(alice: User, rung: list[str]) -> None:
    photo = rows.upload(alice)
    DetectionRun.objects.filter(photo=photo).update(state=State.QUEUED)
    sweeper.sweep()
    assert rung == [bell.RUN_NEXT_DETECTION]
    assert detection_claim_next() is not None


def test_a_lost_edit_that_was_to_stop_is_cancelled(alice: User) -> None:
    edit = rows.box_edit(rows.upload(alice), alice)
    held = edit_claim_next()
    assert held is not None
    edit_cancel(user=alice, edit=edit)
    _expire(held)
    assert release_expired(Edit.objects.all()) == 1
    held.refresh_from_db()
    assert held.state == State.CANCELLED
