"""Selections of what to remove from a photo, and the pixels that they cover."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gallery.models import Photo
from inpainting.mask_files import MaskPixels, read_mask_pixels
from inpainting.models import Detection, Mask
from inpainting.services.labels import (
    LabelledObjects,
    build_not_found,
    check_labels_supported,
    find_labelled,
    get_detection_run,
    require_detection,
)
from inpainting.services.polygons import check_polygons
from vision import masks as vision_masks
from vision import selections as vision_selections
from vision.detectors.base import Box
from vision.forewarning import Forewarning, find_forewarnings
from vision.label_names import FAIL
from vision.selections import (
    SelectedArea,
    combine_area,
    draw_marks,
    grow_area,
    read_mask_file,
)
from web.errors import Fault, NotThere, Problem


@dataclass(frozen=True)
class PhotoSelection(vision_selections.Selection):
    """A selection in a photo, which can also name detections and a saved mask of the photo.

    `are_labels_deferred`: the labels are looked up later, when the detection run has ended.
    """

    detection_ids: Sequence[uuid.UUID] = ()
    mask: Mask | None = None
    are_labels_deferred: bool = False

    @property
    def names_something(self) -> bool:
        """Return whether the selection names anything to remove."""
        return super().names_something or self.mask is not None or bool(self.detection_ids)

    @property
    def awaited(self) -> dict[str, Any] | None:
        """Return the deferred labels as an edit stores them; None if there are none."""
        if not (self.labels and self.are_labels_deferred):
            return None
        return {
            "labels": list(self.labels),
            "shadows": self.shadows,
            "if_missing": self.if_missing,
            "is_own_mask": replace(self, labels=(), detection_ids=()).names_something,
        }


@dataclass(frozen=True)
class ResolvedSelection(SelectedArea):
    """The area of a selection, its detections, and warnings about the expected fill.

    `grow`: pixels by which it grows before it is filled.
    """

    grow: int = 0
    detections: list[Detection] = field(default_factory=list)
    forewarnings: Sequence[Forewarning] = ()


def resolve_selection(
    photo: Photo, selection: PhotoSelection, *, grow: int | None = None
) -> ResolvedSelection:
    """Return the pixels that a selection names, before the mask grows.

    `grow` is in pixels; None lets `grow_area` choose. Raises Problem, or MaskRejected, also if the
    mask would cover the whole photo after growing by `grow` pixels.
    """
    shape = (photo.height, photo.width)
    labelled = _find_labelled(photo, selection)
    detections = _join_detections(_get_by_ids(photo, selection.detection_ids), labelled.found)
    outlines = [polygon for row in detections for polygon in row.outline]
    if selection.shadows:
        outlines += [polygon for row in detections for polygon in row.shadow]
    _check_boxes(photo, selection.boxes)
    check_polygons(shape, selection.polygons)
    marks = [*_read_saved_mask(photo, selection.mask), *draw_marks(shape, selection)]
    reading = read_mask_file(shape, selection)
    is_saved = selection.mask is not None
    area = combine_area(shape, outlines, marks, reading, is_imported=is_saved)
    is_empty = not (outlines or area.is_own_mask)
    if labelled.missing and (is_empty or selection.if_missing == FAIL):
        raise build_not_found(labelled)
    if is_empty:
        if selection.awaited:
            return ResolvedSelection(area.pixels, grow=grow or 0)
        raise build_nothing_chosen("detections", "labels", "boxes", "polygons", "mask")
    vision_masks.check(area.pixels, shape)
    pixels, grown = grow_area(area, grow)
    vision_masks.check(grown, shape)
    note = labelled.describe_missing()
    return ResolvedSelection(
        area.pixels,
        area.is_own_mask,
        area.is_imported,
        area.reading,
        missing_labels=labelled.missing,
        missing_note=note,
        grow=pixels,
        detections=detections,
        forewarnings=[
            *([Forewarning("label_not_found", note)] if note else []),
            *find_forewarnings(grown),
        ],
    )


def build_nothing_chosen(*names: str) -> Problem:
    """Build the error for an empty selection; `names` are the fields that can name something."""
    message = f"Say what to remove: {', '.join(names[:-1])} or a {names[-1]}."
    return Problem(message, code="nothing_chosen", faults=[Fault(message, expected=list(names))])


def _read_saved_mask(photo: Photo, mask: Mask | None) -> list[MaskPixels]:
    if mask is None:
        return []
    if mask.photo_id != photo.pk:
        raise NotThere("mask of this photo", field="mask")
    return [read_mask_pixels(mask)]


def _check_boxes(photo: Photo, boxes: Sequence[Box]) -> None:
    for index, box in enumerate(boxes):
        if box.x >= photo.width or box.y >= photo.height:
            fault = Fault(
                "Lies outside the photo.",
                ("boxes", index),
                expected={"width": photo.width, "height": photo.height},
                received={"x": box.x, "y": box.y},
            )
            raise Problem(
                f"A box at {box.x},{box.y} lies outside the photo of "
                f"{photo.width}x{photo.height} pixels.",
                code="box_outside",
                faults=[fault],
            )


def _find_labelled(photo: Photo, selection: PhotoSelection) -> LabelledObjects:
    if not selection.labels:
        return LabelledObjects()
    run = get_detection_run(photo)
    check_labels_supported(selection.labels, run)
    if selection.awaited:
        return LabelledObjects()
    require_detection(photo, run)
    return find_labelled(photo, selection.labels)


def _join_detections(*parts: Sequence[Detection]) -> list[Detection]:
    """Return the detections, each once. Raises Problem if one has no place."""
    detections = {row.pk: row for part in parts for row in part}
    without_place = [row.label for row in detections.values() if not row.has_place]
    if without_place:
        raise Problem(
            f"The detector found {', '.join(without_place)}, but not where: mark it by hand.",
            code="detection_without_place",
        )
    return list(detections.values())


def _get_by_ids(photo: Photo, ids: Sequence[uuid.UUID]) -> list[Detection]:
    rows = list(Detection.objects.filter(photo=photo, pk__in=set(ids)))
    if len(rows) != len(set(ids)):
        raise Problem(
            "One of the detections is not in this photo: list them again.",
            code="unknown_detection",
            fields={"detections": ["Not in this photo."]},
        )
    return rows


def build_removal_label(labels: Iterable[str], *, is_own_mask: bool) -> str:
    """Return the name of the edit in the history: "Removed dog, person, a marked area"."""
    names = sorted(set(labels))
    if is_own_mask:
        names.append("a marked area")
    return f"Removed {', '.join(names)}"[:200]
