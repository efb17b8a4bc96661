"""Masks and detections as regions for the files of annotation tools."""

from collections.abc import Iterable

import numpy as np

from inpainting.mask_files import MaskPixels, read_mask_pixels
from inpainting.models import Detection, Mask
from vision import masks
from vision.annotations.exporting import Region
from vision.masks import Polygon

UNNAMED = "mask"


def build_mask_region(mask: Mask) -> Region:
    """Return the region of a stored mask; its label is the mask's name, or “mask”."""
    return Region(mask.name or UNNAMED, read_mask_pixels(mask))


def build_detection_regions(shape: tuple[int, int], rows: Iterable[Detection]) -> list[Region]:
    """Return the regions of the detections that have a place, without their shadows.

    `shape`: (height, width) of the photo.
    """
    regions = []
    for row in rows:
        if row.has_place:
            polygons = _list_polygons(row)
            pixels = masks.from_polygons(shape, polygons)
            regions.append(Region(row.label, pixels, polygons, row.confidence))
    return regions


def unite_regions(shape: tuple[int, int], regions: Iterable[Region]) -> MaskPixels:
    """Return the union of the regions, [H,W] uint8, 255 = inside; `shape`: (height, width)."""
    return masks.combine(np.zeros(shape, np.uint8), *(region.pixels for region in regions))


def _list_polygons(row: Detection) -> list[Polygon]:
    """Return the outline, or the box where there is none."""
    if row.outline:
        return [[(float(x), float(y)) for x, y in polygon] for polygon in row.outline]
    x, y, width, height = (float(side or 0) for side in (row.x, row.y, row.width, row.height))
    return [[(x, y), (x + width, y), (x + width, y + height), (x, y + height)]]
