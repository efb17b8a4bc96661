"""At a start no worker runs yet: running rows were left behind by killed workers."""

from django.utils import timezone

from accounts.models import User
from inpainting.models import Edit
from inpainting.services import edit_claim_next
from jobs.claims import release_abandoned
from jobs.models import MAX_ATTEMPTS, State
from tests import rows


def test_a_running_edit_is_queued_again_before_its_lease_expires(alice: User) -> None:
    edit = rows.create_box_edit(rows.upload(alice), alice)
    claimed = edit_claim_next()
    assert claimed is not None
    assert claimed.lease_expires_at is not None
    assert claimed.lease_expires_at > timezone.now()

    assert release_abandoned(Edit.objects.all()) == 1

    edit.refresh_from_db()
    assert (edit.state, edit.lease_id) == (State.QUEUED, None)
    assert [row.state for row in rows.run_all_edits()] == [State.SUCCEEDED]


def test_an_edit_whose_worker_died_each_time_fails(alice: User) -> None:
    edit = rows.create_box_edit(rows.upload(alice), alice)
    for _attempt in range(MAX_ATTEMPTS):
        assert edit_claim_next() is not None
        release_abandoned(Edit.objects.all())

    edit.refresh_from_db()
    assert edit.state == State.FAILED
    assert edit_claim_next() is None


def test_ended_and_queued_edits_are_left_alone(alice: User) -> None:
    photo = rows.upload(alice)
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    rows.create_box_edit(photo, alice, x=40)

    assert release_abandoned(Edit.objects.all()) == 0
    assert sorted(Edit.objects.values_list("state", flat=True)) == ["queued", "succeeded"]
