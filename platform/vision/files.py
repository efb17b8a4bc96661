"""From one file to another without a server, an account or a database."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vision import masks
from vision.detectors.base import Detection, Detector
from vision.detectors.labels import COCO
from vision.errors import VisionError
from vision.forewarning import find_forewarnings
from vision.images import (
    FORMATS,
    Picture,
    choose_output_format,
    decode,
    encode,
    find_format_by_extension,
)
from vision.inpainters.base import Inpainter
from vision.outlines import find_outlines
from vision.patches import apply
from vision.progress import Checkpoint, ignore_progress, scale_checkpoint
from vision.removal import remove
from vision.selections import SelectedArea, Selection, combine_area, draw_marks
from vision.weights import ModelStore

_DECODED, _FOUND, _REMOVED = 0.05, 0.3, 0.95


@dataclass(frozen=True)
class Engines:
    """Who does it. The detector is only asked for labels."""

    store: ModelStore
    inpainter: Inpainter
    detector: Detector | None = None


def vanish_file(
    source: Path,
    target: Path,
    selection: Selection,
    engines: Engines,
    *,
    grow: int = 0,
    feather: int | None = None,
    checkpoint: Checkpoint = ignore_progress,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the photo `source` to `target` without what `selection` names.

    `grow` and `feather` are in pixels, see `vision.removal.remove`; without a feather, only objects
    fade in.

    `tell` hears, before the work, what opening the photo lost and what to expect of the fill.

    The format is that of the target's extension; without one, the original's. The target appears
    whole or not at all. Raises VisionError with one sentence for the user, and OSError.
    """
    if not target.parent.is_dir():
        raise VisionError(f"There is no folder {target.parent}.", code="no_such_folder")
    picture = decode(source)
    checkpoint(_DECODED)
    name = _format_for(target, picture)
    for note in picture.notes:
        tell(f"{note}.")
    area = resolve_selection(picture, selection, engines)
    for warning in find_forewarnings(masks.grow(area.pixels, grow)):
        tell(warning.message)
    checkpoint(_FOUND)
    patches = remove(
        picture,
        area.pixels,
        engines.inpainter,
        grow=grow,
        feather=area.feather if feather is None else feather,
        checkpoint=scale_checkpoint(checkpoint, _FOUND, _REMOVED),
    )
    done = encode(picture.with_pixels(apply(picture.pixels, patches)), name)
    _write_whole(target, done)
    checkpoint(1.0)


def resolve_selection(picture: Picture, selection: Selection, engines: Engines) -> SelectedArea:
    """Return the pixels that the selection names. Raises VisionError."""
    shape = (picture.height, picture.width)
    marks = draw_marks(shape, selection)
    outlines: list[masks.Polygon] = []
    if selection.labels and engines.detector is not None:
        found = engines.detector.detect(picture)
        placed = [one for one in found if one.box is not None]
        wanted = [one for label in selection.labels for one in _labelled(label, found)]
        for one, drawn in zip(placed, find_outlines(picture, placed, engines.store), strict=True):
            if one in wanted:
                outlines += drawn.polygons + (drawn.shadow if selection.shadows else [])
    return combine_area(shape, outlines, marks)


def check_labels(labels: Sequence[str], detector_name: str) -> None:
    """Raise VisionError (unknown_label) for a label that the local detector can never find."""
    for label in labels:
        if detector_name == "local" and label not in COCO:
            raise VisionError(
                f"The local detector does not know “{label}”. It knows: {', '.join(sorted(COCO))}.",
                code="unknown_label",
            )


def _labelled(label: str, found: Sequence[Detection]) -> list[Detection]:
    """The detections of `label` that have a place. Raises VisionError where there is none."""
    named = [one for one in found if label in (one.label, *one.parents)]
    placed = [one for one in named if one.box is not None]
    if placed:
        return placed
    if named:
        raise VisionError(
            f"“{label}” was recognised, but not where it is. Use --box or --mask.",
            code="label_without_place",
        )
    others = ", ".join(sorted({one.label for one in found})) or "nothing"
    raise VisionError(f"No “{label}” was found. Found: {others}.", code="label_not_found")


def _format_for(target: Path, picture: Picture) -> str:
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


def _write_whole(target: Path, data: bytes) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def targets_in(folder: Path, sources: Sequence[Path]) -> dict[Path, Path]:
    """Where each photo goes: the same name, with .png where its format is only read.

    Where that name is another one's already (a.gif beside a.png), both extensions stay.
    """
    taken = {source.name for source in sources}
    targets = {}
    for source in sources:
        target = source.name
        name = find_format_by_extension(source.suffix)
        if name is not None and not FORMATS[name].writable:
            target = f"{source.stem}.png"
            if target in taken:
                target = f"{source.name}.png"
            taken.add(target)
        targets[source] = folder / target
    return targets


def photos_in(folder: Path) -> list[Path]:
    """The files right in a folder whose extension is that of a picture, by name."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and find_format_by_extension(path.suffix)
        and not path.name.startswith(".")
    )
