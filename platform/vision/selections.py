"""What should be removed from a picture, as it is named and as pixels."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from vision import masks
from vision.detectors.base import Box
from vision.mask_reading import MaskFile, MaskReading, build_empty_error, read_mask
from vision.masks import Mask, Polygon
from vision.object_masks import SOFT_EDGE, from_outlines


@dataclass(frozen=True)
class Selection:
    """The union of everything that is named.

    Attributes:
        labels: lower-case names of objects, or of broader groups that the detector knows.
        boxes: in pixels.
        polygons: corners (x, y) in pixels.
        mask_file: a file that says which pixels go.
        shadows: objects are removed with the shadows that they cast.
    """

    labels: Sequence[str] = ()
    boxes: Sequence[Box] = ()
    polygons: Sequence[Polygon] = ()
    mask_file: MaskFile | None = None
    shadows: bool = True

    @property
    def names_something(self) -> bool:
        """Whether there is anything to remove."""
        return any((self.labels, self.boxes, self.polygons, self.mask_file))


@dataclass(frozen=True)
class SelectedArea:
    """The pixels of a selection, [H,W] uint8, 255 = remove.

    Attributes:
        is_own_mask: something else than detected objects is among them.
        reading: how the mask file was read, if there is one.
    """

    pixels: Mask
    is_own_mask: bool = False
    reading: MaskReading | None = None

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
    return SelectedArea(pixels, bool(marks or files), reading)
