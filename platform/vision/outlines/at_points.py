"""The object at the points that a person clicked, whatever its kind.

Several crops around a point, from the whole picture to a small part of it, show the object at
different sizes. U²-Net-p finds it best where it fills a good part of the crop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision.errors import OutlineFailed
from vision.masks import Mask, Polygon, from_polygons
from vision.onnx_session import is_onnx_installed
from vision.outlines.grabcut import split_shape
from vision.outlines.point_candidates import Point, find_best_candidate, refine_candidate
from vision.outlines.rim import add_tight_rim
from vision.outlines.saliency import build_unavailable_error
from vision.outlines.shapes import trace_polygons
from vision.weight_files import U2NETP

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.weights import ModelStore


@dataclass(frozen=True, eq=False)
class PointedObject:
    """What was found at the points.

    Attributes:
        polygons: outer rings like those of `Outline`, with a rim.
        mask: the same as pixels, [H,W] uint8, 255 = remove.
    """

    polygons: list[Polygon]
    mask: Mask


def check_points(store: "ModelStore") -> None:
    """Raise what `find_at_points` raises where it can't be used here. Loads no model.

    Raises WeightsMissing, or OutlineFailed (outlines_unavailable) without ONNX Runtime.
    """
    if not is_onnx_installed():
        raise build_unavailable_error("ONNX Runtime, which runs U²-Net-p, is not installed.")
    store.get_path(U2NETP.name)


def find_at_points(
    picture: "Picture", points: Sequence[Point], store: "ModelStore"
) -> PointedObject:
    """Return the object at the first point that adds, changed by all other points.

    A point that adds joins what is there, unless it is part of the object already. A point that
    takes away removes the part of the object with the colours at that point.

    Args:
        picture: where to look.
        points: in px of the picture; at least one adds, and all are inside of it.
        store: where U²-Net-p's file is.

    Raises:
        OutlineFailed: codes no_object_there, outlines_unavailable.
        WeightsMissing: U²-Net-p's file is not there.
        ValueError: no point adds, or one is outside of the picture.
    """
    height, width = picture.pixels.shape[:2]
    if not all(0 <= point.x < width and 0 <= point.y < height for point in points):
        raise ValueError("A point lies outside of the picture.")
    if not any(point.adds for point in points):
        raise ValueError("No point adds an object.")
    check_points(store)
    polygons: list[Polygon] = []
    for point in points:
        if point.adds and not _contains((height, width), polygons, point):
            polygons += _outline_at(picture, point, points, store)
    mask = from_polygons((height, width), polygons)
    if not mask.any():
        raise build_nothing_there()
    return PointedObject(polygons, mask)


def build_nothing_there() -> OutlineFailed:
    """Build the error for a point at which nothing stands out."""
    return OutlineFailed(
        "No object stands out there. Click on its middle, or mark it with the brush.",
        code="no_object_there",
    )


def _outline_at(
    picture: "Picture", point: Point, points: Sequence[Point], store: "ModelStore"
) -> list[Polygon]:
    """Return the rings of the object at one point, without what other points take away."""
    best = find_best_candidate(picture, point, store)
    if best is None:
        raise build_nothing_there()
    candidate = refine_candidate(picture, best, point, store)
    shape = candidate.shape
    shown_points = [each for each in points if candidate.shows(each)]
    points_to_remove = [each for each in shown_points if not each.adds]
    if points_to_remove:
        points_to_keep = [each for each in shown_points if each.adds]
        places = map(candidate.locate_all, (points_to_keep, points_to_remove))
        shape = split_shape(candidate.crop.rgb, shape, *places)
    rim = add_tight_rim(shape, candidate.box, candidate.crop, picture)
    return [candidate.crop.to_polygon(ring) for ring in trace_polygons(rim)]


def _contains(shape: tuple[int, int], polygons: Sequence[Polygon], point: Point) -> bool:
    """Return whether the point lies in one of the polygons of a picture of `shape`."""
    return bool(from_polygons(shape, polygons)[int(point.y), int(point.x)])
