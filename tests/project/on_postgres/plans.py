"""Looks at how PostgreSQL would read each list of a large library: never a whole table."""

import json
import re
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

django.setup()

from accounts.selectors import tokens_of  # noqa: E402
from api.selectors import (  # noqa: E402
    with_detection_state,
    with_original_revision,
    with_unfinished_edits,
)
from gallery.models import Album, Photo, Revision, Upload  # noqa: E402
from gallery.selectors import (  # noqa: E402
    albums_of,
    members_of,
    photos_of,
    revisions_of,
    share_links_of,
    uploads_unfinished,
)
from inpainting.models import Edit  # noqa: E402
from inpainting.selectors import (  # noqa: E402
    claimable_detections,
    claimable_edits,
    detections_of,
    edits_of,
    edits_of_photo,
    masks_of,
)
from tests import people, rows  # noqa: E402
from webhooks.models import Delivery  # noqa: E402
from webhooks.selectors import deliveries_due, deliveries_of, webhooks_of  # noqa: E402
from webhooks.services import webhook_create  # noqa: E402

# Tables of a few rows may be read whole.
LARGE = (
    "gallery_photo|gallery_revision|gallery_patch|gallery_rendition|gallery_upload|"
    "gallery_sharelink|"
    "webhooks_webhook|webhooks_delivery|"
    "inpainting_edit|inpainting_mask|inpainting_detection|inpainting_detectionrun"
)


def whole_tables(rows_of: QuerySet[Any]) -> list[str]:
    """The large tables that the first page would read from end to end."""
    plan = rows_of[:50].explain()
    return re.findall(rf"Seq Scan on ({LARGE})\b", plan)


call_command("migrate", verbosity=0)
alice = people.create_alice()
photo = rows.upload(alice)
rows.create_box_edit(photo, alice)
wishes = {"url": "https://shop.example/", "events": ["edit.failed"]}
webhook = webhook_create(user=alice, wishes=wishes)  # type: ignore[arg-type]
with connection.cursor() as cursor:
    # With so few rows reading a table whole is cheapest; what counts is whether there is a way.
    cursor.execute("SET enable_seqscan = off")
lists: dict[str, QuerySet[Any]] = {
    "photos": with_original_revision(with_unfinished_edits(with_detection_state(photos_of(alice)))),
    "photos of an album": photos_of(alice).filter(album=photo.album),
    "albums": albums_of(alice),
    "members": members_of(photo.album),
    "share links": share_links_of(photo.album),
    "tokens": tokens_of(alice),
    "webhooks": webhooks_of(alice),
    "deliveries": deliveries_of(webhook),
    "deliveries that are due": deliveries_due(),
    "old deliveries": Delivery.objects.filter(created_at__lt=photo.created_at),
    "revisions": revisions_of(photo),
    "masks": masks_of(photo),
    "edits": edits_of_photo(photo),
    "edits of all photos": edits_of(alice),
    "detections": detections_of(photo),
    "uploads": uploads_unfinished(alice),
    "claimable edits": claimable_edits(),
    "claimable detections": claimable_detections(),
    "admin: edits": Edit.objects.order_by("-created_at", "id"),
    "admin: photos": Photo.objects.order_by("-created_at", "id"),
    "admin: albums": Album.objects.order_by("-created_at", "id"),
    "photos by file": Photo.objects.filter(original__in=["a", "b"]),
    "uploads that are over": Upload.objects.filter(expires_at__lt=photo.created_at),
    "first revisions": Revision.objects.filter(photo=photo, number=0),
}
found = {name: tables for name, rows_of in lists.items() if (tables := whole_tables(rows_of))}
print(json.dumps(found))  # noqa: T201
