"""Explain how PostgreSQL finds the next edit and a queue position among ten thousand edits."""

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


def create_edits() -> None:
    """Create the queued edits of Alice."""
    first = rows.create_box_edit(rows.upload(alice), alice)
    rows.create_edits_after(first, QUEUED - 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inpainting_edit")


def explain_query(query: QuerySet[Any]) -> dict[str, object]:
    """Return the indexes used, whether anything is sorted, and the most rows read."""
    text = query.explain(analyze=True)
    reads = re.findall(r"actual time=\S+ rows=(\d+)", text)
    return {
        "indexes": sorted(set(re.findall(r"(?:using|on) (edits_\w+)", text))),
        "sorts": "Sort" in text,
        "most_rows": max(map(int, reads)),
    }


call_command("migrate", verbosity=0)
alice, bob = people.create_alice(), people.create_bob()
create_edits()
bobs_edit = rows.create_box_edit(rows.upload(bob), bob)
positions = annotate_queue_position(Edit.objects.all())
output = {
    "next": explain_query(select_claimable_edits()[:1]),
    "place": positions.get(pk=bobs_edit.pk).queue_position,
    "place_plan": explain_query(positions.filter(pk=bobs_edit.pk)),
    "taken": [str(edit and edit.created_by) for edit in (edit_claim_next(), edit_claim_next())],
    "turn_of_alice": compute_next_turn(alice),
    "turn_of_bob": compute_next_turn(bob),
}
print(json.dumps(output))  # noqa: T201
