"""What the other rooms tell, as events for the outbox."""

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

OF_A_JOB = ("photo", "photo__album", "state", "error_code")


def tell_of_jobs(sender: type[Job], *, keys: Sequence[uuid.UUID], **_: object) -> None:
    """Jobs end, in this transaction."""
    told = _edits(keys) if sender is Edit else _detection_runs(keys)
    record([each for each in told if each.event in Event.values])


def tell_of_new_photo(*, photo: Photo, **_: object) -> None:
    """A photo comes in, in this transaction."""
    record([Occurrence(Event.PHOTO_CREATED, photo.album_id, partial(_photo, photo))])


def tell_of_deleted_photos(*, albums: Mapping[uuid.UUID, uuid.UUID], **_: object) -> None:
    """Photos go, in this transaction; who may see them is still known."""
    record(
        [
            Occurrence(Event.PHOTO_DELETED, album_id, partial(_ids, photo_id, album_id))
            for photo_id, album_id in albums.items()
        ]
    )


def _edits(keys: Sequence[uuid.UUID]) -> Iterable[Occurrence]:
    columns = (*OF_A_JOB, "pk", "revision", "is_branch")
    for row in Edit.objects.filter(pk__in=keys).values(*columns):
        yield Occurrence(f"edit.{row['state']}", row["photo__album"], partial(_edit, row))


def _detection_runs(keys: Sequence[uuid.UUID]) -> Iterable[Occurrence]:
    for row in DetectionRun.objects.filter(pk__in=keys).values(*OF_A_JOB):
        event = f"detection.{row['state']}"
        yield Occurrence(event, row["photo__album"], partial(_detection_run, row))


def _ids(photo_id: uuid.UUID, album_id: uuid.UUID) -> dict[str, object]:
    return {"photo": str(photo_id), "album": str(album_id)}


def _photo(photo: Photo) -> dict[str, object]:
    url = reverse("api-photo", args=[photo.pk])
    return _ids(photo.pk, photo.album_id) | {"url": url}


def _job(row: Mapping[str, Any]) -> dict[str, object]:
    told = {"state": row["state"], "error": row["error_code"] or None}
    return _ids(row["photo"], row["photo__album"]) | told


def _edit(row: Mapping[str, Any]) -> dict[str, object]:
    return _job(row) | {
        "edit": str(row["pk"]),
        "revision": str(row["revision"]) if row["revision"] else None,
        "is_branch": row["is_branch"],
        "url": reverse("api-edit", args=[row["pk"]]),
    }


def _detection_run(row: Mapping[str, Any]) -> dict[str, object]:
    return _job(row) | {"url": reverse("api-detections", args=[row["photo"]])}
