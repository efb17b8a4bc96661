"""Each edit sends one wake-up message; an edit that ends sends one for each that it blocked."""

from typing import Any

import pytest

from accounts.models import User
from inpainting.models import Edit
from inpainting.services import edit_cancel, edit_claim_next, edit_run, edit_work
from jobs.wakeups import WakeUp
from tests import rows

pytestmark = pytest.mark.django_db


def test_an_edit_that_ends_sends_messages_only_for_the_edits_that_waited_for_it(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages: list[WakeUp] = []
    photo = rows.upload(alice)
    monkeypatch.setattr(edit_work, "send_wakeup", messages.append)
    first = rows.create_box_edit(photo, alice)
    followers = [rows.create_box_edit(photo, alice, base_edit=first) for _ in range(2)]
    rows.create_box_edit(rows.upload(alice), alice)

    claimed = edit_claim_next()
    assert claimed == first
    edit_run(claimed)
    assert len(messages) == len(followers)
    for _ in followers:
        assert edit_claim_next() is not None


def test_an_edit_that_ends_sends_a_message_for_a_waiting_retry(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages: list[WakeUp] = []
    monkeypatch.setattr(edit_work, "send_wakeup", messages.append)
    rows.create_box_edit(rows.upload(alice), alice)
    retried = rows.create_box_edit(rows.upload(alice), alice)
    claimed = edit_claim_next()
    assert claimed is not None
    Edit.objects.filter(pk=retried.pk).update(attempt=1)

    edit_run(claimed)
    assert len(messages) == 1


def test_an_edit_whose_base_is_cancelled_waits_for_the_base_of_that(
    alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    photo = rows.upload(alice)
    first, second, third = (rows.create_box_edit(photo, alice, x=x) for x in (10, 30, 60))
    running = edit_claim_next()
    assert running == first

    with django_capture_on_commit_callbacks() as messages:
        edit_cancel(user=alice, edit=second)
    assert len(messages) == 1
    assert edit_claim_next() is None
    edit_run(running)
    last = edit_claim_next()
    assert last == third
    edit_run(last)
    third.refresh_from_db()
    photo.refresh_from_db()
    assert not third.is_branch
    assert photo.current == third.revision
    assert third.revision.parent == first.revision
