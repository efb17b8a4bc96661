"""Looks at how PostgreSQL finds whose edit is next, and a place among ten thousand that wait."""

import json
import re
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

django.setup()

from inpainting.models import Edit  # noqa: E402
from inpainting.selectors import annotate_queue_position, select_claimable_edits  # noqa: E402
from inpainting.services import edit_claim_next  # noqa: E402
from inpainting.turns import compute_next_turn  # noqa: E402
from tests import people, rows  # noqa: E402

QUEUED = 10_000


def flood() -> None:
    """Alice asks for all of them, and then Bob for one."""
    first = rows.create_box_edit(rows.upload(alice), alice)
    rows.create_edits_after(first, QUEUED - 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inpainting_edit")


def plan(asked: QuerySet[Any]) -> dict[str, object]:
    """Which indexes are used, whether anything is sorted, and how many rows are read of edits."""
    text = asked.explain(analyze=True)
    reads = re.findall(r"actual time=\S+ rows=(\d+)", text)
    return {
        "indexes": sorted(set(re.findall(r"(?:using|on) (edits_\w+)", text))),
        "sorts": "Sort" in text,
        "most_rows": max(map(int, reads)),
    }


call_command("migrate", verbosity=0)
alice, bob = people.create_alice(), people.create_bob()
flood()
his = rows.create_box_edit(rows.upload(bob), bob)
place = annotate_queue_position(Edit.objects.all())
told = {
    "next": plan(select_claimable_edits()[:1]),
    "place": place.get(pk=his.pk).queue_position,
    "place_plan": plan(place.filter(pk=his.pk)),
    "taken": [str(edit and edit.created_by) for edit in (edit_claim_next(), edit_claim_next())],
    "turn_of_alice": compute_next_turn(alice),
    "turn_of_bob": compute_next_turn(bob),
}
print(json.dumps(told))  # noqa: T201
