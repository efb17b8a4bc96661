"""Looking for objects in a photo."""

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
from gallery.models import Photo
from gallery.renditions import read_file
from inpainting import engines
from inpainting.job_kinds import RUN_NEXT_DETECTION, RUN_NEXT_EDIT
from inpainting.models import Detection, DetectionRun, Edit
from inpainting.selectors import claimable_detections, claimable_edits
from inpainting.services.watching import checkpoint_of, is_unwanted
from jobs.claims import (
    QUEUED_AFRESH,
    LeaseHeartbeat,
    LeaseLost,
    claim_first,
    end_after_error,
    end_all,
    end_job,
    end_job_without_result,
    is_unattended,
)
from jobs.models import UNFINISHED, State
from jobs.wakeups import send_wakeup, send_wakeup_on_commit
from vision.detectors.base import Detection as Found
from vision.errors import Cancelled
from vision.images import decode
from vision.masks import Polygon
from vision.outlines import Outline, outline_all
from web.errors import Problem

logger = logging.getLogger(__name__)

MOST_OUTLINED = 60
SEEN_AFRESH = ("confidence", "parents", "outline", "outline_method", "shadow", "is_current")


@transaction.atomic
def detection_queue(*, photo: Photo) -> DetectionRun:
    """Queue a look for objects; called when a photo has come in."""
    run = DetectionRun.objects.create(photo=photo, detector=settings.DETECTOR)
    send_wakeup_on_commit(RUN_NEXT_DETECTION)
    return run


@transaction.atomic
def detection_request(
    *, user: User, photo: Photo, detector: str = "", min_confidence: float | None = None
) -> DetectionRun:
    """Look for objects again: with a detector that can be used here, or the one that is set.

    `min_confidence`: least confidence, 0..1, of what is kept; None for the detector's own.
    Raises Problem while a look is under way.
    """
    policies.require_editor(user, photo.album)
    _check_confidence(min_confidence)
    detector = engines.chosen_detector(detector)
    run, _created = DetectionRun.objects.select_for_update().get_or_create(
        photo=photo, defaults={"detector": settings.DETECTOR, "state": State.FAILED}
    )
    return detection_requeue(run, detector=detector, min_confidence=min_confidence)


def _check_confidence(value: float | None) -> None:
    if value is not None and not 0 <= value <= 1:
        raise Problem(
            "min_confidence must be between 0 and 1.",
            code="setting_out_of_range",
            fields={"min_confidence": ["Between 0 and 1."]},
        )


@transaction.atomic
def detection_cancel(*, user: User, run: DetectionRun) -> DetectionRun:
    """Stop a look: at once when it waits, at its next step when it runs; what was known stays.

    Raises Problem (409) when it has ended already.
    """
    policies.require_editor(user, run.photo.album)
    now = timezone.now()
    rows = DetectionRun.objects.filter(pk=run.pk)
    has_no_worker = Q(state=State.QUEUED) | is_unattended()
    if end_all(rows.filter(has_no_worker), State.CANCELLED, cancel_requested_at=now):
        for _ in range(_waiting_edits(run).count()):
            send_wakeup_on_commit(RUN_NEXT_EDIT)
    elif not rows.filter(state=State.RUNNING).update(cancel_requested_at=now):
        raise Problem("This look has ended already.", code="detection_finished")
    run.refresh_from_db()
    return run


def _waiting_edits(run: DetectionRun) -> QuerySet[Edit]:
    """What can be worked on now that the look has ended."""
    return claimable_edits().filter(photo=run.photo_id, awaited__isnull=False)


def detection_claim_next() -> DetectionRun | None:
    """Take the oldest queued run; None when there is none."""
    return claim_first(claimable_detections(), DetectionRun.objects.select_related("photo"))


