"""What should vanish, as it is named, and as pixels."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gallery.models import Photo
from inpainting.mask_files import MaskPixels, read_mask_pixels
from inpainting.models import Detection, DetectionRun, Mask
from inpainting.selectors import find_removed_detection_ids, select_detections
from inpainting.services.polygons import check_polygons
from jobs.models import UNFINISHED
from vision import masks as vision_masks
from vision import selections as vision_selections
from vision.detectors.base import Box
from vision.forewarning import Forewarning, find_forewarnings
from vision.selections import SelectedArea, combine_area, draw_marks
from web.errors import Fault, NotThere, Problem


@dataclass(frozen=True)
class PhotoSelection(vision_selections.Selection):
    """A selection in a photo, which names detections and a saved mask of it too.

    `labels_come_later`: they are looked up after the photo was searched for objects.
    """

    detection_ids: Sequence[uuid.UUID] = ()
    mask: Mask | None = None
    labels_come_later: bool = False

    @property
    def names_something(self) -> bool:
        """Whether there is anything to remove."""
        return super().names_something or self.mask is not None or bool(self.detection_ids)

    @property
    def awaited(self) -> dict[str, Any] | None:
        """What an edit stores of labels that come later; None where there are none."""
        if not (self.labels and self.labels_come_later):
            return None
        return {"labels": list(self.labels), "shadows": self.shadows}


@dataclass(frozen=True)
class Chosen(SelectedArea):
    """The area of a selection, the detections in it, and what to warn of."""

    detections: list[Detection] = field(default_factory=list)
    forewarnings: Sequence[Forewarning] = ()


def resolve_selection(photo: Photo, selection: PhotoSelection, *, grow: int = 0) -> Chosen:
    """Return the pixels that a selection names, not grown yet. Raises Problem or MaskRejected.

    MaskRejected also if the mask would cover everything once it has grown by `grow` pixels.
    """
    shape = (photo.height, photo.width)
    detections = _chosen_detections(photo, selection)
    outlines = [polygon for row in detections for polygon in row.outline]
    if selection.shadows:
        outlines += [polygon for row in detections for polygon in row.shadow]
    _check_boxes(photo, selection.boxes)
    check_polygons(shape, selection.polygons)
    marks = [*_read_saved_mask(photo, selection.mask), *draw_marks(shape, selection)]
    area = combine_area(shape, outlines, marks)
    if not (outlines or marks):
        if selection.awaited:
            return Chosen(area.pixels)
        raise nothing_chosen("detections", "labels", "boxes", "polygons", "mask")
    vision_masks.check(area.pixels, shape)
    grown = vision_masks.grow(area.pixels, grow)
    vision_masks.check(grown, shape)
    return Chosen(area.pixels, area.is_own_mask, detections, find_forewarnings(grown))


def nothing_chosen(*names: str) -> Problem:
    """What to raise for a selection that names nothing; `names` are the ways to name something."""
    message = f"Say what should go: {', '.join(names[:-1])} or a {names[-1]}."
    return Problem(message, code="nothing_chosen", faults=[Fault(message, expected=list(names))])


def _read_saved_mask(photo: Photo, mask: Mask | None) -> list[MaskPixels]:
    if mask is None:
        return []
    if mask.photo_id != photo.pk:
        raise NotThere("mask of this photo", field="mask")
    return [read_mask_pixels(mask)]


def _check_boxes(photo: Photo, boxes: Sequence[Box]) -> None:
    for place, box in enumerate(boxes):
        if box.x >= photo.width or box.y >= photo.height:
            fault = Fault(
                "Lies outside the photo.",
                ("boxes", place),
                expected={"width": photo.width, "height": photo.height},
                received={"x": box.x, "y": box.y},
            )
            raise Problem(
                f"A box at {box.x},{box.y} lies outside the photo of "
                f"{photo.width}x{photo.height} pixels.",
                code="box_outside",
                faults=[fault],
            )


def _chosen_detections(photo: Photo, selection: PhotoSelection) -> list[Detection]:
    chosen = {row.pk: row for row in _by_ids(photo, selection.detection_ids)}
    for label in () if selection.awaited else selection.labels:
        chosen |= {row.pk: row for row in _by_label(photo, label)}
    placeless = [row.label for row in chosen.values() if not row.has_place]
    if placeless:
        raise Problem(
            f"The detector saw {', '.join(placeless)} but not where: paint it instead.",
            code="detection_without_place",
        )
    return list(chosen.values())


def _by_ids(photo: Photo, ids: Sequence[uuid.UUID]) -> list[Detection]:
    rows = list(Detection.objects.filter(photo=photo, pk__in=set(ids)))
    if len(rows) != len(set(ids)):
        raise Problem(
            "One of the detections is not in this photo: list them again.",
            code="unknown_detection",
            fields={"detections": ["Not in this photo."]},
        )
    return rows


def _by_label(photo: Photo, label: str) -> list[Detection]:
    if DetectionRun.objects.filter(photo=photo, state__in=UNFINISHED).exists():
        raise Problem(
            "Objects are still being looked for: ask again in a moment.",
            code="detection_unfinished",
        )
    gone = find_removed_detection_ids(photo.current)
    found = [row for row in select_detections(photo) if row.has_place and row.pk not in gone]
    wanted = label.strip().lower()
    matching = [row for row in found if wanted in {row.label, *row.parents}]
    if not matching:
        known = sorted({row.label for row in found})
        labels = ", ".join(known) or "nothing"
        fault = Fault(
            f"{label!r} was not found; found: {labels}.",
            ("labels",),
            expected=known,
            received=label,
        )
        raise Problem(
            f"There is no {label!r} in this photo; found: {labels}.",
            code="unknown_label",
            faults=[fault],
        )
    return matching


def removal_label(labels: Iterable[str], *, is_own_mask: bool) -> str:
    """What the history calls it: "Removed dog, person, a marked area"."""
    names = sorted(set(labels))
    if is_own_mask:
        names.append("a marked area")
    return f"Removed {', '.join(names)}"[:200]
