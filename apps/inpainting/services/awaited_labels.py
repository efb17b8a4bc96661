"""Labels of edits that were created before the objects in their photo were detected."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from gallery.models import Photo
from inpainting.mask_files import MaskOrigin
from inpainting.models import Edit
from inpainting.selectors import select_detections
from inpainting.services.detections import detection_queue
from inpainting.services.labels import check_labels_supported, get_detection_run
from inpainting.services.masks import delete_unused_mask, mask_store
from inpainting.services.selections import (
    PhotoSelection,
    ResolvedSelection,
    build_removal_label,
    resolve_selection,
)
from jobs.claims import LeaseLost, select_claimed
from jobs.models import UNFINISHED, State
from vision.errors import VisionError
from vision.label_names import IGNORE
from web.errors import Problem


def defer_labels(photo: Photo, selection: PhotoSelection) -> PhotoSelection:
    """Mark the labels of a selection to be looked up later, if objects are not looked for yet.

    A photo without a detection run gets one. Raises Problem label_unsupported.
    """
    if not selection.labels:
        return selection
    run = get_detection_run(photo)
    check_labels_supported(selection.labels, run)
    run = run or detection_queue(photo=photo)
    return replace(selection, are_labels_deferred=run.state in UNFINISHED)


def awaited_labels_resolve(edit: Edit) -> None:
    """Add the objects whose labels a running edit waited for to its mask.

    Raises VisionError if they were not found, and LeaseLost if the claim does not hold the edit any
    more.
    """
    if edit.awaited is None:
        return
    area = _find_area(edit, edit.awaited)
    old_mask = edit.mask
    edit.mask = mask_store(
        user=edit.created_by,
        photo=edit.photo,
        pixels=area.pixels,
        origin=MaskOrigin(old_mask.convention, old_mask.notes),
        ignore_quota=True,
    )
    is_own_mask = edit.awaited.get("is_own_mask", old_mask.covered_pixels > 0)
    edit.awaited = None
    detections = [*edit.detections.all(), *area.detections]
    edit.label = build_removal_label((row.label for row in detections), is_own_mask=is_own_mask)
    edit.missing_labels = list(area.missing_labels)
    with transaction.atomic():
        # Lock the photo, as `edit_create` does, so that no new edit can use the old mask.
        Photo.objects.select_for_update().filter(pk=edit.photo_id).first()
        changes = {
            "mask": edit.mask,
            "awaited": None,
            "label": edit.label,
            "missing_labels": edit.missing_labels,
        }
        if not select_claimed(edit).update(**changes):
            raise LeaseLost(str(edit.pk))
        edit.detections.set(detections)
        if not Edit.objects.filter(mask=old_mask).exists():
            delete_unused_mask(old_mask)


def _find_area(edit: Edit, awaited: Mapping[str, Any]) -> ResolvedSelection:
    run = get_detection_run(edit.photo)
    has_no_result = run is None or run.state in (State.FAILED, State.CANCELLED)
    if has_no_result and not select_detections(edit.photo).exists():
        message = run.error_message if run else ""
        raise VisionError(
            message or "Object detection was cancelled, so no object is known by its label.",
            code=(run.error_code if run else "") or "detection_cancelled",
        )
    selection = PhotoSelection(
        labels=awaited["labels"],
        shadows=awaited["shadows"],
        if_missing=awaited.get("if_missing", IGNORE),
        mask=edit.mask if edit.mask.covered_pixels else None,
    )
    try:
        return resolve_selection(edit.photo, selection, grow=edit.grow)
    except Problem as problem:
        is_permanent = problem.code != "detection_unfinished"
        raise VisionError(problem.message, code=problem.code, permanent=is_permanent) from None