def detection_run(run: DetectionRun) -> None:
    """Find the objects, outline them, and keep them in place of what was found before."""
    timings: dict[str, float] = {}
    try:
        with LeaseHeartbeat(run):
            rows = _look(run, timings)
        if is_unwanted(run):
            raise Cancelled
        done = {"progress": 1, "timings": timings, "error_code": "", "error_message": ""}
        with end_job(run, State.SUCCEEDED, **done):
            _replace(run.photo, rows)
    except Cancelled:
        end_job_without_result(run, State.CANCELLED, timings=timings)
    except LeaseLost:
        logger.warning("%s was taken over by another worker or removed", run)
    except Exception as fault:  # noqa: BLE001  whatever it is, the row must end
        message = "Looking for objects failed. You can paint what should go, or try again."
        end_after_error(run, fault, fallback_message=message, timings=timings)
    finally:
        # An earlier try has used up its ring.
        if claimable_detections().filter(attempt__gt=0).exists():
            send_wakeup(RUN_NEXT_DETECTION)
        for _ in range(_waiting_edits(run).count()):
            send_wakeup(RUN_NEXT_EDIT)


def _replace(photo: Photo, rows: list[Detection]) -> None:
    """What is found again keeps its id, which edits may name, and takes on what is seen now."""
    earlier = {_identity(row): row.pk for row in Detection.objects.filter(photo=photo)}
    Detection.objects.filter(photo=photo).update(is_current=False)
    fresh: list[Detection] = []
    again: list[Detection] = []
    for row in rows:
        key = earlier.pop(_identity(row), None)
        row.pk = key or row.pk
        (again if key else fresh).append(row)
    Detection.objects.bulk_update(again, SEEN_AFRESH)
    Detection.objects.bulk_create(fresh)


def _identity(row: Detection) -> tuple[object, ...]:
    return (row.detector, row.label, row.x, row.y, row.width, row.height)


def _look(run: DetectionRun, timings: dict[str, float]) -> list[Detection]:
    look = checkpoint_of(run)
    started = time.monotonic()
    picture = decode(read_file(run.photo.original))
    timings["open"] = round(time.monotonic() - started, 3)
    look(0.2)
    found = engines.detector(run.detector, run.min_confidence).detect(picture)
    timings["detect"] = round(time.monotonic() - started - timings["open"], 3)
    look(0.6)
    found = sorted(found, key=lambda item: item.confidence, reverse=True)
    placed = [item for item in found if item.box is not None][:MOST_OUTLINED]
    outlines = outline_all(picture, placed, engines.model_store())
    rows = [_row(run, *pair) for pair in zip(placed, outlines, strict=True)]
    rows += [_row(run, item, None) for item in found if item.box is None]
    timings["outline"] = round(time.monotonic() - started - sum(timings.values()), 3)
    return rows


def _row(run: DetectionRun, found: Found, drawn: Outline | None) -> Detection:
    place: dict[str, Any] = {}
    if found.box is not None and drawn is not None:
        place = asdict(found.box) | {
            "outline": _lists(drawn.polygons),
            "outline_method": drawn.method,
            "shadow": _lists(drawn.shadow),
        }
    return Detection(
        photo=run.photo,
        detector=found.detector,
        label=found.label[:100],
        parents=list(found.parents),
        confidence=found.confidence,
        **place,
    )


def _lists(polygons: list[Polygon]) -> list[list[list[float]]]:
    return [[list(point) for point in polygon] for polygon in polygons]


@transaction.atomic
def detection_requeue(
    run: DetectionRun, *, detector: str = "", min_confidence: float | None = None
) -> DetectionRun:
    """Queue an ended run again, with all its attempts. Raises Problem while it is under way."""
    asked = {"detector": detector or settings.DETECTOR, "min_confidence": min_confidence}
    ended = DetectionRun.objects.filter(pk=run.pk).exclude(state__in=UNFINISHED)
    if not ended.update(**asked, **QUEUED_AFRESH, queued_at=timezone.now()):
        raise Problem("Objects are being looked for already.", code="detection_unfinished")
    send_wakeup_on_commit(RUN_NEXT_DETECTION)
    run.refresh_from_db()
    return run
