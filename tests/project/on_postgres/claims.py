"""Claim queued edits while another connection locks the next one."""

import json
import threading

import django
from django.core.management import call_command
from django.db import connection, transaction

django.setup()

from inpainting.models import Edit  # noqa: E402
from inpainting.selectors import select_claimable_edits  # noqa: E402
from inpainting.services import edit_claim_next  # noqa: E402
from tests import people, rows  # noqa: E402

EDITS, THREADS = 21, 6


def create_edits() -> None:
    """Create a photo with many claimable edits."""
    call_command("migrate", verbosity=0)
    alice = people.create_alice()
    photo = rows.upload(alice)
    for _ in range(EDITS):
        rows.create_box_edit(photo, alice, base_revision=photo.current)


def claim_all(claimed: list[str]) -> None:
    """Claim edits until there is none."""
    try:
        while (edit := edit_claim_next()) is not None:
            claimed.append(str(edit.pk))
    finally:
        connection.close()


def claim_in_thread() -> str:
    """Claim an edit on another connection; return its key."""
    keys: list[str] = []

    def claim_one() -> None:
        edit = edit_claim_next()
        keys.append(str(edit and edit.pk))
        connection.close()

    thread = threading.Thread(target=claim_one)
    thread.start()
    thread.join(timeout=30)
    return keys[0]


create_edits()
claimed: list[str] = []
with transaction.atomic():
    locked = select_claimable_edits().values_list("pk", flat=True)[0]
    Edit.objects.select_for_update().get(pk=locked)
    first = claim_in_thread()
    claimed.append(first)
    threads = [threading.Thread(target=claim_all, args=[claimed]) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
output = {"locked": str(locked), "first": first, "claimed": claimed, "edits": EDITS}
print(json.dumps(output))  # noqa: T201
