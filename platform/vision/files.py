"""Removal from a photo file to another file, without a server, an account or a database."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vision import masks
from vision.copy_areas import CopyAreas
from vision.detectors.base import Detection, Detector
from vision.errors import VisionError
from vision.forewarning import find_forewarnings
from vision.images import (
    DEFAULT_LIMITS,
    FORMATS,
    Limits,
    Picture,
    choose_output_format,
    decode,
    encode,
    find_format_by_extension,
)
from vision.inpainters.base import Inpainter
from vision.label_names import FAIL, LabelMatch, describe_missing, match_labels
from vision.mask_reading import MaskFile, read_mask
from vision.outlines import find_outlines
from vision.patches import apply
from vision.progress import Checkpoint, ignore_progress, scale_checkpoint
from vision.removal import remove
from vision.selections import (
    SelectedArea,
    Selection,
    combine_area,
    draw_marks,
    grow_area,
    read_mask_file,
)
from vision.weights import ModelStore

_DECODED, _FOUND, _REMOVED = 0.05, 0.3, 0.95


@dataclass(frozen=True)
class Engines:
    """The engines of a removal. The detector is used only when a selection has labels."""

    store: ModelStore
    inpainter: Inpainter
    detector: Detector | None = None


@dataclass(frozen=True)
class Filling:
    """How the removed area is filled.

    Attributes:
        source: a mask file of what alone may be copied; None: everything may be.
        protect: a mask file of what must not be copied; None: nothing is protected.
        variant: see `vision.removal.remove`.
    """

    source: MaskFile | None = None
    protect: MaskFile | None = None
    variant: int = 0

    def read_areas(self, shape: tuple[int, int]) -> CopyAreas:
        """Read the mask files for a photo of `shape` (H, W). Raises MaskRejected."""
        source, protect = (
            None if file is None else read_mask(file, shape).pixels
            for file in (self.source, self.protect)
        )
        return CopyAreas(source, protect)


DEFAULT_FILLING = Filling()


def remove_from_file(
    source: Path,
    target: Path,
    selection: Selection,
    engines: Engines,
    *,
    grow: int | None = None,
    feather: int | None = None,
    filling: Filling = DEFAULT_FILLING,
    limits: Limits = DEFAULT_LIMITS,
    checkpoint: Checkpoint = ignore_progress,
    notify: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the photo `source` to `target` without what `selection` names.

    The target's extension chooses the format; without an extension it is that of the source. The
    target is written completely or not at all.

    Args:
        grow: see `vision.removal.remove`, in pixels; None: see `vision.selections.grow_area`.
        feather: the same; with None, only the edges of detected objects fade.
        filling: where to copy from, and which result is taken.
        limits: of the photo.
        notify: called before the removal with what was lost when the photo was opened, and with
            warnings about the expected fill.

    Raises VisionError with one sentence for the user, and OSError.
    """
    if not target.parent.is_dir():
        raise VisionError(f"There is no folder {target.parent}.", code="no_such_folder")
    picture = decode(source, limits=limits)
    areas = filling.read_areas((picture.height, picture.width))
    checkpoint(_DECODED)
    format_name = _choose_format(target, picture)
    for note in picture.notes:
        notify(f"{note}.")
    form = FORMATS[format_name]
    if picture.has_metadata and not form.holds_metadata:
        notify(f"{form.title} files have no place for metadata (EXIF, XMP): it is left out.")
    area = resolve_selection(picture, selection, engines)
    for note in area.reading.notes if area.reading else ():
        notify(note)
    if area.missing_note:
        notify(area.missing_note)
    pixels, grown = grow_area(area, grow)
    for warning in find_forewarnings(grown):
        notify(warning.message)
    checkpoint(_FOUND)
    patches = remove(
        picture,
        area.pixels,
        engines.inpainter,
        grow=pixels,
        feather=area.feather if feather is None else feather,
        areas=areas,
        variant=filling.variant,
        checkpoint=scale_checkpoint(checkpoint, _FOUND, _REMOVED),
    )
    data = encode(picture.with_pixels(apply(picture.pixels, patches)), format_name)
    _write_atomically(target, data)
    checkpoint(1.0)


def resolve_selection(picture: Picture, selection: Selection, engines: Engines) -> SelectedArea:
    """Return the pixels that the selection names.

    Raises VisionError: label_not_found or label_without_place if there is nothing to remove, or if
    a label names no object and `selection.if_missing` is "fail".
    """
    shape = (picture.height, picture.width)
    marks = draw_marks(shape, selection)
    reading = read_mask_file(shape, selection)
    if not selection.labels or engines.detector is None:
        return combine_area(shape, [], marks, reading)
    detections = engines.detector.detect(picture)
    located = [each for each in detections if each.box is not None]
    match = match_labels(selection.labels, located)
    is_all_missing = not (match.found or marks or reading)
    if match.missing and (is_all_missing or selection.if_missing == FAIL):
        raise _build_missing_error(match, detections)
    area = combine_area(
        shape, _collect_outlines(picture, match.found, located, selection, engines), marks, reading
    )
    note = (
        describe_missing(match.missing, (each.label for each in located)) if match.missing else ""
    )
    return replace(area, missing_labels=match.missing, missing_note=note)


def _collect_outlines(
    picture: Picture,
    wanted: Sequence[Detection],
    located: Sequence[Detection],
    selection: Selection,
    engines: Engines,
) -> list[masks.Polygon]:
    """Return the outlines of the `wanted` ones of all `located` objects, with their shadows."""
    if not wanted:
        return []
    polygons: list[masks.Polygon] = []
    outlines = find_outlines(picture, located, engines.store)
    for detection, outline in zip(located, outlines, strict=True):
        if detection in wanted:
            polygons += outline.polygons + (outline.shadow if selection.shadows else [])
    return polygons


def _build_missing_error(
    match: LabelMatch[Detection], detections: Sequence[Detection]
) -> VisionError:
    """Build the error about labels that name no object with a place."""
    unplaced = match_labels(match.missing, detections)
    if unplaced.found and not unplaced.missing:
        names = " and ".join(f"“{label}”" for label in match.missing)
        message = f"{names} was recognised, but not where it is. Use --box or --mask."
        return VisionError(message, code="label_without_place")
    labels = (each.label for each in detections)
    return VisionError(describe_missing(match.missing, labels), code="label_not_found")


def _choose_format(target: Path, picture: Picture) -> str:
    if not target.suffix:
        return choose_output_format(picture)
    name = find_format_by_extension(target.suffix)
    if name is None or not FORMATS[name].writable:
        known = ", ".join(f".{form.extension}" for form in FORMATS.values() if form.writable)
        raise VisionError(
            f"Pictures can't be written as {target.suffix}. Choose one of {known}.",
            code="unsupported_format",
        )
    return name


def _write_atomically(target: Path, data: bytes) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def plan_targets(folder: Path, sources: Sequence[Path]) -> dict[Path, Path]:
    """Return the output file of each photo: the same name, or .png if its format is read-only.

    If another photo already has that name (a.gif beside a.png), both extensions stay.
    """
    used_names = {source.name for source in sources}
    targets = {}
    for source in sources:
        target = source.name
        name = find_format_by_extension(source.suffix)
        if name is not None and not FORMATS[name].writable:
            target = f"{source.stem}.png"
            if target in used_names:
                target = f"{source.name}.png"
            used_names.add(target)
        targets[source] = folder / target
    return targets


def list_photos(folder: Path) -> list[Path]:
    """Return the picture files directly in a folder, by their extension, in order of name."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and find_format_by_extension(path.suffix)
        and not path.name.startswith(".")
    )
