"""Every job rings once for itself; one that ends rings for what it held up."""

import pytest

from accounts.models import User
from inpainting.services import edit_claim_next, edit_run, edit_work
from tests import rows

pytestmark = pytest.mark.django_db


def test_an_edit_that_ends_rings_for_those_that_waited_for_it_and_for_nobody_else(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    photo = rows.upload(alice)
    monkeypatch.setattr(edit_work, "ring", rung.append)
    first = rows.box_edit(photo, alice)
    followers = [rows.box_edit(photo, alice, base_edit=first) for _ in range(2)]
    rows.box_edit(rows.upload(alice), alice)

    claimed = edit_claim_next()
    assert claimed == first
    edit_run(claimed)
    assert len(rung) == len(followers)
    for _ in followers:
        assert edit_claim_next() is not None
