"""Masks: which pixels are removed. [H,W] uint8, 255 = remove, 0 = keep."""

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import MaskRejected, PictureRejected
from vision.images import DEFAULT_LIMITS, Picture, decode
from vision.images.depth import to_8_bits

Mask = NDArray[np.uint8]
Polygon = list[tuple[float, float]]
"""Corners (x, y) in pixels; (0, 0) is the top left corner, not the first pixel's centre."""

_THRESHOLD = 128
LEAST_EXTREME = 0.75
"""A soft mask has at least this share of pixels that are fully marked or not at all."""
LEAST_MIDDLE = 0.4
"""And of its other pixels, this share between `MIDDLE`; noise of a compression is near its ends."""
MIDDLE = (17, 238)
MOST_FLAT = 0.5
"""And of those at most this share in flat places: a soft edge is a slope, a label is flat."""
_STRIP_PIXELS = 2**22


def from_boxes(shape: tuple[int, int], boxes: Iterable[tuple[int, int, int, int]]) -> Mask:
    """Build the mask of boxes (x, y, width, height) in pixels, clipped to the picture.

    `shape`: (height, width).
    """
    mask = np.zeros(shape, np.uint8)
    for x, y, width, height in boxes:
        mask[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)] = 255
    return mask


def from_polygons(shape: tuple[int, int], polygons: Sequence[Polygon]) -> Mask:
    """Build the mask of filled polygons: the union of all, overlaps included.

    A pixel is masked if its centre lies inside the polygon, also where the polygon crosses itself
    (nonzero winding rule). A centre on a left or top edge is inside, on a right or bottom edge
    outside, so that a box given as a polygon is exactly that box. `shape`: (height, width).
    """
    mask = np.zeros(shape, np.uint8)
    for polygon in polygons:
        # OpenCV's fillPoly also fills every pixel that the outline touches: a row and column more.
        rows, columns, winding = _find_crossings(np.array(polygon, float).reshape(-1, 2), shape)
        order = np.lexsort((columns, rows))
        inside = np.flatnonzero(np.cumsum(winding[order]))
        spans = np.stack([rows[order[inside]], columns[order[inside]], columns[order[inside + 1]]])
        for row, start, end in spans.T.tolist():
            mask[row, start:end] = 255
    return mask


