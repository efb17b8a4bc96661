"""Masks: which pixels go. [H,W] uint8, 255 = remove, 0 = keep."""

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import MaskRejected, PictureRejected
from vision.images import Picture, decode
from vision.images.depth import to_8_bits

Mask = NDArray[np.uint8]
Polygon = list[tuple[float, float]]
"""Corners (x, y) in pixels; (0, 0) is the top left corner, not the first pixel's centre."""

_THRESHOLD = 128
_STRIP_PIXELS = 2**22


def from_boxes(shape: tuple[int, int], boxes: Iterable[tuple[int, int, int, int]]) -> Mask:
    """The mask of boxes (x, y, width, height) in pixels, clipped. `shape`: (height, width)."""
    mask = np.zeros(shape, np.uint8)
    for x, y, width, height in boxes:
        mask[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)] = 255
    return mask


def from_polygons(shape: tuple[int, int], polygons: Sequence[Polygon]) -> Mask:
    """The mask of filled polygons, each for itself: where they overlap, the pixels go too.

    A pixel goes if its centre lies inside, also where the polygon crosses itself (nonzero winding
    rule); on an edge, the left and the top one belong to the polygon. So a box as a polygon is
    exactly the box.
    """
    mask = np.zeros(shape, np.uint8)
    for polygon in polygons:
        # OpenCV's own fill takes every pixel that the outline touches: a row and a column more.
        rows, columns, turns = _crossings(np.array(polygon, np.float64).reshape(-1, 2), shape)
        order = np.lexsort((columns, rows))
        inside = np.flatnonzero(np.cumsum(turns[order]))
        spans = np.stack([rows[order[inside]], columns[order[inside]], columns[order[inside + 1]]])
        for row, start, end in spans.T.tolist():
            mask[row, start:end] = 255
    return mask


