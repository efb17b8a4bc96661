"""Detection runs: queued, cancelled, and carried out by a worker."""

import logging
import time
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.models import Photo, Revision
from gallery.photo_limits import get_stored_limits
from gallery.renditions import read_file, render_canvas
from inpainting import engines
from inpainting.job_kinds import RUN_NEXT_DETECTION, RUN_NEXT_EDIT
from inpainting.models import Detection, DetectionRun, Edit
from inpainting.selectors import (
    find_removed_detection_ids,
    select_claimable_edits,
    select_claimable_runs,
)
from inpainting.services.covered_detections import find_rows_under_edits
from jobs.claims import (
    REQUEUE_COLUMNS,
    LeaseHeartbeat,
    LeaseLost,
    claim_first,
    end_after_error,
    end_all,
    end_job,
    end_job_without_result,
    is_cancel_requested,
    is_unattended,
)
from jobs.models import UNFINISHED, State
from jobs.progress import build_checkpoint
from jobs.wakeups import send_wakeup, send_wakeup_on_commit
from vision.detectors.base import Detection as DetectedObject
from vision.errors import Cancelled
from vision.images import Picture, decode
from vision.masks import Polygon
from vision.outlines import Outline, find_outlines
from web.errors import Problem

logger = logging.getLogger(__name__)

MAX_OUTLINED = 60
UPDATED_FIELDS = ("confidence", "parents", "outline", "outline_method", "shadow", "is_current")


@transaction.atomic
def detection_queue(*, photo: Photo) -> DetectionRun:
    """Queue the first detection run of a photo, and return the run that it has."""
    values = {"detector": settings.DETECTOR}
    run, is_new = DetectionRun.objects.get_or_create(photo=photo, defaults=values)
    if is_new:
        send_wakeup_on_commit(RUN_NEXT_DETECTION)
    return run


@transaction.atomic
def detection_request(
    *, user: User, photo: Photo, detector: str = "", min_confidence: float | None = None
) -> DetectionRun:
    """Queue a detection run again, with the named detector or the one from the settings.

    It examines the current state of the photo, so that what was removed is not found again.
    `min_confidence`: the lowest confidence (0..1) that is stored; None for the detector's own.
    Raises Problem if the detector cannot be used here, or if a run is unfinished.
    """
    policies.require_editor(user, photo.album)
    _check_confidence(min_confidence)
    detector = engines.resolve_detector_name(detector)
    run, _created = DetectionRun.objects.select_for_update().get_or_create(
        photo=photo, defaults={"detector": settings.DETECTOR, "state": State.FAILED}
    )
    revision = photo.current if photo.current and photo.current.number else None
    return detection_requeue(
        run, detector=detector, min_confidence=min_confidence, revision=revision
    )


def _check_confidence(value: float | None) -> None:
    if value is not None and not 0 <= value <= 1:
        raise Problem(
            "min_confidence must be between 0 and 1.",
            code="setting_out_of_range",
            fields={"min_confidence": ["Between 0 and 1."]},
        )


@transaction.atomic
def detection_cancel(*, user: User, run: DetectionRun) -> DetectionRun:
    """Cancel a run: at once if it waits, at its next step if it runs. Old detections stay.

    Raises Problem (409) if it has ended already.
    """
    policies.require_editor(user, run.photo.album)
    now = timezone.now()
    rows = DetectionRun.objects.filter(pk=run.pk)
    has_no_worker = Q(state=State.QUEUED) | is_unattended()
    if end_all(rows.filter(has_no_worker), State.CANCELLED, cancel_requested_at=now):
        for _ in range(_select_unblocked_edits(run).count()):
            send_wakeup_on_commit(RUN_NEXT_EDIT)
    elif not rows.filter(state=State.RUNNING).update(cancel_requested_at=now):
        raise Problem("This detection run has ended already.", code="detection_finished")
    run.refresh_from_db()
    return run


def _select_unblocked_edits(run: DetectionRun) -> QuerySet[Edit]:
    """Return the edits that can be claimed now, because the run that they waited for has ended."""
    return select_claimable_edits().filter(photo=run.photo_id, awaited__isnull=False)


def detection_claim_next() -> DetectionRun | None:
    """Claim the oldest queued run; return None if there is none."""
    return claim_first(select_claimable_runs(), DetectionRun.objects.select_related("photo"))