def _find_crossings(
    corners: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return where the outline crosses the horizontal lines through the pixels' centres.

    Three arrays: the row, the first column whose centre is not left of the crossing, and the
    winding, 1 where the outline goes down and -1 where it goes up; each row's sum is 0.
    """
    height, width = shape
    crossings = [np.zeros((3, 0), np.int64)]
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        # Start at the upper end, so that two polygons with a common edge get the same crossings.
        (x, y), (lower_x, lower_y) = sorted((start, end), key=lambda corner: float(corner[1]))
        first, last = np.clip(np.ceil(np.array([y, lower_y]) - 0.5), 0, height).astype(np.int64)
        rows = np.arange(first, last)
        places = x + (rows + 0.5 - y) * ((lower_x - x) / (lower_y - y)) if rows.size else rows
        columns = np.clip(np.ceil(places - 0.5), 0, width).astype(np.int64)
        winding = np.full_like(rows, np.sign(end[1] - start[1]))
        crossings.append(np.stack([rows, columns, winding]))
    rows, columns, winding = np.concatenate(crossings, axis=1)
    return rows, columns, winding


def combine(*masks: Mask) -> Mask:
    """Return the union of one or more masks of the same size."""
    union = masks[0].copy()
    for mask in masks[1:]:
        np.maximum(union, mask, out=union)
    return union


def from_png(data: bytes, *, width: int, height: int) -> Mask:
    """Read a mask from a picture file that `to_png` wrote; for others see `vision.mask_reading`.

    A pixel is masked if it is light and opaque: its luminance (Rec. 601) is at least half, and so
    is its alpha where there is one. In a soft mask (see `is_soft`) every pixel is that is not black
    or transparent: the object shows in it.

    Args:
        data: the file, in any format that `decode` opens.
        width, height: size of the photo in pixels.

    Raises MaskRejected: mask_unreadable, mask_wrong_size.
    """
    try:
        picture = decode(data, limits=DEFAULT_LIMITS.admit_size(width, height))
    except PictureRejected as reason:
        raise MaskRejected(f"The mask: {reason.message}", code="mask_unreadable") from reason
    if (picture.width, picture.height) != (width, height):
        raise build_size_error((picture.height, picture.width), (height, width))
    return _mark_light_pixels(picture)


def _mark_light_pixels(picture: Picture) -> Mask:
    pixels = to_8_bits(picture.pixels)
    if picture.mode in ("RGB", "RGBA"):
        luminance = cv2.cvtColor(np.ascontiguousarray(pixels[:, :, :3]), cv2.COLOR_RGB2GRAY)
    else:
        luminance = pixels[:, :, 0]
    alpha = pixels[:, :, -1] if picture.mode in ("LA", "RGBA") else np.uint8(255)
    is_marked = (luminance >= _THRESHOLD) & (alpha >= _THRESHOLD)
    levels = np.minimum(luminance, alpha)
    if picture.lossless and is_soft(levels):
        is_marked = levels > 0
    return np.where(is_marked, np.uint8(255), np.uint8(0))


def is_soft(levels: NDArray[np.uint8]) -> bool:
    """Return whether grey levels [H,W] are those of a mask with soft edges, 0 = keep, 255 = remove.

    That is a mask of black and white with slopes between them, as of a segmenter's alpha or a
    drawing with anti-aliasing; not a map of probabilities or labels, nor a mask that was stored
    with loss.
    """
    between = (levels > 0) & (levels < 255)
    count = int(np.count_nonzero(between))
    if not 0 < count <= (1 - LEAST_EXTREME) * levels.size or not (levels == 255).any():
        return False
    middle = np.count_nonzero((levels >= MIDDLE[0]) & (levels <= MIDDLE[1]))
    window = np.ones((3, 3), np.uint8)
    flat = between & (cv2.erode(levels, window) == cv2.dilate(levels, window))
    return bool(middle >= LEAST_MIDDLE * count and np.count_nonzero(flat) <= MOST_FLAT * count)


def to_png(mask: Mask) -> bytes:
    """Return the mask as a grey 8-bit PNG."""
    return cv2.imencode(".png", mask)[1].tobytes()


def grow(mask: Mask, pixels: int) -> Mask:
    """Return the mask grown by `pixels` (>= 0) in every direction (Euclidean distance)."""
    box = find_bounding_box(mask)
    result = mask.copy()
    if pixels <= 0 or box is None:
        return result
    x, y, width, height = box
    top, left = max(y - pixels, 0), max(x - pixels, 0)
    crop = (slice(top, y + height + pixels), slice(left, x + width + pixels))
    for rows, distance in _measure_distances(mask[crop], pixels, inward=False):
        result[crop][rows][distance <= pixels] = 255
    return result


def feather(mask: Mask, pixels: int) -> NDArray[np.uint8]:
    """Return alpha [H,W] 0..255 that rises from the mask's edge inward over `pixels`; 0 outside.

    Where the mask meets the picture's border its edge stays hard: there is nothing to blend with.
    """
    alpha = mask.copy()
    if pixels <= 0:
        return alpha
    for rows, distance in _measure_distances(mask, pixels, inward=True):
        alpha[rows] = np.minimum(np.rint(distance * (255 / (pixels + 1))), 255)
    return alpha


def _measure_distances(
    mask: Mask, reach: int, *, inward: bool
) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Yield rows and each pixel's distance to the mask, or `inward` to the nearest unmasked pixel.

    Works in strips of rows, because OpenCV needs eight bytes a pixel; exact up to `reach` pixels.
    """
    step = max(_STRIP_PIXELS // mask.shape[1], 2 * reach)
    for top in range(0, len(mask), step):
        first = max(top - reach - 1, 0)
        strip = mask[first : top + step + reach + 1]
        source = np.ascontiguousarray(strip) if inward else 255 - strip
        distance = cv2.distanceTransform(source, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        yield slice(top, top + step), distance[top - first : top - first + step]  # type: ignore[misc]


def find_bounding_box(mask: Mask) -> tuple[int, int, int, int] | None:
    """Return (x, y, width, height) of the masked area in pixels; None for an empty mask."""
    x, y, width, height = cv2.boundingRect(mask)
    return (x, y, width, height) if width else None


def check(mask: Mask, shape: tuple[int, int]) -> None:
    """Raise MaskRejected if `mask` can't be used on a picture of `shape` (height, width).

    Codes: mask_wrong_size, mask_empty, mask_covers_everything.
    """
    if mask.shape != tuple(shape):
        raise build_size_error(mask.shape, shape)
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


def build_size_error(
    actual: Sequence[int],
    expected: Sequence[int],
    remedy: str = "Make the mask exactly as large as the picture.",
) -> MaskRejected:
    """Build the error for a mask whose size, (height, width), does not fit the picture's."""
    error = MaskRejected(
        f"The mask is {actual[1]} x {actual[0]} pixels, the picture {expected[1]} x {expected[0]}. "
        f"{remedy}",
        code="mask_wrong_size",
    )
    return error.attach_values(
        expected={"width": expected[1], "height": expected[0]},
        received={"width": actual[1], "height": actual[0]},
    )
