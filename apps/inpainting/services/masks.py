"""Masks: uploaded, painted, or made from what was ticked."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from accounts.models import User
from config.errors import NotThere, Problem
from gallery import policies
from gallery.files import mask_key
from gallery.keeping import files_with_rows
from gallery.models import Photo
from gallery.renditions import read_file
from inpainting.models import Detection, DetectionRun, Mask
from inpainting.models.jobs import UNFINISHED
from inpainting.selectors import detections_of, removed_detection_ids
from vision import masks as vision_masks
from vision.detectors.base import Box
from vision.forewarning import Forewarning, forewarn

MaskPixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Selection:
    """What should go: the union of everything that is named.

    `shadows`: detected objects go with the shadows that they cast.
    """

    detection_ids: Sequence[uuid.UUID] = ()
    labels: Sequence[str] = ()
    boxes: Sequence[Box] = ()
    mask: Mask | None = None
    mask_png: bytes | None = None
    mask_png_may_be_smaller: bool = False
    shadows: bool = True


@dataclass(frozen=True)
class Chosen:
    """A selection made definite: its pixels, the detections it came from, what to tell of it."""

    pixels: MaskPixels
    detections: list[Detection] = field(default_factory=list)
    is_own_mask: bool = False
    forewarnings: Sequence[Forewarning] = ()


def mask_save(*, user: User, photo: Photo, png: bytes, name: str = "") -> Mask:
    """Keep an uploaded mask: 255 = remove, of the photo's size.

    Raises vision.errors.MaskRejected when it is unreadable, empty, of another size, or covers
    everything.
    """
    policies.require_editor(user, photo.album)
    pixels = vision_masks.from_png(png, width=photo.width, height=photo.height)
    return mask_store(user=user, photo=photo, pixels=pixels, name=name)


def mask_store(*, user: User, photo: Photo, pixels: MaskPixels, name: str = "") -> Mask:
    """Keep checked mask pixels ([H, W] uint8, 255 = remove) as a row and a PNG."""
    vision_masks.check(pixels, (photo.height, photo.width))
    png = vision_masks.to_png(pixels)
    with files_with_rows() as keeper:
        name_of_file = keeper.save(mask_key(None, ""), png)
        with transaction.atomic():
            if not Photo.objects.select_for_update().filter(pk=photo.pk).exists():
                raise NotThere("photo")
            return Mask.objects.create(
                photo=photo,
                name=name.strip()[:120],
                file=name_of_file,
                width=photo.width,
                height=photo.height,
                sha256=hashlib.sha256(png).hexdigest(),
                covered_pixels=int(np.count_nonzero(pixels)),
                created_by=user,
            )


def mask_pixels(mask: Mask) -> MaskPixels:
    """The mask's pixels, [H, W] uint8, 255 = remove."""
    return vision_masks.from_png(read_file(mask.file), width=mask.width, height=mask.height)


def resolve_selection(photo: Photo, selection: Selection, *, grow: int = 0) -> Chosen:
    """The pixels that a selection names, not grown yet. Raises Problem or MaskRejected.

    MaskRejected also where the mask would cover everything once it has grown by `grow` pixels.
    """
    shape = (photo.height, photo.width)
    detections = _chosen_detections(photo, selection)
    outlines = [polygon for row in detections for polygon in row.outline]
    if selection.shadows:
        outlines += [polygon for row in detections for polygon in row.shadow]
    parts = [vision_masks.from_polygons(shape, outlines)] if outlines else []
    if selection.boxes:
        _check_boxes(photo, selection.boxes)
        parts.append(vision_masks.from_boxes(shape, map(astuple, selection.boxes)))
    if selection.mask is not None:
        if selection.mask.photo_id != photo.pk:
            raise NotThere("mask of this photo")
        parts.append(mask_pixels(selection.mask))
    if selection.mask_png is not None:
        parts.append(
            vision_masks.from_png(
                selection.mask_png,
                width=photo.width,
                height=photo.height,
                may_be_smaller=selection.mask_png_may_be_smaller,
            )
        )
    if not parts:
        raise Problem(
            "Say what should go: detections, labels, boxes or a mask.", code="nothing_chosen"
        )
    pixels = vision_masks.combine(*parts)
    vision_masks.check(pixels, shape)
    grown = vision_masks.grow(pixels, grow)
    vision_masks.check(grown, shape)
    return Chosen(
        pixels,
        detections,
        is_own_mask=len(parts) > bool(outlines),
        forewarnings=forewarn(grown),
    )


def _check_boxes(photo: Photo, boxes: Sequence[Box]) -> None:
    for box in boxes:
        if box.x >= photo.width or box.y >= photo.height:
            raise Problem(
                f"A box at {box.x},{box.y} lies outside the photo of "
                f"{photo.width}x{photo.height} pixels.",
                code="box_outside",
                fields={"boxes": ["Lies outside the photo."]},
            )


def _chosen_detections(photo: Photo, selection: Selection) -> list[Detection]:
    chosen = {row.pk: row for row in _by_ids(photo, selection.detection_ids)}
    for label in selection.labels:
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
            status=409,
        )
    gone = removed_detection_ids(photo.current)
    found = [row for row in detections_of(photo) if row.has_place and row.pk not in gone]
    wanted = label.strip().lower()
    matching = [row for row in found if wanted in {row.label, *row.parents}]
    if not matching:
        labels = ", ".join(sorted({row.label for row in found})) or "nothing"
        raise Problem(
            f"There is no {label!r} in this photo; found: {labels}.",
            code="unknown_label",
            fields={"labels": [f"{label!r} was not found; found: {labels}."]},
        )
    return matching