def detection_run(run: DetectionRun) -> None:
    """Detect and outline the objects, and store them in place of the earlier detections."""
    timings: dict[str, float] = {}
    try:
        with LeaseHeartbeat(run):
            rows = _detect(run, timings)
            covered = find_rows_under_edits(run, rows)
        if is_cancel_requested(run):
            raise Cancelled
        changes = {"progress": 1, "timings": timings, "error_code": "", "error_message": ""}
        with end_job(run, State.SUCCEEDED, **changes):
            _replace_detections(run, rows)
            for edit, gone in covered:
                edit.covered_detections.add(*gone)
    except Cancelled:
        end_job_without_result(run, State.CANCELLED, timings=timings)
    except LeaseLost:
        logger.warning("%s was taken over by another worker or removed", run)
    except Exception as error:  # noqa: BLE001  after any error the row must end
        message = "Object detection failed. You can paint what should go, or try again."
        end_after_error(run, error, fallback_message=message, timings=timings)
    finally:
        # A run that is tried again needs a new message: its first attempt used up its own.
        if select_claimable_runs().filter(attempt__gt=0).exists():
            send_wakeup(RUN_NEXT_DETECTION)
        for _ in range(_select_unblocked_edits(run).count()):
            send_wakeup(RUN_NEXT_EDIT)


def _replace_detections(run: DetectionRun, rows: list[Detection]) -> None:
    """Store the rows. An object that was found before keeps its id, because edits refer to it.

    What had been removed from the examined picture stays stored, for the time after an undo. What
    is found in its place is another object.
    """
    removed_ids = find_removed_detection_ids(run.revision)
    others = Detection.objects.filter(photo=run.photo).exclude(pk__in=removed_ids)
    old_ids = {_get_identity(row): row.pk for row in others}
    others.update(is_current=False)
    new_rows: list[Detection] = []
    known_rows: list[Detection] = []
    for row in rows:
        old_id = old_ids.pop(_get_identity(row), None)
        row.pk = old_id or row.pk
        (known_rows if old_id else new_rows).append(row)
    Detection.objects.bulk_update(known_rows, UPDATED_FIELDS)
    Detection.objects.bulk_create(new_rows)


def _get_identity(row: Detection) -> tuple[object, ...]:
    return (row.detector, row.label, row.x, row.y, row.width, row.height)


def _detect(run: DetectionRun, timings: dict[str, float]) -> list[Detection]:
    checkpoint = build_checkpoint(run)
    start = time.monotonic()
    picture = _open_picture(run)
    timings["open"] = round(time.monotonic() - start, 3)
    checkpoint(0.2)
    objects = engines.prepare_detector(run.detector, run.min_confidence).detect(picture)
    timings["detect"] = round(time.monotonic() - start - timings["open"], 3)
    checkpoint(0.6)
    objects = sorted(objects, key=lambda item: item.confidence, reverse=True)
    with_box = [item for item in objects if item.box is not None][:MAX_OUTLINED]
    outlines = find_outlines(picture, with_box, engines.get_model_store())
    rows = [_build_row(run, *pair) for pair in zip(with_box, outlines, strict=True)]
    rows += [_build_row(run, item, None) for item in objects if item.box is None]
    timings["outline"] = round(time.monotonic() - start - sum(timings.values()), 3)
    return rows


def _open_picture(run: DetectionRun) -> Picture:
    if run.revision is not None:
        return render_canvas(run.revision)
    return decode(read_file(run.photo.original), limits=get_stored_limits(run.photo))


def _build_row(run: DetectionRun, item: DetectedObject, outline: Outline | None) -> Detection:
    place: dict[str, Any] = {}
    if item.box is not None and outline is not None:
        place = asdict(item.box) | {
            "outline": _to_lists(outline.polygons),
            "outline_method": outline.method,
            "shadow": _to_lists(outline.shadow),
        }
    return Detection(
        photo=run.photo,
        detector=item.detector,
        label=item.label[:100],
        parents=list(item.parents),
        confidence=item.confidence,
        **place,
    )


def _to_lists(polygons: list[Polygon]) -> list[list[list[float]]]:
    return [[list(point) for point in polygon] for polygon in polygons]


def detection_retry(run: DetectionRun) -> DetectionRun:
    """Queue an ended run again with its own options. Raises Problem if it is unfinished."""
    return detection_requeue(
        run, detector=run.detector, min_confidence=run.min_confidence, revision=run.revision
    )


@transaction.atomic
def detection_requeue(
    run: DetectionRun,
    *,
    detector: str = "",
    min_confidence: float | None = None,
    revision: Revision | None = None,
) -> DetectionRun:
    """Queue an ended run again, with all its attempts. Raises Problem if it is unfinished.

    `revision`: the state of the photo to examine; None for the original.
    """
    options = {
        "detector": detector or settings.DETECTOR,
        "min_confidence": min_confidence,
        "revision": revision,
    }
    rows = DetectionRun.objects.filter(pk=run.pk).exclude(state__in=UNFINISHED)
    if not rows.update(**options, **REQUEUE_COLUMNS, queued_at=timezone.now()):
        raise Problem(
            "The last detection run of this photo has not ended yet.", code="detection_unfinished"
        )
    send_wakeup_on_commit(RUN_NEXT_DETECTION)
    run.refresh_from_db()
    return run
