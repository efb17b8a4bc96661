"""Looking for objects in a photo."""

import logging
import time
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.errors import Problem
from gallery import policies
from gallery.models import Photo
from gallery.renditions import read_file
from inpainting import engines
from inpainting.bell import RUN_NEXT_DETECTION, ring_on_commit
from inpainting.claims import LeaseKeeper, LeaseLost, claim, finish, retry_or_fail
from inpainting.models import Detection, DetectionRun
from inpainting.models.jobs import UNFINISHED, State
from inpainting.selectors import claimable_detections
from vision.detectors.base import Detection as Found
from vision.errors import VisionError
from vision.images import Picture, decode
from vision.outlines import outline

logger = logging.getLogger(__name__)

MOST_OUTLINED = 60
CANDIDATES = 5


@transaction.atomic
def detection_queue(*, photo: Photo) -> DetectionRun:
    """Queue a look for objects; called when a photo has come in."""
    run = DetectionRun.objects.create(photo=photo, detector=settings.DETECTOR)
    ring_on_commit(RUN_NEXT_DETECTION)
    return run


@transaction.atomic
def detection_request(*, user: User, photo: Photo) -> DetectionRun:
    """Look for objects again. Raises Problem while a look is under way."""
    policies.require_editor(user, photo.album)
    run, _created = DetectionRun.objects.select_for_update().get_or_create(
        photo=photo, defaults={"detector": settings.DETECTOR, "state": State.FAILED}
    )
    if run.state in UNFINISHED:
        raise Problem(
            "Objects are being looked for already.", code="detection_unfinished", status=409
        )
    return detection_requeue(run)


def detection_claim_next() -> DetectionRun | None:
    """Take the oldest queued run; None when there is none."""
    for row_id in claimable_detections().values_list("pk", flat=True)[:CANDIDATES]:
        taken = claim(DetectionRun.objects.select_related("photo"), row_id)
        if taken:
            return taken
    return None


def detection_run(run: DetectionRun) -> None:
    """Find the objects, outline them, and keep them in place of what was found before."""
    timings: dict[str, float] = {}
    try:
        with LeaseKeeper(run):
            rows = _look(run, timings)
        with transaction.atomic():
            finish(run, State.SUCCEEDED, progress=1, timings=timings, error_code="")
            _replace(run.photo, rows)
    except LeaseLost:
        logger.warning("Detection %s was taken over by another worker", run.pk)
    except VisionError as error:
        _fail(run, error)
    except Exception:
        logger.exception("Detection %s failed", run.pk)
        retry_or_fail(
            run,
            code="internal_error",
            message="Looking for objects failed. You can paint what should go, or try again.",
            delay=timedelta(seconds=5 * run.attempt),
        )


def _replace(photo: Photo, rows: list[Detection]) -> None:
    """What was found before and is found again keeps its row, which edits may name."""
    earlier = {_identity(row): row for row in Detection.objects.filter(photo=photo)}
    again = {_identity(row) for row in rows} & earlier.keys()
    Detection.objects.filter(photo=photo).update(is_current=False)
    kept = [earlier[identity].pk for identity in again]
    Detection.objects.filter(pk__in=kept).update(is_current=True)
    Detection.objects.bulk_create(row for row in rows if _identity(row) not in again)


def _identity(row: Detection) -> tuple[object, ...]:
    return (row.detector, row.label, row.x, row.y, row.width, row.height)


def _look(run: DetectionRun, timings: dict[str, float]) -> list[Detection]:
    started = time.monotonic()
    picture = decode(read_file(run.photo.original))
    timings["open"] = round(time.monotonic() - started, 3)
    found = engines.detector().detect(picture)
    timings["detect"] = round(time.monotonic() - started - timings["open"], 3)
    found = sorted(found, key=lambda item: item.confidence, reverse=True)
    placed = [item for item in found if item.box is not None][:MOST_OUTLINED]
    rows = [_row(run, picture, item) for item in placed]
    rows += [_row(run, picture, item) for item in found if item.box is None]
    timings["outline"] = round(time.monotonic() - started - sum(timings.values()), 3)
    return rows


def _row(run: DetectionRun, picture: Picture, found: Found) -> Detection:
    place: dict[str, Any] = {}
    if found.box is not None:
        drawn = outline(picture, found, engines.model_store())
        place = asdict(found.box) | {
            "outline": [[list(point) for point in polygon] for polygon in drawn.polygons],
            "outline_method": drawn.method,
        }
    return Detection(
        photo=run.photo,
        detector=found.detector,
        label=found.label[:100],
        parents=list(found.parents),
        confidence=found.confidence,
        **place,
    )


def _fail(run: DetectionRun, error: VisionError) -> None:
    if error.permanent:
        finish(
            run,
            State.FAILED,
            error_code=error.code,
            error_message=str(error),
            error_is_permanent=True,
        )
        return
    delay = timedelta(seconds=5 * run.attempt)
    retry_or_fail(run, code=error.code, message=str(error), delay=delay)


@transaction.atomic
def detection_requeue(run: DetectionRun) -> DetectionRun:
    """Queue a run again, with all its attempts; for admins."""
    run.detector = settings.DETECTOR
    run.state = State.QUEUED
    run.attempt = 0
    run.queued_at = timezone.now()
    run.not_before = run.finished_at = None
    run.error_code = run.error_message = ""
    run.error_is_permanent = False
    run.lease_id = run.lease_expires_at = None
    run.save()
    ring_on_commit(RUN_NEXT_DETECTION)
    return run
