"""Nobody waits behind all the edits of somebody else, and everybody is told the truth about it."""

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


def edits(user: User, photo: Photo, number: int) -> list[Edit]:
    """Edits that could all start at once, asked for one after the other."""
    start = photo.revisions.get(number=0)
    return [rows.create_box_edit(photo, user, base_revision=start) for _ in range(number)]


def flood(user: User, photo: Photo, number: int) -> None:
    """Like `edits`, all in one statement."""
    (first,) = edits(user, photo, 1)
    rows.create_edits_after(first, number - 1)


def claimed(number: int) -> list[Edit]:
    """What workers take, one after the other."""
    taken = [edit_claim_next() for _ in range(number)]
    return [edit for edit in taken if edit is not None]


def initial(edit: Edit) -> str:
    """Of whoever asked for it."""
    assert edit.created_by is not None
    return edit.created_by.display_name[0]


def test_a_single_edit_does_not_wait_for_anothers_thousand(
    alice: User, bob: User, photo: Photo
) -> None:
    flood(alice, photo, MANY)
    taken = claimed(3)
    (his,) = edits(bob, rows.upload(bob), 1)

    assert {edit.created_by for edit in taken} == {alice}
    assert get_edit(bob, his.pk).queue_position == 2
    assert [edit.pk for edit in claimed(2)][1] == his.pk


def test_all_who_wait_take_turns(alice: User, bob: User, charlie: User) -> None:
    everybody = [alice, bob, charlie]
    for user, number in zip(everybody, (5, 3, 1), strict=True):
        edits(user, rows.upload(user), number)

    names = "".join(initial(edit) for edit in claimed(9))
    assert names == "ABCABABAA"


def test_who_asks_for_one_after_the_other_does_not_keep_others_waiting(
    alice: User, bob: User
) -> None:
    hers, his = rows.upload(alice), rows.upload(bob)
    edits(alice, hers, 6)
    order = ""
    for _ in range(4):
        edits(bob, his, 1)
        order += "".join(initial(edit) for edit in claimed(2))

    assert order.count("A") == order.count("B") == 4


def test_who_comes_back_has_saved_up_no_turns(alice: User, bob: User) -> None:
    hers, his = rows.upload(alice), rows.upload(bob)
    edits(alice, hers, 40)
    claimed(30)
    edits(bob, his, 20)

    names = [initial(edit) for edit in claimed(20)]
    assert names.count("A") == names.count("B") == 10


def test_after_the_rush_turns_begin_anew(alice: User, photo: Photo) -> None:
    flood(alice, photo, 50)
    Edit.objects.update(state=State.SUCCEEDED)

    assert edits(alice, photo, 1)[0].turn == 1


def test_the_place_in_the_queue_is_the_order_in_which_they_are_taken(
    alice: User, bob: User, charlie: User
) -> None:
    for user, number in ((alice, 6), (bob, 2), (alice, 1), (charlie, 4)):
        edits(user, rows.upload(user), number)
    for _ in range(13):
        queued: Any = annotate_queue_position(Edit.objects.filter(state=State.QUEUED))
        places = {edit.queue_position: edit.pk for edit in queued}
        assert sorted(places) == list(range(1, len(places) + 1))
        (taken,) = claimed(1)
        assert taken.pk == places[1]


def test_the_place_moves_up_when_somebody_before_gives_up(alice: User, bob: User) -> None:
    first, *_ = edits(alice, rows.upload(alice), 3)
    (his,) = edits(bob, rows.upload(bob), 1)
    assert get_edit(bob, his.pk).queue_position == 2

    edit_cancel(user=alice, edit=first)
    assert get_edit(bob, his.pk).queue_position == 1


def test_a_chain_keeps_its_order_between_the_others(alice: User, bob: User, photo: Photo) -> None:
    chain = [rows.create_box_edit(photo, alice, x=place) for place in (10, 30, 50)]
    his = edits(bob, rows.upload(bob), 2)

    ran = [edit.pk for edit in rows.run_all_edits()]
    assert ran == [edit.pk for edit in (chain[0], his[0], chain[1], his[1], chain[2])]
    assert all(a.turn < b.turn for a, b in pairwise(chain))


def test_places_cost_as_many_queries_for_many_as_for_few(alice: User, photo: Photo) -> None:
    edits(alice, photo, 2)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            list(annotate_queue_position(select_photo_edits(photo)))
        counts.append(len(asked))
        flood(alice, photo, 20)
    assert counts == [1, 1]


def test_edits_of_an_earlier_release_are_next(alice: User, photo: Photo) -> None:
    """It knows no turns."""
    _, late = edits(alice, photo, 2)
    Edit.objects.filter(pk=late.pk).update(turn=0)

    assert select_claimable_edits()[0] == late
