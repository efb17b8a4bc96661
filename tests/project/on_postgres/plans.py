"""Explain how PostgreSQL reads each list: no large table may be read completely."""

import json
import re
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

django.setup()

from accounts.selectors import select_tokens  # noqa: E402
from api.selectors import (  # noqa: E402
    annotate_detection_state,
    annotate_original_revision,
    annotate_unfinished_edits,
)
from gallery.models import Album, Photo, Revision, Upload  # noqa: E402
from gallery.selectors import (  # noqa: E402
    list_albums,
    list_members,
    list_photos,
    list_revisions,
    list_share_links,
    list_unfinished_uploads,
)
from inpainting.models import Edit  # noqa: E402
from inpainting.selectors import (  # noqa: E402
    select_claimable_edits,
    select_claimable_runs,
    select_detections,
    select_edits,
    select_masks,
    select_photo_edits,
)
from tests import people, rows  # noqa: E402
from webhooks.models import Delivery  # noqa: E402
from webhooks.selectors import select_deliveries, select_due_deliveries, select_webhooks  # noqa: E402
from webhooks.services import webhook_create  # noqa: E402

# Tables of a few rows may be read completely.
LARGE = (
    "gallery_photo|gallery_revision|gallery_patch|gallery_rendition|gallery_upload|"
    "gallery_sharelink|"
    "webhooks_webhook|webhooks_delivery|"
    "inpainting_edit|inpainting_mask|inpainting_detection|inpainting_detectionrun"
)


def find_full_scans(query: QuerySet[Any]) -> list[str]:
    """Return the large tables that the first page would read completely."""
    plan = query[:50].explain()
    return re.findall(rf"Seq Scan on ({LARGE})\b", plan)


call_command("migrate", verbosity=0)
alice = people.create_alice()
photo = rows.upload(alice)
rows.create_box_edit(photo, alice)
values = {"url": "https://shop.example/", "events": ["edit.failed"]}
webhook = webhook_create(user=alice, values=values)  # type: ignore[arg-type]
with connection.cursor() as cursor:
    # With so few rows a full scan is cheapest; without it, a usable index must be found.
    cursor.execute("SET enable_seqscan = off")
lists: dict[str, QuerySet[Any]] = {
    "photos": annotate_original_revision(
        annotate_unfinished_edits(annotate_detection_state(list_photos(alice)))
    ),
    "photos of an album": list_photos(alice).filter(album=photo.album),
    "albums": list_albums(alice),
    "members": list_members(photo.album),
    "share links": list_share_links(photo.album),
    "tokens": select_tokens(alice),
    "webhooks": select_webhooks(alice),
    "deliveries": select_deliveries(webhook),
    "deliveries that are due": select_due_deliveries(),
    "old deliveries": Delivery.objects.filter(created_at__lt=photo.created_at),
    "revisions": list_revisions(photo),
    "masks": select_masks(photo),
    "edits": select_photo_edits(photo),
    "edits of all photos": select_edits(alice),
    "detections": select_detections(photo),
    "uploads": list_unfinished_uploads(alice),
    "claimable edits": select_claimable_edits(),
    "claimable detections": select_claimable_runs(),
    "admin: edits": Edit.objects.order_by("-created_at", "id"),
    "admin: photos": Photo.objects.order_by("-created_at", "id"),
    "admin: albums": Album.objects.order_by("-created_at", "id"),
    "photos by file": Photo.objects.filter(original__in=["a", "b"]),
    "uploads that are over": Upload.objects.filter(expires_at__lt=photo.created_at),
    "first revisions": Revision.objects.filter(photo=photo, number=0),
}
output = {name: tables for name, query in lists.items() if (tables := find_full_scans(query))}
print(json.dumps(output))  # noqa: T201
