"""The receivers of other apps' signals: they record events in the outbox."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.urls import reverse

from gallery.models import Photo
from inpainting.models import DetectionRun, Edit
from jobs.models import Job
from webhooks.models import Event
from webhooks.outbox import Occurrence, record

JOB_COLUMNS = ("photo", "photo__album", "state", "error_code")


def record_job_events(sender: type[Job], *, keys: Sequence[uuid.UUID], **_: object) -> None:
    """Record the events of the jobs that end in this transaction."""
    occurrences = _find_edits(keys) if sender is Edit else _find_detection_runs(keys)
    record([occurrence for occurrence in occurrences if occurrence.event in Event.values])


def record_new_photo(*, photo: Photo, **_: object) -> None:
    """Record the event of a photo that is uploaded in this transaction."""
    record([Occurrence(Event.PHOTO_CREATED, photo.album_id, partial(_describe_photo, photo))])


def record_deleted_photos(*, albums: Mapping[uuid.UUID, uuid.UUID], **_: object) -> None:
    """Record the events of photos that are deleted in this transaction.

    `albums` has the album of each photo. Its members are still known, so they get the event.
    """
    record(
        [
            Occurrence(Event.PHOTO_DELETED, album_id, partial(_describe_ids, photo_id, album_id))
            for photo_id, album_id in albums.items()
        ]
    )


def _find_edits(keys: Sequence[uuid.UUID]) -> Iterable[Occurrence]:
    columns = (*JOB_COLUMNS, "pk", "revision", "is_branch")
    for row in Edit.objects.filter(pk__in=keys).values(*columns):
        event = f"edit.{row['state']}"
        yield Occurrence(event, row["photo__album"], partial(_describe_edit, row))


def _find_detection_runs(keys: Sequence[uuid.UUID]) -> Iterable[Occurrence]:
    for row in DetectionRun.objects.filter(pk__in=keys).values(*JOB_COLUMNS):
        event = f"detection.{row['state']}"
        yield Occurrence(event, row["photo__album"], partial(_describe_detection_run, row))


def _describe_ids(photo_id: uuid.UUID, album_id: uuid.UUID) -> dict[str, object]:
    return {"photo": str(photo_id), "album": str(album_id)}


def _describe_photo(photo: Photo) -> dict[str, object]:
    url = reverse("api-photo", args=[photo.pk])
    return _describe_ids(photo.pk, photo.album_id) | {"url": url}


def _describe_job(row: Mapping[str, Any]) -> dict[str, object]:
    result = {"state": row["state"], "error": row["error_code"] or None}
    return _describe_ids(row["photo"], row["photo__album"]) | result


def _describe_edit(row: Mapping[str, Any]) -> dict[str, object]:
    return _describe_job(row) | {
        "edit": str(row["pk"]),
        "revision": str(row["revision"]) if row["revision"] else None,
        "is_branch": row["is_branch"],
        "url": reverse("api-edit", args=[row["pk"]]),
    }


def _describe_detection_run(row: Mapping[str, Any]) -> dict[str, object]:
    return _describe_job(row) | {"url": reverse("api-detections", args=[row["photo"]])}
