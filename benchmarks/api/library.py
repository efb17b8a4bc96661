"""Fills the database with 1,000 photos and 10,000 edits; prints the ids for the calls as JSON."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

django.setup()

from accounts.models import User  # noqa: E402
from accounts.services import token_create  # noqa: E402
from benchmarks.api.long_lists import create_long_lists  # noqa: E402
from gallery.examples.fetching import fetch_examples  # noqa: E402
from gallery.examples.library import list_examples  # noqa: E402
from gallery.models import Album, Photo, Revision  # noqa: E402
from gallery.services import album_create, share_link_create  # noqa: E402
from inpainting.models import Detection, DetectionRun, Edit, Mask  # noqa: E402
from jobs.models import State  # noqa: E402
from tests import people, rows  # noqa: E402
from webhooks.models import Delivery, DeliveryState, Event, Webhook  # noqa: E402
from webhooks.services import webhook_create  # noqa: E402

PHOTOS, EDITS_EACH, DETECTIONS_EACH, DELIVERIES = 1000, 10, 5, 300


def main() -> None:
    """Create the large album, a photo with all its files, and rows of all other kinds."""
    call_command("migrate", verbosity=0)
    alice = people.create_alice(password=people.PASSWORD)
    people.create_bob()
    album = album_create(user=alice, name="Everything")
    photos = _create_photos(album, alice)
    _create_edits(photos, alice)
    ids = _create_single_rows(alice, album, photos)
    create_long_lists(alice, album, Photo.objects.get(pk=str(ids["photo_id"])))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps(ids))


def _create_photos(album: Album, owner: User) -> list[Photo]:
    """Create photos with their original revisions, detection runs and detections."""
    numbers = count(1)
    photos = Photo.objects.bulk_create(
        Photo(
            album=album,
            uploaded_by=owner,
            title=f"photo {number}",
            filename="beach.png",
            original="nowhere.png",
            original_sha256="0" * 64,
            original_bytes=1,
            format="PNG",
            mode="RGB;8",
            width=rows.WIDTH,
            height=rows.HEIGHT,
            canvas_sha256="0" * 64,
            decoder="by hand",
        )
        for number, _ in zip(numbers, range(PHOTOS), strict=False)
    )
    for photo in photos:
        photo.current = photo.tip = Revision(photo=photo, number=0, label="Original")
    Revision.objects.bulk_create([photo.current for photo in photos if photo.current])
    Photo.objects.bulk_update(photos, ["current", "tip"])
    DetectionRun.objects.bulk_create(
        DetectionRun(photo=photo, detector="local", state=State.SUCCEEDED) for photo in photos
    )
    Detection.objects.bulk_create(row for photo in photos for row in _build_detections(photo))
    return photos


def _build_detections(photo: Photo) -> Iterator[Detection]:
    for number in range(DETECTIONS_EACH):
        yield Detection(
            photo=photo,
            detector="local",
            label="dog",
            confidence=0.9 - number / 10,
            x=number,
            y=0,
            width=20,
            height=16,
            outline=[[[0, 0], [20, 0], [20, 16], [0, 16]]],
            outline_method="box",
        )


def _create_edits(photos: list[Photo], owner: User) -> None:
    """Create ten edits for each photo, each with a mask and a detection.

    Nine of them have a revision; of the last ones, some are queued and the others have failed.
    """
    edits, revisions = [], []
    for index, photo in enumerate(photos):
        original = photo.current
        mask = Mask(photo=photo, file="nowhere.png", width=1, height=1, covered_pixels=1)
        mask.save()
        for number in range(1, EDITS_EACH + 1):
            is_last = number == EDITS_EACH
            state = State.SUCCEEDED if not is_last else State.QUEUED
            edit = Edit(
                photo=photo,
                base_revision=original,
                mask=mask,
                inpainter="patchmatch",
                label="Removed dog",
                state=state if index % 10 == 0 or not is_last else State.FAILED,
                created_by=owner,
            )
            edits.append(edit)
            if not is_last:
                revision = Revision(photo=photo, number=number, parent=photo.tip, label="x")
                revision.edit = edit
                photo.current = photo.tip = revision
                revisions.append(revision)
    Edit.objects.bulk_create(edits, batch_size=1000)
    Revision.objects.bulk_create(revisions, batch_size=1000)
    Photo.objects.bulk_update(photos, ["current", "tip"], batch_size=200)
    detection_ids = dict(Detection.objects.filter(confidence=0.9).values_list("photo_id", "pk"))
    through = Edit.detections.through
    through.objects.bulk_create(
        [through(edit_id=edit.pk, detection_id=detection_ids[edit.photo_id]) for edit in edits],
        batch_size=1000,
    )


def _create_single_rows(alice: User, album: Album, photos: list[Photo]) -> dict[str, object]:
    fetch_examples(online=False)
    photo = rows.upload(alice, album=album)
    rows.create_detection(photo)
    edit = rows.create_box_edit(photo, alice)
    Edit.objects.filter(state=State.QUEUED).exclude(pk=edit.pk).update(state=State.RUNNING)
    rows.run_all_edits()
    Edit.objects.filter(state=State.RUNNING).update(state=State.QUEUED)
    photo.refresh_from_db()
    _, token = token_create(
        user=alice, name="bench", scopes=["read", "write"], expires_in=timedelta(days=1)
    )
    webhook = webhook_create(
        user=alice, values={"url": "https://www.example.com/", "events": [Event.PHOTO_DELETED]}
    )
    return {
        "token": token,
        "number": 1,
        "user_id": str(alice.pk),
        "password": people.PASSWORD,
        "album_id": str(album.pk),
        "member_id": str(album.memberships.get(user=alice).pk),
        "photo_id": str(photo.pk),
        "revision_id": str(photo.current_id),
        "mask_id": str(edit.mask_id),
        "edit_id": str(edit.pk),
        "link_id": str(share_link_create(user=alice, album=album).pk),
        "run_id": str(photo.detection_run.pk),
        "example_id": list_examples()[0].id,
        "webhook_id": str(webhook.pk),
        "deliveries": _create_deliveries(webhook),
        "photos": [str(each.pk) for each in photos],
    }


def _create_deliveries(webhook: Webhook) -> list[str]:
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            webhook=webhook,
            event=Event.PHOTO_DELETED,
            body='{"type":"photo.deleted","timestamp":"2026-11-28T00:00:00Z","data":{}}',
            state=DeliveryState.DELIVERED,
            ended_at=timezone.now(),
        )
        for _ in range(DELIVERIES)
    )
    return [str(delivery.pk) for delivery in deliveries]


if __name__ == "__main__":
    main()
