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
from gallery.selectors import collect_ancestor_ids, get_by_id
from inpainting import policies
from inpainting.models import Detection, DetectionRun, Edit, Mask
from inpainting.turns import TURN_ORDER
from jobs.claims import is_claimable
from jobs.models import UNFINISHED, Job, State


def get_edit(user: User, edit_id: uuid.UUID | str) -> Edit:
    """Return the edit with its `queue_position`. Raises NotThere if the user may not see it."""
    edits = policies.select_visible_edits(user).select_related("photo__album", "revision", "mask")
    return get_by_id(annotate_queue_position(edits).prefetch_related("detections"), edit_id, "edit")


def get_detection_run(user: User, run_id: uuid.UUID | str) -> DetectionRun:
    """Return the run with its `queue_position`. Raises NotThere if the user may not see it."""
    runs = policies.select_visible_runs(user).select_related("photo__album")
    return get_by_id(annotate_queue_position(runs), run_id, "detection run")


def get_mask(user: User, mask_id: uuid.UUID | str) -> Mask:
    """Return the mask. Raises NotThere if the user may not see it."""
    return get_by_id(policies.select_visible_masks(user).select_related("photo"), mask_id, "mask")


def select_masks(photo: Photo) -> QuerySet[Mask]:
    """Return the masks of a photo, newest first."""
    return Mask.objects.filter(photo=photo).order_by("-created_at", "id")


def select_edits(user: User) -> QuerySet[Edit]:
    """Return the edits of all photos that `user` may see, newest first.

    Edits of photos in temporary albums are left out.
    """
    edits = policies.select_visible_edits(user).filter(photo__album__expires_at=None)
    return edits.order_by("-created_at", "id")


def select_photo_edits(photo: Photo) -> QuerySet[Edit]:
    """Return the edits of a photo, newest first."""
    return Edit.objects.filter(photo=photo).order_by("-created_at", "id")


def include_revision(edits: QuerySet[Edit]) -> QuerySet[Edit]:
    """Let the query read the `revision` that each edit made."""
    return edits.select_related("revision")


def include_detections(edits: QuerySet[Edit]) -> QuerySet[Edit]:
    """Let the query read the `detections` that each edit removes."""
    return edits.prefetch_related("detections")


def find_newest_unfinished_edit(photo: Photo) -> Edit | None:
    """Return the edit that the next edit builds on; None if all have ended."""
    return Edit.objects.filter(photo=photo, state__in=UNFINISHED).order_by("created_at").last()


def select_detections(photo: Photo) -> QuerySet[Detection]:
    """Return the detections of the newest run, highest confidence first."""
    return Detection.objects.filter(photo=photo, is_current=True).order_by("-confidence", "id")


def find_removed_detection_ids(revision: Revision | None) -> set[uuid.UUID]:
    """Return the ids of the detections that the edits which led to `revision` removed."""
    if revision is None or revision.number == 0:
        return set()
    edits = Edit.objects.filter(revision__in=collect_ancestor_ids(revision))
    chosen = edits.exclude(detections=None).values_list("detections", flat=True)
    covered = edits.exclude(covered_detections=None).values_list("covered_detections", flat=True)
    return {*chosen, *covered}


def select_variants(edit: Edit) -> QuerySet[Edit]:
    """Return all tries of the same removal: the first edit and its variants, `edit` included."""
    first = edit.variant_of_id or edit.pk
    return Edit.objects.filter(Q(pk=first) | Q(variant_of=first))


def find_variant_revision_ids(edit: Edit) -> set[uuid.UUID]:
    """Return the ids of the revisions that the tries of the same removal have made."""
    made = select_variants(edit).exclude(revision=None)
    return set(made.values_list("revision", flat=True))


