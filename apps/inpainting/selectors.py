"""Reads of detections, masks and edits."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from gallery.models import Photo, Revision
from gallery.selectors import ancestor_ids, one_by_id
from inpainting import policies
from inpainting.claims import ready
from inpainting.models import Detection, DetectionRun, Edit, Mask
from inpainting.models.jobs import UNFINISHED, State


def edit_for(user: User, edit_id: uuid.UUID | str) -> Edit:
    """The edit with its `queue_position`; raises NotThere for strangers."""
    edits = policies.edits_visible_to(user).select_related("photo__album", "revision", "mask")
    return one_by_id(with_queue_position(edits).prefetch_related("detections"), edit_id, "edit")


def mask_for(user: User, mask_id: uuid.UUID | str) -> Mask:
    """The mask; raises NotThere for strangers."""
    return one_by_id(policies.masks_visible_to(user).select_related("photo"), mask_id, "mask")


def masks_of(photo: Photo) -> QuerySet[Mask]:
    """A photo's masks, newest first."""
    return Mask.objects.filter(photo=photo).order_by("-created_at", "id")


def edits_of_photo(photo: Photo) -> QuerySet[Edit]:
    """A photo's edits, newest first, each with its `queue_position`."""
    return (
        with_queue_position(Edit.objects.filter(photo=photo))
        .select_related("revision", "photo")
        .prefetch_related("detections")
        .order_by("-created_at", "id")
    )


def newest_unfinished_edit(photo: Photo) -> Edit | None:
    """What the next edit builds on while work is under way."""
    return Edit.objects.filter(photo=photo, state__in=UNFINISHED).order_by("created_at").last()


def detections_of(photo: Photo) -> QuerySet[Detection]:
    """What the newest run found, surest first."""
    return Detection.objects.filter(photo=photo, is_current=True).order_by("-confidence", "id")


def removed_detection_ids(revision: Revision | None) -> set[uuid.UUID]:
    """The detections that are gone in `revision`: those of the edits that led to it."""
    if revision is None or revision.number == 0:
        return set()
    led_here = Edit.objects.filter(revision__in=ancestor_ids(revision))
    return set(led_here.exclude(detections=None).values_list("detections", flat=True))


def claimable_edits() -> QuerySet[Edit]:
    """Queued edits whose base has ended, the fairest first.

    Whoever has waited longest since the last start of an own edit is next, so that one person's
    hundred edits do not hold up another's one.
    """
    last_start = (
        Edit.objects.filter(created_by=OuterRef("created_by"))
        .order_by(F("started_at").desc(nulls_last=True))
        .values("started_at")[:1]
    )
    return (
        Edit.objects.filter(ready())
        .exclude(base_edit__state__in=UNFINISHED)
        .annotate(users_last_start=Subquery(last_start))
        .order_by(F("users_last_start").asc(nulls_first=True), "queued_at", "id")
    )


def claimable_detections() -> QuerySet[DetectionRun]:
    """Queued runs, oldest first."""
    return DetectionRun.objects.filter(ready()).order_by("queued_at", "id")


def with_queue_position(edits: QuerySet[Edit]) -> QuerySet[Edit]:
    """With `queue_position`: how many edits wait longer, plus one; None when it does not wait."""
    longer = Edit.objects.filter(state=State.QUEUED, queued_at__lt=OuterRef("queued_at")).order_by()
    ahead = longer.values("state").annotate(number=Count("pk")).values("number")
    place = Coalesce(Subquery(ahead, output_field=IntegerField()), 0) + 1
    return edits.annotate(queue_position=Case(When(state=State.QUEUED, then=place)))


def base_revision_of(edit: Edit) -> Revision:
    """The state that the edit starts from, now that its base has ended.

    An edit whose base failed or was cancelled inherits that one's base.
    """
    step: Edit | None = edit
    while step is not None:
        if step.base_revision is not None:
            return step.base_revision
        step = step.base_edit
        if step is not None and step.state == State.SUCCEEDED:
            return step.revision
    raise LookupError(f"Edit {edit.pk} has no base")


@dataclass(frozen=True)
class QueueGlance:
    """One queue's numbers for the admin."""

    name: str
    counts: dict[str, int]
    oldest_queued_seconds: float | None
    last_finished_seconds: float | None


def queue_glance(model: type[Edit] | type[DetectionRun], name: str) -> QueueGlance:
    """What waits, runs and ended in the last day, and for how long the oldest has waited."""
    now = timezone.now()
    recent = Q(state__in=UNFINISHED) | Q(finished_at__gt=now - timedelta(days=1))
    rows = model.objects.all()
    counted = dict(rows.filter(recent).order_by().values_list("state").annotate(number=Count("pk")))
    times = rows.aggregate(
        oldest=Min("queued_at", filter=Q(state=State.QUEUED)), last=Max("finished_at")
    )
    return QueueGlance(
        name=name,
        counts={str(state): counted.get(state, 0) for state in State.values},
        oldest_queued_seconds=(now - times["oldest"]).total_seconds() if times["oldest"] else None,
        last_finished_seconds=(now - times["last"]).total_seconds() if times["last"] else None,
    )
