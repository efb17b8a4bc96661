"""Reads masks from the JSON of COCO and Label Studio."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from vision import masks
from vision.annotations import brush_rle, coco_rle
from vision.annotations.documents import (
    BrushRegion,
    NotReadable,
    OtherRegion,
    PolygonRegion,
    Region,
    RunsRegion,
    Size,
    find_regions,
)
from vision.errors import MaskRejected
from vision.masks import Mask, Polygon

MAX_BYTES = 16 * 2**20
MAX_BRUSHES = 200
MAX_SCALE = 4
# Crossings of edges with rows of pixels. Each costs about 50 bytes and 1 µs to fill.
MAX_CROSSINGS = 2_000_000


def is_annotation(data: bytes) -> bool:
    """Return whether the file is JSON rather than a picture."""
    return data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read_annotation(data: bytes, shape: Size) -> tuple[Mask, tuple[str, ...]]:
    """Read the union of all regions; return the mask, [H,W] uint8, 255 = inside, and notes.

    The mask has the size that the file states for its picture, which may be another than `shape`,
    the photo's (height, width): polygons without a size are in pixels of the photo.

    Raises MaskRejected (mask_unreadable).
    """
    try:
        regions = list(find_regions(_parse(data)))
        return _draw_regions(regions, shape)
    except RecursionError:
        raise _build_error("its JSON is nested too deeply") from None
    except ValueError as reason:
        raise _build_error(str(reason)) from reason


def _parse(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise NotReadable(f"its JSON is larger than {MAX_BYTES // 2**20} MB")
    try:
        return json.loads(data, parse_constant=_refuse_constant)
    except ValueError:
        raise NotReadable("it is no valid JSON") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _draw_regions(regions: Sequence[Region], shape: Size) -> tuple[Mask, tuple[str, ...]]:
    known = [region for region in regions if not isinstance(region, OtherRegion)]
    if not known:
        raise NotReadable("it has no brush stroke, polygon or run lengths")
    sizes = {region.size or shape for region in known}
    if len(sizes) > 1:
        raise NotReadable("its regions are of pictures of several sizes")
    size = sizes.pop()
    if max(size[0] / shape[0], size[1] / shape[1]) > MAX_SCALE:
        raise NotReadable(f"its picture is more than {MAX_SCALE} times as large as the photo")
    parts = [
        _draw_runs([one for one in known if isinstance(one, RunsRegion)], size),
        _draw_brushes([one for one in known if isinstance(one, BrushRegion)], size),
        _draw_polygons([one for one in known if isinstance(one, PolygonRegion)], size),
    ]
    notes = []
    if others := len(regions) - len(known):
        notes.append(
            f"{others} regions of the mask file are no brush strokes, polygons or run lengths, "
            "and were left out."
        )
    return masks.combine(np.zeros(size, np.uint8), *parts), tuple(notes)


def _draw_runs(regions: Sequence[RunsRegion], size: Size) -> Mask:
    if not regions:
        return np.zeros(size, np.uint8)
    runs = [
        coco_rle.unpack_counts(region.counts)
        if isinstance(region.counts, str)
        else np.array(region.counts, np.int64)
        for region in regions
    ]
    return coco_rle.fill_runs(size, runs)


def _draw_brushes(regions: Sequence[BrushRegion], size: Size) -> Mask:
    if len(regions) > MAX_BRUSHES:
        raise NotReadable(f"it has more than {MAX_BRUSHES} brush strokes")
    union = np.zeros(size, np.uint8)
    for region in regions:
        np.maximum(union, brush_rle.unpack_brush(region.data, size), out=union)
    return union


def _draw_polygons(regions: Sequence[PolygonRegion], size: Size) -> Mask:
    polygons: list[Polygon] = [region.corners for region in regions]
    _check_corners(polygons, size)
    return masks.from_polygons(size, polygons)


def _check_corners(polygons: Sequence[Polygon], size: Size) -> None:
    """Raise NotReadable for corners outside of the picture, or outlines that are too long."""
    height, width = size
    crossings = 0.0
    for polygon in polygons:
        x, y = np.array(polygon, np.float64).T
        if x.min() < -1 or y.min() < -1 or x.max() > width + 1 or y.max() > height + 1:
            raise NotReadable(
                f"a polygon reaches out of the picture of {width} x {height} pixels; state the "
                "size of its own picture as width and height in images"
            )
        crossings += float(np.abs(y - np.roll(y, 1)).sum())
    if crossings > MAX_CROSSINGS:
        raise NotReadable("its polygons go up and down too often; send run lengths")


def _build_error(reason: str) -> MaskRejected:
    return MaskRejected(
        f"The mask file: {reason}. Send a picture, or JSON of COCO or Label Studio.",
        code="mask_unreadable",
    )