def select_claimable_edits() -> QuerySet[Edit]:
    """Return the edits that can be claimed, in fair order (see `inpainting.turns`).

    They are queued, their base has ended, and so has the detection run if they wait for its labels.
    """
    # Subqueries instead of joins: for a join PostgreSQL reads and sorts all edits to find one.
    base = Edit.objects.filter(pk=OuterRef("base_edit"), state__in=UNFINISHED)
    run = DetectionRun.objects.filter(photo=OuterRef("photo"), state__in=UNFINISHED)
    has_ended = Q(base_edit=None) | ~Exists(base)
    has_labels = Q(awaited__isnull=True) | ~Exists(run)
    return Edit.objects.filter(is_claimable(), has_ended, has_labels).order_by(*TURN_ORDER)


def select_claimable_runs() -> QuerySet[DetectionRun]:
    """Return the detection runs that can be claimed, oldest first."""
    return DetectionRun.objects.filter(is_claimable()).order_by("queued_at", "id")


def annotate_queue_position[Row: Job](rows: QuerySet[Row]) -> QuerySet[Row]:
    """Add `queue_position`: 1 for the row that is claimed next; None if the row does not wait."""
    kind = rows.model._default_manager  # noqa: SLF001  Django's own name
    before = kind.filter(_is_claimed_before(rows.model), state=State.QUEUED).order_by()
    count = before.values("state").annotate(number=Count("pk")).values("number")
    place = Coalesce(Subquery(count, output_field=IntegerField()), 0) + 1
    position = Case(When(state=State.QUEUED, then=place))
    annotated_rows: QuerySet[Any] = rows.annotate(queue_position=position)
    return annotated_rows


def add_queue_positions(edits: Sequence[Edit]) -> None:
    """Set the `queue_position` of many edits with one query that numbers the whole queue."""
    places: dict[uuid.UUID, int] = {}
    if waiting := [edit.pk for edit in edits if edit.state == State.QUEUED]:
        place = Window(RowNumber(), order_by=TURN_ORDER)
        queue = Edit.objects.filter(state=State.QUEUED).annotate(place=place).order_by()
        # The first condition is always false. It makes Django filter after the numbering.
        rows = queue.filter(Q(place__lt=0) | Q(pk__in=waiting))
        places = dict(rows.values_list("pk", "place"))
    for edit in edits:
        edit.queue_position = places.get(edit.pk)


def _is_claimed_before(kind: type[Job]) -> Q:
    """Return the condition that a queued row is claimed before the row of the outer query."""
    is_older = Q(queued_at__lt=OuterRef("queued_at"))
    if not issubclass(kind, Edit):
        return is_older
    is_no_later_turn = Q(turn__lte=OuterRef("turn"))
    return is_no_later_turn & (Q(turn__lt=OuterRef("turn")) | is_older)


def find_base_revision(edit: Edit) -> Revision:
    """Return the revision that the edit starts from. The edit's base must have ended.

    An edit whose base failed or was cancelled inherits the base of that one.
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
class QueueSummary:
    """The numbers of one queue, for the admin."""

    name: str
    counts: dict[str, int]
    oldest_queued_seconds: float | None
    last_finished_seconds: float | None


def summarize_queue(model: type[Edit] | type[DetectionRun], name: str) -> QueueSummary:
    """Count the jobs that wait, run or ended in the last day, and measure how long ago."""
    now = timezone.now()
    recent = Q(state__in=UNFINISHED) | Q(finished_at__gt=now - timedelta(days=1))
    rows = model.objects.all()
    counts = dict(rows.filter(recent).order_by().values_list("state").annotate(number=Count("pk")))
    times = rows.aggregate(
        oldest=Min("queued_at", filter=Q(state=State.QUEUED)), last=Max("finished_at")
    )
    return QueueSummary(
        name=name,
        counts={str(state): counts.get(state, 0) for state in State.values},
        oldest_queued_seconds=(now - times["oldest"]).total_seconds() if times["oldest"] else None,
        last_finished_seconds=(now - times["last"]).total_seconds() if times["last"] else None,
    )
