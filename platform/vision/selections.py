"""What should be removed from a picture, as it is named and as pixels."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from math import sqrt

import numpy as np

from vision import masks
from vision.detectors.base import Box
from vision.label_names import IGNORE, IfMissing
from vision.mask_reading import MaskFile, MaskReading, build_empty_error, read_mask
from vision.masks import Mask, Polygon
from vision.object_masks import SOFT_EDGE, from_outlines

GROWTH_PER_MEGAPIXEL = 4.0
"""Pixels by which an imported mask grows by default in a photo of one megapixel.

Segmenters cut up to three pixels inside an object, and one more shows it in part. They work at a
limited size, so that their errors grow with a photo's sides.
"""
LEAST_GROWTH = 4
"""The same in smaller photos, in which a mask may be as many pixels too small."""


@dataclass(frozen=True)
class Selection:
    """The union of everything that is named.

    Attributes:
        labels: lower-case names of objects, or of broader groups that the detector knows.
        boxes: in pixels.
        polygons: corners (x, y) in pixels.
        mask_file: a file that says which pixels go.
        shadows: objects are removed with the shadows that they cast.
        if_missing: what to do about labels of which there is no object: "ignore" removes the rest
            and refuses only where there is no rest, "fail" refuses.
    """

    labels: Sequence[str] = ()
    boxes: Sequence[Box] = ()
    polygons: Sequence[Polygon] = ()
    mask_file: MaskFile | None = None
    shadows: bool = True
    if_missing: IfMissing = IGNORE

    @property
    def names_something(self) -> bool:
        """Whether there is anything to remove."""
        return any((self.labels, self.boxes, self.polygons, self.mask_file))


@dataclass(frozen=True)
class SelectedArea:
    """The pixels of a selection, [H,W] uint8, 255 = remove.

    Attributes:
        is_own_mask: something else than detected objects is among them.
        is_imported: a mask that was made elsewhere is among them.
        reading: how the mask file was read, if there is one.
        missing_labels: labels of the selection of which there is no object.
        missing_note: sentences about them; empty if there are none.
    """

    pixels: Mask
    is_own_mask: bool = False
    is_imported: bool = False
    reading: MaskReading | None = None
    missing_labels: Sequence[str] = ()
    missing_note: str = ""

    @property
    def feather(self) -> int:
        """Pixels over which the fill fades in by default: masks of objects have an edge for it."""
        return 0 if self.is_own_mask else SOFT_EDGE


def draw_marks(shape: tuple[int, int], selection: Selection) -> list[Mask]:
    """Draw the boxes and the polygons, each as [H,W] uint8; `shape`: (H, W)."""
    marks = []
    if selection.boxes:
        marks.append(masks.from_boxes(shape, map(astuple, selection.boxes)))
    if selection.polygons:
        marks.append(masks.from_polygons(shape, selection.polygons))
    return marks


def read_mask_file(shape: tuple[int, int], selection: Selection) -> MaskReading | None:
    """Read the mask file of the selection, if it has one; `shape`: (H, W). Raises MaskRejected."""
    return None if selection.mask_file is None else read_mask(selection.mask_file, shape)


def combine_area(
    shape: tuple[int, int],
    outlines: Sequence[Polygon],
    marks: Sequence[Mask],
    reading: MaskReading | None = None,
    *,
    is_imported: bool = False,
) -> SelectedArea:
    """Combine outlines of objects, marks and a mask file into one mask, not grown.

    `shape`: (height, width). Raises MaskRejected (mask_empty), which says what is in the file, if
    there is a file and nothing is marked.
    """
    objects = [from_outlines(shape, outlines)] if outlines else []
    files = [reading.pixels] if reading else []
    pixels = masks.combine(np.zeros(shape, np.uint8), *objects, *marks, *files)
    if reading and reading.found and not pixels.any():
        raise build_empty_error(reading.found)
    return SelectedArea(
        pixels,
        is_own_mask=bool(marks or files),
        is_imported=is_imported or bool(files),
        reading=reading,
    )


def grow_area(area: SelectedArea, grow: int | None = None) -> tuple[int, Mask]:
    """Return by how many pixels an area grows, and the grown mask.

    Args:
        area: what is selected.
        grow: pixels; None chooses. An imported mask then grows in proportion to the photo's sides,
            because a rim of the object would stay where it is a little too small; not where it
            would cover the whole photo. Objects, boxes and polygons stay as they are.
    """
    if grow is not None:
        return grow, masks.grow(area.pixels, grow)
    if area.is_imported:
        pixels = compute_default_growth(area.pixels.shape)
        grown = masks.grow(area.pixels, pixels)
        if not grown.all():
            return pixels, grown
    return 0, area.pixels


def compute_default_growth(shape: tuple[int, ...]) -> int:
    """Return by how many pixels an imported mask of `shape` (height, width) grows by default."""
    return max(LEAST_GROWTH, round(GROWTH_PER_MEGAPIXEL * sqrt(shape[0] * shape[1] / 1e6)))