def _crossings(
    corners: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Where the outline crosses the lines through the pixels' centres.

    Three arrays: the row, the first column whose centre is not left of the crossing, and the turn,
    1 downward and -1 upward; the turns of a row add up to 0.
    """
    height, width = shape
    found = [np.zeros((3, 0), np.int64)]
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        # From the upper end, so that two polygons that share an edge neither overlap nor gape.
        (x, y), (lower_x, lower_y) = sorted((start, end), key=lambda corner: float(corner[1]))
        first, last = np.clip(np.ceil(np.array([y, lower_y]) - 0.5), 0, height).astype(np.int64)
        rows = np.arange(first, last)
        crossed = x + (rows + 0.5 - y) * ((lower_x - x) / (lower_y - y)) if rows.size else rows
        columns = np.clip(np.ceil(crossed - 0.5), 0, width).astype(np.int64)
        found.append(np.stack([rows, columns, np.full_like(rows, np.sign(end[1] - start[1]))]))
    rows, columns, turns = np.concatenate(found, axis=1)
    return rows, columns, turns


def combine(*masks: Mask) -> Mask:
    """The union of masks of one size, at least one."""
    union = masks[0].copy()
    for mask in masks[1:]:
        np.maximum(union, mask, out=union)
    return union


def from_png(data: bytes, *, width: int, height: int, may_be_smaller: bool = False) -> Mask:
    """The mask in a picture file of the photo's size, from outside.

    What is light and opaque goes: luminance (Rec. 601) of at least half, and alpha of at least
    half where there is alpha. `may_be_smaller`: a picture of the photo's shape, to the nearest
    pixel, is enlarged. Raises MaskRejected: mask_unreadable, mask_wrong_size.
    """
    try:
        picture = decode(data)
    except PictureRejected as reason:
        raise MaskRejected(f"The mask: {reason.message}", code="mask_unreadable") from reason
    if (picture.width, picture.height) == (width, height):
        return _light_and_opaque(picture)
    if not (may_be_smaller and _is_smaller(picture, width, height)):
        raise _wrong_size((picture.height, picture.width), (height, width))
    small = _light_and_opaque(picture)
    return np.asarray(
        cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8
    )


def _is_smaller(picture: Picture, width: int, height: int) -> bool:
    scale = max(picture.width / width, picture.height / height)
    off = max(abs(picture.width - width * scale), abs(picture.height - height * scale))
    return scale < 1 and off <= 1


def _light_and_opaque(picture: Picture) -> Mask:
    pixels = to_8_bits(picture.pixels)
    if picture.mode in ("RGB", "RGBA"):
        luminance = cv2.cvtColor(np.ascontiguousarray(pixels[:, :, :3]), cv2.COLOR_RGB2GRAY)
    else:
        luminance = pixels[:, :, 0]
    goes = luminance >= _THRESHOLD
    if picture.mode in ("LA", "RGBA"):
        goes &= pixels[:, :, -1] >= _THRESHOLD
    return np.where(goes, np.uint8(255), np.uint8(0))


def to_png(mask: Mask) -> bytes:
    """The mask as a grey 8-bit PNG."""
    return cv2.imencode(".png", mask)[1].tobytes()


def grow(mask: Mask, pixels: int) -> Mask:
    """The mask and whatever is at most `pixels` (>= 0) away from it, by Euclidean distance."""
    box = bounding_box(mask)
    grown = mask.copy()
    if pixels <= 0 or box is None:
        return grown
    x, y, width, height = box
    top, left = max(y - pixels, 0), max(x - pixels, 0)
    around = (slice(top, y + height + pixels), slice(left, x + width + pixels))
    for rows, distance in _distances(mask[around], pixels, inward=False):
        grown[around][rows][distance <= pixels] = 255
    return grown


def feather(mask: Mask, pixels: int) -> NDArray[np.uint8]:
    """Alpha [H,W] 0..255 that rises from the mask's rim inward over `pixels`; 0 outside the mask.

    A rim at the picture's edge stays hard: there is nothing beyond to blend with.
    """
    alpha = mask.copy()
    if pixels <= 0:
        return alpha
    for rows, distance in _distances(mask, pixels, inward=True):
        alpha[rows] = np.minimum(np.rint(distance * (255 / (pixels + 1))), 255)
    return alpha


def _distances(
    mask: Mask, reach: int, *, inward: bool
) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """How far each kept pixel is from the mask, or inward each masked one from what is kept.

    In strips of rows, because OpenCV takes eight bytes a pixel; exact up to `reach`.
    """
    step = max(_STRIP_PIXELS // mask.shape[1], 2 * reach)
    for top in range(0, len(mask), step):
        first = max(top - reach - 1, 0)
        strip = mask[first : top + step + reach + 1]
        given = np.ascontiguousarray(strip) if inward else 255 - strip
        distance = cv2.distanceTransform(given, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        yield slice(top, top + step), distance[top - first : top - first + step]  # type: ignore[misc]


def bounding_box(mask: Mask) -> tuple[int, int, int, int] | None:
    """(x, y, width, height) of what goes, None for an empty mask."""
    x, y, width, height = cv2.boundingRect(mask)
    return (x, y, width, height) if width else None


def check(mask: Mask, shape: tuple[int, int]) -> None:
    """Raises MaskRejected if `mask` can't be used on a picture of `shape` (height, width).

    Codes: mask_wrong_size, mask_empty, mask_covers_everything.
    """
    if mask.shape != tuple(shape):
        raise _wrong_size(mask.shape, shape)
    if not mask.any():
        raise MaskRejected(
            "Nothing is marked. Mark what should vanish and try again.", code="mask_empty"
        )
    if mask.all():
        raise MaskRejected(
            "The whole picture is marked, so there is nothing to fill it from. "
            "Leave some of it unmarked and try again.",
            code="mask_covers_everything",
        )


def _wrong_size(found: Sequence[int], expected: Sequence[int]) -> MaskRejected:
    rejected = MaskRejected(
        f"The mask is {found[1]} x {found[0]} pixels, the picture {expected[1]} x {expected[0]}. "
        "Make the mask exactly as large as the picture.",
        code="mask_wrong_size",
    )
    return rejected.measured(
        expected={"width": expected[1], "height": expected[0]},
        received={"width": found[1], "height": found[0]},
    )
