"""Labels of edits that were asked for before anybody had looked for objects."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from gallery.models import Photo
from inpainting.models import DetectionRun, Edit
from inpainting.services.masks import mask_keep, mask_remove
from inpainting.services.selections import Chosen, Selection, removal_label, resolve_selection
from jobs.claims import LeaseLost, select_claimed
from jobs.models import State
from vision.errors import VisionError
from web.errors import Problem


def labels_settle(edit: Edit) -> None:
    """Add the objects that a running edit waited for to its mask.

    Raises VisionError when they were not found, LeaseLost when the claim does not hold it any more.
    """
    if edit.awaited is None:
        return
    chosen = _found(edit, edit.awaited)
    before = edit.mask
    edit.mask = mask_keep(
        user=edit.created_by, photo=edit.photo, pixels=chosen.pixels, is_promised=True
    )
    edit.awaited = None
    edit.label = removal_label(
        (row.label for row in chosen.detections), is_own_mask=before.covered_pixels > 0
    )
    with transaction.atomic():
        # First, as for whoever asks for an edit: nobody may come to use the mask meanwhile.
        Photo.objects.select_for_update().filter(pk=edit.photo_id).first()
        changes = {"mask": edit.mask, "awaited": None, "label": edit.label}
        if not select_claimed(edit).update(**changes):
            raise LeaseLost(str(edit.pk))
        edit.detections.set(chosen.detections)
        if not Edit.objects.filter(mask=before).exists():
            mask_remove(before)


def _found(edit: Edit, awaited: Mapping[str, Any]) -> Chosen:
    run = DetectionRun.objects.filter(photo=edit.photo).first()
    if run is None or run.state in (State.FAILED, State.CANCELLED):
        message = run.error_message if run else ""
        raise VisionError(
            message or "Looking for objects was stopped, so nothing is known by its label.",
            code=(run.error_code if run else "") or "detection_cancelled",
        )
    selection = Selection(
        labels=awaited["labels"],
        shadows=awaited["shadows"],
        mask=edit.mask if edit.mask.covered_pixels else None,
    )
    try:
        return resolve_selection(edit.photo, selection, grow=edit.grow)
    except Problem as problem:
        is_lasting = problem.code != "detection_unfinished"
        raise VisionError(problem.message, code=problem.code, permanent=is_lasting) from None
