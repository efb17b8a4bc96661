"""Copying of a photo's pixels along offsets, with the colours of a smaller fill."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.inpainters.detail.offsets import Offsets
from vision.inpainters.scaling import resize_picture
from vision.progress import Checkpoint

SMOOTH = 1.0
"""Cells; over longer distances colours follow the fill, over shorter ones the copied pixels."""
RIM = 2.0
"""Pixels over which a step at the hole's edge fades into the hole."""
BAND = 3
"""Pixels outside the edge whose copies are compared with the photo; at most a cell."""
_HALO = 12
_STRIP_PIXELS = 2**18

_Floats = NDArray[np.float32]
_Window = tuple[slice, slice]


def copy_along_offsets(
    photo: NDArray[np.uint8],
    hole: NDArray[np.bool_],
    fill: NDArray[np.uint8],
    offsets: Offsets,
    checkpoint: Checkpoint,
) -> NDArray[np.uint8]:
    """Return `photo` with its hole copied along `offsets`; arguments as for `enlarge_fill`."""
    result = photo.copy()
    for window, share in _split_windows(hole):
        result[window][hole[window]] = _copy_pixels(photo, hole[window], window, offsets)
        checkpoint(0.5 * share)
    missing = _compute_missing(result, fill, offsets.here.hole)
    for window, share in _split_windows(hole):
        inside = hole[window]
        lack = _enlarge_window(missing, hole.shape, window) + _measure_step(
            photo, hole, window, offsets, missing
        )
        corrected = result[window][inside] + lack[inside]
        result[window][inside] = np.clip(np.rint(corrected), 0, 255).astype(np.uint8)
        checkpoint(0.5 + 0.5 * share)
    return result


def _measure_step(
    photo: NDArray[np.uint8],
    hole: NDArray[np.bool_],
    window: _Window,
    offsets: Offsets,
    missing: _Floats,
) -> _Floats:
    """Return the step at the hole's edge between photo and copy, in a window, fading inward."""
    wide, own = _widen_window(window, hole.shape)
    inside = hole[wide].astype(np.uint8)
    reach = min(BAND, *(int(pixels) for pixels in _measure_cell(hole.shape, offsets)))
    band = cv2.dilate(inside, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > inside
    step = np.zeros((*band.shape, 3), np.float32)
    copies = (
        _copy_pixels(photo, band, wide, offsets) + _enlarge_window(missing, hole.shape, wide)[band]
    )
    step[band] = photo[wide][band] - copies
    spread = cv2.GaussianBlur(step, (0, 0), RIM)
    share = cv2.GaussianBlur(band.astype(np.float32), (0, 0), RIM)
    # Beside a straight edge the band fills less than half of the blur's reach.
    fading = spread / np.maximum(share, 0.4)[:, :, np.newaxis]
    return np.asarray(fading[own], np.float32)


def _widen_window(window: _Window, shape: tuple[int, ...]) -> tuple[_Window, _Window]:
    """Return a window with `_HALO` pixels around it, and the given one inside that."""
    (top, bottom), (left, right) = ((side.start, side.stop) for side in window)
    up, before = max(top - _HALO, 0), max(left - _HALO, 0)
    wide = (
        slice(up, min(bottom + _HALO, shape[0])),
        slice(before, min(right + _HALO, shape[1])),
    )
    own = slice(top - up, bottom - up), slice(left - before, right - before)
    return wide, own


def _split_windows(hole: NDArray[np.bool_]) -> list[tuple[_Window, float]]:
    """Return the rows and columns of strips that cover the hole, each with the share done after it.

    A strip has at most `_STRIP_PIXELS` pixels, or one row.
    """
    left, first, width, rows = cv2.boundingRect(hole.astype(np.uint8))
    height, end = max(_STRIP_PIXELS // width, 1), first + rows
    columns = slice(left, left + width)
    return [
        (
            (slice(top, min(top + height, end)), columns),
            (min(top + height, end) - first) / rows,
        )
        for top in range(first, end, height)
    ]


def _copy_pixels(
    photo: NDArray[np.uint8], where: NDArray[np.bool_], window: _Window, offsets: Offsets
) -> NDArray[np.uint8]:
    """Return copies [N,3] for the pixels `where` of a window.

    They must be in the hole, or up to a cell beside it. From cell to cell the sources blend.
    """
    index, scale = _widen(offsets.here.index), _measure_cell(photo.shape, offsets)
    down, across = np.nonzero(where)
    down += window[0].start
    across += window[1].start
    y, x = (down + 0.5) / scale[0] - 0.5, (across + 0.5) / scale[1] - 0.5
    top, left = np.floor(y).astype(np.int64), np.floor(x).astype(np.int64)
    part_y, part_x = (y - top).astype(np.float32), (x - left).astype(np.float32)
    own = index[(down / scale[0]).astype(np.int64), (across / scale[1]).astype(np.int64)]
    total = np.zeros((len(down), 3), np.float32)
    for below, beside in ((0, 0), (0, 1), (1, 0), (1, 1)):
        cell = index[
            np.clip(top + below, 0, index.shape[0] - 1),
            np.clip(left + beside, 0, index.shape[1] - 1),
        ]
        cell = np.where(cell < 0, own, cell)
        source_y = down + np.rint(offsets.down[cell] * scale[0]).astype(np.int64)
        source_x = across + np.rint(offsets.right[cell] * scale[1]).astype(np.int64)
        weight = (part_y if below else 1 - part_y) * (part_x if beside else 1 - part_x)
        total += weight[:, np.newaxis] * photo[source_y, source_x]
    return np.rint(total).astype(np.uint8)


def _measure_cell(shape: tuple[int, ...], offsets: Offsets) -> tuple[float, float]:
    """Return a cell's height and width in pixels of a photo of `shape`."""
    height, width = offsets.here.index.shape
    return shape[0] / height, shape[1] / width


def _widen(index: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the index with each cell beside the hole counted as a hole cell that it touches."""
    near = cv2.dilate(index.astype(np.float64), np.ones((3, 3), np.uint8)).astype(np.int32)
    return np.where(index < 0, near, index)


def _compute_missing(
    copies: NDArray[np.uint8], fill: NDArray[np.uint8], hole: NDArray[np.bool_]
) -> _Floats:
    """Return [h,w,3]: the smoothed difference of the fill's colours and the copied pixels'."""
    small = resize_picture(copies, *hole.shape)
    weight = hole.astype(np.float32)
    lack = (fill.astype(np.float32) - small) * weight[:, :, np.newaxis]
    spread = cv2.GaussianBlur(lack, (0, 0), SMOOTH)
    total = cv2.GaussianBlur(weight, (0, 0), SMOOTH)
    return np.asarray(spread / np.maximum(total, 1e-3)[:, :, np.newaxis], np.float32)


def _enlarge_window(field: _Floats, shape: tuple[int, ...], window: _Window) -> _Floats:
    """Return a window of a field of cells as pixels of `shape`, bilinearly enlarged."""
    rows, columns = window
    down = (np.arange(rows.start, rows.stop) + 0.5) * field.shape[0] / shape[0] - 0.5
    across = (np.arange(columns.start, columns.stop) + 0.5) * field.shape[1] / shape[1] - 0.5
    x, y = np.meshgrid(across.astype(np.float32), down.astype(np.float32))
    wide = cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(wide, np.float32)
