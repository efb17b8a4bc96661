"""Users take turns in the queue of edits, and queue positions show it."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.models import Photo
from inpainting.models import Edit
from inpainting.selectors import (
    annotate_queue_position,
    get_edit,
    select_claimable_edits,
    select_photo_edits,
)
from inpainting.services import edit_cancel, edit_claim_next
from jobs.models import State
from tests import rows

pytestmark = pytest.mark.django_db
MANY = 1000


@pytest.fixture
def photo(alice: User) -> Photo:
    return rows.upload(alice)


def create_edits(user: User, photo: Photo, number: int) -> list[Edit]:
    """Create claimable edits, one after the other."""
    start = photo.revisions.get(number=0)
    return [rows.create_box_edit(photo, user, base_revision=start) for _ in range(number)]


def create_edits_in_bulk(user: User, photo: Photo, number: int) -> None:
    """Create claimable edits in one statement."""
    (first,) = create_edits(user, photo, 1)
    rows.create_edits_after(first, number - 1)


def claim_edits(number: int) -> list[Edit]:
    """Claim edits as workers do, one after the other."""
    claimed = [edit_claim_next() for _ in range(number)]
    return [edit for edit in claimed if edit is not None]


def get_initial(edit: Edit) -> str:
    """Return the first letter of the name of the user who created the edit."""
    assert edit.created_by is not None
    return edit.created_by.display_name[0]


def test_a_single_edit_does_not_wait_for_a_thousand_of_another_user(
    alice: User, bob: User, photo: Photo
) -> None:
    create_edits_in_bulk(alice, photo, MANY)
    claimed = claim_edits(3)
    (bobs_edit,) = create_edits(bob, rows.upload(bob), 1)

    assert {edit.created_by for edit in claimed} == {alice}
    assert get_edit(bob, bobs_edit.pk).queue_position == 2
    assert [edit.pk for edit in claim_edits(2)][1] == bobs_edit.pk


def test_users_take_turns(alice: User, bob: User, charlie: User) -> None:
    users = [alice, bob, charlie]
    for user, number in zip(users, (5, 3, 1), strict=True):
        create_edits(user, rows.upload(user), number)

    names = "".join(get_initial(edit) for edit in claim_edits(9))
    assert names == "ABCABABAA"


def test_one_edit_after_the_other_gets_no_more_than_half_of_the_turns(
    alice: User, bob: User
) -> None:
    alices_photo, bobs_photo = rows.upload(alice), rows.upload(bob)
    create_edits(alice, alices_photo, 6)
    order = ""
    for _ in range(4):
        create_edits(bob, bobs_photo, 1)
        order += "".join(get_initial(edit) for edit in claim_edits(2))

    assert order.count("A") == order.count("B") == 4


def test_a_user_who_returns_has_saved_up_no_turns(alice: User, bob: User) -> None:
    alices_photo, bobs_photo = rows.upload(alice), rows.upload(bob)
    create_edits(alice, alices_photo, 40)
    claim_edits(30)
    create_edits(bob, bobs_photo, 20)

    names = [get_initial(edit) for edit in claim_edits(20)]
    assert names.count("A") == names.count("B") == 10


def test_turns_start_again_when_the_queue_is_empty(alice: User, photo: Photo) -> None:
    create_edits_in_bulk(alice, photo, 50)
    Edit.objects.update(state=State.SUCCEEDED)

    assert create_edits(alice, photo, 1)[0].turn == 1


def test_queue_positions_are_the_order_of_the_claims(alice: User, bob: User, charlie: User) -> None:
    for user, number in ((alice, 6), (bob, 2), (alice, 1), (charlie, 4)):
        create_edits(user, rows.upload(user), number)
    for _ in range(13):
        queued: Any = annotate_queue_position(Edit.objects.filter(state=State.QUEUED))
        positions = {edit.queue_position: edit.pk for edit in queued}
        assert sorted(positions) == list(range(1, len(positions) + 1))
        (claimed,) = claim_edits(1)
        assert claimed.pk == positions[1]


def test_the_position_moves_up_when_an_earlier_edit_is_cancelled(alice: User, bob: User) -> None:
    first, *_ = create_edits(alice, rows.upload(alice), 3)
    (bobs_edit,) = create_edits(bob, rows.upload(bob), 1)
    assert get_edit(bob, bobs_edit.pk).queue_position == 2

    edit_cancel(user=alice, edit=first)
    assert get_edit(bob, bobs_edit.pk).queue_position == 1


def test_a_chain_keeps_its_order_between_other_edits(alice: User, bob: User, photo: Photo) -> None:
    chain = [rows.create_box_edit(photo, alice, x=x) for x in (10, 30, 50)]
    bobs = create_edits(bob, rows.upload(bob), 2)

    keys = [edit.pk for edit in rows.run_all_edits()]
    assert keys == [edit.pk for edit in (chain[0], bobs[0], chain[1], bobs[1], chain[2])]
    assert all(a.turn < b.turn for a, b in pairwise(chain))


def test_positions_take_as_many_queries_for_many_edits_as_for_few(
    alice: User, photo: Photo
) -> None:
    create_edits(alice, photo, 2)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            list(annotate_queue_position(select_photo_edits(photo)))
        counts.append(len(queries))
        create_edits_in_bulk(alice, photo, 20)
    assert counts == [1, 1]


def test_edits_without_a_turn_are_next(alice: User, photo: Photo) -> None:
    """An earlier release creates edits without a turn."""
    _, late = create_edits(alice, photo, 2)
    Edit.objects.filter(pk=late.pk).update(turn=0)

    assert select_claimable_edits()[0] == late
