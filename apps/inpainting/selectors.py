"""Reads of detections, masks and edits."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from accounts.models import User
from gallery.models import Photo, Revision
from gallery.selectors import ancestor_ids, one_by_id
from inpainting import policies
from inpainting.models import Detection, DetectionRun, Edit, Mask
from inpainting.turns import ORDER
from jobs.claims import is_claimable
from jobs.models import UNFINISHED, Job, State


def edit_for(user: User, edit_id: uuid.UUID | str) -> Edit:
    """The edit with its `queue_position`; raises NotThere for strangers."""
    edits = policies.edits_visible_to(user).select_related("photo__album", "revision", "mask")
    return one_by_id(with_queue_position(edits).prefetch_related("detections"), edit_id, "edit")


def detection_run_for(user: User, run_id: uuid.UUID | str) -> DetectionRun:
    """The look for objects with its `queue_position`; raises NotThere for strangers."""
    runs = policies.detection_runs_visible_to(user).select_related("photo__album")
    return one_by_id(with_queue_position(runs), run_id, "detection run")


def mask_for(user: User, mask_id: uuid.UUID | str) -> Mask:
    """The mask; raises NotThere for strangers."""
    return one_by_id(policies.masks_visible_to(user).select_related("photo"), mask_id, "mask")


def masks_of(photo: Photo) -> QuerySet[Mask]:
    """A photo's masks, newest first."""
    return Mask.objects.filter(photo=photo).order_by("-created_at", "id")


def edits_of(user: User) -> QuerySet[Edit]:
    """The edits of all photos that `user` may see and that are to be kept, newest first."""
    edits = policies.edits_visible_to(user).filter(photo__album__expires_at=None)
    return edits.order_by("-created_at", "id")


def edits_of_photo(photo: Photo) -> QuerySet[Edit]:
    """A photo's edits, newest first."""
    return Edit.objects.filter(photo=photo).order_by("-created_at", "id")


def with_revision(edits: QuerySet[Edit]) -> QuerySet[Edit]:
    """Each with the `revision` that it made."""
    return edits.select_related("revision")


def with_detections(edits: QuerySet[Edit]) -> QuerySet[Edit]:
    """Each with the `detections` that were chosen."""
    return edits.prefetch_related("detections")


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
    """Queued edits whose base has ended, and the look for their objects; the fairest first.

    In each turn there is one edit of everybody who waits, so that one person's thousand edits do
    not hold up another's one: see `inpainting.turns`.
    """
    # Nothing that becomes a join: PostgreSQL would read and sort all edits to find the first.
    base = Edit.objects.filter(pk=OuterRef("base_edit"), state__in=UNFINISHED)
    look = DetectionRun.objects.filter(photo=OuterRef("photo"), state__in=UNFINISHED)
    has_ended = Q(base_edit=None) | ~Exists(base)
    is_known = Q(awaited__isnull=True) | ~Exists(look)
    return Edit.objects.filter(is_claimable(), has_ended, is_known).order_by(*ORDER)


def claimable_detections() -> QuerySet[DetectionRun]:
    """Queued runs, oldest first."""
    return DetectionRun.objects.filter(is_claimable()).order_by("queued_at", "id")


def with_queue_position[Row: Job](rows: QuerySet[Row]) -> QuerySet[Row]:
    """With `queue_position`: how many are taken before it, plus one; None when it does not wait."""
    kind = rows.model._default_manager  # noqa: SLF001  Django's own name
    before = kind.filter(_is_taken_before(rows.model), state=State.QUEUED).order_by()
    ahead = before.values("state").annotate(number=Count("pk")).values("number")
    place = Coalesce(Subquery(ahead, output_field=IntegerField()), 0) + 1
    placed: QuerySet[Any] = rows.annotate(queue_position=Case(When(state=State.QUEUED, then=place)))
    return placed


def add_queue_positions(edits: Sequence[Edit]) -> None:
    """Like `with_queue_position`, for many: the whole queue is counted through once."""
    places: dict[uuid.UUID, int] = {}
    if waiting := [edit.pk for edit in edits if edit.state == State.QUEUED]:
        place = Window(RowNumber(), order_by=ORDER)
        queue = Edit.objects.filter(state=State.QUEUED).annotate(place=place).order_by()
        # The first half is never so: it keeps the second from choosing before it is counted.
        chosen = queue.filter(Q(place__lt=0) | Q(pk__in=waiting))
        places = dict(chosen.values_list("pk", "place"))
    for edit in edits:
        edit.queue_position = places.get(edit.pk)


def _is_taken_before(kind: type[Job]) -> Q:
    """What holds for the queued rows that come before the outer query's row."""
    is_older = Q(queued_at__lt=OuterRef("queued_at"))
    if not issubclass(kind, Edit):
        return is_older
    in_turn = Q(turn__lte=OuterRef("turn"))
    return in_turn & (Q(turn__lt=OuterRef("turn")) | is_older)


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
